//! Issuing a pass as the console does: shown, mailed, left for the manager, or waiting for a second person (AT-2).

use account::action::Action;
use account::audit::EventKind;
use account::notice::NoticeKind;
use account::pass_order::{Asked, Handover, Kind, Order};
use account::role::{Permission, Role};
use account::temporary_pass::{Pass, Terms, Wish};
use account::user::{User, UserId};
use primitives::id::Id;
use primitives::time::Timestamp;
use store::{Tx, pass_orders, users};

use super::{Issued, Prepared, needs_second_person};
use crate::authority::{self, Issuer};
use crate::context::{Authority, Caller, Context};
use crate::deliver_passes;
use crate::notify::{self, Telling};
use crate::order_pass::OrderError;

/// How the pass reaches the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Give {
    /// Whoever issues it shows it, or prints the letter.
    Show,
    /// By mail to the private address.
    Mail,
    /// The person's manager picks it up.
    Manager,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Granted {
    /// A pass, with its value to be shown once.
    Issued(Box<Issued>),
    /// A pass that goes out by mail; nobody here sees its value.
    Mailed(Box<Pass>),
    /// There is no pass yet: a second person approves it first, or the manager picks it up.
    Ordered(Box<Order>),
}

/// Issues a pass for `user` in one of these ways. [`super::issue`] with [`Give::Show`] is the same without the second
/// person, for whom it leaves no order.
pub async fn give(
    cx: &Context,
    caller: &mut Caller,
    authority: Authority<'_>,
    user: UserId,
    (wish, give): (Wish, Give),
) -> Result<Granted, OrderError> {
    let prepared = Prepared::new(cx, caller, authority).await?;
    cx.db.write(move |tx| prepared.clone().give(tx, user, (wish.clone(), give))).await
}

impl Prepared {
    fn give(
        mut self,
        tx: &mut Tx<'_>,
        user: UserId,
        (wish, give): (Wish, Give),
    ) -> Result<Granted, OrderError> {
        let now = tx.now()?;
        let issuer = authority::authorise(tx, now, &self.settings, &self.grant, Action::IssuePass(user))?;
        let (target, terms) = self.judge(tx, now, issuer, (user, wish))?;
        if give == Give::Mail {
            deliver_passes::address_of(&target)?;
        }
        if needs_second_person(&self.settings, now, issuer, &target) {
            return self.ask_second(tx, now, issuer, &target, (terms, give));
        }
        if give == Give::Manager {
            return self.leave_for_manager(tx, now, issuer, &target, terms);
        }
        self.hand_over(tx, now, &target, (terms, issuer.actor()), give == Give::Mail)
    }

    /// Makes the pass, and its mails if it goes by mail.
    pub(crate) fn hand_over(
        mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        target: &User,
        (terms, issuer): (Terms, account::audit::Actor),
        by_mail: bool,
    ) -> Result<Granted, OrderError> {
        let pass = self.insert(tx, now, target, terms, issuer)?;
        if !by_mail {
            return Ok(Granted::Issued(Box::new(Issued { pass, value: self.value })));
        }
        deliver_passes::post(tx, now, target, (&pass, &self.value), &mut self.ids)?;
        Ok(Granted::Mailed(Box::new(pass)))
    }

    fn ask_second(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        issuer: Issuer,
        target: &User,
        (terms, give): (Terms, Give),
    ) -> Result<Granted, OrderError> {
        // Nobody hands the pass of somebody with a role to a third person.
        if give == Give::Manager {
            return Err(OrderError::ForRole);
        }
        let Issuer::Person(asked_by, _) = issuer else { return Err(OrderError::NotAllowed) };
        let handover = if give == Give::Mail { Handover::Mail } else { Handover::InPerson };
        let asked =
            Asked { user: target.id, asked_by, picker: asked_by, kind: Kind::SecondPerson, terms, handover };
        let may = |role: &&Role| role.may_to(Permission::IssuePasses, target.role);
        let roles: Vec<Role> = Role::ALL.iter().filter(may).copied().collect();
        let whom = notify::of_roles_beside(tx, &roles, &[Some(asked_by), Some(target.id)])?;
        let telling = Telling { kind: NoticeKind::ApprovalWanted, whom, about: target.name.clone() };
        self.order(tx, now, target, asked, &telling)
    }

    fn leave_for_manager(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        issuer: Issuer,
        target: &User,
        terms: Terms,
    ) -> Result<Granted, OrderError> {
        if target.role.is_privileged() {
            return Err(OrderError::ForRole);
        }
        let Issuer::Person(asked_by, _) = issuer else { return Err(OrderError::NotAllowed) };
        let manager = target.directory.manager.ok_or(OrderError::ManagerMissing)?;
        let manager =
            users::by_id(tx, manager)?.filter(User::is_enabled).ok_or(OrderError::ManagerMissing)?;
        let asked = Asked {
            user: target.id,
            asked_by,
            picker: manager.id,
            kind: Kind::ForManager,
            terms,
            handover: Handover::InPerson,
        };
        let telling =
            Telling { kind: NoticeKind::OrderApproved, whom: vec![manager.id], about: target.name.clone() };
        self.order(tx, now, target, asked, &telling)
    }

    fn order(
        &mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
        target: &User,
        asked: Asked,
        telling: &Telling,
    ) -> Result<Granted, OrderError> {
        let order = Order::ask(Id::new(now, &mut self.ids), asked, now).map_err(OrderError::Refused)?;
        pass_orders::insert(tx, &order)?;
        let kind = EventKind::PassOrdered { order: order.id };
        self.pen.write_telling(tx, now, target.id, (kind, Some(order.terms.reason.clone())), telling)?;
        Ok(Granted::Ordered(Box::new(order)))
    }
}
