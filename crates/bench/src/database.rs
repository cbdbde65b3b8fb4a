//! The database under test: a SQLite file, or a PostgreSQL server of our own that keeps its promises (fsync on).

use std::fs;
use std::path::{Path, PathBuf};

use testkit::postgres::{self, Postgres};

use crate::failure::Failure;

/// Where the server under test keeps what must survive.
pub(crate) enum Database {
    /// A file.
    Sqlite {
        /// Its path, as text.
        path: String,
    },
    /// A private PostgreSQL server, ended with this value.
    Postgres {
        /// The server.
        server: Postgres,
        /// Its database.
        url: String,
        /// The parent of its processes.
        process: u32,
    },
}

impl Database {
    /// A SQLite file in `folder`; the server makes it.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        Self::Sqlite { path: folder.join("keyward.db").display().to_string() }
    }

    /// Starts a PostgreSQL server with its defaults, so every commit reaches the disk on which `dir` lies.
    pub(crate) fn postgres(dir: &Path) -> Result<Self, Failure> {
        let programs =
            postgres::find_programs().ok_or_else(|| Failure::new("PostgreSQL is not installed"))?;
        let broken = "cannot start PostgreSQL";
        let server = Postgres::start_in(dir, &programs, true).map_err(Failure::because(broken))?;
        let url = server.database().map_err(Failure::because(broken))?;
        let process = server.process().map_err(Failure::because(broken))?;
        Ok(Self::Postgres { server, url, process })
    }

    /// What the configuration of keyward calls it.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Sqlite { path } => path,
            Self::Postgres { url, .. } => url,
        }
    }

    /// Its name in reports.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }

    /// The parent of its processes, if it has any.
    pub(crate) fn process(&self) -> Option<u32> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres { process, .. } => Some(*process),
        }
    }

    /// Its size in bytes, its log included in SQLite's: exact only while no server has it open.
    pub(crate) fn size(&self) -> Result<u64, Failure> {
        match self {
            Self::Sqlite { path } => {
                let files = [PathBuf::from(path), PathBuf::from(format!("{path}-wal"))];
                Ok(files.iter().filter_map(|file| fs::metadata(file).ok()).map(|file| file.len()).sum())
            }
            Self::Postgres { server, url, .. } => {
                server.size(url).map_err(Failure::because("PostgreSQL does not tell its size"))
            }
        }
    }
}
