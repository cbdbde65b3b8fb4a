//! PostgreSQL goes away and comes back: said at once, nothing to start again, nothing acknowledged lost.

use std::sync::Arc;
use std::time::{Duration, Instant};

use store::{Database, Db, StoreError, users};
use testkit::postgres::{self, Postgres};

use crate::fixture;

/// Longer than it takes to learn that nobody listens; the database itself is given five seconds to greet.
const AT_ONCE: Duration = Duration::from_secs(4);

async fn add(db: &Db, login: &'static str) -> Result<bool, StoreError> {
    let user = fixture::user(login);
    db.write(move |tx| users::insert(tx, &user)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_named_and_found_again() {
    let Some(programs) = postgres::find_programs() else { return };
    let server = Postgres::start(&programs, true).unwrap();
    let db = Db::open(&Database::Postgres(server.database().unwrap()), fixture::new_keys()).await.unwrap();
    for mode in ["fast", "immediate"] {
        let before = db.read(users::count).await.unwrap();
        assert_eq!(add(&db, if mode == "fast" { "ada" } else { "bea" }).await, Ok(true));
        server.stop(mode).unwrap();
        let began = Instant::now();
        for _ in 0..20 {
            let told = [
                add(&db, "nobody").await.map(|_| ()),
                db.read(users::count).await.map(|_| ()),
                db.now().await.map(|_| ()),
            ];
            for error in told {
                assert!(matches!(&error, Err(StoreError::Unavailable(why)) if !why.is_empty()), "{error:?}");
            }
        }
        assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
        server.start_again().unwrap();
        assert_eq!(
            db.read(users::count).await,
            Ok(before + 1),
            "{mode}: acknowledged is there, refused is not"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_an_answer_is_unknown_and_not_repeated() {
    let Some(url) = postgres::fresh_database() else { return };
    let db = Db::open(&Database::Postgres(url), fixture::new_keys()).await.unwrap();
    // It ends its own connection in the middle of the COMMIT.
    let trap = "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS \
                'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'; \
                CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON users DEFERRABLE INITIALLY DEFERRED \
                FOR EACH ROW WHEN (NEW.login = 'cut') EXECUTE FUNCTION cut()";
    db.write(move |tx| tx.execute_raw(trap)).await.unwrap();
    let attempts = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let (counted, user) = (Arc::clone(&attempts), fixture::user("cut"));
    let cut = db.write(move |tx| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        users::insert(tx, &user)
    });
    assert_eq!(cut.await, Err(StoreError::Unknown));
    assert_eq!(attempts.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert_eq!(add(&db, "ada").await, Ok(true));
}
