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
