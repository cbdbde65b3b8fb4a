//! The worker: the one place where requests meet vault and person, whichever way they came.
//!
//! One request is worked on at a time, the others wait their turn; that is how the vault has one writer and the person
//! one question before them. Whoever waits learns meanwhile that they do, and may give up.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use authenticator::Vault;
use authenticator::ctap2::{Answer, Ctap2, Question, Step, Transport};
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use crate::ambient;
use crate::face::{Face, Via};

/// How long the person may think: what CTAP 2.3 recommends at least (section 5, user action timeout).
pub const TIME_TO_ANSWER: Duration = Duration::from_secs(30);
/// How often whoever waits hears that they do (CTAP 2.3 section 11.2.9.1.7).
const KEEP_ALIVE: Duration = Duration::from_millis(100);
/// So many requests wait their turn; one more is turned away.
const MOST_WAITING: usize = 16;

/// authenticatorCredentialManagement, and its number in the drafts of CTAP 2.1: the only one that libfido2 up to 1.12
/// knows, and with it `ssh-keygen -K`. Vendors' keys answer to both.
const CREDENTIAL_MANAGEMENT: u8 = 0x0a;
const CREDENTIAL_MANAGEMENT_DRAFT: u8 = 0x41;
/// CTAP1_ERR_CHANNEL_BUSY: too many wait already.
const BUSY: u8 = 0x06;
/// CTAP2_ERR_KEEPALIVE_CANCEL: whoever asked did not want an answer any more.
const CANCELLED: u8 = 0x2d;
/// CTAP1_ERR_OTHER: the worker is gone, which only a fault of ours brings about.
const OTHER: u8 = 0x7f;

/// A handle of the worker; as many as there are ways to it.
pub struct Worker<V: Vault> {
    jobs: mpsc::Sender<Job<V>>,
    connections: Arc<AtomicU64>,
    /// Of what lies in the vault beside passkeys.
    news: watch::Sender<()>,
}

impl<V: Vault> fmt::Debug for Worker<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worker(…)")
    }
}

impl<V: Vault> Clone for Worker<V> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone(), connections: Arc::clone(&self.connections), news: self.news.clone() }
    }
}

/// Starts the worker on a thread of its own: a vault that writes to its disk holds up nothing else. It ends with the
/// last handle.
pub fn start<V, F>(ctap2: Ctap2<V>, face: F) -> io::Result<Worker<V>>
where
    V: Vault + Send + 'static,
    F: Face + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (worker, jobs) = pair();
    let bench = Bench { ctap2, face, now: ambient::now, entropy: ambient::entropy(), last: None };
    thread::Builder::new().name("worker".to_owned()).spawn(move || runtime.block_on(bench.work(jobs)))?;
    Ok(worker)
}

fn pair<V: Vault>() -> (Worker<V>, mpsc::Receiver<Job<V>>) {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    (Worker { jobs: sender, connections: Arc::default(), news: watch::Sender::new(()) }, receiver)
}

