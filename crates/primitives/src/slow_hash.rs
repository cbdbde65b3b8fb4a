//! Argon2id (RFC 9106) for secrets that people type: slow on purpose, so callers queue it.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{Zeroize, Zeroizing};

use crate::encoding;
use crate::entropy::{self, Entropy};
use crate::keys::{KeyRing, Purpose};

/// Cost of one hash: memory in KiB and passes over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    // Private, so that every cost there is has been chosen here and is one that Argon2 takes.
    memory_kib: u32,
    iterations: u32,
}

impl Cost {
    /// 19 MiB and two passes: about a tenth of a second of one core.
    pub const STANDARD: Cost = Cost { memory_kib: 19 * 1024, iterations: 2 };
    /// For tests, where many hashes are made and none protects anybody.
    pub const CHEAP_FOR_TESTS: Cost = Cost { memory_kib: 8, iterations: 1 };
    /// 64 MiB and three passes (RFC 9106 section 4, the second choice): for what lies on a disk that others may copy,
    /// and is derived once in a while by one person.
    pub const VAULT: Cost = Cost { memory_kib: 64 * 1024, iterations: 3 };

    /// The cost that a file names; `None` for one that Argon2 refuses, or beyond 1 GiB and 16 passes.
    pub fn stated(memory_kib: u32, iterations: u32) -> Option<Self> {
        let cost = Self { memory_kib, iterations };
        (is_bounded(cost) && parameters(cost).is_some()).then_some(cost)
    }

    /// Memory in KiB.
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over it.
    pub const fn iterations(self) -> u32 {
        self.iterations
    }
}

/// The key that `secret` and `salt` give, without a pepper: for a file that must open wherever it is carried. The
/// memory that it took is wiped.
pub fn derive_key(cost: Cost, salt: &[u8; 16], secret: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let derived = parameters(cost).and_then(|params| {
        let mut memory = vec![Block::default(); params.block_count()];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let derived =
            argon.hash_password_into_with_memory(secret, salt, out.as_mut_slice(), &mut memory).ok();
        memory.iter_mut().for_each(Zeroize::zeroize);
        derived
    });
    // A key of zeros would be everybody's.
    derived.unwrap_or_else(|| unreachable!("every Cost is one that Argon2 takes"));
    out
}

fn parameters(cost: Cost) -> Option<Params> {
    Params::new(cost.memory_kib, cost.iterations, 1, Some(32)).ok()
}

/// Hashes `secret` with a fresh salt and the deployment's pepper, into
/// `v1$memory$iterations$salt$hash` (base64url).
///
/// The pepper is bound to the current root key, whose id leads the hash, so a database thief cannot guess.
pub fn hash(ring: &KeyRing, cost: Cost, secret: &str, entropy: &mut dyn Entropy) -> String {
    let salt: [u8; 16] = entropy::array(entropy);
    let id = ring.current_id();
    let raw = derive(ring, id, cost, &salt, secret)
        .unwrap_or_else(|| unreachable!("every Cost is one that Argon2 takes"));
    format!(
        "v1${id}${}${}${}${}",
        cost.memory_kib,
        cost.iterations,
        encoding::base64url(&salt),
        encoding::base64url(raw.as_slice())
    )
}

/// Whether `secret` is what `stored` was made from. A stored text that is no hash matches nothing.
pub fn verify(ring: &KeyRing, stored: &str, secret: &str) -> bool {
    let Some((id, cost, salt, expected)) = parse(stored) else {
        return false;
    };
    derive(ring, id, cost, &salt, secret)
        .is_some_and(|raw| encoding::constant_time_eq(raw.as_slice(), &expected))
}

/// Spends the time of one [`verify`], for a name that has nothing to verify against.
pub fn verify_nothing(ring: &KeyRing, cost: Cost, secret: &str) {
    let _ = std::hint::black_box(derive(ring, ring.current_id(), cost, &[0; 16], secret));
}

/// What the secrets of one set are hashed with: a common salt, so that one hash compares with all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetSalt {
    key: u32,
    cost: Cost,
    salt: [u8; 16],
}

/// Length of a [`SetSalt`] as stored: key id, memory and passes, four bytes each, then the salt.
const SET_SALT_LENGTH: usize = 28;

impl SetSalt {
    /// A fresh salt under the current key.
    pub fn generate(ring: &KeyRing, cost: Cost, entropy: &mut dyn Entropy) -> Self {
        Self { key: ring.current_id(), cost, salt: entropy::array(entropy) }
    }

    /// As a row holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Cost { memory_kib, iterations } = self.cost;
        [self.key, memory_kib, iterations]
            .iter()
            .flat_map(|word| word.to_be_bytes())
            .chain(self.salt)
            .collect()
    }

    /// From a row; `None` if it is none of ours.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != SET_SALT_LENGTH {
            return None;
        }
        let (key, rest) = bytes.split_first_chunk::<4>()?;
        let (memory, rest) = rest.split_first_chunk::<4>()?;
        let (iterations, rest) = rest.split_first_chunk::<4>()?;
        let cost =
            Cost { memory_kib: u32::from_be_bytes(*memory), iterations: u32::from_be_bytes(*iterations) };
        is_bounded(cost).then_some(Self { key: u32::from_be_bytes(*key), cost, salt: rest.try_into().ok()? })
    }

    /// The hash of one secret of the set; `None` where the ring lacks the key.
    pub fn hash(&self, ring: &KeyRing, secret: &str) -> Option<[u8; 32]> {
        derive(ring, self.key, self.cost, &self.salt, secret).map(|raw| *raw)
    }
}

