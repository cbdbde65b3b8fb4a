//! Versions: applied by whom, from which, undone until when.

use account::policy::impact::{Reason, Verdict};
use account::role::Role;
use authenticator::Settings;
use primitives::time::Span;
use service::administer_groups::{self, GroupChanges, NewGroup};
use service::administer_policy::{self, Application, PolicyError};
use service::{Authority, Unauthorised};
use testkit::{TestContext, Visitor};

use crate::{BACKED_UP, DEVICE_BOUND, action, apply, check};

#[tokio::test]
async fn what_is_in_force_locks_nobody_out_and_changes_nothing() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    test.add_user("new@example.com", Role::User).await;
    let shown = administer_policy::in_force(&test.cx).await.unwrap();
    assert_eq!((shown.number, &shown.policy), (0, &test.cx.settings().policy));
    let impact = check(&test, &shown.document).await;
    assert_eq!((impact.summary.keeps, impact.summary.never, impact.summary.locked_out), (1, 1, 0));
    assert!(impact.changes.is_empty() && impact.may_apply());
    // The same once a version is in force.
    let applied = apply(&test, DEVICE_BOUND).await.unwrap();
    let shown = administer_policy::in_force(&test.cx).await.unwrap();
    assert_eq!(shown, applied);
    assert!(check(&test, &shown.document).await.changes.is_empty());
}

#[tokio::test]
async fn who_would_be_locked_out_is_named_and_must_be_said() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop").with(Settings::security_key());
    let user = ana.onboard("ana@example.com", Role::User).await;
    let impact = check(&test, BACKED_UP).await;
    assert_eq!(impact.summary.locked_out, 1);
    let [one] = impact.people.as_slice() else { panic!("{impact:?}") };
    assert_eq!((one.user, one.verdict, one.reason), (user.id, Verdict::LockedOut, Reason::Kind));
    let keys: Vec<&str> = impact.changes.iter().map(|change| change.key.as_str()).collect();
    assert!(keys.contains(&"passkeys.profile.own.kinds"), "{keys:?}");

    let said =
        |locks_out| Application { document: BACKED_UP.to_owned(), locks_out, ..Application::default() };
    for wrong in [0, 2] {
        let refused =
            administer_policy::apply(&test.cx, &mut test.operator(), Authority::Operator, said(wrong)).await;
        assert_eq!(refused.unwrap_err(), PolicyError::LocksOut(1));
    }
    assert_eq!(administer_policy::in_force(&test.cx).await.unwrap().number, 0);
    let applied =
        administer_policy::apply(&test.cx, &mut test.operator(), Authority::Operator, said(1)).await;
    assert_eq!(applied.unwrap().impact.locked_out, 1);
    assert_eq!(test.count_events("policy_applied").await, 1);
    assert_eq!(ana.sign_in().await.map(|_| ()).unwrap_err().code(), "policy_kind_device_bound");
}

#[tokio::test]
async fn a_person_confirms_that_very_document() {
    let test = TestContext::sqlite().await;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let application = Application { document: DEVICE_BOUND.to_owned(), ..Application::default() };
    let by = administer_policy::apply;
    let who = admin.who().await;
    let unconfirmed = by(&test.cx, &mut admin.caller(), Authority::Person(&who), application.clone()).await;
    assert_eq!(unconfirmed.unwrap_err(), PolicyError::Unauthorised(Unauthorised::ConfirmNeeded));
    admin.confirm(action(&test, &application).await).await.unwrap();
    let who = admin.who().await;
    for other in [
        Application { document: format!("{DEVICE_BOUND}\n"), ..application.clone() },
        Application { effective: Some(test.now() + Span::from_days(1)), ..application.clone() },
        Application { locks_out: 1, ..application.clone() },
    ] {
        let refused = by(&test.cx, &mut admin.caller(), Authority::Person(&who), other).await;
        assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    }
    by(&test.cx, &mut admin.caller(), Authority::Person(&who), application.clone()).await.unwrap();

    let mut reader = Visitor::new(&test, "reader");
    reader.onboard("reader@example.com", Role::Helpdesk).await;
    let application = Application { base: 1, ..application };
    reader.confirm(action(&test, &application).await).await.unwrap();
    let who = reader.who().await;
    let refused = by(&test.cx, &mut reader.caller(), Authority::Person(&who), application).await;
    assert_eq!(refused.unwrap_err(), PolicyError::Role);
}

