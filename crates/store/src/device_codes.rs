//! The table `device_codes`: devices that wait to be let in (RFC 8628).
//!
//! A row is found by a keyed digest of the code that the device keeps, or of the one that people type; neither stands in
//! it. How often the device has asked stands outside of the MAC: whoever moves it lets the device ask sooner, and no more.

use account::device_code::{DeviceCode, DeviceCodeId, Request, State};
use primitives::digest::Digest;
use primitives::keys::Purpose;
use primitives::secret::Token;
use primitives::time::{Span, Timestamp};
use serde::Serialize;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "device_codes";

/// How long a row stays after its end: a device that asks late is told what happened.
pub const KEPT: Span = Span::from_hours(1);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, device_code, user_code, client_id, request, state, polled, pause, created, ends, mac \
             FROM device_codes ",
            $rest
        )
    };
}

/// By what a row is found.
struct Found {
    device: Digest,
    user: Digest,
}

/// What the MAC covers beside what the row is found by.
struct Texts {
    request: String,
    state: String,
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(error.to_string()))
}

fn mac(code: &DeviceCode, found: &Found, texts: &Texts) -> RowMac {
    RowMac::new(TABLE)
        .with(&code.id)
        .with(&found.device)
        .with(&found.user)
        .with(code.client.as_str())
        .with(texts.request.as_str())
        .with(texts.state.as_str())
        .with(code.created)
        .with(code.ends)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<(DeviceCode, Found), StoreError> {
    let mut columns = row.columns(TABLE);
    let id: DeviceCodeId = columns.id()?;
    let found = Found { device: columns.array()?, user: columns.array()? };
    let client = columns.text()?;
    let texts = Texts { request: columns.text()?, state: columns.text()? };
    let unreadable = |_| crate::row_mac::forged(TABLE, id);
    let code = DeviceCode {
        id,
        client,
        // The texts are what the MAC covers; a thief's text is reported as forged, not as unreadable.
        request: serde_json::from_str::<Request>(&texts.request).map_err(unreadable)?,
        state: serde_json::from_str::<State>(&texts.state).map_err(unreadable)?,
        polled: columns.optional_time()?,
        pause: Span::from_micros(columns.integer()?),
        created: columns.time()?,
        ends: columns.time()?,
    };
    mac(&code, &found, &texts).check(tx.keys(), &columns.bytes()?, id)?;
    Ok((code, found))
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<(DeviceCode, Found)>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// What a code is looked up by; led by its kind, so that no code of one kind is ever one of the other.
fn device_text(code: &Token) -> Vec<u8> {
    [b"device code ".as_slice(), code.as_bytes()].concat()
}

fn user_text(code: &str) -> Vec<u8> {
    [b"device user code ".as_slice(), code.as_bytes()].concat()
}

/// Stores a device under its two codes; `false` if the one that people type is taken.
pub fn insert(tx: &mut Tx<'_>, code: &DeviceCode, device: &Token, user: &str) -> Result<bool, StoreError> {
    let found = Found {
        device: tx.keys().lookup(Purpose::TokenLookup, &device_text(device)),
        user: tx.keys().lookup(Purpose::TokenLookup, &user_text(user)),
    };
    let texts = Texts { request: json(&code.request)?, state: json(&code.state)? };
    let mac = mac(code, &found, &texts).make(tx.keys());
    let stored = tx.execute(
        "INSERT INTO device_codes (id, device_code, user_code, client_id, address, request, state, pause, created, \
         ends, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        &[
            (&code.id).into(),
            (&found.device).into(),
            (&found.user).into(),
            (&code.client).into(),
            (&code.request.device.address).into(),
            (&texts.request).into(),
            (&texts.state).into(),
            code.pause.micros().into(),
            code.created.into(),
            code.ends.into(),
            (&mac).into(),
        ],
    )?;
    Ok(stored == 1)
}

/// How many are stored, and how many of these were asked for from `address`; both no more than `limit`.
pub fn count(tx: &mut Tx<'_>, address: &str, limit: i64) -> Result<(i64, i64), StoreError> {
    let all =
        tx.query_one("SELECT COUNT(*) FROM (SELECT 1 FROM device_codes LIMIT $1) AS open", &[limit.into()])?;
    let here = tx.query_one(
        "SELECT COUNT(*) FROM (SELECT 1 FROM device_codes WHERE address = $1 LIMIT $2) AS open",
        &[address.into(), limit.into()],
    )?;
    let number = |row: Option<Row>| row.map_or(Ok(0), |row| row.columns(TABLE).integer());
    Ok((number(all)?, number(here)?))
}

/// The device that keeps this code, made under whichever of the ring's keys.
pub fn by_device_code(tx: &mut Tx<'_>, code: &Token) -> Result<Option<DeviceCode>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, &device_text(code)) {
        if let Some((found, _)) = find(tx, select!("WHERE device_code = $1"), &[(&digest).into()])? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The device that shows this code, as [`oidc::device::normalise`] gives it.
pub fn by_user_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<DeviceCode>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, &user_text(code)) {
        if let Some((found, _)) = find(tx, select!("WHERE user_code = $1"), &[(&digest).into()])? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The device of that id, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: DeviceCodeId) -> Result<Option<DeviceCode>, StoreError> {
    Ok(find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])?.map(|(code, _)| code))
}

/// Writes down what a person made of a device that waited; `false` if somebody else was first.
pub fn decide(tx: &mut Tx<'_>, id: DeviceCodeId, state: State) -> Result<bool, StoreError> {
    let Some((code, found)) = find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])? else {
        return Ok(false);
    };
    if code.state != State::Waiting {
        return Ok(false);
    }
    let before = json(&code.state)?;
    let next = DeviceCode { state, ..code };
    let texts = Texts { request: json(&next.request)?, state: json(&next.state)? };
    let mac = mac(&next, &found, &texts).make(tx.keys());
    let moved = tx.execute(
        "UPDATE device_codes SET state = $2, mac = $3 WHERE id = $1 AND state = $4",
        &[(&id).into(), (&texts.state).into(), (&mac).into(), (&before).into()],
    )?;
    Ok(moved == 1)
}

/// Writes down that the device asked, and how long it has to wait from now on.
pub fn polled(tx: &mut Tx<'_>, id: DeviceCodeId, at: Timestamp, pause: Span) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE device_codes SET polled = $2, pause = $3 WHERE id = $1",
        &[(&id).into(), at.into(), pause.micros().into()],
    )?;
    Ok(())
}

/// Takes a device out of the table, its tokens being fetched; `false` if somebody else was first.
pub fn take(tx: &mut Tx<'_>, id: DeviceCodeId) -> Result<bool, StoreError> {
    let gone = tx.query_one("DELETE FROM device_codes WHERE id = $1 RETURNING id", &[(&id).into()])?;
    Ok(gone.is_some())
}

/// Removes what ended more than [`KEPT`] before [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM device_codes WHERE id IN (SELECT id FROM device_codes WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(code, _)| code.id.as_bytes().to_vec())).collect()
}
