//! What somebody sends who means no good, or what goes wrong at a bad time.

use fido::CredentialDescriptor;
use fido::ctap::client_pin;
use fido::ctap::credential_management::{self as management, Subcommand};
use fido::ctap::{config, get_assertion, make_credential};
use fido::options::UserEntity;
use primitives::cbor::{Key, Value};
use primitives::cose::Algorithm;
use primitives::entropy::SystemEntropy;
use primitives::time::Span;

use super::super::*;
use super::bare;
use super::world::{APPROVED, Phone, assert_message, assertion, creation, creation_for, message, naming};
use crate::pin_protocol::Protocol;
use crate::platform::{HeldToken, large_blob_array};
use crate::{DeviceState, Settings, vault};

const SITE: Option<&str> = Some("example.org");

fn to(command: Command, parameters: &[u8]) -> Vec<u8> {
    [&[command.byte()], parameters].concat()
}

fn silent() -> get_assertion::Request {
    get_assertion::Request { user_presence: false, user_verification: false, ..assertion() }
}

fn manage(token: &HeldToken, what: Subcommand, about: Option<management::Parameters>) -> Vec<u8> {
    to(Command::CredentialManagement, &token.manage(management::Request::of(what, about)).encode())
}

#[test]
fn a_list_longer_than_any_is_one_that_is_too_long() {
    let mut phone = Phone::new();
    let nobody = vec![CredentialDescriptor::new(Vec::new(), Vec::new()); 257];
    let request = make_credential::Request { exclude: nobody.clone(), ..creation() };
    assert_eq!(phone.send(&message(&request)), Step::refused(Status::LimitExceeded));
    let request = get_assertion::Request { allow: nobody, ..assertion() };
    assert_eq!(phone.send(&assert_message(&request)), Step::refused(Status::LimitExceeded));
}

#[test]
fn names_are_kept_as_long_as_a_message_can_tell_them() {
    let mut phone = Phone::of(Settings { algorithms: vec![Algorithm::MlDsa44], ..Settings::keyfob() });
    let mut request = make_credential::Request { algorithms: vec![-48], ..creation() };
    request.rp.name = "ä".repeat(1000);
    request.user.name = format!("a{}", "ä".repeat(1000));
    request.user.display_name = "€".repeat(900);
    let id = phone.create(&request);
    let kept = phone.ctap2.vault().get(&id).unwrap();
    assert_eq!(kept.rp_name, "ä".repeat(128));
    assert_eq!(kept.user.name, format!("a{}", "ä".repeat(127)));
    assert_eq!(kept.user.display_name, "€".repeat(85));

    let token = phone.token_by_verification(Permissions::CREDENTIAL_MANAGEMENT, None);
    let user =
        UserEntity { id: request.user.id.clone(), name: "n".repeat(5000), display_name: String::new() };
    let credential = Some(CredentialDescriptor::new(id.clone(), Vec::new()));
    let about = management::Parameters { credential, user: Some(user), ..management::Parameters::default() };
    phone.outcome(&manage(&token, Subcommand::UpdateUserInformation, Some(about))).unwrap();
    assert_eq!(phone.ctap2.vault().get(&id).unwrap().user.name.len(), vault::LONGEST_NAME);
    let rp_id_hash = Some(primitives::digest::sha256(b"example.org"));
    let about = management::Parameters { rp_id_hash, ..management::Parameters::default() };
    let listed = phone.outcome(&manage(&token, Subcommand::EnumerateCredentialsBegin, Some(about))).unwrap();
    assert!(listed.len() < LONGEST_MESSAGE);
}

#[test]
fn what_came_over_one_transport_does_not_go_on_over_another_or_before_it_began() {
    let mut phone = Phone::new();
    for user in ["one", "two"] {
        phone.create(&creation_for(user));
    }
    phone.asserting(&silent()).unwrap();
    phone.transport = Transport::Hybrid;
    assert_eq!(phone.outcome(&bare(Command::GetNextAssertion)), Err(Status::NotAllowed));
    phone.transport = Transport::Usb;
    assert_eq!(phone.outcome(&bare(Command::GetNextAssertion)), Err(Status::NotAllowed), "nor then here");
    phone.asserting(&silent()).unwrap();
    phone.now = phone.now - Span::from_secs(1);
    assert_eq!(
        phone.outcome(&bare(Command::GetNextAssertion)),
        Err(Status::NotAllowed),
        "the clock went back"
    );
}

