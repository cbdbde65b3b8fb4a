//! authenticatorGetAssertion and authenticatorGetNextAssertion, rule by rule (CTAP 2.3 sections 6.2.2 and 6.3).

use fido::authenticator_data::AuthenticatorData;
use fido::ctap::PinUvAuth;
use fido::ctap::get_assertion::{Request, Response};
use fido::extension::CredentialProtection;
use primitives::digest;
use primitives::time::Span;

use super::world::{self, assert_message, assertion, creation, creation_for, flags, naming};
use super::*;
use crate::Settings;

fn next(phone: &mut Phone) -> Result<Response, Status> {
    phone.outcome(&bare(Command::GetNextAssertion)).map(|cbor| Response::parse(&cbor).unwrap())
}

/// Without verification and without a touch.
fn silent() -> Request {
    Request { user_presence: false, user_verification: false, ..assertion() }
}

#[test]
fn the_signature_is_the_credential_s_and_the_use_is_noted() {
    let mut phone = Phone::new();
    let id = phone.create(&creation());
    phone.now = world::NOW + Span::from_secs(60);
    let response = phone.asserting(&assertion()).unwrap();
    assert_eq!(response.credential_id, id);
    assert_eq!(response.user_handle(), Some(b"user 1".as_slice()));
    assert_eq!(response.user.as_ref().unwrap().names, None);
    assert_eq!((response.number_of_credentials, response.user_selected), (None, false));
    let data = AuthenticatorData::parse(&response.authenticator_data).unwrap();
    assert_eq!(data.rp_id_hash, digest::sha256(b"example.org"));
    assert!(data.flags.user_present() && data.flags.user_verified());
    assert_eq!((data.sign_count, data.extensions), (0, None));
    let kept = phone.ctap2.vault().get(&id).unwrap();
    let message = [response.authenticator_data.as_slice(), &[9; 32]].concat();
    assert_eq!(kept.key.public_key().verify(&message, &response.signature), Ok(()));
    assert_eq!(kept.last_used, Some(phone.now));
    let then = phone.now;
    phone.now = then + Span::from_secs(60);
    phone.asserting(&silent()).unwrap();
    assert_eq!(phone.ctap2.vault().get(&id).unwrap().last_used, Some(then), "nobody was there");

    let mut phone = Phone::of(Settings { signature_counter: true, ..Settings::keyfob() });
    phone.create(&creation());
    let counts = [1, 2].map(|_| {
        let response = phone.asserting(&assertion()).unwrap();
        AuthenticatorData::parse(&response.authenticator_data).unwrap().sign_count
    });
    assert_eq!(counts, [1, 2]);
}

#[test]
fn the_person_chooses_among_accounts_newest_first() {
    let mut phone = Phone::new();
    let ids = ["one", "two", "three"].map(|user| phone.create(&creation_for(user)));
    let Step::Ask(Question::SignIn { rp_id, accounts, verify: true }) =
        phone.send(&assert_message(&assertion()))
    else {
        panic!()
    };
    let names: Vec<_> = accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!((rp_id.as_str(), names), ("example.org", vec!["three", "two", "one"]));
    let Step::Reply(reply) = phone.say(Answer::Approved { verified: true, account: 2 }) else { panic!() };
    let response = Response::parse(&reply[1..]).unwrap();
    assert_eq!(response.credential_id, ids[0]);
    assert_eq!((response.number_of_credentials, response.user_selected), (None, true));
    assert_eq!(next(&mut phone), Err(Status::NotAllowed));

    phone.send(&assert_message(&assertion()));
    let refused = phone.say(Answer::Approved { verified: true, account: 3 });
    assert_eq!(refused, Step::refused(Status::OperationDenied), "there is no fourth");

    // Among named ones any will do; which it was is not worth telling.
    let named = Request { allow: naming(&[&ids[0], &ids[1]]), ..assertion() };
    let response = phone.asserting(&named).unwrap();
    assert_eq!((response.credential_id, response.user_selected), (ids[1].clone(), false));
}

