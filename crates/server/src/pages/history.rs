//! SH-1 to SH-3, `/me/history`.

use account::audit::EventKind;
use account::history::{Remedy, Verdict};
use account::strength::Strength;
use askama::Template;
use primitives::time::Timestamp;

use super::Shell;

mod words;

pub use words::{reason_key, title_key};

/// An entry of the history.
#[derive(Clone, Debug)]
pub struct HistoryLine {
    /// Its id, as in the address.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// How it stands.
    pub verdict: Verdict,
    /// The name of the passkey that it is about, where it is known.
    pub passkey: Option<String>,
    /// How many equal ones it stands for.
    pub times: i64,
    /// Browser and system; empty where nothing is known.
    pub device: String,
    /// The shortened address; empty where nothing is known.
    pub network: String,
    /// It opened the session that looks.
    pub this_session: bool,
    /// From a browser and network that were not seen before.
    pub unfamiliar: bool,
    /// Somebody else than the person did it.
    pub by_another: bool,
    /// When it was reported.
    pub reported: Option<Timestamp>,
    /// Whether there is something to do about it.
    pub not_me: bool,
}

impl HistoryLine {
    fn passkey_name(&self, shell: &Shell) -> String {
        self.passkey.clone().unwrap_or_else(|| shell.say("history-some-passkey").to_string())
    }

    fn title(&self, shell: &Shell) -> String {
        let count = match self.kind {
            EventKind::OtherSessionsRevoked { count } => i64::from(count),
            _ => 0,
        };
        let phrase = shell.say(title_key(&self.kind)).with("passkey", self.passkey_name(shell));
        phrase.count("count", &count).to_string()
    }

    fn from(&self, shell: &Shell) -> Option<String> {
        let phrase = match (self.device.is_empty(), self.network.is_empty()) {
            (_, true) => return (!self.device.is_empty()).then(|| self.device.clone()),
            (true, false) => shell.say("history-from-network").with("network", &self.network),
            (false, false) => {
                shell.say("history-from").with("device", &self.device).with("network", &self.network)
            }
        };
        Some(phrase.to_string())
    }

    fn is_repeated(&self) -> bool {
        self.times > 1
    }

    fn icon(&self) -> &'static str {
        match self.verdict {
            Verdict::Success => "check",
            Verdict::Failed => "stop",
            Verdict::Interrupted => "clock",
            Verdict::Changed => "key",
        }
    }

    fn verdict_key(&self) -> &'static str {
        match self.verdict {
            Verdict::Success => "history-entry-success",
            Verdict::Failed => "history-entry-failed",
            Verdict::Interrupted => "history-entry-interrupted",
            Verdict::Changed => "history-entry-changed",
        }
    }

    fn verdict_class(&self) -> &'static str {
        match self.verdict {
            Verdict::Success => "ok",
            Verdict::Failed => "danger",
            Verdict::Interrupted => "warn",
            Verdict::Changed => "info",
        }
    }

    fn result_key(&self) -> &'static str {
        match self.verdict {
            Verdict::Success => "history-result-success",
            Verdict::Failed => "history-result-failed",
            Verdict::Interrupted => "history-result-interrupted",
            Verdict::Changed => "history-result-changed",
        }
    }
}

/// SH-1.
#[derive(Template)]
#[template(path = "history/list.html")]
pub struct History {
    /// The frame.
    pub shell: Shell,
    /// Newest first.
    pub lines: Vec<HistoryLine>,
    /// `show` of the address: `all`, `sign-ins` or `changes`.
    pub show: &'static str,
    /// `days` of the address.
    pub days: i64,
    /// `before` of the next page's address.
    pub next: Option<String>,
    /// Whether this is not the first page.
    pub later: bool,
}

impl History {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("history-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn shows(&self) -> [(&'static str, &'static str); 3] {
        [
            ("all", "history-show-all"),
            ("sign-ins", "history-show-sign-ins"),
            ("changes", "history-show-changes"),
        ]
    }

    fn is_shown(&self, code: &str) -> bool {
        self.show == code
    }

    fn is_period(&self, days: &i64) -> bool {
        self.days == *days
    }

    fn periods(&self) -> [i64; 2] {
        [30, 90]
    }
}

/// SH-2.
#[derive(Template)]
#[template(path = "history/details.html")]
pub struct HistoryDetails {
    /// The frame.
    pub shell: Shell,
    /// The entry.
    pub line: HistoryLine,
    /// How strong the sign-in was; only of sign-ins that succeeded.
    pub strength: Option<Option<Strength>>,
    /// The reference of the request.
    pub reference: String,
}

