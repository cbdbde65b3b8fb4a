use authenticator::attestation::Format;
use authenticator::attestation::android_key::SecurityLevel;

use super::testing::made;
use super::*;

#[test]
fn every_format_of_our_authenticator_is_accepted_and_trusted() {
    let level = SecurityLevel::StrongBox;
    for (format, name, kind) in [
        (Format::Packed, "packed", AttestationKind::Basic),
        (Format::PackedSingle, "packed", AttestationKind::Basic),
        (Format::Tpm, "tpm", AttestationKind::AttCa),
        (Format::AndroidKey(SecurityLevel::TrustedEnvironment), "android-key", AttestationKind::Basic),
        (Format::AndroidKey(level), "android-key", AttestationKind::Basic),
        (Format::Apple, "apple", AttestationKind::AnonCa),
        (Format::FidoU2f, "fido-u2f", AttestationKind::Basic),
    ] {
        let mut ceremony = made(&[format]);
        let attestation = ceremony.finish().unwrap().attestation;
        assert_eq!(attestation, Attestation { format: name, kind, trusted: true });
        ceremony.anchors.clear();
        let attestation = ceremony.finish().unwrap().attestation;
        assert_eq!(attestation, Attestation { format: name, kind, trusted: false });
    }
}

#[test]
fn the_anchor_tells_basic_from_attca_where_the_format_does_not() {
    for (format, kind) in [
        (Format::Packed, AttestationKind::AttCa),
        (Format::PackedSingle, AttestationKind::AttCa),
        (Format::FidoU2f, AttestationKind::AttCa),
        (Format::Tpm, AttestationKind::AttCa),
        (Format::AndroidKey(SecurityLevel::StrongBox), AttestationKind::Basic),
        (Format::Apple, AttestationKind::AnonCa),
    ] {
        let mut ceremony = made(&[format]);
        ceremony.anchors[0].kind = AnchorKind::AttCa;
        assert_eq!(ceremony.finish().unwrap().attestation.kind, kind, "{format:?}");
    }
}

#[test]
fn the_intermediate_alone_may_be_the_anchor() {
    let mut ceremony = made(&[Format::PackedSingle]);
    let statement = primitives::cbor::parse(&ceremony.statement, 4).unwrap();
    let chain = statement.get("x5c").and_then(Value::as_array).unwrap();
    let intermediate = Certificate::parse(chain[1].as_bytes().unwrap()).unwrap();
    ceremony.anchors = vec![intermediate.into()];
    assert!(ceremony.finish().unwrap().attestation.trusted);
}

#[test]
fn of_equals_the_first_is_reported() {
    let certificate = Certificate::parse(crate::testing::authority().root()).unwrap();
    let none = Claim::new(AttestationKind::Basic, Vec::new());
    let long = Claim::new(AttestationKind::Basic, vec![certificate; 9]);
    let verified = Verified { format: "compound", claims: vec![none, long] };
    let assessed = verified.assess(&[], crate::testing::now()).unwrap_or_else(|_| panic!());
    assert_eq!(assessed.trust, Err(UntrustedReason::Path(x509::PathRefusal::NoAnchor)));
}
