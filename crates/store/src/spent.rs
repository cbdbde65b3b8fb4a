//! The table `spent`: what works once, with the outcome that it had (DESIGN 5a.5).
//!
//! Finishing a ceremony writes its challenge here in the commit of what it achieves. The same message sent again
//! finds the outcome of the first and is given the same answer.

use primitives::time::{Span, Timestamp};

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "spent";

/// How long a row stays after its expiry: a clock that is an hour off still finds it.
pub const KEPT: Span = Span::from_hours(1);

/// What was spent, led by when it would have expired, so that rows of one time lie together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpentKey(Vec<u8>);

impl SpentKey {
    /// The key of `challenge` (or of whatever names the secret), which `expires` then.
    pub fn new(expires: Timestamp, challenge: &[u8]) -> Self {
        Self([expires.micros().max(0).to_be_bytes().as_slice(), challenge].concat())
    }
}

/// Who was first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// This transaction; its outcome is stored with its commit.
    First,
    /// An earlier one, with this outcome.
    Already(Vec<u8>),
}

/// Spends `key` with `outcome`, once for all nodes and all time.
///
/// The caller has judged the expiry by [`Tx::now`] before.
pub fn take(tx: &mut Tx<'_>, key: &SpentKey, outcome: &[u8]) -> Result<Taken, StoreError> {
    let taken = tx.execute(
        "INSERT INTO spent (spent_key, outcome) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        &[(&key.0).into(), outcome.into()],
    )?;
    if taken == 1 {
        return Ok(Taken::First);
    }
    // Under serializable isolation a row that stopped the insert is there to be read, or the transaction repeats.
    Ok(Taken::Already(outcome_of(tx, key)?.unwrap_or_default()))
}

/// The outcome of what was spent, if it was.
pub fn outcome_of(tx: &mut Tx<'_>, key: &SpentKey) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.query_one("SELECT outcome FROM spent WHERE spent_key = $1", &[(&key.0).into()])?;
    row.map(|row| row.columns(TABLE).bytes()).transpose()
}

/// Removes what expired more than [`KEPT`] before [`Tx::now`], at most [`crate::SWEEP`] rows of one range; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = SpentKey::new(tx.now()? - KEPT, &[]);
    tx.execute(
        "DELETE FROM spent WHERE spent_key IN \
         (SELECT spent_key FROM spent WHERE spent_key < $1 ORDER BY spent_key LIMIT $2)",
        &[(&before.0).into(), crate::SWEEP.into()],
    )
}
