//! `/`, `/signin`, `/signin/method`, `/signin/begin`, `/signin/finish`, `/signout`, `/language`.

use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::{Value, json};
use service::{Authority, administer_users};
use testkit::TestApp;

#[tokio::test]
async fn from_a_pass_to_a_passkey_to_signing_in_without_a_password() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    assert_eq!(ana.get("/").await.location(), "/signin");
    assert_eq!(ana.get("/signin").await.status, StatusCode::OK);
    assert_eq!(ana.post("/signin", &[("identifier", "ana@example.com")]).await.location(), "/signin/method");
    assert!(ana.get("/signin/method").await.body.contains("ana@example.com"));
    assert_eq!(ana.redeem("", pass.reveal()).await.location(), "/welcome", "the identifier is remembered");
    assert_eq!(ana.get("/welcome").await.status, StatusCode::OK);
    let passkey = ana.register().await;
    let name = format!("/me/security/add/{passkey}/name");
    let named = ana.post(&name, &[("name", "My laptop")]).await;
    assert_eq!(named.location(), format!("/me/security/add/{passkey}/try"));
    let tried = ana.try_passkey(&passkey).await.json_ok();
    assert!(tried["message"].as_str().unwrap_or_default().contains("It works"), "{tried}");
    assert_eq!(ana.get("/welcome/done").await.status, StatusCode::OK);
    assert!(ana.get("/me/security").await.body.contains("My laptop"));

    assert_eq!(ana.post("/signout", &[]).await.location(), "/signed-out");
    assert_eq!(ana.session(), None);
    assert_eq!(ana.get("/me/security").await.location(), "/signin");
    assert_eq!(ana.sign_in().await.json_ok()["next"], "/me/security");
    let page = ana.get("/me/security").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Sign out"));
}

#[tokio::test]
async fn who_came_with_another_device_is_offered_a_passkey_on_this_one() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser().with(authenticator::Settings::security_key());
    ana.redeem("ana@example.com", pass.reveal()).await;
    let passkey = ana.register().await;
    ana.try_passkey(&passkey).await.json_ok();
    let offer = "Set up a passkey on this computer too?";
    assert!(!ana.get("/me/security").await.body.contains(offer));
    ana.sign_in().await.json_ok();
    assert!(ana.get("/me/security").await.body.contains(offer));
    assert!(!ana.get("/me/security").await.body.contains(offer), "it is said once");
    ana.post("/me/security/later", &[]).await;
    ana.sign_in().await.json_ok();
    assert!(!ana.get("/me/security").await.body.contains(offer), "not now is for a while");
}

#[tokio::test]
async fn the_session_is_another_one_after_each_authentication() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    let mut seen = Vec::new();
    ana.redeem("ana@example.com", pass.reveal()).await;
    seen.push(ana.session().cloned());
    let passkey = ana.register().await;
    ana.try_passkey(&passkey).await.json_ok();
    seen.push(ana.session().cloned());
    ana.confirm("add-passkey", None).await.json_ok();
    seen.push(ana.session().cloned());
    ana.sign_in().await.json_ok();
    seen.push(ana.session().cloned());
    assert!(seen.iter().all(Option::is_some));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4);
}

#[tokio::test]
async fn cookies_are_bound_to_this_host_and_hidden_from_scripts() {
    let app = TestApp::sqlite().await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    let mut cookies: Vec<String> = Vec::new();
    for answer in [
        ana.get("/signin").await,
        ana.post("/signin", &[("identifier", "ana@example.com")]).await,
        ana.redeem("", pass.reveal()).await,
        ana.post("/language", &[("language", "de"), ("back", "/welcome")]).await,
        ana.post("/signout", &[]).await,
    ] {
        cookies.extend(answer.set_cookies().into_iter().map(str::to_owned));
    }
    assert!(cookies.len() >= 7, "{cookies:?}");
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-keyward-"), "{cookie}");
        assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(!cookie.contains("ana@") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn whoever_is_sent_to_the_sign_in_comes_back_to_where_they_wanted_to_go() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.post("/signout", &[]).await;
    assert_eq!(ana.get("/me/sessions").await.location(), "/signin");
    assert_eq!(ana.sign_in().await.json_ok()["next"], "/me/sessions");
    ana.post("/signout", &[]).await;
    assert_eq!(ana.sign_in().await.json_ok()["next"], "/me/security", "an errand is done once");
}

#[tokio::test]
async fn nothing_that_a_request_says_leads_to_another_server() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    for evil in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
    ] {
        let answer = ana.post("/language", &[("language", "de"), ("back", evil)]).await;
        assert_eq!(answer.location(), "/", "{evil}");
    }
    ana.post("/signout", &[]).await;
    for query in
        ["/signin?next=https://evil.example", "/signin?continue=//evil.example", "//evil.example/signin"]
    {
        assert!(!ana.get(query).await.location().contains("evil"), "{query}");
    }
    assert_eq!(ana.sign_in().await.json_ok()["next"], "/me/security");
}

