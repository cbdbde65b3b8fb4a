//! Where answers go, and where none does.

use super::*;

/// O2 of the requirements: sixty hostile redirect URIs on every prompt and every mode, sent and pushed.
#[test]
fn hostile_redirect_uris_are_shown_whatever_else_is_asked() {
    let modes = ResponseMode::ALL.map(ResponseMode::name);
    let prompts = ["", "none", "login", "consent", "select_account", "none login", "nonsense"];
    for hostile in HOSTILE.into_iter().filter(|uri| !uri.contains('\0')) {
        for mode in modes.into_iter().chain(["", "jwt", "nonsense"]) {
            for prompt in prompts {
                let asked = with(&[("redirect_uri", hostile), ("response_mode", mode), ("prompt", prompt)]);
                for pushed in [false, true] {
                    let arrival = Arrival { issuer: ISSUER, pushed, signed: false };
                    let outcome = read(&asked, &client(), arrival);
                    assert_eq!(shown(&outcome), "redirect_uri_mismatch", "{hostile} {mode} {prompt}");
                }
                let refused = refuse(&asked, &client(), ISSUER, Refusal::RequestUriInvalid);
                assert_eq!(refused, Refused::Shown(Refusal::RedirectUriMismatch), "{hostile}");
            }
        }
    }
}

#[test]
fn without_a_place_that_is_registered_the_person_is_told() {
    for (changes, code) in [
        (vec![("redirect_uri", "")], "redirect_uri_missing"),
        (vec![("redirect_uri", "https://other.example/callback")], "redirect_uri_mismatch"),
        (vec![("redirect_uri", ""), ("prompt", "none"), ("response_type", "")], "redirect_uri_missing"),
        (vec![("client_id", "")], "client_id_missing"),
        (vec![("client_id", "two words")], "client_id"),
        (vec![("client_id", "wiki")], "client_mismatch"),
        (vec![("client_id", "Payroll")], "client_mismatch"),
    ] {
        assert_eq!(shown(&read_with(&changes)), code, "{changes:?}");
    }
    let nowhere = Client { redirect_uris: vec![], ..client() };
    assert_eq!(shown(&read(&with(&[]), &nowhere, PLAIN)), "redirect_uri_mismatch");
}

#[test]
fn the_client_is_named_once_and_readable() {
    assert_eq!(client_id(&with(&[])).unwrap().as_str(), "payroll");
    let long = "x".repeat(256);
    for (id, code) in
        [("", "client_id_missing"), ("ü", "client_id"), ("a\"b", "client_id"), (long.as_str(), "client_id")]
    {
        assert_eq!(client_id(&with(&[("client_id", id)])).map_err(Refusal::code), Err(code));
    }
}

#[test]
fn apps_are_answered_at_any_port_of_the_own_machine() {
    for (redirect_uri, expected) in [
        ("http://127.0.0.1:51004/native", true),
        ("http://[::1]:51004/native", true),
        ("com.example.payroll:/callback", true),
        ("http://localhost:8000/native", true),
        ("http://localhost:51004/native", false),
        ("http://127.0.0.1:51004/callback", false),
        ("com.example.payroll:/callback/", false),
        ("com.example.payroll.evil:/callback", false),
    ] {
        let outcome = read_with(&[("redirect_uri", redirect_uri)]);
        match outcome {
            Ok(request) => assert!(expected && request.redirect_uri == redirect_uri, "{redirect_uri}"),
            Err(refused) => assert!(!expected && refused.code() == "redirect_uri_mismatch", "{redirect_uri}"),
        }
    }
}

#[test]
fn an_answer_says_state_and_issuer_and_goes_the_way_that_was_asked_for() {
    for mode in ResponseMode::ALL {
        let (code, answer) =
            answered(read_with(&[("response_mode", mode.name()), ("response_type", "token")]));
        assert_eq!((code, answer.mode, answer.redirect_uri.as_str()), ("response_type", mode, REDIRECT));
        let said = ["error", "error_description", "state", "iss"].map(|name| answer.get(name));
        let expected = [
            Some("unsupported_response_type"),
            Some("response_type must be code"),
            Some("af0ifjsldkj"),
            Some(ISSUER),
        ];
        assert_eq!(said, expected);
        assert_eq!(answer.is_ready(), !mode.is_signed(), "a signed mode is signed for errors too");
    }
}

