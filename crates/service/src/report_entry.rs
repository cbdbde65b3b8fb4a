//! "This wasn't me" (screen SH-3): what a person does about an entry of their history.
//!
//! Taking a way in away needs a confirmation by a method other than the suspicious one, and never takes the last one.
//! Whoever has no other method can sign out everywhere else and freeze the account: nothing signs in any more until
//! the helpdesk issues a pass, which lifts it. Freezing asks for a passkey too, the suspicious one included: a cookie
//! alone shall not lock its owner out, and whoever has lost the device asks for help at the sign-in.

use account::action::Action;
use account::audit::{Actor, EventId, EventKind};
use account::history::{Remedy, Triage};
use account::passkey::{Passkey, PasskeyId};
use account::session::Session;
use account::user::UserId;
use primitives::time::{Span, Timestamp};
use store::reported_entries::{self, ReportedEntry};
use store::{StoreError, Tx, audit, passkeys, sessions, settings};

use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;
use crate::read_history::{self, HistoryEntry};

mod freeze;
mod remedies;

pub use freeze::{Frozen, Mine, frozen, lift};

/// Entries that are older are history: what they let in has ended or become the person's own.
pub const OLDEST: Span = Span::from_days(90);

/// Why nothing was reported; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportError {
    /// The person has no such entry, or can do nothing about it.
    NotFound,
    /// It is older than 90 days.
    TooOld,
    /// It was reported before.
    AlreadyReported,
    /// Something was chosen that is not offered for this entry.
    NotOffered,
    /// The session ended meanwhile.
    SessionEnded,
    /// A session that was opened by less than a full sign-in may not do this.
    Onboarding,
    /// What was chosen has not been confirmed within the last five minutes.
    ConfirmNeeded,
    /// It was confirmed with the method that is suspicious.
    SuspiciousMethod,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ReportError {
    fn from(error: StoreError) -> Self {
        ReportError::Store(error)
    }
}

impl ReportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ReportError::NotFound => "not_found",
            ReportError::TooOld => "entry_too_old",
            ReportError::AlreadyReported => "already_reported",
            ReportError::NotOffered => "not_offered",
            ReportError::SessionEnded => "session_ended",
            ReportError::Onboarding => "onboarding_session",
            ReportError::ConfirmNeeded => "confirm_needed",
            ReportError::SuspiciousMethod => "suspicious_method",
            ReportError::Store(_) => "unknown",
        }
    }
}

/// What can be done about an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The entry.
    pub entry: HistoryEntry,
    /// What it means.
    pub triage: Triage,
    /// What is offered, in the order in which it is done, and whether it is chosen beforehand.
    pub remedies: Vec<(Remedy, bool)>,
    /// Whether the only method there is, is the suspicious one.
    pub only_suspicious: bool,
}

/// What can be done about that entry.
pub async fn offer(cx: &Context, now: Timestamp, who: &Who, id: EventId) -> Result<Offer, ReportError> {
    let entry = read_history::entry(cx, now, who, id).await?.ok_or(ReportError::NotFound)?;
    let triage = entry.triage.ok_or(ReportError::NotFound)?;
    if now.since(entry.event.at) > OLDEST {
        return Err(ReportError::TooOld);
    }
    let user = who.user.id;
    let (remedies, only_suspicious) = cx.db.read(move |tx| remedies::offered(tx, now, user, triage)).await?;
    Ok(Offer { entry, triage, remedies, only_suspicious })
}

/// What came of one remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// There was nothing left to do.
    AlreadyDone,
    /// It would have taken the last way to sign in.
    LastMethod,
}

impl Outcome {
    /// The stable name.
    pub fn code(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::AlreadyDone => "already-done",
            Outcome::LastMethod => "last-method",
        }
    }
}

/// A reported entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The reference under which the helpdesk finds it.
    pub reference: String,
    /// What came of what was chosen.
    pub outcomes: Vec<(Remedy, Outcome)>,
    /// Whether the account is frozen now, and with it this session over.
    pub frozen: bool,
}

