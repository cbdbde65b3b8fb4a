//! What a vault holds, in memory: what its records add up to.

use std::collections::{BTreeMap, HashMap};

use authenticator::vault::{Credential, DeviceState};
use zeroize::Zeroizing;

use super::record::Change;

/// What a vault holds.
#[derive(Default)]
pub(super) struct Contents {
    /// Oldest first, with gaps where some were deleted. Each in a place of its own: a list that grows moves what is in it, and
    /// leaves keys behind where it was.
    slots: Vec<Option<Box<Credential>>>,
    /// Where the credential of an id stands.
    places: HashMap<Vec<u8>, usize>,
    /// What the authenticator remembers besides.
    pub(super) state: DeviceState,
    /// What the program keeps under names.
    pub(super) items: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

impl Contents {
    /// What a reset leaves: the names and what is under them.
    pub(super) fn after_reset(&self) -> Self {
        Self { items: self.items.clone(), ..Self::default() }
    }

    /// All credentials, oldest first.
    pub(super) fn credentials(&self) -> impl DoubleEndedIterator<Item = &Credential> {
        self.slots.iter().flatten().map(Box::as_ref)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.places.len()
    }

    /// The credential with that id.
    pub(super) fn get(&self, id: &[u8]) -> Option<&Credential> {
        self.slots.get(*self.places.get(id)?)?.as_deref()
    }

    /// The ids of those whose place `credential` takes.
    pub(super) fn replaced_by(&self, credential: &Credential) -> Vec<Vec<u8>> {
        let replaced = |other: &&Credential| other.is_replaced_by(credential) || other.id == credential.id;
        self.credentials().filter(replaced).map(|other| other.id.clone()).collect()
    }

    /// Does what a record says; `None` if it speaks of what is not there, or twice.
    pub(super) fn apply(&mut self, change: Change) -> Option<()> {
        match change {
            // Only the first of a file, which its reader takes.
            Change::Begin(_) => return None,
            Change::Add(credential, replaces) => {
                for id in replaces {
                    self.remove(&id)?;
                }
                self.add(credential)?;
            }
            Change::Remove(id) => self.remove(&id)?,
            Change::Use { id, count, at } => {
                let credential = self.get_mut(&id)?;
                credential.sign_count = count;
                credential.last_used = Some(at);
            }
            Change::User { id, name, display_name } => {
                let credential = self.get_mut(&id)?;
                credential.user.name = name;
                credential.user.display_name = display_name;
            }
            Change::State(state) => self.state = *state,
            Change::Item(name, Some(value)) => {
                self.items.insert(name, value);
            }
            Change::Item(name, None) => {
                self.items.remove(&name)?;
            }
        }
        Some(())
    }

    fn get_mut(&mut self, id: &[u8]) -> Option<&mut Credential> {
        self.slots.get_mut(*self.places.get(id)?)?.as_deref_mut()
    }

    fn add(&mut self, credential: Box<Credential>) -> Option<()> {
        let place = self.slots.len();
        if self.places.insert(credential.id.clone(), place).is_some() {
            return None;
        }
        self.slots.push(Some(credential));
        Some(())
    }

    fn remove(&mut self, id: &[u8]) -> Option<()> {
        let place = self.places.remove(id)?;
        self.slots.get_mut(place)?.take()?;
        // Gaps are closed when they are many: each closing is paid for by as many deletions.
        if self.slots.len() > self.places.len().saturating_mul(2).saturating_add(64) {
            self.slots.retain(Option::is_some);
            let ids =
                (0..).zip(&self.slots).filter_map(|(place, slot)| Some((slot.as_ref()?.id.clone(), place)));
            self.places = ids.collect();
        }
        Some(())
    }
}
