//! `/me/sessions`.

use axum::http::StatusCode;
use testkit::TestApp;

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let mut elsewhere = app.browser();
    elsewhere.authenticator = ana.authenticator.clone();
    elsewhere.sign_in().await.json_ok();
    let page = ana.get("/me/sessions").await;
    assert!(page.body.contains("Chrome on Linux"));
    let ids: Vec<&str> = page
        .body
        .match_indices("/me/sessions/")
        .map(|(at, found)| {
            let rest = &page.body[at + found.len()..];
            &rest[..rest.find('/').unwrap_or(0).min(36)]
        })
        .filter(|id| id.len() == 36)
        .collect();
    assert!(!ids.is_empty());
    assert_eq!(ana.post("/me/sessions/revoke-others", &[]).await.location(), "/me/sessions");
    let ended = elsewhere.get("/me/security").await;
    assert_eq!((ended.status, ended.location()), (StatusCode::SEE_OTHER, "/signin?ended=over"));
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let (_, mut eve) = app.member("eve@example.com").await;
    let cx = &app.test.cx;
    let token = primitives::secret::Token::parse(ana.session().unwrap()).unwrap();
    let who = service::manage_sessions::authenticate(cx, app.test.now(), &token).await.unwrap().unwrap();
    let revoke = format!("/me/sessions/{}/revoke", who.session.id);
    eve.post(&revoke, &[]).await;
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::OK);
    assert_eq!(ana.post(&revoke, &[]).await.location(), "/signed-out", "ending one's own is signing out");
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::SEE_OTHER);
}
