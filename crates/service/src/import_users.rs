//! Adding many people from a file, after a look at what it would do.
//!
//! The file is CSV (RFC 4180) in UTF-8 with a header, divided by commas or semicolons. A preview says of every row what
//! becomes of it; nothing is added as long as one row is wrong. Whoever is there already is left alone, so that a file can
//! be imported again, with more rows or after a failure half way. Roles are given one by one and never by a file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use account::action::Action;
use account::audit::EventKind;
use account::group::{GroupId, group_key};
use account::role::{Permission, Role};
use account::user::{Directory, Login, User, UserId};
use primitives::digest::{self, Digest};
use store::{StoreError, Tx, groups, users};

use crate::administer_users::{self, AdministerError, NewUser};
use crate::authority::{self, Grant, Issuer, Turn};
use crate::context::{Authority, Caller, Context, Who};
use crate::events::Pen;

mod file;

use file::Record;
pub use file::{Column, FileRefusal, LARGEST, MOST_ROWS};

/// Rows that are looked up or added in one go.
const TURN: usize = 200;

/// What a file would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The digest of the file, which a person confirms.
    pub digest: Digest,
    /// What becomes of each row, in their order.
    pub rows: Vec<PlannedRow>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRow {
    /// The line of the file on which it begins, counted from 1.
    pub line: u64,
    /// What the person will type, as it stands there.
    pub login: String,
    /// The name, as it stands there.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The person is added.
    Added,
    /// Somebody of this login is there already and is left alone.
    There,
    /// It cannot be.
    Wrong(RowRefusal),
}

/// Why a row cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowRefusal {
    /// A field is not what it may be, as when a single person is added.
    Field(AdministerError),
    /// An earlier row has this login, in whatever spelling.
    Twice {
        /// The line of that row.
        line: u64,
    },
    /// There is no group of that name.
    Group(String),
    /// The manager is nobody's login, here or in an earlier row.
    Manager,
}

impl RowRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            RowRefusal::Field(refusal) => refusal.code(),
            RowRefusal::Twice { .. } => "login_twice",
            RowRefusal::Group(_) => "group_unknown",
            RowRefusal::Manager => "manager_unknown",
        }
    }
}

impl Plan {
    /// How many people would be added.
    pub fn added(&self) -> usize {
        self.rows.iter().filter(|row| row.fate == Fate::Added).count()
    }

    /// How many are there already.
    pub fn there(&self) -> usize {
        self.rows.iter().filter(|row| row.fate == Fate::There).count()
    }

    /// The rows that are wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &PlannedRow> {
        self.rows.iter().filter(|row| matches!(row.fate, Fate::Wrong(_)))
    }
}

/// Why a file was not imported; nobody was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// The file as a whole is not what it must be.
    File(FileRefusal),
    /// Rows are wrong; the plan says which.
    Rows(Box<Plan>),
    /// It may not be done.
    Administer(AdministerError),
}

impl ImportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ImportError::File(refusal) => refusal.code(),
            ImportError::Rows(_) => "import_rows",
            ImportError::Administer(error) => error.code(),
        }
    }
}

impl From<FileRefusal> for ImportError {
    fn from(refusal: FileRefusal) -> Self {
        ImportError::File(refusal)
    }
}

impl<E: Into<AdministerError>> From<E> for ImportError {
    fn from(error: E) -> Self {
        ImportError::Administer(error.into())
    }
}

/// What was imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// How many people were added.
    pub added: u32,
    /// How many were there already.
    pub there: u32,
}

/// Says what the file would do. `who` must be somebody who may add people; the operator needs nobody.
pub async fn preview(cx: &Context, who: Option<&Who>, file: &[u8]) -> Result<Plan, ImportError> {
    if who.is_some_and(|who| !who.user.role.may(Permission::EditUsers)) {
        return Err(ImportError::Administer(AdministerError::Role));
    }
    Ok(look(cx, file).await?.0)
}

/// Adds everybody of the file who is not there yet, if every row is right.
pub async fn apply(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    file: &[u8],
) -> Result<Imported, ImportError> {
    let (plan, people) = look(cx, file).await?;
    if plan.wrong().next().is_some() {
        return Err(ImportError::Rows(Box::new(plan)));
    }
    let digest = plan.digest;
    let mut users = Vec::new();
    for new in people {
        users.push(new.into_user(caller)?);
    }
    let (mut added, mut turn_of) = (0_u32, Turn::First);
    let there = u32::try_from(plan.there()).unwrap_or(u32::MAX);
    loop {
        let rest = users.split_off(users.len().min(TURN));
        let turn = std::mem::replace(&mut users, rest);
        let last = users.is_empty();
        let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
        let settings = cx.settings();
        let done = cx.db.write(move |tx| {
            let now = tx.now()?;
            let action = Action::ImportUsers(digest);
            let issuer = authority::authorise_turn(tx, now, &settings, &grant, (action, turn_of))?;
            let mut pen = pen.clone();
            let count = insert_all(tx, issuer, &turn, &mut pen)?;
            if last {
                let added = added.saturating_add(count);
                pen.write(tx, now, None, EventKind::UsersImported { added })?;
            }
            Ok::<_, AdministerError>(count)
        });
        added = added.saturating_add(done.await?);
        if last {
            return Ok(Imported { added, there });
        }
        turn_of = Turn::Later;
    }
}

