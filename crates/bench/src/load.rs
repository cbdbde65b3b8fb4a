//! Drives workers against the server: closed loop (each asks again as soon as it has its answer) or open loop
//! (people arrive when they arrive, and latency counts from then, so a stall is not omitted from the figures).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};
use tokio::task::LocalSet;

use crate::failure::Failure;
use crate::histogram::Histogram;
use crate::worker::{Laps, Worker};

/// Nobody waits longer than this for one sign-in.
const PATIENCE: Duration = Duration::from_secs(30);
/// A worker that fails so many times in a row stops, instead of failing at full speed.
const TOO_MANY: u32 = 10;

/// How the load is applied.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// As fast as the answers come.
    Closed,
    /// So many arrivals a second, at random moments (Poisson), whatever the server does.
    Open(f64),
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// Threads of the load generator.
    pub(crate) threads: usize,
    /// Load before the figures begin to count.
    pub(crate) warm_up: Duration,
    /// Load that counts.
    pub(crate) measure: Duration,
    /// Closed or open.
    pub(crate) pace: Pace,
}

/// What the workers met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Each request of the job, in order.
    pub(crate) steps: [Histogram; 3],
    /// The whole job; in the open loop from the intended start.
    pub(crate) total: Histogram,
    /// Jobs that succeeded in the whole run, whether or not they count.
    pub(crate) succeeded: u64,
    /// Jobs that failed in the whole run, warm-up included, by `step: code`.
    pub(crate) failures: BTreeMap<String, u64>,
}

impl Tally {
    fn record(&mut self, laps: &Laps, total: Duration) {
        for (histogram, lap) in self.steps.iter_mut().zip(laps.steps) {
            histogram.record(lap);
        }
        self.total.record(total);
    }

    fn merge(&mut self, other: &Tally) {
        for (to, from) in self.steps.iter_mut().zip(&other.steps) {
            to.merge(from);
        }
        self.total.merge(&other.total);
        self.succeeded += other.succeeded;
        for (code, count) in &other.failures {
            *self.failures.entry(code.clone()).or_default() += count;
        }
    }

    /// Fails with a sentence that counts the failed jobs by their codes.
    pub(crate) fn all_well(&self, what: &str) -> Result<(), Failure> {
        if self.failures.is_empty() {
            return Ok(());
        }
        let counts: Vec<String> =
            self.failures.iter().map(|(code, count)| format!("{code} ×{count}")).collect();
        let good = self.succeeded;
        Err(Failure::new(format!("some of the {what} failed ({good} succeeded): {}", counts.join(", "))))
    }
}

const WARMING_UP: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

/// Applies the load. `edge` is called where measuring begins and where it ends; its two results are handed back with the tally.
pub(crate) fn drive<S>(
    run: &Run,
    workers: &mut Vec<Worker>,
    mut edge: impl FnMut() -> Result<S, Failure>,
) -> Result<(Tally, S, S), Failure> {
    let phase = Arc::new(AtomicU8::new(WARMING_UP));
    let start = Instant::now();
    let handles: Vec<_> = shares(std::mem::take(workers), run.threads)
        .into_iter()
        .zip(1..)
        .map(|(share, seed)| {
            let phase = Arc::clone(&phase);
            let run = Run { pace: fraction(run.pace, run.threads), ..*run };
            std::thread::spawn(move || drive_share(&run, start, (seed, share), &phase))
        })
        .collect();
    std::thread::sleep((start + run.warm_up).saturating_duration_since(Instant::now()));
    let before = edge();
    phase.store(MEASURING, Ordering::Relaxed);
    std::thread::sleep((start + run.warm_up + run.measure).saturating_duration_since(Instant::now()));
    phase.store(OVER, Ordering::Relaxed);
    let after = edge();
    let mut tally = Tally::default();
    for handle in handles {
        let (part, share) =
            handle.join().map_err(|_| Failure::new("a thread of the load generator failed"))??;
        tally.merge(&part);
        workers.extend(share);
    }
    Ok((tally, before?, after?))
}

/// Deals the workers out to threads.
fn shares(workers: Vec<Worker>, threads: usize) -> Vec<Vec<Worker>> {
    let mut shares: Vec<Vec<Worker>> = (0..threads.max(1)).map(|_| Vec::new()).collect();
    let count = shares.len();
    for (index, worker) in workers.into_iter().enumerate() {
        if let Some(share) = shares.get_mut(index % count) {
            share.push(worker);
        }
    }
    shares
}

fn fraction(pace: Pace, threads: usize) -> Pace {
    match pace {
        Pace::Closed => Pace::Closed,
        Pace::Open(rate) => Pace::Open(rate / f64::from(u32::try_from(threads.max(1)).unwrap_or(1))),
    }
}

