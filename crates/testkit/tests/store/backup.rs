//! A backup is whole, private and consistent, and a restore voids what was granted.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use account::audit::EventKind;
use account::evidence::Evidence;
use account::temporary_pass::PassState;
use primitives::time::Span;
use store::backup::{self, BackupError};
use store::db::Row;
use store::{
    Database, Db, OpenError, audit, code_guesses, guesses, refused_ceremonies, sessions, settings, spent,
    temporary_passes, users,
};

use crate::fixture::{self, Fixture, NOW};
use crate::refused;

/// Something in every table, and more than one page of people.
async fn fill(f: &Fixture) {
    let user = f.user("ada").await;
    f.passkey(&user).await;
    let pass = f.pass(&user).await;
    f.session(&user, Evidence::from_pass(&pass, NOW)).await;
    f.event(EventKind::BackupMade).await;
    f.write(|tx| audit::sequence(tx, &[1; 16], Span::from_secs(1))).await;
    f.write(|tx| {
        guesses::store(tx, "ada", account::lockout::Bucket { since: NOW, count: 2 })?;
        spent::take(tx, &spent::SpentKey::new(NOW, b"c"), b"outcome")?;
        refused_ceremonies::insert(tx, &refused::ceremony("7F3K-22QX", NOW))?;
        code_guesses::store(tx, account::lockout::Bucket { since: NOW, count: 3 })?;
        for number in 0..600 {
            users::insert(tx, &fixture::user(&format!("user {number}")))?;
        }
        Ok(())
    })
    .await;
    let owner = user.id;
    f.write(move |tx| fill_methods(tx, owner)).await;
}

