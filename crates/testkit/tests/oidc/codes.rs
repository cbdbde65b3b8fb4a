//! Codes: each thing that can be wrong with one refuses alone and with any other (assurance O1), and nobody uses one twice.

use std::sync::Arc;

use oidc::client::GrantType;
use primitives::time::Span;
use service::exchange_code::{self, Exchange};
use service::tokens::TokenError;
use store::clients::Stored;
use testkit::application::VERIFIER;
use testkit::race::{RACERS, race};
use testkit::{TestContext, on_both_databases};

use crate::world::{self, ISSUER, outcome};

const OTHER_VERIFIER: &str = "anotherverifieranotherverifieranotherverifier";

/// Wrong client, expired, wrong redirect URI, wrong verifier, used: all 32 combinations.
async fn every_combination_of_what_can_be_wrong(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let other = world::app(&test, "wiki").await;
    let ana = world::ana(&test).await;
    for wrong in 0..32_u32 {
        let [client, expired, redirect, verifier, used] = [1, 2, 4, 8, 16].map(|bit| wrong & bit != 0);
        let code = app.code(&test, &ana, &[]).await;
        if used {
            app.exchange(&test, &code).await.unwrap();
        }
        if expired {
            test.advance(Span::from_secs(60));
        }
        let with = Exchange {
            code: &code,
            redirect_uri: Some(if redirect {
                "https://payroll.example/callback/"
            } else {
                &app.redirect_uri
            }),
            verifier: Some(if verifier { OTHER_VERIFIER } else { VERIFIER }),
            resources: &[],
            proof: None,
        };
        let asking = if client { &other } else { &app };
        let expected = match (client, used, expired, redirect, verifier) {
            (true, ..) => "code_of_another_client",
            (_, true, ..) => "code_used",
            (_, _, true, ..) => "code_expired",
            (_, _, _, true, _) => "redirect_uri_mismatch",
            (_, _, _, _, true) => "pkce_mismatch",
            _ => "ok",
        };
        let result = asking.exchange_with(&test, with).await;
        assert_eq!(outcome(&result), expected, "{wrong:05b}");
        if let Err(error) = result {
            assert_eq!(error.error().name(), "invalid_grant", "{wrong:05b}");
        }
    }
}

async fn what_is_missing_or_malformed_is_refused(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let code = app.code(&test, &ana, &[]).await;
    let good = Exchange {
        code: &code,
        redirect_uri: Some(&app.redirect_uri),
        verifier: Some(VERIFIER),
        resources: &[],
        proof: None,
    };
    let short = "a".repeat(42);
    let cases = [
        (Exchange { code: "", ..good }, "code_invalid", "invalid_grant"),
        (Exchange { code: "AAAA", ..good }, "code_invalid", "invalid_grant"),
        (Exchange { code: &code[1..], ..good }, "code_invalid", "invalid_grant"),
        (Exchange { redirect_uri: None, ..good }, "redirect_uri_mismatch", "invalid_grant"),
        (Exchange { verifier: None, ..good }, "pkce_verifier_missing", "invalid_request"),
        (Exchange { verifier: Some(&short), ..good }, "pkce_verifier", "invalid_request"),
        (
            Exchange { resources: &["https://api.example".to_owned()], ..good },
            "resource_not_allowed",
            "invalid_target",
        ),
    ];
    for (with, code, error) in cases {
        let refused = app.exchange_with(&test, with).await.unwrap_err();
        assert_eq!((refused.code(), refused.error().name()), (code, error));
    }
    app.change(&test, |stored| stored.client.grants = vec![GrantType::RefreshToken]).await;
    let refused = app.exchange_with(&test, good).await.unwrap_err();
    assert_eq!((refused.code(), refused.error().name()), ("grant_not_allowed", "unauthorized_client"));
    // What failed has not used the code up.
    app.change(&test, |stored| stored.client.grants = vec![GrantType::AuthorizationCode]).await;
    let tokens = app.exchange_with(&test, good).await.unwrap();
    assert_eq!(tokens.refresh_token, None, "it may not refresh");
}

