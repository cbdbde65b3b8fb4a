//! What these tests share.

use std::sync::Arc;

use account::action::Action;
use account::hook::{Hook, Terms};
use account::role::Role;
use primitives::digest;
use primitives::encoding::{base64, from_base64};
use serde_json::Value;
use server::app::{App, Site};
use server::config::{Allowed, Origin, Outbound as OutboundConfig};
use server::context::Ambient;
use server::hooks::turn;
use server::outbound::Outbound;
use service::Authority;
use service::hooks::{self, Added};
use testkit::deployment::ORIGIN;
use testkit::https::{Asked, HttpsServer};
use testkit::{SeededEntropy, TestContext};

pub(crate) fn app(test: &TestContext) -> Arc<App> {
    let clock = test.clock.clone();
    let ambient = Ambient::new(move || clock.now(), || Box::new(SeededEntropy::new(77)));
    App::new(Arc::clone(&test.cx), Site::at(Origin::parse(ORIGIN).unwrap()), ambient)
}

pub(crate) fn allowing(server: &HttpsServer) -> OutboundConfig {
    let allow = vec![Allowed::Host("localhost".to_owned())];
    OutboundConfig { allow, certificates: Some(server.authority()), proxy: None }
}

pub(crate) fn outbound(server: &HttpsServer) -> Outbound {
    Outbound::new(&allowing(server)).unwrap()
}

pub(crate) fn terms(url: &str, kinds: &[&'static str]) -> Terms {
    Terms::new(url, kinds.iter().copied(), false).unwrap()
}

pub(crate) async fn add(test: &TestContext, terms: Terms) -> Added {
    hooks::add(&test.cx, &mut test.operator(), Authority::Operator, terms).await.unwrap()
}

pub(crate) async fn number(test: &TestContext) {
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
}

/// So many people are added, and what happened gets its numbers.
pub(crate) async fn happen(test: &TestContext, names: &[&str]) {
    for name in names {
        test.add_user(&format!("{name}@example.com"), Role::User).await;
    }
    number(test).await;
}

/// Delivers until nothing is due.
pub(crate) async fn deliver(test: &TestContext, outbound: &Outbound, holder: u8) {
    let app = app(test);
    while turn(&app, outbound, [holder; 16]).await.unwrap() > 0 {}
}

pub(crate) async fn one(test: &TestContext) -> Hook {
    let mut found = hooks::list(&test.cx).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// The events of a message, checked against its secret.
pub(crate) fn events(asked: &Asked, secret: &str) -> Vec<Value> {
    assert!(is_signed(asked, secret), "{asked:?}");
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    body["data"]["events"].as_array().unwrap().clone()
}

pub(crate) fn seqs(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

/// Checks a signature as a receiver does, with an HMAC made from nothing but SHA-256 (RFC 2104).
pub(crate) fn is_signed(asked: &Asked, secret: &str) -> bool {
    let key = from_base64(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let (id, timestamp) = (asked.header("webhook-id"), asked.header("webhook-timestamp"));
    let text = format!("{id}.{timestamp}.{}", asked.body);
    let mut block = key;
    block.resize(64, 0);
    let with = |mask: u8| block.iter().map(|byte| byte ^ mask).collect::<Vec<u8>>();
    let inner = digest::sha256(&[with(0x36).as_slice(), text.as_bytes()].concat());
    let tag = digest::sha256(&[with(0x5c).as_slice(), &inner].concat());
    asked.header("webhook-signature") == format!("v1,{}", base64(&tag))
}

pub(crate) fn add_action(terms: &Terms) -> Action {
    Action::AddHook(terms.digest())
}
