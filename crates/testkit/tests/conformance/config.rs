//! `oidcc-config-certification-test-plan`, what the logout plans ask of discovery, and the rotation of keys.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::{Value, json};
use server::app::Site;
use server::config::Origin;
use service::Authority;
use testkit::TestContext;
use testkit::app::TestApp;

use crate::world::{Mode, World};

const ISSUER: &str = "https://id.example.com";

/// A provider behind an address that begins with https, as the plan wants all of them to.
async fn discovered() -> (TestApp, Value) {
    let test = TestContext::sqlite().await;
    let app = TestApp::on_site(test, |site| *site = Site::at(Origin::parse(ISSUER).unwrap()));
    let party = testkit::application::RelyingParty::add(&app, "plan").await;
    let path = "/.well-known/openid-configuration";
    let answer = party.send(axum::http::Method::GET, path, axum::http::HeaderMap::new(), String::new()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    (app, answer.json())
}

fn has(value: &Value, wanted: &str) -> bool {
    value.as_array().is_some_and(|values| values.contains(&json!(wanted)))
}

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let (_app, document) = discovered().await;
    // CheckDiscEndpointIssuer: what the document was found under, without a slash at the end.
    assert_eq!(document["issuer"], ISSUER);
    assert!(has(&document["response_types_supported"], "code"));
    assert!(has(&document["subject_types_supported"], "public"));
    // OpenID Connect Discovery section 3: RS256 has to be among them.
    assert!(has(&document["id_token_signing_alg_values_supported"], "RS256"));
    assert!(!has(&document["id_token_signing_alg_values_supported"], "none"));
    assert!(has(&document["request_object_signing_alg_values_supported"], "RS256"));
    assert!(has(&document["grant_types_supported"], "authorization_code"));
    assert!(has(&document["scopes_supported"], "openid"));
    assert!(has(&document["code_challenge_methods_supported"], "S256"));
    assert!(!has(&document["code_challenge_methods_supported"], "plain"));
    for list in
        ["claims_supported", "userinfo_signing_alg_values_supported", "token_endpoint_auth_methods_supported"]
    {
        assert!(document[list].as_array().is_some_and(|values| !values.is_empty()), "{list}");
    }
    for flag in
        ["claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported"]
    {
        assert!(document[flag].is_boolean(), "{flag}");
    }
    // CheckDiscEndpointAllEndpointsAreHttps.
    let endpoints = document.as_object().unwrap().iter();
    let mut endpoints =
        endpoints.filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri").peekable();
    assert!(endpoints.peek().is_some());
    for (name, value) in endpoints {
        assert!(
            value.as_str().is_some_and(|url| url.starts_with("https://id.example.com/")),
            "{name}: {value}"
        );
    }
    for needed in
        ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"]
    {
        assert!(document[needed].is_string(), "{needed}");
    }
    // CheckDiscEndpointLocalesSyntax.
    for tag in document["ui_locales_supported"].as_array().unwrap() {
        assert!(tag.as_str().is_some_and(|tag| tag.len() == 2), "{tag}");
    }
}

#[tokio::test]
async fn oidcc_rp_initiated_logout_discovery_endpoint_verification() {
    let (_app, document) = discovered().await;
    assert_eq!(document["end_session_endpoint"], "https://id.example.com/oauth/end-session");
}

#[tokio::test]
async fn oidcc_backchannel_logout_discovery_endpoint_verification() {
    let (_app, document) = discovered().await;
    assert_eq!(document["backchannel_logout_supported"], true);
    assert_eq!(document["backchannel_logout_session_supported"], true);
}

#[tokio::test]
async fn oidcc_frontchannel_logout_discovery_endpoint_verification() {
    let (_app, document) = discovered().await;
    assert_eq!(document["frontchannel_logout_supported"], true);
    assert_eq!(document["frontchannel_logout_session_supported"], true);
}

/// ValidateServerJWKs, CheckDistinctKeyIdValueInServerJWKs, EnsureServerJwksDoesNotContainPrivateOrSymmetricKeys.
fn key_ids(set: &Value) -> BTreeSet<String> {
    let keys = set["keys"].as_array().unwrap();
    let ids: BTreeSet<String> = keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), keys.len(), "two keys have one name");
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert_eq!(key.get(private), None);
        }
        assert_eq!(key["use"], "sig");
        assert_ne!(key["kty"], "oct");
    }
    ids
}

#[tokio::test]
async fn oidcc_server_rotate_keys() {
    let mut world = World::new(Mode::Default).await;
    let first = world.tokens(&[]).await;
    let before = key_ids(&world.published("/oauth/jwks").await.json());
    let test = &world.app.test;
    service::signing_keys::rotate(&test.cx, &mut test.operator(), Authority::Operator, false).await.unwrap();
    service::signing_keys::refresh(&test.cx).await.unwrap();
    let after = key_ids(&world.published("/oauth/jwks").await.json());
    assert!(after.is_superset(&before) && after.len() > before.len(), "{before:?} {after:?}");
    // Not before everybody has seen it.
    let same = world.tokens(&[]).await;
    assert_eq!(same.header["kid"], first.header["kid"]);
    world.app.advance(Span::from_minutes(7));
    service::signing_keys::refresh(&world.app.test.cx).await.unwrap();
    let second = world.tokens(&[]).await;
    assert_ne!(second.header["kid"], first.header["kid"]);
    assert!(!before.contains(second.header["kid"].as_str().unwrap()));
    // What was signed with the old one can still be checked.
    assert!(
        key_ids(&world.published("/oauth/jwks").await.json()).contains(first.header["kid"].as_str().unwrap())
    );
}
