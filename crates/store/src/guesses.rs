//! The table `guesses`: how often a name was guessed at, known or not (DESIGN 5a.14).
//!
//! A fixed number of slots, chosen by a keyed digest: guessing fills no disk, tells nothing about which names exist,
//! and nobody can compute which names share a slot. Those that do share their tries, which errs on the safe side.

use account::lockout::Bucket;
use primitives::keys::{KeyRing, Purpose};

use crate::db::Tx;
use crate::error::StoreError;

const TABLE: &str = "guesses";

/// How many slots there are.
pub const SLOTS: u32 = 65_536;

/// The slot of a name. It takes the deployment's keys to know it.
pub fn slot(keys: &KeyRing, name: &str) -> i64 {
    let digest = keys.lookup(Purpose::Throttle, name.as_bytes());
    let [high, low, ..] = digest;
    i64::from(u16::from_be_bytes([high, low]))
}

/// What was counted for the name's slot, its row locked until the transaction ends.
///
/// `name` is the key of a login ([`account::user::Login::key`]), so that every spelling counts once.
pub fn load(tx: &mut Tx<'_>, name: &str) -> Result<Option<Bucket>, StoreError> {
    let slot = slot(tx.keys(), name);
    let row = tx.query_one("SELECT since, tally FROM guesses WHERE slot = $1 FOR UPDATE", &[slot.into()])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Bucket { since: columns.time()?, count: columns.count()? })
    })
    .transpose()
}

/// The same without a lock, for who only looks.
pub fn peek(tx: &mut Tx<'_>, name: &str) -> Result<Option<Bucket>, StoreError> {
    let slot = slot(tx.keys(), name);
    let row = tx.query_one("SELECT since, tally FROM guesses WHERE slot = $1", &[slot.into()])?;
    row.map(|row| {
        let mut columns = row.columns(TABLE);
        Ok(Bucket { since: columns.time()?, count: columns.count()? })
    })
    .transpose()
}

/// Stores what was counted for the name's slot.
pub fn store(tx: &mut Tx<'_>, name: &str, bucket: Bucket) -> Result<(), StoreError> {
    let slot = slot(tx.keys(), name);
    tx.execute(
        "INSERT INTO guesses (slot, since, tally) VALUES ($1, $2, $3) \
         ON CONFLICT (slot) DO UPDATE SET since = excluded.since, tally = excluded.tally",
        &[slot.into(), bucket.since.into(), bucket.count.into()],
    )?;
    Ok(())
}

/// Forgets the guesses at a name, after one was right.
pub fn clear(tx: &mut Tx<'_>, name: &str) -> Result<(), StoreError> {
    let slot = slot(tx.keys(), name);
    tx.execute("DELETE FROM guesses WHERE slot = $1", &[slot.into()])?;
    Ok(())
}
