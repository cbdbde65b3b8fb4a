//! How many newcomers are let in a second: as many as there turn out to be places for.
//!
//! Every tenth of a second the pace is looked at. Were all places taken at some moment of it, or did requests stay inside
//! for too long, fewer are let in, and much fewer if there were twice as many as places; else more. So it settles a little
//! below what can be done and follows it up and down, as congestion control does in networks. Without pressure there is no
//! limit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// What an unlimited pace is called; far beyond any server.
const UNLIMITED: f64 = 1e6;
/// The pace never falls below so many a second: some must come in for anything to be learnt, and so few harm nobody.
const LEAST: f64 = 50.0;
/// Newcomers that come at the same moment are let in together if the pace has room for them within this time.
const TOGETHER: f64 = 0.1;
/// So few at the same moment are never too many: somebody who waited in vain for a database stayed long without any load.
const AT_LEAST_TOGETHER: f64 = 32.0;
/// Requests stay inside for so long at most, on average: a sign-in has three.
const STAY: Duration = Duration::from_millis(100);

/// The pace.
#[derive(Debug)]
pub(super) struct Pace {
    places: usize,
    /// Microseconds that requests have stayed inside since the last look, and how many requests.
    stayed: AtomicU64,
    left: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Newcomers a second.
    rate: f64,
    /// Newcomers that may come in now.
    room: f64,
    filled: Instant,
    looked: Instant,
    /// The most that were inside since the last look.
    most: usize,
    /// The most newcomers a second that were let in, lately.
    peak: f64,
    /// Newcomers let in since the last look.
    admitted: u32,
}

impl Pace {
    /// Without limit, until `places` are taken.
    pub(super) fn new(places: usize) -> Self {
        let now = Instant::now();
        let state = State {
            rate: UNLIMITED,
            room: UNLIMITED,
            peak: 0.0,
            filled: now,
            looked: now,
            most: 0,
            admitted: 0,
        };
        Self { places, stayed: AtomicU64::new(0), left: AtomicU64::new(0), state: Mutex::new(state) }
    }

    /// A request has left after so long.
    pub(super) fn leave(&self, stayed: Duration) {
        self.stayed.fetch_add(u64::try_from(stayed.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.left.fetch_add(1, Ordering::Relaxed);
    }

    /// How long those stayed on average that left since the last look.
    fn stay(&self) -> Duration {
        let (stayed, left) = (self.stayed.swap(0, Ordering::Relaxed), self.left.swap(0, Ordering::Relaxed));
        Duration::from_micros(stayed.checked_div(left).unwrap_or(0))
    }

    /// Whether one more newcomer comes in, while so many are inside.
    pub(super) fn admit(&self, inside: usize, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.most = state.most.max(inside);
        if now.saturating_duration_since(state.looked) >= LOOK {
            state.look(self.places, self.stay(), now);
        }
        let passed = now.saturating_duration_since(state.filled).as_secs_f64();
        state.filled = now;
        state.room = (state.room + passed * state.rate).min((state.rate * TOGETHER).max(AT_LEAST_TOGETHER));
        if state.room < 1.0 || inside >= self.places {
            return false;
        }
        state.room -= 1.0;
        state.admitted = state.admitted.saturating_add(1);
        true
    }
}

impl State {
    fn look(&mut self, places: usize, stay: Duration, now: Instant) {
        let length = now.saturating_duration_since(self.looked).as_secs_f64();
        let admitted = f64::from(self.admitted) / length;
        // A pace that nobody used says nothing; what was let in within the last seconds does.
        self.peak = admitted.max(self.peak * 0.98);
        let used = self.rate.min(self.peak);
        self.rate = if self.most >= places.saturating_mul(2) || stay > 3 * STAY {
            used * 0.85
        } else if self.most >= places || stay > STAY {
            used * 0.95
        } else {
            self.rate * 1.05 + 5.0
        };
        self.rate = self.rate.clamp(LEAST, UNLIMITED);
        self.looked = now;
        self.most = 0;
        self.admitted = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcomers let in within a second of a thousand that ask, while so many are inside.
    fn second(pace: &Pace, start: Instant, inside: usize) -> usize {
        let asks = (0..1000_u32).map(|number| start + Duration::from_millis(1) * number);
        asks.filter(|now| pace.admit(inside, *now)).count()
    }

    #[test]
    fn without_pressure_everybody_comes_in() {
        let pace = Pace::new(8);
        assert_eq!(second(&pace, Instant::now(), 7), 1000);
    }

    #[test]
    fn a_pace_that_takes_all_places_slows_down_and_recovers() {
        let pace = Pace::new(8);
        let start = Instant::now();
        // What comes in every tenth of a second fills the places for a moment.
        let mut let_in = 0;
        for number in 0..2000_u32 {
            let now = start + Duration::from_millis(1) * number;
            let inside = if number % 100 == 99 { 16 } else { 4 };
            let_in += usize::from(pace.admit(inside, now));
        }
        assert!(let_in < 900, "{let_in} of 2000");
        let slowed = second(&pace, start + Duration::from_secs(2), 4);
        let later = second(&pace, start + Duration::from_secs(9), 4);
        assert!(slowed < later, "{slowed}, later {later}");
    }

    #[test]
    fn a_pace_at_which_requests_stay_too_long_slows_down() {
        let (pace, quick) = (Pace::new(1000), Pace::new(1000));
        let start = Instant::now();
        let (mut slow_in, mut quick_in) = (0, 0);
        for number in 0..2000_u32 {
            let now = start + Duration::from_millis(1) * number;
            pace.leave(Duration::from_millis(200));
            quick.leave(Duration::from_millis(99));
            slow_in += usize::from(pace.admit(4, now));
            quick_in += usize::from(quick.admit(4, now));
        }
        assert!(slow_in < 1500, "{slow_in} of 2000");
        assert_eq!(quick_in, 2000);
    }

    #[test]
    fn somebody_always_comes_in() {
        let pace = Pace::new(8);
        let start = Instant::now();
        for number in 0..100_000_u32 {
            pace.admit(16, start + Duration::from_millis(1) * number);
        }
        let later = start + Duration::from_secs(101);
        assert!((0..32).all(|_| pace.admit(0, later)), "so few come in together");
        assert!(second(&pace, later, 0) >= 40);
    }
}
