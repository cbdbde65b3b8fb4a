//! Signing out because an application asked for it, the signed-out page, and applications that are told by us.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use oidc::logout::EVENT;
use primitives::time::Span;
use server::app::{App, Site};
use server::config::{Allowed, Origin, Outbound as OutboundConfig};
use server::context::Ambient;
use server::logout;
use server::outbound::Outbound;
use testkit::deployment::ORIGIN;
use testkit::https::{HttpsServer, Scripted};
use testkit::{Answer, Browser, RelyingParty, SeededEntropy, TestApp};

const BYE: &str = "https://payroll.example/bye";

async fn world() -> (TestApp, RelyingParty, Browser) {
    let app = TestApp::sqlite().await;
    service::signing_keys::ensure(&app.test.cx).await.unwrap();
    let payroll = RelyingParty::add(&app, "payroll").await;
    let (_, ana) = app.member("ana@example.com").await;
    (app, payroll, ana)
}

/// Signs in to the application and gives the ID token.
async fn enter(payroll: &RelyingParty, ana: &mut Browser) -> String {
    let answer = ana.get(&payroll.question(&[])).await;
    let code = answer.told(&payroll.redirect_uri)["code"].clone();
    payroll.exchange(&code).await.json()["id_token"].as_str().unwrap().to_owned()
}

fn asked(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters.iter().map(|(name, value)| format!("{name}={}", oidc::parameters::encode(value)));
    format!("/oauth/end-session?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy")
}

#[tokio::test]
async fn with_a_hint_it_ends_at_once_and_leads_back() {
    let (_app, payroll, mut ana) = world().await;
    let hint = enter(&payroll, &mut ana).await;
    let bye = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a&b=c")];
    let answer = ana.get(&asked(&bye)).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "https://payroll.example/bye?state=a%26b%3Dc")
    );
    assert_eq!(ana.session(), None);
    assert_eq!(ana.get("/me/security").await.location(), "/signin");
    // Again: nobody is signed in, and the application is gone on to all the same.
    assert_eq!(ana.get(&asked(&bye)).await.location(), "https://payroll.example/bye?state=a%26b%3Dc");
}

#[tokio::test]
async fn without_one_the_person_is_asked() {
    let (_app, payroll, mut ana) = world().await;
    enter(&payroll, &mut ana).await;
    for parameters in [&[][..], &[("state", "only")], &[("client_id", "payroll")]] {
        let answer = ana.get(&asked(parameters)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.body.contains("Sign out?") && ana.session().is_some(), "{parameters:?}");
    }
    let page = ana.get(&asked(&[("client_id", "payroll"), ("post_logout_redirect_uri", BYE)])).await;
    assert!(page.body.contains("Application payroll asks that you sign out here."));
    assert!(policy(&page).contains("form-action 'self' https://payroll.example;"), "{}", policy(&page));
    let request = page.body.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut eve = ana.clone();
    eve.cookies.remove("__Host-keyward-browser");
    let elsewhere = eve.post("/signout/asked", &[("request", request)]).await;
    assert_eq!(elsewhere.location(), "/signed-out", "the way on belongs to one browser");
    assert!(!eve.get("/signed-out").await.body.contains("payroll.example"));
}

#[tokio::test]
async fn the_persons_yes_leads_back() {
    let (_app, payroll, mut ana) = world().await;
    enter(&payroll, &mut ana).await;
    let page = ana.get(&asked(&[("client_id", "payroll"), ("post_logout_redirect_uri", BYE)])).await;
    let request = page.body.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let answer = ana.post("/signout/asked", &[("request", request)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, BYE));
    assert_eq!(ana.session(), None);
    let again = ana.post("/signout/asked", &[("request", request)]).await;
    assert_eq!(again.location(), "/signed-out");
}

