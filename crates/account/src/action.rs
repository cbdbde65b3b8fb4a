//! Actions that need an assertion of their own, not only a fresh cookie (DESIGN 5a.11).

use primitives::digest::{self, Digest};
use serde::{Deserialize, Serialize};

use crate::api_key::Scope;
use crate::audit::EventId;
use crate::pass_request::PassRequestId;
use crate::passkey::PasskeyId;
use crate::role::{Permission, Role};
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
    /// Setting or changing one's password.
    ChangePassword,
    /// Turning one's password off (PW-1).
    TurnOffPassword,
    /// Setting up authenticator codes.
    AddCodes,
    /// Removing authenticator codes.
    RemoveCodes,
    /// Making new recovery codes.
    NewRecoveryCodes,
    /// Securing the account: signing out, disabling what is lost (LP-3, SH-3).
    SecureAccount,
    /// Doing something about that entry of the history, with a method other than the suspicious one (SH-3).
    ReportEntry(EventId),
    /// Letting that user have a password again.
    AllowPassword(UserId),
    /// Changing that user's name or address.
    ChangeUser(UserId),
    /// Issuing a pass for that user.
    IssuePass(UserId),
    /// Dismissing that request for a pass.
    DismissRequest(PassRequestId),
    /// Revoking that user's pass.
    RevokePass(UserId),
    /// Disabling that user.
    DisableUser(UserId),
    /// Enabling that user.
    EnableUser(UserId),
    /// Giving that user that role: whoever confirms one role must not have given another.
    SetRole(UserId, Role),
    /// Removing that passkey of that user.
    RemovePasskeyOf(UserId, PasskeyId),
}

impl Action {
    /// What somebody must be allowed to do to others for it; none for what people do to their own account.
    pub fn permission(&self) -> Option<Permission> {
        match self {
            Action::AddPasskey
            | Action::RemovePasskey(_)
            | Action::ChangePassword
            | Action::TurnOffPassword
            | Action::AddCodes
            | Action::RemoveCodes
            | Action::NewRecoveryCodes
            | Action::SecureAccount
            | Action::ReportEntry(_) => None,
            Action::IssuePass(_) | Action::RevokePass(_) | Action::DismissRequest(_) => {
                Some(Permission::IssuePasses)
            }
            Action::RemovePasskeyOf(..) | Action::AllowPassword(_) => Some(Permission::ManageMethods),
            Action::ChangeUser(_) | Action::DisableUser(_) | Action::EnableUser(_) => {
                Some(Permission::EditUsers)
            }
            Action::SetRole(..) => Some(Permission::EditRoles),
        }
    }

    /// The scope that lets an API key do it; none for what no program does by itself.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Action::ChangeUser(_) | Action::DisableUser(_) | Action::EnableUser(_) => Some(Scope::UsersWrite),
            Action::RemovePasskeyOf(..) => Some(Scope::MethodsRemove),
            Action::IssuePass(_) | Action::RevokePass(_) => Some(Scope::PassesIssue),
            _ => None,
        }
    }

    /// The stable name, as audit events and the API hold it.
    pub fn name(&self) -> &'static str {
        match self {
            Action::AddPasskey => "add-passkey",
            Action::RemovePasskey(_) => "remove-passkey",
            Action::ChangePassword => "change-password",
            Action::TurnOffPassword => "turn-off-password",
            Action::AddCodes => "add-codes",
            Action::RemoveCodes => "remove-codes",
            Action::NewRecoveryCodes => "new-recovery-codes",
            Action::SecureAccount => "secure-account",
            Action::ReportEntry(_) => "report-entry",
            Action::AllowPassword(_) => "allow-password",
            Action::ChangeUser(_) => "change-user",
            Action::IssuePass(_) => "issue-pass",
            Action::DismissRequest(_) => "dismiss-request",
            Action::RevokePass(_) => "revoke-pass",
            Action::DisableUser(_) => "disable-user",
            Action::EnableUser(_) => "enable-user",
            Action::SetRole(..) => "set-role",
            Action::RemovePasskeyOf(..) => "remove-passkey-of",
        }
    }

    /// The action of that name on that target, if there is one. A second part of a target stands behind a colon.
    pub fn parse(name: &str, target: Option<&str>) -> Option<Self> {
        match (name, target) {
            ("add-passkey", None) => Some(Action::AddPasskey),
            ("remove-passkey", Some(target)) => target.parse().ok().map(Action::RemovePasskey),
            ("change-password", None) => Some(Action::ChangePassword),
            ("turn-off-password", None) => Some(Action::TurnOffPassword),
            ("add-codes", None) => Some(Action::AddCodes),
            ("remove-codes", None) => Some(Action::RemoveCodes),
            ("new-recovery-codes", None) => Some(Action::NewRecoveryCodes),
            ("secure-account", None) => Some(Action::SecureAccount),
            ("report-entry", Some(target)) => target.parse().ok().map(Action::ReportEntry),
            ("allow-password", Some(target)) => target.parse().ok().map(Action::AllowPassword),
            ("change-user", Some(target)) => target.parse().ok().map(Action::ChangeUser),
            ("issue-pass", Some(target)) => target.parse().ok().map(Action::IssuePass),
            ("dismiss-request", Some(target)) => target.parse().ok().map(Action::DismissRequest),
            ("revoke-pass", Some(target)) => target.parse().ok().map(Action::RevokePass),
            ("disable-user", Some(target)) => target.parse().ok().map(Action::DisableUser),
            ("enable-user", Some(target)) => target.parse().ok().map(Action::EnableUser),
            ("set-role", Some(target)) => {
                let (user, role) = target.split_once(':')?;
                Some(Action::SetRole(user.parse().ok()?, Role::parse(role)?))
            }
            ("remove-passkey-of", Some(target)) => {
                let (user, passkey) = target.split_once(':')?;
                Some(Action::RemovePasskeyOf(user.parse().ok()?, passkey.parse().ok()?))
            }
            _ => None,
        }
    }

    /// What a confirmation holds: this action, on this target, in this session and in no other.
    pub fn digest(&self, session: SessionId) -> Digest {
        let (target, detail): (&[u8], &[u8]) = match self {
            Action::AddPasskey
            | Action::ChangePassword
            | Action::TurnOffPassword
            | Action::AddCodes
            | Action::RemoveCodes
            | Action::NewRecoveryCodes
            | Action::SecureAccount => (&[], &[]),
            Action::RemovePasskey(id) => (id.as_bytes(), &[]),
            Action::ReportEntry(id) => (id.as_bytes(), &[]),
            Action::DismissRequest(id) => (id.as_bytes(), &[]),
            Action::IssuePass(user)
            | Action::AllowPassword(user)
            | Action::ChangeUser(user)
            | Action::RevokePass(user)
            | Action::DisableUser(user)
            | Action::EnableUser(user) => (user.as_bytes(), &[]),
            Action::SetRole(user, role) => (user.as_bytes(), role.as_str().as_bytes()),
            Action::RemovePasskeyOf(user, passkey) => (user.as_bytes(), passkey.as_bytes()),
        };
        let name = self.name().as_bytes();
        digest::sha256_parts(&[b"keyward action v2", session.as_bytes(), name, target, detail])
    }
}

#[cfg(test)]
mod tests;
