use super::*;

#[test]
fn the_model_is_keyfobs_in_software() {
    assert_eq!(SOFTWARE.to_string(), "6b657966-6f62-4000-8000-000000000001");
}

#[test]
fn a_certificate_is_renewed_in_its_last_third() {
    let now = Timestamp::from_secs(1_800_000_000);
    let device = Device {
        id: Id::from_bytes([1; 16]),
        user: Id::from_bytes([2; 16]),
        name: String::new(),
        key: Vec::new(),
        certificate: Vec::new(),
        created: now,
        issued: now,
        ends: now + LIFETIME,
        revoked: None,
    };
    assert!(!device.is_due(now));
    assert!(!device.is_due(now + LIFETIME - RENEWED - Span::from_micros(1)));
    assert!(device.is_due(now + LIFETIME - RENEWED));
    assert!(device.is_due(now + LIFETIME + LIFETIME));
}

#[test]
fn a_name_may_be_missing_but_not_anything() {
    assert_eq!(parse_name("  "), Ok(String::new()));
    assert_eq!(parse_name(" Ana's laptop "), Ok("Ana's laptop".to_owned()));
    assert_eq!(parse_name(&"x".repeat(61)), Err(NameRefusal::TooLong));
    assert_eq!(parse_name("a\u{7}"), Err(NameRefusal::ControlCharacter));
}
