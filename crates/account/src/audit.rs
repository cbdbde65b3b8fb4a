//! Audit events: one for each change of state, inserted in the commit of the change.
//!
//! An event names people by id. What could identify a person beyond that (address, browser, free text)
//! stands in fields of their own, so that the store can keep commitments to them in the chain and the clear
//! text beside it.

use std::fmt;
use std::str::FromStr;

use primitives::id::Id;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api_key::{KeyId, Scope};
use crate::application::GrantId;
use crate::attested_device::DeviceId;
use crate::enrolment::{EnrolmentId, Mode};
use crate::group::GroupId;
use crate::hook::HookId;
use crate::model::{Aaguid, Broken};
use crate::pass_order::OrderId;
use crate::pass_request::PassRequestId;
use crate::passkey::{Binding, PasskeyId};
use crate::role::Role;
use crate::session::{ClientLabel, SessionId};
use crate::strength::Strength;
use crate::temporary_pass::PassId;
use crate::user::UserId;

/// Identifies an [`Event`].
pub type EventId = Id<Event>;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person.
    User(UserId),
    /// A program, by its API key.
    Key(KeyId),
    /// The operator, on the command line: whoever reads the key file.
    Operator,
    /// The server by itself, or somebody who is not signed in.
    System,
}

/// `user:<id>`, `key:<id>`, `operator` or `system`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::User(id) => write!(f, "user:{id}"),
            Actor::Key(id) => write!(f, "key:{id}"),
            Actor::Operator => f.write_str("operator"),
            Actor::System => f.write_str("system"),
        }
    }
}

/// A text that names no actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnActor;

impl fmt::Display for NotAnActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an actor such as user:<id>, key:<id>, operator or system")
    }
}

impl FromStr for Actor {
    type Err = NotAnActor;

    fn from_str(text: &str) -> Result<Self, NotAnActor> {
        match text {
            "operator" => Ok(Actor::Operator),
            "system" => Ok(Actor::System),
            _ => {
                if let Some(id) = text.strip_prefix("key:") {
                    return id.parse().map(Actor::Key).map_err(|_| NotAnActor);
                }
                let id = text.strip_prefix("user:").ok_or(NotAnActor)?;
                id.parse().map(Actor::User).map_err(|_| NotAnActor)
            }
        }
    }
}

impl Serialize for Actor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its identifier.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// To whom.
    pub subject: Option<UserId>,
    /// What.
    pub kind: EventKind,
    /// From which browser and address. Personal data: committed to, erasable.
    pub client: Option<ClientLabel>,
    /// Free text that goes with it, such as the reason of a pass. Personal data: committed to, erasable.
    pub note: Option<String>,
    /// The reference shown to people, such as `7F3K-22QX`.
    pub reference: String,
}

