//! The table `reported_entries`: what people said was not them (screen SH-3).
//!
//! The rows carry no MAC: nothing is decided by them. That an entry was reported is in the audit log too, which is signed.

use account::audit::EventId;
use account::user::UserId;
use primitives::time::{Span, Timestamp};

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "reported_entries";

/// How long it is remembered that an entry was reported: longer than an entry can be reported and is shown.
pub const KEPT: Span = Span::from_days(400);

/// An entry that a person said was not them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedEntry {
    /// The entry.
    pub event: EventId,
    /// Whose.
    pub user: UserId,
    /// When it was reported.
    pub at: Timestamp,
    /// The reference that the person was given.
    pub reference: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT event_id, user_id, at, reference FROM reported_entries ", $rest)
    };
}

fn read(row: Row) -> Result<ReportedEntry, StoreError> {
    let mut columns = row.columns(TABLE);
    Ok(ReportedEntry {
        event: columns.id()?,
        user: columns.id()?,
        at: columns.time()?,
        reference: columns.text()?,
    })
}

/// Stores that an entry was reported; `false` if it had been.
pub fn insert(tx: &mut Tx<'_>, reported: &ReportedEntry) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "INSERT INTO reported_entries (event_id, user_id, at, reference) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING",
        &[
            (&reported.event).into(),
            (&reported.user).into(),
            reported.at.into(),
            (&reported.reference).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Whether and when that entry was reported.
pub fn of_event(tx: &mut Tx<'_>, event: EventId) -> Result<Option<ReportedEntry>, StoreError> {
    tx.query_one(select!("WHERE event_id = $1"), &[(&event).into()])?.map(read).transpose()
}

/// What a person has reported since `from`, newest first, at most `limit`.
pub fn of_user(
    tx: &mut Tx<'_>,
    user: UserId,
    from: Timestamp,
    limit: u32,
) -> Result<Vec<ReportedEntry>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id = $1 AND at >= $2 ORDER BY at DESC LIMIT $3"),
        &[(&user).into(), from.into(), limit.into()],
    )?;
    rows.into_iter().map(read).collect()
}

/// What anybody has reported since `from`, newest first, at most `limit`: the helpdesk is shown it.
pub fn newest(tx: &mut Tx<'_>, from: Timestamp, limit: u32) -> Result<Vec<ReportedEntry>, StoreError> {
    let rows = tx.query(select!("WHERE at >= $1 ORDER BY at DESC LIMIT $2"), &[from.into(), limit.into()])?;
    rows.into_iter().map(read).collect()
}

/// Removes what is older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM reported_entries WHERE event_id IN \
         (SELECT event_id FROM reported_entries WHERE at < $1 ORDER BY at, event_id LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}
