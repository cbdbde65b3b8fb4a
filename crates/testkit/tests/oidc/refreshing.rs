//! Refresh tokens: one counts, an old one ends the family, and the same instance may ask twice at once (assurance O7).

use std::sync::Arc;

use oidc::dpop::Proof;
use primitives::time::Span;
use service::refresh::{self, Refresh};
use service::tokens::TokenError;
use testkit::race::race;
use testkit::{TestContext, on_both_databases};

use crate::world::{self, ISSUER, outcome};

async fn a_replaced_token_ends_the_family(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let first = app.enter(&test, &ana, "openid").await;
    let second = app.refresh(&test, &first).await.unwrap();
    test.advance(Span::from_millis(2_001));
    let reused = app.refresh(&test, &first).await.unwrap_err();
    assert_eq!((reused.code(), reused.error().name()), ("refresh_token_used", "invalid_grant"));
    assert_eq!(outcome(&app.refresh(&test, &second).await), "grant_gone");
    assert_eq!(world::access(&world::userinfo(&test, &second).await), "grant_gone");
    assert_eq!(test.count_events("token_reused").await, 1);
}

async fn an_older_one_ends_it_at_once_and_on_another_node(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let first = app.enter(&test, &ana, "openid").await;
    let second = app.refresh(&test, &first).await.unwrap();
    let third = app.refresh(&test, &second).await.unwrap();
    // As after a restart: another process with the same keys on the same database.
    let node = test.another_node().await;
    world::keys(&node).await;
    assert_eq!(outcome(&app.refresh(&node, &first).await), "refresh_token_used");
    assert_eq!(outcome(&app.refresh(&test, &third).await), "grant_gone");
}

async fn the_same_instance_may_ask_again_for_two_seconds(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let first = app.enter(&test, &ana, "openid").await;
    let second = app.refresh(&test, &first).await.unwrap();
    test.advance(Span::from_secs(2));
    let again = app.refresh(&test, &first).await.unwrap();
    assert_eq!(again.refresh_token, second.refresh_token, "there is one successor");
    let third = app.refresh(&test, &second).await.unwrap();
    assert_ne!(third.refresh_token, second.refresh_token);

    // From another address it is somebody else.
    let authenticated = app.authenticated(&test).await;
    let mut elsewhere = test.caller("app");
    elsewhere.client.address = "198.51.100.7".to_owned();
    let token = second.refresh_token.as_deref().unwrap();
    let with = Refresh { token, scopes: None, resources: &[], proof: None };
    let stolen = refresh::refresh(&test.cx, &mut elsewhere, ISSUER, &authenticated, with).await;
    assert_eq!(outcome(&stolen), "refresh_token_used");
    assert_eq!(outcome(&app.refresh(&test, &third).await), "grant_gone");
}

async fn sixty_four_at_once_rotate_once(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let first = app.enter(&test, &ana, "openid").await;
    let authenticated = app.authenticated(&test).await;
    let outcomes = race((0..64).map(|_| {
        let (cx, mut caller) = (Arc::clone(&test.cx), test.caller("app"));
        let (token, authenticated) = (first.refresh_token.clone().unwrap(), authenticated.clone());
        async move {
            let with = Refresh { token: &token, scopes: None, resources: &[], proof: None };
            refresh::refresh(&cx, &mut caller, ISSUER, &authenticated, with).await
        }
    }))
    .await;
    let successors: std::collections::BTreeSet<_> =
        outcomes.into_iter().map(|refreshed| refreshed.unwrap().refresh_token.unwrap()).collect();
    assert_eq!(successors.len(), 1, "one rotation");
    assert_eq!(test.count_events("token_reused").await, 0);
}

async fn less_may_be_asked_for_and_never_more(test: TestContext) {
    let app = world::app_with(&test, "payroll", |stored| {
        stored.client.resources = vec!["https://api.example".to_owned(), "https://mail.example".to_owned()];
    })
    .await;
    let ana = world::ana(&test).await;
    let asked = [("scope", "openid email profile"), ("resource", "https://api.example")];
    let code = app.code(&test, &ana, &asked).await;
    let tokens = app.exchange(&test, &code).await.unwrap();
    let access = world::claims(&test, &tokens.access_token, "at+jwt");
    assert_eq!(access["aud"], serde_json::json!([ISSUER, "https://api.example"]));
    let token = tokens.refresh_token.as_deref().unwrap();
    let (less, more) = (world::scopes("email openid"), world::scopes("openid groups"));
    let with = Refresh { token, scopes: Some(&more), resources: &[], proof: None };
    let refused = app.refresh_with(&test, with).await.unwrap_err();
    assert_eq!((refused.code(), refused.error().name()), ("scope_not_granted", "invalid_scope"));
    let elsewhere = ["https://mail.example".to_owned()];
    let with = Refresh { token, scopes: None, resources: &elsewhere, proof: None };
    let refused = app.refresh_with(&test, with).await.unwrap_err();
    assert_eq!((refused.code(), refused.error().name()), ("resource_not_allowed", "invalid_target"));
    let with = Refresh { token, scopes: Some(&less), resources: &[], proof: None };
    let narrowed = app.refresh_with(&test, with).await.unwrap();
    assert_eq!(world::claims(&test, &narrowed.access_token, "at+jwt")["scope"], "email openid");
    assert_eq!(world::userinfo(&test, &narrowed).await.unwrap().get("name"), None);
    // What was granted stays what it was.
    let whole = app.refresh(&test, &narrowed).await.unwrap();
    assert_eq!(world::claims(&test, &whole.access_token, "at+jwt")["scope"], "email openid profile");
}

