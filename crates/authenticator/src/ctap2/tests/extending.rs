//! Extensions (CTAP 2.3 section 12).

use fido::authenticator_data::AuthenticatorData;
use fido::ctap::extensions::{AssertionInputs, CreationInputs, HmacInput, PrfInput, Salts};
use fido::ctap::make_credential::{Request, Response};
use fido::ctap::{get_assertion, make_credential};
use fido::extension::{AuthenticatorExtensions, CredBlob, CredentialProtection, HmacSecret};
use primitives::digest;
use primitives::entropy::SystemEntropy;
use primitives::secret::SecretBytes;

use super::world::{assertion, creation, message, naming};
use super::*;
use crate::DeviceState;
use crate::pin_protocol::Protocol;
use crate::platform::Session;

fn with(extensions: CreationInputs) -> Request {
    Request { extensions, ..creation() }
}

fn asking(extensions: AssertionInputs) -> get_assertion::Request {
    get_assertion::Request { extensions, ..assertion() }
}

/// What creation signs about extensions.
fn signed(phone: &mut Phone, request: &Request) -> AuthenticatorExtensions {
    let cbor = phone.creating(request).unwrap();
    let response = Response::parse(&cbor).unwrap();
    let data = AuthenticatorData::parse(response.object.authenticator_data).unwrap();
    data.extensions.unwrap_or_default()
}

fn signed_at_assertion(response: &get_assertion::Response) -> AuthenticatorExtensions {
    AuthenticatorData::parse(&response.authenticator_data).unwrap().extensions.unwrap_or_default()
}

fn hmac(session: &Session, salts: &[u8]) -> HmacInput {
    let salt_enc = session.secret().seal(salts, &mut SystemEntropy);
    HmacInput {
        key_agreement: session.point().to_vec(),
        salt_auth: session.secret().authenticate(&salt_enc),
        salt_enc,
        protocol: Some(session.secret().protocol().number()),
    }
}

#[test]
fn protection_is_kept_and_told() {
    for level in 1..=3 {
        let level = CredentialProtection::from_level(level);
        let mut phone = Phone::new();
        let out = signed(&mut phone, &Request { cred_protect: level, ..creation() });
        assert_eq!(out, AuthenticatorExtensions { cred_protect: level, ..Default::default() });
        assert_eq!(Some(phone.ctap2.vault().all()[0].protection), level);
    }
    assert_eq!(signed(&mut Phone::new(), &creation()), AuthenticatorExtensions::default());
}

#[test]
fn a_blob_that_fits_is_kept_and_given_back() {
    let mut phone = Phone::new();
    for (length, stored) in [(0, true), (32, true), (33, false)] {
        let blob = vec![5; length];
        let out =
            signed(&mut phone, &with(CreationInputs { cred_blob: Some(blob.clone()), ..Default::default() }));
        assert_eq!(out.cred_blob, Some(CredBlob::Stored(stored)), "{length}");
        let response =
            phone.asserting(&asking(AssertionInputs { cred_blob: true, ..Default::default() })).unwrap();
        let expected = if stored { blob } else { Vec::new() };
        let blob = signed_at_assertion(&response).cred_blob;
        assert_eq!(blob, Some(CredBlob::Blob(SecretBytes::new(expected))), "{length}");
    }
}

#[test]
fn the_key_of_a_large_blob_is_the_credential_s_and_for_discoverable_ones() {
    let wanted = || CreationInputs { large_blob_key: true, ..Default::default() };
    let mut phone = Phone::new();
    let cbor = phone.creating(&with(wanted())).unwrap();
    let key = Response::parse(&cbor).unwrap().large_blob_key;
    assert!(key.is_some_and(|key| key != [0; 32]));
    let asked = asking(AssertionInputs { large_blob_key: true, ..Default::default() });
    assert_eq!(phone.asserting(&asked).unwrap().large_blob_key, key);
    assert_eq!(phone.asserting(&assertion()).unwrap().large_blob_key, None, "not asked for");
    phone.create(&creation());
    assert_eq!(phone.asserting(&asked).unwrap().large_blob_key, None, "has none");

    let named = Request { resident_key: false, ..with(wanted()) };
    assert_eq!(phone.creating(&named), Err(Status::InvalidOption));
}

