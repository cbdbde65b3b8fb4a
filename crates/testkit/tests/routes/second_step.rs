//! `/signin/step`: SI-5, and what follows it (SI-7, SI-8).

use account::authenticator_code;
use account::policy::{InterruptPolicy, PasswordPolicy, Policy};
use account::user::User;
use axum::http::StatusCode;
use primitives::secret::SecretBytes;
use primitives::time::Span;
use testkit::deployment::Variation;
use testkit::{Answer, Browser, TestApp};

use super::signin_password::{ANA, PASSWORD, app_with, enter, says, set_password};

/// Somebody with a password and an authenticator app.
pub(super) async fn with_codes(app: &TestApp) -> (User, SecretBytes) {
    let user = app.user(ANA).await;
    set_password(app, &user, false).await;
    let caller = &mut app.test.operator();
    let secret = service::demonstration::add_codes(&app.test.cx, caller, &user).await.unwrap();
    (user, secret)
}

pub(super) fn code(app: &TestApp, secret: &SecretBytes) -> String {
    authenticator_code::code(secret, app.test.now())
}

async fn step(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/signin/step", &[("code", code)]).await
}

/// Signs in with both; where that leads is in the answer.
pub(super) async fn sign_in(app: &TestApp, browser: &mut Browser, secret: &SecretBytes) -> Answer {
    assert_eq!(enter(browser, ANA, PASSWORD).await.location(), "/signin/step");
    step(browser, &code(app, secret)).await
}

#[tokio::test]
async fn password_and_code_open_a_full_session_and_the_request_for_a_passkey_comes_first() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut browser = app.browser();
    browser.get("/me/sessions").await;
    assert_eq!(sign_in(&app, &mut browser, &secret).await.location(), "/me/interrupt");
    assert!(!browser.cookies.contains_key("__Host-keyward-step"), "the step is over");
    let page = browser.get("/me/interrupt").await;
    says(&page.body, "Not now – 14 days left");
    says(&page.body, "silent.js");
    let answer = browser.post("/me/interrupt/postpone", &[]).await;
    assert_eq!(answer.location(), "/me/sessions", "where the errand wanted to go");
    assert_eq!(browser.get("/me/sessions").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_cookie_of_the_step_opens_nothing_else() {
    let app = app_with(|_| {}).await;
    let (_, _secret) = with_codes(&app).await;
    let mut browser = app.browser();
    assert_eq!(enter(&mut browser, ANA, PASSWORD).await.location(), "/signin/step");
    assert_eq!(browser.session(), None);
    for path in [
        "/me/security",
        "/me/security/add",
        "/me/security/password",
        "/me/security/codes",
        "/me/security/recovery-codes",
        "/me/sessions",
        "/me/confirm?for=add-passkey",
        "/me/interrupt",
        "/me/offer",
        "/welcome",
        "/setup",
    ] {
        assert_eq!(browser.get(path).await.location(), "/signin", "{path}");
    }
    // As a session's token it is nobody's either.
    let token = browser.cookies["__Host-keyward-step"].clone();
    browser.cookies.insert("__Host-keyward-session".to_owned(), token);
    assert!(browser.get("/me/security").await.location().starts_with("/signin"));
}

#[tokio::test]
async fn a_code_works_once() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let typed = code(&app, &secret);
    assert_eq!(sign_in(&app, &mut app.browser(), &secret).await.status, StatusCode::SEE_OTHER);
    let mut again = app.browser();
    enter(&mut again, ANA, PASSWORD).await;
    let answer = step(&mut again, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&answer.body, "That code was used already.");
    assert_eq!(again.session(), None);
    app.advance(Span::from_secs(30));
    assert_eq!(step(&mut again, &code(&app, &secret)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_code_is_told_as_such_and_tries_end() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut browser = app.browser();
    enter(&mut browser, ANA, PASSWORD).await;
    says(&step(&mut browser, " ").await.body, "Enter the six digits.");
    says(&step(&mut browser, "12345").await.body, "did not count as a try");
    let right = code(&app, &secret);
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let mut answer = step(&mut browser, wrong).await;
    says(&answer.body, "That code is not right.");
    says(&answer.body, "clock");
    for _ in 0..10 {
        answer = step(&mut browser, wrong).await;
    }
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(step(&mut browser, &right).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_step_ends_with_its_time_and_in_another_browser() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/signin/step").await.status, StatusCode::CONFLICT, "there is none");
    enter(&mut browser, ANA, PASSWORD).await;
    let mut thief = app.browser();
    thief.get("/signin").await;
    let token = browser.cookies["__Host-keyward-step"].clone();
    thief.cookies.insert("__Host-keyward-step".to_owned(), token);
    assert_eq!(thief.get("/signin/step").await.status, StatusCode::CONFLICT);
    assert_eq!(step(&mut thief, &code(&app, &secret)).await.status, StatusCode::CONFLICT);
    app.advance(Span::from_minutes(11));
    let answer = step(&mut browser, &code(&app, &secret)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    says(&answer.body, "Start again");
    assert_eq!((browser.session(), thief.session()), (None, None));
}

#[tokio::test]
async fn where_nobody_is_asked_a_passkey_is_offered_and_can_be_declined_for_good() {
    let passwords = PasswordPolicy { enabled: true, ..PasswordPolicy::default() };
    let interrupt = InterruptPolicy { enabled: false, ..InterruptPolicy::default() };
    let policy = Policy { passwords: passwords.into(), interrupt: interrupt.into(), ..Policy::default() };
    let app = TestApp::sqlite_with(Variation { policy, ..Variation::default() }).await;
    let (_, secret) = with_codes(&app).await;
    let mut browser = app.browser();
    assert_eq!(sign_in(&app, &mut browser, &secret).await.location(), "/me/offer");
    says(&browser.get("/me/offer").await.body, "Sign in faster next time");
    assert_eq!(browser.get("/me/interrupt").await.location(), "/me/security");
    assert_eq!(browser.post("/me/offer/not-now", &[]).await.location(), "/me/security");
    app.advance(Span::from_secs(30));
    assert_eq!(sign_in(&app, &mut browser, &secret).await.location(), "/me/offer", "not for good");
    assert_eq!(browser.post("/me/offer/never", &[]).await.location(), "/me/security");
    app.advance(Span::from_secs(30));
    assert_eq!(sign_in(&app, &mut browser, &secret).await.location(), "/me/security");
}

#[tokio::test]
async fn after_the_days_of_postponing_nothing_else_comes_first() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut browser = app.browser();
    sign_in(&app, &mut browser, &secret).await;
    browser.post("/me/interrupt/postpone", &[]).await;
    app.advance(Span::from_hours(13 * 24 + 12));
    sign_in(&app, &mut browser, &secret).await;
    says(&browser.get("/me/interrupt").await.body, "Today is the last day");
    app.advance(Span::from_days(1));
    assert_eq!(sign_in(&app, &mut browser, &secret).await.location(), "/me/interrupt");
    let page = browser.get("/me/interrupt").await.body;
    says(&page, "It can&#39;t be put off any longer.");
    assert!(!page.contains("/me/interrupt/postpone"));
    assert_eq!(browser.post("/me/interrupt/postpone", &[]).await.location(), "/me/interrupt");
}
