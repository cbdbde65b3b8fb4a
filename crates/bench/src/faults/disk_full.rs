//! `disk_full`: the disk of a SQLite deployment takes no more, or fails, and comes back.
//!
//! `strace` attaches to the running server and lets its writes or flushes of the database fail from the k-th on
//! (`ENOSPC`, `EIO`); it detaches, and space is back. Meanwhile people must be answered in the right way: what is said
//! to have failed has not happened, pages go on, `/readyz` says why. Half of the rounds end with SIGKILL while the disk
//! still fails, the others after it came back.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use store::Db;

use super::check::{Counts, add_counts};
use super::client::lock;
use super::ground::Ground;
use super::history::{Broken, End, History};
use super::kill::{wait_until_ready, work};
use super::look::look;
use super::random::Random;
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{millis, real};
use crate::host::{fetch, interrupt};
use crate::http::{Body, Connection};

/// Rounds where nothing is asked for: each way to fail, both endings, twice.
const ROUNDS: u32 = 16;
const CLIENTS: usize = 4;
/// The first call that fails is one of so many.
const FIRST: u32 = 40;
/// How long the disk may take to fail under load, and `/readyz` to say so (a verdict is good for two seconds).
const FAILS_WITHIN: Duration = Duration::from_secs(8);
const SAID_WITHIN: Duration = Duration::from_secs(5);
/// Calls under way are answered by then.
const ANSWERED_WITHIN: Duration = Duration::from_millis(30);
/// The promise: serving again so long after space has returned.
const BACK_WITHIN: Duration = Duration::from_secs(5);

/// A way to fail.
#[derive(Clone, Copy, Debug)]
struct Fault {
    call: &'static str,
    error: &'static str,
}

const FAULTS: [Fault; 4] = [
    Fault { call: "pwrite64", error: "ENOSPC" },
    Fault { call: "pwrite64", error: "EIO" },
    Fault { call: "fdatasync", error: "EIO" },
    Fault { call: "fdatasync", error: "ENOSPC" },
];

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    if !setting.database.sqlite() {
        return Ok(Vec::new());
    }
    let strace = Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !strace.is_ok_and(|status| status.success()) {
        return Err(Failure::new("disk-full needs strace"));
    }
    let rounds = setting.rounds.unwrap_or(ROUNDS);
    let mut random = Random::new(setting.seed);
    let mut sum = Sum::default();
    let mut life = Life::begin(setting, &mut random)?;
    for round in 0..rounds {
        let fault = usize::try_from(round).ok().and_then(|round| FAULTS.get(round % FAULTS.len())).copied();
        let Some(fault) = fault else { break };
        let killed = round / 4 % 2 == 1;
        life.round(&mut sum, &mut random, Round { number: round, fault, killed })?;
        if !sum.problems.is_empty() {
            break;
        }
    }
    Ok(vec![sum.outcome(rounds)])
}

#[derive(Default)]
struct Sum {
    acknowledged: u64,
    failed: u64,
    unknown: u64,
    lost: u64,
    recoveries: Vec<Duration>,
    /// Rounds in which an invented acknowledgement was seen as lost.
    controls: u32,
    problems: Vec<String>,
}

impl Sum {
    fn outcome(self, rounds: u32) -> Outcome {
        let Sum { acknowledged, failed, unknown, lost, mut recoveries, controls, mut problems } = self;
        recoveries.sort();
        let slowest = recoveries.last().copied().unwrap_or_default();
        let control = if controls > 0 { "control failed as it must" } else { "the control did not fail" };
        if controls == 0 {
            problems.push("control passed: an invented acknowledgement was not reported".to_owned());
        }
        let summary = format!(
            "{rounds} rounds, {acknowledged} acknowledged, {lost} lost, {control} ({failed} calls answered with a failure and \
             not done, {unknown} with an unknown end; serving {} ms after space returned at the latest; in {controls} \
             rounds an invented acknowledgement was reported)",
            slowest.as_millis()
        );
        let figures = BTreeMap::from([
            ("rounds", f64::from(rounds)),
            ("acknowledged", real(acknowledged)),
            ("failed", real(failed)),
            ("unknown", real(unknown)),
            ("lost", real(lost)),
            ("recovery_slowest_millis", millis(slowest)),
        ]);
        Outcome { scenario: "disk-full", database: "sqlite".to_owned(), summary, problems, figures }
    }
}

#[derive(Clone, Copy)]
struct Round {
    number: u32,
    fault: Fault,
    /// Whether the server is killed while the disk still fails.
    killed: bool,
}

struct Life {
    ground: Ground,
    counts: Counts,
}

