use primitives::cbor::Value;
use primitives::cose::{Algorithm, SigningKey};
use primitives::der::{self, write};
use primitives::x509::{BasicConstraints, CertificateRefusal, Extension, Issue, Name};

use super::*;
use crate::RegistrationRefusal;
use crate::testing::{self, Registration};

const VALID: Name<'static> = Name {
    country: "DE",
    organization: "Example",
    organizational_unit: "Authenticator Attestation",
    common_name: "Example Authenticator",
};

fn attester() -> SigningKey {
    SigningKey::from_seed(Algorithm::Es256, &[3; 32]).unwrap()
}

/// A certificate for [`attester`] with one thing changed.
fn certificate(change: impl FnOnce(&mut Issue<'_>)) -> Vec<u8> {
    let key = attester();
    let mut issue = Issue::new(VALID, VALID, key.public_key());
    change(&mut issue);
    issue.sign(&key)
}

/// A registration whose statement the attester of that certificate signed.
fn with_certificate(der: &[u8]) -> Registration {
    let mut ceremony = Registration::new(testing::self_signed());
    let signature = attester().sign(&ceremony.message());
    ceremony.statement(vec![
        ("alg", Value::Integer(-7)),
        ("sig", Value::Bytes(&signature)),
        ("x5c", Value::Array(vec![Value::Bytes(der)])),
    ]);
    ceremony
}

#[track_caller]
fn refused(ceremony: &Registration, refusal: AttestationRefusal, code: &str) {
    let refusal = RegistrationRefusal::Attestation(refusal);
    assert_eq!(ceremony.finish(), Err(refusal));
    assert_eq!((refusal.code(), refusal.step()), (code, 22));
}

#[test]
fn a_certificate_by_the_rules_is_accepted() {
    let record = with_certificate(&certificate(|_| ())).finish().unwrap();
    assert_eq!(record.attestation.kind, AttestationKind::Basic);
    let aaguid = record.aaguid;
    assert!(with_certificate(&certificate(|issue| issue.aaguid = Some(aaguid))).finish().is_ok());
}

#[test]
fn keys_that_other_formats_attest_do_not_attest() {
    // tcg-kp-AIKCertificate among the usages, Android's key description, Apple's nonce.
    let usage = write(der::SEQUENCE, &[&write(der::OID, &[&[0x67, 0x81, 0x05, 0x08, 0x03]])]);
    let android = vec![0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x01, 0x11];
    let apple = vec![0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64, 0x08, 0x02];
    for (oid, value) in
        [(oid::EXTENDED_KEY_USAGE.to_vec(), usage), (android, vec![5, 0]), (apple, vec![5, 0])]
    {
        let extension = Extension { oid, critical: false, value };
        let der = certificate(|issue| issue.extensions = vec![extension]);
        let refusal = AttestationRefusal::Certificate(AttestationCertificateRefusal::ForeignPurpose);
        refused(&with_certificate(&der), refusal, "attestation_certificate");
    }
}

#[test]
fn subjects_that_break_the_rules() {
    use AttestationCertificateRefusal as Refusal;
    let cases: [(Name<'static>, Refusal); 6] = [
        (Name { country: "DEU", ..VALID }, Refusal::SubjectCountry),
        (Name { country: "1!", ..VALID }, Refusal::SubjectCountry),
        (Name { organization: "", ..VALID }, Refusal::SubjectOrganization),
        (
            Name { organizational_unit: "Authenticator attestation", ..VALID },
            Refusal::SubjectOrganizationalUnit,
        ),
        (Name { organizational_unit: "", ..VALID }, Refusal::SubjectOrganizationalUnit),
        (Name { common_name: "", ..VALID }, Refusal::SubjectCommonName),
    ];
    for (subject, refusal) in cases {
        let ceremony = with_certificate(&certificate(|issue| issue.subject = subject));
        refused(&ceremony, AttestationRefusal::Certificate(refusal), "attestation_certificate");
    }
}

#[test]
fn an_authority_does_not_attest() {
    let ceremony = with_certificate(&certificate(|issue| issue.constraints = BasicConstraints::AUTHORITY));
    let refusal = AttestationCertificateRefusal::BasicConstraints;
    refused(&ceremony, AttestationRefusal::Certificate(refusal), "attestation_certificate");
}

/// The certificate with `from` replaced by `to` of the same length; only trust would notice the signature.
fn patched(from: &[u8], to: &[u8], change: impl FnOnce(&mut Issue<'_>)) -> Vec<u8> {
    let mut der = certificate(change);
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    der[at..at + to.len()].copy_from_slice(to);
    der
}

#[test]
fn version_and_basic_constraints_are_demanded() {
    let version_two = patched(&[0xa0, 3, 2, 1, 2], &[0xa0, 3, 2, 1, 1], |_| ());
    let refusal = AttestationCertificateRefusal::Version;
    refused(
        &with_certificate(&version_two),
        AttestationRefusal::Certificate(refusal),
        "attestation_certificate",
    );
    let without = patched(&[0x55, 0x1d, 0x13], &[0x55, 0x1d, 0x7e], |_| ());
    let refusal = AttestationCertificateRefusal::BasicConstraints;
    refused(&with_certificate(&without), AttestationRefusal::Certificate(refusal), "attestation_certificate");
}

#[test]
fn the_model_in_the_certificate() {
    let other = certificate(|issue| issue.aaguid = Some([1; 16]));
    refused(&with_certificate(&other), AttestationRefusal::Aaguid, "aaguid");
    // The octet string inside the extension, one byte short.
    let shape = patched(&[0x04, 0x12, 0x04, 0x10], &[0x04, 0x12, 0x04, 0x0f], |issue| {
        issue.aaguid = Some(authenticator::Settings::security_key().aaguid);
    });
    let refusal = AttestationCertificateRefusal::Unreadable(CertificateRefusal::AaguidShape);
    refused(&with_certificate(&shape), AttestationRefusal::Certificate(refusal), "attestation_certificate");
}

#[test]
fn certificates_that_cannot_be_read() {
    let refusal = |refusal: CertificateRefusal| AttestationRefusal::Certificate(refusal.into());
    let der = certificate(|_| ());
    refused(&with_certificate(&[]), refusal(CertificateRefusal::Der), "attestation_certificate");
    let trailing = [der.as_slice(), &[0]].concat();
    let ceremony = with_certificate(&trailing);
    refused(&ceremony, refusal(CertificateRefusal::TrailingBytes), "attestation_certificate");
    let ceremony = with_certificate(&vec![0x30; 16 * 1024 + 1]);
    refused(&ceremony, refusal(CertificateRefusal::TooLong), "resource_limit");
    for length in 0..der.len() {
        assert!(with_certificate(&der[..length]).finish().is_err(), "cut at {length}");
    }
}

#[test]
fn a_key_that_does_not_fit_the_algorithm() {
    let der = certificate(|_| ());
    let mut ceremony = with_certificate(&der);
    let signature = attester().sign(&ceremony.message());
    let x5c = || Value::Array(vec![Value::Bytes(&der)]);
    for algorithm in [-8, -35, -36, -257] {
        ceremony.statement(vec![
            ("alg", Value::Integer(algorithm)),
            ("sig", Value::Bytes(&signature)),
            ("x5c", x5c()),
        ]);
        let refusal = AttestationCertificateRefusal::Key;
        refused(&ceremony, AttestationRefusal::Certificate(refusal), "attestation_certificate");
    }
    ceremony.statement(vec![
        ("alg", Value::Integer(-65535)),
        ("sig", Value::Bytes(&signature)),
        ("x5c", x5c()),
    ]);
    let refusal = AttestationRefusal::Statement(StatementRefusal::AlgorithmUnknown);
    refused(&ceremony, refusal, "attestation_statement");
}

#[test]
fn signatures_over_something_else() {
    let mut ceremony = with_certificate(&certificate(|_| ()));
    ceremony.sign_count += 1;
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
    let mut ceremony = Registration::new(testing::self_signed());
    ceremony.sign_count += 1;
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
    let mut ceremony = Registration::new(testing::self_signed());
    ceremony.client_data(|data| data["extra"] = serde_json::json!(1));
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
}

#[test]
fn statements_with_wrong_members() {
    use StatementRefusal as Refusal;
    let alg = || ("alg", Value::Integer(-7));
    let sig = || ("sig", Value::Bytes(&[0x30]));
    let many = || Value::Array(vec![Value::Bytes(&[]); 9]);
    type Members = Vec<(&'static str, Value<'static>)>;
    let cases: [(Members, Refusal, &str); 9] = [
        (vec![sig()], Refusal::MemberMissing, "attestation_statement"),
        (vec![alg()], Refusal::MemberMissing, "attestation_statement"),
        (vec![("alg", Value::Text("ES256")), sig()], Refusal::MemberType, "attestation_statement"),
        (vec![alg(), ("sig", Value::Text("x"))], Refusal::MemberType, "attestation_statement"),
        (vec![alg(), sig(), ("x5c", Value::Null)], Refusal::MemberType, "attestation_statement"),
        (vec![alg(), sig(), ("x5c", Value::Array(vec![]))], Refusal::NoCertificate, "attestation_statement"),
        (vec![alg(), sig(), ("x5c", many())], Refusal::TooManyCertificates, "resource_limit"),
        (
            vec![alg(), sig(), ("ecdaaKeyId", Value::Bytes(&[1]))],
            Refusal::ForeignMember,
            "attestation_statement",
        ),
        (vec![("alg", Value::Integer(-8)), sig()], Refusal::AlgorithmNotCredentials, "attestation_statement"),
    ];
    for (members, refusal, code) in cases {
        let mut ceremony = Registration::new(testing::self_signed());
        ceremony.statement(members);
        refused(&ceremony, AttestationRefusal::Statement(refusal), code);
    }
}
