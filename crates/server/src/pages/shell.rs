//! What surrounds every screen: language, organisation, account, and what just happened.

use primitives::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use service::notify::Bell;

use crate::assets;
use crate::pages::application::Requester;
use crate::pages::console::policy::PolicyNews;
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
    /// The application that waits behind the sign-in (OC-1).
    pub application: Option<Requester>,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Display name.
    pub name: String,
    /// Login name.
    pub login: String,
    /// End of this session, if it is a limited one that a pass opened, or less than two factors.
    pub pass_ends: Option<Timestamp>,
    /// Less than two factors opened it, and no pass.
    pub restricted: bool,
    /// Whether they see the administrators' console.
    pub console: bool,
    /// Notices that they have not seen, and requests that they could serve.
    pub bell: Bell,
}

impl Account {
    /// What is said of a limited session's end: in the banner, five minutes and one minute before it, and at it.
    fn window_keys(&self) -> [&'static str; 4] {
        if self.restricted {
            ["restricted-window", "restricted-ends-five", "restricted-ends-one", "restricted-ends-over"]
        } else {
            ["pass-window", "pass-ends-five", "pass-ends-one", "pass-ends-over"]
        }
    }

    /// The banner's.
    pub fn window(&self) -> &'static str {
        let [window, ..] = self.window_keys();
        window
    }

    /// Those of the announcements.
    pub fn endings(&self) -> [&'static str; 3] {
        let [_, endings @ ..] = self.window_keys();
        endings
    }
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
    /// An entry of the history was reported: remedies and outcomes by their stable names.
    EntryReported {
        /// What came of what was chosen.
        outcomes: Vec<(String, String)>,
    },
    /// The account is frozen, and with it this session over.
    AccountFrozen {
        /// The reference of the report.
        reference: String,
    },
    /// Passkeys of a frozen account may be used again.
    FrozenLifted {
        /// How many.
        count: i64,
    },
    /// The account is no longer offered on the sign-in page of this browser.
    AccountForgotten,
    /// The first administrator has a name and an address now.
    SetupSaved,
    /// A security key or a phone signed this computer in: it could have a passkey of its own (experience R8).
    CameFromElsewhere,
    /// The account has a language now, or none of its own.
    LanguageChosen,
    /// The browser saved a passkey by itself after a sign-in with a password (experience R18).
    PasskeySavedSilently {
        /// Its id.
        id: String,
        /// Where it was saved.
        provider: Option<String>,
    },
    /// There is a password now, where there was none or another one.
    PasswordChanged {
        /// There was none.
        first: bool,
    },
    /// Authenticator codes are set up.
    CodesAdded,
    /// They are no more.
    CodesRemoved,
    /// Ten new recovery codes, and the person says that they are kept.
    RecoveryCodesKept,
    /// Ten new recovery codes, and the person left without saying so.
    RecoveryCodesUnsure,
    /// A request for a pass was taken, whether the account exists or not; told on its own page.
    PassRequested {
        /// The reference of the request.
        reference: String,
    },
    /// A request for a pass was closed without one.
    RequestDismissed,
    /// Somebody else closed it.
    RequestGone,
    /// All notices are seen.
    NoticesSeen,
    /// A lost device was made useless, as far as it was still there.
    Secured {
        /// Passkeys that are off.
        passkeys: i64,
        /// Sessions that ended.
        sessions: i64,
        /// What was gone already.
        gone: i64,
    },
    /// Nobody can sign in with a password any more.
    PasswordOff,
    /// What was true when the page was made is not any more.
    PasswordlessGone,
    /// Something about passes that were issued or ordered.
    Pass(super::passes::PassNews),
    /// Newer metadata is looked for.
    MetadataAsked,
    /// A root is trusted.
    RootAdded {
        /// Its name.
        name: String,
    },
    /// A root is trusted no longer.
    RootRemoved {
        /// Its name.
        name: String,
    },
    /// Something was done to an application.
    Application {
        /// What, as in the key of its sentence.
        done: String,
        /// To which.
        name: String,
    },
    /// A receiver of events was changed, or turned on or off.
    HookChanged {
        /// Its host.
        host: String,
    },
    /// A receiver of events was removed.
    HookRemoved {
        /// Its host.
        host: String,
    },
    /// A receiver of events was tried.
    HookTested {
        /// Its host.
        host: String,
        /// What it did, as a code.
        status: String,
        /// It took the message.
        taken: bool,
    },
    /// Something was done to a person or a group.
    Directory {
        /// What, as in the key of its sentence.
        done: String,
        /// To whom or what.
        name: String,
    },
    /// A file of people was imported.
    PeopleImported {
        /// How many were added.
        count: i64,
    },
    /// Something about policy.
    Policy(PolicyNews),
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
            Flash::EntryReported { .. } => text.say("flash-entry-reported").html(),
            Flash::AccountFrozen { reference } => {
                text.say("flash-account-frozen").strong("reference", reference).html()
            }
            Flash::FrozenLifted { count } => text.say("flash-frozen-lifted").count("count", count).html(),
            Flash::AccountForgotten => text.say("flash-account-forgotten").html(),
            Flash::SetupSaved => text.say("flash-setup-saved").html(),
            Flash::CameFromElsewhere => text.say("flash-came-from-elsewhere").html(),
            Flash::LanguageChosen => text.say("flash-language").html(),
            Flash::PasskeySavedSilently { provider: Some(provider), .. } => {
                text.say("flash-silent-passkey").with("provider", provider).html()
            }
            Flash::PasskeySavedSilently { provider: None, .. } => {
                text.say("flash-silent-passkey-device").html()
            }
            Flash::PasswordChanged { first: true } => text.say("flash-password-set").html(),
            Flash::PasswordChanged { first: false } => text.say("flash-password-changed").html(),
            Flash::CodesAdded => text.say("flash-codes-added").html(),
            Flash::CodesRemoved => text.say("flash-codes-removed").html(),
            Flash::RecoveryCodesKept => text.say("flash-recovery-kept").html(),
            Flash::RecoveryCodesUnsure => text.say("flash-recovery-unsure").html(),
            Flash::PassRequested { .. } => text.say("recover-sent").html(),
            Flash::RequestDismissed => text.say("flash-request-dismissed").html(),
            Flash::RequestGone => text.say("flash-request-gone").html(),
            Flash::NoticesSeen => text.say("flash-notices-seen").html(),
            Flash::Secured { passkeys, .. } => text.say("flash-secured").count("passkeys", passkeys).html(),
            Flash::PasswordOff => text.say("flash-password-off").html(),
            Flash::Policy(news) => text.say(news.key()).html(),
            Flash::PasswordlessGone => text.say("passwordless-gone").html(),
            Flash::Pass(news) => text.say(news.key()).html(),
            Flash::MetadataAsked => text.say("flash-metadata-asked").html(),
            Flash::RootAdded { name } => text.say("flash-root-added").strong("name", name).html(),
            Flash::RootRemoved { name } => text.say("flash-root-removed").strong("name", name).html(),
            Flash::Application { done, name } => {
                text.say(&format!("flash-app-{done}")).strong("name", name).html()
            }
            Flash::HookChanged { host } => text.say("flash-hook-changed").strong("host", host).html(),
            Flash::HookRemoved { host } => text.say("flash-hook-removed").strong("host", host).html(),
            Flash::HookTested { host, status, taken } => {
                let key = if *taken { "flash-hook-tested" } else { "flash-hook-not-tested" };
                text.say(key).strong("host", host).with("status", status).html()
            }
            Flash::Directory { done, name } => {
                text.say(&format!("people-done-{done}")).strong("name", name).html()
            }
            Flash::PeopleImported { count } => text.say("people-imported").count("count", count).html(),
        }
    }

    /// Whether it offers a passkey on this computer, to take or to leave.
    pub fn offers_this_computer(&self) -> bool {
        *self == Flash::CameFromElsewhere
    }

    /// The passkey that the browser saved by itself, to look at or to undo.
    pub fn silent_passkey(&self) -> Option<&str> {
        match self {
            Flash::PasskeySavedSilently { id, .. } => Some(id),
            _ => None,
        }
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
            Flash::Secured { sessions, gone, .. } => {
                Some(text.say("flash-secured-more").count("sessions", sessions).count("gone", gone).html())
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
    pub fn languages(&self) -> [Language; 4] {
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

    /// Whether this is a page of the console other than the inbox, which has a place of its own above.
    pub fn in_console(&self) -> bool {
        self.path.starts_with("/admin") && !self.path.starts_with("/admin/requests")
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
