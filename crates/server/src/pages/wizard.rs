//! Adding a way to sign in: W-1, W-5a, W-5d, W-6, W-8, W-9, W-10.

use askama::Template;

use super::security::NameProblem;
use super::{Ceremony, Shell};
use crate::text::Html;

/// The steps of the stepper; the check (W-2 to W-4) has nothing to ask for a computer or a security key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Choose a way.
    Choose,
    /// Create it.
    Create,
    /// Name it.
    Name,
    /// Try it.
    Try,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Step; 4] = [Step::Choose, Step::Create, Step::Name, Step::Try];

    fn key(self) -> &'static str {
        match self {
            Step::Choose => "step-choose",
            Step::Create => "step-create",
            Step::Name => "step-name",
            Step::Try => "step-try",
        }
    }

    fn number(self) -> i64 {
        match self {
            Step::Choose => 1,
            Step::Create => 2,
            Step::Name => 3,
            Step::Try => 4,
        }
    }

    /// "Step 2 of 4".
    fn line(self, shell: &Shell) -> String {
        shell.say("stepper-now").count("step", &self.number()).count("steps", &Step::Try.number()).to_string()
    }
}

/// Where a new passkey is to live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPlace {
    /// The device that shows the page.
    ThisComputer,
    /// A security key.
    SecurityKey,
}

impl NewPlace {
    /// As in forms and addresses.
    pub fn code(self) -> &'static str {
        match self {
            NewPlace::ThisComputer => "this-computer",
            NewPlace::SecurityKey => "security-key",
        }
    }

    /// The place of a form or an address.
    pub fn parse(code: &str) -> Option<NewPlace> {
        [NewPlace::ThisComputer, NewPlace::SecurityKey].into_iter().find(|place| place.code() == code)
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
}

impl Choice {
    fn label(&self) -> &'static str {
        match self.place {
            NewPlace::ThisComputer => "choice-this-computer",
            NewPlace::SecurityKey => "choice-security-key",
        }
    }

    fn hint(&self) -> &'static str {
        match self.place {
            NewPlace::ThisComputer => "choice-this-computer-hint",
            NewPlace::SecurityKey => "choice-security-key-hint",
        }
    }
}

/// W-1, `/me/security/add`.
#[derive(Template)]
#[template(path = "wizard/choose.html")]
pub struct Choose {
    /// The frame.
    pub shell: Shell,
    /// The choices, in order.
    pub choices: Vec<Choice>,
    /// What is chosen beforehand.
    pub chosen: Option<NewPlace>,
    /// The script confirms in the same click; false in an onboarding session or if a confirmation is alive.
    pub confirm: bool,
    /// The greatest number of passkeys is reached: nothing can be chosen.
    pub limit_reached: Option<i64>,
    /// "Next" was pressed with nothing chosen.
    pub missing: bool,
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

    fn nothing_allowed(&self) -> bool {
        self.choices.iter().all(|choice| !choice.allowed)
    }
}

/// W-5a and W-5d, `/me/security/add/{place}/create`.
#[derive(Template)]
#[template(path = "wizard/create.html")]
pub struct Create {
    /// The frame.
    pub shell: Shell,
    /// Where the passkey is to live.
    pub place: NewPlace,
    /// Where the person's only passkey is tried, for when this device turns out to have it already.
    pub try_only: Option<String>,
}

impl Create {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match self.place {
            NewPlace::ThisComputer => self.shell.say("create-heading-this-computer"),
            NewPlace::SecurityKey => self.shell.say("create-heading-security-key"),
        }
        .to_string()
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

    fn messages(&self) -> Html {
        Ceremony::Create.block(self.shell.text, &self.shell.reference)
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

/// W-9, `/me/security/add/{id}/backup`.
#[derive(Template)]
#[template(path = "wizard/backup.html")]
pub struct BackupOffer {
    /// The frame.
    pub shell: Shell,
    /// Where a second passkey may live.
    pub places: Vec<NewPlace>,
    /// The organisation requires a second one: no "Later".
    pub required: bool,
    /// Where "Later" leads: a path of ours.
    pub later: String,
}

impl BackupOffer {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("backup-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn on_key(&self, place: &NewPlace) -> bool {
        *place == NewPlace::SecurityKey
    }

    fn label(&self, place: &NewPlace) -> &'static str {
        match place {
            NewPlace::ThisComputer => "choice-this-computer",
            NewPlace::SecurityKey => "choice-security-key",
        }
    }

    fn hint(&self, place: &NewPlace) -> &'static str {
        match place {
            NewPlace::ThisComputer => "choice-this-computer-hint",
            NewPlace::SecurityKey => "choice-security-key-hint",
        }
    }
}

/// W-10, `/me/security/add/{id}/done`.
#[derive(Template)]
#[template(path = "wizard/done.html")]
pub struct AddDone {
    /// The frame.
    pub shell: Shell,
    /// The passkey's name.
    pub name: String,
    /// It was tried.
    pub tried: bool,
    /// Its provider, if known.
    pub provider: Option<String>,
    /// Where the first sign-in goes on (WN-2), else Security info.
    pub next: String,
}

impl AddDone {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("done-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
