//! Cases and verdicts, as far as comparing needs them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

/// What a case's maker says must come out.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    /// A text or a number.
    pub(crate) id: Value,
    /// `ok` or our code.
    pub(crate) expected: String,
}

impl Case {
    /// The id as text.
    pub(crate) fn name(&self) -> String {
        name(&self.id)
    }

    /// Whether it must be refused.
    pub(crate) fn is_hostile(&self) -> bool {
        self.expected != "ok"
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Judgement {
    Accept,
    Reject,
}

/// A line of ours or of an oracle.
#[derive(Debug, Deserialize)]
pub(crate) struct Verdict {
    id: Value,
    pub(crate) verdict: Judgement,
    /// Our code.
    reason: Option<String>,
    /// An oracle's error.
    error: Option<String>,
}

impl Verdict {
    /// Our code or the oracle's error; `ok` for what was accepted.
    pub(crate) fn why(&self) -> &str {
        self.reason.as_deref().or(self.error.as_deref()).unwrap_or("ok")
    }
}

/// By case.
pub(crate) type Verdicts = BTreeMap<String, Verdict>;

/// Ids of cases that are broken as cases. What is wrong there is our own format, and no ceremony that could be
/// put to an oracle.
const BROKEN_CASES: &str = "frame/";

/// Reads the cases; an id may occur only once. Left out are [`BROKEN_CASES`], and lines that are no JSON objects
/// with an id.
pub(crate) fn cases(text: &str) -> Result<Vec<Case>, String> {
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    for case in text.lines().filter_map(|line| serde_json::from_str::<Case>(line).ok()) {
        if case.name().starts_with(BROKEN_CASES) {
            continue;
        }
        if !seen.insert(case.name()) {
            return Err(format!("two cases have the id {}", case.id));
        }
        out.push(case);
    }
    if out.is_empty() { Err("there are no cases".to_owned()) } else { Ok(out) }
}

/// Reads verdicts, one for each id.
pub(crate) fn verdicts(text: &str) -> Result<Verdicts, String> {
    let mut out = Verdicts::new();
    for (at, line) in text.lines().enumerate() {
        let verdict: Verdict =
            serde_json::from_str(line).map_err(|error| format!("verdict {}: {error}", at + 1))?;
        out.insert(name(&verdict.id), verdict);
    }
    Ok(out)
}

fn name(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}
