//! The one sequence of migrations for both databases.
//!
//! A migration is a file `migrations/NNN_name.sql` in the subset of SQL that both databases run, with four
//! placeholders for what they spell differently: `{bytes}` (BLOB, BYTEA), `{integer}` (INTEGER, BIGINT), `{clustered}`
//! (WITHOUT ROWID, nothing) and `{empty}` (the empty bytes). Once released it never changes: the SHA-256 of its text
//! is recorded with it and compared at every start. All missing ones are applied in one transaction.

use primitives::digest::{self, Digest};

use crate::db::{Db, Tx};
use crate::error::{OpenError, StoreError};

/// The table that says which were applied.
pub(crate) const TABLE: &str = "migrations";

struct Migration {
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "first", sql: include_str!("migrations/001_first.sql") },
    Migration {
        number: 2,
        name: "refused_ceremonies",
        sql: include_str!("migrations/002_refused_ceremonies.sql"),
    },
    Migration { number: 3, name: "security_info", sql: include_str!("migrations/003_security_info.sql") },
    Migration { number: 4, name: "directory", sql: include_str!("migrations/004_directory.sql") },
    Migration { number: 5, name: "policies", sql: include_str!("migrations/005_policies.sql") },
    Migration { number: 6, name: "api_keys", sql: include_str!("migrations/006_api_keys.sql") },
    Migration { number: 7, name: "pass_orders", sql: include_str!("migrations/007_pass_orders.sql") },
    Migration { number: 8, name: "metadata", sql: include_str!("migrations/008_metadata.sql") },
    Migration { number: 9, name: "hooks", sql: include_str!("migrations/009_hooks.sql") },
    Migration { number: 10, name: "insight", sql: include_str!("migrations/010_insight.sql") },
    Migration { number: 11, name: "oidc", sql: include_str!("migrations/011_oidc.sql") },
    Migration { number: 12, name: "directory_more", sql: include_str!("migrations/012_directory_more.sql") },
    Migration { number: 13, name: "attestation", sql: include_str!("migrations/013_attestation.sql") },
];

/// The number of the last migration that this program knows.
pub(crate) fn known() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.number)
}

/// What stands between a database and this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number of the database's last migration; 0 if there is no schema yet.
    pub found: i64,
    /// The number of the last one that this program needs.
    pub needed: i64,
    /// Numbers and names of those that would run, in order.
    pub missing: Vec<(i64, &'static str)>,
}

/// Finds out what is missing and changes nothing.
pub(crate) fn plan(tx: &mut Tx<'_>) -> Result<Plan, OpenError> {
    let found = if tx.has_table(TABLE)? { check(tx)? } else { 0 };
    let missing = MIGRATIONS.iter().filter(|migration| migration.number > found);
    let missing = missing.map(|migration| (migration.number, migration.name)).collect();
    Ok(Plan { found, needed: known(), missing })
}

/// Brings the schema up to date. Starters that race take turns; whoever loses finds it done.
pub(crate) async fn run(db: &Db) -> Result<(), OpenError> {
    let mut conflicts: u8 = 0;
    loop {
        match db.write(|tx| apply(tx, known())).await {
            // On PostgreSQL two creators of the same table collide in its catalogue instead of waiting in line.
            Err(
                OpenError::Store(StoreError::Conflict(_) | StoreError::Contention)
                | OpenError::Migration(_, StoreError::Conflict(_) | StoreError::Contention),
            ) if conflicts < 20 => conflicts += 1,
            other => return other,
        }
    }
}

/// Applies what is missing of the migrations up to `last`.
pub(crate) fn apply(tx: &mut Tx<'_>, last: i64) -> Result<(), OpenError> {
    tx.execute_raw(&translate(
        tx,
        "CREATE TABLE IF NOT EXISTS migrations (number {integer} NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
         checksum {bytes} NOT NULL)",
    ))?;
    let applied = check(tx)?;
    for migration in MIGRATIONS.iter().filter(|next| next.number > applied && next.number <= last) {
        tx.execute_raw(&translate(tx, migration.sql))
            .map_err(|error| OpenError::Migration(migration.number, error))?;
        tx.execute(
            "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
            &[migration.number.into(), migration.name.into(), (&checksum(migration)).into()],
        )?;
    }
    Ok(())
}

/// Compares what was applied with what this program carries; gives the number of the last one.
fn check(tx: &mut Tx<'_>) -> Result<i64, OpenError> {
    let mut last = 0;
    for row in tx.query("SELECT number, checksum FROM migrations ORDER BY number", &[])? {
        let mut columns = row.columns(TABLE);
        let number = columns.integer()?;
        let found: Digest = columns.array()?;
        let Some(migration) = MIGRATIONS.iter().find(|migration| migration.number == number) else {
            return Err(OpenError::NewerSchema { found: number, known: known() });
        };
        if checksum(migration) != found {
            return Err(OpenError::ChangedMigration(number));
        }
        last = number;
    }
    Ok(last)
}

/// Checks a database that must not be changed, such as a backup; it must be complete.
pub(crate) async fn check_only(db: &Db) -> Result<(), OpenError> {
    match db.read(check).await? {
        last if last == known() => Ok(()),
        last => Err(OpenError::OlderSchema { found: last, known: known() }),
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
