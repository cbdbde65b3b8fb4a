//! Reports about people: what they have registered, and whether they could lose a device today.

use account::readiness::{Advice, Survival};
use askama::Template;
use primitives::time::Timestamp;

use super::Nav;
use crate::pages::Shell;

/// A person in a report.
#[derive(Clone, Debug)]
pub struct ReportRow {
    /// The account's id.
    pub id: String,
    /// As what they sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether they may do anything to others.
    pub admin: bool,
    /// Two factors are registered.
    pub mfa_registered: bool,
    /// Two factors are registered, and policy takes them.
    pub mfa_capable: bool,
    /// A passkey is registered, and policy takes it.
    pub passwordless_capable: bool,
    /// What is registered.
    pub methods: Vec<&'static str>,
    /// What is left after a loss.
    pub survival: Survival,
    /// When what they registered last changed.
    pub updated: Timestamp,
}

impl ReportRow {
    fn survival_words(&self, shell: &Shell) -> String {
        shell.say(survival_key(self.survival)).to_string()
    }

    fn survival_class(&self) -> &'static str {
        survival_class(self.survival)
    }

    fn joined(&self) -> String {
        self.methods.join(", ")
    }

    fn score(&self) -> i64 {
        i64::from(self.survival.score())
    }
}

fn survival_class(survival: Survival) -> &'static str {
    match survival {
        Survival::NoWayIn | Survival::Nothing => "danger",
        Survival::WeakerWay | Survival::UntriedPasskey => "warn",
        Survival::Restorable | Survival::AnotherPasskey => "ok",
    }
}

/// The key of what is left after a loss.
pub fn survival_key(survival: Survival) -> &'static str {
    match survival {
        Survival::NoWayIn => "insight-survival-no-way-in",
        Survival::Nothing => "insight-survival-nothing",
        Survival::WeakerWay => "insight-survival-weaker-way",
        Survival::Restorable => "insight-survival-restorable",
        Survival::UntriedPasskey => "insight-survival-untried",
        Survival::AnotherPasskey => "insight-survival-another",
    }
}

fn advice_key(advice: Advice) -> &'static str {
    match advice {
        Advice::AddPasskey => "insight-advice-add",
        Advice::AddSecondPasskey => "insight-advice-second",
        Advice::TryPasskey => "insight-advice-try",
        Advice::ReplacePasskey => "insight-advice-replace",
        Advice::DropPassword => "insight-advice-password",
        Advice::RenewRecoveryCodes => "insight-advice-recovery",
    }
}

/// `/admin/reports`.
#[derive(Template)]
#[template(path = "console/insight/report.html")]
pub struct Report {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// A page of people.
    pub rows: Vec<ReportRow>,
    /// Behind whom the next page begins.
    pub next: Option<String>,
    /// Whether this is not the first page.
    pub later: bool,
}

impl Report {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("insight-report").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn yes(&self, so: &bool) -> String {
        self.shell.say(if *so { "insight-yes" } else { "insight-no" }).to_string()
    }
}

/// `/admin/users/{id}/readiness`.
#[derive(Template)]
#[template(path = "console/insight/person.html")]
pub struct PersonReadiness {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// The person.
    pub row: ReportRow,
    /// What would make it better.
    pub advice: Vec<Advice>,
    /// Names of passkeys that are there, and whether policy takes them.
    pub passkeys: Vec<(String, bool)>,
}

impl PersonReadiness {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("insight-person").with("name", &self.row.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn score_sentence(&self) -> String {
        self.shell.say("insight-person-score").count("score", &self.row.score()).to_string()
    }

    fn advised(&self, advice: &Advice) -> String {
        self.shell.say(advice_key(*advice)).to_string()
    }
}
