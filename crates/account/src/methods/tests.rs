//! The last way to sign in stays.

use super::*;
use crate::passkey::PasskeyStatus;
use crate::samples::{id, passkey};

#[test]
fn the_last_enabled_passkey_is_not_removed() {
    let mut disabled = passkey(2);
    disabled.status = PasskeyStatus::Disabled;
    assert_eq!(removal(&[passkey(1)], id(1)), RemoveVerdict::LastMethod);
    assert_eq!(removal(&[passkey(1), disabled.clone()], id(1)), RemoveVerdict::LastMethod);
    assert_eq!(removal(&[passkey(1), disabled], id(2)), RemoveVerdict::Allowed);
    assert_eq!(removal(&[passkey(1), passkey(2)], id(1)), RemoveVerdict::Allowed);
    assert_eq!(removal(&[passkey(1)], id(9)), RemoveVerdict::NotFound);
}

#[test]
fn twenty_passkeys_are_enough() {
    let passkeys: Vec<Passkey> = (1..=20).map(passkey).collect();
    assert!(may_add(&passkeys[..19]));
    assert!(!may_add(&passkeys));
}
