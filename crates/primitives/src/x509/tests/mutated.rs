//! A good certificate with one thing wrong with its bytes.

use proptest::prelude::*;

use super::*;

fn good() -> Vec<u8> {
    issue(6, 4, |issue| {
        issue.constraints = BasicConstraints::END;
        issue.aaguid = Some([9; 16]);
    })
}

/// Whatever can be asked of a certificate.
fn ask(certificate: &Certificate) {
    let _ = certificate.aaguid();
    let _ = certificate.extended_key_usages();
    let _ = certificate.directory_attributes();
    let _ = certificate.has_empty_subject();
    for algorithm in Algorithm::ALL {
        let _ = certificate.public_key(algorithm);
    }
}

#[test]
fn every_truncation_is_refused() {
    let good = good();
    for length in 0..good.len() {
        assert!(Certificate::parse(&good[..length]).is_err(), "cut at {length}");
    }
}

proptest! {
    #[test]
    fn a_changed_byte_is_never_trusted(at in any::<prop::sample::Index>(), change in 1_u8..) {
        let mut der = good();
        let at = at.index(der.len());
        der[at] ^= change;
        if let Ok(certificate) = Certificate::parse(&der) {
            ask(&certificate);
            let outcome = validate(&[certificate], &[authority(4, 4)], NOW);
            prop_assert!(outcome.is_err(), "byte {at} changed by {change:#x}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Certificate::parse(&bytes).map(|certificate| ask(&certificate));
        let _ = super::super::read::purposes(&bytes);
        let _ = super::super::read::directory_attributes(&bytes);
    }
}
