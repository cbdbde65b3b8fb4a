//! authenticatorMakeCredential, rule by rule (CTAP 2.3 section 6.1.2).

use fido::attestation_object::AttestationObject;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::PinUvAuth;
use fido::ctap::make_credential::{Request, Response};
use fido::extension::CredentialProtection;
use primitives::cbor::Value;
use primitives::cose::{Algorithm, PublicKey};
use primitives::digest;
use zeroize::Zeroizing;

use super::world::{self, creation, creation_for, message, naming};
use super::*;
use crate::attestation::Private;
use crate::{DeviceState, MemoryVault, PrivateKey, Settings};

#[test]
fn a_passkey_is_made_of_each_algorithm_and_signed_by_itself() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::MlDsa44] {
        let mut phone = Phone::new();
        let request = Request { algorithms: vec![-257, algorithm.id(), -7], ..creation() };
        let cbor = phone.creating(&request).unwrap();
        let response = Response::parse(&cbor).unwrap();
        assert_eq!(response.encode(), cbor, "canonical");
        assert!(cbor.len() < LONGEST_MESSAGE);
        let AttestationObject { format, statement, authenticator_data } = response.object;
        let data = AuthenticatorData::parse(authenticator_data).unwrap();
        assert_eq!(data.rp_id_hash, digest::sha256(b"example.org"));
        assert!(data.flags.user_present() && data.flags.user_verified());
        assert!(!data.flags.backup_eligible() && !data.flags.backed_up());
        let attested = data.attested_credential.unwrap();
        assert_eq!(attested.aaguid, crate::authenticator::KEYFOB_SOFTWARE);
        let key = PublicKey::parse(attested.public_key).unwrap();
        assert_eq!((format, statement.get("alg")), ("packed", Some(&Value::Integer(algorithm.id()))));
        let signature = statement.get("sig").and_then(Value::as_bytes).unwrap();
        let signed = [authenticator_data, &[7; 32]].concat();
        assert_eq!(key.verify(&signed, signature), Ok(()));

        let kept = phone.ctap2.vault().get(attested.credential_id).unwrap();
        assert_eq!((kept.rp_name.as_str(), kept.created, kept.last_used), ("Example", world::NOW, None));
    }
}

#[test]
fn the_person_sees_site_account_and_what_happens() {
    let mut phone = Phone::new();
    for replaces in [false, true] {
        let expected = Question::Register {
            rp_id: "example.org".to_owned(),
            rp_name: "Example".to_owned(),
            account: Account {
                user_handle: b"user 1".to_vec(),
                name: "ada".to_owned(),
                display_name: "Ada".to_owned(),
            },
            replaces,
            verify: true,
        };
        assert_eq!(phone.send(&message(&creation())), Step::Ask(expected));
        assert!(matches!(phone.say(APPROVED), Step::Reply(reply) if reply[0] == 0));
    }
    assert_eq!(phone.ctap2.vault().all().len(), 1, "the second took the place of the first");
}

#[test]
fn who_says_no_or_nothing_or_is_not_known_gets_nothing_made() {
    let unverified = Request { user_verification: false, resident_key: false, ..creation() };
    let rows = [
        (creation(), Answer::Denied, Status::OperationDenied),
        (creation(), Answer::TimedOut, Status::UserActionTimeout),
        (creation(), UNVERIFIED, Status::OperationDenied),
        (unverified.clone(), Answer::Denied, Status::OperationDenied),
        (unverified.clone(), Answer::TimedOut, Status::OperationDenied),
    ];
    for (request, answer, status) in rows {
        let mut phone = Phone::new();
        assert!(matches!(phone.send(&message(&request)), Step::Ask(_)));
        assert_eq!(phone.say(answer), Step::refused(status), "{answer:?}");
        assert!(phone.ctap2.vault().all().is_empty());
    }
    // Without verification a touch will do, and more than a touch is not claimed.
    let mut phone = Phone::new();
    phone.send(&message(&unverified));
    let Step::Reply(reply) = phone.say(APPROVED) else { panic!() };
    let response = Response::parse(&reply[1..]).unwrap();
    let flags = AuthenticatorData::parse(response.object.authenticator_data).unwrap().flags;
    assert!(flags.user_present() && !flags.user_verified());
}

#[test]
fn with_a_pin_set_who_is_not_known_shall_give_it() {
    let mut phone = Phone::new();
    phone.set_pin("1234");
    phone.send(&message(&creation()));
    assert_eq!(phone.say(UNVERIFIED), Step::refused(Status::PuatRequired));
    // Over hybrid nobody could.
    phone.transport = Transport::Hybrid;
    phone.send(&message(&creation()));
    assert_eq!(phone.say(UNVERIFIED), Step::refused(Status::OperationDenied));
}

