use proptest::prelude::*;

use super::*;
use crate::encoding::from_hex;

fn bytes(text: &str) -> Vec<u8> {
    from_hex(text).unwrap()
}

#[track_caller]
fn refused(text: &str, refusal: CborRefusal) {
    assert_eq!(parse(&bytes(text), CTAP2_DEPTH), Err(refusal), "{text}");
}

#[track_caller]
fn accepted(text: &str, value: Value<'_>) {
    assert_eq!(parse(&bytes(text), CTAP2_DEPTH), Ok(value.clone()), "{text}");
    assert_eq!(value.encode(), bytes(text));
}

#[test]
fn values_of_rfc_8949_appendix_a() {
    accepted("00", Value::Integer(0));
    accepted("17", Value::Integer(23));
    accepted("1818", Value::Integer(24));
    accepted("18ff", Value::Integer(255));
    accepted("190100", Value::Integer(256));
    accepted("1a000f4240", Value::Integer(1_000_000));
    accepted("1b000000e8d4a51000", Value::Integer(1_000_000_000_000));
    accepted("20", Value::Integer(-1));
    accepted("3863", Value::Integer(-100));
    accepted("3903e7", Value::Integer(-1000));
    accepted("1b7fffffffffffffff", Value::Integer(i64::MAX));
    accepted("3b7fffffffffffffff", Value::Integer(i64::MIN));
    accepted("f4", Value::Bool(false));
    accepted("f5", Value::Bool(true));
    accepted("f6", Value::Null);
    accepted("40", Value::Bytes(&[]));
    accepted("4401020304", Value::Bytes(&[1, 2, 3, 4]));
    accepted("62c3bc", Value::Text("ü"));
    accepted("8301820203820405", {
        let pair = |a, b| Value::Array(vec![Value::Integer(a), Value::Integer(b)]);
        Value::Array(vec![Value::Integer(1), pair(2, 3), pair(4, 5)])
    });
    accepted("a0", Value::Map(vec![]));
}

#[test]
fn maps_are_written_in_canonical_order() {
    let entry = |key| (key, Value::Null);
    let map = Value::Map(vec![
        entry(Key::Text("aa")),
        entry(Key::Text("z")),
        entry(Key::Integer(-1)),
        entry(Key::Integer(256)),
        entry(Key::Integer(10)),
    ]);
    let encoded = map.encode();
    assert_eq!(encoded, bytes("a50af6190100f620f6617af6626161f6"));
    let read = parse(&encoded, CTAP2_DEPTH).unwrap();
    assert_eq!(read.at(256), Some(&Value::Null));
    assert_eq!(read.get("z"), Some(&Value::Null));
    assert_eq!((read.at(0), read.get("a")), (None, None));
}

#[test]
fn what_is_not_canonical() {
    refused("", CborRefusal::Truncated);
    refused("18", CborRefusal::Truncated);
    refused("4201", CborRefusal::Truncated);
    refused("8201", CborRefusal::Truncated);
    refused("a101", CborRefusal::Truncated);
    refused("0000", CborRefusal::TrailingBytes);
    refused("1817", CborRefusal::NotShortest);
    refused("1900ff", CborRefusal::NotShortest);
    refused("1a0000ffff", CborRefusal::NotShortest);
    refused("1b00000000ffffffff", CborRefusal::NotShortest);
    refused("580101", CborRefusal::NotShortest);
    refused("5f4101ff", CborRefusal::IndefiniteLength);
    refused("7f6161ff", CborRefusal::IndefiniteLength);
    refused("9fff", CborRefusal::IndefiniteLength);
    refused("bfff", CborRefusal::IndefiniteLength);
    refused("ff", CborRefusal::IndefiniteLength);
    refused("1c", CborRefusal::ReservedHead);
    refused("1b8000000000000000", CborRefusal::IntegerRange);
    refused("3b8000000000000000", CborRefusal::IntegerRange);
    refused("61ff", CborRefusal::NotUtf8);
    refused("a14101f6", CborRefusal::KeyType);
    refused("a1f4f6", CborRefusal::KeyType);
    refused("a201f601f6", CborRefusal::DuplicateKey);
    refused("a202f601f6", CborRefusal::UnsortedKeys);
    refused("a26161f601f6", CborRefusal::UnsortedKeys);
    refused("a2626161f6617af6", CborRefusal::UnsortedKeys);
    refused("c000", CborRefusal::Tag);
    refused("f7", CborRefusal::SimpleValue);
    refused("f820", CborRefusal::SimpleValue);
    refused("f93c00", CborRefusal::SimpleValue);
    refused("fb3ff0000000000000", CborRefusal::SimpleValue);
}

