//! `keyward explain`: every case of `testkit::cases` gets its reason, hostile input gets an answer in little
//! time and memory, and the administrator's guide says what the code says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests end the test as the tests do"
)]

#[path = "explain/guide.rs"]
mod guide;
#[path = "explain/hostile.rs"]
mod hostile;
#[path = "explain/reasons.rs"]
mod reasons;
#[path = "explain/recorded.rs"]
mod recorded;
#[path = "explain/vectors.rs"]
mod vectors;

use std::sync::LazyLock;

use primitives::time::Timestamp;
use serde_json::Value;
use testkit::cases::{self, Case};
use webauthn::explain;

/// Made once: RSA keys take their time.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases::all);

/// Long after anything that a case says by itself.
fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-22T12:00:00Z").unwrap()
}

/// The answers to `input`, as `keyward explain --ndjson` gives them.
fn answers(input: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    explain::answer_lines(input, &mut output, now()).unwrap();
    let text = String::from_utf8(output).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
