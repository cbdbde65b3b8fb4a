//! What provisioning systems look at (SCIM 2.0). They change things by the same use cases as everybody else.

use std::collections::BTreeMap;
use std::sync::Arc;

use account::group::{Group, GroupId};
use account::user::{Login, User, UserId};
use store::{StoreError, Tx, groups, provisioned, users};

use crate::context::Context;

/// Accounts that are read at once where every one is looked at.
const PAGE: u32 = 500;

/// Members of a group that are shown at most.
pub const MOST_MEMBERS: u32 = 10_000;

/// Looks at everybody that go on at once. Each holds a reader of the database for as long as it takes.
pub const SCANS: usize = 2;

/// An account with the names of what it refers to.
#[derive(Clone, Debug)]
pub struct Provisioned {
    /// The account.
    pub user: User,
    /// Its groups.
    pub groups: Vec<(GroupId, String)>,
}

/// A group with its members.
#[derive(Clone, Debug)]
pub struct WithMembers {
    /// The group.
    pub group: Group,
    /// Who is in it; absent where nobody asked for it.
    pub members: Option<Vec<UserId>>,
}

/// Which members of a group are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// None.
    Unread,
    /// The first [`MOST_MEMBERS`], to be shown.
    Shown,
    /// All, to be changed: who is not shown must not seem to have left.
    All,
}

/// Why a list was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListError {
    /// Too many look at everybody already.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for ListError {
    fn from(error: StoreError) -> Self {
        ListError::Store(error)
    }
}

impl ListError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            ListError::Busy => "busy",
            ListError::Store(_) => "unknown",
        }
    }
}

/// Whether a resource is one of those that are looked for.
pub type Test<T> = Arc<dyn Fn(&T) -> bool + Send + Sync>;

/// Which accounts are looked for.
#[derive(Clone)]
pub enum Wanted {
    /// All.
    All,
    /// That of this login.
    Login(String),
    /// Those of this external id.
    ExternalId(String),
    /// Those that pass the test, which looks at every one.
    Matching(Test<Provisioned>),
}

/// A page and how many there are in all.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// How many there are in all.
    pub total: u64,
    /// Those of the page.
    pub found: Vec<T>,
}

/// Names of groups, each read once.
#[derive(Default)]
struct Names {
    groups: BTreeMap<GroupId, String>,
}

impl Names {
    fn group(&mut self, tx: &mut Tx<'_>, id: GroupId) -> Result<Option<String>, StoreError> {
        if let Some(name) = self.groups.get(&id) {
            return Ok(Some(name.clone()));
        }
        let name = groups::by_id(tx, id)?.map(|group| group.name);
        if let Some(name) = &name {
            self.groups.insert(id, name.clone());
        }
        Ok(name)
    }

    fn of(&mut self, tx: &mut Tx<'_>, user: User) -> Result<Provisioned, StoreError> {
        let mut named = Vec::with_capacity(user.groups.len());
        for group in &user.groups {
            named.extend(self.group(tx, *group)?.map(|name| (*group, name)));
        }
        Ok(Provisioned { user, groups: named })
    }
}

/// The account of that id, unless it is deleted.
pub async fn user(cx: &Context, id: UserId) -> Result<Option<Provisioned>, StoreError> {
    cx.db
        .read(move |tx| {
            let user = users::by_id(tx, id)?.filter(|user| user.deleted.is_none());
            user.map(|user| Names::default().of(tx, user)).transpose()
        })
        .await
}

/// Accounts in the order in which they were added: those from the `skip`-th on, at most `limit`.
pub async fn page(
    cx: &Context,
    wanted: Wanted,
    skip: u64,
    limit: u32,
) -> Result<Page<Provisioned>, ListError> {
    let _turn = match wanted {
        Wanted::Matching(_) => Some(cx.scans.try_acquire().map_err(|_| ListError::Busy)?),
        _ => None,
    };
    Ok(cx.db.read(move |tx| look(tx, &wanted, skip, limit)).await?)
}

