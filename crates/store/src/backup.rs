//! Backup and restore: online, consistent, one SQLite file whatever the database is.
//!
//! A backup holds every table as it was at one moment. A restore makes a new database of it, in SQLite or in
//! PostgreSQL, and begins a new epoch there: sessions end and passes that are out are revoked, because they may have
//! been ended, used or revoked since the backup (assurance T2). The key file is not in the backup; without it the
//! backup is worth nothing, and whoever has both has the deployment.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use primitives::keys::KeyRing;

use crate::db::{Database, Db, Param, Row, Tx};
use crate::error::{OpenError, StoreError};
use crate::{key_file, migrate, settings};

/// A table with the single column by which it is read in order.
struct Table {
    name: &'static str,
    key: &'static str,
    /// Less than every key.
    least: Param<'static>,
}

/// Every table but `migrations`, referenced ones first.
const TABLES: &[Table] = &[
    Table { name: "settings", key: "name", least: Param::Text("") },
    Table { name: "time_floor", key: "one", least: Param::Integer(0) },
    Table { name: "users", key: "id", least: Param::Bytes(&[]) },
    Table { name: "passkeys", key: "id", least: Param::Bytes(&[]) },
    Table { name: "spent", key: "spent_key", least: Param::Bytes(&[]) },
    Table { name: "temporary_passes", key: "id", least: Param::Bytes(&[]) },
    Table { name: "sessions", key: "id", least: Param::Bytes(&[]) },
    Table { name: "guesses", key: "slot", least: Param::Integer(-1) },
    Table { name: "refused_ceremonies", key: "reference", least: Param::Text("") },
    Table { name: "passwords", key: "user_id", least: Param::Bytes(&[]) },
    Table { name: "authenticator_codes", key: "user_id", least: Param::Bytes(&[]) },
    Table { name: "recovery_codes", key: "id", least: Param::Bytes(&[]) },
    Table { name: "partial_sign_ins", key: "token", least: Param::Bytes(&[]) },
    Table { name: "interrupts", key: "user_id", least: Param::Bytes(&[]) },
    Table { name: "code_guesses", key: "one", least: Param::Integer(0) },
    Table { name: "enrolments", key: "id", least: Param::Bytes(&[]) },
    Table { name: "notices", key: "id", least: Param::Bytes(&[]) },
    Table { name: "known_browsers", key: "known", least: Param::Bytes(&[]) },
    Table { name: "pass_requests", key: "id", least: Param::Bytes(&[]) },
    Table { name: "reported_entries", key: "event_id", least: Param::Bytes(&[]) },
    Table { name: "groups", key: "id", least: Param::Bytes(&[]) },
    Table { name: "memberships", key: "member", least: Param::Bytes(&[]) },
    Table { name: "policies", key: "version", least: Param::Integer(0) },
    Table { name: "policy_drafts", key: "user_id", least: Param::Bytes(&[]) },
    Table { name: "api_keys", key: "id", least: Param::Bytes(&[]) },
    Table { name: "idempotent_answers", key: "slot", least: Param::Bytes(&[]) },
    Table { name: "pass_orders", key: "id", least: Param::Bytes(&[]) },
    Table { name: "pass_mails", key: "id", least: Param::Bytes(&[]) },
    Table { name: "metadata_sources", key: "source", least: Param::Text("") },
    Table { name: "metadata_entries", key: "entry", least: Param::Text("") },
    Table { name: "attestation_authorities", key: "id", least: Param::Bytes(&[]) },
    Table { name: "attested_devices", key: "id", least: Param::Bytes(&[]) },
    Table { name: "attested_passkeys", key: "passkey_id", least: Param::Bytes(&[]) },
    Table { name: "hooks", key: "id", least: Param::Bytes(&[]) },
    Table { name: "exports", key: "name", least: Param::Text("") },
    Table { name: "fleet_counts", key: "taken", least: Param::Integer(0) },
    Table { name: "sign_in_hours", key: "hour", least: Param::Integer(0) },
    Table { name: "marks", key: "name", least: Param::Text("") },
    Table { name: "clients", key: "id", least: Param::Text("") },
    Table { name: "client_logos", key: "client_id", least: Param::Text("") },
    Table { name: "grants", key: "id", least: Param::Bytes(&[]) },
    Table { name: "consents", key: "slot", least: Param::Bytes(&[]) },
    Table { name: "signing_keys", key: "kid", least: Param::Text("") },
    Table { name: "logout_notices", key: "id", least: Param::Bytes(&[]) },
    Table { name: "device_codes", key: "id", least: Param::Bytes(&[]) },
    Table { name: "device_guesses", key: "slot", least: Param::Integer(-2) },
    Table { name: "audit_events", key: "id", least: Param::Bytes(&[]) },
    Table { name: "audit_batches", key: "number", least: Param::Integer(0) },
    Table { name: "audit_lease", key: "one", least: Param::Integer(0) },
];

