//! The table `users`.

use account::group::GroupId;
use account::role::Role;
use account::user::{Directory, Login, User, UserId, UserStatus};
use primitives::time::Timestamp;

use crate::db::{Param, Row, Tx};
use crate::error::StoreError;
use crate::row_mac::{RowMac, forged};

const TABLE: &str = "users";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, handle, login, login_key, name, email, role, status, security_epoch, language, created, \
             groups, break_glass, deleted, external_id, manager, directory, disabled_by_program, deleted_by_program, \
             role_ended, mac FROM users ",
            $rest
        )
    };
}

mod search;

pub use search::{count_found, search};

/// Covers all but the name, the language and what the directory merely tells. Rows from before there was a directory have
/// no part of it, and a row without one looks the same: a part that is struck out leaves another MAC behind. So it is with
/// what came later.
fn mac(user: &User) -> RowMac {
    let mac = RowMac::new(TABLE)
        .with(&user.id)
        .with(&user.handle)
        .with(user.login.shown())
        .with(user.login.key())
        .with(user.email.as_ref())
        .with(user.role.as_str())
        .with(user.status.as_str())
        .with(user.security_epoch)
        .with(user.created);
    let Directory { external_id, manager, private_email, .. } = &user.directory;
    let told_later = user.disabled_by_program || user.deleted_by_program || user.role_ended.is_some();
    let plain = !told_later
        && user.groups.is_empty()
        && !user.break_glass
        && user.deleted.is_none()
        && external_id.is_none()
        && manager.is_none()
        && private_email.is_none();
    if plain {
        return mac;
    }
    let mac = mac
        .with(&joined(&user.groups))
        .with(user.break_glass)
        .with(user.deleted)
        .with(external_id.as_ref())
        .with(manager.as_ref())
        // Passes are mailed there.
        .with(private_email.as_ref());
    if !told_later {
        return mac;
    }
    mac.with(user.disabled_by_program).with(user.deleted_by_program).with(user.role_ended)
}

fn joined(groups: &[GroupId]) -> Vec<u8> {
    groups.iter().flat_map(|group| *group.as_bytes()).collect()
}

fn split(joined: &[u8]) -> Option<Vec<GroupId>> {
    let (ids, rest) = joined.as_chunks::<16>();
    rest.is_empty().then(|| ids.iter().map(|id| GroupId::from_bytes(*id)).collect())
}

fn told(directory: &Directory) -> Option<String> {
    let bare = Directory { external_id: None, manager: None, ..directory.clone() };
    if bare == Directory::default() { None } else { serde_json::to_string(&bare).ok() }
}

fn read(tx: &Tx<'_>, row: Row) -> Result<User, StoreError> {
    let mut columns = row.columns(TABLE);
    let id = columns.id()?;
    let handle = columns.array()?;
    let login = Login::from_stored(columns.text()?);
    let login_key = columns.text()?;
    let user = User {
        id,
        handle,
        login,
        name: columns.text()?,
        email: columns.optional_text()?,
        role: columns.word(Role::parse)?,
        status: columns.word(UserStatus::parse)?,
        security_epoch: columns.integer()?,
        language: columns.optional_text()?,
        created: columns.time()?,
        groups: match columns.optional_bytes()? {
            Some(bytes) => split(&bytes).ok_or_else(|| columns.bad())?,
            None => Vec::new(),
        },
        break_glass: columns.optional_integer()? == Some(1),
        deleted: columns.optional_time()?,
        directory: {
            let (external_id, manager) = (columns.optional_text()?, columns.optional_id()?);
            let told = match columns.optional_text()? {
                Some(text) => serde_json::from_str(&text).map_err(|_| columns.bad())?,
                None => Directory::default(),
            };
            Directory { external_id, manager, ..told }
        },
        disabled_by_program: columns.optional_integer()? == Some(1),
        deleted_by_program: columns.optional_integer()? == Some(1),
        role_ended: columns.optional_time()?,
    };
    mac(&user).check(tx.keys(), &columns.bytes()?, user.id)?;
    // The MAC covers the key that belongs to the login; the column is what the row was found by.
    if login_key == user.login.key() { Ok(user) } else { Err(forged(TABLE, user.id)) }
}

