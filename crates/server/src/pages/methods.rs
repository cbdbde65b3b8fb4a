//! What stands beside passkeys in Security info: password, authenticator codes (SEC-7), recovery codes (SEC-6); and
//! the requests to add a passkey after a sign-in without one (SI-7, SI-8).

use askama::Template;
use primitives::time::Timestamp;

use super::password::NewPasswordProblem;
use super::{Ceremony, Shell};
use crate::text::Html;

/// The rows of SEC-1 below the passkeys; what is neither set up nor to be had is not there.
#[derive(Clone, Debug, Default)]
pub struct MethodRows {
    /// The password.
    pub password: Option<PasswordRow>,
    /// Authenticator codes.
    pub codes: Option<CodesRow>,
    /// Recovery codes.
    pub recovery: Option<RecoveryRow>,
}

impl MethodRows {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.password.is_none() && self.codes.is_none() && self.recovery.is_none()
    }
}

/// The password as its owner sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRow {
    /// There is none, and one may be chosen.
    Never,
    /// It signs in.
    On {
        /// When it was chosen.
        since: Timestamp,
    },
    /// It was turned off.
    Off {
        /// When.
        since: Timestamp,
    },
}

impl PasswordRow {
    /// What is said of it.
    pub fn line(&self, shell: &Shell) -> Html {
        match self {
            PasswordRow::Never => shell.say("row-not-set-up").html(),
            PasswordRow::On { since } => shell.say("password-row-on").on("since", since).html(),
            PasswordRow::Off { since } => shell.say("password-row-off").on("since", since).html(),
        }
    }

    /// What its first button is called, if there is one.
    pub fn change_key(&self) -> Option<&'static str> {
        match self {
            PasswordRow::Never => Some("row-add"),
            PasswordRow::On { .. } => Some("change"),
            PasswordRow::Off { .. } => None,
        }
    }

    /// Whether it can be turned off.
    pub fn can_be_turned_off(&self) -> bool {
        matches!(self, PasswordRow::On { .. })
    }
}

/// Authenticator codes as their owner sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesRow {
    /// Since when they are set up.
    pub since: Option<Timestamp>,
    /// The organisation takes them.
    pub allowed: bool,
    /// Too many wrong ones came in a row: they have to be set up anew.
    pub locked: bool,
}

impl CodesRow {
    /// What is said of them.
    pub fn line(&self, shell: &Shell) -> Html {
        match self.since {
            _ if !self.allowed => shell.say("row-not-allowed").html(),
            Some(_) if self.locked => shell.say("codes-row-locked").html(),
            Some(since) => shell.say("codes-row-on").on("since", &since).html(),
            None => shell.say("row-not-set-up").html(),
        }
    }
}

/// Recovery codes as their owner sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryRow {
    /// How many are left.
    pub left: i64,
    /// When they were made, if they were.
    pub made: Option<Timestamp>,
    /// The organisation takes them.
    pub allowed: bool,
}

impl RecoveryRow {
    /// What is said of them.
    pub fn line(&self, shell: &Shell) -> Html {
        match self.made {
            _ if !self.allowed => shell.say("row-not-allowed").html(),
            Some(_) => shell.say("recovery-row-left").count("left", &self.left).html(),
            None => shell.say("row-not-set-up").html(),
        }
    }

    /// What its button is called.
    pub fn key(&self) -> &'static str {
        if self.made.is_some() { "recovery-new" } else { "row-add" }
    }
}

/// Setting or changing the password, `/me/security/password`.
#[derive(Template)]
#[template(path = "methods/password.html")]
pub struct ChangePassword {
    /// The frame.
    pub shell: Shell,
    /// There is one: it is asked for too.
    pub change: bool,
    /// The fewest characters that a password has here.
    pub shortest: i64,
    /// What is wrong.
    pub problem: Option<NewPasswordProblem>,
}

impl ChangePassword {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.change { "change-password-heading" } else { "set-password-heading" };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn old_failed(&self) -> bool {
        self.problem.is_some_and(|problem| !problem.about_new())
    }

    fn new_failed(&self) -> bool {
        self.problem.is_some_and(NewPasswordProblem::about_new)
    }

