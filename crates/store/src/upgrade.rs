//! Upgrading: from the schema of an earlier release to this program's, tried out before it is done.
//!
//! [`check`] changes nothing. It runs the missing migrations where nothing lasts (a copy of the SQLite file; on
//! PostgreSQL temporary tables that are rolled back), and then reads every row there with its MAC and the whole audit
//! chain. [`upgrade`] runs them for good, on SQLite after a copy of the database was put beside it.

mod refusal;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use primitives::keys::KeyRing;

pub use self::refusal::UpgradeError;
pub use self::verify::Verified;
use crate::audit::Head;
use crate::backup::{self, beside, remove_database};
use crate::db::{Database, Db, Tx, trial};
use crate::error::{OpenError, StoreError};
use crate::migrate;
pub use crate::migrate::Plan;
use crate::settings;

/// Room that a trial on SQLite needs beside the size of the database: copy and log together have at most twice that.
const ROOM: u64 = 16 * 1024 * 1024;

/// How far a trial has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many pages of so many are copied.
    Copying(u64, u64),
    /// The rows of a table are copied.
    CopyingTable(&'static str),
    /// The migrations run.
    Migrating,
    /// So many rows of a table are checked.
    Checking(&'static str, u64),
    /// The audit chain is checked.
    CheckingAudit,
}

/// Who is told of the progress.
pub type Told = Arc<dyn Fn(Progress) + Send + Sync>;

/// What stands between the database and this program; changes nothing.
///
/// # Errors
/// [`OpenError`], also if the database is newer or belongs to other keys.
pub async fn plan(database: &Database, keys: Arc<KeyRing>) -> Result<Plan, OpenError> {
    let db = Db::look(database, keys)?;
    db.read(planned).await
}

fn planned(tx: &mut Tx<'_>) -> Result<Plan, OpenError> {
    let plan = migrate::plan(tx)?;
    if plan.found > 0 {
        // Before anything is changed: what other keys protect is not ours to migrate.
        settings::deployment(tx).map_err(|error| match error {
            StoreError::Forged { .. } => OpenError::OtherKeys,
            other => other.into(),
        })?;
    }
    Ok(plan)
}

/// Opens a database that needs no upgrade, or is new.
///
/// # Errors
/// [`OpenError::NeedsUpgrade`] if it does, and what [`Db::open`] gives.
pub async fn open_current(database: &Database, keys: Arc<KeyRing>) -> Result<Db, OpenError> {
    let Plan { found, needed, missing } = match database {
        Database::SqliteMemory => return Db::open(database, keys).await,
        Database::Sqlite(path) if !path.exists() => return Db::open(database, keys).await,
        _ => plan(database, Arc::clone(&keys)).await?,
    };
    if found > 0 && !missing.is_empty() {
        return Err(OpenError::NeedsUpgrade { found, known: needed });
    }
    Db::open(database, keys).await
}

/// Tries the missing migrations where nothing lasts and checks what comes of it. `known` are audit heads seen earlier;
/// the copy of a SQLite file is made in `folder`, and removed.
///
/// # Errors
/// [`UpgradeError`]: why the upgrade would fail.
pub async fn check(
    database: &Database,
    keys: Arc<KeyRing>,
    known: Vec<Head>,
    folder: Option<&Path>,
    told: Told,
) -> Result<Verified, UpgradeError> {
    let found = plan(database, Arc::clone(&keys)).await?.found;
    let Database::Sqlite(path) = database else {
        let db = Db::connect(database, keys)?;
        return db.read(move |tx| try_out(tx, found, &known, &told)).await;
    };
    let copy = Copy::make(path, folder, &told)?;
    let db = Db::connect(&Database::Sqlite(copy.0.clone()), keys)?;
    db.write(move |tx| try_out(tx, found, &known, &told)).await
}

fn try_out(tx: &mut Tx<'_>, found: i64, known: &[Head], told: &Told) -> Result<Verified, UpgradeError> {
    if let Some(real) = tx.begin_trial()? {
        migrate::apply(tx, found)?;
        for table in [migrate::TABLE].into_iter().chain(backup::tables()) {
            // A table of a later schema has nothing to copy.
            if tx.has_table(table)? {
                told(Progress::CopyingTable(table));
                tx.execute_raw(&format!(
                    "DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {real}{table}"
                ))?;
            }
        }
    }
    told(Progress::Migrating);
    migrate::apply(tx, migrate::known())?;
    if let Some(damage) = tx.damage()? {
        return Err(UpgradeError::Damaged(damage));
    }
    verify::everything(tx, known, told)
}

/// A copy of a SQLite database that goes when this does.
struct Copy(PathBuf);

impl Copy {
    fn make(path: &Path, folder: Option<&Path>, told: &Told) -> Result<Self, UpgradeError> {
        let to = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        };
        let to = beside(&to, ".upgrade-check");
        let folder = folder_of(&to);
        let needed = trial::size(path)?.saturating_mul(2).saturating_add(ROOM);
        let free = free_bytes(folder)?;
        if free < needed {
            return Err(UpgradeError::NoSpace { folder: folder.to_owned(), needed, free });
        }
        // Left by a crash; never in use.
        remove_database(&to);
        let copy = Self(to);
        trial::copy(path, &copy.0, &|done, whole| told(Progress::Copying(done, whole)))?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        remove_database(&self.0);
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What an unprivileged program may still write there.
fn free_bytes(folder: &Path) -> Result<u64, UpgradeError> {
    let found = rustix::fs::statvfs(folder).map_err(|error| UpgradeError::io(folder, &error.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// What [`upgrade`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// What stood between the database and this program before.
    pub plan: Plan,
    /// The copy of the database as it was.
    pub copy: Option<PathBuf>,
}

/// Runs the missing migrations in one transaction; `None` if none is, or the database is new and will be made
/// by whoever opens it. With `keep`, a SQLite database is copied beside itself before.
///
/// # Errors
/// [`UpgradeError`]; then the database is as it was.
pub async fn upgrade(
    database: &Database,
    keys: Arc<KeyRing>,
    keep: bool,
) -> Result<Option<Upgraded>, UpgradeError> {
    match database {
        Database::SqliteMemory => return Ok(None),
        Database::Sqlite(path) if !path.exists() => return Ok(None),
        _ => {}
    }
    let plan = plan(database, Arc::clone(&keys)).await?;
    if plan.found == 0 || plan.missing.is_empty() {
        return Ok(None);
    }
    let db = Db::connect(database, keys)?;
    let copy = match database {
        Database::Sqlite(path) if keep => Some(keep_copy(&db, path, plan.found).await?),
        _ => None,
    };
    migrate::run(&db).await?;
    db.start().await?;
    Ok(Some(Upgraded { plan, copy }))
}

/// Backs the database at `path` up beside it, under a name that says which schema it has and when it was.
async fn keep_copy(db: &Db, path: &Path, found: i64) -> Result<PathBuf, UpgradeError> {
    let folder = folder_of(path);
    let needed = trial::size(path)?.saturating_add(ROOM);
    let free = free_bytes(folder)?;
    if free < needed {
        return Err(UpgradeError::NoSpace { folder: folder.to_owned(), needed, free });
    }
    let now = db.now().await?.to_string().replace([':', '-'], "");
    let to = beside(path, &format!(".schema-{found}.{now}"));
    backup::backup(db, &to).await?;
    Ok(to)
}