/// Rows read at once.
const PAGE: usize = 500;
/// Values bound to one INSERT at most.
const PARAMETERS: usize = 1000;

/// The names of the tables that a backup holds.
pub fn tables() -> Vec<&'static str> {
    TABLES.iter().map(|table| table.name).collect()
}

/// Writes a backup of an open database to the new file `to` (mode 0600), durable when this returns. Use goes on
/// meanwhile.
///
/// # Errors
/// [`BackupError`]; then `to` does not exist.
pub async fn backup(db: &Db, to: &Path) -> Result<(), BackupError> {
    refuse_existing(to)?;
    let (copy, whole) = (beside(to, ".copy"), beside(to, ".new"));
    let made = write_backup(db, &copy, &whole).await;
    remove_database(&copy);
    let made = made.and_then(|()| finish(&whole, to));
    if made.is_err() {
        remove_database(&whole);
    }
    made
}

async fn write_backup(db: &Db, copy: &Path, whole: &Path) -> Result<(), BackupError> {
    // Left by a crash; never in use.
    remove_database(copy);
    remove_database(whole);
    if db.vacuum_into(whole).await? {
        return Ok(());
    }
    let target = Db::connect(&Database::Sqlite(copy.to_owned()), Arc::clone(db.keys()))?;
    migrate::run(&target).await?;
    copy_all(db, &target, |_| Ok(())).await?;
    target.vacuum_into(whole).await?;
    Ok(())
}

/// Makes a database of the backup `from` in the new SQLite file or empty PostgreSQL database `to`, and begins an
/// epoch there that is later than `seen_epoch` (that of the anchor file; 0 without one). Gives the new epoch.
///
/// # Errors
/// [`BackupError`]; then `to` does not exist, or is as empty as it was.
pub async fn restore(
    from: &Path,
    to: &Database,
    keys: Arc<KeyRing>,
    seen_epoch: i64,
) -> Result<i64, BackupError> {
    let source = Db::open_backup(from, Arc::clone(&keys))?;
    migrate::check_only(&source).await?;
    let Database::Sqlite(path) = to else {
        return fill(&source, Db::connect(to, keys)?, seen_epoch).await;
    };
    refuse_existing(path)?;
    let restoring = beside(path, ".restoring");
    remove_database(&restoring);
    let filled = match Db::connect(&Database::Sqlite(restoring.clone()), keys) {
        // The database is closed when this returns, and then it is one file.
        Ok(target) => fill(&source, target, seen_epoch).await,
        Err(error) => Err(error.into()),
    };
    let restored = filled.and_then(|epoch| finish(&restoring, path).map(|()| epoch));
    if restored.is_err() {
        remove_database(&restoring);
    }
    restored
}

async fn fill(source: &Db, target: Db, seen_epoch: i64) -> Result<i64, BackupError> {
    migrate::run(&target).await?;
    // In the transaction of the copy: there is no moment at which the old grants stand in the new database.
    copy_all(source, &target, move |tx| {
        match settings::found(tx) {
            Ok(_) => {}
            Err(StoreError::Forged { .. }) => return Err(BackupError::Open(OpenError::OtherKeys)),
            Err(error) => return Err(error.into()),
        }
        Ok(settings::begin_epoch(tx, seen_epoch)?)
    })
    .await
}

