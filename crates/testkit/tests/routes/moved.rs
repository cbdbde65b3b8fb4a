//! The pages while a deployment moves to another RP ID: passkeys of both are taken, new ones are made for the new.

use std::sync::Arc;

use authenticator::client::Client;
use authenticator::{Authenticator, Settings};
use axum::http::StatusCode;
use primitives::time::Span;
use serde_json::{Value, json};
use service::Context;
use service::moved::{self, ClaimError};
use testkit::deployment::{ORIGIN, RP_ID};
use testkit::entropy::SeededEntropy;
use testkit::{Browser, TestApp, TestContext};
use webauthn::RelyingParty;

/// Where the deployment moves to. Requests go on coming from the origin of tests; what counts for passkeys is the
/// origin that the browser signs.
const NEW_ID: &str = "new.example";
/// That origin.
const NEW: &str = "https://new.example";

fn client() -> Client {
    Client { related: true, ..Client::new(NEW) }
}

/// A server that starts on the same database with this configuration.
async fn start(test: TestContext, rp_id: &'static str, former: Option<&'static str>) -> TestApp {
    claim(&test, rp_id, former).await.unwrap();
    let moves = test.cx.db.read(moved::moves).await.unwrap();
    let party = |id: &str| match id {
        RP_ID => RelyingParty::new(id, "Test", [ORIGIN])
            .and_then(|party| party.with_related_origins([NEW]))
            .unwrap(),
        _ => RelyingParty::new(id, "Test", [NEW]).unwrap(),
    };
    let (db, keys) = (test.cx.db.clone(), Arc::clone(&test.cx.keys));
    let cx = Context::new(db, keys, party(rp_id), test.cx.settings().as_ref().clone(), 4);
    let cx = match former {
        Some(former) => cx.with_former(party(former), moves),
        None => cx,
    };
    let mut test = test;
    test.cx = Arc::new(cx);
    TestApp::on_site(test, |site| {
        site.rp_id = rp_id.to_owned();
        site.former_rp_id = former.map(str::to_owned);
    })
}

async fn claim(
    test: &TestContext,
    rp_id: &'static str,
    former: Option<&'static str>,
) -> Result<bool, ClaimError> {
    test.cx.db.write(move |tx| moved::claim(tx, rp_id, former)).await
}

/// The same browser in front of a server that was started again.
fn come_back(app: &TestApp, browser: &Browser) -> Browser {
    let mut again = app.browser();
    again.cookies.clone_from(&browser.cookies);
    again.authenticator = Arc::clone(&browser.authenticator);
    again
}

/// A ceremony of the passkey at hand: which RP ID was asked for, and what the server said to the answer.
async fn get(browser: &mut Browser, path: &str, sent: Value) -> (String, Value) {
    let begun = browser.post_json(&format!("{path}/begin"), &sent).await.json_ok();
    let options = &begun["options"];
    let response = client().get(&mut browser.authenticator.lock().unwrap(), options).unwrap();
    let finish = json!({ "state": begun["state"], "response": response });
    let done = browser.post_json(&format!("{path}/finish"), &finish).await.json_ok();
    (options["rpId"].as_str().unwrap().to_owned(), done)
}

/// Adds a passkey in another authenticator, which is the one at hand from then on.
async fn add(browser: &mut Browser) -> (String, String) {
    let path = "/me/security/add";
    let begun =
        browser.post_json(&format!("{path}/begin"), &json!({ "place": "this-computer" })).await.json_ok();
    let mut fresh = Authenticator::new(Settings::platform());
    let mut entropy = SeededEntropy::new(0x6d6f_7665);
    let response = client().create(&mut fresh, &begun["options"], &mut entropy).unwrap();
    browser.authenticator = Arc::new(std::sync::Mutex::new(fresh));
    let finish = json!({ "state": begun["state"], "response": response });
    let done = browser.post_json(&format!("{path}/finish"), &finish).await.json_ok();
    let id = done["next"].as_str().unwrap().split('/').nth(4).unwrap().to_owned();
    (begun["options"]["rp"]["id"].as_str().unwrap().to_owned(), id)
}

/// Somebody with a passkey of the old RP ID, and what remains of the server that it was made at.
async fn before() -> (TestContext, Browser, String) {
    let app = start(TestContext::sqlite().await, RP_ID, None).await;
    let (_, pass) = app.starter("ana@example.com").await;
    let mut ana = app.browser();
    ana.redeem("ana@example.com", pass.reveal()).await;
    let passkey = ana.register().await;
    ana.try_passkey(&passkey).await.json_ok();
    assert!(!ana.get("/signin").await.body.contains("Use a passkey from"));
    ana.post("/signout", &[]).await;
    app.advance(Span::from_secs(1));
    (app.test, ana, passkey)
}

#[tokio::test]
async fn the_old_passkey_signs_in_confirms_and_is_tried_and_a_new_one_is_made_for_the_new() {
    let (test, ana, old) = before().await;
    let app = start(test, NEW_ID, Some(RP_ID)).await;
    let mut ana = come_back(&app, &ana);
    assert!(ana.get("/signin").await.body.contains("Use a passkey from localhost"));
    let begun = ana.post_json("/signin/begin", &json!({})).await.json_ok();
    assert_eq!(begun["options"]["rpId"], NEW_ID, "the button and autofill ask for the new");

    let (asked, signed_in) = get(&mut ana, "/signin", json!({ "former": true })).await;
    assert_eq!((asked.as_str(), &signed_in["label"]["rpId"]), (RP_ID, &json!(RP_ID)));
    let (asked, _) = get(&mut ana, "/me/security/try", json!({ "passkey": old })).await;
    assert_eq!(asked, RP_ID);
    let (asked, _) = get(&mut ana, "/me/confirm", json!({ "action": "add-passkey", "target": null })).await;
    assert_eq!(asked, RP_ID, "whoever came in with the old one has it at hand");
    let (made_for, new) = add(&mut ana).await;
    assert_eq!(made_for, NEW_ID);
    let (asked, _) = get(&mut ana, "/me/security/try", json!({ "passkey": new })).await;
    assert_eq!(asked, NEW_ID);

    ana.post("/signout", &[]).await;
    let (asked, signed_in) = get(&mut ana, "/signin", json!({})).await;
    assert_eq!((asked.as_str(), &signed_in["label"]["rpId"]), (NEW_ID, &json!(NEW_ID)));
    let page = ana.get("/.well-known/webauthn").await;
    assert_eq!(page.json(), json!({ "origins": [ORIGIN] }), "what lets these pages use the old ones");
}

#[tokio::test]
async fn without_former_rp_id_no_server_starts_and_afterwards_nothing_of_the_old_is_offered() {
    let (test, ana, _) = before().await;
    let refused = claim(&test, NEW_ID, None).await.unwrap_err();
    assert_eq!(refused, ClaimError::Other { stored: RP_ID.to_owned() });
    assert_eq!(refused.code(), "other_rp_id");
    let app = start(test, NEW_ID, Some(RP_ID)).await;
    app.advance(Span::from_secs(1));
    let app = start(app.test, NEW_ID, None).await;
    let mut ana = come_back(&app, &ana);
    assert!(!ana.get("/signin").await.body.contains("Use a passkey from"));
    let former = ana.post_json("/signin/begin", &json!({ "former": true })).await;
    assert_eq!(former.status, StatusCode::NOT_FOUND);
}
