//! The page for what went wrong: G-5 to G-11, and addresses that lead nowhere.

use askama::Template;
use primitives::time::Timestamp;
use serde_json::json;

use super::Shell;
use super::sign_in::SessionEnd;
use crate::text::{Html, json_block};

/// What went wrong, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Nothing is at this address, or it is somebody else's.
    NotFound,
    /// The page was open too long (G-5).
    Expired,
    /// The request did not come from a page of ours (G-6).
    Origin,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next one counts.
        minutes: i64,
    },
    /// The session is over (G-8).
    SessionEnded(SessionEnd),
    /// The link is for somebody else (G-9).
    WrongAccount,
    /// Changes are paused (G-10).
    ReadOnly {
        /// Until then.
        until: Timestamp,
    },
    /// A pass does not open this page.
    PassNotEnough,
    /// The account may not do this.
    Forbidden,
    /// The request makes no sense.
    BadRequest,
    /// The server cannot reach what it needs, for now.
    Unavailable,
    /// It may have happened or not.
    OutcomeUnknown,
    /// Our fault (G-11).
    Internal,
}

/// Where to go from a problem.
struct Way {
    key: &'static str,
    to: &'static str,
}

/// The page for what went wrong.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct Problem {
    /// The frame; its reference is shown.
    pub shell: Shell,
    /// What went wrong.
    pub kind: ProblemKind,
}

impl Problem {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match self.kind {
            ProblemKind::NotFound => "problem-not-found",
            ProblemKind::Expired => "problem-expired",
            ProblemKind::Origin => "problem-origin",
            ProblemKind::TooMany { .. } => "problem-too-many",
            ProblemKind::SessionEnded(_) => "problem-session-ended",
            ProblemKind::WrongAccount => "problem-wrong-account",
            ProblemKind::ReadOnly { .. } => "problem-read-only",
            ProblemKind::PassNotEnough => "problem-pass-not-enough",
            ProblemKind::Forbidden => "problem-forbidden",
            ProblemKind::BadRequest => "problem-bad-request",
            ProblemKind::Unavailable => "problem-unavailable",
            ProblemKind::OutcomeUnknown => "problem-outcome-unknown",
            ProblemKind::Internal => "problem-internal",
        };
        self.shell.say(key).to_string()
    }

    /// What did not happen, and what to do next.
    pub fn sentence(&self) -> Html {
        let shell = &self.shell;
        match self.kind {
            ProblemKind::NotFound => shell.say("problem-not-found-text").html(),
            ProblemKind::Expired => shell.say("problem-expired-text").html(),
            ProblemKind::Origin => shell.say("problem-origin-text").html(),
            ProblemKind::TooMany { minutes } => shell.say("too-many-tries").count("minutes", &minutes).html(),
            ProblemKind::SessionEnded(end) => shell.say(end.key()).html(),
            ProblemKind::WrongAccount => match &shell.account {
                Some(account) => {
                    shell.say("problem-wrong-account-text").strong("login", &account.login).html()
                }
                None => shell.say("problem-wrong-account-nobody").html(),
            },
            ProblemKind::ReadOnly { until } => shell.say("read-only").at("until", &until).html(),
            ProblemKind::PassNotEnough => shell.say("problem-pass-not-enough-text").html(),
            ProblemKind::Forbidden => shell.say("problem-forbidden-text").html(),
            ProblemKind::BadRequest => shell.say("problem-bad-request-text").html(),
            ProblemKind::Unavailable => shell.say("problem-unavailable-text").html(),
            ProblemKind::OutcomeUnknown => shell.say("problem-outcome-unknown-text").html(),
            ProblemKind::Internal => shell.say("problem-internal-text").html(),
        }
    }

    fn failed(&self) -> bool {
        true
    }

    /// The sentences of the coming minutes, the last of which says that the wait is over (G-7).
    fn countdown(&self) -> Option<Html> {
        let ProblemKind::TooMany { minutes } = self.kind else { return None };
        let mut sentences: Vec<String> = (1..minutes.min(60))
            .rev()
            .map(|left| self.shell.say("too-many-tries").count("minutes", &left).to_string())
            .collect();
        sentences.push(self.shell.say("tries-again-now").to_string());
        Some(json_block(&json!(sentences)))
    }

    fn way(&self) -> Way {
        let signed_in = self.shell.account.is_some();
        match self.kind {
            ProblemKind::Expired if !signed_in => Way { key: "start-again", to: "/signin" },
            ProblemKind::SessionEnded(_) => Way { key: "sign-in", to: "/signin" },
            ProblemKind::PassNotEnough => Way { key: "go-on-setting-up", to: "/welcome" },
            _ if signed_in => Way { key: "to-security-info", to: "/me/security" },
            _ => Way { key: "to-sign-in", to: "/signin" },
        }
    }
}
