//! `/admin/keys`: keys by which programs call the API.

use account::api_key::TermsRefusal;
use askama::Template;
use primitives::time::Timestamp;

use super::Nav;
use crate::pages::{Ceremony, Shell};
use crate::text::Html;

/// A key in the list.
#[derive(Clone, Debug)]
pub struct KeyLine {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// It acts for a person.
    pub personal: bool,
    /// When it ends.
    pub ends: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
    /// It may be used.
    pub stands: bool,
    /// It was taken back.
    pub revoked: bool,
}

/// The list.
#[derive(Template)]
#[template(path = "console/keys/list.html")]
pub struct Keys {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// Newest first.
    pub lines: Vec<KeyLine>,
    /// The address of the next page, if there is one.
    pub after: Option<String>,
    /// A change was not confirmed with a passkey.
    pub unconfirmed: bool,
}

impl Keys {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("console-keys").to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// Why no key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyProblem {
    /// There is no key on such terms.
    Terms(TermsRefusal),
    /// The role does not include it.
    Role,
    /// There are as many as there may be.
    TooMany,
    /// It was not confirmed with a passkey.
    Unconfirmed,
}

/// A scope to choose.
#[derive(Clone, Debug)]
pub struct ScopeChoice {
    /// Its name.
    pub scope: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

/// What somebody types about a key.
#[derive(Clone, Debug, Default)]
pub struct KeyFields {
    /// What it is for.
    pub name: String,
    /// Every scope.
    pub scopes: Vec<ScopeChoice>,
    /// How many days it lives.
    pub days: String,
    /// It acts for whoever makes it.
    pub personal: bool,
}

/// What a key is, before it is made.
#[derive(Clone, Debug)]
pub struct KeyReview {
    /// What the confirmation is for.
    pub action: &'static str,
    /// What the confirmation names.
    pub terms: String,
    /// What it may do.
    pub scopes: Vec<&'static str>,
    /// When it ends.
    pub ends: Timestamp,
}

/// A key to type in, and then to look at and confirm.
#[derive(Template)]
#[template(path = "console/keys/new.html")]
pub struct NewKey {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What was typed.
    pub fields: KeyFields,
    /// What it is, once it can be one.
    pub review: Option<KeyReview>,
    /// Why it is not made.
    pub problem: Option<KeyProblem>,
}

impl NewKey {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        let key = if self.review.is_some() { "keys-review" } else { "keys-new" };
        self.shell.say(key).to_string()
    }

    fn failed(&self) -> bool {
        self.problem.is_some()
    }

    fn sentence(&self, problem: &KeyProblem) -> String {
        let key = match problem {
            KeyProblem::Terms(TermsRefusal::Name(_)) => "keys-wrong-name",
            KeyProblem::Terms(TermsRefusal::NoScope) => "keys-wrong-scopes",
            KeyProblem::Terms(TermsRefusal::NeedsPerson) => "keys-wrong-person",
            KeyProblem::Terms(TermsRefusal::Lifetime) => "keys-wrong-days",
            KeyProblem::Role => "keys-wrong-role",
            KeyProblem::TooMany => "keys-too-many",
            KeyProblem::Unconfirmed => "keys-confirm-first",
        };
        self.shell.say(key).to_string()
    }

    fn wrong(&self, field: &str) -> bool {
        match self.problem {
            Some(KeyProblem::Terms(TermsRefusal::Name(_))) => field == "name",
            Some(KeyProblem::Terms(TermsRefusal::Lifetime)) => field == "days",
            _ => false,
        }
    }

    fn messages(&self) -> Html {
        Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A key with its value, which is shown this once.
#[derive(Template)]
#[template(path = "console/keys/made.html")]
pub struct MadeKey {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What it is for.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it ends.
    pub ends: Timestamp,
}

impl MadeKey {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("keys-made").to_string()
    }

    fn failed(&self) -> bool {
        false
    }
}
