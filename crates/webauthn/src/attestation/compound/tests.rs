use authenticator::attestation::{Authority, Format};
use primitives::cbor::Key;
use primitives::cose::{Algorithm, SigningKey};
use primitives::x509::{BasicConstraints, Certificate, Issue};

use super::super::testing::{VENDOR, made, refused};
use super::super::{AttestationKind, UntrustedReason};
use super::*;
use crate::testing::{self, Registration};
use crate::{Attestation, RegistrationRefusal};

const BOTH: [Format; 2] = [Format::Packed, Format::Tpm];

/// Replaces the statement by an array of those.
fn state(ceremony: &mut Registration, statements: Vec<Value<'_>>) {
    ceremony.statement = Value::Array(statements).encode();
}

fn part<'a>(format: &'a str, statement: Value<'a>) -> Value<'a> {
    Value::Map(vec![(Key::Text("fmt"), Value::Text(format)), (Key::Text("attStmt"), statement)])
}

/// The statements of a valid ceremony, changed.
fn changed(change: impl FnOnce(&mut Vec<Value<'_>>)) -> Registration {
    let mut ceremony = made(&BOTH);
    let encoded = ceremony.statement.clone();
    let mut parts = primitives::cbor::parse(&encoded, 5).unwrap().as_array().unwrap().to_vec();
    change(&mut parts);
    state(&mut ceremony, parts);
    ceremony
}

#[test]
fn statements_that_all_hold_are_accepted() {
    let mut ceremony = made(&BOTH);
    let attestation = ceremony.finish().unwrap().attestation;
    let expected = Attestation { format: "compound", kind: AttestationKind::AttCa, trusted: true };
    assert_eq!(attestation, expected);
    ceremony.anchors.clear();
    assert_eq!(ceremony.finish().unwrap().attestation, Attestation { trusted: false, ..expected });
    ceremony.require_trust = true;
    let refusal = ceremony.finish().unwrap_err();
    assert_eq!((refusal.code(), refusal.step()), ("attestation_untrusted", 24));
    assert!(matches!(refusal, RegistrationRefusal::AttestationUntrusted(UntrustedReason::Path(_))));
}

#[test]
fn the_kind_is_that_of_the_trusted_one() {
    // Packed leads to the authority of the tests, TPM to another one.
    let stranger = Authority::from_seed([77; 32]);
    let settings = authenticator::Settings::security_key();
    let by = |authority: &Authority, format| {
        authenticator::attestation::Attestation::by(authority, format, settings.aaguid)
    };
    let parts = vec![by(&testing::authority(), Format::Packed), by(&stranger, Format::Tpm)];
    let attestation = authenticator::attestation::Attestation::Compound(parts);
    let mut ceremony = Registration::new(authenticator::Settings { attestation, ..settings });
    ceremony.anchors = vec![Certificate::parse(testing::authority().root()).unwrap().into()];
    ceremony.require_trust = true;
    let attestation = ceremony.finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::Basic, true));
    ceremony.anchors.clear();
    ceremony.require_trust = false;
    let attestation = ceremony.finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::AttCa, false));
}

#[test]
fn one_that_breaks_breaks_all() {
    let mut ceremony = made(&BOTH);
    ceremony.sign_count += 1;
    refused(&ceremony, AttestationRefusal::Signature, "attestation_signature");
    let foreign = changed(|parts| parts.push(part("none", Value::Map(vec![(Key::Text("x"), Value::Null)]))));
    refused(&foreign, StatementRefusal::NotEmpty, "attestation_statement");
    let unknown = changed(|parts| parts.push(part("safetynet", Value::Map(vec![]))));
    let refusal = RegistrationRefusal::Attestation(AttestationRefusal::UnknownFormat);
    assert_eq!((unknown.finish(), refusal.code()), (Err(refusal), "attestation_format"));
}

#[test]
fn a_part_that_needs_an_anchor_is_not_helped_by_another() {
    // U2F with another AAGUID than zero by a stranger, beside a trusted packed one.
    let settings = authenticator::Settings::security_key();
    let by = |authority: &Authority, format| {
        authenticator::attestation::Attestation::by(authority, format, settings.aaguid)
    };
    let stranger = Authority::from_seed([77; 32]);
    let parts = vec![by(&testing::authority(), Format::Packed), by(&stranger, Format::FidoU2f)];
    let attestation = authenticator::attestation::Attestation::Compound(parts);
    let mut ceremony = Registration::new(authenticator::Settings { attestation, ..settings });
    ceremony.anchors = vec![Certificate::parse(testing::authority().root()).unwrap().into()];
    refused(&ceremony, AttestationRefusal::Aaguid, "aaguid");
    ceremony.anchors.push(Certificate::parse(stranger.root()).unwrap().into());
    assert!(ceremony.finish().unwrap().attestation.trusted);
}

