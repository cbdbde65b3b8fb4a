//! Answering an order, and taking it back.

use account::action::Action;
use account::notice::NoticeKind;
use account::pass_order::{Order, OrderId, OrderRefusal, parse_note};
use account::role::Permission;
use account::user::User;
use primitives::time::Timestamp;
use store::{Tx, pass_orders, users};

use super::{OrderError, moved};
use crate::administer_passes::usable_by;
use crate::administer_users::AdministerError;
use crate::authority::{self, Grant, Issuer, Unauthorised};
use crate::context::{Authority, Caller, Context, Settings, Who};
use crate::events::Pen;
use crate::manage_sessions;

/// Lets it be picked up. A person has confirmed [`Action::ApproveOrder`].
pub async fn approve(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: OrderId,
    note: &str,
) -> Result<Order, OrderError> {
    let (note, action) = (parse_note(note)?, Action::ApproveOrder(id));
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            let (order, target) = both(tx, issuer, id)?;
            // Where the order itself is over, that is what is said.
            let approved = order.clone().approve(issuer.actor(), note.clone(), now)?;
            usable_by(&settings, &target)?;
            still_allowed(&settings, now, &order, &target)?;
            let told = Some((NoticeKind::OrderApproved, &target));
            moved(tx, now, (&order, &approved), told, &mut pen.clone())?;
            Ok(approved)
        })
        .await
}

/// Lets there be no pass. A person has confirmed [`Action::DeclineOrder`].
pub async fn decline(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    id: OrderId,
    note: &str,
) -> Result<Order, OrderError> {
    let (note, action) = (parse_note(note)?, Action::DeclineOrder(id));
    let (pen, grant) = (Pen::new(caller, authority.actor()), Grant::from(authority));
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let issuer = authority::authorise(tx, now, &settings, &grant, action)?;
            let (order, target) = both(tx, issuer, id)?;
            let declined = order.clone().decline(issuer.actor(), note.clone(), now)?;
            let told = Some((NoticeKind::OrderDeclined, &target));
            moved(tx, now, (&order, &declined), told, &mut pen.clone())?;
            Ok(declined)
        })
        .await
}

/// Takes back what one asked for. Nothing is granted by it, so the session is enough.
pub async fn withdraw(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: OrderId,
) -> Result<Order, OrderError> {
    let pen = Pen::new(caller, Authority::Person(who).actor());
    let (settings, who) = (cx.settings(), who.clone());
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let standing = manage_sessions::lock_standing(tx, now, &settings, &who)?;
            let who = standing.ok_or(Unauthorised::SessionEnded)?;
            let order = pass_orders::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
            let withdrawn = order.clone().withdraw(who.user.id, now)?;
            moved(tx, now, (&order, &withdrawn), None, &mut pen.clone())?;
            Ok(withdrawn)
        })
        .await
}

/// The order and the account that it is for, both locked, if `issuer` may issue passes for that account.
fn both(tx: &mut Tx<'_>, issuer: Issuer, id: OrderId) -> Result<(Order, User), OrderError> {
    let order = pass_orders::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
    let target = users::lock(tx, order.user)?.ok_or(AdministerError::NotFound)?;
    if issuer.is(target.id) {
        return Err(OrderRefusal::Oneself.into());
    }
    if !issuer.may_to(Permission::IssuePasses, target.role) {
        return Err(AdministerError::Role.into());
    }
    Ok((order, target))
}

/// Whether policy still allows what was asked for.
pub(super) fn still_allowed(
    settings: &Settings,
    now: Timestamp,
    order: &Order,
    target: &User,
) -> Result<account::temporary_pass::Terms, OrderError> {
    let wish = account::temporary_pass::Wish {
        lifetime: Some(order.terms.ends.since(order.terms.starts)),
        starts: Some(order.terms.starts),
        one_time: order.terms.one_time,
        reason: order.terms.reason.clone(),
    };
    Ok(settings.of(target).passes.terms(wish, now).map_err(AdministerError::Issue)?)
}
