//! Refusals are audited, but a flood of them must not fill the disk.

use std::sync::Mutex;

use primitives::time::{Span, Timestamp};

/// Refusals of callers who are not signed in that are written within one window, for the whole process.
const MOST: u32 = 120;

/// How long a window lasts.
const WINDOW: Span = Span::from_minutes(1);

/// Decides which refusals become rows: at most 120 a minute in one process. The rest are in the log and the
/// metrics only.
///
/// This bounds the disk (120 rows of about half a KiB a minute are some 90 MB a day at the very worst) and keeps the writer
/// free for those who are let in. It is memory of one process on purpose: nothing is decided by it, so
/// nothing is lost with it. Whatever changes state is always a row.
#[derive(Debug, Default)]
pub struct RefusalGate(Mutex<Window>);

#[derive(Debug)]
struct Window {
    since: Timestamp,
    written: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { since: Timestamp::EPOCH, written: 0 }
    }
}

impl RefusalGate {
    /// Whether one more refusal is written.
    pub fn admits(&self, now: Timestamp) -> bool {
        // A poisoned lock only means that another thread panicked between two additions.
        let mut window = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if now.since(window.since) >= WINDOW {
            *window = Window { since: now, written: 0 };
        }
        window.written = window.written.saturating_add(1);
        window.written <= MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_off_and_the_next_minute_is_heard_again() {
        let gate = RefusalGate::default();
        let now = Timestamp::from_secs(1_800_000_000);
        let written = (0..1_000).filter(|_| gate.admits(now)).count();
        assert_eq!(written, 120);
        assert!(!gate.admits(now + Span::from_secs(59)));
        assert!(gate.admits(now + Span::from_secs(60)));
    }
}