#[test]
fn at_least_two_and_not_too_many() {
    refused(&changed(|parts| parts.truncate(1)), StatementRefusal::TooFewStatements, "attestation_statement");
    refused(&changed(|parts| parts.truncate(0)), StatementRefusal::TooFewStatements, "attestation_statement");
    let none = || part("none", Value::Map(vec![]));
    let four = changed(|parts| parts.resize(4, none()));
    assert!(four.finish().is_ok());
    let five = changed(|parts| parts.resize(5, none()));
    refused(&five, StatementRefusal::TooManyStatements, "resource_limit");
}

#[test]
fn the_statement_is_an_array_of_statements() {
    let mut ceremony = made(&BOTH);
    ceremony.statement(vec![]);
    refused(&ceremony, StatementRefusal::NotAnArray, "attestation_statement");
    let cases = [
        (Value::Integer(1), StatementRefusal::NotAMap),
        (Value::Map(vec![(Key::Text("fmt"), Value::Text("none"))]), StatementRefusal::MemberMissing),
        (Value::Map(vec![(Key::Text("attStmt"), Value::Map(vec![]))]), StatementRefusal::MemberMissing),
        (Value::Map(vec![(Key::Text("authData"), Value::Null)]), StatementRefusal::ForeignMember),
        (part("compound", Value::Array(vec![])), StatementRefusal::Nested),
        (part("none", Value::Null), StatementRefusal::NotAMap),
    ];
    for (value, refusal) in cases {
        refused(&changed(|parts| parts.push(value)), refusal, "attestation_statement");
    }
    let typed = Value::Map(vec![(Key::Text("fmt"), Value::Null), (Key::Text("attStmt"), Value::Null)]);
    refused(&changed(|parts| parts.push(typed)), StatementRefusal::MemberType, "attestation_statement");
}

#[test]
fn nothing_inside_compound_proves_nothing() {
    let mut ceremony = made(&BOTH);
    let none = || part("none", Value::Map(vec![]));
    state(&mut ceremony, vec![none(), none()]);
    let attestation = ceremony.finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::None, false));
    ceremony.require_trust = true;
    let untrusted = RegistrationRefusal::AttestationUntrusted(UntrustedReason::NoAttestation);
    assert_eq!(ceremony.finish(), Err(untrusted));
}

/// Packed statements of eight certificates each on the slowest curve, each issued by the next, none an anchor.
fn expensive(statements: usize) -> Registration {
    let keys: Vec<SigningKey> =
        (1..=8).map(|seed| SigningKey::from_seed(Algorithm::Es512, &[seed; 32]).unwrap()).collect();
    let issue = |(position, key): (usize, &SigningKey)| {
        let constraints = BasicConstraints { ca: position > 0, path_length: None };
        let issuer = keys.get(position + 1).unwrap_or(key);
        Issue { constraints, ..Issue::new(VENDOR, VENDOR, key.public_key()) }.sign(issuer)
    };
    let chain: Vec<Vec<u8>> = keys.iter().enumerate().map(issue).collect();
    let mut ceremony = made(&BOTH);
    let signature = keys[0].sign(&ceremony.message());
    let packed = |_| {
        let chain = chain.iter().map(|der| Value::Bytes(der)).collect();
        let members =
            [("alg", Value::Integer(-36)), ("sig", Value::Bytes(&signature)), ("x5c", Value::Array(chain))];
        part("packed", Value::Map(members.map(|(name, value)| (Key::Text(name), value)).to_vec()))
    };
    state(&mut ceremony, (0..statements).map(packed).collect());
    ceremony
}

#[test]
fn certificates_are_bounded_over_all_statements() {
    let attestation = expensive(2).finish().unwrap().attestation;
    assert_eq!((attestation.kind, attestation.trusted), (AttestationKind::Basic, false));
    refused(&expensive(3), StatementRefusal::TooManyCertificates, "resource_limit");
}
