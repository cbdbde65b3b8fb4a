//! The vault's file: held by one process, lengthened by whole records, replaced as a whole, and its backups.
//!
//! A lengthening is acknowledged after `fdatasync`. A replacement is written beside the file, flushed, renamed over it,
//! and acknowledged after its folder is flushed: at every moment one of the two whole files is in its place.

use std::fs::{self, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::error::VaultError;
use super::header;

/// The longest file.
const LONGEST: u64 = 256 * 1024 * 1024;
/// How many backups lie beside a vault.
const BACKUPS: u32 = 5;
/// A vault that is opened gets a new backup if it has changed this long after the newest one.
const BACKUP_AGE: Duration = Duration::from_secs(24 * 60 * 60);
/// Opening meets a replacement now and then, never so many in a row.
const TRIES: usize = 16;

/// What becomes of the backups when a file is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backups {
    /// The file that was becomes the newest, and the oldest goes.
    Moved,
    /// They go, and so does the file that was: what is in it is not to be found any more.
    Forgotten,
}

/// The open file of a vault. Dropping it lets others in.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    file: File,
    /// So many bytes are acknowledged or about to be.
    length: u64,
    /// Whether a flush has failed: what is on the disk then, nobody can say.
    unsure: bool,
    fuse: Fuse,
}

impl Disk {
    /// Makes a file where there is none, and its folder.
    pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<Self, VaultError> {
        let folder = folder(path);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let path = folder.canonicalize()?.join(path.file_name().ok_or(VaultError::Missing)?);
        if path.symlink_metadata().is_ok() {
            return Err(VaultError::Exists);
        }
        let mut fuse = Fuse::default();
        let (beside, file) = write_beside(&path, bytes, &mut fuse)?;
        // A link, unlike a renaming, takes nobody else's place.
        let linked = fs::hard_link(&beside, &path);
        fs::remove_file(&beside)?;
        linked?;
        sync_folder(&path)?;
        Ok(Self { path, file, length: length(bytes), unsure: false, fuse })
    }

    /// Opens the file that is there, and reads it.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<u8>), VaultError> {
        for _ in 0..TRIES {
            let real = path.canonicalize()?;
            let mut file = OpenOptions::new().read(true).write(true).open(&real)?;
            lock(&file)?;
            let (held, there) = (file.metadata()?, fs::metadata(&real)?);
            // Whoever held it before may have put another file in its place meanwhile.
            if (held.dev(), held.ino()) != (there.dev(), there.ino()) {
                continue;
            }
            if !held.is_file() {
                return Err(VaultError::NotAVault);
            }
            keep_private(&file, held.mode());
            let bytes = read_bounded(&mut file)?;
            let length = length(&bytes);
            return Ok((Self { path: real, file, length, unsure: false, fuse: Fuse::default() }, bytes));
        }
        Err(VaultError::InUse)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Cuts off what follows the first `length` bytes.
    pub(super) fn cut(&mut self, length: usize) -> Result<(), VaultError> {
        let length = u64::try_from(length).map_err(|_| VaultError::TooLong)?;
        self.file.set_len(length)?;
        self.file.sync_all()?;
        self.length = length;
        Ok(())
    }

