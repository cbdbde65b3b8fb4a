//! Erasing what is known of a deleted person. What happened stays in the audit log, by id alone, and the log still verifies.

use std::sync::Arc;

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::user::{KEPT_DELETED, UserId};
use primitives::time::Timestamp;
use store::{StoreError, Tx, erasure, users};

use crate::administer_users::{AdministerError, changeable_turn};
use crate::authority::{Grant, Turn};
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// Accounts that one turn of housekeeping erases at most.
const AT_ONCE: u32 = 20;

/// Erases a deleted account at once, without waiting for the end of the time in which it can be brought back.
pub async fn erase(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<(), AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    let erases = (user, Action::EraseUser(user));
    let (first, second) = ((Arc::clone(&settings), grant.clone()), (settings, grant));
    // Whoever may not erase lets nobody's people go.
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            changeable_turn(tx, now, &first.0, &first.1, (erases, Turn::First)).map(drop)
        })
        .await?;
    release_managed(cx, user).await?;
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            changeable_turn(tx, now, &second.0, &second.1, (erases, Turn::Later))?;
            Ok(erase_locked(tx, now, user, &mut pen.clone())?)
        })
        .await
}

/// One turn of erasing accounts that were deleted [`KEPT_DELETED`] ago; says how many were.
pub async fn erase_due(cx: &Context, caller: &mut Caller) -> Result<u32, StoreError> {
    let due = cx
        .db
        .read(|tx| {
            let now = tx.now()?;
            users::deleted_before(tx, now - KEPT_DELETED, AT_ONCE)
        })
        .await?;
    let mut erased = 0_u32;
    for user in due {
        release_managed(cx, user.id).await?;
        let pen = Pen::new(caller, Actor::System);
        let done = cx
            .db
            .write(move |tx| {
                let now = tx.now()?;
                // Brought back meanwhile?
                let due = users::lock(tx, user.id)?.and_then(|user| user.erased_from());
                if due.is_none_or(|due| now < due) {
                    return Ok::<_, StoreError>(false);
                }
                erase_locked(tx, now, user.id, &mut pen.clone())?;
                Ok(true)
            })
            .await?;
        erased = erased.saturating_add(u32::from(done));
    }
    Ok(erased)
}

/// Lets those go whose manager it was, in turns that hold nobody up.
async fn release_managed(cx: &Context, user: UserId) -> Result<(), StoreError> {
    loop {
        let more = cx
            .db
            .write(move |tx| match users::by_id(tx, user)?.filter(|user| user.deleted.is_some()) {
                Some(user) => erasure::release_managed(tx, &user),
                None => Ok(false),
            })
            .await?;
        if !more {
            return Ok(());
        }
    }
}

fn erase_locked(tx: &mut Tx<'_>, now: Timestamp, id: UserId, pen: &mut Pen) -> Result<(), StoreError> {
    let Some(user) = users::by_id(tx, id)? else { return Ok(()) };
    erasure::release_managed(tx, &user)?;
    erasure::erase(tx, &user)?;
    pen.write(tx, now, Some(id), EventKind::UserErased)
}