#[test]
fn how_short_a_pin_may_be_is_told_to_who_may_know() {
    let wanted = with(CreationInputs { min_pin_length: true, ..Default::default() });
    let mut phone = Phone::new();
    assert_eq!(signed(&mut phone, &wanted).min_pin_length, None);
    let min_pin_rp_ids = vec!["example.org".to_owned()];
    let state = DeviceState { min_pin_length: 6, min_pin_rp_ids, ..DeviceState::default() };
    phone.ctap2.vault_mut().set_state(state).unwrap();
    assert_eq!(signed(&mut phone, &wanted).min_pin_length, Some(6));
    assert_eq!(signed(&mut phone, &creation()).min_pin_length, None);
}

#[test]
fn secrets_follow_from_salt_credential_and_verification() {
    for protocol in Protocol::ALL {
        let mut phone = Phone::new();
        let request = with(CreationInputs { hmac_secret: true, ..Default::default() });
        let out = signed(&mut phone, &request);
        assert_eq!(out.hmac_secret, Some(HmacSecret::Enabled(true)));
        let random = phone.ctap2.vault().all()[0].cred_random.clone();
        let salts = [[1; 32], [2; 32]].concat();
        for (salts, verified) in [(&salts[..32], true), (&salts[..], true), (&salts[..], false)] {
            let session = phone.session(protocol);
            let inputs = AssertionInputs { hmac_secret: Some(hmac(&session, salts)), ..Default::default() };
            let asked = get_assertion::Request { user_verification: verified, ..asking(inputs) };
            let response = phone.asserting(&asked).unwrap();
            let Some(HmacSecret::Encrypted(sealed)) = signed_at_assertion(&response).hmac_secret else {
                panic!()
            };
            let half = if verified { &random[..32] } else { &random[32..] };
            let expected: Vec<_> =
                salts.chunks(32).flat_map(|salt| digest::hmac_sha256(half, salt)).collect();
            assert_eq!(*session.secret().decrypt(sealed.reveal()).unwrap(), expected);
        }
    }
}

#[test]
fn secrets_at_creation_are_those_of_later() {
    let mut phone = Phone::new();
    let session = phone.session(Protocol::Two);
    let input = hmac(&session, &[1; 32]);
    let inputs =
        CreationInputs { hmac_secret: true, hmac_secret_mc: Some(input.clone()), ..Default::default() };
    let sealed = signed(&mut phone, &with(inputs)).hmac_secret_mc.unwrap();
    let random = phone.ctap2.vault().all()[0].cred_random.clone();
    let expected = digest::hmac_sha256(&random[..32], &[1; 32]);
    assert_eq!(*session.secret().decrypt(sealed.reveal()).unwrap(), expected);
    // Without hmac-secret beside it, it is nothing.
    let alone = CreationInputs { hmac_secret_mc: Some(input), ..Default::default() };
    assert_eq!(signed(&mut phone, &with(alone)).hmac_secret_mc, None);
}

#[test]
fn salts_that_are_none() {
    let mut phone = Phone::new();
    phone.create(&creation());
    let session = phone.session(Protocol::Two);
    let good = hmac(&session, &[1; 32]);
    let rows = [
        (HmacInput { protocol: Some(3), ..good.clone() }, Status::InvalidParameter),
        (HmacInput { protocol: None, ..good.clone() }, Status::PinAuthInvalid),
        (HmacInput { salt_auth: vec![0; 32], ..good.clone() }, Status::PinAuthInvalid),
        (HmacInput { salt_auth: Vec::new(), ..good.clone() }, Status::PinAuthInvalid),
        (HmacInput { key_agreement: vec![4; 65], ..good.clone() }, Status::InvalidParameter),
        (hmac(&session, &[1; 16]), Status::InvalidLength),
        (hmac(&session, &[1; 96]), Status::InvalidLength),
    ];
    for (input, status) in rows {
        let asked = asking(AssertionInputs { hmac_secret: Some(input), ..Default::default() });
        assert_eq!(phone.asserting(&asked), Err(status));
    }
    let asked = asking(AssertionInputs { hmac_secret: Some(good), ..Default::default() });
    let silent = get_assertion::Request { user_presence: false, user_verification: false, ..asked };
    assert_eq!(phone.asserting(&silent), Err(Status::UnsupportedOption));
}