impl Life {
    fn begin(setting: &Setting, random: &mut Random) -> Result<Self, Failure> {
        let folder = setting.folder()?;
        let database = Database::sqlite(folder.path());
        let mut ground = Ground::new(setting, database, folder, 1)?;
        ground.add_clients(CLIENTS, random);
        let db = ground.open()?;
        ground.populate(&db, 3, 2)?;
        Ok(Self { ground, counts: Counts::new() })
    }

    fn round(&mut self, sum: &mut Sum, random: &mut Random, round: Round) -> Result<(), Failure> {
        let first = 1 + random.below(FIRST);
        let mut problems = self.fail(sum, round, first)?;
        if round.killed {
            for host in &mut self.ground.hosts {
                host.start()?;
            }
        }
        wait_until_ready(&self.ground)?;
        let db = self.ground.open()?;
        {
            let mut record = lock(&self.ground.record);
            add_counts(&mut self.counts, &record);
            let failures = std::mem::take(&mut record.failures);
            let unclear = failures.iter().filter(|what| !what.contains(": 503 "));
            problems.extend(unclear.map(|what| format!("an unclear answer: {what}")));
            sum.failed += u64::try_from(failures.len()).unwrap_or(u64::MAX);
        }
        sum.controls += u32::from(self.control(&db)?);
        let findings = self.ground.check_database(&db, true)?;
        sum.acknowledged += findings.acknowledged;
        sum.unknown += findings.unknown;
        sum.lost += findings.lost;
        self.ground.reconcile();
        problems.extend(findings.problems);
        problems.extend(self.ground.check_server()?);
        problems.extend(self.ground.check_audit()?);
        problems.extend(self.ground.check_events(&db, &self.counts)?);
        let Fault { call, error } = round.fault;
        let told =
            problems.into_iter().map(|what| format!("round {} ({call} {error}): {what}", round.number));
        sum.problems.extend(told);
        self.ground.populate(&db, 3, 2)
    }

    /// Load, a disk that fails, the questions that must be answered meanwhile, and its end.
    fn fail(&mut self, sum: &mut Sum, round: Round, first: u32) -> Result<Vec<String>, Failure> {
        let over = AtomicBool::new(false);
        let mut clients = std::mem::take(&mut self.ground.clients);
        let live = self.ground.runtime.block_on(signed_in(&mut clients));
        let ground = &mut self.ground;
        std::thread::scope(|scope| {
            let working = scope.spawn(|| work(clients, &over));
            let failed = failing(ground, sum, round, (first, live.as_deref()), &over);
            over.store(true, Ordering::Relaxed);
            let clients = working.join().map_err(|_| Failure::new("a client of the scenario failed"))?;
            ground.clients = clients?;
            failed
        })
    }

    /// Whether the check sees it if one of the calls that failed is said to have been acknowledged.
    fn control(&self, db: &Db) -> Result<bool, Failure> {
        let record = lock(&self.ground.record);
        let mut invented = record.history.clone();
        drop(record);
        if !invented.invent_acknowledgement() {
            return Ok(false);
        }
        let keys = invented.keys(false);
        let found = self.ground.runtime.block_on(db.read(move |tx| look(tx, &keys)));
        let found = found.map_err(Failure::because("cannot look into the database"))?;
        let is_loss = |broken: &Broken| matches!(broken, Broken::Impossible { acknowledged: true, .. });
        Ok(invented.check(&found).iter().any(is_loss))
    }
}

impl History {
    /// Says of the last call that was refused, and that later ones did not touch, that it was acknowledged.
    fn invent_acknowledgement(&mut self) -> bool {
        let refused =
            self.calls().iter().rposition(|call| call.end == End::Refused && !call.effects.is_empty());
        refused.inspect(|call| self.end(*call, End::Acknowledged, Vec::new())).is_some()
    }
}

/// The cookies of somebody who is signed in.
async fn signed_in(clients: &mut [super::client::Client]) -> Option<String> {
    let client = clients.first_mut()?;
    let mut person = client.people.pop()?;
    let done = client.sign_in(&mut person).await;
    let cookies = person.session.as_deref().map(|session| client.cookies(Some(session)));
    // They stay away from the load, so that their session stays what it is.
    person.doubtful = true;
    client.people.push(person);
    client.hang_up();
    done.ok().and(cookies)
}

