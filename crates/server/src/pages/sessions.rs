//! DS-1, `/me/sessions`.

use askama::Template;
use primitives::time::Timestamp;

use super::Shell;

/// One session.
#[derive(Clone, Debug)]
pub struct SessionCard {
    /// Its id, as in the address.
    pub id: String,
    /// Browser and system, such as `Chrome on Linux`.
    pub device: String,
    /// From where: an address.
    pub address: String,
    /// When it began.
    pub signed_in: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
    /// How it began.
    pub method: SessionMethod,
    /// It shows this page.
    pub current: bool,
}

/// How a session began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionMethod {
    /// With a passkey of this name; `None` if it is gone.
    Passkey(Option<String>),
    /// With a temporary access pass.
    TemporaryPass,
}

impl SessionCard {
    fn method_line(&self, shell: &Shell) -> String {
        match &self.method {
            SessionMethod::Passkey(Some(name)) => shell.say("session-by-passkey").with("name", name),
            SessionMethod::Passkey(None) => shell.say("session-by-removed-passkey"),
            SessionMethod::TemporaryPass => shell.say("session-by-pass"),
        }
        .to_string()
    }
}

/// DS-1, `/me/sessions`.
#[derive(Template)]
#[template(path = "sessions.html")]
pub struct Sessions {
    /// The frame.
    pub shell: Shell,
    /// This one first, then the latest seen.
    pub sessions: Vec<SessionCard>,
}

impl Sessions {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("sessions-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn only_this(&self) -> bool {
        self.sessions.iter().all(|session| session.current)
    }
}
