//! Refused ceremonies: found by their reference, few, and not for long.

use primitives::time::{Span, Timestamp};
use store::refused_ceremonies::{self as refused, Kind, RefusedCeremony};

use crate::fixture::{Fixture, NOW};

pub(crate) fn ceremony(reference: &str, at: Timestamp) -> RefusedCeremony {
    RefusedCeremony {
        reference: reference.to_owned(),
        at,
        kind: Kind::Registration,
        reason: "origin".to_owned(),
        case_json: r#"{"kind":"registration","response":"ä \u0000"}"#.to_owned(),
    }
}

async fn insert(f: &Fixture, ceremony: &RefusedCeremony) -> bool {
    let ceremony = ceremony.clone();
    f.write(move |tx| refused::insert(tx, &ceremony)).await
}

async fn references(f: &Fixture) -> Vec<String> {
    let newest = f.db.read(|tx| refused::newest(tx, 5_000)).await.unwrap();
    newest.into_iter().map(|refused| refused.reference).collect()
}

pub(crate) async fn found_as_it_was_stored(f: Fixture) {
    let first = ceremony("7F3K-22QX", NOW);
    let other = RefusedCeremony { kind: Kind::Authentication, ..ceremony("8F3K-22QX", NOW) };
    assert!(insert(&f, &first).await && insert(&f, &other).await);
    let find = |reference| f.db.read(move |tx| refused::by_reference(tx, reference));
    assert_eq!(find("7F3K-22QX").await, Ok(Some(first.clone())));
    assert_eq!(find("8F3K-22QX").await, Ok(Some(other)));
    assert_eq!(find("7F3K-22Q").await, Ok(None));
    let later = RefusedCeremony { reason: "challenge".to_owned(), at: NOW + Span::from_secs(1), ..first };
    assert!(insert(&f, &later).await);
    assert_eq!(find("7F3K-22QX").await, Ok(Some(later)));
    assert_eq!(references(&f).await, ["7F3K-22QX", "8F3K-22QX"]);
}

pub(crate) async fn what_is_too_large_is_not_stored(f: Fixture) {
    let large = |bytes| RefusedCeremony { case_json: "x".repeat(bytes), ..ceremony(&bytes.to_string(), NOW) };
    assert!(insert(&f, &large(refused::LARGEST)).await);
    assert!(!insert(&f, &large(refused::LARGEST + 1)).await);
    assert_eq!(references(&f).await, [refused::LARGEST.to_string()]);
}

pub(crate) async fn the_oldest_give_way(f: Fixture) {
    let most = refused::MOST;
    f.write(move |tx| {
        // Not in order of time: what counts is the time and not the place.
        for number in (1..=most).rev() {
            assert!(refused::insert(tx, &ceremony(&format!("{number:04}"), NOW + Span::from_secs(number)))?);
        }
        Ok(())
    })
    .await;
    assert!(insert(&f, &ceremony("late", NOW + Span::from_secs(most + 1))).await);
    let kept = references(&f).await;
    assert_eq!(kept.len(), 1000);
    assert_eq!((kept[0].as_str(), kept[999].as_str()), ("late", "0002"));
    // What got past the bound by another way goes in turns.
    f.sql(
        "INSERT INTO refused_ceremonies SELECT reference || 'b', at + 1, kind, reason, case_json FROM refused_ceremonies",
    )
    .await;
    assert_eq!(f.write(refused::sweep).await, 1000);
    let kept = references(&f).await;
    assert_eq!((kept.len(), kept[999].as_str()), (1000, "0502"));
    assert_eq!(f.write(refused::sweep).await, 0);
}

pub(crate) async fn swept_after_a_week(f: Fixture) {
    insert(&f, &ceremony("before", NOW - Span::from_micros(1))).await;
    insert(&f, &ceremony("now", NOW)).await;
    f.db.pin_clock(Some(NOW + refused::KEPT));
    assert_eq!(f.write(refused::sweep).await, 1);
    assert_eq!(references(&f).await, ["now"]);
}