/// One thread's part of the load.
fn drive_share(
    run: &Run,
    start: Instant,
    (seed, workers): (u64, Vec<Worker>),
    phase: &Arc<AtomicU8>,
) -> Result<(Tally, Vec<Worker>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the load generator"))?;
    let tally = Rc::new(RefCell::new(Tally::default()));
    let local = LocalSet::new();
    let returned = local.block_on(&runtime, async {
        let arrivals = match run.pace {
            Pace::Closed => None,
            Pace::Open(rate) => {
                Some(Rc::new(Mutex::new(arrivals(seed, rate, start, run.warm_up + run.measure))))
            }
        };
        let tasks: Vec<_> = workers
            .into_iter()
            .map(|worker| {
                let (tally, phase, arrivals) = (Rc::clone(&tally), Arc::clone(phase), arrivals.clone());
                let counting = start + run.warm_up;
                tokio::task::spawn_local(async move {
                    match arrivals {
                        None => closed(worker, &phase, &tally).await,
                        Some(arrivals) => open(worker, &arrivals, counting, &tally).await,
                    }
                })
            })
            .collect();
        let mut returned = Vec::new();
        for task in tasks {
            let worker = task.await.map_err(Failure::because("a connection of the load generator failed"));
            let mut worker = worker?;
            // A socket belongs to the runtime that opened it, and this one ends here.
            worker.hang_up();
            returned.push(worker);
        }
        Ok(returned)
    })?;
    Ok((tally.take(), returned))
}

/// One job, or why it failed.
async fn one(worker: &mut Worker) -> Result<Laps, String> {
    match tokio::time::timeout(PATIENCE, worker.run()).await {
        Ok(result) => result,
        Err(_) => {
            worker.hang_up();
            Err("no answer in 30 s".to_owned())
        }
    }
}

async fn closed(mut worker: Worker, phase: &AtomicU8, tally: &RefCell<Tally>) -> Worker {
    let mut in_a_row = 0;
    while phase.load(Ordering::Relaxed) != OVER && in_a_row < TOO_MANY {
        match one(&mut worker).await {
            Ok(laps) => {
                in_a_row = 0;
                tally.borrow_mut().succeeded += 1;
                if phase.load(Ordering::Relaxed) == MEASURING {
                    tally.borrow_mut().record(&laps, laps.begun.elapsed());
                }
            }
            Err(code) => {
                in_a_row += 1;
                *tally.borrow_mut().failures.entry(code).or_default() += 1;
            }
        }
    }
    worker
}

async fn open(
    mut worker: Worker,
    arrivals: &Mutex<mpsc::UnboundedReceiver<Instant>>,
    counting: Instant,
    tally: &RefCell<Tally>,
) -> Worker {
    let mut in_a_row = 0;
    while in_a_row < TOO_MANY {
        // The lock is a queue of idle workers; it must be free again before the job starts.
        let Some(intended) = arrivals.lock().await.recv().await else { break };
        match one(&mut worker).await {
            Ok(mut laps) => {
                in_a_row = 0;
                tally.borrow_mut().succeeded += 1;
                if intended >= counting {
                    // Whoever found no free worker has been waiting since: count it, in the total and in the first request.
                    let [first, ..] = &mut laps.steps;
                    *first += laps.begun.saturating_duration_since(intended);
                    tally.borrow_mut().record(&laps, intended.elapsed());
                }
            }
            Err(code) => {
                in_a_row += 1;
                *tally.borrow_mut().failures.entry(code).or_default() += 1;
            }
        }
    }
    worker
}

/// Sends the moment of each arrival when it comes, until `length` after `start`.
///
/// A thread of its own, because tokio's timer rounds up to milliseconds and would show as latency.
fn arrivals(seed: u64, rate: f64, start: Instant, length: Duration) -> mpsc::UnboundedReceiver<Instant> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut random = Xorshift::new(seed);
        let mut next = start;
        loop {
            // Exponential gaps make a Poisson process.
            next += Duration::from_secs_f64(-random.unit().ln() / rate);
            if next >= start + length {
                return;
            }
            std::thread::sleep(next.saturating_duration_since(Instant::now()));
            if sender.send(next).is_err() {
                return;
            }
        }
    });
    receiver
}

/// Marsaglia's xorshift64*: the same arrivals in every run.
struct Xorshift(u64);

impl Xorshift {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number above 0 and at most 1.
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = u32::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32).unwrap_or(u32::MAX);
        (f64::from(high) + 1.0) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_come_at_the_rate() {
        let mut random = Xorshift::new(1);
        let mean: f64 = (0..100_000).map(|_| -random.unit().ln()).sum::<f64>() / 100_000.0;
        assert!((mean - 1.0).abs() < 0.02, "mean gap {mean}");
    }

    #[test]
    fn failures_are_told_with_their_codes() {
        let mut tally = Tally::default();
        assert!(tally.all_well("sign-ins").is_ok());
        tally.failures.insert("finish: not_accepted".into(), 3);
        let told = tally.all_well("sign-ins").unwrap_err().to_string();
        assert!(told.contains("finish: not_accepted ×3"), "{told}");
    }
}
