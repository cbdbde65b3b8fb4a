//! Making a lost device useless (screen LP-3).
//!
//! In a session that a pass or a recovery code opened this needs nothing more: whoever lost the phone has nothing to
//! confirm with. Passkeys are turned off, not removed (DESIGN 5a.6): removing takes the new one.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::passkey::{Passkey, PasskeyId, PasskeyStatus};
use account::session::{Restriction, Session, SessionId};
use primitives::time::{Span, Timestamp};
use store::{StoreError, Tx, pass_requests, passkeys, sessions};

use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// After a request for a pass its session begins with securing the account, for so long.
const RECENT: Span = Span::from_days(7);

/// Why an account was not secured; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecureError {
    /// The session ended meanwhile.
    SessionEnded,
    /// A password alone opened the session: it learns nothing here and turns nothing off.
    PasswordAlone,
    /// A full session has not confirmed it within the last five minutes.
    ConfirmNeeded,
    /// A full session that turns all of its passkeys off would lock its person out.
    LastMethod,
    /// Nothing was chosen.
    Nothing,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for SecureError {
    fn from(error: StoreError) -> Self {
        SecureError::Store(error)
    }
}

impl SecureError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SecureError::SessionEnded => "session_ended",
            SecureError::PasswordAlone => "password_alone",
            SecureError::ConfirmNeeded => "confirm_needed",
            SecureError::LastMethod => "last_method",
            SecureError::Nothing => "nothing_chosen",
            SecureError::Store(_) => "unknown",
        }
    }
}

/// What a person can choose from.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Passkeys, oldest first, those that are off among them.
    pub passkeys: Vec<Passkey>,
    /// Live sessions but the one that asks, the latest first.
    pub sessions: Vec<Session>,
    /// Whether it must be confirmed with a passkey first.
    pub confirm: bool,
}

/// What there is to choose from at `now`.
pub async fn choices(cx: &Context, now: Timestamp, who: &Who) -> Result<Choices, SecureError> {
    if who.session.restriction() == Some(Restriction::PasswordAlone) {
        return Err(SecureError::PasswordAlone);
    }
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .read(move |tx| {
            let passkeys = passkeys::of_user(tx, who.user.id)?;
            let mut others = Vec::new();
            for session in sessions::of_user(tx, who.user.id)? {
                if session.id != who.session.id
                    && manage_sessions::standing(tx, now, &settings, session.clone())?.is_some()
                {
                    others.push(session);
                }
            }
            others.sort_by_key(|session| std::cmp::Reverse(session.last_seen));
            Ok(Choices { passkeys, sessions: others, confirm: must_confirm(&who, now) })
        })
        .await
}

/// Whether the account should be secured before anything else: its person got in by a recovery code, or by a pass that
/// they had asked for, and has passkeys that may be in other hands.
pub async fn is_due(cx: &Context, now: Timestamp, who: &Who) -> Result<bool, StoreError> {
    if !who.session.is_limited() {
        return Ok(false);
    }
    let by_code = who.session.restriction() == Some(Restriction::RecoveryCode);
    let by_pass = who.session.is_onboarding();
    let user = who.user.id;
    cx.db
        .read(move |tx| {
            let has_passkeys = passkeys::of_user(tx, user)?.iter().any(Passkey::is_enabled);
            let asked = by_pass && pass_requests::newest_of(tx, user, now - RECENT)?.is_some();
            Ok(has_passkeys && (by_code || asked))
        })
        .await
}

fn must_confirm(who: &Who, now: Timestamp) -> bool {
    !opened_by_recovery(&who.session)
        && !who.session.has_confirmed(&Action::SecureAccount.digest(who.session.id), now)
}

/// Whether a pass or a recovery code opened it. A password alone is what a thief may have: it turns nothing off.
fn opened_by_recovery(session: &Session) -> bool {
    session.is_onboarding() || session.restriction() == Some(Restriction::RecoveryCode)
}

/// What a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Passkeys that are gone.
    pub passkeys: Vec<PasskeyId>,
    /// Sessions to end.
    pub sessions: Vec<SessionId>,
}

/// What was done, and what could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secured {
    /// Names of the passkeys that are off now.
    pub disabled: Vec<String>,
    /// Sessions that ended, those that rested on these passkeys among them.
    pub sessions: u32,
    /// Chosen passkeys and sessions that were gone or off already.
    pub gone: u32,
}

/// Turns the chosen passkeys off, ends the sessions that rest on them and the chosen ones, all in one commit.
pub async fn secure(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    chosen: Chosen,
) -> Result<Secured, SecureError> {
    if chosen == Chosen::default() {
        return Err(SecureError::Nothing);
    }
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let who = permitted(tx, now, &settings, &who, &chosen)?;
            let mut secured = Secured::default();
            for id in &chosen.passkeys {
                disable(tx, now, &who, *id, &mut secured, &mut pen)?;
            }
            for id in chosen.sessions.iter().filter(|id| **id != who.session.id) {
                if manage_sessions::end(tx, now, who.user.id, *id, &mut pen)? {
                    secured.sessions = secured.sessions.saturating_add(1);
                } else {
                    secured.gone = secured.gone.saturating_add(1);
                }
            }
            let passkeys = u32::try_from(secured.disabled.len()).unwrap_or(u32::MAX);
            let kind = EventKind::AccountSecured { sessions: secured.sessions, passkeys };
            pen.write(tx, now, Some(who.user.id), kind)?;
            Ok(secured)
        })
        .await
}

/// The caller, standing, who may do this now; uses a confirmation up.
fn permitted(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
    chosen: &Chosen,
) -> Result<Who, SecureError> {
    let who = manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(SecureError::SessionEnded)?;
    if opened_by_recovery(&who.session) {
        return Ok(who);
    }
    if who.session.restriction() == Some(Restriction::PasswordAlone) {
        return Err(SecureError::PasswordAlone);
    }
    if must_confirm(&who, now) {
        return Err(SecureError::ConfirmNeeded);
    }
    let all = passkeys::of_user(tx, who.user.id)?;
    let stays = |passkey: &&Passkey| passkey.is_enabled() && !chosen.passkeys.contains(&passkey.id);
    if !chosen.passkeys.is_empty() && all.iter().find(stays).is_none() {
        return Err(SecureError::LastMethod);
    }
    let session = Session { confirmed: None, ..who.session.clone() };
    sessions::update(tx, &session)?;
    Ok(Who { session, ..who })
}

fn disable(
    tx: &mut Tx<'_>,
    now: Timestamp,
    who: &Who,
    id: PasskeyId,
    secured: &mut Secured,
    pen: &mut Pen,
) -> Result<(), SecureError> {
    let user = who.user.id;
    let found = passkeys::by_id(tx, user, id)?.filter(Passkey::is_enabled);
    let Some(passkey) = found else {
        secured.gone = secured.gone.saturating_add(1);
        return Ok(());
    };
    passkeys::set_status(tx, &passkey, PasskeyStatus::Disabled)?;
    let ended = sessions::remove_of_passkey(tx, user, id, Some(who.session.id))?;
    secured.sessions = secured.sessions.saturating_add(u32::try_from(ended).unwrap_or(u32::MAX));
    pen.write(tx, now, Some(user), EventKind::PasskeyDisabled { passkey: id, lost: true })?;
    secured.disabled.push(passkey.name);
    Ok(())
}
