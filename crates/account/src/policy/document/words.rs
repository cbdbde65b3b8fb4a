//! Words of the document that are nowhere else.

use primitives::cose::Algorithm;

pub(super) const BACKED_UP: &str = "backed-up";
pub(super) const DEVICE_BOUND: &str = "device-bound";
pub(super) const EVERYBODY: &str = "everybody";
pub(super) const NOBODY: &str = "nobody";
pub(super) const ANYTHING: &str = "anything";

/// Its name in the IANA registry "COSE Algorithms".
pub(super) const fn algorithm(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Es256 => "ES256",
        Algorithm::EdDsa => "EdDSA",
        Algorithm::Es384 => "ES384",
        Algorithm::Es512 => "ES512",
        Algorithm::Rs256 => "RS256",
        Algorithm::Ps256 => "PS256",
        Algorithm::MlDsa44 => "ML-DSA-44",
        Algorithm::MlDsa65 => "ML-DSA-65",
        Algorithm::MlDsa87 => "ML-DSA-87",
        Algorithm::Esp256 => "ESP256",
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::Esp384 => "ESP384",
        Algorithm::Esp512 => "ESP512",
    }
}

/// The algorithm of that name.
pub(super) fn algorithm_of(name: &str) -> Option<Algorithm> {
    Algorithm::ALL.into_iter().find(|one| algorithm(*one) == name)
}
