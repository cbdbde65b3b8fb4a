//! What an application that waits brings: OC-0 to OC-4, OC-6 and OC-7 (OpenID Connect Core section 3.1.2).

use askama::Template;

use super::{Ceremony, Shell};
use crate::text::Html;

/// The application that waits, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    /// How people know it.
    pub name: String,
    /// Its host, by which people tell it from one that only has its name.
    pub host: Option<String>,
    /// Where its logo is, a path of ours.
    pub logo: Option<String>,
    /// The organisation added it; otherwise it came by itself.
    pub ours: bool,
}

impl Requester {
    pub(super) fn initial(&self) -> String {
        self.name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}

/// OC-0: which account the application gets (`prompt=select_account`).
#[derive(Template)]
#[template(path = "application/choose.html")]
pub struct ChooseAccount {
    /// The frame.
    pub shell: Shell,
    /// Who asks.
    pub application: Requester,
    /// Names this page's request, so that its answer is given to no other.
    pub request: String,
    /// The application may mean this account.
    pub fits: bool,
    /// Display name of who is signed in.
    pub name: String,
    /// Their login name.
    pub login: String,
}

impl ChooseAccount {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("application-choose").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn initial(&self) -> String {
        self.name.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}

/// A scope as people are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedScope {
    /// Its name in the protocol.
    pub scope: String,
    /// People may leave it out.
    pub optional: bool,
    /// Names of the person's groups, where it tells them.
    pub groups: Vec<String>,
}

impl AskedScope {
    /// Whether it lets the application do something, where others let it see something.
    fn does(&self) -> bool {
        !matches!(self.scope.as_str(), "openid" | "profile" | "email" | "groups")
    }

