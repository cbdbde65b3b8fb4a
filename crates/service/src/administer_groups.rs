//! Groups, and who is in them.

use account::action::Action;
use account::audit::EventKind;
use account::group::{Group, GroupId, MOST_GROUPS, group_key, parse_group_name};
use account::policy::Policy;
use account::role::Permission;
use account::user::{User, UserId, bounded_text};
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, Tx, groups, users};

use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

/// People whom one request puts into a group or takes out of it at most.
pub const MOST_AT_ONCE: usize = 10_000;

/// Groups on one page at most.
pub const MOST_FOUND: u32 = 500;

/// Longest description in characters.
pub const LONGEST_DESCRIPTION: usize = 500;

/// People whom one commit lets in or out.
const TURN: usize = 500;

/// A group to be added, or what one becomes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What the system that provisions it calls it.
    pub external_id: Option<String>,
}

impl NewGroup {
    fn checked(self) -> Result<Self, AdministerError> {
        let text = |text: &str, longest: usize| match text.trim() {
            "" => Ok(String::new()),
            text => bounded_text(text, longest).map_err(AdministerError::GroupName),
        };
        let external_id =
            text(self.external_id.as_deref().unwrap_or(""), account::user::LONGEST_EXTERNAL_ID)?;
        Ok(Self {
            name: parse_group_name(&self.name).map_err(AdministerError::GroupName)?,
            description: text(&self.description, LONGEST_DESCRIPTION)?,
            external_id: Some(external_id).filter(|id| !id.is_empty()),
        })
    }
}

/// A group with what a list says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The group.
    pub group: Group,
    /// How many people are in it.
    pub members: u64,
    /// Whether policy names it.
    pub in_policy: bool,
}

/// Groups in the order of their names, from behind the one called `after`, at most `limit` of them and at most
/// [`MOST_FOUND`].
pub async fn list(cx: &Context, after: Option<String>, limit: u32) -> Result<Vec<Listed>, AdministerError> {
    let (settings, limit) = (cx.settings(), limit.clamp(1, MOST_FOUND));
    cx.db
        .read(move |tx| {
            let found = groups::list(tx, after.as_deref(), limit)?;
            found.into_iter().map(|group| listed(tx, &settings, group)).collect()
        })
        .await
}

/// The group of that id.
pub async fn show(cx: &Context, id: GroupId) -> Result<Listed, AdministerError> {
    let settings = cx.settings();
    cx.db
        .read(move |tx| {
            let group = groups::by_id(tx, id)?.ok_or(AdministerError::NotFound)?;
            listed(tx, &settings, group)
        })
        .await
}

/// The group of that name, in whatever spelling.
pub async fn show_by_name(cx: &Context, name: &str) -> Result<Listed, AdministerError> {
    let (settings, name) = (cx.settings(), name.to_owned());
    cx.db
        .read(move |tx| {
            let group = groups::by_name(tx, &name)?.ok_or(AdministerError::NotFound)?;
            listed(tx, &settings, group)
        })
        .await
}

fn listed(tx: &mut Tx<'_>, settings: &Settings, group: Group) -> Result<Listed, AdministerError> {
    let members = u64::try_from(groups::count_members(tx, group.id)?).unwrap_or(0);
    Ok(Listed { members, in_policy: names(&settings.policy, group.id), group })
}

