use authenticator::attestation::{Format, apple};
use primitives::x509::Extension;

use super::super::testing::{anchor, attester, certificate, made, refused};
use super::*;
use crate::testing::Registration;

/// A registration with that extension in the certificate of its own key, made over the ceremony's nonce.
fn with_extension(extension: impl FnOnce(&[u8]) -> Vec<Extension>) -> Registration {
    let mut ceremony = made(&[Format::Apple]);
    let key = ceremony.authenticator.vault.all()[0].key.public_key().clone();
    let extensions = extension(&digest::sha256(&ceremony.message()));
    let der = certificate(&key, |issue| issue.extensions = extensions);
    ceremony.statement(vec![("x5c", Value::Array(vec![Value::Bytes(&der)]))]);
    ceremony.anchors = vec![anchor()];
    ceremony
}

#[test]
fn a_certificate_by_the_rules_is_accepted() {
    let record = with_extension(|nonce| vec![apple::extension(nonce)]).finish().unwrap();
    assert_eq!((record.attestation.kind, record.attestation.trusted), (AttestationKind::AnonCa, true));
}

#[test]
fn the_nonce_is_that_of_this_ceremony() {
    let mut ceremony = made(&[Format::Apple]);
    ceremony.sign_count += 1;
    refused(&ceremony, StatementRefusal::AppleNonce, "attestation_statement");
    let mut ceremony = made(&[Format::Apple]);
    ceremony.client_data(|data| data["extra"] = serde_json::json!(1));
    refused(&ceremony, StatementRefusal::AppleNonce, "attestation_statement");
    let short = with_extension(|nonce| vec![apple::extension(&nonce[..31])]);
    refused(&short, StatementRefusal::AppleNonce, "attestation_statement");
}

#[test]
fn the_extension_must_be_there_and_readable() {
    let refusal = AttestationCertificateRefusal::ExtensionMissing;
    refused(&with_extension(|_| Vec::new()), refusal, "attestation_certificate");
    let refusal = AttestationCertificateRefusal::ExtensionShape;
    for value in [
        &[][..],
        &[0x30, 0],
        &[0x30, 4, 0xa1, 2, 4, 1],
        &[0x30, 4, 0xa2, 2, 4, 0],
        &[0x30, 6, 0xa1, 2, 4, 0, 5, 0],
        &[0x30, 4, 0xa1, 2, 4, 0, 0],
    ] {
        let ceremony =
            with_extension(|nonce| vec![Extension { value: value.to_vec(), ..apple::extension(nonce) }]);
        refused(&ceremony, refusal, "attestation_certificate");
    }
}

#[test]
fn the_certified_key_is_the_credential_s() {
    let mut ceremony = made(&[Format::Apple]);
    let extension = apple::extension(&digest::sha256(&ceremony.message()));
    let der = certificate(attester().public_key(), |issue| issue.extensions = vec![extension]);
    ceremony.statement(vec![("x5c", Value::Array(vec![Value::Bytes(&der)]))]);
    refused(&ceremony, StatementRefusal::CertificateKey, "attestation_statement");
}

#[test]
fn statements_with_wrong_members() {
    let mut ceremony = made(&[Format::Apple]);
    for (members, refusal) in [
        (vec![], StatementRefusal::MemberMissing),
        (vec![("x5c", Value::Array(vec![]))], StatementRefusal::NoCertificate),
        (vec![("x5c", Value::Bytes(&[]))], StatementRefusal::MemberType),
        (vec![("x5c", Value::Array(vec![])), ("alg", Value::Integer(-7))], StatementRefusal::NoCertificate),
        (
            vec![("x5c", Value::Array(vec![])), ("alg", Value::Integer(-8))],
            StatementRefusal::AlgorithmNotCredentials,
        ),
        (vec![("x5c", Value::Array(vec![])), ("sig", Value::Bytes(&[1]))], StatementRefusal::ForeignMember),
    ] {
        ceremony.statement(members);
        refused(&ceremony, refusal, "attestation_statement");
    }
}
