//! The table `passwords`: one row for each account that has a password, or whose password was turned off.

use account::password::Password;
use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "passwords";

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT user_id, hash, since, must_change, parked, mac FROM passwords ", $rest)
    };
}

/// Covers every column.
fn mac(password: &Password, parked: Option<&String>) -> RowMac {
    RowMac::new(TABLE)
        .with(&password.user)
        .with(password.hash.as_ref())
        .with(password.since)
        .with(password.must_change)
        .with(parked)
}

/// A password, and the hash that waits for a freeze to be lifted.
fn read(tx: &Tx<'_>, row: Row) -> Result<(Password, Option<String>), StoreError> {
    let mut columns = row.columns(TABLE);
    let password = Password {
        user: columns.id()?,
        hash: columns.optional_text()?,
        since: columns.time()?,
        must_change: columns.truth()?,
    };
    let parked = columns.optional_text()?;
    mac(&password, parked.as_ref()).check(tx.keys(), &columns.bytes()?, password.user)?;
    Ok((password, parked))
}

fn find(tx: &mut Tx<'_>, user: UserId) -> Result<Option<(Password, Option<String>)>, StoreError> {
    let row = tx.query_one(select!("WHERE user_id = $1"), &[(&user).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// The password of a user, turned off or not. The owner's row is what its changes meet on.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Password>, StoreError> {
    Ok(find(tx, user)?.map(|(password, _)| password))
}

/// Those of the users whose ids lie behind `after` and not behind `last`, user by user.
pub fn of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<Password>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row).map(|(password, _)| password)).collect()
}

/// Stores a password in place of whatever there was, a parked one included. The caller holds the owner's row.
pub fn put(tx: &mut Tx<'_>, password: &Password) -> Result<(), StoreError> {
    write(tx, password, None)
}

fn write(tx: &mut Tx<'_>, password: &Password, parked: Option<&String>) -> Result<(), StoreError> {
    let mac = mac(password, parked).make(tx.keys());
    tx.execute(
        "INSERT INTO passwords (user_id, hash, since, must_change, parked, mac) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, since = excluded.since, \
         must_change = excluded.must_change, parked = excluded.parked, mac = excluded.mac",
        &[
            (&password.user).into(),
            password.hash.as_ref().into(),
            password.since.into(),
            password.must_change.into(),
            parked.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// Turns a password off at `now` and keeps it for [`unpark`]; `false` if there is none that is on.
pub fn park(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let Some(mut password) = of_user(tx, user)? else { return Ok(false) };
    let Some(hash) = password.hash.take() else { return Ok(false) };
    password.since = now;
    write(tx, &password, Some(&hash))?;
    Ok(true)
}

/// Since when the user's password is parked, if it is.
pub fn parked_since(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Timestamp>, StoreError> {
    Ok(find(tx, user)?.and_then(|(password, parked)| parked.map(|_| password.since)))
}

/// Turns a parked password on again, as of `now`; `false` if none is parked.
pub fn unpark(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let Some((password, Some(parked))) = find(tx, user)? else { return Ok(false) };
    put(tx, &Password { hash: Some(parked), since: now, ..password })?;
    Ok(true)
}

/// Forgets that a password was turned off; `false` if it was not.
pub fn forget_turned_off(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    let gone = tx.query_one(
        "DELETE FROM passwords WHERE user_id = $1 AND hash IS NULL RETURNING user_id",
        &[(&user).into()],
    )?;
    Ok(gone.is_some())
}

/// Checks the rows whose users are behind `after`, in their order, a page of them; gives the users.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 ORDER BY user_id LIMIT $2"),
        &[after.into(), crate::SWEEP.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row).map(|(password, _)| password.user.as_bytes().to_vec())).collect()
}
