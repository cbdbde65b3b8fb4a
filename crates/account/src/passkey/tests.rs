//! One test a rule of passkeys.

use super::*;
use crate::samples::passkey;

#[test]
fn only_an_attested_key_that_cannot_be_copied_is_hardware_bound() {
    let mut one = passkey(1);
    assert!(!one.is_hardware_bound(), "nothing was attested");
    one.attestation_trusted = true;
    assert!(one.is_hardware_bound());
    let software = Passkey { aaguid: attested_device::SOFTWARE.0, ..one.clone() };
    assert!(!software.is_hardware_bound(), "a key in software is in no hardware, whoever attests it");
    one.backup_eligible = true;
    assert!(!one.is_hardware_bound(), "a key that may be backed up can leave");
}

#[test]
fn what_a_phishable_session_bound_is_not_phishing_resistant() {
    let yes = [Binding::TemporaryPass, Binding::PhishingResistant, Binding::Provisioned];
    for binding in Binding::ALL {
        assert_eq!(binding.may_be_phishing_resistant(), yes.contains(binding), "{binding}");
    }
}

#[test]
fn names_are_one_to_sixty_characters() {
    assert_eq!(parse_passkey_name(" Ana's key "), Ok("Ana's key".to_owned()));
    assert_eq!(parse_passkey_name("   "), Err(NameRefusal::Empty));
    assert_eq!(parse_passkey_name(&"k".repeat(61)), Err(NameRefusal::TooLong));
    assert_eq!(parse_passkey_name("a\nb"), Err(NameRefusal::ControlCharacter));
}

#[test]
fn a_second_passkey_of_one_provider_gets_a_number() {
    let mut first = passkey(1);
    first.name = "iCloud Keychain".to_owned();
    assert_eq!(free_name("iCloud Keychain", &[]), "iCloud Keychain");
    assert_eq!(free_name("iCloud Keychain", std::slice::from_ref(&first)), "iCloud Keychain 2");
    let mut second = passkey(2);
    second.name = "iCloud Keychain 2".to_owned();
    assert_eq!(free_name("iCloud Keychain", &[first, second]), "iCloud Keychain 3");
    assert!(parse_passkey_name(&free_name(&"x".repeat(90), &[])).is_ok());
}
