//! What surrounds every screen: language, organisation, account, and what just happened.

use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::assets;
use crate::text::{Html, Language, Phrase, Style, Text};

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The reader's language.
    pub text: Text,
    /// Name of the organisation, in the header and in the title.
    pub organisation: String,
    /// Path and query of this page, where a change of language returns to; always begins with one `/`.
    pub path: String,
    /// Reference of this request, shown when something goes wrong, such as `7F3K-22QX`.
    pub reference: String,
    /// The time of this request.
    pub now: Timestamp,
    /// Who is signed in.
    pub account: Option<Account>,
    /// What the step before achieved, told once.
    pub flash: Option<Flash>,
    /// Changes are paused until then (G-10).
    pub read_only_until: Option<Timestamp>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Display name.
    pub name: String,
    /// Login name.
    pub login: String,
    /// End of the pass that opened this session, if it is an onboarding session.
    pub pass_ends: Option<Timestamp>,
}

/// The message about a step that has just succeeded; travels sealed from the step to the page that tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flash {
    /// A passkey was stored under this name.
    PasskeyAdded {
        /// Its name.
        name: String,
    },
    /// A passkey has this name now.
    PasskeyRenamed {
        /// Its new name.
        name: String,
        /// Another passkey has the same name.
        duplicate: bool,
    },
    /// A passkey no longer signs in (SEC-5).
    PasskeyRemoved {
        /// Its name.
        name: String,
        /// Where it was saved and still shows until deleted there too.
        provider: Option<String>,
        /// It was reported lost: sessions that it opened have ended too.
        lost: bool,
    },
    /// What the person acted on is gone; the list is current again.
    AlreadyGone,
    /// The pass no longer works.
    PassDeleted,
    /// One session has ended.
    SessionEnded,
    /// All sessions but this one have ended.
    OtherSessionsEnded {
        /// How many there were.
        count: i64,
    },
    /// The account is no longer offered on the sign-in page of this browser.
    AccountForgotten,
    /// The first administrator has a name and an address now.
    SetupSaved,
    /// A security key or a phone signed this computer in: it could have a passkey of its own (experience R8).
    CameFromElsewhere,
}

impl Flash {
    /// The sentence.
    pub fn sentence(&self, text: &Text) -> Html {
        match self {
            Flash::PasskeyAdded { name } => text.say("flash-passkey-added").strong("name", name).html(),
            Flash::PasskeyRenamed { name, duplicate: false } => {
                text.say("flash-passkey-renamed").strong("name", name).html()
            }
            Flash::PasskeyRenamed { name, duplicate: true } => {
                text.say("flash-passkey-renamed-duplicate").strong("name", name).html()
            }
            Flash::PasskeyRemoved { name, lost: false, .. } => {
                text.say("flash-passkey-removed").strong("name", name).html()
            }
            Flash::PasskeyRemoved { name, lost: true, .. } => {
                text.say("flash-passkey-removed-lost").strong("name", name).html()
            }
            Flash::AlreadyGone => text.say("flash-already-gone").html(),
            Flash::PassDeleted => text.say("flash-pass-deleted").html(),
            Flash::SessionEnded => text.say("flash-session-ended").html(),
            Flash::OtherSessionsEnded { count } => {
                text.say("flash-other-sessions-ended").count("count", count).html()
            }
            Flash::AccountForgotten => text.say("flash-account-forgotten").html(),
            Flash::SetupSaved => text.say("flash-setup-saved").html(),
            Flash::CameFromElsewhere => text.say("flash-came-from-elsewhere").html(),
        }
    }

    /// Whether it offers a passkey on this computer, to take or to leave.
    pub fn offers_this_computer(&self) -> bool {
        *self == Flash::CameFromElsewhere
    }

    /// What the person still has to do elsewhere.
    pub fn next_step(&self, text: &Text) -> Option<Html> {
        match self {
            Flash::PasskeyRemoved { provider: Some(provider), .. } => {
                Some(text.say("flash-passkey-removed-provider").with("provider", provider).html())
            }
            Flash::PasskeyRemoved { provider: None, .. } => {
                Some(text.say("flash-passkey-removed-device").html())
            }
            _ => None,
        }
    }
}

impl Shell {
    /// Starts the phrase of the message `key` in the reader's language.
    pub fn say<'a>(&self, key: &'a str) -> Phrase<'a> {
        self.text.say(key)
    }

    /// Whether what is shown can be read but not changed (G-10). Signing in is no change.
    pub fn frozen(&self) -> bool {
        self.read_only_until.is_some() && self.account.is_some()
    }

    /// The address of a static file.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The languages of the picker.
    pub fn languages(&self) -> [Language; 2] {
        Language::ALL
    }

    /// A date as a `<time>` element.
    pub fn date(&self, at: &Timestamp) -> Html {
        self.text.time(at, Style::Date)
    }

    /// A date and time as a `<time>` element.
    pub fn moment(&self, at: &Timestamp) -> Html {
        self.text.time(at, Style::DateTime)
    }

    /// The time left until `end` in words, such as `42 minutes`; the largest unit that still counts to two.
    pub fn left(&self, end: &Timestamp) -> String {
        span(self.text, end.since(self.now))
    }

    /// Whether the pass of this onboarding session ends within five minutes (experience R58).
    pub fn ends_soon(&self, end: &Timestamp) -> bool {
        end.since(self.now) <= Span::from_minutes(5)
    }

    /// Whether the account of this page is in an onboarding session.
    pub fn onboarding(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.pass_ends.is_some())
    }
}

/// A length of time in words, in the largest unit that counts to at least two.
pub fn span(text: Text, span: Span) -> String {
    let minutes = (span.micros().saturating_add(59_999_999) / 60_000_000).max(1);
    let (key, count) = match minutes {
        minutes if minutes >= 2 * 24 * 60 => ("span-days", minutes / (24 * 60)),
        minutes if minutes >= 2 * 60 => ("span-hours", minutes / 60),
        minutes => ("span-minutes", minutes),
    };
    text.say(key).count("count", &count).to_string()
}
