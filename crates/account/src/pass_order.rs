//! Orders: passes that one person asks for and another approves, before there is a value.
//!
//! A manager or an IT contact orders for somebody and a time frame; or whoever may issue passes needs a second person,
//! because the account has a role. The value is made when the order is picked up, is seen by whoever picks it up and by
//! nobody else, and a decision that came too late finds the order where somebody else has left it.

use primitives::id::Id;
use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::names::named_enum;
use crate::temporary_pass::{LONGEST_NOTE, PassId, Terms};
use crate::user::{UserId, is_control};

/// Identifies an [`Order`].
pub type OrderId = Id<Order>;

/// How long a second person has to approve, and the first one then to pick the pass up, altogether.
pub const APPROVAL: Span = Span::from_hours(1);

/// How long an order stays in the lists after its end.
pub const KEPT: Span = Span::from_days(90);

/// Orders of one person that are open at the same time, at most.
pub const MOST_OPEN: usize = 50;

named_enum! {
    /// Why there is an order instead of a pass.
    pub enum Kind {
        /// Somebody who may not issue passes asks for one.
        Ordered = "ordered",
        /// Somebody who may needs a second person.
        SecondPerson = "second-person",
        /// Whoever issued it lets the manager pick it up.
        ForManager = "for-manager",
    }
}

named_enum! {
    /// How the pass reaches the person.
    pub enum Handover {
        /// Whoever picks it up shows it, or prints the letter.
        InPerson = "in-person",
        /// By mail to the private address.
        Mail = "mail",
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its identifier.
    pub id: OrderId,
    /// For whom the pass is.
    pub user: UserId,
    /// Who asks.
    pub asked_by: UserId,
    /// Who picks the pass up, and alone sees it.
    pub picker: UserId,
    /// Why there is an order.
    pub kind: Kind,
    /// The terms of the pass.
    pub terms: Terms,
    /// How it reaches the person.
    pub handover: Handover,
    /// When it was asked for.
    pub at: Timestamp,
    /// When it ends if nobody does anything, exclusive.
    pub ends: Timestamp,
    /// Where it stands.
    pub state: State,
}

/// Where an order stands, apart from what time does to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Nobody has answered yet.
    Asked,
    /// It may be picked up.
    Approved {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
        /// What they wrote; may be empty.
        note: String,
    },
    /// There will be no pass.
    Declined {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
        /// What they wrote; may be empty.
        note: String,
    },
    /// Whoever asked took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
    /// The pass was made.
    PickedUp {
        /// Which.
        pass: PassId,
        /// When.
        at: Timestamp,
        /// Who had approved it, and stands for the pass.
        approved_by: Actor,
    },
}

impl State {
    /// The stable name, as rows hold it.
    pub fn name(&self) -> &'static str {
        match self {
            State::Asked => "asked",
            State::Approved { .. } => "approved",
            State::Declined { .. } => "declined",
            State::Withdrawn { .. } => "withdrawn",
            State::PickedUp { .. } => "picked-up",
        }
    }
}

named_enum! {
    /// Where an order stands at a moment.
    pub enum Standing {
        /// It waits for an answer.
        Asked = "asked",
        /// It waits to be picked up.
        Approved = "approved",
        /// It was declined.
        Declined = "declined",
        /// It was taken back.
        Withdrawn = "withdrawn",
        /// The pass was made.
        PickedUp = "picked-up",
        /// Its time went by.
        Expired = "expired",
    }
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// For whom.
    pub user: UserId,
    /// Who asks.
    pub asked_by: UserId,
    /// Who picks it up.
    pub picker: UserId,
    /// Why there is an order.
    pub kind: Kind,
    /// On which terms.
    pub terms: Terms,
    /// How it reaches the person.
    pub handover: Handover,
}

impl Order {
    /// A new order. One for a second person lasts an hour, the others as long as the pass would.
    pub fn ask(id: OrderId, asked: Asked, now: Timestamp) -> Result<Self, OrderRefusal> {
        let Asked { user, asked_by, picker, kind, terms, handover } = asked;
        if asked_by == user || picker == user {
            return Err(OrderRefusal::Oneself);
        }
        let ends = match kind {
            Kind::SecondPerson => terms.ends.min(now + APPROVAL),
            Kind::Ordered | Kind::ForManager => terms.ends,
        };
        let state = match kind {
            Kind::Ordered | Kind::SecondPerson => State::Asked,
            Kind::ForManager => State::Approved { by: Actor::User(asked_by), at: now, note: String::new() },
        };
        Ok(Self { id, user, asked_by, picker, kind, terms, handover, at: now, ends, state })
    }

