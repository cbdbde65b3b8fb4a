//! What a change of policy does to each person, before it is made.

//!
//! It asks what a person could prove by what the account has, and judges that as sign-in would: the same
//! [`judge`](super::judge), the same [`after_password`]. What nobody can know beforehand (whether the phone is charged, what
//! the person still remembers) is taken to be well.

mod ways;

use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Models;
use crate::names::named_enum;
use crate::passkey::Passkey;
use crate::policy::Policy;
use crate::policy::judge::PasskeyRefusal;
use crate::temporary_pass::Pass;
use crate::user::User;

pub use ways::{Access, Ways, Worth};

named_enum! {
    /// What becomes of a person.
    pub enum Verdict {
        /// Signs in as today.
        Keeps = "keeps",
        /// Must add a passkey at the next sign-in, and has a way to do it.
        MustRegister = "must-register",
        /// Has a way in today, and would have neither one nor a way to add one.
        LockedOut = "locked-out",
        /// Has no way in today either; a pass helps.
        NeverSignedIn = "never-signed-in",
    }
}

named_enum! {
    /// Why.
    pub enum Reason {
        /// A way in remains.
        WayIn = "way-in",
        /// A pass is out and usable.
        HasPass = "has-pass",
        /// A password lets a passkey be added.
        HasPassword = "has-password",
        /// A passkey remains that is too weak for what is asked for.
        TooWeak = "too-weak",
        /// Nothing was ever registered.
        NothingRegistered = "nothing-registered",
        /// What there is lets nobody in today either.
        NoWayToday = "no-way-today",
        /// Passkeys are turned off for them.
        PasskeysOff = "passkeys-off",
        /// Passkeys of that kind are not allowed any more.
        Kind = "kind",
        /// The passkey's model is not known for certain.
        Attestation = "attestation",
        /// The passkey's model is not allowed any more.
        Model = "model",
        /// The passkey's algorithm is not allowed any more.
        Algorithm = "algorithm",
        /// The passkey's model was reported broken.
        Broken = "broken",
        /// Passwords, or their second step, are turned off for them.
        PasswordsOff = "passwords-off",
        /// Passes are turned off for them.
        PassesOff = "passes-off",
    }
}

/// What an account has to sign in with.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The account.
    pub user: &'a User,
    /// All its passkeys.
    pub passkeys: &'a [Passkey],
    /// Its newest pass.
    pub pass: Option<&'a Pass>,
    /// Whether it has a password, and whether that must be changed.
    pub password: Option<MustChange>,
    /// Whether it has an authenticator app, and whether that is usable.
    pub codes: Option<Usable>,
    /// Whether it has recovery codes, and whether one is left.
    pub recovery_codes: Option<Usable>,
}

/// Whether a password must be changed.
pub type MustChange = bool;

/// Whether something can still be used.
pub type Usable = bool;

impl Person<'_> {
    /// Whether it has nothing but perhaps a pass: nobody has signed in to it to any effect.
    fn has_nothing(&self) -> bool {
        self.passkeys.is_empty()
            && self.password.is_none()
            && self.codes.is_none()
            && self.recovery_codes.is_none()
    }
}

/// By what people are judged.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// Known models.
    pub models: &'a Models,
    /// The time.
    pub now: Timestamp,
}

/// What becomes of somebody, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// What becomes of `person` when `new` takes the place of `old`.
pub fn judge(old: Law<'_>, new: Law<'_>, person: &Person<'_>) -> Judgement {
    judge_ways(Ways::of(old, person).access, &Ways::of(new, person), person)
}

/// The same, where it is known how far they got under the old policy and which ways they have under the new one.
pub fn judge_ways(before: Access, after: &Ways, person: &Person<'_>) -> Judgement {
    let (verdict, reason) = match after.access {
        Access::Full => (Verdict::Keeps, Reason::WayIn),
        Access::Register if person.has_nothing() => (Verdict::NeverSignedIn, Reason::HasPass),
        Access::Register => (Verdict::MustRegister, lost(after).unwrap_or(remaining(after))),
        Access::Start | Access::None => {
            let lost_all = before >= Access::Register || before > after.access;
            match (lost_all, person.has_nothing()) {
                (true, true) => (Verdict::LockedOut, Reason::PassesOff),
                (true, false) => (Verdict::LockedOut, lost(after).unwrap_or(Reason::PassesOff)),
                (false, true) => (Verdict::NeverSignedIn, Reason::NothingRegistered),
                (false, false) => (Verdict::NeverSignedIn, Reason::NoWayToday),
            }
        }
    };
    Judgement { verdict, reason }
}

/// Which method does not do any more what it did.
fn lost(ways: &Ways) -> Option<Reason> {
    let passkey = ways.refused.map(|refusal| match refusal {
        PasskeyRefusal::Off => Reason::PasskeysOff,
        PasskeyRefusal::Kind { .. } => Reason::Kind,
        PasskeyRefusal::AttestationMissing => Reason::Attestation,
        PasskeyRefusal::Algorithm => Reason::Algorithm,
        PasskeyRefusal::Broken(_) => Reason::Broken,
        PasskeyRefusal::ModelBlocked
        | PasskeyRefusal::ModelUnknown
        | PasskeyRefusal::ModelNotAllowed
        | PasskeyRefusal::NotCertified
        | PasskeyRefusal::NotBiometric
        | PasskeyRefusal::NotHardware => Reason::Model,
    });
    let weak = ways.proves.is_some().then_some(Reason::TooWeak);
    passkey.or(weak).or(ways.password_off.then_some(Reason::PasswordsOff))
}

/// What lets a passkey be added.
fn remaining(ways: &Ways) -> Reason {
    if ways.pass { Reason::HasPass } else { Reason::HasPassword }
}

/// How many people there are of each verdict. Accounts that are disabled or deleted are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// [`Verdict::Keeps`].
    pub keeps: u64,
    /// [`Verdict::MustRegister`].
    pub must_register: u64,
    /// [`Verdict::LockedOut`].
    pub locked_out: u64,
    /// [`Verdict::NeverSignedIn`].
    pub never: u64,
    /// Break-glass accounts that keep a way in; they are counted above as well.
    pub break_glass: u64,
}

impl Summary {
    /// Counts one more.
    pub fn count(&mut self, verdict: Verdict) {
        let counter = match verdict {
            Verdict::Keeps => &mut self.keeps,
            Verdict::MustRegister => &mut self.must_register,
            Verdict::LockedOut => &mut self.locked_out,
            Verdict::NeverSignedIn => &mut self.never,
        };
        *counter = counter.saturating_add(1);
    }
}

#[cfg(test)]
mod tests;
