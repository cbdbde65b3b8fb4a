//! More than can be answered: who is refused, how, and who is not.

use axum::http::StatusCode;
use server::admission::{Bounds, UNDER_WAY};
use std::time::Duration;
use testkit::{TestApp, TestContext};

/// Pages that let in so many newcomers, and four times as many under way.
async fn app(requests: usize) -> TestApp {
    let bounds = Bounds { requests, body: Duration::from_secs(10) };
    TestApp::on_site(TestContext::sqlite().await, |site| site.bounds = bounds)
}

#[tokio::test]
async fn whoever_finds_no_place_is_told_at_once_in_their_language() {
    // No place at all: the refusal alone.
    let app = app(0).await;
    let mut browser = app.browser();
    browser.headers.insert("accept-language", "de".parse().unwrap());
    let page = browser.get("/signin").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    let wait: u32 = page.header("retry-after").parse().unwrap();
    assert!((2..=5).contains(&wait), "{wait}");
    assert!(page.body.contains("Wir können gerade nicht antworten"), "{}", page.body);
    assert!(!page.body.contains("class=\"reference\""), "nothing is logged under a reference");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.set_cookies().is_empty());

    let script = browser.post_text("/signin/begin", "{}".to_owned()).await;
    assert_eq!(script.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((&script.json()["ok"], &script.json()["code"]), (&false.into(), &"overloaded".into()));
    assert!(!script.header("retry-after").is_empty());
}

#[tokio::test]
async fn probes_and_files_are_answered_all_the_same() {
    let app = app(0).await;
    let mut browser = app.browser();
    for path in ["/healthz", "/readyz", "/.well-known/passkey-endpoints", "/favicon.ico"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert_eq!(browser.get("/static/none/none.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sign_in_that_was_let_in_is_finished_while_newcomers_are_refused() {
    let app = app(1).await;
    let (_, member) = app.member("ana@example.com").await;
    // Each waits for its turn at the same time: one newcomer fits, and some of those under way.
    let ask = |signed_in: bool| {
        let mut browser = if signed_in { member.clone() } else { app.browser() };
        async move { browser.get("/signin").await.status == StatusCode::OK }
    };
    let (first, second) = tokio::join!(ask(false), ask(false));
    assert_eq!((first, second), (true, false), "the second newcomer");
    let (first, second, third, fourth) = tokio::join!(ask(true), ask(true), ask(true), ask(true));
    assert_eq!([first, second, third, fourth], [true; UNDER_WAY]);
    let (.., fourth, fifth) = tokio::join!(ask(true), ask(true), ask(true), ask(true), ask(true));
    assert_eq!((fourth, fifth), (true, false), "the fifth of those under way");
    assert!(ask(false).await, "places come back");
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_it_is_read() {
    let app = app(8).await;
    let answer = app.browser().post_text("/signin/finish", "x".repeat(100_000)).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large"))
    );
}