    /// Where it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.state {
            State::Declined { .. } => Standing::Declined,
            State::Withdrawn { .. } => Standing::Withdrawn,
            State::PickedUp { .. } => Standing::PickedUp,
            State::Asked | State::Approved { .. } if now >= self.ends => Standing::Expired,
            State::Asked => Standing::Asked,
            State::Approved { .. } => Standing::Approved,
        }
    }

    /// Whether anything can still become of it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.standing(now), Standing::Asked | Standing::Approved)
    }

    /// Whether `actor` may answer it: nobody approves what they asked for, or what concerns themselves.
    fn may_answer(&self, by: Actor, now: Timestamp) -> Result<(), OrderRefusal> {
        if by == Actor::User(self.user) {
            return Err(OrderRefusal::Oneself);
        }
        if by == Actor::User(self.asked_by) {
            return Err(OrderRefusal::Own);
        }
        match self.standing(now) {
            Standing::Asked => Ok(()),
            Standing::Expired => Err(OrderRefusal::Expired),
            _ => Err(OrderRefusal::Answered),
        }
    }

    /// Lets it be picked up.
    pub fn approve(self, by: Actor, note: String, now: Timestamp) -> Result<Self, OrderRefusal> {
        self.may_answer(by, now)?;
        Ok(Self { state: State::Approved { by, at: now, note }, ..self })
    }

    /// Lets there be no pass.
    pub fn decline(self, by: Actor, note: String, now: Timestamp) -> Result<Self, OrderRefusal> {
        self.may_answer(by, now)?;
        Ok(Self { state: State::Declined { by, at: now, note }, ..self })
    }

    /// Takes it back, approved or not.
    pub fn withdraw(self, by: UserId, now: Timestamp) -> Result<Self, OrderRefusal> {
        if by != self.asked_by {
            return Err(OrderRefusal::NotYours);
        }
        match self.standing(now) {
            Standing::Asked | Standing::Approved => Ok(Self { state: State::Withdrawn { at: now }, ..self }),
            Standing::Expired => Err(OrderRefusal::Expired),
            _ => Err(OrderRefusal::Answered),
        }
    }

    /// Makes a pass of it. The order must be the one that [`Order::may_pick_up`] was asked about.
    pub fn pick_up(self, by: UserId, pass: PassId, now: Timestamp) -> Result<Self, OrderRefusal> {
        let approved_by = self.may_pick_up(by, now)?;
        Ok(Self { state: State::PickedUp { pass, at: now, approved_by }, ..self })
    }

    /// Who approved it, if `by` may pick it up at `now`.
    pub fn may_pick_up(&self, by: UserId, now: Timestamp) -> Result<Actor, OrderRefusal> {
        if by != self.picker {
            return Err(OrderRefusal::NotYours);
        }
        if now >= self.ends && matches!(self.state, State::Asked | State::Approved { .. }) {
            return Err(OrderRefusal::Expired);
        }
        match self.state {
            State::Approved { by, .. } => Ok(by),
            State::Asked => Err(OrderRefusal::NotApproved),
            State::PickedUp { .. } => Err(OrderRefusal::PickedUp),
            State::Declined { .. } | State::Withdrawn { .. } => Err(OrderRefusal::Answered),
        }
    }
}

/// Reads what somebody writes beside an answer: at most 400 characters, none that control or turn the text.
pub fn parse_note(text: &str) -> Result<String, OrderRefusal> {
    let text = text.trim();
    let long = text.len() > LONGEST_NOTE.saturating_mul(4) || text.chars().count() > LONGEST_NOTE;
    if long || text.chars().any(is_control) { Err(OrderRefusal::Note) } else { Ok(text.to_owned()) }
}

/// Why nothing became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderRefusal {
    /// Nobody orders or approves for himself.
    Oneself,
    /// Nobody approves what he asked for.
    Own,
    /// It belongs to somebody else.
    NotYours,
    /// Its time went by.
    Expired,
    /// It was approved, declined or taken back before.
    Answered,
    /// Nobody has approved it.
    NotApproved,
    /// The pass was picked up before.
    PickedUp,
    /// The note is too long or holds control characters.
    Note,
}

impl OrderRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            OrderRefusal::Oneself => "not_for_oneself",
            OrderRefusal::Own => "order_own",
            OrderRefusal::NotYours => "order_not_yours",
            OrderRefusal::Expired => "order_expired",
            OrderRefusal::Answered => "order_answered",
            OrderRefusal::NotApproved => "order_not_approved",
            OrderRefusal::PickedUp => "order_picked_up",
            OrderRefusal::Note => "order_note",
        }
    }
}

named_enum! {
    /// What the code on a letter holds, beside the address.
    pub enum LetterCode {
        /// Nothing.
        Address = "address",
        /// What the person types to say who they are.
        Login = "login",
        /// That and the pass: whoever has the letter needs to type nothing.
        Pass = "pass",
    }
}

/// What a deployment chooses about passes that reach people on paper or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRules {
    /// The group whose members may order for everybody without a role.
    pub contacts: Option<String>,
    /// What the code on a letter holds.
    pub letter_code: LetterCode,
}

impl Default for OrderRules {
    fn default() -> Self {
        Self { contacts: None, letter_code: LetterCode::Login }
    }
}

#[cfg(test)]
mod tests;
