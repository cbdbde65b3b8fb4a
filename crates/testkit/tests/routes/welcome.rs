//! `/welcome` and what an onboarding session reaches.

use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::json;
use testkit::TestApp;

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn done_steps_are_ticked() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    assert!(ana.get("/welcome").await.body.contains("href=\"/me/security/add\""));
    assert_eq!(ana.get("/welcome/done").await.location(), "/welcome");
    let id = ana.register().await;
    assert!(ana.get("/welcome").await.body.contains(&format!("/me/security/add/{id}/try")));
}

#[tokio::test]
async fn an_onboarding_session_ends_with_its_pass() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    app.advance(Span::from_minutes(59));
    assert_eq!(ana.get("/welcome").await.status, StatusCode::OK);
    app.advance(Span::from_minutes(1));
    assert_eq!(ana.get("/welcome").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_onboarding_session_reaches_security_info_and_the_wizard_and_nothing_else() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let id = ana.register().await;
    for path in [
        "/welcome".to_owned(),
        "/welcome/done".to_owned(),
        "/me/security".to_owned(),
        "/me/security/add".to_owned(),
        "/me/security/add/this-computer/create".to_owned(),
        format!("/me/security/add/{id}/name"),
        format!("/me/security/add/{id}/try"),
        format!("/me/security/add/{id}/done"),
        "/help".to_owned(),
    ] {
        assert_eq!(ana.get(&path).await.status, StatusCode::OK, "{path}");
    }
    for path in [
        "/me/sessions".to_owned(),
        format!("/me/security/passkeys/{id}"),
        format!("/me/security/passkeys/{id}/rename"),
        format!("/me/security/passkeys/{id}/remove"),
    ] {
        let answer = ana.get(&path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains("Sign out"), "{path}");
    }
    for (path, fields) in [
        ("/me/sessions/revoke-others".to_owned(), vec![]),
        (format!("/me/sessions/{id}/revoke"), vec![]),
        (format!("/me/security/passkeys/{id}/rename"), vec![("name", "x")]),
        (format!("/me/security/passkeys/{id}/remove"), vec![("reason", "lost")]),
        ("/me/security/pass/delete".to_owned(), vec![]),
        ("/me/security/later".to_owned(), vec![]),
    ] {
        assert_eq!(ana.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let removal = json!({ "action": "remove-passkey", "target": id });
    assert_eq!(ana.post_json("/me/confirm/begin", &removal).await.refusal(), "onboarding_session");
}

#[tokio::test]
async fn a_second_passkey_needs_the_first_which_signs_in() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    ana.register().await;
    let chosen = [("place", "security-key")];
    assert_eq!(
        ana.post("/me/security/add", &chosen).await.location(),
        "/me/confirm?for=add-passkey&place=security-key"
    );
    assert_eq!(ana.get("/me/confirm?for=add-passkey&place=security-key").await.status, StatusCode::OK);
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::FORBIDDEN);
    ana.confirm("add-passkey", None).await.json_ok();
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::OK, "an assertion opens everything else");
    assert_eq!(
        ana.post("/me/security/add", &chosen).await.location(),
        "/me/security/add/security-key/create"
    );
}
