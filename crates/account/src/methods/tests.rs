//! The last way to sign in stays.

use super::*;
use crate::passkey::PasskeyStatus;
use crate::samples::{id, passkey};

#[test]
fn the_last_enabled_passkey_is_not_removed() {
    let mut disabled = passkey(2);
    disabled.status = PasskeyStatus::Disabled;
    assert_eq!(removal(&[passkey(1)], false, id(1)), RemoveVerdict::LastMethod);
    assert_eq!(removal(&[passkey(1), disabled.clone()], false, id(1)), RemoveVerdict::LastMethod);
    assert_eq!(removal(&[passkey(1), disabled], false, id(2)), RemoveVerdict::Allowed);
    assert_eq!(removal(&[passkey(1), passkey(2)], false, id(1)), RemoveVerdict::Allowed);
    assert_eq!(removal(&[passkey(1)], false, id(9)), RemoveVerdict::NotFound);
}

#[test]
fn a_password_with_a_second_step_is_a_way_that_remains() {
    assert_eq!(removal(&[passkey(1)], true, id(1)), RemoveVerdict::LastPasskey);
    assert_eq!(removal(&[passkey(1), passkey(2)], true, id(1)), RemoveVerdict::Allowed);
    assert_eq!(removal(&[passkey(1)], true, id(9)), RemoveVerdict::NotFound);
}

#[test]
fn twenty_passkeys_are_enough() {
    let passkeys: Vec<Passkey> = (1..=20).map(passkey).collect();
    assert!(may_add(&passkeys[..19]));
    assert!(!may_add(&passkeys));
}
