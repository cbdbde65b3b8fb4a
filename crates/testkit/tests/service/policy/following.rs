//! Every node follows; what is to hold later holds later; past sign-ins are judged.

use account::role::Role;
use authenticator::Settings;
use primitives::time::Span;
use service::administer_policy::{self, Application};
use service::{Authority, housekeeping, policy_in_force};
use store::users;
use testkit::{TestContext, Visitor};

use crate::{BACKED_UP, DEVICE_BOUND, apply, check};

async fn apply_later(test: &TestContext, document: &str, after: Span) -> i64 {
    let application = Application {
        document: document.to_owned(),
        base: crate::newest(&test.cx).await,
        effective: Some(test.now() + after),
        locks_out: check(test, document).await.summary.locked_out,
        ..Application::default()
    };
    let mut by = test.operator();
    let applied = administer_policy::apply(&test.cx, &mut by, Authority::Operator, application).await;
    applied.unwrap().number
}

#[tokio::test]
async fn another_node_follows() {
    let test = TestContext::sqlite().await;
    let other = test.another_node().await;
    apply(&test, DEVICE_BOUND).await.unwrap();
    assert_eq!(other.cx.settings().policy_version, 0);
    assert!(policy_in_force::refresh(&other.cx).await.unwrap());
    assert_eq!(other.cx.settings().policy, test.cx.settings().policy);
    assert!(!policy_in_force::refresh(&other.cx).await.unwrap());
    administer_policy::undo(&other.cx, &mut other.operator(), Authority::Operator, 1).await.unwrap();
    policy_in_force::refresh(&test.cx).await.unwrap();
    assert_eq!(test.cx.settings().policy_version, 0);
}

#[tokio::test]
async fn what_is_to_hold_later_only_reports_until_then() {
    let test = TestContext::sqlite().await;
    let number = apply_later(&test, DEVICE_BOUND, Span::from_days(14)).await;
    assert_eq!(administer_policy::in_force(&test.cx).await.unwrap().number, 0);
    test.advance(Span::from_days(13));
    assert!(!policy_in_force::refresh(&test.cx).await.unwrap());
    test.advance(Span::from_days(1));
    assert!(policy_in_force::refresh(&test.cx).await.unwrap());
    assert_eq!(test.cx.settings().policy_version, number);
    // From then on it can be undone for a day.
    test.advance(Span::from_hours(23));
    administer_policy::undo(&test.cx, &mut test.operator(), Authority::Operator, number).await.unwrap();
}

#[tokio::test]
async fn a_version_that_waits_can_be_withdrawn() {
    let test = TestContext::sqlite().await;
    let number = apply_later(&test, DEVICE_BOUND, Span::from_days(14)).await;
    administer_policy::undo(&test.cx, &mut test.operator(), Authority::Operator, number).await.unwrap();
    test.advance(Span::from_days(15));
    assert!(!policy_in_force::refresh(&test.cx).await.unwrap());
}

#[tokio::test]
async fn what_would_lock_out_all_administrators_by_then_does_not_come_into_force() {
    let test = TestContext::sqlite().await;
    let number = apply_later(&test, BACKED_UP, Span::from_days(14)).await;
    let mut admin = Visitor::new(&test, "admin").with(Settings::security_key());
    admin.onboard("admin@example.com", Role::Administrator).await;
    test.advance(Span::from_days(14));
    policy_in_force::refresh(&test.cx).await.unwrap();
    assert_eq!(test.cx.settings().policy_version, 0);
    admin.sign_in().await.unwrap();
    let undone = administer_policy::version(&test.cx, number).await.unwrap();
    assert!(undone.undone.is_some());
    assert_eq!(test.count_events("policy_undone").await, 1);
}

#[tokio::test]
async fn past_sign_ins_are_judged_by_what_they_used() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "ana").with(Settings::security_key());
    ana.onboard("ana@example.com", Role::User).await;
    let mut bob = Visitor::new(&test, "bob");
    bob.onboard("bob@example.com", Role::User).await;
    ana.sign_in().await.unwrap();
    test.advance(Span::from_days(29));
    ana.sign_in().await.unwrap();
    bob.sign_in().await.unwrap();
    housekeeping::sequence_once(&test.cx, [1; 16]).await.unwrap();
    let nothing = check(&test, "").await.replay;
    assert_eq!((nothing.refused, nothing.asked_again, nothing.more), (0, 0, false));
    let off = check(&test, "[passkeys]\nfor = \"nobody\"\n").await.replay;
    assert_eq!((off.sign_ins, off.refused), (nothing.sign_ins, nothing.sign_ins));
    test.advance(Span::from_days(2));
    let fewer = check(&test, BACKED_UP).await.replay;
    assert!(fewer.sign_ins >= 2 && fewer.sign_ins < nothing.sign_ins, "{fewer:?} {nothing:?}");
    assert!(fewer.refused >= 1 && fewer.refused <= fewer.sign_ins, "{fewer:?}");
    let hardware = check(&test, "[require]\nportal = \"phishing-resistant-hardware\"\n").await.replay;
    assert_eq!((hardware.refused, hardware.asked_again), (0, fewer.sign_ins));
}

#[tokio::test]
async fn nobody_disabled_or_deleted_is_counted() {
    let test = TestContext::sqlite().await;
    let user = test.add_user("ana@example.com", Role::User).await;
    assert_eq!(check(&test, "").await.summary.never, 1);
    let deleted = account::user::User { deleted: Some(test.now()), ..user };
    assert!(test.cx.db.write(move |tx| users::update(tx, &deleted)).await.unwrap());
    assert_eq!(check(&test, "").await.summary.never, 0);
}

#[tokio::test]
async fn progress_ends_with_everybody() {
    use std::sync::{Arc, Mutex};
    let test = TestContext::sqlite().await;
    for login in ["a", "b", "c"] {
        test.add_user(login, Role::User).await;
    }
    let heard = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&heard);
    let progress: administer_policy::Progress =
        Arc::new(move |done, total| told.lock().unwrap().push((done, total)));
    administer_policy::check(&test.cx, "", None, progress).await.unwrap();
    assert_eq!(*heard.lock().unwrap(), [(3, 3)]);
}
