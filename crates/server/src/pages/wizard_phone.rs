//! On the way to a passkey on the phone: W-2, W-3 and W-4.

use askama::Template;

use super::wizard::Step;
use super::{Ceremony, Shell};
use crate::text::Html;

/// A phone's system, which decides what is explained and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// Android.
    Android,
    /// iPhone or iPad.
    Ios,
}

impl PhoneKind {
    /// As in forms and addresses.
    pub fn code(self) -> &'static str {
        match self {
            PhoneKind::Android => "android",
            PhoneKind::Ios => "ios",
        }
    }

    /// The system of a form or an address.
    pub fn parse(code: &str) -> Option<PhoneKind> {
        [PhoneKind::Android, PhoneKind::Ios].into_iter().find(|kind| kind.code() == code)
    }

    /// The system of a device as people recognise it, such as `Chrome on Android`.
    pub fn of_device(label: &str) -> Option<PhoneKind> {
        if label.contains("Android") {
            return Some(PhoneKind::Android);
        }
        ["iPhone", "iPad"].iter().any(|name| label.contains(name)).then_some(PhoneKind::Ios)
    }
}

/// W-2, `/me/security/add/phone/check`.
#[derive(Template)]
#[template(path = "wizard/check.html")]
pub struct Check {
    /// The frame.
    pub shell: Shell,
    /// Oldest version of Android.
    pub android: i64,
    /// Oldest version of iOS.
    pub ios: i64,
    /// The browser may talk to the phone, which takes Bluetooth.
    pub by_browser: bool,
    /// Where "Next" leads: a path of ours.
    pub next: String,
}

impl Check {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("check-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn step(&self) -> Step {
        Step::Check
    }

    fn versions(&self) -> String {
        self.shell.say("check-versions").count("android", &self.android).count("ios", &self.ios).to_string()
    }
}

/// W-3, `/me/security/add/phone/which`.
#[derive(Template)]
#[template(path = "wizard/which.html")]
pub struct Which {
    /// The frame.
    pub shell: Shell,
    /// What is chosen beforehand: as the person's last phone.
    pub chosen: Option<PhoneKind>,
    /// "Next" was pressed with nothing chosen.
    pub missing: bool,
}

impl Which {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("which-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.missing
    }

    fn step(&self) -> Step {
        Step::Check
    }

    fn is_chosen(&self, code: &str) -> bool {
        self.chosen.is_some_and(|kind| kind.code() == code)
    }
}

/// W-4, `/me/security/add/phone/how`.
#[derive(Template)]
#[template(path = "wizard/how.html")]
pub struct How {
    /// The frame.
    pub shell: Shell,
    /// The phone's system, if said.
    pub phone: Option<PhoneKind>,
    /// The phone may open our page.
    pub link: bool,
    /// The browser may talk to the phone.
    pub by_browser: bool,
    /// The script confirms in the same click.
    pub confirm: bool,
    /// What is wrong with the choice that was sent.
    pub problem: Option<HowProblem>,
}

/// What is wrong with a choice of W-4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowProblem {
    /// Nothing was chosen.
    Missing,
    /// The organisation has turned it off meanwhile.
    Changed,
}

impl HowProblem {
    fn key(self) -> &'static str {
        match self {
            HowProblem::Missing => "how-missing",
            HowProblem::Changed => "how-changed",
        }
    }
}

/// One card of W-4.
struct Card {
    place: &'static str,
    label: &'static str,
    hint: &'static str,
    allowed: bool,
    recommended: bool,
    /// What this browser may turn out to lack, and the sentence that says so.
    lacks: Option<(&'static str, &'static str)>,
}

impl How {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("how-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn step(&self) -> Step {
        Step::Check
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }

    fn cards(&self) -> [Card; 3] {
        [
            Card {
                place: "phone-link",
                label: "how-link",
                hint: "how-link-hint",
                allowed: self.link,
                recommended: self.link,
                lacks: None,
            },
            Card {
                place: "phone-browser",
                label: "how-browser",
                hint: "how-browser-hint",
                allowed: self.by_browser,
                recommended: !self.link && self.by_browser,
                lacks: Some(("no-hybrid", "how-no-bluetooth")),
            },
            Card {
                place: "this-computer",
                label: "how-here",
                hint: "how-here-hint",
                allowed: true,
                recommended: false,
                lacks: Some(("no-platform", "how-no-platform")),
            },
        ]
    }
}