/// A row in each table whose rows a backup only carries. What is in them does not matter to it.
fn fill_methods(tx: &mut store::Tx<'_>, owner: account::user::UserId) -> Result<(), store::StoreError> {
    for sql in [
        "INSERT INTO passwords (user_id, hash, since, must_change, mac) VALUES ($1, 'h', 1, 0, $2)",
        "INSERT INTO authenticator_codes (user_id, secret, created, last_step, last_used, failures, mac) \
         VALUES ($1, $2, 1, 0, NULL, 0, $2)",
        "INSERT INTO recovery_codes (id, user_id, number, set_id, salt, hash, created, used, mac) \
         VALUES ($1, $1, 1, $1, $2, $2, 1, NULL, $2)",
        "INSERT INTO partial_sign_ins (token, user_id, browser, security_epoch, deployment_epoch, password_at, ends, \
         mac) VALUES ($1, $1, $2, 1, 1, 1, 1, $2)",
        "INSERT INTO enrolments (id, user_id, session_id, ticket, code, ends, version, body, mac) \
         VALUES ($1, $1, $1, $2, $2, 1, 0, '{}', $2)",
        "INSERT INTO notices (id, user_id, kind, body, at, seen, mail_state, mail_attempts, mail_next, mail_holder) \
         VALUES ($1, $1, 'kind', '{}', 1, 0, 'none', 0, 0, $2)",
        "INSERT INTO known_browsers (user_id, known, met) VALUES ($1, $2, 1)",
        "INSERT INTO groups (id, name, name_key, description, created, changed, mac) \
         VALUES ($1, 'g', 'g', '', 1, 1, $2)",
        "INSERT INTO memberships (member, group_id, user_id) VALUES ($2, $1, $1)",
        "INSERT INTO api_keys (id, token, name, scopes, author, created, ends, deployment_epoch, mac) \
         VALUES ($1, $2, 'k', '', 'operator', 1, 1, 1, $2)",
        "INSERT INTO idempotent_answers (slot, request, status, answer, at) VALUES ($1, $2, 200, $2, 1)",
        "INSERT INTO pass_orders (id, user_id, asked_by, picker, state, at, ends, body, mac) \
         VALUES ($1, $1, $1, $1, 'asked', 1, 1, '{}', $2)",
        "INSERT INTO pass_mails (id, user_id, pass_id, part, sealed, at, state, attempts, next) \
         VALUES ($1, $1, $1, 'pass', $2, 1, 'waiting', 0, 1)",
        "INSERT INTO hooks (id, url, kinds, personal, secret, enabled, created, author, next_seq, attempts, next_try, \
         mac) VALUES ($1, 'u', '', 0, $2, 0, 1, 'operator', 1, 0, 0, $2)",
        "INSERT INTO attestation_authorities (id, certificate, sealed, created, mac) VALUES ($1, $2, $2, 1, $2)",
        "INSERT INTO attested_devices (id, user_id, name, digest, public, certificate, created, issued, ends, mac) \
         VALUES ($1, $1, 'd', $2, $2, $2, 1, 1, 1, $2)",
        "INSERT INTO attested_passkeys (passkey_id, device_id, user_id) VALUES ($1, $2, $1)",
        "INSERT INTO device_codes (id, device_code, user_code, client_id, address, request, state, pause, created, ends, \
         mac) VALUES ($1, $2, $1, 'c', 'a', '{}', '{}', 5, 1, 1, $2)",
        "INSERT INTO consents (user_id, slot, client_id, scopes, given, mac) VALUES ($1, $2, 'c', 'openid', 1, $2)",
        "INSERT INTO logout_notices (id, user_id, sid, client_id, attempts, due, created, holder) \
         VALUES ($1, $1, $1, 'c', 0, 1, 1, $2)",
        "INSERT INTO grants (id, client_id, user_id, sid, document, generation, security_epoch, deployment_epoch, \
         notify, created, ends, mac) VALUES ($1, 'c', $1, $1, '{}', 0, 1, 1, 0, 1, 1, $2)",
    ] {
        tx.execute(sql, &[(&owner).into(), (&[7; 32]).into()])?;
    }
    for sql in [
        "INSERT INTO policies (version, document, author, comment, made, effective, impact, mac) \
         VALUES (1, '', 'operator', '', 1, 1, '{}', $1)",
        "INSERT INTO metadata_sources (source, number, next_update, fetched, checked, digest, mac) \
         VALUES ('fido', 1, 1, 1, 1, $1, $1)",
        "INSERT INTO metadata_entries (entry, source, body, mac) VALUES ('fido/1', 'fido', '{}', $1)",
        "INSERT INTO clients (id, name, document, secrets, version, enabled, author, created, changed, mac) \
         VALUES ('c', 'n', '{}', '{}', 1, 1, 'operator', 1, 1, $1)",
        "INSERT INTO client_logos (client_id, png, digest) VALUES ('c', $1, $1)",
        "INSERT INTO signing_keys (kid, alg, public, sealed, created, activates, mac) \
         VALUES ('k', 'ES256', $1, $1, 1, 1, $1)",
    ] {
        tx.execute(sql, &[(&[7; 32]).into()])?;
    }
    tx.execute("INSERT INTO fleet_counts (taken, body) VALUES (1, '{}')", &[])?;
    tx.execute("INSERT INTO sign_in_hours (hour, body) VALUES (1, '{}')", &[])?;
    tx.execute("INSERT INTO device_guesses (slot, since, tally) VALUES (1, 1, 1)", &[])?;
    tx.execute("INSERT INTO marks (name, value) VALUES ('counted', 1)", &[])?;
    tx.execute("INSERT INTO exports (name, next_seq, attempts, next_try) VALUES ('json', 1, 0, 0)", &[])?;
    for sql in [
        "INSERT INTO policy_drafts (user_id, base, document, changed) VALUES ($1, 0, '', 1)",
        "INSERT INTO interrupts (user_id, first_asked, postponed) VALUES ($1, 1, 0)",
        "INSERT INTO pass_requests (id, login_key, reference, contact, colleague, reason, client_browser, \
         client_address, at) VALUES ($1, 'ada', '7F3K-22QX', '', '', '', '', '', 1)",
        "INSERT INTO reported_entries (event_id, user_id, at, reference) VALUES ($1, $1, 1, '7F3K-22QX')",
    ] {
        tx.execute(sql, &[(&owner).into()])?;
    }
    Ok(())
}

