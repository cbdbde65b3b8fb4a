//! Accounts as provisioning systems look for them: by what they call them, and by place in a list.

use account::user::{User, UserId};

use crate::db::{Param, Tx};
use crate::error::StoreError;
use crate::users;

const TABLE: &str = "users";

fn one(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Vec<UserId>, StoreError> {
    tx.query(sql, params)?.into_iter().map(|row| row.columns(TABLE).id()).collect()
}

fn read(tx: &mut Tx<'_>, ids: Vec<UserId>) -> Result<Vec<User>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(users::by_id(tx, id)?.filter(|user| user.deleted.is_none()));
    }
    Ok(found)
}

/// Accounts that are not deleted, in the order in which they were added, from the `offset`-th on, at most `limit`.
pub fn page(tx: &mut Tx<'_>, offset: u64, limit: u32) -> Result<Vec<User>, StoreError> {
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    let ids = one(
        tx,
        "SELECT id FROM users WHERE deleted IS NULL ORDER BY id LIMIT $1 OFFSET $2",
        &[limit.into(), offset.into()],
    )?;
    read(tx, ids)
}

/// Accounts that are not deleted, in the same order, from behind `after`.
pub fn behind(tx: &mut Tx<'_>, after: Option<UserId>, limit: u32) -> Result<Vec<User>, StoreError> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes().as_slice());
    let ids = one(
        tx,
        "SELECT id FROM users WHERE deleted IS NULL AND id > $1 ORDER BY id LIMIT $2",
        &[after.into(), limit.into()],
    )?;
    read(tx, ids)
}

/// How many accounts are not deleted.
pub fn count(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM users WHERE deleted IS NULL", &[])?;
    let count = row.map_or(Ok(0), |row| row.columns(TABLE).integer())?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Accounts of that external id that are not deleted. A client may use one twice; at most ten are given.
pub fn by_external_id(tx: &mut Tx<'_>, external_id: &str) -> Result<Vec<User>, StoreError> {
    let ids =
        one(tx, "SELECT id FROM users WHERE external_id = $1 ORDER BY id LIMIT 10", &[external_id.into()])?;
    read(tx, ids)
}