#[test]
fn who_says_no_or_nothing_or_is_not_known_gets_no_signature() {
    let touch = Request { user_verification: false, ..assertion() };
    let rows = [
        (assertion(), Answer::Denied, Status::OperationDenied),
        (assertion(), Answer::TimedOut, Status::UserActionTimeout),
        (assertion(), UNVERIFIED, Status::OperationDenied),
        (touch.clone(), Answer::Denied, Status::OperationDenied),
        (touch.clone(), Answer::TimedOut, Status::OperationDenied),
    ];
    for (request, answer, status) in rows {
        let mut phone = Phone::new();
        let id = phone.create(&creation());
        assert!(matches!(phone.send(&assert_message(&request)), Step::Ask(Question::SignIn { .. })));
        assert_eq!(phone.say(answer), Step::refused(status), "{answer:?}");
        assert_eq!(phone.ctap2.vault().get(&id).unwrap().last_used, None);
    }
    let mut phone = Phone::new();
    phone.create(&creation());
    let response = phone.asserting(&touch).unwrap();
    assert!(flags(&response).user_present() && !flags(&response).user_verified());
}

#[test]
fn parameters_that_do_not_go_together() {
    let auth = |param: &[u8], protocol| Some(PinUvAuth { param: param.to_vec(), protocol });
    let rows = [
        (Request { resident_key: Some(false), ..assertion() }, Status::UnsupportedOption),
        (Request { resident_key: Some(true), ..silent() }, Status::UnsupportedOption),
        (Request { auth: auth(&[1; 16], None), ..assertion() }, Status::MissingParameter),
        (Request { auth: auth(&[1; 16], Some(0)), ..assertion() }, Status::InvalidParameter),
        (Request { auth: auth(&[1; 32], Some(2)), ..assertion() }, Status::PinAuthInvalid),
        (Request { allow: naming(&[b"1".as_slice(); 33]), ..assertion() }, Status::LimitExceeded),
        (Request { rp_id: "example.com".to_owned(), ..silent() }, Status::NoCredentials),
        (
            Request { resident_key: Some(true), auth: auth(&[1], Some(2)), ..assertion() },
            Status::UnsupportedOption,
        ),
    ];
    for (request, status) in rows {
        let mut phone = Phone::new();
        phone.create(&creation());
        assert_eq!(phone.send(&assert_message(&request)), Step::refused(status), "{request:?}");
    }
    let mut phone = Phone::without_verification();
    let both = Request { resident_key: Some(true), ..assertion() };
    assert_eq!(phone.send(&assert_message(&both)), Step::refused(Status::InvalidOption));
    let touch = Request { auth: Some(PinUvAuth::default()), ..both };
    assert_eq!(phone.asserting(&touch), Err(Status::PinNotSet));
}

#[test]
fn that_there_is_nothing_is_told_to_who_is_there_if_anybody_must_be() {
    let asked = Question::Acknowledge {
        rp_id: "example.org".to_owned(),
        status: Status::NoCredentials,
        verify: true,
    };
    let rows = [
        (APPROVED, Status::NoCredentials),
        (UNVERIFIED, Status::OperationDenied),
        (Answer::Denied, Status::OperationDenied),
        (Answer::TimedOut, Status::UserActionTimeout),
    ];
    for (answer, status) in rows {
        let mut phone = Phone::new();
        assert_eq!(phone.send(&assert_message(&assertion())), Step::Ask(asked.clone()));
        assert_eq!(phone.say(answer), Step::refused(status), "{answer:?}");
    }
    let touch = Request { user_verification: false, ..assertion() };
    assert_eq!(Phone::new().send(&assert_message(&touch)), Step::refused(Status::NoCredentials));
    // Whoever scanned a code waits in front of it.
    let mut phone = Phone::over(Transport::Hybrid);
    assert!(matches!(
        phone.send(&assert_message(&touch)),
        Step::Ask(Question::Acknowledge { verify: false, .. })
    ));
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoCredentials));
}

#[test]
fn a_stranger_over_a_code_asks_nothing_silently() {
    let mut phone = Phone::new();
    let id = phone.create(&creation());
    phone.transport = Transport::Hybrid;
    let unseen = Request { user_presence: false, user_verification: false, ..assertion() };
    for request in [unseen.clone(), Request { allow: naming(&[&id]), ..unseen }] {
        assert_eq!(phone.send(&assert_message(&request)), Step::refused(Status::InvalidOption));
    }
}