async fn rows(db: &Db, table: &'static str) -> Vec<Row> {
    let rows = db.read(move |tx| tx.query(&format!("SELECT * FROM {table}"), &[])).await.unwrap();
    let mut rows: Vec<_> = rows.into_iter().map(|row| (format!("{row:?}"), row)).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

async fn back_up(f: &Fixture) -> PathBuf {
    let file = f.folder.path().join("backup.db");
    backup::backup(&f.db, &file).await.unwrap();
    assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
    file
}

async fn restored(f: &Fixture, file: &Path, to: &Database) -> Db {
    let epoch = backup::restore(file, to, Arc::clone(&f.keys), 4).await.unwrap();
    assert_eq!(epoch, 5);
    let db = Db::open(to, Arc::clone(&f.keys)).await.unwrap();
    db.pin_clock(Some(NOW));
    db
}

async fn compare(f: &Fixture, db: &Db) {
    for table in backup::tables() {
        let (before, after) = (rows(&f.db, table).await, rows(db, table).await);
        match table {
            // What a restore changes, and the clock.
            "settings" | "sessions" | "temporary_passes" | "time_floor" => {}
            "enrolments" | "partial_sign_ins" | "recovery_codes" | "grants" => {
                assert_eq!(after, [], "{table}")
            }
            _ => assert!(!before.is_empty() && before == after, "{table}"),
        }
    }
    assert_eq!(db.read(sessions_and_passes).await, Ok((0, true)));
    assert_eq!(db.read(settings::deployment).await.unwrap().epoch, 5);
    assert_eq!(db.read(|tx| audit::verify(tx, &[])).await.unwrap().fault, None);
}

fn sessions_and_passes(tx: &mut store::Tx<'_>) -> Result<(usize, bool), store::StoreError> {
    let user = users::by_login(tx, &fixture::login("ada"))?.unwrap();
    let passes = temporary_passes::of_user(tx, user.id)?;
    let revoked = passes.iter().all(|pass| matches!(pass.state, PassState::Revoked { .. }));
    Ok((sessions::of_user(tx, user.id)?.len(), revoked && passes.len() == 1))
}

pub(crate) async fn holds_every_row_and_voids_grants(f: Fixture) {
    fill(&f).await;
    let file = back_up(&f).await;
    // The list of tables is complete.
    let source = Db::open(&Database::Sqlite(file.clone()), Arc::clone(&f.keys)).await.unwrap();
    let all = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' ORDER BY name";
    let rows = source.read(move |tx| tx.query(all, &[])).await.unwrap();
    let mut listed = backup::tables();
    listed.sort_unstable();
    assert_eq!(rows.into_iter().map(|row| row.columns("").text().unwrap()).collect::<Vec<_>>(), listed);
    drop(source);
    let same_kind = f.another();
    compare(&f, &restored(&f, &file, &same_kind).await).await;
    let left: Vec<_> = std::fs::read_dir(f.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".copy") || name.contains(".new") || name.contains(".restoring"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}

pub(crate) async fn goes_to_the_other_database(f: Fixture) {
    fill(&f).await;
    let file = back_up(&f).await;
    let other = match f.database {
        Database::Postgres(_) => Database::Sqlite(f.folder.path().join("other.db")),
        _ => match testkit::postgres::fresh_database() {
            Some(url) => Database::Postgres(url),
            None => return,
        },
    };
    compare(&f, &restored(&f, &file, &other).await).await;
}

pub(crate) async fn overwrites_nothing(f: Fixture) {
    f.user("ada").await;
    let file = back_up(&f).await;
    let again = backup::backup(&f.db, &file).await;
    assert_eq!(again, Err(BackupError::Exists(file.clone())));
    let onto = backup::restore(&file, &f.database, Arc::clone(&f.keys), 0).await;
    match &f.database {
        Database::Sqlite(path) => assert_eq!(onto, Err(BackupError::Exists(path.clone()))),
        _ => assert_eq!(onto, Err(BackupError::NotEmpty)),
    }
    assert_eq!(f.write(users::count).await, 1);
}

pub(crate) async fn belongs_to_its_keys(f: Fixture) {
    f.user("ada").await;
    let file = back_up(&f).await;
    let target = f.another();
    let refused = backup::restore(&file, &target, fixture::new_keys(), 0).await;
    assert_eq!(refused, Err(BackupError::Open(OpenError::OtherKeys)));
    // Nothing was left there; with the right keys it goes through.
    assert_eq!(backup::restore(&file, &target, Arc::clone(&f.keys), 0).await, Ok(2));

    // A damaged file is refused before anything is made of it.
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xff);
    let damaged = f.folder.path().join("damaged.db");
    std::fs::write(&damaged, bytes).unwrap();
    let refused = backup::restore(&damaged, &f.another(), Arc::clone(&f.keys), 0).await;
    assert!(matches!(refused, Err(BackupError::Open(OpenError::Unreachable(_)))), "{refused:?}");
}

pub(crate) async fn is_consistent_while_others_write(f: Fixture) {
    // Two rows that every commit moves together.
    f.write(|tx| settings::put(tx, "left", "0").and_then(|()| settings::put(tx, "right", "0"))).await;
    let stop = Arc::new(AtomicBool::new(false));
    let (db, stopped) = (f.db.clone(), Arc::clone(&stop));
    let writer = tokio::spawn(async move {
        let mut count = 0_u64;
        while !stopped.load(Ordering::Relaxed) {
            count += 1;
            let text = count.to_string();
            db.write(move |tx| {
                settings::put(tx, "left", &text).and_then(|()| settings::put(tx, "right", &text))
            })
            .await
            .unwrap();
        }
        count
    });
    for round in 0..5 {
        let file = f.folder.path().join(format!("backup-{round}.db"));
        backup::backup(&f.db, &file).await.unwrap();
        let copy = Db::open(&Database::Sqlite(file), Arc::clone(&f.keys)).await.unwrap();
        let both = copy
            .read(|tx| Ok::<_, store::StoreError>((settings::get(tx, "left")?, settings::get(tx, "right")?)));
        let (left, right) = both.await.unwrap();
        assert!(left.is_some() && left == right);
    }
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.unwrap() > 0);
}
