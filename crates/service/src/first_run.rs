//! The first administrator: one, once.

use account::audit::{Actor, EventKind};
use account::role::Role;
use account::temporary_pass::{PassState, Usability, Wish};
use account::user::{self, Login, User, UserId};
use primitives::secret::SecretText;
use primitives::time::{Span, Timestamp};
use store::{StoreError, Tx, passkeys, settings, temporary_passes, users};

use crate::administer_passes::{self, Prepared};
use crate::administer_users::{AdministerError, NewUser};
use crate::authority::Unauthorised;
use crate::context::{Authority, Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// The login of the first administrator until the person has given an address.
pub const FIRST_LOGIN: &str = "admin";

/// The setting that says that the first administrator has given name and address.
const DETAILS: &str = "first_administrator_details";

/// How long the printed pass works at most.
const LIFETIME: Span = Span::from_hours(24);

/// Passkeys that the first administrator has before set-up is done.
pub const PASSKEYS: usize = 2;

/// The first administrator with the value to print.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// The account.
    pub user: User,
    /// The value of its pass, for a terminal or a file that only its owner reads.
    pub value: SecretText,
    /// When it ends.
    pub ends: Timestamp,
}

/// Makes the first administrator and a pass, if this deployment has never had one and has no administrator.
///
/// When the first administrator exists but has no passkey and no pass that is worth anything, only a new pass is
/// made: another administrator never arises here.
pub async fn bootstrap(cx: &Context, caller: &mut Caller) -> Result<Option<Bootstrap>, AdministerError> {
    let (now, policy) = (caller.now, cx.settings().clone());
    match cx.db.read(move |tx| look(tx, now, &policy)).await? {
        Found::Nothing => found(cx, caller).await,
        Found::Stranded(user) => {
            let issued =
                administer_passes::issue(cx, caller, Authority::Operator, user.id, wish(&cx.settings()))
                    .await?;
            Ok(Some(Bootstrap { user: *user, value: issued.value, ends: issued.pass.ends }))
        }
        Found::Settled => Ok(None),
    }
}

enum Found {
    Nothing,
    Stranded(Box<User>),
    Settled,
}

fn look(tx: &mut Tx<'_>, now: Timestamp, settings: &Settings) -> Result<Found, StoreError> {
    let Some(first) = settings::deployment(tx)?.first_administrator else {
        let none = users::of_role(tx, Role::Administrator)?.is_empty();
        return Ok(if none { Found::Nothing } else { Found::Settled });
    };
    let Some(user) = users::by_id(tx, first)?.filter(User::is_enabled) else {
        return Ok(Found::Settled);
    };
    if !passkeys::of_user(tx, first)?.is_empty() {
        return Ok(Found::Settled);
    }
    let worth = temporary_passes::newest(tx, first)?.is_some_and(|pass| {
        // Reserved: somebody may be at it in this moment.
        let reserved = matches!(pass.state, PassState::Reserved { .. }) && now < pass.session_ends(now);
        let usability = pass.usability(now, &settings.of(&user).passes);
        reserved || matches!(usability, Usability::Usable | Usability::NotYetValid { .. })
    });
    Ok(if worth { Found::Settled } else { Found::Stranded(Box::new(user)) })
}

fn wish(settings: &Settings) -> Wish {
    let terms = &settings.policy.passes.terms;
    let lifetime = LIFETIME.min(terms.longest).max(terms.shortest);
    Wish { lifetime: Some(lifetime), starts: None, one_time: true, reason: "first administrator".to_owned() }
}

