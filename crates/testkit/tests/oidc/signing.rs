//! Keys that sign: made once, published before they sign, kept after, the same on every node (assurance R14).

use account::role::Role;
use oidc::client::SigningAlg;
use primitives::time::Span;
use service::{Authority, signing_keys};
use testkit::{TestContext, Visitor, on_both_databases};

use crate::world;

async fn published(test: &TestContext) -> Vec<String> {
    let set: serde_json::Value = serde_json::from_str(&signing_keys::published(&test.cx)).unwrap();
    set["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn signs(test: &TestContext) -> String {
    signing_keys::signer(&test.cx, SigningAlg::Es256, test.now()).unwrap().kid().to_owned()
}

async fn follow(test: &TestContext) {
    signing_keys::refresh(&test.cx).await.unwrap();
}

async fn they_take_turns_without_anybody_noticing(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let mut ana = world::ana(&test).await;
    let node = test.another_node().await;
    world::keys(&node).await;
    let (first, old) = (published(&test).await, signs(&test));
    assert_eq!((first.len(), published(&node).await == first), (2, true), "both nodes have one ring");
    let before = app.enter(&test, &ana, "openid").await;

    signing_keys::rotate(&test.cx, &mut test.operator(), Authority::Operator, false).await.unwrap();
    assert_eq!(published(&test).await.len(), 4, "published before they sign");
    assert!(signing_keys::refresh(&node.cx).await.unwrap(), "the other node follows");
    assert!(!signing_keys::refresh(&node.cx).await.unwrap());
    assert_eq!(published(&node).await, published(&test).await);
    assert_eq!((signs(&test), signs(&node)), (old.clone(), old.clone()));
    // Longer than anybody keeps the set.
    test.advance(Span::from_secs(359));
    assert_eq!(signs(&test), old);
    test.advance(Span::from_secs(1));
    let new = signs(&test);
    assert_ne!(new, old);
    assert!(!first.contains(&new));
    ana.sign_in().await.unwrap();
    app.enter(&test, &ana, "openid").await;
    // What the old ones signed is good for as long as it lives.
    world::claims(&test, before.id_token.as_deref().unwrap(), "JWT");
    test.advance(Span::from_secs(7_199));
    follow(&test).await;
    assert_eq!(published(&test).await.len(), 4);
    test.advance(Span::from_secs(1));
    follow(&test).await;
    let left = published(&test).await;
    assert_eq!(left.len(), 2);
    assert!(left.contains(&new) && !left.contains(&old));
    test.advance(Span::from_secs(1));
    assert_eq!(service::housekeeping::sweep(&test.cx).await.unwrap().signing_keys, 2);
    follow(&test).await;
    assert_eq!(published(&test).await, left);
    assert_eq!(test.count_events("signing_key_retired").await, 2);
}

async fn after_a_theft_the_old_ones_are_gone_at_once(test: TestContext) {
    let app = world::app(&test, "payroll").await;
    let ana = world::ana(&test).await;
    let (first, before) = (published(&test).await, app.enter(&test, &ana, "openid").await);
    signing_keys::rotate(&test.cx, &mut test.operator(), Authority::Operator, true).await.unwrap();
    let now = published(&test).await;
    assert_eq!(now.len(), 2);
    assert!(now.iter().all(|kid| !first.contains(kid)));
    assert!(now.contains(&signs(&test)));
    app.enter(&test, &ana, "openid").await;
    // Ours are judged by their MAC; the thief of a signing key has no root key.
    world::userinfo(&test, &before).await.unwrap();
}

async fn every_ninety_days_by_itself(test: TestContext) {
    world::keys(&test).await;
    let node = test.another_node().await;
    world::keys(&node).await;
    let old = signs(&test);
    test.advance(Span::from_secs(90 * 86_400 - 1));
    assert!(!signing_keys::refresh(&test.cx).await.unwrap());
    test.advance(Span::from_secs(1));
    node.cx.db.pin_clock(Some(node.now()));
    assert!(signing_keys::refresh(&test.cx).await.unwrap());
    // The other node has seen nothing yet, and makes none of its own.
    assert!(signing_keys::refresh(&node.cx).await.unwrap());
    assert_eq!(published(&node).await, published(&test).await);
    assert_eq!(published(&test).await.len(), 4);
    assert_eq!(signs(&test), old);
    test.advance(Span::from_secs(360));
    assert_ne!(signs(&test), old);
    assert!(!signing_keys::refresh(&test.cx).await.unwrap());
}

async fn not_everybody_makes_keys(test: TestContext) {
    world::keys(&test).await;
    let ana = world::ana(&test).await;
    let who = ana.who().await;
    let refused = signing_keys::rotate(&test.cx, &mut ana.caller(), Authority::Person(&who), false).await;
    assert_eq!(refused.unwrap_err().code(), "confirm_needed");
    let mut ana = ana;
    ana.confirm(account::action::Action::RotateSigningKey).await.unwrap();
    let who = ana.who().await;
    let refused = signing_keys::rotate(&test.cx, &mut ana.caller(), Authority::Person(&who), false).await;
    assert_eq!(refused.unwrap_err().code(), "role_too_low");
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::Administrator).await;
    eve.confirm(account::action::Action::RotateSigningKey).await.unwrap();
    let who = eve.who().await;
    signing_keys::rotate(&test.cx, &mut eve.caller(), Authority::Person(&who), false).await.unwrap();
    // A confirmation holds once.
    let again = signing_keys::rotate(&test.cx, &mut eve.caller(), Authority::Person(&who), false).await;
    assert_eq!(again.unwrap_err().code(), "confirm_needed");
    assert_eq!(published(&test).await.len(), 4);
}

/// One with RSA, which takes a moment.
#[tokio::test]
async fn the_first_start_makes_one_of_each_kind() {
    let test = TestContext::sqlite().await;
    assert_eq!(published(&test).await.len(), 0);
    signing_keys::ensure(&test.cx).await.unwrap();
    let first = published(&test).await;
    assert_eq!(first.len(), 3);
    signing_keys::ensure(&test.cx).await.unwrap();
    assert_eq!(published(&test).await, first, "and the second none");
    assert_eq!(test.count_events("signing_key_made").await, 3);
    let app = world::app_with(&test, "old", |stored| stored.client.id_token_alg = SigningAlg::Rs256).await;
    let ana = world::ana(&test).await;
    let tokens = app.enter(&test, &ana, "openid").await;
    let keys = test.cx.signing.current().verifying();
    for (token, typ) in [(tokens.access_token, "at+jwt"), (tokens.id_token.unwrap(), "JWT")] {
        oidc::jwt::open(&token, &keys, oidc::jwt::Typ::Exactly(typ), &["RS256"]).unwrap();
    }
}

on_both_databases! {
    they_take_turns_without_anybody_noticing,
    after_a_theft_the_old_ones_are_gone_at_once,
    every_ninety_days_by_itself,
    not_everybody_makes_keys,
}
