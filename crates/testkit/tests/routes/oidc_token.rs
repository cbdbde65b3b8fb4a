//! The endpoints for programs: how a client proves who it is, what is refused, and in which words.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use oidc::client::Authentication;
use testkit::application::VERIFIER;
use testkit::{Answer, Browser, RelyingParty, TestApp};

async fn world() -> (TestApp, RelyingParty, Browser) {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, ana) = app.member("ana@example.com").await;
    (app, payroll, ana)
}

async fn code(payroll: &RelyingParty, ana: &mut Browser, scope: &str) -> String {
    let answer = ana.get(&payroll.question(&[("scope", scope)])).await;
    answer.told(&payroll.redirect_uri)["code"].clone()
}

fn refused(answer: &Answer, status: StatusCode, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json["error"], error, "{json}");
    assert!(json["code"].is_string() && json["reference"].is_string(), "{json}");
    let described = json["error_description"].as_str().unwrap();
    assert!(described.bytes().all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)), "{json}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.set_cookies().is_empty());
}

#[tokio::test]
async fn tokens_refresh_userinfo_introspection_and_revocation() {
    let (_app, payroll, mut ana) = world().await;
    let code = code(&payroll, &mut ana, "openid email offline_access").await;
    let answer = payroll.exchange(&code).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let tokens = answer.json();
    assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_i64()), (Some("Bearer"), Some(300)));
    let access = tokens["access_token"].as_str().unwrap();

    let info = payroll.userinfo(access).await;
    assert_eq!(info.status, StatusCode::OK, "{}", info.body);
    assert_eq!(info.json()["email"], "ana@example.com");
    let posted =
        payroll.send(Method::POST, "/oauth/userinfo", RelyingParty::bearer(access), String::new()).await;
    assert_eq!(posted.json(), info.json());

    let known = payroll.post("/oauth/introspect", &[("token", access)]).await.json();
    assert_eq!((known["active"].as_bool(), known["client_id"].as_str()), (Some(true), Some("payroll")));
    let unknown = payroll.post("/oauth/introspect", &[("token", "nonsense")]).await;
    assert_eq!(unknown.body, "{\"active\":false}");

    let refresh = tokens["refresh_token"].as_str().unwrap();
    let next = payroll.refresh(refresh).await.json();
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    let refresh = next["refresh_token"].as_str().unwrap();
    let revoked = payroll.post("/oauth/revoke", &[("token", refresh)]).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (StatusCode::OK, ""));
    refused(&payroll.refresh(refresh).await, StatusCode::BAD_REQUEST, "invalid_grant");
    let info = payroll.userinfo(access).await;
    refused(&info, StatusCode::UNAUTHORIZED, "invalid_token");
    assert!(info.header("www-authenticate").starts_with("Bearer "), "{}", info.header("www-authenticate"));
}

#[tokio::test]
async fn a_client_proves_who_it_is_in_one_way() {
    let (app, payroll, mut ana) = world().await;
    let mut wrong = payroll.clone();
    wrong.secret = format!("kws_{}", "A".repeat(43));
    let answer = wrong.exchange("x").await;
    refused(&answer, StatusCode::UNAUTHORIZED, "invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic "));
    let mut nobody = payroll.clone();
    nobody.id = "nobody".to_owned();
    // Who does not exist is told nothing else.
    let other = nobody.exchange("x").await;
    assert_eq!(other.json()["code"], answer.json()["code"]);
    let fields = [("grant_type", "refresh_token"), ("client_id", "payroll")];
    refused(&payroll.post_bare("/oauth/token", &fields).await, StatusCode::UNAUTHORIZED, "invalid_client");
    let both = [("grant_type", "refresh_token"), ("client_secret", "x"), ("client_id", "payroll")];
    refused(&payroll.post("/oauth/token", &both).await, StatusCode::BAD_REQUEST, "invalid_request");

    // A public client proves nothing but its verifier, and reads nobody's tokens.
    let public = RelyingParty::add_with(&app, "spa", |stored| {
        stored.client.authentication = Authentication::None;
    })
    .await;
    let code = code(&public, &mut ana, "openid").await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", public.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
        ("client_id", "spa"),
    ];
    let tokens = public.post_bare("/oauth/token", &fields).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let read = public.post_bare("/oauth/introspect", &[("token", "x"), ("client_id", "spa")]).await;
    refused(&read, StatusCode::UNAUTHORIZED, "invalid_client");
}

