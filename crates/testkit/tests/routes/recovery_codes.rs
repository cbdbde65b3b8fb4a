//! `/me/security/recovery-codes` and `/signin/recovery`: SEC-6, and a code alone.

use axum::http::StatusCode;
use testkit::{Browser, TestApp};

use super::second_step::{sign_in, with_codes};
use super::signin_password::{ANA, PASSWORD, app_with, enter, says};

/// The codes of the page that shows them.
fn codes_of(page: &str) -> Vec<String> {
    let list = page.split_once("<ol class=\"codes\"").unwrap().1.split_once("</ol>").unwrap().0;
    let codes = list.split("<code>").skip(1).filter_map(|rest| rest.split('<').next());
    codes.map(str::to_owned).collect()
}

/// Somebody with a passkey makes codes, as a script would confirm it.
async fn make(browser: &mut Browser) -> Vec<String> {
    browser.confirm("new-recovery-codes", None).await.json_ok();
    let answer = browser.post("/me/security/recovery-codes", &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.location());
    codes_of(&answer.body)
}

async fn redeem(browser: &mut Browser, login: &str, code: &str) -> testkit::Answer {
    browser.post("/signin/recovery", &[("identifier", login), ("code", code)]).await
}

#[tokio::test]
async fn ten_codes_are_shown_once_and_counted_afterwards() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    says(&ana.get("/me/security").await.body, "Recovery codes");
    says(&ana.get("/me/security/recovery-codes").await.body, "data-confirm=\"new-recovery-codes\"");
    let answer = ana.post("/me/security/recovery-codes", &[]).await;
    assert_eq!(answer.location(), "/me/confirm?for=new-recovery-codes", "not confirmed yet");
    let codes = make(&mut ana).await;
    assert_eq!(codes.len(), 10);
    says(ana.post("/me/security/recovery-codes/kept", &[("kept", "yes")]).await.location(), "/me/security");
    let page = ana.get("/me/security").await.body;
    says(&page, "Your recovery codes are ready.");
    says(&page, "10 of 10 left");
    for path in ["/me/security", "/me/security/recovery-codes", "/me/confirm?for=new-recovery-codes"] {
        let page = ana.get(path).await.body;
        assert!(codes.iter().all(|code| !page.contains(code)), "{path}");
    }
}

#[tokio::test]
async fn whoever_leaves_without_saying_that_they_are_kept_is_told() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    make(&mut ana).await;
    says(&ana.get("/me/security").await.body, "You left before saying that you kept");
}

#[tokio::test]
async fn the_file_holds_the_codes_of_the_page_and_its_address_none() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let codes = make(&mut ana).await;
    let body = codes.join("\n");
    let file = ana.post("/me/security/recovery-codes/download", &[("codes", &body)]).await;
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"recovery-codes.txt\"");
    says(file.header("cache-control"), "no-store");
    assert!(codes.iter().all(|code| file.body.contains(code)), "{}", file.body);
    // What is none of ours is not handed back.
    let file = ana.post("/me/security/recovery-codes/download", &[("codes", "<b>hello</b>")]).await;
    assert_eq!(file.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/me/security/recovery-codes/download").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_code_alone_works_once_and_reaches_securing_the_account_only() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let codes = make(&mut ana).await;
    let mut browser = app.browser();
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(redeem(&mut browser, ANA, &typed).await.location(), "/me/secure");
    assert_eq!(browser.get("/me/sessions").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/me/security/recovery-codes").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/me/security").await.status, StatusCode::OK);
    says(&ana.get("/me/security").await.body, "9 of 10 left");
    let mut again = app.browser();
    says(&redeem(&mut again, ANA, &typed).await.body, "was used already");
    assert_eq!(again.session(), None);
}

#[tokio::test]
async fn new_codes_end_the_old_ones() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let old = make(&mut ana).await;
    says(&ana.get("/me/security/recovery-codes").await.body, "You have 10 codes left.");
    let new = make(&mut ana).await;
    says(&redeem(&mut app.browser(), ANA, &old[0]).await.body, "do not belong together");
    assert_eq!(redeem(&mut app.browser(), ANA, &new[0]).await.location(), "/me/secure");
}

