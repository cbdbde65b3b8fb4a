use authenticator::attestation::Format;
use authenticator::attestation::android_key::{self as maker, KeyDescription as Made, SecurityLevel};
use primitives::cose::SigningKey;
use primitives::der::{INTEGER, NULL, OCTET_STRING, write};
use primitives::digest;
use primitives::x509::Extension;

use super::super::testing::{anchor, attester, certificate, made, refused};
use super::*;
use crate::testing::Registration;

const LEVEL: SecurityLevel = SecurityLevel::TrustedEnvironment;

/// A statement about `ceremony` by `key` with a certificate for it that has those extensions.
fn state(ceremony: &mut Registration, key: &SigningKey, extensions: Vec<Extension>) {
    let der = certificate(key.public_key(), |issue| issue.extensions = extensions);
    let signature = key.sign(&ceremony.message());
    ceremony.statement(vec![
        ("alg", Value::Integer(key.algorithm().id())),
        ("sig", Value::Bytes(&signature)),
        ("x5c", Value::Array(vec![Value::Bytes(&der)])),
    ]);
    ceremony.anchors = vec![anchor()];
}

fn with_extensions(extensions: impl FnOnce(Made) -> Vec<Extension>) -> Registration {
    let mut ceremony = made(&[Format::AndroidKey(LEVEL)]);
    let description = Made::new(LEVEL, &digest::sha256(&ceremony.client_data));
    let key = ceremony.authenticator.vault.all()[0].key.public_key().clone();
    let der = certificate(&key, |issue| issue.extensions = extensions(description));
    let signature = ceremony.authenticator.vault.all()[0].key.sign(&ceremony.message());
    ceremony.statement(vec![
        ("alg", Value::Integer(-7)),
        ("sig", Value::Bytes(&signature)),
        ("x5c", Value::Array(vec![Value::Bytes(&der)])),
    ]);
    ceremony.anchors = vec![anchor()];
    ceremony
}

/// With one thing about the key description changed.
fn with(change: impl FnOnce(&mut Made)) -> Registration {
    with_extensions(|mut description| {
        change(&mut description);
        vec![description.extension()]
    })
}

#[track_caller]
fn accepted(ceremony: &Registration) {
    let attestation = ceremony.finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::Basic, true));
}

#[test]
fn both_hardware_levels_are_accepted() {
    for level in [SecurityLevel::TrustedEnvironment, SecurityLevel::StrongBox] {
        accepted(&with(|made| (made.attestation_level, made.keystore_level) = (level, level)));
    }
    accepted(&with(|made| made.attestation_level = SecurityLevel::StrongBox));
}

#[test]
fn software_is_not() {
    let refusal = AttestationCertificateRefusal::SecurityLevel;
    let software = SecurityLevel::Software;
    refused(&with(|made| made.attestation_level = software), refusal, "attestation_certificate");
    refused(&with(|made| made.keystore_level = software), refusal, "attestation_certificate");
}

#[test]
fn the_challenge_is_the_hash_of_the_client_data() {
    let refusal = StatementRefusal::AndroidChallenge;
    refused(&with(|made| made.challenge[0] ^= 1), refusal, "attestation_statement");
    refused(&with(|made| made.challenge.truncate(31)), refusal, "attestation_statement");
    refused(&with(|made| made.challenge.clear()), refusal, "attestation_statement");
}

#[test]
fn no_list_is_for_all_applications() {
    let refusal = AttestationCertificateRefusal::AllApplications;
    let all = || maker::entry(600, &write(NULL, &[]));
    refused(&with(|made| made.software.push(all())), refusal, "attestation_certificate");
    refused(&with(|made| made.hardware.push(all())), refusal, "attestation_certificate");
}

#[test]
fn the_hardware_generated_the_key() {
    let refusal = AttestationCertificateRefusal::Origin;
    refused(&with(|made| drop(made.hardware.pop())), refusal, "attestation_certificate");
    for origin in [1, 2, 3, 4] {
        let imported = with(|made| made.hardware[3] = maker::entry(702, &write(INTEGER, &[&[origin]])));
        refused(&imported, refusal, "attestation_certificate");
    }
    // That software says so is not enough.
    let software = with(|made| {
        let origin = made.hardware.pop();
        made.software.extend(origin);
    });
    refused(&software, refusal, "attestation_certificate");
}

