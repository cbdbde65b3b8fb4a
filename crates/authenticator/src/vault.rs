//! Where credentials live.

use fido::ctap::Status;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::cose::SigningKey;

/// A public key credential source (WebAuthn Level 3 section 4).
#[derive(Debug)]
pub struct Credential {
    /// Its id.
    pub id: Vec<u8>,
    /// The relying party that it is for.
    pub rp_id: String,
    /// The user handle and the names that the person picks by.
    pub user: UserEntity,
    /// The private key, ready to sign.
    pub key: SigningKey,
    /// The last signature counter given out.
    pub sign_count: u32,
    /// Whether it is found without its id.
    pub discoverable: bool,
    /// BE, which never changes.
    pub backup_eligible: bool,
    /// `credProtect`.
    pub protection: CredentialProtection,
}

/// A place for credentials. What it says is done must have survived whatever it promises to survive.
pub trait Vault {
    /// The credentials for a relying party, newest first.
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential>;

    /// Keeps `credential`. A discoverable one replaces the discoverable one of the same user at the same
    /// relying party (CTAP 2.2 section 6.1.2).
    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal>;

    /// Raises the signature counter of the credential `id` and returns it.
    fn count_use(&mut self, id: &[u8]) -> Result<u32, VaultRefusal>;
}

/// Why a vault did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultRefusal {
    /// It takes no more credentials.
    Full,
    /// There is no such credential.
    Unknown,
}

impl From<VaultRefusal> for Status {
    fn from(refusal: VaultRefusal) -> Self {
        match refusal {
            VaultRefusal::Full => Status::KeyStoreFull,
            VaultRefusal::Unknown => Status::NoCredentials,
        }
    }
}

/// A vault in memory, searched from end to end: meant for the dozens that one person has.
#[derive(Debug)]
pub struct MemoryVault {
    /// Oldest first.
    credentials: Vec<Credential>,
    most: usize,
}

impl Default for MemoryVault {
    fn default() -> Self {
        Self::bounded(usize::MAX)
    }
}

impl MemoryVault {
    /// A vault that takes at most so many.
    pub fn bounded(most: usize) -> Self {
        Self { credentials: Vec::new(), most }
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[Credential] {
        &self.credentials
    }

    /// The credential with that id.
    pub fn get(&self, id: &[u8]) -> Option<&Credential> {
        self.credentials.iter().find(|credential| credential.id == id)
    }

    /// The same, to be changed: setting its counter back makes a cloned authenticator of this one.
    pub fn get_mut(&mut self, id: &[u8]) -> Option<&mut Credential> {
        self.credentials.iter_mut().find(|credential| credential.id == id)
    }

    /// Keeps to no `credProtect` any more, as authenticators do that do not know it: only with such a one does a
    /// client get an assertion without user verification.
    pub fn forget_protection(&mut self) {
        for credential in &mut self.credentials {
            credential.protection = CredentialProtection::UserVerificationOptional;
        }
    }

    /// Takes the credential out, as a person does who deletes it in the settings of their device.
    pub fn remove(&mut self, id: &[u8]) -> Option<Credential> {
        let at = self.credentials.iter().position(|credential| credential.id == id)?;
        Some(self.credentials.remove(at))
    }
}

impl Vault for MemoryVault {
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential> {
        self.credentials.iter().rev().filter(move |credential| credential.rp_id == rp_id)
    }

    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal> {
        let replaced = |other: &Credential| {
            credential.discoverable
                && other.discoverable
                && other.rp_id == credential.rp_id
                && other.user.id == credential.user.id
        };
        let kept = self.credentials.iter().filter(|other| !replaced(other)).count();
        if kept >= self.most {
            return Err(VaultRefusal::Full);
        }
        self.credentials.retain(|other| !replaced(other));
        self.credentials.push(credential);
        Ok(())
    }

    fn count_use(&mut self, id: &[u8]) -> Result<u32, VaultRefusal> {
        let credential = self.get_mut(id).ok_or(VaultRefusal::Unknown)?;
        credential.sign_count = credential.sign_count.saturating_add(1);
        Ok(credential.sign_count)
    }
}