/// What happened, one variant for each change of state or refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are ids and codes that their names and types explain")]
pub enum EventKind {
    /// A passkey opened a full session.
    SignedIn {
        passkey: PasskeyId,
        session: SessionId,
        strength: Option<Strength>,
        /// What the place asked for that the sign-in led to, such as `portal phishing-resistant`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needed: Option<String>,
    },
    /// An assertion was refused; `passkey` if it was one of ours.
    SignInRefused { code: String, passkey: Option<PasskeyId> },
    /// The person confirmed an action with a passkey.
    Confirmed { action: String, passkey: PasskeyId },
    /// The person confirmed an action with something else; `methods` as [`crate::evidence::Proof::method`].
    ConfirmedOtherwise { action: String, methods: Vec<String> },
    /// An assertion that should confirm an action was refused.
    ConfirmRefused { action: String, code: String },
    /// The person signed out.
    SignedOut { session: SessionId },
    /// A session was ended from another one.
    SessionRevoked { session: SessionId },
    /// All sessions but one were ended.
    OtherSessionsRevoked { count: u32 },
    /// A pass was issued.
    PassIssued { pass: PassId, starts: Timestamp, ends: Timestamp, one_time: bool },
    /// A pass opened an onboarding session, or opened it again in the same browser.
    PassRedeemed { pass: PassId, session: SessionId, resumed: bool },
    /// A pass was refused; `pass` if the value was right.
    PassRefused { code: String, pass: Option<PassId> },
    /// Ten wrong tries ended a pass.
    PassLocked { pass: PassId },
    /// A pass was taken back, or replaced by a newer one.
    PassRevoked { pass: PassId, replaced: bool },
    /// The onboarding session of a one-time pass ended without a passkey.
    PassSpent { pass: PassId },
    /// More was refused within a minute than is recorded one by one.
    RefusalsLeftOut,
    /// A passkey was registered; `pass` is the one-time pass that this spent.
    PasskeyAdded { passkey: PasskeyId, binding: Binding, pass: Option<PassId> },
    /// A registration was refused.
    PasskeyRefused { code: String },
    /// A passkey got another name.
    PasskeyRenamed { passkey: PasskeyId },
    /// A passkey was removed, perhaps because it was lost.
    PasskeyRemoved { passkey: PasskeyId, lost: bool },
    /// A passkey was used for the first time, to try it.
    PasskeyTried { passkey: PasskeyId },
    /// A passkey's counter went back.
    CounterAnomaly { passkey: PasskeyId },
    /// A password was right; the second step has not been taken yet.
    FirstStepPassed,
    /// A password was refused.
    PasswordRefused { code: String },
    /// The password was right and the second step was refused.
    SecondStepRefused { code: String },
    /// Something else than a passkey or a pass opened a session; `methods` as [`crate::evidence::Proof::method`].
    SignedInOtherwise {
        session: SessionId,
        methods: Vec<String>,
        strength: Option<Strength>,
        /// As in [`EventKind::SignedIn`].
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needed: Option<String>,
    },
    /// A password was set for the first time, or changed.
    PasswordSet { first: bool },
    /// A password was deleted; so many sessions that rested on it ended.
    PasswordTurnedOff { sessions: u32 },
    /// An account may have a password again.
    PasswordAllowed,
    /// Authenticator codes were set up.
    CodesAdded,
    /// Authenticator codes were removed.
    CodesRemoved,
    /// So many wrong codes came in a row that the app's codes are worth nothing any more.
    CodesLocked,
    /// New recovery codes took the place of whatever there was.
    RecoveryCodesMade { count: u32 },
    /// A recovery code was used up.
    RecoveryCodeUsed { left: u32 },
    /// A passkey was disabled, perhaps because it was lost.
    PasskeyDisabled { passkey: PasskeyId, lost: bool },
    /// A disabled passkey may be used again.
    PasskeyEnabled { passkey: PasskeyId },
    /// The request to add a passkey was postponed; so many postponements are left.
    InterruptPostponed { left: u32 },
    /// A computer asked a phone to create a passkey.
    EnrolmentBegun { enrolment: EnrolmentId, mode: Mode },
    /// A phone opened the ticket.
    EnrolmentClaimed { enrolment: EnrolmentId },
    /// Another browser tried to open a ticket that was opened already.
    EnrolmentClaimRefused { enrolment: EnrolmentId },
    /// A wrong number was typed on the computer.
    EnrolmentNumberRefused { enrolment: EnrolmentId, left: u32 },
    /// The phone was approved: by its number, or by its own sign-in.
    EnrolmentApproved { enrolment: EnrolmentId },
    /// An enrolment ended without a passkey; the code says how.
    EnrolmentEnded { enrolment: EnrolmentId, code: String },
    /// The passkey was created on the phone.
    EnrolmentDone { enrolment: EnrolmentId, passkey: PasskeyId },
    /// Somebody asked for a pass for this account.
    PassRequested { request: PassRequestId },
    /// A request for a pass was dealt with.
    PassRequestClosed { request: PassRequestId, outcome: String },
    /// Somebody ordered a pass for this account, or needs a second person to issue it.
    PassOrdered { order: OrderId },
    /// An order got further: approved, declined, withdrawn or picked up.
    PassOrderMoved { order: OrderId, to: String },
    /// The mails of a pass were taken by the mail server, or will not be.
    PassMailed { pass: PassId, sent: bool },
    /// The person said that an entry of their history was not them.
    EntryReported { event: EventId },
    /// The person ended sessions and disabled passkeys in one act.
    AccountSecured { sessions: u32, passkeys: u32 },
    /// An account was added.
    UserAdded { role: Role },
    /// The name or e-mail address of an account changed.
    UserChanged,
    /// The person chose the language in which we speak to them, or none.
    LanguageChosen,
    /// An account was disabled; its sessions ended.
    UserDisabled,
    /// An account was enabled.
    UserEnabled,
    /// An account got another role.
    RoleChanged { from: Role, to: Role },
    /// An account was deleted; it can be brought back for a while.
    UserDeleted,
    /// A deleted account was brought back.
    UserRestored,
    /// What was known of a deleted account was erased.
    UserErased,
    /// Somebody else ended all sessions of an account.
    UserSignedOut { sessions: u32 },
    /// Somebody else took all methods of an account away, so that new ones must be registered.
    RegistrationRequired { sessions: u32, passkeys: u32 },
    /// An account became one that stays usable whatever policy says, or ceased to be.
    BreakGlassChanged { on: bool },
    /// An account that stays usable whatever policy says was signed in to: all administrators are told.
    BreakGlassUsed { session: SessionId },
    /// A file of people was imported.
    UsersImported { added: u32 },
    /// A group was added.
    GroupAdded { group: GroupId },
    /// A group's name or description changed.
    GroupChanged { group: GroupId },
    /// A group was removed.
    GroupRemoved { group: GroupId },
    /// An account came into a group.
    GroupJoined { group: GroupId },
    /// An account left a group.
    GroupLeft { group: GroupId },
    /// An API key was made; `person` if it acts for somebody.
    ApiKeyMade { key: KeyId, scopes: Vec<Scope>, person: Option<UserId> },
    /// An API key was taken back.
    ApiKeyRevoked { key: KeyId },
    /// A version of the policy was applied; so many people were locked out by it.
    PolicyApplied { version: i64, effective: Timestamp, locked_out: u64 },
    /// A version of the policy was undone; this one took its place.
    PolicyUndone { version: i64, in_force: i64 },
    /// The first administrator came into being.
    FirstAdministrator,
    /// The operator accepted a restored database; what it had granted is void.
    RestoreAccepted { epoch: i64 },
    /// The operator accepted that the clock is behind what the deployment has seen; what it had granted is void.
    ClockAccepted { epoch: i64, behind_seconds: i64 },
    /// Another root key became current.
    KeyRotated { key: u32 },
    /// The database was backed up.
    BackupMade,
    /// Another issue of a source's metadata holds; so many entries could not be read.
    MetadataTaken { source: String, number: i64, models: u32, unread: u32 },
    /// The model of this passkey was reported broken.
    PasskeyModelBroken { passkey: PasskeyId, model: Aaguid, status: Broken },
    /// A model is no longer reported broken.
    ModelMended { model: Aaguid },
    /// A root of the organisation's own is trusted, for these models or for any; named by its SHA-256.
    RootAdded { root: String, models: Vec<Aaguid> },
    /// It is trusted no longer.
    RootRemoved { root: String },
    /// The organisation has an authority of its own that attests its people's software authenticators; its root is named
    /// by its SHA-256.
    AttestationAuthorityMade { root: String },
    /// That authority is gone, and vouches for nothing any more.
    AttestationAuthorityRemoved { root: String },
    /// A device of the person was certified by it.
    DeviceAttested { device: DeviceId },
    /// A device was revoked; so many passkeys are not attested any more.
    DeviceRevoked { device: DeviceId, passkeys: u64 },
    /// Events are sent to another receiver.
    HookAdded { hook: HookId },
    /// A receiver got other terms, or was turned off or on.
    HookChanged { hook: HookId, enabled: bool },
    /// A receiver was removed.
    HookRemoved { hook: HookId },
    /// A receiver was turned off because it took nothing for too long; the code says what it last did.
    HookDisabled { hook: HookId, code: String },
    /// An application was added.
    ClientAdded { client: String },
    /// An application got other terms, or was turned off or on.
    ClientChanged { client: String, enabled: bool },
    /// An application was removed.
    ClientRemoved { client: String },
    /// An application got another secret.
    ClientSecretMade { client: String },
    /// An application was let in: a code was exchanged for tokens, on that line of sessions and with that `acr`.
    ApplicationEntered {
        client: String,
        grant: GrantId,
        session: SessionId,
        acr: Option<String>,
        /// What the application asked for, if for anything, such as `application phishing-resistant`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        needed: Option<String>,
    },
    /// A person allowed an application to see and do this.
    ConsentGiven { client: String, scopes: String },
    /// A person took that back.
    ConsentWithdrawn { client: String },
    /// What an application had been granted ended; the code says why.
    GrantRevoked { client: String, grant: GrantId, code: String },
    /// A code or a refresh token was used a second time: everything that came of it ended.
    TokenReused { client: String, grant: GrantId },
    /// An application was refused at the token endpoint.
    ClientRefused { client: String, code: String },
    /// A device was let in by its code.
    DeviceApproved { client: String },
    /// A device was not let in.
    DeviceDeclined { client: String },
    /// A key that will sign tokens was made.
    SigningKeyMade { kid: String },
    /// A key signs tokens no longer.
    SigningKeyRetired { kid: String },
    /// An application could not be told that somebody signed out, for as long as it is tried.
    LogoutUndelivered { client: String },
}

