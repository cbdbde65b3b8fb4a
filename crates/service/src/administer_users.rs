//! Adding, finding, changing, disabling and deleting accounts, changing roles, and taking methods away.

use account::action::Action;
use account::audit::EventKind;
use account::passkey::{Passkey, PasskeyId};
use account::role::{Permission, Role};
use account::temporary_pass::{IssueRefusal, Pass, PassBlocked};
use account::user::{DirectoryRefusal, EmailRefusal, Login, LoginRefusal, NameRefusal, User, UserId};
use primitives::time::Timestamp;
use store::{
    StoreError, Tx, authenticator_codes, passkeys, passwords, recovery_codes, sessions, settings,
    temporary_passes, users,
};

use crate::authority::{self, Grant, Issuer, Turn, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings};
use crate::events::Pen;
use crate::hashing::Busy;
use crate::manage_password::{self, PasswordStatus};
use crate::manage_recovery_codes::{self, CodesLeft};

mod break_glass;
mod deletion;
mod new;
mod rename;
mod reset;
mod search;
mod status;

pub use account::search::{Condition, Filter};
pub use break_glass::set_break_glass;
pub use deletion::{delete, restore};
pub use new::{NewUser, add};
pub(crate) use new::{checked_directory, insert};
pub use rename::{Changes, change};
pub use reset::{require_new_registration, sign_out};
pub use search::{Found, MOST_FOUND, count, search, sessions_of};
pub use status::{disable, enable, set_role};

pub use crate::erase_user::erase;

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
    /// A field of the directory is not what it may be.
    Directory(DirectoryRefusal),
    /// The manager is nobody's account.
    ManagerUnknown,
    /// A group is named that there is not.
    GroupUnknown,
    /// The account would be in more groups than one may be in.
    TooManyGroups,
    /// Another group has this name, in whatever spelling.
    GroupTaken,
    /// The text is no name of a group.
    GroupName(NameRefusal),
    /// Policy names the group.
    GroupInPolicy,
    /// More people at once than one request may name.
    TooManyMembers,
    /// It changed since it was shown.
    Conflict,
    /// The account is deleted.
    DeletedUser,
    /// The account is not deleted.
    NotDeleted,
    /// A person disabled or deleted the account: no program undoes that.
    HeldByPerson,
    /// It is a break-glass account, which must stay usable.
    BreakGlass,
    /// Only an administrator's account becomes a break-glass account.
    BreakGlassRole,
    /// A break-glass account needs two security keys first.
    BreakGlassKeys,
    /// The account is disabled.
    DisabledUser,
    /// It is the last enabled administrator.
    LastAdministrator,
    /// The policy does not allow such a pass.
    Issue(IssueRefusal),
    /// The person could not use a pass.
    PassBlocked(PassBlocked),
    /// Somebody with a role gets a pass only if a second person approves it.
    NeedsApproval,
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
            AdministerError::Directory(refusal) => refusal.code(),
            AdministerError::ManagerUnknown => "manager_unknown",
            AdministerError::GroupUnknown => "group_unknown",
            AdministerError::TooManyGroups => "too_many_groups",
            AdministerError::GroupTaken => "group_taken",
            AdministerError::GroupName(refusal) => refusal.code(),
            AdministerError::GroupInPolicy => "group_in_policy",
            AdministerError::TooManyMembers => "too_many_members",
            AdministerError::Conflict => "version_conflict",
            AdministerError::DeletedUser => "deleted_user",
            AdministerError::NotDeleted => "not_deleted",
            AdministerError::HeldByPerson => "held_by_person",
            AdministerError::BreakGlass => "break_glass_user",
            AdministerError::BreakGlassRole => "break_glass_role",
            AdministerError::BreakGlassKeys => "break_glass_keys",
            AdministerError::DisabledUser => "disabled_user",
            AdministerError::LastAdministrator => "last_administrator",
            AdministerError::Issue(refusal) => refusal.code(),
            AdministerError::PassBlocked(blocked) => blocked.code(),
            AdministerError::NeedsApproval => "needs_approval",
            AdministerError::ReasonMissing => "reason_missing",
            AdministerError::Busy => "busy",
            AdministerError::Store(_) => "unknown",
        }
    }
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
            shown(tx, &settings, user)
        })
        .await
}

/// The account of that id.
pub async fn show_by_id(cx: &Context, id: UserId) -> Result<Shown, AdministerError> {
    let settings = cx.settings();
    cx.db
        .read(move |tx| {
            let user = users::by_id(tx, id)?.ok_or(AdministerError::NotFound)?;
            shown(tx, &settings, user)
        })
        .await
}

fn shown(tx: &mut Tx<'_>, settings: &Settings, user: User) -> Result<Shown, AdministerError> {
    let password = passwords::of_user(tx, user.id)?;
    Ok(Shown {
        passkeys: passkeys::of_user(tx, user.id)?,
        pass: temporary_passes::newest(tx, user.id)?,
        password: manage_password::status_of(&settings.of(&user), password.as_ref()),
        codes: authenticator_codes::of_user(tx, user.id)?.is_some(),
        recovery_codes: manage_recovery_codes::left_of(&recovery_codes::of_user(tx, user.id)?),
        user,
    })
}

/// The account to change, locked after the row on which all changes of administrators meet; `action` is what a person
/// must have confirmed.
pub(crate) fn changeable(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    wanted: (UserId, Action),
) -> Result<User, AdministerError> {
    Ok(changeable_by(tx, now, settings, grant, wanted)?.0)
}

/// The same, with whoever asks.
fn changeable_by(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    wanted: (UserId, Action),
) -> Result<(User, Issuer), AdministerError> {
    changeable_turn(tx, now, settings, grant, (wanted, Turn::First))
}

/// The same, in one of several commits.
pub(crate) fn changeable_turn(
    tx: &mut Tx<'_>,
    now: Timestamp,
    settings: &Settings,
    grant: &Grant,
    ((user, action), turn): ((UserId, Action), Turn),
) -> Result<(User, Issuer), AdministerError> {
    settings::lock_deployment(tx)?;
    let issuer = authority::authorise_turn(tx, now, settings, grant, (action, turn))?;
    let target = users::lock(tx, user)?.ok_or(AdministerError::NotFound)?;
    if issuer.is(target.id) {
        return Err(AdministerError::Oneself);
    }
    let permission = action.permission().unwrap_or(Permission::EditUsers);
    if !issuer.may_to(permission, target.role) {
        return Err(AdministerError::Role);
    }
    let of_deleted = matches!(action, Action::RestoreUser(_) | Action::EraseUser(_));
    match (target.deleted, of_deleted) {
        (Some(_), false) => Err(AdministerError::DeletedUser),
        (None, true) => Err(AdministerError::NotDeleted),
        _ => Ok((target, issuer)),
    }
}

/// Whether nobody else who may be used is an administrator.
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
