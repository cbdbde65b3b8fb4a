//! What the tests of all formats share: an attester of their own, whose key they have.

use authenticator::attestation::Format;
use primitives::cose::{Algorithm, PublicKey, SigningKey};
use primitives::x509::{Certificate, Issue, Name};

use super::AttestationRefusal;
use crate::testing::{self, Registration};
use crate::{RegistrationRefusal, TrustAnchor};

pub(super) const VENDOR: Name<'static> = Name {
    country: "DE",
    organization: "Example",
    organizational_unit: "Authenticator Attestation",
    common_name: "Example Authenticator",
};

/// A registration in `formats` by the authority of the tests, which is its anchor.
pub(super) fn made(formats: &[Format]) -> Registration {
    let authority = testing::authority();
    let settings = authenticator::Settings::security_key().attesting(formats, &authority);
    let mut ceremony = Registration::new(settings);
    ceremony.anchors = vec![Certificate::parse(authority.root()).unwrap().into()];
    ceremony
}

/// The key that signs the statements of the tests.
pub(super) fn attester() -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[3; 32]).unwrap()
}

/// The root that issues the certificates of the tests, as an anchor.
pub(super) fn anchor() -> TrustAnchor {
    let key = root();
    let issue = Issue {
        constraints: primitives::x509::BasicConstraints::AUTHORITY,
        ..Issue::new(VENDOR, VENDOR, key.public_key())
    };
    Certificate::parse(&issue.sign(&key)).unwrap().into()
}

fn root() -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[4; 32]).unwrap()
}

/// A certificate for `key` by the root, with one thing changed.
pub(super) fn certificate(key: &PublicKey, change: impl FnOnce(&mut Issue<'_>)) -> Vec<u8> {
    let mut issue = Issue::new(VENDOR, VENDOR, key);
    change(&mut issue);
    issue.sign(&root())
}

/// `der` with `from` replaced by `to` of the same length; only trust would notice the signature.
pub(super) fn patched(mut der: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    der[at..at + to.len()].copy_from_slice(to);
    der
}

/// Pins the refusal, its code and its step.
#[track_caller]
pub(super) fn refused(ceremony: &Registration, refusal: impl Into<AttestationRefusal>, code: &str) {
    let refusal = RegistrationRefusal::Attestation(refusal.into());
    assert_eq!(ceremony.finish(), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), (code, 22));
}
