//! `/setup`: the first run.

use authenticator::Settings;
use axum::http::StatusCode;
use service::first_run;
use testkit::TestApp;

#[tokio::test]
async fn the_first_administrator_says_who_they_are_and_makes_two_passkeys() {
    let app = TestApp::sqlite().await;
    let (cx, mut operator) = (&app.test.cx, app.test.operator());
    let first = first_run::bootstrap(cx, &mut operator).await.unwrap().unwrap();
    assert!(first_run::bootstrap(cx, &mut operator).await.unwrap().is_none(), "one, once");
    let mut ada = app.browser();
    assert_eq!(ada.get("/").await.location(), "/signin", "the pages of the first run are asked for by name");
    let start = ada.get("/setup").await;
    assert!(start.body.contains("localhost") && start.body.contains("admin"), "{}", start.body);
    assert!(!start.body.contains(first.value.reveal()));
    assert_eq!(ada.redeem("admin", first.value.reveal()).await.location(), "/setup");
    for (name, email) in [("", "ada@example.com"), ("Ada", ""), ("Ada", "ada"), ("\u{7}", "ada@example.com")]
    {
        let answer = ada.post("/setup", &[("name", name), ("email", email)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name:?} {email:?}");
    }
    assert_eq!(
        ada.post("/setup", &[("name", "Ada"), ("email", "ada@example.com")]).await.location(),
        "/setup"
    );
    assert_eq!(
        ada.post("/setup", &[("name", "Eve"), ("email", "eve@example.com")]).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(ada.get("/setup").await.body.contains("/me/security/add"));
    let id = ada.register().await;
    ada.try_passkey(&id).await.json_ok();
    assert!(ada.get("/welcome/done").await.body.contains("/setup"));
    ada.confirm("add-passkey", None).await.json_ok();
    let mut key = ada.clone().with(Settings::security_key());
    key.register().await;
    assert_eq!(ada.get("/setup").await.location(), "/me/security");
    assert_eq!(app.browser().get("/setup").await.location(), "/signin", "for others it is over");
}

#[tokio::test]
async fn nobody_else_sets_anything_up() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    assert_eq!(ana.get("/setup").await.status, StatusCode::NOT_FOUND);
    let answer = ana.post("/setup", &[("name", "Ana"), ("email", "ana@example.org")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(
        app.browser().post("/setup", &[("name", "Eve"), ("email", "e@e")]).await.location(),
        "/signin"
    );
}
