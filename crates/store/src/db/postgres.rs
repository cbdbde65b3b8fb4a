//! PostgreSQL: worker threads that each own one connection, serializable transactions, retries.

mod errors;
mod stall;

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::BytesMut;
use tokio::runtime::Runtime;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use tokio_postgres::{Client, Config, NoTls, Statement};

use self::errors::{database_error, says_unknown, unavailable};
use self::stall::Progress;
use super::job::{Job, Verdict};
use super::value::{Param, Row, Value};
use super::{Backend, Shared, Tx};
use crate::error::{OpenError, StoreError};

/// Connections of one node, as many as make [`stall::BUSY`].
const WORKERS: u64 = stall::BUSY;
/// Attempts of one use case before it is given up as [`StoreError::Contention`]. Of the transactions that meet on a
/// row one always commits, so this many losses in a row mean that something is wrong.
const ATTEMPTS: u32 = 100;
/// Attempts that a use case makes among others. PostgreSQL finds conflicts by pages of indexes, so in small tables
/// everything meets everything, and somebody unlucky could lose each time (seen: one sign-in in a thousand).
const AMONG_OTHERS: u32 = 5;
/// The longest pause between two attempts, which bounds all of them to about a second.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// A server that takes so long to greet, or to acknowledge a packet, is gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// The workers of an open PostgreSQL database.
pub(super) struct Postgres {
    queue: Option<mpsc::Sender<Box<dyn Job>>>,
    progress: Arc<Progress>,
    workers: Vec<JoinHandle<()>>,
}

impl Postgres {
    pub(super) fn open(url: &str, shared: &Arc<Shared>) -> Result<Self, OpenError> {
        let mut config: Config =
            url.parse().map_err(|error: tokio_postgres::Error| OpenError::Unreachable(error.to_string()))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE).keepalives_idle(PATIENCE).keepalives_interval(PATIENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("keyward");
        }
        let (queue, jobs) = mpsc::channel();
        let jobs = Arc::new(Mutex::new(jobs));
        let turn = Arc::new(RwLock::new(()));
        let progress = Arc::new(Progress::default());
        let mut workers = Vec::new();
        for _ in 0..WORKERS {
            let (config, jobs, shared) = (config.clone(), Arc::clone(&jobs), Arc::clone(shared));
            let (turn, progress) = (Arc::clone(&turn), Arc::clone(&progress));
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| OpenError::Unreachable(error.to_string()))?;
            let worker = std::thread::Builder::new()
                .name("postgres".to_owned())
                .spawn(move || {
                    Worker { config, runtime, shared, turn, progress, session: None }.work_forever(&jobs)
                })
                .map_err(|error| OpenError::Unreachable(error.to_string()))?;
            workers.push(worker);
        }
        Ok(Self { queue: Some(queue), progress, workers })
    }

    /// Hands a job to the workers; an error gives it back because they are gone, or wait for the server in vain.
    pub(super) fn send(&self, job: Box<dyn Job>) -> Result<(), (Box<dyn Job>, StoreError)> {
        match &self.queue {
            Some(_) if self.progress.is_stalled() => {
                Err((job, StoreError::Unavailable("the database does not answer".to_owned())))
            }
            Some(queue) => {
                self.progress.began();
                queue.send(job).map_err(|mpsc::SendError(job)| (job, super::closed()))
            }
            None => Err((job, super::closed())),
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.queue = None;
        for worker in self.workers.drain(..) {
            if worker.thread().id() != std::thread::current().id() {
                let _ = worker.join();
            }
        }
    }
}

/// How long to wait before that attempt. A transaction that lost against one still under way would lose against it
/// again at once, a hundred times within the other's lifetime (seen beside the audit sequencer's long ones).
fn pause(attempt: u32) -> Duration {
    let doubled = Duration::from_micros(100).saturating_mul(1 << attempt.min(10));
    doubled.min(LONGEST_PAUSE)
}

struct Connected {
    client: Client,
    statements: HashMap<String, Statement>,
}

