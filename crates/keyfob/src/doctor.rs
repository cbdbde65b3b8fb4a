//! What is missing on this computer, why that matters, and how it is mended: `keyfob doctor`.
//!
//! Each check looks at one thing and finds it good, mended, not needed by everybody, or bad. What may be mended without
//! asking anybody else is: the modes of one's own files, Bluetooth that is off, and for root the kernel's module and the
//! rule that lets people at it.

mod buses;
mod files;
mod servers;

use std::ffi::OsString;
use std::path::PathBuf;

use primitives::time::Timestamp;
use serde_json::{Value, json};
use zbus::Connection;

use crate::io::bluetooth::Bluetooth;
use crate::server::Origin;
use crate::text::Text;

/// How something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// It was not, and is now.
    Mended,
    /// Missing; some things do not work, and who does not want them needs nothing.
    Optional,
    /// Missing or wrong; Keyfob does not work as it should.
    Bad,
}

impl State {
    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Mended => "mended",
            Self::Optional => "optional",
            Self::Bad => "bad",
        }
    }

    /// Before the sentence: colour alone says nothing.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Good => "ok   ",
            Self::Mended => "fixed",
            Self::Optional => "-    ",
            Self::Bad => "BAD  ",
        }
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it was found.
    pub state: State,
    /// The message that says so, and what to do.
    pub code: &'static str,
    facts: Vec<(&'static str, String)>,
}

impl Finding {
    fn new(what: &'static str, state: State, code: &'static str) -> Self {
        Self { what, state, code, facts: Vec::new() }
    }

    fn with(mut self, name: &'static str, fact: impl ToString) -> Self {
        self.facts.push((name, fact.to_string()));
        self
    }

    /// In words.
    pub fn said(&self, text: Text) -> String {
        let facts: Vec<(&'static str, &str)> =
            self.facts.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
        text.with(self.code, &facts)
    }

    /// For programs.
    pub fn json(&self, text: Text) -> Value {
        json!({ "what": self.what, "state": self.state.as_str(), "code": self.code, "text": self.said(text) })
    }
}

/// What is around the program.
pub struct Around {
    /// Where files are looked for; `/` unless a test says otherwise.
    pub root: PathBuf,
    /// The vault.
    pub vault: PathBuf,
    /// Whether a `keyfob serve` has it.
    pub serving: bool,
    /// The system's bus.
    pub system: Option<Connection>,
    /// The session's bus.
    pub session: Option<Connection>,
    /// BlueZ.
    pub bluetooth: Bluetooth,
    /// `PATH`.
    pub path: Option<OsString>,
    /// Now.
    pub now: Timestamp,
    /// Whether this is root, who may mend what is everybody's.
    pub superuser: bool,
    /// Servers to look at, each with its file of authorities.
    pub servers: Vec<(Origin, Option<PathBuf>)>,
}

/// Looks at everything; with `fix`, mends what may be mended.
pub async fn examine(around: &Around, fix: bool) -> Vec<Finding> {
    let mut found = vec![
        files::vault(around, fix),
        files::serving(around),
        files::uhid(around, fix).await,
        files::rule(around, fix).await,
        buses::bluetooth(around, fix).await,
        buses::keyring(around).await,
        files::tpm(around),
        buses::notices(around).await,
        buses::polkit(around).await,
        buses::fingers(around).await,
        files::screen(around),
        files::camera(around),
    ];
    found.push(buses::clock(around).await);
    for (origin, ca) in &around.servers {
        found.extend(servers::server(around, origin, ca.as_deref()).await);
    }
    found
}

#[cfg(test)]
mod tests;