fn find(tx: &mut Tx<'_>, sql: &str, params: &[Param<'_>]) -> Result<Option<User>, StoreError> {
    tx.query_one(sql, params)?.map(|row| read(tx, row)).transpose()
}

/// Adds an account; `false` if its login, in whatever spelling, is taken.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let mac = mac(user).make(tx.keys());
    let (groups, flag, directory) = columns_of(user);
    let changed = tx.execute(
        "INSERT INTO users (id, handle, login, login_key, name, email, role, status, security_epoch, language, \
         created, groups, break_glass, deleted, external_id, manager, directory, disabled_by_program, \
         deleted_by_program, role_ended, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, $17, $18, $19, $20, $21) ON CONFLICT DO NOTHING",
        &[
            (&user.id).into(),
            (&user.handle).into(),
            user.login.shown().into(),
            user.login.key().into(),
            (&user.name).into(),
            user.email.as_ref().into(),
            user.role.as_str().into(),
            user.status.as_str().into(),
            user.security_epoch.into(),
            user.language.as_ref().into(),
            user.created.into(),
            groups.as_ref().into(),
            flag.into(),
            user.deleted.into(),
            user.directory.external_id.as_ref().into(),
            user.directory.manager.as_ref().into(),
            directory.as_ref().into(),
            mark(user.disabled_by_program).into(),
            mark(user.deleted_by_program).into(),
            user.role_ended.into(),
            (&mac).into(),
        ],
    )?;
    if changed == 1 {
        index_groups(tx, user, &[])?;
    }
    Ok(changed == 1)
}

/// What the columns of the directory hold; absent where they say nothing.
fn columns_of(user: &User) -> (Option<Vec<u8>>, Option<i64>, Option<String>) {
    let groups = (!user.groups.is_empty()).then(|| joined(&user.groups));
    (groups, mark(user.break_glass), told(&user.directory))
}

/// How a column holds that something is so; absent where it is not.
fn mark(is: bool) -> Option<i64> {
    is.then_some(1)
}

/// Lets the account be found by the groups that it is in now and was not in before, and the other way round.
fn index_groups(tx: &mut Tx<'_>, user: &User, before: &[GroupId]) -> Result<(), StoreError> {
    for group in user.groups.iter().filter(|group| !before.contains(group)) {
        let member = [group.as_bytes().as_slice(), user.id.as_bytes()].concat();
        tx.execute(
            "INSERT INTO memberships (member, group_id, user_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[(&member).into(), group.into(), (&user.id).into()],
        )?;
    }
    for group in before.iter().filter(|group| !user.groups.contains(group)) {
        let member = [group.as_bytes().as_slice(), user.id.as_bytes()].concat();
        tx.execute("DELETE FROM memberships WHERE member = $1", &[(&member).into()])?;
    }
    Ok(())
}

/// The account of that id.
pub fn by_id(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    find(tx, select!("WHERE id = $1"), &[(&id).into()])
}

/// The account of that id, its row locked until the transaction ends: what grants to the account and what revokes
/// from it meet here (DESIGN 5a.2).
pub fn lock(tx: &mut Tx<'_>, id: UserId) -> Result<Option<User>, StoreError> {
    find(tx, select!("WHERE id = $1 FOR UPDATE"), &[(&id).into()])
}

/// The account of that login, in whatever spelling.
pub fn by_login(tx: &mut Tx<'_>, login: &Login) -> Result<Option<User>, StoreError> {
    find(tx, select!("WHERE login_key = $1"), &[login.key().into()])
}

/// The account of that WebAuthn user handle.
pub fn by_handle(tx: &mut Tx<'_>, handle: &[u8; 32]) -> Result<Option<User>, StoreError> {
    find(tx, select!("WHERE handle = $1"), &[handle.into()])
}

