//! The vault: one encrypted file of passkeys, which loses nothing that it has said is kept.
//!
//! The file is a header and records (`docs/keyfob/vault-format.md`). Each change is one record at the end, flushed before
//! it is acknowledged; now and then all of it is written anew, with a backup of what was. One process holds it at a time.
//! What is open is in memory as it is; files and backups never have anything but the header in clear.

mod contents;
mod disk;
mod error;
mod header;
mod journal;
mod keyring;
mod lock;
mod record;
mod tpm;
mod vault;

use std::collections::HashSet;
use std::path::Path;

use authenticator::vault::{Credential, VaultRefusal};
use primitives::entropy::{Entropy, SystemEntropy};
use primitives::slow_hash::Cost;
use zeroize::Zeroizing;

use self::contents::Contents;
use self::disk::{Backups, Disk};
use self::header::{Header, Identity};
use self::journal::{Keys, Next, Reader, Tail};
use self::lock::Lock;
use self::record::{Change, Text};

pub use self::error::{Damage, VaultError};
pub use self::keyring::KeyringRefusal;
pub use self::lock::{LockKind, Unlock};
pub use self::tpm::{TpmDevice, TpmRefusal};

/// Most credentials: what opens in good time and fits the longest file.
const MOST_CREDENTIALS: usize = 100_000;
/// So many records that say nothing any more are carried along before the file is written anew.
const MOST_STALE: u64 = 1_024;
/// Longest name of an item.
const LONGEST_NAME: usize = 128;

/// An open vault.
pub struct VaultFile {
    disk: Disk,
    identity: Identity,
    generation: u64,
    lock: Lock,
    opener: Zeroizing<[u8; 32]>,
    keys: Keys,
    tail: Tail,
    contents: Contents,
    entropy: SystemEntropy,
}

impl VaultFile {
    /// Makes a vault where there is no file yet; folders are made as needed.
    pub fn create(path: &Path, unlock: Unlock, entropy: &mut dyn Entropy) -> Result<Self, VaultError> {
        Self::create_costing(path, &unlock, Cost::VAULT, entropy)
    }

    /// The same at another cost of the passphrase: for tests.
    pub fn create_costing(
        path: &Path,
        unlock: &Unlock,
        cost: Cost,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, VaultError> {
        // Before a keyring is asked to keep a key for it.
        if path.symlink_metadata().is_ok() {
            return Err(VaultError::Exists);
        }
        let identity = Identity::generate(entropy);
        let (lock, opener) = Lock::make(unlock, cost, &identity.id, entropy)?;
        let contents = Contents::default();
        let header = Header::write(&identity, 1, &lock, &opener, entropy);
        let keys = header.keys(&identity);
        let (bytes, tail) = whole(&header, &keys, &contents, &[])?;
        let disk = Disk::create(path, &bytes)?;
        let generation = header.generation;
        Ok(Self { disk, identity, generation, lock, opener, keys, tail, contents, entropy: SystemEntropy })
    }

    /// Opens the vault at `path`. A record that was never written to its end is cut off: nobody was told that it was
    /// kept. Anything else that is not as it was written is refused.
    pub fn open(path: &Path, unlock: Unlock) -> Result<Self, VaultError> {
        let (mut disk, bytes) = Disk::open(path)?;
        let header = Header::read(&bytes)?;
        let opener = header.lock.opener(&unlock, &header.id)?;
        let identity = header.open(&opener)?;
        let keys = header.keys(&identity);
        let Read { contents, good, tail } = read(&header, &keys, &bytes)?;
        if good < bytes.len() {
            disk.cut(good)?;
            let torn = bytes.len().saturating_sub(good);
            tracing::warn!(bytes = torn, "a record that was never written to its end was cut off the vault");
        }
        // A full disk must not keep anybody from signing in.
        if let Err(error) = disk.back_up_daily() {
            tracing::warn!(code = error.code(), "the vault was opened without a new backup: {error}");
        }
        let Header { generation, lock, .. } = header;
        Ok(Self { disk, identity, generation, lock, opener, keys, tail, contents, entropy: SystemEntropy })
    }

    /// What opens the vault at `path`: asked before a person is asked for a passphrase.
    pub fn lock_of(path: &Path) -> Result<LockKind, VaultError> {
        Ok(Header::read(&disk::front(path)?)?.lock.kind())
    }

    /// Whether that secret opens the vault at `path`, which another process may hold.
    pub fn opens(path: &Path, unlock: &Unlock) -> Result<(), VaultError> {
        let header = Header::read(&disk::front(path)?)?;
        let opener = header.lock.opener(unlock, &header.id)?;
        header.open(&opener).map(|_| ())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.disk.path()
    }

    /// Its name, drawn when it was made.
    pub fn id(&self) -> &[u8; 16] {
        &self.identity.id
    }

    /// What opens it.
    pub fn lock(&self) -> LockKind {
        self.lock.kind()
    }

    /// How often the file was written anew since it was made.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many credentials there are.
    pub fn count(&self) -> usize {
        self.contents.count()
    }

    /// The credential with that id.
    pub fn get(&self, id: &[u8]) -> Option<&Credential> {
        self.contents.get(id)
    }

    /// What the program keeps under `name`: pairings, servers and the like, which a reset leaves alone.
    pub fn item(&self, name: &str) -> Option<&[u8]> {
        self.contents.items.get(name).map(|value| value.as_slice())
    }

    /// The names under which something is kept, in order.
    pub fn item_names(&self) -> impl Iterator<Item = &str> {
        self.contents.items.keys().map(String::as_str)
    }

    /// Keeps `value` under `name`, or nothing any more.
    pub fn set_item(&mut self, name: &str, value: Option<&[u8]>) -> Result<(), VaultError> {
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(VaultError::TooLong);
        }
        if value.is_none() && self.item(name).is_none() {
            return Ok(());
        }
        let change = Change::Item(name.to_owned(), value.map(|value| Zeroizing::new(value.to_vec())));
        self.commit(&record::item(name, value), change)
    }