/// Adds people of a file; whoever was added meanwhile by somebody else is left alone.
fn insert_all(
    tx: &mut Tx<'_>,
    issuer: Issuer,
    people: &[User],
    pen: &mut Pen,
) -> Result<u32, AdministerError> {
    let (now, mut count) = (tx.now()?, 0_u32);
    for user in people {
        match administer_users::insert(tx, now, issuer, user, pen) {
            Ok(()) => count = count.saturating_add(1),
            Err(AdministerError::LoginTaken) => {}
            Err(error) => return Err(error),
        }
    }
    if issuer.may(Permission::EditUsers) { Ok(count) } else { Err(AdministerError::Role) }
}

/// What the file would do, and whom it would add.
async fn look(cx: &Context, file: &[u8]) -> Result<(Plan, Vec<NewUser>), ImportError> {
    let records = file::read(file)?;
    let mut known = Known::default();
    for part in records.chunks(TURN) {
        let (wanted, mut so_far) = (part.to_vec(), std::mem::take(&mut known));
        known = cx
            .db
            .read(move |tx| {
                so_far.learn(tx, &wanted)?;
                Ok::<_, StoreError>(std::mem::take(&mut so_far))
            })
            .await?;
    }
    let (mut rows, mut people) = (Vec::with_capacity(records.len()), Vec::new());
    for record in &records {
        let fate = match known.judge(record) {
            Ok(Some(new)) => {
                people.push(new);
                Fate::Added
            }
            Ok(None) => Fate::There,
            Err(refusal) => Fate::Wrong(refusal),
        };
        let (line, text) = (record.line, |column| record.get(column).unwrap_or_default().to_owned());
        rows.push(PlannedRow { line, login: text(Column::Login), name: text(Column::Name), fate });
    }
    Ok((Plan { digest: digest::sha256(file), rows }, people))
}

/// What the rows of a file refer to.
#[derive(Default)]
struct Known {
    /// Accounts that there are, by the key of the login.
    users: HashMap<String, Option<UserId>>,
    /// Groups that there are, by the key of the name.
    groups: HashMap<String, Option<GroupId>>,
    /// Rows that were judged, by the key of the login.
    rows: HashMap<String, u64>,
}

impl Known {
    /// Reads what the records refer to.
    fn learn(&mut self, tx: &mut Tx<'_>, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            let names = [record.get(Column::Login), record.get(Column::Manager)];
            for login in names.into_iter().flatten().filter_map(|login| Login::parse(login).ok()) {
                if !self.users.contains_key(login.key()) {
                    let found = users::by_login(tx, &login)?.map(|user| user.id);
                    self.users.insert(login.key().to_owned(), found);
                }
            }
            for name in record.groups() {
                let key = group_key(name);
                if let Entry::Vacant(unknown) = self.groups.entry(key) {
                    unknown.insert(groups::by_name(tx, name)?.map(|group| group.id));
                }
            }
        }
        Ok(())
    }

    /// Whom a record adds; nobody where the login is there already.
    fn judge(&mut self, record: &Record) -> Result<Option<NewUser>, RowRefusal> {
        let field = |refusal: AdministerError| RowRefusal::Field(refusal);
        let text = |column: Column| record.get(column).map(str::to_owned);
        let login = Login::parse(record.get(Column::Login).unwrap_or_default())
            .map_err(|refusal| field(AdministerError::Login(refusal)))?;
        if let Some(line) = self.rows.get(login.key()) {
            return Err(RowRefusal::Twice { line: *line });
        }
        let mut groups = Vec::new();
        for name in record.groups() {
            let found = self.groups.get(&group_key(name)).copied().flatten();
            groups.push(found.ok_or_else(|| RowRefusal::Group(name.to_owned()))?);
        }
        let manager = match record.get(Column::Manager) {
            Some(manager) => Some(self.manager(manager)?),
            None => None,
        };
        let new = NewUser {
            login: login.shown().to_owned(),
            name: text(Column::Name).unwrap_or_default(),
            email: text(Column::Email),
            role: Role::User,
            directory: Directory {
                external_id: text(Column::ExternalId),
                manager,
                given_name: text(Column::GivenName),
                family_name: text(Column::FamilyName),
                title: text(Column::Title),
                department: text(Column::Department),
                private_email: text(Column::PrivateEmail),
            },
            groups,
            language: text(Column::Language),
            disabled: false,
        };
        new.check().map_err(field)?;
        self.rows.insert(login.key().to_owned(), record.line);
        let there = self.users.get(login.key()).copied().flatten().is_some();
        Ok((!there).then_some(new))
    }

    /// The manager's account: a manager is there before those who have one.
    fn manager(&self, login: &str) -> Result<UserId, RowRefusal> {
        let login = Login::parse(login).map_err(|_| RowRefusal::Manager)?;
        self.users.get(login.key()).copied().flatten().ok_or(RowRefusal::Manager)
    }
}
