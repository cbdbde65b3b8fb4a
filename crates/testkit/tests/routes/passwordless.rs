//! `/me/security/password`, `/me/security/codes` and `/me/security/password/off`: the rows of SEC-1, SEC-7, PW-1 to PW-3.

use axum::http::StatusCode;
use primitives::time::Span;
use service::{Authority, go_passwordless};
use testkit::{Browser, TestApp};

use super::second_step::{code, sign_in, with_codes};
use super::signin_password::{ANA, PASSWORD, app_with, enter, says, set_password};

async fn confirm_by_password(app: &TestApp, browser: &mut Browser, action: &str, code: &str) {
    let fields = [("for", action), ("password", PASSWORD), ("code", code)];
    let answer = browser.post("/me/confirm/password", &fields).await;
    assert_eq!(answer.location(), format!("/me/confirm?for={action}"), "{}", answer.body);
    app.advance(Span::from_secs(30));
}

#[tokio::test]
async fn where_passwords_are_not_taken_nobody_is_offered_one() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let page = ana.get("/me/security").await.body;
    assert!(!page.contains("/me/security/password") && !page.contains("/me/security/codes"), "{page}");
    assert_eq!(ana.get("/me/security/password").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_has_a_passkey_is_not_offered_a_password() {
    let app = app_with(|_| {}).await;
    let (_, mut ana) = app.member(ANA).await;
    assert!(!ana.get("/me/security").await.body.contains("/me/security/password"));
    let app = app_with(|policy| policy.beside_passkeys = true).await;
    let (_, mut ana) = app.member(ANA).await;
    says(&ana.get("/me/security").await.body, "/me/security/password");
}

#[tokio::test]
async fn a_password_is_changed_on_a_confirmation_with_the_old_one() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut ana = app.browser();
    sign_in(&app, &mut ana, &secret).await;
    says(&ana.get("/me/security").await.body, "On, chosen");
    assert_eq!(ana.get("/me/security/password").await.location(), "/me/confirm?for=change-password");
    let fields = [("old", PASSWORD), ("password", "another good sentence")];
    let answer = ana.post("/me/security/password", &fields).await;
    assert_eq!(answer.location(), "/me/confirm?for=change-password", "not without it");
    app.advance(Span::from_secs(30));
    confirm_by_password(&app, &mut ana, "change-password", &code(&app, &secret)).await;
    says(
        &ana.get("/me/confirm?for=change-password").await.body,
        "method=\"get\" action=\"/me/security/password\"",
    );
    says(&ana.get("/me/security/password").await.body, "autocomplete=\"new-password\"");
    for (old, new, words) in [
        ("wrong wrong wrong", "another good sentence", "present password is not right"),
        (PASSWORD, "short", "too short"),
        (PASSWORD, PASSWORD, "the password that you have"),
    ] {
        let answer = ana.post("/me/security/password", &[("old", old), ("password", new)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        says(&answer.body, words);
    }
    assert_eq!(ana.post("/me/security/password", &fields).await.location(), "/me/security");
    says(&ana.get("/me/security").await.body, "Your password was changed.");
    assert_eq!(enter(&mut app.browser(), ANA, "another good sentence").await.location(), "/signin/step");
}

#[tokio::test]
async fn an_authenticator_app_is_set_up_with_its_first_code_and_removed_again() {
    let app = app_with(|_| {}).await;
    let (user, mut ana) = app.member(ANA).await;
    set_password(&app, &user, false).await;
    assert_eq!(ana.get("/me/security/codes").await.location(), "/me/confirm?for=add-codes");
    ana.confirm("add-codes", None).await.json_ok();
    let page = ana.get("/me/security/codes").await.body;
    says(&page, "<svg class=\"qr\"");
    let between = |page: &str, from: &str, to: &str| {
        page.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned()
    };
    let state = between(&page, "name=\"state\" value=\"", "\"");
    let shown = between(&page, "<code>", "</code>").replace(' ', "");
    let secret = primitives::secret::SecretBytes::new(base32(&shown));
    for (typed, words) in [("", "Enter the six digits."), ("12", "That code is not right")] {
        let answer = ana.post("/me/security/codes", &[("state", &state), ("code", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        says(&answer.body, words);
        assert_eq!(between(&answer.body, "<code>", "</code>").replace(' ', ""), shown, "the same secret");
    }
    let typed = code(&app, &secret);
    let answer = ana.post("/me/security/codes", &[("state", &state), ("code", &typed)]).await;
    assert_eq!(answer.location(), "/me/security", "{}", answer.body);
    says(&ana.get("/me/security").await.body, "Authenticator codes are on.");
    says(&ana.get("/me/security/codes/remove").await.body, "data-confirm=\"remove-codes\"");
    assert_eq!(ana.post("/me/security/codes/remove", &[]).await.location(), "/me/confirm?for=remove-codes");
    ana.confirm("remove-codes", None).await.json_ok();
    assert_eq!(ana.post("/me/security/codes/remove", &[]).await.location(), "/me/security");
    says(&ana.get("/me/security").await.body, "Authenticator codes were removed.");
}

#[tokio::test]
async fn codes_that_are_the_last_way_in_stay() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut ana = app.browser();
    sign_in(&app, &mut ana, &secret).await;
    app.advance(Span::from_secs(30));
    confirm_by_password(&app, &mut ana, "remove-codes", &code(&app, &secret)).await;
    let answer = ana.post("/me/security/codes/remove", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer.body, "so they stay");
}

fn base32(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = text
        .bytes()
        .flat_map(|letter| {
            let value = alphabet.iter().position(|known| *known == letter).unwrap();
            (0..5).rev().map(move |bit| u8::from(value >> bit & 1 == 1))
        })
        .collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | bit)).collect()
}

#[tokio::test]
async fn what_is_missing_is_said_with_the_way_to_it_and_the_password_stays() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut ana = app.browser();
    sign_in(&app, &mut ana, &secret).await;
    let page = ana.get("/me/security/password/off").await.body;
    says(&page, "Some things have to be in place first.");
    says(&page, "<a href=\"/me/security/add\">Add a second passkey");
    says(&page, "<a href=\"/me/security\">Try one of your passkeys");
    assert!(!page.contains("data-confirm"));
    let answer = ana.post("/me/security/password/off", &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer.body, "Your password stays as it is.");
    app.advance(Span::from_secs(30));
    assert_eq!(enter(&mut app.browser(), ANA, PASSWORD).await.location(), "/signin/step");
}

#[tokio::test]
async fn a_password_is_turned_off_with_a_passkey_and_allowed_again_by_the_operator() {
    let app = app_with(|policy| policy.beside_passkeys = true).await;
    let (user, mut ana) = app.member(ANA).await;
    set_password(&app, &user, false).await;
    let operator = &mut app.test.operator();
    let secret = service::demonstration::add_codes(&app.test.cx, operator, &user).await.unwrap();
    let mut elsewhere = app.browser();
    sign_in(&app, &mut elsewhere, &secret).await;
    assert_eq!(elsewhere.get("/me/security").await.status, StatusCode::OK);
    // A second passkey, in another place.
    let mut key = ana.clone().with(authenticator::Settings::security_key());
    ana.confirm("add-passkey", None).await.json_ok();
    key.cookies = ana.cookies.clone();
    key.register().await;
    ana.cookies = key.cookies.clone();
    let page = ana.get("/me/security/password/off").await.body;
    says(&page, "Everything is ready.");
    says(&page, "data-confirm=\"turn-off-password\"");
    let answer = ana.post("/me/security/password/off", &[]).await;
    assert_eq!(answer.location(), "/me/confirm?for=turn-off-password");
    ana.confirm("turn-off-password", None).await.json_ok();
    assert_eq!(ana.post("/me/security/password/off", &[]).await.location(), "/me/security/password/off");
    says(&ana.get("/me/security/password/off").await.body, "Your password is turned off");
    says(&ana.get("/me/security").await.body, "Turned off");
    assert!(
        elsewhere.get("/me/security").await.location().starts_with("/signin"),
        "opened with the password"
    );
    assert!(!ana.get("/me/security").await.body.contains("href=\"/me/security/password\""));
    assert_eq!(ana.get("/me/security/password").await.status, StatusCode::NOT_FOUND);
    says(&enter(&mut app.browser(), ANA, PASSWORD).await.body, "do not belong together");
    let again = go_passwordless::allow_again(&app.test.cx, operator, Authority::Operator, user.id);
    again.await.unwrap();
    says(&ana.get("/me/security").await.body, "href=\"/me/security/password\"");
}
