//! LP-3, `/me/secure`: making a lost device useless.

use askama::Template;
use primitives::time::Timestamp;

use super::{Ceremony, Shell};
use crate::text::Html;

/// A passkey that may be gone.
#[derive(Clone, Debug)]
pub struct GonePasskey {
    /// Its id, as the form sends it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its provider or model.
    pub provider: Option<String>,
    /// It is backed up: it can come back on another phone.
    pub backed_up: bool,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// It is turned off already.
    pub off: bool,
    /// It was chosen.
    pub chosen: bool,
}

impl GonePasskey {
    fn used(&self, shell: &Shell) -> Html {
        match &self.last_used {
            Some(at) => shell.say("secure-last-used").at("at", at).html(),
            None => shell.say("secure-never-used").html(),
        }
    }
}

/// Sessions of one browser.
#[derive(Clone, Debug)]
pub struct OpenBrowser {
    /// Their ids, as the form sends them.
    pub ids: String,
    /// Browser and system.
    pub device: String,
    /// The address of the latest.
    pub address: String,
    /// How many there are.
    pub count: i64,
    /// It is chosen.
    pub chosen: bool,
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecureProblem {
    /// Nothing was chosen.
    Nothing,
    /// A full session would turn its last passkey off.
    LastMethod,
}

/// LP-3.
#[derive(Template)]
#[template(path = "secure.html")]
pub struct Secure {
    /// The frame.
    pub shell: Shell,
    /// Oldest first.
    pub passkeys: Vec<GonePasskey>,
    /// The latest used first.
    pub browsers: Vec<OpenBrowser>,
    /// A full session confirms first.
    pub confirm: bool,
    /// Opened by a pass or a recovery code: the new passkey comes after it.
    pub limited: bool,
    /// Why nothing was done.
    pub problem: Option<SecureProblem>,
}

impl Secure {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("secure-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &SecureProblem) -> String {
        let key = match problem {
            SecureProblem::Nothing => "secure-nothing-chosen",
            SecureProblem::LastMethod => "secure-last-method",
        };
        self.shell.say(key).to_string()
    }

    fn on(&self) -> Vec<&GonePasskey> {
        self.passkeys.iter().filter(|passkey| !passkey.off).collect()
    }

    fn off(&self) -> Vec<&GonePasskey> {
        self.passkeys.iter().filter(|passkey| passkey.off).collect()
    }

    fn only(&self) -> bool {
        self.limited && self.on().len() == 1
    }

    fn backed_up(&self) -> bool {
        self.on().iter().any(|passkey| passkey.backed_up)
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
