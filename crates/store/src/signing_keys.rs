//! The table `signing_keys`: keys that sign tokens. The private halves are sealed under the root key, and what is in the
//! seal names the row, so that no row can lend another's.

use oidc::client::SigningAlg;
use primitives::time::Timestamp;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "signing_keys";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT kid, alg, public, sealed, created, activates, retired, ends, mac FROM signing_keys ",
            $rest
        )
    };
}

/// A key as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name in the key set.
    pub kid: String,
    /// What it signs with.
    pub alg: SigningAlg,
    /// The public half, as a JWK.
    pub public: Vec<u8>,
    /// The private half, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created: Timestamp,
    /// From when it signs.
    pub activates: Timestamp,
    /// From when it signs no more, if another one takes its place.
    pub retired: Option<Timestamp>,
    /// When it leaves the key set.
    pub ends: Option<Timestamp>,
}

/// Covers every column.
fn mac(key: &StoredKey) -> RowMac {
    RowMac::new(TABLE)
        .with(&key.kid)
        .with(key.alg.name())
        .with(&key.public)
        .with(&key.sealed)
        .with(key.created)
        .with(key.activates)
        .with(key.retired)
        .with(key.ends)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<StoredKey, StoreError> {
    let mut columns = row.columns(TABLE);
    let kid = columns.text()?;
    let alg = columns.word(|text| SigningAlg::ALL.into_iter().find(|alg| alg.name() == text))?;
    let key = StoredKey {
        kid,
        alg,
        public: columns.bytes()?,
        sealed: columns.bytes()?,
        created: columns.time()?,
        activates: columns.time()?,
        retired: columns.optional_time()?,
        ends: columns.optional_time()?,
    };
    mac(&key).check(tx.keys(), &columns.bytes()?, &key.kid)?;
    Ok(key)
}

/// All keys, oldest first; there are a handful.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredKey>, StoreError> {
    let rows = tx.query(select!("ORDER BY created, kid"), &[])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// What changes whenever a key comes, retires or goes. It decides nothing: whoever finds that it is another than before
/// reads [`all`].
pub fn mark(tx: &mut Tx<'_>) -> Result<Vec<(String, Option<i64>)>, StoreError> {
    let rows = tx.query("SELECT kid, ends FROM signing_keys ORDER BY created, kid", &[])?;
    rows.into_iter()
        .map(|row| {
            let mut columns = row.columns(TABLE);
            Ok((columns.text()?, columns.optional_integer()?))
        })
        .collect()
}

fn params<'a>(key: &'a StoredKey, mac: &'a [u8]) -> [Param<'a>; 9] {
    [
        (&key.kid).into(),
        key.alg.name().into(),
        (&key.public).into(),
        (&key.sealed).into(),
        key.created.into(),
        key.activates.into(),
        key.retired.into(),
        key.ends.into(),
        mac.into(),
    ]
}

/// Stores a new key.
pub fn insert(tx: &mut Tx<'_>, key: &StoredKey) -> Result<(), StoreError> {
    let mac = mac(key).make(tx.keys());
    tx.execute(
        "INSERT INTO signing_keys (kid, alg, public, sealed, created, activates, retired, ends, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &params(key, &mac),
    )?;
    Ok(())
}

/// Writes back until when a key signs and stays, and its seal, if it was made anew; `false` if it is gone.
pub fn update(tx: &mut Tx<'_>, key: &StoredKey) -> Result<bool, StoreError> {
    let mac = mac(key).make(tx.keys());
    let changed = tx.execute(
        "UPDATE signing_keys SET sealed = $1, retired = $2, ends = $3, mac = $4 WHERE kid = $5",
        &[(&key.sealed).into(), key.retired.into(), key.ends.into(), (&mac).into(), (&key.kid).into()],
    )?;
    Ok(changed == 1)
}

/// Forgets keys that left the key set before [`Tx::now`]; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let now = tx.now()?;
    tx.execute("DELETE FROM signing_keys WHERE ends < $1", &[now.into()])
}

/// Checks the rows whose names are behind `after`, in their order, a page of them; gives their names.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let after = std::str::from_utf8(after).unwrap_or_default();
    let rows =
        tx.query(select!("WHERE kid > $1 ORDER BY kid LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|key| key.kid.into_bytes())).collect()
}
