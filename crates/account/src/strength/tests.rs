//! Strengths judge the evidence, and the binding of the passkey that gave it.

use super::*;
use crate::passkey::{Binding, Passkey};
use crate::samples::{NOW, pass, passkey};

fn strongest(passkey: &Passkey, user_verified: bool) -> Option<Strength> {
    Evidence::from_assertion(passkey, user_verified, NOW).strength()
}

#[test]
fn a_pass_counts_as_two_factors_and_no_more() {
    assert_eq!(Evidence::from_pass(&pass(), NOW).strength(), Some(Strength::Multifactor));
}

#[test]
fn a_passkey_that_did_not_verify_the_person_satisfies_nothing() {
    assert_eq!(strongest(&passkey(2), false), None);
}

#[test]
fn a_verified_passkey_is_phishing_resistant() {
    assert_eq!(strongest(&passkey(2), true), Some(Strength::PhishingResistant));
}

#[test]
fn a_passkey_that_a_password_bound_cannot_launder_it() {
    for binding in [Binding::Password, Binding::ConditionalCreate, Binding::Operator] {
        let mut one = passkey(2);
        one.binding = binding;
        one.attestation_trusted = true;
        assert_eq!(strongest(&one, true), Some(Strength::Passwordless), "{binding}");
    }
}

#[test]
fn hardware_needs_a_trusted_attestation_and_no_backup() {
    let mut one = passkey(2);
    one.attestation_trusted = true;
    assert_eq!(strongest(&one, true), Some(Strength::PhishingResistantHardware));
    one.backup_eligible = true;
    assert_eq!(strongest(&one, true), Some(Strength::PhishingResistant));
}

#[test]
fn references_are_those_that_applications_ask_for() {
    let acr: Vec<&str> = Strength::ALL.iter().map(|strength| strength.acr()).collect();
    assert_eq!(acr, ["urn:keyward:acr:mfa", "urn:keyward:acr:passwordless", "phr", "phrh"]);
}
