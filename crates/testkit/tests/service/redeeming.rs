//! Redeeming a temporary access pass.

use account::role::Role;
use account::strength::Strength;
use account::temporary_pass::{PassPolicy, Slip, Usability, Wish, grouped};
use primitives::secret::SecretText;
use primitives::time::Span;
use service::redeem_pass::RedeemError;
use service::{Authority, administer_passes, administer_users, sign_out};
use testkit::deployment::Variation;
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

/// Another value that a pass could have.
fn wrong(number: u64) -> SecretText {
    account::temporary_pass::generate(12, &mut testkit::SeededEntropy::new(1_000_000 + number))
}

#[tokio::test]
async fn a_pass_opens_an_onboarding_session_that_proves_little() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    let signed_in = ana.redeem(" ANA@Example.com", &grouped(&pass)).await.unwrap();
    assert!(signed_in.session.is_onboarding());
    assert_eq!(signed_in.session.ends, test.now() + Span::from_minutes(10));
    assert_eq!(signed_in.session.evidence.strength(), Some(Strength::Multifactor));
    test.advance(Span::from_minutes(10));
    assert!(ana.who_is_it().await.is_none());
}

#[tokio::test]
async fn a_slip_and_nonsense_cost_no_try() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    let mut slipped = pass.reveal().to_owned();
    slipped.replace_range(0..1, if slipped.starts_with('A') { "B" } else { "A" });
    for _ in 0..30 {
        let error = ana.redeem(ANA, &SecretText::new(slipped.clone())).await.unwrap_err();
        assert_eq!(error, RedeemError::Slip(Slip::CheckCharacter));
    }
    assert_eq!(ana.redeem("", &pass).await.unwrap_err().code(), "login_empty");
    assert_eq!(ana.redeem(ANA, &wrong(1)).await.unwrap_err(), RedeemError::Wrong { tries_left: 9 });
}

#[tokio::test]
async fn ten_wrong_tries_end_a_pass_whatever_the_spelling() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    for number in 0..10 {
        let spelling = if number % 2 == 0 { "ANA@example.com" } else { " ana@EXAMPLE.com " };
        let error = ana.redeem(spelling, &wrong(u64::from(number))).await.unwrap_err();
        assert_eq!(error, RedeemError::Wrong { tries_left: 9 - number });
    }
    let until = test.now() + Span::from_minutes(15);
    assert_eq!(ana.redeem(ANA, &pass).await.unwrap_err(), RedeemError::TooManyTries { until });
    assert_eq!(test.count_events("pass_locked").await, 1);
    test.advance(Span::from_minutes(15));
    assert_eq!(ana.redeem(ANA, &pass).await.unwrap_err(), RedeemError::Pass(Usability::Locked));
    assert_eq!(ana.redeem(ANA, &wrong(99)).await.unwrap_err().code(), "pass_wrong", "only the value is told");
    let fresh = test.issue(&user).await;
    ana.redeem(ANA, &fresh).await.unwrap();
}

#[tokio::test]
async fn an_unknown_name_looks_the_same_to_who_guesses() {
    let test = TestContext::sqlite().await;
    let known = test.add_user(ANA, Role::User).await;
    test.issue(&known).await;
    test.add_user("no-pass@example.com", Role::User).await;
    let mut guesser = Visitor::new(&test, "guesser");
    let mut answers = Vec::new();
    for name in [ANA, "no-pass@example.com", "nobody@example.com"] {
        let mut heard = Vec::new();
        for number in 0..12 {
            heard.push(guesser.redeem(name, &wrong(number)).await.unwrap_err());
        }
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0].last().unwrap().code(), "too_many_tries");
}

