//! `/admin/hooks`: receivers of events.

use account::hook::TermsRefusal;
use askama::Template;
use primitives::time::Timestamp;

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// A receiver in the list.
#[derive(Clone, Debug)]
pub struct HookLine {
    /// Its id.
    pub id: String,
    /// Where it is.
    pub url: String,
    /// Its host, to name it by.
    pub host: String,
    /// The kinds of events; all where empty.
    pub kinds: Vec<&'static str>,
    /// Personal data go with them.
    pub personal: bool,
    /// Events are sent.
    pub enabled: bool,
    /// Since when it takes nothing.
    pub failing: Option<Timestamp>,
    /// When it is tried again.
    pub again: Option<Timestamp>,
    /// How the last attempt ended, and when.
    pub last: Option<(String, Timestamp)>,
    /// What a confirmation of turning it on or off names.
    pub switch: String,
}

/// The list.
#[derive(Template)]
#[template(path = "console/hooks/list.html")]
pub struct Hooks {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Newest first.
    pub lines: Vec<HookLine>,
    /// A change was not confirmed with a passkey.
    pub unconfirmed: bool,
}

impl Hooks {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("console-hooks").to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// Why there is no such receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookProblem {
    /// There is none on such terms.
    Terms(TermsRefusal),
    /// There are as many as there may be.
    TooMany,
    /// It was not confirmed with a passkey.
    Unconfirmed,
}

/// What somebody types about a receiver.
#[derive(Clone, Debug, Default)]
pub struct HookFields {
    /// Where it is.
    pub url: String,
    /// The kinds of events.
    pub kinds: String,
    /// Personal data go with them.
    pub personal: bool,
}

/// What a receiver is to be, before it is.
#[derive(Clone, Debug)]
pub struct HookReview {
    /// What the confirmation is for.
    pub action: &'static str,
    /// What the confirmation names.
    pub terms: String,
    /// The kinds of events; all where empty.
    pub kinds: Vec<&'static str>,
}

/// A receiver to type in, and then to look at and confirm.
#[derive(Template)]
#[template(path = "console/hooks/edit.html")]
pub struct EditHook {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Where the form goes.
    pub address: String,
    /// It is a new one.
    pub new: bool,
    /// What was typed.
    pub fields: HookFields,
    /// All kinds of events that there are.
    pub known: &'static [&'static str],
    /// What it is to be, once it can be.
    pub review: Option<HookReview>,
    /// Why it is not.
    pub problem: Option<HookProblem>,
}

impl EditHook {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match (self.new, self.review.is_some()) {
            (true, false) => "hooks-new",
            (true, true) => "hooks-review",
            (false, false) => "hooks-change",
            (false, true) => "hooks-review-change",
        };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &HookProblem) -> String {
        let key = match problem {
            HookProblem::Terms(TermsRefusal::Url) => "hooks-wrong-url",
            HookProblem::Terms(TermsRefusal::Kind) => "hooks-wrong-kinds",
            HookProblem::TooMany => "hooks-too-many",
            HookProblem::Unconfirmed => "hooks-confirm-first",
        };
        self.shell.say(key).to_string()
    }

    fn wrong(&self, field: &str) -> bool {
        match self.problem {
            Some(HookProblem::Terms(TermsRefusal::Url)) => field == "url",
            Some(HookProblem::Terms(TermsRefusal::Kind)) => field == "kinds",
            _ => false,
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A receiver with its secret, which is shown this once.
#[derive(Template)]
#[template(path = "console/hooks/added.html")]
pub struct AddedHook {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Where it is.
    pub url: String,
    /// Its secret.
    pub secret: String,
}

impl AddedHook {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("hooks-added").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
