//! `/me/security/add/…` and `/me/security/try/…`: the wizard.

use authenticator::Settings;
use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::json;
use testkit::TestApp;

const ANA: &str = "ana@example.com";

#[tokio::test]
async fn a_full_session_confirms_first_and_a_pass_is_enough_for_one() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let chosen = ana.post("/me/security/add", &[("place", "security-key")]).await;
    assert_eq!(chosen.location(), "/me/confirm?for=add-passkey&place=security-key");
    let begin = json!({ "place": "security-key" });
    assert_eq!(ana.post_json("/me/security/add/begin", &begin).await.refusal(), "confirm_needed");
    ana.confirm("add-passkey", None).await.json_ok();
    let chosen = ana.post("/me/security/add", &[("place", "security-key")]).await;
    assert_eq!(chosen.location(), "/me/security/add/security-key/create");
    assert!(ana.get(chosen.location()).await.body.contains("Create passkey"));
    let mut key = ana.clone().with(Settings::security_key());
    key.register().await;
    assert_eq!(key.post_json("/me/security/add/begin", &begin).await.refusal(), "confirm_needed", "used up");
}

#[tokio::test]
async fn a_confirmation_gets_old() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    ana.confirm("add-passkey", None).await.json_ok();
    app.advance(Span::from_minutes(5));
    let begin = json!({ "place": "this-computer" });
    assert_eq!(ana.post_json("/me/security/add/begin", &begin).await.refusal(), "confirm_needed");
}

#[tokio::test]
async fn the_same_answer_sent_again_gets_the_same_passkey() {
    let app = TestApp::sqlite().await;
    let user = app.user(ANA).await;
    let pass = app.test.issue_once(&user).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "this-computer" })).await.json_ok();
    let finish = json!({ "state": begun["state"], "response": ana.create(&begun["options"]) });
    let first = ana.post_json("/me/security/add/finish", &finish).await.json_ok();
    app.advance(Span::from_minutes(6));
    let again = ana.post_json("/me/security/add/finish", &finish).await.json_ok();
    assert_eq!(first["next"], again["next"], "the first reply may have been lost");
    let other = app.browser().post_json("/me/security/add/finish", &finish).await;
    assert_eq!(other.status, StatusCode::OK, "an outcome, no error in a console");
    assert_eq!(other.json()["code"], "session_ended");
}

#[tokio::test]
async fn an_onboarding_session_registers_one_passkey() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    ana.register().await;
    let begin = json!({ "place": "security-key" });
    assert_eq!(ana.post_json("/me/security/add/begin", &begin).await.refusal(), "onboarding_done");
}

#[tokio::test]
async fn a_try_out_of_an_onboarding_session_is_a_sign_in() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let id = ana.register().await;
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::FORBIDDEN);
    ana.try_passkey(&id).await.json_ok();
    assert_eq!(ana.get("/me/sessions").await.status, StatusCode::OK);
    assert!(ana.get(&format!("/me/security/add/{id}/backup")).await.body.contains("security-key"));
    assert!(ana.get(&format!("/me/security/add/{id}/done")).await.body.contains("/welcome/done"));
}

#[tokio::test]
async fn another_passkey_than_the_one_to_be_tried_is_told() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    ana.confirm("add-passkey", None).await.json_ok();
    let mut key = ana.clone().with(Settings::security_key());
    let id = key.register().await;
    ana.cookies = key.cookies.clone();
    let mut begun = ana.post_json("/me/security/try/begin", &json!({ "passkey": id })).await.json_ok();
    // A browser that does not care what it was asked for.
    begun["options"]["allowCredentials"] = json!([]);
    let finish = json!({ "state": begun["state"], "response": ana.assert(&begun["options"]) });
    assert_eq!(ana.post_json("/me/security/try/finish", &finish).await.refusal(), "wrong_passkey");
    key.cookies = ana.cookies.clone();
    key.try_passkey(&id).await.json_ok();
}

#[tokio::test]
async fn a_name_is_bounded_and_skipping_keeps_the_suggestion() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter(ANA).await;
    let mut ana = app.browser();
    ana.redeem(ANA, pass.reveal()).await;
    let id = ana.register().await;
    let path = format!("/me/security/add/{id}/name");
    let form = ana.get(&path).await;
    assert!(form.body.contains("value=\"Chrome on Linux\""), "{}", form.body);
    assert_eq!(ana.post(&path, &[("name", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post(&path, &[("name", "Laptop")]).await.location(), format!("/me/security/add/{id}/try"));
    assert!(ana.get(&format!("/me/security/add/{id}/try")).await.body.contains("Try it now"));
}

#[tokio::test]
async fn nothing_chosen_and_nonsense_places_are_refused() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    for place in ["", "phone", "nowhere"] {
        let answer = ana.post("/me/security/add", &[("place", place)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
    }
    assert_eq!(ana.get("/me/security/add/nowhere/create").await.status, StatusCode::NOT_FOUND);
    let begin = json!({ "place": "nowhere" });
    assert_eq!(ana.post_json("/me/security/add/begin", &begin).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_duplicate_is_excluded_by_the_options() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    ana.confirm("add-passkey", None).await.json_ok();
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "this-computer" })).await.json_ok();
    assert_eq!(begun["options"]["excludeCredentials"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_one_session_began_no_other_finishes() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let (_, eve) = app.member("eve@example.com").await;
    ana.confirm("add-passkey", None).await.json_ok();
    let mut ana = ana.with(Settings::security_key());
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "security-key" })).await.json_ok();
    let response = ana.create(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });

    // Eve's session in Ana's browser: a passkey of Ana's authenticator must not become Eve's, nor hers Ana's.
    let name = "__Host-keyward-session";
    let own = ana.cookies.insert(name.to_owned(), eve.cookies[name].clone()).unwrap();
    assert_eq!(ana.post_json("/me/security/add/finish", &finish).await.refusal(), "challenge_expired");
    // Ana's session in Eve's browser.
    let mut thief = eve.clone();
    thief.cookies.insert(name.to_owned(), own.clone());
    assert_eq!(thief.post_json("/me/security/add/finish", &finish).await.refusal(), "challenge_expired");
    // As the answer to another ceremony of the same session.
    ana.cookies.insert(name.to_owned(), own);
    for path in ["/signin/finish", "/me/confirm/finish", "/me/security/try/finish"] {
        assert_eq!(ana.post_json(path, &finish).await.refusal(), "challenge_expired", "{path}");
    }
    ana.post_json("/me/security/add/finish", &finish).await.json_ok();
}
