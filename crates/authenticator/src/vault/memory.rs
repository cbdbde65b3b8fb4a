//! A vault that forgets everything with the program.

use fido::extension::CredentialProtection;
use fido::options::UserEntity;
use primitives::time::Timestamp;

use super::{Credential, DeviceState, Vault, VaultRefusal};

/// A vault in memory, searched from end to end: meant for the dozens that one person has.
#[derive(Debug)]
pub struct MemoryVault {
    /// Oldest first.
    credentials: Vec<Credential>,
    state: DeviceState,
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
        Self { credentials: Vec::new(), state: DeviceState::default(), most }
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

    fn all(&self) -> impl Iterator<Item = &Credential> {
        self.credentials.iter()
    }

    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal> {
        let kept = self.credentials.iter().filter(|other| !other.is_replaced_by(&credential)).count();
        if kept >= self.most {
            return Err(VaultRefusal::Full);
        }
        self.credentials.retain(|other| !other.is_replaced_by(&credential));
        self.credentials.push(credential);
        Ok(())
    }

    fn remove(&mut self, id: &[u8]) -> Result<(), VaultRefusal> {
        MemoryVault::remove(self, id).map(drop).ok_or(VaultRefusal::Unknown)
    }

    fn count_use(&mut self, id: &[u8], now: Timestamp) -> Result<u32, VaultRefusal> {
        let credential = self.get_mut(id).ok_or(VaultRefusal::Unknown)?;
        credential.sign_count = credential.sign_count.saturating_add(1);
        credential.last_used = Some(now);
        Ok(credential.sign_count)
    }

    fn change_user(&mut self, id: &[u8], user: UserEntity) -> Result<(), VaultRefusal> {
        let credential = self.get_mut(id).ok_or(VaultRefusal::Unknown)?;
        credential.user.name = user.name;
        credential.user.display_name = user.display_name;
        Ok(())
    }

    fn state(&self) -> &DeviceState {
        &self.state
    }

    fn set_state(&mut self, state: DeviceState) -> Result<(), VaultRefusal> {
        self.state = state;
        Ok(())
    }

    fn reset(&mut self) -> Result<(), VaultRefusal> {
        self.credentials.clear();
        self.state = DeviceState::default();
        Ok(())
    }

    fn room(&self) -> usize {
        self.most.saturating_sub(self.credentials.len())
    }
}
