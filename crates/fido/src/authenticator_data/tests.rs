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
            ..AuthenticatorExtensions::default()
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
fn flags_announce_what_follows() {
    let bare = AuthenticatorData { attested_credential: None, extensions: None, ..valid(&key()) }.encode();
    let with = |flags: u8, rest: &[u8]| {
        let mut data = bare.clone();
        data[32] |= flags;
        data.extend(rest);
        AuthenticatorData::parse(&data)
            .map(|data| data.flags.bits())
            .map_err(|refusal| (refusal, refusal.code()))
    };
    use AuthenticatorDataRefusal as Refusal;
    // Reserved bits mean nothing yet.
    assert_eq!(with(0x22, &[]), Ok(bare[32] | 0x22));
    assert_eq!(with(0x80, &[]), Err((Refusal::ExtensionsCbor(CborRefusal::Truncated), "auth_data")));
    assert_eq!(with(0x40, &[]), Err((Refusal::Truncated, "auth_data")));
    assert_eq!(with(0, &[0xa0]), Err((Refusal::TrailingBytes, "auth_data")));
    let credential = valid(&key()).encode()[37..].to_vec();
    assert_eq!(with(0, &credential), Err((Refusal::TrailingBytes, "auth_data")));
    assert_eq!(with(0x80, &[0xa0, 0xa0]), Err((Refusal::TrailingBytes, "auth_data")));
}

#[test]
fn bounds_hold_inside_keys_and_extensions() {
    use AuthenticatorDataRefusal as Refusal;
    let limit = |refusal: Refusal| (refusal, "resource_limit");
    let data = |key: &[u8], flags: u8| {
        let mut data = vec![1; 32];
        data.extend([flags, 0, 0, 0, 0]);
        data.extend([2; 16]);
        data.extend([0, 1, 9]);
        data.extend(key);
        AuthenticatorData::parse(&data).map(|_| ()).map_err(|refusal| (refusal, refusal.code()))
    };
    let bomb = [0x81; 4000];
    let many = [0xba, 0xff, 0xff, 0xff, 0xff];
    for (bytes, cbor) in [(bomb.as_slice(), CborRefusal::TooDeep), (&many, CborRefusal::TooManyEntries)] {
        assert_eq!(data(bytes, 0x41), Err(limit(Refusal::PublicKeyCbor(cbor))));
        let after_key = [&[0xa0], bytes].concat();
        assert_eq!(data(&after_key, 0xc1), Err(limit(Refusal::ExtensionsCbor(cbor))));
    }
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
    let refused = |refusal| Err(AuthenticatorDataRefusal::Extensions(refusal));
    assert_eq!(with(Value::Array(vec![])), refused(ExtensionRefusal::Shape));
    let shape = Value::Map(vec![(Key::Integer(1), Value::Null)]);
    assert_eq!(with(shape), refused(ExtensionRefusal::Shape));
    let level = Value::Map(vec![(Key::Text("credProtect"), Value::Integer(4))]);
    assert_eq!(with(level), refused(ExtensionRefusal::CredProtect));
}

#[test]
fn a_credential_id_has_1_to_1023_bytes() {
    let key = key();
    let with = |length: usize| {
        let id = vec![3; length];
        let mut data = valid(&key);
        data.attested_credential.as_mut().unwrap().credential_id = &id;
        AuthenticatorData::parse(&data.encode()).err()
    };
    assert_eq!(with(0), Some(AuthenticatorDataRefusal::CredentialIdEmpty));
    assert_eq!((with(1), with(1023)), (None, None));
    for length in [1024, 2000] {
        assert_eq!(with(length), Some(AuthenticatorDataRefusal::CredentialIdTooLong));
    }
}

#[test]
fn data_have_16_kib_at_most() {
    assert_eq!(LONGEST, 16_384);
    let mut bytes = valid(&key()).encode();
    for (length, refusal) in [
        (LONGEST, AuthenticatorDataRefusal::TrailingBytes),
        (LONGEST + 1, AuthenticatorDataRefusal::TooLong),
        (2 * LONGEST, AuthenticatorDataRefusal::TooLong),
    ] {
        bytes.resize(length, 0);
        assert_eq!(AuthenticatorData::parse(&bytes), Err(refusal));
    }
}
