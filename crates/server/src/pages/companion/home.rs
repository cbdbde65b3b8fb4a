//! PH-0, `/a/`, and what the installed page shows without a network.

use askama::Template;
use primitives::time::Timestamp;

use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// What is wrong with a code that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// Nothing was typed.
    Missing,
    /// It finds no errand.
    Wrong,
    /// Too many were tried, by anybody.
    TooMany,
}

impl CodeProblem {
    fn key(self) -> &'static str {
        match self {
            CodeProblem::Missing => "ph-code-missing",
            CodeProblem::Wrong => "ph-code-wrong",
            CodeProblem::TooMany => "ph-code-too-many",
        }
    }
}

/// PH-0 for somebody who is not signed in.
#[derive(Template)]
#[template(path = "companion/start.html")]
pub struct Start {
    /// The frame.
    pub shell: Shell,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub problem: Option<CodeProblem>,
}

impl Start {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-app").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A passkey that was created in this browser, as the server knows it.
#[derive(Clone, Debug)]
pub struct MadeHere {
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created: Timestamp,
    /// Whether it was used; nothing once it was removed from the account.
    pub tried: Option<bool>,
}

impl MadeHere {
    fn state(&self) -> &'static str {
        match self.tried {
            Some(true) => "ph-home-tried",
            Some(false) => "ph-home-not-tried",
            None => "ph-home-removed",
        }
    }
}

/// Another account that signed in here before.
#[derive(Clone, Debug)]
pub struct OtherAccount {
    /// Its name.
    pub name: String,
    /// Its login name.
    pub login: String,
}

/// PH-0 for somebody who is signed in.
#[derive(Template)]
#[template(path = "companion/home.html")]
pub struct Home {
    /// The frame; it has an account.
    pub shell: Shell,
    /// What was created in this browser for this account.
    pub made: Vec<MadeHere>,
    /// Whether one more can be created here.
    pub may_create: bool,
    /// Whether it is time to offer the home screen: after a passkey works, never before.
    pub install: bool,
    /// Other accounts of this browser.
    pub others: Vec<OtherAccount>,
    /// What is wrong with the code that was typed.
    pub problem: Option<CodeProblem>,
    /// What was typed.
    pub typed: String,
}

impl Home {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-app").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }
}

/// What the installed page shows without a network. It is kept on the phone, so it is the same for everybody.
#[derive(Template)]
#[template(path = "companion/offline.html")]
pub struct Offline {
    /// The frame.
    pub shell: Shell,
}

impl Offline {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("ph-offline-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
