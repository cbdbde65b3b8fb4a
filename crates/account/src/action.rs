//! Actions that need an assertion of their own, not only a fresh cookie (DESIGN 5a.11).

use primitives::digest::{self, Digest};
use serde::{Deserialize, Serialize};

use crate::passkey::PasskeyId;
use crate::session::SessionId;
use crate::user::UserId;

/// An action that a person confirms with a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", content = "target", rename_all = "kebab-case")]
pub enum Action {
    /// Registering another passkey.
    AddPasskey,
    /// Removing that passkey.
    RemovePasskey(PasskeyId),
    /// Issuing a pass for that user.
    IssuePass(UserId),
    /// Changing that user's role or status.
    ChangeUser(UserId),
}

impl Action {
    /// The stable name, as audit events and the API hold it.
    pub fn name(&self) -> &'static str {
        match self {
            Action::AddPasskey => "add-passkey",
            Action::RemovePasskey(_) => "remove-passkey",
            Action::IssuePass(_) => "issue-pass",
            Action::ChangeUser(_) => "change-user",
        }
    }

    /// The action of that name on that target, if there is one.
    pub fn parse(name: &str, target: Option<&str>) -> Option<Self> {
        match (name, target) {
            ("add-passkey", None) => Some(Action::AddPasskey),
            ("remove-passkey", Some(target)) => target.parse().ok().map(Action::RemovePasskey),
            ("issue-pass", Some(target)) => target.parse().ok().map(Action::IssuePass),
            ("change-user", Some(target)) => target.parse().ok().map(Action::ChangeUser),
            _ => None,
        }
    }

    /// What a confirmation holds: this action, on this target, in this session and in no other.
    pub fn digest(&self, session: SessionId) -> Digest {
        let target: &[u8] = match self {
            Action::AddPasskey => &[],
            Action::RemovePasskey(id) => id.as_bytes(),
            Action::IssuePass(id) | Action::ChangeUser(id) => id.as_bytes(),
        };
        digest::sha256_parts(&[b"keyward action v1", session.as_bytes(), self.name().as_bytes(), target])
    }
}

#[cfg(test)]
mod tests;
