//! The symmetric state of Noise (revision 34, section 5.2) for AES-256-GCM and SHA-256.

use primitives::aead::Aes256Gcm;
use primitives::{digest, hkdf};
use zeroize::Zeroizing;

use super::HandshakeRefusal;

/// Chaining key, digest of what was said, and the key of the moment.
pub(super) struct Symmetric {
    chain: Zeroizing<[u8; 32]>,
    hash: [u8; 32],
    key: Zeroizing<[u8; 32]>,
    count: u64,
}

/// What a handshake ends in.
pub(super) struct Split {
    /// The initiator's key.
    pub(super) first: Zeroizing<[u8; 32]>,
    /// The responder's.
    pub(super) second: Zeroizing<[u8; 32]>,
    /// The digest of all that was said.
    pub(super) hash: [u8; 32],
}

impl Symmetric {
    /// Begins with the name of the protocol, which is one byte short of a digest and so stands padded.
    pub(super) fn new(name: &[u8; 31], prologue: &[u8]) -> Self {
        let mut hash = [0; 32];
        for (to, from) in hash.iter_mut().zip(name) {
            *to = *from;
        }
        let mut state = Self { chain: Zeroizing::new(hash), hash, key: Zeroizing::new([0; 32]), count: 0 };
        state.mix_hash(prologue);
        state
    }

    pub(super) fn mix_hash(&mut self, data: &[u8]) {
        let mut all = self.hash.to_vec();
        all.extend_from_slice(data);
        self.hash = digest::sha256(&all);
    }

    pub(super) fn mix_key(&mut self, material: &[u8]) {
        let [chain, key] = self.expand(material);
        self.chain = chain;
        self.set_key(key);
    }

    /// MixKeyAndHash, for the key that both have before.
    pub(super) fn mix_psk(&mut self, psk: &[u8; 32]) {
        let [chain, hashed, key] = self.expand(psk);
        self.chain = chain;
        self.mix_hash(hashed.as_slice());
        self.set_key(key);
    }

    /// Where a pattern has a psk, each ephemeral key goes into digest and key (section 9.2).
    pub(super) fn mix_ephemeral(&mut self, point: &[u8]) {
        self.mix_hash(point);
        self.mix_key(point);
    }

    /// EncryptAndHash.
    pub(super) fn seal(&mut self, text: &[u8]) -> Vec<u8> {
        let sealed = Aes256Gcm::new(&self.key).seal(&self.nonce(), &self.hash, text);
        self.mix_hash(&sealed);
        sealed
    }

    /// DecryptAndHash of an empty text.
    pub(super) fn open_empty(&mut self, tag: &[u8; 16]) -> Result<(), HandshakeRefusal> {
        let nonce = self.nonce();
        Aes256Gcm::new(&self.key).open(&nonce, &self.hash, tag).map_err(|_| HandshakeRefusal::Proof)?;
        self.mix_hash(tag);
        Ok(())
    }

    pub(super) fn split(self) -> Split {
        let [first, second] = self.expand(&[]);
        Split { first, second, hash: self.hash }
    }

    /// Noise's HKDF with two or three outputs is that of RFC 5869 with an empty info.
    fn expand<const N: usize>(&self, material: &[u8]) -> [Zeroizing<[u8; 32]>; N] {
        let mut out = Zeroizing::new(vec![0; N.saturating_mul(32)]);
        hkdf::sha256(self.chain.as_slice(), material, &[], &mut out);
        let mut chunks = out.chunks_exact(32);
        std::array::from_fn(|_| {
            let mut key = Zeroizing::new([0; 32]);
            for (to, from) in key.iter_mut().zip(chunks.next().unwrap_or_default()) {
                *to = *from;
            }
            key
        })
    }

    fn set_key(&mut self, key: Zeroizing<[u8; 32]>) {
        self.key = key;
        self.count = 0;
    }

    /// Four zeros and the count, big-endian; each key of a handshake is used at most twice.
    fn nonce(&mut self) -> [u8; 12] {
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().skip(4).zip(self.count.to_be_bytes()) {
            *to = from;
        }
        self.count = self.count.saturating_add(1);
        nonce
    }
}
