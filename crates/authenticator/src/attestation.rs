//! Statements about where an authenticator comes from (WebAuthn Level 3 section 8.2, packed), and an
//! attestation authority of our own to make them with.

use std::fmt;
use std::sync::Arc;

use fido::attestation_object::AttestationObject;
use primitives::cbor::{Key, Value};
use primitives::cose::{Algorithm, SigningKey};
use primitives::digest;
use primitives::entropy::Entropy;
use primitives::time::Timestamp;
use primitives::x509::{BasicConstraints, Issue, Name};

/// 2020-01-01T00:00:00Z and 2049-12-31T00:00:00Z: certificates outlive every clock that a test sets.
const NOT_BEFORE: Timestamp = Timestamp::from_secs(1_577_836_800);
const NOT_AFTER: Timestamp = Timestamp::from_secs(2_524_521_600);

const ROOT: Name<'static> = Name {
    country: "XX",
    organization: "Keyward",
    organizational_unit: "Authenticator Attestation",
    common_name: "Keyward attestation root",
};
const BATCH: Name<'static> = Name { common_name: "Keyward batch", ..ROOT };

/// What an authenticator says about its origin.
#[derive(Clone, Debug)]
pub enum Attestation {
    /// Nothing.
    None,
    /// Packed, signed by the credential itself.
    SelfSigned,
    /// Packed, signed by the key that authenticators of one batch share.
    Packed(Arc<Batch>),
}

/// An attestation authority: a root certificate and its key.
pub struct Authority {
    seed: [u8; 32],
    key: SigningKey,
    root: Vec<u8>,
}

/// What authenticators of one batch share.
pub struct Batch {
    key: SigningKey,
    /// The batch certificate; the root is left out, as section 8.2 has it.
    chain: Vec<Vec<u8>>,
}

impl Authority {
    /// The authority of that seed. Its keys are always the same; ECDSA draws a nonce, so the root
    /// certificate's bytes differ from one authority of the seed to the next.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = derive(&seed, b"root");
        let issue = Issue {
            issuer: ROOT,
            subject: ROOT,
            public_key: key.public_key(),
            serial: 1,
            not_before: NOT_BEFORE,
            not_after: NOT_AFTER,
            constraints: BasicConstraints::AUTHORITY,
            aaguid: None,
        };
        let root = issue.sign(&key);
        Self { seed, key, root }
    }

    /// The root certificate in DER: the anchor that a relying party configures.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// Key and certificate for the authenticators of one model.
    pub fn batch(&self, aaguid: [u8; 16]) -> Arc<Batch> {
        let key = derive(&self.seed, &aaguid);
        let issue = Issue {
            issuer: ROOT,
            subject: BATCH,
            public_key: key.public_key(),
            serial: serial(aaguid),
            not_before: NOT_BEFORE,
            not_after: NOT_AFTER,
            constraints: BasicConstraints::END,
            aaguid: Some(aaguid),
        };
        let chain = vec![issue.sign(&self.key)];
        Arc::new(Batch { key, chain })
    }
}

impl Batch {
    /// The certificates, leaf first, in DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }
}

// The seed is the authority's whole secret, and certificates would drown everything else.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({} certificates)", self.chain.len())
    }
}

/// A statement made: format and members, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `none`.
    None,
    /// `packed`.
    Packed {
        /// What the signature is made with.
        algorithm: Algorithm,
        /// Over authenticator data and client data hash.
        signature: Vec<u8>,
        /// The certificates, leaf first; empty for self attestation.
        chain: Vec<Vec<u8>>,
    },
}

impl Statement {
    /// As `attestation` wants it, for a credential with `key`.
    pub(crate) fn make(attestation: &Attestation, key: &SigningKey, message: &[u8]) -> Self {
        let packed = |signer: &SigningKey, chain: &[Vec<u8>]| Statement::Packed {
            algorithm: signer.algorithm(),
            signature: signer.sign(message),
            chain: chain.to_vec(),
        };
        match attestation {
            Attestation::None => Statement::None,
            Attestation::SelfSigned => packed(key, &[]),
            Attestation::Packed(batch) => packed(&batch.key, &batch.chain),
        }
    }

    /// The attestation object with this statement.
    pub fn object<'a>(&'a self, authenticator_data: &'a [u8]) -> AttestationObject<'a> {
        let (format, members) = match self {
            Statement::None => ("none", Vec::new()),
            Statement::Packed { algorithm, signature, chain } => {
                let mut members = vec![
                    (Key::Text("alg"), Value::Integer(algorithm.id())),
                    (Key::Text("sig"), Value::Bytes(signature)),
                ];
                if !chain.is_empty() {
                    let chain = chain.iter().map(|certificate| Value::Bytes(certificate)).collect();
                    members.push((Key::Text("x5c"), Value::Array(chain)));
                }
                ("packed", members)
            }
        };
        AttestationObject { format, statement: Value::Map(members), authenticator_data }
    }
}

/// A number of its own for the batch of each model, as RFC 5280 section 4.1.2.2 wants.
fn serial(aaguid: [u8; 16]) -> u64 {
    let digest = digest::sha256(&aaguid);
    digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes)).max(2)
}

/// The P-256 key that `seed` holds for `purpose`.
fn derive(seed: &[u8; 32], purpose: &[u8]) -> SigningKey {
    let mut stream = Stream { seed, purpose, counter: 0 };
    SigningKey::generate(Algorithm::Es256, &mut stream)
        .unwrap_or_else(|_| unreachable!("a P-256 key can be made of any stream"))
}

/// Bytes that a seed decides, so that key generation may draw again if a scalar is out of range.
struct Stream<'a> {
    seed: &'a [u8; 32],
    purpose: &'a [u8],
    counter: u64,
}

impl Entropy for Stream<'_> {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let block = digest::sha256_parts(&[self.seed, self.purpose, &self.counter.to_be_bytes()]);
            self.counter = self.counter.wrapping_add(1);
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }
}

#[cfg(test)]
mod tests;