#[tokio::test]
async fn what_is_sent_otherwise_is_refused() {
    let (_app, payroll, _) = world().await;
    for path in ["/oauth/token", "/oauth/par", "/oauth/introspect", "/oauth/revoke"] {
        let query = format!("{path}?grant_type=authorization_code");
        let answer = payroll.post(&query, &[("token", "x")]).await;
        refused(&answer, StatusCode::BAD_REQUEST, "invalid_request");
        assert_eq!(answer.json()["code"], "query", "{path}");

        let mut json = payroll.basic();
        json.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let answer = payroll.send(Method::POST, path, json, "{}".to_owned()).await;
        refused(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid_request");

        let twice = "grant_type=a&grant_type=b&token=x".to_owned();
        let answer = payroll.send(Method::POST, path, payroll.basic(), twice).await;
        refused(&answer, StatusCode::BAD_REQUEST, "invalid_request");

        let answer = payroll.send(Method::GET, path, HeaderMap::new(), String::new()).await;
        refused(&answer, StatusCode::METHOD_NOT_ALLOWED, "invalid_request");
        assert!(answer.header("allow").contains("POST"));

        let long = format!("x={}", "a".repeat(70_000));
        let answer = payroll.send(Method::POST, path, payroll.basic(), long).await;
        refused(&answer, StatusCode::PAYLOAD_TOO_LARGE, "invalid_request");

        let mut two = payroll.basic();
        two.append(header::AUTHORIZATION, HeaderValue::from_static("Basic eA=="));
        let answer = payroll.send(Method::POST, path, two, "x=y".to_owned()).await;
        refused(&answer, StatusCode::BAD_REQUEST, "invalid_request");
    }
    refused(&payroll.post("/oauth/token", &[]).await, StatusCode::BAD_REQUEST, "invalid_request");
    let other = payroll.post("/oauth/token", &[("grant_type", "password")]).await;
    refused(&other, StatusCode::BAD_REQUEST, "unsupported_grant_type");
    let own = payroll.post("/oauth/token", &[("grant_type", "client_credentials")]).await;
    refused(&own, StatusCode::BAD_REQUEST, "unauthorized_client");
}

#[tokio::test]
async fn userinfo_takes_a_token_in_the_header_and_nowhere_else() {
    let (_app, payroll, mut ana) = world().await;
    let code = code(&payroll, &mut ana, "openid").await;
    let tokens = payroll.exchange(&code).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    let bare = payroll.send(Method::GET, "/oauth/userinfo", HeaderMap::new(), String::new()).await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
    let challenges: Vec<_> = bare.headers.get_all("www-authenticate").iter().collect();
    assert_eq!(challenges.len(), 2, "Bearer and DPoP");
    assert!(!bare.header("www-authenticate").contains("error"), "nothing was shown, nothing is wrong");
    let query = format!("/oauth/userinfo?access_token={access}");
    let answer = payroll.send(Method::GET, &query, HeaderMap::new(), String::new()).await;
    refused(&answer, StatusCode::BAD_REQUEST, "invalid_request");
    for wrong in ["x", "", "eyJhbGciOiJub25lIn0.e30."] {
        let answer = payroll.userinfo(wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    let mut dpop = HeaderMap::new();
    dpop.insert(header::AUTHORIZATION, format!("DPoP {access}").parse().unwrap());
    let answer = payroll.send(Method::GET, "/oauth/userinfo", dpop, String::new()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_pushed_request_is_used_by_its_client() {
    let (app, payroll, mut ana) = world().await;
    let wiki = RelyingParty::add(&app, "wiki").await;
    let body = payroll.asked(&[("state", "pushed")]);
    let pushed = payroll.send(Method::POST, "/oauth/par", payroll.basic(), body.clone()).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    let pushed = pushed.json();
    assert_eq!(pushed["expires_in"], 90);
    let uri = pushed["request_uri"].as_str().unwrap().to_owned();
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let path = |client: &str| {
        format!("/authorize?client_id={client}&request_uri={}", oidc::parameters::encode(&uri))
    };
    let stolen = ana.get(&path("wiki")).await;
    assert!(!stolen.location().contains("code="), "{}", stolen.location());
    let told = ana.get(&path("payroll")).await.told(&payroll.redirect_uri);
    assert_eq!(told["state"], "pushed");
    assert_eq!(payroll.exchange(&told["code"]).await.status, StatusCode::OK);
    // Whoever pushes proves who it is.
    let bare = wiki.send(Method::POST, "/oauth/par", HeaderMap::new(), body).await;
    refused(&bare, StatusCode::UNAUTHORIZED, "invalid_client");
    app.advance(primitives::time::Span::from_secs(91));
    let late = ana.get(&path("payroll")).await;
    assert!(!late.location().contains("code="), "{}", late.location());
}

#[tokio::test]
async fn a_client_that_keeps_failing_waits() {
    let (app, payroll, _) = world().await;
    let mut wrong = payroll.clone();
    wrong.secret = format!("kws_{}", "A".repeat(43));
    for _ in 0..10 {
        refused(&wrong.exchange("x").await, StatusCode::UNAUTHORIZED, "invalid_client");
    }
    // The right secret waits as well, and another client does not.
    let full = payroll.exchange("x").await;
    refused(&full, StatusCode::TOO_MANY_REQUESTS, "invalid_client");
    assert_eq!(full.json()["code"], "too_many_tries");
    assert!(full.header("retry-after").parse::<i64>().unwrap() > 0);
    let wiki = RelyingParty::add(&app, "wiki").await;
    refused(&wiki.exchange("x").await, StatusCode::BAD_REQUEST, "invalid_grant");
    app.advance(primitives::time::Span::from_minutes(16));
    refused(&payroll.exchange("x").await, StatusCode::BAD_REQUEST, "invalid_grant");
}
