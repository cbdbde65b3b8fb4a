//! When the person is asked, and what is said of when and how.

use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::Value;

use crate::world::{Mode, World};

fn auth_time(claims: &serde_json::Map<String, Value>) -> i64 {
    claims["auth_time"].as_i64().unwrap_or_else(|| panic!("no auth_time: {claims:?}"))
}

pub(crate) async fn oidcc_prompt_login(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[]).await;
    world.forget();
    world.app.advance(Span::from_secs(2));
    let second = world.tokens(&[("prompt", "login")]).await;
    assert_eq!(world.ceremonies, 1, "the person has to sign in again");
    assert!(auth_time(&second.claims) > auth_time(&first.claims));
    assert_eq!(second.claims["sub"], first.claims["sub"]);
}

pub(crate) async fn oidcc_prompt_none_not_logged_in(mode: Mode) {
    let mut world = World::new(mode).await;
    let told = world.ask(&[("prompt", "none")]).await;
    assert_eq!(world.ceremonies, 0);
    assert_eq!((told["error"].as_str(), told["state"].as_str()), ("login_required", "state-1"));
    assert_eq!(told.get("code"), None);
}

pub(crate) async fn oidcc_prompt_none_logged_in(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[]).await;
    world.forget();
    world.app.advance(Span::from_secs(2));
    let second = world.tokens(&[("prompt", "none"), ("max_age", "10000")]).await;
    assert_eq!(world.ceremonies, 0, "nobody is asked anything");
    assert_eq!(second.claims["sub"], first.claims["sub"]);
    assert_eq!(auth_time(&second.claims), auth_time(&first.claims));
}

pub(crate) async fn oidcc_max_age_1(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[]).await;
    world.forget();
    world.app.advance(Span::from_secs(2));
    let second = world.tokens(&[("max_age", "1")]).await;
    assert_eq!(world.ceremonies, 1, "the sign-in is too old");
    let now = world.app.test.now().secs();
    assert!((now - auth_time(&second.claims)).abs() <= 1);
    assert!(auth_time(&second.claims) > auth_time(&first.claims));
}

pub(crate) async fn oidcc_max_age_10000(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[]).await;
    world.forget();
    world.app.advance(Span::from_secs(2));
    let second = world.tokens(&[("max_age", "10000")]).await;
    assert_eq!(world.ceremonies, 0);
    assert_eq!(auth_time(&second.claims), auth_time(&first.claims));
}

pub(crate) async fn oidcc_id_token_hint(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[]).await;
    world.forget();
    let hint = first.text("id_token").to_owned();
    let second = world.tokens(&[("prompt", "none"), ("id_token_hint", &hint)]).await;
    assert_eq!((world.ceremonies, &second.claims["sub"]), (0, &first.claims["sub"]));
}

/// The hint names somebody else than who is signed in: that is no answer to the question (Core section 3.1.2.1).
#[tokio::test]
async fn a_hint_of_somebody_else_is_not_answered_with_whoever_is_here() {
    let mut world = World::new(Mode::Default).await;
    let hint = world.tokens(&[]).await.text("id_token").to_owned();
    let (_, other) = world.app.member("ben@example.com").await;
    world.browser = other;
    let told = world.ask(&[("prompt", "none"), ("id_token_hint", &hint)]).await;
    assert_eq!(told.get("code"), None);
    assert_eq!(told["error"], "login_required");
}

pub(crate) async fn oidcc_ensure_request_with_acr_values_succeeds(mode: Mode) {
    let mut world = World::new(mode).await;
    // The suite asks for the first two of `acr_values_supported`; a client that asks for one should be told one.
    let discovery = world.discovery().await;
    let offered = discovery["acr_values_supported"].as_array().unwrap();
    let offered: Vec<&str> = offered.iter().filter_map(Value::as_str).collect();
    assert!(offered.contains(&"phr"), "{offered:?}");
    let tokens = world.tokens(&[("acr_values", &offered.join(" "))]).await;
    assert!(offered.contains(&tokens.claims["acr"].as_str().unwrap()));
    // Values that nobody knows are voluntary, too.
    let asked = world.tokens(&[("acr_values", "1 2")]).await;
    assert!(asked.claims["acr"].is_string());
    assert_eq!(asked.answer.status, StatusCode::OK);
}
