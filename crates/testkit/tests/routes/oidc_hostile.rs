//! Nobody is led to an address that is not registered (assurance O2): hostile redirect URIs with every prompt, every
//! response mode, and pushed.

use axum::http::StatusCode;
use testkit::{RelyingParty, TestApp};

/// What the application registered.
const OWN: &str = "https://app.example/cb?tenant=1";

/// Sixty that look like it, or like something that is let through elsewhere.
const HOSTILE: [&str; 60] = [
    "https://app.example/cb",
    "https://app.example/cb?tenant=2",
    "https://app.example/cb?tenant=1&x=2",
    "https://app.example/cb?tenant=1#",
    "https://app.example/cb?tenant=1#x",
    "https://app.example/cb/?tenant=1",
    "https://app.example//cb?tenant=1",
    "https://app.example/./cb?tenant=1",
    "https://app.example/x/../cb?tenant=1",
    "https://app.example/%63b?tenant=1",
    "https://app.example/cb%3Ftenant=1",
    "https://app.example/cb%2F..%2Fevil?tenant=1",
    "https://app.example/CB?tenant=1",
    "https://APP.EXAMPLE/cb?tenant=1",
    "HTTPS://app.example/cb?tenant=1",
    "http://app.example/cb?tenant=1",
    "https://app.example:443/cb?tenant=1",
    "https://app.example:8443/cb?tenant=1",
    "https://app.example.:443/cb?tenant=1",
    "https://app.example./cb?tenant=1",
    "https://app.example@evil.example/cb?tenant=1",
    "https://app.example:x@evil.example/cb?tenant=1",
    "https://user@app.example/cb?tenant=1",
    "https://user:password@app.example/cb?tenant=1",
    "https://evil.example/cb?tenant=1",
    "https://evil.example/https://app.example/cb?tenant=1",
    "https://evil.example?https://app.example/cb?tenant=1",
    "https://evil.example#@app.example/cb?tenant=1",
    "https://app.example.evil.example/cb?tenant=1",
    "https://app-example/cb?tenant=1",
    "https://evilapp.example/cb?tenant=1",
    "https://sub.app.example/cb?tenant=1",
    "https://app.example\\@evil.example/cb?tenant=1",
    "https://app.example\\.evil.example/cb?tenant=1",
    "https:\\\\app.example/cb?tenant=1",
    "https:/app.example/cb?tenant=1",
    "https:app.example/cb?tenant=1",
    "//app.example/cb?tenant=1",
    "/cb?tenant=1",
    "app.example/cb?tenant=1",
    " https://app.example/cb?tenant=1",
    "https://app.example/cb?tenant=1 ",
    "https://app.example/cb?tenant=1\n",
    "https://app.example/cb?tenant=1\r\nset-cookie: a=b",
    "https://app.example/cb?tenant=1\0",
    "https://app.example\0.evil.example/cb?tenant=1",
    "https://app.example\t/cb?tenant=1",
    "https://[::1]/cb?tenant=1",
    "https://[app.example]/cb?tenant=1",
    "https://127.0.0.1/cb?tenant=1",
    "http://127.0.0.1:8080/cb?tenant=1",
    "http://localhost/cb?tenant=1",
    "https://*.example/cb?tenant=1",
    "https://app.example/*",
    "https://ápp.example/cb?tenant=1",
    "https://xn--pp-xja.example/cb?tenant=1",
    "javascript:alert(1)//https://app.example/cb?tenant=1",
    "data:text/html,<script>alert(1)</script>",
    "com.example.app:/cb?tenant=1",
    "blob:https://app.example/cb?tenant=1",
];

const PROMPTS: [&str; 6] = ["", "none", "login", "consent", "select_account", "login consent"];
const MODES: [&str; 8] =
    ["", "query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "web_message"];

async fn world() -> (TestApp, RelyingParty) {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    let client = RelyingParty::add_with(&app, "app", |stored| {
        stored.client.redirect_uris = vec![OWN.to_owned()];
    })
    .await;
    (app, client)
}

#[tokio::test]
async fn a_hostile_redirect_uri_is_shown_and_never_followed() {
    let (app, client) = world().await;
    let (_, ana) = app.member("ana@example.com").await;
    let stranger = app.browser();
    for uri in HOSTILE {
        for prompt in PROMPTS {
            for mode in MODES {
                let other = [("redirect_uri", uri), ("prompt", prompt), ("response_mode", mode)];
                let path = client.question(&other);
                for browser in [&ana, &stranger] {
                    let answer = browser.clone().get(&path).await;
                    let case = format!("{uri:?} {prompt} {mode}");
                    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{case}: {}", answer.location());
                    assert!(answer.location().is_empty(), "{case}");
                    assert!(!answer.body.contains("<form method=\"post\" action=\"http"), "{case}");
                    let policy = answer.header("content-security-policy");
                    assert!(policy.contains("form-action 'self';"), "{case}: {policy}");
                    assert!(
                        !answer.set_cookies().iter().any(|cookie| cookie.contains("application")),
                        "{case}"
                    );
                }
            }
        }
    }
    // The control: its own is followed.
    let answer = ana.clone().get(&client.question(&[("prompt", "none")])).await;
    assert!(answer.location().starts_with(OWN), "{} {}", answer.status, answer.body);
}

#[tokio::test]
async fn a_hostile_redirect_uri_is_not_pushed_either() {
    let (app, client) = world().await;
    let (_, ana) = app.member("ana@example.com").await;
    for uri in HOSTILE {
        let body = client.asked(&[("redirect_uri", uri)]);
        let answer = client.send(axum::http::Method::POST, "/oauth/par", client.basic(), body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri:?}: {}", answer.body);
        assert!(answer.json()["request_uri"].is_null(), "{uri:?}");
    }
    // A pushed request keeps its own address, whatever stands beside its reference.
    let body = client.asked(&[]);
    let pushed = client.send(axum::http::Method::POST, "/oauth/par", client.basic(), body).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    let reference = pushed.json()["request_uri"].as_str().unwrap().to_owned();
    for uri in HOSTILE.into_iter().take(10) {
        let path = client.question(&[("request_uri", reference.as_str()), ("redirect_uri", uri)]);
        let answer = ana.clone().get(&path).await;
        assert!(
            answer.location().is_empty() || answer.location().starts_with(OWN),
            "{uri:?}: {}",
            answer.location()
        );
    }
}
