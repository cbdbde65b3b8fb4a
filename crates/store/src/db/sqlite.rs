//! SQLite: one writer thread that groups commits, and a pool of readers used on the caller's thread.

mod errors;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};

use self::errors::commit;
pub(super) use self::errors::database_error;
use super::checkpoint::Checkpointer;
use super::job::{Job, Verdict};
use super::value::{Param, Row, Value};
use super::{Backend, Shared, Tx};
use crate::error::{OpenError, StoreError};

/// The first release without the WAL-reset bug (two connections checkpointing could lose commits).
const OLDEST: i32 = 3_051_003;
/// Use cases in one commit at most, so that the first of a flood does not wait for all of it.
const BATCH: usize = 256;
/// Readers that stay open when nobody reads.
const IDLE_READERS: usize = 16;

/// An open SQLite database.
pub(super) struct Sqlite {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    /// Dropped before the writer ends, so that the writer is the last to close the file.
    checkpointer: Option<Checkpointer>,
    /// Where readers connect; `None` in memory, where the writer reads too.
    path: Option<PathBuf>,
    idle: Mutex<Vec<Connection>>,
    /// What further connections are for.
    role: Role,
}

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that writes.
    Writer,
    /// Reads beside the writer.
    Reader,
    /// Reads a file that nobody writes and that must not change.
    Backup,
}

impl Sqlite {
    pub(super) fn open(path: Option<&Path>, shared: Arc<Shared>) -> Result<Self, OpenError> {
        if rusqlite::version_number() < OLDEST {
            return Err(OpenError::SqliteTooOld(rusqlite::version().to_owned()));
        }
        if let Some(path) = path {
            // Created here, because SQLite would follow the umask: the database holds hashes and people's data.
            let created =
                OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
            created.map_err(|error| OpenError::Unreachable(format!("{}: {error}", path.display())))?;
        }
        let connection = connect(path, Role::Writer).map_err(|error| unreachable(path, &error))?;
        let checkpointer = path
            .map(|path| Checkpointer::start(path, Arc::clone(&shared)))
            .transpose()
            .map_err(|error| OpenError::Unreachable(error.to_string()))?;
        let (queue, jobs) = mpsc::channel();
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_forever(&connection, &jobs, &shared))
            .map_err(|error| OpenError::Unreachable(error.to_string()))?;
        Ok(Self {
            queue: Some(queue),
            writer: Some(writer),
            checkpointer,
            path: path.map(Path::to_owned),
            idle: Mutex::new(Vec::new()),
            role: Role::Reader,
        })
    }

    /// Opens a backup: read only, nothing is written beside it, and checked to be whole.
    pub(super) fn open_backup(path: &Path) -> Result<Self, OpenError> {
        let connection =
            connect(Some(path), Role::Backup).map_err(|error| unreachable(Some(path), &error))?;
        let found: Result<String, _> =
            connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
        match found {
            Ok(found) if found == "ok" => {}
            Ok(found) => return Err(OpenError::Unreachable(format!("{}: {found}", path.display()))),
            Err(error) => return Err(unreachable(Some(path), &error)),
        }
        Ok(Self::reading(path, connection, Role::Backup))
    }

    /// Opens a database that others may be using, to read it and no more.
    pub(super) fn open_reading(path: &Path) -> Result<Self, OpenError> {
        let connection =
            connect(Some(path), Role::Reader).map_err(|error| unreachable(Some(path), &error))?;
        Ok(Self::reading(path, connection, Role::Reader))
    }

    fn reading(path: &Path, connection: Connection, role: Role) -> Self {
        let idle = Mutex::new(vec![connection]);
        Self { queue: None, writer: None, checkpointer: None, path: Some(path.to_owned()), idle, role }
    }

    /// The file, unless it is in memory.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Hands a job to the writer; an error gives it back because the writer is gone.
    pub(super) fn send(&self, job: Box<dyn Job>) -> Result<(), Box<dyn Job>> {
        match &self.queue {
            Some(queue) => queue.send(job).map_err(|mpsc::SendError(job)| job),
            None => Err(job),
        }
    }

    /// Whether reads must go through the writer.
    pub(super) fn is_memory(&self) -> bool {
        self.path.is_none()
    }

    /// Runs `work` in a read transaction on this thread.
    pub(super) fn read(&self, job: &mut dyn Job, shared: &Shared) -> Result<(), StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect(self.path.as_deref(), self.role).map_err(|error| database_error(&error))?,
        };
        run(&connection, "BEGIN")?;
        let mut tx = Tx::new(Backend::Sqlite(Session { connection: &connection, savepoint: None }), shared);
        job.attempt(&mut tx);
        // A connection that cannot end its transaction is not used again.
        run(&connection, "COMMIT")?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(connection);
        }
        Ok(())
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.checkpointer = None;
        // The writer ends when its queue does; waiting for it closes the file in order.
        self.queue = None;
        if let Some(writer) =
            self.writer.take().filter(|writer| writer.thread().id() != std::thread::current().id())
        {
            let _ = writer.join();
        }
    }
}

