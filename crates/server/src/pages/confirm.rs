//! RA-1, `/me/confirm`: an assertion bound to the action that waits.

use askama::Template;

use super::{Ceremony, Shell};
use crate::text::Html;

/// What waits for the confirmation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Adding a passkey.
    AddPasskey,
    /// Removing this one.
    RemovePasskey {
        /// Its name.
        name: String,
    },
    /// Choosing a password.
    ChangePassword,
    /// Turning the password off.
    TurnOffPassword,
    /// Setting up authenticator codes.
    AddCodes,
    /// Removing them.
    RemoveCodes,
    /// Making new recovery codes.
    NewRecoveryCodes,
    /// Doing something about an entry of the history.
    ReportEntry,
    /// Freezing the account, with whichever passkey there is.
    Freeze,
    /// Dismissing somebody's request for a pass.
    DismissRequest,
}

/// Why password and code did not confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmProblem {
    /// One of them was not typed.
    Incomplete,
    /// One of them is not right.
    Wrong,
    /// The code is right, but used before.
    CodeUsed,
    /// Too many tries (G-7).
    TooMany {
        /// Minutes until the next try counts.
        minutes: i64,
    },
}

/// By what the account can confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// One of its passkeys, and nothing weaker.
    Passkey,
    /// It has none: its password and a code.
    Password {
        /// What waits, as the form sends it along.
        waiting: Vec<(String, String)>,
        /// Why the last try led nowhere.
        problem: Option<ConfirmProblem>,
    },
    /// It was just confirmed: the waiting form can be sent.
    Done,
    /// Nothing.
    None,
}

/// RA-1. After the ceremony the script submits the waiting form as it was filled in.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// The frame; its account is the one that confirms.
    pub shell: Shell,
    /// What waits.
    pub waiting: Waiting,
    /// `action` of `/me/confirm/begin`: `add-passkey` or `remove-passkey`.
    pub action: String,
    /// `target` of `/me/confirm/begin`: the passkey's id.
    pub target: Option<String>,
    /// Where the waiting form goes: a path of ours.
    pub form_action: String,
    /// It leads to a page and changes nothing: sent by GET.
    pub form_get: bool,
    /// What it holds.
    pub form_fields: Vec<(String, String)>,
    /// By what the account can confirm.
    pub way: Way,
    /// Where "Cancel" leads: a path of ours.
    pub cancel: String,
}

impl Confirm {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("confirm-heading").to_string()
    }

    fn failed(&self) -> bool {
        matches!(self.way, Way::Password { problem: Some(_), .. })
    }

    fn method(&self) -> &'static str {
        if self.form_get { "get" } else { "post" }
    }

    fn sentence(&self, problem: &ConfirmProblem) -> String {
        match problem {
            ConfirmProblem::Incomplete => self.shell.say("confirm-incomplete"),
            ConfirmProblem::Wrong => self.shell.say("confirm-wrong"),
            ConfirmProblem::CodeUsed => self.shell.say("confirm-code-used"),
            ConfirmProblem::TooMany { minutes } => self.shell.say("too-many-tries").count("minutes", minutes),
        }
        .to_string()
    }

    fn reason(&self) -> Html {
        match &self.waiting {
            Waiting::AddPasskey => self.shell.say("confirm-add").html(),
            Waiting::ChangePassword => self.shell.say("confirm-change-password").html(),
            Waiting::TurnOffPassword => self.shell.say("confirm-turn-off-password").html(),
            Waiting::AddCodes => self.shell.say("confirm-add-codes").html(),
            Waiting::RemoveCodes => self.shell.say("confirm-remove-codes").html(),
            Waiting::NewRecoveryCodes => self.shell.say("confirm-recovery-codes").html(),
            Waiting::ReportEntry => self.shell.say("confirm-report").html(),
            Waiting::Freeze => self.shell.say("confirm-freeze").html(),
            Waiting::DismissRequest => self.shell.say("confirm-dismiss").html(),
            Waiting::RemovePasskey { name } => self.shell.say("confirm-remove").strong("name", name).html(),
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
