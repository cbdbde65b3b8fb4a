//! Use cases that share a commit do not share their fate.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use account::user::User;
use store::spent::{SpentKey, Taken};
use store::{Database, Db, Stats, StoreError, settings, spent, users};

use crate::fixture::{self, Fixture, NOW};

/// Holds SQLite's writer in a first use case, queues `jobs` behind it and lets go, so that all share one batch.
/// PostgreSQL runs them side by side.
async fn together(f: &Fixture, jobs: Vec<Job>) -> (Vec<Result<(), StoreError>>, Stats) {
    let before = f.db.stats();
    let (started, has_started) = channel();
    let (let_go, held) = channel::<()>();
    let held = Mutex::new(held);
    let db = f.db.clone();
    let first = tokio::spawn(async move {
        db.write(move |_| {
            started.send(()).ok();
            held.lock().unwrap().recv().ok();
            Ok::<(), StoreError>(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || has_started.recv().unwrap()).await.unwrap();
    let mut answers = Vec::new();
    for mut job in jobs {
        let db = f.db.clone();
        let mut write = Box::pin(async move { db.write(move |tx| job(tx)).await });
        // One poll puts it into the queue.
        tokio::select! { biased; answer = &mut write => panic!("answered early: {answer:?}"), () = std::future::ready(()) => {} }
        answers.push(write);
    }
    let_go.send(()).unwrap();
    first.await.unwrap().ok();
    let mut results = Vec::new();
    for answer in answers {
        results.push(answer.await);
    }
    let after = f.db.stats();
    (results, Stats { commits: after.commits - before.commits, jobs: after.jobs - before.jobs, ..after })
}

type Job = Box<dyn FnMut(&mut store::Tx<'_>) -> Result<(), StoreError> + Send>;

fn add(user: &User) -> Job {
    let user = user.clone();
    Box::new(move |tx| users::insert(tx, &user).map(|_| ()))
}

async fn logins(f: &Fixture) -> Vec<String> {
    let users = f.write(|tx| users::list(tx, None, 100)).await;
    users.iter().map(|user| user.login.key().to_owned()).collect()
}

pub(crate) async fn a_refusal_rolls_back_only_itself(f: Fixture) {
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(fixture::user);
    let refused: Job = Box::new(move |tx| {
        users::insert(tx, &eve)?;
        Err(StoreError::Database("refused".to_owned()))
    });
    let (answers, stats) = together(&f, vec![add(&ada), refused, add(&bob)]).await;
    assert_eq!(answers, [Ok(()), Err(StoreError::Database("refused".to_owned())), Ok(())]);
    assert_eq!(logins(&f).await, ["ada", "bob"]);
    if !f.db.is_postgres() {
        assert_eq!((stats.commits, stats.jobs), (1, 4));
    }
}

pub(crate) async fn a_panic_rolls_back_only_itself(f: Fixture) {
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(fixture::user);
    let panics: Job = Box::new(move |tx| {
        users::insert(tx, &eve)?;
        panic!("a use case panics, as this test wants")
    });
    let (answers, _) = together(&f, vec![add(&ada), panics, add(&bob)]).await;
    assert_eq!(answers, [Ok(()), Err(StoreError::Panicked), Ok(())]);
    assert_eq!(logins(&f).await, ["ada", "bob"]);
}

pub(crate) async fn a_failed_statement_dooms_its_transaction(f: Fixture) {
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(fixture::user);
    let shrugs: Job = Box::new(move |tx| {
        users::insert(tx, &eve)?;
        assert!(tx.execute_raw("INSERT INTO no_such_table VALUES (1)").is_err());
        Ok(())
    });
    let (answers, _) = together(&f, vec![add(&ada), shrugs, add(&bob)]).await;
    assert!(matches!(answers[..], [Ok(()), Err(StoreError::Database(_)), Ok(())]), "{answers:?}");
    assert_eq!(logins(&f).await, ["ada", "bob"]);
    // A foreign key is told apart.
    let passkey = fixture::passkey(&fixture::user("nobody"));
    let refused = f.db.write(move |tx| store::passkeys::insert(tx, &passkey)).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
}

pub(crate) async fn a_failed_commit_is_everyones(f: Fixture) {
    if f.db.is_postgres() {
        return a_commit_without_an_answer_is_unknown(f).await;
    }
    let [ada, bob] = ["ada", "bob"].map(fixture::user);
    let passkey = fixture::passkey(&fixture::user("nobody"));
    // Found out only by the commit, which the three share.
    let orphan: Job = Box::new(move |tx| {
        tx.execute_raw("PRAGMA defer_foreign_keys = ON")?;
        store::passkeys::insert(tx, &passkey).map(|_| ())
    });
    let (answers, _) = together(&f, vec![add(&ada), orphan, add(&bob)]).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::Conflict(_)))), "{answers:?}");
    assert_eq!(logins(&f).await, Vec::<String>::new());
    // The writer goes on.
    let (answers, _) = together(&f, vec![add(&ada)]).await;
    assert_eq!(answers, [Ok(())]);
}

/// On PostgreSQL: the connection is cut while the commit is under way.
async fn a_commit_without_an_answer_is_unknown(f: Fixture) {
    f.sql(
        "CREATE FUNCTION cut() RETURNS trigger AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; \
         END' LANGUAGE plpgsql; \
         CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON spent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW \
         EXECUTE FUNCTION cut()",
    )
    .await;
    let attempts = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&attempts);
    let answer: Result<Taken, StoreError> =
        f.db.write(move |tx| {
            *counted.lock().unwrap() += 1;
            spent::take(tx, &SpentKey::new(NOW, b"challenge"), b"")
        })
        .await;
    assert_eq!(answer, Err(StoreError::Unknown));
    // It may have happened, so it was not tried again.
    assert_eq!(*attempts.lock().unwrap(), 1);
}

