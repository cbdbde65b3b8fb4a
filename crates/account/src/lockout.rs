//! How many guesses a name gets, whether it is known or not.

use primitives::time::{Span, Timestamp};

use crate::session::SKEW;

/// Guesses that a name gets within one window.
pub const GUESSES: u32 = 10;

/// How long a window lasts from its first guess.
pub const WINDOW: Span = Span::from_minutes(15);

/// The guesses counted for one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When the current window began.
    pub since: Timestamp,
    /// Guesses since then.
    pub count: u32,
}

/// What becomes of one more guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be checked, once this bucket is stored.
    Counted(Bucket),
    /// It is not checked.
    Refused {
        /// When the next one will be.
        until: Timestamp,
    },
}

/// Counts one more guess at `now` against what is stored for the name.
pub fn count(stored: Option<Bucket>, now: Timestamp) -> Verdict {
    count_up_to(GUESSES, stored, now)
}

/// The same, where `most` guesses are let through within one window.
pub fn count_up_to(most: u32, stored: Option<Bucket>, now: Timestamp) -> Verdict {
    // Guesses counted in the future were counted by a clock that was wrong, and must not lock anybody out until then.
    let counts = |bucket: &Bucket| now < bucket.since + WINDOW && bucket.since <= now + SKEW;
    match stored.filter(counts) {
        None => Verdict::Counted(Bucket { since: now, count: 1 }),
        Some(bucket) if bucket.count >= most => Verdict::Refused { until: bucket.since + WINDOW },
        Some(bucket) => {
            Verdict::Counted(Bucket { since: bucket.since, count: bucket.count.saturating_add(1) })
        }
    }
}

#[cfg(test)]
mod tests;
