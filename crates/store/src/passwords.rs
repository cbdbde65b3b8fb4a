//! The table `passwords`: one row for each account that has a password, or whose password was turned off.

use account::password::Password;
use account::user::UserId;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "passwords";

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT user_id, hash, since, must_change, mac FROM passwords ", $rest)
    };
}

/// Covers every column.
fn mac(password: &Password) -> RowMac {
    RowMac::new(TABLE)
        .with(&password.user)
        .with(password.hash.as_ref())
        .with(password.since)
        .with(password.must_change)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Password, StoreError> {
    let mut columns = row.columns(TABLE);
    let password = Password {
        user: columns.id()?,
        hash: columns.optional_text()?,
        since: columns.time()?,
        must_change: columns.truth()?,
    };
    mac(&password).check(tx.keys(), &columns.bytes()?, password.user)?;
    Ok(password)
}

/// The password of a user, turned off or not. The owner's row is what its changes meet on.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Password>, StoreError> {
    let row = tx.query_one(select!("WHERE user_id = $1"), &[(&user).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// Stores a password in place of whatever there was. The caller holds the owner's row.
pub fn put(tx: &mut Tx<'_>, password: &Password) -> Result<(), StoreError> {
    let mac = mac(password).make(tx.keys());
    tx.execute(
        "INSERT INTO passwords (user_id, hash, since, must_change, mac) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, since = excluded.since, \
         must_change = excluded.must_change, mac = excluded.mac",
        &[
            (&password.user).into(),
            password.hash.as_ref().into(),
            password.since.into(),
            password.must_change.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
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
    rows.into_iter().map(|row| read(tx, row).map(|password| password.user.as_bytes().to_vec())).collect()
}
