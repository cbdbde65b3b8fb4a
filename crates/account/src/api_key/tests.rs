//! What keys may be, and that a confirmation fits one of them.

use super::*;
use crate::audit::Actor;
use crate::samples::id;

fn terms(name: &str, scopes: &[Scope], lifetime: Span, personal: bool) -> Result<Terms, TermsRefusal> {
    Terms::new(name, scopes.to_vec(), lifetime, personal)
}

#[test]
fn a_program_neither_enrols_nor_mints() {
    let day = Span::from_days(1);
    for scope in Scope::ALL {
        let made = terms("script", &[*scope], day, false);
        let refused = matches!(scope, Scope::PasskeysProvision | Scope::PassesIssue);
        assert_eq!(made.is_err(), refused, "{scope}");
        assert_eq!(made.err(), refused.then_some(TermsRefusal::NeedsPerson));
        assert!(terms("mine", &[*scope], Span::from_hours(1), true).is_ok());
    }
}

#[test]
fn terms_are_bounded() {
    let read = [Scope::UsersRead];
    let codes = [
        (terms("", &read, Span::from_days(1), false), "name_empty"),
        (terms("x", &[], Span::from_days(1), false), "scopes_missing"),
        (terms("x", &[Scope::PassesIssue], Span::from_days(1), false), "scope_needs_person"),
        (terms("x", &read, Span::from_days(731), false), "key_lifetime"),
        (terms("x", &read, Span::from_secs(59), false), "key_lifetime"),
        (terms("x", &read, Span::from_minutes(61), true), "key_lifetime"),
    ];
    for (refused, code) in codes {
        assert_eq!(refused.unwrap_err().code(), code);
    }
}

#[test]
fn a_confirmation_fits_one_set_of_terms() {
    let hour = Span::from_hours(1);
    let made = [
        terms("a", &[Scope::UsersRead], hour, false),
        terms("b", &[Scope::UsersRead], hour, false),
        terms("a", &[Scope::UsersWrite], hour, false),
        terms("a", &[Scope::UsersRead, Scope::UsersWrite], hour, false),
        terms("a", &[Scope::UsersRead], Span::from_minutes(59), false),
        terms("a", &[Scope::UsersRead], hour, true),
    ];
    let mut digests: Vec<Digest> = made.iter().map(|terms| terms.as_ref().unwrap().digest()).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), made.len());
    let (one, other) = (
        terms("a", &[Scope::Scim, Scope::LogRead, Scope::Scim], hour, false).unwrap(),
        terms(" a ", &[Scope::LogRead, Scope::Scim], hour, false).unwrap(),
    );
    assert_eq!(one.digest(), other.digest(), "order and repetition mean nothing");
}

#[test]
fn a_value_reads_back_and_nothing_else_does() {
    let value = Token::parse(&"A".repeat(43)).unwrap();
    assert_eq!(read(&spell(&value)).unwrap().as_bytes(), value.as_bytes());
    for text in
        ["", "kwk_", &"A".repeat(43), &format!("kwk_{}", "A".repeat(42)), &format!("KWK_{}", "A".repeat(43))]
    {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn a_key_ends_by_time_by_hand_and_by_a_restore() {
    let at = |secs: i64| Timestamp::from_micros(secs * 1_000_000);
    let key = ApiKey {
        id: id(1),
        name: "k".to_owned(),
        scopes: vec![Scope::UsersRead],
        person: None,
        author: Actor::Operator,
        created: at(0),
        ends: at(10),
        last_used: None,
        revoked: None,
        deployment_epoch: 1,
    };
    assert!(key.stands(1, at(9)) && key.has(Scope::UsersRead) && !key.has(Scope::UsersWrite));
    assert!(!key.stands(1, at(10)) && !key.stands(2, at(9)));
    assert!(!ApiKey { revoked: Some(at(1)), ..key }.stands(1, at(9)));
}
