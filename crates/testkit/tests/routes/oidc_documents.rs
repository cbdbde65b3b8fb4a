//! Discovery and the key set, and what holds for every address of programs.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use testkit::{RelyingParty, TestApp};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
        .collect()
}

async fn with_keys() -> (TestApp, RelyingParty) {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    let payroll = RelyingParty::add(&app, "payroll").await;
    (app, payroll)
}

#[tokio::test]
async fn the_documents_are_for_everybody_and_kept_for_five_minutes() {
    let (_app, payroll) = with_keys().await;
    for path in [OPENID, OAUTH, "/oauth/jwks"] {
        let answer = payroll.send(Method::GET, path, HeaderMap::new(), String::new()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("access-control-allow-credentials").is_empty());
        assert!(answer.set_cookies().is_empty(), "{path}");
        let etag = answer.header("etag").to_owned();
        let again = headers(&[("if-none-match", &etag)]);
        let again = payroll.send(Method::GET, path, again, String::new()).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(again.header("etag"), etag);
        let other = headers(&[("if-none-match", "\"x\"")]);
        let other = payroll.send(Method::GET, path, other, String::new()).await;
        assert_eq!(other.status, StatusCode::OK);
        let head = payroll.send(Method::HEAD, path, HeaderMap::new(), String::new()).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
        let wrong = payroll.send(Method::DELETE, path, HeaderMap::new(), String::new()).await;
        assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn discovery_names_addresses_that_are_there() {
    let (_app, payroll) = with_keys().await;
    let document = payroll.send(Method::GET, OPENID, HeaderMap::new(), String::new()).await.json();
    assert_eq!(document["issuer"], "http://localhost:8080");
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "introspection_endpoint",
        "revocation_endpoint",
        "pushed_authorization_request_endpoint",
        "end_session_endpoint",
    ] {
        let url = document[endpoint].as_str().unwrap_or_else(|| panic!("{endpoint} is missing"));
        let path = url.strip_prefix("http://localhost:8080").unwrap();
        let answer = payroll.send(Method::GET, path, HeaderMap::new(), String::new()).await;
        assert_ne!(answer.status, StatusCode::NOT_FOUND, "{endpoint}");
    }
}

#[tokio::test]
async fn the_key_set_follows_a_rotation() {
    let (app, payroll) = with_keys().await;
    let read = || payroll.send(Method::GET, "/oauth/jwks", HeaderMap::new(), String::new());
    let before = read().await;
    assert!(before.json()["keys"].as_array().is_some_and(|keys| keys.len() >= 2));
    assert!(!before.body.contains("\"d\""), "no private half");
    service::signing_keys::rotate(&app.test.cx, &mut app.test.operator(), service::Authority::Operator, true)
        .await
        .unwrap();
    service::signing_keys::refresh(&app.test.cx).await.unwrap();
    let after = read().await;
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[tokio::test]
async fn any_page_may_ask_and_no_cookie_is_made() {
    let (_app, payroll) = with_keys().await;
    for path in [OPENID, "/oauth/jwks", "/oauth/token", "/oauth/userinfo", "/oauth/par", "/oauth/revoke"] {
        let asked = headers(&[
            ("origin", "https://spa.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization, dpop"),
            ("sec-fetch-site", "cross-site"),
        ]);
        let preflight = payroll.send(Method::OPTIONS, path, asked, String::new()).await;
        assert_eq!(preflight.status, StatusCode::NO_CONTENT, "{path}");
        let allowed = preflight.header("access-control-allow-headers");
        for name in ["authorization", "content-type", "dpop"] {
            assert!(allowed.contains(name), "{path}: {allowed}");
        }
        assert!(preflight.header("access-control-allow-methods").contains("POST"));
        assert_eq!(preflight.header("access-control-allow-origin"), "*", "{path}");
    }
    for (method, path) in [
        (Method::POST, "/oauth/token"),
        (Method::POST, "/oauth/par"),
        (Method::POST, "/oauth/introspect"),
        (Method::POST, "/oauth/revoke"),
        (Method::GET, "/oauth/userinfo"),
        (Method::POST, "/oauth/userinfo"),
        (Method::GET, "/oauth/nowhere"),
        (Method::PUT, "/oauth/token"),
    ] {
        let foreign = headers(&[("origin", "https://spa.example"), ("sec-fetch-site", "cross-site")]);
        let answer = payroll.send(method.clone(), path, foreign, String::new()).await;
        assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
        assert!(answer.set_cookies().is_empty(), "{method} {path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{method} {path}");
        assert!(answer.header("access-control-expose-headers").contains("www-authenticate"));
        assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
        assert!(answer.json()["error"].is_string(), "{method} {path}: {}", answer.body);
    }
}
