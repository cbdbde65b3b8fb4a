//! From the schema of the release before to this one: tried without a trace, done in one piece, or not at all.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use account::session::{BrowserId, ClientLabel};
use authenticator::vault::{Credential, Vault};
use authenticator::{Authenticator, Settings, client};
use primitives::cose::{Algorithm, SigningKey};
use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::slow_hash::Cost;
use primitives::time::{Span, Timestamp};
use service::{Caller, Context, Settings as UseCases, read_audit, redeem_pass, sign_in};
use store::audit::FaultKind;
use store::db::Row;
use store::spent::{self, SpentKey, Taken};
use store::upgrade::{self, Plan, Progress, Told, UpgradeError, Verified};
use store::{Database, Db, OpenError, StoreError, backup, key_file, users};
use testkit::deployment::{ORIGIN, RP_ID};
use webauthn::RelyingParty;

use crate::fixture::{self, Fixture, login};

/// What the last second of the golden database was.
const THEN: Timestamp = Timestamp::from_secs(1_790_000_002);

/// Undoes every migration behind the first.
const BACK_TO_1: &str = "DROP TABLE refused_ceremonies; DROP TABLE passwords; DROP TABLE authenticator_codes; \
    DROP TABLE recovery_codes; DROP TABLE partial_sign_ins; DROP TABLE interrupts; \
    DROP TABLE enrolments; DROP TABLE code_guesses; DROP TABLE notices; DROP TABLE known_browsers; \
    DROP TABLE pass_requests; DROP TABLE reported_entries; \
    DROP TABLE memberships; DROP TABLE groups; DROP TABLE policies; DROP TABLE policy_drafts; DROP TABLE api_keys; \
    DROP TABLE idempotent_answers; DROP TABLE pass_orders; DROP TABLE pass_mails; DROP TABLE metadata_sources; DROP TABLE metadata_entries; \
    DROP TABLE hooks; DROP TABLE exports; DROP TABLE fleet_counts; DROP TABLE sign_in_hours; DROP TABLE marks; DROP INDEX users_external_id; DROP INDEX users_manager; \
    DROP INDEX users_deleted; DROP INDEX users_break_glass; DROP INDEX passkeys_aaguid; DROP INDEX audit_events_kind; DROP INDEX audit_events_reference; \
    ALTER TABLE users DROP COLUMN groups; ALTER TABLE users DROP COLUMN break_glass; \
    ALTER TABLE users DROP COLUMN deleted; ALTER TABLE users DROP COLUMN external_id; \
    ALTER TABLE users DROP COLUMN manager; ALTER TABLE users DROP COLUMN directory; \
    ALTER TABLE users DROP COLUMN disabled_by_program; ALTER TABLE users DROP COLUMN deleted_by_program; \
    ALTER TABLE users DROP COLUMN role_ended; ALTER TABLE passkeys DROP COLUMN vouched; \
    DROP TABLE clients; DROP TABLE client_logos; DROP TABLE grants; DROP TABLE consents; DROP TABLE signing_keys; \
    DROP TABLE attestation_authorities; DROP TABLE attested_devices; DROP TABLE attested_passkeys; \
    DROP TABLE logout_notices; DROP TABLE device_codes; DROP TABLE device_guesses; DROP INDEX sessions_sid; \
    ALTER TABLE sessions DROP COLUMN sid; \
    ALTER TABLE sessions DROP COLUMN restriction; DELETE FROM migrations WHERE number > 1;";

fn golden_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schema-1/keyward.db")
}

