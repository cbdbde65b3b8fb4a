//! The table `sign_in_hours`: sign-ins of each hour by what came of them.
//!
//! Counted from the audit log in the order of its numbers, so that every event is counted once. No MAC: it is shown, and
//! decides nothing.

use std::collections::BTreeMap;

use primitives::time::{Span, Timestamp};

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "sign_in_hours";

/// How long hours are kept.
const KEPT: Span = Span::from_days(400);

/// Numbers by what was counted.
pub type Tally = BTreeMap<String, u64>;

/// The hour of a point in time: hours since 1970.
pub fn hour_of(at: Timestamp) -> i64 {
    at.secs().div_euclid(3600)
}

/// The hours from `first` to `last`, both included, that have something.
pub fn between(tx: &mut Tx<'_>, first: i64, last: i64) -> Result<BTreeMap<i64, Tally>, StoreError> {
    let rows = tx.query(
        "SELECT hour, body FROM sign_in_hours WHERE hour >= $1 AND hour <= $2 ORDER BY hour",
        &[first.into(), last.into()],
    )?;
    let mut hours = BTreeMap::new();
    for row in rows {
        let mut columns = row.columns(TABLE);
        let hour = columns.integer()?;
        let body = columns.text()?;
        hours.insert(hour, serde_json::from_str(&body).map_err(|_| columns.bad())?);
    }
    Ok(hours)
}

/// Adds to an hour.
pub fn add(tx: &mut Tx<'_>, hour: i64, more: &Tally) -> Result<(), StoreError> {
    let mut tally = between(tx, hour, hour)?.remove(&hour).unwrap_or_default();
    for (what, count) in more {
        let total = tally.entry(what.clone()).or_default();
        *total = total.saturating_add(*count);
    }
    let body = serde_json::to_string(&tally).map_err(|error| StoreError::Database(error.to_string()))?;
    tx.execute(
        "INSERT INTO sign_in_hours (hour, body) VALUES ($1, $2) ON CONFLICT (hour) DO UPDATE SET body = excluded.body",
        &[hour.into(), (&body).into()],
    )?;
    Ok(())
}

/// Removes hours that were kept long enough; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = hour_of(tx.now()? - KEPT);
    tx.execute("DELETE FROM sign_in_hours WHERE hour < $1", &[before.into()])
}