async fn a_code_that_comes_back_ends_what_came_of_it(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let code = app.code(&test, &ana, &[]).await;
    let tokens = app.exchange(&test, &code).await.unwrap();
    world::userinfo(&test, &tokens).await.unwrap();
    // Long after it has expired as well.
    test.advance(Span::from_minutes(4));
    assert_eq!(outcome(&app.exchange(&test, &code).await), "code_used");
    assert_eq!(world::access(&world::userinfo(&test, &tokens).await), "grant_gone");
    assert_eq!(outcome(&app.refresh(&test, &tokens).await), "grant_gone");
    assert_eq!(outcome(&app.exchange(&test, &code).await), "code_used");
    assert_eq!(test.count_events("token_reused").await, 1);
}

/// Whoever brought it second is in the application, perhaps; with the grant gone, signing out would not tell it any more.
async fn an_application_hears_of_a_code_that_came_back(test: TestContext) {
    let hears = |stored: &mut Stored| {
        stored.client.backchannel_logout_uri = Some("https://payroll.example/logout".to_owned());
    };
    let app = world::app_with(&test, "payroll", hears).await;
    let ana = world::ana(&test).await;
    let code = app.code(&test, &ana, &[]).await;
    app.exchange(&test, &code).await.unwrap();
    for _ in 0..2 {
        assert_eq!(outcome(&app.exchange(&test, &code).await), "code_used");
        assert!(test.cx.db.read(store::logout_notices::is_due).await.unwrap());
    }
}

async fn thirty_two_bring_one_code(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    for _ in 0..3 {
        let code = app.code(&test, &ana, &[]).await;
        let authenticated = app.authenticated(&test).await;
        let outcomes = race((0..RACERS).map(|racer| {
            let (cx, mut caller) = (Arc::clone(&test.cx), test.caller(&format!("app {racer}")));
            let (code, redirect_uri, authenticated) =
                (code.clone(), app.redirect_uri.clone(), authenticated.clone());
            async move {
                let with = Exchange {
                    code: &code,
                    redirect_uri: Some(&redirect_uri),
                    verifier: Some(VERIFIER),
                    resources: &[],
                    proof: None,
                };
                exchange_code::exchange(&cx, &mut caller, ISSUER, &authenticated, with).await
            }
        }))
        .await;
        let codes = outcomes.iter().map(|outcome| outcome.as_ref().map(|_| ()).map_err(TokenError::code));
        testkit::race::assert_one_winner(&codes.collect::<Vec<_>>(), &["code_used"]);
        // Whoever was second has shown that somebody else has the code.
        let won = outcomes.into_iter().find_map(Result::ok).unwrap();
        assert_eq!(world::access(&world::userinfo(&test, &won).await), "grant_gone");
    }
    assert_eq!(test.count_events("application_entered").await, 3);
    assert_eq!(test.count_events("token_reused").await, 3);
}

async fn what_happened_since_counts(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    let code = app.code(&test, &ana, &[]).await;
    service::sign_out::sign_out(&test.cx, &mut ana.caller(), &ana.who().await).await.unwrap();
    assert_eq!(outcome(&app.exchange(&test, &code).await), "session_ended");
    ana.sign_in().await.unwrap();
    let code = app.code(&test, &ana, &[]).await;
    app.change(&test, |stored| {
        stored.application.groups = vec![account::group::GroupId::from_bytes([1; 16])]
    })
    .await;
    assert_eq!(outcome(&app.exchange(&test, &code).await), "not_assigned");
    app.change(&test, |stored| stored.application.groups.clear()).await;
    app.change(&test, |stored| {
        stored.application.needed =
            account::policy::Needed::BuiltIn(account::strength::Strength::PhishingResistantHardware);
    })
    .await;
    assert_eq!(outcome(&app.exchange(&test, &code).await), "stronger_evidence_needed");
}

on_both_databases! {
    every_combination_of_what_can_be_wrong,
    what_is_missing_or_malformed_is_refused,
    a_code_that_comes_back_ends_what_came_of_it,
    an_application_hears_of_a_code_that_came_back,
    thirty_two_bring_one_code,
    what_happened_since_counts,
}