    /// Lengthens the file. On success it has reached the disk; on failure the file is as before, or the vault takes no
    /// more changes.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), VaultError> {
        let longer = self.length.saturating_add(length(bytes));
        if self.unsure {
            return Err(VaultError::Unsure);
        }
        if longer > LONGEST {
            return Err(VaultError::TooLong);
        }
        if let Err(error) = self.try_append(bytes) {
            // Too little room, perhaps. What of it was written must go before anything else is.
            let cut = self.fuse.burn().and_then(|()| self.file.set_len(self.length));
            self.unsure = cut.and_then(|()| self.file.sync_all()).is_err();
            return Err(error.into());
        }
        // A flush that failed once reports success when asked again, and nobody knows what it lost.
        let flushed = self.fuse.burn().and_then(|()| self.file.sync_data());
        if let Err(error) = flushed {
            self.unsure = true;
            return Err(error.into());
        }
        self.length = longer;
        Ok(())
    }

    fn try_append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.length))?;
        let (front, back) = bytes.split_at(bytes.len() / 2);
        self.fuse.burn()?;
        // In one call; only a test stops half-way.
        if self.fuse.is_lit() {
            self.file.write_all(front)?;
            self.fuse.burn()?;
            return self.file.write_all(back);
        }
        self.file.write_all(bytes)
    }

    /// Puts another file in the place of this one. After [`VaultError::Unsure`] either of the two may be there when the
    /// current is lost; after every other error it is this one.
    pub(super) fn replace(&mut self, bytes: &[u8], backups: Backups) -> Result<(), VaultError> {
        if self.unsure {
            return Err(VaultError::Unsure);
        }
        if length(bytes) > LONGEST {
            return Err(VaultError::TooLong);
        }
        if backups == Backups::Moved {
            self.back_up()?;
        }
        let (beside, file) = write_beside(&self.path, bytes, &mut self.fuse)?;
        // Before the renaming: were the process to die between the two, nobody would ever delete them.
        if backups == Backups::Forgotten {
            self.forget_backups()?;
        }
        self.fuse.burn()?;
        fs::rename(&beside, &self.path)?;
        // From here on the old file is nobody's.
        self.file = file;
        self.length = length(bytes);
        let flushed = self.fuse.burn().and_then(|()| sync_folder(&self.path));
        self.unsure = flushed.is_err();
        flushed.map_err(|_| VaultError::Unsure)
    }

    /// Copies the file to the newest backup; the others move on by one and the oldest goes.
    pub(super) fn back_up(&mut self) -> Result<(), VaultError> {
        let name = |number| backup(&self.path, number);
        let copy = beside(&self.path, "copy");
        self.fuse.burn()?;
        self.copy_to_new(&copy, true)?;
        for number in (1..BACKUPS).rev() {
            self.fuse.burn()?;
            match fs::rename(name(number), name(number + 1)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        self.fuse.burn()?;
        fs::rename(&copy, name(1))?;
        Ok(sync_folder(&self.path)?)
    }

    /// The same if the vault has been changed a day or more after its newest backup. No clock is asked: the two files'
    /// times tell.
    pub(super) fn back_up_daily(&mut self) -> Result<(), VaultError> {
        let newest = match fs::metadata(backup(&self.path, 1)) {
            Ok(metadata) => metadata.modified()?,
            Err(error) if error.kind() == ErrorKind::NotFound => return self.back_up(),
            Err(error) => return Err(error.into()),
        };
        let changed = self.file.metadata()?.modified()?;
        match changed.duration_since(newest) {
            Ok(since) if since >= BACKUP_AGE => self.back_up(),
            _ => Ok(()),
        }
    }

    /// Copies the file as it is to `to`, which must be free unless `over`.
    pub(super) fn copy_to_new(&self, to: &Path, over: bool) -> Result<(), VaultError> {
        if over {
            remove_if_there(to)?;
        }
        let mut copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
        let mut from = File::open(&self.path)?.take(self.length);
        let copied = io::copy(&mut from, &mut copy).and_then(|copied| {
            copy.sync_all()?;
            if copied == self.length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
        });
        if let Err(error) = copied {
            // Half a backup looks like a backup, and takes room where there is none.
            remove_if_there(to)?;
            return Err(error.into());
        }
        Ok(sync_folder(to)?)
    }

    /// Deletes the backups: what they open with is not to open anything any more.
    fn forget_backups(&mut self) -> Result<(), VaultError> {
        let half = beside(&self.path, "copy");
        for gone in (1..=BACKUPS).map(|number| backup(&self.path, number)).chain([half]) {
            self.fuse.burn()?;
            remove_if_there(&gone)?;
        }
        Ok(sync_folder(&self.path)?)
    }
}

/// Writes a whole file beside the vault's, and holds it as its own.
fn write_beside(path: &Path, bytes: &[u8], fuse: &mut Fuse) -> Result<(PathBuf, File), VaultError> {
    let beside = beside(path, "new");
    remove_if_there(&beside)?;
    fuse.burn()?;
    let mut file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&beside)?;
    // Before it is in its place: whoever opens it there finds it taken.
    lock(&file)?;
    let mut write = || {
        let (front, back) = bytes.split_at(bytes.len() / 2);
        file.write_all(front)?;
        fuse.burn()?;
        file.write_all(back)?;
        fuse.burn()?;
        file.sync_all()
    };
    if let Err(error) = write() {
        // Where there is too little room, half a file is not to take more of it.
        fuse.burn().and_then(|()| remove_if_there(&beside))?;
        return Err(error.into());
    }
    Ok((beside, file))
}

/// The first bytes of a vault, which another process may hold.
pub(super) fn front(path: &Path) -> Result<Vec<u8>, VaultError> {
    // A pipe would wait for somebody to write.
    if !fs::metadata(path)?.is_file() {
        return Err(VaultError::NotAVault);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(length_of(header::LONGEST)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A copying program may have made it everybody's to read, and guess at.
fn keep_private(file: &File, mode: u32) {
    if mode & 0o077 != 0
        && let Err(error) = file.set_permissions(Permissions::from_mode(0o600))
    {
        tracing::warn!("others than its owner may read the vault: {error}");
    }
}

fn read_bounded(file: &mut File) -> Result<Vec<u8>, VaultError> {
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if length(&bytes) > LONGEST { Err(VaultError::TooLong) } else { Ok(bytes) }
}

fn lock(file: &File) -> Result<(), VaultError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// The place of a backup; 1 is the newest.
fn backup(path: &Path, number: u32) -> PathBuf {
    beside(path, &format!("backup-{number}"))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn length(bytes: &[u8]) -> u64 {
    length_of(bytes.len())
}

fn length_of(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// In tests: after so many steps nothing works any more, as if the process had been killed or the disk had died.
#[derive(Clone, Debug, Default)]
struct Fuse {
    #[cfg(test)]
    left: Option<std::sync::Arc<std::sync::atomic::AtomicU32>>,
    #[cfg(test)]
    once: Option<u32>,
}

#[cfg(not(test))]
impl Fuse {
    #[expect(clippy::unused_self, clippy::needless_pass_by_ref_mut, reason = "there is one in tests")]
    fn burn(&mut self) -> io::Result<()> {
        Ok(())
    }

    #[expect(clippy::unused_self, reason = "there is one in tests")]
    fn is_lit(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
