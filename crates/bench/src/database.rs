//! The database under test: a SQLite file, or a PostgreSQL server of our own that keeps its promises (fsync on).

use std::fs::{self, File};
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
        Self::start(|programs| Postgres::start_in(dir, programs, true))
    }

    /// The same on the files in `folder`, which are made if they are not there, and stay.
    pub(crate) fn postgres_kept(folder: &Path) -> Result<Self, Failure> {
        Self::start(|programs| Postgres::start_kept(folder, programs))
    }

    fn start(start: impl FnOnce(&Path) -> std::io::Result<Postgres>) -> Result<Self, Failure> {
        let programs =
            postgres::find_programs().ok_or_else(|| Failure::new("PostgreSQL is not installed"))?;
        let broken = "cannot start PostgreSQL";
        let server = start(&programs).map_err(Failure::because(broken))?;
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

    /// Brings it to the state of one that has been in use for a while: what PostgreSQL does by itself after many rows
    /// came in at once would otherwise fall into what is measured next.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        match self {
            Self::Sqlite { path } => File::open(path)
                .and_then(|file| file.sync_all())
                .map_err(Failure::because("cannot write the database out")),
            Self::Postgres { server, url, .. } => {
                server.settle(url).map_err(Failure::because("PostgreSQL does not settle"))
            }
        }
    }

    /// The private PostgreSQL server, if it is one.
    pub(crate) fn server(&self) -> Option<&Postgres> {
        match self {
            Self::Sqlite { .. } => None,
            Self::Postgres { server, .. } => Some(server),
        }
    }

    /// Reads all of it once, so that it is in the system's cache, as what is in use every day is.
    pub(crate) fn warm(&self) -> Result<(), Failure> {
        let failed = "cannot read the database's files";
        match self {
            Self::Sqlite { path } => read_through(Path::new(path)).map_err(Failure::because(failed)),
            Self::Postgres { server, .. } => read_through(&server.files()).map_err(Failure::because(failed)),
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

/// Reads a file, or every file below a folder; one that goes away meanwhile is not missed.
fn read_through(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return fs::read_dir(path)?.try_for_each(|entry| read_through(&entry?.path()));
    }
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        opened => std::io::copy(&mut opened?, &mut std::io::sink()).map(|_| ()),
    }
}
