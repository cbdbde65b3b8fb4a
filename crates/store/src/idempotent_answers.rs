//! The table `idempotent_answers`: what was answered under an idempotency key, so that a request sent again does nothing
//! again.
//!
//! No MAC: the answer is sealed by whoever stores it, and an answer grants nothing.

use primitives::digest::Digest;
use primitives::time::{Span, Timestamp};

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "idempotent_answers";

/// How long an answer is kept.
pub const KEPT: Span = Span::from_days(1);

/// What is known of a request under its slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The digest of what was asked.
    pub request: Digest,
    /// The status that was answered; 0 while nothing has been answered yet.
    pub status: u32,
    /// The answer, sealed.
    pub answer: Vec<u8>,
    /// When the request first came.
    pub at: Timestamp,
}

/// Takes the slot for a request; `false` if it is taken.
pub fn take(tx: &mut Tx<'_>, slot: &Digest, request: &Digest, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "INSERT INTO idempotent_answers (slot, request, status, answer, at) VALUES ($1, $2, 0, $3, $4) \
         ON CONFLICT DO NOTHING",
        &[slot.into(), request.into(), [].as_slice().into(), at.into()],
    )?;
    Ok(changed == 1)
}

/// What is known under that slot.
pub fn find(tx: &mut Tx<'_>, slot: &Digest) -> Result<Option<Known>, StoreError> {
    let sql = "SELECT request, status, answer, at FROM idempotent_answers WHERE slot = $1";
    let Some(row) = tx.query_one(sql, &[slot.into()])? else { return Ok(None) };
    let mut columns = row.columns(TABLE);
    Ok(Some(Known {
        request: columns.array()?,
        status: columns.count()?,
        answer: columns.bytes()?,
        at: columns.time()?,
    }))
}

/// Keeps the answer to a request that took the slot; `false` if it was answered already.
pub fn answer(tx: &mut Tx<'_>, slot: &Digest, status: u32, answer: &[u8]) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE idempotent_answers SET status = $2, answer = $3 WHERE slot = $1 AND status = 0",
        &[slot.into(), status.into(), answer.into()],
    )?;
    Ok(changed == 1)
}

/// Gives a slot back under which nothing was done.
pub fn give_back(tx: &mut Tx<'_>, slot: &Digest) -> Result<(), StoreError> {
    tx.execute("DELETE FROM idempotent_answers WHERE slot = $1 AND status = 0", &[slot.into()])?;
    Ok(())
}

/// Removes answers older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`]; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM idempotent_answers WHERE slot IN \
         (SELECT slot FROM idempotent_answers WHERE at < $1 ORDER BY at LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}
