//! Ordering a pass for somebody: a manager or an IT contact asks, the helpdesk answers, and whoever picks the pass up sees
//! it once. The same order carries a pass for somebody with a role from the first person to the second and back.
//!
//! What an order rests on is read again at each step: who is whose manager, what the approver may do, and whether the
//! person could use a pass at all.

mod answer;
mod pick_up;
mod read;

pub use answer::{approve, decline, withdraw};
pub use pick_up::pick_up;
pub(crate) use read::concerns;
pub use read::{Orderer, Shown, list, mine, open, orderer, show};

use account::action::Action;
use account::audit::EventKind;
use account::notice::NoticeKind;
use account::pass_order::{Asked, Handover, Kind, MOST_OPEN, Order, OrderRefusal};
use account::temporary_pass::{Stated, Terms, Wish};
use account::user::{Login, User, UserId};
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{StoreError, Tx, groups, pass_orders, users};

use crate::administer_passes::usable_by;
use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings, Who};
use crate::deliver_passes;
use crate::drawn::Drawn;
use crate::events::Pen;
use crate::hashing::Busy;
use crate::notify::Telling;

/// Why nothing was ordered, answered or picked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderError {
    /// The same reasons as for issuing a pass.
    Administer(AdministerError),
    /// The order does not stand as it would have to.
    Refused(OrderRefusal),
    /// Whoever asks is neither the person's manager nor a contact.
    NotAllowed,
    /// Somebody with a role gets a pass from the helpdesk, not through others.
    ForRole,
    /// The person has no private address to mail to.
    PrivateAddressMissing,
    /// The person has no manager who could pick the pass up.
    ManagerMissing,
    /// Whoever asks has too many open orders.
    TooMany,
    /// Whoever approved it may no longer do so.
    ApprovalVoid,
}

impl From<AdministerError> for OrderError {
    fn from(error: AdministerError) -> Self {
        OrderError::Administer(error)
    }
}

impl From<StoreError> for OrderError {
    fn from(error: StoreError) -> Self {
        OrderError::Administer(error.into())
    }
}

impl From<Unauthorised> for OrderError {
    fn from(refusal: Unauthorised) -> Self {
        OrderError::Administer(refusal.into())
    }
}

impl From<Busy> for OrderError {
    fn from(busy: Busy) -> Self {
        OrderError::Administer(busy.into())
    }
}

impl From<OrderRefusal> for OrderError {
    fn from(refusal: OrderRefusal) -> Self {
        OrderError::Refused(refusal)
    }
}

impl OrderError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            OrderError::Administer(error) => error.code(),
            OrderError::Refused(refusal) => refusal.code(),
            OrderError::NotAllowed => "order_not_allowed",
            OrderError::ForRole => "order_for_role",
            OrderError::PrivateAddressMissing => "private_address_missing",
            OrderError::ManagerMissing => "manager_missing",
            OrderError::TooMany => "too_many_orders",
            OrderError::ApprovalVoid => "approval_void",
        }
    }
}

/// What somebody orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// For whom.
    pub user: UserId,
    /// From when the pass shall work; from the order where absent.
    pub starts: Option<Timestamp>,
    /// Until when, exclusive.
    pub ends: Timestamp,
    /// Whether it shall open only one session.
    pub one_time: bool,
    /// Why.
    pub stated: Stated,
    /// How it reaches the person.
    pub handover: Handover,
}

/// Whether `me` may order for `target`: as their manager, or as one of the contacts that the configuration names.
pub(crate) fn may_order(
    tx: &mut Tx<'_>,
    settings: &Settings,
    me: &User,
    target: &User,
) -> Result<bool, StoreError> {
    Ok(target.directory.manager == Some(me.id) || is_contact(tx, settings, me)?)
}

/// Whether `me` is in the group of contacts.
pub(crate) fn is_contact(tx: &mut Tx<'_>, settings: &Settings, me: &User) -> Result<bool, StoreError> {
    let Some(name) = &settings.orders.contacts else { return Ok(false) };
    let group = groups::by_name(tx, name)?;
    Ok(group.is_some_and(|group| me.groups.contains(&group.id)))
}

