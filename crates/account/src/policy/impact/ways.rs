//! The ways in that an account has under a policy.

use super::{Law, Person};
use crate::evidence::Evidence;
use crate::passkey::PasskeyId;
use crate::policy::judge::{self, PasskeyRefusal};
use crate::policy::{Area, Effective};
use crate::role::Permission;
use crate::sign_in_step::{self, Methods, Next, SecondMethod};
use crate::temporary_pass::Usability;

/// How far somebody gets, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nowhere, and no pass helps.
    None,
    /// Nowhere; a pass, which somebody would have to issue, helps.
    Start,
    /// To where a passkey is added.
    Register,
    /// To everything that is theirs.
    Full,
}

/// What a method alone is worth, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Worth {
    /// It opens nothing.
    Refused,
    /// It opens something, and for the rest something stronger is asked for.
    TooWeak,
    /// It opens everything that is theirs.
    Enough,
}

/// What somebody can do, and what stands in the way of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ways {
    /// How far they get.
    pub access: Access,
    /// What they can prove with all that opens a full session, if anything does.
    pub proves: Option<Evidence>,
    /// What each enabled passkey is worth.
    pub passkeys: Vec<(PasskeyId, Worth)>,
    /// What a password with its second step is worth, where there is a password.
    pub password: Option<Worth>,
    /// Why a passkey of theirs is refused, if one is.
    pub refused: Option<PasskeyRefusal>,
    /// Whether they have a password that opens nothing because passwords or codes are turned off.
    pub password_off: bool,
    /// Whether a pass of theirs is usable.
    pub pass: bool,
}

impl Ways {
    /// Those of `person` under that law.
    pub fn of(law: Law<'_>, person: &Person<'_>) -> Self {
        let effective = law.policy.of(person.user);
        let Passkeys { worth, usable, refused } = Passkeys::of(law, &effective, person);
        let password = Password::of(law, &effective, person, !usable.is_empty());
        let with_password = password.full.as_ref().map(|full| worth_of(law, person, full));
        let full = usable.into_iter().chain(password.full.clone()).reduce(Evidence::and);
        let usability = person.pass.map(|pass| pass.usability(law.now, &effective.passes));
        let pass = usability == Some(Usability::Usable);
        let access = if full.as_ref().is_some_and(|full| enough(law, person, full)) {
            Access::Full
        } else if may_register(law, &effective, person, (full.as_ref(), pass, &password)) {
            Access::Register
        } else if effective.passes.enabled && passkeys_are_on(&effective) {
            Access::Start
        } else {
            Access::None
        };
        Self {
            access,
            proves: full,
            passkeys: worth,
            password: person.password.map(|_| with_password.unwrap_or(Worth::Refused)),
            refused,
            password_off: password.off,
            pass,
        }
    }

    /// Whether nothing that they have is worth less than everything.
    pub fn are_whole(&self) -> bool {
        let passkeys = self.passkeys.iter().all(|(_, worth)| *worth == Worth::Enough);
        self.access == Access::Full && passkeys && self.password.is_none_or(|worth| worth == Worth::Enough)
    }
}

/// What an account's passkeys are worth.
struct Passkeys {
    /// Each that is enabled.
    worth: Vec<(PasskeyId, Worth)>,
    /// What those prove that policy lets be used.
    usable: Vec<Evidence>,
    /// Why it does not let the others, if there are any.
    refused: Option<PasskeyRefusal>,
}

impl Passkeys {
    fn of(law: Law<'_>, effective: &Effective, person: &Person<'_>) -> Self {
        let mut all = Self { worth: Vec::new(), usable: Vec::new(), refused: None };
        for passkey in person.passkeys.iter().filter(|passkey| passkey.is_enabled()) {
            match judge::may_use(&effective.passkeys, passkey, law.models) {
                Ok(()) => {
                    let proves = Evidence::from_assertion(passkey, true, law.now);
                    all.worth.push((passkey.id, worth_of(law, person, &proves)));
                    all.usable.push(proves);
                }
                Err(refusal) => {
                    all.worth.push((passkey.id, Worth::Refused));
                    all.refused = Some(refusal);
                }
            }
        }
        all
    }
}

fn worth_of(law: Law<'_>, person: &Person<'_>, evidence: &Evidence) -> Worth {
    if enough(law, person, evidence) { Worth::Enough } else { Worth::TooWeak }
}

/// What a password is worth.
struct Password {
    /// What it proves together with a second step.
    full: Option<Evidence>,
    /// Whether alone it lets a passkey be added.
    alone: bool,
    /// Whether policy keeps it from opening anything.
    off: bool,
}

impl Password {
    fn of(law: Law<'_>, effective: &Effective, person: &Person<'_>, passkey: bool) -> Self {
        let none = Self { full: None, alone: false, off: false };
        let Some(must_change) = person.password else { return none };
        let methods = Methods {
            passkey,
            had_second: person.codes.is_some() || person.recovery_codes.is_some(),
            ..Methods::of(effective, &[], person.codes == Some(true), person.recovery_codes == Some(true))
        };
        match sign_in_step::after_password(effective, methods, must_change) {
            Next::SecondStep => {
                let second = methods.second().into_iter().map(|method| match method {
                    SecondMethod::AuthenticatorCode => Evidence::from_authenticator_code(law.now),
                    SecondMethod::RecoveryCode => Evidence::from_recovery_code(law.now),
                });
                let full = second.fold(Evidence::from_password(law.now), Evidence::and);
                Self { full: Some(full), ..none }
            }
            Next::Restricted => Self { alone: true, ..none },
            // After the change it is judged again, and then there is nothing to change.
            Next::MustChange => Self { alone: effective.passwords.alone_registers, ..none },
            Next::Off | Next::NothingSecond => Self { off: true, ..none },
            Next::UsePasskey => none,
        }
    }
}

/// Whether it is what all that a person uses asks for.
fn enough(law: Law<'_>, person: &Person<'_>, evidence: &Evidence) -> bool {
    let reaches = |place| judge::reaches(law.policy, person.user, place, evidence, law.models);
    let console = Permission::ALL.iter().any(|permission| person.user.role.may(*permission));
    reaches(Area::Portal) && reaches(Area::Applications) && (!console || reaches(Area::Console))
}

fn passkeys_are_on(effective: &Effective) -> bool {
    effective.passkeys.enabled && !effective.passkeys.profiles.is_empty()
}

/// Whether a passkey can be added. A pass and a recovery code lead there whatever is asked for, everything else must be
/// enough for security info.
fn may_register(
    law: Law<'_>,
    effective: &Effective,
    person: &Person<'_>,
    (full, pass, password): (Option<&Evidence>, bool, &Password),
) -> bool {
    let recovery = person.recovery_codes == Some(true) && effective.recovery_codes.enabled;
    let satisfied = |evidence: &Evidence| {
        judge::reaches(law.policy, person.user, Area::SecurityInfo, evidence, law.models)
    };
    let alone = || password.alone && satisfied(&Evidence::from_password(law.now));
    passkeys_are_on(effective) && (pass || recovery || full.is_some_and(satisfied) || alone())
}
