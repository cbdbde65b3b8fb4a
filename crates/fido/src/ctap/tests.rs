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
        ..Default::default()
    }
}

fn get_assertion() -> get_assertion::Request {
    get_assertion::Request {
        rp_id: "example.org".into(),
        client_data_hash: [1; 32],
        allow: vec![CredentialDescriptor::new(vec![1], Vec::new())],
        user_presence: true,
        user_verification: false,
        ..Default::default()
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
    let response = make_credential::Response::new(object);
    assert_eq!(make_credential::Response::parse(&response.encode()), Ok(response.clone()));
    for user_handle in [None, Some(vec![7])] {
        let response = get_assertion::Response {
            credential_id: vec![1],
            authenticator_data: vec![2],
            signature: vec![3],
            user: user_handle.map(|id| get_assertion::User { id, names: None }),
            ..Default::default()
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

#[test]
fn every_status_has_a_byte_and_a_name_of_its_own() {
    let all: Vec<Status> = Status::all().collect();
    assert_eq!(all.len(), 46);
    for (at, status) in all.iter().enumerate() {
        assert_eq!(Status::from_byte(status.byte()), Some(*status));
        assert!(all[..at].iter().all(|other| other.byte() < status.byte() && other.code() != status.code()));
        let name = status.code();
        let level = if status.byte() <= 0x0b || status.byte() == 0x7f { "CTAP1_ERR_" } else { "CTAP2_ERR_" };
        assert!(name.starts_with(level), "{name}");
        // The variant is the name without its prefix.
        let variant = format!("{status:?}").to_lowercase();
        assert_eq!(name.trim_start_matches(level).replace('_', "").to_lowercase(), variant);
    }
    let bytes = Status::all().map(Status::byte).collect::<Vec<_>>();
    let none = (0..=u8::MAX).filter(|byte| !bytes.contains(byte));
    assert!(none.into_iter().all(|byte| Status::from_byte(byte).is_none()));
    assert_eq!(status::OK, 0);
    // Some of those that clients act on, as CTAP 2.3 section 8.2 has them.
    let rows = [
        (Status::InvalidCommand, 0x01),
        (Status::InvalidCbor, 0x12),
        (Status::CredentialExcluded, 0x19),
        (Status::OperationDenied, 0x27),
        (Status::KeepaliveCancel, 0x2d),
        (Status::NoCredentials, 0x2e),
        (Status::PinAuthInvalid, 0x33),
        (Status::PuatRequired, 0x36),
        (Status::UnauthorizedPermission, 0x40),
        (Status::Other, 0x7f),
    ];
    for (status, byte) in rows {
        assert_eq!(status.byte(), byte, "{status:?}");
    }
}

#[test]
fn every_command_has_a_byte_of_its_own() {
    for command in Command::ALL {
        assert_eq!(Command::from_byte(command.byte()), Some(command));
    }
    let known = (0..=u8::MAX).filter(|byte| Command::from_byte(*byte).is_some()).collect::<Vec<_>>();
    assert_eq!(known, [0x01, 0x02, 0x04, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]);
}

#[test]
fn refusals_of_messages_are_statuses() {
    let rows = [
        (MessageRefusal::Cbor(CborRefusal::Truncated), Status::InvalidCbor),
        (MessageRefusal::Cbor(CborRefusal::TooDeep), Status::InvalidCbor),
        (MessageRefusal::Cbor(CborRefusal::TooManyEntries), Status::LimitExceeded),
        (MessageRefusal::MemberMissing, Status::MissingParameter),
        (MessageRefusal::MemberType, Status::CborUnexpectedType),
        (MessageRefusal::MemberLength, Status::InvalidLength),
        (MessageRefusal::MemberValue, Status::InvalidParameter),
        (MessageRefusal::OptionValue, Status::InvalidOption),
    ];
    for (refusal, status) in rows {
        assert_eq!(Status::from(refusal), status);
    }
}

/// Everything that a creation may carry.
fn full_creation() -> make_credential::Request {
    let salts = extensions::Salts { first: [1; 32], second: Some([2; 32]) };
    let hmac = extensions::HmacInput {
        key_agreement: [&[4_u8][..], &[9; 64]].concat(),
        salt_enc: vec![1; 48],
        salt_auth: vec![2; 32],
        protocol: Some(2),
    };
    make_credential::Request {
        extensions: extensions::CreationInputs {
            hmac_secret: true,
            hmac_secret_mc: Some(hmac),
            cred_blob: Some(vec![1, 2]),
            large_blob_key: true,
            min_pin_length: true,
            prf: Some(extensions::PrfInput { eval: Some(salts), eval_by_credential: Vec::new() }),
        },
        auth: Some(PinUvAuth { param: vec![3; 32], protocol: Some(2) }),
        enterprise_attestation: Some(2),
        attestation_formats: vec!["none".to_owned()],
        ..make_credential()
    }
}

/// Everything that an assertion may carry.
fn full_assertion() -> get_assertion::Request {
    let salts = extensions::Salts { first: [1; 32], second: None };
    let creation = full_creation();
    get_assertion::Request {
        extensions: extensions::AssertionInputs {
            hmac_secret: creation.extensions.hmac_secret_mc,
            cred_blob: true,
            large_blob_key: true,
            prf: Some(extensions::PrfInput {
                eval: Some(salts),
                eval_by_credential: vec![(vec![7], salts), (vec![7, 7], salts)],
            }),
        },
        resident_key: Some(true),
        auth: creation.auth,
        ..get_assertion()
    }
}

#[test]
fn full_requests_and_responses_survive_encoding_and_no_truncation() {
    let (creation, assertion) = (full_creation(), full_assertion());
    let encoded = creation.encode();
    assert_eq!(make_credential::Request::parse(&encoded), Ok(creation));
    for length in 0..encoded.len() {
        assert!(make_credential::Request::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
    let encoded = assertion.encode();
    assert_eq!(get_assertion::Request::parse(&encoded), Ok(assertion));
    for length in 0..encoded.len() {
        assert!(get_assertion::Request::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
    let secrets = |length| Some(primitives::secret::SecretBytes::new(vec![5; length]));
    let object =
        AttestationObject { format: "none", statement: Value::Map(vec![]), authenticator_data: &[1; 37] };
    let prf = extensions::PrfResults { enabled: Some(true), secrets: secrets(32) };
    let response = make_credential::Response { object, large_blob_key: Some([6; 32]), prf: Some(prf) };
    assert_eq!(make_credential::Response::parse(&response.encode()), Ok(response.clone()));
    let response = get_assertion::Response {
        credential_id: vec![1],
        authenticator_data: vec![2],
        signature: vec![3],
        user: Some(get_assertion::User { id: vec![7], names: Some(("a".into(), "A".into())) }),
        number_of_credentials: Some(2),
        user_selected: true,
        large_blob_key: Some([6; 32]),
        prf: Some(extensions::PrfResults { enabled: None, secrets: secrets(64) }),
    };
    assert_eq!(get_assertion::Response::parse(&response.encode()), Ok(response));
}

/// What a member must be, one row a rule: the entries of a creation without it, and what is put in its place.
#[test]
fn members_of_another_kind_are_refused() {
    use primitives::cbor::Key;
    let encoded = full_creation().encode();
    let refused = |key: i64, value: Option<Value<'_>>| {
        let Ok(Value::Map(mut entries)) = primitives::cbor::parse_message(&encoded) else { panic!() };
        entries.retain(|(other, _)| *other != Key::Integer(key));
        entries.extend(value.map(|value| (Key::Integer(key), value)));
        make_credential::Request::parse(&Value::Map(entries).encode()).err()
    };
    let (missing, kind) = (Some(MessageRefusal::MemberMissing), Some(MessageRefusal::MemberType));
    for key in 1..=4 {
        assert_eq!(refused(key, None), missing, "{key}");
    }
    for key in 5..=11 {
        assert_eq!(refused(key, None), None, "{key}");
    }
    for key in 1..=11 {
        assert_eq!(refused(key, Some(Value::Null)), kind, "{key}");
    }
    let text = |name, value| Value::Map(vec![(Key::Text(name), value)]);
    let rows = [
        (1, Value::Bytes(&[1; 31]), Some(MessageRefusal::MemberLength)),
        (2, text("name", Value::Text("x")), missing),
        (2, text("id", Value::Bytes(&[1])), kind),
        (3, text("name", Value::Text("x")), missing),
        (3, text("id", Value::Text("x")), kind),
        (3, text("id", Value::Bytes(&[])), Some(MessageRefusal::MemberLength)),
        (3, text("id", Value::Bytes(&[1; 65])), Some(MessageRefusal::MemberLength)),
        (4, Value::Array(vec![Value::Integer(1)]), kind),
        (4, Value::Array(vec![text("type", Value::Text("public-key"))]), missing),
        (4, Value::Array(vec![text("alg", Value::Integer(-7))]), missing),
        (4, Value::Array(vec![text("alg", Value::Text("-7"))]), kind),
        (5, Value::Array(vec![text("id", Value::Bytes(&[1]))]), missing),
        (5, Value::Array(vec![Value::Integer(1)]), kind),
        (6, text("credProtect", Value::Integer(0)), Some(MessageRefusal::MemberValue)),
        (6, text("credProtect", Value::Integer(4)), Some(MessageRefusal::MemberValue)),
        (6, text("largeBlobKey", Value::Bool(false)), Some(MessageRefusal::OptionValue)),
        (6, text("hmac-secret", Value::Integer(1)), kind),
        (6, text("hmac-secret-mc", Value::Map(vec![])), missing),
        (6, text("credBlob", Value::Text("x")), kind),
        (6, text("minPinLength", Value::Null), kind),
        (6, text("prf", Value::Null), kind),
        (6, text("prf", text("eval", Value::Map(vec![]))), missing),
        (6, text("prf", text("evalByCredential", text("x", Value::Map(vec![])))), kind),
        (6, text("another", Value::Null), None),
        (7, text("rk", Value::Integer(1)), kind),
        (7, text("another", Value::Integer(1)), None),
        (9, Value::Integer(-1), kind),
        (11, Value::Array(vec![Value::Integer(1)]), kind),
    ];
    for (key, value, refusal) in rows {
        assert_eq!(refused(key, Some(value.clone())), refusal, "{key}: {value:?}");
    }
    // An algorithm and a credential of a type that nobody knows are passed over.
    let foreign = |id, name| {
        Value::Array(vec![Value::Map(vec![
            (Key::Text(name), id),
            (Key::Text("type"), Value::Text("another")),
        ])])
    };
    assert_eq!(refused(4, Some(foreign(Value::Integer(-7), "alg"))), None);
    assert_eq!(refused(5, Some(foreign(Value::Bytes(&[1]), "id"))), None);
}
