//! What an organisation allows its people: who may use which ways to sign in, under which conditions, and how strong
//! a sign-in each place asks for.
//!
//! A [`Policy`] speaks of everybody; [`Policy::of`] is what it means for one person. It is kept as a document
//! ([`document`]), and a change of it can be judged before it is made ([`impact`]).

pub mod audience;
pub mod document;
pub mod impact;
pub mod judge;
pub mod passkeys;
pub mod requirement;
mod terms;

pub use audience::Audience;
pub use passkeys::{AttestationDemand, Compromised, Kinds, ModelRule, PasskeyPolicy, Profile};
pub use requirement::{Area, Combination, CustomStrength, Needed, Requirements};
pub use terms::{CodePolicy, InterruptPolicy, PasswordPolicy, PasswordlessPolicy, PhonePolicy};

use crate::temporary_pass::PassPolicy;
use crate::user::User;

/// Terms, and for whom they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct For<T> {
    /// For whom.
    pub audience: Audience,
    /// The terms.
    pub terms: T,
}

/// Terms for everybody, or for nobody where they are turned off.
macro_rules! for_all {
    ($($terms:ty),+) => {
        $(impl From<$terms> for For<$terms> {
            fn from(terms: $terms) -> Self {
                Self { audience: Audience::all(terms.enabled), terms }
            }
        })+
    };
}
for_all!(PasskeyPolicy, PassPolicy, PasswordPolicy, InterruptPolicy);

/// What holds in the whole organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Passkeys. The terms of a person are those profiles whose audience has them.
    pub passkeys: For<PasskeyPolicy>,
    /// Passes.
    pub passes: For<PassPolicy>,
    /// Whether a pass for somebody with a role needs the approval of a second person.
    pub second_approver: bool,
    /// Passwords.
    pub passwords: For<PasswordPolicy>,
    /// Authenticator codes (RFC 6238) as a second step.
    pub codes: Audience,
    /// Recovery codes.
    pub recovery_codes: Audience,
    /// Passkeys on phones.
    pub phones: PhonePolicy,
    /// The request to add a passkey after a sign-in without one: the registration campaign.
    pub interrupt: For<InterruptPolicy>,
    /// Getting rid of passwords.
    pub passwordless: PasswordlessPolicy,
    /// Strengths beside the built-in ones.
    pub strengths: Vec<CustomStrength>,
    /// Where which strength is asked for.
    pub require: Requirements,
}

impl Default for Policy {
    /// Passkeys of any kind and passes for everybody, codes beside passwords, and no passwords.
    fn default() -> Self {
        Self {
            passkeys: PasskeyPolicy::default().into(),
            passes: PassPolicy::default().into(),
            second_approver: false,
            passwords: PasswordPolicy::default().into(),
            codes: Audience::everybody(),
            recovery_codes: Audience::everybody(),
            phones: PhonePolicy::default(),
            interrupt: InterruptPolicy::default().into(),
            passwordless: PasswordlessPolicy::default(),
            strengths: Vec::new(),
            require: Requirements::default(),
        }
    }
}

/// What holds for one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Passkeys.
    pub passkeys: PasskeyPolicy,
    /// Passes.
    pub passes: PassPolicy,
    /// Passwords.
    pub passwords: PasswordPolicy,
    /// Authenticator codes as a second step.
    pub codes: CodePolicy,
    /// Recovery codes.
    pub recovery_codes: CodePolicy,
    /// Passkeys on phones.
    pub phones: PhonePolicy,
    /// The request to add a passkey.
    pub interrupt: InterruptPolicy,
    /// Getting rid of the password.
    pub passwordless: PasswordlessPolicy,
}

impl Policy {
    /// What holds for that person. Who is not in an audience gets its terms turned off.
    pub fn of(&self, user: &User) -> Effective {
        let effective = self.where_audience(|audience| audience.has(&user.groups));
        // What is kept for the day on which policy itself is wrong must not hang on policy.
        let passkeys = match user.break_glass {
            true => PasskeyPolicy { compromised: Compromised::Mark, ..PasskeyPolicy::default() },
            false => effective.passkeys,
        };
        Effective { passkeys, ..effective }
    }

    /// What holds for somebody, for pages and answers that must not depend on whose name was typed: what anybody has.
    pub fn of_anybody(&self) -> Effective {
        self.where_audience(|audience| !audience.is_nobody())
    }

    fn where_audience(&self, has: impl Fn(&Audience) -> bool) -> Effective {
        let profiles = self.passkeys.terms.profiles.iter().filter(|profile| has(&profile.audience));
        Effective {
            passkeys: PasskeyPolicy {
                enabled: has(&self.passkeys.audience),
                profiles: profiles.cloned().collect(),
                compromised: self.passkeys.terms.compromised,
                at_least: self.passkeys.terms.at_least,
            },
            passes: PassPolicy { enabled: has(&self.passes.audience), ..self.passes.terms.clone() },
            passwords: PasswordPolicy {
                enabled: has(&self.passwords.audience),
                ..self.passwords.terms.clone()
            },
            codes: CodePolicy { enabled: has(&self.codes) },
            recovery_codes: CodePolicy { enabled: has(&self.recovery_codes) },
            phones: self.phones.clone(),
            interrupt: InterruptPolicy {
                enabled: has(&self.interrupt.audience),
                ..self.interrupt.terms.clone()
            },
            passwordless: self.passwordless.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