#[tokio::test]
async fn the_right_value_gives_the_tries_back() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    for round in 0..3 {
        for number in 0..9 {
            assert_eq!(ana.redeem(ANA, &wrong(100 * round + number)).await.unwrap_err().code(), "pass_wrong");
        }
        ana.redeem(ANA, &pass).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_pass_is_told_to_who_has_its_value() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let mut ana = Visitor::new(&test, "laptop");

    let from = test.now() + Span::from_hours(1);
    let early = test.issue_with(&user, Wish { starts: Some(from), ..Wish::default() }).await;
    let error = ana.redeem(ANA, &early).await.unwrap_err();
    assert_eq!(error, RedeemError::Pass(Usability::NotYetValid { from }));
    assert_eq!(ana.redeem(ANA, &wrong(1)).await.unwrap_err().code(), "pass_wrong");
    test.advance(Span::from_hours(1));
    ana.redeem(ANA, &early).await.unwrap();

    test.advance(Span::from_minutes(60));
    let error = ana.redeem(ANA, &early).await.unwrap_err();
    assert_eq!(error, RedeemError::Pass(Usability::Expired { at: test.now() }));

    let revoked = test.issue(&user).await;
    administer_passes::revoke(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    assert_eq!(ana.redeem(ANA, &revoked).await.unwrap_err(), RedeemError::Pass(Usability::Revoked));

    let replaced = test.issue(&user).await;
    let newer = test.issue(&user).await;
    assert_eq!(ana.redeem(ANA, &replaced).await.unwrap_err().code(), "pass_wrong");
    ana.redeem(ANA, &newer).await.unwrap();

    administer_users::disable(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    assert_eq!(ana.redeem(ANA, &newer).await.unwrap_err(), RedeemError::DisabledUser);
}

#[tokio::test]
async fn policy_blocks_what_it_no_longer_accepts() {
    let passes = PassPolicy { one_time_only: true, ..PassPolicy::default() };
    let test = TestContext::sqlite_with(Variation { passes, ..Variation::default() }).await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let issued = administer_passes::current(&test.cx, user.id).await.unwrap().unwrap();
    assert!(issued.one_time, "every pass is one-time under this policy");
    Visitor::new(&test, "laptop").redeem(ANA, &pass).await.unwrap();
}

#[tokio::test]
async fn a_one_time_pass_is_taken_up_again_only_in_the_same_browser() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    let first = ana.redeem(ANA, &pass).await.unwrap();
    let at = test.now();
    test.advance(Span::from_minutes(4));
    let stranger = Visitor::new(&test, "another browser").redeem(ANA, &pass).await.unwrap_err();
    assert_eq!(stranger, RedeemError::Pass(Usability::Used { at }));

    let again = ana.redeem(ANA, &pass).await.unwrap();
    assert_ne!(again.session.id, first.session.id);
    assert_eq!(again.session.ends, first.session.ends, "resuming does not prolong it");
    ana.token = Some(first.token);
    assert!(ana.who_is_it().await.is_none(), "the session that it takes the place of has ended");
    ana.token = Some(again.token);
    assert_eq!(ana.who().await.session.id, again.session.id);

    test.advance(Span::from_minutes(6));
    assert_eq!(ana.redeem(ANA, &pass).await.unwrap_err(), RedeemError::Pass(Usability::Used { at }));
}

#[tokio::test]
async fn signing_out_of_onboarding_spends_a_one_time_pass() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(ana.redeem(ANA, &pass).await.unwrap_err().code(), "pass_used");
    assert_eq!(test.count_events("pass_spent").await, 1);
}

#[tokio::test]
async fn a_multi_use_pass_opens_many_sessions_and_revoking_it_ends_them() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let (mut laptop, mut phone) = (Visitor::new(&test, "laptop"), Visitor::new(&test, "phone"));
    let ends = laptop.redeem(ANA, &pass).await.unwrap().session.ends;
    assert_eq!(ends, test.now() + Span::from_minutes(60), "it ends with its pass");
    phone.redeem(ANA, &pass).await.unwrap();
    assert!(laptop.who_is_it().await.is_some() && phone.who_is_it().await.is_some());
    administer_passes::revoke(&test.cx, &mut test.operator(), Authority::Operator, user.id).await.unwrap();
    assert!(laptop.who_is_it().await.is_none() && phone.who_is_it().await.is_none());
}

#[tokio::test]
async fn a_replaced_pass_ends_its_session() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue_once(&user).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.redeem(ANA, &pass).await.unwrap();
    test.issue(&user).await;
    assert!(ana.who_is_it().await.is_none());
    assert_eq!(test.count_events("pass_revoked").await, 1);
}

#[tokio::test]
async fn when_too_many_are_waiting_no_try_is_counted() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let mut places = Vec::new();
    while let Ok(place) = test.cx.hashing.admit() {
        places.push(place);
    }
    let mut ana = Visitor::new(&test, "laptop");
    for _ in 0..20 {
        assert_eq!(ana.redeem(ANA, &wrong(1)).await.unwrap_err(), RedeemError::Busy);
    }
    drop(places);
    ana.redeem(ANA, &pass).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_was_set_back_revives_no_pass() {
    let test = TestContext::sqlite().await;
    let user = test.add_user(ANA, Role::User).await;
    let pass = test.issue(&user).await;
    let then = test.now();
    test.advance(Span::from_hours(1));
    // Nothing swept, nothing ran: it is expired because it is.
    let ana = Visitor::new(&test, "laptop");
    for back in [then, then - Span::from_hours(1)] {
        let mut caller = service::Caller { now: back, ..ana.caller() };
        let refused = service::redeem_pass::redeem(&test.cx, &mut caller, ANA, pass.reveal()).await;
        let at = then + Span::from_hours(1);
        assert_eq!(refused.unwrap_err(), RedeemError::Pass(Usability::Expired { at }));
    }
}
