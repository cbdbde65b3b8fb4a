//! Clients that come by themselves: registration (RFC 7591, RFC 7592) and documents, and what they cannot do.

use account::api_key::{self, Scope};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use primitives::time::Span;
use serde_json::{Value, json};
use service::register_client::{take_document, wants_document};
use service::{Authority, administer_keys};
use testkit::{Answer, RelyingParty, TestApp, TestContext};

use super::*;

fn metadata() -> Value {
    json!({ "client_name": "Wiki", "redirect_uris": ["https://wiki.example/callback"], "scope": "openid email" })
}

async fn open() -> (TestApp, RelyingParty, String) {
    let app = TestApp::on_site(TestContext::sqlite().await, |site| {
        site.registration = true;
        site.client_documents = true;
    });
    let scopes = vec![Scope::ClientsRegister];
    let terms = api_key::Terms::new("Registration", scopes, Span::from_days(1), false).unwrap();
    let made =
        administer_keys::make(&app.test.cx, &mut app.test.operator(), Authority::Operator, terms).await;
    let value = api_key::spell(&made.unwrap().value);
    let program = RelyingParty::add(&app, "bystander").await;
    (app, program, value)
}

async fn send(
    program: &RelyingParty,
    method: Method,
    path: &str,
    (token, body): (&str, Option<Value>),
) -> Answer {
    let mut headers = HeaderMap::new();
    let header = |text: &str| HeaderValue::from_str(text).unwrap();
    if !token.is_empty() {
        headers.insert(HeaderName::from_static("authorization"), header(&format!("Bearer {token}")));
    }
    headers.insert(HeaderName::from_static("content-type"), header("application/json"));
    program.send(method, path, headers, body.map(|body| body.to_string()).unwrap_or_default()).await
}

#[tokio::test]
async fn a_client_registers_reads_replaces_and_removes_itself() {
    let (app, program, key) = open().await;
    let made = send(&program, Method::POST, "/oauth/register", (&key, Some(metadata()))).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert!(made.set_cookies().is_empty());
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.json();
    let (id, token) =
        (made["client_id"].as_str().unwrap(), made["registration_access_token"].as_str().unwrap());
    assert!(id.starts_with("wiki-") && token.starts_with("kwg_"));
    assert!(made["client_secret"].as_str().unwrap().starts_with("kws_"));
    let stored = clients::show(&app.test.cx, ClientId::parse(id).unwrap()).await.unwrap();
    assert_eq!(stored.application.origin, Provenance::Registered);
    assert_eq!(stored.application.consent, Consent::Remembered);
    let path = made["registration_client_uri"].as_str().unwrap().strip_prefix(ORIGIN).unwrap().to_owned();

    let read = send(&program, Method::GET, &path, (token, None)).await;
    assert_eq!(read.json()["client_name"], "Wiki");
    assert!(read.json().get("client_secret").is_none());
    let mut next = metadata();
    next["client_id"] = id.into();
    next["client_name"] = "Wiki two".into();
    let replaced = send(&program, Method::PUT, &path, (token, Some(next))).await;
    assert_eq!((replaced.status, &replaced.json()["client_name"]), (StatusCode::OK, &"Wiki two".into()));
    let removed = send(&program, Method::DELETE, &path, (token, None)).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let again = send(&program, Method::GET, &path, (token, None)).await;
    assert_eq!((again.status, &again.json()["error"]), (StatusCode::UNAUTHORIZED, &"invalid_token".into()));
}

