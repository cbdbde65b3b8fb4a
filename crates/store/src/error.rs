//! What can go wrong in the store, told apart by what the caller can do about it.

use std::fmt;

/// Why a transaction did not happen, or why its rows cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// A row that gives authority does not carry the MAC that this deployment would have given it (DESIGN
    /// 5a.1): somebody wrote or moved it with SQL. Nothing was decided by it.
    Forged {
        /// The table.
        table: &'static str,
        /// The row's id or name.
        id: String,
    },
    /// A row holds what this program never writes there.
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column's place in the query, from 0.
        column: usize,
    },
    /// A unique or foreign key refused the row.
    Conflict(String),
    /// Other transactions kept winning; nothing was changed, the caller may try again.
    Contention,
    /// The database cannot be reached or is closed; nothing was changed.
    Unavailable(String),
    /// The database refused a statement or the commit; nothing was changed.
    Database(String),
    /// The connection was lost, or the disk failed, while the commit was under way: it may have happened or not. Never
    /// repeated blindly; whoever repeats must do it through an idempotent key (`spent`).
    Unknown,
    /// The use case panicked; its transaction was rolled back.
    Panicked,
}

impl StoreError {
    /// The stable code for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::Forged { .. } => "store_forged",
            StoreError::Inconsistent { .. } => "store_inconsistent",
            StoreError::Conflict(_) => "store_conflict",
            StoreError::Contention => "store_contention",
            StoreError::Unavailable(_) => "store_unavailable",
            StoreError::Database(_) => "store_database",
            StoreError::Unknown => "store_unknown",
            StoreError::Panicked => "store_panicked",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Forged { table, id } => {
                write!(f, "integrity alarm: row {id} of table {table} was not written by this deployment")
            }
            StoreError::Inconsistent { table, column } => {
                write!(f, "table {table} holds an impossible value in column {column}")
            }
            StoreError::Conflict(cause) => write!(f, "a unique or foreign key refused the row: {cause}"),
            StoreError::Contention => f.write_str("other transactions kept winning, nothing was changed"),
            StoreError::Unavailable(cause) => write!(f, "the database cannot be reached: {cause}"),
            StoreError::Database(cause) => write!(f, "the database refused: {cause}"),
            StoreError::Unknown => f.write_str(
                "the commit was not confirmed (connection lost, or the disk failed), its outcome is unknown",
            ),
            StoreError::Panicked => f.write_str("a use case panicked, its transaction was rolled back"),
        }
    }
}

impl std::error::Error for StoreError {}

/// Why a database is not opened. Each is one sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The file or server cannot be reached, read or written.
    Unreachable(String),
    /// The linked SQLite is older than 3.51.3, which can corrupt a WAL.
    SqliteTooOld(String),
    /// The schema was made by a newer keyward.
    NewerSchema {
        /// The database's last migration.
        found: i64,
        /// The last one that this program knows.
        known: i64,
    },
    /// The schema is older than this program needs and must not be changed here (a backup).
    OlderSchema {
        /// The database's last migration.
        found: i64,
        /// The one it should have.
        known: i64,
    },
    /// The schema is older than this program needs, and this is not the command that changes it.
    NeedsUpgrade {
        /// The database's last migration.
        found: i64,
        /// The one it should have.
        known: i64,
    },
    /// A migration that was applied is not the one that this program carries.
    ChangedMigration(i64),
    /// A migration failed; nothing was changed.
    Migration(i64, StoreError),
    /// The database was made under other root keys.
    OtherKeys,
    /// The database is older than what this node has seen of it (DESIGN 5a.9): a backup or a failover.
    Behind(crate::anchor::Behind),
    /// The store failed while opening.
    Store(StoreError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => OpenError::Unreachable(cause),
            other => OpenError::Store(other),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Unreachable(cause) => {
                write!(f, "The database cannot be opened ({cause}): check --database and its permissions.")
            }
            OpenError::SqliteTooOld(version) => {
                write!(f, "SQLite {version} can corrupt its log: build keyward with its bundled SQLite.")
            }
            OpenError::NewerSchema { found, known } => write!(
                f,
                "The database has schema {found}, this program knows {known}: start the newer keyward that wrote it."
            ),
            OpenError::OlderSchema { found, known } => write!(
                f,
                "The backup has schema {found}, this program needs {known}: restore it with the release that made \
                 it, then upgrade."
            ),
            OpenError::ChangedMigration(number) => write!(
                f,
                "Migration {number} of the database is not the one in this program: start the release that made it, \
                 or restore a backup."
            ),
            OpenError::NeedsUpgrade { found, known } => write!(
                f,
                "The database has schema {found}, this program needs {known}: run `keyward upgrade --check`, then \
                 start the server with this program or run `keyward upgrade`."
            ),
            OpenError::Migration(number, error) => write!(
                f,
                "Migration {number} failed ({error}) and nothing was changed: keep the earlier release running and \
                 report this."
            ),
            OpenError::OtherKeys => f.write_str(
                "The key file does not belong to this database: give the one that was made with it (--key-file).",
            ),
            OpenError::Behind(behind) => behind.fmt(f),
            OpenError::Store(error) => write!(f, "The database cannot be used: {error}."),
        }
    }
}

impl std::error::Error for OpenError {}
