//! Going passwordless: PW-1 and PW-3.

use askama::Template;
use primitives::time::Timestamp;

use super::{Ceremony, Shell};
use crate::text::Html;

/// One condition of PW-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which.
    pub condition: Condition,
    /// Whether it holds.
    pub met: bool,
}

/// What must hold before a password is turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Two passkeys, or one that is backed up beside recovery codes.
    EnoughPasskeys,
    /// One was tried in the last days.
    Tried,
    /// This session is a full one.
    FullSession,
}

impl Condition {
    /// What is said of it.
    fn key(self, met: bool) -> &'static str {
        match (self, met) {
            (Condition::EnoughPasskeys, true) => "passwordless-passkeys",
            (Condition::EnoughPasskeys, false) => "passwordless-passkeys-missing",
            (Condition::Tried, true) => "passwordless-tried",
            (Condition::Tried, false) => "passwordless-tried-missing",
            (Condition::FullSession, true) => "passwordless-session",
            (Condition::FullSession, false) => "passwordless-session-missing",
        }
    }

    /// Where it can be put right.
    fn way(self) -> &'static str {
        match self {
            Condition::EnoughPasskeys => "/me/security/add",
            Condition::Tried => "/me/security",
            Condition::FullSession => "/signin",
        }
    }
}

impl Item {
    fn key(&self) -> &'static str {
        self.condition.key(self.met)
    }

    fn way(&self) -> &'static str {
        self.condition.way()
    }
}

/// PW-1, `/me/security/password/off`.
#[derive(Template)]
#[template(path = "methods/passwordless.html")]
pub struct TurnOffPassword {
    /// The frame.
    pub shell: Shell,
    /// All conditions.
    pub items: Vec<Item>,
    /// From when passwords sign in nobody who has a passkey, if that is decided.
    pub forced: Option<Timestamp>,
    /// Everything holds.
    pub ready: bool,
    /// How to reach the people who help, if the organisation said so.
    pub contact: Option<String>,
    /// The script confirms in the same click.
    pub confirm: bool,
}

impl TurnOffPassword {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("passwordless-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// PW-1 when there is nothing to turn off any more, and PW-3.
#[derive(Template)]
#[template(path = "methods/password_off.html")]
pub struct PasswordOff {
    /// The frame.
    pub shell: Shell,
    /// Since when.
    pub since: Timestamp,
    /// How to reach the people who help, if the organisation said so.
    pub contact: Option<String>,
}

impl PasswordOff {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("password-off-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
