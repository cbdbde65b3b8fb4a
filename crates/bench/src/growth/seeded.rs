//! A population in which everybody follows from their number: rows are made in any order on any thread, and whoever is
//! to sign in has their authenticator again without a million keys having been kept.

use account::audit::Actor;
use account::passkey::{Passkey, Place};
use account::temporary_pass::{Pass, PassState};
use account::user::User;
use authenticator::Settings;
use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use testkit::entropy::SeededEntropy;

use super::manifest::Manifest;
use crate::failure::Failure;
use crate::person::Person;
use crate::population;

/// Passkeys of each person.
pub(crate) const PASSKEYS: u64 = 3;
/// Over what time people were added.
const YEAR: Span = Span::from_days(365);
/// From this size on, people make their second and third passkey later than their first.
const SPREAD_FROM: u64 = 50_000;

/// A population.
pub(crate) struct Population {
    manifest: Manifest,
    rp_id: String,
    /// What the passes that brought them in are stored as; nobody knows their values.
    hash: String,
}

/// What happened in one step of the population's history.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Who was added, with the pass by which they came in.
    pub(crate) users: Vec<(User, Pass)>,
    /// Passkeys that were registered, of these people or of earlier ones.
    pub(crate) passkeys: Vec<Passkey>,
}

impl Population {
    /// The population of that manifest, for the relying party `rp_id`.
    pub(crate) fn new(manifest: Manifest, rp_id: String, hash: String) -> Self {
        Self { manifest, rp_id, hash }
    }

    /// How many people there are.
    pub(crate) fn users(&self) -> u64 {
        self.manifest.users
    }

    /// How many steps its history has.
    pub(crate) fn steps(&self) -> u64 {
        self.users() + (PASSKEYS - 1) * self.lag()
    }

    /// Steps between somebody's first passkey and their second: rows lie in order of time, so the passkeys of one
    /// person lie far apart, as they do where people live.
    fn lag(&self) -> u64 {
        if self.users() < SPREAD_FROM { 0 } else { self.users() / 10 }
    }

    fn time(&self, step: u64) -> Timestamp {
        let before = i64::try_from(self.steps().saturating_sub(step)).unwrap_or(i64::MAX);
        let each = YEAR.micros() / i64::try_from(self.steps().max(1)).unwrap_or(i64::MAX);
        self.manifest.born - Span::from_micros(each.saturating_mul(before))
    }

    /// What happened in that step.
    pub(crate) fn rows(&self, step: u64, rows: &mut Rows) -> Result<(), Failure> {
        if step < self.users() {
            let user = self.user(step)?;
            let pass = self.pass(step, &user);
            rows.users.push((user, pass));
        }
        for which in 0..PASSKEYS {
            if let Some(number) = step.checked_sub(which * self.lag()).filter(|number| *number < self.users())
            {
                rows.passkeys.push(self.person(number, which)?.1);
            }
        }
        Ok(())
    }

    /// What they type to say who they are.
    pub(crate) fn login(number: u64) -> String {
        // People are not added in the order of their names.
        let scattered = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        format!("{scattered:06x}.person-{number}@example.com")
    }

    fn user(&self, number: u64) -> Result<User, Failure> {
        let entropy = &mut entropy(number, 0);
        population::user(&Self::login(number), format!("Person {number}"), self.time(number), entropy)
    }

    fn pass(&self, number: u64, user: &User) -> Pass {
        let created = user.created;
        Pass {
            id: Id::new(created, &mut entropy(number, PASSKEYS + 1)),
            user: user.id,
            hash: self.hash.clone(),
            starts: created,
            ends: created + Span::from_hours(1),
            one_time: true,
            reason: String::new(),
            issuer: Actor::Operator,
            created,
            tries: 0,
            state: PassState::Spent { at: created + Span::from_minutes(1) },
        }
    }

    /// Somebody with the authenticator that has their passkey `which` (0 to 2), and its row.
    pub(crate) fn person(&self, number: u64, which: u64) -> Result<(Person, Passkey), Failure> {
        let user = self.user(number)?;
        let (settings, place, name) = kind(which);
        let mut person = Person::with(settings);
        let entropy = &mut entropy(number, which + 1);
        let made = person.make(&self.rp_id, &user.handle, user.login.shown(), entropy)?;
        let created = self.time(number + which * self.lag());
        let passkey = population::passkey(&person, made, user.id, created, entropy);
        Ok((person, Passkey { place, name: name.to_owned(), ..passkey }))
    }
}

fn kind(which: u64) -> (Settings, Place, &'static str) {
    match which {
        0 => (Settings::platform(), Place::ThisComputer, "Passkey on this computer"),
        1 => (Settings::synced(), Place::Phone, "Passkey in Authenticator"),
        _ => {
            // One made anew for each sign-in would count from the beginning.
            let settings = Settings { signature_counter: false, ..Settings::security_key() };
            (settings, Place::SecurityKey, "Security key")
        }
    }
}

/// The randomness of one part of one person.
fn entropy(number: u64, part: u64) -> SeededEntropy {
    SeededEntropy::new(number * (PASSKEYS + 2) + part)
}
