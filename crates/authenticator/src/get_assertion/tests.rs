use fido::CredentialDescriptor;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::Status;
use fido::ctap::get_assertion::{Request, Response};
use fido::ctap::make_credential;
use fido::extension::CredentialProtection;
use primitives::cose::PublicKey;
use primitives::digest;
use primitives::entropy::SystemEntropy;

use crate::make_credential::Made;
use crate::make_credential::tests::request as creation;
use crate::{Authenticator, Person, Settings};

fn request() -> Request {
    Request {
        rp_id: "example.org".to_owned(),
        client_data_hash: [9; 32],
        allow: Vec::new(),
        user_presence: true,
        user_verification: true,
        ..Request::default()
    }
}

fn naming(credential_id: &[u8]) -> Request {
    Request { allow: vec![CredentialDescriptor::new(credential_id, Vec::new())], ..request() }
}

fn make(authenticator: &mut Authenticator, user: &[u8]) -> Made {
    authenticator.make_credential(&creation(user), &mut SystemEntropy).unwrap()
}

#[test]
fn the_signature_is_the_credential_s_over_data_and_hash() {
    for algorithm in [-7, -8] {
        let mut authenticator = Authenticator::new(Settings::synced());
        let asked = make_credential::Request { algorithms: vec![algorithm], ..creation(b"user 1") };
        let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
        let response = authenticator.get_assertion(&request()).unwrap();
        assert_eq!(Response::parse(&response.encode()).as_ref(), Ok(&response));
        assert_eq!(response.credential_id, made.credential_id);
        assert_eq!(response.user_handle(), Some(b"user 1".as_slice()));

        let data = AuthenticatorData::parse(&response.authenticator_data).unwrap();
        assert_eq!(data.rp_id_hash, digest::sha256(b"example.org"));
        assert!(data.flags.user_present() && data.flags.user_verified() && data.flags.backed_up());
        assert_eq!(data.attested_credential, None);
        let key = PublicKey::parse(&made.public_key).unwrap();
        let message = [response.authenticator_data.as_slice(), &[9; 32]].concat();
        assert_eq!(key.verify(&message, &response.signature), Ok(()));
    }
}

#[test]
fn the_person_picks_among_several_accounts() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let first = make(&mut authenticator, b"user 1");
    let second = make(&mut authenticator, b"user 2");
    let chosen = |authenticator: &mut Authenticator| {
        authenticator.get_assertion(&request()).map(|response| response.credential_id)
    };
    assert_eq!(chosen(&mut authenticator), Ok(second.credential_id.clone()), "the newest");
    authenticator.person = Person::choosing(*b"user 1");
    assert_eq!(chosen(&mut authenticator), Ok(first.credential_id));
    authenticator.person = Person::choosing(*b"user 3");
    assert_eq!(chosen(&mut authenticator), Err(Status::OperationDenied));
}

#[test]
fn an_allow_list_narrows_the_choice() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let first = make(&mut authenticator, b"user 1");
    make(&mut authenticator, b"user 2");
    let response = authenticator.get_assertion(&naming(&first.credential_id)).unwrap();
    assert_eq!(response.credential_id, first.credential_id);
    assert_eq!(authenticator.get_assertion(&naming(b"unknown")), Err(Status::NoCredentials));
    let elsewhere = Request { rp_id: "example.com".to_owned(), ..naming(&first.credential_id) };
    assert_eq!(authenticator.get_assertion(&elsewhere), Err(Status::NoCredentials));
}

#[test]
fn a_person_who_is_absent_or_unverified_gets_no_signature() {
    let mut authenticator = Authenticator::new(Settings::security_key());
    let made = make(&mut authenticator, b"user 1");
    for person in [Person::absent(), Person::unverified()] {
        authenticator.person = person;
        assert_eq!(authenticator.get_assertion(&request()), Err(Status::OperationDenied));
    }
    let count = authenticator.vault.get(&made.credential_id).unwrap().sign_count;
    assert_eq!(count, 0, "nothing was signed");

    authenticator.person = Person::unverified();
    let response = authenticator.get_assertion(&Request { user_verification: false, ..request() }).unwrap();
    let flags = AuthenticatorData::parse(&response.authenticator_data).unwrap().flags;
    assert!(flags.user_present() && !flags.user_verified());
}

#[test]
fn the_counter_counts_each_credential_s_signatures_if_there_is_one() {
    let counts = |settings: Settings| {
        let mut authenticator = Authenticator::new(settings);
        let first = make(&mut authenticator, b"user 1").credential_id;
        let second = make(&mut authenticator, b"user 2").credential_id;
        [&first, &first, &second, &first].map(|id| {
            let response = authenticator.get_assertion(&naming(id)).unwrap();
            AuthenticatorData::parse(&response.authenticator_data).unwrap().sign_count
        })
    };
    assert_eq!(counts(Settings::security_key()), [1, 2, 1, 3]);
    assert_eq!(counts(Settings::platform()), [0, 0, 0, 0]);
}

#[test]
fn a_credential_that_is_not_discoverable_must_be_named() {
    let mut authenticator = Authenticator::new(Settings::security_key());
    let asked = make_credential::Request { resident_key: false, ..creation(b"user 1") };
    let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
    assert_eq!(authenticator.get_assertion(&request()), Err(Status::NoCredentials));
    let response = authenticator.get_assertion(&naming(&made.credential_id)).unwrap();
    assert_eq!(response.user_handle(), None);
}

#[test]
fn credential_protection_hides_from_who_is_not_verified() {
    // Level; found without its name and verification; named but unverified.
    let rows = [
        (CredentialProtection::UserVerificationOptional, true, true),
        (CredentialProtection::UserVerificationOptionalWithCredentialIdList, false, true),
        (CredentialProtection::UserVerificationRequired, false, false),
    ];
    for (level, found, named) in rows {
        let mut authenticator = Authenticator::new(Settings::security_key());
        let asked = make_credential::Request { cred_protect: Some(level), ..creation(b"user") };
        let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
        let mut shown = |request: Request| {
            let unverified = Request { user_verification: false, ..request };
            match authenticator.get_assertion(&unverified) {
                Ok(_) => true,
                Err(status) => {
                    assert_eq!(status, Status::NoCredentials);
                    false
                }
            }
        };
        assert_eq!((shown(request()), shown(naming(&made.credential_id))), (found, named), "{level:?}");
        assert!(authenticator.get_assertion(&request()).is_ok(), "{level:?} verified");
    }
}
