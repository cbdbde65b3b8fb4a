//! PO-1, PO-2: the methods and what holds for each, drafts, and the policy as text.

use account::policy::document::DocumentRefusal;
use account::policy::{Audience, Policy};
use askama::Template;
use primitives::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::Nav;
use super::form::{Control, Kind, problems};
use crate::pages::Shell;
use crate::pages::shell::span;
use crate::policy_form::{Groups, Part};
use crate::text::{Html, Text};

/// What just happened to policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PolicyNews {
    /// A draft was saved.
    Saved,
    /// A draft was thrown away.
    Discarded,
    /// A policy was applied.
    Applied,
    /// A policy will be applied by itself.
    Scheduled,
    /// A version was undone.
    Undone,
    /// There is no draft any more.
    Gone,
    /// The draft is not the one that was looked at.
    Changed,
    /// A strength is asked for somewhere.
    InUse,
}

impl PolicyNews {
    /// The sentence.
    pub fn key(self) -> &'static str {
        match self {
            PolicyNews::Saved => "flash-policy-saved",
            PolicyNews::Discarded => "flash-policy-discarded",
            PolicyNews::Applied => "flash-policy-applied",
            PolicyNews::Scheduled => "flash-policy-scheduled",
            PolicyNews::Undone => "flash-policy-undone",
            PolicyNews::Gone => "flash-policy-gone",
            PolicyNews::Changed => "flash-policy-changed",
            PolicyNews::InUse => "flash-strength-in-use",
        }
    }
}

/// Who did something, and when.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The name, or what stands for it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A row of PO-1.
#[derive(Clone, Debug)]
pub struct MethodRow {
    /// The part's code.
    pub code: &'static str,
    /// Where it is edited.
    pub path: String,
    /// Off, on, on for whom.
    pub state: String,
    /// Its terms in a few words.
    pub terms: String,
    /// Its last change; the configuration's has none.
    pub changed: Option<Deed>,
    /// The draft says otherwise.
    pub drafted: bool,
}

impl MethodRow {
    fn key(&self) -> String {
        format!("policy-part-{}", self.code)
    }
}

/// A version that is not in force yet.
#[derive(Clone, Debug)]
pub struct Pending {
    /// Its number.
    pub number: i64,
    /// From when it will be.
    pub effective: Timestamp,
}

/// PO-1.
#[derive(Template)]
#[template(path = "console/policy/list.html")]
pub struct PolicyList {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The number of the version in force; zero is the configuration's.
    pub number: i64,
    /// Who applied it.
    pub applied: Option<Deed>,
    /// Until when it can be undone.
    pub undo: Option<Timestamp>,
    /// Versions that wait for their date.
    pub pending: Vec<Pending>,
    /// When the reader's draft was saved.
    pub draft: Option<Timestamp>,
    /// The parts.
    pub rows: Vec<MethodRow>,
    /// Whether the reader may change anything.
    pub may_edit: bool,
    /// An undoing was not confirmed.
    pub unconfirmed: bool,
}

impl PolicyList {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("policy-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.unconfirmed
    }

    fn messages(&self) -> Html {
        crate::pages::Ceremony::Get.block(self.shell.text, &self.shell.reference)
    }
}

/// A profile in the list of the part about passkeys.
#[derive(Clone, Debug)]
pub struct ProfileLine {
    /// Where it stands.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// For whom, in words.
    pub state: String,
}

/// PO-2: a part, or a profile of it.
#[derive(Template)]
#[template(path = "console/policy/edit.html")]
pub struct PolicyEdit {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The `<h1>`.
    pub title: String,
    /// What it is about.
    pub lead: String,
    /// Where the form goes.
    pub action: String,
    /// The fields.
    pub controls: Vec<Control>,
    /// The profiles, on the page about passkeys.
    pub profiles: Option<Vec<ProfileLine>>,
    /// Where a profile is removed.
    pub remove: Option<String>,
    /// Names of models to choose from.
    pub models: Vec<String>,
    /// Why the document refuses it as a whole.
    pub refusal: Option<String>,
    /// Where it leads back.
    pub back: &'static str,
    /// Whether the reader may change anything.
    pub may_edit: bool,
}

impl PolicyEdit {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.title.clone()
    }

    fn failed(&self) -> bool {
        self.refusal.is_some() || problems(&self.controls) > 0
    }

    fn wrong(&self) -> i64 {
        i64::try_from(problems(&self.controls)).unwrap_or(i64::MAX)
    }
}

/// The place in a document at which it is refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Why.
    pub sentence: String,
    /// The line, from 1, and what it says.
    pub line: Option<(usize, String)>,
}

impl Refused {
    /// What is said of a refusal of `document`.
    pub fn new(text: Text, document: &str, refusal: &DocumentRefusal) -> Self {
        let number = match refusal {
            DocumentRefusal::Syntax { line, .. } => Some(*line),
            other => other.key().and_then(|key| line_of(document, key)),
        };
        let quoted = |number: usize| Some((number, document.lines().nth(number.checked_sub(1)?)?.to_owned()));
        Self { sentence: refused(text, refusal), line: number.and_then(quoted) }
    }
}

