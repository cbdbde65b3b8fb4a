//! The table `recovery_codes`: one set for each account, a row for each code.

use account::recovery_code::RecoveryCode;
use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "recovery_codes";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, number, set_id, salt, hash, created, used, mac FROM recovery_codes ",
            $rest
        )
    };
}

/// Covers every column.
fn mac(code: &RecoveryCode) -> RowMac {
    RowMac::new(TABLE)
        .with(&code.id)
        .with(&code.user)
        .with(code.number)
        .with(&code.set)
        .with(&code.salt)
        .with(&code.hash)
        .with(code.created)
        .with(code.used)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<RecoveryCode, StoreError> {
    let mut columns = row.columns(TABLE);
    let code = RecoveryCode {
        id: columns.id()?,
        user: columns.id()?,
        number: columns.count()?,
        set: columns.id()?,
        salt: columns.bytes()?,
        hash: columns.array()?,
        created: columns.time()?,
        used: columns.optional_time()?,
    };
    mac(&code).check(tx.keys(), &columns.bytes()?, code.id)?;
    Ok(code)
}

/// The codes of a user in their order, used ones among them.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<RecoveryCode>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY number"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Those of the users whose ids lie behind `after` and not behind `last`, user by user.
pub fn of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<RecoveryCode>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, number"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Users whose ids lie behind `after` and not behind `last` that have recovery codes, in their order, and whether one is
/// left. Their MACs are not checked, there being ten rows for each user: it is for forecasts, and lets nobody in.
pub fn left_of_users(
    tx: &mut Tx<'_>,
    after: UserId,
    last: UserId,
) -> Result<Vec<(UserId, bool)>, StoreError> {
    let rows = tx.query(
        "SELECT user_id, COUNT(*) - COUNT(used) FROM recovery_codes WHERE user_id > $1 AND user_id <= $2 \
         GROUP BY user_id ORDER BY user_id",
        &[(&after).into(), (&last).into()],
    )?;
    let left = |row: Row| {
        let mut columns = row.columns(TABLE);
        Ok((columns.id()?, columns.integer()? > 0))
    };
    rows.into_iter().map(left).collect()
}

/// Puts a set in place of whatever the user had. The caller holds the owner's row.
pub fn replace(tx: &mut Tx<'_>, user: UserId, codes: &[RecoveryCode]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM recovery_codes WHERE user_id = $1", &[(&user).into()])?;
    for code in codes {
        let mac = mac(code).make(tx.keys());
        tx.execute(
            "INSERT INTO recovery_codes (id, user_id, number, set_id, salt, hash, created, used, mac) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                (&code.id).into(),
                (&code.user).into(),
                code.number.into(),
                (&code.set).into(),
                (&code.salt).into(),
                (&code.hash).into(),
                code.created.into(),
                code.used.into(),
                (&mac).into(),
            ],
        )?;
    }
    Ok(())
}

/// Uses a code; `false` if somebody else was first, or the set was replaced.
pub fn take(tx: &mut Tx<'_>, code: &RecoveryCode, at: Timestamp) -> Result<bool, StoreError> {
    let used = RecoveryCode { used: Some(at), ..code.clone() };
    let mac = mac(&used).make(tx.keys());
    let row = tx.query_one(
        "UPDATE recovery_codes SET used = $2, mac = $3 WHERE id = $1 AND used IS NULL RETURNING id",
        &[(&code.id).into(), at.into(), (&mac).into()],
    )?;
    Ok(row.is_some())
}

/// Removes every code of everybody, after a restore was accepted: which of them had been used since is forgotten.
pub(crate) fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM recovery_codes", &[])
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|code| code.id.as_bytes().to_vec())).collect()
}
