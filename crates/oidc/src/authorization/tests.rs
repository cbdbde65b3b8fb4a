use serde_json::json;

use super::*;
use crate::client::ResponseMode;
use crate::samples::{CHALLENGE, HOSTILE, ISSUER, REDIRECT, client, parameters, valid, with};

mod bounds;
mod chaos;
mod places;

const PLAIN: Arrival<'static> = Arrival { issuer: ISSUER, pushed: false, signed: false };

fn read_with(changes: &[(&str, &str)]) -> Result<Request, Refused> {
    read(&with(changes), &client(), PLAIN)
}

/// The answer that a client gets, and the code of the rule.
fn answered(outcome: Result<Request, Refused>) -> (&'static str, AuthorizationResponse) {
    match outcome {
        Err(Refused::Answered(refusal, answer)) => (refusal.code(), answer),
        other => panic!("{other:?}"),
    }
}

fn shown(outcome: &Result<Request, Refused>) -> &'static str {
    match outcome {
        Err(Refused::Shown(refusal)) => refusal.code(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_is_read() {
    let request = read_with(&[
        ("response_mode", "form_post"),
        ("scope", "openid email groups other"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("prompt", "login consent"),
        ("max_age", "0"),
        ("acr_values", "phrh phr  phr"),
        ("claims", "{\"id_token\":{\"acr\":{\"essential\":true,\"value\":\"phr\"}}}"),
        ("login_hint", "ana@example.com"),
        ("id_token_hint", "a.b-_.c"),
        ("ui_locales", "de-CH fr en_US"),
        ("resource", "urn:example:files"),
        ("dpop_jkt", CHALLENGE),
        ("display", "popup"),
        ("unknown", "ignored"),
    ])
    .unwrap();
    assert_eq!((request.client_id.as_str(), request.redirect_uri.as_str()), ("payroll", REDIRECT));
    assert_eq!(
        (request.mode, request.scopes.to_string().as_str()),
        (ResponseMode::FormPost, "email groups openid")
    );
    assert_eq!(
        (request.state.as_deref(), request.nonce.as_deref()),
        (Some("af0ifjsldkj"), Some("n-0S6_WzA2Mj"))
    );
    assert_eq!((request.challenge.as_str(), request.max_age), (CHALLENGE, Some(0)));
    assert_eq!(request.prompt, Prompt { login: true, consent: true, ..Prompt::default() });
    assert_eq!(request.acr_values, ["phrh", "phr"]);
    assert_eq!(request.claims.essential_acr().collect::<Vec<_>>(), ["phr"]);
    assert_eq!(request.login_hint.as_deref(), Some("ana@example.com"));
    assert_eq!(request.id_token_hint.as_deref(), Some("a.b-_.c"));
    assert_eq!(request.ui_locales, ["de-CH", "fr"]);
    assert_eq!(request.resources, ["urn:example:files"]);
    assert_eq!((request.dpop_jkt.as_deref(), request.display), (Some(CHALLENGE), Some(Display::Popup)));
    assert!(request.is_openid());
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request);
}

#[test]
fn the_shortest_request_is_small_when_it_is_kept() {
    let request = read_with(&[("state", "")]).unwrap();
    let kept = serde_json::to_value(&request).unwrap();
    let expected = json!({
        "client_id": "payroll",
        "redirect_uri": REDIRECT,
        "mode": "query",
        "scopes": "email openid",
        "challenge": CHALLENGE,
    });
    assert_eq!(kept, expected);
    assert_eq!(serde_json::from_value::<Request>(kept).unwrap(), request);
}

#[test]
fn defaults_of_the_client_stand_in_for_what_a_request_leaves_out() {
    let client =
        Client { default_max_age: Some(600), default_acr_values: vec!["phr".to_owned()], ..client() };
    let request = read(&with(&[]), &client, PLAIN).unwrap();
    assert_eq!((request.max_age, request.acr_values), (Some(600), vec!["phr".to_owned()]));
    let request = read(&with(&[("max_age", "0"), ("acr_values", "phrh")]), &client, PLAIN).unwrap();
    assert_eq!((request.max_age, request.acr_values), (Some(0), vec!["phrh".to_owned()]));
}

#[test]
fn offline_access_is_for_clients_that_may_refresh() {
    let asked = with(&[("scope", "openid offline_access")]);
    assert!(read(&asked, &client(), PLAIN).unwrap().scopes.has(scope::OFFLINE_ACCESS));
    let client = Client { grants: vec![GrantType::AuthorizationCode], ..client() };
    assert_eq!(read(&asked, &client, PLAIN).unwrap().scopes.to_string(), "openid");
}

#[test]
fn prompts_are_read_and_none_stands_alone() {
    let read = |text: &str| Prompt::parse(text).map(|prompt| prompt.to_string()).map_err(Refusal::code);
    for (text, expected) in [
        ("", Ok("")),
        ("none", Ok("none")),
        ("none none", Ok("none")),
        ("login", Ok("login")),
        ("select_account consent login", Ok("login consent select_account")),
        ("none login", Err("prompt_none")),
        ("consent none", Err("prompt_none")),
        ("none select_account", Err("prompt_none")),
        ("create", Err("prompt")),
        ("None", Err("prompt")),
        ("login,consent", Err("prompt")),
        ("none\tlogin", Err("prompt")),
    ] {
        assert_eq!(read(text), expected.map(str::to_owned), "{text}");
    }
    assert!(serde_json::from_str::<Prompt>("\"none login\"").is_err());
    let (code, answer) = answered(read_with(&[("prompt", "none login")]));
    assert_eq!((code, answer.get("error")), ("prompt_none", Some("invalid_request")));
}

#[test]
fn who_has_to_push_or_sign_must() {
    let pushing = Client { pushed_only: true, ..client() };
    let signing = Client { signed_only: true, ..client() };
    let by = |client: &Client, pushed, signed| {
        read(&with(&[]), client, Arrival { issuer: ISSUER, pushed, signed })
            .map_or_else(|refused| refused.code(), |_| "ok")
    };
    for (pushed, signed, when_pushing, when_signing) in [
        (false, false, "pushed_only", "signed_only"),
        (true, false, "ok", "signed_only"),
        (false, true, "pushed_only", "ok"),
        (true, true, "ok", "ok"),
    ] {
        assert_eq!(
            (by(&pushing, pushed, signed), by(&signing, pushed, signed)),
            (when_pushing, when_signing)
        );
    }
}

#[test]
fn whoever_may_not_ask_for_codes_is_told() {
    let client = Client { grants: vec![GrantType::ClientCredentials], ..client() };
    let (code, answer) = answered(read(&with(&[]), &client, PLAIN));
    assert_eq!((code, answer.get("error")), ("grant_not_allowed", Some("unauthorized_client")));
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_no_sentence_needs_escaping() {
    let all = [
        Refusal::Parameters(crate::parameters::ParameterRefusal::Duplicate),
        Refusal::ClientIdMissing,
        Refusal::ClientIdMalformed,
        Refusal::ClientUnknown,
        Refusal::ClientMismatch,
        Refusal::RedirectUriMissing,
        Refusal::RedirectUriMismatch,
        Refusal::GrantNotAllowed,
        Refusal::PushedOnly,
        Refusal::SignedOnly,
        Refusal::State,
        Refusal::ResponseTypeMissing,
        Refusal::ResponseType,
        Refusal::ResponseMode,
        Refusal::RequestObjectHere,
        Refusal::RequestUriForeign,
        Refusal::RequestUriInvalid,
        Refusal::RequestUriPushed,
        Refusal::RegistrationHere,
        Refusal::RequestObject(crate::request_object::RequestObjectRefusal::Nested),
        Refusal::Pkce(crate::pkce::PkceRefusal::Method),
        Refusal::ScopeMissing,
        Refusal::Scope,
        Refusal::ScopeNotAllowed,
        Refusal::Nonce,
        Refusal::Prompt,
        Refusal::PromptNoneWithAnother,
        Refusal::MaxAge,
        Refusal::AcrValues,
        Refusal::Claims(crate::claims_request::ClaimsRefusal::Json),
        Refusal::LoginHint,
        Refusal::IdTokenHint,
        Refusal::UiLocales,
        Refusal::Resource,
        Refusal::DpopJkt,
    ];
    let codes: Vec<&str> = all.iter().map(|refusal| refusal.code()).collect();
    let expected = [
        "parameter_duplicate",
        "client_id_missing",
        "client_id",
        "client_unknown",
        "client_mismatch",
        "redirect_uri_missing",
        "redirect_uri_mismatch",
        "grant_not_allowed",
        "pushed_only",
        "signed_only",
        "state",
        "response_type_missing",
        "response_type",
        "response_mode",
        "request_not_supported",
        "request_uri_not_supported",
        "request_uri",
        "request_uri_pushed",
        "registration_not_supported",
        "request_object_nested",
        "pkce_method",
        "scope_missing",
        "scope",
        "scope_not_allowed",
        "nonce",
        "prompt",
        "prompt_none",
        "max_age",
        "acr_values",
        "claims_json",
        "login_hint",
        "id_token_hint",
        "ui_locales",
        "resource",
        "dpop_jkt",
    ];
    assert_eq!(codes, expected);
    let page = include_str!("../../../../docs/admin/requests.md");
    for code in codes {
        assert!(page.contains(&format!("`{code}`")), "{code} stands in docs/admin/requests.md");
    }
    for refusal in all {
        // RFC 6749 section 4.1.2.1: %x20-21 / %x23-5B / %x5D-7E.
        let plain = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        assert!(refusal.description().bytes().all(plain), "{}", refusal.description());
        assert_ne!(refusal.code(), "invalid_request", "what nobody has named");
    }
}
