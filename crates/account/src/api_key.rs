//! Keys by which programs call the API.

use primitives::digest::{self, Digest};
use primitives::id::Id;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};

use crate::audit::Actor;
use crate::names::named_enum;
use crate::role::Permission;
use crate::session::SessionId;
use crate::user::{NameRefusal, UserId, bounded_text};

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
        /// Read applications.
        ApplicationsRead = "applications.read",
        /// Add, change and remove applications.
        ApplicationsWrite = "applications.write",
        /// Register clients (RFC 7591): the initial access token.
        ClientsRegister = "clients.register",
    }
}

impl Scope {
    /// Whether only a key that acts for a person may have it: a program by itself neither enrols nor mints
    /// (DESIGN 5a.12).
    pub fn needs_person(self) -> bool {
        matches!(self, Scope::PasskeysProvision | Scope::PassesIssue)
    }

    /// Whether whoever has this one may do what `other` is for: a provisioning system reads and writes people and groups.
    pub fn includes(self, other: Scope) -> bool {
        let provisioning = matches!(other, Scope::UsersRead | Scope::UsersWrite | Scope::GroupsWrite);
        let reads = self == Scope::ApplicationsWrite && other == Scope::ApplicationsRead;
        self == other || self == Scope::Scim && provisioning || reads
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
            Scope::ApplicationsRead => Permission::ReadApplications,
            Scope::ApplicationsWrite | Scope::ClientsRegister => Permission::EditApplications,
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
        self.scopes.iter().any(|own| own.includes(scope))
    }
}

/// Longest name of a key in characters.
pub const LONGEST_KEY_NAME: usize = 100;

/// How the value of a key begins, so that it is recognised where it should not lie.
pub const PREFIX: &str = "kwk_";

/// The text of a key's value.
pub fn spell(value: &Token) -> String {
    format!("{PREFIX}{}", value.encode())
}

/// Reads the text of a key's value.
pub fn read(text: &str) -> Option<Token> {
    Token::parse(text.strip_prefix(PREFIX)?)
}

/// What a key is made on. Two different ones never share a [`Terms::digest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What it is for, as [`Terms::new`] read it.
    pub name: String,
    /// What it may do: sorted, each once.
    pub scopes: Vec<Scope>,
    /// How long it lives.
    pub lifetime: Span,
    /// Whether it acts for whoever makes it.
    pub personal: bool,
}

impl Terms {
    /// Judges what was asked for.
    pub fn new(
        name: &str,
        mut scopes: Vec<Scope>,
        lifetime: Span,
        personal: bool,
    ) -> Result<Self, TermsRefusal> {
        let name = bounded_text(name, LONGEST_KEY_NAME).map_err(TermsRefusal::Name)?;
        scopes.sort_unstable();
        scopes.dedup();
        let longest = if personal { LONGEST_FOR_PERSON } else { LONGEST_LIFE };
        if scopes.is_empty() {
            Err(TermsRefusal::NoScope)
        } else if !personal && scopes.iter().any(|scope| scope.needs_person()) {
            Err(TermsRefusal::NeedsPerson)
        } else if lifetime < SHORTEST_LIFE || lifetime > longest {
            Err(TermsRefusal::Lifetime)
        } else {
            Ok(Self { name, scopes, lifetime, personal })
        }
    }

    /// What a confirmation of exactly these terms holds.
    pub fn digest(&self) -> Digest {
        let scopes: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        let lifetime = self.lifetime.secs().to_be_bytes();
        let personal = [u8::from(self.personal)];
        let parts: [&[u8]; 5] = [
            b"keyward api key v1",
            self.name.as_bytes(),
            &lifetime,
            &personal,
            &scopes.join(" ").into_bytes(),
        ];
        digest::sha256_parts(&parts)
    }
}

/// Shortest life of a key.
pub const SHORTEST_LIFE: Span = Span::from_minutes(1);

/// Why there is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsRefusal {
    /// The text is no name.
    Name(NameRefusal),
    /// It may do nothing.
    NoScope,
    /// A program by itself neither enrols nor mints.
    NeedsPerson,
    /// It lives too short or too long.
    Lifetime,
}

impl TermsRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            TermsRefusal::Name(refusal) => refusal.code(),
            TermsRefusal::NoScope => "scopes_missing",
            TermsRefusal::NeedsPerson => "scope_needs_person",
            TermsRefusal::Lifetime => "key_lifetime",
        }
    }
}

#[cfg(test)]
mod tests;
