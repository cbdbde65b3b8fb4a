//! The root keys of this process, and the lock that says whether a server runs with them.
//!
//! A running server holds a shared lock on the key file; what must not happen under a running server
//! (rotating, restoring) takes it alone.

use std::fmt;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use primitives::entropy::Entropy;
use primitives::keys::KeyRing;
use primitives::time::Timestamp;
use store::Database;
use store::key_file::{self, KeyFileError};

/// The ring and its open file; dropping it releases the lock.
#[derive(Debug)]
pub(crate) struct KeyFile {
    path: PathBuf,
    file: File,
    /// The keys.
    pub ring: KeyRing,
}

impl KeyFile {
    /// Reads the file of `database`'s keys.
    pub(crate) fn open(path: &Path) -> Result<Self, KeysError> {
        let ring = key_file::load(path)?;
        let file = File::open(path).map_err(|error| KeysError::lock(path, &error))?;
        Ok(Self { path: path.to_owned(), file, ring })
    }

    /// The same, making the file where there is nothing yet that other keys have protected.
    pub(crate) fn open_or_make(
        path: &Path,
        database: &Database,
        now: Timestamp,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, KeysError> {
        let is_new = match database {
            Database::Sqlite(file) => !file.exists(),
            // Whether a server's database is new shows when it is opened: it knows its keys.
            Database::SqliteMemory | Database::Postgres(_) => true,
        };
        match Self::open(path) {
            Err(KeysError::File(KeyFileError::Missing(_))) if is_new => {}
            other => return other,
        }
        match key_file::create(path, &KeyRing::generate(now, entropy)) {
            // Two first starts at once: whoever created the file has made the keys, the other reads them.
            Ok(()) | Err(KeyFileError::Exists(_)) => Self::open(path),
            Err(error) => Err(error.into()),
        }
    }

    /// Says that a server runs with these keys, as long as the returned file is kept.
    pub(crate) fn lock_shared(&self) -> Result<(), KeysError> {
        self.file.try_lock_shared().map_err(|error| self.locked(error))
    }

    /// Makes sure that no server runs with these keys while this lives.
    pub(crate) fn lock_alone(&self) -> Result<(), KeysError> {
        self.file.try_lock().map_err(|error| self.locked(error))
    }

    fn locked(&self, error: TryLockError) -> KeysError {
        match error {
            TryLockError::WouldBlock => KeysError::InUse(self.path.clone()),
            TryLockError::Error(error) => KeysError::lock(&self.path, &error),
        }
    }

    /// Makes a fresh key the current one and writes the file; the old key keeps checking what it made.
    pub(crate) fn rotate(&mut self, now: Timestamp, entropy: &mut dyn Entropy) -> Result<u32, KeysError> {
        self.lock_alone()?;
        self.ring.rotate(now, entropy);
        key_file::replace(&self.path, &self.ring)?;
        Ok(self.ring.current_id())
    }

    /// The ring, and the file that keeps the lock.
    pub(crate) fn into_parts(self) -> (KeyRing, File) {
        (self.ring, self.file)
    }
}

/// Why there are no keys to work with; each sentence says what to do.
#[derive(Debug)]
pub enum KeysError {
    /// The file itself.
    File(KeyFileError),
    /// A server runs with these keys.
    InUse(PathBuf),
    /// The system does not lock the file.
    Lock(PathBuf, String),
}

impl KeysError {
    fn lock(path: &Path, error: &std::io::Error) -> Self {
        Self::Lock(path.to_owned(), error.to_string())
    }
}

impl From<KeyFileError> for KeysError {
    fn from(error: KeyFileError) -> Self {
        Self::File(error)
    }
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::InUse(path) => {
                write!(f, "A server is running with the key file {}: stop it first.", path.display())
            }
            Self::Lock(path, cause) => write!(
                f,
                "The key file {} cannot be locked ({cause}): keep it on a file system that knows locks.",
                path.display()
            ),
        }
    }
}

impl std::error::Error for KeysError {}

#[cfg(test)]
mod tests {
    use super::*;
    use primitives::entropy::SystemEntropy;

    const NOW: Timestamp = Timestamp::from_secs(1);

    #[test]
    fn keys_are_made_only_where_there_is_no_database_yet() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = (folder.path().join("k.key"), folder.path().join("k.db"));
        let database = Database::Sqlite(file.clone());
        std::fs::write(&file, b"").unwrap();
        let refused = KeyFile::open_or_make(&path, &database, NOW, &mut SystemEntropy);
        assert!(matches!(refused, Err(KeysError::File(KeyFileError::Missing(_)))));
        std::fs::remove_file(&file).unwrap();
        let made = KeyFile::open_or_make(&path, &database, NOW, &mut SystemEntropy).unwrap();
        let again = KeyFile::open_or_make(&path, &database, NOW, &mut SystemEntropy).unwrap();
        assert_eq!(made.ring.encode().as_str(), again.ring.encode().as_str());
    }

    #[test]
    fn nothing_rotates_under_a_running_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.key");
        let server = KeyFile::open_or_make(&path, &Database::SqliteMemory, NOW, &mut SystemEntropy).unwrap();
        server.lock_shared().unwrap();
        KeyFile::open(&path).unwrap().lock_shared().unwrap();
        let mut tool = KeyFile::open(&path).unwrap();
        assert!(matches!(tool.rotate(NOW, &mut SystemEntropy), Err(KeysError::InUse(_))));
        drop(server);
        assert_eq!(tool.rotate(NOW, &mut SystemEntropy).unwrap(), 2);
        assert_eq!(KeyFile::open(&path).unwrap().ring.current_id(), 2);
    }
}