fn failing(
    ground: &mut Ground,
    sum: &mut Sum,
    round: Round,
    (first, live): (u32, Option<&str>),
    over: &AtomicBool,
) -> Result<Vec<String>, Failure> {
    let mut disk = FailingDisk::attach(ground, round, first)?;
    let mut problems = Vec::new();
    if !disk.has_failed(FAILS_WITHIN) {
        disk.detach()?;
        return Err(Failure::new("the disk did not fail: strace injected nothing"));
    }
    if round.killed {
        // Nothing more is written after the first failure that was answered: what failed lies in the log as it is.
        let begun = Instant::now();
        while lock(&ground.record).failures.is_empty() && begun.elapsed() < FAILS_WITHIN {
            std::thread::sleep(Duration::from_micros(200));
        }
        over.store(true, Ordering::Relaxed);
        std::thread::sleep(ANSWERED_WITHIN);
        for host in &mut ground.hosts {
            host.kill()?;
        }
        disk.detach()?;
        return Ok(problems);
    }
    problems.extend(not_ready(ground)?);
    problems.extend(pages(ground, live)?);
    disk.detach()?;
    let returned = Instant::now();
    wait_until_ready(ground)?;
    let back = returned.elapsed();
    sum.recoveries.push(back);
    if back > BACK_WITHIN {
        problems.push(format!("serving again only {} ms after space returned", back.as_millis()));
    }
    Ok(problems)
}

/// `/readyz` must say that the database does not take writes, and the log why.
fn not_ready(ground: &Ground) -> Result<Option<String>, Failure> {
    let Some(host) = ground.hosts.first() else { return Ok(None) };
    let begun = Instant::now();
    loop {
        match fetch(&host.endpoint, "/readyz") {
            Ok((503, body)) if body.contains("\"database\"") => break,
            Ok((status, body)) if begun.elapsed() > SAID_WITHIN => {
                return Ok(Some(format!("/readyz does not say that the disk fails: {status} {body}")));
            }
            Err(error) if begun.elapsed() > SAID_WITHIN => {
                return Ok(Some(format!("/readyz does not answer: {error}")));
            }
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    let log = fs::read_to_string(host.dir.join("keyward.log"));
    let log = log.map_err(Failure::because("cannot read the server's log"))?;
    let says = log.lines().any(|line| line.contains(" ERROR ") && line.contains("disk"));
    Ok((!says).then(|| "the log does not say why the server is not ready".to_owned()))
}

/// Who is signed in reads on, and the sign-in page is there.
fn pages(ground: &Ground, live: Option<&str>) -> Result<Vec<String>, Failure> {
    let (Some(host), Some(live)) = (ground.hosts.first(), live) else {
        return Ok(vec!["nobody was signed in before the disk failed".to_owned()]);
    };
    let asked = ground.runtime.block_on(async {
        let mut connection = Connection::open(&host.endpoint).await.map_err(|error| error.to_string())?;
        let mut problems = Vec::new();
        for (path, cookies) in
            [("/me/security", live), ("/me/sessions", live), ("/signin", ""), ("/healthz", "")]
        {
            let answer =
                connection.send(path, cookies, Body::None).await.map_err(|error| error.to_string())?;
            if answer.status != 200 {
                problems.push(format!("GET {path} answers {} while the disk fails", answer.status));
            }
        }
        Ok::<_, String>(problems)
    });
    asked.map_err(|error| Failure::new(format!("the server does not answer while the disk fails: {error}")))
}

/// A tracer that lets calls of the server fail.
struct FailingDisk {
    tracer: Child,
    log: PathBuf,
}

impl FailingDisk {
    fn attach(ground: &Ground, round: Round, first: u32) -> Result<Self, Failure> {
        let log = ground.folder.path().join(format!("injected{}", round.number));
        let server = ground.hosts.first().and_then(crate::host::Host::pid);
        let server = server.ok_or_else(|| Failure::new("there is no server"))?;
        let Fault { call, error } = round.fault;
        let database = ground.database.url();
        let tracer = Command::new("strace")
            .args(["-f", "-q", "-e", &format!("trace={call}"), "-e", "signal=none"])
            .args(["-e", &format!("inject={call}:error={error}:when={first}+")])
            .args(["-P", database, "-P", &format!("{database}-wal"), "-o"])
            .arg(&log)
            .args(["-p", &server.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Ok(Self { tracer: tracer.map_err(Failure::because("cannot start strace"))?, log })
    }

    /// Whether a call has failed within that time.
    fn has_failed(&self, within: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if fs::read_to_string(&self.log).is_ok_and(|log| log.contains("(INJECTED)")) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// Space returns.
    fn detach(&mut self) -> Result<(), Failure> {
        if matches!(self.tracer.try_wait(), Ok(None)) {
            interrupt(&self.tracer, "INT")?;
        }
        self.tracer.wait().map(|_| ()).map_err(Failure::because("cannot wait for strace"))
    }
}

impl Drop for FailingDisk {
    fn drop(&mut self) {
        // A traced process does not go on without its tracer's leave.
        let _ = self.tracer.kill();
        let _ = self.tracer.wait();
    }
}
