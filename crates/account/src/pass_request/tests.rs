use super::*;

#[test]
fn what_is_typed_is_trimmed_and_bounded() {
    let asked = Asked::parse(" Ana@Example.com ", " 044 123 ", "  ", Reason::Lost).unwrap();
    assert_eq!(
        (asked.login.key(), asked.contact.as_str(), asked.colleague.as_str()),
        ("ana@example.com", "044 123", "")
    );
    let refused = |login: &str, contact: &str, colleague: &str| {
        Asked::parse(login, contact, colleague, Reason::Lost).unwrap_err().code()
    };
    let long = "x".repeat(LONGEST + 1);
    assert_eq!(refused("", "c", ""), "login_empty");
    assert_eq!(refused("ana", " ", ""), "contact_empty");
    assert_eq!(refused("ana", &long, ""), "contact_form");
    assert_eq!(refused("ana", "a\nb", ""), "contact_form");
    assert_eq!(refused("ana", "c", &long), "colleague_form");
    assert_eq!(refused("ana", "c", "\u{202e}x"), "colleague_form");
}
