//! A clock that jumps ahead, and back: what expired stays expired, and what was granted meanwhile does not stay.

use account::role::Role;
use account::session::SKEW;
use account::temporary_pass::{Usability, Wish};
use primitives::secret::SecretText;
use primitives::time::Span;
use service::redeem_pass::RedeemError;
use service::{Authority, CeremonyError, administer_passes, housekeeping, sign_in};
use testkit::clock::START;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const BEN: &str = "ben@example.com";
const TEN_YEARS: Span = Span::from_days(3652);

/// A fresh deployment on each database.
async fn deployments() -> Vec<TestContext> {
    let mut all = vec![TestContext::sqlite().await];
    all.extend(TestContext::postgres().await);
    all
}

/// Sets every clock, even back, and lets the database be asked.
async fn set(test: &TestContext, after_start: Span) {
    test.clock.set(START + after_start);
    test.cx.db.pin_clock(Some(test.now()));
    // As every request does.
    let floored = test.cx.db.now().await.unwrap();
    test.clock.set(test.cx.db.not_before(test.now()));
    assert!(floored <= test.now());
}

fn wrong(number: u64) -> SecretText {
    account::temporary_pass::generate(12, &mut testkit::SeededEntropy::new(7_000_000 + number))
}

#[tokio::test]
async fn nothing_that_expired_comes_back_with_the_clock() {
    for jump in [Span::from_hours(1), TEN_YEARS] {
        for test in deployments().await {
            let mut ana = Visitor::new(&test, "laptop");
            ana.onboard(ANA, Role::User).await;
            let user = test.add_user(BEN, Role::User).await;
            let short = Wish { lifetime: Some(Span::from_minutes(10)), ..Wish::default() };
            let pass = test.issue_with(&user, short).await;
            let begun = ana.begin_sign_in();
            let response = ana.get(&begun.options);

            set(&test, jump).await;
            set(&test, Span::ZERO).await;
            assert!(test.cx.db.clock_behind() >= jump, "the alarm");
            let refused = ana.finish_sign_in(&begun.state, &response).await.unwrap_err();
            assert_eq!(refused, CeremonyError::Expired);
            let mut ben = Visitor::new(&test, "desktop");
            let refused = ben.redeem(BEN, &pass).await.unwrap_err();
            assert!(matches!(refused, RedeemError::Pass(Usability::Expired { .. })), "{refused:?}");
            // What begins now goes on as ever, by the latest time that there was.
            ana.sign_in().await.unwrap();
            assert!(ana.who_is_it().await.is_some());
        }
    }
}