struct Worker {
    config: Config,
    runtime: Runtime,
    shared: Arc<Shared>,
    /// Shared by the writes under way on this node, held alone by one that has lost too often.
    turn: Arc<RwLock<()>>,
    progress: Arc<Progress>,
    session: Option<Connected>,
}

/// How one attempt ended.
enum Attempt {
    /// Answer with the job's own result.
    Done,
    /// Nothing happened and nothing will: answer with this.
    Failed(StoreError),
    /// Nothing happened: run the job again, or give up with this.
    Again(StoreError),
}

impl Worker {
    fn work_forever(mut self, jobs: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
        loop {
            let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(mut job) = next else { return };
            let end = self.work(job.as_mut());
            self.progress.ended();
            job.reply(end);
        }
    }

    fn work(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        let mut last = StoreError::Contention;
        let turn = Arc::clone(&self.turn);
        for attempt in 0..ATTEMPTS {
            if !job.is_wanted() {
                return Err(last);
            }
            if attempt > 0 {
                self.shared.counters.retries.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(pause(attempt));
            }
            let alone = attempt >= AMONG_OTHERS;
            let _alone = alone.then(|| turn.write().unwrap_or_else(PoisonError::into_inner));
            // Reads are not serializable transactions and meet nobody.
            let among = !alone && !job.is_read();
            let _among = among.then(|| turn.read().unwrap_or_else(PoisonError::into_inner));
            match self.attempt(job) {
                Attempt::Done => return Ok(()),
                Attempt::Failed(error) => return Err(error),
                // A server that is away is not called a hundred times: once for the connection that had gone
                // stale, once more on a fresh one.
                Attempt::Again(StoreError::Unavailable(cause)) if attempt > 0 => {
                    return Err(StoreError::Unavailable(cause));
                }
                Attempt::Again(error) => last = error,
            }
        }
        Err(last)
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Attempt {
        let mut connected = match self.session.take().map_or_else(|| self.connect(), Ok) {
            Ok(connected) => connected,
            Err(error) => return Attempt::Again(error),
        };
        let begin = if job.is_read() {
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        } else {
            "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE"
        };
        if let Err(error) = self.runtime.block_on(connected.client.batch_execute(begin)) {
            return Attempt::Again(unavailable(&error));
        }
        let session = Session { runtime: &self.runtime, connected: &mut connected };
        let mut tx = Tx::new(Backend::Postgres(session), &self.shared);
        let verdict = job.attempt(&mut tx);
        let end = match tx.failure() {
            // What the use case made of a lost race is not what it would say on its own.
            Some(error @ (StoreError::Contention | StoreError::Unavailable(_))) => Attempt::Again(error),
            _ => Attempt::Done,
        };
        if matches!(end, Attempt::Again(_)) || verdict == Verdict::Discard {
            if self.runtime.block_on(connected.client.batch_execute("ROLLBACK")).is_ok() {
                self.session = Some(connected);
            }
            return end;
        }
        let end = self.commit(&connected);
        if !matches!(end, Attempt::Failed(StoreError::Unknown)) {
            self.store_floor(&mut connected);
            self.session = Some(connected);
        }
        end
    }

    fn commit(&self, connected: &Connected) -> Attempt {
        let counters = &self.shared.counters;
        let committed = self.runtime.block_on(connected.client.batch_execute("COMMIT"));
        match committed.as_ref().err().map(|error| (error.code(), error)) {
            None => {
                counters.commits.fetch_add(1, Ordering::Relaxed);
                counters.jobs.fetch_add(1, Ordering::Relaxed);
                Attempt::Done
            }
            // Without an answer from the server nobody knows whether the commit happened. The same for the codes
            // with which the server says so itself.
            Some((None, _)) => Attempt::Failed(StoreError::Unknown),
            Some((Some(code), _)) if says_unknown(code) => Attempt::Failed(StoreError::Unknown),
            Some((Some(_), error)) => match database_error(error) {
                StoreError::Contention => Attempt::Again(StoreError::Contention),
                other => Attempt::Failed(other),
            },
        }
    }

    /// Stores the floor of the clock about once a second, and learns what the other nodes stored. On its own, not in
    /// the use case's transaction: the row would make all of them conflict.
    fn store_floor(&self, connected: &mut Connected) {
        let Some(floor) = self.shared.clock.to_store() else { return };
        let sql = "UPDATE time_floor SET floor = GREATEST(floor, $1) RETURNING floor";
        let mut session = Session { runtime: &self.runtime, connected };
        if let Ok((rows, _)) = session.query(sql, &[Param::Integer(floor)]) {
            self.shared.clock.has_stored(floor);
            if let Some(Value::Integer(common)) = rows.first().and_then(|row| row.0.first()) {
                self.shared.clock.raise(*common);
            }
        }
    }

    fn connect(&self) -> Result<Connected, StoreError> {
        let greeted =
            self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.config.connect(NoTls)).await });
        let greeted =
            greeted.map_err(|_| StoreError::Unavailable("the database does not greet".to_owned()))?;
        let (client, connection) = greeted.map_err(|error| unavailable(&error))?;
        // The task ends with the connection; every statement that follows says why.
        self.runtime.spawn(async move { drop(connection.await) });
        Ok(Connected { client, statements: HashMap::new() })
    }
}

