//! Versions of the policy: which one is in force, who was first, and what SQL cannot make.

use account::audit::Actor;
use primitives::time::Span;
use store::policies::StoredPolicy;
use store::policy_drafts::{self, StoredDraft};
use store::{StoreError, policies};

use crate::fixture::{Fixture, NOW};
use crate::forged::each_is_forged;

fn stored(version: i64) -> StoredPolicy {
    StoredPolicy {
        version,
        document: "[passes]\nlength = 20\n".to_owned(),
        author: Actor::Operator,
        comment: "longer".to_owned(),
        made: NOW,
        effective: NOW,
        undone: None,
        impact: "{}".to_owned(),
    }
}

async fn insert(f: &Fixture, policy: StoredPolicy) -> bool {
    f.write(move |tx| policies::insert(tx, &policy)).await
}

pub(crate) async fn the_newest_that_stands_and_has_come_is_in_force(f: Fixture) {
    assert_eq!(f.write(|tx| policies::in_force(tx, NOW)).await, None);
    assert_eq!(f.write(policies::newest).await, 0);
    let later = StoredPolicy { effective: NOW + Span::from_days(1), ..stored(3) };
    for policy in [stored(1), stored(2), later.clone()] {
        assert!(insert(&f, policy).await);
    }
    // Somebody else was first.
    assert!(!insert(&f, StoredPolicy { comment: "mine".to_owned(), ..stored(3) }).await);
    assert_eq!(f.write(policies::newest).await, 3);
    assert_eq!(f.write(|tx| policies::in_force(tx, NOW)).await, Some(stored(2)));
    assert_eq!(f.write(|tx| policies::in_force_without(tx, 2, NOW)).await, Some(stored(1)));
    assert_eq!(f.write(|tx| policies::number_in_force(tx, NOW)).await, 2);
    let then = NOW + Span::from_days(1);
    assert_eq!(f.write(move |tx| policies::in_force(tx, then)).await, Some(later.clone()));

    let undone = later.clone();
    assert!(f.write(move |tx| policies::undo(tx, &undone, NOW)).await);
    assert!(!f.write(move |tx| policies::undo(tx, &later, NOW)).await);
    assert_eq!(f.write(move |tx| policies::number_in_force(tx, then)).await, 2);
    assert_eq!(f.write(policies::newest_standing).await, 2);
    assert_eq!(f.write(policies::newest).await, 3);
    let listed = f.write(|tx| policies::list(tx, Some(3), 1)).await;
    assert_eq!(listed, [stored(2)]);
    let there = f.write(|tx| policies::by_version(tx, 3)).await.unwrap();
    assert_eq!(there.undone, Some(NOW));
}

pub(crate) async fn every_column_of_a_version(f: Fixture) {
    assert!(insert(&f, stored(1)).await);
    let assignments = [
        "version = 2",
        "document = ''",
        "author = 'system'",
        "comment = ''",
        "made = 1",
        "effective = 1",
        "undone = 1",
        "impact = '{\"keeps\":1}'",
    ];
    each_is_forged(&f, "policies", &assignments, |tx| {
        policies::list(tx, None, 10)?.pop().ok_or(StoreError::Contention)
    })
    .await;
}

pub(crate) async fn a_draft_is_kept_for_each(f: Fixture) {
    let (ada, bob) = (f.user("ada").await.id, f.user("bob").await.id);
    let draft = StoredDraft { base: 4, document: "a".to_owned(), changed: NOW };
    for document in ["a", "b"] {
        let draft = StoredDraft { document: document.to_owned(), ..draft.clone() };
        f.write(move |tx| policy_drafts::put(tx, ada, &draft)).await;
    }
    let kept = f.write(move |tx| policy_drafts::of_user(tx, ada)).await;
    assert_eq!(kept, Some(StoredDraft { document: "b".to_owned(), ..draft }));
    assert_eq!(f.write(move |tx| policy_drafts::of_user(tx, bob)).await, None);
    assert!(f.write(move |tx| policy_drafts::remove(tx, ada)).await);
    assert!(!f.write(move |tx| policy_drafts::remove(tx, ada)).await);
}
