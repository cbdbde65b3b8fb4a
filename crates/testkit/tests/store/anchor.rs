//! A node remembers where its database stood (DESIGN 5a.9).

use account::audit::EventKind;
use account::evidence::Evidence;
use account::temporary_pass::PassState;
use primitives::time::Span;
use store::anchor::{self, Anchor, AnchorFile};
use store::{OpenError, audit, sessions, settings, temporary_passes};

use crate::fixture::{Fixture, NOW};

async fn chain_and_remember(f: &Fixture, file: &AnchorFile) -> Anchor {
    f.event(EventKind::BackupMade).await;
    f.write(|tx| audit::sequence(tx, &[1; 16], Span::from_secs(1))).await;
    let anchor = f.write(anchor::current).await;
    file.store(&anchor).unwrap();
    anchor
}

pub(crate) async fn a_database_that_lost_its_end_is_behind(f: Fixture) {
    let file = AnchorFile::beside(&f.folder.path().join("key"));
    assert_eq!(anchor::check(&f.db, &file).await, Ok(()));
    let early = f.write(anchor::current).await;
    file.store(&early).unwrap();
    chain_and_remember(&f, &file).await;
    let seen = chain_and_remember(&f, &file).await;
    assert_eq!(anchor::check(&f.db, &file).await, Ok(()));
    // Ahead of what was remembered is no harm: the last turn crashed before it wrote the file.
    file.store(&early).unwrap();
    assert_eq!(anchor::check(&f.db, &file).await, Ok(()));
    file.store(&seen).unwrap();

    f.sql("DELETE FROM audit_batches WHERE number = 2").await;
    let refused = anchor::check(&f.db, &file).await.unwrap_err();
    let OpenError::Behind(behind) = &refused else { panic!("{refused:?}") };
    assert_eq!((behind.seen_epoch, behind.epoch, behind.seen_seq, behind.seq), (1, 1, 2, 1));
    assert!(refused.to_string().contains("ends all sessions and passes"));
}

pub(crate) async fn accepting_voids_what_was_granted(f: Fixture) {
    let file = AnchorFile::beside(&f.folder.path().join("key"));
    let seen = chain_and_remember(&f, &file).await;
    let user = f.user("ada").await;
    let (issued, spent) = (f.pass(&user).await, f.pass(&user).await);
    let (owner, pass_id, spent_id) = (user.id, issued.id, spent.id);
    f.write(move |tx| temporary_passes::set_state(tx, &spent, PassState::Spent { at: NOW })).await;
    let (_, token) = f.session(&user, Evidence::from_pass(&issued, NOW)).await;
    f.sql("DELETE FROM audit_batches").await;
    assert!(matches!(anchor::check(&f.db, &file).await, Err(OpenError::Behind(_))));

    let epoch = f.write(move |tx| settings::begin_epoch(tx, seen.epoch)).await;
    assert_eq!(epoch, 2);
    // Also before the file is written again, as on the other nodes.
    assert_eq!(anchor::check(&f.db, &file).await, Ok(()));
    assert_eq!(f.write(settings::deployment).await.epoch, 2);
    assert_eq!(f.write(move |tx| sessions::by_token(tx, &token)).await, None);
    assert_eq!(f.write(move |tx| sessions::of_user(tx, owner)).await, []);
    let state = async |id| f.write(move |tx| temporary_passes::by_id(tx, id)).await.unwrap().state;
    assert_eq!(state(pass_id).await, PassState::Revoked { at: NOW });
    assert_eq!(state(spent_id).await, PassState::Spent { at: NOW });
}
