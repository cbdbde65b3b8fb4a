//! The audit log: each way to tamper with it is named, at its first place.

use account::audit::{Actor, Event, EventKind};
use account::role::Role;
use primitives::time::Span;
use store::StoreError;
use store::audit::{self, AuditReport, FaultKind, Filter, Head, Sequenced};
use store::db::{Row, Value};

use crate::fixture::{self, Fixture, NOW};

const HOLDER: [u8; 16] = [1; 16];
const LEASE: Span = Span::from_secs(10);

async fn sequence(f: &Fixture) -> Option<Head> {
    match f.write(|tx| audit::sequence(tx, &HOLDER, LEASE)).await {
        Sequenced::Batch { head, .. } => Some(head),
        _ => None,
    }
}

async fn verify(f: &Fixture, known: Vec<Head>) -> AuditReport {
    f.db.read(move |tx| audit::verify(tx, &known)).await.unwrap()
}

/// What the report says first: kind, number, and whether it names an event.
async fn first_fault(f: &Fixture, known: Vec<Head>) -> Option<(FaultKind, Option<i64>, bool)> {
    verify(f, known).await.fault.map(|fault| (fault.kind, fault.seq, fault.event.is_some()))
}

/// Three batches of two events: numbers 1 to 6.
async fn three_batches(f: &Fixture) -> Vec<Head> {
    let mut heads = Vec::new();
    for _ in 0..3 {
        f.event(EventKind::UserAdded { role: Role::User }).await;
        f.event(EventKind::BackupMade).await;
        heads.push(sequence(f).await.unwrap());
    }
    heads
}

pub(crate) async fn events_are_numbered_and_chained(f: Fixture) {
    assert_eq!(first_fault(&f, vec![]).await, None);
    assert_eq!(sequence(&f).await, None);
    let heads = three_batches(&f).await;
    assert_eq!(heads.iter().map(|head| head.seq).collect::<Vec<_>>(), [2, 4, 6]);
    f.event(EventKind::BackupMade).await;
    let report = verify(&f, heads.clone()).await;
    assert_eq!(report, AuditReport { events: 6, batches: 3, pending: 1, head: Some(heads[2]), fault: None });
    assert_eq!(f.write(audit::head).await, Some(heads[2]));
    assert_eq!(f.write(|tx| audit::head_of(tx, 4)).await, Some(heads[1]));
    assert_eq!(f.write(|tx| audit::head_of(tx, 3)).await, None);
}

pub(crate) async fn a_removed_event_is_a_gap(f: Fixture) {
    three_batches(&f).await;
    f.sql("DELETE FROM audit_events WHERE seq = 3").await;
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Gap, Some(3), false)));
    f.sql("DELETE FROM audit_batches WHERE number = 1").await;
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Gap, Some(1), false)));
}

pub(crate) async fn a_removed_end_is_a_gap(f: Fixture) {
    let heads = three_batches(&f).await;
    f.sql("DELETE FROM audit_batches WHERE number = 3").await;
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Gap, Some(5), true)));
    f.sql("DELETE FROM audit_events WHERE seq > 4").await;
    // Nothing inside the database shows that; what was seen outside does.
    assert_eq!(first_fault(&f, vec![]).await, None);
    assert_eq!(first_fault(&f, heads).await, Some((FaultKind::Gap, Some(5), false)));
}

pub(crate) async fn a_rewritten_end_is_a_fork(f: Fixture) {
    let heads = three_batches(&f).await;
    f.sql("DELETE FROM audit_batches WHERE number = 3; DELETE FROM audit_events WHERE seq > 4").await;
    f.event(EventKind::UserDisabled).await;
    f.event(EventKind::UserEnabled).await;
    sequence(&f).await.unwrap();
    assert_eq!(first_fault(&f, vec![]).await, None);
    assert_eq!(first_fault(&f, heads).await, Some((FaultKind::Fork, Some(5), false)));
}

/// Takes rows away, to be put back by [`put_back`].
async fn take(f: &Fixture, table: &'static str, condition: &'static str) -> Vec<Row> {
    f.write(move |tx| {
        let rows = tx.query(&format!("SELECT * FROM {table} WHERE {condition}"), &[])?;
        tx.execute(&format!("DELETE FROM {table} WHERE {condition}"), &[])?;
        Ok(rows)
    })
    .await
}

async fn put_back(f: &Fixture, table: &'static str, rows: Vec<Row>) {
    f.write(move |tx| {
        for row in &rows {
            let params: Vec<_> = row.0.iter().map(Value::param).collect();
            let columns: Vec<_> = (1..=params.len()).map(|column| format!("${column}")).collect();
            tx.execute(&format!("INSERT INTO {table} VALUES ({})", columns.join(", ")), &params)?;
        }
        Ok(())
    })
    .await;
}

