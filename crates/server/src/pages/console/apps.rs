//! `/admin/apps`: applications, their terms, secrets and pictures.

use account::application::Provenance;
use askama::Template;
use primitives::time::Timestamp;
use serde_json::Value;

use super::Nav;
use super::form::{Control, Kind, problems};
use crate::client_templates::Paste;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// An application in the list.
#[derive(Clone, Debug)]
pub struct AppLine {
    /// Its page.
    pub at: String,
    /// Its identifier.
    pub id: String,
    /// How people know it.
    pub name: String,
    /// Where it is.
    pub home: Option<String>,
    /// Where it came from.
    pub origin: Provenance,
    /// Whose members may use it; everybody if there is none.
    pub groups: i64,
    /// It lets people in.
    pub enabled: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "console/apps/list.html")]
pub struct Apps {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// By name.
    pub lines: Vec<AppLine>,
    /// Where the next page begins: a name and an identifier.
    pub next: Option<(String, String)>,
    /// It is not the first page.
    pub later: bool,
    /// The reader may change them.
    pub may_edit: bool,
}

impl Apps {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("console-apps").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn origin(&self, line: &AppLine) -> String {
        self.shell.say(&format!("apps-origin-{}", line.origin)).to_string()
    }
}

/// What something is to be, before it is.
#[derive(Clone, Debug)]
pub struct Review {
    /// What the confirmation is for.
    pub action: &'static str,
    /// What the confirmation names.
    pub target: String,
    /// What is sent again, to the letter.
    pub hidden: Vec<(String, String)>,
    /// What it is called, how it was, and how it will be.
    pub lines: Vec<ReviewLine>,
}

/// One thing of it.
#[derive(Clone, Debug)]
pub struct ReviewLine {
    /// What it is called.
    pub label: String,
    /// How it was; nothing for what is new.
    pub before: Option<String>,
    /// How it will be.
    pub after: String,
}

/// A new application: which one, then where, then whether really.
#[derive(Template)]
#[template(path = "console/apps/new.html")]
pub struct NewApp {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// The templates by their names in addresses and for people.
    pub templates: Vec<(String, String)>,
    /// The chosen one.
    pub template: Option<(String, String)>,
    /// What is asked.
    pub controls: Vec<Control>,
    /// What it is to be.
    pub review: Option<Review>,
    /// The key of what is wrong as a whole.
    pub problem: Option<&'static str>,
}

impl NewApp {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match &self.template {
            Some((_, name)) => self.shell.say("apps-new-named").with("name", name).to_string(),
            None => self.shell.say("apps-new").to_string(),
        }
    }

    fn failed(&self) -> bool {
        self.problem.is_some() || problems(&self.controls) > 0
    }

    fn wrong(&self) -> i64 {
        i64::try_from(problems(&self.controls)).unwrap_or(i64::MAX)
    }

    fn refusal(&self) -> Option<String> {
        self.problem.map(|key| self.shell.say(key).to_string())
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// An application or a secret that was just made: the one page that shows the secret.
#[derive(Template)]
#[template(path = "console/apps/made.html")]
pub struct MadeApp {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// How people know it.
    pub name: String,
    /// Its page.
    pub at: String,
    /// Its identifier.
    pub id: String,
    /// Its secret, if it has one.
    pub secret: Option<String>,
    /// What to paste there.
    pub pastes: Vec<Paste>,
    /// It is a new secret of an application that was there.
    pub rotated: bool,
}

impl MadeApp {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.rotated { "apps-secret-made" } else { "apps-added" };
        self.shell.say(key).with("name", &self.name).to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}

/// Part of an application's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// What to paste, whether it is on.
    Overview,
    /// What the client says of itself.
    Client,
    /// Who may use it.
    Access,
    /// Lifetimes and claims.
    Tokens,
    /// Its secrets.
    Secrets,
    /// Its picture.
    Picture,
    /// Signing in to it as oneself.
    Try,
}

impl Tab {
    const ALL: [Tab; 7] =
        [Tab::Overview, Tab::Client, Tab::Access, Tab::Tokens, Tab::Secrets, Tab::Picture, Tab::Try];

