//! One test a rule of sessions.

use super::*;
use crate::samples::{NOW, id, pass, passkey, user};
use crate::user::UserStatus;

fn opening(now: Timestamp) -> Opening {
    Opening { id: id(50), deployment_epoch: 1, browser: [4; 32], client: ClientLabel::default(), now }
}

fn full() -> Session {
    let evidence = Evidence::from_assertion(&passkey(2), true, NOW);
    Session::open(&user(), evidence, &SessionPolicy::default(), opening(NOW))
}

#[test]
fn it_ends_when_unused_and_it_ends_whatever_happens() {
    let policy = SessionPolicy::default();
    let mut session = full();
    assert!(session.is_live(NOW + policy.idle - Span::from_micros(1), &policy));
    assert!(!session.is_live(NOW + policy.idle, &policy));
    session.last_seen = NOW + policy.absolute - Span::from_secs(1);
    assert!(session.is_live(NOW + policy.absolute - Span::from_micros(1), &policy));
    assert!(!session.is_live(NOW + policy.absolute, &policy));
}

#[test]
fn an_onboarding_session_ends_when_it_was_told_to() {
    let ends = NOW + Span::from_minutes(10);
    let session =
        Session::open_onboarding(&user(), Evidence::from_pass(&pass(), NOW), id(40), ends, opening(NOW));
    assert!(session.is_onboarding());
    assert_eq!(session.pass(), Some(id(40)));
    assert!(!session.is_live(ends, &SessionPolicy::default()));
}

#[test]
fn the_account_and_the_deployment_stand_behind_it() {
    let session = full();
    assert!(session.stands_with(&user(), 1));
    assert!(!session.stands_with(&user(), 2), "a restore was accepted");
    let mut other = user();
    other.security_epoch += 1;
    assert!(!session.stands_with(&other, 1), "everything granted before has ended");
    let mut other = user();
    other.status = UserStatus::Disabled;
    assert!(!session.stands_with(&other, 1));
    let mut other = user();
    other.id = id(99);
    assert!(!session.stands_with(&other, 1));
}

#[test]
fn it_is_fresh_for_five_minutes() {
    assert!(full().is_fresh(NOW + FRESHNESS - Span::from_micros(1)));
    assert!(!full().is_fresh(NOW + FRESHNESS));
}

#[test]
fn a_confirmation_is_for_one_action_and_five_minutes() {
    let mut session = full();
    assert!(!session.has_confirmed(&[1; 32], NOW));
    session.confirmed = Some(Confirmation { digest: [1; 32], at: NOW });
    assert!(session.has_confirmed(&[1; 32], NOW));
    assert!(!session.has_confirmed(&[2; 32], NOW));
    assert!(!session.has_confirmed(&[1; 32], NOW + FRESHNESS));
}

#[test]
fn being_seen_is_written_once_a_minute() {
    assert!(!full().wants_touch(NOW + Span::from_secs(59)));
    assert!(full().wants_touch(NOW + Span::from_secs(60)));
}

#[test]
fn what_comes_from_the_future_is_worth_nothing() {
    let policy = SessionPolicy::default();
    let session = full();
    assert!(session.is_live(NOW - SKEW, &policy) && session.is_fresh(NOW - SKEW));
    let before = NOW - SKEW - Span::from_micros(1);
    assert!(!session.is_live(before, &policy));
    assert!(!session.is_fresh(before));
    let mut touched = full();
    touched.last_seen = NOW + Span::from_days(3652);
    assert!(!touched.is_live(NOW, &policy));
    let mut confirmed = full();
    confirmed.confirmed = Some(Confirmation { digest: [1; 32], at: NOW });
    assert!(confirmed.has_confirmed(&[1; 32], NOW - SKEW));
    assert!(!confirmed.has_confirmed(&[1; 32], before));
}
