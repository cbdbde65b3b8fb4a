//! The table of known differences, `differences.toml`.

use serde::Deserialize;

use crate::wildcard;

/// Why an oracle says otherwise in some cases.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) oracle: String,
    pub(crate) kind: Kind,
    pub(crate) why: String,
    /// Our codes; `ok` where we accept.
    ours: Vec<String>,
    /// The oracle's errors with `*` for anything; `ok`, the default, where it accepts.
    #[serde(default = "accepted")]
    theirs: Vec<String>,
    /// The ids of the cases, with `*` for anything.
    #[serde(default = "anything")]
    cases: Vec<String>,
}

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// The oracle accepts: it leaves the rule to whoever calls it.
    Caller,
    /// The oracle accepts: it reads an encoding less strictly, and what it reads breaks no other rule.
    Lenient,
    /// The oracle accepts: it does not check the rule.
    Unchecked,
    /// The oracle accepts what we cannot do.
    More,
    /// The oracle refuses what it cannot do or cannot be told.
    Unsupported,
    /// The oracle refuses by a rule that we do not have.
    Stricter,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Caller => "left to the caller",
            Kind::Lenient => "read less strictly",
            Kind::Unchecked => "not checked",
            Kind::More => "able to do more",
            Kind::Unsupported => "not supported",
            Kind::Stricter => "stricter",
        }
    }

    /// Whether differences of this kind are ceremonies that the oracle accepts.
    fn accepts(self) -> bool {
        matches!(self, Kind::Caller | Kind::Lenient | Kind::Unchecked | Kind::More)
    }
}

fn accepted() -> Vec<String> {
    vec!["ok".to_owned()]
}

fn anything() -> Vec<String> {
    vec!["*".to_owned()]
}

impl Reason {
    /// Whether it is the reason of this difference.
    pub(crate) fn explains(&self, oracle: &str, case: &str, ours: &str, theirs: &str) -> bool {
        let any =
            |patterns: &[String], text: &str| patterns.iter().any(|pattern| wildcard::matches(pattern, text));
        self.oracle == oracle
            && any(&self.ours, ours)
            && any(&self.theirs, theirs)
            && any(&self.cases, case)
            && self.kind.accepts() == (theirs == "ok")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    difference: Vec<Reason>,
}

/// Reads the table.
pub(crate) fn parse(text: &str) -> Result<Vec<Reason>, String> {
    let table: Table = toml::from_str(text).map_err(|error| format!("the table of differences: {error}"))?;
    Ok(table.difference)
}
