//! The end of the wizard: W-9 and W-10.

use askama::Template;

use super::Shell;
use super::wizard::NewPlace;

/// W-9, `/me/security/add/{id}/backup`.
#[derive(Template)]
#[template(path = "wizard/backup.html")]
pub struct BackupOffer {
    /// The frame.
    pub shell: Shell,
    /// Where a second passkey may live.
    pub places: Vec<NewPlace>,
    /// Where recovery codes are made, if they are allowed and there are none.
    pub recovery_codes: Option<String>,
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
    /// Where the password is turned off, if there is one and that is possible.
    pub passwordless: Option<String>,
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
