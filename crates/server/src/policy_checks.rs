//! Checks of policy that run longer than a request may: what a draft would do to everybody.
//!
//! A check only reads, so it is nobody's loss if a process forgets it: the page that waits for it begins another one.
//! Each person has one at a time, that of the document looked at last.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use account::user::UserId;
use primitives::digest::Digest;
use primitives::time::{Span, Timestamp};
use service::Context;
use service::administer_policy::{self, Impact, PolicyError, Progress};
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// After this long the people may be others: the page says so, and the check is made again when it is asked for.
pub(crate) const STALE: Span = Span::from_minutes(10);
/// Checks at the same time; others wait for their turn.
const AT_ONCE: usize = 2;
/// Checks that are remembered.
const MOST: usize = 64;

/// The checks of this process.
#[derive(Clone)]
pub(crate) struct Checks(Arc<Shared>);

struct Shared {
    jobs: Mutex<HashMap<UserId, Arc<Job>>>,
    turns: Semaphore,
}

/// One check.
pub(crate) struct Job {
    digest: Digest,
    started: Timestamp,
    done: AtomicU64,
    total: AtomicU64,
    outcome: OnceLock<Result<Arc<Impact>, PolicyError>>,
    ended: Notify,
}

/// How far a check is.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// So many people of so many were judged.
    Running(u64, u64),
    /// This is what it found.
    Done(Arc<Impact>),
    /// It found nothing.
    Failed(PolicyError),
}

impl Default for Checks {
    fn default() -> Self {
        Self(Arc::new(Shared { jobs: Mutex::default(), turns: Semaphore::new(AT_ONCE) }))
    }
}

impl Checks {
    /// The check of `document` for `actor`: the one that there is, else one that begins now.
    pub(crate) fn of(
        &self,
        cx: &Arc<Context>,
        now: Timestamp,
        actor: UserId,
        (document, digest): (&str, Digest),
    ) -> Arc<Job> {
        let mut jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = jobs.get(&actor).filter(|job| job.digest == digest && !job.failed()) {
            return Arc::clone(job);
        }
        if jobs.len() >= MOST {
            let oldest = jobs.iter().min_by_key(|(_, job)| job.started).map(|(actor, _)| *actor);
            oldest.map(|oldest| jobs.remove(&oldest));
        }
        let job = Arc::new(Job {
            digest,
            started: now,
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            outcome: OnceLock::new(),
            ended: Notify::new(),
        });
        jobs.insert(actor, Arc::clone(&job));
        let (shared, cx) = (Arc::clone(&self.0), Arc::clone(cx));
        tokio::spawn(run(shared, cx, Arc::clone(&job), (document.to_owned(), actor)));
        job
    }

    /// The check of the document of that digest for `actor`, if there is one; none begins.
    pub(crate) fn known(&self, actor: UserId, digest: Digest) -> Option<Arc<Job>> {
        let jobs = self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(&actor).filter(|job| job.digest == digest).map(Arc::clone)
    }

    /// A turn for whoever waits for a check within one request; nothing if the process ends.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.0.turns.acquire().await.ok()
    }

    /// Forgets the check of `actor`: the next look begins another.
    pub(crate) fn forget(&self, actor: UserId) {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner).remove(&actor);
    }
}

async fn run(shared: Arc<Shared>, cx: Arc<Context>, job: Arc<Job>, (document, actor): (String, UserId)) {
    // A closed semaphore would mean that the process ends; nobody waits for the answer then.
    let Ok(_turn) = shared.turns.acquire().await else { return };
    // Whoever has asked for another one meanwhile wants this one no more: one person holds nobody up.
    let jobs = || shared.jobs.lock().unwrap_or_else(PoisonError::into_inner);
    if !jobs().get(&actor).is_some_and(|wanted| Arc::ptr_eq(wanted, &job)) {
        let _ = job.outcome.set(Err(PolicyError::NotFound));
        return;
    }
    let heard = Arc::clone(&job);
    let progress: Progress = Arc::new(move |done, total| {
        heard.done.store(done, Ordering::Relaxed);
        heard.total.store(total, Ordering::Relaxed);
    });
    let outcome = administer_policy::check(&cx, &document, Some(actor), progress).await;
    let _ = job.outcome.set(outcome.map(Arc::new));
    job.ended.notify_waiters();
}

impl Job {
    /// How far it is.
    pub(crate) fn stage(&self) -> Stage {
        match self.outcome.get() {
            Some(Ok(impact)) => Stage::Done(Arc::clone(impact)),
            Some(Err(error)) => Stage::Failed(error.clone()),
            None => Stage::Running(self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed)),
        }
    }

    /// How far it is when it has ended, or after a moment: most checks are done before a page would be drawn.
    pub(crate) async fn stage_soon(&self, wait: std::time::Duration) -> Stage {
        let ended = self.ended.notified();
        if self.outcome.get().is_none() {
            let _ = tokio::time::timeout(wait, ended).await;
        }
        self.stage()
    }

    fn failed(&self) -> bool {
        matches!(self.outcome.get(), Some(Err(_)))
    }
}
