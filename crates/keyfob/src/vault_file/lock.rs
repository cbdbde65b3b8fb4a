//! What opens a vault: the key that seals the vault's key comes from a passphrase, the desktop's keyring or a TPM.

use std::fmt;

use primitives::entropy::{self, Entropy};
use primitives::secret::SecretText;
use primitives::slow_hash::{self, Cost};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::keyring::{self, Which};
use super::tpm::{Sealed, TpmDevice};

/// Fewer characters than these are no passphrase.
const SHORTEST_PASSPHRASE: usize = 8;
/// The number of Argon2id in a lock of a passphrase.
const ARGON2ID: u8 = 1;
/// The number of a sealed data object in a lock of a TPM.
const SEALED_OBJECT: u8 = 1;

/// With what a vault is opened, or made to open from now on.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// A passphrase that a person types: Argon2id with 64 MiB and three passes.
    Passphrase(SecretText),
    /// A random key in the desktop's keyring (Secret Service), which opens with the session.
    Keyring,
    /// A random key that only this TPM unseals.
    Tpm(TpmDevice),
    /// Nothing: the key lies in the file. For tests; whoever reads the file has the passkeys.
    Unattended,
}

impl Unlock {
    /// What kind of lock it fits.
    pub fn kind(&self) -> LockKind {
        match self {
            Unlock::Passphrase(_) => LockKind::Passphrase,
            Unlock::Keyring => LockKind::Keyring,
            Unlock::Tpm(_) => LockKind::Tpm,
            Unlock::Unattended => LockKind::Unattended,
        }
    }
}

/// What kind of secret opens a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    /// A passphrase.
    Passphrase,
    /// The desktop's keyring.
    Keyring,
    /// A TPM.
    Tpm,
    /// None at all.
    Unattended,
}

impl LockKind {
    /// Its number in a header.
    pub(super) fn number(self) -> u8 {
        match self {
            LockKind::Passphrase => 1,
            LockKind::Keyring => 2,
            LockKind::Tpm => 3,
            LockKind::Unattended => 4,
        }
    }

    /// From its number in a header.
    pub(super) fn from_number(number: u8) -> Option<Self> {
        [LockKind::Passphrase, LockKind::Keyring, LockKind::Tpm, LockKind::Unattended]
            .into_iter()
            .find(|kind| kind.number() == number)
    }

    /// Its stable name.
    pub fn name(self) -> &'static str {
        match self {
            LockKind::Passphrase => "passphrase",
            LockKind::Keyring => "keyring",
            LockKind::Tpm => "tpm",
            LockKind::Unattended => "unattended",
        }
    }
}

impl fmt::Display for LockKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LockKind::Passphrase => "a passphrase",
            LockKind::Keyring => "the desktop's keyring",
            LockKind::Tpm => "the TPM of the computer that it was made on",
            LockKind::Unattended => "nothing: it was made with --unattended",
        })
    }
}

/// A lock as a header holds it.
#[derive(Clone)]
pub(super) enum Lock {
    /// Argon2id at a cost with a salt.
    Passphrase {
        /// The cost.
        cost: Cost,
        /// The salt.
        salt: [u8; 16],
    },
    /// The keyring finds the key by the vault's id and this name.
    Keyring([u8; 16]),
    /// Only the TPM that sealed it opens it.
    Tpm(Sealed),
    /// The key itself, for everyone to read.
    Unattended(Zeroizing<[u8; 32]>),
}

