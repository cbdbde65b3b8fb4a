//! SHA-256 and HMAC-SHA-256 over several parts; SHA-1, SHA-384 and SHA-512 for what others made with them.

use aws_lc_rs::{digest, hmac};

/// A SHA-256 digest or HMAC-SHA-256 tag.
pub type Digest = [u8; 32];

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> Digest {
    to_array(digest::digest(&digest::SHA256, data).as_ref())
}

/// SHA-1 of `data`, which proves nothing by itself: two texts with one digest can be made.
pub fn sha1(data: &[u8]) -> [u8; 20] {
    to_array(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, data).as_ref())
}

/// HMAC-SHA-1 of `data` (RFC 2104), for the one-time passwords of RFC 4226, where collisions of SHA-1 are of no use.
pub fn hmac_sha1(key: &[u8], data: &[u8]) -> [u8; 20] {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    to_array(hmac::sign(&key, data).as_ref())
}

/// HMAC-SHA-256 of `data` (RFC 2104), for what others check with a key that they share.
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> Digest {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    to_array(hmac::sign(&key, data).as_ref())
}

/// SHA-384 of `data`.
pub fn sha384(data: &[u8]) -> [u8; 48] {
    to_array(digest::digest(&digest::SHA384, data).as_ref())
}

/// SHA-512 of `data`.
pub fn sha512(data: &[u8]) -> [u8; 64] {
    to_array(digest::digest(&digest::SHA512, data).as_ref())
}

/// SHA-256 over length-prefixed parts, so that no two lists of parts share a preimage.
pub fn sha256_parts(parts: &[&[u8]]) -> Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(&length_prefix(part));
        context.update(part);
    }
    to_array(context.finish().as_ref())
}

/// HMAC-SHA-256 over length-prefixed parts.
pub(crate) fn hmac_parts(key: &hmac::Key, parts: &[&[u8]]) -> Digest {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&length_prefix(part));
        context.update(part);
    }
    to_array(context.sign().as_ref())
}

fn length_prefix(part: &[u8]) -> [u8; 8] {
    u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes()
}

fn to_array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}
