//! The codes that were scanned already: each is answered once.
//!
//! A code is used up when it is first scanned, whatever becomes of it, and remembered until it would be refused for
//! its age. What is kept is the digest of the client's key, in a file beside the vault.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use hybrid::qr::Qr;
use primitives::digest;
use primitives::time::{Span, Timestamp};

/// The most codes that are remembered at once.
const MOST: usize = 1000;
/// The most bytes of the file: a line for each, and some.
const MAX_FILE: u64 = 128 * 1024;
/// How long a code is remembered that does not say when it was made.
const WITHOUT_TIME: Span = Span::from_hours(24);

/// The memory of scanned codes.
#[derive(Clone, Debug)]
pub struct UsedCodes {
    file: PathBuf,
}

/// Why a code is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeRefusal {
    /// It was scanned before.
    Used,
    /// So many were scanned in the last minutes that no more can be remembered.
    TooMany,
    /// The memory cannot be read or written; without it nobody knows whether the code was used.
    Memory(PathBuf),
}

impl CodeRefusal {
    /// The name by which people and logs know it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Used => "qr_used",
            Self::TooMany => "qr_too_many",
            Self::Memory(_) => "qr_memory",
        }
    }
}

impl fmt::Display for CodeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Used => f.write_str("This code was scanned before: let the other device show a new one."),
            Self::TooMany => f.write_str("Too many codes were scanned in the last minutes."),
            Self::Memory(file) => {
                write!(f, "The list of used codes cannot be read or written: {}.", file.display())
            }
        }
    }
}

impl UsedCodes {
    /// The memory that belongs to that vault.
    pub fn beside(vault: &Path) -> Self {
        let mut name = vault.file_name().unwrap_or_default().to_owned();
        name.push(".used-codes");
        Self { file: vault.with_file_name(name) }
    }

    /// Uses the code up.
    pub fn take(&self, qr: &Qr, now: Timestamp) -> Result<(), CodeRefusal> {
        let digest = primitives::encoding::hex(&digest::sha256(&qr.client_key));
        let until = if qr.time.is_some() { qr.expires(now) } else { now + WITHOUT_TIME };
        let memory = || CodeRefusal::Memory(self.file.clone());
        // Two scans at the same time do not take the same code.
        let _alone = self.lock().map_err(|_| memory())?;
        let mut lines = self.read(now).ok_or_else(memory)?;
        if lines.iter().any(|(known, _)| *known == digest) {
            return Err(CodeRefusal::Used);
        }
        if lines.len() >= MOST {
            return Err(CodeRefusal::TooMany);
        }
        lines.push((digest, until));
        self.write(&lines).map_err(|_| memory())
    }

    fn with_ending(&self, ending: &str) -> PathBuf {
        let mut name = self.file.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }

    fn lock(&self) -> io::Result<File> {
        let lock = private().create(true).truncate(false).open(self.with_ending(".lock"))?;
        lock.lock()?;
        Ok(lock)
    }

    /// What counts still. `None` where the file is not of our making.
    fn read(&self, now: Timestamp) -> Option<Vec<(String, Timestamp)>> {
        let file = match File::open(&self.file) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Vec::new()),
            Err(_) => return None,
        };
        let mut text = String::new();
        let length = file.take(MAX_FILE + 1).read_to_string(&mut text).ok()?;
        if u64::try_from(length).ok()? > MAX_FILE {
            return None;
        }
        let lines = text.lines().map(|line| {
            let (digest, until) = line.split_once(' ')?;
            Some((digest.to_owned(), Timestamp::from_secs(until.parse().ok()?)))
        });
        let lines: Option<Vec<_>> = lines.collect();
        Some(lines?.into_iter().filter(|(_, until)| *until >= now).collect())
    }

    /// All or nothing: what a kill leaves is the memory before or after.
    fn write(&self, lines: &[(String, Timestamp)]) -> io::Result<()> {
        let text: String =
            lines.iter().map(|(digest, until)| format!("{digest} {}\n", until.secs())).collect();
        let new = self.with_ending(".new");
        let mut file = private().create(true).truncate(true).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        std::fs::rename(new, &self.file)
    }
}

/// Opens for writing; what is made is this person's alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}

#[cfg(test)]
mod tests;
