//! Keys by which programs call the API.

use primitives::id::Id;
use primitives::time::{Span, Timestamp};

use crate::audit::Actor;
use crate::names::named_enum;
use crate::role::Permission;
use crate::session::SessionId;
use crate::user::UserId;

/// Identifies an [`ApiKey`]. It is no secret: its value is.
pub type KeyId = Id<ApiKey>;

/// A key; its value is shown once and kept as a keyed digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its identifier.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// For whom it acts, and the session with which it ends; absent for a program of its own.
    pub person: Option<(UserId, SessionId)>,
    /// Who made it.
    pub author: Actor,
    /// When it was made.
    pub created: Timestamp,
    /// When it ends, exclusive.
    pub ends: Timestamp,
    /// When it was last used, to the hour.
    pub last_used: Option<Timestamp>,
    /// When it was taken back, if so.
    pub revoked: Option<Timestamp>,
    /// The deployment's epoch when it was made; it ends when a restore was accepted since (DESIGN 5a.9).
    pub deployment_epoch: i64,
}

/// Longest life of a key of a program.
pub const LONGEST_LIFE: Span = Span::from_days(730);

/// Longest life of a key that acts for a person.
pub const LONGEST_FOR_PERSON: Span = Span::from_hours(1);

named_enum! {
    /// What a key may do.
    pub enum Scope {
        /// Read people, groups and their methods.
        UsersRead = "users.read",
        /// Add, change, disable and delete people without a role.
        UsersWrite = "users.write",
        /// Add and change groups, and who is in them.
        GroupsWrite = "groups.write",
        /// Remove methods and end sessions of people without a role.
        MethodsRemove = "methods.remove",
        /// Read policy, strengths and their history.
        PolicyRead = "policy.read",
        /// Read sign-ins and audit events.
        LogRead = "log.read",
        /// Provision by SCIM.
        Scim = "scim",
        /// Register a passkey for somebody else; only for a person.
        PasskeysProvision = "passkeys.provision",
        /// Issue and revoke passes; only for a person.
        PassesIssue = "passes.issue",
    }
}

impl Scope {
    /// Whether only a key that acts for a person may have it: a program by itself neither enrols nor mints
    /// (DESIGN 5a.12).
    pub fn needs_person(self) -> bool {
        matches!(self, Scope::PasskeysProvision | Scope::PassesIssue)
    }

    /// What a person must be allowed to do for a key of theirs to have it.
    pub fn permission(self) -> Permission {
        match self {
            Scope::UsersRead => Permission::ReadUsers,
            Scope::UsersWrite | Scope::Scim => Permission::EditUsers,
            Scope::GroupsWrite => Permission::EditGroups,
            Scope::MethodsRemove => Permission::ManageMethods,
            Scope::PolicyRead => Permission::ReadPolicy,
            Scope::LogRead => Permission::ReadLog,
            Scope::PasskeysProvision => Permission::ManageMethods,
            Scope::PassesIssue => Permission::IssuePasses,
        }
    }
}

impl ApiKey {
    /// Whether it may still be used at `now`, apart from the session of its person.
    pub fn stands(&self, deployment_epoch: i64, now: Timestamp) -> bool {
        self.revoked.is_none() && now < self.ends && self.deployment_epoch == deployment_epoch
    }

    /// Whether it may do that.
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}
