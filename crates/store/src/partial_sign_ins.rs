//! The table `partial_sign_ins`: passwords that were right and whose second step is outstanding. Found, like sessions,
//! by a keyed digest of a token that is nowhere else.

use account::sign_in_step::{PartialSignIn, SecondMethod};
use account::user::UserId;
use primitives::digest::Digest;
use primitives::encoding;
use primitives::keys::Purpose;
use primitives::secret::Token;
use primitives::time::Timestamp;

use crate::db::{Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "partial_sign_ins";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT token, user_id, browser, security_epoch, deployment_epoch, password_at, ends, second, second_at, \
             mac FROM partial_sign_ins ",
            $rest
        )
    };
}

/// Covers every column.
fn mac(partial: &PartialSignIn, token: &Digest) -> RowMac {
    RowMac::new(TABLE)
        .with(token)
        .with(&partial.user)
        .with(&partial.browser)
        .with(partial.security_epoch)
        .with(partial.deployment_epoch)
        .with(partial.password_at)
        .with(partial.ends)
        .with(partial.second.map(|(method, _)| method.as_str()))
        .with(partial.second.map(|(_, at)| at))
}

fn read(tx: &Tx<'_>, row: Row) -> Result<(PartialSignIn, Digest), StoreError> {
    let mut columns = row.columns(TABLE);
    let token: Digest = columns.array()?;
    let partial = PartialSignIn {
        user: columns.id()?,
        browser: columns.array()?,
        security_epoch: columns.integer()?,
        deployment_epoch: columns.integer()?,
        password_at: columns.time()?,
        ends: columns.time()?,
        second: second(columns.optional_text()?.as_deref(), columns.optional_time()?),
    };
    mac(&partial, &token).check(tx.keys(), &columns.bytes()?, encoding::hex(&token))?;
    Ok((partial, token))
}

/// Any other value than those written here fails the check of the row's MAC.
fn second(method: Option<&str>, at: Option<Timestamp>) -> Option<(SecondMethod, Timestamp)> {
    method.and_then(SecondMethod::parse).zip(at)
}

/// Stores one under its token, in place of what the same browser had begun for the same account.
pub fn insert(tx: &mut Tx<'_>, partial: &PartialSignIn, token: &Token) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM partial_sign_ins WHERE user_id = $1 AND browser = $2",
        &[(&partial.user).into(), (&partial.browser).into()],
    )?;
    let token = tx.keys().lookup(Purpose::TokenLookup, token.as_bytes());
    let mac = mac(partial, &token).make(tx.keys());
    tx.execute(
        "INSERT INTO partial_sign_ins (token, user_id, browser, security_epoch, deployment_epoch, password_at, ends, \
         second, second_at, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (&token).into(),
            (&partial.user).into(),
            (&partial.browser).into(),
            partial.security_epoch.into(),
            partial.deployment_epoch.into(),
            partial.password_at.into(),
            partial.ends.into(),
            partial.second.map(|(method, _)| method.as_str()).into(),
            partial.second.map(|(_, at)| at).into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The one of that token, made under whichever of the ring's keys.
pub fn by_token(tx: &mut Tx<'_>, token: &Token) -> Result<Option<PartialSignIn>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, token.as_bytes()) {
        if let Some(row) = tx.query_one(select!("WHERE token = $1"), &[(&digest).into()])? {
            return read(tx, row).map(|(partial, _)| Some(partial));
        }
    }
    Ok(None)
}

/// Takes the one of that token, to finish it; `None` if somebody else was first.
pub fn take(tx: &mut Tx<'_>, token: &Token) -> Result<Option<PartialSignIn>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, token.as_bytes()) {
        let row = tx.query_one(
            "DELETE FROM partial_sign_ins WHERE token = $1 RETURNING token, user_id, browser, security_epoch, \
             deployment_epoch, password_at, ends, second, second_at, mac",
            &[(&digest).into()],
        )?;
        if let Some(row) = row {
            return read(tx, row).map(|(partial, _)| Some(partial));
        }
    }
    Ok(None)
}

/// Removes all of a user; says how many.
pub fn remove_of_user(tx: &mut Tx<'_>, user: UserId) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM partial_sign_ins WHERE user_id = $1", &[(&user).into()])
}

/// Removes all of everybody, after a restore was accepted.
pub(crate) fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM partial_sign_ins", &[])
}

/// Removes those that ended before [`Tx::now`], at most [`crate::SWEEP`]; says how many. Nothing depends on it.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let now = tx.now()?;
    tx.execute(
        "DELETE FROM partial_sign_ins WHERE token IN \
         (SELECT token FROM partial_sign_ins WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[now.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose tokens' digests are behind `after`, in their order, a page of them; gives the digests.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE token > $1 ORDER BY token LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(_, token)| token.to_vec())).collect()
}
