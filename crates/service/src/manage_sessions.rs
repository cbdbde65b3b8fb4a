//! Sessions: who is behind a token, and the list that a person sees.

use account::audit::{Actor, EventKind};
use account::session::{Session, SessionId};
use account::temporary_pass::PassState;
use account::user::UserId;
use primitives::secret::Token;
use primitives::time::Timestamp;
use store::{StoreError, Tx, grants, sessions, temporary_passes, users};

use crate::context::{Caller, Context, Settings, Who};
use crate::events::Pen;

/// Why a session was not managed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManageSessionsError {
    /// The person has no such session; it may have ended meanwhile.
    NotFound,
    /// The session that asks has ended.
    SessionEnded,
    /// An onboarding session may not do this.
    Onboarding,
    /// The store failed; nothing was changed.
    Store(StoreError),
}

impl From<StoreError> for ManageSessionsError {
    fn from(error: StoreError) -> Self {
        ManageSessionsError::Store(error)
    }
}

impl ManageSessionsError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ManageSessionsError::NotFound => "not_found",
            ManageSessionsError::SessionEnded => "session_ended",
            ManageSessionsError::Onboarding => "onboarding_session",
            ManageSessionsError::Store(_) => "unknown",
        }
    }
}

/// Who is signed in behind `token`, if anybody still is at `now`.
pub async fn authenticate(cx: &Context, now: Timestamp, token: &Token) -> Result<Option<Who>, StoreError> {
    let found = authenticate_and(cx, now, token, |_, _| Ok(())).await?;
    Ok(found.map(|(who, ())| who))
}

/// The same, and in the same read whatever else the page is about to show of them.
pub(crate) async fn authenticate_and<T: Send + 'static>(
    cx: &Context,
    now: Timestamp,
    token: &Token,
    mut also: impl FnMut(&mut Tx<'_>, &Who) -> Result<T, StoreError> + Send + 'static,
) -> Result<Option<(Who, T)>, StoreError> {
    let (settings, token) = (cx.settings(), token.clone());
    let now = cx.db.not_before(now);
    let found = cx
        .db
        .read(move |tx| -> Result<Option<(Who, T)>, StoreError> {
            let Some(session) = sessions::by_token(tx, &token)? else {
                return Ok(None);
            };
            let Some(who) = standing(tx, now, &settings, session)? else {
                return Ok(None);
            };
            let more = also(tx, &who)?;
            Ok(Some((who, more)))
        })
        .await?;
    if let Some((who, _)) = &found {
        touch_if_wanted(cx, now, who).await;
    }
    Ok(found)
}

/// Records that a session was used, once a minute.
pub(crate) async fn touch_if_wanted(cx: &Context, now: Timestamp, who: &Who) {
    if !who.session.wants_touch(now) {
        return;
    }
    let (user, id) = (who.user.id, who.session.id);
    // A full disk signs nobody out: a session that cannot be touched only ends sooner.
    if let Err(error) = cx.db.write(move |tx| touch(tx, user, id)).await {
        tracing::warn!(%error, "that a session was used was not recorded");
    }
}

/// Records that a session was seen, unless a later request was faster. By the database's clock: a node that is ahead
/// must not keep a session alive.
fn touch(tx: &mut Tx<'_>, user: UserId, id: SessionId) -> Result<(), StoreError> {
    let now = tx.now()?;
    if let Some(session) = sessions::by_id(tx, user, id)?.filter(|session| session.last_seen < now) {
        sessions::update(tx, &Session { last_seen: now, ..session })?;
    }
    Ok(())
}

/// The session with its user, if time, account, deployment and pass still stand behind it.
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    session: Session,
) -> Result<Option<Who>, StoreError> {
    if !session.is_live(now, &settings.sessions) {
        return Ok(None);
    }
    let Some(user) = users::by_id(tx, session.user)? else {
        return Ok(None);
    };
    if !session.stands_with(&user, settings.deployment_epoch) {
        return Ok(None);
    }
    if let Some(pass) = session.pass() {
        let carried = temporary_passes::by_id(tx, pass)?
            .is_some_and(|pass| pass.carries(session.id, now, &settings.of(&user).passes));
        if !carried {
            return Ok(None);
        }
    }
    Ok(Some(Who { user, session }))
}

/// Why nobody is signed in any more behind a token that a browser still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Nothing happened for too long, or it reached its greatest age.
    TimedOut,
    /// The pass that opened it ended.
    PassEnded,
    /// The account was turned off.
    AccountDisabled,
    /// Somebody ended it, or it is over for so long that nothing is left of it.
    Over,
}

/// Why the session behind `token` is over at `now`, as far as its row still tells.
pub async fn ending(cx: &Context, now: Timestamp, token: &Token) -> Result<Ending, StoreError> {
    let (settings, token) = (cx.settings(), token.clone());
    cx.db
        .read(move |tx| -> Result<Ending, StoreError> {
            let Some(session) = sessions::by_token(tx, &token)? else {
                return Ok(Ending::Over);
            };
            if users::by_id(tx, session.user)?.is_none_or(|user| !user.is_enabled()) {
                return Ok(Ending::AccountDisabled);
            }
            if session.pass().is_some() && now >= session.ends {
                return Ok(Ending::PassEnded);
            }
            Ok(if session.is_live(now, &settings.sessions) { Ending::Over } else { Ending::TimedOut })
        })
        .await
}

