//! The table `code_guesses`: how often everybody together guessed at the short codes of enrolments.
//!
//! One row. It stands apart from the slots of names, so that what is guessed at codes takes the tries of no name away.

use account::lockout::Bucket;

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "code_guesses";

/// What was counted, the row locked until the transaction ends.
pub fn load(tx: &mut Tx<'_>) -> Result<Option<Bucket>, StoreError> {
    let row = tx.query_one("SELECT since, tally FROM code_guesses WHERE one = 1 FOR UPDATE", &[])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Bucket { since: columns.time()?, count: columns.count()? })
    })
    .transpose()
}

/// Stores what was counted.
pub fn store(tx: &mut Tx<'_>, bucket: Bucket) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO code_guesses (one, since, tally) VALUES (1, $1, $2) \
         ON CONFLICT (one) DO UPDATE SET since = excluded.since, tally = excluded.tally",
        &[bucket.since.into(), bucket.count.into()],
    )?;
    Ok(())
}
