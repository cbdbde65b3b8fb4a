use super::*;

#[test]
fn references_are_told_from_files() {
    assert_eq!(reference("7F3K-22QX").as_deref(), Some("7F3K-22QX"));
    assert_eq!(reference("7f3k-22qx").as_deref(), Some("7F3K-22QX"));
    for file in ["-", "case.json", "./7F3K-22QX", "7F3K22QX", "7F3K-22QXX", "7F3K-22.X", "ä3K-22QX"] {
        assert_eq!(reference(file), None, "{file}");
    }
}

#[test]
fn the_report_has_every_step_the_verdict_and_the_remedy() {
    let text = r#"{"kind":"registration","rp":{"rpId":"example.org","origins":["https://example.org"]},
        "options":{"challenge":"AAAA"},"response":{"type":"password"}}"#;
    let text = report(&one(text.as_bytes()).unwrap());
    assert!(text.starts_with("WebAuthn Level 3, section 7.1: registration\n"), "{text}");
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.get(..3).is_some_and(|number| number.trim().parse::<u8>().is_ok()))
        .collect();
    assert_eq!(lines.len(), 29, "{text}");
    assert_eq!(lines[2], "  3  REFUSED      The answer is that of a registration");
    assert_eq!(lines[28], " 29  not reached  The credential record is stored");
    assert!(text.contains("\nRefused: malformed (step 7.1.3).\n"), "{text}");
    assert!(text.contains("\nWhat to do: Record the ceremony again"), "{text}");
}

#[test]
fn a_broken_case_is_explained_too() {
    let text = report(&one(b"\xff\xfe".as_slice()).unwrap());
    assert_eq!(text.lines().next(), Some("Refused: malformed."));
    let endless = one(io::repeat(b'{')).unwrap();
    assert_eq!(endless.reason, "resource_limit");
}
