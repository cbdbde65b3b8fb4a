//! What evidence says about itself.

use super::*;
use crate::samples::{NOW, id, pass, passkey};

#[test]
fn a_session_row_without_a_proof_is_not_evidence() {
    assert!(serde_json::from_str::<Evidence>("[]").is_err());
    let evidence = Evidence::from_assertion(&passkey(2), true, NOW);
    let json = serde_json::to_string(&evidence).unwrap();
    assert_eq!(serde_json::from_str::<Evidence>(&json).unwrap(), evidence);
}

#[test]
fn amr_tells_the_ceremony_that_happened() {
    let mut key = passkey(2);
    assert_eq!(Evidence::from_assertion(&key, true, NOW).amr(), ["mfa", "pop", "user"]);
    assert_eq!(Evidence::from_assertion(&key, false, NOW).amr(), ["pop"]);
    key.attestation_trusted = true;
    assert_eq!(Evidence::from_assertion(&key, true, NOW).amr(), ["hwk", "mfa", "user"]);
    assert_eq!(Evidence::from_pass(&pass(), NOW).amr(), ["otp"]);
}

#[test]
fn a_new_passkey_is_bound_by_what_the_session_proved() {
    assert_eq!(Evidence::from_pass(&pass(), NOW).binding_of_new_passkey(), Binding::TemporaryPass);
    let mut key = passkey(2);
    assert_eq!(
        Evidence::from_assertion(&key, true, NOW).binding_of_new_passkey(),
        Binding::PhishingResistant
    );
    key.binding = Binding::ConditionalCreate;
    assert_eq!(Evidence::from_assertion(&key, true, NOW).binding_of_new_passkey(), Binding::Password);
}

#[test]
fn it_knows_the_passkey_that_it_rests_on() {
    let evidence = Evidence::from_assertion(&passkey(2), true, NOW);
    assert_eq!(evidence.passkey(), Some(id(2)));
    assert!(evidence.rests_on(id(2)) && !evidence.rests_on(id(3)));
    assert_eq!(Evidence::from_pass(&pass(), NOW).passkey(), None);
    assert_eq!(evidence.latest(), NOW);
}

#[test]
fn a_later_proof_of_the_same_passkey_replaces_the_earlier() {
    let later = NOW + primitives::time::Span::from_minutes(3);
    let first = Evidence::from_assertion(&passkey(2), true, NOW);
    let twice = first.clone().and(Evidence::from_assertion(&passkey(2), true, later));
    assert_eq!((twice.proofs().len(), twice.latest()), (1, later));
    let both = first.and(Evidence::from_assertion(&passkey(3), true, later));
    assert_eq!(both.proofs().len(), 2);
    assert!(both.rests_on(id(2)) && both.rests_on(id(3)));
}
