//! The sign-in history: what it shows, in which order, and from where.

use account::audit::EventKind;
use account::history::Verdict;
use account::role::Role;
use account::session::ClientLabel;
use authenticator::Settings;
use primitives::time::Span;
use service::manage_passkeys::Reason;
use service::read_history::{self, HistoryEntry, Show};
use service::{Caller, redeem_pass};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";

async fn all(test: &TestContext, ana: &Visitor<'_>) -> Vec<HistoryEntry> {
    let who = ana.who().await;
    read_history::list(&test.cx, test.now(), &who, Show::All, 30, None).await.unwrap().entries
}

fn names(entries: &[HistoryEntry]) -> Vec<&'static str> {
    entries.iter().map(|entry| entry.event.kind.name()).collect()
}

async fn shows_what_happened(test: TestContext) {
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    test.advance(Span::from_minutes(1));
    ana.sign_in().await.unwrap();
    let entries = all(&test, &ana).await;
    let mut all_names = names(&entries);
    // What happened in the same millisecond stands in any order.
    all_names.sort_unstable();
    assert_eq!(all_names, ["pass_issued", "pass_redeemed", "passkey_added", "signed_in", "signed_in"]);
    let newest = &entries[0];
    assert_eq!(newest.passkey_name.as_deref(), Some("Passkey"));
    assert!(newest.this_session, "an event that has no number yet is there at once");
    assert!(!newest.unfamiliar && newest.triage.is_some() && newest.reported.is_none());
    assert!(entries[1..].iter().all(|entry| !entry.this_session));
    let issued = entries.iter().find(|entry| entry.event.kind.name() == "pass_issued").unwrap();
    assert!(issued.by_another && issued.triage.is_none(), "what the operator did is not reported here");
    // Numbered events are the same ones.
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
    assert_eq!(names(&all(&test, &ana).await), names(&entries));
    let who = ana.who().await;
    for (show, verdict) in [(Show::SignIns, true), (Show::Changes, false)] {
        let page = read_history::list(&test.cx, test.now(), &who, show, 30, None).await.unwrap();
        assert!(!page.entries.is_empty());
        assert!(page.entries.iter().all(|entry| entry.verdict.is_sign_in() == verdict));
    }
    test.advance(Span::from_days(31));
    ana.sign_in().await.unwrap();
    assert_eq!(all(&test, &ana).await.len(), 1, "older than thirty days");
    let who = ana.who().await;
    let page = read_history::list(&test.cx, test.now(), &who, Show::All, 90, None).await.unwrap();
    assert_eq!(page.entries.len(), 6);
}

#[tokio::test]
async fn on_sqlite_everything_is_there_at_once_newest_first() {
    shows_what_happened(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_everything_is_there_at_once_newest_first() {
    if let Some(test) = TestContext::postgres().await {
        shows_what_happened(test).await;
    }
}

#[tokio::test]
async fn a_removed_passkey_keeps_its_name() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    let (second, before) = ana.add_another(Settings::security_key()).await;
    ana.authenticator = before;
    ana.confirm(account::action::Action::RemovePasskey(second.id)).await.unwrap();
    ana.remove(second.id, Reason::Unused).await.unwrap();
    let entries = all(&test, &ana).await;
    let named = |name: &str| {
        let entry = entries.iter().find(|entry| {
            entry.event.kind.name() == name
                && !matches!(&entry.event.kind, EventKind::PasskeyAdded { passkey, .. } if *passkey != second.id)
        });
        entry.unwrap().passkey_name.clone()
    };
    assert_eq!(named("passkey_removed"), Some(second.name.clone()));
    assert_eq!(named("passkey_added"), Some(second.name));
}

fn from(caller: Caller, browser: &str, address: &str) -> Caller {
    let client = ClientLabel { browser: browser.to_owned(), address: address.to_owned() };
    Caller { client, ..caller }
}

#[tokio::test]
async fn refusals_have_their_reason_stand_together_and_are_unfamiliar_from_elsewhere() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    test.issue(&user).await;
    test.advance(Span::from_minutes(1));
    let wrong = account::temporary_pass::generate(10, ana.caller().entropy.as_mut());
    for address in ["203.0.113.7", "203.0.113.7", "192.0.2.99"] {
        let mut caller = from(ana.caller(), "Chrome on Linux", address);
        redeem_pass::redeem(&test.cx, &mut caller, ANA, wrong.reveal()).await.unwrap_err();
        test.advance(Span::from_minutes(1));
    }
    let entries = all(&test, &ana).await;
    let [same_network, elsewhere, ..] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!((elsewhere.verdict, elsewhere.times), (Verdict::Failed, 2));
    assert!(elsewhere.unfamiliar, "nobody was let in from there");
    assert!(!same_network.unfamiliar, "the same network and browser as the sign-ins");
    assert_eq!(same_network.event.kind, EventKind::PassRefused { code: "pass_wrong".to_owned(), pass: None });
    let triage = elsewhere.triage.unwrap();
    assert_eq!(triage.code(), "guessed");
}

#[tokio::test]
async fn pages_hold_fifty_and_lead_on() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    for _ in 0..55 {
        test.advance(Span::from_secs(1));
        ana.sign_in().await.unwrap();
    }
    let who = ana.who().await;
    let page = read_history::list(&test.cx, test.now(), &who, Show::All, 30, None).await.unwrap();
    assert_eq!(page.entries.len(), read_history::PAGE);
    let rest = read_history::list(&test.cx, test.now(), &who, Show::All, 30, page.next).await.unwrap();
    assert_eq!((rest.entries.len(), rest.next), (9, None));
    assert!(rest.entries[0].event.id < page.entries[49].event.id);
    let mut eve = Visitor::new(&test, "eve");
    eve.onboard("eve@example.com", Role::User).await;
    let hers = all(&test, &eve).await;
    assert_eq!(hers.len(), 4, "nobody sees what is somebody else's");
    let id = page.entries[0].event.id;
    assert_eq!(read_history::entry(&test.cx, test.now(), &eve.who().await, id).await.unwrap(), None);
}