    /// Keeps all of these or none: the file is written anew once. Those that are here already, by id, are left out; how
    /// many were kept is the answer. Unlike [`Vault::add`](authenticator::Vault::add), nothing takes another one's place:
    /// two passkeys of one account are good for the same, and which of them the site still knows, nobody here can tell.
    pub fn add_all(&mut self, credentials: Vec<Credential>) -> Result<usize, VaultError> {
        let mut known: HashSet<Vec<u8>> = self.contents.credentials().map(|known| known.id.clone()).collect();
        let mut added: Vec<(Text, Change)> = Vec::with_capacity(credentials.len());
        for credential in credentials {
            if known.insert(credential.id.clone()) {
                let text = record::credential(&credential, &[]).ok_or(VaultError::NoSeed)?;
                added.push((text, Change::Add(Box::new(credential), Vec::new())));
            }
        }
        if known.len() > MOST_CREDENTIALS {
            return Err(VaultError::TooLong);
        }
        let count = added.len();
        if count > 0 {
            self.rewrite(added, Backups::Moved)?;
        }
        Ok(count)
    }

    /// Makes another secret open the vault. Its key is drawn anew, and the backups, which open with the old secret, are
    /// deleted first: whoever knows the old one, and has not copied the file yet, has nothing. After
    /// [`VaultError::Unsure`] one of the two opens it; after every other error the old one does.
    pub fn change_lock(&mut self, unlock: &Unlock) -> Result<(), VaultError> {
        self.change_lock_costing(unlock, Cost::VAULT)
    }

    /// The same at another cost of the passphrase: for tests.
    pub fn change_lock_costing(&mut self, unlock: &Unlock, cost: Cost) -> Result<(), VaultError> {
        let identity = Identity { id: self.identity.id, ..Identity::generate(&mut self.entropy) };
        let (lock, opener) = Lock::make(unlock, cost, &identity.id, &mut self.entropy)?;
        let before = std::mem::replace(&mut self.identity, identity);
        let before =
            (before, std::mem::replace(&mut self.lock, lock), std::mem::replace(&mut self.opener, opener));
        self.rewrite(Vec::new(), Backups::Forgotten).inspect_err(|_| {
            (self.identity, self.lock, self.opener) = before;
        })
    }

    /// Copies the file as it is to `to`, where there must be none. The copy opens with the same secret.
    pub fn back_up_to(&self, to: &Path) -> Result<(), VaultError> {
        self.disk.copy_to_new(to, false)
    }

