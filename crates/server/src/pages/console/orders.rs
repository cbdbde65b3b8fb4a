//! `/admin/orders`: orders of passes, for those who answer them.

use askama::Template;

use super::Nav;
use crate::pages::orders::OrderLine;
use crate::pages::passes::problem_key;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// `/admin/orders`.
#[derive(Template)]
#[template(path = "console/orders/list.html")]
pub struct OrderList {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// Those that wait, oldest first; or all, newest first.
    pub orders: Vec<OrderLine>,
    /// All of them.
    pub all: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl OrderList {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("orders-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// One order, to be answered (AT-2c).
#[derive(Template)]
#[template(path = "console/orders/answer.html")]
pub struct AnswerOrder {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The order.
    pub order: OrderLine,
    /// Whoever looks may answer it.
    pub answerable: bool,
    /// What was typed.
    pub note: String,
    /// The code of what is wrong.
    pub problem: Option<&'static str>,
}

impl AnswerOrder {
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

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
