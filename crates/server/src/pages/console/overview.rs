//! The console's first page: how far people are, and how they sign in.

use askama::Template;
use primitives::time::Timestamp;

use super::Nav;
use super::chart::{Bars, Columns};
use super::log::LogRow;
use crate::pages::Shell;

/// What was counted of people.
#[derive(Clone, Debug)]
pub struct Counted {
    /// When.
    pub at: Timestamp,
    /// The way to having no password.
    pub funnel: Bars,
    /// Who could lose a device.
    pub survival: Bars,
    /// What people have registered.
    pub methods: Bars,
    /// Of which models passkeys are.
    pub models: Bars,
    /// The mean score, 0 to 100.
    pub score: i64,
    /// Who could lose a device without having to ask anybody.
    pub ready: i64,
    /// How many could be.
    pub invited: i64,
    /// Accounts, disabled ones too.
    pub people: i64,
    /// Disabled ones.
    pub disabled: i64,
    /// How many had two passkeys at earlier times: when, of how many, and how many.
    pub trend: Vec<(Timestamp, i64, i64)>,
}

impl Counted {
    fn ready_sentence(&self, shell: &Shell) -> String {
        shell.say("insight-ready").count("ready", &self.ready).count("people", &self.invited).to_string()
    }

    fn score_sentence(&self, shell: &Shell) -> String {
        shell.say("insight-score").count("score", &self.score).to_string()
    }

    fn people_sentence(&self, shell: &Shell) -> String {
        shell
            .say("insight-people")
            .count("people", &self.people)
            .count("disabled", &self.disabled)
            .to_string()
    }
}

/// `/admin`.
#[derive(Template)]
#[template(path = "console/insight/overview.html")]
pub struct Overview {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What was counted of people; `None` before the first counting.
    pub counted: Option<Counted>,
    /// Sign-ins of the last days.
    pub days: Columns,
    /// How they signed in.
    pub used: Bars,
    /// Why they were not let in.
    pub reasons: Bars,
    /// The newest refusals; `None` for those who may not read the log.
    pub refusals: Option<Vec<LogRow>>,
    /// Requests for a pass that wait; `None` for those who do not serve them.
    pub waiting: Option<i64>,
}

impl Overview {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("console-overview").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn waiting_sentence(&self, waiting: &i64) -> String {
        self.shell.say("insight-waiting").count("count", waiting).to_string()
    }
}
