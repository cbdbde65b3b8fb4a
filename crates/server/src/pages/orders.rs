//! Orders of passes: `/me/orders`, for those who ask and pick up.

use account::pass_order::{Handover, Kind, Standing};
use account::temporary_pass::Why;
use askama::Template;
use primitives::time::Timestamp;
use serde::Deserialize;

use super::passes::problem_key;
use super::{Ceremony, Shell};
use crate::text::Html;

/// An order with the people in it.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// Its id.
    pub id: String,
    /// For whom, by name.
    pub name: String,
    /// What they type.
    pub login: String,
    /// The person's id.
    pub user: String,
    /// Who asked.
    pub asked_by: String,
    /// Who picks it up.
    pub picker: String,
    /// Who answered.
    pub answered_by: Option<String>,
    /// What they wrote.
    pub note: String,
    /// Why there is an order.
    pub kind: Kind,
    /// From when the pass works.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// For one use only.
    pub one_time: bool,
    /// How it reaches the person.
    pub handover: Handover,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub at: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Where it stands.
    pub standing: Standing,
}

impl OrderLine {
    pub(in crate::pages) fn state_key(&self) -> &'static str {
        state_key(self.standing)
    }

    pub(in crate::pages) fn kind_key(&self) -> &'static str {
        match self.kind {
            Kind::Ordered => "order-kind-ordered",
            Kind::SecondPerson => "order-kind-second",
            Kind::ForManager => "order-kind-manager",
        }
    }

    pub(in crate::pages) fn handover_key(&self) -> &'static str {
        match self.handover {
            Handover::InPerson => "order-handover-person",
            Handover::Mail => "order-handover-mail",
        }
    }

    pub(in crate::pages) fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Asked | Standing::Approved)
    }
}

/// The key of where an order stands.
pub fn state_key(standing: Standing) -> &'static str {
    match standing {
        Standing::Asked => "order-state-asked",
        Standing::Approved => "order-state-approved",
        Standing::Declined => "order-state-declined",
        Standing::Withdrawn => "order-state-withdrawn",
        Standing::PickedUp => "order-state-picked-up",
        Standing::Expired => "order-state-expired",
    }
}

/// `/me/orders`.
#[derive(Template)]
#[template(path = "orders/mine.html")]
pub struct MyOrders {
    /// The frame.
    pub shell: Shell,
    /// People to order for: id and name.
    pub reports: Vec<(String, String)>,
    /// The reader may order for everybody without a role.
    pub contact: bool,
    /// Newest first.
    pub orders: Vec<OrderLine>,
    /// The code of what is wrong.
    pub problem: Option<&'static str>,
}

impl MyOrders {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("my-orders-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }
}

/// What was typed and chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OrderForm {
    /// For whom.
    pub person: String,
    /// Why.
    pub why: String,
    /// Words of one's own.
    pub note: String,
    /// From when, as a box for date and time gives it; from now where empty.
    pub starts: String,
    /// Until when.
    pub ends: String,
    /// Minutes east of UTC of whoever typed it.
    pub zone: String,
    /// `yes` for one use only.
    pub once: String,
    /// `in-person` or `mail`.
    pub how: String,
}

/// `/me/orders/new`.
#[derive(Template)]
#[template(path = "orders/new.html")]
pub struct NewOrder {
    /// The frame.
    pub shell: Shell,
    /// For whom.
    pub name: String,
    /// Their login.
    pub login: String,
    /// What was typed.
    pub form: OrderForm,
    /// It could go by mail.
    pub mail: bool,
    /// The code of what is wrong.
    pub problem: Option<&'static str>,
}

impl NewOrder {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("order-new-heading").with("name", &self.name).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }

    fn whys(&self) -> Vec<(&'static str, String, bool)> {
        let option = |why: &Why| {
            let label = self.shell.say(&format!("pass-why-{why}")).to_string();
            (why.as_str(), label, self.form.why == why.as_str())
        };
        Why::ALL.iter().map(option).collect()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// `/me/orders/{id}`: one's own order, to be picked up or taken back.
#[derive(Template)]
#[template(path = "orders/one.html")]
pub struct MyOrder {
    /// The frame.
    pub shell: Shell,
    /// The order.
    pub order: OrderLine,
    /// The reader picks it up.
    pub picks: bool,
    /// The reader asked for it.
    pub asked: bool,
    /// The code of what is wrong.
    pub problem: Option<&'static str>,
}

impl MyOrder {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("order-heading").with("name", &self.order.name).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }

    fn ready(&self) -> bool {
        self.picks && self.order.standing == Standing::Approved
    }

    fn by_mail(&self) -> bool {
        self.order.handover == Handover::Mail
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
