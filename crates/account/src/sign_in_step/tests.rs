//! Every account under every policy.

use super::*;
use crate::policy::PasswordPolicy;
use crate::samples::{NOW, passkey, user};

/// All accounts, and whether they must change their password.
fn accounts() -> impl Iterator<Item = (Methods, bool)> {
    (0..32_u8).map(|bits| {
        let bit = |place: u8| bits & (1 << place) != 0;
        (Methods { passkey: bit(0), codes: bit(1), recovery_codes: bit(2), had_second: bit(4) }, bit(3))
    })
}

fn policies() -> impl Iterator<Item = Effective> {
    (0..8_u8).map(|bits| {
        let bit = |place: u8| bits & (1 << place) != 0;
        let passwords = PasswordPolicy {
            enabled: bit(0),
            beside_passkeys: bit(1),
            alone_registers: bit(2),
            ..PasswordPolicy::default()
        };
        Effective { passwords, ..Effective::default() }
    })
}

#[test]
fn nobody_with_a_passkey_gets_on_with_a_password_unless_policy_says_so() {
    for policy in policies() {
        for (methods, must_change) in accounts().filter(|(methods, _)| methods.passkey) {
            let next = after_password(&policy, methods, must_change);
            if !policy.passwords.beside_passkeys {
                assert!(matches!(next, Next::Off | Next::UsePasskey), "{policy:?} {methods:?}");
            }
            assert_ne!(next, Next::Restricted, "a first passkey is none of theirs");
        }
    }
}

#[test]
fn a_second_step_is_asked_of_everybody_who_has_one() {
    for policy in policies().filter(|policy| policy.passwords.enabled) {
        for (methods, must_change) in accounts().filter(|(methods, _)| !methods.second().is_empty()) {
            let next = after_password(&policy, methods, must_change);
            // Also of those who must change their password: one factor does not replace it.
            assert!(matches!(next, Next::SecondStep | Next::UsePasskey));
        }
        for must_change in [false, true] {
            let locked = Methods { had_second: true, ..Methods::default() };
            assert_eq!(after_password(&policy, locked, must_change), Next::NothingSecond);
        }
        assert_eq!(after_password(&policy, Methods::default(), true), Next::MustChange);
        let next = after_password(&policy, Methods::default(), false);
        let alone = policy.passwords.alone_registers;
        assert_eq!(next, if alone { Next::Restricted } else { Next::NothingSecond });
    }
}

#[test]
fn what_policy_turned_off_is_no_second_step() {
    let mut policy = Effective::default();
    assert_eq!(Methods::of(&policy, &[], true, true).second(), SecondMethod::ALL);
    policy.codes.enabled = false;
    assert_eq!(Methods::of(&policy, &[], true, true).second(), [SecondMethod::RecoveryCode]);
    policy.recovery_codes.enabled = false;
    assert_eq!(Methods::of(&policy, &[], true, true).second(), []);
    let mut disabled = passkey(2);
    disabled.status = crate::passkey::PasskeyStatus::Disabled;
    assert!(!Methods::of(&policy, &[disabled], false, false).passkey);
    assert!(Methods::of(&policy, &[passkey(2)], false, false).passkey);
}

#[test]
fn a_partial_sign_in_stands_in_its_browser_for_its_time_with_its_account() {
    let (user, here) = (user(), BrowserId::from_bytes([1; 32]));
    let partial = PartialSignIn::begin(&user, &here, 1, NOW);
    assert!(partial.stands(&user, &here, 1, NOW));
    assert!(!partial.stands(&user, &BrowserId::from_bytes([2; 32]), 1, NOW), "another browser");
    assert!(!partial.stands(&user, &here, 2, NOW), "a restore was accepted");
    assert!(!partial.stands(&user, &here, 1, NOW + PARTIAL_SIGN_IN), "over");
    assert!(!partial.stands(&user, &here, 1, NOW - Span::from_minutes(2)), "from the future");
    let mut changed = user.clone();
    changed.security_epoch += 1;
    assert!(!partial.stands(&changed, &here, 1, NOW));
    let mut disabled = user;
    disabled.status = crate::user::UserStatus::Disabled;
    assert!(!partial.stands(&disabled, &here, 1, NOW));
}
