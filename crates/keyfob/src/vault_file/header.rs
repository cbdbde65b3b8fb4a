//! The first bytes of a vault: what it is, and the vault's key under the key that opens it.
//!
//! Everything in front of the sealed key is its associated data, and the digest of the whole is what the first record
//! follows on: not one bit of it can be changed unnoticed.

use primitives::aead::Aes256Gcm;
use primitives::digest;
use primitives::entropy::{self, Entropy};
use primitives::hkdf;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::journal::{Keys, Tail};
use super::lock::{Lock, LockKind};

/// What every vault begins with. The first byte is no text's and the last one catches translated line ends.
const MAGIC: [u8; 8] = *b"\x89KEYFOB\n";
/// The version of the layout.
const VERSION: u16 = 1;
/// Longest lock: a TPM's is the longest, of some two hundred bytes.
const LONGEST_LOCK: usize = 1024;
/// Longest header: all in front of the lock, the lock, the sealed key.
pub(super) const LONGEST: usize = 69 + LONGEST_LOCK + SEALED_KEY;
/// Nonce, key and tag.
const SEALED_KEY: usize = 12 + 32 + 16;

/// A header as it is read, not yet opened.
pub(super) struct Header {
    /// Drawn when the vault was made; stays for as long as it lives.
    pub(super) id: [u8; 16],
    /// Counts how often the file was written anew.
    pub(super) generation: u64,
    /// What opens it.
    pub(super) lock: Lock,
    salt: [u8; 32],
    bytes: Vec<u8>,
}

/// What is drawn once for a vault and stays: its name and its key.
pub(super) struct Identity {
    /// Its id.
    pub(super) id: [u8; 16],
    /// The key that all others come from.
    pub(super) key: Zeroizing<[u8; 32]>,
}

impl Identity {
    /// A new vault's.
    pub(super) fn generate(entropy: &mut dyn Entropy) -> Self {
        Self { id: entropy::array(entropy), key: Zeroizing::new(entropy::array(entropy)) }
    }
}

impl Header {
    /// Writes the header of a new file: the vault's key under `opener`, the key that `lock` gives.
    pub(super) fn write(
        identity: &Identity,
        generation: u64,
        lock: &Lock,
        opener: &[u8; 32],
        entropy: &mut dyn Entropy,
    ) -> Self {
        let salt: [u8; 32] = entropy::array(entropy);
        let body = lock.body();
        let mut bytes = Vec::with_capacity(69 + body.len() + SEALED_KEY);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_be_bytes());
        bytes.extend_from_slice(&identity.id);
        bytes.extend_from_slice(&generation.to_be_bytes());
        bytes.extend_from_slice(&salt);
        bytes.push(lock.kind().number());
        bytes.extend_from_slice(&u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(&body);
        let nonce: [u8; 12] = entropy::array(entropy);
        let sealed = Aes256Gcm::new(opener).seal(&nonce, &bytes, identity.key.as_slice());
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Self { id: identity.id, generation, lock: lock.clone(), salt, bytes }
    }

    /// Reads the header at the front of `file`.
    pub(super) fn read(file: &[u8]) -> Result<Self, VaultError> {
        let rest = file.strip_prefix(&MAGIC).ok_or(VaultError::NotAVault)?;
        let (version, rest) = rest.split_first_chunk::<2>().ok_or(VaultError::NotAVault)?;
        match u16::from_be_bytes(*version) {
            VERSION => {}
            0 => return Err(VaultError::NotAVault),
            _ => return Err(VaultError::Newer),
        }
        let read = || {
            let (id, rest) = rest.split_first_chunk::<16>()?;
            let (generation, rest) = rest.split_first_chunk::<8>()?;
            let (salt, rest) = rest.split_first_chunk::<32>()?;
            let (kind, rest) = rest.split_first()?;
            let (length, rest) = rest.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (body, rest) = rest.split_at_checked(length).filter(|_| length <= LONGEST_LOCK)?;
            let (_, rest) = rest.split_at_checked(SEALED_KEY)?;
            let bytes = file.get(..file.len().checked_sub(rest.len())?)?;
            Some((*id, u64::from_be_bytes(*generation), *salt, *kind, body, bytes.to_vec()))
        };
        let (id, generation, salt, kind, body, bytes) = read().ok_or(VaultError::NotAVault)?;
        let lock = Lock::read(LockKind::from_number(kind).ok_or(VaultError::Newer)?, body)?;
        Ok(Self { id, generation, lock, salt, bytes })
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Opens the vault's key with the key that the lock gave.
    pub(super) fn open(&self, opener: &[u8; 32]) -> Result<Identity, VaultError> {
        let at = self.bytes.len().saturating_sub(SEALED_KEY);
        let (front, sealed) = self.bytes.split_at_checked(at).ok_or(VaultError::NotAVault)?;
        let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or(VaultError::NotAVault)?;
        let opened = Aes256Gcm::new(opener).open(nonce, front, sealed).map_err(|_| VaultError::WrongKey)?;
        let mut key = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(VaultError::WrongKey);
        }
        key.copy_from_slice(&opened);
        Ok(Identity { id: self.id, key })
    }

    /// The keys of this file's records: other ones for each generation, because each has its own salt.
    pub(super) fn keys(&self, identity: &Identity) -> Keys {
        let derive = |purpose: &[u8]| {
            let mut out = Zeroizing::new([0; 32]);
            hkdf::sha256(&self.salt, identity.key.as_slice(), purpose, out.as_mut_slice());
            out
        };
        Keys {
            bodies: Aes256Gcm::new(&derive(b"keyfob vault v1 bodies")),
            heads: derive(b"keyfob vault v1 heads"),
            nonces: derive(b"keyfob vault v1 nonces"),
        }
    }

    /// What the first record follows on.
    pub(super) fn tail(&self) -> Tail {
        Tail::after_header(&digest::sha256(&self.bytes))
    }
}

#[cfg(test)]
mod tests;
