//! `/authorize`: from an application's question to its answer, and the pages in between.

use account::application::{Consent, Provenance};
use account::policy::Needed;
use account::strength::Strength;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use oidc::client::ResponseMode;
use primitives::time::Span;
use testkit::{Browser, RelyingParty, TestApp};

async fn world() -> TestApp {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    app
}

/// The field that a page's forms send to say which question they answer.
fn request_of(body: &str) -> String {
    let (_, rest) = body.split_once("name=\"request\" value=\"").unwrap_or_else(|| panic!("no form: {body}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Opens the page that waits and chooses on it.
async fn choose(browser: &mut Browser, what: &[(&str, &str)]) -> testkit::Answer {
    let page = browser.get("/authorize/continue").await;
    let request = request_of(&page.body);
    let fields: Vec<(&str, &str)> =
        [("request", request.as_str())].into_iter().chain(what.iter().copied()).collect();
    browser.post("/authorize/continue", &fields).await
}

#[tokio::test]
async fn who_is_signed_in_is_led_on_at_once() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let answer = ana.get(&payroll.question(&[])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let told = answer.told(&payroll.redirect_uri);
    assert_eq!((told["state"].as_str(), told["iss"].as_str()), ("state-1", "http://localhost:8080"));
    let tokens = payroll.exchange(&told["code"]).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    assert!(!ana.cookies.contains_key("__Host-keyward-application"), "nothing waits");
}

#[tokio::test]
async fn the_sign_in_says_for_whom_and_ends_there() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.post("/signout", &[]).await;
    let question = payroll.question(&[("login_hint", "ana@example.com"), ("ui_locales", "xx fr de")]);
    let answer = ana.get(&question).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/signin"));
    for path in ["/signin", "/signin/method", "/signin/tap"] {
        let page = ana.get(path).await;
        assert!(page.body.contains("Application payroll"), "{path}");
        assert!(page.body.contains("payroll.example"), "{path}");
        assert!(page.body.contains("<html lang=\"fr\""), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("form-action 'self' https://payroll.example;"), "{path}: {policy}");
    }
    assert!(ana.get("/signin").await.body.contains("value=\"ana@example.com\""));
    assert!(!ana.get("/help").await.header("content-security-policy").contains("payroll"));
    let signed_in = ana.sign_in().await.json_ok();
    assert_eq!(signed_in["next"], "/authorize/continue");
    let answer = ana.get("/authorize/continue").await;
    let told = answer.told(&payroll.redirect_uri);
    assert_eq!(payroll.exchange(&told["code"]).await.status, StatusCode::OK);
    // Answered once: going back asks nobody and answers nobody.
    let again = ana.get("/authorize/continue").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(!ana.get("/signin").await.body.contains("Application payroll"));
}

#[tokio::test]
async fn consent_is_asked_once_and_an_answer_goes_to_its_own_question() {
    let app = world().await;
    let remembered = |stored: &mut store::clients::Stored| stored.application.consent = Consent::Remembered;
    let payroll = RelyingParty::add_with(&app, "payroll", remembered).await;
    let wiki = RelyingParty::add_with(&app, "wiki", remembered).await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let asked = payroll.question(&[("scope", "openid email")]);
    assert_eq!(ana.get(&asked).await.location(), "/authorize/continue");
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("Application payroll wants to use your account"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://payroll.example;"), "{policy}");
    let request = request_of(&page.body);

    // Another tab has begun something else since.
    ana.get(&wiki.question(&[])).await;
    let answer = ana.post("/authorize/continue", &[("request", &request), ("do", "allow")]).await;
    assert_eq!(answer.location(), "/authorize/continue", "what is asked now is shown first");

    ana.get(&asked).await;
    // Nobody allows from another site.
    let mut foreign = ana.clone();
    foreign.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let request = request_of(&ana.get("/authorize/continue").await.body);
    let refused = foreign.post("/authorize/continue", &[("request", &request), ("do", "allow")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let denied = choose(&mut ana.clone(), &[("do", "deny")]).await;
    assert_eq!(denied.told(&payroll.redirect_uri)["error"], "access_denied");
    let allowed = choose(&mut ana, &[("do", "allow")]).await;
    let told = allowed.told(&payroll.redirect_uri);
    assert_eq!(payroll.exchange(&told["code"]).await.json()["scope"], "email openid");
    // Remembered.
    let answer = ana.get(&asked).await;
    assert!(answer.told(&payroll.redirect_uri).contains_key("code"));
    // More is asked alone.
    ana.get(&payroll.question(&[("scope", "openid email groups")])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("This is new:"), "{}", page.body);
}

#[tokio::test]
async fn a_stranger_s_application_is_told_apart() {
    let app = world().await;
    let shady = RelyingParty::add_with(&app, "shady", |stored| {
        stored.application.consent = Consent::Remembered;
        stored.application.origin = Provenance::Registered;
    })
    .await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.get(&shady.question(&[])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("it registered itself"), "{}", page.body);
    assert!(page.body.contains("shady.example"));
    assert!(!page.body.contains("added by your organisation"));
}

#[tokio::test]
async fn without_a_page_there_are_errors() {
    let app = world().await;
    let payroll =
        RelyingParty::add_with(&app, "payroll", |stored| stored.application.consent = Consent::Remembered)
            .await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let silent = payroll.question(&[("prompt", "none")]);
    let told = |answer: testkit::Answer| answer.told(&payroll.redirect_uri)["error"].clone();
    assert_eq!(told(app.browser().get(&silent).await), "login_required");
    assert_eq!(told(ana.get(&silent).await), "consent_required");
    app.advance(Span::from_minutes(2));
    let old = payroll.question(&[("prompt", "none"), ("max_age", "60")]);
    assert_eq!(told(ana.get(&old).await), "login_required");
}

#[tokio::test]
async fn an_account_is_chosen_and_a_sign_in_repeated() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, mut ana) = app.member("ana@example.com").await;
    // Who has just signed in has chosen already.
    app.advance(Span::from_secs(1));
    ana.get(&payroll.question(&[("prompt", "select_account")])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("Choose an account"), "{}", page.body);
    let chosen = choose(&mut ana, &[("do", "continue")]).await;
    assert_eq!(chosen.location(), "/authorize/continue");
    assert!(ana.get("/authorize/continue").await.told(&payroll.redirect_uri).contains_key("code"));

    ana.get(&payroll.question(&[("prompt", "select_account")])).await;
    let switched = choose(&mut ana, &[("do", "switch")]).await;
    assert!(switched.location().starts_with("/signin"), "{}", switched.location());

    app.advance(Span::from_secs(1));
    ana.get(&payroll.question(&[("prompt", "login")])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("data-confirm=\"step-up\""), "{}", page.body);
    let (_, rest) = page.body.split_once("data-target=\"").unwrap();
    let target = rest.split('"').next().unwrap().to_owned();
    ana.confirm("step-up", Some(&target)).await.json_ok();
    let told = ana.get("/authorize/continue").await.told(&payroll.redirect_uri);
    assert!(told.contains_key("code"), "{told:?}");

    app.advance(Span::from_minutes(10));
    ana.get(&payroll.question(&[("max_age", "60")])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("too long ago"), "{}", page.body);
    let left = choose(&mut ana, &[("do", "cancel")]).await;
    assert!(left.told(&payroll.redirect_uri).contains_key("error"));
}

#[tokio::test]
async fn a_pass_leads_to_the_wizard_and_the_wizard_to_the_application() {
    let app = world().await;
    let vault = RelyingParty::add_with(&app, "vault", |stored| {
        stored.application.needed = Needed::BuiltIn(Strength::PhishingResistant);
    })
    .await;
    let (_, pass) = app.starter("ben@example.com").await;
    let mut ben = app.browser();
    ben.get(&vault.question(&[])).await;
    assert_eq!(ben.redeem("ben@example.com", pass.reveal()).await.location(), "/welcome");
    let page = ben.get("/authorize/continue").await;
    assert!(page.body.contains("href=\"/me/security/add\""), "{}", page.body);
    let id = ben.register().await;
    ben.try_passkey(&id).await.json_ok();
    let done = ben.get("/welcome/done").await;
    assert!(done.body.contains("href=\"/authorize/continue\""), "{}", done.body);
    let told = ben.get("/authorize/continue").await.told(&vault.redirect_uri);
    assert_eq!(vault.exchange(&told["code"]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_is_in_none_of_its_groups_is_told_so() {
    let app = world().await;
    let payroll = RelyingParty::add_with(&app, "payroll", |stored| {
        stored.application.groups = vec![primitives::id::Id::from_bytes([9; 16])];
    })
    .await;
    let (_, mut ana) = app.member("ana@example.com").await;
    ana.get(&payroll.question(&[])).await;
    let page = ana.get("/authorize/continue").await;
    assert!(page.body.contains("You have no access to Application payroll"), "{}", page.body);
    let left = choose(&mut ana, &[("do", "cancel")]).await;
    assert_eq!(left.told(&payroll.redirect_uri)["error"], "access_denied");
}

#[tokio::test]
async fn every_mode_brings_the_answer() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, ana) = app.member("ana@example.com").await;
    for mode in ResponseMode::ALL {
        let mut ana = ana.clone();
        let answer = ana.get(&payroll.question(&[("response_mode", mode.name())])).await;
        if mode.name().starts_with("form_post") {
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.body.contains("action=\"https://payroll.example/callback\""), "{}", answer.body);
            assert!(answer.body.contains("<noscript>"));
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("form-action 'self' https://payroll.example;"), "{policy}");
        } else {
            let told = answer.told(&payroll.redirect_uri);
            let signed = mode.name().ends_with(".jwt");
            assert_eq!(told.contains_key("response"), signed, "{mode:?}");
            assert_eq!(told.contains_key("code"), !signed, "{mode:?}");
        }
    }
}

#[tokio::test]
async fn a_form_from_another_site_asks_again_by_get_and_touches_no_cookie() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, ana) = app.member("ana@example.com").await;
    let post = |body: String| {
        Request::builder()
            .method(Method::POST)
            .uri("/authorize?lang=de")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .header(header::ORIGIN, "https://payroll.example")
            .body(Body::from(body))
            .unwrap()
    };
    for mut browser in [ana.clone(), app.browser()] {
        let answer = browser.send(post(payroll.asked(&[]))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(answer.location().starts_with("/authorize?"), "{}", answer.location());
        assert!(answer.set_cookies().is_empty(), "{:?}", answer.set_cookies());
        let mut ana = ana.clone();
        let told = ana.get(answer.location()).await.told(&payroll.redirect_uri);
        assert!(told.contains_key("code"));
    }
    let twice = app.browser().send(post("client_id=a&client_id=b".to_owned())).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    assert!(twice.set_cookies().is_empty());
}

#[tokio::test]
async fn what_cannot_be_answered_is_shown() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let mut browser = app.browser();
    for (other, says) in [
        ([("client_id", "nobody")], "Nobody here knows"),
        ([("redirect_uri", "")], "redirect_uri_missing"),
        ([("redirect_uri", "https://evil.example/callback")], "not registered for it"),
    ] {
        let page = browser.get(&payroll.question(&other)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{other:?}");
        assert!(page.body.contains(says), "{other:?}: {}", page.body);
        assert!(page.body.contains(page.header("x-request-id")), "the reference is shown");
    }
    payroll.change(&app, |stored| stored.enabled = false).await;
    let page = browser.get(&payroll.question(&[])).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("turned this application off"), "{}", page.body);
    // A request too long for its cookie.
    payroll.change(&app, |stored| stored.enabled = true).await;
    let long = "x".repeat(500);
    let many = format!("{long} {long} {long} {long} {long} {long} {long}");
    let page = browser.get(&payroll.question(&[("ui_locales", many.as_str()), ("state", &many)])).await;
    assert!(
        page.body.contains("request_too_long") || page.location().contains("error="),
        "{} {}",
        page.status,
        page.body
    );
}

#[tokio::test]
async fn a_question_waits_an_hour_and_no_longer() {
    let app = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let mut browser = app.browser();
    browser.get(&payroll.question(&[])).await;
    assert_eq!(browser.get("/authorize/continue").await.location(), "/signin");
    app.advance(Span::from_minutes(61));
    let page = browser.get("/authorize/continue").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    // Another browser's cookie is nothing.
    let mut other = app.browser();
    browser.get(&payroll.question(&[])).await;
    let stolen = browser.cookies["__Host-keyward-application"].clone();
    other.get("/signin").await;
    other.cookies.insert("__Host-keyward-application".to_owned(), stolen);
    assert_eq!(other.get("/authorize/continue").await.status, StatusCode::CONFLICT);
}
