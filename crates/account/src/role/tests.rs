//! Who may do what to whom.

use super::Role::{Administrator, Helpdesk, User};

#[test]
fn a_pass_is_never_a_way_up() {
    let allowed = [
        (Helpdesk, User),
        (Helpdesk, Helpdesk),
        (Administrator, User),
        (Administrator, Helpdesk),
        (Administrator, Administrator),
    ];
    for issuer in super::Role::ALL {
        for target in super::Role::ALL {
            assert_eq!(
                issuer.may_issue_pass_for(*target),
                allowed.contains(&(*issuer, *target)),
                "{issuer} for {target}"
            );
        }
    }
}

#[test]
fn only_administrators_administer() {
    assert!(Administrator.may_administer_users());
    assert!(!Helpdesk.may_administer_users());
    assert!(!User.may_administer_users());
}

#[test]
fn names_are_stable_and_round_trip() {
    for role in super::Role::ALL {
        assert_eq!(super::Role::parse(role.as_str()), Some(*role));
    }
    assert_eq!(super::Role::parse("root"), None);
}