pub(crate) async fn a_genuine_batch_of_another_branch_is_a_fork(f: Fixture) {
    three_batches(&f).await;
    let batches = take(&f, "audit_batches", "number = 3").await;
    let events = take(&f, "audit_events", "seq > 4").await;
    f.sql("DELETE FROM audit_batches WHERE number = 2; DELETE FROM audit_events WHERE seq > 2").await;
    f.event(EventKind::UserDisabled).await;
    f.event(EventKind::UserEnabled).await;
    sequence(&f).await.unwrap();
    // Every row is one that this deployment wrote and signed; they do not belong together.
    put_back(&f, "audit_batches", batches).await;
    put_back(&f, "audit_events", events).await;
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Fork, Some(5), false)));
}

pub(crate) async fn a_changed_event_is_forged(f: Fixture) {
    let heads = three_batches(&f).await;
    for assignment in [
        "at = 1",
        "actor = 'operator'",
        "actor = 'nobody'",
        "subject = id",
        "kind = 'user_disabled'",
        "body = '{\"kind\":\"user_enabled\"}'",
        "body = 'x'",
        "reference = ''",
        "commitment = SUBSTR(mac, 1, 32)",
        "note = 'another'",
        "note = NULL",
        "client_address = '198.51.100.1'",
        "salt = NULL",
    ] {
        let known = heads.clone();
        // In a transaction that is rolled back, so that each is seen alone.
        let found: Result<AuditReport, StoreError> =
            f.db.write(move |tx| {
                tx.execute_raw(&format!("UPDATE audit_events SET {assignment} WHERE seq = 4"))?;
                let report = audit::verify(tx, &known)?;
                assert_eq!(
                    report.fault.as_ref().map(|fault| (fault.kind, fault.seq)),
                    Some((FaultKind::Forged, Some(4))),
                    "{assignment}"
                );
                Err(StoreError::Contention)
            })
            .await;
        assert!(found.is_err());
    }
    assert_eq!(first_fault(&f, heads).await, None);
}

pub(crate) async fn swapped_numbers_are_forged(f: Fixture) {
    three_batches(&f).await;
    f.sql(
        "UPDATE audit_events SET seq = 99 WHERE seq = 3; UPDATE audit_events SET seq = 3 WHERE seq = 4; \
         UPDATE audit_events SET seq = 4 WHERE seq = 99",
    )
    .await;
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Forged, Some(3), false)));
}

pub(crate) async fn an_event_made_with_sql_is_forged_and_gets_no_number(f: Fixture) {
    let heads = three_batches(&f).await;
    f.sql(
        "INSERT INTO audit_events (id, at, actor, kind, body, reference, commitment, mac) SELECT SUBSTR(mac, 5, 16), \
         at, actor, kind, body, reference, commitment, mac FROM audit_events WHERE seq = 1",
    )
    .await;
    let genuine = f.event(EventKind::UserDisabled).await;
    assert_eq!(first_fault(&f, heads).await, Some((FaultKind::Forged, None, true)));
    let head = sequence(&f).await.unwrap();
    assert_eq!(head.seq, 7);
    let exported = f.write(|tx| audit::export(tx, 6, 10)).await;
    assert_eq!(exported.iter().map(|row| row.event.id).collect::<Vec<_>>(), [genuine.id]);
    assert_eq!(sequence(&f).await, None);
    assert_eq!(first_fault(&f, vec![]).await, Some((FaultKind::Forged, None, true)));
}

pub(crate) async fn an_event_without_number_is_overdue(f: Fixture) {
    let event = f.event(EventKind::BackupMade).await;
    f.db.pin_clock(Some(NOW + audit::OVERDUE));
    assert_eq!(verify(&f, vec![]).await.pending, 1);
    f.db.pin_clock(Some(NOW + audit::OVERDUE + Span::from_secs(1)));
    let fault = verify(&f, vec![]).await.fault.unwrap();
    assert_eq!((fault.kind, fault.seq, fault.event), (FaultKind::Overdue, None, Some(event.id)));
    assert_eq!(fault.kind.code(), "audit_overdue");
    sequence(&f).await.unwrap();
    assert_eq!(first_fault(&f, vec![]).await, None);
}

pub(crate) async fn erasing_keeps_the_chain(f: Fixture) {
    let ada = f.user("ada").await;
    let did = Event { actor: Actor::User(ada.id), ..fixture::event(EventKind::UserChanged) };
    let suffered = Event { subject: Some(ada.id), ..fixture::event(EventKind::UserDisabled) };
    f.write(move |tx| audit::append(tx, &did).and_then(|()| audit::append(tx, &suffered))).await;
    let other = f.event(EventKind::BackupMade).await;
    let head = sequence(&f).await.unwrap();
    assert_eq!(f.write(move |tx| audit::erase(tx, ada.id)).await, 2);
    assert_eq!(f.write(move |tx| audit::erase(tx, ada.id)).await, 0);
    assert_eq!(first_fault(&f, vec![head]).await, None);
    for entry in f.write(|tx| audit::list(tx, &Filter::default(), 10)).await {
        let whole = entry.event.id == other.id;
        assert_eq!(entry.erased, !whole);
        assert_eq!((entry.event.client.is_some(), entry.event.note.is_some()), (whole, whole));
    }
    let traces = "SELECT count(*) FROM audit_events WHERE client_address = '192.0.2.7'";
    let left = f.write(move |tx| tx.query_one(traces, &[])).await.unwrap();
    assert_eq!(left.columns("audit_events").integer(), Ok(1));
}

