//! The table `fleet_counts`: how far all people are, counted from time to time.
//!
//! What is counted is JSON of the service's; here it is only kept. No MAC: it is shown, and decides nothing.

use primitives::time::{Span, Timestamp};

use crate::db::{Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "fleet_counts";

/// How long the last counting of a day is kept.
const KEPT: Span = Span::from_days(800);

const DAY: Span = Span::from_days(1);

fn read(row: Row) -> Result<(Timestamp, String), StoreError> {
    let mut columns = row.columns(TABLE);
    Ok((columns.time()?, columns.text()?))
}

/// Keeps a counting; of those of the same day it takes the place.
pub fn put(tx: &mut Tx<'_>, taken: Timestamp, body: &str) -> Result<(), StoreError> {
    let day = Timestamp::from_secs(taken.day().saturating_mul(86_400));
    tx.execute(
        "DELETE FROM fleet_counts WHERE taken >= $1 AND taken < $2",
        &[day.into(), (day + DAY).into()],
    )?;
    tx.execute("DELETE FROM fleet_counts WHERE taken < $1", &[(taken - KEPT).into()])?;
    tx.execute("INSERT INTO fleet_counts (taken, body) VALUES ($1, $2)", &[taken.into(), body.into()])?;
    Ok(())
}

/// The newest counting.
pub fn newest(tx: &mut Tx<'_>) -> Result<Option<(Timestamp, String)>, StoreError> {
    let row = tx.query_one("SELECT taken, body FROM fleet_counts ORDER BY taken DESC LIMIT 1", &[])?;
    row.map(read).transpose()
}

/// Those from then on, oldest first: one for each day.
pub fn since(tx: &mut Tx<'_>, from: Timestamp, limit: u32) -> Result<Vec<(Timestamp, String)>, StoreError> {
    let rows = tx.query(
        "SELECT taken, body FROM fleet_counts WHERE taken >= $1 ORDER BY taken LIMIT $2",
        &[from.into(), limit.into()],
    )?;
    rows.into_iter().map(read).collect()
}
