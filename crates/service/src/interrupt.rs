//! The request to add a passkey, after a sign-in without one (screen SI-7).

use account::audit::{Actor, EventKind};
use account::policy::{Area, Effective};
use primitives::time::{Span, Timestamp};
use store::interrupts::{self, Asked};
use store::{StoreError, Tx, passkeys};

use crate::context::{Caller, Context, Settings, Who};
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
    if who.session.is_limited() {
        return Ok(Interrupt::None);
    }
    let (settings, who) = (cx.settings(), who.clone());
    cx.db.read(move |tx| judge(tx, now, &settings, &who)).await
}

fn judge(tx: &mut Tx<'_>, now: Timestamp, settings: &Settings, who: &Who) -> Result<Interrupt, StoreError> {
    let policy = settings.of(&who.user);
    let needed = !settings.lets_into(who, Area::Portal);
    // One that policy does not take is none; and what no profile could take is not asked for.
    if !(needed || is_on(&policy, now))
        || !policy.passkeys.enabled
        || settings.has_usable(&who.user, &passkeys::of_user(tx, who.user.id)?)
    {
        return Ok(Interrupt::None);
    }
    let asked = interrupts::of_user(tx, who.user.id)?.unwrap_or(Asked { first: now, postponed: 0 });
    let until = asked.first + policy.interrupt.postponable;
    let often = policy.interrupt.postponements.is_some_and(|most| asked.postponed >= most);
    // Without a passkey there is nothing behind that page where the portal asks for one.
    if needed || often || now >= until {
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
            let left = match judge(tx, now, &settings, &who)? {
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
