//! Floor 0: time, entropy, encodings, digests, keys, signatures and sealing.
//!
//! This crate is the only caller of cryptographic primitives (aws-lc-rs, argon2). It is pure: no clock, file
//! or socket; `now` and entropy are arguments. The one door to the system's randomness is
//! [`entropy::SystemEntropy`], which the programs construct and hand down.

pub mod aead;
pub mod agreement;
pub mod block_cipher;
pub mod cbor;
pub mod cose;
pub mod der;
pub mod digest;
pub mod encoding;
pub mod entropy;
pub mod hkdf;
pub mod id;
pub mod jwk;
pub mod jws;
pub mod keys;
pub mod pkcs8;
pub mod seal;
pub mod secret;
pub mod slow_hash;
pub mod time;
pub mod x509;
