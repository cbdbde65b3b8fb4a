//! What the driver's errors mean to the caller of the store.

use tokio_postgres::error::SqlState;

use crate::error::StoreError;

pub(super) fn says_unknown(code: &SqlState) -> bool {
    [
        SqlState::TRANSACTION_RESOLUTION_UNKNOWN,
        SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
    ]
    .contains(code)
}

pub(super) fn unavailable(error: &tokio_postgres::Error) -> StoreError {
    StoreError::Unavailable(explain(error))
}

/// The driver's `Display` says only "db error"; the cause says which.
fn explain(error: &tokio_postgres::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

pub(super) fn database_error(error: &tokio_postgres::Error) -> StoreError {
    let cause = explain(error);
    match error.code() {
        Some(code)
            if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) =>
        {
            StoreError::Contention
        }
        Some(code)
            if [
                SqlState::UNIQUE_VIOLATION,
                SqlState::FOREIGN_KEY_VIOLATION,
                SqlState::DUPLICATE_TABLE,
                SqlState::DUPLICATE_OBJECT,
            ]
            .contains(code) =>
        {
            StoreError::Conflict(cause)
        }
        // Class 57P: the server is stopping, starting or has dropped us; class 08 is the connection itself.
        Some(code) if code.code().starts_with("57P") || code.code().starts_with("08") => {
            StoreError::Unavailable(cause)
        }
        Some(_) => StoreError::Database(cause),
        None if error.is_closed() => StoreError::Unavailable(cause),
        None if std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>()) => {
            StoreError::Unavailable(cause)
        }
        None => StoreError::Database(cause),
    }
}