/// Copies the file, readable by its owner only, which a checkout does not remember.
fn private_copy(from: &Path, to: &Path) {
    std::fs::copy(from, to).unwrap();
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// A database of schema 1 of the fixture's kind, with its keys.
async fn golden(f: &Fixture) -> (Database, Arc<KeyRing>) {
    let key = f.folder.path().join("golden.key");
    private_copy(&golden_file().with_extension("key"), &key);
    let keys = Arc::new(key_file::load(&key).unwrap());
    let file = f.folder.path().join("golden.db");
    private_copy(&golden_file(), &file);
    let Database::Postgres(_) = f.database else { return (Database::Sqlite(file), keys) };
    // The rows of the file in the tables that PostgreSQL makes of the same migration.
    let source = Db::open(&Database::Sqlite(file), Arc::clone(&keys)).await.unwrap();
    let tables = dump(&source).await;
    let database = f.another();
    let target = Db::open(&database, Arc::clone(&keys)).await.unwrap();
    let fill = target.write(move |tx| -> Result<(), StoreError> {
        for (table, rows) in &tables {
            tx.execute(&format!("DELETE FROM {table}"), &[])?;
            for row in rows {
                let marks: Vec<String> = (1..=row.0.len()).map(|column| format!("${column}")).collect();
                let params: Vec<_> = row.0.iter().map(|value| value.param()).collect();
                tx.execute(&format!("INSERT INTO {table} VALUES ({})", marks.join(", ")), &params)?;
            }
        }
        tx.execute_raw(BACK_TO_1)
    });
    fill.await.unwrap();
    (database, keys)
}

/// Changes a golden database with SQL, as a thief would, and leaves it at schema 1.
async fn tamper(database: &Database, keys: &Arc<KeyRing>, sql: &'static str) {
    let db = Db::open(database, Arc::clone(keys)).await.unwrap();
    db.write(move |tx| tx.execute_raw(&format!("{BACK_TO_1} {sql}"))).await.unwrap();
}

async fn dump(db: &Db) -> Vec<(&'static str, Vec<Row>)> {
    let read = db.read(|tx| -> Result<_, StoreError> {
        let tables = backup::tables().into_iter().filter(|table| *table != "refused_ceremonies");
        tables
            .map(|table| Ok((table, tx.query(&format!("SELECT * FROM {table} ORDER BY 1"), &[])?)))
            .collect()
    });
    read.await.unwrap()
}

/// What a look at the files, or at PostgreSQL's rows, shows.
async fn seen(f: &Fixture, database: &Database) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> =
        std::fs::read_dir(f.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The fixture's own database is open, with a log that comes and goes.
    files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("golden"));
    files.sort();
    let mut seen: Vec<_> =
        files.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    if let Database::Postgres(url) = database {
        let dumped = testkit::postgres::dump(url).unwrap();
        seen.push((PathBuf::from("postgres"), dumped.into_bytes()));
    }
    seen
}

fn quiet() -> Told {
    Arc::new(|_| {})
}

async fn check(database: &Database, keys: &Arc<KeyRing>) -> Result<Verified, UpgradeError> {
    upgrade::check(database, Arc::clone(keys), Vec::new(), None, quiet()).await
}

pub(crate) async fn a_check_succeeds_and_changes_nothing(f: Fixture) {
    let (database, keys) = golden(&f).await;
    let before = seen(&f, &database).await;
    let plan = upgrade::plan(&database, Arc::clone(&keys)).await.unwrap();
    let missing = vec![
        (2, "refused_ceremonies"),
        (3, "security_info"),
        (4, "directory"),
        (5, "policies"),
        (6, "api_keys"),
        (7, "pass_orders"),
        (8, "metadata"),
        (9, "hooks"),
        (10, "insight"),
        (11, "oidc"),
        (12, "directory_more"),
        (13, "attestation"),
    ];
    assert_eq!(plan, Plan { found: 1, needed: 13, missing });
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    let tell: Told = Arc::new(move |progress| telling.lock().unwrap().push(progress));
    let verified = upgrade::check(&database, Arc::clone(&keys), Vec::new(), None, tell).await.unwrap();
    let rows = vec![
        ("settings", 1),
        ("users", 3),
        ("groups", 0),
        ("passkeys", 2),
        ("temporary_passes", 2),
        ("sessions", 2),
        ("enrolments", 0),
        ("passwords", 0),
        ("authenticator_codes", 0),
        ("recovery_codes", 0),
        ("partial_sign_ins", 0),
        ("api_keys", 0),
        ("policies", 0),
        ("pass_orders", 0),
        ("metadata_sources", 0),
        ("metadata_entries", 0),
        ("attestation_authorities", 0),
        ("attested_devices", 0),
        ("hooks", 0),
        ("clients", 0),
        ("grants", 0),
        ("consents", 0),
        ("signing_keys", 0),
        ("device_codes", 0),
    ];
    assert_eq!(verified, Verified { rows, events: 14, batches: 1, pending: 1 });
    let told = told.lock().unwrap().clone();
    assert!(told.contains(&Progress::Checking("users", 3)), "{told:?}");
    assert_eq!(told.last(), Some(&Progress::CheckingAudit));
    assert!(seen(&f, &database).await == before, "it has changed something");
    let refused = upgrade::open_current(&database, keys).await;
    assert_eq!(refused.map(|_| ()), Err(OpenError::NeedsUpgrade { found: 1, known: 13 }));
    assert!(seen(&f, &database).await == before, "a command has changed something");
}

