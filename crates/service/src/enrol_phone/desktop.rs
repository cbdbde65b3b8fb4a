//! What the computer does while the phone is at it.

use account::audit::{Actor, EventKind};
use account::enrolment::{Ending, Enrolment, EnrolmentId, Typed};
use primitives::time::Timestamp;
use store::{Tx, enrolments, passkeys};

use super::begin::number_may;
use super::{EnrolError, Progress, desktop_of, move_on, progress_of};
use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// How an errand stands. Another session of the same person sees it once it is over, or once the session that began it
/// is.
pub async fn follow(
    cx: &Context,
    now: Timestamp,
    who: &Who,
    id: EnrolmentId,
) -> Result<Progress, EnrolError> {
    let (settings, user, session) = (cx.settings(), who.user.id, who.session.id);
    let now = cx.db.not_before(now);
    cx.db
        .read(move |tx| {
            let enrolment = enrolments::by_id(tx, id)?
                .filter(|enrolment| enrolment.user == user)
                .ok_or(EnrolError::TicketUnknown)?;
            let may_see = enrolment.session == session
                || enrolment.is_over(now)
                || desktop_of(tx, now, &settings, &enrolment)?.is_none();
            if !may_see {
                return Err(EnrolError::TicketUnknown);
            }
            Ok(progress_of(tx, now, &settings, &enrolment)?)
        })
        .await
}

/// The errand of this very session, its owner's row and its own locked.
fn own(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
    id: EnrolmentId,
) -> Result<(Who, Enrolment), EnrolError> {
    let who = manage_sessions::lock_standing(tx, now, settings, who)?.ok_or(EnrolError::SessionEnded)?;
    let enrolment = enrolments::lock(tx, id)?
        .filter(|enrolment| enrolment.user == who.user.id && enrolment.session == who.session.id)
        .ok_or(EnrolError::TicketUnknown)?;
    Ok((who, enrolment))
}

/// The number that the phone shows was typed. A wrong one is counted; the third ends the errand.
pub async fn type_number(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: EnrolmentId,
    number: &str,
) -> Result<Progress, EnrolError> {
    let (settings, who, number) = (cx.settings(), who.clone(), number.to_owned());
    let pen = Pen::new(caller, Actor::User(who.user.id));
    // A wrong number is an outcome, not an error: that it was tried must be committed.
    let typed = cx.db.write(move |tx| {
        let (now, mut pen) = (tx.now()?, pen.clone());
        let (who, enrolment) = own(tx, now, &settings, &who, id)?;
        let existing = passkeys::of_user(tx, who.user.id)?;
        if !number_may(&settings, &who, &existing) {
            return Err(enrolment.over(now).map_or(EnrolError::NotApproved, EnrolError::from));
        }
        let mut tell = |tx: &mut Tx<'_>, kind| pen.write(tx, now, Some(who.user.id), kind);
        match enrolment.type_number(&number, now)? {
            Typed::Right(next) => {
                move_on(tx, &enrolment, &next)?;
                tell(tx, EventKind::EnrolmentApproved { enrolment: id })?;
                Ok(Ok(progress_of(tx, now, &settings, &next)?))
            }
            Typed::Wrong(next, left) => {
                move_on(tx, &enrolment, &next)?;
                tell(tx, EventKind::EnrolmentNumberRefused { enrolment: id, left })?;
                Ok(Err(EnrolError::NumberWrong { left }))
            }
            Typed::Locked(next) => {
                move_on(tx, &enrolment, &next)?;
                tell(tx, EventKind::EnrolmentNumberRefused { enrolment: id, left: 0 })?;
                let code = Ending::NumberLocked.as_str().to_owned();
                tell(tx, EventKind::EnrolmentEnded { enrolment: id, code })?;
                Ok(Err(EnrolError::NumberLocked))
            }
            Typed::Slip(left) => Ok(Err(EnrolError::NumberWrong { left })),
        }
    });
    typed.await?
}

/// The computer stops the errand.
pub async fn stop(cx: &Context, caller: &mut Caller, who: &Who, id: EnrolmentId) -> Result<(), EnrolError> {
    let (settings, who) = (cx.settings(), who.clone());
    let pen = Pen::new(caller, Actor::User(who.user.id));
    cx.db
        .write(move |tx| {
            let (now, mut pen) = (tx.now()?, pen.clone());
            let (who, enrolment) = own(tx, now, &settings, &who, id)?;
            let stopped = enrolment.stopped(now)?;
            move_on(tx, &enrolment, &stopped)?;
            let code = Ending::Stopped.as_str().to_owned();
            pen.write(tx, now, Some(who.user.id), EventKind::EnrolmentEnded { enrolment: id, code })?;
            Ok(())
        })
        .await
}
