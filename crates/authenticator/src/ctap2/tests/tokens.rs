//! What a token does for making and using credentials (CTAP 2.3 sections 6.1.2 step 11 and 6.2.2 step 6).

use fido::authenticator_data::AuthenticatorData;
use fido::ctap::get_assertion;
use fido::ctap::make_credential::{Request, Response};
use primitives::time::Span;

use super::world::{assert_message, assertion, creation, creation_for, flags, message};
use super::*;
use crate::platform::HeldToken;
use crate::token::Permissions;

const BOTH: Permissions = Permissions::DEFAULT;

fn creating(token: &HeldToken) -> Request {
    Request { auth: Some(token.auth(&[7; 32])), user_verification: false, ..creation() }
}

fn asserting(token: &HeldToken) -> get_assertion::Request {
    get_assertion::Request { auth: Some(token.auth(&[9; 32])), user_verification: false, ..assertion() }
}

#[test]
fn a_token_by_pin_verifies_and_a_touch_is_asked_for() {
    let mut phone = Phone::new();
    phone.set_pin("1234");
    let token = phone.token_by_pin("1234", BOTH, Some("example.org"));
    let Step::Ask(Question::Register { verify: false, .. }) = phone.send(&message(&creating(&token))) else {
        panic!()
    };
    let Step::Reply(reply) = phone.say(UNVERIFIED) else { panic!() };
    let response = Response::parse(&reply[1..]).unwrap();
    let made = AuthenticatorData::parse(response.object.authenticator_data).unwrap().flags;
    assert!(made.user_present() && made.user_verified());
    // The touch has used it up.
    assert_eq!(phone.asserting(&asserting(&token)), Err(Status::PinAuthInvalid));

    let token = phone.token_by_pin("1234", BOTH, Some("example.org"));
    let response = phone.asserting(&asserting(&token)).unwrap();
    assert!(flags(&response).user_present() && flags(&response).user_verified());
    assert_eq!(phone.asserting(&asserting(&token)), Err(Status::PinAuthInvalid));
}

#[test]
fn a_first_pin_is_the_persons_wish() {
    let refused = [
        (Answer::Denied, Status::OperationDenied),
        (Answer::TimedOut, Status::UserActionTimeout),
        (UNVERIFIED, Status::UvInvalid),
    ];
    for (answer, status) in refused {
        let mut phone = Phone::new();
        let message = phone.setting_pin("1234");
        assert_eq!(phone.send(&message), Step::Ask(Question::SetPin));
        assert_eq!(phone.say(answer), Step::refused(status));
        assert_eq!(phone.ctap2.vault().state().pin, None, "{answer:?}");
    }
    // Who cannot be known otherwise brings a PIN unasked, as the specification has it.
    let mut phone = Phone::without_verification();
    let message = phone.setting_pin("1234");
    assert_eq!(phone.send(&message), Step::Reply(vec![0]));
    // Nonsense asks nobody.
    let message = Phone::new().setting_pin("12");
    assert_eq!(Phone::new().send(&message), Step::refused(Status::PinAuthInvalid));
}

#[test]
fn no_passkey_is_replaced_unasked() {
    let mut phone = Phone::new();
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    assert!(matches!(phone.send(&message(&creating(&token))), Step::Reply(reply) if reply[0] == 0));
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    let step = phone.send(&message(&creating(&token)));
    assert!(matches!(step, Step::Ask(Question::Register { replaces: true, verify: false, .. })), "{step:?}");
}

#[test]
fn a_token_by_verification_is_a_touch_for_some_seconds() {
    let mut phone = Phone::new();
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    assert!(matches!(phone.send(&message(&creating(&token))), Step::Reply(reply) if reply[0] == 0));
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    phone.now = phone.now + Span::from_millis(19_801);
    assert!(matches!(
        phone.send(&assert_message(&asserting(&token))),
        Step::Ask(Question::SignIn { verify: false, .. })
    ));
    phone.ctap2.cancel();

    // Several accounts are shown whatever the token says.
    phone.create(&creation_for("two"));
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    let Step::Ask(Question::SignIn { accounts, .. }) = phone.send(&assert_message(&asserting(&token))) else {
        panic!()
    };
    assert_eq!(accounts.len(), 2);
}

