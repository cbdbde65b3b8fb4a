//! `postgres_lost`: PostgreSQL goes away under load, in four ways, and comes back. Meanwhile people are told so at once
//! and the rest goes on; afterwards nothing that was acknowledged is missing, and nobody has to start anything again.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::check::{Counts, add_counts};
use super::client::lock;
use super::ground::Ground;
use super::history::{End, Key, PRESENT};
use super::kill::{wait_until_ready, work};
use super::look::look;
use super::outage::{Prober, Seen};
use super::random::Random;
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::real;
use crate::process;

/// Browsers, and people of each.
const CLIENTS: usize = 8;
const PEOPLE: usize = 4;
const NEWCOMERS: usize = 2;
/// Load before the database goes, and after it is back.
const BEFORE: Duration = Duration::from_millis(500);
/// How long it is away.
const AWAY: Duration = Duration::from_secs(6);
const STANDSTILL: Duration = Duration::from_secs(20);
/// A server whose parent was killed cannot be started while children of the old one live.
const START_LIMIT: Duration = Duration::from_secs(20);
/// The promise: back so soon after the database.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// How the database goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// `pg_ctl stop -m fast`: connections are ended, then the server.
    Fast,
    /// `pg_ctl stop -m immediate`: as a crash, with recovery at the next start.
    Immediate,
    /// SIGKILL of the parent of its processes.
    Killed,
    /// SIGSTOP of all its processes: connections stand, and nothing answers.
    Standstill,
}

impl Way {
    const ALL: [Way; 4] = [Way::Fast, Way::Immediate, Way::Killed, Way::Standstill];

    fn name(self) -> &'static str {
        match self {
            Way::Fast => "postgres stopped",
            Way::Immediate => "postgres stopped at once",
            Way::Killed => "postgres killed",
            Way::Standstill => "postgres stands still",
        }
    }

    fn length(self) -> Duration {
        if self == Way::Standstill { STANDSTILL } else { AWAY }
    }

    fn go(self, database: &Database) -> Result<(), Failure> {
        let (Some(server), Some(parent)) = (database.server(), database.process()) else {
            return Err(Failure::new("this scenario needs PostgreSQL"));
        };
        match self {
            Way::Fast => server.stop("fast").map_err(Failure::because("cannot stop PostgreSQL")),
            Way::Immediate => server.stop("immediate").map_err(Failure::because("cannot stop PostgreSQL")),
            Way::Killed => signal("KILL", &[server.process().unwrap_or(parent)]),
            Way::Standstill => signal("STOP", &family(parent)),
        }
    }

    fn come_back(self, database: &Database) -> Result<(), Failure> {
        let (Some(server), Some(parent)) = (database.server(), database.process()) else {
            return Err(Failure::new("this scenario needs PostgreSQL"));
        };
        if self == Way::Standstill {
            return signal("CONT", &family(parent));
        }
        let begun = Instant::now();
        loop {
            match server.start_again() {
                Ok(()) => return Ok(()),
                Err(_) if begun.elapsed() < START_LIMIT => std::thread::sleep(Duration::from_millis(200)),
                Err(error) => return Err(Failure::because("PostgreSQL does not start again")(error)),
            }
        }
    }
}

fn family(parent: u32) -> Vec<u32> {
    let mut family = process::children(parent);
    family.insert(0, parent);
    family
}

fn signal(name: &str, pids: &[u32]) -> Result<(), Failure> {
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    let sent = Command::new("kill").arg(format!("-{name}")).args(pids).output();
    sent.map(|_| ()).map_err(Failure::because("cannot send a signal to PostgreSQL"))
}

/// The scenario; there is nothing to it on SQLite.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    if !setting.database.postgres() {
        return Ok(Vec::new());
    }
    Way::ALL.into_iter().map(|way| Life::begin(setting)?.through(way, setting.seed)).collect()
}

/// One deployment that loses its database once.
struct Life {
    ground: Ground,
    counts: Counts,
    prober: Prober,
}

impl Life {
    fn begin(setting: &Setting) -> Result<Self, Failure> {
        let mut random = Random::new(setting.seed);
        let database = Database::postgres(&setting.dir)?;
        let mut ground = Ground::new(setting, database, setting.folder()?, 1)?;
        ground.add_clients(CLIENTS + 1, &mut random);
        let db = ground.open()?;
        ground.populate(&db, PEOPLE, NEWCOMERS)?;
        let probing =
            ground.clients.pop().ok_or_else(|| Failure::new("there is no browser to probe with"))?;
        let prober = Prober::new(probing)?;
        Ok(Self { ground, counts: Counts::new(), prober })
    }

