//! One test a rule of logins and names.

use super::*;

#[test]
fn every_spelling_of_a_login_has_one_key() {
    let key = |text: &str| Login::parse(text).unwrap().key().to_owned();
    for spelling in [
        "ana.meier@example.com",
        " Ana.Meier@Example.COM ",
        "ＡＮＡ.meier@example.com",
        "ana．meier@example.com",
    ] {
        assert_eq!(key(spelling), "ana.meier@example.com", "{spelling}");
    }
    assert_eq!(key("ZÜRI"), key("zu\u{308}ri"));
    assert_ne!(key("ana@example.com"), key("anna@example.com"));
}

#[test]
fn a_login_keeps_the_spelling_that_was_chosen() {
    let login = Login::parse("  Ana.Meier@Example.com").unwrap();
    assert_eq!(login.shown(), "Ana.Meier@Example.com");
    assert_eq!(Login::from_stored(login.shown().to_owned()), login);
}

#[test]
fn a_login_is_one_to_254_characters_without_controls() {
    assert_eq!(Login::parse(" \t "), Err(LoginRefusal::Empty));
    assert_eq!(Login::parse(&"a".repeat(255)), Err(LoginRefusal::TooLong));
    assert_eq!(Login::parse(&"ä".repeat(10_000_000)), Err(LoginRefusal::TooLong));
    assert!(Login::parse(&"ü".repeat(254)).is_ok());
    for hidden in ["a\0b", "a\r\nb", "a\u{202e}b", "a\u{61c}b", "a\u{2028}b", "a\u{1b}[31m"] {
        assert_eq!(Login::parse(hidden), Err(LoginRefusal::ControlCharacter), "{hidden:?}");
    }
}

#[test]
fn a_name_is_trimmed_and_bounded() {
    assert_eq!(parse_name("  Ana Meier "), Ok("Ana Meier".to_owned()));
    assert_eq!(parse_name(""), Err(NameRefusal::Empty));
    assert_eq!(parse_name(&"x".repeat(LONGEST_NAME + 1)), Err(NameRefusal::TooLong));
    assert_eq!(parse_name("Ana\u{2066}"), Err(NameRefusal::ControlCharacter));
}

#[test]
fn an_address_has_two_sides_and_nothing_that_could_end_a_line() {
    assert_eq!(parse_email(" ana@example.com "), Ok("ana@example.com".to_owned()));
    for text in ["", "ana", "@example.com", "ana@", "a@b@c", "a b@c", "a@b\r\nBcc: eve@c", "a@\u{202e}b"] {
        assert_eq!(parse_email(text), Err(EmailRefusal), "{text:?}");
    }
    assert_eq!(parse_email(&format!("{}@b", "a".repeat(254))), Err(EmailRefusal));
}
