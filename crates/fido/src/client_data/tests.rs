use super::*;

fn valid() -> CollectedClientData {
    CollectedClientData {
        kind: "webauthn.get".into(),
        challenge: "AAAA".into(),
        origin: "https://example.org".into(),
        cross_origin: false,
        top_origin: None,
    }
}

#[test]
fn client_data_survive_encoding() {
    let framed = CollectedClientData {
        cross_origin: true,
        top_origin: Some("https://a.example/\"\\".into()),
        ..valid()
    };
    for data in [valid(), framed] {
        assert_eq!(CollectedClientData::parse(&data.encode()), Ok(data));
    }
    let text =
        r#"{"type":"webauthn.get","challenge":"AAAA","origin":"https://example.org","crossOrigin":false}"#;
    assert_eq!(valid().encode(), text.as_bytes());
}

#[test]
fn cross_origin_may_be_absent() {
    let text = r#"{"type":"webauthn.get","challenge":"AAAA","origin":"https://example.org"}"#;
    assert_eq!(CollectedClientData::parse(text.as_bytes()), Ok(valid()));
}

#[test]
fn invalid_utf_8_is_not_repaired() {
    let mut bytes = valid().encode();
    bytes[9] = 0xff;
    assert_eq!(CollectedClientData::parse(&bytes), Err(ClientDataRefusal::NotUtf8));
}

#[test]
fn every_truncation_is_refused() {
    let bytes = valid().encode();
    for length in 0..bytes.len() {
        assert!(CollectedClientData::parse(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn client_data_have_8_kib_at_most() {
    assert_eq!(LONGEST, 8192);
    let padded = |length: usize| {
        let mut bytes = valid().encode();
        bytes.resize(length, b' ');
        CollectedClientData::parse(&bytes)
    };
    assert_eq!(padded(LONGEST), Ok(valid()));
    for length in [LONGEST + 1, 2 * LONGEST] {
        assert_eq!(padded(length), Err(ClientDataRefusal::TooLong));
    }
}

#[test]
fn codes_are_those_of_the_members() {
    for (refusal, code) in [
        (ClientDataRefusal::TooLong, "resource_limit"),
        (ClientDataRefusal::Json(crate::json::JsonRefusal::TooDeep), "resource_limit"),
        (ClientDataRefusal::Json(crate::json::JsonRefusal::Syntax), "client_data_json"),
        (ClientDataRefusal::NotUtf8, "client_data_json"),
        (ClientDataRefusal::Type, "client_data_type"),
        (ClientDataRefusal::Challenge, "challenge"),
        (ClientDataRefusal::Origin, "origin"),
        (ClientDataRefusal::CrossOriginNotBoolean, "cross_origin"),
        (ClientDataRefusal::TopOrigin, "top_origin"),
    ] {
        assert_eq!(refusal.code(), code);
    }
}
