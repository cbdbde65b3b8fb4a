//! Private keys as a vault keeps them: a seed of 32 bytes, made into a key when it is first used.

use std::fmt;
use std::sync::{Arc, OnceLock};

use primitives::cose::{Algorithm, KeyRefusal, PublicKey, SigningKey};
use primitives::entropy::{self, Entropy};
use zeroize::Zeroizing;

/// The order of P-256, which the scalars of its keys stay below.
const P256_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// A private key. One made of a seed is parsed only when it is used: a vault of thousands opens at once.
#[derive(Clone)]
pub struct PrivateKey {
    algorithm: Algorithm,
    /// RSA keys have none.
    seed: Option<Zeroizing<[u8; 32]>>,
    key: Arc<OnceLock<SigningKey>>,
}

impl PrivateKey {
    /// The key of that seed, as [`SigningKey::from_seed`] has it. Refused are RSA, which has no seeds, and what is
    /// no scalar of P-256; everything else is a key.
    pub fn from_seed(algorithm: Algorithm, seed: Zeroizing<[u8; 32]>) -> Result<Self, KeyRefusal> {
        match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => return Err(KeyRefusal::KeyType),
            Algorithm::Es256 | Algorithm::Esp256 if !is_scalar(&seed) => return Err(KeyRefusal::ScalarRange),
            _ => {}
        }
        Ok(Self { algorithm, seed: Some(seed), key: Arc::default() })
    }

    /// A new key.
    pub fn generate(algorithm: Algorithm, entropy: &mut dyn Entropy) -> Result<Self, KeyRefusal> {
        if matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256) {
            return SigningKey::generate(algorithm, entropy).map(Self::from);
        }
        // A random P-256 scalar is out of range once in 2^32 draws.
        loop {
            match Self::from_seed(algorithm, Zeroizing::new(entropy::array(entropy))) {
                Err(KeyRefusal::ScalarRange) => {}
                other => return other,
            }
        }
    }

    /// What a vault writes down. Keys that were not made of a seed have none.
    pub fn seed(&self) -> Option<&[u8; 32]> {
        self.seed.as_deref()
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        self.signing_key().public_key()
    }

    /// A signature over `message`, as [`SigningKey::sign`] makes it.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.signing_key().sign(message)
    }

    /// The key itself.
    pub fn signing_key(&self) -> &SigningKey {
        self.key.get_or_init(|| {
            let parsed = self.seed().and_then(|seed| SigningKey::from_seed(self.algorithm, seed).ok());
            parsed.unwrap_or_else(|| unreachable!("seeds are checked where they come in"))
        })
    }
}

fn is_scalar(seed: &[u8; 32]) -> bool {
    *seed != [0; 32] && *seed < P256_ORDER
}

impl From<SigningKey> for PrivateKey {
    fn from(key: SigningKey) -> Self {
        Self { algorithm: key.algorithm(), seed: None, key: Arc::new(OnceLock::from(key)) }
    }
}

/// Two keys are one if their public halves are.
impl PartialEq for PrivateKey {
    fn eq(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm && self.public_key() == other.public_key()
    }
}

impl Eq for PrivateKey {}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({:?})", self.algorithm)
    }
}

#[cfg(test)]
mod tests;
