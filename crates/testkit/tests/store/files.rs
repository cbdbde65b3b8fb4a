//! The key file and the modes of what lies on the disk.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use primitives::keys::Purpose;
use store::key_file::{self, KeyFileError};
use store::{Database, Db, OpenError};

use crate::fixture;

#[test]
fn a_key_file_is_private_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.db.key");
    assert_eq!(key_file::load(&path).map(|_| ()), Err(KeyFileError::Missing(path.clone())));
    let keys = fixture::new_keys();
    key_file::create(&path, &keys).unwrap();
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    let loaded = key_file::load(&path).unwrap();
    assert_eq!(loaded.lookup(Purpose::RowMac, b"x"), keys.lookup(Purpose::RowMac, b"x"));
    assert_eq!(key_file::create(&path, &keys), Err(KeyFileError::Exists(path.clone())));
    key_file::replace(&path, &fixture::new_keys()).unwrap();
    let replaced = key_file::load(&path).unwrap();
    assert_ne!(replaced.lookup(Purpose::RowMac, b"x"), keys.lookup(Purpose::RowMac, b"x"));
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    key_file::create(&path, &fixture::new_keys()).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o666] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        assert_eq!(key_file::load(&path).map(|_| ()), Err(KeyFileError::Open { path: path.clone(), mode }));
    }
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    assert!(key_file::load(&path).is_ok());
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "1 current now secret\n").unwrap();
    assert!(matches!(key_file::load(&path), Err(KeyFileError::Unreadable { .. })));
}

#[test]
fn the_key_file_lies_beside_a_sqlite_file_or_where_it_is_said() {
    let sqlite = Database::parse("data/keyward.db");
    assert_eq!(key_file::location(&sqlite, None).as_deref(), Some(Path::new("data/keyward.db.key")));
    assert_eq!(key_file::location(&sqlite, Some(Path::new("k"))).as_deref(), Some(Path::new("k")));
    let postgres = Database::parse("postgres://user:secret@host/db");
    assert_eq!(key_file::location(&postgres, None), None);
    assert_eq!(format!("{postgres:?}"), "Postgres(…)");
}

#[tokio::test]
async fn a_database_file_is_private_and_must_be_writable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.db");
    let db = Db::open(&Database::Sqlite(path.clone()), fixture::new_keys()).await.unwrap();
    for name in ["keyward.db", "keyward.db-wal"] {
        assert_eq!(folder.path().join(name).metadata().unwrap().mode() & 0o777, 0o600, "{name}");
    }
    drop(db);
    let nowhere = Database::Sqlite(folder.path().join("no/such/folder.db"));
    let refused = Db::open(&nowhere, fixture::new_keys()).await.map(|_| ());
    assert!(matches!(refused, Err(OpenError::Unreachable(_))), "{refused:?}");
    fs::write(folder.path().join("text"), "not a database, but long enough to be asked about it").unwrap();
    let refused =
        Db::open(&Database::Sqlite(folder.path().join("text")), fixture::new_keys()).await.map(|_| ());
    assert!(matches!(refused, Err(OpenError::Unreachable(_))), "{refused:?}");
    let away = Database::Postgres("postgresql:///x?host=/nonexistent&user=keyward".to_owned());
    let refused = Db::open(&away, Arc::clone(&fixture::new_keys())).await.map(|_| ());
    assert!(matches!(refused, Err(OpenError::Unreachable(_))), "{refused:?}");
}
