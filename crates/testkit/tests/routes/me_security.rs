//! `/me/security` and `/me/security/passkeys/…`.

use authenticator::Settings;
use axum::http::StatusCode;
use serde_json::json;
use testkit::{Browser, TestApp};

const ANA: &str = "ana@example.com";

/// Somebody with a passkey on this computer and a security key; gives the ids.
async fn two_passkeys(app: &TestApp) -> (Browser, String, String) {
    let (_, mut ana) = app.member(ANA).await;
    let first = first_passkey(&mut ana).await;
    ana.confirm("add-passkey", None).await.json_ok();
    let mut key = ana.clone().with(Settings::security_key());
    let second = key.register().await;
    (ana, first, second)
}

async fn first_passkey(browser: &mut Browser) -> String {
    let page = browser.get("/me/security").await.body;
    let place = page.find("/me/security/passkeys/").unwrap() + "/me/security/passkeys/".len();
    page[place..place + 36].to_owned()
}

#[tokio::test]
async fn it_lists_passkeys_and_the_way_to_add_one() {
    let app = TestApp::sqlite().await;
    let (mut ana, first, second) = two_passkeys(&app).await;
    let page = ana.get("/me/security").await.body;
    for text in [
        "Security info",
        "Add sign-in method",
        "Sign out",
        first.as_str(),
        second.as_str(),
        "Rename",
        "Remove",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let details = ana.get(&format!("/me/security/passkeys/{first}")).await;
    assert_eq!(details.status, StatusCode::OK);
    assert!(details.body.contains("192.0.2") || details.body.contains("127.0.0.1"), "where it was used");
}

#[tokio::test]
async fn a_passkey_is_renamed_and_what_people_type_is_only_text() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let id = first_passkey(&mut ana).await;
    let rename = format!("/me/security/passkeys/{id}/rename");
    assert_eq!(ana.get(&rename).await.status, StatusCode::OK);
    let name = "<img src=x onerror=alert(1)>\"'&";
    assert_eq!(ana.post(&rename, &[("name", name)]).await.location(), "/me/security");
    let page = ana.get("/me/security").await.body;
    assert!(!page.contains("<img"), "{page}");
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;") || page.contains("&#60;img"), "{page}");
    for wrong in ["", "  ", &"n".repeat(61), "a\u{0}b"] {
        let answer = ana.post(&rename, &[("name", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_removal_is_confirmed_by_a_passkey_and_happens_once() {
    let app = TestApp::sqlite().await;
    let (mut ana, _, second) = two_passkeys(&app).await;
    let remove = format!("/me/security/passkeys/{second}/remove");
    assert_eq!(ana.get(&remove).await.status, StatusCode::OK);
    let unconfirmed = ana.post(&remove, &[("reason", "unused")]).await;
    assert_eq!(
        unconfirmed.location(),
        format!("/me/confirm?for=remove-passkey&target={second}&reason=unused")
    );
    let missing = ana.post(&remove, &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    ana.confirm("remove-passkey", Some(&second)).await.json_ok();
    assert_eq!(ana.post(&remove, &[("reason", "unused")]).await.location(), "/me/security");
    let page = ana.get("/me/security").await.body;
    assert!(page.contains("flash"), "{page}");
    assert!(!page.contains(&second));
    let again = ana.post(&remove, &[("reason", "unused")]).await;
    assert_eq!(again.location(), "/me/security", "what is gone is told on the list");
}

#[tokio::test]
async fn a_confirmation_is_for_one_action_on_one_thing() {
    let app = TestApp::sqlite().await;
    let (mut ana, first, second) = two_passkeys(&app).await;
    ana.confirm("remove-passkey", Some(&first)).await.json_ok();
    let remove = format!("/me/security/passkeys/{second}/remove");
    assert!(ana.post(&remove, &[("reason", "lost")]).await.location().starts_with("/me/confirm"));
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let id = first_passkey(&mut ana).await;
    ana.confirm("remove-passkey", Some(&id)).await.json_ok();
    let remove = format!("/me/security/passkeys/{id}/remove");
    let answer = ana.post(&remove, &[("reason", "unused")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(ana.get("/me/security").await.body.contains(&id));
}

#[tokio::test]
async fn a_lost_passkey_takes_its_sessions_along() {
    let app = TestApp::sqlite().await;
    let (mut ana, first, _) = two_passkeys(&app).await;
    let mut elsewhere = app.browser();
    elsewhere.authenticator = ana.authenticator.clone();
    elsewhere.sign_in().await.json_ok();
    ana.confirm("remove-passkey", Some(&first)).await.json_ok();
    let remove = format!("/me/security/passkeys/{first}/remove");
    assert_eq!(ana.post(&remove, &[("reason", "lost")]).await.location(), "/signed-out");
    assert_eq!(ana.session(), None);
    assert_eq!(elsewhere.get("/me/security").await.status, StatusCode::SEE_OTHER);
    assert_eq!(elsewhere.sign_in().await.refusal(), "unknown_credential");
}

#[tokio::test]
async fn nobody_reaches_what_belongs_to_somebody_else() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let (_, mut eve) = app.member("eve@example.com").await;
    let id = first_passkey(&mut ana).await;
    for path in [
        format!("/me/security/passkeys/{id}"),
        format!("/me/security/passkeys/{id}/rename"),
        format!("/me/security/passkeys/{id}/remove"),
        format!("/me/security/add/{id}/name"),
        format!("/me/security/add/{id}/try"),
        format!("/me/security/add/{id}/backup"),
        format!("/me/security/add/{id}/done"),
        format!("/me/confirm?for=remove-passkey&target={id}"),
        "/me/security/passkeys/nonsense".to_owned(),
    ] {
        let answer = eve.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.body.contains("Sign out"), "{path}");
    }
    let renamed = eve.post(&format!("/me/security/passkeys/{id}/rename"), &[("name", "Eve's")]).await;
    assert_eq!(renamed.status, StatusCode::NOT_FOUND);
    assert!(!ana.get("/me/security").await.body.contains("Eve"));

    // Nor by an id in a body, confirmed or not.
    let tried = eve.post_json("/me/security/try/begin", &json!({ "passkey": id })).await;
    assert_eq!(tried.refusal(), "not_found");
    eve.confirm("remove-passkey", Some(&id)).await.json_ok();
    let remove = format!("/me/security/passkeys/{id}/remove");
    assert_eq!(eve.post(&remove, &[("reason", "lost")]).await.location(), "/me/security");
    assert!(ana.get("/me/security").await.body.contains(&id), "it is still there");
}

#[tokio::test]
async fn the_advice_can_be_put_off() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    assert!(ana.get("/me/security").await.body.contains("/me/security/later"));
    ana.post("/me/security/later", &[]).await;
    assert!(!ana.get("/me/security").await.body.contains("/me/security/later"));
}

#[tokio::test]
async fn the_own_pass_can_be_deleted() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = app.member(ANA).await;
    let pass = app.test.issue(&user).await;
    assert!(ana.get("/me/security").await.body.contains("/me/security/pass/delete"));
    assert_eq!(ana.post("/me/security/pass/delete", &[]).await.location(), "/me/security");
    assert_eq!(app.browser().redeem(ANA, pass.reveal()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}
