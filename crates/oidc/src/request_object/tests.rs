use serde_json::json;

use super::*;
use crate::authorization::{self, Arrival, Refused};
use crate::client::ClientId;
use crate::forge;
use crate::samples::{HOSTILE, ISSUER, REDIRECT, client, valid};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn keys() -> Vec<Key> {
    vec![Key { kid: Some("mine".to_owned()), public: forge::key().public_key().clone() }]
}

fn header() -> Value {
    json!({ "alg": "ES256", "typ": TYP, "kid": "mine" })
}

fn payload() -> Value {
    let mut payload = json!({ "iss": "payroll", "aud": ISSUER, "exp": NOW.secs() + 300, "nbf": NOW.secs() });
    for (name, value) in valid() {
        payload.as_object_mut().unwrap().insert(name, value.into());
    }
    payload
}

fn verified(header: &Value, payload: &Value) -> Result<Parameters, &'static str> {
    let text = forge::token(&forge::key(), header, payload);
    verify(&client(), &keys(), &text, ISSUER, NOW).map_err(RequestObjectRefusal::code)
}

#[test]
fn what_the_client_signed_is_its_request() {
    let payload = forge::with(&payload(), "max_age", 600.into());
    let payload = forge::with(
        &payload,
        "claims",
        json!({ "id_token": { "acr": { "essential": true, "value": "phr" } } }),
    );
    let payload = forge::with(&payload, "resource", json!(["https://api.example.com/", "urn:example:files"]));
    let payload = forge::with(&payload, "authorization_details", json!([{ "type": "unknown" }]));
    let parameters = verified(&header(), &payload).unwrap();
    let arrival = Arrival { issuer: ISSUER, pushed: false, signed: true };
    let request = authorization::read(&parameters, &client(), arrival).unwrap();
    assert_eq!((request.redirect_uri.as_str(), request.state.as_deref()), (REDIRECT, Some("af0ifjsldkj")));
    assert_eq!((request.max_age, request.resources.len()), (Some(600), 2));
    assert_eq!(request.claims.essential_acr().collect::<Vec<_>>(), ["phr"]);
    assert_eq!(parameters.get("iss"), None);
    assert_eq!(parameters.get("authorization_details"), None);
}

/// O3 of the requirements.
#[test]
fn every_forged_and_spoilt_object_is_refused_by_its_code() {
    for (what, text, expected) in forge::hostile(&header(), &payload()) {
        let refusal = verify(&client(), &keys(), &text, ISSUER, NOW).unwrap_err();
        assert_eq!(refusal.code(), expected, "{what}");
        let unsigned = expected == "jwt_unsigned";
        let error = if unsigned { "request_not_supported" } else { "invalid_request_object" };
        assert_eq!(refusal.error().name(), error, "{what}");
    }
}

#[test]
fn types_are_those_of_request_objects_or_none() {
    for typ in [TYP.into(), "JWT".into(), "OAuth-Authz-Req+JWT".into(), Value::Null] {
        assert!(verified(&forge::with(&header(), "typ", typ), &payload()).is_ok());
    }
    for typ in ["at+jwt", "dpop+jwt", "logout+jwt", "client-authentication+jwt"] {
        assert_eq!(verified(&forge::with(&header(), "typ", typ.into()), &payload()), Err("jwt_type"));
    }
}

#[test]
fn every_claim_is_judged_by_itself() {
    let now = NOW.secs();
    for (name, value, expected) in [
        ("iss", Value::Null, "jwt_issuer"),
        ("iss", "wiki".into(), "jwt_issuer"),
        ("aud", Value::Null, "jwt_audience"),
        ("aud", "https://other.example".into(), "jwt_audience"),
        ("aud", json!(["https://other.example", ISSUER]), "ok"),
        ("exp", Value::Null, "jwt_expiry_missing"),
        ("exp", (now - 10).into(), "jwt_expired"),
        ("exp", (now - 9).into(), "ok"),
        ("exp", (now + 3610).into(), "ok"),
        ("exp", (now + 3611).into(), "jwt_too_long_lived"),
        ("nbf", (now + 10).into(), "ok"),
        ("nbf", (now + 60).into(), "jwt_not_yet"),
        ("iat", (now + 60).into(), "jwt_not_yet"),
        ("exp", "soon".into(), "jwt_claim_type"),
        ("client_id", Value::Null, "request_object_client"),
        ("client_id", "wiki".into(), "request_object_client"),
        ("client_id", 7.into(), "request_object_client"),
        ("sub", "payroll".into(), "request_object_assertion"),
        ("sub", "ana".into(), "ok"),
        ("request", "a.b.c".into(), "request_object_nested"),
        ("request_uri", "urn:ietf:params:oauth:request_uri:AA".into(), "request_object_nested"),
        ("request_uri", false.into(), "request_object_nested"),
        ("redirect_uri", json!([REDIRECT]), "request_object_member"),
        ("scope", json!(["openid"]), "request_object_member"),
        ("state", 5.into(), "request_object_member"),
        ("max_age", json!([1]), "request_object_member"),
        ("claims", json!([]), "request_object_member"),
        ("resource", json!([1]), "request_object_member"),
        ("resource", json!({}), "request_object_member"),
        ("state", "a\0b".into(), "parameter_encoding"),
        ("resource", json!(vec!["urn:a"; 65]), "parameters_too_many"),
    ] {
        let outcome = verified(&header(), &forge::with(&payload(), name, value.clone()));
        assert_eq!(outcome.map_or_else(|code| code, |_| "ok"), expected, "{name} {value}");
    }
}

#[test]
fn the_keys_are_those_of_the_client() {
    let text = forge::token(&forge::key(), &header(), &payload());
    assert_eq!(verify(&client(), &[], &text, ISSUER, NOW), Err(RequestObjectRefusal::KeysMissing));
    let strangers = [Key { kid: Some("mine".to_owned()), public: forge::stranger().public_key().clone() }];
    assert_eq!(
        verify(&client(), &strangers, &text, ISSUER, NOW),
        Err(RequestObjectRefusal::Jwt(JwtRefusal::Signature))
    );
    let other = Client { id: ClientId::parse("wiki").unwrap(), ..client() };
    assert_eq!(
        verify(&other, &keys(), &text, ISSUER, NOW),
        Err(RequestObjectRefusal::Jwt(JwtRefusal::Issuer))
    );
    assert_eq!(RequestObjectRefusal::KeysMissing.code(), "request_object_keys");
}

/// O2 of the requirements: being signed makes no address a registered one.
#[test]
fn hostile_redirect_uris_are_shown_when_they_are_signed_too() {
    let arrival = Arrival { issuer: ISSUER, pushed: false, signed: true };
    for hostile in HOSTILE {
        match verified(&header(), &forge::with(&payload(), "redirect_uri", hostile.into())) {
            Ok(parameters) => {
                let refused = authorization::read(&parameters, &client(), arrival).unwrap_err();
                assert!(matches!(refused, Refused::Shown(_)), "{hostile}");
                assert_eq!(refused.code(), "redirect_uri_mismatch", "{hostile}");
            }
            Err(code) => assert_eq!(code, "parameter_encoding", "{hostile}"),
        }
    }
    // What is not signed does not count: the address beside the object is not looked at.
    let parameters = verified(&header(), &forge::with(&payload(), "redirect_uri", Value::Null)).unwrap();
    assert_eq!(
        authorization::read(&parameters, &client(), arrival).unwrap_err().code(),
        "redirect_uri_missing"
    );
}
