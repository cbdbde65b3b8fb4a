//! A bounded place for slow hashes: few at once, few waiting, the rest refused, and half of the time none.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// Nobody waits longer for their turn: more than fit into this time are refused.
const QUEUE_MICROS: u64 = 500_000;
/// What a hash is taken for until one was seen.
const FIRST_GUESS_MICROS: u64 = 50_000;
/// Whoever runs and whoever waits for each slot, however fast or slow the machine is.
const PLACES: std::ops::RangeInclusive<u64> = 3..=64;

/// Runs slow hashes on blocking threads.
#[derive(Clone, Debug)]
pub struct HashPool {
    running: Arc<Semaphore>,
    admitted: Arc<AtomicUsize>,
    /// What a hash takes, a moving average.
    typical_micros: Arc<AtomicU64>,
    at_once: usize,
    ran: Arc<AtomicU64>,
}

/// Too many hashes are waiting; nothing was tried. The person may try again shortly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Busy;

/// A place in the queue; gives itself back.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl HashPool {
    /// A pool that runs `at_once` hashes at the same time, at least one.
    pub fn new(at_once: usize) -> Self {
        let at_once = at_once.max(1);
        Self {
            running: Arc::new(Semaphore::new(at_once)),
            admitted: Arc::new(AtomicUsize::new(0)),
            typical_micros: Arc::new(AtomicU64::new(FIRST_GUESS_MICROS)),
            at_once,
            ran: Arc::new(AtomicU64::new(0)),
        }
    }

    /// How many it has run: whether a name is known must not show in it.
    pub fn ran(&self) -> u64 {
        self.ran.load(Ordering::Relaxed)
    }

    /// How many may run and wait: each takes its time and as long a rest.
    fn most(&self) -> usize {
        let turn = self.typical_micros.load(Ordering::Relaxed).saturating_mul(2).max(1);
        let places = QUEUE_MICROS.div_euclid(turn).clamp(*PLACES.start(), *PLACES.end());
        self.at_once.saturating_mul(usize::try_from(places).unwrap_or(usize::MAX))
    }

    fn learn(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let before = self.typical_micros.load(Ordering::Relaxed);
        let typical = before.saturating_mul(7).saturating_add(took).div_euclid(8);
        self.typical_micros.store(typical, Ordering::Relaxed);
    }

    /// Reserves a place. Whoever gets one will be served, so a try may be counted after this and before
    /// [`Admission::run`].
    pub fn admit(&self) -> Result<Admission, Busy> {
        let admitted = self.admitted.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(&self.admitted));
        if admitted >= self.most() { Err(Busy) } else { Ok(Admission { pool: self.clone(), _place: place }) }
    }
}

/// A place in the pool.
pub struct Admission {
    pool: HashPool,
    _place: Place,
}

impl Admission {
    /// Runs `work` on a blocking thread once its turn comes. `Busy` only when the runtime is shutting down.
    ///
    /// After it the slot rests for as long as the work took: a flood of guesses takes half of a slot's processor at
    /// most, and whoever signs in with a passkey keeps the rest.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let permit = Arc::clone(&self.pool.running).acquire_owned().await.map_err(|_| Busy)?;
        let ran = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            (work(), begun.elapsed(), permit)
        });
        let (done, took, permit) = ran.await.map_err(|_| Busy)?;
        self.pool.learn(took);
        self.pool.ran.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(async move {
            tokio::time::sleep(took).await;
            drop(permit);
        });
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_beyond_its_bound_and_takes_places_back() {
        let pool = HashPool::new(1);
        let mut places: Vec<Admission> = Vec::new();
        while let Ok(place) = pool.admit() {
            places.push(place);
        }
        assert_eq!(places.len(), 5);
        assert!(pool.admit().is_err());
        places.pop();
        assert!(pool.admit().is_ok());
    }

    #[test]
    fn as_many_wait_as_fit_into_half_a_second() {
        let pool = HashPool::new(2);
        for (millis, most) in [(17, 2 * 14), (100, 2 * 3), (1_000, 2 * 3), (0, 2 * 64)] {
            (0..100).for_each(|_| pool.learn(Duration::from_millis(millis)));
            assert_eq!(pool.most(), most, "hashes of {millis} ms");
        }
    }

    /// The most that ran at the same time of so many hashes on a pool of so many slots.
    async fn most_at_once(slots: usize, hashes: usize) -> usize {
        let pool = HashPool::new(slots);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let all_in = Arc::new(std::sync::Barrier::new(slots.min(hashes)));
        let running: Vec<_> = (0..hashes)
            .map(|_| {
                let (place, now) = (pool.admit().unwrap(), Arc::clone(&now));
                let (most, all_in) = (Arc::clone(&most), Arc::clone(&all_in));
                tokio::spawn(place.run(move || {
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // Ends only if as many run at once as there are slots.
                    all_in.wait();
                    now.fetch_sub(1, Ordering::SeqCst);
                }))
            })
            .collect();
        for hash in running {
            hash.await.unwrap().unwrap();
        }
        most.load(Ordering::SeqCst)
    }

    /// What `bench faults guesses` relies on, and its control: with the bound lifted the same flood runs all at once.
    #[tokio::test]
    async fn a_flood_runs_one_by_one_for_each_slot() {
        assert_eq!(most_at_once(1, 5).await, 1);
        assert_eq!(most_at_once(16, 16).await, 16);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slot_rests_for_as_long_as_it_worked() {
        let pool = HashPool::new(1);
        let worked = pool.admit().unwrap().run(|| {
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_millis(5) {
                std::hint::spin_loop();
            }
        });
        worked.await.unwrap();
        assert_eq!(pool.running.available_permits(), 0, "it rests");
        tokio::time::sleep(Duration::from_millis(4)).await;
        assert_eq!(pool.running.available_permits(), 0, "it rests still");
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(pool.running.available_permits(), 1);
    }

    #[tokio::test]
    async fn runs_what_it_admits() {
        let pool = HashPool::new(2);
        assert_eq!(pool.admit().unwrap().run(|| 6 * 7).await, Ok(42));
        assert_eq!(pool.admitted.load(Ordering::Relaxed), 0);
    }
}
