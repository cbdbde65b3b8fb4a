//! PO-4: the versions, what each changed, and going back to one.

use account::policy::document::Change;
use askama::Template;
use primitives::time::Timestamp;
use service::administer_policy::Summary;

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is in force.
    InForce,
    /// It will be.
    Pending,
    /// It was.
    Past,
    /// It was undone.
    Undone,
}

impl Standing {
    fn key(self) -> &'static str {
        match self {
            Standing::InForce => "policy-version-in-force",
            Standing::Pending => "policy-version-pending",
            Standing::Past => "policy-version-past",
            Standing::Undone => "policy-version-undone",
        }
    }
}

/// A version in the list.
#[derive(Clone, Debug)]
pub struct VersionLine {
    /// Its number.
    pub number: i64,
    /// Who applied it.
    pub author: String,
    /// What they said about it.
    pub comment: String,
    /// When.
    pub made: Timestamp,
    /// From when it is in force.
    pub effective: Timestamp,
    /// Where it stands.
    pub standing: Standing,
    /// What it did to people.
    pub impact: Summary,
}

/// PO-4.
#[derive(Template)]
#[template(path = "console/policy/history.html")]
pub struct PolicyHistory {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The newest first.
    pub versions: Vec<VersionLine>,
    /// The number from before which there are more.
    pub more: Option<i64>,
}

impl PolicyHistory {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("policy-history-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// One version.
#[derive(Template)]
#[template(path = "console/policy/version.html")]
pub struct PolicyVersion {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// Its line.
    pub line: VersionLine,
    /// What it changed.
    pub changes: Vec<Change>,
    /// What the policy in force says otherwise than it.
    pub since: Vec<Change>,
    /// Its document.
    pub document: String,
    /// Until when it can be undone.
    pub undo: Option<Timestamp>,
    /// Whether the reader may change anything.
    pub may_edit: bool,
    /// Undoing was not confirmed.
    pub unconfirmed: bool,
}

impl PolicyVersion {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("policy-version-heading").count("number", &self.line.number).to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn number(&self, number: &u64) -> i64 {
        i64::try_from(*number).unwrap_or(i64::MAX)
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
