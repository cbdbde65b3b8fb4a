//! The table `authenticator_codes`: one authenticator app for each account, its secret sealed by the caller.

use account::authenticator_code::AuthenticatorCodes;
use account::user::UserId;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "authenticator_codes";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT user_id, secret, created, last_step, last_used, failures, mac FROM authenticator_codes ",
            $rest
        )
    };
}

/// Covers every column.
fn mac(codes: &AuthenticatorCodes) -> RowMac {
    RowMac::new(TABLE)
        .with(&codes.user)
        .with(&codes.sealed)
        .with(codes.created)
        .with(codes.last_step)
        .with(codes.last_used)
        .with(codes.failures)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<AuthenticatorCodes, StoreError> {
    let mut columns = row.columns(TABLE);
    let codes = AuthenticatorCodes {
        user: columns.id()?,
        sealed: columns.bytes()?,
        created: columns.time()?,
        last_step: columns.integer()?,
        last_used: columns.optional_time()?,
        failures: columns.count()?,
    };
    mac(&codes).check(tx.keys(), &columns.bytes()?, codes.user)?;
    Ok(codes)
}

/// The authenticator app of a user.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Option<AuthenticatorCodes>, StoreError> {
    let row = tx.query_one(select!("WHERE user_id = $1"), &[(&user).into()])?;
    row.map(|row| read(tx, row)).transpose()
}

/// Those of the users whose ids lie behind `after` and not behind `last`, user by user.
pub fn of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<AuthenticatorCodes>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Stores an authenticator app in place of whatever there was. The caller holds the owner's row.
pub fn put(tx: &mut Tx<'_>, codes: &AuthenticatorCodes) -> Result<(), StoreError> {
    let mac = mac(codes).make(tx.keys());
    tx.execute(
        "INSERT INTO authenticator_codes (user_id, secret, created, last_step, last_used, failures, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, \
         created = excluded.created, last_step = excluded.last_step, last_used = excluded.last_used, \
         failures = excluded.failures, mac = excluded.mac",
        &[
            (&codes.user).into(),
            (&codes.sealed).into(),
            codes.created.into(),
            codes.last_step.into(),
            codes.last_used.into(),
            codes.failures.into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// Moves it from how `from` stands to how `to` stands (last step, last use and failures only); `false` if it no longer
/// stands so: the step was used meanwhile, or another try was counted.
pub fn advance(
    tx: &mut Tx<'_>,
    from: &AuthenticatorCodes,
    to: &AuthenticatorCodes,
) -> Result<bool, StoreError> {
    let moved = AuthenticatorCodes {
        last_step: to.last_step,
        last_used: to.last_used,
        failures: to.failures,
        ..from.clone()
    };
    let mac = mac(&moved).make(tx.keys());
    let row = tx.query_one(
        "UPDATE authenticator_codes SET last_step = $2, last_used = $3, failures = $4, mac = $5 \
         WHERE user_id = $1 AND last_step = $6 AND failures = $7 AND created = $8 RETURNING user_id",
        &[
            (&from.user).into(),
            moved.last_step.into(),
            moved.last_used.into(),
            moved.failures.into(),
            (&mac).into(),
            from.last_step.into(),
            from.failures.into(),
            from.created.into(),
        ],
    )?;
    Ok(row.is_some())
}

/// Removes it; `false` if there was none.
pub fn remove(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    let gone = tx.query_one(
        "DELETE FROM authenticator_codes WHERE user_id = $1 RETURNING user_id",
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
    rows.into_iter().map(|row| read(tx, row).map(|codes| codes.user.as_bytes().to_vec())).collect()
}
