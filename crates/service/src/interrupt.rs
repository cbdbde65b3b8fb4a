//! The request to add a passkey, after a sign-in without one (screen SI-7).

use account::audit::{Actor, EventKind};
use account::passkey::Passkey;
use account::policy::Effective;
use account::user::UserId;
use primitives::time::{Span, Timestamp};
use store::interrupts::{self, Asked};
use store::{StoreError, Tx, passkeys};

use crate::context::{Caller, Context, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Whether somebody is asked to add a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// They are not.
    None,
    /// They are, and may put it off.
    CanPostpone {
        /// For so many days, begun ones counted whole; one is the last.
        days_left: u32,
    },
    /// They are, and nothing else comes first.
    Required,
}

/// Why it was not postponed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterruptError {
    /// Nobody asks for it.
    NotDue,
    /// It was postponed for as long as it may be.
    Required,
    /// The session ended meanwhile.
    SessionEnded,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for InterruptError {
    fn from(error: StoreError) -> Self {
        InterruptError::Store(error)
    }
}

impl InterruptError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            InterruptError::NotDue => "interrupt_not_due",
            InterruptError::Required => "interrupt_required",
            InterruptError::SessionEnded => "session_ended",
            InterruptError::Store(_) => "unknown",
        }
    }
}

/// Whether policy asks anybody at `now`.
pub(crate) fn is_on(policy: &Effective, now: Timestamp) -> bool {
    policy.interrupt.enabled && policy.interrupt.from.is_none_or(|from| from <= now)
}

/// Whether `who` is asked to add a passkey now. Looking changes nothing: the time to postpone began with the sign-in.
pub async fn due(cx: &Context, now: Timestamp, who: &Who) -> Result<Interrupt, StoreError> {
    // A limited session is there to add a passkey anyway.
    if who.session.is_limited() || !is_on(&cx.settings().of(&who.user), now) {
        return Ok(Interrupt::None);
    }
    let (policy, user) = (cx.settings().of(&who.user), who.user.id);
    cx.db.read(move |tx| judge(tx, now, &policy, user)).await
}

fn judge(tx: &mut Tx<'_>, now: Timestamp, policy: &Effective, user: UserId) -> Result<Interrupt, StoreError> {
    if !is_on(policy, now) || passkeys::of_user(tx, user)?.iter().any(Passkey::is_enabled) {
        return Ok(Interrupt::None);
    }
    let first = interrupts::of_user(tx, user)?.map_or(now, |Asked { first, .. }| first);
    let until = first + policy.interrupt.postponable;
    if now >= until {
        return Ok(Interrupt::Required);
    }
    let day = Span::from_days(1).micros();
    let left = until.since(now).micros();
    let days = left.div_euclid(day) + i64::from(left.rem_euclid(day) > 0);
    Ok(Interrupt::CanPostpone { days_left: u32::try_from(days).unwrap_or(u32::MAX) })
}

/// Puts it off; gives the days for which it can be put off still.
pub async fn postpone(cx: &Context, caller: &mut Caller, who: &Who) -> Result<u32, InterruptError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let who = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .filter(|who| !who.session.is_limited())
                .ok_or(InterruptError::SessionEnded)?;
            let left = match judge(tx, now, &settings.of(&who.user), who.user.id)? {
                Interrupt::None => return Err(InterruptError::NotDue),
                Interrupt::Required => return Err(InterruptError::Required),
                Interrupt::CanPostpone { days_left } => days_left,
            };
            interrupts::ask(tx, who.user.id, now)?;
            interrupts::postpone(tx, who.user.id)?;
            pen.clone().write(tx, now, Some(who.user.id), EventKind::InterruptPostponed { left })?;
            Ok(left)
        })
        .await
}
