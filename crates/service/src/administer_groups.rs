//! Groups, and who is in them.

use account::action::Action;
use account::audit::EventKind;
use account::group::{Group, GroupId, group_key, parse_group_name};
use account::policy::{Audience, Policy};
use account::role::Permission;
use account::user::{User, bounded_text};
use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use store::{StoreError, Tx, groups};

use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer, Turn};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;

mod members;

pub use members::{MOST_AT_ONCE, Moves, members, move_members, set_members};
use members::{TURN, move_member};

/// Groups on one page at most.
pub const MOST_FOUND: u32 = 500;

/// Longest description in characters.
pub const LONGEST_DESCRIPTION: usize = 500;

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
    audiences(policy).any(|audience| audience.groups().any(|named| named == group))
}

/// Whether policy leaves the group out of something.
fn excludes(policy: &Policy, group: GroupId) -> bool {
    audiences(policy).any(|audience| audience.excluded().contains(&group))
}

fn audiences(policy: &Policy) -> impl Iterator<Item = &Audience> {
    let profiles = policy.passkeys.terms.profiles.iter().map(|profile| &profile.audience);
    let audiences = [
        &policy.passkeys.audience,
        &policy.passes.audience,
        &policy.passwords.audience,
        &policy.codes,
        &policy.recovery_codes,
        &policy.interrupt.audience,
    ];
    audiences.into_iter().chain(profiles)
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
            let issuer = issuer(tx, now, &settings, &grant, (Action::AddGroup, Turn::First))?;
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
    (action, turn): (Action, Turn),
) -> Result<Issuer, AdministerError> {
    let issuer = authority::authorise_turn(tx, now, settings, grant, (action, turn))?;
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
            let issuer = issuer(tx, now, &settings, &grant, (Action::ChangeGroup(id), Turn::First))?;
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
            let changed = Group { changed: now.max(group.changed + Span::from_micros(1)), ..changed };
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
    let mut turn = Turn::First;
    loop {
        let (settings, pen, grant) = (cx.settings(), pen.clone(), grant.clone());
        let done = cx.db.write(move |tx| {
            let now = tx.now()?;
            let issuer = issuer(tx, now, &settings, &grant, (Action::RemoveGroup(id), turn))?;
            let group = groups::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
            if names(&settings.policy, id) {
                return Err(AdministerError::GroupInPolicy);
            }
            not_contacts(&settings, issuer, &[&group.name])?;
            let members = groups::member_ids(tx, id, None, u32::try_from(TURN).unwrap_or(u32::MAX))?;
            let mut pen = pen.clone();
            for member in &members {
                move_member(tx, now, (&settings, issuer), (id, *member, false), &mut pen)?;
            }
            if groups::count_members(tx, id)? > 0 {
                return Ok(None);
            }
            groups::remove(tx, id)?;
            let note = Some(group.name.clone());
            pen.write_with_note(tx, now, None, EventKind::GroupRemoved { group: id }, note)?;
            Ok(Some(group))
        });
        if let Some(group) = done.await? {
            return Ok(group);
        }
        turn = Turn::Later;
    }
}