fn caller() -> Caller {
    Caller {
        now: THEN,
        entropy: Box::new(SystemEntropy),
        browser: BrowserId::from_bytes([1; 32]),
        client: ClientLabel::default(),
        reference: "7F3K-22QX".to_owned(),
    }
}

/// Ana's authenticator, made of what the fixture's description says.
fn anas(handle: &[u8]) -> Authenticator {
    let mut authenticator = Authenticator::new(Settings::platform());
    let user = fido::options::UserEntity {
        id: handle.to_vec().into(),
        name: "ana@example.com".to_owned(),
        display_name: "Ana".to_owned(),
    };
    let credential = Credential {
        id: vec![7; 32],
        rp_id: RP_ID.to_owned(),
        rp_name: String::new(),
        user,
        key: SigningKey::from_seed(Algorithm::Es256, &[7; 32]).unwrap().into(),
        sign_count: 0,
        discoverable: true,
        backup_eligible: false,
        protection: fido::extension::CredentialProtection::UserVerificationOptional,
        cred_random: [7; 64].into(),
        cred_blob: None,
        large_blob_key: None,
        created: THEN,
        last_used: None,
    };
    authenticator.vault.add(credential).unwrap();
    authenticator
}

pub(crate) async fn an_upgrade_lets_everybody_in(f: Fixture) {
    let (database, keys) = golden(&f).await;
    let before = seen(&f, &database).await;
    let upgraded = upgrade::upgrade(&database, Arc::clone(&keys), true).await.unwrap().unwrap();
    assert_eq!((upgraded.plan.found, upgraded.plan.needed), (1, 13));
    assert_eq!(upgraded.copy.is_some(), matches!(database, Database::Sqlite(_)));
    assert_eq!(upgrade::upgrade(&database, Arc::clone(&keys), true).await.unwrap(), None);
    if let Some(copy) = upgraded.copy {
        assert_eq!(copy.metadata().unwrap().mode() & 0o777, 0o600);
        assert!(copy.to_str().unwrap().contains("golden.db.schema-1."), "{}", copy.display());
        let plan = upgrade::plan(&Database::Sqlite(copy), Arc::clone(&keys)).await.unwrap();
        assert_eq!(plan.found, 1, "{}", before.len());
    }

    let db = upgrade::open_current(&database, Arc::clone(&keys)).await.unwrap();
    db.pin_clock(Some(THEN));
    let relying_party = RelyingParty::new(RP_ID, "Test", [ORIGIN]).unwrap();
    let settings = UseCases { cost: Cost::CHEAP_FOR_TESTS, ..UseCases::standard(1) };
    let cx = Context::new(db, keys, relying_party, settings, 2);
    let ana = cx.db.read(|tx| users::by_login(tx, &login("ana@example.com"))).await.unwrap().unwrap();
    let started = sign_in::begin(&cx, &mut caller());
    let response = client::get(&mut anas(&ana.handle), ORIGIN, &started.options).unwrap().to_string();
    let signed_in = sign_in::finish(&cx, &mut caller(), &started.state, &response).await.unwrap();
    assert_eq!(signed_in.user.id, ana.id);
    redeem_pass::redeem(&cx, &mut caller(), "bob@example.com", "W27Z-REEU-BBAQ").await.unwrap();
    cx.db.write(|tx| store::audit::sequence(tx, &[1; 16], Span::from_secs(1))).await.unwrap();
    let report = read_audit::verify(&cx, Vec::new()).await.unwrap();
    assert_eq!((report.fault, report.events, report.pending), (None, 17, 0));
}

