//! The table `pass_orders`: passes that one person asks for and another approves.
//!
//! Whoever holds an approved order gets a pass, so the MAC covers every column. What was moved is written only if nobody
//! else has moved it since it was read.

use account::pass_order::{Handover, KEPT, Kind, Order, OrderId, State};
use account::temporary_pass::Terms;
use account::user::UserId;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "pass_orders";

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, user_id, asked_by, picker, state, at, ends, body, mac FROM pass_orders ", $rest)
    };
}

/// All that decides beside the columns that rows are found by.
#[derive(Serialize, Deserialize)]
struct Body {
    kind: Kind,
    terms: Terms,
    handover: Handover,
    state: State,
}

fn body(order: &Order) -> Result<String, StoreError> {
    let Order { kind, terms, handover, state, .. } = order.clone();
    serde_json::to_string(&Body { kind, terms, handover, state })
        .map_err(|error| StoreError::Database(error.to_string()))
}

/// Covers every column.
fn mac(order: &Order, body: &str) -> RowMac {
    RowMac::new(TABLE)
        .with(&order.id)
        .with(&order.user)
        .with(&order.asked_by)
        .with(&order.picker)
        .with(order.state.name())
        .with(order.at)
        .with(order.ends)
        .with(body)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Order, StoreError> {
    let mut columns = row.columns(TABLE);
    let (id, user, asked_by, picker) = (columns.id()?, columns.id()?, columns.id()?, columns.id()?);
    let (name, at, ends) = (columns.text()?, columns.time()?, columns.time()?);
    let text = columns.text()?;
    let Body { kind, terms, handover, state } = serde_json::from_str(&text).map_err(|_| columns.bad())?;
    if state.name() != name {
        return Err(columns.bad());
    }
    let order = Order { id, user, asked_by, picker, kind, terms, handover, at, ends, state };
    mac(&order, &text).check(tx.keys(), &columns.bytes()?, id)?;
    Ok(order)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Order>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

fn all(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Vec<Order>, StoreError> {
    let rows = tx.query(sql, params)?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Stores a new order.
pub fn insert(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    let body = body(order)?;
    let mac = mac(order, &body).make(tx.keys());
    tx.execute(
        "INSERT INTO pass_orders (id, user_id, asked_by, picker, state, at, ends, body, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            (&order.id).into(),
            (&order.user).into(),
            (&order.asked_by).into(),
            (&order.picker).into(),
            order.state.name().into(),
            order.at.into(),
            order.ends.into(),
            (&body).into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The order of that id.
pub fn by_id(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The order of that id, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<Order>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])
}

/// Orders that wait for an answer or to be picked up at `now`, oldest first.
pub fn open(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Order>, StoreError> {
    all(
        tx,
        select!("WHERE state IN ('asked', 'approved') AND ends > $1 ORDER BY at, id LIMIT $2"),
        &[now.into(), limit.into()],
    )
}

/// How many wait for an answer at `now`.
pub fn count_asked(tx: &mut Tx<'_>, now: Timestamp) -> Result<u32, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM pass_orders WHERE state IN ('asked', 'approved') AND state = 'asked' AND ends > $1",
        &[now.into()],
    )?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}

/// All orders, newest first, from behind `after`, at most `limit`.
pub fn list(tx: &mut Tx<'_>, after: Option<OrderId>, limit: u32) -> Result<Vec<Order>, StoreError> {
    let after = after.unwrap_or_else(|| OrderId::from_bytes([0xff; 16]));
    all(tx, select!("WHERE id < $1 ORDER BY id DESC LIMIT $2"), &[(&after).into(), limit.into()])
}

/// Orders that a person made or picks up, newest first.
pub fn of_person(tx: &mut Tx<'_>, person: UserId, limit: u32) -> Result<Vec<Order>, StoreError> {
    all(
        tx,
        select!("WHERE asked_by = $1 OR picker = $1 ORDER BY at DESC, id DESC LIMIT $2"),
        &[(&person).into(), limit.into()],
    )
}

/// Orders for a person, newest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId, limit: u32) -> Result<Vec<Order>, StoreError> {
    all(tx, select!("WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2"), &[(&user).into(), limit.into()])
}

/// How many orders of that person are open at `now`.
pub fn count_open_of(tx: &mut Tx<'_>, asked_by: UserId, now: Timestamp) -> Result<u32, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM pass_orders WHERE asked_by = $1 AND state IN ('asked', 'approved') AND ends > $2",
        &[(&asked_by).into(), now.into()],
    )?;
    row.map_or(Ok(0), |row| row.columns(TABLE).count())
}

/// Moves an order from how `from` stands to how `to` stands; `false` if it no longer stands so.
pub fn advance(tx: &mut Tx<'_>, from: &Order, to: &Order) -> Result<bool, StoreError> {
    let moved = Order { state: to.state.clone(), ..from.clone() };
    let body = body(&moved)?;
    let mac = mac(&moved, &body).make(tx.keys());
    let row = tx.query_one(
        "UPDATE pass_orders SET state = $2, body = $3, mac = $4 WHERE id = $1 AND state = $5 RETURNING id",
        &[
            (&from.id).into(),
            moved.state.name().into(),
            (&body).into(),
            (&mac).into(),
            from.state.name().into(),
        ],
    )?;
    Ok(row.is_some())
}

/// Takes back every order that is open, after a restore was accepted: which of them were picked up is forgotten.
pub(crate) fn withdraw_open(tx: &mut Tx<'_>, at: Timestamp) -> Result<u64, StoreError> {
    let rows = tx.query(select!("WHERE state IN ('asked', 'approved')"), &[])?;
    let mut withdrawn = 0;
    for row in rows {
        match read(tx, row) {
            Ok(order) => {
                let to = Order { state: State::Withdrawn { at }, ..order.clone() };
                withdrawn += u64::from(advance(tx, &order, &to)?);
            }
            // A row that this deployment did not write stays as it is, refused wherever it enters.
            Err(StoreError::Forged { .. } | StoreError::Inconsistent { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(withdrawn)
}

/// Removes what ended longer ago than [`KEPT`] by [`Tx::now`], at most [`crate::SWEEP`] rows; says how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let before = tx.now()? - KEPT;
    tx.execute(
        "DELETE FROM pass_orders WHERE id IN (SELECT id FROM pass_orders WHERE ends < $1 ORDER BY ends, id LIMIT $2)",
        &[before.into(), crate::SWEEP.into()],
    )
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let orders =
        all(tx, select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    Ok(orders.into_iter().map(|order| order.id.as_bytes().to_vec()).collect())
}
