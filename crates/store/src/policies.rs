//! The table `policies`: versions of the policy, which are added and undone and never changed.

use account::audit::Actor;
use primitives::time::Timestamp;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "policies";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT version, document, author, comment, made, effective, undone, impact, mac FROM policies ",
            $rest
        )
    };
}

/// A version as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    /// Its number, from 1.
    pub version: i64,
    /// Its document, which speaks of groups by their ids.
    pub document: String,
    /// Who applied it.
    pub author: Actor,
    /// What they said about it.
    pub comment: String,
    /// When it was applied.
    pub made: Timestamp,
    /// From when it is in force.
    pub effective: Timestamp,
    /// When it was undone, if so.
    pub undone: Option<Timestamp>,
    /// What it did to people when it was applied, as JSON.
    pub impact: String,
}

/// Covers every column.
fn mac(policy: &StoredPolicy) -> RowMac {
    RowMac::new(TABLE)
        .with(policy.version)
        .with(&policy.document)
        .with(&policy.author.to_string())
        .with(&policy.comment)
        .with(policy.made)
        .with(policy.effective)
        .with(policy.undone)
        .with(&policy.impact)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<StoredPolicy, StoreError> {
    let mut columns = row.columns(TABLE);
    let policy = StoredPolicy {
        version: columns.integer()?,
        document: columns.text()?,
        author: columns.word(|text| text.parse().ok())?,
        comment: columns.text()?,
        made: columns.time()?,
        effective: columns.time()?,
        undone: columns.optional_time()?,
        impact: columns.text()?,
    };
    mac(&policy).check(tx.keys(), &columns.bytes()?, policy.version)?;
    Ok(policy)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<StoredPolicy>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Adds a version; `false` if there is one of that number.
pub fn insert(tx: &mut Tx<'_>, policy: &StoredPolicy) -> Result<bool, StoreError> {
    let mac = mac(policy).make(tx.keys());
    let changed = tx.execute(
        "INSERT INTO policies (version, document, author, comment, made, effective, undone, impact, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        &[
            policy.version.into(),
            (&policy.document).into(),
            (&policy.author.to_string()).into(),
            (&policy.comment).into(),
            policy.made.into(),
            policy.effective.into(),
            policy.undone.into(),
            (&policy.impact).into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The number of the newest version, undone or not; zero where there is none.
pub fn newest(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = tx.query_one("SELECT version FROM policies ORDER BY version DESC LIMIT 1", &[])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// The number of the newest version that was not undone, in force or not yet; zero where it is the configuration's.
pub fn newest_standing(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let sql = "SELECT version FROM policies WHERE undone IS NULL ORDER BY version DESC LIMIT 1";
    tx.query_one(sql, &[])?.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// The number of the version in force, zero where it is the configuration's. It decides nothing: whoever finds that it is
/// another one than before reads [`in_force`].
pub fn number_in_force(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, StoreError> {
    let sql =
        "SELECT version FROM policies WHERE undone IS NULL AND effective <= $1 ORDER BY version DESC LIMIT 1";
    let row = tx.query_one(sql, &[now.into()])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).integer())
}

/// The version in force; absent where it is the configuration's.
pub fn in_force(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<StoredPolicy>, StoreError> {
    let sql = select!("WHERE undone IS NULL AND effective <= $1 ORDER BY version DESC LIMIT 1");
    find(tx, sql, &[now.into()])
}

/// The version that would be in force without `version`.
pub fn in_force_without(
    tx: &mut Tx<'_>,
    version: i64,
    now: Timestamp,
) -> Result<Option<StoredPolicy>, StoreError> {
    let sql =
        select!("WHERE undone IS NULL AND effective <= $1 AND version <> $2 ORDER BY version DESC LIMIT 1");
    find(tx, sql, &[now.into(), version.into()])
}

/// That version.
pub fn by_version(tx: &mut Tx<'_>, version: i64) -> Result<Option<StoredPolicy>, StoreError> {
    find(tx, select!("WHERE version = $1"), &[version.into()])
}

/// Versions before `before`, the newest first, at most `limit`.
pub fn list(tx: &mut Tx<'_>, before: Option<i64>, limit: u32) -> Result<Vec<StoredPolicy>, StoreError> {
    let rows = tx.query(
        select!("WHERE version < $1 ORDER BY version DESC LIMIT $2"),
        &[before.unwrap_or(i64::MAX).into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Undoes a version that was read in this transaction; `false` if somebody else was first.
pub fn undo(tx: &mut Tx<'_>, policy: &StoredPolicy, at: Timestamp) -> Result<bool, StoreError> {
    let undone = StoredPolicy { undone: Some(at), ..policy.clone() };
    let mac = mac(&undone).make(tx.keys());
    let changed = tx.execute(
        "UPDATE policies SET undone = $2, mac = $3 WHERE version = $1 AND undone IS NULL",
        &[policy.version.into(), at.into(), (&mac).into()],
    )?;
    Ok(changed == 1)
}

/// Checks every row behind `after`, a number of eight bytes, in their order, a page of them; gives the numbers.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let after = after.try_into().map_or(0, i64::from_be_bytes);
    let rows = tx.query(
        select!("WHERE version > $1 ORDER BY version LIMIT $2"),
        &[after.into(), crate::SWEEP.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row).map(|policy| policy.version.to_be_bytes().to_vec())).collect()
}