#[tokio::test]
async fn an_identifier_is_bounded_and_nobody_learns_whether_it_exists() {
    let app = TestApp::sqlite().await;
    app.user("ana@example.com").await;
    let mut known = app.browser();
    let mut unknown = app.browser();
    known.post("/signin", &[("identifier", "ana@example.com")]).await;
    unknown.post("/signin", &[("identifier", "bob@example.com")]).await;
    let known = known.get("/signin/method").await.without_reference();
    let unknown = unknown.get("/signin/method").await.without_reference();
    assert_eq!(known.replace("ana@", "bob@"), unknown);
    let mut browser = app.browser();
    for wrong in ["", "   ", &"a".repeat(255), "a\u{7}b", "\u{202e}ana"] {
        let answer = browser.post("/signin", &[("identifier", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(answer.body.contains("aria-invalid"));
    }
}

#[tokio::test]
async fn before_sign_in_no_credential_is_named() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.post("/signout", &[]).await;
    ana.post("/signin", &[("identifier", "ana@example.com")]).await;
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    assert_eq!(begun["options"]["allowCredentials"], json!([]));
    assert_eq!(begun["options"]["userVerification"], "required");
}

#[tokio::test]
async fn each_refusal_has_its_code_and_a_sentence() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = app.member("ana@example.com").await;
    ana.post("/signout", &[]).await;

    // A passkey of this relying party that nobody here has.
    let other = TestApp::sqlite().await;
    let (_, stranger) = other.member("eve@example.com").await;
    let mut eve = app.browser();
    eve.authenticator = stranger.authenticator;
    let refused = eve.sign_in().await;
    assert_eq!(refused.refusal(), "unknown_credential");
    assert!(
        refused.json()["message"].as_str().is_some_and(|message| message.contains("not known")),
        "{}",
        refused.body
    );
    assert_eq!(refused.json()["reference"], refused.header("x-request-id"));

    // No user verification.
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    let response = ana.assert_unverified(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });
    assert_eq!(ana.post_json("/signin/finish", &finish).await.refusal(), "uv_missing");

    // Too late.
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    let response = ana.assert(&begun["options"]);
    app.advance(Span::from_minutes(6));
    let finish = json!({ "state": begun["state"], "response": response });
    assert_eq!(ana.post_json("/signin/finish", &finish).await.refusal(), "challenge_expired");

    // Begun in another browser.
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    let response = ana.assert(&begun["options"]);
    let finish = json!({ "state": begun["state"], "response": response });
    assert_eq!(app.browser().post_json("/signin/finish", &finish).await.refusal(), "challenge_expired");

    // Twice.
    ana.post_json("/signin/finish", &finish).await.json_ok();
    ana.post("/signout", &[]).await;
    assert_eq!(ana.post_json("/signin/finish", &finish).await.refusal(), "challenge_expired");

    // The account was turned off.
    let cx = &app.test.cx;
    let disabled =
        administer_users::disable(cx, &mut app.test.operator(), Authority::Operator, user.id).await;
    assert!(disabled.is_ok());
    assert_eq!(ana.sign_in().await.refusal(), "disabled_user");
    assert_eq!(ana.session(), None);
}

#[tokio::test]
async fn a_disabled_account_has_no_session_any_more() {
    let app = TestApp::sqlite().await;
    let (user, mut ana) = app.member("ana@example.com").await;
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
    let cx = &app.test.cx;
    administer_users::disable(cx, &mut app.test.operator(), Authority::Operator, user.id).await.unwrap();
    let answer = ana.get("/me/security").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/signin?ended=over"));
    assert!(ana.get("/signin?ended=over").await.body.contains("signed out"));
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_when_it_is_old() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    for _ in 0..11 {
        app.advance(Span::from_minutes(61));
        assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
    }
    app.advance(Span::from_minutes(61));
    assert_eq!(ana.get("/me/security").await.status, StatusCode::SEE_OTHER, "12 hours");
    ana.sign_in().await.json_ok();
    app.advance(Span::from_hours(2));
    assert_eq!(ana.get("/me/security").await.status, StatusCode::SEE_OTHER, "2 hours unused");
}

#[tokio::test]
async fn a_known_account_is_offered_again_and_can_be_forgotten() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.post("/signout", &[]).await;
    assert!(ana.get("/signin").await.body.contains("Name of ana@example.com"));
    ana.post("/signin/forget", &[("identifier", "ana@example.com")]).await;
    let after = ana.get("/signin").await.body;
    assert!(!after.contains("ana@example.com"), "{after}");
}

#[tokio::test]
async fn a_page_speaks_the_language_that_was_chosen_or_asked_for() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    assert!(browser.get("/signin").await.body.contains("<html lang=\"en\""));
    browser.headers.insert("accept-language", "rm;q=0.9, de-CH;q=0.8".parse().unwrap());
    assert!(browser.get("/signin").await.body.contains("<html lang=\"de\""));
    browser.post("/language", &[("language", "en"), ("back", "/signin")]).await;
    assert!(browser.get("/signin").await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn nonsense_in_a_ceremony_is_refused_and_changes_nothing() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    for state in ["", "AAAA", "not base64", &"A".repeat(30_000)] {
        let finish = json!({ "state": state, "response": {} });
        assert_eq!(browser.post_json("/signin/finish", &finish).await.refusal(), "challenge_expired");
    }
    let begun = browser.post_json("/signin/begin", &json!({})).await.json_ok();
    for response in
        [json!(null), json!([]), json!({}), json!("x"), json!({ "id": 7 }), json!({ "id": "x".repeat(9000) })]
    {
        let finish = json!({ "state": begun["state"], "response": response });
        assert_eq!(browser.post_json("/signin/finish", &finish).await.refusal(), "unknown", "{response}");
    }
    let wrong_shapes: [Value; 4] =
        [json!([]), json!({}), json!({ "state": null, "response": {} }), json!("x")];
    for body in wrong_shapes {
        let answer = browser.post_json("/signin/finish", &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.json()["code"], "bad_request");
    }
}

#[tokio::test]
async fn the_same_way_on_postgresql() {
    let Some(app) = TestApp::postgres().await else { return };
    let (_, mut ana) = app.member("ana@example.com").await;
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK);
    assert_eq!(ana.post("/signout", &[]).await.location(), "/signed-out");
    assert_eq!(ana.sign_in().await.json_ok()["next"], "/me/security");
}