pub(crate) async fn a_changed_batch_is_forged(f: Fixture) {
    three_batches(&f).await;
    for assignment in [
        "at = 1",
        "fence = 9",
        "root = previous",
        "previous = root",
        "head = root",
        "key_id = 2",
        "signature = head",
        "last_seq = 3",
        "first_seq = 4",
        "head = SUBSTR(head, 1, 31)",
    ] {
        let found: Result<(), StoreError> =
            f.db.write(move |tx| {
                tx.execute_raw(&format!("UPDATE audit_batches SET {assignment} WHERE number = 2"))?;
                let fault = audit::verify(tx, &[])?.fault.unwrap();
                assert_eq!((fault.kind, fault.seq), (FaultKind::Forged, Some(3)), "{assignment}");
                Err(StoreError::Contention)
            })
            .await;
        assert!(found.is_err());
    }
}

pub(crate) async fn the_lease_is_held_by_one(f: Fixture) {
    let other = [2; 16];
    three_batches(&f).await;
    f.event(EventKind::BackupMade).await;
    let refused = f.write(move |tx| audit::sequence(tx, &other, LEASE)).await;
    assert_eq!(refused, Sequenced::HeldByOther { until: NOW + LEASE });
    f.db.pin_clock(Some(NOW + LEASE));
    let taken = f.write(move |tx| audit::sequence(tx, &other, LEASE)).await;
    assert!(matches!(taken, Sequenced::Batch { events: 1, more: false, .. }), "{taken:?}");
    assert_eq!(sequence(&f).await, None);
    let fences: Vec<_> =
        f.write(|tx| audit::batches(tx, 0, 10)).await.iter().map(|batch| batch.fence).collect();
    assert_eq!(fences, [1, 1, 1, 2]);
}

pub(crate) async fn listing_filters_and_pages(f: Fixture) {
    let ada = f.user("ada").await.id;
    three_batches(&f).await;
    let hers =
        Event { subject: Some(ada), at: NOW + Span::from_secs(5), ..fixture::event(EventKind::UserChanged) };
    let stored = hers.clone();
    f.write(move |tx| audit::append(tx, &stored)).await;
    let list = async |filter: Filter, limit| f.write(move |tx| audit::list(tx, &filter, limit)).await;
    assert_eq!(list(Filter::default(), 100).await.len(), 7);
    let one = list(Filter { subject: Some(ada), ..Filter::default() }, 100).await;
    assert_eq!(one.iter().map(|entry| (entry.seq, &entry.event)).collect::<Vec<_>>(), [(None, &hers)]);
    sequence(&f).await.unwrap();
    let later = Event { subject: Some(ada), ..fixture::event(EventKind::UserEnabled) };
    let stored = later.clone();
    f.write(move |tx| audit::append(tx, &stored)).await;
    // With a number or without.
    let mut two = list(Filter { subject: Some(ada), ..Filter::default() }, 100).await;
    two.sort_by_key(|entry| entry.seq);
    assert_eq!(
        two.iter().map(|entry| (entry.seq, &entry.event)).collect::<Vec<_>>(),
        [(None, &later), (Some(7), &hers)]
    );
    assert_eq!(list(Filter { subject: Some(ada), ..Filter::default() }, 1).await.len(), 1);
    f.sql("DELETE FROM audit_events WHERE seq IS NULL").await;
    let kind = Some("backup_made".to_owned());
    assert_eq!(list(Filter { kind, ..Filter::default() }, 100).await.len(), 3);
    let from = Some(NOW + Span::from_secs(1));
    assert_eq!(list(Filter { from, ..Filter::default() }, 100).await.len(), 1);
    assert_eq!(list(Filter { until: from, ..Filter::default() }, 100).await.len(), 6);
    let first = list(Filter::default(), 4).await;
    let before = Some(first[3].event.id);
    assert_eq!(list(Filter { before, ..Filter::default() }, 4).await.len(), 3);
}

pub(crate) async fn the_export_holds_everything(f: Fixture) {
    three_batches(&f).await;
    let events = f.write(|tx| audit::export(tx, 0, 4)).await;
    let rest = f.write(|tx| audit::export(tx, 4, 4)).await;
    let numbers: Vec<_> = events.iter().chain(&rest).map(|event| event.seq).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let line = serde_json::to_value(&events[0]).unwrap();
    assert_eq!(line["event"]["client"]["address"], "192.0.2.7");
    assert_eq!(line["time"], "2027-01-15T08:00:00Z");
    let batches = f.write(|tx| audit::batches(tx, 1, 10)).await;
    assert_eq!(batches.len(), 2);
    assert_eq!(batches[1].previous, batches[0].head);
    // Whoever has the public key checks the head without the key file.
    let bytes = |text: &str| primitives::encoding::from_base64url(text).unwrap();
    let key = primitives::cose::PublicKey::parse(&bytes(batches[0].public_key.as_ref().unwrap())).unwrap();
    let head = primitives::encoding::from_hex(&batches[0].head).unwrap();
    assert!(key.verify(&head, &bytes(&batches[0].signature)).is_ok());
}
