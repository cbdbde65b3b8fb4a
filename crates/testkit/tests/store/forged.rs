//! A database writer is not an administrator (DESIGN 5a.1): what SQL wrote or moved is refused where it enters.

use account::evidence::Evidence;
use account::session::{Confirmation, SessionKind};
use account::temporary_pass::PassState;
use primitives::entropy::SystemEntropy;
use primitives::secret::Token;
use std::sync::Arc;
use store::{Db, OpenError, StoreError, Tx, passkeys, sessions, settings, temporary_passes, users};

use crate::fixture::{self, Fixture, NOW};

/// For each assignment: a thief commits nothing but `UPDATE table SET assignment`, and `read` finds the row forged.
/// Rolled back each time, so that every change is seen alone.
pub(crate) async fn each_is_forged<T: std::fmt::Debug + Send + 'static>(
    f: &Fixture,
    table: &'static str,
    assignments: &[&'static str],
    read: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Clone + Send + 'static,
) {
    for &assignment in assignments {
        let read = read.clone();
        let found: Result<(), StoreError> =
            f.db.write(move |tx| {
                tx.execute_raw(&format!("UPDATE {table} SET {assignment}"))?;
                Err(read(tx).expect_err(assignment))
            })
            .await;
        assert!(
            matches!(&found, Err(StoreError::Forged { table: named, .. }) if *named == table),
            "{assignment}: {found:?}"
        );
        assert_eq!(found.unwrap_err().code(), "store_forged");
    }
    // The control: untouched, the row is read.
    f.write(read).await;
}

pub(crate) async fn every_authority_column_of_a_user(f: Fixture) {
    let id = f.user("ada").await.id;
    let assignments = [
        "handle = mac",
        "login = 'eve'",
        "email = 'eve@example.com'",
        "email = NULL",
        "role = 'administrator'",
        "status = 'disabled'",
        "security_epoch = 0",
        "created = 1",
        "disabled_by_program = 1",
        "deleted_by_program = 1",
        "role_ended = 1",
    ];
    // A handle has 32 bytes and a MAC 36, so the first would be inconsistent; SUBSTR is in both databases.
    let assignments: Vec<_> = assignments
        .map(|text| if text == "handle = mac" { "handle = SUBSTR(mac, 1, 32)" } else { text })
        .to_vec();
    each_is_forged(&f, "users", &assignments, move |tx| users::by_id(tx, id)).await;
    let found: Result<(), StoreError> =
        f.db.write(|tx| {
            tx.execute_raw("UPDATE users SET login_key = 'eve'")?;
            Err(users::by_login(tx, &fixture::login("eve")).expect_err("login_key"))
        })
        .await;
    assert!(matches!(found, Err(StoreError::Forged { table: "users", .. })));
}

pub(crate) async fn every_authority_column_of_a_passkey(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    let passkey = f.passkey(&ada).await;
    let assignments = [
        "credential_id = SUBSTR(public_key, 1, 32)",
        "public_key = credential_id",
        "sign_count = 0",
        "aaguid = id",
        "transports = 'usb'",
        "backup_eligible = 0",
        "backed_up = 1",
        "attestation = 'basic'",
        "attestation_trusted = 1",
        "attachment = NULL",
        "place = 'security-key'",
        "binding = 'phishing-resistant'",
        "status = 'disabled'",
        "created = 1",
        "tried = 1",
        "counter_anomaly = 1",
        "vouched = 'administrator'",
        "vouched = NULL",
    ];
    let (owner, id) = (ada.id, passkey.id);
    each_is_forged(&f, "passkeys", &assignments, move |tx| passkeys::by_id(tx, owner, id)).await;
    // Moved to another account, and given another id.
    let eve = eve.id;
    let moved = ["user_id = (SELECT id FROM users WHERE login_key = 'eve')"];
    for assignment in moved {
        let found: Result<(), StoreError> =
            f.db.write(move |tx| {
                tx.execute_raw(&format!("UPDATE passkeys SET {assignment}"))?;
                Err(passkeys::of_user(tx, eve).expect_err(assignment))
            })
            .await;
        assert!(matches!(found, Err(StoreError::Forged { table: "passkeys", .. })));
    }
    let credential_id = passkey.credential_id.clone();
    each_is_forged(&f, "passkeys", &["id = aaguid"], move |tx| {
        passkeys::by_credential_id(tx, &credential_id)
    })
    .await;
}