type Chunk = (&'static Table, Vec<Row>);

/// Copies every table from one snapshot of `source` into `target` and does `last`, in one transaction.
async fn copy_all<T: Send + 'static>(
    source: &Db,
    target: &Db,
    mut last: impl FnMut(&mut Tx<'_>) -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let (chunks, received) = sync_channel::<Chunk>(4);
    let mut received = Some(received);
    let mut chunks = Some(chunks);
    // The writer is polled first: it runs on its own thread while the reader may block this one.
    let (written, read) = tokio::join!(
        target.write(move |tx| match received.take() {
            Some(received) => write_chunks(tx, &received).and_then(|()| last(tx)),
            // The chunks of the first attempt are gone; an empty target gives no reason for a second.
            None => Err(BackupError::Store(StoreError::Contention)),
        }),
        source.read(move |tx| match chunks.take() {
            Some(chunks) => read_chunks(tx, &chunks),
            None => Err(BackupError::Store(StoreError::Contention)),
        }),
    );
    read.and(written)
}

/// The sign that everything was read; without it the writer keeps nothing.
const END: &Table = &Table { name: "", key: "", least: Param::Null };

fn read_chunks(tx: &mut Tx<'_>, chunks: &SyncSender<Chunk>) -> Result<(), BackupError> {
    for table in TABLES {
        let Table { name, key, .. } = table;
        // The key once more in front: where it stands among the columns need not be known.
        let sql = format!("SELECT {key}, {name}.* FROM {name} WHERE {key} > $1 ORDER BY {key} LIMIT {PAGE}");
        let mut after = table.least.to_value();
        loop {
            let mut rows = tx.query(&sql, &[after.param()])?;
            match rows.last().and_then(|row| row.0.first()) {
                Some(last) => after = last.clone(),
                None => break,
            }
            rows.iter_mut().for_each(|row| drop(row.0.drain(..1)));
            // The writer has given up and says why.
            if chunks.send((table, rows)).is_err() {
                return Ok(());
            }
        }
    }
    let _ = chunks.send((END, Vec::new()));
    Ok(())
}

fn write_chunks(tx: &mut Tx<'_>, chunks: &Receiver<Chunk>) -> Result<(), BackupError> {
    for table in TABLES.iter().filter(|table| !matches!(table.name, "time_floor" | "audit_lease")) {
        let sql = format!("SELECT {} FROM {} LIMIT 1", table.key, table.name);
        if tx.query_one(&sql, &[])?.is_some() {
            return Err(BackupError::NotEmpty);
        }
    }
    for table in TABLES {
        empty(tx, table)?;
    }
    while let Ok((table, rows)) = chunks.recv() {
        if table.name.is_empty() {
            return Ok(());
        }
        let width = rows.first().map_or(1, |row| row.0.len()).max(1);
        for rows in rows.chunks((PARAMETERS / width).max(1)) {
            let params: Vec<Param<'_>> =
                rows.iter().flat_map(|row| row.0.iter().map(|value| value.param())).collect();
            tx.execute(&insert(table, rows.len(), width), &params)?;
        }
    }
    Err(BackupError::Incomplete)
}

fn empty(tx: &mut Tx<'_>, table: &Table) -> Result<(), StoreError> {
    tx.execute(&format!("DELETE FROM {}", table.name), &[]).map(|_| ())
}

/// `INSERT INTO table VALUES ($1, $2), ($3, $4), …`; both databases made their columns by the same migrations.
fn insert(table: &Table, rows: usize, width: usize) -> String {
    let rows = (0..rows).map(|row| {
        let columns =
            (1..=width).map(|column| format!("${}", row.saturating_mul(width).saturating_add(column)));
        format!("({})", columns.collect::<Vec<_>>().join(", "))
    });
    format!("INSERT INTO {} VALUES {}", table.name, rows.collect::<Vec<_>>().join(", "))
}

fn refuse_existing(path: &Path) -> Result<(), BackupError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::io(path, &error)),
        Ok(_) => Err(BackupError::Exists(path.to_owned())),
    }
}

pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a whole file durable under its final name. A hard link and not a rename, which would replace a file that
/// came into being meanwhile.
fn finish(whole: &Path, to: &Path) -> Result<(), BackupError> {
    let linked =
        File::open(whole).and_then(|file| file.sync_all()).and_then(|()| std::fs::hard_link(whole, to));
    linked.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
        _ => BackupError::io(to, &error),
    })?;
    remove_database(whole);
    key_file::sync_folder(to).map_err(|error| BackupError::io(to, &error))
}

/// Removes a SQLite file with its log, if they are there.
pub(crate) fn remove_database(path: &Path) {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(beside(path, suffix));
    }
}

/// Why there is no backup, or nothing was restored. Each is one sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupError {
    /// The target file exists.
    Exists(PathBuf),
    /// The target database holds data.
    NotEmpty,
    /// The source failed before its end.
    Incomplete,
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// Its words.
        cause: String,
    },
    /// Source or target cannot be opened, or the key file is not the backup's.
    Open(OpenError),
    /// Source or target failed.
    Store(StoreError),
}

impl BackupError {
    fn io(path: &Path, error: &io::Error) -> Self {
        BackupError::Io { path: path.to_owned(), cause: error.to_string() }
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        BackupError::Open(error)
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        BackupError::Store(error)
    }
}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BackupError::Exists(path) => {
                write!(
                    f,
                    "{} exists and is not overwritten: give another path or move it away.",
                    path.display()
                )
            }
            BackupError::NotEmpty => {
                f.write_str("The target database holds data and is not overwritten: give an empty one.")
            }
            BackupError::Incomplete => {
                f.write_str("The source could not be read to its end: nothing was kept.")
            }
            BackupError::Io { path, cause } => {
                write!(
                    f,
                    "{} cannot be written ({cause}): check the folder and its permissions.",
                    path.display()
                )
            }
            BackupError::Open(error) => error.fmt(f),
            BackupError::Store(error) => write!(f, "The database failed: {error}."),
        }
    }
}

impl std::error::Error for BackupError {}