    fn through(mut self, way: Way, seed: u64) -> Result<Outcome, Failure> {
        self.prober.prepare()?;
        let seen = self.outage(way)?;
        let returned = Instant::now();
        let back = self.prober.until_signed_in(returned)?;
        wait_until_ready(&self.ground)?;
        let again = self.prober.send_again()?;
        self.work(BEFORE, || Ok(()))?;
        let db = self.ground.open()?;
        self.ground.clients.push(self.prober.give_back());
        add_counts(&mut self.counts, &lock(&self.ground.record));
        lock(&self.ground.record).failures.clear();
        let control = invented(&self.ground, &db, seed)?;
        let findings = self.ground.check_database(&db, true)?;
        self.ground.reconcile();
        let mut problems = findings.problems;
        problems.extend(self.ground.check_server()?);
        problems.extend(self.ground.check_audit()?);
        problems.extend(self.ground.check_events(&db, &self.counts)?);
        problems.extend(seen.problems());
        problems.extend(again.err());
        if back > BACK_WITHIN {
            problems.push(format!(
                "it took {} ms after the database was back, promised are 5000",
                back.as_millis()
            ));
        }
        problems.extend(control.err());
        let (acknowledged, unknown) = (findings.acknowledged, findings.unknown);
        let summary = format!(
            "away for {} s: {}; serving again {} ms after it was back (5000); {acknowledged} acknowledged, {} lost, \
             {unknown} cut off, what was cut off sent again; control failed as it must: {}: {}",
            way.length().as_secs(),
            seen.summary(),
            back.as_millis(),
            findings.lost,
            if problems.iter().any(|problem| problem.starts_with("control")) { "no" } else { "yes" },
            if problems.is_empty() { "kept" } else { "BROKEN" },
        );
        let figures = BTreeMap::from([
            ("away_seconds", way.length().as_secs_f64()),
            ("slowest_answer_millis", seen.slowest().as_secs_f64() * 1e3),
            ("back_millis", back.as_secs_f64() * 1e3),
            ("acknowledged", real(acknowledged)),
            ("unknown", real(unknown)),
            ("lost", real(findings.lost)),
        ]);
        Ok(Outcome { scenario: "postgres_lost", database: way.name().to_owned(), summary, problems, figures })
    }

    /// Load until the database goes and while it is away; what the prober saw meanwhile.
    fn outage(&mut self, way: Way) -> Result<Seen, Failure> {
        let clients = std::mem::take(&mut self.ground.clients);
        let (database, prober) = (&self.ground.database, &mut self.prober);
        let over = AtomicBool::new(false);
        let (clients, seen) = std::thread::scope(|scope| {
            let working = scope.spawn(|| work(clients, &over));
            std::thread::sleep(BEFORE);
            let begun = Instant::now();
            let seen = way.go(database).and_then(|()| prober.watch(begun, way.length()));
            over.store(true, Ordering::Relaxed);
            let back = way.come_back(database);
            let clients = working.join().map_err(|_| Failure::new("a client of the scenario failed"));
            back.and(seen).and_then(|seen| Ok((clients??, seen)))
        })?;
        self.ground.clients = clients;
        Ok(seen)
    }

    /// People at work for so long, those of whom nobody is in doubt.
    fn work(
        &mut self,
        length: Duration,
        meanwhile: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let clients = std::mem::take(&mut self.ground.clients);
        let over = AtomicBool::new(false);
        let clients = std::thread::scope(|scope| {
            let working = scope.spawn(|| work(clients, &over));
            let done = meanwhile();
            std::thread::sleep(length);
            over.store(true, Ordering::Relaxed);
            let clients = working.join().map_err(|_| Failure::new("a client of the scenario failed"))?;
            done.and(clients)
        })?;
        self.ground.clients = clients;
        Ok(())
    }
}

/// The control: an acknowledgement that nobody gave must be reported as lost.
fn invented(ground: &Ground, db: &store::Db, seed: u64) -> Result<Result<(), String>, Failure> {
    let mut record = lock(&ground.record);
    let honest = record.history.clone();
    let token = primitives::encoding::base64url(&[u8::try_from(seed % 251).unwrap_or(0); 32]);
    let call = record.history.invoke("signed_in", vec![(Key::Session(token), PRESENT.to_owned())]);
    record.history.end(call, End::Acknowledged, Vec::new());
    let keys = record.history.keys(true);
    let found = ground.runtime.block_on(db.read(move |tx| look(tx, &keys)));
    let found = found.map_err(Failure::because("cannot look into the database"))?;
    let reported = record.history.check(&found).len();
    record.history = honest;
    let honestly = record.history.check(&found).len();
    Ok(if reported > honestly {
        Ok(())
    } else {
        Err("control: an invented acknowledgement was not reported".to_owned())
    })
}
