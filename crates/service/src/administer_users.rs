//! Adding, listing, disabling and enabling accounts, and changing roles.

use account::action::Action;
use account::audit::{Actor, EventKind};
use account::passkey::{Passkey, PasskeyId};
use account::role::{Permission, Role};
use account::temporary_pass::{IssueRefusal, Pass};
use account::user::{
    self, Directory, EmailRefusal, Login, LoginRefusal, NameRefusal, User, UserId, UserStatus,
};
use primitives::entropy;
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, passkeys, passwords, recovery_codes, sessions, settings,
    temporary_passes, users,
};

use crate::administer_passes;
use crate::authority::{self, Grant, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;
use crate::hashing::Busy;
use crate::manage_password::{self, PasswordStatus};
use crate::manage_recovery_codes::{self, CodesLeft};

mod rename;

pub use rename::{Changes, change};

/// Why something was not administered; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdministerError {
    /// Whoever asks may not administer at all, or has not confirmed it.
    Unauthorised(Unauthorised),
    /// The role of whoever asks does not include this.
    Role,
    /// Nobody does this to himself.
    Oneself,
    /// There is no such account, passkey or pass.
    NotFound,
    /// The text is no login.
    Login(LoginRefusal),
    /// The text is no name.
    Name(NameRefusal),
    /// The text is no e-mail address.
    Email(EmailRefusal),
    /// The text is no language tag.
    Language,
    /// Another account has this login, in whatever spelling.
    LoginTaken,
    /// The account is disabled.
    DisabledUser,
    /// It is the last enabled administrator.
    LastAdministrator,
    /// The policy does not allow such a pass.
    Issue(IssueRefusal),
    /// A person who issues a pass gives a reason.
    ReasonMissing,
    /// Too many slow hashes are waiting.
    Busy,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for AdministerError {
    fn from(error: StoreError) -> Self {
        AdministerError::Store(error)
    }
}

impl From<Busy> for AdministerError {
    fn from(_: Busy) -> Self {
        AdministerError::Busy
    }
}

impl From<Unauthorised> for AdministerError {
    fn from(refusal: Unauthorised) -> Self {
        match refusal {
            Unauthorised::Store(error) => AdministerError::Store(error),
            other => AdministerError::Unauthorised(other),
        }
    }
}

impl AdministerError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AdministerError::Unauthorised(refusal) => refusal.code(),
            AdministerError::Role => "role_too_low",
            AdministerError::Oneself => "not_for_oneself",
            AdministerError::NotFound => "not_found",
            AdministerError::Login(refusal) => refusal.code(),
            AdministerError::Name(refusal) => refusal.code(),
            AdministerError::Email(refusal) => refusal.code(),
            AdministerError::Language => "language_unknown",
            AdministerError::LoginTaken => "login_taken",
            AdministerError::DisabledUser => "disabled_user",
            AdministerError::LastAdministrator => "last_administrator",
            AdministerError::Issue(refusal) => refusal.code(),
            AdministerError::ReasonMissing => "reason_missing",
            AdministerError::Busy => "busy",
            AdministerError::Store(_) => "unknown",
        }
    }
}

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
}

impl NewUser {
    /// The account that this becomes.
    pub(crate) fn into_user(self, caller: &mut Caller) -> Result<User, AdministerError> {
        let login = Login::parse(&self.login).map_err(AdministerError::Login)?;
        let name = user::parse_name(&self.name).map_err(AdministerError::Name)?;
        let email = match self.email {
            Some(email) => Some(user::parse_email(&email).map_err(AdministerError::Email)?),
            None => user::parse_email(login.shown()).ok(),
        };
        Ok(User {
            id: Id::new(caller.now, caller.entropy.as_mut()),
            handle: entropy::array(caller.entropy.as_mut()),
            login,
            name,
            email,
            role: self.role,
            status: UserStatus::Enabled,
            security_epoch: 1,
            language: None,
            created: caller.now,
            groups: Vec::new(),
            break_glass: false,
            deleted: None,
            directory: Directory::default(),
        })
    }
}

/// Adds an account. Only the operator adds one for now: a person would confirm it on a page that there is not yet.
pub async fn add(cx: &Context, caller: &mut Caller, new: NewUser) -> Result<User, AdministerError> {
    let user = new.into_user(caller)?;
    let pen = Pen::new(caller, Authority::Operator.actor());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            if user.role == Role::Administrator {
                settings::lock_deployment(tx)?;
            }
            if !users::insert(tx, &user)? {
                return Err(AdministerError::LoginTaken);
            }
            pen.clone().write(tx, now, Some(user.id), EventKind::UserAdded { role: user.role })?;
            Ok(user.clone())
        })
        .await
}

/// Accounts in the order of their logins, from behind `after`.
pub async fn list(cx: &Context, after: Option<Login>, limit: u32) -> Result<Vec<User>, StoreError> {
    cx.db.read(move |tx| users::list(tx, after.as_ref(), limit)).await
}

/// An account with its methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The account.
    pub user: User,
    /// Its passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Its newest pass, whatever it is worth.
    pub pass: Option<Pass>,
    /// Its password.
    pub password: PasswordStatus,
    /// Whether it has an authenticator app.
    pub codes: bool,
    /// What is left of its recovery codes, if it ever had any.
    pub recovery_codes: Option<CodesLeft>,
}

