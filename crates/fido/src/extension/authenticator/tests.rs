use super::*;

const CREATION: bool = true;
const ASSERTION: bool = false;

fn read(name: &str, value: Value<'_>, creation: bool) -> Result<AuthenticatorExtensions, ExtensionRefusal> {
    AuthenticatorExtensions::from_value(&Value::Map(vec![(Key::Text(name), value)]), creation)
}

fn triple(numbers: [i64; 3]) -> Value<'static> {
    Value::Array(numbers.into_iter().map(Value::Integer).collect())
}

/// Everything that a creation or an assertion may answer.
fn full(creation: bool) -> AuthenticatorExtensions {
    let secret = |byte: u8| SecretBytes::new(vec![byte; 64]);
    AuthenticatorExtensions {
        cred_protect: Some(CredentialProtection::UserVerificationOptionalWithCredentialIdList),
        min_pin_length: Some(8),
        hmac_secret: Some(match creation {
            true => HmacSecret::Enabled(true),
            false => HmacSecret::Encrypted(secret(1)),
        }),
        hmac_secret_mc: Some(secret(2)),
        cred_blob: Some(match creation {
            true => CredBlob::Stored(false),
            false => CredBlob::Blob(secret(3)),
        }),
        uvm: Some(vec![
            VerificationMethod { method: 0x8000_0000, key_protection: 2, matcher_protection: 4 };
            3
        ]),
    }
}

#[test]
fn outputs_survive_encoding() {
    for creation in [CREATION, ASSERTION] {
        let encoded = full(creation).encode();
        let value = primitives::cbor::parse(&encoded, primitives::cbor::CTAP2_DEPTH).unwrap();
        assert_eq!(AuthenticatorExtensions::from_value(&value, creation), Ok(full(creation)));
    }
    let none = AuthenticatorExtensions::default();
    assert_eq!(none.encode(), [0xa0]);
    assert_eq!(read("unknown", Value::Null, CREATION), Ok(none));
}

#[test]
fn levels_of_protection_are_their_numbers() {
    use CredentialProtection as Level;
    let levels = [
        (1, Level::UserVerificationOptional),
        (2, Level::UserVerificationOptionalWithCredentialIdList),
        (3, Level::UserVerificationRequired),
    ];
    for (number, level) in levels {
        let read = read("credProtect", Value::Integer(number), CREATION).unwrap();
        assert_eq!((read.cred_protect, level.level()), (Some(level), number));
    }
}

#[test]
fn secrets_are_not_printed() {
    let text = format!("{:?}", full(ASSERTION));
    assert!(text.contains("hmac_secret_mc: Some(SecretBytes(…))"), "{text}");
    assert!(!text.contains("[1, 1") && !text.contains("[3, 3"), "{text}");
}

#[test]
fn outputs_have_the_types_of_their_definitions() {
    use ExtensionRefusal as Refusal;
    let refused = |name, value: Value<'_>, creation, refusal| {
        assert_eq!(read(name, value.clone(), creation), Err(refusal), "{name} {value:?}");
        assert_eq!(refusal.code(), "extension");
    };
    for creation in [CREATION, ASSERTION] {
        for level in [Value::Integer(0), Value::Integer(4), Value::Bool(true), Value::Text("1")] {
            refused("credProtect", level, creation, Refusal::CredProtect);
        }
        for length in [Value::Integer(-1), Value::Integer(1 << 32), Value::Text("4"), Value::Bool(true)] {
            refused("minPinLength", length, creation, Refusal::MinPinLength);
        }
        refused("hmac-secret", Value::Integer(1), creation, Refusal::HmacSecret);
        refused("hmac-secret-mc", Value::Bool(true), creation, Refusal::HmacSecretMc);
        refused("credBlob", Value::Text(""), creation, Refusal::CredBlob);
    }
    refused("hmac-secret", Value::Bytes(&[1; 48]), CREATION, Refusal::HmacSecret);
    refused("hmac-secret", Value::Bool(true), ASSERTION, Refusal::HmacSecret);
    refused("credBlob", Value::Bytes(&[1; 32]), CREATION, Refusal::CredBlob);
    refused("credBlob", Value::Bool(true), ASSERTION, Refusal::CredBlob);
}

#[test]
fn verification_methods_are_one_to_three_triples_of_numbers() {
    let list = |entries: Vec<Value<'static>>| read("uvm", Value::Array(entries), ASSERTION);
    let one = triple([2, 4, 2]);
    for count in 1..=3 {
        assert_eq!(list(vec![one.clone(); count]).unwrap().uvm.map(|methods| methods.len()), Some(count));
    }
    let refused = [
        list(vec![]),
        list(vec![one.clone(); 4]),
        list(vec![triple([-1, 4, 2])]),
        list(vec![triple([1 << 32, 4, 2])]),
        list(vec![triple([2, 1 << 16, 2])]),
        list(vec![triple([2, 4, 1 << 16])]),
        list(vec![Value::Array(vec![Value::Integer(2); 2])]),
        list(vec![Value::Array(vec![Value::Integer(2); 4])]),
        list(vec![Value::Integer(2)]),
        read("uvm", Value::Text("fingerprint"), ASSERTION),
    ];
    for outcome in refused {
        assert_eq!(outcome, Err(ExtensionRefusal::Uvm));
    }
}

#[test]
fn lengths_are_bounded() {
    let long = |name, length: usize| read(name, Value::Bytes(&vec![0; length]), ASSERTION);
    for (name, longest) in [("hmac-secret", 80), ("hmac-secret-mc", 80), ("credBlob", 1024)] {
        assert!(long(name, longest).is_ok());
        assert_eq!(long(name, longest + 1), Err(ExtensionRefusal::TooLong));
    }
    assert_eq!(ExtensionRefusal::TooLong.code(), "resource_limit");
}