/// Reports that the entry was not the person, and does what they chose, each as far as it can be done: what cannot be
/// done is told and keeps nothing else from being done.
pub async fn report(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: EventId,
    chosen: Vec<Remedy>,
) -> Result<Reported, ReportError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who, reference) = (cx.settings(), who.clone(), caller.reference.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let freezes = chosen.contains(&Remedy::Freeze);
            if freezes {
                // Changes of administrators meet on this row, and it is locked before any account.
                settings::lock_deployment(tx)?;
            }
            let case = open(tx, now, &settings, &who, id)?;
            let (offered, _) = remedies::offered(tx, now, case.user, case.triage)?;
            if !chosen.iter().all(|remedy| offered.iter().any(|(offered, _)| offered == remedy)) {
                return Err(ReportError::NotOffered);
            }
            if freezes {
                use_any_passkey(tx, now, &case, id)?;
            } else if chosen.iter().any(|remedy| remedy.needs_confirmation()) {
                use_confirmation(tx, now, &case, id)?;
            }
            let entry = ReportedEntry { event: id, user: case.user, at: now, reference: reference.clone() };
            if !reported_entries::insert(tx, &entry)? {
                return Err(ReportError::AlreadyReported);
            }
            pen.write(tx, now, Some(case.user), EventKind::EntryReported { event: id })?;
            let mut outcomes = Vec::new();
            for (remedy, _) in offered.iter().filter(|(remedy, _)| chosen.contains(remedy)) {
                outcomes.push((*remedy, remedies::apply(tx, now, &case, *remedy, &mut pen)?));
            }
            let frozen = outcomes.contains(&(Remedy::Freeze, Outcome::Done));
            Ok(Reported { reference: reference.clone(), outcomes, frozen })
        })
        .await
}

/// What a remedy needs to know.
struct Case {
    user: UserId,
    session: Session,
    triage: Triage,
}

/// Reads person and entry again under the owner's lock.
fn open(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
    id: EventId,
) -> Result<Case, ReportError> {
    let Who { user, session } =
        manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(ReportError::SessionEnded)?;
    if session.is_limited() {
        return Err(ReportError::Onboarding);
    }
    let event = audit::of_person(tx, user.id, id)?.ok_or(ReportError::NotFound)?.event;
    let by_another = event.actor != Actor::User(user.id) && event.actor != Actor::System;
    let triage = Triage::of(&event.kind).filter(|_| !by_another).ok_or(ReportError::NotFound)?;
    if now.since(event.at) > OLDEST {
        return Err(ReportError::TooOld);
    }
    Ok(Case { user: user.id, session, triage })
}

/// Uses the confirmation of this very report up, if a method other than the suspicious one gave it.
fn use_confirmation(tx: &mut Tx<'_>, now: Timestamp, case: &Case, id: EventId) -> Result<(), ReportError> {
    let session = &case.session;
    if !session.has_confirmed(&Action::ReportEntry(id).digest(session.id), now) {
        return Err(ReportError::ConfirmNeeded);
    }
    let given = session.confirming_evidence().ok_or(ReportError::ConfirmNeeded)?;
    if given.proofs().iter().any(|proof| case.triage.suspects(proof)) {
        return Err(ReportError::SuspiciousMethod);
    }
    sessions::update(tx, &Session { confirmed: None, ..session.clone() })?;
    Ok(())
}

/// Uses the confirmation of this very report up, if a passkey gave it, whichever; an account that has none on freezes
/// without.
fn use_any_passkey(tx: &mut Tx<'_>, now: Timestamp, case: &Case, id: EventId) -> Result<(), ReportError> {
    if !passkeys::of_user(tx, case.user)?.iter().any(Passkey::is_enabled) {
        return Ok(());
    }
    let session = &case.session;
    let confirmed = session.has_confirmed(&Action::ReportEntry(id).digest(session.id), now);
    let given = session.confirming_evidence().and_then(|evidence| evidence.passkey());
    if !confirmed || given.is_none() {
        return Err(ReportError::ConfirmNeeded);
    }
    sessions::update(tx, &Session { confirmed: None, ..session.clone() })?;
    Ok(())
}

/// The passkey that must not confirm a report of that entry; the client is not even asked for it. Where there is no
/// other, it may: all that it confirms then is freezing.
pub(crate) fn suspicious_passkey(
    tx: &mut Tx<'_>,
    user: UserId,
    action: Action,
) -> Result<Option<PasskeyId>, StoreError> {
    let Action::ReportEntry(id) = action else { return Ok(None) };
    let entry = audit::of_person(tx, user, id)?;
    let Some(triage) = entry.and_then(|entry| Triage::of(&entry.event.kind)) else { return Ok(None) };
    Ok(if has_other_passkey(tx, user, triage)? { triage.passkey() } else { None })
}

/// Whether a passkey other than the suspicious one can confirm.
fn has_other_passkey(tx: &mut Tx<'_>, user: UserId, triage: Triage) -> Result<bool, StoreError> {
    let passkeys = passkeys::of_user(tx, user)?;
    Ok(passkeys.iter().any(|passkey| passkey.is_enabled() && Some(passkey.id) != triage.passkey()))
}
