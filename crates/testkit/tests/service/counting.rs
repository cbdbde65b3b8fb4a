//! What the overview counts: people in steps, sign-ins once each, and only one process at a time.

use account::role::Role;
use account::sign_in_log::Outcome;
use authenticator::Settings;
use primitives::time::Span;
use service::insight::{self, Grain, Walk};
use service::{Authority, administer_users, redeem_pass, registration_details};
use testkit::{TestContext, Visitor};

async fn walked(test: &TestContext) -> insight::Fleet {
    let mut walk = Walk::new(&test.cx, test.now());
    while walk.step(&test.cx).await.unwrap() {}
    walk.keep(&test.cx, Span::from_millis(3)).await.unwrap()
}

async fn people_are_counted(test: TestContext) {
    // Nobody, invited, opened, one passkey, two passkeys, disabled.
    for login in ["one@example.com", "two@example.com"] {
        test.add_user(login, Role::User).await;
    }
    let invited = test.add_user("three@example.com", Role::User).await;
    let pass = test.issue_once(&invited).await;
    Visitor::new(&test, "three").redeem("three@example.com", &pass).await.unwrap();
    Visitor::new(&test, "four").onboard("four@example.com", Role::User).await;
    let mut five = Visitor::new(&test, "five");
    five.onboard("five@example.com", Role::User).await;
    five.add_another(Settings::security_key()).await;
    let gone = test.add_user("six@example.com", Role::User).await;
    let mut operator = test.operator();
    administer_users::disable(&test.cx, &mut operator, Authority::Operator, gone.id).await.unwrap();
    let fleet = walked(&test).await;
    assert_eq!((fleet.people, fleet.disabled, fleet.invited), (6, 1, 5));
    assert_eq!((fleet.opened, fleet.enrolled, fleet.second, fleet.passwordless), (3, 2, 1, 1));
    assert_eq!((fleet.mfa_capable, fleet.passwordless_capable), (2, 2));
    assert_eq!(fleet.survival.values().sum::<u64>(), 5);
    assert_eq!(fleet.models.iter().map(|(_, count)| count).sum::<u64>(), 3);
    assert_eq!(fleet.worked_millis, 3);
    let kept = insight::overview(&test.cx, test.now(), None).await.unwrap();
    assert_eq!(kept.fleet.unwrap().1, fleet);
    // Another counting of the same day takes its place; the next day's stands beside it.
    walked(&test).await;
    test.advance(Span::from_days(1));
    walked(&test).await;
    assert_eq!(insight::overview(&test.cx, test.now(), None).await.unwrap().trend.len(), 2);
    let page = registration_details::page(&test.cx, test.now(), None, 4).await.unwrap();
    let rest =
        registration_details::page(&test.cx, test.now(), page.last().map(|last| last.user.id), 4).await;
    assert_eq!((page.len(), rest.unwrap().len()), (4, 2));
    let one = registration_details::of(&test.cx, test.now(), page[0].user.id).await.unwrap().unwrap();
    assert_eq!(one.readiness, page[0].readiness, "alone and in a page it is the same");
}

#[tokio::test]
async fn on_sqlite_people_are_counted_by_where_they_stand() {
    people_are_counted(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_people_are_counted_by_where_they_stand() {
    if let Some(test) = TestContext::postgres().await {
        people_are_counted(test).await;
    }
}

async fn sign_ins_are_counted_once(test: TestContext) {
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let mut caller = test.caller("elsewhere");
    redeem_pass::redeem(&test.cx, &mut caller, "ana@example.com", "AAAA-AAAA-AAAA").await.unwrap_err();
    assert!(!insight::count_sign_ins(&test.cx).await.unwrap(), "what has no number is not counted yet");
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
    let other = test.another_node().await;
    let (one, another) = tokio::join!(insight::count_sign_ins(&test.cx), insight::count_sign_ins(&other.cx));
    assert_eq!((one.unwrap(), another.unwrap()), (false, false));
    insight::count_sign_ins(&test.cx).await.unwrap();
    for (grain, buckets) in [(Grain::Hours, 25), (Grain::Days, 2)] {
        let found =
            insight::sign_ins(&test.cx, test.now() - Span::from_days(1), test.now(), grain).await.unwrap();
        assert_eq!(found.len(), buckets);
        let sum = |outcome| found.iter().map(|bucket| bucket.of(outcome)).sum::<u64>();
        assert_eq!((sum(Outcome::Success), sum(Outcome::Failure)), (2, 1), "{found:?}");
    }
}

#[tokio::test]
async fn on_sqlite_two_processes_count_a_sign_in_once() {
    sign_ins_are_counted_once(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_two_processes_count_a_sign_in_once() {
    if let Some(test) = TestContext::postgres().await {
        sign_ins_are_counted_once(test).await;
    }
}

#[tokio::test]
async fn one_process_counts_people_at_a_time_and_not_too_often() {
    let test = TestContext::sqlite().await;
    let (every, lease) = (Span::from_minutes(1), Span::from_minutes(30));
    let may = || insight::may_walk(&test.cx, every, lease);
    assert!(may().await.unwrap());
    assert!(!may().await.unwrap(), "somebody counts");
    walked(&test).await;
    insight::walked(&test.cx).await.unwrap();
    assert!(!may().await.unwrap(), "just counted");
    test.advance(Span::from_minutes(2));
    assert!(may().await.unwrap());
    // Whoever died while counting does not keep the others from it for ever.
    test.advance(Span::from_minutes(31));
    assert!(may().await.unwrap());
}