impl HistoryDetails {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("history-entry-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn strength_key(&self) -> Option<String> {
        let strength = self.strength?;
        Some(format!("history-strength-{}", strength.map_or("none", Strength::as_str)))
    }
}

/// SH-3a.
#[derive(Template)]
#[template(path = "history/not_me.html")]
pub struct NotMe {
    /// The frame.
    pub shell: Shell,
    /// The entry.
    pub line: HistoryLine,
}

impl NotMe {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("not-me-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// Why a report did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportProblem {
    /// It was confirmed with the method in question.
    Suspicious,
    /// What was chosen is not possible any more.
    NotOffered,
}

/// SH-3b.
#[derive(Template)]
#[template(path = "history/do.html")]
pub struct WhatToDo {
    /// The frame.
    pub shell: Shell,
    /// The entry.
    pub line: HistoryLine,
    /// The row of the table, as `account::history::Triage::code` names it.
    pub triage: &'static str,
    /// What is offered, and whether it is chosen.
    pub remedies: Vec<(Remedy, bool)>,
    /// The only method is the one in question.
    pub only_suspicious: bool,
    /// What went wrong with what was sent.
    pub problem: Option<ReportProblem>,
}

impl WhatToDo {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("not-me-do-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn explanation(&self) -> String {
        let key = format!("not-me-{}", self.triage);
        self.shell.say(&key).with("passkey", self.line.passkey_name(&self.shell)).to_string()
    }

    fn remedy(&self, remedy: &Remedy) -> String {
        let key = format!("remedy-{}", remedy.as_str());
        self.shell.say(&key).with("passkey", self.line.passkey_name(&self.shell)).to_string()
    }

    fn hint_key(&self, remedy: &Remedy) -> Option<&'static str> {
        (*remedy == Remedy::Freeze).then_some("remedy-freeze-hint")
    }

    /// Whether something that is offered needs a confirmation: the click asks for it.
    fn confirms(&self) -> bool {
        self.remedies.iter().any(|(remedy, _)| remedy.needs_confirmation())
    }

    /// The account is the last one that administers: freezing is not offered.
    fn cannot_freeze(&self) -> bool {
        !self.remedies.iter().any(|(remedy, _)| *remedy == Remedy::Freeze)
    }

    fn offers_password_change(&self) -> bool {
        self.remedies.iter().any(|(remedy, _)| *remedy == Remedy::TurnOffPassword)
    }

    fn problem_key(&self) -> Option<&'static str> {
        self.problem.map(|problem| match problem {
            ReportProblem::Suspicious => "not-me-problem-suspicious",
            ReportProblem::NotOffered => "not-me-problem-not-offered",
        })
    }

    fn messages(&self) -> crate::text::Html {
        super::Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// SH-3c, and what stands in the way of a report: too old, reported before.
#[derive(Template)]
#[template(path = "history/told.html")]
pub struct Told {
    /// The frame.
    pub shell: Shell,
    /// The entry.
    pub line: HistoryLine,
    /// The reference; absent where the entry is too old to be reported.
    pub reference: Option<String>,
    /// What came of what was chosen: remedy and outcome by their stable names. Empty on a later look.
    pub outcomes: Vec<(String, String)>,
}

impl Told {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.reference.is_some() { "told-heading" } else { "not-me-do-heading" };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn some_not(&self) -> bool {
        self.outcomes.iter().any(|(_, outcome)| outcome == "last-method")
    }

    fn remedy(&self, code: &str) -> String {
        let key = format!("remedy-{code}");
        self.shell.say(&key).with("passkey", self.line.passkey_name(&self.shell)).to_string()
    }

    fn outcome(&self, code: &str) -> String {
        let key = format!("outcome-{code}");
        self.shell.say(&key).to_string()
    }

    fn outcome_class(&self, code: &str) -> &'static str {
        if code == "last-method" { "warn" } else { "ok" }
    }
}

/// Lifting a freeze, `/me/frozen`.
#[derive(Template)]
#[template(path = "history/frozen.html")]
pub struct Frozen {
    /// The frame.
    pub shell: Shell,
    /// Ids and names of the frozen passkeys.
    pub passkeys: Vec<(String, String)>,
    /// The password is frozen too.
    pub password: bool,
}

impl Frozen {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("frozen-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
