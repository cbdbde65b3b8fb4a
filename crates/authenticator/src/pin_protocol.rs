//! The two PIN/UV auth protocols (CTAP 2.3 sections 6.5.6 and 6.5.7): how a platform and an authenticator come to a
//! secret, and what they do with it. Both sides are here, for the sides differ in nothing but whose key is whose.

use primitives::agreement::{BadPoint, PrivateKey};
use primitives::block_cipher::{self, BLOCK};
use primitives::entropy::{self, Entropy};
use primitives::{digest, encoding, hkdf};
use zeroize::Zeroizing;

/// Which protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The one of CTAP 2.0: one key for everything, no initialization vector, tags of 16 bytes.
    One,
    /// The one of CTAP 2.1: keys of their own, random initialization vectors, tags of 32 bytes.
    Two,
}

impl Protocol {
    /// Both, the better one first: platforms take the first that they know.
    pub const ALL: [Self; 2] = [Self::Two, Self::One];

    /// `pinUvAuthProtocol`.
    pub const fn number(self) -> u64 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The one of that number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.number() == number)
    }

    /// `authenticate(key, message)`: a tag that only who has the key can make.
    pub fn authenticate(self, key: &[u8; 32], message: &[u8]) -> Vec<u8> {
        let mut tag = digest::hmac_sha256(key, message).to_vec();
        tag.truncate(self.tag_length());
        tag
    }

    /// `verify(key, message, signature)`: whether `tag` is that of `message`, all of it.
    pub fn verify(self, key: &[u8; 32], message: &[u8], tag: &[u8]) -> bool {
        encoding::constant_time_eq(&self.authenticate(key, message), tag)
    }

    const fn tag_length(self) -> usize {
        match self {
            Self::One => 16,
            Self::Two => 32,
        }
    }
}

/// What both sides arrive at. It is good for one transaction.
pub struct SharedSecret {
    protocol: Protocol,
    authentication: Zeroizing<[u8; 32]>,
    encryption: Zeroizing<[u8; 32]>,
}

impl SharedSecret {
    /// `decapsulate`, and on the other side `encapsulate`: from the own private key and the peer's point.
    pub fn agree(protocol: Protocol, ours: &PrivateKey, theirs: &[u8]) -> Result<Self, BadPoint> {
        let z = ours.agree(theirs)?;
        let derived = |info: &[u8]| {
            let mut key = Zeroizing::new([0; 32]);
            hkdf::sha256(&[0; 32], z.as_slice(), info, key.as_mut_slice());
            key
        };
        let (authentication, encryption) = match protocol {
            Protocol::One => {
                let key = Zeroizing::new(digest::sha256(z.as_slice()));
                (key.clone(), key)
            }
            Protocol::Two => (derived(b"CTAP2 HMAC key"), derived(b"CTAP2 AES key")),
        };
        Ok(Self { protocol, authentication, encryption })
    }

    /// Which protocol it is of.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// `encrypt`. What is sealed here are digests, tokens, padded PINs and secrets: whole blocks, all of them. What is
    /// not is filled up with zeros.
    pub fn seal(&self, plaintext: &[u8], entropy: &mut dyn Entropy) -> Vec<u8> {
        let iv = match self.protocol {
            Protocol::One => [0; BLOCK],
            Protocol::Two => entropy::array(entropy),
        };
        let mut body = Zeroizing::new(Vec::with_capacity(plaintext.len().next_multiple_of(BLOCK)));
        body.extend_from_slice(plaintext);
        body.resize(plaintext.len().next_multiple_of(BLOCK), 0);
        if block_cipher::aes256_cbc_encrypt(&self.encryption, &iv, &mut body).is_err() {
            unreachable!("blocks are whole");
        }
        match self.protocol {
            Protocol::One => body.to_vec(),
            Protocol::Two => [&iv[..], &body].concat(),
        }
    }

    /// `decrypt`.
    pub fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, BadCiphertext> {
        let (iv, body) = match self.protocol {
            Protocol::One => ([0; BLOCK], ciphertext),
            Protocol::Two => {
                let (iv, body) = ciphertext.split_first_chunk().ok_or(BadCiphertext)?;
                (*iv, body)
            }
        };
        let mut body = Zeroizing::new(body.to_vec());
        block_cipher::aes256_cbc_decrypt(&self.encryption, &iv, &mut body).map_err(|_| BadCiphertext)?;
        Ok(body)
    }

    /// `authenticate` under this secret.
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(&self.authentication, message)
    }

    /// `verify` under this secret.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        self.protocol.verify(&self.authentication, message, tag)
    }
}

/// No whole blocks, or no initialization vector before them. More cannot be told: there is no padding and no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadCiphertext;

#[cfg(test)]
mod tests;
