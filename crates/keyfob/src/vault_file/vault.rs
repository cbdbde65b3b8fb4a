//! The vault as the authenticator knows it: each change is written down before it is made.

use std::fmt;

use authenticator::vault::{Credential, DeviceState, Vault, VaultRefusal};
use fido::options::UserEntity;
use primitives::time::Timestamp;

use super::disk::Backups;
use super::record::{self, Change};
use super::{MOST_CREDENTIALS, VaultFile};

impl Vault for VaultFile {
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential> {
        self.contents.credentials().rev().filter(move |credential| credential.rp_id == rp_id)
    }

    fn all(&self) -> impl Iterator<Item = &Credential> {
        self.contents.credentials()
    }

    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal> {
        let replaced = self.contents.replaced_by(&credential);
        if self.count().saturating_sub(replaced.len()) >= MOST_CREDENTIALS {
            return Err(VaultRefusal::Full);
        }
        let ids: Vec<&[u8]> = replaced.iter().map(Vec::as_slice).collect();
        // A key without a seed cannot be written down.
        let text = record::credential(&credential, &ids).ok_or(VaultRefusal::Failed)?;
        self.write(&text, Change::Add(Box::new(credential), replaced))
    }

    fn remove(&mut self, id: &[u8]) -> Result<(), VaultRefusal> {
        self.get(id).ok_or(VaultRefusal::Unknown)?;
        self.write(&record::removal(id), Change::Remove(id.to_vec()))
    }

    fn count_use(&mut self, id: &[u8], now: Timestamp) -> Result<u32, VaultRefusal> {
        let count = self.get(id).ok_or(VaultRefusal::Unknown)?.sign_count.saturating_add(1);
        self.write(&record::usage(id, count, now), Change::Use { id: id.to_vec(), count, at: now })?;
        Ok(count)
    }

    fn change_user(&mut self, id: &[u8], user: UserEntity) -> Result<(), VaultRefusal> {
        self.get(id).ok_or(VaultRefusal::Unknown)?;
        let UserEntity { name, display_name, .. } = &user;
        let change = Change::User { id: id.to_vec(), name: name.clone(), display_name: display_name.clone() };
        self.write(&record::user(id, &user), change)
    }

    fn state(&self) -> &DeviceState {
        &self.contents.state
    }

    fn set_state(&mut self, state: DeviceState) -> Result<(), VaultRefusal> {
        let text = record::state(&state).ok_or(VaultRefusal::Failed)?;
        self.write(&text, Change::State(Box::new(state)))
    }

    fn reset(&mut self) -> Result<(), VaultRefusal> {
        let after = self.contents.after_reset();
        let before = std::mem::replace(&mut self.contents, after);
        // In old records and backups it would still be there for whoever opens them with the same secret.
        self.rewrite(Vec::new(), Backups::Forgotten).map_err(|error| {
            self.contents = before;
            tracing::error!(code = error.code(), "the vault was not reset: {error}");
            VaultRefusal::Failed
        })
    }

    fn room(&self) -> usize {
        MOST_CREDENTIALS.saturating_sub(self.count())
    }
}

impl fmt::Debug for VaultFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultFile")
            .field("path", &self.disk.path())
            .field("lock", &self.lock)
            .field("generation", &self.generation)
            .field("credentials", &self.count())
            .finish_non_exhaustive()
    }
}
