//! Why a vault did not open, was not made, or was not rewritten.

use std::fmt;
use std::io::ErrorKind;

use super::keyring::KeyringRefusal;
use super::lock::LockKind;
use super::tpm::TpmRefusal;

/// Why a vault did not open, was not made, or was not rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// There is no file.
    Missing,
    /// There is one already, and nothing is written over it.
    Exists,
    /// Another process has it open.
    InUse,
    /// The file is not one of Keyfob's.
    NotAVault,
    /// A newer Keyfob wrote it.
    Newer,
    /// It does not open with this kind of secret.
    OtherLock(LockKind),
    /// The passphrase is wrong, or the first bytes of the file are damaged: the two look alike.
    WrongKey,
    /// The file is damaged.
    Damaged(Damage),
    /// It would be, or is, longer than 256 MiB.
    TooLong,
    /// A passphrase has at least eight characters.
    Passphrase,
    /// The desktop's keyring did not help.
    Keyring(KeyringRefusal),
    /// The TPM did not help.
    Tpm(TpmRefusal),
    /// A key that was not made of a seed, such as RSA's, cannot be kept.
    NoSeed,
    /// An earlier write has failed in a way that leaves unknown what is on the disk; opening it anew tells.
    Unsure,
    /// The file system refused.
    Io(ErrorKind),
}

/// What is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A record's head is not what was written.
    Head {
        /// At which byte of the file it begins.
        at: usize,
    },
    /// A record's body is not what was written, or stands elsewhere.
    Body {
        /// At which byte of the file its record begins.
        at: usize,
    },
    /// The file is shorter than when it was put in its place.
    Short,
    /// A record opens, but says nothing that this program knows.
    Content {
        /// Its number in the file.
        record: u64,
    },
}

impl VaultError {
    /// The stable name of the reason.
    pub fn code(self) -> &'static str {
        match self {
            VaultError::Missing => "vault_missing",
            VaultError::Exists => "vault_exists",
            VaultError::InUse => "vault_in_use",
            VaultError::NotAVault => "not_a_vault",
            VaultError::Newer => "vault_newer",
            VaultError::OtherLock(_) => "vault_other_lock",
            VaultError::WrongKey => "vault_wrong_key",
            VaultError::Damaged(_) => "vault_damaged",
            VaultError::TooLong => "vault_too_long",
            VaultError::Passphrase => "passphrase_too_short",
            VaultError::Keyring(refusal) => refusal.code(),
            VaultError::Tpm(refusal) => refusal.code(),
            VaultError::NoSeed => "key_without_seed",
            VaultError::Unsure => "vault_unsure",
            VaultError::Io(_) => "vault_io",
        }
    }
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => VaultError::Missing,
            ErrorKind::AlreadyExists => VaultError::Exists,
            kind => VaultError::Io(kind),
        }
    }
}

impl From<Damage> for VaultError {
    fn from(damage: Damage) -> Self {
        VaultError::Damaged(damage)
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VaultError::Missing => f.write_str("there is no vault there; `keyfob init` makes one"),
            VaultError::Exists => f.write_str("there is a file already, and nothing is written over it"),
            VaultError::InUse => f.write_str("another Keyfob has the vault open"),
            VaultError::NotAVault => f.write_str("the file is no vault of Keyfob's"),
            VaultError::Newer => f.write_str("a newer Keyfob wrote the vault"),
            VaultError::OtherLock(kind) => write!(f, "the vault opens with {kind}"),
            VaultError::WrongKey => f.write_str(
                "the vault does not open: the passphrase is wrong, or the first bytes of the file are damaged",
            ),
            VaultError::Damaged(damage) => write!(f, "the vault is damaged: {damage}; a backup lies beside it"),
            VaultError::TooLong => {
                f.write_str("that is more than a vault holds: 256 MiB, 100,000 passkeys, 256 KiB for each entry")
            }
            VaultError::Passphrase => f.write_str("a passphrase needs eight characters or more"),
            VaultError::Keyring(refusal) => refusal.fmt(f),
            VaultError::Tpm(refusal) => refusal.fmt(f),
            VaultError::NoSeed => f.write_str("the vault keeps no RSA keys"),
            VaultError::Unsure => f.write_str(
                "an earlier write failed and left unknown what is on the disk; start Keyfob again",
            ),
            VaultError::Io(kind) => write!(f, "the vault's file: {kind}"),
        }
    }
}

impl std::error::Error for VaultError {}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Head { at } => write!(f, "the head of the record at byte {at} was changed"),
            Damage::Body { at } => write!(f, "the record at byte {at} was changed or moved"),
            Damage::Short => f.write_str("its end is missing"),
            Damage::Content { record } => write!(f, "record {record} makes no sense"),
        }
    }
}
