//! Notices: what people are told about their own account, by mail and on the pages, whoever did it.
//!
//! Which event is told is decided here; an event is a notice in the commit of the event or never.

use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::{Actor, Event, EventId, EventKind};
use crate::names::named_enum;
use crate::passkey::PasskeyId;
use crate::session::ClientLabel;
use crate::user::UserId;

/// Identifies a [`Notice`].
pub type NoticeId = Id<Notice>;

/// How long a notice stays.
pub const KEPT: Span = Span::from_days(90);

/// Notices that an account has at most; the oldest give way.
pub const MOST: u32 = 100;

/// Something that a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its identifier.
    pub id: NoticeId,
    /// Who is told.
    pub user: UserId,
    /// The event that it tells of.
    pub event: Option<EventId>,
    /// What happened.
    pub kind: NoticeKind,
    /// How and by whom.
    pub facts: Facts,
    /// When it happened.
    pub at: Timestamp,
    /// Whether the person has seen it on the pages.
    pub seen: bool,
}

/// How something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Who did it.
    pub by: By,
    /// From which browser and address, where it was done by a browser of the account's own person or by nobody known.
    pub client: Option<ClientLabel>,
    /// What the thing is called: a passkey's name.
    pub name: Option<String>,
    /// A number that belongs to it, such as sessions that ended or codes that are left.
    pub count: Option<u32>,
    /// The reference of the request.
    pub reference: String,
}

named_enum! {
    /// Who did something to an account.
    pub enum By {
        /// Whoever was signed in to it.
        Oneself = "oneself",
        /// Somebody else of the organisation: the helpdesk or an administrator.
        Somebody = "somebody",
        /// The operator, or the server by itself.
        Server = "server",
        /// Somebody who was not signed in.
        Nobody = "nobody",
    }
}

named_enum! {
    /// What a notice tells.
    pub enum NoticeKind {
        /// A passkey was added.
        PasskeyAdded = "passkey-added",
        /// A passkey was used for the first time.
        PasskeyFirstUsed = "passkey-first-used",
        /// A passkey was removed.
        PasskeyRemoved = "passkey-removed",
        /// A passkey was turned off.
        PasskeyDisabled = "passkey-disabled",
        /// A passkey was turned on again.
        PasskeyEnabled = "passkey-enabled",
        /// A passkey may have been copied.
        PasskeyCopied = "passkey-copied",
        /// The model of a passkey was reported broken.
        PasskeyModelBroken = "passkey-model-broken",
        /// A pass was issued.
        PassIssued = "pass-issued",
        /// A pass was used.
        PassUsed = "pass-used",
        /// A pass was taken back.
        PassRevoked = "pass-revoked",
        /// Ten wrong tries ended a pass.
        PassLocked = "pass-locked",
        /// A first password was set.
        PasswordSet = "password-set",
        /// The password was changed.
        PasswordChanged = "password-changed",
        /// The password was turned off.
        PasswordOff = "password-off",
        /// The account may have a password again.
        PasswordAllowed = "password-allowed",
        /// Authenticator codes were set up.
        CodesAdded = "codes-added",
        /// Authenticator codes were removed.
        CodesRemoved = "codes-removed",
        /// Too many wrong codes ended the authenticator codes.
        CodesLocked = "codes-locked",
        /// New recovery codes were made.
        RecoveryCodesMade = "recovery-codes-made",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery-code-used",
        /// Somebody signed in with a browser that had not been seen before.
        NewBrowser = "new-browser",
        /// A phone was to get a passkey and did not, in a way that deserves a look.
        EnrolmentEnded = "enrolment-ended",
        /// Somebody who could not sign in asked for a pass.
        PassRequested = "pass-requested",
        /// That request was dealt with.
        RequestClosed = "request-closed",
        /// Somebody ordered a pass for this person.
        PassOrdered = "pass-ordered",
        /// An order of this person was approved: for whoever picks it up.
        OrderApproved = "order-approved",
        /// An order of this person was declined.
        OrderDeclined = "order-declined",
        /// A pass for somebody with a role waits for a second person: for those who may approve it.
        ApprovalWanted = "approval-wanted",
        /// A pass was issued for somebody with a role: for the other administrators.
        PrivilegedPass = "privileged-pass",
        /// The person ended sessions and turned passkeys off.
        AccountSecured = "account-secured",
        /// The person reported an entry of the history.
        EntryReported = "entry-reported",
        /// Name, login or address of the account changed.
        AccountChanged = "account-changed",
        /// Notices go to another address from now on: for the mailbox before alone, where whoever took the account over
        /// cannot keep it from the person. Pages tell the change once, as [`NoticeKind::AccountChanged`].
        AddressLeft = "address-left",
        /// The account got another role.
        RoleChanged = "role-changed",
        /// For administrators: a break-glass account was signed in to.
        BreakGlassUsed = "break-glass-used",
        /// For administrators: a receiver of events was turned off because it took nothing for too long.
        HookDisabled = "hook-disabled",
    }
}

impl NoticeKind {
    /// Whether it tells of somebody else, whom its name then names.
    pub fn is_about_others(self) -> bool {
        use NoticeKind::{ApprovalWanted, OrderApproved, OrderDeclined, PrivilegedPass};
        matches!(self, OrderApproved | OrderDeclined | ApprovalWanted | PrivilegedPass)
    }
}

/// What of an event is told to its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub kind: NoticeKind,
    /// The passkey that it is about.
    pub passkey: Option<PasskeyId>,
    /// A number that belongs to it.
    pub count: Option<u32>,
}