#[test]
fn the_hardware_keeps_the_key_for_signing() {
    let refusal = AttestationCertificateRefusal::Purpose;
    refused(&with(|made| drop(made.hardware.remove(0))), refusal, "attestation_certificate");
    for purposes in [&[][..], &[3], &[2, 3], &[2, 2]] {
        let other = with(|made| made.hardware[0] = maker::purposes(purposes));
        refused(&other, refusal, "attestation_certificate");
    }
    let software = with(|made| {
        let purpose = made.hardware.remove(0);
        made.software.push(purpose);
    });
    refused(&software, refusal, "attestation_certificate");
}

#[test]
fn empty_lists_say_nothing() {
    let empty = with(|made| {
        made.software.clear();
        made.hardware.clear();
    });
    refused(&empty, AttestationCertificateRefusal::Origin, "attestation_certificate");
}

#[test]
fn unknown_entries_are_skipped_and_bounded() {
    let many =
        |count| with(|made| made.software.extend(vec![maker::entry(99_999, &write(NULL, &[])); count]));
    accepted(&many(100));
    let refusal = AttestationCertificateRefusal::ExtensionShape;
    refused(&many(127), refusal, "attestation_certificate");
    let purposes = with(|made| made.hardware[0] = maker::purposes(&[2; 129]));
    refused(&purposes, refusal, "attestation_certificate");
}

#[test]
fn descriptions_that_cannot_be_read() {
    let refusal = AttestationCertificateRefusal::ExtensionShape;
    let code = "attestation_certificate";
    // Purpose and origin, each told twice.
    for entry in [0, 3] {
        let again = |made: &mut Made| made.hardware.push(made.hardware[entry].clone());
        refused(&with(again), refusal, code);
    }
    let mistyped = [
        (1, write(INTEGER, &[&[2]])),
        (600, write(INTEGER, &[&[1]])),
        (702, write(OCTET_STRING, &[&[0]])),
        (702, write(INTEGER, &[&[0xff]])),
    ];
    for (tag, value) in mistyped {
        refused(&with(|made| made.hardware = vec![maker::entry(tag, &value)]), refusal, code);
    }
    refused(&with(|made| made.hardware.push(vec![0x05, 0x00])), refusal, code);
    let valid = Made::new(LEVEL, &[1; 32]).extension().value;
    for length in 0..valid.len() {
        assert!(KeyDescription::read(&valid[..length]).is_none(), "cut at {length}");
    }
    assert!(KeyDescription::read(&[valid.as_slice(), &[0]].concat()).is_none());
    refused(&with_extensions(|_| Vec::new()), AttestationCertificateRefusal::ExtensionMissing, code);
}

#[test]
fn the_certified_key_is_the_credential_s() {
    let mut ceremony = made(&[Format::AndroidKey(LEVEL)]);
    let description = Made::new(LEVEL, &digest::sha256(&ceremony.client_data));
    state(&mut ceremony, &attester(), vec![description.extension()]);
    refused(&ceremony, StatementRefusal::CertificateKey, "attestation_statement");
}

#[test]
fn signatures_over_something_else() {
    let mut ceremony = made(&[Format::AndroidKey(LEVEL)]);
    ceremony.sign_count += 1;
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
    let mut ceremony = made(&[Format::AndroidKey(LEVEL)]);
    ceremony.client_data(|data| data["extra"] = serde_json::json!(1));
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
}

#[test]
fn statements_with_wrong_members() {
    let mut ceremony = made(&[Format::AndroidKey(LEVEL)]);
    let encoded = ceremony.statement.clone();
    let valid = primitives::cbor::parse(&encoded, 4).unwrap();
    let members = ["alg", "sig", "x5c"];
    let member = |name| (name, valid.get(name).unwrap().clone());
    for wrong in members {
        let missing = members.into_iter().filter(|name| *name != wrong).map(member);
        ceremony.statement(missing.clone().collect());
        refused(&ceremony, StatementRefusal::MemberMissing, "attestation_statement");
        ceremony.statement(missing.chain([(wrong, Value::Null)]).collect());
        refused(&ceremony, StatementRefusal::MemberType, "attestation_statement");
    }
    for (alg, refusal) in
        [(-65_535, StatementRefusal::AlgorithmUnknown), (0, StatementRefusal::AlgorithmUnknown)]
    {
        ceremony.statement(vec![("alg", Value::Integer(alg)), member("sig"), member("x5c")]);
        refused(&ceremony, refusal, "attestation_statement");
    }
    ceremony.statement(vec![("alg", Value::Integer(-35)), member("sig"), member("x5c")]);
    refused(&ceremony, AttestationCertificateRefusal::Key, "attestation_certificate");
    ceremony.statement(members.into_iter().map(member).chain([("ver", Value::Null)]).collect());
    refused(&ceremony, StatementRefusal::ForeignMember, "attestation_statement");
}