/// The sentence about a refusal.
pub fn refused(text: Text, refusal: &DocumentRefusal) -> String {
    let key = format!("policy-{}", refusal.code().replace('_', "-"));
    let name = match refusal {
        DocumentRefusal::UnknownGroup { name, .. }
        | DocumentRefusal::UnknownStrength { name, .. }
        | DocumentRefusal::NameTaken { name, .. } => name.clone(),
        // The parser's own words, for whoever writes documents.
        DocumentRefusal::Syntax { message, .. } => message.clone(),
        _ => String::new(),
    };
    text.say(&key).with("key", refusal.key().unwrap_or_default()).with("name", name).to_string()
}

/// The line at which a document most likely says that key: the last part of it before an equals sign, or in brackets.
fn line_of(document: &str, key: &str) -> Option<usize> {
    let last = key.rsplit('.').next()?.split('[').next()?;
    let says = |line: &str| {
        let line = line.trim();
        let named = line.split('=').next().unwrap_or_default().trim().rsplit('.').next() == Some(last);
        named && line.contains('=') || line.trim_matches(['[', ']']).rsplit('.').next() == Some(last)
    };
    document.lines().position(says).map(|place| place.saturating_add(1))
}

/// The policy as text.
#[derive(Template)]
#[template(path = "console/policy/text.html")]
pub struct PolicyText {
    /// The frame.
    pub shell: Shell,
    /// The sections.
    pub nav: Nav,
    /// The document.
    pub document: String,
    /// Why it is none.
    pub refused: Option<Refused>,
    /// Whether the reader may change anything.
    pub may_edit: bool,
}

impl PolicyText {
    /// The `<h1>`.
    pub fn heading(&self) -> String {
        self.shell.say("policy-text-heading").to_string()
    }

    fn failed(&self) -> bool {
        self.refused.is_some()
    }
}

/// For whom something holds, in words.
pub(crate) fn audience(text: Text, audience: &Audience, groups: &Groups) -> String {
    let names = |ids: &[account::group::GroupId]| groups.named(ids).join(", ");
    match audience {
        Audience::Nobody => text.say("policy-state-off").to_string(),
        Audience::Everybody { except } if except.is_empty() => text.say("policy-state-on").to_string(),
        Audience::Everybody { except } => {
            text.say("policy-state-on-except").with("except", names(except)).to_string()
        }
        Audience::Groups { of, except } if except.is_empty() => {
            text.say("policy-state-groups").with("groups", names(of)).to_string()
        }
        Audience::Groups { of, except } => text
            .say("policy-state-groups-except")
            .with("groups", names(of))
            .with("except", names(except))
            .to_string(),
    }
}

/// The state of a part and its terms, in words.
pub(crate) fn summary(text: Text, part: Part, policy: &Policy, groups: &Groups) -> (String, String) {
    let state = |who: &Audience| audience(text, who, groups);
    let on = |on: bool| text.say(if on { "policy-state-on" } else { "policy-state-off" }).to_string();
    let nothing = String::new();
    match part {
        Part::Passkeys => {
            let profiles = policy.passkeys.terms.profiles.iter().map(|profile| profile.name.as_str());
            let names = profiles.collect::<Vec<_>>().join(", ");
            let terms = text.say("policy-terms-passkeys").with("profiles", names).to_string();
            (state(&policy.passkeys.audience), terms)
        }
        Part::Passes => {
            let terms = &policy.passes.terms;
            let said = text
                .say("policy-terms-passes")
                .with("shortest", span(text, terms.shortest))
                .with("longest", span(text, terms.longest))
                .count("length", &i64::from(terms.length));
            (state(&policy.passes.audience), said.to_string())
        }
        Part::Passwords => {
            let shortest = i64::from(policy.passwords.terms.shortest);
            let terms = text.say("policy-terms-passwords").count("length", &shortest).to_string();
            (state(&policy.passwords.audience), terms)
        }
        Part::Codes => (state(&policy.codes), nothing),
        Part::RecoveryCodes => (state(&policy.recovery_codes), nothing),
        Part::Phones => {
            let phones = &policy.phones;
            let terms = text
                .say("policy-terms-phones")
                .count("android", &i64::from(phones.android))
                .count("ios", &i64::from(phones.ios));
            (on(phones.link || phones.number || phones.hybrid), terms.to_string())
        }
        Part::Campaign => {
            let days = policy.interrupt.terms.postponable.secs() / 86_400;
            let terms = text.say("policy-terms-campaign").count("days", &days).to_string();
            (state(&policy.interrupt.audience), terms)
        }
        Part::Passwordless => {
            let forced = policy.passwordless.forced_from.as_ref();
            let terms = forced.map(|from| text.say("policy-terms-passwordless").on("from", from).to_string());
            (on(policy.passwordless.offered), terms.unwrap_or_default())
        }
        Part::Requirements => {
            let console = needed(text, &policy.require.console.to_string());
            (on(true), text.say("policy-terms-requirements").with("strength", console).to_string())
        }
        Part::Strengths => {
            let own = i64::try_from(policy.strengths.len()).unwrap_or(i64::MAX);
            (text.say("policy-terms-strengths").count("count", &own).to_string(), nothing)
        }
    }
}

/// What a place asks for, in words: built-in strengths have names in every language, the organisation's own have one.
pub(crate) fn needed(text: Text, name: &str) -> String {
    let built_in = name == "anything" || account::strength::Strength::parse(name).is_some();
    if built_in { text.say(&format!("strength-{name}")).to_string() } else { name.to_owned() }
}
