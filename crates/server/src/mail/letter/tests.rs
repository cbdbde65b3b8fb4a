use super::*;

fn house() -> House {
    House {
        organisation: one_line("Example\r\nBcc: eve@example.com"),
        origin: "https://id.example.com".to_owned(),
        host: "id.example.com".to_owned(),
        language: Language::English,
    }
}

#[test]
fn nothing_ends_a_line_in_a_header() {
    let letter = Letter::test(&house(), "ana@example.com\r\nBcc: eve@example.com").unwrap();
    assert!(!letter.subject.chars().any(char::is_control), "{}", letter.subject);
    let (from, to) = ("id@example.com".parse().unwrap(), "ana@example.com".parse().unwrap());
    let message = letter.message(&house(), from, to, "7", Timestamp::from_secs(1_800_000_000)).unwrap();
    let formatted = String::from_utf8(message.formatted()).unwrap();
    let (headers, _) = formatted.split_once("\r\n\r\n").unwrap();
    assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{headers}");
    assert!(headers.contains("Message-ID: <7@id.example.com>"), "{headers}");
}

#[test]
fn what_people_typed_is_escaped_in_the_markup() {
    let letter = Letter::test(&house(), "<b>&").unwrap();
    assert!(!letter.html.contains("<b>"), "{}", letter.html);
    assert!(letter.text.contains("<b>&"));
}
