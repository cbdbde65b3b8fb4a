//! Turning a password off for good (screens PW-1 to PW-4).

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::password::Password;
use account::role::Permission;
use account::session::{Session, SessionId};
use account::user::UserId;
use primitives::time::Timestamp;
use store::{StoreError, Tx, partial_sign_ins, passkeys, passwords, recovery_codes, sessions, users};

use crate::administer_users::AdministerError;
use crate::authority::{self, Grant};
use crate::context::{Authority, Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_password;
use crate::manage_sessions;

/// What has to be so before a password is turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// As many passkeys as policy asks for, or one less and a backed-up one among them together with recovery codes.
    EnoughPasskeys,
    /// A passkey was used once since it was made.
    Tried,
    /// The session was opened by two factors, not by a pass or less.
    FullSession,
    /// There is a password.
    HasPassword,
}

/// One of these, and whether it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Whether it is so.
    pub met: bool,
    /// What.
    pub what: What,
}

/// Whether somebody may turn their password off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eligibility {
    /// Whether every item is met.
    pub ready: bool,
    /// What is asked, in the order of the page.
    pub items: Vec<Item>,
}

/// What came of turning it off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnedOff {
    /// Sessions that rested on a password and ended.
    pub sessions: u32,
}

/// Why a password was not turned off; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoPasswordlessError {
    /// Something that is asked is not so; see [`eligibility`].
    NotEligible,
    /// The confirmation was not given by a passkey.
    PasskeyNeeded,
    /// The session has not confirmed this within the last five minutes.
    ConfirmNeeded,
    /// The session ended meanwhile.
    SessionEnded,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for GoPasswordlessError {
    fn from(error: StoreError) -> Self {
        GoPasswordlessError::Store(error)
    }
}

impl GoPasswordlessError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            GoPasswordlessError::NotEligible => "not_eligible",
            GoPasswordlessError::PasskeyNeeded => "passkey_needed",
            GoPasswordlessError::ConfirmNeeded => "confirm_needed",
            GoPasswordlessError::SessionEnded => "session_ended",
            GoPasswordlessError::Store(_) => "unknown",
        }
    }
}

/// Whether `who` may turn their password off, item by item.
pub async fn eligibility(cx: &Context, who: &Who) -> Result<Eligibility, StoreError> {
    let (settings, who) = (cx.settings(), who.clone());
    cx.db.read(move |tx| judge(tx, &settings, &who)).await
}

fn judge(tx: &mut Tx<'_>, settings: &Settings, who: &Who) -> Result<Eligibility, StoreError> {
    let Who { user, session } = who;
    let policy = settings.of(user);
    let mut passkeys = passkeys::of_user(tx, user.id)?;
    passkeys.retain(|passkey| passkey.is_enabled() && settings.takes(user, passkey).is_ok());
    let codes = policy.recovery_codes.enabled
        && recovery_codes::of_user(tx, user.id)?.iter().any(|code| code.used.is_none());
    // Nobody gives the password away without any passkey, whatever policy says.
    let asked = usize::from(policy.passwordless.passkeys).max(1);
    let instead = codes && passkeys.iter().any(|passkey| passkey.backed_up);
    let enough = passkeys.len() >= asked || instead && passkeys.len() + 1 >= asked;
    let has_password = passwords::of_user(tx, user.id)?.is_some_and(|password| password.hash.is_some());
    let items = vec![
        Item { met: enough, what: What::EnoughPasskeys },
        Item { met: passkeys.iter().any(|passkey| passkey.tried), what: What::Tried },
        Item { met: !session.is_limited(), what: What::FullSession },
        Item { met: has_password, what: What::HasPassword },
    ];
    Ok(Eligibility { ready: items.iter().all(|item| item.met), items })
}

/// Turns the person's password off, on a confirmation by passkey: its hash is deleted, what rested on it ends, and only
/// an administrator allows another one.
pub async fn turn_off(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
) -> Result<TurnedOff, GoPasswordlessError> {
    let (pen, settings) = (Pen::new(caller, Actor::User(who.user.id)), cx.settings());
    let who = who.clone();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let Who { user, session } = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .ok_or(GoPasswordlessError::SessionEnded)?;
            if !judge(tx, &settings, &Who { user: user.clone(), session: session.clone() })?.ready {
                return Err(GoPasswordlessError::NotEligible);
            }
            if !session.has_confirmed(&Action::TurnOffPassword.digest(session.id), now) {
                return Err(GoPasswordlessError::ConfirmNeeded);
            }
            if session.confirming_evidence().is_none_or(|evidence| evidence.passkey().is_none()) {
                return Err(GoPasswordlessError::PasskeyNeeded);
            }
            sessions::update(tx, &Session { confirmed: None, ..session.clone() })?;
            Ok(delete(tx, now, user.id, Some(session.id), &mut pen.clone())?)
        })
        .await
}

/// Turns the password of an account off on the operator's authority. Whoever has nothing else needs a pass then.
pub async fn turn_off_by_operator(
    cx: &Context,
    caller: &mut Caller,
    user: UserId,
) -> Result<TurnedOff, AdministerError> {
    let pen = Pen::new(caller, Actor::Operator);
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
            let password = passwords::of_user(tx, user)?;
            if password.is_some_and(|password| password.hash.is_none()) {
                return Err(AdministerError::NotFound);
            }
            Ok(delete(tx, now, user, None, &mut pen.clone())?)
        })
        .await
}

/// Deletes the hash of an account whose row is locked, and ends what rested on it.
fn delete(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    keep: Option<SessionId>,
    pen: &mut Pen,
) -> Result<TurnedOff, StoreError> {
    passwords::put(tx, &Password { user, hash: None, since: now, must_change: false })?;
    partial_sign_ins::remove_of_user(tx, user)?;
    let sessions = manage_password::end_sessions_by_password(tx, now, user, keep.as_slice(), pen)?;
    pen.write(tx, now, Some(user), EventKind::PasswordTurnedOff { sessions })?;
    Ok(TurnedOff { sessions })
}

/// Lets an account have a password again (PW-4).
pub async fn allow_again(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<(), AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::AllowPassword(user))?;
            let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
            if issuer.is(target.id) {
                return Err(AdministerError::Oneself);
            }
            if !issuer.may_to(Permission::ManageMethods, target.role) {
                return Err(AdministerError::Role);
            }
            if !passwords::forget_turned_off(tx, target.id)? {
                return Err(AdministerError::NotFound);
            }
            pen.clone().write(tx, now, Some(target.id), EventKind::PasswordAllowed)?;
            Ok(())
        })
        .await
}
