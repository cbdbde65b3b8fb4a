//! The table `known_browsers`: where an account was signed in to before, so that another browser can be told of.
//!
//! No MAC: nothing is granted by it. Whoever changes it with SQL suppresses a notice or causes one.

use account::user::UserId;
use primitives::digest::{self, Digest};
use primitives::time::Timestamp;

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "known_browsers";

/// Browsers that are remembered of an account; of more the oldest are forgotten.
pub const MOST: i64 = 20;

/// How an account meets a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// It is the first one ever: nothing to compare with.
    First,
    /// It has been here before.
    Known,
    /// It has not, but others have.
    New,
}

/// Remembers that `user` was signed in to in `browser`; the user's row is locked.
pub fn meet(tx: &mut Tx<'_>, user: UserId, browser: &Digest, now: Timestamp) -> Result<Meeting, StoreError> {
    let known = digest::sha256_parts(&[b"keyward known browser v1", user.as_bytes(), browser]);
    if tx.query_one("SELECT met FROM known_browsers WHERE known = $1", &[(&known).into()])?.is_some() {
        return Ok(Meeting::Known);
    }
    let row = tx.query_one("SELECT COUNT(*) FROM known_browsers WHERE user_id = $1", &[(&user).into()])?;
    let others = row.map_or(Ok(0), |row| row.columns(TABLE).integer())?;
    if others >= MOST {
        tx.execute(
            "DELETE FROM known_browsers WHERE known IN (SELECT known FROM known_browsers \
             WHERE user_id = $1 ORDER BY met, known LIMIT $2)",
            &[(&user).into(), others.saturating_sub(MOST).saturating_add(1).into()],
        )?;
    }
    tx.execute(
        "INSERT INTO known_browsers (known, user_id, met) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[(&known).into(), (&user).into(), now.into()],
    )?;
    Ok(if others == 0 { Meeting::First } else { Meeting::New })
}

/// Which users, of those whose ids lie behind `after` and not behind `last`, were ever let in.
pub fn seen_of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<UserId>, StoreError> {
    let rows = tx.query(
        "SELECT DISTINCT user_id FROM known_browsers WHERE user_id > $1 AND user_id <= $2",
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| row.columns(TABLE).id()).collect()
}
