//! Where credentials live, and what else an authenticator remembers.

use std::fmt;

use fido::ctap::Status;
use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::time::Timestamp;
use zeroize::Zeroizing;

use crate::attestation::Private;
use crate::private_key::PrivateKey;

mod memory;

pub use memory::MemoryVault;

/// A public key credential source (WebAuthn Level 3 section 4).
pub struct Credential {
    /// Its id.
    pub id: Vec<u8>,
    /// The relying party that it is for.
    pub rp_id: String,
    /// What the relying party called itself when the credential was made; nothing vouches for it.
    pub rp_name: String,
    /// The user handle and the names that the person picks by.
    pub user: UserEntity,
    /// The private key.
    pub key: PrivateKey,
    /// The last signature counter given out.
    pub sign_count: u32,
    /// Whether it is found without its id.
    pub discoverable: bool,
    /// BE, which never changes.
    pub backup_eligible: bool,
    /// `credProtect`.
    pub protection: CredentialProtection,
    /// CredRandom of `hmac-secret` (CTAP 2.3 section 12.7): 32 bytes for whoever was verified, 32 for whoever was not.
    pub cred_random: Zeroizing<[u8; 64]>,
    /// `credBlob` (section 12.2).
    pub cred_blob: Option<Vec<u8>>,
    /// The key of this credential's large blob (section 12.3).
    pub large_blob_key: Option<Zeroizing<[u8; 32]>>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last signed.
    pub last_used: Option<Timestamp>,
}

// What a blob holds is the relying party's secret, and so are the other two.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &fido::Base64Url(self.id.clone()))
            .field("rp_id", &self.rp_id)
            .field("user", &self.user)
            .field("key", &self.key)
            .field("sign_count", &self.sign_count)
            .field("discoverable", &self.discoverable)
            .field("protection", &self.protection)
            .finish_non_exhaustive()
    }
}

/// So many bytes of a name are kept, at most; WebAuthn Level 3 section 6.4.1 asks for 64. Whoever makes a passkey may
/// not make it so long that no message can tell of it afterwards.
pub const LONGEST_NAME: usize = 256;

/// The name as it is kept: as much of it as there is room for, in whole characters.
pub(crate) fn kept_name(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(LONGEST_NAME));
    name
}

/// The same of a user's names.
pub(crate) fn kept_user(user: UserEntity) -> UserEntity {
    UserEntity { name: kept_name(user.name), display_name: kept_name(user.display_name), ..user }
}

impl Credential {
    /// Whether `other` takes this one's place: both are discoverable, for the same user of the same relying party
    /// (CTAP 2.3 section 6.1.2 step 17).
    pub fn is_replaced_by(&self, other: &Credential) -> bool {
        other.discoverable && self.is_of(&other.rp_id, &other.user.id)
    }

    /// Whether it is the discoverable one of that user of that relying party.
    pub fn is_of(&self, rp_id: &str, user_handle: &[u8]) -> bool {
        self.discoverable && self.rp_id == rp_id && *self.user.id == *user_handle
    }
}

/// The PIN as it is remembered.
#[derive(Clone, PartialEq, Eq)]
pub struct PinRecord {
    /// The left half of SHA-256 of the PIN, as CTAP 2.3 section 6.5.5.5 has it.
    pub hash: Zeroizing<[u8; 16]>,
    /// How many code points it has.
    pub length: u8,
}

impl fmt::Debug for PinRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinRecord(…)")
    }
}

/// What an authenticator remembers beside its credentials. The default is that of a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceState {
    /// The PIN that clients ask for, if one is set.
    pub pin: Option<PinRecord>,
    /// How many wrong PINs it still takes; at 0 only a reset helps.
    pub pin_retries: u8,
    /// Whether it verifies the person even where nobody asks.
    pub always_uv: bool,
    /// Fewest code points of a PIN.
    pub min_pin_length: u8,
    /// The relying parties that are told how few those are.
    pub min_pin_rp_ids: Vec<String>,
    /// Whether the PIN must be changed before it is good for anything else.
    pub force_pin_change: bool,
    /// The serialized array of large blobs (section 6.10), with its digest.
    pub large_blobs: Vec<u8>,
    /// What organisations issued to this authenticator, each for itself.
    pub attestations: Vec<Private>,
}

/// Wrong PINs that a new authenticator takes in all (section 6.5.2.2).
pub const MOST_PIN_RETRIES: u8 = 8;
/// Fewest code points of a PIN unless somebody raised it (section 6.5.1).
pub const LEAST_PIN_LENGTH: u8 = 4;
/// The serialized array of no large blobs: an empty array and half its digest (section 6.10.2).
pub const NO_LARGE_BLOBS: [u8; 17] =
    [0x80, 0x76, 0xbe, 0x8b, 0x52, 0x8d, 0x00, 0x75, 0xf7, 0xaa, 0xe9, 0x8d, 0x6f, 0xa5, 0x7a, 0x6d, 0x3c];

impl Default for DeviceState {
    fn default() -> Self {
        Self {
            pin: None,
            pin_retries: MOST_PIN_RETRIES,
            always_uv: false,
            min_pin_length: LEAST_PIN_LENGTH,
            min_pin_rp_ids: Vec::new(),
            force_pin_change: false,
            large_blobs: NO_LARGE_BLOBS.to_vec(),
            attestations: Vec::new(),
        }
    }
}

/// A place for credentials. What it says is done must have survived whatever it promises to survive.
pub trait Vault {
    /// The credentials for a relying party, newest first.
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential>;

    /// All of them, oldest first.
    fn all(&self) -> impl Iterator<Item = &Credential>;

    /// Keeps `credential`. A discoverable one replaces the discoverable one of the same user at the same
    /// relying party (CTAP 2.3 section 6.1.2).
    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal>;

    /// Deletes the credential `id`.
    fn remove(&mut self, id: &[u8]) -> Result<(), VaultRefusal>;

    /// Notes that the credential `id` signs now: raises its signature counter and returns it.
    fn count_use(&mut self, id: &[u8], now: Timestamp) -> Result<u32, VaultRefusal>;

    /// Changes the names that go with the credential `id`; the user handle stays.
    fn change_user(&mut self, id: &[u8], user: UserEntity) -> Result<(), VaultRefusal>;

    /// What it remembers beside credentials.
    fn state(&self) -> &DeviceState;

    /// Remembers this instead.
    fn set_state(&mut self, state: DeviceState) -> Result<(), VaultRefusal>;

    /// Forgets everything: credentials and state.
    fn reset(&mut self) -> Result<(), VaultRefusal>;

    /// How many more credentials it takes for sure.
    fn room(&self) -> usize {
        usize::MAX
    }
}

/// Why a vault did not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultRefusal {
    /// It takes no more credentials.
    Full,
    /// There is no such credential.
    Unknown,
    /// It could not write down what it was told; nothing changed.
    Failed,
}

impl From<VaultRefusal> for Status {
    fn from(refusal: VaultRefusal) -> Self {
        match refusal {
            VaultRefusal::Full => Status::KeyStoreFull,
            VaultRefusal::Unknown => Status::NoCredentials,
            VaultRefusal::Failed => Status::Other,
        }
    }
}

#[cfg(test)]
mod tests;