impl Lock {
    /// A new lock of that kind for the vault `id`, and the key that it gives.
    pub(super) fn make(
        unlock: &Unlock,
        cost: Cost,
        id: &[u8; 16],
        entropy: &mut dyn Entropy,
    ) -> Result<(Self, Zeroizing<[u8; 32]>), VaultError> {
        match unlock {
            Unlock::Passphrase(passphrase) => {
                if passphrase.reveal().chars().count() < SHORTEST_PASSPHRASE {
                    return Err(VaultError::Passphrase);
                }
                let lock = Self::Passphrase { cost, salt: entropy::array(entropy) };
                let opener = lock.opener(unlock, id)?;
                Ok((lock, opener))
            }
            Unlock::Keyring => {
                let opener = Zeroizing::new(entropy::array(entropy));
                let name = entropy::array(entropy);
                keyring::keep(Which { vault: *id, name }, &opener).map_err(VaultError::Keyring)?;
                Ok((Self::Keyring(name), opener))
            }
            Unlock::Tpm(device) => {
                let opener = Zeroizing::new(entropy::array(entropy));
                let sealed = device.seal(&opener).map_err(VaultError::Tpm)?;
                Ok((Self::Tpm(sealed), opener))
            }
            Unlock::Unattended => {
                let opener = Zeroizing::new(entropy::array(entropy));
                Ok((Self::Unattended(opener.clone()), opener))
            }
        }
    }

    /// The key that this lock gives to who brings the right secret; to who brings another one, another key.
    pub(super) fn opener(&self, unlock: &Unlock, id: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        match (self, unlock) {
            (Self::Passphrase { cost, salt }, Unlock::Passphrase(passphrase)) => {
                // One passphrase, whichever way the keyboard composes its accents (RFC 8265 section 4.2).
                let normal: Zeroizing<String> = Zeroizing::new(passphrase.reveal().nfc().collect());
                Ok(slow_hash::derive_key(*cost, salt, normal.as_bytes()))
            }
            (Self::Keyring(name), Unlock::Keyring) => {
                keyring::find(Which { vault: *id, name: *name }).map_err(VaultError::Keyring)
            }
            (Self::Tpm(sealed), Unlock::Tpm(device)) => device.unseal(sealed).map_err(VaultError::Tpm),
            (Self::Unattended(key), Unlock::Unattended) => Ok(key.clone()),
            _ => Err(VaultError::OtherLock(self.kind())),
        }
    }

    pub(super) fn kind(&self) -> LockKind {
        match self {
            Self::Passphrase { .. } => LockKind::Passphrase,
            Self::Keyring(_) => LockKind::Keyring,
            Self::Tpm(_) => LockKind::Tpm,
            Self::Unattended(_) => LockKind::Unattended,
        }
    }

    /// As a header holds it.
    pub(super) fn body(&self) -> Vec<u8> {
        match self {
            Self::Passphrase { cost, salt } => {
                let mut body = vec![ARGON2ID];
                body.extend_from_slice(&cost.memory_kib().to_be_bytes());
                body.extend_from_slice(&cost.iterations().to_be_bytes());
                body.extend_from_slice(salt);
                body
            }
            Self::Keyring(name) => name.to_vec(),
            Self::Tpm(sealed) => [vec![SEALED_OBJECT], sealed.to_bytes()].concat(),
            Self::Unattended(key) => key.to_vec(),
        }
    }

    /// From a header.
    pub(super) fn read(kind: LockKind, body: &[u8]) -> Result<Self, VaultError> {
        match kind {
            LockKind::Passphrase => Self::read_passphrase(body).ok_or(VaultError::NotAVault),
            LockKind::Keyring => body.try_into().map(Self::Keyring).map_err(|_| VaultError::NotAVault),
            LockKind::Tpm => {
                let sealed = body.strip_prefix(&[SEALED_OBJECT]).and_then(Sealed::read);
                sealed.map(Self::Tpm).ok_or(VaultError::NotAVault)
            }
            LockKind::Unattended => {
                let key = <[u8; 32]>::try_from(body).map_err(|_| VaultError::NotAVault)?;
                Ok(Self::Unattended(Zeroizing::new(key)))
            }
        }
    }

    fn read_passphrase(body: &[u8]) -> Option<Self> {
        let (function, rest) = body.split_first()?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (iterations, rest) = rest.split_first_chunk::<4>()?;
        // A cost out of bounds is refused before it costs anything.
        let cost = Cost::stated(u32::from_be_bytes(*memory), u32::from_be_bytes(*iterations))?;
        (*function == ARGON2ID).then_some(Self::Passphrase { cost, salt: rest.try_into().ok()? })
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lock({})", self.kind().name())
    }
}

#[cfg(test)]
mod tests;
