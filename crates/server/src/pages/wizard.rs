//! Adding a way to sign in: W-1, W-5a, W-5c, W-5d, W-6, W-8. What leads to a phone is in
//! [`super::wizard_phone`], the end in [`super::wizard_end`].

use askama::Template;

use super::security::NameProblem;
use super::wizard_phone::PhoneKind;
use super::{Ceremony, Shell};
use crate::text::Html;

/// The steps of the stepper. The check (W-2 to W-4) is about phones; what a computer can do its page looks up by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Choose a way.
    Choose,
    /// See what it needs.
    Check,
    /// Create it.
    Create,
    /// Name it.
    Name,
    /// Try it.
    Try,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 5] = [Step::Choose, Step::Check, Step::Create, Step::Name, Step::Try];

    pub(super) fn key(self) -> &'static str {
        match self {
            Step::Choose => "step-choose",
            Step::Check => "step-check",
            Step::Create => "step-create",
            Step::Name => "step-name",
            Step::Try => "step-try",
        }
    }

    pub(super) fn number(self) -> i64 {
        match self {
            Step::Choose => 1,
            Step::Check => 2,
            Step::Create => 3,
            Step::Name => 4,
            Step::Try => 5,
        }
    }

    /// "Step 3 of 5".
    pub(super) fn line(self, shell: &Shell) -> String {
        shell.say("stepper-now").count("step", &self.number()).count("steps", &Step::Try.number()).to_string()
    }
}

/// Where a new passkey is to live, and where that leaves a choice, by which way it comes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPlace {
    /// The phone; how it comes there is asked next.
    Authenticator,
    /// The device that shows the page.
    ThisComputer,
    /// A security key.
    SecurityKey,
    /// The phone, which opens our page (W-5b).
    PhoneLink,
    /// The phone, to which the browser talks by itself (W-5c).
    PhoneBrowser,
}

impl NewPlace {
    /// All of them.
    pub const ALL: [NewPlace; 5] = [
        NewPlace::Authenticator,
        NewPlace::ThisComputer,
        NewPlace::SecurityKey,
        NewPlace::PhoneLink,
        NewPlace::PhoneBrowser,
    ];

    /// As in forms and addresses.
    pub fn code(self) -> &'static str {
        match self {
            NewPlace::Authenticator => "authenticator",
            NewPlace::ThisComputer => "this-computer",
            NewPlace::SecurityKey => "security-key",
            NewPlace::PhoneLink => "phone-link",
            NewPlace::PhoneBrowser => "phone-browser",
        }
    }

    /// The place of a form or an address.
    pub fn parse(code: &str) -> Option<NewPlace> {
        NewPlace::ALL.into_iter().find(|place| place.code() == code)
    }

    /// Its name in a list, on a phone or not.
    pub(super) fn label(self, on_phone: bool) -> &'static str {
        match self {
            NewPlace::Authenticator | NewPlace::PhoneLink | NewPlace::PhoneBrowser => "choice-phone",
            NewPlace::ThisComputer if on_phone => "choice-this-phone",
            NewPlace::ThisComputer => "choice-this-computer",
            NewPlace::SecurityKey => "choice-security-key",
        }
    }

    pub(super) fn hint(self, on_phone: bool) -> &'static str {
        match self {
            NewPlace::Authenticator | NewPlace::PhoneLink | NewPlace::PhoneBrowser => "choice-phone-hint",
            NewPlace::ThisComputer if on_phone => "choice-this-phone-hint",
            NewPlace::ThisComputer => "choice-this-computer-hint",
            NewPlace::SecurityKey => "choice-security-key-hint",
        }
    }

    /// Its picture.
    pub(super) fn icon(self, on_phone: bool) -> &'static str {
        match self {
            NewPlace::Authenticator | NewPlace::PhoneLink | NewPlace::PhoneBrowser => "phone",
            NewPlace::ThisComputer if on_phone => "phone",
            NewPlace::ThisComputer => "computer",
            NewPlace::SecurityKey => "key",
        }
    }
}

/// One choice of W-1.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Where.
    pub place: NewPlace,
    /// Turned off by policy: shown with the reason, cannot be chosen.
    pub allowed: bool,
    /// How many of the kind there are.
    pub have: i64,
    /// The one that is advised.
    pub recommended: bool,
}

/// Another way to sign in, which has pages of its own.
#[derive(Clone, Copy, Debug)]
pub struct OtherWay {
    /// Its name.
    pub key: &'static str,
    /// What it is good for.
    pub hint: &'static str,
    /// Where it is set up: a path of ours; nothing where the organisation has turned it off.
    pub path: Option<&'static str>,
}

