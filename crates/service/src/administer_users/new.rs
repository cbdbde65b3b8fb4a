//! Adding an account.

use account::action::Action;
use account::api_key::Scope;
use account::audit::EventKind;
use account::group::{GroupId, MOST_GROUPS};
use account::role::{Permission, Role};
use account::user::{self, Directory, Login, User, UserId, UserStatus};
use primitives::entropy;
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, Tx, groups, settings, users};

use super::AdministerError;
use super::rename::parse_tag;
use crate::administer_groups::not_contacts;
use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context};
use crate::events::Pen;

/// An account to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// What the person will type.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Where notices go; the login where that is an e-mail address and nothing is given.
    pub email: Option<String>,
    /// The role.
    pub role: Role,
    /// What the organisation's directory says.
    pub directory: Directory,
    /// The groups that it is in.
    pub groups: Vec<GroupId>,
    /// The language in which the person is written to, as a BCP 47 tag.
    pub language: Option<String>,
    /// Whether it may not be used yet.
    pub disabled: bool,
}

/// Nobody yet: login and name must be given.
impl Default for NewUser {
    fn default() -> Self {
        Self {
            login: String::new(),
            name: String::new(),
            email: None,
            role: Role::User,
            directory: Directory::default(),
            groups: Vec::new(),
            language: None,
            disabled: false,
        }
    }
}

impl NewUser {
    /// Whether it can become an account, as far as its own texts tell.
    pub(crate) fn check(&self) -> Result<(), AdministerError> {
        self.clone().into_account(Id::from_bytes([0; 16]), [0; 32], Timestamp::EPOCH).map(|_| ())
    }

    /// The account that this becomes.
    pub(crate) fn into_user(self, caller: &mut Caller) -> Result<User, AdministerError> {
        let id = Id::new(caller.now, caller.entropy.as_mut());
        let handle = entropy::array(caller.entropy.as_mut());
        self.into_account(id, handle, caller.now)
    }

    fn into_account(self, id: UserId, handle: [u8; 32], created: Timestamp) -> Result<User, AdministerError> {
        let login = Login::parse(&self.login).map_err(AdministerError::Login)?;
        let name = user::parse_name(&self.name).map_err(AdministerError::Name)?;
        let email = match self.email {
            Some(email) => Some(user::parse_email(&email).map_err(AdministerError::Email)?),
            None => user::parse_email(login.shown()).ok(),
        };
        let mut groups = self.groups;
        groups.sort_unstable();
        groups.dedup();
        if groups.len() > MOST_GROUPS {
            return Err(AdministerError::TooManyGroups);
        }
        Ok(User {
            id,
            handle,
            login,
            name,
            email,
            role: self.role,
            status: if self.disabled { UserStatus::Disabled } else { UserStatus::Enabled },
            security_epoch: 1,
            language: self.language.map(parse_tag).transpose()?,
            created,
            groups,
            break_glass: false,
            disabled_by_program: false,
            deleted_by_program: false,
            role_ended: None,
            deleted: None,
            directory: self.directory.checked().map_err(AdministerError::Directory)?,
        })
    }
}

/// Adds an account.
pub async fn add(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    new: NewUser,
) -> Result<User, AdministerError> {
    let mut user = new.into_user(caller)?;
    user.disabled_by_program = !user.is_enabled() && authority.is_program();
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if user.role == Role::Administrator {
                settings::lock_deployment(tx)?;
            }
            let issuer = authority::authorise(tx, now, &settings, &grant, Action::AddUser(user.role))?;
            if let Grant::Key(key) = &grant {
                // Giving a role is confirmed for itself: no key does it, whoever it acts for.
                if user.role.is_privileged() {
                    return Err(AdministerError::Role);
                }
                // Whoever may add people only does not thereby say who is in which group.
                if !user.groups.is_empty() && !key.has(Scope::GroupsWrite) {
                    return Err(Unauthorised::Scope.into());
                }
                for group in &user.groups {
                    let group = groups::by_id(tx, *group)?.ok_or(AdministerError::GroupUnknown)?;
                    not_contacts(&settings, issuer, &[&group.name])?;
                }
            }
            insert(tx, now, issuer, &user, &mut pen.clone())?;
            Ok(user.clone())
        })
        .await
}

/// Adds an account in the name of `issuer`, who has confirmed it.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    now: Timestamp,
    issuer: Issuer,
    user: &User,
    pen: &mut Pen,
) -> Result<(), AdministerError> {
    let gives_role = user.role.is_privileged();
    if !issuer.may_to(Permission::EditUsers, user.role)
        || gives_role && !issuer.may_to(Permission::EditRoles, user.role)
    {
        return Err(AdministerError::Role);
    }
    checked_directory(tx, user.id, &user.directory)?;
    for group in &user.groups {
        // Locked, so that it is not removed before its new member is there.
        groups::lock(tx, *group)?.ok_or(AdministerError::GroupUnknown)?;
    }
    match users::insert(tx, user) {
        Ok(true) => {}
        // Somebody else took the login between the look and the change.
        Ok(false) | Err(StoreError::Conflict(_)) => return Err(AdministerError::LoginTaken),
        Err(error) => return Err(error.into()),
    }
    pen.write(tx, now, Some(user.id), EventKind::UserAdded { role: user.role })?;
    for group in &user.groups {
        pen.write(tx, now, Some(user.id), EventKind::GroupJoined { group: *group })?;
    }
    Ok(())
}

/// Whoever is named as the manager must be somebody else who is there.
pub(crate) fn checked_directory(
    tx: &mut Tx<'_>,
    user: UserId,
    directory: &Directory,
) -> Result<(), AdministerError> {
    let Some(manager) = directory.manager else { return Ok(()) };
    if manager == user || users::by_id(tx, manager)?.is_none() {
        return Err(AdministerError::ManagerUnknown);
    }
    Ok(())
}
