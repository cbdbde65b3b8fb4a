//! `/device`: letting a device in that cannot show a sign-in page (RFC 8628).

use askama::Template;
use primitives::time::Timestamp;

use super::application::{AskedScope, Requester};
use super::{Ceremony, Shell};
use crate::text::{Html, Style};

/// `/device`: the code that the device shows is typed. No address fills it in: who follows a link that somebody sent
/// still has to have the device before them.
#[derive(Template)]
#[template(path = "device/code.html")]
pub struct DeviceCode {
    /// The frame.
    pub shell: Shell,
    /// What is wrong with what was typed.
    pub problem: Option<DeviceCodeProblem>,
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceCodeProblem {
    /// It cannot be one.
    Malformed,
    /// No device waits with it.
    Unknown,
    /// Too many were tried.
    TooMany {
        /// Minutes to wait.
        minutes: i64,
    },
}

impl DeviceCode {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("device-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &DeviceCodeProblem) -> Html {
        match problem {
            DeviceCodeProblem::Malformed => self.shell.say("device-malformed").html(),
            DeviceCodeProblem::Unknown => self.shell.say("device-unknown").html(),
            DeviceCodeProblem::TooMany { minutes } => {
                self.shell.say("too-many-tries").count("minutes", minutes).html()
            }
        }
    }
}

/// `/device/approve`: who asks, from where and since when.
#[derive(Template)]
#[template(path = "device/approve.html")]
pub struct DeviceApproval {
    /// The frame.
    pub shell: Shell,
    /// Which application it runs.
    pub application: Requester,
    /// The code that it shows.
    pub code: String,
    /// What it says that it is.
    pub device: String,
    /// The address that it asked from.
    pub address: String,
    /// Whether that is in the network of whoever looks.
    pub same_network: bool,
    /// When it asked.
    pub asked_at: Timestamp,
    /// What it will see.
    pub scopes: Vec<AskedScope>,
    /// The interfaces at which it will act, by their URIs.
    pub resources: Vec<String>,
    /// What the passkey confirms.
    pub target: String,
}

impl DeviceApproval {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("device-approve-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// What became of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceEnd {
    /// It is in.
    Approved,
    /// It is not.
    Declined,
    /// It waits no more.
    Over,
    /// The application is not for this person.
    NotYours,
    /// The application asks for more than what was proven.
    TooWeak,
}

impl DeviceEnd {
    /// Every one.
    pub const ALL: [DeviceEnd; 5] =
        [DeviceEnd::Approved, DeviceEnd::Declined, DeviceEnd::Over, DeviceEnd::NotYours, DeviceEnd::TooWeak];

    /// As in the address that a person is led to.
    pub fn code(self) -> &'static str {
        match self {
            DeviceEnd::Approved => "approved",
            DeviceEnd::Declined => "declined",
            DeviceEnd::Over => "over",
            DeviceEnd::NotYours => "not-yours",
            DeviceEnd::TooWeak => "too-weak",
        }
    }

    /// The end of an address.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.code() == code)
    }

    fn sentence(self) -> &'static str {
        match self {
            DeviceEnd::Approved => "device-approved",
            DeviceEnd::Declined => "device-declined",
            DeviceEnd::Over => "device-over",
            DeviceEnd::NotYours => "device-not-yours",
            DeviceEnd::TooWeak => "device-too-weak",
        }
    }
}

/// `/device/end`: what became of it.
#[derive(Template)]
#[template(path = "device/end.html")]
pub struct DeviceEnded {
    /// The frame.
    pub shell: Shell,
    /// What.
    pub end: DeviceEnd,
}

impl DeviceEnded {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match self.end {
            DeviceEnd::Approved => "device-approved-heading",
            DeviceEnd::Declined => "device-declined-heading",
            DeviceEnd::Over => "device-over-heading",
            DeviceEnd::NotYours => "device-not-yours-heading",
            DeviceEnd::TooWeak => "device-too-weak-heading",
        };
        self.shell.say(key).to_string()
    }

    /// A no that the person said is what they wanted.
    fn failed(&self) -> bool {
        !matches!(self.end, DeviceEnd::Approved | DeviceEnd::Declined)
    }
}