/// W-1, `/me/security/add`.
#[derive(Template)]
#[template(path = "wizard/choose.html")]
pub struct Choose {
    /// The frame.
    pub shell: Shell,
    /// The choices, in order.
    pub choices: Vec<Choice>,
    /// What there is beside passkeys.
    pub others: Vec<OtherWay>,
    /// What is chosen beforehand.
    pub chosen: Option<NewPlace>,
    /// The script confirms in the same click; false in an onboarding session or if a confirmation is alive.
    pub confirm: bool,
    /// The greatest number of passkeys is reached: nothing can be chosen.
    pub limit_reached: Option<i64>,
    /// "Next" was pressed with nothing chosen.
    pub missing: bool,
    /// The page is shown on a phone, which is then the device that "this" means.
    pub on_phone: bool,
}

impl Choose {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("choose-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.missing
    }

    fn step(&self) -> Step {
        Step::Choose
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }

    fn label(&self, choice: &Choice) -> &'static str {
        choice.place.label(self.on_phone)
    }

    fn hint(&self, choice: &Choice) -> &'static str {
        choice.place.hint(self.on_phone)
    }

    fn nothing_allowed(&self) -> bool {
        self.choices.iter().all(|choice| !choice.allowed)
    }
}

/// What is said on W-5c instead of what is said where no second device takes part.
const BROWSER_OUTCOMES: [(&str, &str); 5] = [
    ("not_started", "browser-not-started"),
    ("cancelled", "browser-cancelled"),
    ("timeout", "browser-timeout"),
    ("duplicate", "browser-duplicate"),
    ("unsupported", "browser-unsupported"),
];

/// W-5a, W-5c and W-5d, `/me/security/add/{place}/create`.
#[derive(Template)]
#[template(path = "wizard/create.html")]
pub struct Create {
    /// The frame.
    pub shell: Shell,
    /// Where the passkey is to live.
    pub place: NewPlace,
    /// Where the person's only passkey is tried, for when this device turns out to have it already.
    pub try_only: Option<String>,
    /// The page is shown on a phone.
    pub on_phone: bool,
    /// The phone's system, if said.
    pub phone: Option<PhoneKind>,
    /// The phone may open our page instead.
    pub link: bool,
}

impl Create {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match self.place {
            NewPlace::ThisComputer if self.on_phone => "create-heading-this-phone",
            NewPlace::ThisComputer => "create-heading-this-computer",
            NewPlace::SecurityKey => "create-heading-security-key",
            NewPlace::Authenticator | NewPlace::PhoneLink | NewPlace::PhoneBrowser => "browser-heading",
        };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn step(&self) -> Step {
        Step::Create
    }

    fn on_key(&self) -> bool {
        self.place == NewPlace::SecurityKey
    }

    fn by_browser(&self) -> bool {
        self.place == NewPlace::PhoneBrowser
    }

    fn icon(&self) -> &'static str {
        self.place.icon(self.on_phone)
    }

    /// Where "Back" leads.
    fn back(&self) -> String {
        if !self.by_browser() {
            return format!("/me/security/add?place={}", self.place.code());
        }
        self.phone.map_or("/me/security/add/phone/how".to_owned(), |phone| {
            format!("/me/security/add/phone/how?phone={}", phone.code())
        })
    }

    fn scan(&self) -> &'static str {
        match self.phone {
            Some(PhoneKind::Android) => "browser-scan-android",
            Some(PhoneKind::Ios) => "browser-scan-ios",
            None => "browser-scan",
        }
    }

    /// When the browser talks to a phone, the same outcomes have other likely causes.
    fn messages(&self) -> Html {
        let own: &[(&str, &str)] = if self.by_browser() { &BROWSER_OUTCOMES } else { &[] };
        Ceremony::Create.block_with(self.shell.text, &self.shell.reference, own)
    }
}

/// W-6, `/me/security/add/{id}/name`.
#[derive(Template)]
#[template(path = "wizard/name.html")]
pub struct NameIt {
    /// The frame.
    pub shell: Shell,
    /// The new passkey's id.
    pub id: String,
    /// What the text box holds: the suggestion at first.
    pub name: String,
    /// What is wrong with it.
    pub problem: Option<NameProblem>,
    /// A phone was meant, and the computer saved it.
    pub saved_here: bool,
}

impl NameIt {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("name-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn step(&self) -> Step {
        Step::Name
    }
}

/// W-7 and W-8, `/me/security/add/{id}/try`; also "Try it" of SEC-1.
#[derive(Template)]
#[template(path = "wizard/try.html")]
pub struct TryIt {
    /// The frame.
    pub shell: Shell,
    /// The passkey's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It was just created: the page says so and is the last step of the wizard.
    pub just_created: bool,
    /// It has been tried already.
    pub tried: bool,
    /// Where to go on, and where "Skip" leads: a path of ours.
    pub next: String,
    /// It is on a phone, which tries it there; this page is told.
    pub on_phone: bool,
}

impl TryIt {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("try-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn step(&self) -> Step {
        Step::Try
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
