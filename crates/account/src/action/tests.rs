//! A confirmation fits one action, target and session.

use super::*;
use crate::samples::id;

#[test]
fn no_two_actions_targets_or_sessions_share_a_digest() {
    let actions = [
        Action::AddPasskey,
        Action::RemovePasskey(id(1)),
        Action::RemovePasskey(id(2)),
        Action::IssuePass(id(1)),
        Action::ChangeUser(id(1)),
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
}
