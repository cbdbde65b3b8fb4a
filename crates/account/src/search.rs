//! Looking for accounts.

use crate::group::GroupId;
use crate::names::named_enum;
use crate::role::Role;

/// Which accounts are looked for: all of it must hold. Deleted ones are found only where they are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of login, name or e-mail address.
    pub text: Option<String>,
    /// The role.
    pub role: Option<Role>,
    /// A group that it is in.
    pub group: Option<GroupId>,
    /// What else holds.
    pub conditions: Vec<Condition>,
}

/// Longest text that is looked for, in characters; what is longer is cut.
pub const LONGEST_TEXT: usize = 100;

named_enum! {
    /// Something that may hold for an account.
    pub enum Condition {
        /// It has no passkey that it can use.
        NoPasskey = "no-passkey",
        /// It has a single one.
        OnePasskey = "one-passkey",
        /// It has a password.
        PasswordOn = "password-on",
        /// It has a pass that can be used now or later.
        PassActive = "pass-active",
        /// Wrong tries locked its pass, its authenticator codes or, for the moment, its name.
        Locked = "locked",
        /// Nobody ever signed in to it.
        NeverSignedIn = "never-signed-in",
        /// It has a role.
        Privileged = "privileged",
        /// It stays usable whatever policy says.
        BreakGlass = "break-glass",
        /// It is disabled.
        Disabled = "disabled",
        /// It is deleted and not erased yet.
        Deleted = "deleted",
    }
}

impl Filter {
    /// Whether that is asked for.
    pub fn asks(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }
}
