//! The one sequence of migrations for both databases.
//!
//! A migration is a file `migrations/NNN_name.sql` in the subset of SQL that both databases run, with four
//! placeholders for what they spell differently: `{bytes}` (BLOB, BYTEA), `{integer}` (INTEGER, BIGINT), `{clustered}`
//! (WITHOUT ROWID, nothing) and `{empty}` (the empty bytes). Once released it never changes: the SHA-256 of its text
//! is recorded with it and compared at every start. All missing ones are applied in one transaction.

use primitives::digest::{self, Digest};

use crate::db::{Db, Tx};
use crate::error::{OpenError, StoreError};

const TABLE: &str = "migrations";

struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "first", sql: include_str!("migrations/001_first.sql") }];

/// The number of the last migration that this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// Brings the schema up to date. Starters that race take turns; whoever loses finds it done.
pub(crate) async fn run(db: &Db) -> Result<(), OpenError> {
    let mut conflicts: u8 = 0;
    loop {
        match db.write(apply).await {
            // On PostgreSQL two creators of the same table collide in its catalogue instead of waiting in line.
            Err(Failure::Store(StoreError::Conflict(_) | StoreError::Contention)) if conflicts < 20 => {
                conflicts += 1
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Open(error)) => return Err(error),
            Ok(()) => return Ok(()),
        }
    }
}

enum Failure {
    Store(StoreError),
    Open(OpenError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

fn apply(tx: &mut Tx<'_>) -> Result<(), Failure> {
    tx.execute_raw(&translate(
        tx,
        "CREATE TABLE IF NOT EXISTS migrations (number {integer} NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         checksum {bytes} NOT NULL)",
    ))?;
    let applied = check(tx)?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > applied) {
        tx.execute_raw(&translate(tx, migration.sql))?;
        tx.execute(
            "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
            &[migration.number.into(), migration.name.into(), (&checksum(migration)).into()],
        )?;
    }
    Ok(())
}

/// Compares what was applied with what this program carries; gives the number of the last one.
fn check(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    let mut last = 0;
    for row in tx.query("SELECT number, checksum FROM migrations ORDER BY number", &[])? {
        let mut columns = row.columns(TABLE);
        let number = columns.integer()?;
        let found: Digest = columns.array()?;
        let Some(migration) = MIGRATIONS.iter().find(|migration| migration.number == number) else {
            return Err(Failure::Open(OpenError::NewerSchema { found: number, known: known() }));
        };
        if checksum(migration) != found {
            return Err(Failure::Open(OpenError::ChangedMigration(number)));
        }
        last = number;
    }
    Ok(last)
}

/// Checks a database that must not be changed, such as a backup; it must be complete.
pub(crate) async fn check_only(db: &Db) -> Result<(), OpenError> {
    match db.read(check).await {
        Ok(last) if last == known() => Ok(()),
        Ok(last) => Err(OpenError::OlderSchema { found: last, known: known() }),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Open(error)) => Err(error),
    }
}

fn checksum(migration: &Migration) -> Digest {
    digest::sha256(migration.sql.as_bytes())
}

fn translate(tx: &Tx<'_>, sql: &str) -> String {
    ["bytes", "integer", "clustered", "empty"].iter().fold(sql.to_owned(), |sql, name| {
        sql.replace(&format!("{{{name}}}"), tx.placeholder(name).unwrap_or_default())
    })
}
