//! The log: each filter, pages, names, and what a role does not see.

use account::audit::EventId;
use account::role::Role;
use account::session::ClientLabel;
use account::sign_in_log::{Method, Outcome};
use account::strength::Strength;
use account::user::User;
use primitives::time::Span;
use service::read_log::{self, Filter, Page, Show, Sight};
use service::{Caller, redeem_pass};
use testkit::{TestContext, Visitor};

const ANA: &str = "ana@example.com";
const BEN: &str = "ben@example.com";

async fn page(test: &TestContext, filter: Filter) -> Page {
    read_log::page(&test.cx, Sight::Everything, &filter, None, 50).await.unwrap()
}

async fn kinds(test: &TestContext, filter: Filter) -> Vec<&'static str> {
    page(test, filter).await.lines.iter().map(|line| line.event.kind.name()).collect()
}

/// Somebody types a pass that is none, from that address.
async fn wrong_pass(test: &TestContext, login: &str, address: &str) -> String {
    let mut caller = Caller {
        client: ClientLabel { browser: "Firefox on Windows".to_owned(), address: address.to_owned() },
        ..test.caller("elsewhere")
    };
    redeem_pass::redeem(&test.cx, &mut caller, login, "AAAA-AAAA-AAAA").await.unwrap_err();
    caller.reference
}

/// Ana signs in twice, half an hour apart; somebody tries a pass of Ben's in between.
async fn filled(test: &TestContext) -> (User, User, String) {
    let mut ana = Visitor::new(test, "laptop");
    let user = ana.onboard(ANA, Role::User).await;
    let ben = test.add_user(BEN, Role::Helpdesk).await;
    test.issue(&ben).await;
    test.advance(Span::from_minutes(15));
    let reference = wrong_pass(test, BEN, "203.0.113.77").await;
    test.advance(Span::from_minutes(15));
    ana.sign_in().await.unwrap();
    (user, ben, reference)
}

async fn every_filter(test: TestContext) {
    let (ana, ben, reference) = filled(&test).await;
    // Whether events have their numbers yet makes no difference.
    for numbered in [false, true] {
        if numbered {
            service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
        }
        let all = kinds(&test, Filter::default()).await;
        assert_eq!(all.len(), 4, "{all:?}");
        assert_eq!((all[0], all[1]), ("signed_in", "pass_refused"));
        let some = |filter: Filter| kinds(&test, filter);
        assert_eq!(
            some(Filter { outcome: Some(Outcome::Failure), ..Filter::default() }).await,
            ["pass_refused"]
        );
        assert_eq!(some(Filter { user: Some(ben.id), ..Filter::default() }).await, ["pass_refused"]);
        assert_eq!(some(Filter { user: Some(ana.id), ..Filter::default() }).await.len(), 3);
        let method = |method| Filter { method: Some(method), ..Filter::default() };
        assert_eq!(some(method(Method::Passkey)).await, ["signed_in", "signed_in"]);
        assert_eq!(some(method(Method::TemporaryPass)).await, ["pass_refused", "pass_redeemed"]);
        assert!(some(method(Method::RecoveryCode)).await.is_empty());
        let strength = |strength| Filter { strength: Some(strength), ..Filter::default() };
        assert_eq!(some(strength(Strength::PhishingResistant)).await.len(), 2);
        assert_eq!(some(strength(Strength::Multifactor)).await, ["pass_redeemed"]);
        let address = |text: &str| Filter { address: Some(text.to_owned()), ..Filter::default() };
        assert_eq!(some(address("203.0.113.77")).await, ["pass_refused"]);
        assert_eq!(some(address("203.0.113.*")).await, ["pass_refused"]);
        assert!(some(address("203.0.113.7")).await.is_empty());
        let by_reference = Filter { reference: Some(reference.clone()), ..Filter::default() };
        assert_eq!(some(by_reference).await, ["pass_refused"]);
        let kind = Filter { kind: Some("signed_in".to_owned()), ..Filter::default() };
        assert_eq!(some(kind).await.len(), 2);
        let late = Filter { from: Some(test.now() - Span::from_minutes(20)), ..Filter::default() };
        assert_eq!(some(late).await, ["signed_in", "pass_refused"]);
        let early = Filter { until: Some(test.now() - Span::from_minutes(20)), ..Filter::default() };
        assert_eq!(some(early).await.len(), 2);
        let changes = some(Filter { show: Show::Changes, ..Filter::default() }).await;
        assert!(changes.contains(&"user_added") && !changes.contains(&"signed_in"), "{changes:?}");
        let everything = some(Filter { show: Show::All, ..Filter::default() }).await;
        assert_eq!(everything.len(), changes.len() + all.len());
    }
    let newest = page(&test, Filter::default()).await.lines.remove(0);
    let passkey = newest.passkey.unwrap();
    assert_eq!((newest.person.unwrap().login.as_str(), passkey.name.as_deref()), (ANA, Some("Passkey")));
    let of_key = Filter { passkey: Some(passkey.id), ..Filter::default() };
    assert_eq!(kinds(&test, of_key).await, ["signed_in", "signed_in"]);
    let of_model = Filter { model: passkey.model, ..Filter::default() };
    assert_eq!(kinds(&test, of_model).await.len(), 2);
    let of_another = Filter { model: Some(account::model::Aaguid([9; 16])), ..Filter::default() };
    assert!(kinds(&test, of_another).await.is_empty());
}

