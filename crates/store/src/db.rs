//! The one door to the database, and the only place that knows which database it is.
//!
//! Every SQL text elsewhere is written once, in the subset that both run: parameters `$1`, `$2`, … each used first
//! in that order; values of three types; a lookup that locks its row ends in ` FOR UPDATE`, which SQLite's single
//! writer makes unnecessary and this module takes away there.
//!
//! Use cases are synchronous closures. A [`Db::write`] runs in a serializable transaction on the database's own
//! thread and is answered after the commit is durable; it may run more than once, so it changes nothing but its
//! transaction. A failed statement dooms its transaction whatever the use case makes of the error.

mod checkpoint;
mod clock;
mod job;
mod postgres;
mod sqlite;
pub(crate) mod trial;
mod value;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::time::{Span, Timestamp};
use tokio::sync::oneshot;

pub use self::value::{Columns, Param, Row, Value};
use crate::error::{OpenError, StoreError};
use crate::{migrate, settings};

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A SQLite file; made, readable by its owner only, if it does not exist.
    Sqlite(PathBuf),
    /// SQLite in memory, gone with its [`Db`].
    SqliteMemory,
    /// PostgreSQL 15 or newer, as a URL or a string of `key=value`.
    Postgres(String),
}

impl Database {
    /// `postgres://…` or `postgresql://…` is PostgreSQL, anything else the path of a SQLite file.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Database::Postgres(text.to_owned())
        } else {
            Database::Sqlite(PathBuf::from(text))
        }
    }
}

/// The URL of a PostgreSQL database may hold a password and is not printed.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Database::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Database::SqliteMemory => f.write_str("SqliteMemory"),
            Database::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// An open database; clones share it.
#[derive(Clone)]
pub struct Db {
    // Before `shared`, so that the threads end while what they use is there.
    engine: Arc<Engine>,
    shared: Arc<Shared>,
}

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// What every thread of one open database shares.
struct Shared {
    keys: Arc<KeyRing>,
    clock: clock::Clock,
    counters: Counters,
}

#[derive(Default)]
struct Counters {
    commits: AtomicU64,
    jobs: AtomicU64,
    retries: AtomicU64,
    reads: AtomicU64,
}

/// Counters since the database was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Transactions ended by a durable commit (on SQLite one fsync each).
    pub commits: u64,
    /// Use cases that those commits carried.
    pub jobs: u64,
    /// Attempts repeated after a serialisation failure or a lost connection (PostgreSQL).
    pub retries: u64,
    /// Read transactions.
    pub reads: u64,
}

impl Db {
    /// Opens the database, brings its schema up to date, and checks that it belongs to these keys.
    ///
    /// # Errors
    /// [`OpenError`]; it never changes a database of a newer or another keyward.
    pub async fn open(database: &Database, keys: Arc<KeyRing>) -> Result<Db, OpenError> {
        let db = Self::connect(database, keys)?;
        migrate::run(&db).await?;
        db.start().await?;
        Ok(db)
    }

