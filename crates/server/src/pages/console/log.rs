//! AL-1 and AL-2, `/admin/log`.

use account::sign_in_log::{ErrorClass, Method, Outcome};
use account::strength::Strength;
use askama::Template;
use primitives::time::Timestamp;

use super::Nav;
use super::chart::Columns;
use crate::pages::Shell;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Its id, as in the address.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The kind's stable name.
    pub kind: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// Whom it happened to: id, login and name.
    pub person: Option<(String, String, String)>,
    /// Who did it, where that was somebody else.
    pub by: Option<String>,
    /// With what.
    pub methods: Vec<Method>,
    /// How strong it was.
    pub strength: Option<Strength>,
    /// The passkey's name.
    pub passkey: Option<String>,
    /// What the passkey says it is.
    pub model: Option<String>,
    /// Browser and system.
    pub device: String,
    /// The address, shortened where the reader's role does not see it whole.
    pub address: String,
    /// Why it was refused, as a code.
    pub code: Option<String>,
    /// The reference.
    pub reference: String,
}

impl LogRow {
    /// What came of it, in words.
    pub fn result(&self, shell: &Shell) -> String {
        shell.say(outcome_key(self.outcome)).to_string()
    }

    /// The style of its result.
    pub fn class(&self) -> &'static str {
        match self.outcome {
            Outcome::Success => "ok",
            Outcome::Interrupted => "warn",
            Outcome::Failure => "danger",
            Outcome::Change => "info",
        }
    }

    /// With what, in words; the kind's name where it is no sign-in.
    pub fn what(&self, shell: &Shell) -> String {
        if self.methods.is_empty() {
            return self.kind.to_owned();
        }
        let words: Vec<_> =
            self.methods.iter().map(|method| shell.say(method_key(*method)).to_string()).collect();
        words.join(" + ")
    }

    /// How strong, in words; empty where nobody was let in.
    pub fn strong(&self, shell: &Shell) -> String {
        match (self.outcome, self.strength) {
            (Outcome::Success, strength) => shell.say(strength_key(strength)).to_string(),
            _ => String::new(),
        }
    }

    /// The passkey and its model.
    pub fn key(&self) -> String {
        let parts = [self.passkey.clone(), self.model.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Login of whom it happened to.
    pub fn login(&self) -> &str {
        self.person.as_ref().map_or("", |(_, login, _)| login)
    }

    fn person_id(&self) -> &str {
        self.person.as_ref().map_or("", |(id, ..)| id)
    }

    fn person_name(&self) -> &str {
        self.person.as_ref().map_or("", |(_, _, name)| name)
    }
}

/// The key of an outcome's words.
pub fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "insight-outcome-success",
        Outcome::Interrupted => "insight-outcome-interrupted",
        Outcome::Failure => "insight-outcome-failure",
        Outcome::Change => "insight-outcome-change",
    }
}

/// The key of a method's name.
pub fn method_key(method: Method) -> &'static str {
    match method {
        Method::Passkey => "insight-method-passkey",
        Method::TemporaryPass => "insight-method-pass",
        Method::Password => "insight-method-password",
        Method::AuthenticatorCode => "insight-method-code",
        Method::RecoveryCode => "insight-method-recovery",
    }
}

/// The key of a strength's words.
pub fn strength_key(strength: Option<Strength>) -> &'static str {
    match strength {
        None => "history-strength-none",
        Some(Strength::Multifactor) => "history-strength-multifactor",
        Some(Strength::Passwordless) => "history-strength-passwordless",
        Some(Strength::PhishingResistant) => "history-strength-phishing-resistant",
        Some(Strength::PhishingResistantHardware) => "history-strength-phishing-resistant-hardware",
    }
}

/// The keys of a class of trouble: its name, and what we make of it.
pub fn error_keys(class: ErrorClass) -> [&'static str; 2] {
    match class {
        ErrorClass::Wrong => ["insight-error-wrong", "insight-error-wrong-text"],
        ErrorClass::Late => ["insight-error-late", "insight-error-late-text"],
        ErrorClass::Policy => ["insight-error-policy", "insight-error-policy-text"],
        ErrorClass::Off => ["insight-error-off", "insight-error-off-text"],
        ErrorClass::Throttled => ["insight-error-throttled", "insight-error-throttled-text"],
        ErrorClass::Unknown => ["insight-error-unknown", "insight-error-unknown-text"],
        ErrorClass::Suspicious => ["insight-error-suspicious", "insight-error-suspicious-text"],
        ErrorClass::Technical => ["insight-error-technical", "insight-error-technical-text"],
    }
}

/// The filters as they were asked for, for the form.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `sign-ins`, `changes` or `all`.
    pub show: String,
    /// The outcome's name.
    pub result: String,
    /// The method's name.
    pub method: String,
    /// The strength's name.
    pub strength: String,
    /// The kind's name.
    pub kind: String,
    /// Login or id of a person.
    pub user: String,
    /// An address, or how it begins.
    pub address: String,
    /// A reference.
    pub reference: String,
    /// A day or a point in time.
    pub from: String,
    /// The same.
    pub until: String,
    /// A passkey's id.
    pub passkey: String,
    /// An AAGUID.
    pub model: String,
}

