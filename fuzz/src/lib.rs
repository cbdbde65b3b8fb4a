//! What each fuzz target asserts: more than that nothing panics.
//!
//! A target takes any bytes. What our parsers accept has to come back the same from our encoders; what they
//! accept of a ceremony has to hold when somebody else reads it. A broken promise is a panic, which is what
//! libFuzzer looks for. Time and memory are bounded by `run`.

#![forbid(unsafe_code)]

use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fido::client_data::CollectedClientData;
use primitives::cbor;
use primitives::cose::PublicKey;

mod accepted;
mod authorization;
pub mod ceremony;
mod certificate;
mod hybrid;
mod jwt;
mod mds;
mod parts;
mod registration;
mod response;
mod scim;
mod tpm;

pub use accepted::explain_case;
pub use authorization::authorization;
pub use certificate::certificate;
pub use hybrid::{hybrid_advertisement, hybrid_frame, hybrid_qr, seeds_of_hybrid};
pub use jwt::jwt;
pub use mds::mds;
pub use parts::{join, split};
pub use registration::registration;
pub use response::response;
pub use scim::scim;
pub use tpm::{seeds_of_tpm, tpm};

/// Canonical CBOR has one encoding: what is accepted is what would have been written.
pub fn cbor(data: &[u8]) {
    for depth in [0, 1, cbor::CTAP2_DEPTH, cbor::CTAP2_DEPTH + 1] {
        if let Ok(value) = cbor::parse(data, depth) {
            assert_eq!(value.encode(), data, "accepted at depth {depth}");
        }
        if let Ok((value, rest)) = cbor::read(data, depth) {
            assert!(data.ends_with(rest) && rest.len() < data.len(), "what is left is the end of the input");
            assert_eq!([&value.encode(), rest].concat(), data, "read at depth {depth}");
        }
    }
}

/// Authenticator data that are accepted say the same when they are written again. Extensions that nobody
/// understands are not kept; without any the bytes are the same too.
pub fn authenticator_data(data: &[u8]) {
    let Ok(parsed) = AuthenticatorData::parse(data) else { return };
    let encoded = parsed.encode();
    assert_eq!(AuthenticatorData::parse(&encoded).as_ref(), Ok(&parsed), "written and read again");
    if parsed.extensions.is_none() {
        assert_eq!(encoded, data, "without extensions");
    }
    assert!(encoded.len() <= data.len(), "nothing is added");
}

/// Client data that are accepted say the same when they are written as clients write them.
pub fn client_data(data: &[u8]) {
    let Ok(parsed) = CollectedClientData::parse(data) else { return };
    // Escaping may make it longer than what is looked at.
    let encoded = parsed.encode();
    if encoded.len() <= fido::client_data::LONGEST {
        assert_eq!(CollectedClientData::parse(&encoded).as_ref(), Ok(&parsed), "written and read again");
    }
}

/// An attestation object that is accepted has one encoding; whatever is in it ends in a verdict.
pub fn attestation_object(data: &[u8]) {
    if let Ok(parsed) = AttestationObject::parse(data) {
        assert_eq!(parsed.encode(), data, "accepted");
    }
    ceremony::register(data);
}

/// A COSE key that is accepted has one encoding, belongs to its algorithm, and verifies no empty signature.
pub fn cose_key(data: &[u8]) {
    let Ok(key) = PublicKey::parse(data) else { return };
    assert_eq!(key.encode(), data, "accepted");
    assert!(PublicKey::parse_registered(data).is_ok(), "what was accepted once is accepted again");
    assert!(key.verify(b"message", &[]).is_err(), "an empty signature");
    assert!(key.verify(b"message", data).is_err(), "the key as its own signature");
}
