//! Floor 1: the bytes that both sides of a WebAuthn ceremony agree on.
//!
//! Relying party, client and authenticator share these types. The crate parses and encodes and decides
//! nothing; it is pure: no clock, randomness, file or socket. Every parser is bounded and strict, and none
//! panics whatever it is given.

pub mod attestation_object;
pub mod authenticator_data;
pub mod client_data;
pub mod credential;
pub mod ctap;
pub mod extension;
pub mod json;
pub mod options;
pub mod response;

pub use credential::{Base64Url, CredentialDescriptor};

/// The longest credential id that WebAuthn allows (Level 3 section 7.1 step 25), in bytes.
pub const LONGEST_CREDENTIAL_ID: usize = 1023;
