//! Applications that have to be told: one notice each, one holder each, tried for a day.

use account::session::SessionId;
use primitives::time::Span;
use store::logout_notices::{self as notices, Failed, PATIENCE};

use crate::fixture::{self, Fixture, NOW};

const LEASE: Span = Span::from_secs(30);

fn all(_: &str) -> u32 {
    100
}

pub(crate) async fn a_notice_is_held_by_one_and_told_once(f: Fixture) {
    let user = f.user("ada").await.id;
    let sid: SessionId = fixture::id();
    f.write(move |tx| {
        notices::add(tx, "payroll", user, sid)?;
        notices::add(tx, "payroll", user, sid)?;
        notices::add(tx, "wiki", user, sid)
    })
    .await;
    assert_eq!(f.write(notices::count).await, 2, "however many grants an application had, it is told once");
    assert!(f.write(notices::is_due).await);
    let claimed = f.write(|tx| notices::claim(tx, &[1; 16], LEASE, all)).await;
    assert_eq!(claimed.len(), 2);
    assert!(claimed.iter().all(|notice| notice.user == user && notice.sid == sid && notice.attempts == 0));
    assert!(!f.write(notices::is_due).await);
    assert!(f.write(|tx| notices::claim(tx, &[2; 16], LEASE, all)).await.is_empty());
    let id = claimed[0].id;
    assert!(!f.write(move |tx| notices::done(tx, id, &[2; 16])).await, "somebody else's");
    assert!(f.write(move |tx| notices::done(tx, id, &[1; 16])).await);
    // Whoever died with the other one loses it at the end of the lease.
    f.db.pin_clock(Some(NOW + LEASE));
    let taken_over = f.write(|tx| notices::claim(tx, &[2; 16], LEASE, all)).await;
    assert_eq!(taken_over.len(), 1);
    let late = claimed[1].clone();
    assert_eq!(f.write(move |tx| notices::not_told(tx, &late, &[1; 16])).await, Failed::NotOurs);
}

pub(crate) async fn an_application_that_does_not_answer_holds_up_no_other(f: Fixture) {
    let user = f.user("ada").await.id;
    f.write(move |tx| {
        for _ in 0..9 {
            notices::add(tx, "deaf", user, fixture::id())?;
        }
        notices::add(tx, "wiki", user, fixture::id())
    })
    .await;
    let room = |client: &str| if client == "deaf" { 2 } else { 4 };
    let claimed = f.write(move |tx| notices::claim(tx, &[1; 16], LEASE, room)).await;
    let of = |client: &str| claimed.iter().filter(|notice| notice.client == client).count();
    assert_eq!((of("deaf"), of("wiki")), (2, 1));
    let full = |client: &str| if client == "deaf" { 0 } else { 4 };
    assert!(f.write(move |tx| notices::claim(tx, &[1; 16], LEASE, full)).await.is_empty());
}

pub(crate) async fn it_is_tried_for_a_day_with_pauses_that_grow(f: Fixture) {
    let user = f.user("ada").await.id;
    f.write(move |tx| notices::add(tx, "deaf", user, fixture::id())).await;
    let (mut now, mut pauses) = (NOW, Vec::new());
    loop {
        f.db.pin_clock(Some(now));
        let claimed = f.write(|tx| notices::claim(tx, &[1; 16], LEASE, all)).await;
        let notice = claimed[0].clone();
        match f.write(move |tx| notices::not_told(tx, &notice, &[1; 16])).await {
            Failed::Again(at) => {
                pauses.push(at.since(now).secs());
                now = at;
            }
            Failed::GivenUp => break,
            Failed::NotOurs => panic!("nobody else is there"),
        }
    }
    assert_eq!(pauses[..5], [2, 4, 8, 16, 32]);
    assert!(pauses.iter().all(|pause| *pause <= 3600), "{pauses:?}");
    assert!(now < NOW + PATIENCE && now.since(NOW) > Span::from_hours(22), "until {now}");
    assert_eq!(f.write(notices::count).await, 0);
}