/// Reads the caller's session again inside a writer, after locking its owner's row: what was true when the
/// request came in may have ended since (DESIGN 5a.2).
pub(crate) fn lock_standing(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
) -> Result<Option<Who>, StoreError> {
    lock_standing_of(tx, now, settings, who.user.id, who.session.id)
}

/// The same, where only the ids are at hand.
pub(crate) fn lock_standing_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    user: UserId,
    session: SessionId,
) -> Result<Option<Who>, StoreError> {
    if users::lock(tx, user)?.is_none() {
        return Ok(None);
    }
    match sessions::by_id(tx, user, session)? {
        Some(session) => standing(tx, now, settings, session),
        None => Ok(None),
    }
}

/// Ends a session whose owner's row is locked, and with it the one-time pass that it stood on and has not used.
/// Whether there was one.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    id: SessionId,
    pen: &mut Pen,
) -> Result<bool, StoreError> {
    let Some(session) = sessions::by_id(tx, user, id)? else {
        return Ok(false);
    };
    if !sessions::remove(tx, user, id)? {
        return Ok(false);
    }
    spend_pass_of(tx, now, &session, pen)?;
    Ok(true)
}

/// The same for a session whose line another one carries on: what applications were granted stays.
pub(crate) fn hand_over(
    tx: &mut Tx<'_>,
    now: Timestamp,
    user: UserId,
    id: SessionId,
    pen: &mut Pen,
) -> Result<bool, StoreError> {
    let Some(session) = sessions::by_id(tx, user, id)? else {
        return Ok(false);
    };
    if !sessions::replace(tx, user, id)? {
        return Ok(false);
    }
    spend_pass_of(tx, now, &session, pen)?;
    Ok(true)
}

/// Spends the one-time pass that an ended session stood on and has not used.
fn spend_pass_of(
    tx: &mut Tx<'_>,
    now: Timestamp,
    session: &Session,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    let (user, id) = (session.user, session.id);
    if let Some(pass) = session.pass()
        && let Some(pass) = temporary_passes::lock(tx, pass)?
        && matches!(pass.state, PassState::Reserved { session, .. } if session == id)
        && temporary_passes::set_state(tx, &pass, PassState::Spent { at: now })?.is_some()
    {
        pen.write(tx, now, Some(user), EventKind::PassSpent { pass: pass.id })?;
    }
    Ok(())
}

/// The person's live sessions, the latest used first.
pub async fn list(cx: &Context, now: Timestamp, who: &Who) -> Result<Vec<Session>, ManageSessionsError> {
    let (settings, user) = (cx.settings(), who.user.id);
    cx.db
        .read(move |tx| {
            let mut live = Vec::new();
            for session in sessions::of_user(tx, user)? {
                live.extend(standing(tx, now, &settings, session)?.map(|who| who.session));
            }
            live.sort_by_key(|session| std::cmp::Reverse(session.last_seen));
            Ok(live)
        })
        .await
}

/// Ends one of the person's sessions; ending the own one is signing out.
pub async fn revoke(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: SessionId,
) -> Result<(), ManageSessionsError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let who = lock_full(tx, now, &settings, &who, id)?;
            if !end(tx, now, who.user.id, id, &mut pen)? {
                return Err(ManageSessionsError::NotFound);
            }
            pen.write(tx, now, Some(who.user.id), EventKind::SessionRevoked { session: id })?;
            Ok(())
        })
        .await
}

/// Ends all of the person's sessions but the one that asks; says how many.
pub async fn revoke_others(cx: &Context, caller: &mut Caller, who: &Who) -> Result<u32, ManageSessionsError> {
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let mut pen = pen.clone();
            let who = lock_full(tx, now, &settings, &who, who.session.id)?;
            if who.session.is_limited() {
                return Err(ManageSessionsError::Onboarding);
            }
            let mut count = 0;
            for session in sessions::of_user(tx, who.user.id)? {
                if session.id != who.session.id && end(tx, now, who.user.id, session.id, &mut pen)? {
                    count += 1;
                }
            }
            // Also what outlived its session.
            grants::end_of_user(tx, who.user.id, Some(who.session.sid))?;
            pen.write(tx, now, Some(who.user.id), EventKind::OtherSessionsRevoked { count })?;
            Ok(count)
        })
        .await
}

/// The caller, standing, and allowed to touch the session `target`: an onboarding session only itself.
fn lock_full(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    who: &Who,
    target: SessionId,
) -> Result<Who, ManageSessionsError> {
    let who = lock_standing(tx, now, settings, who)?.ok_or(ManageSessionsError::SessionEnded)?;
    if who.session.is_limited() && target != who.session.id {
        return Err(ManageSessionsError::Onboarding);
    }
    Ok(who)
}