/// `credProtect` 3 in a request becomes what the row says, byte by byte.
#[test]
fn inputs_of_another_kind_are_refused_by_their_own_status() {
    let encoded = message(&Request { cred_protect: CredentialProtection::from_level(3), ..creation() });
    let name = b"kcredProtect";
    let at = encoded.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    for (byte, status) in [(0x04, Status::InvalidParameter), (0xf5, Status::CborUnexpectedType)] {
        let mut bent = encoded.clone();
        bent[at] = byte;
        assert_eq!(Phone::new().send(&bent), Step::refused(status), "{byte:#04x}");
    }
    let encoded = message(&with(CreationInputs { large_blob_key: true, ..Default::default() }));
    let name = b"llargeBlobKey";
    let at = encoded.windows(name.len()).position(|window| window == name).unwrap() + name.len();
    let mut bent = encoded;
    bent[at] = 0xf4;
    assert_eq!(Phone::new().send(&bent), Step::refused(Status::InvalidOption));
}

fn salts(first: u8, second: Option<u8>) -> Salts {
    Salts { first: [first; 32], second: second.map(|second| [second; 32]) }
}

#[test]
fn over_hybrid_secrets_come_by_prf_and_are_the_same() {
    let mut phone = Phone::over(Transport::Hybrid);
    let prf = PrfInput { eval: Some(salts(1, None)), ..Default::default() };
    let request = with(CreationInputs { prf: Some(prf), ..Default::default() });
    let cbor = phone.creating(&request).unwrap();
    let response = Response::parse(&cbor).unwrap();
    assert_eq!(response.encode(), cbor);
    let data = AuthenticatorData::parse(response.object.authenticator_data).unwrap();
    assert_eq!(data.extensions, None, "nothing of it is signed");
    let random = phone.ctap2.vault().all()[0].cred_random.clone();
    let of = |salt: u8| digest::hmac_sha256(&random[..32], &[salt; 32]);
    let made = response.prf.unwrap();
    assert_eq!((made.enabled, made.secrets), (Some(true), Some(SecretBytes::new(of(1)))));
    let id = phone.ctap2.vault().all()[0].id.clone();

    let named = |id: &[u8]| vec![(id.to_vec(), salts(3, Some(4)))];
    let rows = [
        (PrfInput { eval: Some(salts(1, Some(2))), ..Default::default() }, Some([of(1), of(2)].concat())),
        (
            PrfInput { eval: Some(salts(1, None)), eval_by_credential: named(&id) },
            Some([of(3), of(4)].concat()),
        ),
        (PrfInput { eval: Some(salts(1, None)), eval_by_credential: named(b"x") }, Some(of(1).to_vec())),
        (PrfInput { eval: None, eval_by_credential: named(b"x") }, None),
        (PrfInput::default(), None),
    ];
    for (prf, secrets) in rows {
        let inputs = AssertionInputs { prf: Some(prf), ..Default::default() };
        let asked = get_assertion::Request { allow: naming(&[&id]), ..asking(inputs) };
        let response = phone.asserting(&asked).unwrap();
        assert_eq!(response.prf.and_then(|prf| prf.secrets), secrets.map(SecretBytes::new));
        assert!(!AuthenticatorData::parse(&response.authenticator_data).unwrap().flags.extensions());
    }
}

#[test]
fn what_belongs_to_the_other_transport_is_passed_over() {
    let prf = Some(PrfInput { eval: Some(salts(1, None)), ..Default::default() });
    let mut phone = Phone::new();
    let cbor = phone.creating(&with(CreationInputs { prf: prf.clone(), ..Default::default() })).unwrap();
    assert_eq!(Response::parse(&cbor).unwrap().prf, None);
    let asked = asking(AssertionInputs { prf, ..Default::default() });
    assert_eq!(phone.asserting(&asked).unwrap().prf, None);

    let mut phone = Phone::over(Transport::Hybrid);
    let inputs = CreationInputs {
        hmac_secret: true,
        cred_blob: Some(vec![1]),
        large_blob_key: true,
        min_pin_length: true,
        ..Default::default()
    };
    let request =
        make_credential::Request { cred_protect: CredentialProtection::from_level(2), ..with(inputs) };
    let cbor = phone.creating(&request).unwrap();
    let response = Response::parse(&cbor).unwrap();
    assert_eq!((response.large_blob_key, response.prf), (None, None));
    let data = AuthenticatorData::parse(response.object.authenticator_data).unwrap();
    let level = CredentialProtection::from_level(2);
    assert_eq!(data.extensions, Some(AuthenticatorExtensions { cred_protect: level, ..Default::default() }));
}
