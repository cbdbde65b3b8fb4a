//! The keys as one process knows them.

use std::sync::{Arc, PoisonError, RwLock};

use oidc::client::SigningAlg;
use oidc::jwt::{Key, Signer};
use primitives::cose::SigningKey;
use primitives::time::Timestamp;

use super::TURN;

/// A key with its private half.
pub struct RingKey {
    pub(super) kid: String,
    pub(super) alg: SigningAlg,
    pub(super) key: SigningKey,
    pub(super) created: Timestamp,
    pub(super) activates: Timestamp,
    pub(super) retired: Option<Timestamp>,
    pub(super) ends: Option<Timestamp>,
}

impl RingKey {
    /// Its name in the key set.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// What it signs with.
    pub fn alg(&self) -> SigningAlg {
        self.alg
    }

    /// When it was made.
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// From when it signs.
    pub fn activates(&self) -> Timestamp {
        self.activates
    }

    /// From when it signs no more.
    pub fn retired(&self) -> Option<Timestamp> {
        self.retired
    }

    /// When it leaves the key set.
    pub fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// To sign with.
    pub fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, kid: &self.kid }
    }

    /// To verify with.
    pub fn public(&self) -> Key {
        Key { kid: Some(self.kid.clone()), public: self.key.public_key().clone() }
    }
}

/// The keys as one process knows them.
pub struct Ring {
    pub(super) keys: Vec<Arc<RingKey>>,
    pub(super) mark: Vec<(String, Option<i64>)>,
    pub(super) published: Arc<str>,
}

impl Default for Ring {
    fn default() -> Self {
        Self { keys: Vec::new(), mark: Vec::new(), published: Arc::from("{\"keys\":[]}") }
    }
}

impl Ring {
    /// The key that signs with `alg` at `now`: the newest that is active.
    pub fn signer(&self, alg: SigningAlg, now: Timestamp) -> Option<&Arc<RingKey>> {
        let signs = |key: &&Arc<RingKey>| {
            key.alg == alg && key.activates <= now && key.retired.is_none_or(|retired| now < retired)
        };
        self.keys.iter().filter(signs).max_by_key(|key| key.activates)
    }

    /// The keys, oldest first.
    pub fn keys(&self) -> &[Arc<RingKey>] {
        &self.keys
    }

    /// What signatures of ours are verified with.
    pub fn verifying(&self) -> Vec<Key> {
        self.keys.iter().map(|key| key.public()).collect()
    }

    /// The key set as it is published.
    pub fn published(&self) -> Arc<str> {
        Arc::clone(&self.published)
    }
}

/// The ring of a context, one snapshot after the other.
#[derive(Default)]
pub struct Rings(RwLock<Arc<Ring>>);

impl Rings {
    /// What holds now.
    pub fn current(&self) -> Arc<Ring> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn put(&self, ring: Ring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
    }
}

impl Ring {
    /// Whether some key has signed for long enough and no other one stands ready.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        SigningAlg::ALL.into_iter().any(|alg| {
            let newest = self.keys.iter().filter(|key| key.alg == alg).max_by_key(|key| key.activates);
            newest.is_some_and(|newest| now.since(newest.activates) >= TURN)
        })
    }

    /// Whether what is published leaves out what has ended.
    pub(super) fn is_without_ended(&self, now: Timestamp) -> bool {
        let ended = |key: &&Arc<RingKey>| key.ends.is_some_and(|ends| ends <= now);
        !self.keys.iter().filter(ended).any(|key| self.published.contains(&key.kid))
    }
}
