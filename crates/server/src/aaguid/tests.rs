use super::{NAMES, device, name, spell, suggest};

const GOOGLE: [u8; 16] =
    [0xea, 0x9b, 0x8d, 0x66, 0x4d, 0x01, 0x1d, 0x21, 0x3c, 0xe4, 0xb6, 0xb4, 0x8c, 0xb5, 0x75, 0xd4];
const VIRTUAL: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];

#[test]
fn every_line_of_the_snapshot_is_a_name() {
    let lines = include_str!("../../data/aaguids.tsv").lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(NAMES.len(), lines);
    assert!(lines > 300);
    assert!(NAMES.values().all(|name| !name.trim().is_empty()));
}

#[test]
fn a_provider_is_named_and_the_unknown_are_not() {
    assert_eq!(name(&GOOGLE), Some("Google Password Manager"));
    assert_eq!(name(&account::attested_device::SOFTWARE.0), Some("Keyfob"));
    assert_eq!(name(&[0; 16]), None);
    assert_eq!(name(&VIRTUAL), None);
}

#[test]
fn the_suggestion_prefers_provider_then_device_then_the_word() {
    assert_eq!(suggest(&GOOGLE, Some("Chrome on Windows"), "Passkey", &[]), "Google Password Manager");
    assert_eq!(suggest(&VIRTUAL, Some("Chrome on Windows"), "Passkey", &[]), "Chrome on Windows");
    assert_eq!(suggest(&VIRTUAL, Some(" "), "Passkey", &[]), "Passkey");
    assert_eq!(suggest(&VIRTUAL, None, "Passkey", &[]), "Passkey");
}

#[test]
fn duplicates_are_numbered_whatever_their_case() {
    let taken = ["google password manager".to_owned(), "Google Password Manager 2".to_owned()];
    assert_eq!(suggest(&GOOGLE, None, "Passkey", &taken), "Google Password Manager 3");
}

#[test]
fn an_aaguid_is_spelt_in_five_groups() {
    assert_eq!(spell(&GOOGLE), "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4");
}

#[test]
fn a_phone_that_answered_across_the_room_is_no_computer() {
    let named = |response: &str| device(response, "Chrome on Linux", "Phone");
    let answer = |attachment: &str, transports: &str| {
        format!(
            r#"{{"id":"x","authenticatorAttachment":{attachment},"response":{{"transports":{transports}}}}}"#
        )
    };
    assert_eq!(named(&answer("\"cross-platform\"", "[\"hybrid\",\"internal\"]")), "Phone");
    for here in [
        answer("\"platform\"", "[\"hybrid\",\"internal\"]"),
        answer("\"cross-platform\"", "[\"usb\"]"),
        answer("null", "[\"hybrid\"]"),
        answer("\"cross-platform\"", "\"hybrid\""),
        r#"{"response":{}}"#.to_owned(),
        "{".to_owned(),
        String::new(),
    ] {
        assert_eq!(named(&here), "Chrome on Linux", "{here}");
    }
}
