//! Records say what they were told, and nothing that makes no sense is read.

use super::*;

#[test]
fn what_makes_no_sense_is_no_record() {
    let texts: Vec<Vec<u8>> = vec![
        vec![],
        vec![0xff; 40],
        Value::Integer(1).encode(),
        Value::Map(vec![]).encode(),
        // A kind that there is not.
        Value::Map(vec![(Key::Integer(0), Value::Integer(9))]).encode(),
        // A field that is not known, too few, the wrong type.
        Value::Map(vec![
            (Key::Integer(0), Value::Integer(3)),
            (Key::Integer(1), Value::Bytes(&[1])),
            (Key::Integer(2), Value::Null),
        ])
        .encode(),
        Value::Map(vec![(Key::Integer(0), Value::Integer(1))]).encode(),
        Value::Map(vec![(Key::Integer(0), Value::Integer(3)), (Key::Integer(1), Value::Integer(3))]).encode(),
        Value::Map(vec![(Key::Integer(0), Value::Integer(1)), (Key::Integer(1), Value::Integer(-1))])
            .encode(),
    ];
    for text in texts {
        assert!(read(&text).is_none(), "{text:02x?}");
    }
}

#[test]
fn half_a_pin_is_no_state() {
    let text = state(&DeviceState::default()).unwrap();
    assert!(matches!(read(&text), Some(Change::State(state)) if *state == DeviceState::default()));
    let value = cbor::parse(&text, cbor::CTAP2_DEPTH).unwrap();
    let mut entries = value.as_map().unwrap().to_vec();
    entries.push((Key::Integer(2), Value::Integer(6)));
    assert!(read(&Value::Map(entries).encode()).is_none());
}

#[test]
fn the_room_for_a_record_is_reserved_at_once() {
    let value = Value::Map(vec![
        (Key::Integer(0), Value::Integer(i64::MIN)),
        (Key::Integer(1), Value::Bytes(&[1; 300])),
        (Key::Integer(2), Value::Array(vec![Value::Text("text"), Value::Null, Value::Bool(true)])),
    ]);
    assert!(value.encode().len() <= size(&value));
}
