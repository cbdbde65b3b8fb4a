//! A confirmation fits one action, target and session.

use super::*;
use crate::samples::id;

#[test]
fn no_two_actions_targets_or_sessions_share_a_digest() {
    let actions = [
        Action::AddPasskey,
        Action::RemovePasskey(id(1)),
        Action::RemovePasskey(id(2)),
        Action::ReportEntry(id(1)),
        Action::IssuePass(id(1)),
        Action::DismissRequest(id(1)),
        Action::RevokePass(id(1)),
        Action::DisableUser(id(1)),
        Action::EnableUser(id(1)),
        Action::SetRole(id(1), Role::Helpdesk),
        Action::SetRole(id(1), Role::Administrator),
        Action::RemovePasskeyOf(id(1), id(1)),
        Action::RemovePasskeyOf(id(1), id(2)),
        Action::RemovePasskeyOf(id(2), id(1)),
        Action::MakeKey([1; 32]),
        Action::MakeKey([2; 32]),
        Action::OpenKey([1; 32]),
        Action::RevokeKey(id(1)),
        Action::ProvisionPasskey(id(1)),
        Action::ApplyPolicy([1; 32]),
        Action::UndoPolicy(1),
        Action::UndoPolicy(2),
        Action::AddRoot([1; 32]),
        Action::RemoveRoot([1; 32]),
        Action::AddHook([1; 32]),
        Action::ChangeHook([1; 32]),
        Action::RemoveHook(id(1)),
    ];
    let mut digests: Vec<Digest> =
        actions.iter().flat_map(|action| [action.digest(id(7)), action.digest(id(8))]).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), 2 * actions.len());
}

#[test]
fn names_and_targets_read_back() {
    let target = id::<crate::passkey::Passkey>(1);
    assert_eq!(Action::parse("add-passkey", None), Some(Action::AddPasskey));
    assert_eq!(
        Action::parse("remove-passkey", Some(&target.to_string())),
        Some(Action::RemovePasskey(target))
    );
    assert_eq!(Action::parse("remove-passkey", None), None);
    assert_eq!(Action::parse("add-passkey", Some(&target.to_string())), None);
    assert_eq!(Action::parse("remove-passkey", Some("1")), None);
    let (user, passkey) = (id::<crate::user::User>(3), id::<crate::passkey::Passkey>(4));
    for (name, target, action) in [
        ("issue-pass", user.to_string(), Action::IssuePass(user)),
        ("dismiss-request", passkey.to_string(), Action::DismissRequest(id(4))),
        ("revoke-pass", user.to_string(), Action::RevokePass(user)),
        ("disable-user", user.to_string(), Action::DisableUser(user)),
        ("enable-user", user.to_string(), Action::EnableUser(user)),
        ("set-role", format!("{user}:helpdesk"), Action::SetRole(user, Role::Helpdesk)),
        ("remove-passkey-of", format!("{user}:{passkey}"), Action::RemovePasskeyOf(user, passkey)),
        ("make-key", "07".repeat(32), Action::MakeKey([7; 32])),
        ("open-key", "07".repeat(32), Action::OpenKey([7; 32])),
        ("add-root", "07".repeat(32), Action::AddRoot([7; 32])),
        ("remove-root", "07".repeat(32), Action::RemoveRoot([7; 32])),
        ("revoke-key", user.to_string(), Action::RevokeKey(id(3))),
        ("provision-passkey", user.to_string(), Action::ProvisionPasskey(user)),
    ] {
        assert_eq!(Action::parse(name, Some(&target)), Some(action));
        assert_eq!(action.name(), name);
        for wrong in ["", ":", "helpdesk", &format!("{target}:"), &format!("{target} ")] {
            assert_eq!(Action::parse(name, Some(wrong)), None, "{name} {wrong}");
        }
    }
    assert_eq!(Action::parse("set-role", Some(&user.to_string())), None);
}
