//! Picking an approved order up: the pass is made now, and its value is seen by whoever picks it up.

use account::action::Action;
use account::audit::Actor;
use account::pass_order::{Handover, Kind, Order, OrderId, OrderRefusal};
use account::role::Permission;
use account::user::User;
use store::{Tx, pass_orders, users};

use super::answer::still_allowed;
use super::{OrderError, may_order, moved};
use crate::administer_passes::{Granted, Prepared, usable_by};
use crate::administer_users::AdministerError;
use crate::authority::{self, Issuer};
use crate::context::{Authority, Caller, Context, Settings, Who};
use crate::events::Pen;

/// Makes the pass of an approved order, once. `who` has confirmed [`Action::PickUpPass`].
pub async fn pick_up(
    cx: &Context,
    caller: &mut Caller,
    who: &Who,
    id: OrderId,
) -> Result<(Order, Granted), OrderError> {
    let (authority, me) = (Authority::Person(who), who.user.id);
    // Everybody may ask, and a slow hash is not for everybody; the commit decides.
    let asked = cx.db.read(move |tx| pass_orders::by_id(tx, id)).await?;
    if asked.ok_or(AdministerError::NotFound)?.picker != me {
        return Err(OrderRefusal::NotYours.into());
    }
    let prepared = Prepared::new(cx, caller, authority).await?;
    let pen = Pen::new(caller, authority.actor());
    let settings = cx.settings();
    cx.db
        .write(move |tx| {
            let now = tx.now()?;
            let action = Action::PickUpPass(id);
            let issuer = authority::authorise(tx, now, &settings, prepared.grant(), action)?;
            let Issuer::Person(me, _) = issuer else { return Err(OrderError::NotAllowed) };
            let order = pass_orders::lock(tx, id)?.ok_or(AdministerError::NotFound)?;
            let target = users::lock(tx, order.user)?.ok_or(AdministerError::NotFound)?;
            let approver = order.may_pick_up(me, now)?;
            still_stands(tx, &settings, (&order, &target), issuer, approver)?;
            usable_by(&settings, &target)?;
            let terms = still_allowed(&settings, now, &order, &target)?;
            let by_mail = order.handover == Handover::Mail;
            let granted = prepared.clone().hand_over(tx, now, &target, (terms, approver), by_mail)?;
            let pass = match &granted {
                Granted::Issued(issued) => issued.pass.id,
                Granted::Mailed(pass) => pass.id,
                Granted::Ordered(_) => return Err(OrderError::NotAllowed),
            };
            let done = order.clone().pick_up(me, pass, now)?;
            moved(tx, now, (&order, &done), None, &mut pen.clone())?;
            Ok((done, granted))
        })
        .await
}

/// What was true when it was asked for and approved must be true still.
fn still_stands(
    tx: &mut Tx<'_>,
    settings: &Settings,
    (order, target): (&Order, &User),
    picker: Issuer,
    approver: Actor,
) -> Result<(), OrderError> {
    if let Actor::User(approver) = approver {
        let approver = users::by_id(tx, approver)?.filter(User::is_enabled);
        if !approver.is_some_and(|user| user.role.may_to(Permission::IssuePasses, target.role)) {
            return Err(OrderError::ApprovalVoid);
        }
    }
    if order.kind == Kind::SecondPerson {
        let may = picker.may_to(Permission::IssuePasses, target.role);
        return if may { Ok(()) } else { Err(AdministerError::Role.into()) };
    }
    if target.role.is_privileged() {
        return Err(OrderError::ForRole);
    }
    let me = users::by_id(tx, order.picker)?.ok_or(AdministerError::NotFound)?;
    let theirs = match order.kind {
        Kind::ForManager => target.directory.manager == Some(me.id),
        Kind::Ordered | Kind::SecondPerson => may_order(tx, settings, &me, target)?,
    };
    if theirs { Ok(()) } else { Err(OrderError::NotAllowed) }
}