#[test]
fn who_verified_by_a_token_and_touches_nothing_learns_of_the_excluded_one_too() {
    let mut phone = Phone::new();
    let id = phone.create(&creation());
    phone.set_pin("1234");
    let token = phone.token_by_pin("1234", Permissions::MAKE_CREDENTIAL, SITE);
    let auth = Some(token.auth(&[7; 32]));
    let request = make_credential::Request { auth, exclude: naming(&[&id]), ..creation_for("two") };
    for (answer, status) in [
        (Answer::TimedOut, Status::CredentialExcluded),
        (Answer::Denied, Status::OperationDenied),
        (APPROVED, Status::CredentialExcluded),
    ] {
        assert!(matches!(phone.send(&message(&request)), Step::Ask(Question::Acknowledge { .. })));
        assert_eq!(phone.say(answer), Step::refused(status), "{answer:?}");
    }
}

#[test]
fn who_shows_nobody_what_happens_is_reset_just_after_power_came_only() {
    let reset = bare(Command::Reset);
    let late = Span::from_micros(10_000_001);
    let mut phone = Phone::of(Settings { display: false, ..Settings::keyfob() });
    phone.now = phone.now + Span::from_secs(10);
    assert_eq!(phone.reply(&reset), [0], "in time");
    phone.now = phone.now + Span::from_micros(1);
    assert_eq!(phone.send(&reset), Step::refused(Status::NotAllowed), "a reset is no power cycle");
    phone.ctap2.power_cycle(phone.now);
    phone.now = phone.now + late;
    assert_eq!(phone.send(&reset), Step::refused(Status::NotAllowed));
    phone.ctap2.power_cycle(phone.now);
    assert_eq!(phone.reply(&reset), [0]);
    phone.now = phone.now - Span::from_secs(1);
    assert_eq!(phone.send(&reset), Step::refused(Status::NotAllowed), "the clock went back");

    let mut shows = Phone::new();
    shows.now = shows.now + late;
    assert_eq!(shows.reply(&reset), [0], "who reads what they agree to may do so at any time");
}

#[test]
fn a_reset_leaves_no_token_lock_or_list_behind() {
    let mut phone = Phone::new();
    for user in ["one", "two"] {
        phone.create(&creation_for(user));
    }
    phone.set_pin("1234");
    let wrong = |phone: &mut Phone| {
        let session = phone.session(Protocol::Two);
        phone.outcome(&to(Command::ClientPin, &session.pin_token("0000", &mut SystemEntropy).encode()))
    };
    assert_eq!(wrong(&mut phone), Err(Status::PinInvalid));
    assert_eq!(wrong(&mut phone), Err(Status::PinInvalid));
    let token = phone.token_by_verification(Permissions::from_bits(0x03), SITE);
    phone.asserting(&silent()).unwrap();
    phone.outcome(&bare(Command::Reset)).unwrap();
    assert_eq!(phone.outcome(&bare(Command::GetNextAssertion)), Err(Status::NotAllowed));
    let request = make_credential::Request { auth: Some(token.auth(&[7; 32])), ..creation() };
    assert_eq!(phone.creating(&request), Err(Status::PinAuthInvalid));
    phone.set_pin("5678");
    assert_eq!(wrong(&mut phone), Err(Status::PinInvalid), "it counts anew");
    assert_eq!(phone.ctap2.vault().state().pin_retries, 7);
}

#[test]
fn what_is_cancelled_has_not_happened() {
    let mut phone = Phone::new();
    phone.create(&creation());
    phone.set_pin("1234");
    let token = phone.token_by_pin("1234", Permissions::from_bits(0x03), SITE);
    let auth = Some(token.auth(&[7; 32]));
    let request = make_credential::Request { auth, ..creation_for("two") };
    assert!(matches!(phone.send(&message(&request)), Step::Ask(_)));
    assert_eq!(phone.ctap2.cancel(), Step::refused(Status::KeepaliveCancel));
    assert_eq!(phone.say(APPROVED), Step::refused(Status::NoOperations), "too late to agree");
    assert_eq!(phone.ctap2.vault().all().len(), 1);

    let asked = phone.session(Protocol::Two).token_by_verification(Permissions::DEFAULT, SITE);
    assert!(matches!(phone.send(&to(Command::ClientPin, &asked.encode())), Step::Ask(_)));
    phone.ctap2.cancel();
    assert!(matches!(phone.send(&bare(Command::Reset)), Step::Ask(Question::Reset)));
    phone.ctap2.cancel();
    assert_eq!(phone.ctap2.vault().all().len(), 1);
    assert!(phone.ctap2.vault().state().pin.is_some());
    assert!(phone.creating(&request).is_ok(), "nobody used the token, and no other took its place");
}

