//! What a client gets, and what is in it.

use axum::http::{HeaderMap, Method, StatusCode, header};
use primitives::digest;
use primitives::encoding::base64url;
use serde_json::{Value, json};
use testkit::application::RelyingParty;

use crate::world::{Mode, Tokens, World};

/// OpenID Connect Core sections 3.1.3.3 and 3.1.3.7: the token response, and everything a client checks of the ID token.
fn is_valid(world: &World, tokens: &Tokens, nonce: Option<&str>) {
    assert_eq!(tokens.answer.header("cache-control"), "no-store");
    assert!(tokens.answer.header("content-type").starts_with("application/json"));
    assert_eq!(tokens.json["token_type"], "Bearer");
    assert!(tokens.json["expires_in"].as_i64().unwrap() > 0);
    let claims = &tokens.claims;
    assert_eq!(claims["iss"], world.issuer());
    assert_eq!(claims["aud"], world.party.id.as_str());
    assert_eq!(claims["sub"], world.user.id.to_string());
    let now = world.app.test.now().secs();
    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert!((now - 10..=now + 10).contains(&iat) && exp > now, "{claims:?} at {now}");
    assert_eq!(claims.get("nonce").and_then(Value::as_str), nonce);
    let hash = digest::sha256(tokens.text("access_token").as_bytes());
    assert_eq!(claims["at_hash"], base64url(&hash[..16]));
}

pub(crate) async fn oidcc_server(mode: Mode) {
    let mut world = World::new(mode).await;
    let told = world.ask(&[("scope", "openid profile email")]).await;
    assert_eq!(told["state"], "state-1");
    // RFC 9207, and the entropy and characters that the suite asks of a code.
    assert_eq!(told["iss"], world.issuer());
    assert!(told["code"].len() >= 22 && told["code"].bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    let answer = world.party.exchange(&told["code"]).await;
    let tokens = world.read(answer).await;
    is_valid(&world, &tokens, Some("nonce-1"));
    assert_eq!(world.userinfo(&tokens).await["sub"], tokens.claims["sub"]);
}

pub(crate) async fn oidcc_response_type_missing(mode: Mode) {
    let mut world = World::new(mode).await;
    // The suite takes an error page as well as an error told to the client.
    let told = world.ask(&[("response_type", "")]).await;
    assert!(["invalid_request", "unsupported_response_type"].contains(&told["error"].as_str()), "{told:?}");
    assert_eq!(told["state"], "state-1");
    assert_eq!(told.get("code"), None);
}

pub(crate) async fn oidcc_idtoken_signature(mode: Mode) {
    let mut world = World::new(mode).await;
    // `tokens` has checked the signature with the published keys, by the key that the header names.
    let tokens = world.tokens(&[]).await;
    let set = world.published("/oauth/jwks").await.json();
    let named = set["keys"].as_array().unwrap().iter().filter(|key| key["kid"] == tokens.header["kid"]);
    assert_eq!(named.count(), 1);
    assert_eq!(tokens.header["alg"], "ES256");
}

pub(crate) async fn oidcc_userinfo_get(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("scope", "openid profile email")]).await;
    let token = tokens.text("access_token");
    let answer =
        world.party.send(Method::GET, "/oauth/userinfo", RelyingParty::bearer(token), String::new()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.header("content-type").starts_with("application/json"));
    assert_eq!(answer.json()["sub"], tokens.claims["sub"]);
}

pub(crate) async fn oidcc_userinfo_post_header(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[]).await;
    let headers = RelyingParty::bearer(tokens.text("access_token"));
    let answer = world.party.send(Method::POST, "/oauth/userinfo", headers, String::new()).await;
    assert_eq!((answer.status, &answer.json()["sub"]), (StatusCode::OK, &tokens.claims["sub"]));
}

/// RFC 6750 section 2.2 leaves it to the server. The suite takes a refusal, with a warning.
pub(crate) async fn oidcc_userinfo_post_body(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[]).await;
    let fields = [("access_token", tokens.text("access_token"))];
    let answer = world.party.post_bare("/oauth/userinfo", &fields).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_request"))
    );
}