    /// What follows the application's address.
    pub fn path(self) -> &'static str {
        match self {
            Tab::Overview => "",
            Tab::Client => "/client",
            Tab::Access => "/access",
            Tab::Tokens => "/tokens",
            Tab::Secrets => "/secrets",
            Tab::Picture => "/picture",
            Tab::Try => "/try",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Tab::Overview => "apps-tab-overview",
            Tab::Client => "apps-tab-client",
            Tab::Access => "apps-tab-access",
            Tab::Tokens => "apps-tab-tokens",
            Tab::Secrets => "apps-tab-secrets",
            Tab::Picture => "apps-tab-picture",
            Tab::Try => "apps-tab-try",
        }
    }
}

/// What an application is besides its forms.
#[derive(Clone, Debug)]
pub struct AppFacts {
    /// Its identifier.
    pub id: String,
    /// How people know it.
    pub name: String,
    /// Where it is.
    pub home: Option<String>,
    /// Where it came from.
    pub origin: Provenance,
    /// It lets people in.
    pub enabled: bool,
    /// It proves itself by a secret.
    pub has_secret: bool,
    /// Its secrets: when each was made, and when it ends.
    pub secrets: Vec<(Timestamp, Option<Timestamp>)>,
    /// The address of its picture.
    pub picture: Option<String>,
    /// When it was last changed.
    pub changed: Timestamp,
    /// What a confirmation of turning it on or off names.
    pub switch: String,
    /// What a confirmation of anything else names.
    pub target: String,
}

/// What signing in to it as oneself came to.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The key of what happened.
    pub outcome: &'static str,
    /// A code beside it, where there is one.
    pub code: Option<String>,
    /// Tokens as what they say.
    pub tokens: Vec<(&'static str, Value)>,
}

/// An application.
#[derive(Template)]
#[template(path = "console/apps/app.html")]
pub struct OneApp {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Its address.
    pub at: String,
    /// Which part.
    pub tab: Tab,
    /// What it is.
    pub facts: AppFacts,
    /// What to paste there.
    pub pastes: Vec<Paste>,
    /// The form of this part.
    pub controls: Vec<Control>,
    /// What the change would be.
    pub review: Option<Review>,
    /// What signing in came to.
    pub tried: Option<Tried>,
    /// The reader may change it.
    pub may_edit: bool,
    /// The key of what is wrong as a whole.
    pub problem: Option<&'static str>,
}

impl OneApp {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.facts.name.clone()
    }

    fn failed(&self) -> bool {
        self.problem.is_some() || problems(&self.controls) > 0
    }

    fn wrong(&self) -> i64 {
        i64::try_from(problems(&self.controls)).unwrap_or(i64::MAX)
    }

    fn refusal(&self) -> Option<String> {
        self.problem.map(|key| self.shell.say(key).to_string())
    }

    fn tabs(&self) -> impl Iterator<Item = Tab> {
        let may_edit = self.may_edit;
        Tab::ALL
            .into_iter()
            .filter(move |tab| may_edit || !matches!(tab, Tab::Try | Tab::Picture | Tab::Secrets))
    }

    fn is_current(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }

    fn origin(&self) -> String {
        self.shell.say(&format!("apps-origin-{}", self.facts.origin)).to_string()
    }

    fn is_stranger(&self) -> bool {
        self.facts.origin != Provenance::Organisation
    }

    fn decoded(&self, token: &Value) -> String {
        serde_json::to_string_pretty(token).unwrap_or_default()
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A key that signs tokens.
#[derive(Clone, Debug)]
pub struct KeyLine {
    /// Its name in key sets.
    pub kid: String,
    /// What it signs with.
    pub algorithm: String,
    /// The key of its state.
    pub state: &'static str,
    /// When it was made.
    pub created: Timestamp,
    /// From when it signs.
    pub activates: Timestamp,
    /// When it leaves the key set.
    pub ends: Option<Timestamp>,
}

/// The keys that sign tokens.
#[derive(Template)]
#[template(path = "console/apps/signing.html")]
pub struct SigningKeys {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Newest first.
    pub lines: Vec<KeyLine>,
    /// The reader may make others.
    pub may_edit: bool,
    /// It was not confirmed with a passkey.
    pub unconfirmed: bool,
}

impl SigningKeys {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("signing-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}