/// AL-1.
#[derive(Template)]
#[template(path = "console/insight/log.html")]
pub struct Log {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// What was asked for.
    pub asked: Asked,
    /// The filter that could not be read, by its field's name.
    pub wrong: Option<&'static str>,
    /// Newest first.
    pub rows: Vec<LogRow>,
    /// Sign-ins of the span of time; only where nothing narrows the list.
    pub chart: Option<Columns>,
    /// The query of the next page.
    pub next: Option<String>,
    /// The query of this list's first page, without `?`.
    pub query: String,
    /// How far back it was looked, where the page ended before it was full.
    pub reached: Option<Timestamp>,
    /// Whether this is not the first page.
    pub later: bool,
    /// Since when the clear text is gone.
    pub erased_before: Timestamp,
    /// Whether the reader sees addresses shortened.
    pub shortened: bool,
}

impl Log {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("insight-log").to_string()
    }

    fn failed(&self) -> bool {
        self.wrong.is_some()
    }

    fn outcomes(&self) -> Vec<(&'static str, String, bool)> {
        let options = Outcome::ALL.iter();
        options
            .map(|one| {
                (
                    one.as_str(),
                    self.shell.say(outcome_key(*one)).to_string(),
                    self.asked.result == one.as_str(),
                )
            })
            .collect()
    }

    fn methods(&self) -> Vec<(&'static str, String, bool)> {
        let options = Method::ALL.iter();
        options
            .map(|one| {
                (
                    one.as_str(),
                    self.shell.say(method_key(*one)).to_string(),
                    self.asked.method == one.as_str(),
                )
            })
            .collect()
    }

    fn strengths(&self) -> Vec<(&'static str, String, bool)> {
        let words = |one: Strength| self.shell.say(strength_key(Some(one))).to_string();
        let options = Strength::ALL.iter();
        options.map(|one| (one.as_str(), words(*one), self.asked.strength == one.as_str())).collect()
    }

    fn shows(&self, part: &str) -> bool {
        self.asked.show == part || part == "sign-ins" && self.asked.show.is_empty()
    }

    fn wrong_sentence(&self, field: &str) -> String {
        self.shell.say("insight-log-wrong").with("field", field).to_string()
    }
}

/// AL-2.
#[derive(Template)]
#[template(path = "console/insight/entry.html")]
pub struct LogEntry {
    /// The frame.
    pub shell: Shell,
    /// The navigation.
    pub nav: Nav,
    /// The entry.
    pub row: LogRow,
    /// The steps of the same sign-in or session, oldest first.
    pub steps: Vec<LogRow>,
    /// What else happened to the person about then.
    pub related: Vec<LogRow>,
    /// Place and strength that policy asked for.
    pub needed: Option<(String, String)>,
    /// The class of trouble.
    pub class: Option<ErrorClass>,
    /// Whether `keyward explain` explains it.
    pub explainable: bool,
    /// The free text.
    pub note: Option<String>,
    /// Ids and codes as they stand in the log: name and value.
    pub raw: Vec<(String, String)>,
    /// People's data were erased.
    pub erased: bool,
    /// The reader's role does not see all of it.
    pub redacted: bool,
    /// Whether the reader may end sessions and remove methods.
    pub may_act: bool,
}

impl LogEntry {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("insight-entry").with("reference", &self.row.reference).to_string()
    }

    fn failed(&self) -> bool {
        false
    }

    /// The command that explains it, as an operator types it.
    fn explaining(&self) -> String {
        format!("keyward explain {}", self.row.reference)
    }

    fn is_this(&self, row: &LogRow) -> bool {
        row.id == self.row.id
    }

    fn error(&self, class: &ErrorClass) -> [String; 2] {
        error_keys(*class).map(|key| self.shell.say(key).to_string())
    }

    fn why(&self, place: &str, strength: &str) -> String {
        self.shell
            .say("insight-needed")
            .with("place", self.place(place))
            .with("strength", self.wanted(strength))
            .to_string()
    }

    fn place(&self, place: &str) -> String {
        let key = match place {
            "portal" => "insight-place-portal",
            "console" => "insight-place-console",
            "security-info" => "insight-place-security-info",
            "applications" => "insight-place-applications",
            _ => return place.to_owned(),
        };
        self.shell.say(key).to_string()
    }

    fn wanted(&self, strength: &str) -> String {
        match Strength::parse(strength) {
            Some(strength) => self.shell.say(strength_key(Some(strength))).to_string(),
            None if strength == "anything" => self.shell.say("insight-needed-anything").to_string(),
            None => strength.to_owned(),
        }
    }
}
