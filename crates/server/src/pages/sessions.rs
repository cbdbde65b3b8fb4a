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
    /// With a password and no second step.
    Password,
    /// With a password and a code of either kind.
    PasswordAndCode,
    /// With a recovery code alone.
    RecoveryCode,
}

/// The sessions of one browser and system.
pub struct Device<'a> {
    /// Such as `Chrome on Linux`.
    pub name: &'a str,
    /// When the oldest of them began.
    pub first: Timestamp,
    /// When the latest was last seen.
    pub last: Timestamp,
    /// How many there are.
    pub count: i64,
    /// They.
    pub sessions: Vec<&'a SessionCard>,
}

impl SessionCard {
    fn method_line(&self, shell: &Shell) -> String {
        match &self.method {
            SessionMethod::Passkey(Some(name)) => shell.say("session-by-passkey").with("name", name),
            SessionMethod::Passkey(None) => shell.say("session-by-removed-passkey"),
            SessionMethod::TemporaryPass => shell.say("session-by-pass"),
            SessionMethod::Password => shell.say("session-by-password"),
            SessionMethod::PasswordAndCode => shell.say("session-by-password-code"),
            SessionMethod::RecoveryCode => shell.say("session-by-recovery-code"),
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

    /// By browser and system, in the order of their first sessions.
    fn devices(&self) -> Vec<Device<'_>> {
        let mut devices: Vec<Device<'_>> = Vec::new();
        for session in &self.sessions {
            let name = session.device.as_str();
            match devices.iter_mut().find(|device| device.name == name) {
                Some(device) => {
                    device.first = device.first.min(session.signed_in);
                    device.last = device.last.max(session.last_seen);
                    device.count = device.count.saturating_add(1);
                    device.sessions.push(session);
                }
                None => devices.push(Device {
                    name,
                    first: session.signed_in,
                    last: session.last_seen,
                    count: 1,
                    sessions: vec![session],
                }),
            }
        }
        devices
    }

    fn only_this(&self) -> bool {
        self.sessions.iter().all(|session| session.current)
    }
}