fn look(tx: &mut Tx<'_>, wanted: &Wanted, skip: u64, limit: u32) -> Result<Page<Provisioned>, StoreError> {
    let mut names = Names::default();
    let few = match wanted {
        Wanted::All => {
            let mut found = Vec::new();
            for user in provisioned::page(tx, skip, limit)? {
                found.push(names.of(tx, user)?);
            }
            return Ok(Page { total: provisioned::count(tx)?, found });
        }
        Wanted::Matching(test) => return scan(tx, test, skip, limit),
        Wanted::Login(login) => match Login::parse(login) {
            Ok(login) => users::by_login(tx, &login)?.into_iter().collect(),
            Err(_) => Vec::new(),
        },
        Wanted::ExternalId(id) => provisioned::by_external_id(tx, id)?,
    };
    let mut found = Vec::new();
    for user in few.into_iter().filter(|user| user.deleted.is_none()) {
        found.push(names.of(tx, user)?);
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(Page { total, found: found.into_iter().skip(skip).take(limit).collect() })
}

fn scan(
    tx: &mut Tx<'_>,
    test: &Test<Provisioned>,
    skip: u64,
    limit: u32,
) -> Result<Page<Provisioned>, StoreError> {
    let mut names = Names::default();
    let (mut after, mut total, mut found) = (None, 0_u64, Vec::new());
    loop {
        let page = provisioned::behind(tx, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(Page { total, found }) };
        after = Some(last.id);
        for user in page {
            let user = names.of(tx, user)?;
            if !test(&user) {
                continue;
            }
            if total >= skip && found.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
                found.push(user);
            }
            total = total.saturating_add(1);
        }
    }
}

/// The group of that id, with those members.
pub async fn group(cx: &Context, id: GroupId, members: Members) -> Result<Option<WithMembers>, StoreError> {
    cx.db
        .read(move |tx| groups::by_id(tx, id)?.map(|group| with_members(tx, group, members)).transpose())
        .await
}

fn with_members(tx: &mut Tx<'_>, group: Group, members: Members) -> Result<WithMembers, StoreError> {
    let most = match members {
        Members::Unread => return Ok(WithMembers { group, members: None }),
        Members::Shown => usize::try_from(MOST_MEMBERS).unwrap_or(usize::MAX),
        Members::All => usize::MAX,
    };
    let (mut after, mut found) = (None, Vec::new());
    while found.len() < most {
        let ids = groups::member_ids(tx, group.id, after, PAGE)?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for id in ids {
            // What their own row does not bear out counts for nothing.
            let user = users::by_id(tx, id)?;
            found.extend(
                user.filter(|user| user.deleted.is_none() && user.groups.contains(&group.id))
                    .map(|user| user.id),
            );
        }
    }
    found.truncate(most);
    Ok(WithMembers { group, members: Some(found) })
}

/// Groups in the order of their names that pass the test: those from the `skip`-th on, at most `limit`. The test sees the
/// members only if they are asked for.
pub async fn group_page(
    cx: &Context,
    test: Test<WithMembers>,
    members: Members,
    skip: u64,
    limit: u32,
) -> Result<Page<WithMembers>, ListError> {
    let _turn = match members {
        Members::Unread => None,
        Members::Shown | Members::All => Some(cx.scans.try_acquire().map_err(|_| ListError::Busy)?),
    };
    let page = cx
        .db
        .read(move |tx| -> Result<Page<WithMembers>, StoreError> {
            let (mut after, mut total, mut found) = (None::<String>, 0_u64, Vec::new());
            loop {
                let page = groups::list(tx, after.as_deref(), PAGE)?;
                let Some(last) = page.last() else { return Ok(Page { total, found }) };
                after = Some(last.name.clone());
                for group in page {
                    let group = with_members(tx, group, members)?;
                    if !test(&group) {
                        continue;
                    }
                    if total >= skip && found.len() < usize::try_from(limit).unwrap_or(usize::MAX) {
                        found.push(group);
                    }
                    total = total.saturating_add(1);
                }
            }
        })
        .await?;
    Ok(page)
}
