//! Puts a population into a database: threads make the rows, the store writes them with their MACs, and only so many
//! are in memory as are on their way.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use store::{Db, StoreError, Tx};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::seeded::{Population, Rows};
use crate::failure::Failure;
use crate::histogram::real;

/// Steps of the history in one commit.
const BATCH: u64 = 500;
/// Batches that wait for the database.
const WAITING: usize = 4;
/// How often progress is told.
const TELLING: Duration = Duration::from_secs(5);

/// Writes all of it.
pub(crate) fn fill(db: &Db, population: &Arc<Population>, what: &str) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    let (sender, batches) = mpsc::channel(WAITING);
    let next = Arc::new(AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let makers: Vec<_> = (0..threads)
        .map(|_| {
            let (sender, next, population) = (sender.clone(), Arc::clone(&next), Arc::clone(population));
            std::thread::spawn(move || make(&population, &next, &sender))
        })
        .collect();
    drop(sender);
    let progress = Progress::new(what, population.steps());
    // PostgreSQL waits for each row's answer; with two at once it has something to do meanwhile.
    let at_once = if db.is_postgres() { threads } else { 1 };
    runtime.block_on(write(db, batches, at_once, progress))?;
    for maker in makers {
        maker.join().map_err(|_| Failure::new("a thread that makes people failed"))?;
    }
    Ok(())
}

/// Makes batch after batch until there are no more, or nobody takes them.
fn make(population: &Population, next: &AtomicU64, sender: &mpsc::Sender<Result<Rows, Failure>>) {
    loop {
        let first = next.fetch_add(BATCH, Ordering::Relaxed);
        if first >= population.steps() {
            return;
        }
        let mut rows = Rows::default();
        let steps = first..(first + BATCH).min(population.steps());
        let made = steps.into_iter().try_for_each(|step| population.rows(step, &mut rows)).map(|()| rows);
        if sender.blocking_send(made).is_err() {
            return;
        }
    }
}

async fn write(
    db: &Db,
    mut batches: mpsc::Receiver<Result<Rows, Failure>>,
    at_once: usize,
    mut progress: Progress<'_>,
) -> Result<(), Failure> {
    let mut writes: JoinSet<Result<(), Failure>> = JoinSet::new();
    while let Some(batch) = batches.recv().await {
        if writes.len() >= at_once {
            finished(writes.join_next().await)?;
            progress.tell();
        }
        let (db, batch) = (db.clone(), Arc::new(batch?));
        writes.spawn(async move {
            let added = db.write(move |tx| insert(tx, &batch));
            if added.await.map_err(Failure::because("cannot add people"))? {
                return Ok(());
            }
            Err(Failure::new("cannot add people: the database has them already"))
        });
    }
    while let Some(done) = writes.join_next().await {
        finished(Some(done))?;
    }
    progress.end();
    Ok(())
}

fn finished(done: Option<Result<Result<(), Failure>, tokio::task::JoinError>>) -> Result<(), Failure> {
    done.unwrap_or(Ok(Ok(()))).map_err(Failure::because("cannot add people"))?
}

fn insert(tx: &mut Tx<'_>, rows: &Rows) -> Result<bool, StoreError> {
    let mut added = true;
    for (user, pass) in &rows.users {
        added &= store::users::insert(tx, user)?;
        store::temporary_passes::insert(tx, pass)?;
    }
    for passkey in &rows.passkeys {
        added &= store::passkeys::insert(tx, passkey)?;
    }
    Ok(added)
}

/// Tells on standard error how far it is.
struct Progress<'a> {
    what: &'a str,
    steps: u64,
    done: u64,
    begun: Instant,
    told: Instant,
}

impl<'a> Progress<'a> {
    fn new(what: &'a str, steps: u64) -> Self {
        let now = Instant::now();
        Self { what, steps, done: 0, begun: now, told: now }
    }

    fn tell(&mut self) {
        self.done = (self.done + BATCH).min(self.steps);
        if self.told.elapsed() >= TELLING {
            self.told = Instant::now();
            let share = real(self.done) / real(self.steps.max(1));
            let left = self.begun.elapsed().as_secs_f64() * (1.0 - share) / share;
            let what = self.what;
            // Nobody may be reading.
            let _ = writeln!(std::io::stderr(), "{what}: {:.0} %, about {left:.0} s more", share * 100.0);
        }
    }

    fn end(&self) {
        let (what, seconds) = (self.what, self.begun.elapsed().as_secs_f64());
        let _ = writeln!(std::io::stderr(), "{what}: made in {seconds:.1} s");
    }
}
