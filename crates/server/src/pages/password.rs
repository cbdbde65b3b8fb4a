//! Signing in without a passkey: SI-4 (password), SI-4b (a new one), SI-5 (second step), a recovery code alone.

use askama::Template;

use super::{Ceremony, Shell};
use crate::text::Html;

/// Why a password or a recovery code did not let somebody in. Everything beyond `Wrong` and `TooMany` is told only to
/// who typed the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretProblem {
    /// No identifier was typed.
    IdentifierMissing,
    /// Nothing was typed.
    Missing,
    /// Not right, whether there is such an account or not.
    Wrong {
        /// Tries left, told from the third wrong one on.
        left: Option<i64>,
    },
    /// The check character does not fit: a slip, which costs no try. Of recovery codes only.
    Slip,
    /// Right, but used before. Of recovery codes only.
    Used,
    /// Right, but this account does not sign in so any more.
    Off,
    /// Right, but this account has a passkey, and only that lets it in.
    UsePasskey,
    /// Right, but there is no second step to go on with.
    NothingSecond,
    /// Right, but the account is turned off.
    AccountDisabled,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

impl SecretProblem {
    /// Whether the person typed something that they can put right.
    fn about_secret(self) -> bool {
        matches!(
            self,
            SecretProblem::Missing | SecretProblem::Wrong { .. } | SecretProblem::Slip | SecretProblem::Used
        )
    }

    fn sentence(self, shell: &Shell, missing: &str, wrong: &str, wrong_left: &str) -> String {
        match self {
            SecretProblem::IdentifierMissing => shell.say("identifier-empty"),
            SecretProblem::Missing => shell.say(missing),
            SecretProblem::Wrong { left: None } => shell.say(wrong),
            SecretProblem::Wrong { left: Some(left) } => shell.say(wrong_left).count("count", &left),
            SecretProblem::Slip => shell.say("recovery-slip"),
            SecretProblem::Used => shell.say("recovery-used"),
            SecretProblem::Off => shell.say("password-off"),
            SecretProblem::UsePasskey => shell.say("password-use-passkey"),
            SecretProblem::NothingSecond => shell.say("password-nothing-second"),
            SecretProblem::AccountDisabled => shell.say("tap-account-disabled"),
            SecretProblem::TooMany { minutes } => shell.say("too-many-tries").count("minutes", &minutes),
        }
        .to_string()
    }
}

/// SI-4, `/signin/password`.
#[derive(Template)]
#[template(path = "sign_in/password.html")]
pub struct EnterPassword {
    /// The frame.
    pub shell: Shell,
    /// What the text box holds, or who was named before.
    pub identifier: String,
    /// The identifier was given in an earlier step (experience R56).
    pub identifier_known: bool,
    /// Why the last try led nowhere.
    pub problem: Option<SecretProblem>,
}

impl EnterPassword {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("password-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn identifier_failed(&self) -> bool {
        self.problem == Some(SecretProblem::IdentifierMissing)
    }

    fn secret_failed(&self) -> bool {
        self.problem.is_some_and(SecretProblem::about_secret)
    }

    /// The password was right, and a passkey is what goes on: the button stands here, not on another page.
    fn wants_passkey(&self) -> bool {
        matches!(self.problem, Some(SecretProblem::Off | SecretProblem::UsePasskey))
    }

    fn wants_pass(&self) -> bool {
        self.problem == Some(SecretProblem::NothingSecond)
    }

