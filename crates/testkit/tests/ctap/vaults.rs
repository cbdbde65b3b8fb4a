//! The two places for passkeys over which the list is carried out: memory, and the file that `keyfob` keeps.

use std::path::Path;

use authenticator::{Credential, DeviceState, MemoryVault, Vault, VaultRefusal};
use fido::options::UserEntity;
use keyfob::vault_file::{Unlock, VaultFile};
use primitives::entropy::SystemEntropy;
use primitives::time::Timestamp;
use tempfile::TempDir;

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    File,
}

impl Kind {
    pub(crate) const ALL: [Kind; 2] = [Kind::Memory, Kind::File];
}

pub(crate) enum Kept {
    Memory(MemoryVault),
    File(Box<VaultFile>),
}

/// A folder for a vault; in memory where there is one, for what is asked here is not the disk's.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

impl Kept {
    pub(crate) fn new(kind: Kind, folder: &Path) -> Self {
        match kind {
            Kind::Memory => Self::Memory(MemoryVault::default()),
            Kind::File => {
                let made = VaultFile::create(&folder.join("vault"), Unlock::Unattended, &mut SystemEntropy);
                Self::File(Box::new(made.unwrap()))
            }
        }
    }

    pub(crate) fn open(folder: &Path) -> Self {
        Self::File(Box::new(VaultFile::open(&folder.join("vault"), Unlock::Unattended).unwrap()))
    }
}

/// Does with whichever it is what it says.
macro_rules! either {
    ($kept:expr, $vault:ident => $done:expr) => {
        match $kept {
            Kept::Memory($vault) => $done,
            Kept::File($vault) => $done,
        }
    };
}

impl Vault for Kept {
    fn credentials<'a>(&'a self, rp_id: &str) -> impl Iterator<Item = &'a Credential> {
        let all: Vec<&'a Credential> = either!(self, vault => vault.credentials(rp_id).collect());
        all.into_iter()
    }

    fn all(&self) -> impl Iterator<Item = &Credential> {
        let all: Vec<&Credential> = match self {
            Kept::Memory(vault) => vault.all().iter().collect(),
            Kept::File(vault) => vault.all().collect(),
        };
        all.into_iter()
    }

    fn add(&mut self, credential: Credential) -> Result<(), VaultRefusal> {
        either!(self, vault => vault.add(credential))
    }

    fn remove(&mut self, id: &[u8]) -> Result<(), VaultRefusal> {
        match self {
            Kept::Memory(vault) => Vault::remove(vault, id),
            Kept::File(vault) => vault.remove(id),
        }
    }

    fn count_use(&mut self, id: &[u8], now: Timestamp) -> Result<u32, VaultRefusal> {
        either!(self, vault => vault.count_use(id, now))
    }

    fn change_user(&mut self, id: &[u8], user: UserEntity) -> Result<(), VaultRefusal> {
        either!(self, vault => vault.change_user(id, user))
    }

    fn state(&self) -> &DeviceState {
        either!(self, vault => vault.state())
    }

    fn set_state(&mut self, state: DeviceState) -> Result<(), VaultRefusal> {
        either!(self, vault => vault.set_state(state))
    }

    fn reset(&mut self) -> Result<(), VaultRefusal> {
        either!(self, vault => vault.reset())
    }

    fn room(&self) -> usize {
        either!(self, vault => vault.room())
    }
}
