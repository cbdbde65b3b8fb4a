//! Where the databases of a run lie, and what becomes of them.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{absolute, manifest};
use crate::database::Database;
use crate::failure::Failure;
use crate::sign_in::Choice;

/// Where databases lie.
pub(crate) enum Ground {
    /// In temporary folders in this one.
    Passing(PathBuf),
    /// They are made in this folder, and stay.
    Kept(PathBuf),
    /// They are in this folder already.
    Reused(PathBuf),
}

/// The folder of one size.
pub(crate) struct Plot {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Whether its population is there already.
    pub(crate) peopled: bool,
    /// Removes it in the end.
    _passing: Option<TempDir>,
}

impl Ground {
    /// As the options say; at most one of `keep` and `reuse` is given.
    pub(crate) fn new(dir: &Path, keep: Option<&Path>, reuse: Option<&Path>) -> Result<Self, Failure> {
        match (keep, reuse) {
            (Some(keep), _) => Ok(Ground::Kept(absolute(keep)?)),
            (None, Some(reuse)) => Ok(Ground::Reused(absolute(reuse)?)),
            (None, None) => Ok(Ground::Passing(absolute(dir)?)),
        }
    }

    /// The folder for so many people on that database.
    pub(crate) fn plot(&self, database: &str, users: u64) -> Result<Plot, Failure> {
        let failed = "cannot make a folder";
        let name = format!("{database}-{users}");
        match self {
            Ground::Passing(dir) => {
                let folder = tempfile::Builder::new().prefix("growth-").tempdir_in(dir);
                let folder = folder.map_err(Failure::because(failed))?;
                Ok(Plot { path: folder.path().to_owned(), peopled: false, _passing: Some(folder) })
            }
            Ground::Kept(dir) => {
                let path = dir.join(name);
                std::fs::create_dir(&path)
                    .map_err(Failure::because(format!("cannot make {}", path.display())))?;
                Ok(Plot { path, peopled: false, _passing: None })
            }
            Ground::Reused(dir) => {
                let path = dir.join(name);
                if manifest::is_at(&path) {
                    return Ok(Plot { path, peopled: true, _passing: None });
                }
                let place = path.display();
                Err(Failure::new(format!("there is no complete population in {place}: make it with --keep")))
            }
        }
    }

    /// The database in the folder of one size, ready to be connected to.
    pub(crate) fn database(&self, choice: Choice, plot: &Plot) -> Result<Database, Failure> {
        match (choice, self) {
            (Choice::Sqlite | Choice::Both, _) => Ok(Database::sqlite(&plot.path)),
            // Not in the plot: the path of a socket must be short.
            (Choice::Postgres, Ground::Passing(dir)) => Database::postgres(dir),
            (Choice::Postgres, Ground::Kept(_) | Ground::Reused(_)) => {
                Database::postgres_kept(&plot.path.join("pg"))
            }
        }
    }
}
