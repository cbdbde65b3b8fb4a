//! The way to a TPM: the kernel's device, which takes a command in one write and gives the answer in one read, or the
//! socket of a simulator, which speaks the same bytes.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::TpmRefusal;
use super::wire::{HEAD, LONGEST, stated_length};

/// How long a simulator may think; the kernel has its own patience.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something that answers commands.
pub(super) trait Device {
    /// The answer, of the length that it states.
    fn exchange(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TpmRefusal>;
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// An open TPM.
pub(super) struct Channel(Box<dyn Stream>);

impl Channel {
    pub(super) fn open(path: &Path) -> Result<Self, TpmRefusal> {
        let refused = |error: std::io::Error| match error.kind() {
            ErrorKind::PermissionDenied => TpmRefusal::Forbidden,
            _ => TpmRefusal::Absent,
        };
        let kind = fs::metadata(path).map_err(refused)?.file_type();
        if kind.is_socket() {
            let stream = UnixStream::connect(path).map_err(refused)?;
            stream.set_read_timeout(Some(PATIENCE)).map_err(refused)?;
            stream.set_write_timeout(Some(PATIENCE)).map_err(refused)?;
            return Ok(Self(Box::new(stream)));
        }
        // What is a plain file by mistake must not be written to.
        if !kind.is_char_device() {
            return Err(TpmRefusal::Absent);
        }
        let file = OpenOptions::new().read(true).write(true).open(path).map_err(refused)?;
        Ok(Self(Box::new(file)))
    }
}

impl Device for Channel {
    fn exchange(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TpmRefusal> {
        self.0.write_all(command).map_err(|_| TpmRefusal::Silent)?;
        let mut answer = Zeroizing::new(vec![0; LONGEST]);
        let mut have = 0_usize;
        loop {
            let room = answer.get_mut(have..).unwrap_or_default();
            match self.0.read(room) {
                Ok(0) => return Err(TpmRefusal::Silent),
                Ok(read) => have = have.saturating_add(read),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(TpmRefusal::Silent),
            }
            if have >= HEAD {
                let length = stated_length(&answer).filter(|length| *length >= have);
                if length.ok_or(TpmRefusal::Nonsense)? == have {
                    answer.truncate(have);
                    return Ok(answer);
                }
            }
        }
    }
}
