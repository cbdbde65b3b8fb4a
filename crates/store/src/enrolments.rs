//! The table `enrolments`: errands by which a computer hands the creation of a passkey to a phone.
//!
//! A row is found by a keyed digest of its ticket, or of the short code that people type; neither stands in it but
//! sealed. What was moved is written only if nobody else has moved it since it was read.

use account::enrolment::{Device, Enrolment, EnrolmentId, Mode, State};
use account::session::SessionId;
use account::user::UserId;
use primitives::digest::Digest;
use primitives::keys::Purpose;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "enrolments";

/// How long a row stays after its end: the computer's page says for a while what became of it.
pub const KEPT: Span = Span::from_hours(1);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, session_id, ticket, code, ends, version, body, mac FROM enrolments ",
            $rest
        )
    };
}

/// All that decides, as the row holds it.
#[derive(Serialize, Deserialize)]
struct Body {
    mode: Mode,
    desktop: Device,
    another_tried: bool,
    sealed: String,
    state: State,
}

/// By what a row is found: digests of its ticket and of its code, the latter empty where there is none.
struct Found {
    ticket: Digest,
    code: Vec<u8>,
}

fn body(enrolment: &Enrolment) -> Result<String, StoreError> {
    let Enrolment { mode, desktop, another_tried, sealed, state, .. } = enrolment.clone();
    let body = Body { mode, desktop, another_tried, sealed, state };
    serde_json::to_string(&body).map_err(|error| StoreError::Database(error.to_string()))
}

/// Covers every column.
fn mac(enrolment: &Enrolment, found: &Found, body: &str) -> RowMac {
    RowMac::new(TABLE)
        .with(&enrolment.id)
        .with(&enrolment.user)
        .with(&enrolment.session)
        .with(&found.ticket)
        .with(&found.code)
        .with(enrolment.ends)
        .with(enrolment.version)
        .with(body)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<(Enrolment, Found), StoreError> {
    let mut columns = row.columns(TABLE);
    let (id, user, session) = (columns.id()?, columns.id()?, columns.id()?);
    let found = Found { ticket: columns.array()?, code: columns.bytes()? };
    let (ends, version) = (columns.time()?, columns.count()?);
    let text = columns.text()?;
    let Body { mode, desktop, another_tried, sealed, state } =
        serde_json::from_str(&text).map_err(|_| columns.bad())?;
    let enrolment =
        Enrolment { id, user, session, mode, desktop, ends, another_tried, sealed, version, state };
    mac(&enrolment, &found, &text).check(tx.keys(), &columns.bytes()?, id)?;
    Ok((enrolment, found))
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Enrolment>, StoreError> {
    let row = tx.query_one(sql, params)?;
    row.map(|row| read(tx, row).map(|(enrolment, _)| enrolment)).transpose()
}

/// What a ticket is looked up by; led by its kind, so that no code is ever a ticket.
fn ticket_text(ticket: &[u8; 16]) -> Vec<u8> {
    [b"enrolment ticket ".as_slice(), ticket].concat()
}

fn code_text(code: &str) -> Vec<u8> {
    [b"enrolment code ".as_slice(), code.as_bytes()].concat()
}

/// Stores a new errand under its ticket and, where people may type one, its code.
pub fn insert(
    tx: &mut Tx<'_>,
    enrolment: &Enrolment,
    ticket: &[u8; 16],
    code: Option<&str>,
) -> Result<(), StoreError> {
    let lookup = |text: Vec<u8>| tx.keys().lookup(Purpose::TokenLookup, &text);
    let found = Found {
        ticket: lookup(ticket_text(ticket)),
        code: code.map_or_else(Vec::new, |code| lookup(code_text(code)).to_vec()),
    };
    let body = body(enrolment)?;
    let mac = mac(enrolment, &found, &body).make(tx.keys());
    tx.execute(
        "INSERT INTO enrolments (id, user_id, session_id, ticket, code, ends, version, body, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            (&enrolment.id).into(),
            (&enrolment.user).into(),
            (&enrolment.session).into(),
            (&found.ticket).into(),
            (&found.code).into(),
            enrolment.ends.into(),
            enrolment.version.into(),
            (&body).into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The errand of that id, whoever's it is.
pub fn by_id(tx: &mut Tx<'_>, id: EnrolmentId) -> Result<Option<Enrolment>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The errand of that id, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: EnrolmentId) -> Result<Option<Enrolment>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])
}

/// The errand of that ticket, made under whichever of the ring's keys.
pub fn by_ticket(tx: &mut Tx<'_>, ticket: &[u8; 16]) -> Result<Option<Enrolment>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, &ticket_text(ticket)) {
        if let Some(found) = find(tx, select!("WHERE ticket = $1"), &[(&digest).into()])? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The newest errand of that code. Two that happen to share a code at one time are not worth a refusal: the older one
/// is still found by its ticket.
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Enrolment>, StoreError> {
    for digest in tx.keys().lookups(Purpose::TokenLookup, &code_text(code)) {
        let newest = select!("WHERE code = $1 ORDER BY id DESC LIMIT 1");
        if let Some(found) = find(tx, newest, &[(&digest).into()])? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The errands of a user that are still kept, newest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Enrolment>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY id DESC"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(enrolment, _)| enrolment)).collect()
}

/// The errands that a session began and that have not ended by time at `now`, newest first.
pub fn of_session(
    tx: &mut Tx<'_>,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<Vec<Enrolment>, StoreError> {
    let mut own = of_user(tx, user)?;
    own.retain(|enrolment| enrolment.session == session && enrolment.ends > now);
    Ok(own)
}

/// Writes back how an errand stands and whether another browser tried to take it up; `false` if it has been moved since
/// `from` was read.
pub fn advance(tx: &mut Tx<'_>, from: &Enrolment, to: &Enrolment) -> Result<bool, StoreError> {
    let row = tx.query_one(select!("WHERE id = $1 FOR UPDATE"), &[(&from.id).into()])?;
    let Some((stored, found)) = row.map(|row| read(tx, row)).transpose()? else { return Ok(false) };
    let next = Enrolment {
        another_tried: to.another_tried,
        version: from.version.saturating_add(1),
        state: to.state.clone(),
        ..stored
    };
    let body = body(&next)?;
    let mac = mac(&next, &found, &body).make(tx.keys());
    let changed = tx.execute(
        "UPDATE enrolments SET version = $2, body = $3, mac = $4 WHERE id = $1 AND version = $5",
        &[(&next.id).into(), next.version.into(), (&body).into(), (&mac).into(), from.version.into()],
    )?;
    Ok(changed == 1)
}

/// Removes every errand, after a restore was accepted: what it says may have been stopped since.
pub(crate) fn remove_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM enrolments", &[])
}

/// Removes errands that ended more than [`KEPT`] before [`Tx::now`], at most [`crate::SWEEP`]; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM enrolments WHERE id IN (SELECT id FROM enrolments WHERE ends < $1 ORDER BY ends LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|(found, _)| found.id.as_bytes().to_vec())).collect()
}
