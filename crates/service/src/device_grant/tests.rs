use super::find::neighbours;
use super::*;
use crate::granted::Ended;

#[test]
fn every_refusal_has_its_code() {
    let until = Timestamp::EPOCH;
    for (error, code) in [
        (DeviceError::NotAllowed, "device_grant_not_allowed"),
        (DeviceError::Resource, "resource_not_allowed"),
        (DeviceError::AssertionUsed, "client_assertion_used"),
        (DeviceError::TooMany, "too_many_devices"),
        (DeviceError::Malformed, "device_code_malformed"),
        (DeviceError::Unknown, "device_code_unknown"),
        (DeviceError::TooManyTries { until }, "too_many_tries"),
        (DeviceError::SessionEnded, "session_ended"),
        (DeviceError::ConfirmNeeded, "confirm_needed"),
        (DeviceError::TooWeak, "stronger_evidence_needed"),
        (DeviceError::NotAssigned, "not_assigned"),
        (DeviceError::Store(StoreError::Panicked), "unknown"),
    ] {
        assert_eq!(error.code(), code);
    }
}

#[test]
fn every_answer_to_a_device_has_its_code_and_its_name_in_the_protocol() {
    let pause = Span::from_secs(10);
    for (error, code, name) in [
        (PollError::Unknown, "device_code_invalid", "invalid_grant"),
        (PollError::Pending, "device_pending", "authorization_pending"),
        (PollError::SlowDown { pause }, "device_too_early", "slow_down"),
        (PollError::Denied, "device_declined", "access_denied"),
        (PollError::Expired, "device_code_expired", "expired_token"),
        (PollError::Token(TokenError::Ended(Ended::SessionEnded)), "session_ended", "invalid_grant"),
    ] {
        assert_eq!((error.code(), error.error().name()), (code, name));
    }
}

#[test]
fn a_network_is_one_address_or_one_prefix() {
    assert!(neighbours("203.0.113.7", "203.0.113.7"));
    assert!(!neighbours("203.0.113.7", "203.0.113.8"), "two customers of one provider");
    assert!(neighbours("192.168.1.7", "192.168.1.200"));
    assert!(!neighbours("192.168.1.7", "192.168.2.7"));
    assert!(neighbours("2001:db8:1:2::7", "2001:db8:1:2:ffff::1"));
    assert!(!neighbours("2001:db8:1:2::7", "2001:db8:1:3::7"));
    assert!(!neighbours("", ""));
    assert!(!neighbours("203.0.113.7", "2001:db8::1"));
}

#[test]
fn one_code_is_confirmed_and_no_other() {
    assert_eq!(target("WDJB-MJHT"), target("WDJB-MJHT"));
    assert_ne!(target("WDJB-MJHT"), target("WDJB-MJHS"));
}