pub(crate) async fn a_lost_connection_is_replaced(f: Fixture) {
    if !f.db.is_postgres() {
        return;
    }
    // Cut before the commit, in the middle of the use case: it runs again on a fresh connection.
    let mut attempts = 0;
    let ada = fixture::user("ada");
    let attempts: Result<u32, StoreError> =
        f.db.write(move |tx| {
            attempts += 1;
            users::insert(tx, &ada)?;
            if attempts == 1 {
                tx.query("SELECT 1 FROM pg_terminate_backend(pg_backend_pid())", &[])?;
            }
            Ok(attempts)
        })
        .await;
    assert_eq!(attempts, Ok(2));
    // Cut while nobody was using it.
    f.write(|tx| {
        // OFFSET keeps the conditions apart: in one WHERE the planner may cut before it looks whom.
        let others = "SELECT count(*) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                      AND pid <> pg_backend_pid() OFFSET 0) AS others WHERE pg_terminate_backend(pid)";
        tx.query(others, &[])
    })
    .await;
    for _ in 0..32 {
        assert_eq!(f.write(users::count).await, 1);
    }
}

pub(crate) async fn a_read_changes_nothing(f: Fixture) {
    let ada = fixture::user("ada");
    let refused = f.db.read(move |tx| users::insert(tx, &ada)).await;
    assert!(matches!(refused, Err(StoreError::Database(_) | StoreError::Unavailable(_))), "{refused:?}");
    assert_eq!(logins(&f).await, Vec::<String>::new());
    // In memory the writer reads too, and takes back what a read wrote.
    let memory = Db::open(&Database::SqliteMemory, Arc::clone(&f.keys)).await.unwrap();
    let ada = fixture::user("ada");
    assert_eq!(memory.read(move |tx| users::insert(tx, &ada)).await, Ok(true));
    assert_eq!(memory.read(users::count).await, Ok(0));
}

pub(crate) async fn no_increment_is_lost(f: Fixture) {
    f.write(|tx| settings::put(tx, "count", "0")).await;
    let mut tasks = Vec::new();
    for _ in 0..32 {
        let db = f.db.clone();
        tasks.push(tokio::spawn(async move {
            db.write(|tx| {
                let count: u32 = settings::get(tx, "count")?.unwrap().parse().unwrap();
                settings::put(tx, "count", &(count + 1).to_string())
            })
            .await
        }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(()));
    }
    assert_eq!(f.write(|tx| settings::get(tx, "count")).await.as_deref(), Some("32"));
}

pub(crate) async fn of_many_takers_one_is_first(f: Fixture) {
    let mut tasks = Vec::new();
    for taker in 0..32_u8 {
        let db = f.db.clone();
        let take = move |tx: &mut store::Tx<'_>| spent::take(tx, &SpentKey::new(NOW, b"challenge"), &[taker]);
        tasks.push(tokio::spawn(async move { (taker, db.write(take).await.unwrap()) }));
    }
    let mut first = Vec::new();
    let mut already = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (taker, Taken::First) => first.push(taker),
            (_, Taken::Already(outcome)) => already.push(outcome),
        }
    }
    assert_eq!((first.len(), already.len()), (1, 31));
    assert!(already.iter().all(|outcome| *outcome == first));
}

pub(crate) async fn what_was_answered_is_there_after_reopening(f: Fixture) {
    let ada = f.user("ada").await;
    let Fixture { db, database, keys, folder } = f;
    drop(db);
    let db = Db::open(&database, keys).await.unwrap();
    assert_eq!(db.read(move |tx| users::by_id(tx, ada.id)).await.map(|user| user.is_some()), Ok(true));
    drop(folder);
}
