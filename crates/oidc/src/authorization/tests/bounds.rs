//! The bound of each parameter, from both sides.

use super::*;

fn outcome(name: &str, value: &str) -> &'static str {
    match read_with(&[(name, value)]) {
        Ok(_) => "ok",
        Err(Refused::Answered(refusal, answer)) => {
            assert_eq!(answer.get("error"), Some(refusal.error().name()));
            refusal.code()
        }
        Err(Refused::Shown(refusal)) => panic!("{refusal:?}"),
    }
}

#[test]
fn every_parameter_has_its_bound() {
    let repeated = |text: &str, count: usize| vec![text; count].join(" ");
    let numbered = |count: usize| (0..count).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    let long = |length: usize| "x".repeat(length);
    let hint = |length: usize| format!("a.{}.c", "b".repeat(length - 4));
    for (name, value, expected) in [
        ("state", long(LONGEST_STATE), "ok"),
        ("state", long(LONGEST_STATE + 1), "state"),
        ("state", "ü \u{1f511}".to_owned(), "ok"),
        ("state", "a\u{85}b".to_owned(), "state"),
        ("nonce", long(LONGEST_NONCE), "ok"),
        ("nonce", long(LONGEST_NONCE + 1), "nonce"),
        ("nonce", "a\nb".to_owned(), "nonce"),
        ("login_hint", long(LONGEST_LOGIN_HINT), "ok"),
        ("login_hint", long(LONGEST_LOGIN_HINT + 1), "login_hint"),
        ("login_hint", "ana\r\n".to_owned(), "login_hint"),
        ("id_token_hint", hint(LONGEST_ID_TOKEN_HINT), "ok"),
        ("id_token_hint", hint(LONGEST_ID_TOKEN_HINT + 1), "id_token_hint"),
        ("id_token_hint", "a.b".to_owned(), "id_token_hint"),
        ("id_token_hint", "a.b.c.d.e".to_owned(), "id_token_hint"),
        ("id_token_hint", "a.b.<c>".to_owned(), "id_token_hint"),
        ("acr_values", numbered(MOST_OF_A_LIST), "ok"),
        ("acr_values", numbered(MOST_OF_A_LIST + 1), "acr_values"),
        ("acr_values", repeated("phr", 100), "ok"),
        ("acr_values", repeated("phr", 300), "acr_values"),
        ("acr_values", "phr\tphrh".to_owned(), "acr_values"),
        ("ui_locales", numbered(MOST_OF_A_LIST + 1), "ui_locales"),
        ("ui_locales", long(LONGEST_LIST + 1), "ui_locales"),
        ("ui_locales", "<script> de".to_owned(), "ok"),
        ("scope", "openid  email".to_owned(), "scope"),
        ("scope", "openid \"".to_owned(), "scope"),
        ("scope", format!("openid {}", numbered(40)), "scope"),
        ("scope", String::new(), "scope_missing"),
        ("scope", "address phone".to_owned(), "scope_not_allowed"),
        ("scope", "openid address phone".to_owned(), "ok"),
        ("scope", "email".to_owned(), "ok"),
        ("display", "nonsense".to_owned(), "ok"),
        ("dpop_jkt", long(43), "dpop_jkt"),
        ("dpop_jkt", CHALLENGE.to_owned(), "ok"),
        ("dpop_jkt", CHALLENGE[..42].to_owned(), "dpop_jkt"),
        ("dpop_jkt", format!("{CHALLENGE}="), "dpop_jkt"),
        ("claims", "{}".to_owned(), "ok"),
        ("claims", "[]".to_owned(), "claims_json"),
        ("claims", "{\"id_token\":1}".to_owned(), "claims_member"),
    ] {
        assert_eq!(outcome(name, &value), expected, "{name}={value:.40}");
    }
}

#[test]
fn only_codes_are_given() {
    for (value, code) in [
        ("code", "ok"),
        ("", "response_type_missing"),
        ("token", "response_type"),
        ("id_token", "response_type"),
        ("code id_token", "response_type"),
        ("code token", "response_type"),
        ("none", "response_type"),
        ("Code", "response_type"),
        ("code ", "response_type"),
    ] {
        assert_eq!(outcome("response_type", value), code, "{value}");
    }
}

/// `max_age` is read as digits (RFC 6749 appendix A has no sign); 0 is as good as any.
#[test]
fn ages_are_whole_seconds() {
    for value in ["0", "1", "10000", "000", "4294967295"] {
        assert_eq!(outcome("max_age", value), "ok", "{value}");
    }
    for value in
        ["-1", "+1", "1.5", "1e3", " 1", "1 ", "0x10", "4294967296", "99999999999999999999", "٣", "NaN"]
    {
        assert_eq!(outcome("max_age", value), "max_age", "{value}");
    }
}

/// O5 of the requirements.
#[test]
fn nobody_goes_without_a_proof() {
    for (challenge, method, code) in [
        ("", "", "pkce_missing"),
        ("", "S256", "pkce_missing"),
        (CHALLENGE, "", "pkce_method"),
        (CHALLENGE, "plain", "pkce_method"),
        (CHALLENGE, "S512", "pkce_method"),
        ("short", "S256", "pkce_challenge"),
    ] {
        for pushed in [false, true] {
            let asked = with(&[("code_challenge", challenge), ("code_challenge_method", method)]);
            let (found, answer) =
                answered(read(&asked, &client(), Arrival { issuer: ISSUER, pushed, signed: pushed }));
            assert_eq!((found, answer.get("error")), (code, Some("invalid_request")), "{challenge} {method}");
        }
    }
}

#[test]
fn resources_are_those_that_were_registered() {
    let asked = |resources: &[&str]| {
        let mut pairs = valid();
        pairs.extend(resources.iter().map(|uri| ("resource".to_owned(), (*uri).to_owned())));
        read(&parameters(&pairs), &client(), PLAIN)
    };
    let both = ["https://api.example.com/", "urn:example:files", "https://api.example.com/"];
    assert_eq!(asked(&both).unwrap().resources, both[..2]);
    for foreign in ["https://api.example.com", "https://api.example.com/#", "https://other.example/", "files"]
    {
        let (code, answer) = answered(asked(&["urn:example:files", foreign]));
        assert_eq!((code, answer.get("error")), ("resource", Some("invalid_target")), "{foreign}");
    }
}
