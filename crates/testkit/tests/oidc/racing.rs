//! Granting and revoking at the same moment: whoever wins, nothing outlives the revocation (DESIGN 5a.2).

use std::sync::Arc;

use service::exchange_code::{self, Exchange};
use service::refresh::{self, Refresh};
use service::{Authority, administer_users, sign_out};
use testkit::application::VERIFIER;
use testkit::race::race;
use testkit::{TestContext, on_both_databases};

use crate::world::{self, ISSUER, access};

enum Racer {
    Exchange(String),
    Refresh(String),
    SignOut(Box<service::Who>),
    Disable(account::user::UserId),
}

/// Exchanges and refreshes against the end of the session; gives the tokens of those that were first.
async fn against(test: &TestContext, app: &world::App, racers: Vec<Racer>) -> Vec<service::tokens::Tokens> {
    let authenticated = app.authenticated(test).await;
    let outcomes = race(racers.into_iter().map(|racer| {
        let (cx, mut caller) = (Arc::clone(&test.cx), test.caller("app"));
        let (authenticated, redirect_uri) = (authenticated.clone(), app.redirect_uri.clone());
        async move {
            match racer {
                Racer::Exchange(code) => {
                    let with = Exchange {
                        code: &code,
                        redirect_uri: Some(&redirect_uri),
                        verifier: Some(VERIFIER),
                        resources: &[],
                        proof: None,
                    };
                    exchange_code::exchange(&cx, &mut caller, ISSUER, &authenticated, with).await.ok()
                }
                Racer::Refresh(token) => {
                    let with = Refresh { token: &token, scopes: None, resources: &[], proof: None };
                    refresh::refresh(&cx, &mut caller, ISSUER, &authenticated, with).await.ok()
                }
                Racer::SignOut(who) => {
                    sign_out::sign_out(&cx, &mut caller, &who).await.unwrap();
                    None
                }
                Racer::Disable(user) => {
                    administer_users::disable(&cx, &mut caller, Authority::Operator, user).await.unwrap();
                    None
                }
            }
        }
    }))
    .await;
    outcomes.into_iter().flatten().collect()
}

async fn no_grant_outlives_a_sign_out_or_a_disable(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    for round in 0..6_usize {
        if round > 0 {
            ana.sign_in().await.unwrap();
        }
        let tokens = app.enter(&test, &ana, "openid offline_access").await;
        let mut racers = Vec::new();
        for _ in 0..6 {
            racers.push(Racer::Exchange(app.code(&test, &ana, &[("scope", "openid offline_access")]).await));
            racers.push(Racer::Refresh(tokens.refresh_token.clone().unwrap()));
        }
        let who = ana.who().await;
        let ending = match round {
            5 => Racer::Disable(who.user.id),
            _ => Racer::SignOut(Box::new(who)),
        };
        racers.insert(round * 2, ending);
        for won in against(&test, &app, racers).await {
            assert_ne!(access(&world::userinfo(&test, &won).await), "ok", "round {round}");
        }
    }
}

on_both_databases! { no_grant_outlives_a_sign_out_or_a_disable }