#[test]
fn a_mode_that_is_not_the_clients_is_refused_by_one_that_is() {
    let only = |modes: &[ResponseMode]| Client { response_modes: modes.to_vec(), ..client() };
    for (modes, asked, expected) in [
        (vec![ResponseMode::FormPost], "", Some(ResponseMode::FormPost)),
        (vec![ResponseMode::FormPost], "query", Some(ResponseMode::FormPost)),
        (vec![ResponseMode::FormPost], "form_post", None),
        (vec![ResponseMode::Query], "fragment", Some(ResponseMode::Query)),
        (vec![ResponseMode::Query], "query.jwt", Some(ResponseMode::Query)),
        (vec![ResponseMode::Fragment, ResponseMode::Query], "web_message", Some(ResponseMode::Query)),
        (vec![ResponseMode::QueryJwt], "jwt", None),
        (vec![ResponseMode::QueryJwt], "", Some(ResponseMode::QueryJwt)),
        (vec![], "", Some(ResponseMode::Query)),
    ] {
        let outcome = read(&with(&[("response_mode", asked)]), &only(&modes), PLAIN);
        match expected {
            None => assert!(outcome.is_ok(), "{modes:?} {asked}"),
            Some(mode) => {
                let (code, answer) = answered(outcome);
                let error = answer.get("error");
                assert_eq!(
                    (code, answer.mode, error),
                    ("response_mode", mode, Some("invalid_request")),
                    "{asked}"
                );
            }
        }
    }
}

#[test]
fn a_state_that_cannot_be_taken_does_not_come_back() {
    let long = "x".repeat(LONGEST_STATE + 1);
    for state in ["a\nb", "a\r\nLocation: https://evil.example", "\u{1b}[2J", long.as_str()] {
        let (code, answer) = answered(read_with(&[("state", state)]));
        assert_eq!(
            (code, answer.get("state"), answer.get("iss")),
            ("state", None, Some(ISSUER)),
            "{state:.20}"
        );
    }
}

#[test]
fn what_cannot_be_opened_is_answered_only_at_a_registered_place() {
    for (changes, expected) in [
        (vec![], true),
        (vec![("redirect_uri", "")], false),
        (vec![("redirect_uri", ""), ("state", ""), ("scope", ""), ("response_type", "")], false),
    ] {
        let refused = refuse(&with(&changes), &client(), ISSUER, Refusal::RequestUriInvalid);
        assert_eq!((refused.code(), refused.error().name()), ("request_uri", "invalid_request_uri"));
        assert_eq!(matches!(refused, Refused::Answered(..)), expected, "{changes:?}");
    }
}

/// Parameters that refer to another place are refused before anything else is looked at, and never fetched.
#[test]
fn references_and_objects_are_refused_where_they_cannot_be_taken() {
    for (name, value, pushed, code, error) in [
        (
            "request_uri",
            "https://app.example.com/r.jwt",
            false,
            "request_uri_not_supported",
            "request_uri_not_supported",
        ),
        (
            "request_uri",
            "urn:ietf:params:oauth:request_uri:AA",
            true,
            "request_uri_pushed",
            "invalid_request",
        ),
        ("request", "a.b.c", false, "request_not_supported", "request_not_supported"),
        ("request", "a.b.c", true, "request_not_supported", "request_not_supported"),
        ("registration", "{}", false, "registration_not_supported", "registration_not_supported"),
    ] {
        let arrival = Arrival { issuer: ISSUER, pushed, signed: false };
        let (found, answer) = answered(read(&with(&[(name, value)]), &client(), arrival));
        assert_eq!((found, answer.get("error")), (code, Some(error)), "{name}");
    }
}
