use primitives::cbor::Key;

use super::*;
use crate::extension::CredentialProtection;

fn valid(public_key: &[u8]) -> AuthenticatorData<'_> {
    AuthenticatorData {
        rp_id_hash: [1; 32],
        flags: Flags::from_bits(0xc5),
        sign_count: 0x0102_0304,
        attested_credential: Some(AttestedCredential {
            aaguid: [2; 16],
            credential_id: &[3; 20],
            public_key,
            public_key_value: cbor::parse(public_key, 4).unwrap(),
        }),
        extensions: Some(AuthenticatorExtensions {
            cred_protect: Some(CredentialProtection::UserVerificationRequired),
        }),
    }
}

fn key() -> Vec<u8> {
    Value::Map(vec![(Key::Integer(1), Value::Integer(2))]).encode()
}

#[test]
fn data_survive_encoding() {
    let key = key();
    let data = valid(&key);
    let encoded = data.encode();
    assert_eq!(AuthenticatorData::parse(&encoded), Ok(data));
    let bare = AuthenticatorData { attested_credential: None, extensions: None, ..valid(&key) }.encode();
    assert_eq!(bare.len(), 37);
    let read = AuthenticatorData::parse(&bare).unwrap();
    assert!(!read.flags.attested_credential() && !read.flags.extensions());
    assert_eq!(read.sign_count, 0x0102_0304);
}

#[test]
fn flags_are_their_bits() {
    let flags = Flags::from_bits(0x1d);
    assert!(flags.user_present() && flags.user_verified() && flags.backup_eligible() && flags.backed_up());
    let none = Flags::from_bits(0x22);
    assert!(!none.user_present() && !none.user_verified() && !none.backup_eligible() && !none.backed_up());
    assert_eq!(none.bits(), 0x22);
    let set = Flags::default().with_user_present(true).with_user_verified(true).with_backup_eligible(true);
    assert_eq!(set.with_backed_up(true).bits(), 0x1d);
    assert_eq!(set.with_user_present(false).bits(), 0x0c);
}

#[test]
fn every_truncation_and_more_bytes_are_refused() {
    let encoded = valid(&key()).encode();
    for length in 0..encoded.len() {
        assert!(AuthenticatorData::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
    let longer = [encoded.as_slice(), &[0]].concat();
    assert_eq!(AuthenticatorData::parse(&longer), Err(AuthenticatorDataRefusal::TrailingBytes));
    assert_eq!(AuthenticatorData::parse(&[0; LONGEST + 1]), Err(AuthenticatorDataRefusal::TooLong));
}

#[test]
fn unknown_extensions_are_passed_over_and_known_ones_typed() {
    let with = |extensions: Value<'_>| {
        let mut encoded =
            AuthenticatorData { attested_credential: None, extensions: None, ..valid(&key()) }.encode();
        encoded[32] |= 0x80;
        encoded.extend(extensions.encode());
        AuthenticatorData::parse(&encoded).map(|data| data.extensions)
    };
    let unknown = Value::Map(vec![(Key::Text("x"), Value::Array(vec![Value::Null]))]);
    assert_eq!(with(unknown), Ok(Some(AuthenticatorExtensions::default())));
    let refused = Err(AuthenticatorDataRefusal::Extensions);
    assert_eq!(with(Value::Array(vec![])), refused);
    assert_eq!(with(Value::Map(vec![(Key::Integer(1), Value::Null)])), refused);
    assert_eq!(with(Value::Map(vec![(Key::Text("credProtect"), Value::Integer(4))])), refused);
    assert_eq!(with(Value::Map(vec![(Key::Text("credProtect"), Value::Bool(true))])), refused);
}
