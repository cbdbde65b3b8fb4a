//! The table `pass_requests`: who could not sign in and asked for a pass.
//!
//! No MAC: a request grants nothing; whoever serves it decides about the account, whose row has one. Requests for names
//! that are nobody's are kept as well, so that asking looks and costs the same; there are never more than [`MOST`].

use account::pass_request::{Closed, KEPT, MOST, MOST_OF_ONE, Outcome, PassRequest, PassRequestId, Reason};
use account::session::ClientLabel;
use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;

const TABLE: &str = "pass_requests";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, login_key, reference, contact, colleague, reason, client_browser, client_address, \
             at, closed, outcome, closed_by FROM pass_requests ",
            $rest
        )
    };
}

fn read(row: Row) -> Result<PassRequest, StoreError> {
    let mut columns = row.columns(TABLE);
    let mut request = PassRequest {
        id: columns.id()?,
        user: columns.optional_id()?,
        login_key: columns.text()?,
        reference: columns.text()?,
        contact: columns.text()?,
        colleague: columns.text()?,
        reason: columns.word(Reason::parse)?,
        client: ClientLabel { browser: columns.text()?, address: columns.text()? },
        at: columns.time()?,
        closed: None,
    };
    request.closed = match (columns.optional_time()?, columns.optional_text()?, columns.optional_text()?) {
        (None, None, None) => None,
        (Some(at), Some(outcome), Some(by)) => {
            Some(Closed { at, outcome: Outcome::parse(&outcome).ok_or_else(|| columns.bad())?, by })
        }
        _ => return Err(columns.bad()),
    };
    Ok(request)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<PassRequest>, StoreError> {
    tx.query_one(sql, params)?.map(read).transpose()
}

/// Stores a request. Of open ones for the same name the first and the latest stay, [`MOST_OF_ONE`] in all.
pub fn insert(tx: &mut Tx<'_>, request: &PassRequest) -> Result<(), StoreError> {
    remove_repeated(tx, &request.login_key)?;
    tx.execute(
        "INSERT INTO pass_requests (id, user_id, login_key, reference, contact, colleague, reason, client_browser, \
         client_address, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (&request.id).into(),
            request.user.as_ref().into(),
            (&request.login_key).into(),
            (&request.reference).into(),
            (&request.contact).into(),
            (&request.colleague).into(),
            request.reason.as_str().into(),
            (&request.client.browser).into(),
            (&request.client.address).into(),
            request.at.into(),
        ],
    )?;
    remove_crowded(tx)
}

/// Makes room for one more open request for that name.
fn remove_repeated(tx: &mut Tx<'_>, login_key: &str) -> Result<(), StoreError> {
    let rows = tx.query(
        "SELECT id FROM pass_requests WHERE login_key = $1 AND closed IS NULL ORDER BY at, id",
        &[login_key.into()],
    )?;
    let open = rows
        .into_iter()
        .map(|row| row.columns(TABLE).id())
        .collect::<Result<Vec<PassRequestId>, StoreError>>()?;
    let excess = (open.len() + 1).saturating_sub(MOST_OF_ONE);
    for id in open.iter().skip(1).take(excess) {
        tx.execute("DELETE FROM pass_requests WHERE id = $1", &[id.into()])?;
    }
    Ok(())
}

/// The request of that id, if it names an account.
pub fn by_id(tx: &mut Tx<'_>, id: PassRequestId) -> Result<Option<PassRequest>, StoreError> {
    find(tx, select!("WHERE id = $1 AND user_id IS NOT NULL"), &[(&id).into()])
}

/// The newest request of that reference, if it names an account.
pub fn by_reference(tx: &mut Tx<'_>, reference: &str) -> Result<Option<PassRequest>, StoreError> {
    find(
        tx,
        select!("WHERE reference = $1 AND user_id IS NOT NULL ORDER BY at DESC LIMIT 1"),
        &[reference.into()],
    )
}

/// Open requests that name an account, oldest first.
pub fn open(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<PassRequest>, StoreError> {
    let rows = tx.query(
        select!("WHERE closed IS NULL AND user_id IS NOT NULL ORDER BY at, id LIMIT $1"),
        &[limit.into()],
    )?;
    rows.into_iter().map(read).collect()
}

/// How many there are.
pub fn count_open(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    let row =
        tx.query_one("SELECT COUNT(*) FROM pass_requests WHERE closed IS NULL AND user_id IS NOT NULL", &[])?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}

/// The user's newest request since `since`, whatever became of it.
pub fn newest_of(tx: &mut Tx<'_>, user: UserId, since: Timestamp) -> Result<Option<PassRequest>, StoreError> {
    find(
        tx,
        select!("WHERE user_id = $1 AND at > $2 ORDER BY at DESC LIMIT 1"),
        &[(&user).into(), since.into()],
    )
}

/// Closes an open request; `false` if somebody else was first.
pub fn close(tx: &mut Tx<'_>, id: PassRequestId, closed: &Closed) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "UPDATE pass_requests SET closed = $2, outcome = $3, closed_by = $4 \
         WHERE id = $1 AND closed IS NULL RETURNING id",
        &[(&id).into(), closed.at.into(), closed.outcome.as_str().into(), (&closed.by).into()],
    )?;
    Ok(row.is_some())
}

/// Removes what is older than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM pass_requests WHERE id IN (SELECT id FROM pass_requests WHERE at < $1 ORDER BY at, id LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Removes what is beyond [`MOST`]: names that are nobody's first, then what was dealt with, then the oldest.
fn remove_crowded(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM pass_requests", &[])?;
    let count = row.map_or(Ok(0), |row| row.columns(TABLE).integer())?;
    let excess = count.saturating_sub(MOST).min(crate::SWEEP);
    if excess > 0 {
        tx.execute(
            "DELETE FROM pass_requests WHERE id IN (SELECT id FROM pass_requests ORDER BY \
             CASE WHEN user_id IS NULL THEN 0 WHEN closed IS NOT NULL THEN 1 ELSE 2 END, at, id LIMIT $1)",
            &[excess.into()],
        )?;
    }
    Ok(())
}