#[test]
fn parameters_that_do_not_go_together() {
    let auth = |param: &[u8], protocol| Some(PinUvAuth { param: param.to_vec(), protocol });
    let rows: Vec<(Request, Status)> = vec![
        (Request { algorithms: vec![-257, -999], ..creation() }, Status::UnsupportedAlgorithm),
        (Request { algorithms: vec![], ..creation() }, Status::UnsupportedAlgorithm),
        (Request { user_presence: false, ..creation() }, Status::InvalidOption),
        (Request { user_verification: false, ..creation() }, Status::OperationDenied),
        (Request { enterprise_attestation: Some(1), ..creation() }, Status::InvalidParameter),
        (Request { auth: auth(&[1; 16], None), ..creation() }, Status::MissingParameter),
        (Request { auth: auth(&[1; 16], Some(3)), ..creation() }, Status::InvalidParameter),
        (Request { auth: auth(&[1; 16], Some(1)), ..creation() }, Status::PinAuthInvalid),
        (Request { exclude: naming(&[b"1".as_slice(); 33]), ..creation() }, Status::LimitExceeded),
        // The order: protocol, algorithm, options, token.
        (Request { auth: auth(&[1], Some(3)), algorithms: vec![], ..creation() }, Status::InvalidParameter),
        (Request { algorithms: vec![], user_presence: false, ..creation() }, Status::UnsupportedAlgorithm),
        (
            Request { user_presence: false, enterprise_attestation: Some(1), ..creation() },
            Status::InvalidOption,
        ),
        (
            Request { enterprise_attestation: Some(1), auth: auth(&[1], Some(1)), ..creation() },
            Status::InvalidParameter,
        ),
    ];
    for (request, status) in rows {
        assert_eq!(Phone::new().send(&message(&request)), Step::refused(status), "{request:?}");
    }
    let mut phone = Phone::without_verification();
    assert_eq!(phone.send(&message(&creation())), Step::refused(Status::InvalidOption));
}

#[test]
fn nothing_but_a_touch_tells_whether_a_pin_is_set() {
    let request = Request { auth: Some(PinUvAuth::default()), algorithms: vec![], ..creation() };
    let mut phone = Phone::new();
    for status in [Status::PinNotSet, Status::PinInvalid] {
        assert_eq!(phone.send(&message(&request)), Step::Ask(Question::Select));
        assert_eq!(phone.say(Answer::TimedOut), Step::refused(Status::OperationDenied));
        phone.send(&message(&request));
        assert_eq!(phone.say(Answer::Denied), Step::refused(Status::OperationDenied));
        assert_eq!(phone.creating(&request), Err(status));
        phone.set_pin_once("1234");
    }
    let mut phone = Phone::over(Transport::Hybrid);
    assert_eq!(phone.creating(&request), Err(Status::InvalidParameter));
}

#[test]
fn without_verification_only_what_must_be_named_is_made() {
    let rows = [
        // Whether there is built-in verification, whether a PIN is set, whether discoverable; what comes of it.
        (true, false, true, Some(Status::OperationDenied)),
        (true, true, true, Some(Status::PuatRequired)),
        (false, true, true, Some(Status::PuatRequired)),
        (false, false, true, None),
        (true, true, false, None),
        (false, true, false, None),
    ];
    for (built_in, pin, resident_key, refused) in rows {
        let mut phone = if built_in { Phone::new() } else { Phone::without_verification() };
        if pin {
            phone.set_pin("1234");
        }
        let request = Request { user_verification: false, resident_key, ..creation() };
        assert_eq!(phone.creating(&request).err(), refused, "{built_in} {pin} {resident_key}");
    }
}

#[test]
fn who_always_verifies_does_so_unasked() {
    let request = Request { user_verification: false, resident_key: false, ..creation() };
    let mut phone = Phone::new();
    phone.always_verify();
    let Step::Ask(Question::Register { verify: true, .. }) = phone.send(&message(&request)) else { panic!() };
    assert_eq!(phone.say(UNVERIFIED), Step::refused(Status::OperationDenied));

    let mut phone = Phone::without_verification();
    phone.always_verify();
    assert_eq!(phone.creating(&request), Err(Status::PuatRequired), "no PIN yet: it has to be set");
    phone.set_pin_once("1234");
    assert_eq!(phone.creating(&request), Err(Status::PuatRequired));
    phone.transport = Transport::Hybrid;
    assert_eq!(phone.creating(&request), Err(Status::OperationDenied));
}

