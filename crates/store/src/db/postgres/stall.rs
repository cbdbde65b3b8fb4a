//! Whether the workers get anywhere: what is sent to a server that stands still would only wait with the rest.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// As many jobs wait as there are workers and none has ended for so long: the server stands still. A running one ends
/// hundreds a second. With fewer a worker is free, and what is sent shall try: a single slow job is no standstill.
const STALL_MICROS: u64 = 2_000_000;
/// Jobs that keep every worker busy.
pub(super) const BUSY: u64 = 8;

/// What the workers have got done.
#[derive(Debug)]
pub(super) struct Progress {
    origin: Instant,
    waiting: AtomicU64,
    /// When a job ended last, or the first of those that wait was sent; microseconds after `origin`.
    latest: AtomicU64,
}

impl Default for Progress {
    fn default() -> Self {
        Self { origin: Instant::now(), waiting: AtomicU64::new(0), latest: AtomicU64::new(0) }
    }
}

impl Progress {
    fn now(&self) -> u64 {
        u64::try_from(self.origin.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A job is sent.
    pub(super) fn began(&self) {
        let now = self.now();
        if self.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            self.latest.fetch_max(now, Ordering::Relaxed);
        }
    }

    /// A job has ended, in whatever way.
    pub(super) fn ended(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.latest.fetch_max(self.now(), Ordering::Relaxed);
    }

    /// Whether every worker has a job and none has ended for two seconds.
    pub(super) fn is_stalled(&self) -> bool {
        self.is_stalled_at(self.now())
    }

    fn is_stalled_at(&self, now: u64) -> bool {
        self.waiting.load(Ordering::Relaxed) >= BUSY
            && now.saturating_sub(self.latest.load(Ordering::Relaxed)) > STALL_MICROS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_only_while_jobs_wait_and_none_ends() {
        let progress = Progress::default();
        let later = |progress: &Progress| progress.now() + STALL_MICROS + 1;
        assert!(!progress.is_stalled_at(later(&progress)), "nothing waits");
        (1..BUSY).for_each(|_| progress.began());
        assert!(!progress.is_stalled_at(later(&progress)), "a worker is free");
        progress.began();
        progress.began();
        assert!(!progress.is_stalled());
        assert!(progress.is_stalled_at(later(&progress)));
        progress.ended();
        assert!(!progress.is_stalled(), "one has ended just now");
        assert!(progress.is_stalled_at(later(&progress)), "the others still wait");
        progress.ended();
        assert!(!progress.is_stalled_at(later(&progress)));
    }
}