    fn sentence(&self, problem: &NewPasswordProblem) -> String {
        problem.sentence(&self.shell, &self.shortest)
    }
}

/// Why a code did not set up the authenticator app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetUpProblem {
    /// Nothing was typed.
    Missing,
    /// It is not the app's code of now.
    Wrong,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

/// SEC-7, `/me/security/codes`.
#[derive(Template)]
#[template(path = "methods/codes.html")]
pub struct SetUpCodes {
    /// The frame.
    pub shell: Shell,
    /// The code for the app's camera, as a picture.
    pub picture: crate::qr::Markup,
    /// The same for the app on this device: an `otpauth:` address.
    pub uri: String,
    /// The secret to type, in groups of four.
    pub secret: String,
    /// The sealed secret, sent back with the first code.
    pub state: String,
    /// What is wrong.
    pub problem: Option<SetUpProblem>,
}

impl SetUpCodes {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("codes-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &SetUpProblem) -> String {
        match problem {
            SetUpProblem::Missing => self.shell.say("code-missing"),
            SetUpProblem::Wrong => self.shell.say("codes-wrong"),
            SetUpProblem::TooMany { minutes } => self.shell.say("too-many-tries").count("minutes", minutes),
        }
        .to_string()
    }
}

/// Removing authenticator codes, `/me/security/codes/remove`.
#[derive(Template)]
#[template(path = "methods/remove_codes.html")]
pub struct RemoveCodes {
    /// The frame.
    pub shell: Shell,
    /// The script confirms in the same click.
    pub confirm: bool,
    /// They are part of the last way to sign in: they stay.
    pub last: bool,
}

impl RemoveCodes {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("codes-remove-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// SEC-6 before there are any, `/me/security/recovery-codes`.
#[derive(Template)]
#[template(path = "methods/recovery_codes.html")]
pub struct RecoveryCodes {
    /// The frame.
    pub shell: Shell,
    /// How many of the old ones are left: they end with the new ones.
    pub left: i64,
    /// The script confirms in the same click.
    pub confirm: bool,
}

impl RecoveryCodes {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("recovery-codes-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// SEC-6 once they are made: the only time that they are shown.
#[derive(Template)]
#[template(path = "methods/recovery_codes_made.html")]
pub struct RecoveryCodesMade {
    /// The frame.
    pub shell: Shell,
    /// The codes, as people write them down.
    pub codes: Vec<String>,
}

impl RecoveryCodesMade {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("recovery-made-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn joined(&self) -> String {
        self.codes.join("\n")
    }
}

/// Until when a passkey may be put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Postponing {
    /// It may wait.
    Possible {
        /// For so many days.
        days: i64,
    },
    /// Today for the last time.
    LastDay,
    /// No longer.
    Over,
    /// It is all that this session can do.
    Restricted,
}

/// SI-7, `/me/interrupt`.
#[derive(Template)]
#[template(path = "methods/interrupt.html")]
pub struct Interrupt {
    /// The frame.
    pub shell: Shell,
    /// Until when.
    pub postponing: Postponing,
    /// A full sign-in with a password has just ended: the browser may save a passkey by itself (experience R18).
    pub silent: bool,
}

impl Interrupt {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("interrupt-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn lead(&self) -> &'static str {
        match self.postponing {
            Postponing::Possible { .. } => "interrupt-lead",
            Postponing::LastDay => "interrupt-last-day",
            Postponing::Over => "interrupt-required",
            Postponing::Restricted => "interrupt-restricted",
        }
    }

    fn postpone(&self) -> Option<String> {
        match self.postponing {
            Postponing::Possible { days } => Some(self.shell.say("interrupt-postpone").count("days", &days)),
            Postponing::LastDay => Some(self.shell.say("not-now")),
            Postponing::Over | Postponing::Restricted => None,
        }
        .map(|phrase| phrase.to_string())
    }
}

/// SI-8, `/me/offer`.
#[derive(Template)]
#[template(path = "methods/offer.html")]
pub struct Offer {
    /// The frame.
    pub shell: Shell,
    /// There are passkeys elsewhere: this computer could have one too.
    pub elsewhere: bool,
    /// A full sign-in with a password has just ended: the browser may save a passkey by itself (experience R18).
    pub silent: bool,
}

impl Offer {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("offer-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
