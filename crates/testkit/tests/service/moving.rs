//! Moving to another RP ID with both in use.

use account::action::Action;
use account::role::Role;
use authenticator::Authenticator;
use authenticator::client::Client;
use primitives::time::Span;
use service::moved::{self, ClaimError};
use service::{Context, Settings, Started, confirm, manage_sessions, sign_in};
use store::Db;
use testkit::{TestContext, Visitor};
use webauthn::RelyingParty;

const NEW: &str = "http://id.localhost:8080";
const NEW_ID: &str = "id.localhost";

/// The same deployment after the move.
async fn moved(test: &TestContext) -> Context {
    let db: Db = test.cx.db.clone();
    let claim = |configured: &'static str, former: Option<&'static str>| {
        test.cx.db.write(move |tx| moved::claim(tx, configured, former))
    };
    assert_eq!(claim("localhost", None).await, Ok(false), "the first start");
    let stored = "localhost".to_owned();
    assert_eq!(claim(NEW_ID, None).await, Err(ClaimError::Other { stored: stored.clone() }));
    assert_eq!(claim(NEW_ID, Some("elsewhere")).await.unwrap_err(), ClaimError::Other { stored });
    test.advance(Span::from_secs(1));
    assert_eq!(claim(NEW_ID, Some("localhost")).await, Ok(true));
    assert_eq!(claim(NEW_ID, Some("localhost")).await, Ok(false), "later starts");
    let moves = db.read(moved::moves).await.unwrap();
    assert_eq!(moves.iter().map(|moved| moved.rp_id.as_str()).collect::<Vec<_>>(), ["localhost"]);
    let settings = Settings { cost: test.cx.settings().cost, ..Settings::standard(1) };
    let new = RelyingParty::new(NEW_ID, "Test", [NEW]).unwrap();
    let old = RelyingParty::new("localhost", "Test", [NEW]).unwrap();
    Context::new(db, std::sync::Arc::clone(&test.cx.keys), new, settings, 4).with_former(old, moves)
}

fn answer(authenticator: &mut Authenticator, started: &Started) -> String {
    Client { related: true, ..Client::new(NEW) }.get(authenticator, &started.options).unwrap().to_string()
}

#[tokio::test]
async fn passkeys_of_both_are_taken_and_each_is_asked_for_at_its_own() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    let old = ana.passkeys().await.remove(0);
    test.advance(Span::from_secs(1));
    let cx = moved(&test).await;
    assert_eq!(cx.rp_id_of(&old), Some("localhost"));

    let started = sign_in::begin(&cx, &mut ana.caller());
    assert_eq!(started.options["rpId"], NEW_ID);
    let started = sign_in::begin_former(&cx, &mut ana.caller()).unwrap();
    assert_eq!(started.options["rpId"], "localhost");
    let response = answer(&mut ana.authenticator, &started);
    let signed_in = sign_in::finish(&cx, &mut ana.caller(), &started.state, &response).await.unwrap();

    // Whoever signed in with the old one confirms with the old one, and what is added belongs to the new.
    let who = manage_sessions::authenticate(&cx, test.now(), &signed_in.token).await.unwrap().unwrap();
    let started = confirm::begin(&cx, &mut ana.caller(), &who, Action::AddPasskey).await.unwrap();
    assert_eq!(started.options["rpId"], "localhost");
    let response = answer(&mut ana.authenticator, &started);
    let confirmed = confirm::finish(&cx, &mut ana.caller(), &who, &started.state, &response).await.unwrap();
    let who = manage_sessions::authenticate(&cx, test.now(), &confirmed.signed_in.token).await;
    let who = who.unwrap().unwrap();
    let place = account::passkey::Place::ThisComputer;
    let started = service::register_passkey::begin(&cx, &mut ana.caller(), &who, place).await.unwrap();
    assert_eq!(started.options["rp"]["id"], NEW_ID);
    let mut entropy = ana.caller().entropy;
    let mut fresh = Authenticator::new(authenticator::Settings::platform());
    let response =
        Client::new(NEW).create(&mut fresh, &started.options, entropy.as_mut()).unwrap().to_string();
    let name = |_: [u8; 16]| "New".to_owned();
    let registered =
        service::register_passkey::finish(&cx, &mut ana.caller(), &who, &started.state, &response, name)
            .await
            .unwrap();
    assert_eq!(cx.rp_id_of(&registered.passkey), Some(NEW_ID));

    let started = sign_in::begin(&cx, &mut ana.caller());
    let response = answer(&mut fresh, &started);
    sign_in::finish(&cx, &mut ana.caller(), &started.state, &response).await.unwrap();
}

#[tokio::test]
async fn without_a_former_one_nothing_of_it_is_taken() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    test.advance(Span::from_secs(1));
    let with = moved(&test).await;
    let started = sign_in::begin_former(&with, &mut ana.caller()).unwrap();
    let response = answer(&mut ana.authenticator, &started);
    let settings = Settings { cost: test.cx.settings().cost, ..Settings::standard(1) };
    let new = RelyingParty::new(NEW_ID, "Test", [NEW]).unwrap();
    let db = test.cx.db.clone();
    let without = Context::new(db, std::sync::Arc::clone(&test.cx.keys), new, settings, 4);
    assert!(sign_in::begin_former(&without, &mut ana.caller()).is_none());
    let refused = sign_in::finish(&without, &mut ana.caller(), &started.state, &response).await;
    assert_eq!(refused.unwrap_err().code(), "challenge_expired", "the seal was another party's");
}
