//! Looking at a database without changing it, and ground on which a migration can be tried: nothing of it lasts.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use primitives::keys::KeyRing;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::sqlite::{Role, Sqlite, connect, database_error};
use super::{Backend, Counters, Database, Db, Engine, Shared, Tx, clock};
use crate::error::{OpenError, StoreError};

/// Pages copied between two reports of progress.
const STEP: i32 = 4096;

impl Db {
    /// Opens a database for reading only; a SQLite file is left as it is, byte for byte.
    pub(crate) fn look(database: &Database, keys: Arc<KeyRing>) -> Result<Db, OpenError> {
        let Database::Sqlite(path) = database else { return Self::connect(database, keys) };
        let shared = Arc::new(Shared { keys, clock: clock::Clock::new(), counters: Counters::default() });
        let engine = Engine::Sqlite(Sqlite::open_reading(path)?);
        Ok(Db { engine: Arc::new(engine), shared })
    }
}

impl Tx<'_> {
    /// Whether there is a table of that name.
    pub(crate) fn has_table(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = match &self.backend {
            Backend::Sqlite(_) => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1",
            Backend::Postgres(_) => "SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass($1)",
        };
        Ok(self.query_one(sql, &[name.into()])?.is_some())
    }

    /// In a read on PostgreSQL: from here to its end the names of tables mean temporary ones, of which there are none
    /// yet. Gives what to write before a table's name to mean the real one; nothing on SQLite, where a trial is made in
    /// a copy of the file. Whatever happens, a read is rolled back.
    pub(crate) fn begin_trial(&mut self) -> Result<Option<String>, StoreError> {
        if let Backend::Sqlite(_) = &self.backend {
            return Ok(None);
        }
        self.execute_raw("SET TRANSACTION READ WRITE")?;
        let row = self.query_one("SELECT current_schema()", &[])?;
        let schema = row.map_or(Ok(None), |row| row.columns("current_schema").optional_text())?;
        let schema =
            schema.ok_or_else(|| StoreError::Database("no schema is in the search path".to_owned()))?;
        self.execute_raw("SET LOCAL search_path TO pg_temp")?;
        Ok(Some(format!("\"{}\".", schema.replace('"', "\"\""))))
    }

    /// What the database itself finds broken in its file; PostgreSQL is not asked.
    pub(crate) fn damage(&mut self) -> Result<Option<String>, StoreError> {
        if let Backend::Postgres(_) = &self.backend {
            return Ok(None);
        }
        let row = self.query_one("PRAGMA integrity_check(1)", &[])?;
        let found = row.map_or(Ok(None), |row| row.columns("integrity_check").optional_text())?;
        Ok(found.filter(|found| found != "ok"))
    }
}

/// The size in bytes of the SQLite database at `path`, its log included.
pub(crate) fn size(path: &Path) -> Result<u64, StoreError> {
    let connection = connect(Some(path), Role::Reader).map_err(|error| database_error(&error))?;
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let size =
        number("PRAGMA page_count").and_then(|pages| Ok(pages.saturating_mul(number("PRAGMA page_size")?)));
    size.map(|size| u64::try_from(size).unwrap_or(0)).map_err(|error| database_error(&error))
}

/// Copies the SQLite database at `from`, as it is at one moment, to the new file `to`, readable by its owner only. Use
/// goes on meanwhile. `told` is told how many of how many pages are copied.
pub(crate) fn copy(from: &Path, to: &Path, told: &dyn Fn(u64, u64)) -> Result<(), StoreError> {
    let created = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    created.map_err(|error| StoreError::Unavailable(format!("{}: {error}", to.display())))?;
    copy_pages(from, to, told).map_err(|error| database_error(&error))
}

fn copy_pages(from: &Path, to: &Path, told: &dyn Fn(u64, u64)) -> rusqlite::Result<()> {
    let source = connect(Some(from), Role::Reader)?;
    // One snapshot: without it the copy would begin anew at each commit of others.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
    let mut target = Connection::open(to)?;
    target.execute_batch("PRAGMA synchronous = OFF")?;
    let backup = Backup::new(&source, &mut target)?;
    while backup.step(STEP)? == StepResult::More {
        let progress = backup.progress();
        let whole = u64::try_from(progress.pagecount).unwrap_or(0);
        told(whole.saturating_sub(u64::try_from(progress.remaining).unwrap_or(0)), whole);
    }
    Ok(())
}