    fn sentence(&self, problem: &SecretProblem) -> String {
        problem.sentence(&self.shell, "password-missing", "password-wrong", "password-wrong-left")
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A recovery code alone, `/signin/recovery`.
#[derive(Template)]
#[template(path = "sign_in/recovery.html")]
pub struct EnterRecoveryCode {
    /// The frame.
    pub shell: Shell,
    /// What the text box holds, or who was named before.
    pub identifier: String,
    /// The identifier was given in an earlier step (experience R56).
    pub identifier_known: bool,
    /// Why the last try led nowhere.
    pub problem: Option<SecretProblem>,
}

impl EnterRecoveryCode {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("recovery-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn identifier_failed(&self) -> bool {
        self.problem == Some(SecretProblem::IdentifierMissing)
    }

    fn secret_failed(&self) -> bool {
        self.problem.is_some_and(SecretProblem::about_secret)
    }

    fn sentence(&self, problem: &SecretProblem) -> String {
        problem.sentence(&self.shell, "recovery-missing", "recovery-wrong", "recovery-wrong-left")
    }
}

/// What can be the second step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepMethod {
    /// A code of an authenticator app.
    AuthenticatorCode,
    /// A recovery code.
    RecoveryCode,
}

/// Why a second step was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepProblem {
    /// Nothing was typed.
    Missing,
    /// Not right, or of another half minute.
    Wrong {
        /// Tries left, told from the third wrong one on.
        left: Option<i64>,
    },
    /// It is no code at all: a slip, which costs no try.
    Slip,
    /// Right, but used before.
    Replayed,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

/// SI-5, `/signin/step`.
#[derive(Template)]
#[template(path = "sign_in/step.html")]
pub struct SecondStep {
    /// The frame.
    pub shell: Shell,
    /// Who signs in, as they typed it.
    pub identifier: Option<String>,
    /// What is asked for here.
    pub method: StepMethod,
    /// What could be asked for instead.
    pub other: Option<StepMethod>,
    /// Why the last try led nowhere.
    pub problem: Option<StepProblem>,
}

impl SecondStep {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match self.method {
            StepMethod::AuthenticatorCode => self.shell.say("step-heading"),
            StepMethod::RecoveryCode => self.shell.say("recovery-heading"),
        }
        .to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn by_recovery_code(&self) -> bool {
        self.method == StepMethod::RecoveryCode
    }

    fn sentence(&self, problem: &StepProblem) -> String {
        let shell = &self.shell;
        let recovery = self.by_recovery_code();
        match *problem {
            StepProblem::Missing if recovery => shell.say("recovery-missing"),
            StepProblem::Missing => shell.say("code-missing"),
            StepProblem::Wrong { left: None } if recovery => shell.say("recovery-wrong"),
            StepProblem::Wrong { left: Some(left) } if recovery => {
                shell.say("recovery-wrong-left").count("count", &left)
            }
            StepProblem::Wrong { left: None } => shell.say("code-wrong"),
            StepProblem::Wrong { left: Some(left) } => shell.say("code-wrong-left").count("count", &left),
            StepProblem::Slip if recovery => shell.say("recovery-slip"),
            StepProblem::Slip => shell.say("code-slip"),
            StepProblem::Replayed if recovery => shell.say("recovery-used"),
            StepProblem::Replayed => shell.say("code-used"),
            StepProblem::TooMany { minutes } => shell.say("too-many-tries").count("minutes", &minutes),
        }
        .to_string()
    }
}

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewPasswordProblem {
    /// The old one is missing or not right.
    OldWrong,
    /// Too short.
    TooShort,
    /// Too long.
    TooLong,
    /// It stands in a list of stolen passwords.
    Breached,
    /// It is the one that there was.
    Same,
    /// It contains the login name.
    ContainsLogin,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

impl NewPasswordProblem {
    /// Its sentence; `shortest` is the fewest characters that a password has here.
    pub fn sentence(self, shell: &Shell, shortest: &i64) -> String {
        match self {
            NewPasswordProblem::OldWrong => shell.say("old-password-wrong"),
            NewPasswordProblem::TooShort => shell.say("new-password-too-short").count("shortest", shortest),
            NewPasswordProblem::TooLong => shell.say("new-password-too-long"),
            NewPasswordProblem::Breached => shell.say("new-password-breached"),
            NewPasswordProblem::Same => shell.say("new-password-same"),
            NewPasswordProblem::ContainsLogin => shell.say("new-password-contains-login"),
            NewPasswordProblem::TooMany { minutes } => shell.say("too-many-tries").count("minutes", &minutes),
        }
        .to_string()
    }

    /// Whether the new password is what must be typed otherwise.
    pub fn about_new(self) -> bool {
        !matches!(self, NewPasswordProblem::OldWrong | NewPasswordProblem::TooMany { .. })
    }
}

/// SI-4b, `/signin/password/new`: the old one was right, and is not taken any more.
#[derive(Template)]
#[template(path = "sign_in/new_password.html")]
pub struct NewPassword {
    /// The frame.
    pub shell: Shell,
    /// Who signs in, for the password manager.
    pub identifier: Option<String>,
    /// The fewest characters that a password has here.
    pub shortest: i64,
    /// What is wrong with it.
    pub problem: Option<NewPasswordProblem>,
}

impl NewPassword {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("new-password-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &NewPasswordProblem) -> String {
        problem.sentence(&self.shell, &self.shortest)
    }
}
