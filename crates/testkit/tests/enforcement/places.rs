//! Strengths where they are required, and that nobody gets caught in the loop of needing what they came to add.

use account::action::Action;
use account::policy::{Combination, CustomStrength, ModelRule, Needed};
use account::role::Role;
use account::strength::Strength;
use authenticator::Settings;
use axum::http::StatusCode;
use testkit::{TestApp, TestContext, Visitor};

use crate::world::{ANA, good_key, only, set, strict, trust};

fn strong() -> Needed {
    Needed::BuiltIn(Strength::PhishingResistant)
}

fn hardware() -> Needed {
    Needed::BuiltIn(Strength::PhishingResistantHardware)
}

#[tokio::test]
async fn a_pass_adds_the_first_passkey_whatever_strength_security_info_asks_for() {
    let test = TestContext::sqlite().await;
    trust(&test);
    set(&test, |policy| {
        policy.require.portal = hardware();
        policy.require.security_info = hardware();
        policy.require.console = hardware();
    });
    only(&test, strict());
    let mut ana = Visitor::new(&test, "laptop").with(good_key());
    ana.onboard(ANA, Role::Administrator).await;
    ana.confirm(Action::AddPasskey).await.unwrap();
}

#[tokio::test]
async fn the_portal_lets_nobody_in_who_proved_too_little_and_the_way_out_is_open() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    set(&app.test, |policy| policy.require.portal = hardware());
    for path in ["/me/security", "/me/sessions", "/me/history", "/me/notices"] {
        let answer = ana.get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/me/security/add"), "{path}");
    }
    assert_eq!(ana.get("/me/security/add").await.status, StatusCode::OK);
    set(&app.test, |policy| policy.require.portal = strong());
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_has_a_better_passkey_is_led_to_it() {
    let test = TestContext::sqlite().await;
    trust(&test);
    let app = TestApp::on(test);
    let (_, mut ana) = app.member(ANA).await;
    ana.confirm("add-passkey", None).await.json_ok();
    let soft = std::sync::Arc::clone(&ana.authenticator);
    set(&app.test, |policy| {
        policy.passkeys.terms.profiles[0].attestation = account::policy::AttestationDemand::Asked
    });
    ana = ana.with(good_key());
    ana.register().await;
    set(&app.test, |policy| policy.require.portal = hardware());
    let hard = std::mem::replace(&mut ana.authenticator, soft);
    ana.sign_in().await.json_ok();
    assert_eq!(ana.get("/me/security").await.location(), "/signin?ended=stronger");
    let page = ana.get("/signin?ended=stronger").await.body;
    assert!(page.contains("stronger sign-in"), "{page}");
    assert!(!page.contains("href=\"/me/security\""), "nobody is sent in a circle: {page}");
    ana.authenticator = hard;
    ana.sign_in().await.json_ok();
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_confirmation_that_is_too_weak_adds_and_removes_nothing() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    set(&test, |policy| policy.require.security_info = hardware());
    let error = ana.confirm(Action::AddPasskey).await.unwrap_err();
    assert_eq!(error.code(), "stronger_evidence_needed");
    assert_eq!(ana.begin_registration().await.unwrap_err().code(), "confirm_needed");
    assert_eq!(test.count_events("confirm_refused").await, 1);
}

#[tokio::test]
async fn a_strength_that_was_turned_up_between_the_steps_still_counts() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    ana.confirm(Action::AddPasskey).await.unwrap();
    ana.authenticator = authenticator::Authenticator::new(Settings::security_key());
    let begun = ana.begin_registration().await.unwrap();
    let response = ana.create(&begun);
    set(&test, |policy| policy.require.security_info = hardware());
    let error = ana.finish_registration(&begun.state, &response).await.unwrap_err();
    assert_eq!(error.code(), "stronger_evidence_needed");
}

#[tokio::test]
async fn an_own_strength_is_asked_for_by_its_name() {
    let app = TestApp::sqlite().await;
    trust(&app.test);
    set(&app.test, |policy| {
        policy.strengths = vec![CustomStrength {
            name: "keys-of-the-vault".to_owned(),
            description: String::new(),
            combinations: vec![Combination::HardwarePasskey],
            models: ModelRule { allow: vec![crate::world::GOOD], ..ModelRule::default() },
        }];
    });
    only(&app.test, strict());
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser().with(good_key());
    ana.redeem(ANA, pass.reveal()).await;
    ana.register().await;
    set(&app.test, |policy| policy.require.portal = Needed::Custom("keys-of-the-vault".to_owned()));
    ana.sign_in().await.json_ok();
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
    let needed = app.test.events().await.into_iter().rev().find_map(|kind| match kind {
        account::audit::EventKind::SignedIn { needed, .. } => Some(needed),
        _ => None,
    });
    assert_eq!(needed.unwrap().as_deref(), Some("portal keys-of-the-vault"), "the event says why");
    // A strength that is gone is satisfied by nothing.
    set(&app.test, |policy| policy.strengths.clear());
    assert_eq!(ana.get("/me/security").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_administered_asks_for_the_strength_of_the_console() {
    let test = TestContext::sqlite().await;
    let mut boss = Visitor::new(&test, "desk");
    boss.onboard("boss@example.com", Role::Administrator).await;
    let target = test.add_user(ANA, Role::User).await;
    set(&test, |policy| policy.require.console = hardware());
    boss.confirm(Action::DisableUser(target.id)).await.unwrap();
    let who = boss.who().await;
    let authority = service::Authority::Person(&who);
    let refused = service::administer_users::disable(&test.cx, &mut boss.caller(), authority, target.id)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "stronger_evidence_needed");
    set(&test, |policy| policy.require.console = strong());
    service::administer_users::disable(&test.cx, &mut boss.caller(), authority, target.id).await.unwrap();
}
