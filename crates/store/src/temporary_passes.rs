//! The table `temporary_passes`.

use account::session::SessionId;
use account::temporary_pass::{Pass, PassId, PassState};
use account::user::UserId;
use primitives::time::Timestamp;

use crate::db::{Columns, Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::RowMac;

const TABLE: &str = "temporary_passes";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, hash, starts, ends, one_time, reason, issuer, created, tries, state, state_at, \
             state_session, mac FROM temporary_passes ",
            $rest
        )
    };
}

/// A state as its three columns.
struct StateColumns {
    name: &'static str,
    at: Option<Timestamp>,
    session: Option<SessionId>,
}

impl From<&PassState> for StateColumns {
    fn from(state: &PassState) -> Self {
        let (name, at, session) = match *state {
            PassState::Issued => ("issued", None, None),
            PassState::Reserved { session, at } => ("reserved", Some(at), Some(session)),
            PassState::Spent { at } => ("spent", Some(at), None),
            PassState::Revoked { at } => ("revoked", Some(at), None),
            PassState::Locked { at } => ("locked", Some(at), None),
        };
        Self { name, at, session }
    }
}

fn read_state(columns: &mut Columns) -> Result<PassState, StoreError> {
    let name = columns.text()?;
    let at = columns.optional_time()?;
    let session = columns.optional_id()?;
    match (name.as_str(), at, session) {
        ("issued", None, None) => Ok(PassState::Issued),
        ("reserved", Some(at), Some(session)) => Ok(PassState::Reserved { session, at }),
        ("spent", Some(at), None) => Ok(PassState::Spent { at }),
        ("revoked", Some(at), None) => Ok(PassState::Revoked { at }),
        ("locked", Some(at), None) => Ok(PassState::Locked { at }),
        _ => Err(columns.bad()),
    }
}