impl Told {
    fn of(kind: NoticeKind) -> Option<Self> {
        Some(Self { kind, passkey: None, count: None })
    }

    fn of_passkey(kind: NoticeKind, passkey: PasskeyId) -> Option<Self> {
        Some(Self { kind, passkey: Some(passkey), count: None })
    }

    fn counting(kind: NoticeKind, count: u32) -> Option<Self> {
        Some(Self { kind, passkey: None, count: Some(count) })
    }
}

/// Whether `kind` opened a session or was a pass used by a browser: such a browser is one of the person's from then on.
pub fn meets_browser(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::SignedIn { .. } | EventKind::SignedInOtherwise { .. } | EventKind::PassRedeemed { .. }
    )
}

/// What is told of `event`, which happened in a browser that was `new_browser` to the account. Nothing that a stranger
/// can cause at will is told, or a guesser could fill a mailbox: refused tries stand in the history.
pub fn of_event(kind: &EventKind, new_browser: bool) -> Option<Told> {
    use NoticeKind as N;
    match kind {
        EventKind::PasskeyAdded { passkey, .. } => Told::of_passkey(N::PasskeyAdded, *passkey),
        EventKind::PasskeyTried { passkey } => Told::of_passkey(N::PasskeyFirstUsed, *passkey),
        EventKind::PasskeyRemoved { passkey, .. } => Told::of_passkey(N::PasskeyRemoved, *passkey),
        EventKind::PasskeyDisabled { passkey, .. } => Told::of_passkey(N::PasskeyDisabled, *passkey),
        EventKind::PasskeyEnabled { passkey } => Told::of_passkey(N::PasskeyEnabled, *passkey),
        EventKind::CounterAnomaly { passkey } => Told::of_passkey(N::PasskeyCopied, *passkey),
        EventKind::PasskeyModelBroken { passkey, .. } => Told::of_passkey(N::PasskeyModelBroken, *passkey),
        EventKind::PassIssued { .. } => Told::of(N::PassIssued),
        EventKind::PassRedeemed { resumed: false, .. } => Told::of(N::PassUsed),
        EventKind::PassRevoked { replaced: false, .. } => Told::of(N::PassRevoked),
        EventKind::PassLocked { .. } => Told::of(N::PassLocked),
        EventKind::PasswordSet { first: true } => Told::of(N::PasswordSet),
        EventKind::PasswordSet { first: false } => Told::of(N::PasswordChanged),
        EventKind::PasswordTurnedOff { .. } => Told::of(N::PasswordOff),
        EventKind::PasswordAllowed => Told::of(N::PasswordAllowed),
        EventKind::CodesAdded => Told::of(N::CodesAdded),
        EventKind::CodesRemoved => Told::of(N::CodesRemoved),
        EventKind::CodesLocked => Told::of(N::CodesLocked),
        EventKind::RecoveryCodesMade { .. } => Told::of(N::RecoveryCodesMade),
        EventKind::RecoveryCodeUsed { left } => Told::counting(N::RecoveryCodeUsed, *left),
        EventKind::SignedIn { passkey, .. } if new_browser => Told::of_passkey(N::NewBrowser, *passkey),
        EventKind::SignedInOtherwise { .. } if new_browser => Told::of(N::NewBrowser),
        EventKind::EnrolmentEnded { code, .. } if ended_badly(code) => Told::of(N::EnrolmentEnded),
        EventKind::PassRequested { .. } => Told::of(N::PassRequested),
        EventKind::PassRequestClosed { .. } => Told::of(N::RequestClosed),
        EventKind::PassOrdered { .. } => Told::of(N::PassOrdered),
        // Passkeys that were turned off are told one by one.
        EventKind::AccountSecured { sessions, passkeys: 0 } => Told::counting(N::AccountSecured, *sessions),
        EventKind::EntryReported { .. } => Told::of(N::EntryReported),
        EventKind::UserChanged => Told::of(N::AccountChanged),
        EventKind::RoleChanged { .. } => Told::of(N::RoleChanged),
        _ => None,
    }
}

/// An end of an enrolment behind which somebody else may stand: not one that ran out, was stopped or was put off.
fn ended_badly(code: &str) -> bool {
    matches!(code, "declined" | "number-locked" | "other-account" | "rejected" | "claimed")
}

/// Who did `event` to `subject`, as its subject is told.
pub fn by(event: &Event, subject: UserId) -> By {
    match event.actor {
        Actor::User(id) if id == subject => By::Oneself,
        Actor::User(_) | Actor::Key(_) => By::Somebody,
        Actor::Operator => By::Server,
        Actor::System if event.client.is_some() => By::Nobody,
        Actor::System => By::Server,
    }
}

/// Where the browser stood, for the person to recognise: an issuer's browser is nobody else's business.
pub fn client_to_tell(event: &Event, by: By) -> Option<ClientLabel> {
    match by {
        By::Oneself | By::Nobody => event.client.clone(),
        By::Somebody | By::Server => None,
    }
}

/// How long to wait after the attempt of that number to send a mail, counted from 1; `None` after the last.
pub fn next_attempt(attempts: u32) -> Option<Span> {
    Some(match attempts {
        0 | 1 => Span::from_minutes(1),
        2 => Span::from_minutes(5),
        3 => Span::from_minutes(15),
        4 => Span::from_hours(1),
        5 => Span::from_hours(3),
        6 => Span::from_hours(6),
        7 => Span::from_hours(12),
        8 | 9 => Span::from_hours(24),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