#[tokio::test]
async fn strangers_and_hostile_metadata_register_nothing() {
    let (app, program, key) = open().await;
    let stranger = format!("kwk_{}", "A".repeat(43));
    for token in ["", "kwk_x", stranger.as_str(), "kwg_x"] {
        let answer = send(&program, Method::POST, "/oauth/register", (token, Some(metadata()))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
    }
    let mut hostile = Vec::new();
    for uri in [
        "javascript:alert(1)",
        "https://user@a.example/",
        "http://a.example/",
        "https://*.example/",
        "data:x",
    ] {
        let mut one = metadata();
        one["redirect_uris"] = json!([uri]);
        hostile.push(one);
    }
    for (member, value) in [
        ("redirect_uris", json!([])),
        ("redirect_uris", json!("https://a.example/")),
        ("client_name", json!("a\u{202e}b")),
        ("jwks", json!({ "keys": [{ "kty": "oct", "k": "AA" }] })),
        ("token_endpoint_auth_method", json!("none-at-all")),
        ("grant_types", json!(["implicit"])),
    ] {
        let mut one = metadata();
        one[member] = value;
        hostile.push(one);
    }
    for metadata in hostile {
        let shown = metadata.to_string();
        let answer = send(&program, Method::POST, "/oauth/register", (&key, Some(metadata))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{shown}: {}", answer.body);
    }
    let twice = "{\"redirect_uris\":[\"https://a.example/\"],\"redirect_uris\":[\"https://b.example/\"]}";
    let headers =
        [("authorization", format!("Bearer {key}")), ("content-type", "application/json".to_owned())];
    let headers = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()));
    let answer = program.send(Method::POST, "/oauth/register", headers.collect(), twice.to_owned()).await;
    assert_eq!(answer.json()["error"], "invalid_client_metadata");
    assert_eq!(clients::list(&app.test.cx, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_there_where_it_is_off() {
    let app = TestApp::sqlite().await;
    let program = RelyingParty::add(&app, "bystander").await;
    for (method, path) in [(Method::POST, "/oauth/register"), (Method::GET, "/oauth/register/x")] {
        let answer = send(&program, method, path, ("", Some(metadata()))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

/// Nothing that is not on the internet is asked, and what was not fetched is nobody (assurance A7).
#[tokio::test]
async fn documents_are_not_fetched_from_within() {
    let (app, program, _) = open().await;
    let (_, mut ana) = app.member("ana@example.com").await;
    for id in [
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/client",
        "https://[::1]/client",
        "https://localhost/client",
        "https://10.0.0.1:8443/client",
        "https://nobody.invalid/client",
        "http://client.example/client",
        "https://user@client.example/client",
    ] {
        let asked =
            program.question(&[("client_id", id), ("redirect_uri", "https://client.example/callback")]);
        let answer = ana.get(&asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{id}");
    }
    assert_eq!(clients::list(&app.test.cx, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_document_is_believed_for_an_hour_and_never_over_an_administrator() {
    let test = TestContext::sqlite().await;
    let id = ClientId::parse("https://client.example/oauth.json").unwrap();
    let document = json!({
        "client_id": id.as_str(), "client_name": "Client", "redirect_uris": ["https://client.example/callback"],
    });
    assert_eq!(wants_document(&test.cx, test.now(), &id).await, Ok(true));
    take_document(&test.cx, &mut test.operator(), &id, &document).await.unwrap();
    assert_eq!(wants_document(&test.cx, test.now(), &id).await, Ok(false));
    let stored = clients::show(&test.cx, id.clone()).await.unwrap();
    assert_eq!(stored.application.origin, Provenance::Document);
    assert!(stored.client.is_public() && stored.secrets.is_empty());
    test.advance(Span::from_minutes(61));
    assert_eq!(wants_document(&test.cx, test.now(), &id).await, Ok(true));
    // Turned off by an administrator it stays off, whatever its document says.
    let terms = Terms { client: stored.client, application: stored.application };
    change(&test, Change { terms, enabled: false, version: None }).await.unwrap();
    take_document(&test.cx, &mut test.operator(), &id, &document).await.unwrap();
    assert!(!clients::show(&test.cx, id.clone()).await.unwrap().enabled);
    for (member, value) in [
        ("client_id", json!("https://other.example/oauth.json")),
        ("client_secret", json!("x")),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("redirect_uris", json!(["javascript:alert(1)"])),
    ] {
        let mut hostile = document.clone();
        hostile[member] = value;
        let taken = take_document(&test.cx, &mut test.operator(), &id, &hostile).await;
        assert!(taken.unwrap_err().code().starts_with("metadata_"), "{member}");
    }
    let own = ClientId::parse("payroll").unwrap();
    assert_eq!(wants_document(&test.cx, test.now(), &own).await, Ok(false));
}