#[test]
fn an_excluded_credential_is_told_to_who_is_there() {
    let mut phone = Phone::new();
    let id = phone.create(&creation());
    let request = Request { exclude: naming(&[&[1], &id]), ..creation_for("user 2") };
    let asked = Question::Acknowledge {
        rp_id: "example.org".to_owned(),
        status: Status::CredentialExcluded,
        verify: true,
    };
    let rows = [
        (APPROVED, Status::CredentialExcluded),
        (UNVERIFIED, Status::OperationDenied),
        (Answer::Denied, Status::OperationDenied),
        (Answer::TimedOut, Status::UserActionTimeout),
    ];
    for (answer, status) in rows {
        assert_eq!(phone.send(&message(&request)), Step::Ask(asked.clone()));
        assert_eq!(phone.say(answer), Step::refused(status), "{answer:?}");
    }
    let touched = Request { user_verification: false, resident_key: false, ..request.clone() };
    phone.send(&message(&touched));
    assert_eq!(
        phone.say(Answer::TimedOut),
        Step::refused(Status::CredentialExcluded),
        "by section 6.1.2 step 12"
    );
    let mut elsewhere = request;
    elsewhere.rp.id = "example.com".to_owned();
    assert!(phone.creating(&elsewhere).is_ok());
}

#[test]
fn what_shows_itself_only_to_who_is_verified_excludes_nothing_before_others() {
    let mut phone = Phone::new();
    let level = CredentialProtection::UserVerificationRequired;
    let id = phone.create(&Request { cred_protect: Some(level), ..creation() });
    let verified = Request { exclude: naming(&[&id]), ..creation_for("user 2") };
    assert_eq!(phone.creating(&verified), Err(Status::CredentialExcluded));
    let unverified = Request { user_verification: false, resident_key: false, ..verified };
    assert!(phone.creating(&unverified).is_ok());
}

#[test]
fn a_full_vault_says_so() {
    let mut phone = Phone::new();
    phone.ctap2 = Ctap2::new(Settings::keyfob(), MemoryVault::bounded(1), world::NOW);
    phone.create(&creation());
    phone.create(&creation());
    assert_eq!(phone.creating(&creation_for("user 2")), Err(Status::KeyStoreFull));
}

#[test]
fn five_failed_verifications_and_it_is_not_asked_for_again() {
    let mut phone = Phone::new();
    for _ in 0..5 {
        phone.send(&message(&creation()));
        assert_eq!(phone.say(UNVERIFIED), Step::refused(Status::OperationDenied));
    }
    assert_eq!(phone.send(&message(&creation())), Step::refused(Status::OperationDenied), "unasked");
    phone.ctap2.power_cycle(phone.now);
    assert!(phone.creating(&creation()).is_ok());
}

#[test]
fn an_organisation_s_attestation_is_for_its_own_servers() {
    let mut phone = Phone::new();
    let key = PrivateKey::from_seed(Algorithm::Es256, Zeroizing::new([3; 32])).unwrap();
    let private =
        Private { rp_id: "example.org".to_owned(), chain: vec![vec![1], vec![2]], key: key.clone() };
    let state = DeviceState { attestations: vec![private], ..DeviceState::default() };
    phone.ctap2.vault_mut().set_state(state).unwrap();

    let chain = |phone: &mut Phone, request: &Request| {
        let cbor = phone.creating(request).unwrap();
        let object = Response::parse(&cbor).unwrap().object;
        let x5c = object.statement.get("x5c").and_then(Value::as_array).map(<[_]>::len);
        if let (Some(_), Some(signature)) = (x5c, object.statement.get("sig").and_then(Value::as_bytes)) {
            let signed = [object.authenticator_data, &[7; 32]].concat();
            assert_eq!(key.public_key().verify(&signed, signature), Ok(()));
        }
        (object.format.to_owned(), x5c)
    };
    assert_eq!(chain(&mut phone, &creation()), ("packed".to_owned(), Some(2)));
    let formats = |formats: &[&str]| formats.iter().map(|it| (*it).to_owned()).collect();
    let none = Request { attestation_formats: formats(&["tpm", "none", "packed"]), ..creation() };
    assert_eq!(chain(&mut phone, &none), ("none".to_owned(), None));
    let packed = Request { attestation_formats: formats(&["packed", "none"]), ..creation() };
    assert_eq!(chain(&mut phone, &packed), ("packed".to_owned(), Some(2)));
    let mut elsewhere = creation();
    elsewhere.rp.id = "example.com".to_owned();
    assert_eq!(chain(&mut phone, &elsewhere), ("packed".to_owned(), None));
}