/// A connection with the settings that everything here relies on.
pub(super) fn connect(path: Option<&Path>, role: Role) -> rusqlite::Result<Connection> {
    let access = match role {
        Role::Writer | Role::Reader => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Role::Backup => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = match path {
        Some(path) => Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?,
        None => Connection::open_in_memory()?,
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    // Without it SQLite plans a statement with a bound LIMIT anew at each execution, in case the number matters:
    // measured as a seventh of a sign-in's processor time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;",
    )?;
    // With temp_store=MEMORY savepoints keep their undo pages in memory. The checkpointer copies the log every second;
    // the writer does it itself only where that falls behind.
    match role {
        Role::Backup => {}
        Role::Writer => connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;",
        )?,
        Role::Reader => connection.execute_batch("PRAGMA query_only = ON;")?,
    }
    Ok(connection)
}

/// Writes a snapshot of the database at `from` to the new file `to`, readable by its owner only.
pub(super) fn vacuum_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    created.map_err(|error| StoreError::Unavailable(format!("{}: {error}", to.display())))?;
    let connection = connect(Some(from), Role::Writer).map_err(|error| database_error(&error))?;
    let to = to.to_str().ok_or_else(|| StoreError::Unavailable("the path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO ?1", [to]).map(|_| ()).map_err(|error| database_error(&error))
}

fn unreachable(path: Option<&Path>, error: &rusqlite::Error) -> OpenError {
    OpenError::Unreachable(match path {
        Some(path) => format!("{}: {error}", path.display()),
        None => error.to_string(),
    })
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let ran = connection.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
    ran.map(|_| ()).map_err(|error| database_error(&error))
}

fn write_forever(connection: &Connection, jobs: &mpsc::Receiver<Box<dyn Job>>, shared: &Shared) {
    while let Ok(first) = jobs.recv() {
        write_batch(connection, first, jobs, shared);
    }
}

/// One transaction for `first` and whatever else is waiting, one fsync, then the replies.
fn write_batch(
    connection: &Connection,
    first: Box<dyn Job>,
    jobs: &mpsc::Receiver<Box<dyn Job>>,
    shared: &Shared,
) {
    if let Err(error) = run(connection, "BEGIN IMMEDIATE") {
        first.reply(Err(error));
        return;
    }
    let mut batch: Vec<Box<dyn Job>> = Vec::new();
    let mut next = Some(first);
    let mut ended = Ok(());
    while let Some(mut job) = next.take() {
        ended = write_one(connection, job.as_mut(), shared);
        batch.push(job);
        if ended.is_ok() && batch.len() < BATCH {
            next = jobs.try_recv().ok();
        }
    }
    let ended = ended.and_then(|()| store_floor(connection, shared));
    let ended = ended.and_then(|floor| {
        commit(connection)?;
        floor.into_iter().for_each(|floor| shared.clock.has_stored(floor));
        Ok(())
    });
    if ended.is_err() && !connection.is_autocommit() {
        let _ = run(connection, "ROLLBACK");
    }
    let size = u64::try_from(batch.len()).unwrap_or(u64::MAX);
    shared.counters.commits.fetch_add(1, Ordering::Relaxed);
    shared.counters.jobs.fetch_add(size, Ordering::Relaxed);
    for job in batch {
        job.reply(ended.clone());
    }
}