pub(crate) async fn a_broken_row_is_found(f: Fixture) {
    let (database, keys) = golden(&f).await;
    tamper(&database, &keys, "UPDATE users SET role = 'administrator' WHERE login_key = 'bob@example.com'")
        .await;
    let before = seen(&f, &database).await;
    let error = check(&database, &keys).await.unwrap_err();
    assert!(matches!(error, UpgradeError::Store(StoreError::Forged { table: "users", .. })), "{error:?}");
    assert!(error.to_string().contains("was not written by this deployment"), "{error}");
    assert!(seen(&f, &database).await == before);
}

pub(crate) async fn a_broken_audit_chain_is_found(f: Fixture) {
    let (database, keys) = golden(&f).await;
    tamper(&database, &keys, "DELETE FROM audit_events WHERE seq = 7").await;
    let error = check(&database, &keys).await.unwrap_err();
    let UpgradeError::Audit(fault) = &error else { panic!("{error:?}") };
    assert_eq!((fault.kind, fault.seq), (FaultKind::Gap, Some(7)));
}

pub(crate) async fn a_migration_that_fails_leaves_everything(f: Fixture) {
    let (database, keys) = golden(&f).await;
    tamper(&database, &keys, "CREATE TABLE refused_ceremonies (number INTEGER)").await;
    let before = seen(&f, &database).await;
    // On PostgreSQL the trial is made where no other table is in the way.
    if let Database::Sqlite(_) = database {
        let tried = check(&database, &keys).await.unwrap_err();
        assert!(matches!(tried, UpgradeError::Open(OpenError::Migration(2, _))), "{tried:?}");
        assert!(seen(&f, &database).await == before);
    }
    let failed = upgrade::upgrade(&database, Arc::clone(&keys), false).await.unwrap_err();
    assert!(matches!(failed, UpgradeError::Open(OpenError::Migration(2, _))), "{failed:?}");
    assert!(seen(&f, &database).await == before, "something has changed");
}

pub(crate) async fn only_the_own_and_no_newer_database(f: Fixture) {
    let (database, keys) = golden(&f).await;
    let before = seen(&f, &database).await;
    for tried in [
        check(&database, &fixture::new_keys()).await.map(|_| ()),
        upgrade::upgrade(&database, fixture::new_keys(), true).await.map(|_| ()),
    ] {
        assert_eq!(tried, Err(UpgradeError::Open(OpenError::OtherKeys)));
    }
    assert!(seen(&f, &database).await == before);
    let newer = "INSERT INTO migrations SELECT 999, 'future', checksum FROM migrations WHERE number = 1";
    tamper(&database, &keys, newer).await;
    let newer = OpenError::NewerSchema { found: 999, known: 13 };
    assert_eq!(check(&database, &keys).await, Err(UpgradeError::Open(newer.clone())));
    assert_eq!(upgrade::upgrade(&database, Arc::clone(&keys), true).await, Err(UpgradeError::Open(newer)));
}

pub(crate) async fn servers_may_run_meanwhile(f: Fixture) {
    let (database, keys) = golden(&f).await;
    let db = Db::open(&database, Arc::clone(&keys)).await.unwrap();
    db.write(|tx| tx.execute_raw(BACK_TO_1)).await.unwrap();
    let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (writer, stopping) = (db.clone(), Arc::clone(&stop));
    let writing = tokio::spawn(async move {
        let mut written: u32 = 0;
        while !stopping.load(std::sync::atomic::Ordering::Relaxed) {
            // A table that is as it was: this program cannot write rows of people as the release before does.
            let key = SpentKey::new(fixture::NOW, &written.to_be_bytes());
            let taken = writer.write(move |tx| spent::take(tx, &key, b"outcome")).await.unwrap();
            assert_eq!(taken, Taken::First);
            written += 1;
        }
        written
    });
    let verified = check(&database, &keys).await.unwrap();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    writing.await.unwrap();
    assert!(verified.rows.iter().any(|(table, count)| *table == "users" && *count >= 3));
}
