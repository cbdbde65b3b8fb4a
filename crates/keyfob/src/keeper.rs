//! Whoever holds the vault: this process, or a running `keyfob serve` that is asked over its control socket.

use std::fmt;

use authenticator::vault::VaultRefusal;
use serde::{Deserialize, Serialize};

use crate::errand::unfinished::Unfinished;
use crate::holder::About;
use crate::server::Origin;
use crate::vault_file::VaultError;

/// Carries out commands on the vault.
pub trait Keeper {
    /// One CTAP2 request of this program for its own server: a command byte and CBOR; the person is asked. The reply is a
    /// status byte and CBOR.
    fn command(
        &mut self,
        origin: &Origin,
        request: Vec<u8>,
    ) -> impl Future<Output = Result<Vec<u8>, KeeperError>> + Send;

    /// Deletes the passkey whose id is that base64url, without asking: the server has refused it, or has removed it.
    fn forget(&mut self, id: &str) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// Keeps what is known about that passkey beside itself.
    fn know(&mut self, id: &str, about: About) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// Keeps what an errand is about to do, in the place of what was kept under its name.
    fn note(&mut self, unfinished: &Unfinished) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// The errand of that name has ended.
    fn settle(&mut self, name: &str) -> impl Future<Output = Result<(), KeeperError>> + Send;

    /// The errands that have not ended.
    fn unfinished(&mut self) -> impl Future<Output = Result<Vec<Unfinished>, KeeperError>> + Send;

    /// The ids, base64url, of the passkeys that this errand has made, as far as no server is known to have them.
    fn orphans(
        &mut self,
        unfinished: &Unfinished,
    ) -> impl Future<Output = Result<Vec<String>, KeeperError>> + Send;

    /// The public half of a key for a server's certificate, with the proof for the challenge of the ceremony.
    fn certificate_key(
        &mut self,
        rp_id: &str,
        challenge: &str,
    ) -> impl Future<Output = Result<Certificate, KeeperError>> + Send;

    /// The certificate came: DER in base64url, leaf first. From now on statements for that server are signed by it.
    fn certified(
        &mut self,
        rp_id: &str,
        chain: Vec<String>,
    ) -> impl Future<Output = Result<(), KeeperError>> + Send;
}

/// What a server is sent for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// COSE_Key, base64url.
    pub key: String,
    /// The signature, base64url.
    pub proof: String,
}

impl From<VaultError> for KeeperError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error.to_string())
    }
}

impl From<VaultRefusal> for KeeperError {
    fn from(refusal: VaultRefusal) -> Self {
        match refusal {
            VaultRefusal::Unknown => Self::Unknown,
            VaultRefusal::Full => Self::Vault("it takes no more".to_owned()),
            VaultRefusal::Failed => Self::Vault("it could not be written".to_owned()),
        }
    }
}

/// Why the vault did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeeperError {
    /// There is no such passkey.
    Unknown,
    /// It ended.
    Gone,
    /// It could not be written or read; the text says how.
    Vault(String),
}

impl KeeperError {
    /// A stable code.
    pub fn code(&self) -> &str {
        match self {
            Self::Unknown => "passkey_unknown",
            Self::Gone => "keeper_gone",
            Self::Vault(_) => "vault",
        }
    }
}

impl fmt::Display for KeeperError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("there is no such passkey"),
            Self::Gone => f.write_str("what holds the vault has ended"),
            Self::Vault(how) => write!(f, "the vault failed: {how}"),
        }
    }
}

impl std::error::Error for KeeperError {}
