//! The computer's side of a passkey that is created on the phone: W-5b.
//!
//! The page and the events that it is told later say the same: both come from [`Waiting`].

use account::enrolment::{Mode, Stage};
use askama::Template;
use primitives::time::Timestamp;
use serde_json::{Value, json};

use super::Shell;
use super::wizard::Step;
use super::wizard_phone::PhoneKind;
use crate::qr::Markup;
use crate::text::Text;

/// What the page shows beside the sentence of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The code.
    Code,
    /// The text box for the number.
    Number,
    /// Only what the phone does.
    Phone,
    /// What can be done about a phone that cannot go on; it may still try again.
    Trouble,
    /// The passkey exists already.
    Duplicate,
    /// What can be done now that it is over.
    Over,
    /// The code has ended: the same, and the code stays in sight.
    Expired,
    /// The next step.
    Done,
    /// The way back in.
    Ended,
}

impl View {
    /// The view of a stage.
    pub fn of(stage: Stage) -> View {
        match stage {
            Stage::Created => View::Code,
            Stage::Approve => View::Number,
            Stage::Opened | Stage::SigningIn | Stage::Approved | Stage::Creating | Stage::PhoneCancelled => {
                View::Phone
            }
            Stage::PhoneUnsupported | Stage::Rejected | Stage::OtherAccount => View::Trouble,
            Stage::Duplicate => View::Duplicate,
            Stage::NumberLocked | Stage::Declined | Stage::Stopped => View::Over,
            Stage::Expired => View::Expired,
            Stage::CreatedOk | Stage::Tried => View::Done,
            Stage::Ended => View::Ended,
        }
    }

    fn code(self) -> &'static str {
        match self {
            View::Code => "code",
            View::Number => "number",
            View::Phone => "phone",
            View::Trouble => "trouble",
            View::Duplicate => "duplicate",
            View::Over => "over",
            View::Expired => "expired",
            View::Done => "done",
            View::Ended => "ended",
        }
    }

    /// Whether nothing more is to come: who listens may stop.
    pub fn is_last(self) -> bool {
        matches!(self, View::Over | View::Expired | View::Done | View::Ended)
    }

    /// Whether it went otherwise than hoped.
    fn is_problem(self) -> bool {
        matches!(self, View::Trouble | View::Over | View::Expired | View::Ended)
    }
}

/// A phone as it is told of: the browser and the address that took up the code.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Such as `Chrome on Android`.
    pub device: String,
    /// The network address; may be empty.
    pub address: String,
}

/// Where the errand stands.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its stage.
    pub stage: Stage,
    /// What gives the phone the right.
    pub mode: Mode,
    /// Which phone has it.
    pub phone: Option<Phone>,
    /// Another device tried to open the code.
    pub another_tried: bool,
    /// Nothing was heard of the phone for a minute.
    pub lost: bool,
    /// Why the phone cannot go on, where that is known: the code of an `UnsupportedReason`.
    pub reason: Option<String>,
    /// As whom the phone is signed in, if it is not this person; masked.
    pub other_login: Option<String>,
    /// The next step once there is a passkey: a path of ours.
    pub next: Option<String>,
    /// Where the passkey that the phone had already is tried.
    pub try_instead: Option<String>,
    /// How often it has changed.
    pub version: i64,
}

impl Waiting {
    /// What the page shows.
    pub fn view(&self) -> View {
        View::of(self.stage)
    }

    /// The sentence that says it.
    pub fn sentence(&self, text: Text) -> String {
        if let (Stage::OtherAccount, Some(login)) = (self.stage, &self.other_login) {
            return text.say("stage-other-account-as").with("login", login).to_string();
        }
        let key = match (self.stage, self.reason.as_deref()) {
            (Stage::PhoneUnsupported, Some(reason)) => format!("link-unsupported-{reason}"),
            (stage, _) => format!("stage-{stage}"),
        };
        let known = if text.has(&key) { key } else { format!("stage-{}", self.stage) };
        text.say(&known).to_string()
    }

    /// Which phone, in words.
    fn device(&self, text: Text) -> String {
        match &self.phone {
            Some(phone) if phone.address.is_empty() => {
                text.say("link-device").with("device", &phone.device).to_string()
            }
            Some(phone) => text
                .say("link-device-at")
                .with("device", &phone.device)
                .with("address", &phone.address)
                .to_string(),
            None => String::new(),
        }
    }

