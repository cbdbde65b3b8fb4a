//! Certificates and paths of them.

use primitives::cose::Algorithm;
use primitives::x509::{Certificate, validate_path};

use crate::ceremony::now;
use crate::parts::split;

/// The first of the input's parts are a chain, leaf first; the last is the anchor.
pub fn certificate(data: &[u8]) {
    let certificates: Vec<Certificate> =
        split(data).into_iter().take(16).filter_map(|der| Certificate::parse(der).ok()).collect();
    for certificate in &certificates {
        read(certificate);
    }
    let Some((anchor, chain)) = certificates.split_last() else { return };
    let none: [&Certificate; 0] = [];
    assert!(validate_path(chain, &none, now()).is_err(), "a path without an anchor");
    if validate_path(chain, &[anchor], now()).is_ok() {
        let leaf = chain.first();
        assert!(leaf.is_some_and(|leaf| leaf.is_valid_at(now())), "a path from a leaf that is not valid");
        let reached = |certificate: &Certificate| {
            certificate.der() == anchor.der() || certificate.is_issued_by(anchor).is_ok()
        };
        assert!(chain.iter().any(reached), "a path that does not reach the anchor");
    }
}

/// Everything that may be asked of a certificate has an answer.
fn read(certificate: &Certificate) {
    let again = Certificate::parse(certificate.der());
    assert!(again.is_ok_and(|again| again.der() == certificate.der()), "accepted once and not again");
    for algorithm in Algorithm::ALL {
        if let Ok(key) = certificate.public_key(algorithm) {
            assert_eq!(key.algorithm(), algorithm, "the key is for another algorithm");
        }
    }
    let _ = certificate.aaguid();
    let _ = certificate.basic_constraints();
    let _ = certificate.has_empty_subject();
    let _ = certificate.extended_key_usages();
    let _ = certificate.directory_attributes();
    let _ = certificate.is_issued_by(certificate);
}