async fn one_of_another_client_is_none(test: TestContext) {
    let (app, other) = (world::app(&test, "payroll").await, world::app(&test, "wiki").await);
    let ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid").await;
    assert_eq!(outcome(&other.refresh(&test, &tokens).await), "refresh_token_invalid");
    for nonsense in ["", "kwr_", "kwr_AAAA", tokens.access_token.as_str()] {
        let with = Refresh { token: nonsense, scopes: None, resources: &[], proof: None };
        assert_eq!(outcome(&app.refresh_with(&test, with).await), "refresh_token_invalid");
    }
    // Its own is as good as before.
    app.refresh(&test, &tokens).await.unwrap();
    app.change(&test, |stored| {
        stored.client.grants.retain(|grant| *grant != oidc::client::GrantType::RefreshToken)
    })
    .await;
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "grant_not_allowed");
}

async fn time_ends_them(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    // With leave to outlive the session.
    let mut tokens = app.enter(&test, &ana, "openid offline_access").await;
    for _ in 0..6 {
        test.advance(Span::from_days(13));
        tokens = app.refresh(&test, &tokens).await.unwrap();
    }
    let idle = tokens.clone();
    test.advance(Span::from_days(13));
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "grant_expired", "90 days are over");
    ana.sign_in().await.unwrap();
    let tokens = app.enter(&test, &ana, "openid offline_access").await;
    test.advance(Span::from_days(14));
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "refresh_token_idle");
    // Without it, with the session.
    ana.sign_in().await.unwrap();
    let tokens = app.enter(&test, &ana, "openid").await;
    test.advance(Span::from_hours(2));
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "session_ended", "the session lay unused");
    assert_eq!(outcome(&app.refresh(&test, &idle).await), "grant_expired");
}

async fn a_bound_one_needs_its_key(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let proof = |jkt: &str, jti: &str| Proof { jkt: jkt.to_owned(), jti: jti.to_owned(), iat: test.now() };
    let code = app.code(&test, &ana, &[]).await;
    let (first, second) = (proof("key one", "1"), proof("key one", "2"));
    let with = service::exchange_code::Exchange {
        code: &code,
        redirect_uri: Some(&app.redirect_uri),
        verifier: Some(testkit::application::VERIFIER),
        resources: &[],
        proof: Some(&first),
    };
    let tokens = app.exchange_with(&test, with).await.unwrap();
    assert!(tokens.bound);
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "dpop_missing");
    let refused = world::userinfo_with(&test, &tokens, Some(&proof("key two", "3"))).await;
    assert_eq!(world::access(&refused), "dpop_other_key");
    let shown = proof("key one", "4");
    world::userinfo_with(&test, &tokens, Some(&shown)).await.unwrap();
    assert_eq!(world::access(&world::userinfo_with(&test, &tokens, Some(&shown)).await), "dpop_used");

    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "dpop_missing");
    let token = tokens.refresh_token.as_deref().unwrap();
    let other = proof("key two", "5");
    let with = Refresh { token, scopes: None, resources: &[], proof: Some(&other) };
    assert_eq!(outcome(&app.refresh_with(&test, with).await), "dpop_other_key");
    let with = Refresh { proof: Some(&first), ..with };
    let refused = app.refresh_with(&test, with).await.unwrap_err();
    assert_eq!((refused.code(), refused.error().name()), ("dpop_used", "invalid_dpop_proof"));
    app.refresh_with(&test, Refresh { proof: Some(&second), ..with }).await.unwrap();

    // A client that is bound gets nothing without.
    app.change(&test, |stored| stored.client.dpop_bound = true).await;
    let code = app.code(&test, &ana, &[]).await;
    assert_eq!(outcome(&app.exchange(&test, &code).await), "dpop_missing");
    // A token that is bound to nothing is no better with somebody's key.
    app.change(&test, |stored| stored.client.dpop_bound = false).await;
    let free = app.enter(&test, &ana, "openid").await;
    let refused = world::userinfo_with(&test, &free, Some(&proof("key one", "6"))).await;
    assert_eq!(world::access(&refused), "dpop_other_key");
    // Nor does it go on without one once the application is bound.
    app.change(&test, |stored| stored.client.dpop_bound = true).await;
    assert_eq!(outcome(&app.refresh(&test, &free).await), "dpop_missing");
}

#[tokio::test]
async fn every_refusal_has_its_name() {
    let errors = [
        (TokenError::AssertionUsed, "client_assertion_used", "invalid_client"),
        (TokenError::NoKey, "signing_key_missing", "server_error"),
        (TokenError::Ended(service::granted::Ended::UserDisabled), "disabled_user", "invalid_grant"),
        (TokenError::Ended(service::granted::Ended::ClientDisabled), "client_disabled", "invalid_grant"),
    ];
    for (error, code, name) in errors {
        assert_eq!((error.code(), error.error().name()), (code, name));
    }
}

on_both_databases! {
    a_replaced_token_ends_the_family,
    an_older_one_ends_it_at_once_and_on_another_node,
    the_same_instance_may_ask_again_for_two_seconds,
    sixty_four_at_once_rotate_once,
    less_may_be_asked_for_and_never_more,
    one_of_another_client_is_none,
    time_ends_them,
    a_bound_one_needs_its_key,
}