/// A transaction under way on one connection.
pub(super) struct Session<'a> {
    runtime: &'a Runtime,
    connected: &'a mut Connected,
}

impl Session<'_> {
    /// Runs one statement; gives its rows and how many rows it changed.
    pub(super) fn query(&mut self, sql: &str, params: &[Param<'_>]) -> Result<(Vec<Row>, u64), StoreError> {
        let Connected { client, statements } = &mut *self.connected;
        let (rows, changed) = self
            .runtime
            .block_on(async {
                let statement = match statements.get(sql) {
                    Some(statement) => statement.clone(),
                    None => {
                        let statement = client.prepare(sql).await?;
                        statements.insert(sql.to_owned(), statement.clone());
                        statement
                    }
                };
                let params: Vec<&(dyn ToSql + Sync)> =
                    params.iter().map(|param| -> &(dyn ToSql + Sync) { param }).collect();
                if statement.columns().is_empty() {
                    client.execute(&statement, &params).await.map(|changed| (Vec::new(), changed))
                } else {
                    let rows = client.query(&statement, &params).await?;
                    let changed = u64::try_from(rows.len()).unwrap_or(u64::MAX);
                    Ok((rows, changed))
                }
            })
            .map_err(|error| database_error(&error))?;
        let rows = rows.iter().map(row).collect::<Result<_, _>>().map_err(|error| database_error(&error))?;
        Ok((rows, changed))
    }

    /// Runs several statements without parameters, such as a migration.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.runtime
            .block_on(self.connected.client.batch_execute(sql))
            .map_err(|error| database_error(&error))
    }

    /// The clock of the database, in microseconds.
    pub(super) fn clock(&mut self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
        match self.query(sql, &[])?.0.first().and_then(|row| row.0.first()) {
            Some(Value::Integer(micros)) => Ok(*micros),
            _ => Err(StoreError::Database("the database has no clock".to_owned())),
        }
    }
}

fn row(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    (0..row.len()).map(|column| row.try_get(column)).collect::<Result<_, _>>().map(Row)
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Param::Null => Ok(IsNull::Yes),
            Param::Integer(value) if *ty == Type::INT4 => i32::try_from(value)?.to_sql(ty, out),
            Param::Integer(value) => value.to_sql(ty, out),
            Param::Text(value) => value.to_sql(ty, out),
            Param::Bytes(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT4, Type::INT8, Type::TEXT, Type::VARCHAR, Type::NAME, Type::BYTEA].contains(ty)
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        let fits = match self {
            Param::Null => true,
            Param::Integer(_) => matches!(*ty, Type::INT4 | Type::INT8),
            Param::Text(_) => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::NAME),
            Param::Bytes(_) => *ty == Type::BYTEA,
        };
        if fits {
            self.to_sql(ty, out)
        } else {
            Err(format!("a parameter does not fit the type {ty}").into())
        }
    }
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT4 => Value::Integer(i32::from_sql(ty, raw)?.into()),
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ => Value::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        <Param<'_> as ToSql>::accepts(ty)
    }
}
