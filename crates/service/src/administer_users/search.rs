//! Finding accounts.

use account::search::Filter;
use account::session::Session;
use account::temporary_pass::{Pass, PassState};
use account::user::{Login, User, UserId};
use primitives::time::Timestamp;
use store::{passkeys, passwords, sessions, temporary_passes, users};

use super::AdministerError;
use crate::context::Context;
use crate::manage_sessions;

/// Accounts on one page at most.
pub const MOST_FOUND: u32 = 500;

/// An account that was found, with what a list says of its methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The account.
    pub user: User,
    /// How many passkeys it can use.
    pub passkeys: usize,
    /// Whether it has a password that is on.
    pub password: bool,
    /// Whether a pass of it can be used now or later.
    pub pass: bool,
}

/// Accounts for which all of the filter holds, in the order of their logins, from behind `after`, at most `limit` of them
/// and at most [`MOST_FOUND`].
pub async fn search(
    cx: &Context,
    filter: Filter,
    after: Option<Login>,
    limit: u32,
) -> Result<Vec<Found>, AdministerError> {
    let limit = limit.clamp(1, MOST_FOUND);
    cx.db
        .read(move |tx| {
            let now = tx.now()?;
            let mut found = Vec::new();
            for user in users::search(tx, &filter, after.as_ref(), limit)? {
                let passkeys = passkeys::of_user(tx, user.id)?;
                let password = passwords::of_user(tx, user.id)?;
                let pass = temporary_passes::newest(tx, user.id)?;
                found.push(Found {
                    passkeys: passkeys.iter().filter(|passkey| passkey.is_enabled()).count(),
                    password: password.is_some_and(|password| password.hash.is_some()),
                    pass: pass.is_some_and(|pass| is_outstanding(&pass, now)),
                    user,
                });
            }
            Ok(found)
        })
        .await
}

/// The sessions of an account that live at `now`, the latest first.
pub async fn sessions_of(
    cx: &Context,
    now: Timestamp,
    user: UserId,
) -> Result<Vec<Session>, AdministerError> {
    let (settings, now) = (cx.settings(), cx.db.not_before(now));
    let mut found = cx
        .db
        .read(move |tx| {
            let mut live = Vec::new();
            for session in sessions::of_user(tx, user)? {
                live.extend(manage_sessions::standing(tx, now, &settings, session)?);
            }
            Ok::<_, AdministerError>(live.into_iter().map(|who| who.session).collect::<Vec<_>>())
        })
        .await?;
    found.sort_by_key(|session| std::cmp::Reverse(session.last_seen));
    Ok(found)
}

/// How many accounts there are for which all of the filter holds.
pub async fn count(cx: &Context, filter: Filter) -> Result<u64, AdministerError> {
    let count = cx.db.read(move |tx| users::count_found(tx, &filter)).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn is_outstanding(pass: &Pass, now: Timestamp) -> bool {
    matches!(pass.state, PassState::Issued | PassState::Reserved { .. }) && now < pass.ends
}
