//! What SQLite's refusals mean to the caller.

use rusqlite::{Connection, ffi};

use crate::error::StoreError;

/// Commits. Where the disk fails to flush, the log may hold the whole transaction: the next one overwrites it, but a
/// start after a crash takes it for committed. So nobody is told that nothing happened.
pub(super) fn commit(connection: &Connection) -> Result<(), StoreError> {
    let ran = connection.prepare_cached("COMMIT").and_then(|mut statement| statement.raw_execute());
    ran.map(|_| ()).map_err(|error| match error.sqlite_extended_error_code() {
        Some(code) if code & 0xff == ffi::SQLITE_IOERR => {
            tracing::error!(%error, code, "the disk did not confirm a commit: it may have happened or not");
            StoreError::Unknown
        }
        _ => database_error(&error),
    })
}

/// What an error of a statement means: it did not happen.
pub(in crate::db) fn database_error(error: &rusqlite::Error) -> StoreError {
    let cause = error.to_string();
    match error.sqlite_extended_error_code() {
        Some(
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
        ) => StoreError::Conflict(cause),
        Some(code) if matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => StoreError::Contention,
        // A disk that is full or fails may come back, and what it did not take was not done.
        Some(code)
            if matches!(
                code & 0xff,
                ffi::SQLITE_CANTOPEN
                    | ffi::SQLITE_NOTADB
                    | ffi::SQLITE_CORRUPT
                    | ffi::SQLITE_FULL
                    | ffi::SQLITE_IOERR
                    | ffi::SQLITE_READONLY
            ) =>
        {
            StoreError::Unavailable(cause)
        }
        _ => StoreError::Database(cause),
    }
}
