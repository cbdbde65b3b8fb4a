use std::sync::Arc;
use std::time::Duration;

use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::time::Timestamp;
use store::{Database, Db};

use super::manifest::Manifest;
use super::seeded::{PASSKEYS, Population, Rows};
use super::site::Costs;
use super::turns::{Turns, Waits};
use super::*;
use crate::growth::visitor::Kind;

fn population(users: u64) -> Population {
    let manifest = Manifest { users, born: Timestamp::from_secs(1_700_000_000) };
    Population::new(manifest, "localhost".to_owned(), "v1$1$8$1$c2FsdA$aGFzaA".to_owned())
}

fn history(population: &Population, steps: impl Iterator<Item = u64>) -> Rows {
    let mut rows = Rows::default();
    steps.for_each(|step| population.rows(step, &mut rows).unwrap());
    rows
}

#[test]
fn sizes_are_sorted_and_at_least_two() {
    assert_eq!(sizes(&[2000, 200, 2000]).unwrap(), [200, 2000]);
    assert!(sizes(&[200, 200]).is_err());
    assert!(sizes(&[0, 200]).is_err());
}

#[test]
fn everybody_follows_from_their_number() {
    let people = population(20);
    let (whole, again) = (history(&people, 0..20), history(&people, 7..8));
    assert_eq!(whole.users[7], again.users[0]);
    assert_eq!(whole.passkeys.iter().filter(|key| key.user == again.users[0].0.id).count(), 3);
    let (mut person, passkey) = people.person(7, 1).unwrap();
    assert_eq!(whole.passkeys[7 * 3 + 1], passkey);
    assert!(person.settings().backup_eligible && passkey.backup_eligible);
    // The authenticator has the key again: an answer can be had from it.
    let options = r#"{"challenge":"AAAA","rpId":"localhost","userVerification":"required"}"#;
    assert!(person.assert(options, "http://localhost:8080").is_ok());
}

#[test]
fn a_large_population_has_the_same_people_and_passkeys_in_order_of_time() {
    let people = population(60_000);
    let steps = [0, 6_000, 12_000, 59_999, 65_999, 71_999];
    let rows = history(&people, steps.into_iter());
    // Number 0 adds all three on the way, and number 59,999 the last ones in the last step.
    assert_eq!(people.steps(), 72_000);
    let first = rows.users[0].0.id;
    assert_eq!(rows.passkeys.iter().filter(|key| key.user == first).count(), 3);
    assert!(rows.passkeys.windows(2).all(|pair| pair[0].created <= pair[1].created));
    let last = people.person(59_999, 2).unwrap().1;
    assert_eq!(rows.passkeys.last(), Some(&last));
    assert!(rows.users.iter().all(|(user, pass)| user.created == pass.created && pass.user == user.id));
}

#[test]
fn a_population_is_in_the_database_with_valid_macs() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let keys = Arc::new(KeyRing::generate(Timestamp::from_secs(1_600_000_000), &mut SystemEntropy));
    let path = Database::Sqlite(folder.path().join("keyward.db"));
    let db = runtime.block_on(Db::open(&path, keys)).unwrap();
    let people = Arc::new(population(1_203));
    fill::fill(&db, &people, "1203 people").unwrap();
    runtime
        .block_on(db.read(move |tx| {
            assert_eq!(store::users::count(tx)?, 1_203);
            for number in [0, 777, 1_202] {
                for which in 0..PASSKEYS {
                    let (_, passkey) = people.person(number, which).unwrap();
                    let found = store::passkeys::by_credential_id(tx, &passkey.credential_id)?;
                    assert_eq!(found.as_ref(), Some(&passkey));
                }
                let login = account::user::Login::parse(&Population::login(number)).unwrap();
                let user = store::users::by_login(tx, &login)?.unwrap();
                assert_eq!(store::passkeys::of_user(tx, user.id)?.len(), 3);
                assert!(store::temporary_passes::newest(tx, user.id)?.is_some());
            }
            Ok::<_, store::StoreError>(())
        }))
        .unwrap();
}

/// Three rounds, in one of which something held the machine up.
fn waits(micros: u64) -> Waits {
    let mut waits = Waits::default();
    for round in 0..3 {
        for kind in Kind::ALL {
            let stall = if round == 1 { micros * micros } else { 0 };
            (0..100).for_each(|_| waits.record(kind, Duration::from_micros(micros + stall)));
        }
        waits.end();
    }
    waits
}

fn on_database(second: u64, control: u64) -> OnDatabase {
    let costs = |users| Costs {
        users,
        database_bytes: 1 << 20,
        start_millis: 30.0,
        idle_bytes: 1 << 20,
        after_bytes: 1 << 21,
        cpu_micros: 400.0,
        command_millis: 50.0,
        impact_millis: 900.0,
        overview_millis: 5.0,
        counting_millis: 9000.0,
    };
    let turns = Turns { sizes: vec![waits(1000), waits(second)], control: waits(control) };
    OnDatabase::new("sqlite", vec![costs(10), costs(20)], &turns)
}

fn report(database: OnDatabase) -> Report {
    let machine = Machine { processor: "a processor".to_owned(), cores: 2 };
    let holds = database.worst() <= 1.3;
    Report {
        bench: "growth",
        version: "0",
        machine,
        rate: 20.0,
        at_most: 1.3,
        holds,
        databases: vec![database],
    }
}

#[test]
fn the_ratio_is_to_the_smallest_and_decides() {
    let good = report(on_database(1200, 1000));
    assert!((good.databases[0].worst() - 1.2).abs() < 0.01 && good.holds);
    assert!(
        good.table().contains("largest ratio of p50 and p90: 1.20, at most 1.3: holds"),
        "{}",
        good.table()
    );
    assert!(!good.table().contains("too busy"));
    let bad = report(on_database(1400, 1000));
    assert!(!bad.holds && bad.table().contains("MISSED"), "{}", bad.table());
}

#[test]
fn a_control_that_is_not_near_one_is_told() {
    assert!(report(on_database(1000, 1300)).table().contains("too busy"));
    assert!(report(on_database(1000, 700)).table().contains("too busy"));
}

#[test]
fn without_a_measurement_nothing_holds() {
    let mut turns = Turns { sizes: vec![waits(1000), Waits::default()], control: waits(1000) };
    let costs = on_database(1000, 1000).sizes.into_iter().map(|size| size.costs);
    let costs: Vec<Costs> = costs.collect();
    assert!(OnDatabase::new("sqlite", costs.clone(), &turns).worst().is_infinite());
    turns.sizes[1] = waits(1000);
    assert!((OnDatabase::new("sqlite", costs, &turns).worst() - 1.0).abs() < 0.01);
}
