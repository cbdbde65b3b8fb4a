//! A use case on its way to the database: it runs on the database's thread and answers after the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use super::Tx;
use crate::error::StoreError;

/// What the job's own logic wants to happen with what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Commit it.
    Keep,
    /// Roll it back: the use case refused, only read, failed or panicked.
    Discard,
}

/// A use case with its reply channel, its types erased.
pub(super) trait Job: Send {
    /// Runs the work. The result is held back until [`Job::reply`]; a second attempt replaces it.
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Verdict;
    /// Answers: with the held result if the transaction ended as the job wanted, else with the error.
    fn reply(self: Box<Self>, end: Result<(), StoreError>);
    /// Whether it promised to write nothing.
    fn is_read(&self) -> bool;
    /// Whether somebody still waits for the answer. What nobody waits for any more is not begun.
    fn is_wanted(&self) -> bool;
}

pub(super) struct Pending<F, T, E> {
    work: F,
    read: bool,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

/// A job and where its answer will arrive.
pub(super) fn job<F, T, E>(work: F, read: bool) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Pending { work, read, outcome: None, reply }), answer)
}

impl<F, T, E> Job for Pending<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn attempt(&mut self, tx: &mut Tx<'_>) -> Verdict {
        let work = &mut self.work;
        // The state that a panic could leave torn is the transaction's, and that is rolled back.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(tx)));
        self.outcome = Some(match outcome {
            // A statement that failed dooms the transaction, even if the use case shrugged it off.
            Ok(Ok(value)) => tx.failure().map_or(Ok(value), |error| Err(E::from(error))),
            Ok(refused) => refused,
            Err(_) => Err(E::from(StoreError::Panicked)),
        });
        match &self.outcome {
            Some(Ok(_)) if !self.read => Verdict::Keep,
            _ => Verdict::Discard,
        }
    }

    fn reply(self: Box<Self>, end: Result<(), StoreError>) {
        let answer = match end {
            Ok(()) => self.outcome.unwrap_or_else(|| Err(E::from(StoreError::Panicked))),
            Err(error) => Err(E::from(error)),
        };
        // Whoever asked may have gone away; what was committed stays committed.
        let _ = self.reply.send(answer);
    }

    fn is_read(&self) -> bool {
        self.read
    }

    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }
}
