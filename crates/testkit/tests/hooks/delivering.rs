//! What a receiver gets: signed, in order, at least once, and nothing that is not for it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use account::hook::PATIENCE;
use account::notice::NoticeKind;
use account::role::Role;
use primitives::time::Span;
use server::config::Outbound as OutboundConfig;
use server::outbound::Outbound;
use service::hooks::{self, Change};
use service::{Authority, notify};
use store::StoreError;
use testkit::https::{HttpsServer, Scripted};
use testkit::{TestContext, Visitor};

use super::world::*;

async fn chosen_events_in_order_and_signed(test: TestContext) {
    happen(&test, &["before"]).await;
    let server = HttpsServer::start(Scripted::ok("")).await;
    let added = add(&test, terms(&server.url("/in"), &["user_added", "user_disabled"])).await;
    let secret = added.secret.reveal();
    happen(&test, &["ana", "ben"]).await;
    deliver(&test, &outbound(&server), 1).await;
    let asked = server.take();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].head.starts_with("POST /in HTTP/1.1"), "{}", asked[0].head);
    assert_eq!(asked[0].header("content-type"), "application/json");
    let got = events(&asked[0], secret);
    assert_eq!(got.len(), 2, "not what happened before, and not that the receiver was added");
    assert!(got.iter().all(|event| event["kind"] == "user_added"), "{got:?}");
    assert!(seqs(&got).is_sorted());
    // Ids and codes only.
    let text = &asked[0].body;
    assert!(!text.contains("example.com") && !text.contains("client") && !text.contains("note"), "{text}");
    assert_eq!(got[0]["data"]["role"], "user");
    // A changed body, time or id is not what was signed, and another secret is none.
    for (from, to) in [
        ("user_added", "user_adder"),
        ("webhook-id: ", "webhook-id: x"),
        ("webhook-timestamp: 1", "webhook-timestamp: 2"),
    ] {
        let mut forged = asked[0].clone();
        (forged.body, forged.head) = (forged.body.replace(from, to), forged.head.replace(from, to));
        assert!(!is_signed(&forged, secret), "{from}");
    }
    assert!(!is_signed(&asked[0], &format!("whsec_{}=", "A".repeat(43))));
    // Nothing is sent twice, and what is not for it is passed over.
    deliver(&test, &outbound(&server), 1).await;
    test.issue(&test.add_user("cleo@example.com", Role::User).await).await;
    number(&test).await;
    deliver(&test, &outbound(&server), 1).await;
    let asked = server.take();
    assert_eq!((asked.len(), events(&asked[0], secret).len()), (1, 1));
    let hook = one(&test).await;
    assert_eq!(hook.delivery.last_status.as_deref(), Some("delivered 200"));
}

async fn personal_data_go_only_where_they_are_asked_for(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let mut open = terms(&server.url("/open"), &[]);
    open.personal = true;
    let added = add(&test, open).await;
    let mut ana = Visitor::new(&test, "laptop");
    ana.onboard("ana@example.com", Role::User).await;
    number(&test).await;
    deliver(&test, &outbound(&server), 1).await;
    let asked = server.take();
    let got = events(&asked[0], added.secret.reveal());
    assert!(got.iter().any(|event| event["client"]["browser"] == "Chrome on Linux"), "{got:?}");
    assert!(got.iter().all(|event| event.get("note").is_some()));
}

async fn no_more_than_a_hundred_at_once(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let added = add(&test, terms(&server.url("/"), &["user_added"])).await;
    let names: Vec<String> = (0..130).map(|number| format!("user{number}")).collect();
    happen(&test, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    deliver(&test, &outbound(&server), 1).await;
    let asked = server.take();
    let batches: Vec<_> = asked.iter().map(|asked| events(asked, added.secret.reveal())).collect();
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [100, 30]);
    assert!(seqs(&batches.concat()).is_sorted());
    let ids: BTreeSet<&str> = asked.iter().map(|asked| asked.header("webhook-id")).collect();
    assert_eq!(ids.len(), 2);
}