#[test]
fn numbers_at_the_edges_are_refused_and_nothing_breaks() {
    let mut phone = Phone::new();
    let number = |key: i64, value: i64| (Key::Integer(key), Value::Integer(value));
    for value in [i64::MAX, i64::MIN, -1, 1 << 32, 1 << 62] {
        let rows = [
            (Command::ClientPin, vec![number(2, value)]),
            (Command::ClientPin, vec![number(1, value), number(2, 2)]),
            (Command::CredentialManagement, vec![number(1, value)]),
            (Command::Config, vec![number(1, value)]),
            (Command::LargeBlobs, vec![number(1, value), number(3, 0)]),
            (Command::LargeBlobs, vec![number(1, 1), number(3, value)]),
            (
                Command::LargeBlobs,
                vec![(Key::Integer(2), Value::Bytes(&[0; 17])), number(3, 0), number(4, value)],
            ),
            (Command::LargeBlobs, vec![(Key::Integer(2), Value::Bytes(&[0; 17])), number(3, value)]),
        ];
        for (command, members) in rows {
            let parameters = Value::Map(members).encode();
            let Step::Reply(reply) = phone.send(&to(command, &parameters)) else { panic!("asked") };
            assert!(reply.len() == 1 && reply != [0], "{command:?} {value}: {reply:02x?}");
        }
        let request = make_credential::Request { algorithms: vec![value], ..creation() };
        assert_eq!(phone.creating(&request), Err(Status::UnsupportedAlgorithm), "{value}");
    }
}

/// Commands that change something, with everything that they need.
fn changing(phone: &mut Phone) -> Vec<Vec<u8>> {
    let id = phone.ctap2.vault().all().first().map(|first| first.id.clone());
    let credential = id.map(|id| CredentialDescriptor::new(id, Vec::new()));
    let change = phone.session(Protocol::Two).change_pin("1234", "5678", &mut SystemEntropy);
    let token = phone.token_by_verification(Permissions::from_bits(0x34), None);
    let array = large_blob_array(&[0x81, 0x01]);
    let length = u64::try_from(array.len()).ok();
    let toggle = token.configure(config::Request::of(config::Subcommand::ToggleAlwaysUv, None));
    let about = management::Parameters { credential, ..management::Parameters::default() };
    vec![
        to(Command::ClientPin, &change.encode()),
        manage(&token, Subcommand::DeleteCredential, Some(about)),
        to(Command::LargeBlobs, &token.write(&array, 0, length).encode()),
        to(Command::Config, &toggle.encode()),
    ]
}

#[test]
fn no_bit_of_a_proven_request_can_be_turned() {
    let furnished = || {
        let mut phone = Phone::new();
        phone.create(&creation());
        phone.set_pin("1234");
        phone
    };
    for (at, name) in ["changePIN", "deleteCredential", "largeBlobs", "config"].iter().enumerate() {
        let mut phone = furnished();
        let whole = changing(&mut phone).swap_remove(at);
        let before = phone.ctap2.vault().state().clone();
        for bit in 0..whole.len() * 8 {
            let mut bent = whole.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            phone.send(&bent);
            phone.ctap2.cancel();
            // A bent changePIN may use up attempts, no more.
            let after =
                DeviceState { pin_retries: before.pin_retries, ..phone.ctap2.vault().state().clone() };
            assert_eq!(after, before, "{name}, bit {bit}");
            assert_eq!(phone.ctap2.vault().all().len(), 1, "{name}, bit {bit}");
        }
        let mut phone = furnished();
        let whole = changing(&mut phone).swap_remove(at);
        assert_eq!(phone.reply(&whole)[0], 0, "{name} as it should be");
    }
}

#[test]
fn pins_are_tried_under_no_protocol_but_those_that_there_are() {
    let mut phone = Phone::new();
    phone.set_pin("1234");
    let request = phone.session(Protocol::One).pin_token("1234", &mut SystemEntropy);
    for protocol in [Some(0), Some(3), Some(u64::MAX >> 1), None] {
        let other = client_pin::Request { protocol, ..request.clone() };
        assert!(phone.outcome(&to(Command::ClientPin, &other.encode())).is_err());
        assert_eq!(phone.ctap2.vault().state().pin_retries, 8);
    }
    // The other protocol's key does not open it; that is a wrong PIN like any other.
    let other = client_pin::Request { protocol: Some(2), ..request };
    assert_eq!(phone.outcome(&to(Command::ClientPin, &other.encode())), Err(Status::PinInvalid));
}

#[test]
fn a_list_of_nobody_is_not_no_list() {
    let mut phone = Phone::new();
    phone.create(&creation());
    let other =
        Value::Map(vec![(Key::Text("id"), Value::Bytes(&[1])), (Key::Text("type"), Value::Text("other"))]);
    let whole = assertion().encode();
    let mut members = primitives::cbor::parse_message(&whole).unwrap().as_map().unwrap().to_vec();
    members.push((Key::Integer(3), Value::Array(vec![other])));
    for transport in [Transport::Usb, Transport::Hybrid] {
        phone.transport = transport;
        let asked = phone.send(&to(Command::GetAssertion, &Value::Map(members.clone()).encode()));
        let nothing =
            |it: &Question| matches!(it, Question::Acknowledge { status: Status::NoCredentials, .. });
        assert!(matches!(&asked, Step::Ask(question) if nothing(question)), "{asked:?}");
        phone.ctap2.cancel();
    }
}
