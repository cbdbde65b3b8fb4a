//! Codes and refresh tokens.

use axum::http::{HeaderMap, Method, StatusCode};
use oidc::client::Authentication;
use primitives::time::Span;
use testkit::app::Answer;
use testkit::application::{RelyingParty, VERIFIER};

use crate::world::{Mode, World};

fn is_invalid_grant(answer: &Answer) {
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (StatusCode::BAD_REQUEST, &"invalid_grant".into()),
        "{}",
        answer.body
    );
}

async fn reuse(mode: Mode, pause: Span) {
    let mut world = World::new(mode).await;
    let told = world.ask(&[]).await;
    let first = world.party.exchange(&told["code"]).await;
    let tokens = world.read(first).await;
    assert_eq!(world.userinfo(&tokens).await["sub"], tokens.claims["sub"]);
    world.app.advance(pause);
    is_invalid_grant(&world.party.exchange(&told["code"]).await);
    // RFC 6749 section 4.1.2: what came of the code is over.
    let answer = world.party.userinfo(tokens.text("access_token")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.header("www-authenticate").contains("invalid_token"));
}

pub(crate) async fn oidcc_codereuse(mode: Mode) {
    reuse(mode, Span::from_secs(0)).await;
}

pub(crate) async fn oidcc_codereuse_30seconds(mode: Mode) {
    reuse(mode, Span::from_secs(30)).await;
}

pub(crate) async fn oidcc_server_client_secret_post(mode: Mode) {
    let mut world = World::new(mode).await;
    world.party = RelyingParty::add_with(&world.app, "post", |stored| {
        stored.client.authentication = Authentication::ClientSecretPost;
    })
    .await;
    let told = world.ask(&[]).await;
    let party = world.party.clone();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", told["code"].as_str()),
        ("redirect_uri", party.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
        ("client_id", party.id.as_str()),
        ("client_secret", party.secret.as_str()),
    ];
    let answer = party.post_bare("/oauth/token", &fields).await;
    assert_eq!(world.read(answer).await.claims["aud"], "post");
}

pub(crate) async fn oidcc_refresh_token(mode: Mode) {
    let mut world = World::new(mode).await;
    let first = world.tokens(&[("scope", "openid profile offline_access")]).await;
    let refresh = first.text("refresh_token").to_owned();
    assert!(!refresh.is_empty() && refresh.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    world.app.advance(Span::from_secs(5));
    let answer = world.party.refresh(&refresh).await;
    let second = world.read(answer).await;
    // Core section 12.2.
    for claim in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(second.claims[claim], first.claims[claim], "{claim}");
    }
    assert!(second.claims["iat"].as_i64() > first.claims["iat"].as_i64());
    assert_ne!(second.text("access_token"), first.text("access_token"));
    assert_eq!(world.userinfo(&second).await["sub"], first.claims["sub"]);

    // Bound to the client that it was given.
    let other = RelyingParty::add(&world.app, "second").await;
    is_invalid_grant(&other.refresh(second.text("refresh_token")).await);
    let discovery = world
        .party
        .send(Method::GET, "/.well-known/openid-configuration", HeaderMap::new(), String::new())
        .await;
    assert!(discovery.json()["grant_types_supported"].as_array().unwrap().contains(&"refresh_token".into()));
}
