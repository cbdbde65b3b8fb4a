//! AS-1, AS-2: strengths, where they are asked for, and what one would mean for somebody.

use account::policy::Area;
use askama::Template;
use service::preview_strength::Way;

use super::Nav;
use super::form::{Control, Kind, problems};
use crate::pages::Shell;
use crate::text::Text;

/// A strength in the list.
#[derive(Clone, Debug)]
pub struct StrengthLine {
    /// Its name in documents and addresses.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// What it is for.
    pub description: String,
    /// The `acr` that says it (OpenID Connect); the organisation's own have none.
    pub acr: Option<&'static str>,
    /// Whether it is the organisation's own.
    pub own: bool,
    /// The combinations, in words.
    pub combinations: Vec<String>,
    /// Where it is asked for.
    pub used: Vec<Area>,
}

/// AS-1.
#[derive(Template)]
#[template(path = "console/strengths/list.html")]
pub struct StrengthList {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// Built-in ones first.
    pub strengths: Vec<StrengthLine>,
    /// Whether what is shown is a draft.
    pub draft: bool,
    /// Whether the reader may change anything.
    pub may_edit: bool,
}

impl StrengthList {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("strengths-heading").to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    fn place(&self, place: &Area) -> String {
        self.shell.say(&format!("policy-place-{place}")).to_string()
    }

    /// As OpenID Connect names it, in every language.
    fn as_acr(&self, acr: &str) -> String {
        format!("acr {acr}")
    }
}

/// What a strength would mean for somebody.
#[derive(Clone, Debug)]
pub struct Previewed {
    /// The name.
    pub name: String,
    /// Each way that they have in words, and whether it is enough.
    pub ways: Vec<(String, bool)>,
}

/// A person to preview a strength with.
#[derive(Clone, Debug)]
pub enum Person {
    /// Nobody was asked for.
    None,
    /// Nobody is called so.
    Unknown,
    /// This is what it means.
    Found(Previewed),
}

/// AS-2.
#[derive(Template)]
#[template(path = "console/strengths/edit.html")]
pub struct StrengthEdit {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// Its name; none for a new one.
    pub name: Option<String>,
    /// Where the form goes.
    pub action: String,
    /// The fields.
    pub controls: Vec<Control>,
    /// Names of models to choose from.
    pub models: Vec<String>,
    /// Where it is asked for.
    pub used: Vec<Area>,
    /// Who was asked for.
    pub login: String,
    /// What it means for them.
    pub person: Person,
    /// Why the document refuses it as a whole.
    pub refusal: Option<String>,
    /// Whether the reader may change anything.
    pub may_edit: bool,
}

impl StrengthEdit {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        match &self.name {
            Some(name) => self.shell.say("strength-edit-heading").with("name", name).to_string(),
            None => self.shell.say("strength-new-heading").to_string(),
        }
    }

    fn failed(&self) -> bool {
        self.refusal.is_some() || problems(&self.controls) > 0
    }

    fn wrong(&self) -> i64 {
        i64::try_from(problems(&self.controls)).unwrap_or(i64::MAX)
    }

    fn place(&self, place: &Area) -> String {
        self.shell.say(&format!("policy-place-{place}")).to_string()
    }
}

/// A way to sign in, in words.
pub(crate) fn way(text: Text, way: &Way) -> String {
    match way {
        Way::Passkey { name } => text.say("way-passkey").with("name", name),
        Way::PassOnce => text.say("combination-pass-once"),
        Way::PassManyTimes => text.say("combination-pass-many-times"),
        Way::PasswordAndCode => text.say("combination-password-code"),
        Way::PasswordAndRecoveryCode => text.say("combination-password-recovery"),
        Way::Password => text.say("combination-password"),
    }
    .to_string()
}
