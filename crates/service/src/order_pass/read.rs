//! Orders as people see them.

use account::audit::Actor;
use account::pass_order::{Order, OrderId, State};
use account::role::Permission;
use account::user::{User, UserId};
use primitives::time::Timestamp;
use store::{StoreError, Tx, pass_orders, users};

use super::{OrderError, is_contact};
use crate::administer_users::AdministerError;
use crate::authority::Unauthorised;
use crate::context::{Authority, Context, Settings, Who};

/// People whom a page offers to order for.
const MOST_REPORTS: u32 = 200;

/// Orders on a page.
const SHOWN: u32 = 200;

/// For whom somebody may order.
#[derive(Clone, Debug, Default)]
pub struct Orderer {
    /// Those whose manager they are, who could be ordered for.
    pub reports: Vec<User>,
    /// Whether they may order for everybody without a role.
    pub contact: bool,
}

impl Orderer {
    /// Whether they may order at all.
    pub fn may(&self) -> bool {
        self.contact || !self.reports.is_empty()
    }
}

/// An order with the people in it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The order.
    pub order: Order,
    /// For whom.
    pub user: User,
    /// Who asked, by name.
    pub asked_by: String,
    /// Who picks it up, by name.
    pub picker: String,
    /// Who answered, by name; empty for the operator.
    pub answered_by: Option<String>,
    /// Whether whoever looks may answer it.
    pub answerable: bool,
}

/// Whether `me` may order for anybody, or has ordered or is to pick something up: who has none of it needs no way there.
pub(crate) fn concerns(tx: &mut Tx<'_>, settings: &Settings, me: &User) -> Result<bool, StoreError> {
    Ok(is_contact(tx, settings, me)?
        || !users::managed_by(tx, me.id, 1)?.is_empty()
        || !pass_orders::of_person(tx, me.id, 1)?.is_empty())
}

/// For whom `who` may order.
pub async fn orderer(cx: &Context, who: &Who) -> Result<Orderer, StoreError> {
    let (settings, me) = (cx.settings(), who.user.clone());
    cx.db
        .read(move |tx| {
            let contact = is_contact(tx, &settings, &me)?;
            let mut reports = users::managed_by(tx, me.id, MOST_REPORTS)?;
            reports.retain(|user| user.is_enabled() && user.deleted.is_none() && !user.role.is_privileged());
            reports.sort_by(|a, b| a.name.cmp(&b.name));
            Ok(Orderer { reports, contact })
        })
        .await
}

/// What `who` ordered or picks up, newest first.
pub async fn mine(cx: &Context, who: &Who) -> Result<Vec<Shown>, StoreError> {
    let me = who.user.id;
    cx.db
        .read(move |tx| {
            let now = tx.now()?;
            let orders = pass_orders::of_person(tx, me, SHOWN)?;
            named(tx, now, orders, None)
        })
        .await
}

/// Orders that wait, oldest first.
pub async fn open(cx: &Context, authority: Authority<'_>) -> Result<Vec<Shown>, OrderError> {
    let viewer = viewer(authority)?;
    let found = cx.db.read(move |tx| {
        let now = tx.now()?;
        let orders = pass_orders::open(tx, now, SHOWN)?;
        named(tx, now, orders, viewer.clone())
    });
    Ok(found.await?)
}

/// All orders, newest first, from behind `after`.
pub async fn list(
    cx: &Context,
    authority: Authority<'_>,
    after: Option<OrderId>,
    limit: u32,
) -> Result<Vec<Shown>, OrderError> {
    let viewer = viewer(authority)?;
    let found = cx.db.read(move |tx| {
        let now = tx.now()?;
        let orders = pass_orders::list(tx, after, limit.min(SHOWN))?;
        named(tx, now, orders, viewer.clone())
    });
    Ok(found.await?)
}

/// One of them: for those who issue passes, and for whoever asked or picks up.
pub async fn show(cx: &Context, authority: Authority<'_>, id: OrderId) -> Result<Shown, OrderError> {
    let (viewer, me) = match authority {
        Authority::Person(who) if !who.user.role.may(Permission::IssuePasses) => (None, Some(who.user.id)),
        _ => (viewer(authority)?, None),
    };
    let found = cx.db.read(move |tx| {
        let now = tx.now()?;
        let order = pass_orders::by_id(tx, id)?;
        let order = order.filter(|order| me.is_none_or(|me| order.asked_by == me || order.picker == me));
        named(tx, now, order.into_iter().collect(), viewer.clone())
    });
    Ok(found.await?.pop().ok_or(AdministerError::NotFound)?)
}

/// Who looks, where what they may answer shall be said: those who issue passes, fully signed in.
fn viewer(authority: Authority<'_>) -> Result<Option<User>, OrderError> {
    match authority {
        Authority::Operator => Ok(None),
        Authority::Key(_) => Err(Unauthorised::Scope.into()),
        Authority::Person(who) if who.session.is_limited() => Err(Unauthorised::TooWeak.into()),
        Authority::Person(who) if !who.user.role.may(Permission::IssuePasses) => {
            Err(AdministerError::Role.into())
        }
        Authority::Person(who) => Ok(Some(who.user.clone())),
    }
}

fn named(
    tx: &mut Tx<'_>,
    now: Timestamp,
    orders: Vec<Order>,
    viewer: Option<User>,
) -> Result<Vec<Shown>, StoreError> {
    let mut shown = Vec::new();
    for order in orders {
        let Some(user) = users::by_id(tx, order.user)? else { continue };
        let asked_by = name(tx, order.asked_by)?;
        let picker = name(tx, order.picker)?;
        let answered_by = match &order.state {
            State::Approved { by, .. }
            | State::Declined { by, .. }
            | State::PickedUp { approved_by: by, .. } => match by {
                Actor::User(id) => Some(name(tx, *id)?),
                Actor::Key(_) | Actor::Operator | Actor::System => Some(String::new()),
            },
            State::Asked | State::Withdrawn { .. } => None,
        };
        let answerable = viewer.as_ref().is_some_and(|me| {
            me.role.may_to(Permission::IssuePasses, user.role)
                && order.clone().approve(Actor::User(me.id), String::new(), now).is_ok()
        });
        shown.push(Shown { order, user, asked_by, picker, answered_by, answerable });
    }
    Ok(shown)
}

fn name(tx: &mut Tx<'_>, id: UserId) -> Result<String, StoreError> {
    Ok(users::by_id(tx, id)?.map(|user| user.name).unwrap_or_default())
}
