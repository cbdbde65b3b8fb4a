//! What the helpdesk sees before it issues a pass, and the list of all passes (AT-2, AT-4).

use account::audit::Actor;
use account::pass_mail::PassMail;
use account::pass_order::Order;
use account::role::Permission;
use account::temporary_pass::{Pass, PassId};
use account::user::{User, UserId};
use store::{StoreError, Tx, pass_mails, pass_orders, temporary_passes, users};

use super::{needs_second_person, usable_by};
use crate::administer_users::AdministerError;
use crate::authority::{Issuer, Unauthorised};
use crate::context::{Authority, Context};

/// Passes on a page at most.
const MOST: u32 = 100;

/// Orders that a person's page names.
const ORDERS: u32 = 5;

/// Somebody for whom a pass may be issued, or the reason why not.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The person.
    pub user: User,
    /// Why whoever looks issues nothing for them.
    pub refusal: Option<AdministerError>,
    /// Their newest pass, and who issued it.
    pub pass: Option<(Pass, Option<String>)>,
    /// Its mails.
    pub mails: Vec<PassMail>,
    /// Orders for them that are open.
    pub orders: Vec<Order>,
    /// Their manager, by name.
    pub manager: Option<String>,
    /// Whether a second person must approve.
    pub second: bool,
}

fn viewer(authority: Authority<'_>) -> Result<Issuer, AdministerError> {
    match authority {
        Authority::Operator => Ok(Issuer::Operator),
        Authority::Key(_) => Err(Unauthorised::Scope.into()),
        Authority::Person(who) if who.session.is_limited() => Err(Unauthorised::TooWeak.into()),
        Authority::Person(who) if !who.user.role.may(Permission::IssuePasses) => Err(AdministerError::Role),
        Authority::Person(who) => Ok(Issuer::Person(who.user.id, who.user.role)),
    }
}

/// Looks at one person.
pub async fn overview(
    cx: &Context,
    authority: Authority<'_>,
    user: UserId,
) -> Result<Overview, AdministerError> {
    let (viewer, settings) = (viewer(authority)?, cx.settings());
    cx.db
        .read(move |tx| {
            let now = tx.now()?;
            let user = users::by_id(tx, user)?.ok_or(AdministerError::NotFound)?;
            let refusal = if viewer.is(user.id) {
                Some(AdministerError::Oneself)
            } else if !viewer.may_to(Permission::IssuePasses, user.role) {
                Some(AdministerError::Role)
            } else {
                usable_by(&settings, &user).err()
            };
            let pass = temporary_passes::newest(tx, user.id)?;
            let mails = match &pass {
                Some(pass) => pass_mails::of_pass(tx, pass.id)?,
                None => Vec::new(),
            };
            let pass = match pass {
                Some(pass) => {
                    let issuer = name(tx, pass.issuer)?;
                    Some((pass, issuer))
                }
                None => None,
            };
            let mut orders = pass_orders::of_user(tx, user.id, ORDERS)?;
            orders.retain(|order| order.is_open(now));
            let manager = match user.directory.manager {
                Some(id) => users::by_id(tx, id)?.filter(User::is_enabled).map(|manager| manager.name),
                None => None,
            };
            let second = needs_second_person(&settings, now, viewer, &user);
            Ok(Overview { refusal, pass, mails, orders, manager, second, user })
        })
        .await
}

/// A pass in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The pass.
    pub pass: Pass,
    /// Whose.
    pub user: User,
    /// Who issued it, by name; absent for the operator and programs.
    pub issuer: Option<String>,
    /// Whether whoever looks may take it back.
    pub revocable: bool,
}

/// Passes, newest first, from behind `after`; with `outstanding` only those that may still be worth something.
pub async fn listed(
    cx: &Context,
    authority: Authority<'_>,
    after: Option<PassId>,
    (outstanding, limit): (bool, u32),
) -> Result<Vec<Listed>, AdministerError> {
    let viewer = viewer(authority)?;
    let found = cx.db.read(move |tx| {
        let limit = limit.min(MOST);
        let passes = if outstanding {
            temporary_passes::outstanding(tx, after, limit)?
        } else {
            temporary_passes::list(tx, after, limit)?
        };
        let mut listed = Vec::new();
        for pass in passes {
            let Some(user) = users::by_id(tx, pass.user)? else { continue };
            let issuer = name(tx, pass.issuer)?;
            let revocable = viewer.may_to(Permission::IssuePasses, user.role);
            listed.push(Listed { pass, user, issuer, revocable });
        }
        Ok::<_, StoreError>(listed)
    });
    Ok(found.await?)
}

fn name(tx: &mut Tx<'_>, actor: Actor) -> Result<Option<String>, StoreError> {
    match actor {
        Actor::User(id) => Ok(users::by_id(tx, id)?.map(|user| user.name)),
        Actor::Key(_) | Actor::Operator | Actor::System => Ok(None),
    }
}
