//! A TPM 2.0 opens the vault: what the file has is a sealed data object that only this very TPM opens.
//!
//! The TPM is spoken to directly, in the commands of the TPM 2.0 Library (part 3), over the kernel's `/dev/tpmrm0`: no
//! library of C, no daemon. The storage key that seals is derived anew each time from the owner's seed (TPM2_CreatePrimary
//! with one template gives one key), so nothing is kept in the TPM, and clearing it ends every vault that it opens.
//!
//! What this gives: a file that was copied, or a disk in another machine, opens nowhere. What it does not: the object has no
//! authorisation of its own, so whoever may use the TPM on this machine and reads the file opens it; and the key crosses
//! the wires between processor and TPM in clear.

mod device;
mod wire;

use std::fmt;
use std::path::{Path, PathBuf};

use primitives::encoding;
use zeroize::Zeroizing;

use self::device::{Channel, Device};
use self::wire::Handle;

pub(super) use self::wire::Sealed;

/// Where Linux has its first TPM, behind the kernel's resource manager.
const USUAL: &str = "/dev/tpmrm0";

/// Which TPM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TpmDevice(PathBuf);

impl TpmDevice {
    /// The one at `place`, a character device or the socket of a simulator; else this computer's first one.
    pub fn at(place: Option<PathBuf>) -> Self {
        Self(place.unwrap_or_else(|| USUAL.into()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Whether it can open vaults: it makes the storage key, which takes what sealing takes.
    pub fn try_out(&self) -> Result<(), TpmRefusal> {
        Tpm(Channel::open(&self.0)?).with_storage_key(|_, _| Ok(()))
    }

    /// Seals a vault's key, and sees that it comes out again.
    pub(super) fn seal(&self, key: &[u8; 32]) -> Result<Sealed, TpmRefusal> {
        let mut tpm = Tpm(Channel::open(&self.0)?);
        let sealed = tpm.seal(key)?;
        let opened = tpm.unseal(&sealed)?;
        if encoding::constant_time_eq(opened.as_slice(), key) {
            Ok(sealed)
        } else {
            Err(TpmRefusal::Nonsense)
        }
    }

    /// What was sealed.
    pub(super) fn unseal(&self, sealed: &Sealed) -> Result<Zeroizing<[u8; 32]>, TpmRefusal> {
        Tpm(Channel::open(&self.0)?).unseal(sealed)
    }
}

/// Speaks with a TPM.
struct Tpm<D>(D);

impl<D: Device> Tpm<D> {
    fn seal(&mut self, key: &[u8; 32]) -> Result<Sealed, TpmRefusal> {
        self.with_storage_key(|tpm, parent| wire::created(&tpm.0.exchange(&wire::create(parent, key))?))
    }

    fn unseal(&mut self, sealed: &Sealed) -> Result<Zeroizing<[u8; 32]>, TpmRefusal> {
        self.with_storage_key(|tpm, parent| {
            let loaded = tpm.0.exchange(&wire::load(parent, sealed))?;
            tpm.holding(wire::handle(&loaded)?, |tpm, item| {
                wire::unsealed(&tpm.0.exchange(&wire::unseal(item))?)
            })
        })
    }

    fn with_storage_key<T>(
        &mut self,
        work: impl FnOnce(&mut Self, Handle) -> Result<T, TpmRefusal>,
    ) -> Result<T, TpmRefusal> {
        let made = self.0.exchange(&wire::create_primary())?;
        self.holding(wire::handle(&made)?, work)
    }

    /// A TPM has room for three objects or so: each goes as soon as the work with it is done, well or badly.
    fn holding<T>(
        &mut self,
        handle: Handle,
        work: impl FnOnce(&mut Self, Handle) -> Result<T, TpmRefusal>,
    ) -> Result<T, TpmRefusal> {
        let done = work(self, handle);
        let flushed = self.0.exchange(&wire::flush(handle)).and_then(|answer| wire::done(&answer));
        if let Err(error) = flushed {
            // The kernel's resource manager forgets it in any case when the device is closed.
            tracing::debug!(code = error.code(), "the TPM kept an object: {error}");
        }
        done
    }
}

/// Why the TPM did not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TpmRefusal {
    /// There is none, or the kernel does not show it.
    Absent,
    /// This person may not use it.
    Forbidden,
    /// It did not answer, or stopped in the midst of it.
    Silent,
    /// Its answer makes no sense.
    Nonsense,
    /// Its owner has set a password.
    Owned,
    /// It did not seal this: another TPM did, or it has been cleared since.
    NotSealedHere,
    /// It refused with this response code (TPM 2.0 Library part 2, section 6.6).
    Refused(u32),
}

impl TpmRefusal {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            TpmRefusal::Absent => "tpm_absent",
            TpmRefusal::Forbidden => "tpm_forbidden",
            TpmRefusal::Silent => "tpm_silent",
            TpmRefusal::Nonsense => "tpm_nonsense",
            TpmRefusal::Owned => "tpm_owned",
            TpmRefusal::NotSealedHere => "tpm_not_sealed_here",
            TpmRefusal::Refused(_) => "tpm_refused",
        }
    }
}

impl fmt::Display for TpmRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TpmRefusal::Absent => f.write_str("this computer shows no TPM 2.0"),
            TpmRefusal::Forbidden => {
                f.write_str("you may not use the computer's TPM; the group `tss` may, on most systems")
            }
            TpmRefusal::Silent => f.write_str("the computer's TPM does not answer"),
            TpmRefusal::Nonsense => f.write_str("the computer's TPM gave an answer that makes no sense"),
            TpmRefusal::Owned => f.write_str("the owner of the computer's TPM has set a password"),
            TpmRefusal::NotSealedHere => {
                f.write_str("the vault was made with another TPM, or this one has been cleared since")
            }
            TpmRefusal::Refused(code) => write!(f, "the computer's TPM refused with code {code:#05x}"),
        }
    }
}

impl std::error::Error for TpmRefusal {}

#[cfg(test)]
mod tests;
