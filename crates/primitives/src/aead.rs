//! AES-256-GCM (NIST SP 800-38D) under a nonce that the caller's protocol gives: a counter, never a draw of luck.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::{Zeroize, Zeroizing};

/// How much longer a sealed text is than its plaintext.
pub const TAG_LENGTH: usize = 16;

/// A key, ready for use.
pub struct Aes256Gcm(LessSafeKey);

impl Aes256Gcm {
    /// From its bytes.
    pub fn new(key: &[u8; 32]) -> Self {
        match UnboundKey::new(&AES_256_GCM, key) {
            Ok(key) => Self(LessSafeKey::new(key)),
            Err(_) => unreachable!("32 bytes are a key of AES-256"),
        }
    }

    /// Seals `plaintext`. Under one key no `nonce` may serve two different texts: who reads both learns both.
    pub fn seal(&self, nonce: &[u8; 12], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        // The room for the tag is there from the start: a buffer that moves leaves the plaintext behind.
        let mut body = Vec::with_capacity(plaintext.len().saturating_add(TAG_LENGTH));
        body.extend_from_slice(plaintext);
        let nonce = Nonce::assume_unique_for_key(*nonce);
        if self.0.seal_in_place_append_tag(nonce, Aad::from(aad), &mut body).is_err() {
            unreachable!("AES-GCM seals anything shorter than 2^36 bytes");
        }
        body
    }

    /// Opens what [`Aes256Gcm::seal`] made under the same key, nonce and `aad`.
    pub fn open(&self, nonce: &[u8; 12], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, BadSeal> {
        let mut body = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length =
            self.0.open_in_place(nonce, Aad::from(aad), body.as_mut_slice()).map_err(|_| BadSeal)?.len();
        if let Some(rest) = body.get_mut(length..) {
            rest.zeroize();
        }
        body.truncate(length);
        Ok(body)
    }
}

/// Not sealed under this key and nonce for this purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSeal;

#[cfg(test)]
mod tests;
