//! Passes for many new starters (AT-5): the list, the look at it, and one letter a person.

use askama::Template;
use serde::Deserialize;

use super::Nav;
use crate::pages::passes::{PassLetter, problem_key};
use crate::pages::{Ceremony, Shell};
use crate::text::{Html, Style};

/// What was typed and chosen.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// The list.
    pub list: String,
    /// `now` or `later`.
    pub from: String,
    /// When, as a box for date and time gives it.
    pub at: String,
    /// Minutes east of UTC of whoever typed it.
    pub zone: String,
    /// How long, in units.
    pub amount: String,
    /// `minutes`, `hours` or `days`.
    pub unit: String,
    /// `yes` for one use only.
    pub once: String,
    /// Words of one's own.
    pub note: String,
    /// How the people are known.
    pub check: String,
}

/// A line of the list as it was looked at.
#[derive(Clone, Debug)]
pub struct BulkRow {
    /// Counted from 1.
    pub number: usize,
    /// What stands there.
    pub typed: String,
    /// Whose name it is.
    pub name: Option<String>,
    /// The code of why there is no pass.
    pub problem: Option<&'static str>,
    /// A pass that the new one takes the place of.
    pub replaces: bool,
}

/// The form, and below it what was found on the list.
#[derive(Template)]
#[template(path = "console/passes/bulk.html")]
pub struct BulkPasses {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// What was typed.
    pub form: BulkForm,
    /// The lines, once they were looked at.
    pub rows: Vec<BulkRow>,
    /// How many of them get a pass.
    pub good: i64,
    /// What is confirmed, as an action's target.
    pub digest: Option<String>,
    /// People on a list at most.
    pub most: i64,
    /// The code of what is wrong.
    pub problem: Option<&'static str>,
}

impl BulkPasses {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("bulk-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }

    fn units(&self) -> [(&'static str, &'static str); 3] {
        [("minutes", "pass-unit-minutes"), ("hours", "pass-unit-hours"), ("days", "pass-unit-days")]
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// What came of a list: letters, once, and who is left out.
#[derive(Template)]
#[template(path = "console/passes/letters.html")]
pub struct BulkLetters {
    /// The frame.
    pub shell: Shell,
    /// One letter a person.
    pub letters: Vec<PassLetter>,
    /// How many.
    pub count: i64,
    /// Lines that got no pass.
    pub left_out: Vec<BulkRow>,
    /// The ids of the passes, for the list of serials.
    pub ids: String,
}

impl BulkLetters {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("bulk-letters-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn sentence(&self, code: &str) -> String {
        self.shell.say(problem_key(code)).to_string()
    }
}