/// Covers every column.
fn mac(pass: &Pass) -> RowMac {
    let state = StateColumns::from(&pass.state);
    RowMac::new(TABLE)
        .with(&pass.id)
        .with(&pass.user)
        .with(&pass.hash)
        .with(pass.starts)
        .with(pass.ends)
        .with(pass.one_time)
        .with(&pass.reason)
        .with(&pass.issuer.to_string())
        .with(pass.created)
        .with(pass.tries)
        .with(state.name)
        .with(state.at)
        .with(state.session.as_ref())
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Pass, StoreError> {
    let mut columns = row.columns(TABLE);
    let pass = Pass {
        id: columns.id()?,
        user: columns.id()?,
        hash: columns.text()?,
        starts: columns.time()?,
        ends: columns.time()?,
        one_time: columns.truth()?,
        reason: columns.text()?,
        issuer: columns.word(|text| text.parse().ok())?,
        created: columns.time()?,
        tries: columns.count()?,
        state: read_state(&mut columns)?,
    };
    mac(&pass).check(tx.keys(), &columns.bytes()?, pass.id)?;
    Ok(pass)
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Pass>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Stores a new pass. The caller revokes the user's older ones in the same transaction: there is one per user.
pub fn insert(tx: &mut Tx<'_>, pass: &Pass) -> Result<(), StoreError> {
    let state = StateColumns::from(&pass.state);
    let mac = mac(pass).make(tx.keys());
    tx.execute(
        "INSERT INTO temporary_passes (id, user_id, hash, starts, ends, one_time, reason, issuer, created, tries, \
         state, state_at, state_session, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            (&pass.id).into(),
            (&pass.user).into(),
            (&pass.hash).into(),
            pass.starts.into(),
            pass.ends.into(),
            pass.one_time.into(),
            (&pass.reason).into(),
            (&pass.issuer.to_string()).into(),
            pass.created.into(),
            pass.tries.into(),
            state.name.into(),
            state.at.into(),
            state.session.as_ref().into(),
            (&mac).into(),
        ],
    )?;
    Ok(())
}

/// The pass of that id.
pub fn by_id(tx: &mut Tx<'_>, id: PassId) -> Result<Option<Pass>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The pass of that id, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: PassId) -> Result<Option<Pass>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])
}

/// The user's newest pass, whatever its state; only this one can still be worth anything.
pub fn newest(tx: &mut Tx<'_>, user: UserId) -> Result<Option<Pass>, StoreError> {
    find(tx, select!("WHERE user_id = $1 ORDER BY id DESC LIMIT 1"), &[(&user).into()])
}

/// All passes of a user, newest first.
pub fn of_user(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Pass>, StoreError> {
    let rows = tx.query(select!("WHERE user_id = $1 ORDER BY id DESC"), &[(&user).into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Those of the users whose ids lie behind `after` and not behind `last`, user by user, each user's oldest first.
pub fn of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<Pass>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 ORDER BY user_id, id"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The same, only those that have neither been used nor ended otherwise: each user's newest, if anything.
pub fn issued_of_users(tx: &mut Tx<'_>, after: UserId, last: UserId) -> Result<Vec<Pass>, StoreError> {
    let rows = tx.query(
        select!("WHERE user_id > $1 AND user_id <= $2 AND state = 'issued' ORDER BY user_id, id"),
        &[(&after).into(), (&last).into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// All passes, newest first, from behind `after`, at most `limit`.
pub fn list(tx: &mut Tx<'_>, after: Option<PassId>, limit: u32) -> Result<Vec<Pass>, StoreError> {
    let after = after.unwrap_or_else(|| PassId::from_bytes([0xff; 16]));
    let rows =
        tx.query(select!("WHERE id < $1 ORDER BY id DESC LIMIT $2"), &[(&after).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Moves a pass from how `from` stands to how `to` stands (tries and state only); `false` if it no longer stands so.
pub fn advance(tx: &mut Tx<'_>, from: &Pass, to: &Pass) -> Result<bool, StoreError> {
    let (was, is) = (StateColumns::from(&from.state), StateColumns::from(&to.state));
    let moved = Pass { tries: to.tries, state: to.state, ..from.clone() };
    let mac = mac(&moved).make(tx.keys());
    let row = tx.query_one(
        "UPDATE temporary_passes SET tries = $2, state = $3, state_at = $4, state_session = $5, mac = $6 \
         WHERE id = $1 AND tries = $7 AND state = $8 RETURNING id",
        &[
            (&from.id).into(),
            to.tries.into(),
            is.name.into(),
            is.at.into(),
            is.session.as_ref().into(),
            (&mac).into(),
            from.tries.into(),
            was.name.into(),
        ],
    )?;
    Ok(row.is_some())
}

/// Counts one more try and gives the pass with it; `None` if the pass no longer stands so. It is committed before
/// the value is verified (DESIGN 5a.4).
pub fn count_try(tx: &mut Tx<'_>, pass: &Pass) -> Result<Option<Pass>, StoreError> {
    let counted = Pass { tries: pass.tries.saturating_add(1), ..pass.clone() };
    Ok(advance(tx, pass, &counted)?.then_some(counted))
}

/// Moves a pass to another state and gives it so; `None` if it no longer stands as `pass` says.
pub fn set_state(tx: &mut Tx<'_>, pass: &Pass, state: PassState) -> Result<Option<Pass>, StoreError> {
    let moved = Pass { state, ..pass.clone() };
    Ok(advance(tx, pass, &moved)?.then_some(moved))
}

/// Passes that are issued or reserved and whose time is not over, newest first, from behind `after`.
pub fn outstanding(tx: &mut Tx<'_>, after: Option<PassId>, limit: u32) -> Result<Vec<Pass>, StoreError> {
    let after = after.unwrap_or_else(|| PassId::from_bytes([0xff; 16]));
    let now = tx.now()?;
    let rows = tx.query(
        select!("WHERE id < $1 AND state IN ('issued', 'reserved') AND ends > $2 ORDER BY id DESC LIMIT $3"),
        &[(&after).into(), now.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The passes of these ids that there are, in no order.
pub fn of_ids(tx: &mut Tx<'_>, ids: &[PassId]) -> Result<Vec<Pass>, StoreError> {
    let mut passes = Vec::new();
    for id in ids {
        passes.extend(by_id(tx, *id)?);
    }
    Ok(passes)
}

/// Revokes every pass that is issued or reserved, after a restore was accepted; says how many.
///
/// Rows that this deployment did not write are left as they are, refused wherever they enter.
pub(crate) fn revoke_outstanding(tx: &mut Tx<'_>, at: Timestamp) -> Result<u64, StoreError> {
    let rows = tx.query(select!("WHERE state = 'issued' OR state = 'reserved'"), &[])?;
    let mut revoked = 0;
    for row in rows {
        match read(tx, row) {
            Ok(pass) => revoked += u64::from(set_state(tx, &pass, PassState::Revoked { at })?.is_some()),
            Err(StoreError::Forged { .. } | StoreError::Inconsistent { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(revoked)
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|pass| pass.id.as_bytes().to_vec())).collect()
}
