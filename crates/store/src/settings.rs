//! The tables `settings` and `time_floor`: what there is one of in a deployment.

use account::user::UserId;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};
use crate::{enrolments, partial_sign_ins, pass_orders, recovery_codes, sessions, temporary_passes, users};

const TABLE: &str = "settings";
const DEPLOYMENT: &str = "deployment";

/// What the deployment as a whole has come to. One row, so that no part of it can be taken away alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Rises with every accepted restore; sessions remember the one they began in (DESIGN 5a.9).
    pub epoch: i64,
    /// Who completed the first set-up; there is one such person, ever.
    pub first_administrator: Option<UserId>,
}

fn mac(name: &str, value: &str) -> RowMac {
    RowMac::new(TABLE).with(name).with(value)
}

fn value(tx: &mut Tx<'_>, name: &str, lock: bool) -> Result<Option<String>, StoreError> {
    let sql = if lock {
        "SELECT value, mac FROM settings WHERE name = $1 FOR UPDATE"
    } else {
        "SELECT value, mac FROM settings WHERE name = $1"
    };
    let Some(row) = tx.query_one(sql, &[name.into()])? else { return Ok(None) };
    let mut columns = row.columns(TABLE);
    let value = columns.text()?;
    mac(name, &value).check(tx.keys(), &columns.bytes()?, name)?;
    Ok(Some(value))
}

/// A setting by its name.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    value(tx, name, false)
}

/// Writes a setting.
pub fn put(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let mac = mac(name, value).make(tx.keys());
    tx.execute(
        "INSERT INTO settings (name, value, mac) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value, mac = excluded.mac",
        &[name.into(), value.into(), (&mac).into()],
    )?;
    Ok(())
}

fn put_deployment(tx: &mut Tx<'_>, deployment: &Deployment) -> Result<(), StoreError> {
    let text = serde_json::to_string(deployment).map_err(|error| StoreError::Database(error.to_string()))?;
    put(tx, DEPLOYMENT, &text)
}

fn read_deployment(tx: &mut Tx<'_>, lock: bool) -> Result<Deployment, StoreError> {
    let text = value(tx, DEPLOYMENT, lock)?.ok_or_else(|| forged(TABLE, DEPLOYMENT))?;
    serde_json::from_str(&text).map_err(|_| forged(TABLE, DEPLOYMENT))
}

/// What the deployment has come to.
pub fn deployment(tx: &mut Tx<'_>) -> Result<Deployment, StoreError> {
    read_deployment(tx, false)
}

/// The same, its row locked until the transaction ends. What could make or unmake the first or the last
/// administrator meets here (DESIGN 5a.2).
pub fn lock_deployment(tx: &mut Tx<'_>) -> Result<Deployment, StoreError> {
    read_deployment(tx, true)
}

/// Marks the first set-up as completed by `user`; `false` if somebody else was first.
pub fn mark_first_administrator(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    let deployment = lock_deployment(tx)?;
    if deployment.first_administrator.is_some() {
        return Ok(false);
    }
    put_deployment(tx, &Deployment { first_administrator: Some(user), ..deployment })?;
    Ok(true)
}

/// Begins an epoch later than `seen` and than the database's own, and voids what the earlier ones had granted:
/// sessions, partial sign-ins and enrolments end, passes that are out are revoked, recovery codes are gone, because which
/// of them were used is forgotten. Gives the new epoch.
pub fn begin_epoch(tx: &mut Tx<'_>, seen: i64) -> Result<i64, StoreError> {
    let deployment = lock_deployment(tx)?;
    let epoch = deployment.epoch.max(seen).saturating_add(1);
    put_deployment(tx, &Deployment { epoch, ..deployment })?;
    let now = tx.now()?;
    sessions::remove_all(tx)?;
    enrolments::remove_all(tx)?;
    partial_sign_ins::remove_all(tx)?;
    recovery_codes::remove_all(tx)?;
    temporary_passes::revoke_outstanding(tx, now)?;
    pass_orders::withdraw_open(tx, now)?;
    Ok(epoch)
}

/// The operator vouches for the database's own clock although it is behind what this deployment has seen: the floor
/// goes down to it, and an epoch begins that voids whatever was granted by later times, one-time keys and lockouts
/// included. Gives the new epoch, the clock's time and by how much it is behind; [`crate::Db::reset_clock`] comes after the commit.
pub fn accept_clock(tx: &mut Tx<'_>) -> Result<(i64, Timestamp, Span), StoreError> {
    let (seen, now) = (tx.now()?, tx.database_time()?);
    let epoch = begin_epoch(tx, 0)?;
    // Every seal of an earlier epoch is void, so no challenge needs to be remembered.
    tx.execute("DELETE FROM spent", &[])?;
    tx.execute("DELETE FROM guesses", &[])?;
    tx.execute("DELETE FROM code_guesses", &[])?;
    tx.execute("UPDATE audit_lease SET until = 0", &[])?;
    tx.execute("UPDATE time_floor SET floor = $1", &[now.into()])?;
    Ok((epoch, now, seen.since(now)))
}

/// Makes the deployment's row in a new database, checks it in an old one, and gives the stored floor of the clock.
pub(crate) fn found(tx: &mut Tx<'_>) -> Result<Timestamp, StoreError> {
    let stored = value(tx, DEPLOYMENT, false)?;
    match stored {
        Some(_) => {
            deployment(tx)?;
        }
        // Only a database without accounts is new; in another one somebody took the row away.
        None if users::count(tx)? == 0 => {
            put_deployment(tx, &Deployment { epoch: 1, first_administrator: None })?
        }
        None => return Err(forged(TABLE, DEPLOYMENT)),
    }
    let row = tx.query_one("SELECT floor FROM time_floor", &[])?;
    row.map_or(Ok(Timestamp::EPOCH), |row| row.columns("time_floor").time())
}

/// Checks every row; gives how many there are.
pub(crate) fn check_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let mut count: u64 = 0;
    for row in tx.query("SELECT name FROM settings", &[])? {
        value(tx, &row.columns(TABLE).text()?, false)?;
        count = count.saturating_add(1);
    }
    deployment(tx)?;
    Ok(count)
}
