//! Keyward's own verdicts, from the library function that `keyward explain` prints.

use primitives::time::Timestamp;

/// The line that `keyward explain --ndjson` prints for a case.
pub(crate) fn answer(line: &str) -> String {
    webauthn::explain::case(line, now()).line()
}

/// When the cases are that do not say it themselves: 2026-11-22T12:00:00Z.
fn now() -> Timestamp {
    Timestamp::from_secs(1_795_348_800)
}
