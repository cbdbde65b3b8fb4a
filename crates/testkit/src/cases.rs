//! Cases for `keyward explain`: valid ceremonies by our authenticator, and for every reason some with one change.
//!
//! Seeds decide everything but ECDSA's nonces, so two runs differ in signatures only.

use serde_json::Value;

pub mod attested;
pub mod authentication;
pub mod frame;
mod keys;
pub mod parts;
pub mod registration;

/// A case with the reason that it must get.
#[derive(Clone, Debug)]
pub struct Case {
    /// What was changed; also the case's id.
    pub name: String,
    /// `ok`, or the reason of the refusal.
    pub expected: &'static str,
    /// The JSON object, one line.
    pub line: String,
}

impl Case {
    /// From the parts of a case; the name becomes its id.
    pub fn new(name: impl Into<String>, expected: &'static str, mut json: Value) -> Self {
        let name = name.into();
        json["id"] = name.as_str().into();
        Self { line: json.to_string(), name, expected }
    }

    /// The line with the member `expected` in front.
    pub fn with_expected(&self) -> String {
        let rest = self.line.strip_prefix('{').unwrap_or(&self.line);
        format!("{{\"expected\":\"{}\",{rest}", self.expected)
    }
}

/// All of them, each name once.
pub fn all() -> Vec<Case> {
    [
        registration::valid(),
        registration::changed(),
        attested::valid(),
        attested::changed(),
        authentication::valid(),
        authentication::changed(),
        frame::changed(),
    ]
    .concat()
}
