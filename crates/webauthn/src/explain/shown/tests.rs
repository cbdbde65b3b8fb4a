use super::*;

#[test]
fn what_steers_a_terminal_or_hides_is_written_out() {
    assert_eq!(
        text("a\u{1b}[31m\r\nb\u{202e}c\u{7f}\u{200b}"),
        r#""a\u{1b}[31m\r\nb\u{202e}c\u{7f}\u{200b}""#
    );
    assert_eq!(text("Müller \"x\""), "\"Müller \\\"x\\\"\"");
}

#[test]
fn long_values_are_cut_and_say_so() {
    let long = text(&"x".repeat(5000));
    assert!(long.len() < 160 && long.ends_with("(5000 bytes)"), "{long}");
    assert_eq!(bytes(&[0; 3]), "AAAA");
    assert_eq!(bytes(&[]), "nothing");
    assert_eq!(bytes(&[0; 24]), "A".repeat(32));
    assert_eq!(bytes(&[0; 25]), format!("{}... (25 bytes)", "A".repeat(32)));
    assert!(bytes(&[0; 300]).ends_with("... (300 bytes)"));
    assert_eq!(list(["a"; 9].into_iter()), r#""a", "a", "a", "a", 5 more"#);
    assert_eq!(list([].into_iter()), "none");
    assert_eq!(list(["a"; 4].into_iter()), r#""a", "a", "a", "a""#);
}

#[test]
fn json_beyond_ascii_means_the_same() {
    let value = serde_json::json!({"a": "ü\u{202e}\u{7f}😀\u{9b}"});
    let line = ascii_json(&value.to_string());
    assert!(line.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{line}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap(), value);
}

#[test]
fn algorithms_have_names() {
    assert_eq!(algorithm(-7), "ES256 (-7)");
    assert_eq!(algorithm(4), "the algorithm 4");
    assert_eq!(algorithms(&[-7, -257]), "ES256 (-7), RS256 (-257)");
    assert_eq!(algorithms(&[]), "none");
    assert!(algorithms(&[1; 20]).ends_with("4 more"));
    assert!(algorithms(&[1; 16]).ends_with("algorithm 1"));
    // Names of the IANA registry, whether or not they are taken here.
    for (id, name) in [
        (-7, "ES256"),
        (-8, "EdDSA"),
        (-9, "ESP256"),
        (-19, "Ed25519"),
        (-35, "ES384"),
        (-36, "ES512"),
        (-37, "PS256"),
        (-38, "PS384"),
        (-39, "PS512"),
        (-47, "ES256K"),
        (-48, "ML-DSA-44"),
        (-49, "ML-DSA-65"),
        (-50, "ML-DSA-87"),
        (-51, "ESP384"),
        (-52, "ESP512"),
        (-53, "Ed448"),
        (-257, "RS256"),
        (-258, "RS384"),
        (-259, "RS512"),
        (-65_535, "RS1"),
    ] {
        assert_eq!(algorithm(id), format!("{name} ({id})"));
    }
}