#[test]
fn a_token_for_something_else_is_none() {
    let rows = [
        (Permissions::GET_ASSERTION, Some("example.org"), true),
        (Permissions::MAKE_CREDENTIAL, Some("example.org"), false),
        (BOTH, Some("example.com"), true),
        (BOTH, Some("example.com"), false),
    ];
    for (permissions, rp_id, creates) in rows {
        let mut phone = Phone::new();
        phone.create(&creation());
        let token = phone.token_by_verification(permissions, rp_id);
        let refused = if creates {
            phone.creating(&creating(&token)).err()
        } else {
            phone.asserting(&asserting(&token)).err()
        };
        assert_eq!(refused, Some(Status::PinAuthInvalid), "{permissions:?} {rp_id:?}");
    }
    // One of CTAP 2.0 names no site and belongs to the first that it is used for.
    let mut phone = Phone::new();
    phone.create(&creation());
    phone.set_pin("1234");
    let token = phone.old_token("1234");
    let silent = get_assertion::Request { user_presence: false, ..asserting(&token) };
    assert!(flags(&phone.asserting(&silent).unwrap()).user_verified());
    let elsewhere = get_assertion::Request { rp_id: "example.com".to_owned(), ..silent };
    assert_eq!(phone.asserting(&elsewhere), Err(Status::PinAuthInvalid));
}

#[test]
fn a_wrong_proof_is_told_before_the_person_is_asked() {
    let mut phone = Phone::new();
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    let request = Request { client_data_hash: [8; 32], ..creating(&token) };
    assert_eq!(phone.send(&message(&request)), Step::refused(Status::PinAuthInvalid));
    phone.ctap2.power_cycle(phone.now);
    assert_eq!(phone.send(&message(&creating(&token))), Step::refused(Status::PinAuthInvalid));
}

#[test]
fn a_verified_list_goes_with_names_and_the_touch_is_not_needed_for_an_exclusion() {
    let mut phone = Phone::new();
    for user in ["one", "two"] {
        phone.create(&creation_for(user));
    }
    let token = phone.token_by_verification(BOTH, Some("example.org"));
    let silent = get_assertion::Request { user_presence: false, ..asserting(&token) };
    let first = phone.asserting(&silent).unwrap();
    assert_eq!(first.number_of_credentials, Some(2));
    assert_eq!(first.user.unwrap().names, Some(("two".to_owned(), "Ada".to_owned())));
    let cbor = phone.outcome(&bare(Command::GetNextAssertion)).unwrap();
    let second = get_assertion::Response::parse(&cbor).unwrap();
    assert_eq!(second.user.unwrap().names, Some(("one".to_owned(), "Ada".to_owned())));

    let exclude = super::world::naming(&[&first.credential_id]);
    let request = Request { exclude, ..creating(&token) };
    assert_eq!(phone.send(&message(&request)), Step::refused(Status::CredentialExcluded));
}

#[test]
fn verification_for_a_token_is_asked_of_who_has_it() {
    let mut phone = Phone::without_verification();
    let session = phone.session(crate::pin_protocol::Protocol::Two);
    let request = session.token_by_verification(BOTH, None);
    let message = [&[Command::ClientPin.byte()], request.encode().as_slice()].concat();
    assert_eq!(phone.send(&message), Step::refused(Status::InvalidSubcommand));

    let mut phone = Phone::new();
    let session = phone.session(crate::pin_protocol::Protocol::Two);
    let request = session.token_by_verification(BOTH, Some("example.org"));
    let message = [&[Command::ClientPin.byte()], request.encode().as_slice()].concat();
    let asked = Question::Verify { rp_id: Some("example.org".to_owned()), permissions: BOTH };
    let rows = [(Answer::Denied, 0x27), (Answer::TimedOut, 0x2f), (UNVERIFIED, 0x3f)];
    for (answer, status) in rows {
        assert_eq!(phone.send(&message), Step::Ask(asked.clone()));
        assert_eq!(phone.say(answer), Step::Reply(vec![status]));
    }
}
