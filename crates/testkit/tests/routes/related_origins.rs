//! `/.well-known/webauthn`.

use axum::http::StatusCode;
use serde_json::json;
use server::config::Origin;
use testkit::{TestApp, TestContext};

#[tokio::test]
async fn the_document_lists_what_is_configured_and_nothing_else() {
    let app = TestApp::on_site(TestContext::sqlite().await, |site| {
        site.related_origins = ["https://shop.example", "https://shop.example:8443"]
            .map(|text| Origin::parse(text).unwrap())
            .into();
    });
    let answer = app.browser().get("/.well-known/webauthn").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json(),
        json!({ "origins": [testkit::deployment::ORIGIN, "https://shop.example", "https://shop.example:8443"] })
    );
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=86400");
    assert!(answer.set_cookies().is_empty(), "it is the same for every browser");
}

#[tokio::test]
async fn without_related_origins_it_lists_our_own() {
    let app = TestApp::sqlite().await;
    let answer = app.browser().get("/.well-known/webauthn").await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::OK, json!({ "origins": [testkit::deployment::ORIGIN] }))
    );
}
