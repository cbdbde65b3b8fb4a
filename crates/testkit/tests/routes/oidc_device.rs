//! A device without a sign-in page: its endpoint, and the pages on which somebody lets it in.

use axum::http::StatusCode;
use oidc::client::GrantType;
use primitives::encoding;
use primitives::time::Span;
use serde_json::Value;
use service::device_grant;
use testkit::{Answer, Browser, RelyingParty, TestApp};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn world() -> (TestApp, RelyingParty, Browser) {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    let television = RelyingParty::add_with(&app, "television", |stored| {
        stored.client.grants = vec![GrantType::DeviceCode, GrantType::RefreshToken];
    })
    .await;
    let (_, ana) = app.member("ana@example.com").await;
    (app, television, ana)
}

async fn begin(television: &RelyingParty) -> Value {
    television.post("/oauth/device", &[("scope", "openid profile")]).await.json()
}

async fn poll(television: &RelyingParty, begun: &Value) -> Answer {
    let code = begun["device_code"].as_str().unwrap();
    television.post("/oauth/token", &[("grant_type", GRANT), ("device_code", code)]).await
}

fn target(begun: &Value) -> String {
    encoding::hex(&device_grant::target(begun["user_code"].as_str().unwrap()))
}

#[tokio::test]
async fn the_page_says_where_the_device_will_act() {
    let (app, _, mut ana) = world().await;
    let box_ = RelyingParty::add_with(&app, "box", |stored| {
        stored.client.grants = vec![GrantType::DeviceCode];
        stored.client.resources =
            vec!["https://api.example/films".to_owned(), "https://other.example".to_owned()];
    })
    .await;
    let fields = [("scope", "openid"), ("resource", "https://api.example/films")];
    let begun = box_.post("/oauth/device", &fields).await.json();
    ana.post("/device", &[("code", begun["user_code"].as_str().unwrap())]).await;
    let page = ana.get("/device/approve").await.body;
    assert!(page.contains("It will act for you at") && page.contains("https://api.example/films"), "{page}");
    assert!(!page.contains("https://other.example"), "only what it asked for");
}

#[tokio::test]
async fn the_whole_way() {
    let (app, television, mut ana) = world().await;
    let begun = begin(&television).await;
    assert_eq!(begun["verification_uri"], "http://localhost:8080/device");
    assert_eq!((begun["expires_in"].as_i64(), begun["interval"].as_i64()), (Some(300), Some(5)));
    assert_eq!(begun.get("verification_uri_complete"), None, "the code is typed");
    let pending = poll(&television, &begun).await;
    assert_eq!(
        (pending.status, &pending.json()["error"]),
        (StatusCode::BAD_REQUEST, &"authorization_pending".into())
    );
    let early = poll(&television, &begun).await;
    assert_eq!((early.header("retry-after"), &early.json()["error"]), ("10", &"slow_down".into()));

    let code = begun["user_code"].as_str().unwrap();
    let filled = ana.get(&format!("/device?user_code={code}")).await;
    let text_box = filled.body.split("<input id=\"code\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(!text_box.contains("value="), "no address fills it in: {text_box}");
    assert_eq!(ana.post("/device", &[("code", code)]).await.location(), "/device/approve");
    let page = ana.get("/device/approve").await;
    for said in
        ["Let this device in?", "Application television", code, "127.0.0.1", "your name, your login name"]
    {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(
        page.body.contains(&format!("data-confirm=\"approve-device\" data-target=\"{}\"", target(&begun)))
    );
    // Signed in a moment ago, and still: only the passkey lets it in.
    assert_eq!(ana.post("/device/approve", &[]).await.location(), "/device/approve");
    ana.confirm("approve-device", Some(&target(&begun))).await.json_ok();
    assert_eq!(ana.post("/device/approve", &[]).await.location(), "/device/end?how=approved");
    assert!(ana.get("/device/end?how=approved").await.body.contains("The device is in"));
    app.advance(Span::from_secs(10));
    let tokens = poll(&television, &begun).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(television.userinfo(&access).await.json()["preferred_username"], "ana@example.com");
    assert_eq!(poll(&television, &begun).await.json()["error"], "invalid_grant");
    ana.post("/signout", &[]).await;
    assert_eq!(television.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_other_way_to_let_it_in_is_closed() {
    let (_app, television, mut ana) = world().await;
    let (begun, other) = (begin(&television).await, begin(&television).await);
    // Without the code typed in this browser there is no device to let in, whatever was confirmed.
    ana.confirm("approve-device", Some(&target(&begun))).await.json_ok();
    assert_eq!(ana.post("/device/approve", &[]).await.location(), "/device/end?how=over");
    let code = begun["user_code"].as_str().unwrap();
    ana.post("/device", &[("code", code)]).await;
    ana.confirm("approve-device", Some(&target(&other))).await.json_ok();
    assert_eq!(ana.post("/device/approve", &[]).await.location(), "/device/approve");
    ana.confirm("add-passkey", None).await.json_ok();
    assert_eq!(ana.post("/device/approve", &[]).await.location(), "/device/approve");
    assert_eq!(
        ana.get("/device/approve").await.status,
        StatusCode::OK,
        "looking at the page lets nothing in"
    );
    let mut nobody = ana.clone();
    nobody.cookies.retain(|name, _| name != "__Host-keyward-session");
    assert_eq!(nobody.post("/device/approve", &[]).await.location(), "/signin");
    ana.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(ana.post("/device/approve", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(poll(&television, &begun).await.json()["error"], "authorization_pending");
}

#[tokio::test]
async fn a_wrong_code_and_a_no() {
    let (_app, television, mut ana) = world().await;
    let mut nobody = ana.clone();
    nobody.cookies.retain(|name, _| name != "__Host-keyward-session");
    assert_eq!(nobody.get("/device").await.location(), "/signin", "whoever types a code is signed in");
    let wrong = ana.post("/device", &[("code", "BCDF-GHJK")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("No device waits with this code."));
    let malformed = ana.post("/device", &[("code", "AEIOU")]).await;
    assert!(malformed.body.contains("That is no code of a device."));
    let begun = begin(&television).await;
    ana.post("/device", &[("code", begun["user_code"].as_str().unwrap())]).await;
    assert_eq!(ana.post("/device/decline", &[]).await.location(), "/device/end?how=declined");
    assert_eq!(poll(&television, &begun).await.json()["error"], "access_denied");
    for _ in 0..3 {
        ana.post("/device", &[("code", "BCDF-GHJK")]).await;
    }
    let many = ana.post("/device", &[("code", "BCDF-GHJK")]).await;
    assert_eq!(many.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_endpoint_is_one_for_programs() {
    let (app, television, _) = world().await;
    let payroll = RelyingParty::add(&app, "payroll").await;
    let refused = payroll.post("/oauth/device", &[]).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (StatusCode::BAD_REQUEST, &"unauthorized_client".into())
    );
    let unproven = television.post_bare("/oauth/device", &[("client_id", "television")]).await;
    assert_eq!(unproven.status, StatusCode::UNAUTHORIZED);
    let query = television.post("/oauth/device?scope=openid", &[]).await;
    assert_eq!(query.json()["code"], "query");
    let answer = television.post("/oauth/device", &[("scope", "openid")]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.set_cookies().is_empty());
    let missing = television.post("/oauth/token", &[("grant_type", GRANT)]).await;
    assert_eq!(missing.json()["error"], "invalid_request");
    let nonsense = [("grant_type", GRANT), ("device_code", "nonsense")];
    assert_eq!(television.post("/oauth/token", &nonsense).await.json()["error"], "invalid_grant");
}