/// One use case inside the batch. An error means that the whole batch is lost.
fn write_one(connection: &Connection, job: &mut dyn Job, shared: &Shared) -> Result<(), StoreError> {
    if !job.is_wanted() {
        return Ok(());
    }
    let mut savepoint = false;
    let session = Session { connection, savepoint: Some(&mut savepoint) };
    let mut tx = Tx::new(Backend::Sqlite(session), shared);
    let verdict = job.attempt(&mut tx);
    let failure = tx.failure();
    // Some errors (disk full, I/O) make SQLite roll back everything, the neighbours' work too.
    if connection.is_autocommit() {
        return Err(failure.unwrap_or_else(|| StoreError::Database("the transaction was lost".to_owned())));
    }
    if !savepoint {
        return Ok(());
    }
    if verdict == Verdict::Discard {
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")
}

/// Writes the floor of the clock where it is due, and gives it: it counts as stored after the commit.
fn store_floor(connection: &Connection, shared: &Shared) -> Result<Option<i64>, StoreError> {
    let Some(floor) = shared.clock.to_store() else { return Ok(None) };
    let mut session = Session { connection, savepoint: None };
    session.query("UPDATE time_floor SET floor = $1 WHERE floor < $1", &[Param::Integer(floor)])?;
    Ok(Some(floor))
}

/// A transaction under way on one connection.
pub(super) struct Session<'a> {
    connection: &'a Connection,
    /// Whether the job's savepoint is open; `None` where there are none. It is opened by the first statement that
    /// writes, so a use case that only looks and refuses costs none.
    savepoint: Option<&'a mut bool>,
}

impl Session<'_> {
    /// Runs one statement; gives its rows and how many rows it changed.
    pub(super) fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(Vec<Row>, u64), StoreError> {
        let sql = translate(sql);
        let mut statement = self.connection.prepare_cached(&sql).map_err(|error| database_error(&error))?;
        if !statement.readonly() {
            self.open_savepoint()?;
        }
        let mut rows = Vec::new();
        let ran = (|| {
            for (index, param) in params.iter().enumerate() {
                statement.raw_bind_parameter(index.saturating_add(1), BoundParam(*param))?;
            }
            let width = statement.column_count();
            let mut found = statement.raw_query();
            while let Some(row) = found.next()? {
                let mut values = Vec::with_capacity(width);
                for column in 0..width {
                    values.push(value(row.get_ref(column)?));
                }
                rows.push(Row(values));
            }
            Ok(())
        })();
        ran.map_err(|error| database_error(&error))?;
        let changed = if statement.readonly() { 0 } else { self.connection.changes() };
        Ok((rows, changed))
    }

    /// Runs several statements without parameters, such as a migration.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.open_savepoint()?;
        self.connection.execute_batch(sql).map_err(|error| database_error(&error))
    }

    /// The clock of the database, in microseconds.
    pub(super) fn clock(&mut self) -> Result<i64, StoreError> {
        let read = self.connection.prepare_cached("SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)");
        read.and_then(|mut statement| statement.query_row([], |row| row.get(0)))
            .map_err(|error| database_error(&error))
    }

    fn open_savepoint(&mut self) -> Result<(), StoreError> {
        match &mut self.savepoint {
            Some(open) if !**open => {
                run(self.connection, "SAVEPOINT job")?;
                **open = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// From the common text to SQLite's: numbered parameters, and no row locks, because there is one writer.
fn translate(sql: &str) -> String {
    sql.strip_suffix(" FOR UPDATE").unwrap_or(sql).replace('$', "?")
}

struct BoundParam<'a>(Param<'a>);

impl rusqlite::ToSql for BoundParam<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Param::Null => ValueRef::Null,
            Param::Integer(value) => ValueRef::Integer(value),
            Param::Text(value) => ValueRef::Text(value.as_bytes()),
            Param::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        // No column is REAL and nothing here computes one; NULL makes the reader say which column is wrong.
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
    }
}
