//! AU-4: adding many people from a file.

use askama::Template;
use service::import_users::{Column, Fate, FileRefusal, Plan, PlannedRow, RowRefusal};

use super::Nav;
use super::people::problem_key;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// Rows of a preview that are shown at most; what is wrong stands first.
pub const MOST_SHOWN: usize = 200;

/// AU-4.
#[derive(Template)]
#[template(path = "console/people/import.html")]
pub struct Import {
    /// The frame.
    pub shell: Shell,
    /// The console's navigation.
    pub nav: Nav,
    /// The file, as it was sent.
    pub file: String,
    /// What it would do.
    pub plan: Option<Plan>,
    /// Why it cannot be read.
    pub refusal: Option<FileRefusal>,
    /// The key of what else is wrong.
    pub problem: Option<&'static str>,
}

impl Import {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("import-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.refusal.is_some()
            || self.problem.is_some()
            || self.plan.as_ref().is_some_and(|plan| plan.wrong().next().is_some())
    }

    fn columns(&self) -> String {
        let names: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
        names.join(", ")
    }

    fn why(&self, refusal: &FileRefusal) -> String {
        let say = |key: &'static str| self.shell.say(key);
        match refusal {
            FileRefusal::TooLarge => say("import-too-large"),
            FileRefusal::NotText => say("import-not-text"),
            FileRefusal::Empty => say("import-empty"),
            FileRefusal::TooManyRows => say("import-too-many"),
            FileRefusal::UnknownColumn(name) => say("import-column-unknown").with("column", name),
            FileRefusal::ColumnTwice(name) => say("import-column-twice").with("column", *name),
            FileRefusal::ColumnMissing(name) => say("import-column-missing").with("column", *name),
            FileRefusal::Fields { line } => say("import-fields").with("line", line.to_string()),
        }
        .to_string()
    }

    fn digest(&self, plan: &Plan) -> String {
        primitives::encoding::hex(&plan.digest)
    }

    fn wrong(&self, plan: &Plan) -> usize {
        plan.wrong().count()
    }

    /// The rows to show, wrong ones first.
    fn rows<'a>(&self, plan: &'a Plan) -> Vec<&'a PlannedRow> {
        let right = plan.rows.iter().filter(|row| !matches!(row.fate, Fate::Wrong(_)));
        plan.wrong().chain(right).take(MOST_SHOWN).collect()
    }

    fn hides(&self, plan: &Plan) -> bool {
        plan.rows.len() > MOST_SHOWN
    }

    fn fate(&self, row: &PlannedRow) -> String {
        let say = |key: &'static str| self.shell.say(key);
        match &row.fate {
            Fate::Added => say("import-row-added"),
            Fate::There => say("import-row-there"),
            Fate::Wrong(RowRefusal::Field(error)) => say(problem_key(error)),
            Fate::Wrong(RowRefusal::Twice { line }) => say("import-row-twice").with("line", line.to_string()),
            Fate::Wrong(RowRefusal::Group(name)) => say("import-row-group").with("group", name),
            Fate::Wrong(RowRefusal::Manager) => say("import-row-manager"),
        }
        .to_string()
    }

    fn is_wrong(&self, row: &PlannedRow) -> bool {
        matches!(row.fate, Fate::Wrong(_))
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
