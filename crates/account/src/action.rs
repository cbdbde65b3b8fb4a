//! Actions that need an assertion of their own, not only a fresh cookie (DESIGN 5a.11).

use primitives::digest::{self, Digest};
use primitives::encoding::from_hex;
use serde::{Deserialize, Serialize};

use crate::api_key::{KeyId, Scope};
use crate::audit::EventId;
use crate::group::GroupId;
use crate::hook::HookId;
use crate::pass_order::OrderId;
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
    /// Issuing passes for everybody on the list with that digest.
    IssuePasses(Digest),
    /// Ordering a pass for that user: being their manager, or a contact, allows it and no role does.
    OrderPass(UserId),
    /// Picking up the pass of that order.
    PickUpPass(OrderId),
    /// Approving that order.
    ApproveOrder(OrderId),
    /// Declining that order.
    DeclineOrder(OrderId),
    /// Disabling that user.
    DisableUser(UserId),
    /// Enabling that user.
    EnableUser(UserId),
    /// Giving that user that role: whoever confirms one role must not have given another.
    SetRole(UserId, Role),
    /// Removing that passkey of that user.
    RemovePasskeyOf(UserId, PasskeyId),
    /// Making an API key on those terms: whoever confirms one that reads must not have made one that writes.
    MakeKey(Digest),
    /// Opening a key that acts for oneself, on those terms.
    OpenKey(Digest),
    /// Revoking that API key.
    RevokeKey(KeyId),
    /// Registering a passkey for that user.
    ProvisionPasskey(UserId),
    /// Adding somebody of that role: whoever confirms a plain account must not have added an administrator.
    AddUser(Role),
    /// Adding everybody of the file with that digest.
    ImportUsers(Digest),
    /// Deleting that user; it can be undone for a while.
    DeleteUser(UserId),
    /// Bringing that deleted user back.
    RestoreUser(UserId),
    /// Erasing what is known of that deleted user, for good.
    EraseUser(UserId),
    /// Ending all sessions of that user.
    SignOutUser(UserId),
    /// Taking all methods of that user away, so that new ones must be registered.
    RequireRegistration(UserId),
    /// Letting that account stay usable whatever policy says.
    MarkBreakGlass(UserId),
    /// Letting policy hold for that account again.
    UnmarkBreakGlass(UserId),
    /// Adding a group.
    AddGroup,
    /// Changing that group's name or description.
    ChangeGroup(GroupId),
    /// Removing that group.
    RemoveGroup(GroupId),
    /// Changing who is in that group.
    SetMembers(GroupId),
    /// Applying a policy on those terms: whoever confirms one document must not have applied another.
    ApplyPolicy(Digest),
    /// Undoing that version of the policy.
    UndoPolicy(i64),
    /// Trusting the root whose certificate, with the terms of the trust, has that digest.
    AddRoot(Digest),
    /// Trusting that root no longer.
    RemoveRoot(Digest),
    /// Sending events to a receiver on those terms: whoever confirms one address must not have added another.
    AddHook(Digest),
    /// Changing a receiver to those terms.
    ChangeHook(Digest),
    /// Sending nothing more to that receiver.
    RemoveHook(HookId),
    /// Adding an application on those terms.
    AddClient(Digest),
    /// Changing an application to those terms.
    ChangeClient(Digest),
    /// Removing the application whose identifier has that digest.
    RemoveClient(Digest),
    /// Making a new secret for it.
    NewClientSecret(Digest),
    /// Signing with another key.
    RotateSigningKey,
    /// Signing in more strongly, for the application whose identifier has that digest (OC-3).
    StepUp(Digest),
    /// Letting the device in that shows the code with that digest.
    ApproveDevice(Digest),
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
            | Action::ReportEntry(_)
            // What the key may do decides, scope by scope.
            | Action::OpenKey(_)
            // Whose manager somebody is decides, and who may pick an order up.
            | Action::OrderPass(_)
            | Action::PickUpPass(_)
            | Action::StepUp(_)
            | Action::ApproveDevice(_) => None,
            Action::AddClient(_)
            | Action::ChangeClient(_)
            | Action::RemoveClient(_)
            | Action::NewClientSecret(_)
            | Action::RotateSigningKey => Some(Permission::EditApplications),
            Action::MakeKey(_)
            | Action::RevokeKey(_)
            | Action::AddHook(_)
            | Action::ChangeHook(_)
            | Action::RemoveHook(_) => Some(Permission::EditKeys),
            Action::IssuePass(_)
            | Action::RevokePass(_)
            | Action::DismissRequest(_)
            | Action::IssuePasses(_)
            | Action::ApproveOrder(_)
            | Action::DeclineOrder(_) => Some(Permission::IssuePasses),
            Action::RemovePasskeyOf(..)
            | Action::AllowPassword(_)
            | Action::ProvisionPasskey(_)
            | Action::SignOutUser(_)
            | Action::RequireRegistration(_) => Some(Permission::ManageMethods),
            Action::ChangeUser(_)
            | Action::DisableUser(_)
            | Action::EnableUser(_)
            | Action::AddUser(_)
            | Action::ImportUsers(_)
            | Action::DeleteUser(_)
            | Action::RestoreUser(_)
            | Action::EraseUser(_) => Some(Permission::EditUsers),
            Action::SetRole(..) | Action::MarkBreakGlass(_) | Action::UnmarkBreakGlass(_) => {
                Some(Permission::EditRoles)
            }
            Action::AddGroup | Action::ChangeGroup(_) | Action::RemoveGroup(_) | Action::SetMembers(_) => {
                Some(Permission::EditGroups)
            }
            Action::ApplyPolicy(_)
            | Action::UndoPolicy(_)
            | Action::AddRoot(_)
            | Action::RemoveRoot(_) => Some(Permission::EditPolicy),
        }
    }

    /// The scope that lets an API key do it; none for what no program does by itself.
    pub fn scope(&self) -> Option<Scope> {
        match self {
            Action::ChangeUser(_)
            | Action::DisableUser(_)
            | Action::EnableUser(_)
            | Action::AddUser(_)
            | Action::DeleteUser(_)
            | Action::RestoreUser(_) => Some(Scope::UsersWrite),
            Action::AddGroup | Action::ChangeGroup(_) | Action::RemoveGroup(_) | Action::SetMembers(_) => {
                Some(Scope::GroupsWrite)
            }
            Action::RemovePasskeyOf(..) | Action::SignOutUser(_) | Action::RequireRegistration(_) => {
                Some(Scope::MethodsRemove)
            }
            Action::IssuePass(_) | Action::RevokePass(_) => Some(Scope::PassesIssue),
            Action::ProvisionPasskey(_) => Some(Scope::PasskeysProvision),
            Action::AddClient(_)
            | Action::ChangeClient(_)
            | Action::RemoveClient(_)
            | Action::NewClientSecret(_) => Some(Scope::ApplicationsWrite),
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
            Action::IssuePasses(_) => "issue-passes",
            Action::OrderPass(_) => "order-pass",
            Action::PickUpPass(_) => "pick-up-pass",
            Action::ApproveOrder(_) => "approve-order",
            Action::DeclineOrder(_) => "decline-order",
            Action::DisableUser(_) => "disable-user",
            Action::EnableUser(_) => "enable-user",
            Action::SetRole(..) => "set-role",
            Action::RemovePasskeyOf(..) => "remove-passkey-of",
            Action::MakeKey(_) => "make-key",
            Action::OpenKey(_) => "open-key",
            Action::RevokeKey(_) => "revoke-key",
            Action::ProvisionPasskey(_) => "provision-passkey",
            Action::AddUser(_) => "add-user",
            Action::ImportUsers(_) => "import-users",
            Action::DeleteUser(_) => "delete-user",
            Action::RestoreUser(_) => "restore-user",
            Action::EraseUser(_) => "erase-user",
            Action::ApplyPolicy(_) => "apply-policy",
            Action::UndoPolicy(_) => "undo-policy",
            Action::AddRoot(_) => "add-root",
            Action::RemoveRoot(_) => "remove-root",
            Action::AddHook(_) => "add-hook",
            Action::ChangeHook(_) => "change-hook",
            Action::RemoveHook(_) => "remove-hook",
            Action::SignOutUser(_) => "sign-out-user",
            Action::RequireRegistration(_) => "require-registration",
            Action::MarkBreakGlass(_) => "mark-break-glass",
            Action::UnmarkBreakGlass(_) => "unmark-break-glass",
            Action::AddGroup => "add-group",
            Action::ChangeGroup(_) => "change-group",
            Action::RemoveGroup(_) => "remove-group",
            Action::SetMembers(_) => "set-members",
            Action::AddClient(_) => "add-client",
            Action::ChangeClient(_) => "change-client",
            Action::RemoveClient(_) => "remove-client",
            Action::NewClientSecret(_) => "new-client-secret",
            Action::RotateSigningKey => "rotate-signing-key",
            Action::StepUp(_) => "step-up",
            Action::ApproveDevice(_) => "approve-device",
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
            ("issue-passes", Some(target)) => digest_of(target).map(Action::IssuePasses),
            ("order-pass", Some(target)) => target.parse().ok().map(Action::OrderPass),
            ("pick-up-pass", Some(target)) => target.parse().ok().map(Action::PickUpPass),
            ("approve-order", Some(target)) => target.parse().ok().map(Action::ApproveOrder),
            ("decline-order", Some(target)) => target.parse().ok().map(Action::DeclineOrder),
            ("disable-user", Some(target)) => target.parse().ok().map(Action::DisableUser),
            ("enable-user", Some(target)) => target.parse().ok().map(Action::EnableUser),
            ("set-role", Some(target)) => {
                let (user, role) = target.split_once(':')?;
                Some(Action::SetRole(user.parse().ok()?, Role::parse(role)?))
            }
            ("make-key", Some(target)) => digest_of(target).map(Action::MakeKey),
            ("open-key", Some(target)) => digest_of(target).map(Action::OpenKey),
            ("revoke-key", Some(target)) => target.parse().ok().map(Action::RevokeKey),
            ("provision-passkey", Some(target)) => target.parse().ok().map(Action::ProvisionPasskey),
            ("remove-passkey-of", Some(target)) => {
                let (user, passkey) = target.split_once(':')?;
                Some(Action::RemovePasskeyOf(user.parse().ok()?, passkey.parse().ok()?))
            }
            ("add-group", None) => Some(Action::AddGroup),
            ("apply-policy", Some(target)) => digest_of(target).map(Action::ApplyPolicy),
            ("undo-policy", Some(target)) => target.parse().ok().map(Action::UndoPolicy),
            ("add-root", Some(target)) => digest_of(target).map(Action::AddRoot),
            ("remove-root", Some(target)) => digest_of(target).map(Action::RemoveRoot),
            ("add-hook", Some(target)) => digest_of(target).map(Action::AddHook),
            ("change-hook", Some(target)) => digest_of(target).map(Action::ChangeHook),
            ("remove-hook", Some(target)) => target.parse().ok().map(Action::RemoveHook),
            ("rotate-signing-key", None) => Some(Action::RotateSigningKey),
            ("add-client", Some(target)) => digest_of(target).map(Action::AddClient),
            ("change-client", Some(target)) => digest_of(target).map(Action::ChangeClient),
            ("remove-client", Some(target)) => digest_of(target).map(Action::RemoveClient),
            ("new-client-secret", Some(target)) => digest_of(target).map(Action::NewClientSecret),
            ("step-up", Some(target)) => digest_of(target).map(Action::StepUp),
            ("approve-device", Some(target)) => digest_of(target).map(Action::ApproveDevice),
            (_, Some(target)) => Self::parse_directory(name, target),
            _ => None,
        }
    }

    /// The same for people and groups.
    fn parse_directory(name: &str, target: &str) -> Option<Self> {
        match name {
            "add-user" => Role::parse(target).map(Action::AddUser),
            "import-users" => {
                let digest = from_hex(target)?.try_into().ok()?;
                Some(Action::ImportUsers(digest))
            }
            "delete-user" => target.parse().ok().map(Action::DeleteUser),
            "restore-user" => target.parse().ok().map(Action::RestoreUser),
            "erase-user" => target.parse().ok().map(Action::EraseUser),
            "sign-out-user" => target.parse().ok().map(Action::SignOutUser),
            "require-registration" => target.parse().ok().map(Action::RequireRegistration),
            "mark-break-glass" => target.parse().ok().map(Action::MarkBreakGlass),
            "unmark-break-glass" => target.parse().ok().map(Action::UnmarkBreakGlass),
            "change-group" => target.parse().ok().map(Action::ChangeGroup),
            "remove-group" => target.parse().ok().map(Action::RemoveGroup),
            "set-members" => target.parse().ok().map(Action::SetMembers),
            _ => None,
        }
    }

    /// What a confirmation holds: this action, on this target, in this session and in no other.
    pub fn digest(&self, session: SessionId) -> Digest {
        let number = if let Action::UndoPolicy(version) = self { version.to_be_bytes() } else { [0; 8] };
        let (target, detail): (&[u8], &[u8]) = match self {
            Action::AddPasskey
            | Action::ChangePassword
            | Action::TurnOffPassword
            | Action::AddCodes
            | Action::RemoveCodes
            | Action::NewRecoveryCodes
            | Action::SecureAccount
            | Action::AddGroup
            | Action::RotateSigningKey => (&[], &[]),
            Action::AddClient(terms)
            | Action::ChangeClient(terms)
            | Action::RemoveClient(terms)
            | Action::NewClientSecret(terms)
            | Action::StepUp(terms)
            | Action::ApproveDevice(terms) => (terms, &[]),
            Action::RemovePasskey(id) => (id.as_bytes(), &[]),
            Action::ReportEntry(id) => (id.as_bytes(), &[]),
            Action::DismissRequest(id) => (id.as_bytes(), &[]),
            Action::PickUpPass(order) | Action::ApproveOrder(order) | Action::DeclineOrder(order) => {
                (order.as_bytes(), &[])
            }
            Action::IssuePasses(list) => (list, &[]),
            Action::IssuePass(user)
            | Action::OrderPass(user)
            | Action::AllowPassword(user)
            | Action::ChangeUser(user)
            | Action::RevokePass(user)
            | Action::DisableUser(user)
            | Action::EnableUser(user)
            | Action::DeleteUser(user)
            | Action::RestoreUser(user)
            | Action::EraseUser(user)
            | Action::SignOutUser(user)
            | Action::RequireRegistration(user)
            | Action::MarkBreakGlass(user)
            | Action::UnmarkBreakGlass(user) => (user.as_bytes(), &[]),
            Action::AddUser(role) => (&[], role.as_str().as_bytes()),
            Action::ImportUsers(digest) => (digest, &[]),
            Action::ChangeGroup(group) | Action::RemoveGroup(group) | Action::SetMembers(group) => {
                (group.as_bytes(), &[])
            }
            Action::SetRole(user, role) => (user.as_bytes(), role.as_str().as_bytes()),
            Action::RemovePasskeyOf(user, passkey) => (user.as_bytes(), passkey.as_bytes()),
            Action::MakeKey(terms) | Action::OpenKey(terms) | Action::ApplyPolicy(terms) => (terms, &[]),
            Action::AddRoot(root) | Action::RemoveRoot(root) => (root, &[]),
            Action::AddHook(terms) | Action::ChangeHook(terms) => (terms, &[]),
            Action::RemoveHook(hook) => (hook.as_bytes(), &[]),
            Action::UndoPolicy(_) => (&number, &[]),
            Action::RevokeKey(key) => (key.as_bytes(), &[]),
            Action::ProvisionPasskey(user) => (user.as_bytes(), &[]),
        };
        let name = self.name().as_bytes();
        digest::sha256_parts(&[b"keyward action v2", session.as_bytes(), name, target, detail])
    }
}

/// A digest as targets spell it.
fn digest_of(target: &str) -> Option<Digest> {
    from_hex(target)?.try_into().ok()
}

#[cfg(test)]
mod tests;
