//! Damage done on purpose that the checks of `kill` must report, and report as what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use primitives::secret::Token;
use store::{Db, StoreError, sessions};

use super::client::lock;
use super::ground::Ground;
use super::history::{ABSENT, Broken, End, Key, PRESENT};
use super::kill::{wait_until_ready, work};
use super::look::look;
use crate::failure::Failure;

/// How long people work before the damage.
const LOAD: Duration = Duration::from_millis(300);
/// How often at most, until somebody has signed in meanwhile: a slow machine needs longer.
const LOADS: u32 = 20;
/// The audit chain is continued about twice a second.
const CHAINED_WITHIN: Duration = Duration::from_secs(10);

/// The names of the controls that failed as they must, and a sentence for each that passed.
pub(crate) type Controls = (Vec<&'static str>, Vec<String>);

/// Does each damage in turn. The deployment is of no use afterwards.
pub(crate) fn after_kill(ground: &mut Ground, sqlite: bool) -> Result<Controls, Failure> {
    let mut controls = Controls::default();
    let mut judge = |name: &'static str, seen: Result<(), String>| match seen {
        Ok(()) => controls.0.push(name),
        Err(why) => controls.1.push(format!("control passed: {name}: {why}")),
    };
    judge("a session row deleted", deleted_row(ground)?);
    if sqlite {
        judge("the write-ahead log deleted", deleted_log(ground)?);
    }
    judge("an audit event deleted", deleted_event(ground)?);
    Ok(controls)
}

/// People at work for a moment, and nobody is killed.
fn load(ground: &mut Ground) -> Result<(), Failure> {
    let over = AtomicBool::new(false);
    let clients = std::mem::take(&mut ground.clients);
    let clients = std::thread::scope(|scope| {
        let working = scope.spawn(|| work(clients, &over));
        std::thread::sleep(LOAD);
        over.store(true, Ordering::Relaxed);
        working.join().map_err(|_| Failure::new("a client of the control failed"))
    })?;
    ground.clients = clients?;
    Ok(())
}

/// One acknowledged session less: that one must be reported, and nothing else.
fn deleted_row(ground: &mut Ground) -> Result<Result<(), String>, Failure> {
    for _ in 0..LOADS {
        load(ground)?;
        if last_session(ground).is_some() {
            break;
        }
    }
    let db = ground.open()?;
    let Some(token) = last_session(ground) else { return Ok(Err("no session was acknowledged".to_owned())) };
    let removed = ground.runtime.block_on(remove_session(&db, &token));
    removed.map_err(Failure::because("cannot damage the database"))?;
    let reported = reported(ground, &db)?;
    ground.check_database(&db, false)?;
    ground.reconcile();
    Ok(same(&reported, &BTreeSet::from([Key::Session(token)])))
}

/// The newest session that a client holds.
fn last_session(ground: &Ground) -> Option<String> {
    let held: BTreeSet<&String> = ground
        .clients
        .iter()
        .flat_map(|client| &client.people)
        .filter_map(|person| person.session.as_ref())
        .collect();
    let record = lock(&ground.record);
    let acknowledged = record.history.calls().iter().rev().filter(|call| call.end == End::Acknowledged);
    let mut opened = acknowledged.flat_map(|call| &call.effects);
    opened.find_map(|(key, to)| match key {
        Key::Session(token) if to == PRESENT && held.contains(token) => Some(token.clone()),
        _ => None,
    })
}

async fn remove_session(db: &Db, token: &str) -> Result<(), StoreError> {
    let token = Token::parse(token);
    db.write(move |tx| {
        if let Some(session) =
            token.as_ref().map(|token| sessions::by_token(tx, token)).transpose()?.flatten()
        {
            sessions::remove(tx, session.user, session.id)?;
        }
        Ok(())
    })
    .await
}

