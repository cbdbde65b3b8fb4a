//! A bounded place for slow hashes: few at once, few waiting, the rest refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

/// Hashes that may wait for each one that runs: at a tenth of a second each, nobody waits longer than half a second.
const WAITING: usize = 4;

/// Runs slow hashes on blocking threads.
#[derive(Clone, Debug)]
pub struct HashPool {
    running: Arc<Semaphore>,
    admitted: Arc<AtomicUsize>,
    most: usize,
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
            most: at_once.saturating_mul(WAITING.saturating_add(1)),
        }
    }

    /// Reserves a place. Whoever gets one will be served, so a try may be counted after this and before
    /// [`Admission::run`].
    pub fn admit(&self) -> Result<Admission, Busy> {
        let admitted = self.admitted.fetch_add(1, Ordering::Relaxed);
        let place = Place(Arc::clone(&self.admitted));
        if admitted >= self.most { Err(Busy) } else { Ok(Admission { pool: self.clone(), _place: place }) }
    }
}

/// A place in the pool.
pub struct Admission {
    pool: HashPool,
    _place: Place,
}

impl Admission {
    /// Runs `work` on a blocking thread once a core is free. `Busy` only when the runtime is shutting down.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let permit = Arc::clone(&self.pool.running).acquire_owned().await.map_err(|_| Busy)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        })
        .await
        .map_err(|_| Busy)
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
        assert_eq!(places.len(), WAITING + 1);
        assert!(pool.admit().is_err());
        places.pop();
        assert!(pool.admit().is_ok());
    }

    #[tokio::test]
    async fn runs_what_it_admits() {
        let pool = HashPool::new(2);
        assert_eq!(pool.admit().unwrap().run(|| 6 * 7).await, Ok(42));
        assert_eq!(pool.admitted.load(Ordering::Relaxed), 0);
    }
}
