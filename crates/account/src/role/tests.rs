//! Who may do what to whom.

use super::Role::{
    Administrator, AuthenticationAdministrator, Helpdesk, PolicyAdministrator,
    PrivilegedAuthenticationAdministrator, Reader, User,
};
use super::{Permission, Role};

#[test]
fn a_pass_is_never_a_way_up() {
    let allowed = [
        (Helpdesk, vec![User, Helpdesk]),
        (AuthenticationAdministrator, vec![User, AuthenticationAdministrator]),
        (
            PrivilegedAuthenticationAdministrator,
            vec![User, Reader, Helpdesk, AuthenticationAdministrator, PrivilegedAuthenticationAdministrator],
        ),
        (Administrator, Role::ALL.to_vec()),
    ];
    for issuer in Role::ALL {
        for target in Role::ALL {
            let expected = allowed.iter().any(|(role, targets)| role == issuer && targets.contains(target));
            assert_eq!(issuer.may_issue_pass_for(*target), expected, "{issuer} for {target}");
            assert!(!expected || issuer.includes(*target), "{issuer} for {target}");
        }
    }
}

#[test]
fn what_each_role_may() {
    let granted = |role: Role| -> Vec<&str> {
        Permission::ALL.iter().filter(|permission| role.may(**permission)).map(|p| p.as_str()).collect()
    };
    assert_eq!(granted(User), Vec::<&str>::new());
    assert_eq!(granted(Reader), ["read-users", "read-log", "read-policy", "read-applications"]);
    assert_eq!(granted(Helpdesk), ["read-users", "read-log", "issue-passes"]);
    assert_eq!(
        granted(PolicyAdministrator),
        ["read-users", "read-log", "read-policy", "edit-policy", "read-applications"]
    );
    assert_eq!(granted(Administrator).len(), Permission::ALL.len());
}

#[test]
fn only_administrators_administer() {
    for role in Role::ALL {
        assert_eq!(role.may_administer_users(), *role == Administrator);
        assert_eq!(role.may(Permission::EditRoles), *role == Administrator);
        assert_eq!(role.may(Permission::EditKeys), *role == Administrator);
        assert_eq!(role.may(Permission::EditApplications), *role == Administrator);
    }
}

#[test]
fn names_are_stable_and_round_trip() {
    for role in Role::ALL {
        assert_eq!(Role::parse(role.as_str()), Some(*role));
    }
    assert_eq!(Role::parse("root"), None);
}