pub(crate) async fn every_authority_column_of_a_pass(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    let pass = f.pass(&ada).await;
    let id = pass.id;
    let spent = f
        .write(move |tx| {
            let counted = temporary_passes::count_try(tx, &pass)?.unwrap();
            temporary_passes::set_state(tx, &counted, PassState::Reserved { session: fixture::id(), at: NOW })
        })
        .await;
    assert!(spent.is_some());
    let assignments = [
        "user_id = (SELECT id FROM users WHERE login_key = 'eve')",
        "hash = 'mine'",
        "starts = 0",
        "ends = 9000000000000000000",
        "one_time = 0",
        "reason = ''",
        "issuer = 'system'",
        "created = 0",
        "tries = 0",
        "state_at = 1",
        "state_session = id",
        "state = 'issued', state_at = NULL, state_session = NULL",
    ];
    each_is_forged(&f, "temporary_passes", &assignments, move |tx| temporary_passes::by_id(tx, id)).await;
    assert_ne!(eve.id, ada.id);
}

pub(crate) async fn every_authority_column_of_a_session(f: Fixture) {
    let (ada, _) = (f.user("ada").await, f.user("eve").await);
    let pass = f.pass(&ada).await;
    let mut session = fixture::session(&ada, Evidence::from_pass(&pass, NOW));
    session.kind = SessionKind::Onboarding { pass: pass.id };
    session.confirmed = Some(Confirmation { digest: [1; 32], at: NOW });
    let token = Token::generate(&mut SystemEntropy);
    let its_token = token.clone();
    f.write(move |tx| sessions::insert(tx, &session, &its_token)).await;
    let assignments = [
        "id = user_id",
        "user_id = (SELECT id FROM users WHERE login_key = 'eve')",
        "pass_id = NULL",
        "evidence = '[]'",
        "evidence = '[{\"method\":\"temporary_pass\",\"pass\":\"0193a1b2-0000-7000-8000-000000000000\",\"at\":1}]'",
        "security_epoch = 2",
        "deployment_epoch = 2",
        "created = 1",
        "authenticated_at = 9000000000000000000",
        "last_seen = 9000000000000000000",
        "ends = 9000000000000000000",
        "browser = confirmed_digest",
        "confirmed_digest = browser",
        "confirmed_at = 9000000000000000000",
        "confirmed_digest = NULL, confirmed_at = NULL",
    ];
    each_is_forged(&f, "sessions", &assignments, move |tx| sessions::by_token(tx, &token)).await;
}

pub(crate) async fn swapped_public_keys(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    let (hers, theirs) = (f.passkey(&ada).await, f.passkey(&eve).await);
    f.sql(
        "CREATE TABLE held AS SELECT id, public_key, mac FROM passkeys; \
         UPDATE passkeys SET public_key = (SELECT public_key FROM held WHERE held.id <> passkeys.id)",
    )
    .await;
    for passkey in [&hers, &theirs] {
        let id = passkey.credential_id.clone();
        let found = f.db.read(move |tx| passkeys::by_credential_id(tx, &id)).await;
        assert_eq!(found, Err(StoreError::Forged { table: "passkeys", id: passkey.id.to_string() }));
    }
    // With their MACs they are no better.
    f.sql("UPDATE passkeys SET mac = (SELECT mac FROM held WHERE held.id <> passkeys.id)").await;
    let id = hers.credential_id.clone();
    let found = f.db.read(move |tx| passkeys::by_credential_id(tx, &id)).await;
    assert_eq!(found, Err(StoreError::Forged { table: "passkeys", id: hers.id.to_string() }));
}