    /// Writes the whole file anew, and the changes behind what is there already; then makes them.
    fn rewrite(&mut self, changes: Vec<(Text, Change)>, backups: Backups) -> Result<(), VaultError> {
        let generation = self.generation.saturating_add(1);
        let header = Header::write(&self.identity, generation, &self.lock, &self.opener, &mut self.entropy);
        let keys = header.keys(&self.identity);
        let texts: Vec<&Text> = changes.iter().map(|(text, _)| text).collect();
        let (bytes, tail) = whole(&header, &keys, &self.contents, &texts)?;
        self.disk.replace(&bytes, backups)?;
        (self.generation, self.keys, self.tail) = (generation, keys, tail);
        for (_, change) in changes {
            self.make(change);
        }
        Ok(())
    }

    /// Writes the file anew if much of it says nothing any more. What fails here has lost nothing.
    fn tidy(&mut self) {
        let live = u64::try_from(self.contents.count().saturating_add(self.contents.items.len()));
        let most = live.unwrap_or(u64::MAX).saturating_mul(2).saturating_add(MOST_STALE);
        if self.tail.number() > most
            && let Err(error) = self.rewrite(Vec::new(), Backups::Moved)
        {
            tracing::warn!(code = error.code(), "the vault was not written anew: {error}");
        }
    }

    fn make(&mut self, change: Change) {
        if self.contents.apply(change).is_none() {
            unreachable!("what is written has been looked at before");
        }
    }

    /// Writes the record of a change, and then makes it.
    fn commit(&mut self, text: &Text, change: Change) -> Result<(), VaultError> {
        let (bytes, tail) = journal::seal(&self.keys, &self.tail, text).ok_or(VaultError::TooLong)?;
        self.disk.append(&bytes)?;
        self.tail = tail;
        self.make(change);
        self.tidy();
        Ok(())
    }

    /// The same for the authenticator, which knows three reasons; the log has the others.
    fn write(&mut self, text: &Text, change: Change) -> Result<(), VaultRefusal> {
        self.commit(text, change).map_err(|error| {
            tracing::error!(code = error.code(), "the vault was not changed: {error}");
            VaultRefusal::Failed
        })
    }
}

/// A whole file: header, what the contents are, and `more` behind that.
fn whole(
    header: &Header,
    keys: &Keys,
    contents: &Contents,
    more: &[&Text],
) -> Result<(Vec<u8>, Tail), VaultError> {
    let mut texts = vec![record::state(&contents.state).ok_or(VaultError::NoSeed)?];
    texts.extend(contents.items.iter().map(|(name, value)| record::item(name, Some(value))));
    for credential in contents.credentials() {
        texts.push(record::credential(credential, &[]).ok_or(VaultError::NoSeed)?);
    }
    let records = texts.len().saturating_add(more.len());
    let begin = record::begin(u64::try_from(records).unwrap_or(u64::MAX));
    let mut bytes = header.bytes().to_vec();
    let mut tail = header.tail();
    for text in std::iter::once(&begin).chain(&texts).chain(more.iter().copied()) {
        let (record, next) = journal::seal(keys, &tail, text).ok_or(VaultError::TooLong)?;
        bytes.extend_from_slice(&record);
        tail = next;
    }
    Ok((bytes, tail))
}

/// What the records of a file add up to.
struct Read {
    contents: Contents,
    /// So many bytes of the file are good; what follows was never written to its end.
    good: usize,
    tail: Tail,
}

fn read(header: &Header, keys: &Keys, file: &[u8]) -> Result<Read, VaultError> {
    let mut reader = Reader::new(keys, file, header.bytes().len(), header.tail());
    let mut contents = Contents::default();
    // Until the first record says how many were written in one go.
    let mut promised = 1;
    while let Next::Record(text) = reader.next()? {
        let number = reader.tail().number().saturating_sub(1);
        let nonsense = Damage::Content { record: number };
        match record::read(&text).ok_or(nonsense)? {
            Change::Begin(records) if number == 0 => promised = records.saturating_add(1),
            change if number > 0 => contents.apply(change).ok_or(nonsense)?,
            _ => return Err(nonsense.into()),
        }
    }
    // The file was put in its place only when these were on the disk: their loss is no torn write.
    if reader.tail().number() < promised {
        return Err(Damage::Short.into());
    }
    Ok(Read { contents, good: reader.good(), tail: reader.tail() })
}

#[cfg(test)]
mod tests;
