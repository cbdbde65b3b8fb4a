//! What may be a password.

use super::*;

fn login(text: &str) -> Login {
    Login::parse(text).unwrap()
}

fn refusal(typed: &str) -> Option<NewPasswordRefusal> {
    parse_new(typed, &PasswordPolicy::default(), &login("Ana.Meier@example.com")).err()
}

#[test]
fn a_length_is_all_that_is_asked() {
    assert_eq!(refusal("correct horse"), None);
    assert_eq!(refusal("aaaaaaaaaa"), None, "no rules of composition");
    assert_eq!(refusal("aaaaaaaaa"), Some(NewPasswordRefusal::TooShort));
    assert_eq!(refusal(""), Some(NewPasswordRefusal::TooShort));
    assert_eq!(refusal(&"é".repeat(256)), None);
    assert_eq!(refusal(&"é".repeat(257)), Some(NewPasswordRefusal::TooLong));
    assert_eq!(refusal(&"x".repeat(10_000_000)), Some(NewPasswordRefusal::TooLong));
}

#[test]
fn characters_are_counted_and_not_bytes_or_combining_marks() {
    // Ten letters, each with an accent of its own, as some keyboards send them.
    let decomposed = "e\u{301}".repeat(10);
    assert_eq!(refusal(&decomposed), None);
    assert_eq!(refusal(&"e\u{301}".repeat(9)), Some(NewPasswordRefusal::TooShort));
    assert_eq!(normalise(&decomposed).unwrap(), normalise(&"é".repeat(10)).unwrap());
    assert_eq!(normalise(" spaces stay ").unwrap().reveal(), " spaces stay ");
}

#[test]
fn the_login_is_no_part_of_it() {
    for typed in ["my Ana.Meier@example.com!", "xANA.MEIERx12", "ａｎａ.ｍｅｉｅｒ 12345"] {
        assert_eq!(refusal(typed), Some(NewPasswordRefusal::ContainsLogin), "{typed}");
    }
    assert_eq!(refusal("example.com 12345"), None, "a domain is everybody's");
    let short = parse_new("banana split", &PasswordPolicy::default(), &login("ana"));
    assert!(short.is_ok(), "three letters stand in too many words");
}

#[test]
fn codes_are_stable() {
    use NewPasswordRefusal::{Breached, ContainsLogin, Same, TooLong, TooShort};
    let codes = [TooShort, TooLong, Breached, Same, ContainsLogin].map(NewPasswordRefusal::code);
    assert_eq!(codes, ["too_short", "too_long", "breached", "same", "contains_login"]);
    assert_eq!(normalise("").unwrap_err().code(), "password_empty");
    assert_eq!(normalise(&"x".repeat(257)).unwrap_err().code(), "password_too_long");
}