    /// Connects without looking at the schema.
    pub(crate) fn connect(database: &Database, keys: Arc<KeyRing>) -> Result<Db, OpenError> {
        let shared = Arc::new(Shared { keys, clock: clock::Clock::new(), counters: Counters::default() });
        let engine = match database {
            Database::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(Some(path), Arc::clone(&shared))?),
            Database::SqliteMemory => Engine::Sqlite(sqlite::Sqlite::open(None, Arc::clone(&shared))?),
            Database::Postgres(url) => Engine::Postgres(postgres::Postgres::open(url, &shared)?),
        };
        Ok(Db { engine: Arc::new(engine), shared })
    }

    /// Opens a backup for reading, after SQLite has checked that it is whole.
    pub(crate) fn open_backup(path: &std::path::Path, keys: Arc<KeyRing>) -> Result<Db, OpenError> {
        let shared = Arc::new(Shared { keys, clock: clock::Clock::new(), counters: Counters::default() });
        let engine = Engine::Sqlite(sqlite::Sqlite::open_backup(path)?);
        Ok(Db { engine: Arc::new(engine), shared })
    }

    /// Writes a snapshot to the new SQLite file `to`; `false` if this database cannot do it by itself.
    pub(crate) async fn vacuum_into(&self, to: &std::path::Path) -> Result<bool, StoreError> {
        let Engine::Sqlite(sqlite) = &*self.engine else { return Ok(false) };
        let Some(path) = sqlite.path() else { return Ok(false) };
        let (path, to) = (path.to_owned(), to.to_owned());
        let written = tokio::task::spawn_blocking(move || sqlite::vacuum_into(&path, &to)).await;
        written.unwrap_or(Err(StoreError::Panicked)).map(|()| true)
    }

    /// Makes the deployment's own rows if they are missing, checks them, and starts the clock.
    pub(crate) async fn start(&self) -> Result<(), OpenError> {
        let floor = self.write(settings::found).await.map_err(|error: StoreError| match error {
            StoreError::Forged { .. } => OpenError::OtherKeys,
            other => other.into(),
        })?;
        self.shared.clock.start(floor.micros());
        Ok(())
    }

    /// Runs a use case in a serializable transaction and answers after its durable commit. One whose caller has gone
    /// before it began is not run.
    ///
    /// If `work` gives an error, only its own changes are rolled back. It may run again after a serialisation
    /// failure.
    ///
    /// # Errors
    /// What `work` gave, or a [`StoreError`]; after all but [`StoreError::Unknown`] nothing was changed.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (job, answer) = job::job(work, false);
        self.send(job, answer).await
    }

    /// Runs `work` on one consistent snapshot; what it tries to write is refused or rolled back.
    ///
    /// On a SQLite file it runs at once on the calling thread.
    ///
    /// # Errors
    /// What `work` gave, or a [`StoreError`].
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.shared.counters.reads.fetch_add(1, Ordering::Relaxed);
        let (mut job, answer) = job::job(work, true);
        match &*self.engine {
            Engine::Sqlite(sqlite) if !sqlite.is_memory() => {
                let end = sqlite.read(job.as_mut(), &self.shared);
                job.reply(end);
                receive(answer).await
            }
            _ => self.send(job, answer).await,
        }
    }

    async fn send<T, E: From<StoreError>>(
        &self,
        job: Box<dyn job::Job>,
        answer: oneshot::Receiver<Result<T, E>>,
    ) -> Result<T, E> {
        let sent = match &*self.engine {
            Engine::Sqlite(sqlite) => sqlite.send(job).map_err(|job| (job, closed())),
            Engine::Postgres(postgres) => postgres.send(job),
        };
        if let Err((job, error)) = sent {
            job.reply(Err(error));
        }
        receive(answer).await
    }

    /// The database's clock with its floor, see [`Tx::now`]; what a node's own clock is compared with.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be asked, which makes this the readiness check as well.
    pub async fn now(&self) -> Result<Timestamp, StoreError> {
        self.read(|tx| tx.now()).await
    }

    /// `now` of this machine, or the latest time that this deployment is known to have seen if that is later: a node
    /// whose clock was set back brings nothing to life again. Asks no database.
    pub fn not_before(&self, now: Timestamp) -> Timestamp {
        now.max(self.shared.clock.read(i64::MIN))
    }

    /// How far the database's own clock was behind the latest time that this deployment has seen, when it was asked last;
    /// zero when all is well. Nothing is decided by the clock's own time, so nothing expired comes back.
    pub fn clock_behind(&self) -> Span {
        self.shared.clock.behind()
    }

    /// From here on the database's own clock counts again: its time at the last reading becomes the floor. Only after
    /// [`settings::accept_clock`] has voided what was granted by later times.
    pub fn reset_clock(&self, now: Timestamp) {
        self.shared.clock.reset(now.micros());
    }

    /// The counters since opening.
    pub fn stats(&self) -> Stats {
        let Counters { commits, jobs, retries, reads } = &self.shared.counters;
        Stats {
            commits: commits.load(Ordering::Relaxed),
            jobs: jobs.load(Ordering::Relaxed),
            retries: retries.load(Ordering::Relaxed),
            reads: reads.load(Ordering::Relaxed),
        }
    }

    /// The deployment's keys.
    pub fn keys(&self) -> &Arc<KeyRing> {
        &self.shared.keys
    }

    /// For tests: from here on the database's clock says `now`; `None` gives it its own time again. The first pin
    /// forgets the floor, later ones are held to it.
    pub fn pin_clock(&self, now: Option<Timestamp>) {
        self.shared.clock.pin(now);
    }

    /// Whether this is PostgreSQL; for names in logs and figures, never for decisions.
    pub fn is_postgres(&self) -> bool {
        matches!(*self.engine, Engine::Postgres(_))
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_postgres() { "Db(PostgreSQL)" } else { "Db(SQLite)" })
    }
}