async fn down_and_up_again(test: TestContext) {
    let server = HttpsServer::start(Scripted { status: 500, ..Scripted::ok("") }).await;
    let added = add(&test, terms(&server.url("/"), &["user_added"])).await;
    happen(&test, &["ana"]).await;
    deliver(&test, &outbound(&server), 1).await;
    let first = server.take();
    assert_eq!(first.len(), 1, "not again before its time");
    let hook = one(&test).await;
    assert_eq!(hook.delivery.last_status.as_deref(), Some("refused 500"));
    assert!(hook.delivery.failing_since.is_some() && hook.enabled);
    happen(&test, &["ben"]).await;
    server.script(Scripted::ok(""));
    deliver(&test, &outbound(&server), 1).await;
    assert_eq!(server.requests(), 1);
    test.advance(Span::from_secs(5));
    deliver(&test, &outbound(&server), 1).await;
    let again = server.take();
    let (before, after) =
        (events(&first[0], added.secret.reveal()), events(&again[0], added.secret.reveal()));
    assert_eq!((before.len(), after.len()), (1, 2));
    assert_eq!(before[0]["seq"], after[0]["seq"]);
    // Other events under one name would be left out by who knows it by heart.
    assert_ne!(first[0].header("webhook-id"), again[0].header("webhook-id"));
    let hook = one(&test).await;
    assert_eq!((hook.delivery.attempts, hook.delivery.failing_since), (0, None));
}

async fn after_a_day_it_is_turned_off_and_goes_on_where_it_stood(test: TestContext) {
    let mut admin = Visitor::new(&test, "admin");
    admin.onboard("admin@example.com", Role::Administrator).await;
    number(&test).await;
    let server = HttpsServer::start(Scripted { status: 503, ..Scripted::ok("") }).await;
    let added = add(&test, terms(&server.url("/"), &["user_added"])).await;
    happen(&test, &["ana"]).await;
    let began = test.now();
    let mut tries = 0;
    while one(&test).await.enabled {
        deliver(&test, &outbound(&server), 1).await;
        tries += server.take().len();
        test.advance(one(&test).await.delivery.next_try.since(test.now()));
        assert!(tries < 30, "it never ends");
    }
    assert!(tries > 8, "{tries}");
    assert_eq!(test.now().since(began), PATIENCE);
    assert_eq!(test.count_events("hook_disabled").await, 1);
    admin.sign_in().await.unwrap();
    let told = notify::list(&test.cx, &admin.who().await).await.unwrap();
    let notice = told.iter().find(|notice| notice.kind == NoticeKind::HookDisabled).unwrap();
    assert_eq!(notice.facts.name.as_deref(), Some(added.hook.terms.host()));
    happen(&test, &["ben"]).await;
    deliver(&test, &outbound(&server), 1).await;
    assert!(server.take().is_empty());

    server.script(Scripted::ok(""));
    let change = Change { terms: added.hook.terms.clone(), enabled: true };
    let (id, operator) = (added.hook.id, Authority::Operator);
    hooks::change(&test.cx, &mut test.operator(), operator, id, change).await.unwrap();
    deliver(&test, &outbound(&server), 1).await;
    let got: Vec<_> = server.take().iter().flat_map(|asked| events(asked, added.secret.reveal())).collect();
    assert_eq!(got.len(), 2, "what it did not take, and what came since");
}

async fn who_wants_nothing_more_is_turned_off_at_once(test: TestContext) {
    let server = HttpsServer::start(Scripted { status: 410, ..Scripted::ok("") }).await;
    add(&test, terms(&server.url("/"), &[])).await;
    happen(&test, &["ana"]).await;
    deliver(&test, &outbound(&server), 1).await;
    assert!(!one(&test).await.enabled);
}

async fn two_nodes_deliver_each_once(test: TestContext) {
    let other = test.another_node().await;
    let server = HttpsServer::start(Scripted::ok("")).await;
    let added = add(&test, terms(&server.url("/"), &["user_added"])).await;
    for round in 0..10 {
        happen(&test, &[&format!("user{round}")]).await;
        let out = outbound(&server);
        tokio::join!(deliver(&test, &out, 1), deliver(&other, &out, 2));
    }
    let got: Vec<_> = server.take().iter().flat_map(|asked| events(asked, added.secret.reveal())).collect();
    assert_eq!(got.len(), 10);
    assert!(seqs(&got).is_sorted());
}

async fn what_a_dead_node_took_is_taken_over(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let added = add(&test, terms(&server.url("/"), &["user_added"])).await;
    happen(&test, &["ana"]).await;
    let taken = hooks::deliver::claim(&test.cx, [1; 16]).await.unwrap();
    assert_eq!(taken.len(), 1);
    deliver(&test, &outbound(&server), 2).await;
    assert!(server.take().is_empty(), "it is the other one's for now");
    test.advance(hooks::deliver::LEASE);
    deliver(&test, &outbound(&server), 2).await;
    assert_eq!(server.take().len(), 1);
    let late = (taken[0].delivery.next_seq, String::new());
    assert_eq!(hooks::deliver::taken(&test.cx, [1; 16], added.hook.id, late).await, Ok(false), "too late");
}