#[tokio::test]
async fn nobody_is_led_to_where_nobody_registered() {
    let (_app, payroll, mut ana) = world().await;
    let hint = enter(&payroll, &mut ana).await;
    for hostile in
        ["https://evil.example/", "https://payroll.example/bye/", "javascript:alert(1)", "//evil.example"]
    {
        for with in [("id_token_hint", hint.as_str()), ("client_id", "payroll")] {
            let answer = ana.get(&asked(&[with, ("post_logout_redirect_uri", hostile)])).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{hostile}");
            assert_eq!(answer.headers.get(header::LOCATION), None);
            assert!(ana.session().is_some(), "nothing ended");
        }
        let answer = ana.get(&asked(&[("post_logout_redirect_uri", hostile)])).await;
        assert!(answer.status == StatusCode::OK && answer.body.contains("Sign out?"), "{hostile}");
        assert!(!answer.body.contains(&format!("href=\"{hostile}")) && !policy(&answer).contains("evil"));
    }
    for (parameters, code) in [
        ("id_token_hint=nonsense", "jwt_parts"),
        ("state=1&state=2", "parameter_duplicate"),
        ("client_id=nobody", "client_unknown"),
    ] {
        let answer = ana.get(&format!("/oauth/end-session?{parameters}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains(&format!("code={code}")), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_form_of_another_site_comes_without_cookies_and_is_asked_again() {
    let (_app, payroll, mut ana) = world().await;
    let hint = enter(&payroll, &mut ana).await;
    let body = format!("id_token_hint={hint}&post_logout_redirect_uri={}", oidc::parameters::encode(BYE));
    let mut nobody = ana.clone();
    nobody.cookies.clear();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/oauth/end-session")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://payroll.example")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(body))
        .unwrap();
    let answer = nobody.send(request).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.set_cookies().is_empty(), "the browser keeps the cookies that it has");
    let asked = answer.location().to_owned();
    assert_eq!(ana.get(&asked).await.location(), BYE);
    assert_eq!(ana.session(), None);
}

#[tokio::test]
async fn the_signed_out_page_tells_in_frames_of_exactly_those_origins() {
    let (app, payroll, mut ana) = world().await;
    payroll
        .change(&app, |stored| {
            stored.client.frontchannel_logout_uri = Some("https://payroll.example/front?a=1".to_owned());
            stored.client.frontchannel_session_required = true;
        })
        .await;
    let wiki = RelyingParty::add(&app, "wiki").await;
    enter(&wiki, &mut ana).await;
    let hint = enter(&payroll, &mut ana).await;
    let answer =
        ana.get(&asked(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BYE), ("state", "s")])).await;
    assert_eq!(answer.location(), "/signed-out", "others are told first");
    let page = ana.get("/signed-out").await;
    assert!(page.body.contains("<li>Application payroll</li>\n<li>Application wiki</li>"), "{}", page.body);
    let frame = "src=\"https://payroll.example/front?a=1&#38;iss=http%3A%2F%2Flocalhost%3A8080&#38;sid=";
    assert!(page.body.contains(frame), "{}", page.body);
    assert!(page.body.contains("id=\"go-on\" href=\"https://payroll.example/bye?state=s\""), "{}", page.body);
    assert!(page.body.contains("/signed-out.js"));
    assert!(page.body.contains("On a shared computer, close the browser too."));
    assert!(policy(&page).ends_with("; frame-src https://payroll.example"), "{}", policy(&page));
    // It is said once, and no other page may have frames.
    let again = ana.get("/signed-out").await;
    assert!(!again.body.contains("iframe") && !policy(&again).contains("frame-src"));
}

#[tokio::test]
async fn the_ordinary_way_out_names_the_applications_too() {
    let (_app, payroll, mut ana) = world().await;
    enter(&payroll, &mut ana).await;
    assert_eq!(ana.post("/signout", &[]).await.location(), "/signed-out");
    let page = ana.get("/signed-out").await;
    assert!(page.body.contains("<li>Application payroll</li>"));
    assert!(!page.body.contains("iframe") && !page.body.contains("go-on"));
}

fn node(app: &TestApp, seed: u64) -> Arc<App> {
    let clock = app.test.clock.clone();
    let ambient = Ambient::new(move || clock.now(), move || Box::new(SeededEntropy::new(seed)));
    App::new(Arc::clone(&app.test.cx), Site::at(Origin::parse(ORIGIN).unwrap()), ambient)
}

