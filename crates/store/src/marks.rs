//! The table `marks`: how far something has come that goes on by itself in the background.
//!
//! No MAC: whoever changes it with SQL makes a statistic wrong, or something be done again.

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "marks";

/// Where it stands; `None` before it ever began.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<i64>, StoreError> {
    let row = tx.query_one("SELECT value FROM marks WHERE name = $1", &[name.into()])?;
    row.map(|row| row.columns(TABLE).integer()).transpose()
}

/// Moves it on from where it stood; `false` if somebody else was first.
pub fn advance(tx: &mut Tx<'_>, name: &str, from: Option<i64>, to: i64) -> Result<bool, StoreError> {
    let moved = match from {
        None => tx.execute(
            "INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[name.into(), to.into()],
        )?,
        Some(from) => tx.execute(
            "UPDATE marks SET value = $3 WHERE name = $1 AND value = $2",
            &[name.into(), from.into(), to.into()],
        )?,
    };
    Ok(moved == 1)
}
