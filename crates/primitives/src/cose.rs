//! COSE keys (RFC 9052, RFC 9053, RFC 8812, RFC 9864, RFC 9964): the public keys of credentials, and private
//! keys that sign.
//!
//! A [`PublicKey`] exists only if every rule about its shape held, so whoever has one may verify with it.

mod algorithm;
mod ed25519;
mod public_key;
mod refusal;
mod signing;

pub use algorithm::Algorithm;
pub use public_key::{PublicKey, algorithm_id};
pub use refusal::{BadSignature, KeyRefusal};
pub use signing::SigningKey;

pub(crate) use algorithm::Family;
pub(crate) use public_key::rsa_components;