    /// How many of the four steps are done.
    fn level(&self) -> i64 {
        match self.stage {
            Stage::Created | Stage::Expired | Stage::Stopped | Stage::Declined | Stage::Ended => 1,
            Stage::CreatedOk | Stage::Tried => 4,
            Stage::Approved
            | Stage::Creating
            | Stage::PhoneCancelled
            | Stage::Rejected
            | Stage::Duplicate => 3,
            Stage::Opened
            | Stage::SigningIn
            | Stage::Approve
            | Stage::NumberLocked
            | Stage::PhoneUnsupported
            | Stage::OtherAccount => 2,
        }
    }

    /// For the page's script.
    pub fn json(&self, text: Text) -> Value {
        let view = self.view();
        json!({
            "ok": true,
            "stage": self.stage.as_str(),
            "mode": self.mode.as_str(),
            "version": self.version,
            "view": view.code(),
            "text": self.sentence(text),
            "device": self.device(text),
            "level": self.level(),
            "anotherTried": self.another_tried,
            "lost": self.lost,
            "next": self.next,
            "tryInstead": self.try_instead,
            "last": view.is_last(),
        })
    }
}

/// The code while it can be scanned.
#[derive(Clone, Debug)]
pub struct Code {
    /// The picture.
    pub picture: Markup,
    /// What it holds: the link.
    pub address: String,
    /// What is typed instead.
    pub typed: Option<String>,
}

/// What is wrong with the number that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// Nothing, or no number.
    Empty,
    /// Another number; so many tries are left.
    Wrong {
        /// The tries.
        left: i64,
    },
}

/// W-5b, `/me/security/add/phone/{id}`.
#[derive(Template)]
#[template(path = "wizard/link.html")]
pub struct Link {
    /// The frame.
    pub shell: Shell,
    /// The errand's id, as in the address.
    pub id: String,
    /// Where it stands.
    pub waiting: Waiting,
    /// The code, unless a phone has it or it is over.
    pub code: Option<Code>,
    /// Where the phone types the code.
    pub companion: String,
    /// When it ends.
    pub ends: Timestamp,
    /// The phone's system, if said.
    pub phone: Option<PhoneKind>,
    /// It replaces one that has ended.
    pub renewed: bool,
    /// What is wrong with the number.
    pub problem: Option<NumberProblem>,
}

/// One line of what has happened.
struct Line {
    key: &'static str,
    number: i64,
}

impl Link {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("link-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn step(&self) -> Step {
        Step::Create
    }

    fn sentence(&self) -> String {
        self.waiting.sentence(self.shell.text)
    }

    fn device(&self) -> String {
        self.waiting.device(self.shell.text)
    }

    /// Whether a part that is there in these views is shown now.
    fn shows(&self, views: &str) -> bool {
        views.split(' ').any(|view| view == self.waiting.view().code())
    }

    fn view(&self) -> &'static str {
        self.waiting.view().code()
    }

    fn is_problem(&self) -> bool {
        self.waiting.view().is_problem()
    }

    /// Without scripts the page is loaded again and again, but not under the hands of somebody who types.
    fn renews_itself(&self) -> bool {
        !self.waiting.view().is_last() && self.waiting.view() != View::Number
    }

    fn level(&self) -> i64 {
        self.waiting.level()
    }

    fn lines(&self) -> [Line; 4] {
        let third = match self.waiting.mode {
            Mode::SignIn => "link-step-signed-in",
            Mode::Number => "link-step-confirmed",
        };
        let keys = ["link-step-waiting", "link-step-opened", third, "link-step-created"];
        let mut number = 0;
        keys.map(|key| {
            number += 1;
            Line { key, number }
        })
    }

    fn scan(&self) -> &'static str {
        match self.phone {
            Some(PhoneKind::Android) => "link-scan-android",
            Some(PhoneKind::Ios) => "link-scan-ios",
            None => "link-scan",
        }
    }

    fn problem_sentence(&self, problem: &NumberProblem) -> String {
        match problem {
            NumberProblem::Empty => self.shell.say("link-number-empty").to_string(),
            NumberProblem::Wrong { left } => {
                self.shell.say("link-number-wrong").count("left", left).to_string()
            }
        }
    }
}
