//! AES-256 without authentication (FIPS 197, NIST SP 800-38A): one block, and CBC without padding.
//!
//! Only for protocols that lay it down and put a MAC beside it: CTAP's PIN/UV auth protocols and the hybrid
//! transport's advertisement. For everything else there are [`crate::aead`] and [`crate::seal`].

use aws_lc_rs::cipher::{
    AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::iv::FixedLength;

/// Length of a block.
pub const BLOCK: usize = 16;

/// Encrypts one block.
pub fn aes256_ecb_block(key: &[u8; 32], mut block: [u8; BLOCK]) -> [u8; BLOCK] {
    let done = unbound(key)
        .and_then(EncryptingKey::ecb)
        .and_then(|key| key.less_safe_encrypt(&mut block, EncryptionContext::None));
    if done.is_err() {
        unreachable!("a block is a block");
    }
    block
}

/// Decrypts one block.
pub fn aes256_ecb_block_open(key: &[u8; 32], mut block: [u8; BLOCK]) -> [u8; BLOCK] {
    let done = unbound(key)
        .and_then(DecryptingKey::ecb)
        .and_then(|key| key.decrypt(&mut block, DecryptionContext::None).map(|_| ()));
    if done.is_err() {
        unreachable!("a block is a block");
    }
    block
}

/// Encrypts whole blocks in place.
pub fn aes256_cbc_encrypt(key: &[u8; 32], iv: &[u8; BLOCK], data: &mut [u8]) -> Result<(), NotWholeBlocks> {
    if !data.len().is_multiple_of(BLOCK) {
        return Err(NotWholeBlocks);
    }
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    let done = unbound(key).and_then(EncryptingKey::cbc).and_then(|key| key.less_safe_encrypt(data, context));
    if done.is_err() {
        unreachable!("CBC encrypts whole blocks");
    }
    Ok(())
}

/// Decrypts whole blocks in place.
pub fn aes256_cbc_decrypt(key: &[u8; 32], iv: &[u8; BLOCK], data: &mut [u8]) -> Result<(), NotWholeBlocks> {
    if !data.len().is_multiple_of(BLOCK) {
        return Err(NotWholeBlocks);
    }
    let context = DecryptionContext::Iv128(FixedLength::from(iv));
    let done =
        unbound(key).and_then(DecryptingKey::cbc).and_then(|key| key.decrypt(data, context).map(|_| ()));
    if done.is_err() {
        unreachable!("CBC decrypts whole blocks");
    }
    Ok(())
}

fn unbound(key: &[u8; 32]) -> Result<UnboundCipherKey, Unspecified> {
    UnboundCipherKey::new(&AES_256, key)
}

/// The length is no multiple of [`BLOCK`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWholeBlocks;

#[cfg(test)]
mod tests;