impl<V: Vault + Send + 'static> Worker<V> {
    /// A number for a connection, to tell its programs from others'.
    pub fn connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed).saturating_add(1)
    }

    /// Hands over a request, a command byte and its CBOR, where one way has one program at its end.
    pub fn handle(&self, via: Via, request: Vec<u8>) -> Reply {
        self.handle_for(via, Program::default(), request)
    }

    /// Hands over a request of one of the programs that come the same way.
    pub fn handle_for(&self, via: Via, program: Program, request: Vec<u8>) -> Reply {
        let (stage, stages) = watch::channel(Stage::Waiting);
        let (cancel, cancelled) = oneshot::channel();
        let (reply, done) = oneshot::channel();
        let job = Job::Request(Errand { via, program, request, stage, cancelled, reply });
        let turned_away = match self.jobs.try_send(job) {
            Ok(()) => None,
            Err(mpsc::error::TrySendError::Full(_)) => Some(BUSY),
            Err(mpsc::error::TrySendError::Closed(_)) => Some(OTHER),
        };
        let mut ticks = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Reply {
            done,
            stages,
            cancel: Some(cancel),
            ticks,
            told: Waiting::Processing,
            already: turned_away.map(|status| vec![status]),
        }
    }

    /// Hears whenever [`Worker::tell`] is called on any handle.
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Devices that may ask without a code have come or gone.
    pub fn tell(&self) {
        self.news.send_replace(());
    }

    /// Ends when the worker has ended, which only a fault of ours brings about while there are handles.
    pub async fn gone(&self) {
        self.jobs.closed().await;
    }

    /// Runs `look` on the authenticator between two requests; `None` if the worker is gone.
    pub async fn with<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Ctap2<V>) -> T + Send + 'static,
    ) -> Option<T> {
        let (result, looked) = oneshot::channel();
        let job = Job::Look(Box::new(move |ctap2| {
            // Who has gone meanwhile does not need the result.
            let _ = result.send(look(ctap2));
        }));
        self.jobs.send(job).await.ok()?;
        looked.await.ok()
    }

    /// Runs `look` on the vault between two requests; `None` if the worker is gone.
    pub async fn with_vault<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut V) -> T + Send + 'static,
    ) -> Option<T> {
        self.with(move |ctap2| look(ctap2.vault_mut())).await
    }
}

/// Which program asks, as far as the way tells: what one has begun, another does not go on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The connection, by [`Worker::connection`].
    pub connection: u64,
    /// Its channel there.
    pub channel: u32,
}

/// What a program learns while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// We are at it, or at somebody else's request before.
    Processing,
    /// The person is asked.
    ForPerson,
}

/// What comes next of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It goes on; every tenth of a second, and whenever that changes.
    KeepAlive(Waiting),
    /// The reply: a status byte, and CBOR after it if the status is success. Nothing comes after it.
    Done(Vec<u8>),
}

/// What comes of a request. Dropped, it gives the request up.
#[derive(Debug)]
pub struct Reply {
    done: oneshot::Receiver<Vec<u8>>,
    stages: watch::Receiver<Stage>,
    cancel: Option<oneshot::Sender<()>>,
    ticks: Interval,
    /// What whoever waits knows.
    told: Waiting,
    /// What is known without the worker.
    already: Option<Vec<u8>>,
}

impl Reply {
    /// The next progress. May be dropped and called again; not after [`Progress::Done`].
    pub async fn next(&mut self) -> Progress {
        if let Some(reply) = self.already.take() {
            return Progress::Done(reply);
        }
        let told = self.told;
        tokio::select! {
            biased;
            reply = &mut self.done => return Progress::Done(reply.unwrap_or_else(|_| vec![OTHER])),
            Some(waiting) = turned(&mut self.stages, told) => self.told = waiting,
            _ = self.ticks.tick() => {}
        }
        self.ticks.reset();
        Progress::KeepAlive(self.told)
    }

    /// The reply alone, for a transport that keeps nobody alive.
    pub async fn done(mut self) -> Vec<u8> {
        loop {
            if let Progress::Done(reply) = self.next().await {
                return reply;
            }
        }
    }

    /// Gives the request up; the reply says so, unless it was there before.
    pub fn cancel(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            // The worker may be ready with it.
            let _ = cancel.send(());
        }
        // Its turn has not come, and will not any more. In this order: if it came meanwhile, the worker's word counts.
        if matches!(*self.stages.borrow(), Stage::Waiting) && self.already.is_none() {
            self.already = Some(vec![CANCELLED]);
        }
    }
}

/// Waits for news to whoever knows `told`; `None` if there will be none.
async fn turned(stages: &mut watch::Receiver<Stage>, told: Waiting) -> Option<Waiting> {
    stages.wait_for(|stage| stage.waiting() != told).await.ok().map(|stage| stage.waiting())
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Waiting,
    AtIt,
    Asking,
}

