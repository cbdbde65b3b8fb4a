//! Refusals are audited, but a flood of them must not fill the disk.

use std::sync::Mutex;

use primitives::time::{Span, Timestamp};

/// Refusals of callers who are not signed in that are written within one window, for the whole process.
const MOST: u32 = 120;

/// How long a window lasts.
const WINDOW: Span = Span::from_minutes(1);

/// Decides which refusals become rows: at most 120 a minute in one process. The rest are in the log and the
/// metrics only, and one event says that there was a rest.
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

/// What becomes of one more refusal in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// It is written.
    Written,
    /// It is the first that is not; that others follow unwritten is.
    FirstLeftOut,
    /// It is not.
    LeftOut,
}

impl RefusalGate {
    /// What becomes of one more refusal at `now`.
    pub fn admit(&self, now: Timestamp) -> Admitted {
        // A poisoned lock only means that another thread panicked between two additions.
        let mut window = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A clock that was set back begins a window too, or it would keep silent until it has caught up.
        if now < window.since || now.since(window.since) >= WINDOW {
            *window = Window { since: now, written: 0 };
        }
        window.written = window.written.saturating_add(1);
        match window.written.checked_sub(MOST) {
            None | Some(0) => Admitted::Written,
            Some(1) => Admitted::FirstLeftOut,
            Some(_) => Admitted::LeftOut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_off_and_the_next_minute_is_heard_again() {
        let gate = RefusalGate::default();
        let now = Timestamp::from_secs(1_800_000_000);
        let admitted: Vec<Admitted> = (0..1_000).map(|_| gate.admit(now)).collect();
        assert!(admitted[..120].iter().all(|admitted| *admitted == Admitted::Written));
        assert_eq!(admitted[120], Admitted::FirstLeftOut);
        assert!(admitted[121..].iter().all(|admitted| *admitted == Admitted::LeftOut));
        assert_eq!(gate.admit(now + Span::from_secs(59)), Admitted::LeftOut);
        assert_eq!(gate.admit(now + Span::from_secs(60)), Admitted::Written);
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nothing() {
        let gate = RefusalGate::default();
        let now = Timestamp::from_secs(1_800_000_000);
        for _ in 0..200 {
            gate.admit(now);
        }
        assert_eq!(gate.admit(now - Span::from_hours(1)), Admitted::Written);
    }
}
