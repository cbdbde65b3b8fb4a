use fido::CredentialDescriptor;
use fido::authenticator_data::AuthenticatorData;
use fido::ctap::Status;
use fido::ctap::make_credential::{Request, Response};
use fido::extension::CredentialProtection;
use fido::options::{RelyingPartyEntity, UserEntity};
use primitives::cose::{Algorithm, PublicKey};
use primitives::digest;
use primitives::entropy::SystemEntropy;

use crate::{Authenticator, MemoryVault, Person, Settings};

/// A request of example.org for the user with that handle, as strict as Keyward's own.
pub(crate) fn request(user: &[u8]) -> Request {
    Request {
        client_data_hash: [7; 32],
        rp: RelyingPartyEntity { id: "example.org".to_owned(), name: "Example".to_owned() },
        user: UserEntity { id: user.into(), name: "ada".to_owned(), display_name: "Ada".to_owned() },
        algorithms: vec![-7, -8, -257],
        exclude: Vec::new(),
        cred_protect: None,
        resident_key: true,
        user_presence: true,
        user_verification: true,
        ..Request::default()
    }
}

#[test]
fn what_it_makes_reads_back_as_what_was_asked() {
    let mut authenticator = Authenticator::new(Settings::synced());
    let asked =
        Request { cred_protect: Some(CredentialProtection::UserVerificationRequired), ..request(b"user 1") };
    let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();

    let message = made.response().encode();
    let response = Response::parse(&message).unwrap();
    assert_eq!(response.object.format, "none");
    let data = AuthenticatorData::parse(response.object.authenticator_data).unwrap();
    assert_eq!(data.rp_id_hash, digest::sha256(b"example.org"));
    assert!(data.flags.user_present() && data.flags.user_verified());
    assert!(data.flags.backup_eligible() && data.flags.backed_up());
    assert_eq!(data.sign_count, 0);
    assert_eq!(data.extensions.unwrap().cred_protect, asked.cred_protect);
    let attested = data.attested_credential.unwrap();
    assert_eq!(attested.aaguid, authenticator.settings.aaguid);
    assert_eq!(attested.credential_id, made.credential_id);
    assert_eq!(attested.public_key, made.public_key);

    let kept = authenticator.vault.get(&made.credential_id).unwrap();
    assert_eq!(PublicKey::parse(&made.public_key).as_ref(), Ok(kept.key.public_key()));
    assert_eq!((kept.rp_id.as_str(), &kept.user), ("example.org", &asked.user));
}

#[test]
fn the_relying_party_s_first_choice_of_algorithm_wins() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let asked = Request { algorithms: vec![-257, -8, -7], ..request(b"user") };
    let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
    assert_eq!(made.algorithm, Algorithm::EdDsa);

    let asked = Request { algorithms: vec![-257], ..request(b"user") };
    let refused = authenticator.make_credential(&asked, &mut SystemEntropy);
    assert_eq!(refused, Err(Status::UnsupportedAlgorithm));
}

#[test]
fn it_makes_a_key_for_every_algorithm_there_is() {
    for algorithm in Algorithm::ALL {
        let settings = Settings { algorithms: vec![algorithm], ..Settings::platform() };
        let mut authenticator = Authenticator::new(settings);
        let asked = Request { algorithms: vec![algorithm.id()], ..request(b"user 1") };
        let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
        assert_eq!(made.algorithm, algorithm);
        let key = PublicKey::parse(&made.public_key).unwrap();
        assert_eq!(&key, authenticator.vault.all()[0].key.public_key());
    }
}

#[test]
fn an_excluded_credential_prevents_a_second_one_at_its_relying_party_only() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let made = authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    let exclude = vec![CredentialDescriptor::new(made.credential_id, Vec::new())];

    let again = Request { exclude, ..request(b"user 1") };
    let refused = authenticator.make_credential(&again, &mut SystemEntropy);
    assert_eq!(refused, Err(Status::CredentialExcluded));
    assert_eq!(authenticator.vault.all().len(), 1);

    let rp = RelyingPartyEntity { id: "example.com".to_owned(), name: String::new() };
    let elsewhere = Request { rp, ..again };
    assert!(authenticator.make_credential(&elsewhere, &mut SystemEntropy).is_ok());
}

#[test]
fn only_who_consents_learns_of_an_excluded_credential() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let made = authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    let exclude = vec![CredentialDescriptor::new(made.credential_id, Vec::new())];
    for person in [Person::absent(), Person::unverified()] {
        authenticator.person = person;
        let again = Request { exclude: exclude.clone(), ..request(b"user 1") };
        let refused = authenticator.make_credential(&again, &mut SystemEntropy);
        assert_eq!(refused, Err(Status::OperationDenied));
    }
}

#[test]
fn verification_is_claimed_only_if_asked_for() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let asked = Request { user_verification: false, ..request(b"user") };
    let made = authenticator.make_credential(&asked, &mut SystemEntropy).unwrap();
    let flags = AuthenticatorData::parse(&made.authenticator_data).unwrap().flags;
    assert!(flags.user_present() && !flags.user_verified());
    assert!(!flags.backup_eligible() && !flags.backed_up());
}

#[test]
fn a_second_passkey_of_one_account_replaces_the_first() {
    let mut authenticator = Authenticator::new(Settings::platform());
    let first = authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    let second = authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    let other = authenticator.make_credential(&request(b"user 2"), &mut SystemEntropy).unwrap();
    assert!(authenticator.vault.get(&first.credential_id).is_none());
    assert!(authenticator.vault.get(&second.credential_id).is_some());
    assert!(authenticator.vault.get(&other.credential_id).is_some());
}

#[test]
fn a_full_vault_takes_a_replacement_and_nothing_more() {
    let mut authenticator = Authenticator::with_vault(Settings::platform(), MemoryVault::bounded(1));
    authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    authenticator.make_credential(&request(b"user 1"), &mut SystemEntropy).unwrap();
    let refused = authenticator.make_credential(&request(b"user 2"), &mut SystemEntropy);
    assert_eq!(refused, Err(Status::KeyStoreFull));
}