async fn a_slow_one_holds_up_nobody(test: TestContext) {
    let slow = HttpsServer::start(Scripted { answers: false, ..Scripted::ok("") }).await;
    let server = HttpsServer::start(Scripted::ok("")).await;
    let folder = tempfile::tempdir().unwrap();
    let both = folder.path().join("both.pem");
    let authorities =
        [slow.authority(), server.authority()].map(|path| std::fs::read_to_string(path).unwrap());
    std::fs::write(&both, authorities.concat()).unwrap();
    add(&test, terms(&slow.url("/"), &[])).await;
    add(&test, terms(&server.url("/"), &[])).await;
    happen(&test, &["ana"]).await;
    let config = OutboundConfig { certificates: Some(both), ..allowing(&server) };
    let (app, out) = (app(&test), Outbound::new(&config).unwrap());
    let began = Instant::now();
    let turning = tokio::spawn(async move { server::hooks::turn(&app, &out, [1; 16]).await });
    while server.requests() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "it was held up");
        tokio::task::yield_now().await;
    }
    while slow.requests() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "it was not asked");
        tokio::task::yield_now().await;
    }
    assert!(!turning.is_finished(), "the slow one is still waited for");
    turning.abort();
}

async fn a_changed_address_makes_what_is_under_way_count_no_more(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    let added = add(&test, terms(&server.url("/old"), &["user_added"])).await;
    happen(&test, &["ana"]).await;
    let taken = hooks::deliver::claim(&test.cx, [1; 16]).await.unwrap();
    let change = Change { terms: terms(&server.url("/new"), &["user_added"]), enabled: true };
    let (id, operator) = (added.hook.id, Authority::Operator);
    hooks::change(&test.cx, &mut test.operator(), operator, id, change).await.unwrap();
    let late = (taken[0].delivery.next_seq + 1, "delivered 200".to_owned());
    assert_eq!(hooks::deliver::taken(&test.cx, [1; 16], id, late).await, Ok(false));
    deliver(&test, &outbound(&server), 1).await;
    let asked = server.take();
    assert!(asked[0].head.starts_with("POST /new "), "{}", asked[0].head);
}

async fn nothing_inside_is_reached(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    add(&test, terms(&server.url("/"), &[])).await;
    happen(&test, &["ana"]).await;
    let closed = OutboundConfig { allow: Vec::new(), ..allowing(&server) };
    deliver(&test, &Outbound::new(&closed).unwrap(), 1).await;
    assert_eq!(
        (server.requests(), one(&test).await.delivery.last_status.as_deref()),
        (0, Some("outbound_forbidden"))
    );
    // A redirect is an answer that is none.
    let headers = vec![("Location", "https://169.254.169.254/".to_owned())];
    server.script(Scripted { status: 302, headers, ..Scripted::ok("") });
    test.advance(Span::from_secs(5));
    deliver(&test, &outbound(&server), 1).await;
    assert_eq!(one(&test).await.delivery.last_status.as_deref(), Some("refused 302"));
}

async fn a_forged_receiver_is_no_receiver(test: TestContext) {
    let server = HttpsServer::start(Scripted::ok("")).await;
    add(&test, terms("https://siem.example/in", &["user_added"])).await;
    for column in
        ["url = 'https://evil.example/'", "kinds = ''", "personal = 1", "secret = mac", "enabled = 0"]
    {
        let (before, sql) = (hooks::list(&test.cx).await.unwrap(), format!("UPDATE hooks SET {column}"));
        let forged: Result<(), StoreError> =
            test.cx.db.write(move |tx| tx.execute(&sql, &[]).map(|_| ())).await;
        forged.unwrap();
        let read = hooks::list(&test.cx).await;
        assert!(matches!(read, Err(StoreError::Forged { table: "hooks", .. })), "{column}: {read:?}");
        let hook = before[0].clone();
        test.cx
            .db
            .write(move |tx| {
                tx.execute("DELETE FROM hooks", &[])?;
                store::hooks::insert(tx, &hook)
            })
            .await
            .unwrap();
    }
    happen(&test, &["ana"]).await;
    assert_eq!(server.requests(), 0);
}

testkit::on_both_databases! {
    chosen_events_in_order_and_signed,
    personal_data_go_only_where_they_are_asked_for,
    no_more_than_a_hundred_at_once,
    down_and_up_again,
    after_a_day_it_is_turned_off_and_goes_on_where_it_stood,
    who_wants_nothing_more_is_turned_off_at_once,
    two_nodes_deliver_each_once,
    what_a_dead_node_took_is_taken_over,
    a_slow_one_holds_up_nobody,
    a_changed_address_makes_what_is_under_way_count_no_more,
    nothing_inside_is_reached,
    a_forged_receiver_is_no_receiver,
}
