//! Who is in a group.

use account::action::Action;
use account::audit::EventKind;
use account::group::{Group, GroupId, MOST_GROUPS};
use account::role::Permission;
use account::user::{User, UserId};
use primitives::time::{Span, Timestamp};
use store::{Tx, groups, users};

use super::{MOST_FOUND, excludes, issuer, not_contacts};
use crate::administer_users::AdministerError;
use crate::authority::{Grant, Issuer, Turn};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

/// People whom one request puts into a group or takes out of it at most.
pub const MOST_AT_ONCE: usize = 10_000;

/// People whom one commit lets in or out.
pub(super) const TURN: usize = 500;

/// People in a group, in the order of their ids, from behind `after`, at most `limit` of them and at most [`MOST_FOUND`].
pub async fn members(
    cx: &Context,
    group: GroupId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<User>, AdministerError> {
    let limit = limit.clamp(1, MOST_FOUND);
    Ok(cx.db.read(move |tx| groups::members(tx, group, after, limit)).await?)
}

/// Who joins a group, and who leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Who joins; whoever is there already is left alone.
    pub add: Vec<UserId>,
    /// Who leaves; whoever is not there is left alone.
    pub remove: Vec<UserId>,
    /// [`Group::changed`] when its members were looked at; refused if it has changed since.
    pub expected: Option<Timestamp>,
}

/// Puts people into a group and takes others out, whatever happened to it since somebody looked.
pub async fn set_members(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    group: GroupId,
    add: Vec<UserId>,
    remove: Vec<UserId>,
) -> Result<Group, AdministerError> {
    move_members(cx, caller, authority, group, Moves { add, remove, expected: None }).await
}

/// Puts people into a group and takes others out. Many take several commits: asked again after a failure in between, it
/// goes on.
pub async fn move_members(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    group: GroupId,
    moves: Moves,
) -> Result<Group, AdministerError> {
    let Moves { add, remove, mut expected } = moves;
    if add.len().saturating_add(remove.len()) > MOST_AT_ONCE {
        return Err(AdministerError::TooManyMembers);
    }
    // In one order, so that two such requests never wait for each other's rows.
    let mut moves: Vec<(UserId, bool)> = add.into_iter().map(|user| (user, true)).collect();
    moves.extend(remove.into_iter().map(|user| (user, false)));
    moves.sort_unstable();
    moves.dedup();
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let mut turn = Turn::First;
    loop {
        let rest = moves.split_off(moves.len().min(TURN));
        let few = std::mem::replace(&mut moves, rest);
        let (settings, pen, grant) = (cx.settings(), pen.clone(), grant.clone());
        let done = cx.db.write(move |tx| {
            let now = tx.now()?;
            let issuer = issuer(tx, now, &settings, &grant, (Action::SetMembers(group), turn))?;
            let found = groups::lock(tx, group)?.ok_or(AdministerError::NotFound)?;
            if expected.is_some_and(|expected| expected != found.changed) {
                return Err(AdministerError::Conflict);
            }
            not_contacts(&settings, issuer, &[&found.name])?;
            let (mut pen, mut moved) = (pen.clone(), false);
            for (user, joins) in &few {
                moved |= move_member(tx, now, (&settings, issuer), (group, *user, *joins), &mut pen)?;
            }
            // Whoever looked at the members before sees that they are others now, be it within one tick of the clock.
            let changed = if moved { now.max(found.changed + Span::from_micros(1)) } else { found.changed };
            let found = Group { changed, ..found };
            if moved && !groups::update(tx, &found)? {
                return Err(AdministerError::NotFound);
            }
            Ok::<_, AdministerError>(found)
        });
        let found = done.await?;
        if moves.is_empty() {
            return Ok(found);
        }
        // Of the commits behind the first, each goes on from the one before, unless somebody came between.
        expected = expected.map(|_| found.changed);
        turn = Turn::Later;
    }
}

/// Lets one person in or out; whether that changed anything.
pub(super) fn move_member(
    tx: &mut Tx<'_>,
    now: Timestamp,
    (settings, issuer): (&Settings, Issuer),
    (group, user, joins): (GroupId, UserId, bool),
    pen: &mut Pen,
) -> Result<bool, AdministerError> {
    let Some(mut target) = users::lock(tx, user)? else { return Err(AdministerError::NotFound) };
    if target.groups.contains(&group) == joins {
        // An entry of the index that the account does not bear out goes all the same.
        if !joins {
            groups::forget_member(tx, group, user)?;
        }
        return Ok(false);
    }
    if issuer.is(user) {
        return Err(AdministerError::Oneself);
    }
    if !issuer.may_to(Permission::EditGroups, target.role) {
        return Err(AdministerError::Role);
    }
    if joins {
        if target.deleted.is_some() {
            return Err(AdministerError::DeletedUser);
        }
        if target.groups.len() >= MOST_GROUPS {
            return Err(AdministerError::TooManyGroups);
        }
        target.groups.push(group);
        target.groups.sort_unstable();
    } else {
        // What policy leaves a group out of, a program gives nobody back.
        if matches!(issuer, Issuer::Key(_)) && excludes(&settings.policy, group) {
            return Err(AdministerError::GroupInPolicy);
        }
        target.groups.retain(|other| *other != group);
    }
    if !users::update(tx, &target)? {
        return Err(AdministerError::NotFound);
    }
    let kind = if joins { EventKind::GroupJoined { group } } else { EventKind::GroupLeft { group } };
    pen.write(tx, now, Some(user), kind)?;
    Ok(true)
}
