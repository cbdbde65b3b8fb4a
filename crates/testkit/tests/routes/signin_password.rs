//! `/signin/method`, `/signin/password` and `/signin/password/new`: every state of SI-2, SI-4 and SI-4b.

use account::policy::{PasswordPolicy, Policy};
use account::user::User;
use axum::http::StatusCode;
use primitives::time::Span;
use service::manage_password;
use testkit::deployment::Variation;
use testkit::{Answer, Browser, TestApp};

pub(super) const ANA: &str = "ana@example.com";
pub(super) const PASSWORD: &str = "correct horse battery staple";

pub(super) fn says(body: &str, words: &str) {
    assert!(body.contains(words), "{words:?} is not in {body}");
}

/// Passwords are taken, and what else `change` says.
pub(super) async fn app_with(change: impl FnOnce(&mut PasswordPolicy)) -> TestApp {
    let mut passwords = PasswordPolicy { enabled: true, ..PasswordPolicy::default() };
    change(&mut passwords);
    let policy = Policy { passwords: passwords.into(), ..Policy::default() };
    TestApp::sqlite_with(Variation { policy, ..Variation::default() }).await
}

pub(super) async fn set_password(app: &TestApp, user: &User, must_change: bool) {
    let operator = &mut app.test.operator();
    manage_password::set_by_operator(&app.test.cx, operator, user.id, PASSWORD, must_change).await.unwrap();
}

pub(super) async fn enter(browser: &mut Browser, login: &str, password: &str) -> Answer {
    browser.post("/signin/password", &[("identifier", login), ("password", password)]).await
}

/// The body without what differs between any two answers of the same kind: the reference, and what was typed.
fn masked(answer: &Answer, login: &str) -> String {
    answer.without_reference().replace(login, "LOGIN")
}

#[tokio::test]
async fn where_passwords_are_not_taken_there_is_no_page_for_them() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/signin/password").await.status, StatusCode::NOT_FOUND);
    assert_eq!(enter(&mut browser, ANA, PASSWORD).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/signin/password/new").await.status, StatusCode::NOT_FOUND);
    let page = browser.get("/signin/method").await.body;
    assert!(!page.contains("/signin/password"), "{page}");
    says(&page, "/signin/recovery");
}

#[tokio::test]
async fn the_ways_to_sign_in_are_the_same_for_every_name() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let (_, pass) = app.starter("luca@example.com").await;
    drop(pass);
    let mut pages = Vec::new();
    for login in [ANA, "luca@example.com", "nobody@example.com"] {
        let mut browser = app.browser();
        browser.post("/signin", &[("identifier", login)]).await;
        let page = browser.get("/signin/method").await;
        for way in ["data-passkey", "/signin/tap", "/signin/password", "/signin/recovery"] {
            says(&page.body, way);
        }
        pages.push((page.status, masked(&page, login)));
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
}

#[tokio::test]
async fn an_unknown_name_reads_like_a_known_one_at_every_try() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    app.user("luca@example.com").await;
    let mut answers = Vec::new();
    for login in [ANA, "luca@example.com", "nobody@example.com"] {
        let mut browser = app.browser();
        let mut of_name = Vec::new();
        for _ in 0..12 {
            let answer = enter(&mut browser, login, "something else entirely").await;
            of_name.push((answer.status, masked(&answer, login)));
        }
        let last = of_name.last().unwrap();
        assert_eq!(last.0, StatusCode::TOO_MANY_REQUESTS);
        answers.push(of_name);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn what_is_missing_costs_no_try_and_what_was_typed_is_not_shown_again() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let mut browser = app.browser();
    says(&enter(&mut browser, "", "").await.body, "Enter your email or username");
    for _ in 0..12 {
        says(&enter(&mut browser, ANA, "").await.body, "Enter your password.");
    }
    let answer = enter(&mut browser, ANA, "Something else & more").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains("Something else"));
    says(&answer.body, "autocomplete=\"current-password\"");
    says(&answer.body, "You were not signed in.");
}

