//! Issuing a pass for somebody (AT-2), and the list of passes (AT-4).

use account::pass_mail::PassMail;
use account::temporary_pass::{Check, Usability, Why};
use askama::Template;
use primitives::time::{Span, Timestamp};
use serde::Deserialize;

use super::Nav;
use crate::pages::passes::{delivery_key, problem_key, state_key};
use crate::pages::shell::span;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// Whoever a pass is for.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they type.
    pub login: String,
}

/// Whether a pass can go by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailWay {
    /// To this private address.
    To(String),
    /// The private address is the organisation's own mailbox, which the person cannot open yet.
    OwnMailbox(String),
    /// There is no private address.
    NoAddress,
    /// This deployment sends no mail.
    Off,
}

/// A pass that the person has.
#[derive(Clone, Debug)]
pub struct CurrentPass {
    /// What it is worth.
    pub state: Usability,
    /// From when.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// For one use only.
    pub one_time: bool,
    /// Who issued it.
    pub issuer: String,
    /// Why.
    pub reason: String,
    /// What a letter calls it.
    pub serial: String,
    /// Its mails.
    pub mails: Vec<PassMail>,
}

impl CurrentPass {
    fn state_key(&self) -> &'static str {
        state_key(self.state)
    }

    fn outstanding(&self) -> bool {
        self.state.is_outstanding()
    }
}

/// What was typed and chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct PassForm {
    /// Why.
    pub why: String,
    /// Words of one's own.
    pub note: String,
    /// `now` or `later`.
    pub from: String,
    /// When, as a box for date and time gives it.
    pub at: String,
    /// Minutes east of UTC of whoever typed it; empty without a script.
    pub zone: String,
    /// How long, in units.
    pub amount: String,
    /// `minutes`, `hours` or `days`.
    pub unit: String,
    /// `yes` for one use only.
    pub once: String,
    /// `show`, `mail` or `manager`.
    pub how: String,
    /// How the person was recognised.
    pub check: String,
}

/// AT-2.
#[derive(Template)]
#[template(path = "console/passes/issue.html")]
pub struct IssuePass {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// For whom.
    pub person: Recipient,
    /// The code of why whoever looks issues nothing.
    pub blocked: Option<&'static str>,
    /// It is policy that stands in the way.
    pub by_policy: bool,
    /// The newest pass.
    pub current: Option<CurrentPass>,
    /// Orders for this person that are open: id and the key of where they stand.
    pub orders: Vec<(String, &'static str)>,
    /// A second person must approve.
    pub second: bool,
    /// The manager's name.
    pub manager: Option<String>,
    /// Whether a pass can go by mail.
    pub mail: MailWay,
    /// A pass for one use does not reach to the phone as well: the number that phones show is off.
    pub once_falls_short: bool,
    /// Every pass is for one use.
    pub only_once: bool,
    /// Shortest and longest lifetime.
    pub bounds: (Span, Span),
    /// What was typed.
    pub form: PassForm,
    /// The code of what is wrong with it.
    pub problem: Option<&'static str>,
}

impl IssuePass {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("pass-issue-heading").with("name", &self.person.name).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }

    fn is(&self, code: &str) -> bool {
        self.problem == Some(code)
    }

    fn whys(&self) -> Vec<(&'static str, String, bool)> {
        let option = |why: &Why| {
            let label = self.shell.say(&format!("pass-why-{why}")).to_string();
            (why.as_str(), label, self.form.why == why.as_str())
        };
        Why::ALL.iter().map(option).collect()
    }

    fn checks(&self) -> Vec<(&'static str, String, bool)> {
        let option = |check: &Check| {
            let label = self.shell.say(&format!("pass-check-{check}")).to_string();
            (check.as_str(), label, self.form.check == check.as_str())
        };
        Check::ALL.iter().map(option).collect()
    }

    fn units(&self) -> [(&'static str, &'static str); 3] {
        [("minutes", "pass-unit-minutes"), ("hours", "pass-unit-hours"), ("days", "pass-unit-days")]
    }

    fn shortest(&self) -> String {
        span(self.shell.text, self.bounds.0)
    }

    fn longest(&self) -> String {
        span(self.shell.text, self.bounds.1)
    }

    fn delivery(&self, mail: &PassMail) -> String {
        let part = self.shell.say(&format!("pass-mail-part-{}", mail.part)).to_string();
        self.shell.say(delivery_key(mail.delivery)).with("part", part).to_string()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A pass in the list.
#[derive(Clone, Debug)]
pub struct PassRow {
    /// The person's id.
    pub user: String,
    /// The person's name.
    pub name: String,
    /// What the person types.
    pub login: String,
    /// What it is worth.
    pub state: Usability,
    /// From when.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// For one use only.
    pub one_time: bool,
    /// Who issued it.
    pub issuer: String,
    /// Why.
    pub reason: String,
    /// What a letter calls it.
    pub serial: String,
    /// Whoever looks may take it back.
    pub revocable: bool,
}

impl PassRow {
    fn state_key(&self) -> &'static str {
        state_key(self.state)
    }
}

/// AT-4.
#[derive(Template)]
#[template(path = "console/passes/list.html")]
pub struct PassList {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// Newest first.
    pub passes: Vec<PassRow>,
    /// Only those that may still be worth something.
    pub outstanding: bool,
    /// Where the next page begins.
    pub next: Option<String>,
}

impl PassList {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("passes-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn next_query(&self, next: &str) -> String {
        format!("?{}after={next}", if self.outstanding { "" } else { "all=yes&" })
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