    /// What it lets the application see or do.
    pub(super) fn sentence(&self, shell: &Shell) -> Html {
        match self.scope.as_str() {
            "openid" => shell.say("application-scope-openid").html(),
            "profile" => shell.say("application-scope-profile").html(),
            "email" => shell.say("application-scope-email").html(),
            "groups" if self.groups.is_empty() => shell.say("application-scope-groups").html(),
            "groups" => {
                shell.say("application-scope-groups-named").with("groups", self.groups.join(", ")).html()
            }
            "offline_access" => shell.say("application-scope-offline").html(),
            other => shell.say("application-scope-other").strong("scope", other).html(),
        }
    }
}

/// OC-2: whether the application may.
#[derive(Template)]
#[template(path = "application/consent.html")]
pub struct Consent {
    /// The frame.
    pub shell: Shell,
    /// Who asks.
    pub application: Requester,
    /// Names this page's request, and whose answer it is.
    pub request: String,
    /// Display name of who is asked.
    pub name: String,
    /// Their login name.
    pub login: String,
    /// What it asks for that was not allowed before.
    pub new: Vec<AskedScope>,
    /// What was allowed before.
    pub known: Vec<AskedScope>,
}

impl Consent {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("application-consent").with("application", &self.application.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    /// Some of it was allowed before: only what is new is asked.
    fn more(&self) -> bool {
        !self.known.is_empty()
    }

    fn sees(&self) -> Vec<&AskedScope> {
        self.new.iter().filter(|asked| !asked.does()).collect()
    }

    fn does(&self) -> Vec<&AskedScope> {
        self.new.iter().filter(|asked| asked.does()).collect()
    }
}

/// Why a sign-in is not enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEnough {
    /// It proved less than the application asks for.
    Weak,
    /// It is longer ago than the application asks for (`max_age`).
    Old,
    /// The application wants one now (`prompt=login`).
    Again,
}

/// OC-3: a stronger sign-in, or a newer one.
#[derive(Template)]
#[template(path = "application/step_up.html")]
pub struct StepUp {
    /// The frame.
    pub shell: Shell,
    /// Who asks.
    pub application: Requester,
    /// Names this page's request.
    pub request: String,
    /// Why.
    pub why: NotEnough,
    /// `action` of `/me/confirm/begin`.
    pub action: &'static str,
    /// `target` of `/me/confirm/begin`.
    pub target: String,
    /// Who is signed in has a passkey that would do.
    pub passkey: bool,
    /// The application takes less, too.
    pub may_skip: bool,
}

impl StepUp {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = match self.why {
            NotEnough::Weak => "application-stronger",
            NotEnough::Old | NotEnough::Again => "application-again",
        };
        self.shell.say(key).with("application", &self.application.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn lead(&self) -> &'static str {
        match self.why {
            NotEnough::Weak => "application-stronger-text",
            NotEnough::Old => "application-old-text",
            NotEnough::Again => "application-again-text",
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// OC-3b: a passkey comes first.
#[derive(Template)]
#[template(path = "application/add_first.html")]
pub struct AddFirst {
    /// The frame.
    pub shell: Shell,
    /// Who asks.
    pub application: Requester,
    /// Names this page's request.
    pub request: String,
    /// What opened this session suffices to add one; otherwise it takes a pass.
    pub may: bool,
    /// Only a security key whose model is known will do (`phrh`).
    pub hardware: bool,
    /// There are passkeys, and none of them will do.
    pub has_others: bool,
    /// The application takes less, too.
    pub may_skip: bool,
    /// How to reach the people who can help.
    pub contact: Option<String>,
}

impl AddFirst {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.hardware { "application-key-first" } else { "application-passkey-first" };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn lead(&self) -> Html {
        let key = match (self.hardware, self.has_others) {
            (true, _) => "application-needs-key",
            (false, true) => "application-needs-other",
            (false, false) => "application-needs-passkey",
        };
        self.shell.say(key).strong("application", &self.application.name).html()
    }

    fn place(&self) -> &'static str {
        if self.hardware { "?place=security-key" } else { "" }
    }
}

/// OC-6: the application is for others.
#[derive(Template)]
#[template(path = "application/not_assigned.html")]
pub struct NotAssigned {
    /// The frame.
    pub shell: Shell,
    /// The application.
    pub application: Requester,
    /// Names this page's request.
    pub request: String,
    /// How to reach the people who can help.
    pub contact: Option<String>,
}

impl NotAssigned {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("application-not-yours").with("application", &self.application.name).to_string()
    }

    fn failed(&self) -> bool {
        true
    }
}

/// What people are told of a request that leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Nobody here knows the application.
    Unknown,
    /// The organisation turned it off.
    Disabled,
    /// It names an address that is not its own.
    Address,
    /// It asks for something that makes no sense.
    Request,
    /// What was asked is over, or was answered.
    Over,
}

/// OC-4: the request leads nowhere, and nobody is led anywhere.
#[derive(Template)]
#[template(path = "application/stopped.html")]
pub struct ProtocolError {
    /// The frame; its reference is shown.
    pub shell: Shell,
    /// What people are told.
    pub stopped: Stopped,
    /// The application's name, where it is known.
    pub application: Option<String>,
    /// The error in the protocol's terms and our code, for whoever writes the application.
    pub details: Option<(String, String)>,
}

impl ProtocolError {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let shell = &self.shell;
        match (self.stopped, &self.application) {
            (Stopped::Over, _) => shell.say("application-over").to_string(),
            (_, Some(name)) => shell.say("application-stopped-named").with("application", name).to_string(),
            (_, None) => shell.say("application-stopped").to_string(),
        }
    }

    fn failed(&self) -> bool {
        true
    }

    fn sentence(&self) -> &'static str {
        match self.stopped {
            Stopped::Unknown => "application-unknown",
            Stopped::Disabled => "application-disabled",
            Stopped::Address => "application-address",
            Stopped::Request => "application-request",
            Stopped::Over => "application-over-text",
        }
    }
}

/// OC-7: the answer as a form that the browser posts (OAuth 2.0 Form Post Response Mode).
#[derive(Template)]
#[template(path = "application/form_post.html")]
pub struct FormPost {
    /// The frame.
    pub shell: Shell,
    /// The application's name, where it is at hand.
    pub application: Option<String>,
    /// Its registered address.
    pub action: String,
    /// What it is answered.
    pub fields: Vec<(String, String)>,
}

impl FormPost {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match &self.application {
            Some(application) => self.shell.say("application-back").with("application", application),
            None => self.shell.say("application-back-nameless"),
        }
        .to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