pub(crate) async fn swapped_logins(f: Fixture) {
    let (ada, eve) = (f.user("ada").await, f.user("eve").await);
    f.sql(
        "UPDATE users SET login_key = 'held' WHERE login_key = 'ada'; \
         UPDATE users SET login_key = 'ada' WHERE login_key = 'eve'; \
         UPDATE users SET login_key = 'eve' WHERE login_key = 'held'",
    )
    .await;
    for (login, found) in [("ada", eve.id), ("eve", ada.id)] {
        let login = fixture::login(login);
        let refused = f.db.read(move |tx| users::by_login(tx, &login)).await;
        assert_eq!(refused, Err(StoreError::Forged { table: "users", id: found.to_string() }));
    }
}

pub(crate) async fn a_session_made_with_sql(f: Fixture) {
    let ada = f.user("ada").await;
    let pass = f.pass(&ada).await;
    // The thief runs a keyward of their own on the stolen database: everything is right but the keys.
    let (session, token) =
        (fixture::session(&ada, Evidence::from_pass(&pass, NOW)), Token::generate(&mut SystemEntropy));
    let thief = Fixture { db: Db::open(&f.another(), fixture::new_keys()).await.unwrap(), ..f };
    let (its_user, its_session, its_token) = (ada.clone(), session.clone(), token.clone());
    thief
        .write(move |tx| {
            users::insert(tx, &its_user)?;
            sessions::insert(tx, &its_session, &its_token)
        })
        .await;
    let row = thief.write(|tx| tx.query_one("SELECT * FROM sessions", &[])).await.unwrap();
    let f = Fixture { db: Db::open(&thief.database, Arc::clone(&thief.keys)).await.unwrap(), ..thief };
    let (owner, id) = (ada.id, session.id);
    f.write(move |tx| {
        let params: Vec<_> = row.0.iter().map(store::db::Value::param).collect();
        let columns: Vec<_> = (1..=params.len()).map(|column| format!("${column}")).collect();
        tx.execute(&format!("INSERT INTO sessions VALUES ({})", columns.join(", ")), &params)
    })
    .await;
    // The cookie leads nowhere, because the lookup is keyed; in a list the row is the alarm.
    assert_eq!(f.write(move |tx| sessions::by_token(tx, &token)).await, None);
    let listed = f.db.read(move |tx| sessions::by_id(tx, owner, id)).await;
    assert_eq!(listed, Err(StoreError::Forged { table: "sessions", id: id.to_string() }));
}

pub(crate) async fn the_deployments_row(f: Fixture) {
    let ada = f.user("ada").await.id;
    f.write(move |tx| settings::mark_first_administrator(tx, ada)).await;
    let assignments =
        ["value = '{\"epoch\":1,\"first_administrator\":null}'", "value = 'x'", "mac = SUBSTR(mac, 1, 35)"];
    each_is_forged(&f, "settings", &assignments, settings::deployment).await;
    // Taken away, it is not made anew.
    f.sql("DELETE FROM settings").await;
    let missing = Err(StoreError::Forged { table: "settings", id: "deployment".to_owned() });
    assert_eq!(f.db.read(settings::deployment).await, missing);
    let opened = Db::open(&f.database, Arc::clone(&f.keys)).await;
    assert_eq!(opened.map(|_| ()), Err(OpenError::OtherKeys));
}

pub(crate) async fn columns_that_decide_nothing_may_change(f: Fixture) {
    let ada = f.user("ada").await;
    let passkey = f.passkey(&ada).await;
    f.sql("UPDATE users SET name = 'x', language = NULL; UPDATE passkeys SET name = 'x', last_used = 1")
        .await;
    let (owner, id) = (ada.id, passkey.id);
    assert!(f.write(move |tx| users::by_id(tx, owner)).await.is_some());
    assert!(f.write(move |tx| passkeys::by_id(tx, owner, id)).await.is_some());
}