/// Writes an account back; `false` if it is gone or its login is taken by another.
///
/// The caller holds its row by [`lock`] and raises `security_epoch` where what was granted must end.
pub fn update(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let taken = by_login(tx, &user.login)?.is_some_and(|other| other.id != user.id);
    if taken {
        return Ok(false);
    }
    let Some(before) = by_id(tx, user.id)? else { return Ok(false) };
    let mac = mac(user).make(tx.keys());
    let (groups, flag, directory) = columns_of(user);
    let changed = tx.execute(
        "UPDATE users SET login = $2, login_key = $3, name = $4, email = $5, role = $6, status = $7, \
         security_epoch = $8, language = $9, groups = $10, break_glass = $11, deleted = $12, external_id = $13, \
         manager = $14, directory = $15, disabled_by_program = $16, deleted_by_program = $17, role_ended = $18, \
         mac = $19 WHERE id = $1",
        &[
            (&user.id).into(),
            user.login.shown().into(),
            user.login.key().into(),
            (&user.name).into(),
            user.email.as_ref().into(),
            user.role.as_str().into(),
            user.status.as_str().into(),
            user.security_epoch.into(),
            user.language.as_ref().into(),
            groups.as_ref().into(),
            flag.into(),
            user.deleted.into(),
            user.directory.external_id.as_ref().into(),
            user.directory.manager.as_ref().into(),
            directory.as_ref().into(),
            mark(user.disabled_by_program).into(),
            mark(user.deleted_by_program).into(),
            user.role_ended.into(),
            (&mac).into(),
        ],
    )?;
    if changed == 1 {
        index_groups(tx, user, &before.groups)?;
    }
    Ok(changed == 1)
}

/// Accounts in the order of their logins' keys, from behind `after`, at most `limit`.
pub fn list(tx: &mut Tx<'_>, after: Option<&Login>, limit: u32) -> Result<Vec<User>, StoreError> {
    let rows = tx.query(
        select!("WHERE login_key > $1 ORDER BY login_key LIMIT $2"),
        &[after.map_or("", Login::key).into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Accounts in the order of their ids, which is that in which they were added, from behind `after`, at most `limit`.
pub fn page_by_id(tx: &mut Tx<'_>, after: Option<UserId>, limit: u32) -> Result<Vec<User>, StoreError> {
    let after = after.unwrap_or_else(|| UserId::from_bytes([0; 16]));
    let rows = tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[(&after).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The accounts of that role, enabled or not; not for [`Role::User`], whose accounts are too many.
pub fn of_role(tx: &mut Tx<'_>, role: Role) -> Result<Vec<User>, StoreError> {
    let rows =
        tx.query(select!("WHERE role = $1 AND role <> 'user' ORDER BY id"), &[role.as_str().into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// The accounts that stay usable whatever policy says, enabled or not.
pub fn break_glass(tx: &mut Tx<'_>) -> Result<Vec<User>, StoreError> {
    let rows = tx.query(select!("WHERE break_glass = 1 ORDER BY id"), &[])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Accounts whose manager that is, at most `limit`.
pub fn managed_by(tx: &mut Tx<'_>, manager: UserId, limit: u32) -> Result<Vec<User>, StoreError> {
    let rows =
        tx.query(select!("WHERE manager = $1 ORDER BY id LIMIT $2"), &[(&manager).into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Accounts that were deleted before `moment`, at most `limit`, the longest ago first.
pub fn deleted_before(tx: &mut Tx<'_>, moment: Timestamp, limit: u32) -> Result<Vec<User>, StoreError> {
    let rows = tx.query(
        select!("WHERE deleted IS NOT NULL AND deleted <= $1 ORDER BY deleted LIMIT $2"),
        &[moment.into(), limit.into()],
    )?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// Accounts that the provisioning system calls so, at most `limit`.
pub fn by_external_id(tx: &mut Tx<'_>, external_id: &str, limit: u32) -> Result<Vec<User>, StoreError> {
    let rows = tx
        .query(select!("WHERE external_id = $1 ORDER BY id LIMIT $2"), &[external_id.into(), limit.into()])?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

/// How many accounts there are.
pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    match tx.query_one("SELECT count(*) FROM users", &[])? {
        Some(row) => row.columns(TABLE).integer(),
        None => Ok(0),
    }
}

/// Checks the rows whose ids are behind `after`, in their order, a page of them; gives their ids.
pub(crate) fn check_page(tx: &mut Tx<'_>, after: &[u8]) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows =
        tx.query(select!("WHERE id > $1 ORDER BY id LIMIT $2"), &[after.into(), crate::SWEEP.into()])?;
    rows.into_iter().map(|row| read(tx, row).map(|user| user.id.as_bytes().to_vec())).collect()
}