pub(crate) async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("nonce", "")]).await;
    is_valid(&world, &tokens, None);
}

pub(crate) async fn oidcc_scope_profile(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("scope", "openid profile")]).await;
    let claims = world.userinfo(&tokens).await;
    assert_eq!(claims["name"], world.user.name.as_str());
    assert_eq!(claims["preferred_username"], "ana@example.com");
    assert!(claims["updated_at"].is_null() || claims["updated_at"].is_i64());
    // Section 5.3.2: what has no value is left out; and nothing that was not asked for.
    assert!(claims.as_object().unwrap().values().all(|claim| !claim.is_null() && claim != ""));
    assert_eq!(claims["email"], Value::Null);
}

pub(crate) async fn oidcc_scope_email(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("scope", "openid email")]).await;
    let claims = world.userinfo(&tokens).await;
    assert_eq!(claims["email"], "ana@example.com");
    assert!(claims["email_verified"].is_boolean(), "{claims}");
    assert_eq!(claims["name"], Value::Null);
}

/// Neither scope is offered: the suite skips such modules. Section 3.1.2.1: scopes that are not understood are ignored.
async fn is_not_offered(mode: Mode, scope: &str) {
    let mut world = World::new(mode).await;
    let discovery = world.discovery().await;
    assert!(!discovery["scopes_supported"].as_array().unwrap().contains(&json!(scope)));
    let tokens = world.tokens(&[("scope", &format!("openid {scope}"))]).await;
    assert_eq!(tokens.json["scope"], "openid");
    assert_eq!(world.userinfo(&tokens).await, json!({ "sub": tokens.claims["sub"] }));
}

pub(crate) async fn oidcc_scope_address(mode: Mode) {
    is_not_offered(mode, "address").await;
}

pub(crate) async fn oidcc_scope_phone(mode: Mode) {
    is_not_offered(mode, "phone").await;
}

pub(crate) async fn oidcc_scope_all(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("scope", "openid profile email address phone")]).await;
    let claims = world.userinfo(&tokens).await;
    assert_eq!(
        (&claims["email"], &claims["name"]),
        (&json!("ana@example.com"), &json!(world.user.name.as_str()))
    );
}

/// Formerly `oidcc-ensure-other-scope-order-succeeds`.
pub(crate) async fn oidcc_alternate_happy_flow(mode: Mode) {
    let mut world = World::new(mode).await;
    let tokens = world.tokens(&[("scope", "email openid")]).await;
    is_valid(&world, &tokens, Some("nonce-1"));
    assert_eq!(world.userinfo(&tokens).await["email"], "ana@example.com");
}

pub(crate) async fn oidcc_claims_essential(mode: Mode) {
    let mut world = World::new(mode).await;
    let claims = r#"{"userinfo":{"name":{"essential":true}}}"#;
    let tokens = world.tokens(&[("claims", claims)]).await;
    let told = world.userinfo(&tokens).await;
    assert_eq!(told["name"], world.user.name.as_str());
    assert_eq!(tokens.claims.get("name"), None, "it was asked for in userinfo");
}

/// What every answer of these addresses has, whatever the plan: any page of the web may read it, and nobody keeps it.
#[tokio::test]
async fn answers_to_programs_are_open_and_not_kept() {
    let mut world = World::new(Mode::Default).await;
    let tokens = world.tokens(&[]).await;
    assert_eq!(tokens.answer.header("access-control-allow-origin"), "*");
    assert_eq!(tokens.answer.header("access-control-allow-credentials"), "");
    let mut asking = HeaderMap::new();
    asking.insert(header::ORIGIN, "https://plan.example".parse().unwrap());
    asking.insert(header::ACCESS_CONTROL_REQUEST_METHOD, "POST".parse().unwrap());
    let answer = world.party.send(Method::OPTIONS, "/oauth/token", asking, String::new()).await;
    assert!(answer.status.is_success());
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
}
