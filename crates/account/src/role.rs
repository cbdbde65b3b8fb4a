//! What an account may do to others.

use crate::names::named_enum;

named_enum! {
    /// A role; each later one may do all that the earlier may.
    pub enum Role {
        /// Nothing to others.
        User = "user",
        /// Issues passes for users and for other helpdesk members.
        Helpdesk = "helpdesk",
        /// Everything.
        Administrator = "administrator",
    }
}

impl Role {
    /// Whether an issuer of this role may issue a pass for someone of role `target`: the issuer's
    /// permissions must include the target's (DESIGN 5a.12), or a pass would be a way up.
    pub fn may_issue_pass_for(self, target: Role) -> bool {
        self >= Role::Helpdesk && self >= target
    }

    /// Whether this role may add, disable and enable accounts and change roles.
    pub fn may_administer_users(self) -> bool {
        self >= Role::Administrator
    }
}

#[cfg(test)]
mod tests;
