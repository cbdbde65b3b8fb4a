//! `/me/confirm`.

use axum::http::StatusCode;
use serde_json::json;
use testkit::TestApp;

#[tokio::test]
async fn the_page_keeps_the_form_that_waits() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let page = ana.get("/me/confirm?for=add-passkey&place=security-key").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("action=\"/me/security/add\""));
    assert!(page.body.contains("value=\"security-key\""));
    for nonsense in [
        "/me/confirm?for=everything",
        "/me/confirm?for=issue-pass&target=0193a1b2-0000-7000-8000-000000000001",
        "/me/confirm?for=remove-passkey",
        "/me/confirm?for=remove-passkey&target=//evil.example",
    ] {
        assert_eq!(ana.get(nonsense).await.status, StatusCode::NOT_FOUND, "{nonsense}");
    }
    assert_eq!(ana.get("/me/confirm").await.status, StatusCode::BAD_REQUEST);
    let place = ana.get("/me/confirm?for=add-passkey&place=//evil.example").await;
    assert!(
        !place.body.contains("evil") || place.body.contains("name=\"back\""),
        "only the language picker keeps the address"
    );
}

#[tokio::test]
async fn somebody_elses_passkey_confirms_nothing() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let (_, eve) = app.member("eve@example.com").await;
    let begin = json!({ "action": "add-passkey" });
    let mut begun = ana.post_json("/me/confirm/begin", &begin).await.json_ok();
    assert_eq!(begun["options"]["allowCredentials"].as_array().map(Vec::len), Some(1));
    begun["options"]["allowCredentials"] = json!([]);
    let mut thief = ana.clone();
    thief.authenticator = eve.authenticator.clone();
    let finish = json!({ "state": begun["state"], "response": thief.assert(&begun["options"]) });
    assert_eq!(thief.post_json("/me/confirm/finish", &finish).await.refusal(), "wrong_account");
}

#[tokio::test]
async fn a_sign_in_is_no_confirmation() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    let finish = json!({ "state": begun["state"], "response": ana.assert(&begun["options"]) });
    assert_eq!(ana.post_json("/me/confirm/finish", &finish).await.refusal(), "challenge_expired");
}
