use super::*;

#[test]
fn objects_survive_encoding() {
    let statement = Value::Map(vec![(Key::Text("sig"), Value::Bytes(&[1, 2]))]);
    let object = AttestationObject { format: "packed", statement, authenticator_data: &[0; 37] };
    let encoded = object.encode();
    assert_eq!(AttestationObject::parse(&encoded), Ok(object));
    for length in 0..encoded.len() {
        assert!(AttestationObject::parse(&encoded[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_compound_statement_is_an_array_as_deep_as_it_must_be() {
    let x5c = Value::Array(vec![Value::Bytes(&[1])]);
    let inner = Value::Map(vec![(Key::Text("x5c"), x5c)]);
    let part = Value::Map(vec![(Key::Text("fmt"), Value::Text("packed")), (Key::Text("attStmt"), inner)]);
    let statement = Value::Array(vec![part]);
    let object = AttestationObject { format: "compound", statement, authenticator_data: &[] };
    assert_eq!(AttestationObject::parse(&object.encode()), Ok(object.clone()));
}

#[test]
fn members_have_their_types() {
    let with = |name, value| {
        let mut members = vec![
            (Key::Text("fmt"), Value::Text("none")),
            (Key::Text("attStmt"), Value::Map(vec![])),
            (Key::Text("authData"), Value::Bytes(&[])),
        ];
        members.retain(|(key, _)| *key != Key::Text(name));
        members.extend(value);
        let encoded = Value::Map(members).encode();
        AttestationObject::parse(&encoded).err()
    };
    for name in ["fmt", "attStmt", "authData"] {
        let wrong = Some((Key::Text(name), Value::Integer(1)));
        assert_eq!(with(name, wrong), Some(AttestationObjectRefusal::MemberType), "{name}");
        assert_eq!(with(name, None), Some(AttestationObjectRefusal::MemberMissing), "{name}");
    }
    for foreign in [Key::Text("epAtt"), Key::Integer(1)] {
        let refusal = Some(AttestationObjectRefusal::ForeignMember);
        assert_eq!(with("", Some((foreign, Value::Null))), refusal);
    }
}

#[test]
fn an_object_has_64_kib_at_most() {
    assert_eq!(LONGEST, 65_536);
    let empty =
        AttestationObject { format: "none", statement: Value::Map(vec![]), authenticator_data: &[] }.encode();
    // A longer byte string has two more bytes of length.
    let rest = LONGEST - empty.len() - 2;
    for (length, outcome) in [(rest, None), (rest + 1, Some(AttestationObjectRefusal::TooLong))] {
        let data = vec![0; length];
        let object =
            AttestationObject { format: "none", statement: Value::Map(vec![]), authenticator_data: &data };
        assert_eq!(object.encode().len(), empty.len() + 2 + length);
        assert_eq!(AttestationObject::parse(&object.encode()).err(), outcome, "{length}");
    }
}

#[test]
fn codes_tell_bounds_from_form() {
    for (refusal, code) in [
        (AttestationObjectRefusal::TooLong, "resource_limit"),
        (AttestationObjectRefusal::Cbor(CborRefusal::TooDeep), "resource_limit"),
        (AttestationObjectRefusal::Cbor(CborRefusal::Truncated), "attestation_object"),
        (AttestationObjectRefusal::NotAMap, "attestation_object"),
    ] {
        assert_eq!(refusal.code(), code);
    }
}
