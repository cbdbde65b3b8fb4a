//! A SQLite database that has no room left: said as what it is, nothing half done, well again when there is room.
//! `bench faults disk-full` does the same to a real server with a disk that really fails.

use std::path::Path;
use std::sync::Arc;

use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::time::{Span, Timestamp};
use store::{Database, Db, StoreError, settings};

/// Larger than what is left in the file when it may not grow.
fn large() -> String {
    "x".repeat(100_000)
}

async fn open(path: &Path, keys: &Arc<KeyRing>) -> Db {
    Db::open(&Database::Sqlite(path.to_owned()), Arc::clone(keys)).await.unwrap()
}

/// The most pages that the file may have from now on; it is never less than it has.
async fn allow(db: &Db, pages: u32) {
    let limit = format!("PRAGMA max_page_count = {pages}");
    db.write(move |tx| tx.execute_raw(&limit)).await.unwrap();
}

async fn put(db: &Db, name: &'static str, value: String) -> Result<(), StoreError> {
    db.write(move |tx| settings::put(tx, name, &value)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_database_is_unavailable_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(KeyRing::generate(Timestamp::from_secs(1), &mut SystemEntropy));
    let db = open(&folder.path().join("keyward.db"), &keys).await;
    put(&db, "before", "kept".to_owned()).await.unwrap();
    allow(&db, 1).await;
    let refused = put(&db, "large", large()).await;
    assert!(matches!(&refused, Err(StoreError::Unavailable(why)) if why.contains("full")), "{refused:?}");
    let read =
        db.read(|tx| Ok::<_, StoreError>((settings::get(tx, "before")?, settings::get(tx, "large")?))).await;
    assert_eq!(read, Ok((Some("kept".to_owned()), None)), "reads go on, and nothing was half done");
    allow(&db, 1_000_000).await;
    assert_eq!(put(&db, "large", large()).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_latest_time_is_stored_again_after_a_commit_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.db");
    let keys = Arc::new(KeyRing::generate(Timestamp::from_secs(1), &mut SystemEntropy));
    let db = open(&path, &keys).await;
    let later = db.now().await.unwrap() + Span::from_days(400);
    db.pin_clock(Some(later));
    // The time is read, so its floor is due with this commit, which fails after it was written.
    let refused = db.write(|tx| tx.now().and_then(|_| tx.execute_raw(FAILS_AT_ITS_COMMIT))).await;
    assert!(matches!(&refused, Err(StoreError::Conflict(_))), "{refused:?}");
    put(&db, "after", "kept".to_owned()).await.unwrap();
    drop(db);
    let db = open(&path, &keys).await;
    assert!(
        db.now().await.unwrap() >= later,
        "a restart has forgotten the time that this deployment has seen"
    );
}

/// A foreign key that is checked when the transaction ends, and does not hold.
const FAILS_AT_ITS_COMMIT: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY); \
    CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED); \
    INSERT INTO child VALUES (1)";