fn outbound(server: &HttpsServer, allowed: bool) -> Outbound {
    let allow = if allowed { vec![Allowed::Host("localhost".to_owned())] } else { Vec::new() };
    Outbound::new(&OutboundConfig { allow, certificates: Some(server.authority()), proxy: None }).unwrap()
}

async fn listening(app: &TestApp, payroll: &RelyingParty, server: &HttpsServer) {
    let url = server.url("/logout");
    payroll.change(app, move |stored| stored.client.backchannel_logout_uri = Some(url.clone())).await;
}

#[tokio::test]
async fn an_application_is_told_in_the_first_turn_after_the_sign_out() {
    let (app, payroll, mut ana) = world().await;
    let server = HttpsServer::start(Scripted::ok("")).await;
    listening(&app, &payroll, &server).await;
    enter(&payroll, &mut ana).await;
    let sid = ana.session().cloned();
    ana.post("/signout", &[]).await;
    assert!(sid.is_some());
    // Two nodes look at the same time: one of them tells.
    let (one, other, way) = (node(&app, 1), node(&app, 2), outbound(&server, true));
    let told = tokio::join!(logout::turn(&one, &way, [1; 16]), logout::turn(&other, &way, [2; 16]));
    assert_eq!(told.0.unwrap() + told.1.unwrap(), 1);
    // Within two seconds: at once due, looked for twice a second, and sent without waiting for anybody else.
    assert!(logout::LOOK.as_millis() * 2 <= 1000);
    let requests = server.take();
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert!(request.head.starts_with("POST /logout HTTP/1.1\r\n"));
    assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    let token = request.body.strip_prefix("logout_token=").unwrap();
    let keys = app.test.cx.signing.current().verifying();
    let typ = oidc::jwt::Typ::Exactly("logout+jwt");
    let claims = oidc::jwt::open(token, &keys, typ, &["ES256"]).unwrap();
    assert_eq!((&claims["iss"], &claims["aud"]), (&ORIGIN.into(), &"payroll".into()));
    assert_eq!(claims["events"], serde_json::json!({ EVENT: {} }));
    assert_eq!(logout::turn(&one, &way, [1; 16]).await.unwrap(), 0);
}

#[tokio::test]
async fn who_does_not_take_it_is_told_again_and_holds_up_no_other() {
    let (app, payroll, mut ana) = world().await;
    let deaf = HttpsServer::start(Scripted { status: 503, ..Scripted::ok("") }).await;
    listening(&app, &payroll, &deaf).await;
    enter(&payroll, &mut ana).await;
    ana.post("/signout", &[]).await;
    let (node, way) = (node(&app, 1), outbound(&deaf, true));
    for pause in [2, 4, 8] {
        assert_eq!(logout::turn(&node, &way, [1; 16]).await.unwrap(), 1);
        assert_eq!(logout::turn(&node, &way, [1; 16]).await.unwrap(), 0, "not before a pause");
        app.advance(Span::from_secs(pause));
    }
    let jtis: Vec<String> = deaf.take().into_iter().map(|request| request.body).collect();
    assert_eq!(jtis.len(), 3);
    assert_ne!(jtis[0], jtis[1], "each token is made when it is sent");
    deaf.script(Scripted { status: 204, ..Scripted::ok("") });
    assert_eq!(logout::turn(&node, &way, [1; 16]).await.unwrap(), 1);
    app.advance(Span::from_hours(2));
    assert_eq!(logout::turn(&node, &way, [1; 16]).await.unwrap(), 0, "it knows");
}

#[tokio::test]
async fn an_address_inside_is_asked_only_where_the_configuration_names_it() {
    let (app, payroll, mut ana) = world().await;
    let server = HttpsServer::start(Scripted::ok("")).await;
    listening(&app, &payroll, &server).await;
    enter(&payroll, &mut ana).await;
    ana.post("/signout", &[]).await;
    let node = node(&app, 1);
    assert_eq!(logout::turn(&node, &outbound(&server, false), [1; 16]).await.unwrap(), 1);
    assert_eq!(server.requests(), 0);
    app.advance(Span::from_secs(2));
    assert_eq!(logout::turn(&node, &outbound(&server, true), [1; 16]).await.unwrap(), 1);
    assert_eq!(server.requests(), 1);
}
