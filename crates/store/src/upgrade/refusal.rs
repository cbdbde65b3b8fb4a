//! Why an upgrade fails, or would.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::audit::Fault;
use crate::backup::BackupError;
use crate::error::{OpenError, StoreError};

/// Why there is no upgrade. Each is one sentence that says what to do; the database is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpgradeError {
    /// The database cannot be opened or migrated; among others, because it is newer than this program.
    Open(OpenError),
    /// The folder has no room for a copy.
    NoSpace {
        /// The folder.
        folder: PathBuf,
        /// Bytes that it needs.
        needed: u64,
        /// Bytes that it has.
        free: u64,
    },
    /// SQLite finds its file broken, in these words.
    Damaged(String),
    /// The audit chain is not what was written.
    Audit(Fault),
    /// The copy of the database as it was cannot be made.
    Copy(BackupError),
    /// The system refused.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Its words.
        cause: String,
    },
    /// A row is not what was written, or the database failed.
    Store(StoreError),
}

impl UpgradeError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        UpgradeError::Io { path: path.to_owned(), cause: error.to_string() }
    }
}

impl From<OpenError> for UpgradeError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => UpgradeError::Store(error),
            other => UpgradeError::Open(other),
        }
    }
}

impl From<StoreError> for UpgradeError {
    fn from(error: StoreError) -> Self {
        OpenError::from(error).into()
    }
}

impl From<BackupError> for UpgradeError {
    fn from(error: BackupError) -> Self {
        UpgradeError::Copy(error)
    }
}

impl fmt::Display for UpgradeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpgradeError::Open(error) => error.fmt(f),
            UpgradeError::NoSpace { folder, needed, free } => {
                let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
                write!(
                    f,
                    "{} has {} MiB free and a copy of the database needs {}: make room there.",
                    folder.display(),
                    mib(*free),
                    mib(*needed)
                )
            }
            UpgradeError::Damaged(found) => {
                write!(f, "The database file is damaged ({found}): restore the last good backup.")
            }
            UpgradeError::Audit(fault) => {
                write!(f, "The audit log is not what was written ({}", fault.kind.code())?;
                if let Some(seq) = fault.seq {
                    write!(f, " at event number {seq}")?;
                }
                f.write_str("): find out who wrote to the database before you upgrade it.")
            }
            UpgradeError::Copy(error) => write!(f, "No copy of the database could be kept: {error}"),
            UpgradeError::Io { path, cause } => {
                write!(f, "{} cannot be used ({cause}): check the folder.", path.display())
            }
            UpgradeError::Store(StoreError::Forged { table, id }) => write!(
                f,
                "Row {id} of table {table} was not written by this deployment: find out who wrote to the database \
                 before you upgrade it."
            ),
            UpgradeError::Store(error) => write!(f, "The database failed: {error}."),
        }
    }
}

impl std::error::Error for UpgradeError {}
