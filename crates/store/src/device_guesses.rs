//! The table `device_guesses`: how often codes of devices were typed, by one account, in one browser, by everybody.
//!
//! A fixed number of slots, chosen by a keyed digest, as in [`crate::guesses`]; apart from those, so that what is guessed
//! here takes the tries of no name away.

use account::lockout::Bucket;
use primitives::keys::Purpose;

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "device_guesses";

/// Whose tries are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Everybody's together.
    Everybody,
    /// Those of whatever these bytes name: an account, a browser.
    Of(&'a [u8]),
}

/// Everybody's have a slot that no digest leads to.
const EVERYBODY: i64 = -1;

fn slot(tx: &Tx<'_>, whose: Whose<'_>) -> i64 {
    match whose {
        Whose::Everybody => EVERYBODY,
        Whose::Of(bytes) => {
            let [high, low, ..] = tx.keys().lookup(Purpose::Throttle, &[b"device code ", bytes].concat());
            i64::from(u16::from_be_bytes([high, low]))
        }
    }
}

/// What was counted, the row locked until the transaction ends.
pub fn load(tx: &mut Tx<'_>, whose: Whose<'_>) -> Result<Option<Bucket>, StoreError> {
    let slot = slot(tx, whose);
    let row =
        tx.query_one("SELECT since, tally FROM device_guesses WHERE slot = $1 FOR UPDATE", &[slot.into()])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Bucket { since: columns.time()?, count: columns.count()? })
    })
    .transpose()
}

/// Stores what was counted.
pub fn store(tx: &mut Tx<'_>, whose: Whose<'_>, bucket: Bucket) -> Result<(), StoreError> {
    let slot = slot(tx, whose);
    tx.execute(
        "INSERT INTO device_guesses (slot, since, tally) VALUES ($1, $2, $3) \
         ON CONFLICT (slot) DO UPDATE SET since = excluded.since, tally = excluded.tally",
        &[slot.into(), bucket.since.into(), bucket.count.into()],
    )?;
    Ok(())
}