#[tokio::test]
async fn a_right_password_without_a_second_step_asks_for_a_pass() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let mut browser = app.browser();
    let answer = enter(&mut browser, ANA, PASSWORD).await;
    says(&answer.body, "no second step yet");
    says(&answer.body, "/signin/tap");
    assert_eq!(browser.session(), None);
    assert!(!browser.cookies.contains_key("__Host-keyward-step"));
}

#[tokio::test]
async fn a_right_password_of_somebody_with_a_passkey_leads_to_the_passkey() {
    let app = app_with(|_| {}).await;
    let (user, _) = app.member(ANA).await;
    set_password(&app, &user, false).await;
    let mut browser = app.browser();
    let answer = enter(&mut browser, ANA, PASSWORD).await;
    says(&answer.body, "This account has a passkey");
    says(&answer.body, "data-passkey");
    assert_eq!(browser.session(), None);
}

#[tokio::test]
async fn a_password_alone_reaches_nothing_but_a_passkey_of_ones_own() {
    let app = app_with(|policy| policy.alone_registers = true).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let mut browser = app.browser();
    assert_eq!(enter(&mut browser, ANA, PASSWORD).await.location(), "/me/interrupt");
    let page = browser.get("/me/interrupt").await;
    says(&page.body, "Your password alone reaches nothing else here.");
    says(&page.body, "This sign-in reaches nothing else.");
    assert!(!page.body.contains("/me/interrupt/postpone"));
    for path in [
        "/me/sessions",
        "/me/secure",
        "/me/security/password",
        "/me/security/codes",
        "/me/security/recovery-codes",
    ] {
        assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(browser.post("/me/interrupt/postpone", &[]).await.status, StatusCode::FORBIDDEN);
    browser.register().await;
    browser.sign_in().await.json_ok();
    assert_eq!(browser.get("/me/sessions").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_disabled_account_is_told_only_to_who_knows_the_password() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let operator = &mut app.test.operator();
    let authority = service::Authority::Operator;
    service::administer_users::disable(&app.test.cx, operator, authority, user.id).await.unwrap();
    let mut browser = app.browser();
    says(&enter(&mut browser, ANA, "wrong wrong wrong").await.body, "do not belong together");
    says(&enter(&mut browser, ANA, PASSWORD).await.body, "This account is turned off");
}

#[tokio::test]
async fn an_expired_password_is_changed_before_anything_else() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, true).await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/signin/password/new").await.location(), "/signin/password");
    assert_eq!(enter(&mut browser, ANA, PASSWORD).await.location(), "/signin/password/new");
    says(&browser.get("/signin/password/new").await.body, "autocomplete=\"new-password\"");
    for (new, words) in [
        ("short", "too short"),
        (PASSWORD, "the password that you have"),
        ("ana@example.com is me", "contains your username"),
    ] {
        let answer = browser.post("/signin/password/new", &[("password", new)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        says(&answer.body, words);
        assert!(!answer.body.contains(&format!("value=\"{new}")), "{new}");
    }
    let answer = browser.post("/signin/password/new", &[("password", "another good sentence")]).await;
    // There is no second step: the page says that, and nothing was opened.
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!(browser.session(), None);
    says(&enter(&mut app.browser(), ANA, PASSWORD).await.body, "do not belong together");
}

#[tokio::test]
async fn after_the_wait_a_right_password_goes_on() {
    let app = app_with(|_| {}).await;
    let user = app.user(ANA).await;
    set_password(&app, &user, false).await;
    let mut browser = app.browser();
    for _ in 0..10 {
        enter(&mut browser, ANA, "something else entirely").await;
    }
    let answer = enter(&mut browser, ANA, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    says(&answer.body, "Too many tries.");
    app.advance(Span::from_minutes(16));
    says(&enter(&mut browser, ANA, PASSWORD).await.body, "no second step yet");
}
