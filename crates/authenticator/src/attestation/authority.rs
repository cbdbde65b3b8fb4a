//! An attestation authority of our own, and what it issues.

use std::fmt;
use std::sync::Arc;

use primitives::cose::{Algorithm, PublicKey, SigningKey};
use primitives::digest;
use primitives::entropy::Entropy;
use primitives::x509::{BasicConstraints, Extension, Issue, Name};

use super::tpm;

const ROOT: Name<'static> = Name {
    country: "XX",
    organization: "Keyward",
    organizational_unit: "Authenticator Attestation",
    common_name: "Keyward attestation root",
};
const BATCH: Name<'static> = Name { common_name: "Keyward batch", ..ROOT };
const INTERMEDIATE: Name<'static> = Name {
    organizational_unit: "Attestation authority",
    common_name: "Keyward attestation authority",
    ..ROOT
};
const CREDENTIAL: Name<'static> = Name { common_name: "Keyward credential", ..ROOT };

/// An attestation authority: a root certificate and its key.
pub struct Authority {
    seed: [u8; 32],
    issuer: Arc<Issuer>,
    root: Vec<u8>,
}

/// The half of an authority that lives in authenticators which certify each credential by themselves.
pub struct Issuer {
    key: SigningKey,
}

/// A key that signs statements, with its certificates: shared by a batch, or an authenticator's own.
pub struct Batch {
    key: SigningKey,
    /// Leaf first; the root is left out, as section 8.2 has it.
    chain: Vec<Vec<u8>>,
}

impl Authority {
    /// The authority of that seed. Its keys are always the same; ECDSA draws a nonce, so the root
    /// certificate's bytes differ from one authority of the seed to the next.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let key = derive(&seed, b"root");
        let constraints = BasicConstraints::AUTHORITY;
        let issue = Issue { constraints, ..Issue::new(ROOT, ROOT, key.public_key()) };
        let root = issue.sign(&key);
        Self { seed, issuer: Arc::new(Issuer { key }), root }
    }

    /// The root certificate in DER: the anchor that a relying party configures.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// Key and certificate for the authenticators of one model.
    pub fn batch(&self, aaguid: [u8; 16]) -> Arc<Batch> {
        let key = derive(&self.seed, &aaguid);
        let issue = Issue {
            serial: serial(&aaguid),
            aaguid: Some(aaguid),
            ..Issue::new(ROOT, BATCH, key.public_key())
        };
        let chain = vec![issue.sign(&self.issuer.key)];
        Arc::new(Batch { key, chain })
    }

    /// Key and certificates for one authenticator of that model, by way of an intermediate authority.
    pub fn single(&self, aaguid: [u8; 16]) -> Arc<Batch> {
        let (key, middle) = (derive(&self.seed, &[&aaguid[..], b"single"].concat()), self.intermediate());
        let issue = Issue {
            serial: serial(&aaguid),
            aaguid: Some(aaguid),
            ..Issue::new(INTERMEDIATE, BATCH, key.public_key())
        };
        let chain = vec![issue.sign(&middle.0), middle.1];
        Arc::new(Batch { key, chain })
    }

    /// A U2F batch: its certificate names no model.
    pub fn u2f_batch(&self) -> Arc<Batch> {
        let key = derive(&self.seed, b"u2f");
        let issue = Issue { serial: serial(b"u2f"), ..Issue::new(ROOT, BATCH, key.public_key()) };
        let chain = vec![issue.sign(&self.issuer.key)];
        Arc::new(Batch { key, chain })
    }

    /// An attestation key with the certificate of a TPM (section 8.3.1), by way of an intermediate authority.
    pub fn tpm(&self, aaguid: [u8; 16]) -> Arc<Batch> {
        let (key, middle) = (derive(&self.seed, &[&aaguid[..], b"tpm"].concat()), self.intermediate());
        let issue = Issue {
            serial: serial(&aaguid),
            aaguid: Some(aaguid),
            extensions: tpm::certificate_extensions(tpm::MANUFACTURER),
            ..Issue::new(INTERMEDIATE, Name::EMPTY, key.public_key())
        };
        let chain = vec![issue.sign(&middle.0), middle.1];
        Arc::new(Batch { key, chain })
    }

    /// What certifies each credential's own key, for Android and Apple.
    pub fn issuer(&self) -> Arc<Issuer> {
        Arc::clone(&self.issuer)
    }

    fn intermediate(&self) -> (SigningKey, Vec<u8>) {
        let key = derive(&self.seed, b"intermediate");
        let constraints = BasicConstraints { ca: true, path_length: Some(0) };
        let issue = Issue { serial: 2, constraints, ..Issue::new(ROOT, INTERMEDIATE, key.public_key()) };
        let certificate = issue.sign(&self.issuer.key);
        (key, certificate)
    }
}

impl Issuer {
    /// A certificate for a credential's key that holds `extension`.
    pub fn certify(&self, key: &PublicKey, extension: Extension) -> Vec<u8> {
        let issue = Issue {
            serial: serial(&key.encode()),
            extensions: vec![extension],
            ..Issue::new(ROOT, CREDENTIAL, key)
        };
        issue.sign(&self.key)
    }
}

impl Batch {
    /// The certificates, leaf first, in DER.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.key
    }
}

// The seed is the authority's whole secret, and certificates would drown everything else.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Issuer")
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Batch({} certificates)", self.chain.len())
    }
}

/// A number of its own for each subject, as RFC 5280 section 4.1.2.2 wants.
fn serial(subject: &[u8]) -> u64 {
    let digest = digest::sha256(subject);
    digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes)).max(3)
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