#[tokio::test]
async fn who_began_from_an_older_version_loses() {
    let test = TestContext::sqlite().await;
    apply(&test, DEVICE_BOUND).await.unwrap();
    let late = Application { document: String::new(), base: 0, ..Application::default() };
    let refused = administer_policy::apply(&test.cx, &mut test.operator(), Authority::Operator, late).await;
    assert_eq!(refused.unwrap_err(), PolicyError::Conflict { newest: 1 });
}

#[tokio::test]
async fn a_version_is_undone_within_a_day() {
    let test = TestContext::sqlite().await;
    let before = administer_policy::in_force(&test.cx).await.unwrap();
    apply(&test, DEVICE_BOUND).await.unwrap();
    let second = apply(&test, "[passes]\nlength = 20\n").await.unwrap();
    let mut by = test.operator();
    let older = administer_policy::undo(&test.cx, &mut by, Authority::Operator, 1).await;
    assert_eq!(older.unwrap_err(), PolicyError::Conflict { newest: 2 });
    let back = administer_policy::undo(&test.cx, &mut by, Authority::Operator, second.number).await.unwrap();
    assert_eq!(back.number, 1);
    assert_eq!(test.cx.settings().policy_version, 1);
    let again = administer_policy::undo(&test.cx, &mut by, Authority::Operator, 2).await;
    assert_eq!(again.unwrap_err(), PolicyError::TooLate);
    let back = administer_policy::undo(&test.cx, &mut by, Authority::Operator, 1).await.unwrap();
    assert_eq!((back.number, &back.policy), (0, &before.policy));
    assert_eq!(test.cx.settings().policy, before.policy);
    assert_eq!(test.count_events("policy_undone").await, 2);
    // Numbers are not given twice.
    let third = apply(&test, DEVICE_BOUND).await.unwrap();
    assert_eq!(third.number, 3);
    test.advance(Span::from_hours(24));
    let late = administer_policy::undo(&test.cx, &mut test.operator(), Authority::Operator, 3).await;
    assert_eq!(late.unwrap_err(), PolicyError::TooLate);
    let none = administer_policy::undo(&test.cx, &mut test.operator(), Authority::Operator, 9).await;
    assert_eq!(none.unwrap_err(), PolicyError::NotFound);
    let history = administer_policy::history(&test.cx, None, 10).await.unwrap();
    let undone: Vec<(i64, bool)> = history.iter().map(|one| (one.number, one.undone.is_some())).collect();
    assert_eq!(undone, [(3, false), (2, true), (1, true)]);
    assert_eq!(administer_policy::history(&test.cx, Some(2), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn groups_keep_their_place_under_another_name() {
    use service::administer_groups::{self, NewGroup};
    let test = TestContext::sqlite().await;
    let new = NewGroup { name: "Sales".to_owned(), ..NewGroup::default() };
    let group =
        administer_groups::add(&test.cx, &mut test.operator(), Authority::Operator, new).await.unwrap();
    let applied = apply(&test, "[codes]\nfor = [\"sales\"]\n").await.unwrap();
    assert!(applied.document.contains("[codes]\nfor = [\"Sales\"]"), "{}", applied.document);
    assert_eq!(applied.policy.codes.groups().collect::<Vec<_>>(), [group.id]);
    let refused = administer_policy::check(
        &test.cx,
        "[codes]\nfor = [\"Nobody\"]\n",
        None,
        std::sync::Arc::new(|_, _| {}),
    );
    assert_eq!(refused.await.unwrap_err().code(), "document_unknown_group");
}

#[tokio::test]
async fn drafts_are_kept_until_they_are_applied() {
    let test = TestContext::sqlite().await;
    let mut admin = Visitor::new(&test, "admin");
    let id = admin.onboard("admin@example.com", Role::Administrator).await.id;
    assert_eq!(administer_policy::draft(&test.cx, id).await.unwrap(), None);
    administer_policy::save_draft(&test.cx, id, 0, "no policy yet").await.unwrap();
    administer_policy::save_draft(&test.cx, id, 0, DEVICE_BOUND).await.unwrap();
    let draft = administer_policy::draft(&test.cx, id).await.unwrap().unwrap();
    assert_eq!((draft.base, draft.document.as_str()), (0, DEVICE_BOUND));
    let long = "#".repeat(256 * 1024 + 1);
    let refused = administer_policy::save_draft(&test.cx, id, 0, &long).await;
    assert_eq!(refused.unwrap_err().code(), "document_too_long");
    let application = Application { document: draft.document, ..Application::default() };
    admin.confirm(action(&test, &application).await).await.unwrap();
    let who = admin.who().await;
    let authority = Authority::Person(&who);
    administer_policy::apply(&test.cx, &mut admin.caller(), authority, application).await.unwrap();
    assert_eq!(administer_policy::draft(&test.cx, id).await.unwrap(), None);
    administer_policy::save_draft(&test.cx, id, 1, "").await.unwrap();
    administer_policy::discard_draft(&test.cx, id).await.unwrap();
    assert_eq!(administer_policy::draft(&test.cx, id).await.unwrap(), None);
}

#[tokio::test]
async fn comments_and_times_have_bounds() {
    let test = TestContext::sqlite().await;
    let base = Application { document: String::new(), ..Application::default() };
    for (application, code) in [
        (Application { comment: "x".repeat(501), ..base.clone() }, "policy_comment"),
        (Application { comment: "a\u{202e}b".to_owned(), ..base.clone() }, "policy_comment"),
        (
            Application { effective: Some(test.now() + Span::from_days(400)), ..base.clone() },
            "policy_effective",
        ),
        (Application { effective: Some(test.now() - Span::from_days(1)), ..base }, "policy_effective"),
    ] {
        let refused =
            administer_policy::apply(&test.cx, &mut test.operator(), Authority::Operator, application).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
}

#[test]
fn every_refusal_has_its_code() {
    use service::administer_policy::Block;
    let codes = [
        (PolicyError::Conflict { newest: 1 }, "policy_conflict"),
        (PolicyError::LocksOut(1), "policy_locks_out"),
        (PolicyError::Blocked(Block::Actor), "blocked_actor"),
        (PolicyError::Blocked(Block::AllAdministrators), "blocked_administrators"),
        (PolicyError::Blocked(Block::BreakGlass), "blocked_break_glass"),
        (PolicyError::Blocked(Block::NoBreakGlass), "no_break_glass"),
        (PolicyError::Comment, "policy_comment"),
        (PolicyError::Effective, "policy_effective"),
        (PolicyError::NotFound, "not_found"),
        (PolicyError::TooLate, "policy_too_late"),
        (PolicyError::Role, "role_too_low"),
        (PolicyError::Unauthorised(Unauthorised::Scope), "scope_missing"),
        (PolicyError::Store(store::StoreError::Contention), "unknown"),
    ];
    for (error, code) in codes {
        assert_eq!(error.code(), code);
    }
}

/// The document speaks of groups by name; what is confirmed is for whom that holds.
#[tokio::test]
async fn a_group_that_is_renamed_meanwhile_is_confirmed_anew() {
    let test = TestContext::sqlite().await;
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    let by = Authority::Operator;
    let named = |name: &str| NewGroup { name: name.to_owned(), ..NewGroup::default() };
    let staff = administer_groups::add(&test.cx, &mut test.operator(), by, named("Staff")).await.unwrap();
    let other = administer_groups::add(&test.cx, &mut test.operator(), by, named("Other")).await.unwrap();
    let document = "[passwords]\nfor = [\"Staff\"]\n".to_owned();
    let application = Application { document, ..Application::default() };
    admin.confirm(action(&test, &application).await).await.unwrap();
    for (group, name) in [(&staff, "Former staff"), (&other, "Staff")] {
        let changes = GroupChanges { name: Some(name.to_owned()), ..GroupChanges::default() };
        administer_groups::change(&test.cx, &mut test.operator(), by, group.id, changes).await.unwrap();
    }
    let who = admin.who().await;
    let apply = administer_policy::apply;
    let refused = apply(&test.cx, &mut admin.caller(), Authority::Person(&who), application.clone()).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    admin.confirm(action(&test, &application).await).await.unwrap();
    let who = admin.who().await;
    apply(&test.cx, &mut admin.caller(), Authority::Person(&who), application).await.unwrap();
}