async fn receive<T, E: From<StoreError>>(answer: oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
    // The job is dropped unanswered only with its thread, and then its transaction was not committed.
    answer.await.unwrap_or_else(|_| Err(E::from(closed())))
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database is closed".to_owned())
}

enum Backend<'a> {
    Sqlite(sqlite::Session<'a>),
    Postgres(postgres::Session<'a>),
}

/// A transaction under way.
pub struct Tx<'a> {
    backend: Backend<'a>,
    shared: &'a Shared,
    now: Option<Timestamp>,
    failure: Option<StoreError>,
}

impl<'a> Tx<'a> {
    fn new(backend: Backend<'a>, shared: &'a Shared) -> Self {
        Tx { backend, shared, now: None, failure: None }
    }

    /// Runs one statement and gives its rows (of a SELECT or a RETURNING).
    pub fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Vec<Row>, StoreError> {
        self.run(sql, params).map(|(rows, _)| rows)
    }

    /// Runs one statement and gives its first row.
    pub fn query_one(&mut self, sql: &str, params: &[Param<'_>]) -> Result<Option<Row>, StoreError> {
        self.query(sql, params).map(|rows| rows.into_iter().next())
    }

    /// Runs one statement and says how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.run(sql, params).map(|(_, changed)| changed)
    }

    fn run(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(Vec<Row>, u64), StoreError> {
        let ran = match &mut self.backend {
            Backend::Sqlite(session) => session.query(sql, params),
            Backend::Postgres(session) => session.query(sql, params),
        };
        self.note(ran)
    }

    /// Runs several statements without parameters: migrations, and tests that play the thief with SQL.
    pub fn execute_raw(&mut self, sql: &str) -> Result<(), StoreError> {
        let ran = match &mut self.backend {
            Backend::Sqlite(session) => session.batch(sql),
            Backend::Postgres(session) => session.batch(sql),
        };
        self.note(ran)
    }

    fn note<T>(&mut self, ran: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &ran {
            self.failure.get_or_insert_with(|| error.clone());
        }
        ran
    }

    /// The statement error that doomed this transaction, if one did.
    fn failure(&self) -> Option<StoreError> {
        self.failure.clone()
    }

    /// The time by the database's clock, raised to the latest that this deployment has seen; the same throughout
    /// the transaction. Expiry of one-time secrets is judged by it (DESIGN 5a.5).
    pub fn now(&mut self) -> Result<Timestamp, StoreError> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let read = match &mut self.backend {
            Backend::Sqlite(session) => session.clock(),
            Backend::Postgres(session) => session.clock(),
        };
        let now = self.shared.clock.read(self.note(read)?);
        self.now = Some(now);
        Ok(now)
    }

    /// The time by the database's own clock, whatever this deployment has seen before. Decides nothing.
    pub(crate) fn database_time(&mut self) -> Result<Timestamp, StoreError> {
        let now = self.now()?;
        Ok(now - self.shared.clock.behind())
    }

    /// The deployment's keys, for MACs and lookups.
    pub fn keys(&self) -> &'a KeyRing {
        &self.shared.keys
    }

    /// Randomness for salts, which nothing ever reproduces; everything else takes its entropy as an argument.
    pub(crate) fn salts(&self) -> SystemEntropy {
        SystemEntropy
    }

    /// What a migration's placeholder stands for here: `bytes`, `integer`, `clustered`, `empty`.
    pub(crate) fn placeholder(&self, name: &str) -> Option<&'static str> {
        match (name, &self.backend) {
            ("bytes", Backend::Sqlite(_)) => Some("BLOB"),
            ("bytes", Backend::Postgres(_)) => Some("BYTEA"),
            ("integer", Backend::Sqlite(_)) => Some("INTEGER"),
            ("integer", Backend::Postgres(_)) => Some("BIGINT"),
            // SQLite keeps such a table in its primary key's tree; PostgreSQL knows no such thing.
            ("clustered", Backend::Sqlite(_)) => Some("WITHOUT ROWID"),
            ("clustered", Backend::Postgres(_)) => Some(""),
            ("empty", Backend::Sqlite(_)) => Some("x''"),
            ("empty", Backend::Postgres(_)) => Some("''"),
            _ => None,
        }
    }
}
