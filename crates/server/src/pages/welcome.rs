//! The first sign-in: WN-1 and WN-2.

use askama::Template;

use super::Shell;

/// WN-1, `/welcome`: what is to be done, with what is done already ticked.
#[derive(Template)]
#[template(path = "welcome/start.html")]
pub struct Welcome {
    /// The frame.
    pub shell: Shell,
    /// First name, or the name as it is.
    pub name: String,
    /// A passkey exists.
    pub created: bool,
    /// A passkey was tried.
    pub tried: bool,
    /// A second passkey exists.
    pub backed_up: bool,
    /// The second one is required, not recommended.
    pub backup_required: bool,
    /// The next step, a path of ours.
    pub next: String,
}

impl Welcome {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("welcome-heading").with("name", &self.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn resumed(&self) -> bool {
        self.created
    }
}

/// WN-2, `/welcome/done`.
#[derive(Template)]
#[template(path = "welcome/done.html")]
pub struct AllSet {
    /// The frame.
    pub shell: Shell,
    /// The passkeys that exist, with where each is saved.
    pub passkeys: Vec<SavedPasskey>,
    /// How to get back in after a loss, as the organisation configured it.
    pub contact: Option<String>,
    /// The page that waits, a path of ours; Security info if nothing waits.
    pub next: String,
    /// Name of the application that waits.
    pub application: Option<String>,
}

/// A passkey and where it is saved.
#[derive(Clone, Debug)]
pub struct SavedPasskey {
    /// Its name.
    pub name: String,
    /// Its provider, if known.
    pub provider: Option<String>,
}

impl AllSet {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("all-set-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