/// The control of the test above: without the floor the same secrets are accepted.
#[tokio::test]
async fn without_the_floor_they_would_come_back() {
    for test in deployments().await {
        let mut ana = Visitor::new(&test, "laptop");
        ana.onboard(ANA, Role::User).await;
        let begun = ana.begin_sign_in();
        let response = ana.get(&begun.options);
        set(&test, TEN_YEARS).await;
        test.cx.db.reset_clock(START);
        test.clock.set(START);
        test.cx.db.pin_clock(Some(START));
        ana.finish_sign_in(&begun.state, &response).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_wrong_clock_granted_is_void_once_the_operator_vouches_for_the_right_one() {
    for test in deployments().await {
        let mut ana = Visitor::new(&test, "laptop");
        ana.onboard(ANA, Role::User).await;
        let user = test.add_user(BEN, Role::User).await;
        set(&test, TEN_YEARS).await;
        ana.sign_in().await.unwrap();
        let begun = ana.begin_sign_in();
        let response = ana.get(&begun.options);
        let pass = test.issue(&user).await;
        let mut eve = Visitor::new(&test, "elsewhere");
        for number in 0..10 {
            eve.redeem("carl@example.com", &wrong(number)).await.unwrap_err();
        }
        let locked = eve.redeem("carl@example.com", &wrong(10)).await.unwrap_err();
        assert!(matches!(locked, RedeemError::TooManyTries { .. }), "{locked:?}");
        housekeeping::sequence_once(&test.cx, [1; 16]).await.unwrap();

        set(&test, Span::ZERO).await;
        let mut operator = test.operator();
        let epoch = housekeeping::accept_clock(&test.cx.db, &mut operator).await.unwrap();
        assert_eq!(epoch, 2);
        test.clock.set(START);
        assert_eq!(test.cx.db.clock_behind(), Span::ZERO);
        assert!(ana.who_is_it().await.is_none(), "a session from the future");
        let refused = ana.finish_sign_in(&begun.state, &response).await.unwrap_err();
        assert_eq!(refused, CeremonyError::Expired, "a ceremony from the future");
        let mut ben = Visitor::new(&test, "desktop");
        let refused = ben.redeem(BEN, &pass).await.unwrap_err();
        assert_eq!(refused, RedeemError::Pass(Usability::Revoked), "a pass from the future");
        let free = eve.redeem("carl@example.com", &wrong(11)).await.unwrap_err();
        assert_eq!(free, RedeemError::Wrong { tries_left: 9 }, "a lockout from the future");
        ana.sign_in().await.unwrap();
        assert_eq!(test.count_events("clock_accepted").await, 1);

        // Another process may go on with the chain, whose lease was taken in the future.
        housekeeping::sequence_once(&test.cx, [2; 16]).await.unwrap();
        let report = test.cx.db.read(|tx| store::audit::verify(tx, &[])).await.unwrap();
        assert_eq!((report.fault, report.pending), (None, 0));
    }
}

#[tokio::test]
async fn a_challenge_of_a_node_that_is_ahead_does_not_live_as_long_as_that() {
    for test in deployments().await {
        let mut ana = Visitor::new(&test, "laptop");
        ana.onboard(ANA, Role::User).await;
        let mut ahead = ana.caller();
        ahead.now = START + Span::from_hours(1);
        let begun = sign_in::begin(&test.cx, &mut ahead);
        let response = ana.get(&begun.options);
        let refused = ana.finish_sign_in(&begun.state, &response).await.unwrap_err();
        assert_eq!(refused, CeremonyError::Expired);
        // Within what clocks may differ it is taken.
        let mut ahead = ana.caller();
        ahead.now = START + SKEW;
        let begun = sign_in::begin(&test.cx, &mut ahead);
        let response = ana.get(&begun.options);
        ana.finish_sign_in(&begun.state, &response).await.unwrap();
    }
}

#[tokio::test]
async fn a_minute_of_difference_costs_nobody_a_session() {
    for test in deployments().await {
        let mut ana = Visitor::new(&test, "laptop");
        ana.onboard(ANA, Role::User).await;
        ana.sign_in().await.unwrap();
        for seconds in [60, -60, 0] {
            test.clock.set(START + Span::from_secs(seconds));
            assert!(ana.who_is_it().await.is_some(), "a node that is {seconds} s off");
        }
        for seconds in [60, 0, 120, 60] {
            set(&test, Span::from_secs(seconds)).await;
            assert!(ana.who_is_it().await.is_some(), "a database at {seconds} s");
        }
    }
}

#[tokio::test]
async fn a_pass_that_was_replaced_stays_so_when_the_clock_goes_back() {
    for test in deployments().await {
        let user = test.add_user(BEN, Role::User).await;
        let first = test.issue(&user).await;
        set(&test, Span::from_hours(1)).await;
        let second = test.issue(&user).await;
        set(&test, Span::ZERO).await;
        let mut ben = Visitor::new(&test, "desktop");
        assert!(ben.redeem(BEN, &first).await.is_err());
        ben.redeem(BEN, &second).await.unwrap();
        administer_passes::revoke(&test.cx, &mut test.operator(), Authority::Operator, user.id)
            .await
            .unwrap();
        assert!(ben.who_is_it().await.is_none());
    }
}
