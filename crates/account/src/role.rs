//! What an account may do to others.

use crate::names::named_enum;

named_enum! {
    /// A role. What it may do is said by [`Role::may`]; the order is that of lists, from the least to the most.
    pub enum Role {
        /// Nothing to others.
        User = "user",
        /// Reads.
        Reader = "reader",
        /// Answers requests and issues passes.
        Helpdesk = "helpdesk",
        /// Also removes and resets methods of people without a role.
        AuthenticationAdministrator = "authentication-administrator",
        /// Decides who may use what.
        PolicyAdministrator = "policy-administrator",
        /// The same as an authentication administrator, also for those whose role its own includes.
        PrivilegedAuthenticationAdministrator = "privileged-authentication-administrator",
        /// Everything.
        Administrator = "administrator",
    }
}

named_enum! {
    /// One thing that somebody may do to others.
    pub enum Permission {
        /// Seeing people and their methods.
        ReadUsers = "read-users",
        /// Seeing the sign-ins and events of others.
        ReadLog = "read-log",
        /// Seeing policy, its history and what it does to people.
        ReadPolicy = "read-policy",
        /// Answering requests, and issuing and revoking passes.
        IssuePasses = "issue-passes",
        /// Removing methods, asking for new ones, ending sessions.
        ManageMethods = "manage-methods",
        /// Doing what one may do to people also to those who have a role, if one's own includes theirs.
        ReachPrivileged = "reach-privileged",
        /// Adding, changing, importing, disabling and deleting accounts.
        EditUsers = "edit-users",
        /// Adding and changing groups, and who is in them.
        EditGroups = "edit-groups",
        /// Changing policy, strengths and trusted roots.
        EditPolicy = "edit-policy",
        /// Giving and taking roles.
        EditRoles = "edit-roles",
        /// Making and revoking API keys, tokens of provisioning systems, and receivers of events.
        EditKeys = "edit-keys",
        /// Seeing applications.
        ReadApplications = "read-applications",
        /// Adding, changing and removing applications and the keys that sign for them.
        EditApplications = "edit-applications",
    }
}

impl Role {
    /// Whether this role may do that.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{
            EditPolicy, IssuePasses, ManageMethods, ReachPrivileged, ReadApplications, ReadLog, ReadPolicy,
            ReadUsers,
        };
        match self {
            Role::User => false,
            Role::Reader => matches!(permission, ReadUsers | ReadLog | ReadPolicy | ReadApplications),
            Role::Helpdesk => matches!(permission, ReadUsers | ReadLog | IssuePasses),
            Role::AuthenticationAdministrator => {
                matches!(
                    permission,
                    ReadUsers | ReadLog | ReadPolicy | ReadApplications | IssuePasses | ManageMethods
                )
            }
            Role::PolicyAdministrator => {
                matches!(permission, ReadUsers | ReadLog | ReadPolicy | ReadApplications | EditPolicy)
            }
            Role::PrivilegedAuthenticationAdministrator => matches!(
                permission,
                ReadUsers
                    | ReadLog
                    | ReadPolicy
                    | ReadApplications
                    | IssuePasses
                    | ManageMethods
                    | ReachPrivileged
            ),
            Role::Administrator => true,
        }
    }

    /// Whether this role may do all that the other may.
    pub fn includes(self, other: Role) -> bool {
        Permission::ALL.iter().all(|permission| self.may(*permission) || !other.may(*permission))
    }

    /// Whether it may do anything to others.
    pub fn is_privileged(self) -> bool {
        self != Role::User
    }

    /// Whether this role may do that to someone of role `target`: its permissions must include the target's
    /// (DESIGN 5a.12), or a pass would be a way up. A helpdesk helps other helpdesks.
    pub fn may_to(self, permission: Permission, target: Role) -> bool {
        let reaches = !target.is_privileged() || target == self || self.may(Permission::ReachPrivileged);
        self.may(permission) && self.includes(target) && reaches
    }

    /// Whether an issuer of this role may issue a pass for someone of role `target`.
    pub fn may_issue_pass_for(self, target: Role) -> bool {
        self.may_to(Permission::IssuePasses, target)
    }

    /// Whether this role may add, disable and enable accounts and change roles.
    pub fn may_administer_users(self) -> bool {
        self.may(Permission::EditUsers)
    }
}

#[cfg(test)]
mod tests;