#[tokio::test]
async fn on_sqlite_each_filter_finds_what_fits() {
    every_filter(TestContext::sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_each_filter_finds_what_fits() {
    if let Some(test) = TestContext::postgres().await {
        every_filter(test).await;
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let test = TestContext::sqlite().await;
    filled(&test).await;
    for round in 0..12 {
        test.advance(Span::from_secs(90));
        wrong_pass(&test, BEN, &format!("198.51.100.{round}")).await;
    }
    service::housekeeping::sequence_once(&test.cx, [7; 16]).await.unwrap();
    for filter in [
        Filter::default(),
        Filter { show: Show::All, ..Filter::default() },
        Filter { outcome: Some(Outcome::Failure), ..Filter::default() },
    ] {
        let whole: Vec<EventId> =
            page(&test, filter.clone()).await.lines.iter().map(|line| line.event.id).collect();
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let page = read_log::page(&test.cx, Sight::Everything, &filter, before, 3).await.unwrap();
            paged.extend(page.lines.iter().map(|line| line.event.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole);
        assert!(whole.len() > 9);
    }
}

#[tokio::test]
async fn a_role_sees_as_much_as_it_may_help() {
    let test = TestContext::sqlite().await;
    let (_, _, reference) = filled(&test).await;
    let filter = Filter { reference: Some(reference), ..Filter::default() };
    for (sight, address) in [
        (Sight::Everything, "203.0.113.77"),
        (Sight::Of(Role::Administrator), "203.0.113.77"),
        (Sight::Of(Role::Helpdesk), "203.0.113.77"),
        // Ben has a role, which an authentication administrator does not reach.
        (Sight::Of(Role::AuthenticationAdministrator), "203.0.113.…"),
        (Sight::Of(Role::Reader), "203.0.113.…"),
        (Sight::Of(Role::PolicyAdministrator), "203.0.113.…"),
    ] {
        let found = read_log::page(&test.cx, sight, &filter, None, 50).await.unwrap().lines.remove(0);
        assert_eq!(found.event.client.unwrap().address, address, "{sight:?}");
        assert_eq!(found.redacted, address.ends_with('…'));
        // What is not shown cannot be asked for either.
        let exact = Filter { address: Some("203.0.113.77".to_owned()), ..Filter::default() };
        let other = Filter { address: Some("203.0.113.78".to_owned()), ..Filter::default() };
        let [exact, other] = [exact, other].map(|filter| {
            let cx = &test.cx;
            async move { read_log::page(cx, sight, &filter, None, 50).await.unwrap().lines.len() }
        });
        assert_eq!((exact.await, other.await), (1, usize::from(found.redacted)), "{sight:?}");
    }
}

#[tokio::test]
async fn an_entry_has_its_steps_and_what_happened_around_it() {
    let test = TestContext::sqlite().await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard(ANA, Role::User).await;
    test.advance(Span::from_hours(2));
    ana.sign_in().await.unwrap();
    test.advance(Span::from_minutes(3));
    let who = ana.who().await;
    service::sign_out::sign_out(&test.cx, &mut ana.caller(), &who).await.unwrap();
    let all = page(&test, Filter::default()).await;
    let newest = &all.lines[0];
    let found = read_log::entry(&test.cx, Sight::Everything, newest.event.id).await.unwrap().unwrap();
    let steps: Vec<_> = found.steps.iter().map(|line| line.event.kind.name()).collect();
    assert_eq!(steps, ["signed_in", "signed_out"], "the session's end belongs to it");
    assert!(found.steps.windows(2).all(|pair| pair[0].event.at <= pair[1].event.at));
    assert!(found.related.iter().all(|line| line.event.kind.name() != "signed_in"));
    let nobody = EventId::from_bytes([9; 16]);
    assert_eq!(read_log::entry(&test.cx, Sight::Everything, nobody).await.unwrap(), None);
}