#[tokio::test]
async fn an_unknown_name_reads_like_a_known_one_at_every_try() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    make(&mut ana).await;
    app.user("luca@example.com").await;
    let mut entropy = app.test.caller("guess").entropy;
    let guess = account::recovery_code::generate(entropy.as_mut()).reveal().to_owned();
    let mut answers = Vec::new();
    for login in [ANA, "luca@example.com", "nobody@example.com"] {
        let mut browser = app.browser();
        let mut of_name = Vec::new();
        for _ in 0..12 {
            let answer = redeem(&mut browser, login, &guess).await;
            of_name.push((answer.status, answer.without_reference().replace(login, "LOGIN")));
        }
        assert_eq!(of_name.last().unwrap().0, StatusCode::TOO_MANY_REQUESTS);
        answers.push(of_name);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn what_is_missing_or_slipped_costs_no_try() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member(ANA).await;
    let codes = make(&mut ana).await;
    let mut browser = app.browser();
    says(&redeem(&mut browser, "", "").await.body, "Enter your email or username");
    says(&redeem(&mut browser, ANA, "  ").await.body, "Enter a recovery code.");
    for _ in 0..12 {
        says(&redeem(&mut browser, ANA, "K7QX").await.body, "did not count as a try");
    }
    assert_eq!(redeem(&mut browser, ANA, &codes[0]).await.location(), "/me/secure");
}

#[tokio::test]
async fn a_recovery_code_is_a_second_step_too_and_no_confirmation_of_itself() {
    let app = app_with(|_| {}).await;
    let (_, secret) = with_codes(&app).await;
    let mut ana = app.browser();
    sign_in(&app, &mut ana, &secret).await;
    // Without a passkey, password and code confirm.
    assert_eq!(
        ana.post("/me/security/recovery-codes", &[]).await.location(),
        "/me/confirm?for=new-recovery-codes"
    );
    let page = ana.get("/me/confirm?for=new-recovery-codes").await.body;
    says(&page, "action=\"/me/confirm/password\"");
    assert!(!page.contains("data-confirm"));
    let typed = |code: &'static str| [("for", "new-recovery-codes"), ("password", PASSWORD), ("code", code)];
    says(&ana.post("/me/confirm/password", &typed("")).await.body, "Enter your password and the code");
    says(&ana.post("/me/confirm/password", &typed("999999")).await.body, "Password or code is not right.");
    app.advance(primitives::time::Span::from_secs(30));
    let code = super::second_step::code(&app, &secret);
    let fields = [("for", "new-recovery-codes"), ("password", PASSWORD), ("code", code.as_str())];
    let answer = ana.post("/me/confirm/password", &fields).await;
    assert_eq!(answer.location(), "/me/confirm?for=new-recovery-codes", "{}", answer.body);
    says(&ana.get("/me/confirm?for=new-recovery-codes").await.body, "Confirmed.");
    let codes = codes_of(&ana.post("/me/security/recovery-codes", &[]).await.body);
    assert_eq!(
        ana.post("/me/security/recovery-codes", &[]).await.location(),
        "/me/confirm?for=new-recovery-codes",
        "a confirmation is good once"
    );
    let mut browser = app.browser();
    enter(&mut browser, ANA, PASSWORD).await;
    says(&browser.get("/signin/step").await.body, "Use a recovery code instead");
    says(&browser.get("/signin/step?with=recovery-code").await.body, "Use the authenticator app instead");
    let with = [("with", "recovery-code"), ("code", codes[9].as_str())];
    assert_eq!(browser.post("/signin/step", &with).await.location(), "/me/interrupt");
    enter(&mut browser, ANA, PASSWORD).await;
    says(&browser.post("/signin/step", &with).await.body, "That recovery code was used already.");
}