impl EventKind {
    /// The stable name.
    pub fn name(&self) -> &'static str {
        match self {
            EventKind::SignedIn { .. } => "signed_in",
            EventKind::SignInRefused { .. } => "sign_in_refused",
            EventKind::Confirmed { .. } => "confirmed",
            EventKind::ConfirmedOtherwise { .. } => "confirmed_otherwise",
            EventKind::ConfirmRefused { .. } => "confirm_refused",
            EventKind::SignedOut { .. } => "signed_out",
            EventKind::SessionRevoked { .. } => "session_revoked",
            EventKind::OtherSessionsRevoked { .. } => "other_sessions_revoked",
            EventKind::PassIssued { .. } => "pass_issued",
            EventKind::PassRedeemed { .. } => "pass_redeemed",
            EventKind::PassRefused { .. } => "pass_refused",
            EventKind::PassLocked { .. } => "pass_locked",
            EventKind::PassRevoked { .. } => "pass_revoked",
            EventKind::PassSpent { .. } => "pass_spent",
            EventKind::RefusalsLeftOut => "refusals_left_out",
            EventKind::PasskeyAdded { .. } => "passkey_added",
            EventKind::PasskeyRefused { .. } => "passkey_refused",
            EventKind::PasskeyRenamed { .. } => "passkey_renamed",
            EventKind::PasskeyRemoved { .. } => "passkey_removed",
            EventKind::PasskeyTried { .. } => "passkey_tried",
            EventKind::CounterAnomaly { .. } => "counter_anomaly",
            EventKind::FirstStepPassed => "first_step_passed",
            EventKind::PasswordRefused { .. } => "password_refused",
            EventKind::SecondStepRefused { .. } => "second_step_refused",
            EventKind::SignedInOtherwise { .. } => "signed_in_otherwise",
            EventKind::PasswordSet { .. } => "password_set",
            EventKind::PasswordTurnedOff { .. } => "password_turned_off",
            EventKind::PasswordAllowed => "password_allowed",
            EventKind::CodesAdded => "codes_added",
            EventKind::CodesRemoved => "codes_removed",
            EventKind::CodesLocked => "codes_locked",
            EventKind::RecoveryCodesMade { .. } => "recovery_codes_made",
            EventKind::RecoveryCodeUsed { .. } => "recovery_code_used",
            EventKind::PasskeyDisabled { .. } => "passkey_disabled",
            EventKind::PasskeyEnabled { .. } => "passkey_enabled",
            EventKind::InterruptPostponed { .. } => "interrupt_postponed",
            EventKind::EnrolmentBegun { .. } => "enrolment_begun",
            EventKind::EnrolmentClaimed { .. } => "enrolment_claimed",
            EventKind::EnrolmentClaimRefused { .. } => "enrolment_claim_refused",
            EventKind::EnrolmentNumberRefused { .. } => "enrolment_number_refused",
            EventKind::EnrolmentApproved { .. } => "enrolment_approved",
            EventKind::EnrolmentEnded { .. } => "enrolment_ended",
            EventKind::EnrolmentDone { .. } => "enrolment_done",
            EventKind::PassRequested { .. } => "pass_requested",
            EventKind::PassRequestClosed { .. } => "pass_request_closed",
            EventKind::PassOrdered { .. } => "pass_ordered",
            EventKind::PassOrderMoved { .. } => "pass_order_moved",
            EventKind::PassMailed { .. } => "pass_mailed",
            EventKind::EntryReported { .. } => "entry_reported",
            EventKind::AccountSecured { .. } => "account_secured",
            EventKind::UserAdded { .. } => "user_added",
            EventKind::UserChanged => "user_changed",
            EventKind::LanguageChosen => "language_chosen",
            EventKind::UserDisabled => "user_disabled",
            EventKind::UserEnabled => "user_enabled",
            EventKind::RoleChanged { .. } => "role_changed",
            EventKind::UserDeleted => "user_deleted",
            EventKind::UserRestored => "user_restored",
            EventKind::UserErased => "user_erased",
            EventKind::UserSignedOut { .. } => "user_signed_out",
            EventKind::RegistrationRequired { .. } => "registration_required",
            EventKind::BreakGlassChanged { .. } => "break_glass_changed",
            EventKind::BreakGlassUsed { .. } => "break_glass_used",
            EventKind::UsersImported { .. } => "users_imported",
            EventKind::GroupAdded { .. } => "group_added",
            EventKind::GroupChanged { .. } => "group_changed",
            EventKind::GroupRemoved { .. } => "group_removed",
            EventKind::GroupJoined { .. } => "group_joined",
            EventKind::GroupLeft { .. } => "group_left",
            EventKind::ApiKeyMade { .. } => "api_key_made",
            EventKind::ApiKeyRevoked { .. } => "api_key_revoked",
            EventKind::PolicyApplied { .. } => "policy_applied",
            EventKind::PolicyUndone { .. } => "policy_undone",
            EventKind::FirstAdministrator => "first_administrator",
            EventKind::RestoreAccepted { .. } => "restore_accepted",
            EventKind::ClockAccepted { .. } => "clock_accepted",
            EventKind::KeyRotated { .. } => "key_rotated",
            EventKind::BackupMade => "backup_made",
            EventKind::MetadataTaken { .. } => "metadata_taken",
            EventKind::PasskeyModelBroken { .. } => "passkey_model_broken",
            EventKind::ModelMended { .. } => "model_mended",
            EventKind::RootAdded { .. } => "root_added",
            EventKind::RootRemoved { .. } => "root_removed",
            EventKind::AttestationAuthorityMade { .. } => "attestation_authority_made",
            EventKind::AttestationAuthorityRemoved { .. } => "attestation_authority_removed",
            EventKind::DeviceAttested { .. } => "device_attested",
            EventKind::DeviceRevoked { .. } => "device_revoked",
            EventKind::HookAdded { .. } => "hook_added",
            EventKind::HookChanged { .. } => "hook_changed",
            EventKind::HookRemoved { .. } => "hook_removed",
            EventKind::HookDisabled { .. } => "hook_disabled",
            EventKind::ClientAdded { .. } => "client_added",
            EventKind::ClientChanged { .. } => "client_changed",
            EventKind::ClientRemoved { .. } => "client_removed",
            EventKind::ClientSecretMade { .. } => "client_secret_made",
            EventKind::ApplicationEntered { .. } => "application_entered",
            EventKind::ConsentGiven { .. } => "consent_given",
            EventKind::ConsentWithdrawn { .. } => "consent_withdrawn",
            EventKind::GrantRevoked { .. } => "grant_revoked",
            EventKind::TokenReused { .. } => "token_reused",
            EventKind::ClientRefused { .. } => "client_refused",
            EventKind::DeviceApproved { .. } => "device_approved",
            EventKind::DeviceDeclined { .. } => "device_declined",
            EventKind::SigningKeyMade { .. } => "signing_key_made",
            EventKind::SigningKeyRetired { .. } => "signing_key_retired",
            EventKind::LogoutUndelivered { .. } => "logout_undelivered",
        }
    }
}

#[cfg(test)]
mod tests;