#[test]
fn protected_credentials_are_found_by_who_may_see_them() {
    use CredentialProtection as Level;
    // Level; found unverified without a name, with a name.
    let rows = [
        (Level::UserVerificationOptional, true, true),
        (Level::UserVerificationOptionalWithCredentialIdList, false, true),
        (Level::UserVerificationRequired, false, false),
    ];
    for (level, unnamed, named) in rows {
        let mut phone = Phone::new();
        let request = fido::ctap::make_credential::Request { cred_protect: Some(level), ..creation() };
        let id = phone.create(&request);
        assert_eq!(phone.asserting(&silent()).is_ok(), unnamed, "{level:?}");
        let naming = Request { allow: naming(&[&id]), ..silent() };
        assert_eq!(phone.asserting(&naming).is_ok(), named, "{level:?}");
        assert!(phone.asserting(&assertion()).is_ok(), "{level:?}");
    }
}

#[test]
fn what_is_not_discoverable_must_be_named() {
    let mut phone = Phone::new();
    let request = fido::ctap::make_credential::Request { resident_key: false, ..creation() };
    let id = phone.create(&request);
    assert_eq!(phone.asserting(&assertion()), Err(Status::NoCredentials));
    let response = phone.asserting(&Request { allow: naming(&[b"x", &id]), ..assertion() }).unwrap();
    assert_eq!(response.user, None);
}

#[test]
fn silent_assertions_come_one_after_the_other() {
    let mut phone = Phone::new();
    let ids = ["one", "two", "three"].map(|user| phone.create(&creation_for(user)));
    let first = phone.asserting(&silent()).unwrap();
    assert_eq!((first.credential_id, first.number_of_credentials), (ids[2].clone(), Some(3)));
    assert_eq!(first.user.unwrap().names, None, "nobody was verified");
    phone.now = phone.now + Span::from_secs(30);
    let second = next(&mut phone).unwrap();
    assert_eq!((&second.credential_id, second.number_of_credentials), (&ids[1], None));
    assert!(!flags(&second).user_present() && !flags(&second).user_verified());
    let key = phone.ctap2.vault().get(&ids[1]).unwrap().key.public_key().clone();
    let message = [second.authenticator_data.as_slice(), &[9; 32]].concat();
    assert_eq!(key.verify(&message, &second.signature), Ok(()));
    phone.now = phone.now + Span::from_secs(30);
    assert_eq!(next(&mut phone).unwrap().credential_id, ids[0]);
    assert_eq!(next(&mut phone), Err(Status::NotAllowed), "there are three");
    assert_eq!(next(&mut phone), Err(Status::NotAllowed));
}

#[test]
fn the_next_assertion_is_forgotten_in_time_and_by_other_commands() {
    let mut phone = Phone::new();
    for user in ["one", "two"] {
        phone.create(&creation_for(user));
    }
    assert_eq!(next(&mut phone), Err(Status::NotAllowed), "nothing came before");
    phone.asserting(&silent()).unwrap();
    phone.now = phone.now + Span::from_micros(30_000_001);
    assert_eq!(next(&mut phone), Err(Status::NotAllowed), "too late");
    phone.asserting(&silent()).unwrap();
    phone.outcome(&bare(Command::GetInfo)).unwrap();
    assert_eq!(next(&mut phone), Err(Status::NotAllowed), "another command");
    phone.asserting(&silent()).unwrap();
    phone.ctap2.power_cycle(phone.now);
    assert_eq!(next(&mut phone), Err(Status::NotAllowed), "no power");
}

#[test]
fn who_always_verifies_does_so_unasked_unless_nobody_is_needed() {
    let mut phone = Phone::new();
    phone.create(&creation());
    phone.always_verify();
    let touch = Request { user_verification: false, ..assertion() };
    let step = phone.send(&assert_message(&touch));
    assert!(matches!(step, Step::Ask(Question::SignIn { verify: true, .. })));
    let Step::Reply(reply) = phone.say(APPROVED) else { panic!() };
    assert!(flags(&Response::parse(&reply[1..]).unwrap()).user_verified());
    assert!(!flags(&phone.asserting(&silent()).unwrap()).user_verified());

    let mut phone = Phone::without_verification();
    phone.always_verify();
    assert_eq!(phone.asserting(&touch), Err(Status::PuatRequired));
}

#[test]
fn built_in_verification_is_presence_too() {
    let mut phone = Phone::new();
    phone.create(&creation());
    let response = phone.asserting(&Request { user_presence: false, ..assertion() }).unwrap();
    assert!(flags(&response).user_present() && flags(&response).user_verified());
}

#[test]
fn a_passkey_that_goes_while_the_person_thinks_is_gone() {
    let mut phone = Phone::new();
    let id = phone.create(&creation());
    phone.send(&assert_message(&assertion()));
    phone.ctap2.vault_mut().remove(&id).unwrap();
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoCredentials));
}