async fn found(cx: &Context, caller: &mut Caller) -> Result<Option<Bootstrap>, AdministerError> {
    let new = NewUser {
        login: FIRST_LOGIN.to_owned(),
        name: "Administrator".to_owned(),
        email: None,
        role: Role::Administrator,
        ..NewUser::default()
    };
    let user = new.into_user(caller)?;
    let pen = Pen::new(caller, Actor::System);
    let prepared = Prepared::new(cx, caller, Authority::Operator).await?;
    let value = prepared.value.clone();
    let settings = cx.settings().clone();
    let ends = cx
        .db
        .write(move |tx| {
            let now = tx.now()?;
            // The mark last: somebody who is not first must not take it from who is.
            if !users::of_role(tx, Role::Administrator)?.is_empty()
                || !settings::mark_first_administrator(tx, user.id)?
            {
                return Ok::<_, AdministerError>(Err(NotFirst));
            }
            if !users::insert(tx, &user)? {
                return Err(AdministerError::LoginTaken);
            }
            let mut pen = pen.clone();
            pen.write(tx, now, Some(user.id), EventKind::UserAdded { role: user.role })?;
            pen.write(tx, now, Some(user.id), EventKind::FirstAdministrator)?;
            let terms =
                settings.of(&user).passes.terms(wish(&settings), now).map_err(AdministerError::Issue)?;
            let pass = prepared.clone().insert(tx, now, &user, terms, Actor::System)?;
            Ok(Ok((user.clone(), pass.ends)))
        })
        .await?;
    Ok(ends.ok().map(|(user, ends)| Bootstrap { user, value, ends }))
}

/// Somebody else was first.
struct NotFirst;

/// How far the first administrator has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUp {
    /// Somebody else's business.
    NotYours,
    /// Name and address are missing.
    NeedsDetails,
    /// There are fewer than [`PASSKEYS`] passkeys.
    NeedsPasskeys {
        /// How many there are.
        have: usize,
    },
    /// Nothing is left to do.
    Done,
}

/// How far the person has come, if this is the first administrator.
pub async fn status(cx: &Context, who: &Who) -> Result<SetUp, StoreError> {
    let user = who.user.id;
    cx.db
        .read(move |tx| {
            if !is_first(tx, user)? {
                return Ok(SetUp::NotYours);
            }
            if settings::get(tx, DETAILS)?.is_none() {
                return Ok(SetUp::NeedsDetails);
            }
            let have = passkeys::of_user(tx, user)?.len();
            Ok(if have < PASSKEYS { SetUp::NeedsPasskeys { have } } else { SetUp::Done })
        })
        .await
}

/// Whether the first administrator has still to say who they are; until then the first run is what a visitor sees.
pub async fn is_pending(cx: &Context) -> Result<bool, StoreError> {
    cx.db
        .read(|tx| {
            let founded = settings::deployment(tx)?.first_administrator.is_some();
            Ok(founded && settings::get(tx, DETAILS)?.is_none())
        })
        .await
}

fn is_first(tx: &mut Tx<'_>, user: UserId) -> Result<bool, StoreError> {
    Ok(settings::deployment(tx)?.first_administrator == Some(user))
}

/// Gives the first administrator a name and an address, which is also the login from then on. Once.
pub async fn complete(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    name: &str,
    email: &str,
) -> Result<User, AdministerError> {
    let name = user::parse_name(name).map_err(AdministerError::Name)?;
    let email = user::parse_email(email).map_err(AdministerError::Email)?;
    let login = Login::parse(&email).map_err(AdministerError::Login)?;
    let pen = Pen::new(caller, Actor::User(who.user.id));
    let (settings, who) = (cx.settings().clone(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            settings::lock_deployment(tx)?;
            let who = manage_sessions::lock_standing(tx, now, &settings, &who)?
                .ok_or(AdministerError::Unauthorised(Unauthorised::SessionEnded))?;
            if !is_first(tx, who.user.id)? || settings::get(tx, DETAILS)?.is_some() {
                return Err(AdministerError::NotFound);
            }
            let (name, login, email) = (name.clone(), login.clone(), Some(email.clone()));
            let user = User { name, login, email, ..who.user };
            if !users::update(tx, &user)? {
                return Err(AdministerError::LoginTaken);
            }
            settings::put(tx, DETAILS, "given")?;
            pen.clone().write(tx, now, Some(user.id), EventKind::UserChanged)?;
            Ok(user)
        })
        .await
}
