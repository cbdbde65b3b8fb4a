//! Why somebody could not use a pass, told to whoever would issue one and not only to the person.

use crate::policy::Policy;
use crate::user::User;

/// Why a pass would be of no use to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassBlocked {
    /// The organisation has no passes.
    Off,
    /// It has, and this person is not among those who may use one.
    OutOfAudience,
    /// The person may have no passkey, which is what a pass is for.
    NoPasskeys,
    /// The account is disabled.
    Disabled,
    /// The account is deleted.
    Deleted,
}

impl PassBlocked {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            PassBlocked::Off => "passes_off",
            PassBlocked::OutOfAudience => "pass_out_of_audience",
            PassBlocked::NoPasskeys => "pass_without_passkeys",
            PassBlocked::Disabled => "disabled_user",
            PassBlocked::Deleted => "deleted_user",
        }
    }

    /// Whether a change of the policy would help.
    pub fn is_policy(self) -> bool {
        matches!(self, PassBlocked::Off | PassBlocked::OutOfAudience | PassBlocked::NoPasskeys)
    }
}

/// Why `user` could not use a pass now, if so. What stands in the account is told before what the policy says.
pub fn blocked(policy: &Policy, user: &User) -> Option<PassBlocked> {
    let holds = policy.of(user);
    if user.deleted.is_some() {
        Some(PassBlocked::Deleted)
    } else if !user.is_enabled() {
        Some(PassBlocked::Disabled)
    } else if policy.passes.audience.is_nobody() {
        Some(PassBlocked::Off)
    } else if !holds.passes.enabled {
        Some(PassBlocked::OutOfAudience)
    } else if !holds.passkeys.enabled {
        Some(PassBlocked::NoPasskeys)
    } else {
        None
    }
}
