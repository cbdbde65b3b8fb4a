//! The letter that hands a pass to a new starter: one page of paper.

use askama::Template;
use primitives::time::Timestamp;

use super::Shell;
use crate::qr::Markup;
use crate::text::Text;

/// `/help/letter`: a form to fill in by hand.
#[derive(Template)]
#[template(path = "help/letter.html")]
pub struct BlankLetter {
    /// The frame.
    pub shell: Shell,
    /// How to reach the people who can help.
    pub contact: Option<String>,
    /// The address of the sign-in page.
    pub address: String,
    /// The same as a QR code.
    pub code: Markup,
}

impl BlankLetter {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("handout-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// The letter with a pass in it, a page of its own that needs no server: what `keyward pass issue --letter` writes.
#[derive(Template)]
#[template(path = "help/letter_file.html")]
pub struct Letter {
    /// The language of whoever it is for.
    pub text: Text,
    /// The organisation.
    pub organisation: String,
    /// How to reach the people who can help.
    pub contact: Option<String>,
    /// When it was written.
    pub written: Timestamp,
    /// For whom.
    pub name: String,
    /// What they type.
    pub login: String,
    /// The pass, in groups.
    pub pass: String,
    /// From when it works.
    pub starts: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// For one use only.
    pub one_time: bool,
    /// The address of the sign-in page.
    pub address: String,
    /// The same with the login in its fragment, as a QR code.
    pub code: Markup,
}

impl Letter {
    fn window(&self) -> String {
        let key = if self.one_time { "handout-window-once" } else { "handout-window" };
        self.text.say(key).at("starts", &self.starts).at("ends", &self.ends).to_string()
    }

    fn date(&self) -> String {
        self.text.day(&self.written)
    }
}
