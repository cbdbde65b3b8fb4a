//! What holds for every address: headers, origin, size, method, and who is let in.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use service::administer_users::{self, NewUser};
use testkit::TestApp;

const ID: &str = "0193a1b2-0000-7000-8000-000000000001";

/// Every page, with a sample of each parameter.
fn pages() -> Vec<String> {
    [
        "/",
        "/signin",
        "/signin/method",
        "/signin/tap",
        "/help",
        "/signed-out",
        "/welcome",
        "/welcome/done",
        "/setup",
        "/me/confirm?for=add-passkey",
        "/me/security",
        "/me/security/passkeys/{id}",
        "/me/security/passkeys/{id}/rename",
        "/me/security/passkeys/{id}/remove",
        "/me/security/add",
        "/me/security/add/this-computer/create",
        "/me/security/add/{id}/name",
        "/me/security/add/{id}/try",
        "/me/security/add/{id}/backup",
        "/me/security/add/{id}/done",
        "/me/sessions",
        "/healthz",
        "/readyz",
        "/.well-known/webauthn",
        "/.well-known/passkey-endpoints",
        "/nowhere",
    ]
    .map(|path| path.replace("{id}", ID))
    .into()
}

/// Everything that changes something.
fn actions() -> Vec<String> {
    [
        "/signin",
        "/signin/tap",
        "/signin/forget",
        "/signin/begin",
        "/signin/finish",
        "/signout",
        "/language",
        "/setup",
        "/me/confirm/begin",
        "/me/confirm/finish",
        "/me/security/later",
        "/me/security/pass/delete",
        "/me/security/passkeys/{id}/rename",
        "/me/security/passkeys/{id}/remove",
        "/me/security/add",
        "/me/security/add/begin",
        "/me/security/add/finish",
        "/me/security/add/{id}/name",
        "/me/security/try/begin",
        "/me/security/try/finish",
        "/me/sessions/{id}/revoke",
        "/me/sessions/revoke-others",
    ]
    .map(|path| path.replace("{id}", ID))
    .into()
}

fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::sqlite().await;
    let (_, member) = app.member("ana@example.com").await;
    for browser in [app.browser(), member] {
        for path in pages() {
            let answer = browser.clone().get(&path).await;
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{path}: {policy}");
            assert!(policy.ends_with("require-trusted-types-for 'script'; trusted-types 'none'"), "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert!(
                answer.header("permissions-policy").contains("publickey-credentials-get=(self)"),
                "{path}"
            );
            let public = path.starts_with("/.well-known") && answer.status == StatusCode::OK;
            assert_eq!(answer.header("cache-control") == "no-store", !public, "{path}");
            assert_eq!(answer.header("x-request-id").len(), 9, "{path}");
        }
        for path in actions() {
            let answer = browser.clone().post(&path, &[]).await;
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert!(!answer.header("content-security-policy").is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn what_changes_something_comes_from_our_own_pages() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://other.localhost:8080")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    ];
    for path in actions() {
        for headers in foreign {
            let answer = ana.send(request(Method::POST, &path, headers)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
            if path.ends_with("/begin") || path.ends_with("/finish") {
                assert_eq!(answer.json()["code"], "origin", "{path}");
            } else {
                assert!(answer.body.contains("came from this page"), "{path}: {}", answer.body);
            }
        }
    }
    assert_eq!(ana.get("/me/security").await.status, StatusCode::OK, "nothing happened, signing out neither");
}

#[tokio::test]
async fn reading_never_changes_anything() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    let before = app.test.cx.db.stats().commits;
    for path in pages().into_iter().chain(actions()).filter(|path| path != "/readyz") {
        for method in [Method::GET, Method::HEAD] {
            let answer = ana.send(request(method, &path, &[("sec-fetch-site", "cross-site")])).await;
            assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        }
    }
    assert_eq!(app.test.cx.db.stats().commits, before);
}

#[tokio::test]
async fn an_action_is_not_a_page_and_a_page_is_no_action() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    for path in ["/signout", "/signin/begin", "/me/sessions/revoke-others"] {
        assert_eq!(browser.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let answer = browser.post("/help", &[]).await;
    assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        let answer = browser.send(request(method, "/signin", &[("sec-fetch-site", "same-origin")])).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn a_body_is_bounded_and_of_its_kind() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    let long = "x".repeat(64 * 1024 + 1);
    let form = browser.post("/signin", &[("identifier", &long)]).await;
    assert_eq!(form.status, StatusCode::PAYLOAD_TOO_LARGE);
    let script = browser.post_json("/signin/finish", &json!({ "state": long, "response": {} })).await;
    assert_eq!(
        (script.status, script.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("too_large"))
    );
    for nonsense in ["", "{", "\u{0}", "{\"state\":", "nul"] {
        let answer = browser.post_text("/signin/finish", nonsense.to_owned()).await;
        assert_eq!(
            (answer.status, answer.json()["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("bad_request"))
        );
    }
    let wrong_kind = browser.post("/signin/finish", &[("state", "x")]).await;
    assert_eq!(wrong_kind.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let wrong_kind = browser.post_json("/signin/tap", &json!({ "identifier": "a", "pass": "b" })).await;
    assert_eq!(wrong_kind.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn malformed_cookies_are_nobodys() {
    let app = TestApp::sqlite().await;
    let (_, ana) = app.member("ana@example.com").await;
    let token = ana.session().unwrap().clone();
    let broken: Vec<String> = vec![
        String::new(),
        "x".to_owned(),
        "A".repeat(43),
        "A".repeat(60_000),
        token[1..].to_owned(),
        token.to_uppercase(),
        format!("{token}="),
        format!("{token}; __Host-keyward-session={token}"),
    ];
    for value in broken {
        let mut browser = ana.clone();
        browser.cookies.insert("__Host-keyward-session".to_owned(), value.clone());
        for (name, cookie) in &mut browser.cookies {
            if name != "__Host-keyward-session" {
                cookie.push('!');
            }
        }
        let answer = browser.get("/me/security").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{value:.60}");
        assert_eq!(browser.get("/signin").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn signed_in_pages_are_for_the_signed_in() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    for path in pages().iter().filter(|path| path.starts_with("/me/") || path.starts_with("/welcome")) {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/signin"), "{path}");
    }
    for path in actions().iter().filter(|path| path.starts_with("/me/")) {
        let answer = if path.ends_with("/begin") || path.ends_with("/finish") {
            let body = json!({ "state": "", "response": {}, "place": "this-computer", "action": "x", "passkey": ID });
            browser.post_json(path, &body).await
        } else {
            browser.post(path, &[("name", "x"), ("reason", "lost"), ("place", "this-computer")]).await
        };
        match answer.status {
            StatusCode::SEE_OTHER => assert_eq!(answer.location(), "/signin", "{path}"),
            StatusCode::OK => assert_eq!(answer.json()["code"], "session_ended", "{path}"),
            other => panic!("{path}: {other}"),
        }
    }
}

#[tokio::test]
async fn files_are_kept_and_pages_are_not() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    let page = browser.get("/signin").await;
    let at = page.body.find("/static/").unwrap();
    let path = &page.body[at..at + page.body[at..].find('"').unwrap()];
    let file = browser.get(path).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("cache-control").contains("immutable"));
    assert!(file.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(browser.get("/static/x/../../etc/passwd").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/static/x/nothing.js").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn probes_and_documents_answer() {
    let app = TestApp::sqlite().await;
    let mut browser = app.browser();
    assert_eq!(browser.get("/healthz").await.body, "ok\n");
    assert_eq!(browser.get("/readyz").await.json(), json!({ "ready": true }));
    let endpoints = browser.get("/.well-known/passkey-endpoints").await.json();
    assert_eq!(endpoints["enroll"], "http://localhost:8080/me/security/add");
    assert_eq!(endpoints["manage"], "http://localhost:8080/me/security");
}

#[tokio::test]
async fn a_node_whose_clock_is_off_is_not_ready() {
    let app = TestApp::sqlite().await;
    app.test.clock.advance(primitives::time::Span::from_secs(6));
    let answer = app.browser().get("/readyz").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, Some("clock_skew"))
    );
}

#[tokio::test]
async fn an_address_that_is_none_gets_a_page_of_ours() {
    let app = TestApp::sqlite().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    for path in [
        "/me/security/passkeys/%ff",
        "/me/security/passkeys/%00",
        "/me/security/passkeys/%2e%2e%2f",
        "/me/security/add/%ff/create",
        "/me/security/add/%ff/name",
        "/static/%ff/x",
        "//evil.example/me/security",
        "/me//security",
        "/me/security/",
        "/%6de/security",
    ] {
        let answer = ana.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}: {}", answer.body);
    }
    for path in [
        "/me/confirm",
        "/me/confirm?for=add-passkey&for=remove-passkey",
        "/me/security/add?place=security-key&place=phone",
    ] {
        let answer = ana.get(path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_people_type_is_only_text_on_every_page() {
    const PAYLOADS: [&str; 7] = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onfocus=alert(1) autofocus='",
        "</title><svg onload=alert(1)>",
        "</script><svg onload=alert(1)>",
        "{{ 7 * 7 }} { $name } ${7}",
        "<!--<plaintext>",
    ];
    // What would be markup or an attribute if it stood there as typed; in the JSON for scripts quotes are quotes.
    let is_markup = |page: &str| {
        let (before, data) = page.split_once("application/json").unwrap_or((page, ""));
        let after = data.split_once("</script>").map_or("", |(_, after)| after);
        ["<script>alert", "<img src=x", "<svg onload", "<!--<plain"].iter().any(|mark| page.contains(mark))
            || [before, after].iter().any(|part| part.contains("' onfocus="))
    };
    let app = TestApp::sqlite().await;
    for (number, payload) in PAYLOADS.into_iter().enumerate() {
        let login = format!("{payload}{number}");
        let new = NewUser { login: login.clone(), name: payload.to_owned(), ..NewUser::default() };
        let by = service::Authority::Operator;
        let user = administer_users::add(&app.test.cx, &mut app.test.operator(), by, new).await.unwrap();
        let pass = app.test.issue(&user).await;
        let mut ana = app.browser();
        ana.redeem(&login, pass.reveal()).await;
        let id = ana.register().await;
        ana.sign_in().await.json_ok();
        let renamed = ana.post(&format!("/me/security/passkeys/{id}/rename"), &[("name", payload)]).await;
        assert_eq!(renamed.location(), "/me/security", "{payload}");
        let mut stranger = app.browser();
        let mut seen = vec![
            stranger.post("/signin", &[("identifier", payload)]).await,
            stranger.get("/signin/method").await,
            stranger.get("/signin/tap").await,
            stranger.redeem(payload, "nonsense").await,
            stranger
                .get(&format!("/signin?{}", payload.replace([' ', '<', '>', '"', '{', '}'], "%3C")))
                .await,
            ana.post(&format!("/me/security/passkeys/{id}/rename"), &[("name", &payload.repeat(9))]).await,
            ana.post(&format!("/me/security/add/{id}/name"), &[("name", &payload.repeat(9))]).await,
            ana.post("/me/security/add", &[("place", payload)]).await,
            ana.get(&format!("/me/confirm?for=remove-passkey&target={id}")).await,
        ];
        for path in pages() {
            seen.push(ana.get(&path.replace(ID, &id)).await);
        }
        ana.post("/signout", &[]).await;
        seen.push(ana.get("/signin").await);
        assert!(seen.iter().any(|answer| answer.body.contains("alert(1)")) || !payload.contains("alert"));
        for answer in seen {
            assert!(!is_markup(&answer.body), "{payload}: {}", answer.body);
            assert!(answer.status.as_u16() < 500, "{payload}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn while_changes_are_paused_people_sign_in_and_read() {
    let test = testkit::TestContext::sqlite().await;
    let until = test.now() + primitives::time::Span::from_hours(2);
    let app = TestApp::on_site(test, |site| site.read_only_until = Some(until));
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    assert_eq!(ana.redeem("ana@example.com", pass.reveal()).await.location(), "/welcome");
    let page = ana.get("/me/security/add").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Changes are paused until")
            && page.body.contains("<fieldset class=\"frozen\" disabled>")
    );
    let refused = ana.post("/me/security/add", &[("place", "this-computer")]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    let begun = ana.post_json("/me/security/add/begin", &json!({ "place": "this-computer" })).await;
    assert_eq!(begun.refusal(), "read_only");
    app.advance(primitives::time::Span::from_hours(2));
    assert!(!ana.get("/signin").await.body.contains("Changes are paused"), "it ends by itself");
}
