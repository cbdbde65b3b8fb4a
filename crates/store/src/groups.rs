//! The tables `groups` and `memberships`.
//!
//! Who is in a group stands in the account's own row under its MAC; `memberships` only finds those accounts, and a row of
//! it that the account does not bear out counts for nothing.

use account::group::{Group, GroupId, group_key};
use account::user::{User, UserId};

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};
use crate::users;

const TABLE: &str = "groups";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, name_key, description, external_id, created, changed, mac FROM groups ",
            $rest
        )
    };
}

/// Covers all but the description and when it changed.
fn mac(group: &Group) -> RowMac {
    RowMac::new(TABLE)
        .with(&group.id)
        .with(&group.name)
        .with(&group.key())
        .with(group.external_id.as_ref())
        .with(group.created)
}

fn read(tx: &Tx<'_>, row: Row) -> Result<Group, StoreError> {
    let mut columns = row.columns(TABLE);
    let (id, name) = (columns.id()?, columns.text()?);
    let key = columns.text()?;
    let group = Group {
        id,
        name,
        description: columns.text()?,
        external_id: columns.optional_text()?,
        created: columns.time()?,
        changed: columns.time()?,
    };
    mac(&group).check(tx.keys(), &columns.bytes()?, group.id)?;
    if key == group.key() { Ok(group) } else { Err(forged(TABLE, group.id)) }
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<Group>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Adds a group; `false` if its name, in whatever spelling, is taken.
pub fn insert(tx: &mut Tx<'_>, group: &Group) -> Result<bool, StoreError> {
    let mac = mac(group).make(tx.keys());
    let changed = tx.execute(
        "INSERT INTO groups (id, name, name_key, description, external_id, created, changed, mac) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &[
            (&group.id).into(),
            (&group.name).into(),
            (&group.key()).into(),
            (&group.description).into(),
            group.external_id.as_ref().into(),
            group.created.into(),
            group.changed.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// The group of that id.
pub fn by_id(tx: &mut Tx<'_>, id: GroupId) -> Result<Option<Group>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The group of that id, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: GroupId) -> Result<Option<Group>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])
}

/// The group of that name, in whatever spelling.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Option<Group>, StoreError> {
    find(tx, select!("WHERE name_key = $1"), &[(&group_key(name)).into()])
}

/// Writes a group back; `false` if it is gone or its name is taken by another.
pub fn update(tx: &mut Tx<'_>, group: &Group) -> Result<bool, StoreError> {
    if by_name(tx, &group.name)?.is_some_and(|other| other.id != group.id) {
        return Ok(false);
    }
    let mac = mac(group).make(tx.keys());
    let changed = tx.execute(
        "UPDATE groups SET name = $2, name_key = $3, description = $4, external_id = $5, changed = $6, mac = $7 \
         WHERE id = $1",
        &[
            (&group.id).into(),
            (&group.name).into(),
            (&group.key()).into(),
            (&group.description).into(),
            group.external_id.as_ref().into(),
            group.changed.into(),
            (&mac).into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Removes a group that nobody is in any more; `false` if it was gone.
pub fn remove(tx: &mut Tx<'_>, id: GroupId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM groups WHERE id = $1", &[(&id).into()])? == 1)
}

/// Groups in the order of their names' keys, from behind `after`, at most `limit`.
pub fn list(tx: &mut Tx<'_>, after: Option<&str>, limit: u32) -> Result<Vec<Group>, StoreError> {
    let after = after.map(group_key).unwrap_or_default();
    let rows = tx
        .query(select!("WHERE name_key > $1 ORDER BY name_key LIMIT $2"), &[(&after).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Ids of accounts that may be in the group, in their order, from behind `after`, at most `limit`.
pub fn member_ids(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<UserId>, StoreError> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.as_bytes().as_slice());
    let rows = tx.query(
        "SELECT user_id FROM memberships WHERE group_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3",
        &[(&group).into(), after.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| row.columns("memberships").id()).collect()
}

/// Accounts of the group, as [`member_ids`] finds them and their own rows bear out.
pub fn members(
    tx: &mut Tx<'_>,
    group: GroupId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<User>, StoreError> {
    let mut found = Vec::new();
    for id in member_ids(tx, group, after, limit)? {
        if let Some(user) = users::by_id(tx, id)?.filter(|user| user.groups.contains(&group)) {
            found.push(user);
        }
    }
    Ok(found)
}

/// Forgets that an account may be in the group.
pub fn forget_member(tx: &mut Tx<'_>, group: GroupId, user: UserId) -> Result<(), StoreError> {
    let member = [group.as_bytes().as_slice(), user.as_bytes()].concat();
    tx.execute("DELETE FROM memberships WHERE member = $1", &[(&member).into()])?;
    Ok(())
}

/// How many accounts are in it.
pub fn count_members(tx: &mut Tx<'_>, group: GroupId) -> Result<i64, StoreError> {
    let row = tx.query_one("SELECT COUNT(*) FROM memberships WHERE group_id = $1", &[(&group).into()])?;
    row.map_or(Ok(0), |row| row.columns("memberships").integer())
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|group| group.id.as_bytes().to_vec())).collect()
}
