//! The table `exports`: how far the log has come in files and at syslog servers that the configuration names.
//!
//! No MAC: whoever changes it with SQL has events written twice, or not, and the chain still holds them. As with
//! [`crate::hooks`], one node has an export to itself for the length of a lease.

use account::hook::pause;
use primitives::time::{Span, Timestamp};

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "exports";

/// An export that this node has to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The number of the first event that is not there yet.
    pub next_seq: i64,
    /// Attempts that failed since the last one that did not.
    pub attempts: u32,
}

/// Begins an export with the event `next_seq`, where it has not begun.
pub fn begin(tx: &mut Tx<'_>, name: &str, next_seq: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO exports (name, next_seq, attempts, next_try) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING",
        &[name.into(), next_seq.into()],
    )?;
    Ok(())
}

/// Where an export stands, if it has begun.
pub fn next_seq(tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    let row = tx.query_one("SELECT next_seq FROM exports WHERE name = $1", &[name.into()])?;
    row.map(|row| row.columns(TABLE).integer()).transpose()
}

/// Whether it is due: so that an idle node only reads.
pub fn is_due(tx: &mut Tx<'_>, name: &str) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let last = super::audit::last_seq(tx)?;
    let due = tx.query_one(
        "SELECT 1 FROM exports WHERE name = $1 AND next_try <= $2 AND next_seq <= $3",
        &[name.into(), now.into(), last.into()],
    )?;
    Ok(due.is_some())
}

/// Takes an export that is due, for `holder` and as long as `lease`; `None` if another one has it.
pub fn claim(
    tx: &mut Tx<'_>,
    name: &str,
    holder: &[u8; 16],
    lease: Span,
) -> Result<Option<Held>, StoreError> {
    let now = tx.now()?;
    let row = tx.query_one(
        "UPDATE exports SET holder = $2, next_try = $3 WHERE name = $1 AND next_try <= $4 \
         RETURNING next_seq, attempts",
        &[name.into(), holder.into(), (now + lease).into(), now.into()],
    )?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Held { next_seq: columns.integer()?, attempts: columns.count()? })
    })
    .transpose()
}

/// All before `next_seq` is there; `false` if it is somebody else's by now.
pub fn done(tx: &mut Tx<'_>, name: &str, holder: &[u8; 16], next_seq: i64) -> Result<bool, StoreError> {
    let now = tx.now()?;
    let moved = tx.execute(
        "UPDATE exports SET next_seq = $3, next_try = $4, attempts = 0, holder = NULL \
         WHERE name = $1 AND holder = $2",
        &[name.into(), holder.into(), next_seq.into(), now.into()],
    )?;
    Ok(moved == 1)
}

/// Nothing could be written there; says when it is tried again.
pub fn not_done(tx: &mut Tx<'_>, name: &str, holder: &[u8; 16], held: Held) -> Result<Timestamp, StoreError> {
    let attempts = held.attempts.saturating_add(1);
    // A log that nobody reads is worse than a few tries more: never later than in ten minutes.
    let next = tx.now()? + pause(attempts).min(Span::from_minutes(10));
    tx.execute(
        "UPDATE exports SET next_try = $3, attempts = $4, holder = NULL WHERE name = $1 AND holder = $2",
        &[name.into(), holder.into(), next.into(), attempts.into()],
    )?;
    Ok(next)
}
