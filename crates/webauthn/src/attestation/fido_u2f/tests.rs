use authenticator::attestation::{Format, fido_u2f};
use primitives::cose::SigningKey;
use primitives::x509::Certificate;

use super::super::testing::{anchor, attester, certificate, made, refused};
use super::super::{AttestationCertificateRefusal, TrustAnchor};
use super::*;
use crate::testing::Registration;

/// A statement about `ceremony` by `attester` with that certificate.
fn state(ceremony: &mut Registration, attester: &SigningKey, der: &[u8]) {
    let signature = attester.sign(&fido_u2f::verification_data(&ceremony.message()).unwrap());
    ceremony
        .statement(vec![("sig", Value::Bytes(&signature)), ("x5c", Value::Array(vec![Value::Bytes(der)]))]);
    ceremony.anchors = vec![anchor()];
}

fn ceremony(change: impl FnOnce(&mut Registration)) -> Registration {
    let mut ceremony = made(&[Format::FidoU2f]);
    change(&mut ceremony);
    state(&mut ceremony, &attester(), &certificate(attester().public_key(), |_| ()));
    ceremony
}

#[test]
fn a_statement_by_the_rules_is_accepted() {
    let record = ceremony(|_| ()).finish().unwrap();
    assert_eq!((record.attestation.kind, record.attestation.trusted), (AttestationKind::Basic, true));
    assert_eq!(record.aaguid, [0; 16]);
}

#[test]
fn another_aaguid_than_zero_needs_the_anchor() {
    let mut ceremony = ceremony(|ceremony| ceremony.aaguid = [1; 16]);
    let record = ceremony.finish().unwrap();
    assert!(record.attestation.trusted);
    assert_eq!(record.aaguid, [0; 16], "nobody vouches for the model");
    ceremony.now = primitives::time::Timestamp::from_secs(4_000_000_000);
    ceremony.state.expires = primitives::time::Timestamp::MAX;
    refused(&ceremony, AttestationRefusal::Aaguid, "aaguid");
    ceremony.now = crate::testing::now();
    ceremony.anchors =
        vec![TrustAnchor::from(Certificate::parse(crate::testing::authority().root()).unwrap())];
    refused(&ceremony, AttestationRefusal::Aaguid, "aaguid");
    ceremony.anchors.clear();
    refused(&ceremony, AttestationRefusal::Aaguid, "aaguid");
}

#[test]
fn everything_that_is_signed_counts() {
    let refusal = AttestationRefusal::Signature;
    let mut changed = ceremony(|_| ());
    changed.client_data(|data| data["extra"] = serde_json::json!(1));
    refused(&changed, refusal, "attestation_signature");
    let mut changed = ceremony(|_| ());
    changed.credential_id[0] ^= 1;
    changed.response_id[0] ^= 1;
    refused(&changed, refusal, "attestation_signature");
    let mut changed = ceremony(|_| ());
    changed.public_key = attester().public_key().encode();
    refused(&changed, refusal, "attestation_signature");
    let mut changed = ceremony(|_| ());
    let der = certificate(attester().public_key(), |_| ());
    let signature = attester().sign(&changed.message());
    changed
        .statement(vec![("sig", Value::Bytes(&signature)), ("x5c", Value::Array(vec![Value::Bytes(&der)]))]);
    refused(&changed, refusal, "attestation_signature");
}

#[test]
fn a_counter_is_not_signed() {
    let mut unsigned = ceremony(|_| ());
    unsigned.sign_count += 1;
    assert!(unsigned.finish().is_ok());
}

#[test]
fn exactly_one_certificate() {
    let mut two = ceremony(|_| ());
    let der = certificate(attester().public_key(), |_| ());
    two.statement(vec![
        ("sig", Value::Bytes(&[])),
        ("x5c", Value::Array(vec![Value::Bytes(&der), Value::Bytes(&der)])),
    ]);
    refused(&two, StatementRefusal::NotOneCertificate, "attestation_statement");
}

#[test]
fn the_attestation_key_is_on_p256() {
    for algorithm in [Algorithm::Es384, Algorithm::EdDsa] {
        let key = SigningKey::from_seed(algorithm, &[5; 32]).unwrap();
        let mut changed = ceremony(|_| ());
        state(&mut changed, &key, &certificate(key.public_key(), |_| ()));
        refused(&changed, AttestationCertificateRefusal::Key, "attestation_certificate");
    }
}

#[test]
fn the_credential_key_is_for_es256() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Esp256] {
        let mut changed = ceremony(|_| ());
        changed.public_key = SigningKey::from_seed(algorithm, &[5; 32]).unwrap().public_key().encode();
        changed.state.algorithms.push(algorithm.id());
        refused(&changed, StatementRefusal::CredentialKey, "attestation_statement");
    }
}

#[test]
fn statements_with_wrong_members() {
    let mut changed = ceremony(|_| ());
    let sig = || ("sig", Value::Bytes(&[0x30]));
    for (members, refusal) in [
        (vec![sig()], StatementRefusal::MemberMissing),
        (vec![("x5c", Value::Array(vec![]))], StatementRefusal::MemberMissing),
        (vec![sig(), ("x5c", Value::Array(vec![]))], StatementRefusal::NoCertificate),
        (vec![("sig", Value::Null), ("x5c", Value::Array(vec![]))], StatementRefusal::MemberType),
        (vec![("alg", Value::Integer(-7)), sig()], StatementRefusal::ForeignMember),
    ] {
        changed.statement(members);
        refused(&changed, refusal, "attestation_statement");
    }
}
