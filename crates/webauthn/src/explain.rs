//! Explains a recorded ceremony: what was checked, in the order of the specification, and why it was refused.
//!
//! A *case* is one JSON object with a client's answer and all that the relying party knew:
//!
//! ```json
//! {"id": 1, "kind": "registration",
//!  "rp": {"rpId": "example.org", "origins": ["https://example.org"], "now": "2026-11-22T12:00:00Z"},
//!  "options": {"challenge": "AAEC…", "userVerification": "required"},
//!  "response": {"id": "…", "rawId": "…", "type": "public-key", "response": {}, "clientExtensionResults": {}}}
//! ```
//!
//! [`case`] hands the answer to [`registration::finish`] or [`authentication::finish`] and decides nothing by
//! itself. What it adds is words: which value was found where another was expected, and what to do about it.
//! Values of the case are repeated only in part and never with characters that steer a terminal.

use primitives::time::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{authentication, registration};

mod case;
mod facts;
mod findings;
mod judge;
mod lines;
mod members;
mod reasons;
mod shown;
mod steps;
mod topics;

pub use lines::answer_lines;
pub use reasons::{REASONS, Reason};
pub use steps::{Step, StepState};

/// Longest case that is looked at, in bytes.
pub const LONGEST: usize = 1024 * 1024;

/// Which ceremony a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Section 7.1.
    Registration,
    /// Section 7.2.
    Authentication,
}

impl Kind {
    /// The word in a case.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Registration => "registration",
            Kind::Authentication => "authentication",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Kind::Registration, Kind::Authentication].into_iter().find(|kind| kind.word() == word)
    }

    /// The section of WebAuthn Level 3 with the ceremony's steps.
    pub fn section(self) -> &'static str {
        match self {
            Kind::Registration => "7.1",
            Kind::Authentication => "7.2",
        }
    }
}

/// A case, explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The case's id as JSON, a text or a number; `None` if there is none that can be repeated.
    pub id: Option<String>,
    /// Which ceremony it was, if the case says so.
    pub kind: Option<Kind>,
    /// Whether the ceremony is accepted.
    pub accepted: bool,
    /// `ok`, or the rule that was broken: one of [`REASONS`].
    pub reason: &'static str,
    /// The number of the step that the rule belongs to; `None` for `ok` and for a case that cannot be judged.
    pub step: Option<u8>,
    /// What was found, in one sentence.
    pub finding: String,
    /// What to do about it, in one sentence; empty for `ok`.
    pub remedy: &'static str,
    /// Every step of the section in order; empty if the case does not say which ceremony it was.
    pub steps: Vec<Step>,
}

/// Explains the case in `text`; `now` is for a case that does not say when it was.
pub fn case(text: &str, now: Timestamp) -> Explained {
    if text.len() > LONGEST {
        return Explained::too_long(text.as_bytes());
    }
    // A file may begin with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    let frame = case::Frame::read(text);
    match frame.case(now) {
        Ok(case) => judge::explain(&case).with_id(frame.id),
        Err(fault) => Explained::unjudged(frame.id, frame.kind, fault),
    }
}

/// The same for a case as it was read; what is not UTF-8 is malformed.
pub fn case_in(bytes: &[u8], now: Timestamp) -> Explained {
    match std::str::from_utf8(bytes) {
        _ if bytes.len() > LONGEST => Explained::too_long(bytes),
        Ok(text) => case(text, now),
        Err(_) => Explained::unread(bytes, Fault::malformed("The case is not UTF-8.")),
    }
}

impl Explained {
    /// Of what cannot be judged: the case itself is broken.
    fn unjudged(id: Option<String>, kind: Option<Kind>, fault: Fault) -> Self {
        let steps = kind.map(steps::unreached).unwrap_or_default();
        let Fault { reason, finding } = fault;
        // Here it is the case that has to be mended, not the ceremony.
        let remedy = match reason {
            "malformed" => "Mend the case: docs/admin/explain.md says what belongs in one.",
            _ => "Shorten the case: no real ceremony needs as much.",
        };
        Self { id, kind, accepted: false, reason, step: None, finding, remedy, steps }
    }

    /// Of a case that begins with `bytes`.
    fn too_long(bytes: &[u8]) -> Self {
        let finding = format!("The case is longer than {LONGEST} bytes and was not read.");
        Self::unread(bytes, Fault { reason: "resource_limit", finding })
    }

    /// Of bytes that are not read as a case. Who sent many wants to know which one: the id and the kind are told if
    /// they stand before what is wrong.
    fn unread(bytes: &[u8], fault: Fault) -> Self {
        let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
        let text = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
        let frame = case::Frame::read(text.trim_start_matches('\u{feff}'));
        Self::unjudged(frame.id, frame.kind, fault)
    }

    fn with_id(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// What was found and what to do about it, in one or two sentences.
    pub fn explanation(&self) -> String {
        if self.remedy.is_empty() {
            self.finding.clone()
        } else {
            format!("{} {}", self.finding, self.remedy)
        }
    }

    /// Section and number of the step, such as `7.1.9`.
    pub fn place(&self) -> Option<String> {
        let (kind, step) = (self.kind?, self.step?);
        Some(format!("{}.{step}", kind.section()))
    }

    /// `accept` or `reject`.
    pub fn verdict(&self) -> &'static str {
        if self.accepted { "accept" } else { "reject" }
    }

    /// `{"id","verdict","reason","step","explanation"}`: one line of ASCII, without its end.
    pub fn line(&self) -> String {
        self.json(None)
    }

    /// The same with `kind`, `remedy` and `steps`.
    pub fn full_json(&self) -> String {
        let steps = self.steps.iter().map(|step| FullStep {
            number: step.number,
            title: step.title,
            state: step.state.word(),
            detail: step.detail.as_deref(),
        });
        let kind = self.kind.map(Kind::word);
        self.json(Some(Full { kind, remedy: self.remedy, steps: steps.collect() }))
    }

    fn json(&self, full: Option<Full<'_>>) -> String {
        let id: Option<&RawValue> = self.id.as_deref().and_then(|id| serde_json::from_str(id).ok());
        let line = Line {
            id,
            verdict: self.verdict(),
            reason: self.reason,
            step: self.place(),
            explanation: self.explanation(),
            full,
        };
        // Texts, numbers and lists of them: nothing here that JSON cannot say.
        shown::ascii_json(&serde_json::to_string(&line).unwrap_or_default())
    }
}

/// The members in the order in which they are promised.
#[derive(Serialize)]
struct Line<'a> {
    id: Option<&'a RawValue>,
    verdict: &'static str,
    reason: &'static str,
    step: Option<String>,
    explanation: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    full: Option<Full<'a>>,
}

#[derive(Serialize)]
struct Full<'a> {
    kind: Option<&'static str>,
    remedy: &'static str,
    steps: Vec<FullStep<'a>>,
}

#[derive(Serialize)]
struct FullStep<'a> {
    number: u8,
    title: &'static str,
    state: &'static str,
    detail: Option<&'a str>,
}

/// What is wrong with a case itself.
#[derive(Clone)]
struct Fault {
    reason: &'static str,
    finding: String,
}

impl Fault {
    fn malformed(finding: impl Into<String>) -> Self {
        Self { reason: "malformed", finding: finding.into() }
    }
}

#[cfg(test)]
mod tests;