/// People in a group, in the order of their ids, from behind `after`, at most `limit` of them and at most [`MOST_FOUND`].
pub async fn members(
    cx: &Context,
    group: GroupId,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<User>, AdministerError> {
    let limit = limit.clamp(1, MOST_FOUND);
    Ok(cx.db.read(move |tx| groups::members(tx, group, after, limit)).await?)
}

/// The groups that a person is in, in the order of their names.
pub async fn of_user(cx: &Context, user: &User) -> Result<Vec<Group>, AdministerError> {
    let ids = user.groups.clone();
    let found = cx.db.read(move |tx| {
        let mut found = Vec::new();
        for id in &ids {
            found.extend(groups::by_id(tx, *id)?);
        }
        Ok::<_, StoreError>(found)
    });
    let mut found = found.await?;
    found.sort_by_key(Group::key);
    Ok(found)
}

/// Whether policy names the group: it cannot be removed then, or terms would hold for others than were meant.
fn names(policy: &Policy, group: GroupId) -> bool {
    let profiles = policy.passkeys.terms.profiles.iter().map(|profile| &profile.audience);
    let audiences = [
        &policy.passkeys.audience,
        &policy.passes.audience,
        &policy.passwords.audience,
        &policy.codes,
        &policy.recovery_codes,
        &policy.interrupt.audience,
    ];
    audiences.into_iter().chain(profiles).any(|audience| audience.groups().any(|named| named == group))
}

/// Adds a group.
pub async fn add(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    new: NewGroup,
) -> Result<Group, AdministerError> {
    let NewGroup { name, description, external_id } = new.checked()?;
    let id = Id::new(caller.now, caller.entropy.as_mut());
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = issuer(tx, now, &settings, &grant, Action::AddGroup)?;
            not_contacts(&settings, issuer, &[&name])?;
            let (name, description, external_id) = (name.clone(), description.clone(), external_id.clone());
            let group = Group { id, name, description, external_id, created: now, changed: now };
            match groups::insert(tx, &group) {
                Ok(true) => {}
                Ok(false) | Err(StoreError::Conflict(_)) => return Err(AdministerError::GroupTaken),
                Err(error) => return Err(error.into()),
            }
            let note = Some(group.name.clone());
            pen.clone().write_with_note(tx, now, None, EventKind::GroupAdded { group: id }, note)?;
            Ok(group)
        })
        .await
}

/// Whoever asks, if they may change groups and have confirmed this.
fn issuer(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    action: Action,
) -> Result<Issuer, AdministerError> {
    let issuer = authority::authorise(tx, now, settings, grant, action)?;
    if issuer.may(Permission::EditGroups) { Ok(issuer) } else { Err(AdministerError::Role) }
}

/// Being in the group of contacts lets somebody order passes for everybody: as with roles, only people give and take it
/// (DESIGN 5a.12).
pub(crate) fn not_contacts(
    settings: &Settings,
    issuer: Issuer,
    names: &[&str],
) -> Result<(), AdministerError> {
    let contacts = settings.orders.contacts.as_deref().map(group_key);
    let named = names.iter().any(|name| contacts.as_ref() == Some(&group_key(name)));
    if named && matches!(issuer, Issuer::Key(_)) { Err(AdministerError::GroupInPolicy) } else { Ok(()) }
}

/// What of a group changes; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupChanges {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What the system that provisions it calls it; `Some(None)` for nothing.
    pub external_id: Option<Option<String>>,
    /// [`Group::changed`] when it was shown; refused if it has changed since.
    pub expected: Option<Timestamp>,
}

impl GroupChanges {
    fn apply(&self, group: &Group) -> Result<Group, AdministerError> {
        let wanted = NewGroup {
            name: self.name.clone().unwrap_or_else(|| group.name.clone()),
            description: self.description.clone().unwrap_or_else(|| group.description.clone()),
            external_id: self.external_id.clone().unwrap_or_else(|| group.external_id.clone()),
        };
        let NewGroup { name, description, external_id } = wanted.checked()?;
        Ok(Group { name, description, external_id, ..group.clone() })
    }
}

/// Changes a group.
pub async fn change(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: GroupId,
    changes: GroupChanges,
) -> Result<Group, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = issuer(tx, now, &settings, &grant, Action::ChangeGroup(id))?;
            let group = groups::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
            if changes.expected.is_some_and(|expected| expected != group.changed) {
                return Err(AdministerError::Conflict);
            }
            let changed = changes.apply(&group)?;
            if changed == group {
                return Ok(group);
            }
            if changed.key() != group.key() {
                not_contacts(&settings, issuer, &[&group.name, &changed.name])?;
            }
            let changed = Group { changed: now, ..changed };
            match groups::update(tx, &changed) {
                Ok(true) => {}
                Ok(false) | Err(StoreError::Conflict(_)) => return Err(AdministerError::GroupTaken),
                Err(error) => return Err(error.into()),
            }
            let note = Some(changed.name.clone());
            pen.clone().write_with_note(tx, now, None, EventKind::GroupChanged { group: id }, note)?;
            Ok(changed)
        })
        .await
}