/// A stored row is MACed, but a bound costs nothing: 1 GiB and 16 passes.
fn is_bounded(cost: Cost) -> bool {
    cost.memory_kib <= 1024 * 1024 && cost.iterations <= 16
}

fn parse(stored: &str) -> Option<(u32, Cost, Vec<u8>, Vec<u8>)> {
    let mut fields = stored.strip_prefix("v1$")?.split('$');
    let id = fields.next()?.parse().ok()?;
    let cost = Cost { memory_kib: fields.next()?.parse().ok()?, iterations: fields.next()?.parse().ok()? };
    if !is_bounded(cost) {
        return None;
    }
    let salt = encoding::from_base64url(fields.next()?)?;
    let raw = encoding::from_base64url(fields.next()?)?;
    fields.next().is_none().then_some((id, cost, salt, raw))
}

/// `None` where the ring lacks the key or argon2 refuses the parameters.
fn derive(ring: &KeyRing, key_id: u32, cost: Cost, salt: &[u8], secret: &str) -> Option<Zeroizing<[u8; 32]>> {
    let peppered = Zeroizing::new(ring.keyed_digest(key_id, Purpose::Pepper, secret.as_bytes())?);
    let params = parameters(cost)?;
    let mut out = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(peppered.as_slice(), salt, out.as_mut_slice())
        .ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;
    use crate::time::Timestamp;

    #[test]
    fn verifies_only_the_same_secret_under_the_same_ring() {
        let now = Timestamp::from_secs(1);
        let mut ring = KeyRing::generate(now, &mut SystemEntropy);
        let stored = hash(&ring, Cost::CHEAP_FOR_TESTS, "K7QXMM4P29TD", &mut SystemEntropy);
        assert!(verify(&ring, &stored, "K7QXMM4P29TD"));
        assert!(!verify(&ring, &stored, "K7QXMM4P29TE"));
        assert!(!verify(&KeyRing::generate(now, &mut SystemEntropy), &stored, "K7QXMM4P29TD"));
        ring.rotate(now, &mut SystemEntropy);
        assert!(verify(&ring, &stored, "K7QXMM4P29TD"), "a retired key still checks");
    }

    #[test]
    fn one_hash_compares_with_a_whole_set_and_only_under_its_ring() {
        let now = Timestamp::from_secs(1);
        let mut ring = KeyRing::generate(now, &mut SystemEntropy);
        let salt = SetSalt::generate(&ring, Cost::CHEAP_FOR_TESTS, &mut SystemEntropy);
        let again = SetSalt::from_bytes(&salt.to_bytes()).unwrap();
        assert_eq!(again, salt);
        let hash = salt.hash(&ring, "one").unwrap();
        assert_eq!(again.hash(&ring, "one"), Some(hash));
        assert_ne!(again.hash(&ring, "two"), Some(hash));
        ring.rotate(now, &mut SystemEntropy);
        assert_eq!(again.hash(&ring, "one"), Some(hash), "a retired key still checks");
        assert_ne!(salt.hash(&KeyRing::generate(now, &mut SystemEntropy), "one"), Some(hash));
        for length in (0..40).filter(|length| *length != SET_SALT_LENGTH) {
            assert!(SetSalt::from_bytes(&vec![0; length]).is_none(), "{length}");
        }
        assert!(SetSalt::from_bytes(&[255; SET_SALT_LENGTH]).is_none());
    }

    #[test]
    fn a_key_depends_on_secret_salt_and_cost() {
        let key = |cost, salt, secret| *derive_key(cost, &[salt; 16], secret);
        let cheap = Cost::CHEAP_FOR_TESTS;
        let one = key(cheap, 1, b"horse");
        assert_eq!(one, key(cheap, 1, b"horse"));
        let other = Cost::stated(16, 1).unwrap();
        for different in [key(cheap, 2, b"horse"), key(cheap, 1, b"house"), key(other, 1, b"horse")] {
            assert_ne!(one, different);
        }
        assert_eq!((Cost::VAULT.memory_kib(), Cost::VAULT.iterations()), (65_536, 3));
    }

    #[test]
    fn a_stated_cost_is_within_bounds() {
        assert_eq!(Cost::stated(65_536, 3), Some(Cost::VAULT));
        for (memory, passes) in [(0, 0), (7, 1), (8, 0), (1024 * 1024 + 1, 1), (8, 17), (u32::MAX, u32::MAX)]
        {
            assert_eq!(Cost::stated(memory, passes), None, "{memory} KiB, {passes} passes");
        }
    }

    #[test]
    fn nonsense_matches_nothing() {
        let ring = KeyRing::generate(Timestamp::from_secs(1), &mut SystemEntropy);
        for stored in
            ["", "v1$", "v1$1$8$1$AA$", "v1$9$8$1$AAAAAAAAAAAAAAAAAAAAAA$AA", "v1$1$4294967295$1$AA$AA"]
        {
            assert!(!verify(&ring, stored, ""), "{stored}");
        }
        let zeros = format!("v1$1$0$0$AA${}", crate::encoding::base64url(&[0; 32]));
        assert!(!verify(&ring, &zeros, "x"), "refused parameters must not compare equal to zeros");
    }
}