/// The write-ahead log of a killed server deleted: exactly what happened since its start must be reported.
fn deleted_log(ground: &mut Ground) -> Result<Result<(), String>, Failure> {
    for host in &mut ground.hosts {
        // A graceful end copies the log into the file.
        host.stop()?;
        host.start()?;
    }
    load(ground)?;
    for host in &mut ground.hosts {
        host.kill()?;
    }
    let copy = ground.folder.path().join("without-log.db");
    std::fs::copy(ground.database.url(), &copy).map_err(Failure::because("cannot copy the database"))?;
    let untouched = untouched(ground);
    let expected = keys_of(&lock(&ground.record).history.check(&untouched));
    let db = ground.open_at(&copy.display().to_string())?;
    let seen = reported(ground, &db)?;
    for host in &mut ground.hosts {
        host.start()?;
    }
    let db = ground.open()?;
    let whole = ground.check_database(&db, true)?;
    ground.reconcile();
    if let Some(problem) = whole.problems.first() {
        return Ok(Err(format!("with its log the database is not whole either: {problem}")));
    }
    Ok(if expected.is_empty() { Err("nothing was acknowledged".to_owned()) } else { same(&seen, &expected) })
}

/// What a database would hold in which none of the calls happened.
fn untouched(ground: &Ground) -> BTreeMap<Key, String> {
    let record = lock(&ground.record);
    let settled = |key: &Key| record.history.settled(key).unwrap_or(ABSENT).to_owned();
    record.history.keys(false).into_iter().map(|key| (key.clone(), settled(&key))).collect()
}

/// One numbered audit event less: `keyward audit verify` must say so.
fn deleted_event(ground: &mut Ground) -> Result<Result<(), String>, Failure> {
    wait_until_ready(ground)?;
    let db = ground.open()?;
    let begun = Instant::now();
    loop {
        let chained = ground.runtime.block_on(db.read(store::audit::head));
        match chained.map_err(Failure::because("cannot read the audit chain"))? {
            Some(_) => break,
            None if begun.elapsed() > CHAINED_WITHIN => return Ok(Err("no event was chained".to_owned())),
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    if let Some(problem) = ground.check_audit()?.first() {
        return Ok(Err(format!("it fails before the damage too: {problem}")));
    }
    // The thief's hand: the store itself never deletes an event.
    let damage = "DELETE FROM audit_events WHERE seq = (SELECT MIN(seq) FROM audit_events)";
    let damaged = ground.runtime.block_on(db.write(move |tx| tx.execute_raw(damage)));
    damaged.map_err(Failure::because("cannot damage the database"))?;
    let seen = !ground.check_audit()?.is_empty();
    Ok(if seen { Ok(()) } else { Err("`keyward audit verify` saw nothing".to_owned()) })
}

/// The things that the check reports, without settling anything.
fn reported(ground: &Ground, db: &Db) -> Result<BTreeSet<Key>, Failure> {
    let keys = lock(&ground.record).history.keys(false);
    let found = ground.runtime.block_on(db.read(move |tx| look(tx, &keys)));
    let found = found.map_err(Failure::because("cannot look into the database"))?;
    Ok(keys_of(&lock(&ground.record).history.check(&found)))
}

/// Names are left out: the first one of a passkey is the server's choice, so the history need not know it.
fn keys_of(broken: &[Broken]) -> BTreeSet<Key> {
    let lost = broken.iter().filter_map(|broken| match broken {
        Broken::Impossible { key: Key::Name(_), .. } => None,
        Broken::Impossible { key, acknowledged: true, .. } => Some(key.clone()),
        _ => None,
    });
    lost.collect()
}

fn same(seen: &BTreeSet<Key>, expected: &BTreeSet<Key>) -> Result<(), String> {
    if seen == expected {
        return Ok(());
    }
    let list = |one: &BTreeSet<Key>, other: &BTreeSet<Key>| {
        one.difference(other).take(5).map(Key::to_string).collect::<Vec<_>>().join(", ")
    };
    Err(format!(
        "reported without reason: [{}]; not reported: [{}]",
        list(seen, expected),
        list(expected, seen)
    ))
}