/// Removes a group that policy does not name; its members are in it no more. A large one takes several commits, the last
/// of which removes it: asked again after a failure in between, it goes on.
pub async fn remove(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: GroupId,
) -> Result<Group, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let mut decided = None;
    loop {
        let (settings, pen, grant, before) = (cx.settings(), pen.clone(), grant.clone(), decided);
        let done = cx.db.write(move |tx| {
            let now = tx.now()?;
            let issuer = match before {
                Some(issuer) => issuer,
                None => issuer(tx, now, &settings, &grant, Action::RemoveGroup(id))?,
            };
            let group = groups::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
            if names(&settings.policy, id) {
                return Err(AdministerError::GroupInPolicy);
            }
            not_contacts(&settings, issuer, &[&group.name])?;
            let members = groups::member_ids(tx, id, None, u32::try_from(TURN).unwrap_or(u32::MAX))?;
            let mut pen = pen.clone();
            for member in &members {
                move_member(tx, now, issuer, (id, *member, false), &mut pen)?;
            }
            if groups::count_members(tx, id)? > 0 {
                return Ok((issuer, None));
            }
            groups::remove(tx, id)?;
            let note = Some(group.name.clone());
            pen.write_with_note(tx, now, None, EventKind::GroupRemoved { group: id }, note)?;
            Ok((issuer, Some(group)))
        });
        match done.await? {
            (_, Some(group)) => return Ok(group),
            (issuer, None) => decided = Some(issuer),
        }
    }
}

/// Puts people into a group and takes others out; whoever is there already, or not, is left alone. Many take several
/// commits: asked again after a failure in between, it goes on.
pub async fn set_members(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    group: GroupId,
    add: Vec<UserId>,
    remove: Vec<UserId>,
) -> Result<Group, AdministerError> {
    if add.len().saturating_add(remove.len()) > MOST_AT_ONCE {
        return Err(AdministerError::TooManyMembers);
    }
    // In one order, so that two such requests never wait for each other's rows.
    let mut moves: Vec<(UserId, bool)> = add.into_iter().map(|user| (user, true)).collect();
    moves.extend(remove.into_iter().map(|user| (user, false)));
    moves.sort_unstable();
    moves.dedup();
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let mut decided = None;
    loop {
        let rest = moves.split_off(moves.len().min(TURN));
        let turn = std::mem::replace(&mut moves, rest);
        let (settings, pen, grant, before) = (cx.settings(), pen.clone(), grant.clone(), decided);
        let done = cx.db.write(move |tx| {
            let now = tx.now()?;
            let issuer = match before {
                Some(issuer) => issuer,
                None => issuer(tx, now, &settings, &grant, Action::SetMembers(group))?,
            };
            let found = groups::lock(tx, group)?.ok_or(AdministerError::NotFound)?;
            not_contacts(&settings, issuer, &[&found.name])?;
            let mut pen = pen.clone();
            for (user, joins) in &turn {
                move_member(tx, now, issuer, (group, *user, *joins), &mut pen)?;
            }
            Ok::<_, AdministerError>((issuer, found))
        });
        let (issuer, found) = done.await?;
        if moves.is_empty() {
            return Ok(found);
        }
        decided = Some(issuer);
    }
}

/// Lets one person in or out.
fn move_member(
    tx: &mut Tx<'_>,
    now: Timestamp,
    issuer: Issuer,
    (group, user, joins): (GroupId, UserId, bool),
    pen: &mut Pen,
) -> Result<(), AdministerError> {
    let Some(mut target) = users::lock(tx, user)? else { return Err(AdministerError::NotFound) };
    if target.groups.contains(&group) == joins {
        // An entry of the index that the account does not bear out goes all the same.
        return if joins { Ok(()) } else { Ok(groups::forget_member(tx, group, user)?) };
    }
    if issuer.is(user) {
        return Err(AdministerError::Oneself);
    }
    if !issuer.may_to(Permission::EditGroups, target.role) {
        return Err(AdministerError::Role);
    }
    if joins {
        if target.deleted.is_some() {
            return Err(AdministerError::DeletedUser);
        }
        if target.groups.len() >= MOST_GROUPS {
            return Err(AdministerError::TooManyGroups);
        }
        target.groups.push(group);
        target.groups.sort_unstable();
    } else {
        target.groups.retain(|other| *other != group);
    }
    if !users::update(tx, &target)? {
        return Err(AdministerError::NotFound);
    }
    let kind = if joins { EventKind::GroupJoined { group } } else { EventKind::GroupLeft { group } };
    pen.write(tx, now, Some(user), kind)?;
    Ok(())
}
