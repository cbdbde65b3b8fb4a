use primitives::cbor::{CborRefusal, Value};

use super::*;
use crate::attestation_object::AttestationObject;
use crate::credential::{Base64Url, CredentialDescriptor};
use crate::extension::CredentialProtection;
use crate::options::{RelyingPartyEntity, UserEntity};

fn make_credential() -> make_credential::Request {
    make_credential::Request {
        client_data_hash: [1; 32],
        rp: RelyingPartyEntity { id: "example.org".into(), name: "Example".into() },
        user: UserEntity { id: Base64Url(vec![7]), name: "a".into(), display_name: "A".into() },
        algorithms: vec![-7, -257],
        exclude: vec![CredentialDescriptor::new(vec![1], Vec::new())],
        cred_protect: Some(CredentialProtection::UserVerificationRequired),
        resident_key: true,
        user_presence: true,
        user_verification: true,
    }
}

fn get_assertion() -> get_assertion::Request {
    get_assertion::Request {
        rp_id: "example.org".into(),
        client_data_hash: [1; 32],
        allow: vec![CredentialDescriptor::new(vec![1], Vec::new())],
        user_presence: true,
        user_verification: false,
    }
}

#[test]
fn requests_survive_encoding_and_no_truncation() {
    let request = make_credential();
    let encoded = request.encode();
    assert_eq!(make_credential::Request::parse(&encoded), Ok(request));
    for length in 0..encoded.len() {
        assert!(make_credential::Request::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
    let request = get_assertion();
    let encoded = request.encode();
    assert_eq!(get_assertion::Request::parse(&encoded), Ok(request));
    for length in 0..encoded.len() {
        assert!(get_assertion::Request::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn responses_survive_encoding() {
    let object =
        AttestationObject { format: "none", statement: Value::Map(vec![]), authenticator_data: &[1; 37] };
    let response = make_credential::Response(object);
    assert_eq!(make_credential::Response::parse(&response.encode()), Ok(response.clone()));
    for user_handle in [None, Some(vec![7])] {
        let response = get_assertion::Response {
            credential_id: vec![1],
            authenticator_data: vec![2],
            signature: vec![3],
            user_handle,
        };
        assert_eq!(get_assertion::Response::parse(&response.encode()), Ok(response));
    }
}

#[test]
fn what_is_no_message() {
    let refused = |bytes: &[u8]| get_assertion::Request::parse(bytes).err();
    assert_eq!(refused(&[0xbf]), Some(MessageRefusal::Cbor(CborRefusal::IndefiniteLength)));
    assert_eq!(refused(&[0xa0]), Some(MessageRefusal::MemberMissing));
    assert_eq!(refused(&[0xa1, 1, 1]), Some(MessageRefusal::MemberType));
}
