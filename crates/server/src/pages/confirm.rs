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
    /// What it holds.
    pub form_fields: Vec<(String, String)>,
    /// Where "Cancel" leads: a path of ours.
    pub cancel: String,
}

impl Confirm {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("confirm-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn reason(&self) -> Html {
        match &self.waiting {
            Waiting::AddPasskey => self.shell.say("confirm-add").html(),
            Waiting::RemovePasskey { name } => self.shell.say("confirm-remove").strong("name", name).html(),
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