/// The account of that login, in whatever spelling.
pub async fn show(cx: &Context, login: &str) -> Result<Shown, AdministerError> {
    let login = Login::parse(login).map_err(AdministerError::Login)?;
    let settings = cx.settings();
    cx.db
        .read(move |tx| {
            let user = users::by_login(tx, &login)?.ok_or(AdministerError::NotFound)?;
            let password = passwords::of_user(tx, user.id)?;
            Ok(Shown {
                passkeys: passkeys::of_user(tx, user.id)?,
                pass: temporary_passes::newest(tx, user.id)?,
                password: manage_password::status_of(&settings.of(&user), password.as_ref()),
                codes: authenticator_codes::of_user(tx, user.id)?.is_some(),
                recovery_codes: manage_recovery_codes::left_of(&recovery_codes::of_user(tx, user.id)?),
                user,
            })
        })
        .await
}

/// Disables an account: nobody signs in to it, its sessions end, its pass is revoked.
pub async fn disable(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Status(UserStatus::Disabled)).await
}

/// Enables an account. What ended when it was disabled stays ended.
pub async fn enable(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Status(UserStatus::Enabled)).await
}

/// Gives an account another role.
pub async fn set_role(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    role: Role,
) -> Result<User, AdministerError> {
    alter(cx, caller, authority, user, Change::Role(role)).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Status(UserStatus),
    Role(Role),
}

async fn alter(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    change: Change,
) -> Result<User, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = match change {
                Change::Status(UserStatus::Enabled) => Action::EnableUser(user),
                Change::Status(UserStatus::Disabled) => Action::DisableUser(user),
                Change::Role(role) => Action::SetRole(user, role),
            };
            let target = changeable(tx, now, &settings, &grant, (user, action))?;
            apply(tx, now, target, change, &mut pen.clone())
        })
        .await
}

/// The account to change, locked after the row on which all changes of administrators meet; `action` is what a person
/// must have confirmed.
fn changeable(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    (user, action): (UserId, Action),
) -> Result<User, AdministerError> {
    settings::lock_deployment(tx)?;
    let issuer = authority::authorise(tx, now, settings, grant, action)?;
    let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
    if issuer.is(target.id) {
        return Err(AdministerError::Oneself);
    }
    let permission = action.permission().unwrap_or(Permission::EditUsers);
    if !issuer.may_to(permission, target.role) {
        return Err(AdministerError::Role);
    }
    Ok(target)
}

fn apply(
    tx: &mut Tx<'_>,
    now: Timestamp,
    target: User,
    change: Change,
    pen: &mut Pen,
) -> Result<User, AdministerError> {
    let mut changed = target.clone();
    match change {
        Change::Status(status) => changed.status = status,
        Change::Role(role) => changed.role = role,
    }
    if changed == target {
        return Ok(target);
    }
    let was_administrator = target.role == Role::Administrator && target.is_enabled();
    let is_administrator = changed.role == Role::Administrator && changed.is_enabled();
    if was_administrator && !is_administrator && is_last_administrator(tx, target.id)? {
        return Err(AdministerError::LastAdministrator);
    }
    let kind = match change {
        Change::Role(to) => {
            revoke_lower_pass(tx, now, &target, to, pen)?;
            EventKind::RoleChanged { from: target.role, to }
        }
        Change::Status(UserStatus::Enabled) => EventKind::UserEnabled,
        Change::Status(UserStatus::Disabled) => {
            changed.security_epoch = changed.security_epoch.saturating_add(1);
            sessions::remove_of_user(tx, target.id, None)?;
            if let Some(pass) = temporary_passes::newest(tx, target.id)? {
                administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
            }
            EventKind::UserDisabled
        }
    };
    if !users::update(tx, &changed)? {
        return Err(AdministerError::NotFound);
    }
    pen.write(tx, now, Some(target.id), kind)?;
    Ok(changed)
}

/// Revokes the pass of an account that rises: whoever holds it would rise too, and whoever issued it may not be one who
/// issues passes for the new role (DESIGN 5a.12). The operator is.
fn revoke_lower_pass(
    tx: &mut Tx<'_>,
    now: Timestamp,
    target: &User,
    to: Role,
    pen: &mut Pen,
) -> Result<(), StoreError> {
    if !target.role.includes(to)
        && let Some(pass) = temporary_passes::newest(tx, target.id)?
        && pass.issuer != Actor::Operator
    {
        administer_passes::revoke_outstanding(tx, now, &pass, false, pen)?;
    }
    Ok(())
}

fn is_last_administrator(tx: &mut Tx<'_>, id: UserId) -> Result<bool, StoreError> {
    let administrators = users::of_role(tx, Role::Administrator)?;
    Ok(!administrators.iter().any(|user| user.id != id && user.is_enabled()))
}

/// Removes a passkey of somebody else and ends the sessions that it opened, even if it was the last: whoever was
/// robbed needs a pass then.
pub async fn remove_passkey(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    id: PasskeyId,
) -> Result<Passkey, AdministerError> {
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let confirmed = (user, Action::RemovePasskeyOf(user, id));
            let target = changeable(tx, now, &settings, &grant, confirmed)?;
            let passkey = passkeys::by_id(tx, target.id, id)?.ok_or(AdministerError::NotFound)?;
            if !passkeys::remove(tx, target.id, id)? {
                return Err(AdministerError::NotFound);
            }
            sessions::remove_of_passkey(tx, target.id, id, None)?;
            let kind = EventKind::PasskeyRemoved { passkey: id, lost: true };
            let name = Some(passkey.name.clone());
            pen.clone().write_with_note(tx, now, Some(target.id), kind, name)?;
            Ok(passkey)
        })
        .await
}