#[test]
fn bounds_hold_before_anything_is_allocated() {
    refused("8181818181", CborRefusal::TooDeep);
    refused("a101a101a101a101a1", CborRefusal::TooDeep);
    assert!(parse(&bytes("8181818100"), CTAP2_DEPTH).is_ok());
    refused("9affffffff", CborRefusal::TooManyEntries);
    refused("bb7fffffffffffffff", CborRefusal::TooManyEntries);
    refused("990101", CborRefusal::TooManyEntries);
    refused("990100", CborRefusal::Truncated);
    refused("5bffffffffffffffff", CborRefusal::Truncated);
    assert_eq!(parse(&[0x80], 0), Err(CborRefusal::TooDeep));
    assert_eq!(parse(&[0x00], 0), Ok(Value::Integer(0)));
    assert!(CborRefusal::TooDeep.is_resource_limit() && !CborRefusal::Truncated.is_resource_limit());
}

#[test]
fn what_follows_is_given_back() {
    assert_eq!(read(&[0x01, 0x02, 0x03], 1), Ok((Value::Integer(1), [0x02, 0x03].as_slice())));
}

proptest! {
    #[test]
    fn what_is_accepted_is_what_would_be_written(input in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = parse(&input, CTAP2_DEPTH) {
            prop_assert_eq!(value.encode(), input.clone());
            // Another reader sees one item of the same length.
            let mut other = minicbor::Decoder::new(&input);
            prop_assert!(other.skip().is_ok());
            prop_assert_eq!(other.position(), input.len());
        }
    }
}

#[test]
fn a_value_is_taken_only_as_what_it_is() {
    let items = || vec![Value::Integer(1)];
    let entries = || vec![(Key::Integer(1), Value::Null)];
    let kinds = |value: &Value<'_>| {
        [
            value.as_integer().is_some(),
            value.as_bytes().is_some(),
            value.as_text().is_some(),
            value.as_bool().is_some(),
            value.as_array().is_some(),
            value.as_map().is_some(),
        ]
    };
    let values = [
        Value::Integer(7),
        Value::Bytes(&[7]),
        Value::Text("seven"),
        Value::Bool(true),
        Value::Array(items()),
        Value::Map(entries()),
    ];
    for (place, value) in values.iter().enumerate() {
        assert_eq!(kinds(value), std::array::from_fn(|kind| kind == place), "{value:?}");
    }
    assert_eq!(kinds(&Value::Null), [false; 6]);
    assert_eq!((values[0].as_integer(), values[1].as_bytes()), (Some(7), Some([7].as_slice())));
    assert_eq!((values[2].as_text(), values[3].as_bool()), (Some("seven"), Some(true)));
    assert_eq!(Value::Bool(false).as_bool(), Some(false));
    assert_eq!(values[4].as_array(), Some(items().as_slice()));
    assert_eq!(values[5].as_map(), Some(entries().as_slice()));
}

#[test]
fn keys_of_bytes_are_for_messages_alone() {
    let bytes = [0xa2, 0x01, 0xf6, 0x41, 0x07, 0xf5];
    assert_eq!(parse(&bytes, CTAP2_DEPTH), Err(CborRefusal::KeyType));
    let value = Value::Map(vec![(Key::Integer(1), Value::Null), (Key::Bytes(&[7]), Value::Bool(true))]);
    assert_eq!(parse_message(&bytes), Ok(value.clone()));
    assert_eq!(value.encode(), bytes);
    assert_eq!(parse_message(&[0xa2, 0x41, 0x07, 0xf5, 0x01, 0xf6]), Err(CborRefusal::UnsortedKeys));
    assert_eq!(parse_message(&[0xa1, 0xf5, 0xf5]), Err(CborRefusal::KeyType));
    assert_eq!(parse_message(&[0x80, 0x00]), Err(CborRefusal::TrailingBytes));
    assert_eq!(parse_message(&[0x81, 0x81, 0x81, 0x81, 0x80]).map(drop), Ok(()));
    assert_eq!(parse_message(&[0x81, 0x81, 0x81, 0x81, 0x81, 0x80]), Err(CborRefusal::TooDeep));
}