/// The terms on which a pass for `target` may be ordered.
fn terms(settings: &Settings, now: Timestamp, target: &User, wanted: &Wanted) -> Result<Terms, OrderError> {
    let starts = wanted.starts.unwrap_or(now).max(now);
    let wish = Wish {
        lifetime: Some(wanted.ends.since(starts)),
        starts: Some(starts),
        one_time: wanted.one_time,
        reason: wanted.stated.text(),
    };
    let terms = settings.of(target).passes.terms(wish, now);
    Ok(terms.map_err(AdministerError::Issue)?)
}

/// Orders a pass. `who` has confirmed [`Action::OrderPass`] for that very account.
pub async fn order(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    wanted: Wanted,
) -> Result<Order, OrderError> {
    let authority = Authority::Person(who);
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let (settings, ids) = (cx.settings(), Drawn::from(caller));
    cx.db
        .write(move |tx| {
            let (now, mut ids) = (tx.now()?, ids.clone());
            let action = Action::OrderPass(wanted.user);
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            let Issuer::Person(me, _) = issuer else { return Err(OrderError::NotAllowed) };
            let me = users::by_id(tx, me)?.ok_or(AdministerError::NotFound)?;
            let target = users::lock(tx, wanted.user)?.ok_or(OrderError::NotAllowed)?;
            if target.id == me.id {
                return Err(OrderRefusal::Oneself.into());
            }
            // The same answer for everybody else's accounts, whatever there is to say about them.
            if !may_order(tx, &settings, &me, &target)? {
                return Err(OrderError::NotAllowed);
            }
            if target.role.is_privileged() {
                return Err(OrderError::ForRole);
            }
            usable_by(&settings, &target)?;
            if wanted.handover == Handover::Mail {
                deliver_passes::address_of(&target)?;
            }
            let terms = terms(&settings, now, &target, &wanted)?;
            if usize::try_from(pass_orders::count_open_of(tx, me.id, now)?).unwrap_or(MOST_OPEN) >= MOST_OPEN
            {
                return Err(OrderError::TooMany);
            }
            let asked = Asked {
                user: target.id,
                asked_by: me.id,
                picker: me.id,
                kind: Kind::Ordered,
                terms,
                handover: wanted.handover,
            };
            let order = Order::ask(Id::new(now, &mut ids), asked, now)?;
            pass_orders::insert(tx, &order)?;
            let note = Some(order.terms.reason.clone());
            pen.clone().write_with_note(
                tx,
                now,
                Some(target.id),
                EventKind::PassOrdered { order: order.id },
                note,
            )?;
            Ok(order)
        })
        .await
}

/// The account that `named` names by its id or its login, if `who` may order for it. Whether there is another account of
/// that name, nobody else learns.
pub async fn find(cx: &Context, who: &Who, named: &str) -> Result<User, OrderError> {
    let (settings, me, named) = (cx.settings(), who.user.clone(), named.trim().to_owned());
    cx.db
        .read(move |tx| {
            let found = match (named.parse::<UserId>(), Login::parse(&named)) {
                (Ok(id), _) => users::by_id(tx, id)?,
                (Err(_), Ok(login)) => users::by_login(tx, &login)?,
                (Err(_), Err(_)) => None,
            };
            let target = found.ok_or(OrderError::NotAllowed)?;
            if !may_order(tx, &settings, &me, &target)? {
                return Err(OrderError::NotAllowed);
            }
            if target.id == me.id {
                return Err(OrderRefusal::Oneself.into());
            }
            if target.role.is_privileged() {
                return Err(OrderError::ForRole);
            }
            usable_by(&settings, &target)?;
            Ok(target)
        })
        .await
}

/// Stores how an order stands now, says so in the log, and tells whoever asked.
fn moved(
    tx: &mut Tx<'_>,
    now: Timestamp,
    (from, to): (&Order, &Order),
    told: Option<(NoticeKind, &User)>,
    pen: &mut Pen,
) -> Result<(), OrderError> {
    if !pass_orders::advance(tx, from, to)? {
        return Err(OrderRefusal::Answered.into());
    }
    let kind = EventKind::PassOrderMoved { order: to.id, to: to.state.name().to_owned() };
    let telling = match told {
        Some((kind, about)) => Telling { kind, whom: vec![to.picker], about: about.name.clone() },
        None => Telling::nobody(),
    };
    Ok(pen.write_telling(tx, now, to.user, (kind, None), &telling)?)
}
