//! The database's clock with a floor that never goes back (DESIGN 5a.5).
//!
//! Expiry of one-time secrets is judged by this clock: the database's own (one clock for all nodes), raised to the
//! latest time that this deployment has ever seen. The floor is written to the table `time_floor` about once a
//! second, so it survives restarts and failovers. While the floor is ahead of the database's clock it moves at half
//! the speed of the monotonic clock: time does not stand still after a jump ahead, and the two meet again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use primitives::time::{Span, Timestamp};

/// How much newer than the stored floor the time must be before the floor is stored again.
const STORE_AFTER_MICROS: i64 = 1_000_000;

/// The floor of one open database.
#[derive(Debug)]
pub(super) struct Clock {
    latest: Mutex<Latest>,
    stored: AtomicI64,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    micros: i64,
    /// What the database's own clock said last.
    database: Option<i64>,
    read: Instant,
    pinned: Option<i64>,
}

impl Clock {
    pub(super) fn new() -> Self {
        let latest = Latest { micros: 0, database: None, read: Instant::now(), pinned: None };
        // Nothing is stored before `start`: the table may not exist yet.
        Self { latest: Mutex::new(latest), stored: AtomicI64::new(i64::MAX) }
    }

    /// Takes over the stored floor and from now on asks for it to be stored.
    pub(super) fn start(&self, floor: i64) {
        self.raise(floor);
        self.stored.store(floor, Ordering::Relaxed);
    }

    /// Another node has stored this floor.
    pub(super) fn raise(&self, floor: i64) {
        let mut latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = latest.now(0);
        if floor > now {
            *latest = Latest { micros: floor, read: Instant::now(), ..*latest };
        }
    }

    /// For tests: from here on the database's clock says `now`, or its own time again. The first pin forgets the
    /// floor, so that a test can live at any time; later pins are held to it.
    pub(super) fn pin(&self, now: Option<Timestamp>) {
        let mut latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if latest.pinned.is_none() && now.is_some() {
            latest.micros = 0;
        }
        latest.pinned = now.map(Timestamp::micros);
    }

    /// The time, given what the database's own clock says.
    pub(super) fn read(&self, database: i64) -> Timestamp {
        let mut latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = latest.now(database);
        // Whoever has not asked the database gives the smallest time there is.
        let asked = latest.pinned.or_else(|| (database > i64::MIN).then_some(database)).or(latest.database);
        *latest = Latest { micros: now, database: asked, read: Instant::now(), ..*latest };
        Timestamp::from_micros(now)
    }

    /// How far the floor was ahead of the database's own clock when that was read last: by so much it went back.
    pub(super) fn behind(&self) -> Span {
        let latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let behind = latest.database.map_or(0, |database| latest.micros.saturating_sub(database));
        Span::from_micros(behind.max(0))
    }

    /// The operator vouches for the database's clock: the floor is forgotten.
    pub(super) fn reset(&self, database: i64) {
        let mut latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *latest = Latest { micros: database, database: Some(database), read: Instant::now(), ..*latest };
        self.stored.store(database, Ordering::Relaxed);
    }

    /// The floor to store, if it has moved enough since the last time.
    pub(super) fn to_store(&self) -> Option<i64> {
        let latest = self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner).micros;
        let due = latest.checked_sub(self.stored.load(Ordering::Relaxed))? >= STORE_AFTER_MICROS;
        due.then_some(latest)
    }

    /// The floor was stored.
    pub(super) fn has_stored(&self, floor: i64) {
        self.stored.fetch_max(floor, Ordering::Relaxed);
    }
}

impl Latest {
    fn now(&self, database: i64) -> i64 {
        if let Some(pinned) = self.pinned {
            return pinned.max(self.micros);
        }
        let elapsed = i64::try_from(self.read.elapsed().as_micros()).unwrap_or(i64::MAX);
        database.max(self.micros.saturating_add(elapsed.div_euclid(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_goes_back_and_never_stands_still() {
        let clock = Clock::new();
        clock.start(5_000_000);
        assert!(clock.read(1).micros() >= 5_000_000);
        let ahead = clock.read(90_000_000);
        assert!(ahead.micros() >= 90_000_000);
        let first = clock.read(1);
        let mut later = clock.read(1);
        while later == first {
            later = clock.read(1);
        }
        assert!(first >= ahead && later > first);
    }

    #[test]
    fn asks_to_be_stored_once_a_second_and_only_after_the_start() {
        let clock = Clock::new();
        clock.pin(Some(Timestamp::from_micros(10_000_000)));
        clock.read(0);
        assert_eq!(clock.to_store(), None);
        clock.start(0);
        clock.read(0);
        assert_eq!(clock.to_store(), Some(10_000_000));
        clock.has_stored(10_000_000);
        assert_eq!(clock.to_store(), None);
        clock.pin(Some(Timestamp::from_micros(10_900_000)));
        clock.read(0);
        assert_eq!(clock.to_store(), None);
        clock.pin(Some(Timestamp::from_micros(11_000_000)));
        clock.read(0);
        assert_eq!(clock.to_store(), Some(11_000_000));
    }
}
