//! The file with the root keys: outside the database, readable by its owner only.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use primitives::keys::{KeyFileRefusal, KeyRing};
use zeroize::Zeroizing;

use crate::db::Database;

/// Where the key file is: at the `given` path, else beside the SQLite file with `.key` behind its name. A database
/// that is no file has no such place, and the path must be given.
pub fn location(database: &Database, given: Option<&Path>) -> Option<PathBuf> {
    match (given, database) {
        (Some(path), _) => Some(path.to_owned()),
        (None, Database::Sqlite(path)) => {
            let mut name = path.clone().into_os_string();
            name.push(".key");
            Some(PathBuf::from(name))
        }
        (None, Database::SqliteMemory | Database::Postgres(_)) => None,
    }
}

/// Writes a new key file (mode 0600), durable when this returns.
///
/// # Errors
/// [`KeyFileError::Exists`] if there is one: keys are never overwritten.
pub fn create(path: &Path, keys: &KeyRing) -> Result<(), KeyFileError> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(
        |error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => KeyFileError::io(path, &error),
        },
    )?;
    let written = file.write_all(keys.encode().as_bytes()).and_then(|()| file.sync_all());
    written.and_then(|()| sync_folder(path)).map_err(|error| KeyFileError::io(path, &error))
}

/// Replaces a key file after a rotation, durable when this returns; a crash leaves the old or the new one whole.
pub fn replace(path: &Path, keys: &KeyRing) -> Result<(), KeyFileError> {
    write_atomically(path, keys.encode().as_bytes()).map_err(|error| KeyFileError::io(path, &error))
}

/// Reads a key file.
///
/// # Errors
/// [`KeyFileError::Open`] if others than its owner may read or write it: what lay open may be known.
pub fn load(path: &Path) -> Result<KeyRing, KeyFileError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
        _ => KeyFileError::io(path, &error),
    })?;
    let mode = file.metadata().map_err(|error| KeyFileError::io(path, &error))?.mode();
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Open { path: path.to_owned(), mode: mode & 0o777 });
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(|error| KeyFileError::io(path, &error))?;
    KeyRing::parse(&text).map_err(|refusal| KeyFileError::Unreadable { path: path.to_owned(), refusal })
}

/// Writes `bytes` beside `path` (mode 0600) and renames: readers find the old or the new content, never a part.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.to_owned().into_os_string();
    name.push(".new");
    let beside = PathBuf::from(name);
    // A crash may have left one; it was never in use.
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Makes the name of `path` durable in its folder.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Why there are no keys. Each is one sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileError {
    /// There is no such file.
    Missing(PathBuf),
    /// There is one already.
    Exists(PathBuf),
    /// Others than its owner may read or write it.
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Its text is no key file.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        refusal: KeyFileRefusal,
    },
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// Its words.
        cause: String,
    },
}

impl KeyFileError {
    fn io(path: &Path, error: &io::Error) -> Self {
        KeyFileError::Io { path: path.to_owned(), cause: error.to_string() }
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyFileError::Missing(path) => {
                write!(f, "There is no key file {}: give its place with --key-file.", path.display())
            }
            KeyFileError::Exists(path) => {
                write!(f, "There is a key file {} already: it is not overwritten.", path.display())
            }
            KeyFileError::Open { path, mode } => write!(
                f,
                "The key file {} has mode {mode:04o}, others could read it: chmod 600 it and rotate the keys.",
                path.display()
            ),
            KeyFileError::Unreadable { path, refusal } => {
                write!(
                    f,
                    "The key file {} cannot be read ({refusal}): restore it from its backup.",
                    path.display()
                )
            }
            KeyFileError::Io { path, cause } => {
                write!(f, "The key file {} cannot be used ({cause}): check its permissions.", path.display())
            }
        }
    }
}

impl std::error::Error for KeyFileError {}
