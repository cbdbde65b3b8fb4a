//! One schema, whoever starts first; never another keyward's.

use std::sync::Arc;

use store::{Db, OpenError, users};

use crate::fixture::{self, Fixture};

async fn opened(f: &Fixture) -> Result<(), OpenError> {
    Db::open(&f.database, Arc::clone(&f.keys)).await.map(|_| ())
}

pub(crate) async fn many_starters_at_once_make_one_schema(f: Fixture) {
    let database = f.another();
    let mut tasks = Vec::new();
    for _ in 0..6 {
        let (database, keys) = (database.clone(), Arc::clone(&f.keys));
        tasks.push(tokio::spawn(async move { Db::open(&database, keys).await }));
    }
    for task in tasks {
        let db = task.await.unwrap().unwrap();
        assert_eq!(db.read(users::count).await, Ok(0));
    }
}

pub(crate) async fn a_changed_migration_is_refused(f: Fixture) {
    f.sql("UPDATE migrations SET checksum = SUBSTR(checksum, 1, 0)").await;
    assert!(opened(&f).await.is_err());
    f.write(|tx| tx.execute("UPDATE migrations SET checksum = $1", &[(&[7; 32]).into()])).await;
    assert_eq!(opened(&f).await, Err(OpenError::ChangedMigration(1)));
}

pub(crate) async fn a_newer_schema_is_refused(f: Fixture) {
    f.sql("INSERT INTO migrations SELECT 999, 'future', checksum FROM migrations WHERE number = 1").await;
    let refused = opened(&f).await;
    assert!(matches!(refused, Err(OpenError::NewerSchema { found: 999, .. })), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("start the newer keyward"));
}

pub(crate) async fn another_key_file_is_refused(f: Fixture) {
    let opened = Db::open(&f.database, fixture::new_keys()).await;
    assert_eq!(opened.map(|_| ()), Err(OpenError::OtherKeys));
}