impl Stage {
    fn waiting(self) -> Waiting {
        match self {
            Stage::Waiting | Stage::AtIt => Waiting::Processing,
            Stage::Asking => Waiting::ForPerson,
        }
    }
}

/// What is done with the authenticator between two requests.
type Look<V> = Box<dyn FnOnce(&mut Ctap2<V>) + Send>;

enum Job<V: Vault> {
    Request(Errand),
    Look(Look<V>),
}

struct Errand {
    via: Via,
    program: Program,
    request: Vec<u8>,
    stage: watch::Sender<Stage>,
    /// Ends when whoever asked cancels, and when they are gone.
    cancelled: oneshot::Receiver<()>,
    reply: oneshot::Sender<Vec<u8>>,
}

/// The worker itself.
struct Bench<V: Vault, F, N, E> {
    ctap2: Ctap2<V>,
    face: F,
    now: N,
    entropy: E,
    /// Whose the last request was.
    last: Option<(Via, Program)>,
}

impl<V: Vault, F: Face, N: Fn() -> Timestamp, E: Entropy> Bench<V, F, N, E> {
    async fn work(mut self, mut jobs: mpsc::Receiver<Job<V>>) {
        while let Some(job) = jobs.recv().await {
            match job {
                Job::Request(errand) => self.take(errand).await,
                Job::Look(look) => look(&mut self.ctap2),
            }
        }
    }

    async fn take(&mut self, errand: Errand) {
        let Errand { via, program, mut request, stage, mut cancelled, reply } = errand;
        if let (Via::SecurityKey, Some(command @ &mut CREDENTIAL_MANAGEMENT_DRAFT)) =
            (&via, request.first_mut())
        {
            *command = CREDENTIAL_MANAGEMENT;
        }
        stage.send_replace(Stage::AtIt);
        let done = if matches!(cancelled.try_recv(), Err(oneshot::error::TryRecvError::Empty)) {
            // What one program has begun, no other goes on with: its answers are for somebody else's question.
            if self.last.as_ref() != Some(&(via.clone(), program)) {
                self.ctap2.somebody_else();
                self.last = Some((via.clone(), program));
            }
            self.carry_out(&via, &request, &stage, &mut cancelled).await
        } else {
            vec![CANCELLED]
        };
        // Nobody may be there to hear it.
        let _ = reply.send(done);
    }

    async fn carry_out(
        &mut self,
        via: &Via,
        request: &[u8],
        stage: &watch::Sender<Stage>,
        cancelled: &mut oneshot::Receiver<()>,
    ) -> Vec<u8> {
        let mut step = self.ctap2.handle_over(transport(via), request, (self.now)(), &mut self.entropy);
        loop {
            let question = match step {
                Step::Reply(reply) => return reply,
                Step::Ask(question) => question,
            };
            stage.send_replace(Stage::Asking);
            let answer = tokio::select! {
                biased;
                _ = &mut *cancelled => None,
                answer = ask(&mut self.face, &question, via) => Some(answer),
            };
            stage.send_replace(Stage::AtIt);
            if matches!(answer, None | Some(Answer::TimedOut)) {
                self.face.withdraw();
            }
            let Some(answer) = answer else {
                return match self.ctap2.cancel() {
                    Step::Reply(reply) => reply,
                    Step::Ask(_) => vec![CANCELLED],
                };
            };
            step = self.ctap2.answer(answer, (self.now)(), &mut self.entropy);
        }
    }
}

/// As far as the protocol differs by the way that a request came.
fn transport(via: &Via) -> Transport {
    match via {
        Via::OtherDevice | Via::LinkedDevice { .. } => Transport::Hybrid,
        Via::SecurityKey | Via::Server { .. } => Transport::Usb,
    }
}

async fn ask<F: Face>(face: &mut F, question: &Question, via: &Via) -> Answer {
    timeout(TIME_TO_ANSWER, face.ask(question, via)).await.unwrap_or(Answer::TimedOut)
}

#[cfg(test)]
mod tests;
