//! `oidcc-backchannel-rp-initiated-logout-certification-test-plan` and
//! `oidcc-frontchannel-rp-initiated-logout-certification-test-plan`.

use oidc::jwt::{self, Typ};
use oidc::parameters::Parameters;
use serde_json::json;
use server::app::{App, Site};
use server::config::{Allowed, Origin, Outbound as OutboundConfig};
use server::context::Ambient;
use server::logout::turn;
use server::outbound::Outbound;
use testkit::SeededEntropy;
use testkit::app::Answer;
use testkit::application::RelyingParty;
use testkit::deployment::ORIGIN;
use testkit::https::{HttpsServer, Scripted};

use crate::logout::{end_session, is_signed_out, sign_out};
use crate::world::{Mode, World, attribute, query};

const BYE: &str = "https://plan.example/bye";

#[tokio::test]
async fn oidcc_backchannel_rp_initiated_logout() {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let mut world = World::new(Mode::Default).await;
    let uri = server.url("/backchannel_logout");
    world
        .party
        .change(&world.app, move |stored| stored.client.backchannel_logout_uri = Some(uri.clone()))
        .await;
    let tokens = world.tokens(&[]).await;
    let asked =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", BYE), ("state", "out-1")];
    let left = sign_out(&mut world, &asked).await;
    assert_eq!(left.location(), format!("{BYE}?state=out-1"));

    // What the server's own task does twice a second.
    let test = &world.app.test;
    let allow = vec![Allowed::Host("localhost".to_owned())];
    let outbound = OutboundConfig { allow, certificates: Some(server.authority()), proxy: None };
    let clock = test.clock.clone();
    let ambient = Ambient::new(move || clock.now(), || Box::new(SeededEntropy::new(77)));
    let app = App::new(test.cx.clone(), Site::at(Origin::parse(ORIGIN).unwrap()), ambient);
    assert_eq!(turn(&app, &Outbound::new(&outbound).unwrap(), [1; 16]).await.unwrap(), 1);

    let came = server.take();
    assert_eq!(came.len(), 1);
    assert!(came[0].head.starts_with("POST /backchannel_logout "), "{}", came[0].head);
    assert_eq!(came[0].header("content-type"), "application/x-www-form-urlencoded");
    let form = Parameters::parse(&came[0].body).unwrap();
    // CheckForUnexpectedParametersInBackchannelLogoutRequest.
    assert_eq!(came[0].body.matches('=').count(), 1);
    // Back-Channel Logout section 2.4.
    let token = form.get("logout_token").unwrap();
    let claims = jwt::open(token, &world.keys().await, Typ::Exactly("logout+jwt"), &["ES256"]).unwrap();
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ORIGIN), &json!("plan")));
    assert_eq!((&claims["sub"], &claims["sid"]), (&tokens.claims["sub"], &tokens.claims["sid"]));
    assert!(claims["jti"].is_string() && claims["iat"].is_i64() && claims["exp"].is_i64());
    assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    assert_eq!(claims.get("nonce"), None);
    is_signed_out(&mut world).await;
}

/// What the page that the browser stays at loads.
fn frame(page: &Answer) -> String {
    attribute(&page.body, "<iframe src=\"")
        .or_else(|| page.body.split("<iframe").nth(1).and_then(|rest| attribute(rest, "src=\"")))
        .unwrap_or_else(|| panic!("no frame: {}", page.body))
}

#[tokio::test]
async fn oidcc_frontchannel_rp_initiated_logout() {
    let mut world = World::new(Mode::Default).await;
    world.party = RelyingParty::add_with(&world.app, "front", |stored| {
        stored.client.frontchannel_logout_uri = Some("https://front.example/frontchannel_logout".to_owned());
        stored.client.frontchannel_session_required = true;
    })
    .await;
    let tokens = world.tokens(&[]).await;
    let bye = "https://front.example/bye";
    let asked =
        [("id_token_hint", tokens.text("id_token")), ("post_logout_redirect_uri", bye), ("state", "out-1")];
    // The frames have to be loaded before the browser leaves: so it is a page that leads on.
    let first = world.browser.get(&end_session(&asked)).await;
    let page = if first.location().is_empty() { first } else { world.browser.get(first.location()).await };
    let loaded = frame(&page);
    assert!(loaded.starts_with("https://front.example/frontchannel_logout?"), "{loaded}");
    let told = query(&loaded);
    // Front-Channel Logout section 3.
    assert_eq!(told["iss"], ORIGIN);
    assert_eq!(json!(told["sid"]), tokens.claims["sid"]);
    assert!(page.header("content-security-policy").contains("frame-src https://front.example"), "{page:?}");
    assert!(page.body.contains("https://front.example/bye?state=out-1"), "{}", page.body);
    is_signed_out(&mut world).await;
}
