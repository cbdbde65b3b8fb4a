//! Past sign-ins, for judging them by another policy.

use account::audit::EventKind;
use account::user::UserId;
use primitives::time::Timestamp;

use super::TABLE;
use crate::db::{Row, Tx};
use crate::error::StoreError;

/// A sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastSignIn {
    /// Its number in the log.
    pub seq: i64,
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// What it was.
    pub kind: EventKind,
}

/// Numbered sign-ins of that kind before number `before`, the newest first, at most `limit`. Read without their MACs: they
/// make a forecast, and nothing is decided by them.
pub fn sign_ins(tx: &mut Tx<'_>, kind: &str, before: i64, limit: u32) -> Result<Vec<PastSignIn>, StoreError> {
    let rows = tx.query(
        "SELECT seq, subject, at, body FROM audit_events WHERE kind = $1 AND seq IS NOT NULL AND seq < $2 \
         ORDER BY seq DESC LIMIT $3",
        &[kind.into(), before.into(), limit.into()],
    )?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<PastSignIn, StoreError> {
    let mut columns = row.columns(TABLE);
    let (seq, user, at) = (columns.integer()?, columns.id()?, columns.time()?);
    let body = columns.text()?;
    let kind = serde_json::from_str(&body).map_err(|_| columns.bad())?;
    Ok(PastSignIn { seq, user, at, kind })
}
