//! `kill`: SIGKILL at a random moment under load, a restart, and the question what is left.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::check::{Counts, add_counts};
use super::client::{Client, Stop, lock};
use super::ground::Ground;
use super::history::End;
use super::operator::Operator;
use super::random::Random;
use super::{Outcome, Setting, control};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::real;

/// Rounds of each database where nothing is asked for.
const ROUNDS: u32 = 25;
/// Rounds on one deployment, after which another begins: the audit log is walked in every round.
const LIFE: u32 = 20;
/// Browsers.
const CLIENTS: usize = 8;
/// People of each browser with a passkey, and without.
const PEOPLE: usize = 3;
const NEWCOMERS: usize = 2;
/// The kill comes when fewer calls than this were acknowledged, whatever the machine needs for them.
const MOST_CALLS: u32 = 60;
/// It comes this long after the beginning at the latest.
const LATEST: Duration = Duration::from_millis(1500);
/// A call takes milliseconds: the kill comes up to so many microseconds after the acknowledgement that set it off.
const WITHIN_MICROS: u32 = 4000;

/// For so long `/readyz` repeats its last verdict.
const VERDICT_KEPT: Duration = Duration::from_millis(2100);

/// What is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    /// The server, on SQLite.
    OnSqlite,
    /// The only server, on PostgreSQL.
    OnPostgres,
    /// One of two servers on PostgreSQL; the other goes on.
    OneOfTwo,
    /// A process of PostgreSQL, which then ends all others and recovers.
    Backend,
}

impl Victim {
    fn name(self) -> &'static str {
        match self {
            Victim::OnSqlite => "sqlite",
            Victim::OnPostgres => "postgres",
            Victim::OneOfTwo => "postgres, one of two servers",
            Victim::Backend => "postgres, a process of the database",
        }
    }

    fn nodes(self) -> usize {
        if self == Victim::OneOfTwo { 2 } else { 1 }
    }

    fn database(self, setting: &Setting, folder: &std::path::Path) -> Result<Database, Failure> {
        match self {
            Victim::OnSqlite => Ok(Database::sqlite(folder)),
            _ => Database::postgres(&setting.dir),
        }
    }
}

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    let rounds = setting.rounds.unwrap_or(2 * ROUNDS);
    let (sqlite, postgres) = match (setting.database.sqlite(), setting.database.postgres()) {
        (true, true) => (rounds.div_ceil(2), rounds / 2),
        (true, false) => (rounds, 0),
        (false, _) => (0, rounds),
    };
    let shares = [
        (Victim::OnSqlite, sqlite),
        (Victim::OnPostgres, postgres.div_ceil(2)),
        (Victim::OneOfTwo, postgres / 4),
        (Victim::Backend, postgres / 2 - postgres / 4),
    ];
    let mut outcomes = Vec::new();
    for (victim, rounds) in shares {
        if rounds > 0 {
            outcomes.push(Sum::of(setting, victim, rounds)?.outcome(victim, rounds));
        }
    }
    Ok(outcomes)
}

/// What all rounds on one kind of deployment came to.
#[derive(Default)]
struct Sum {
    acknowledged: u64,
    unknown: u64,
    lost: u64,
    restarts: Vec<Duration>,
    problems: Vec<String>,
    controls: Vec<&'static str>,
}

impl Sum {
    fn of(setting: &Setting, victim: Victim, rounds: u32) -> Result<Self, Failure> {
        let mut random = Random::new(setting.seed ^ u64::from(rounds));
        let mut sum = Self::default();
        let mut done = 0;
        while done < rounds {
            let share = LIFE.min(rounds - done);
            let mut life = Life::begin(setting, victim, &mut random)?;
            for round in 0..share {
                life.round(&mut sum, &mut random, (done + round, round + 1 == share))?;
                if !sum.problems.is_empty() {
                    return Ok(sum);
                }
            }
            done += share;
            if done >= rounds {
                let (names, passed) = control::after_kill(&mut life.ground, victim == Victim::OnSqlite)?;
                sum.controls = names;
                sum.problems.extend(passed);
            }
        }
        Ok(sum)
    }

    fn outcome(self, victim: Victim, rounds: u32) -> Outcome {
        let Sum { acknowledged, unknown, lost, mut restarts, problems, controls } = self;
        restarts.sort();
        let median = restarts.get(restarts.len() / 2).copied().unwrap_or_default();
        let slowest = restarts.last().copied().unwrap_or_default();
        let control = if problems.iter().any(|problem| problem.starts_with("control")) || controls.is_empty()
        {
            "the control did not fail"
        } else {
            "control failed as it must"
        };
        let summary = format!(
            "{rounds} rounds, {acknowledged} acknowledged, {lost} lost, {control} ({unknown} calls cut off, each wholly \
             done or not at all; serving again after {} ms, at most {} ms; controls: {})",
            median.as_millis(),
            slowest.as_millis(),
            controls.join(", ")
        );
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let figures = BTreeMap::from([
            ("rounds", f64::from(rounds)),
            ("acknowledged", real(acknowledged)),
            ("unknown", real(unknown)),
            ("lost", real(lost)),
            ("restart_median_millis", millis(median)),
            ("restart_slowest_millis", millis(slowest)),
        ]);
        Outcome { scenario: "kill", database: victim.name().to_owned(), summary, problems, figures }
    }
}

/// One deployment through several kills.
struct Life {
    victim: Victim,
    ground: Ground,
    operator: Operator,
    counts: Counts,
}

impl Life {
    fn begin(setting: &Setting, victim: Victim, random: &mut Random) -> Result<Self, Failure> {
        let folder = setting.folder()?;
        let database = victim.database(setting, folder.path())?;
        let mut ground = Ground::new(setting, database, folder, victim.nodes())?;
        ground.add_clients(CLIENTS, random);
        let db = ground.open()?;
        ground.populate(&db, PEOPLE, NEWCOMERS)?;
        let operator = Operator::new(ground.record.clone(), random.branch(), "administered");
        Ok(Self { victim, ground, operator, counts: Counts::new() })
    }

    /// Load, kill, restart, check.
    fn round(
        &mut self,
        sum: &mut Sum,
        random: &mut Random,
        (number, last): (u32, bool),
    ) -> Result<(), Failure> {
        let killed = random.index(self.ground.hosts.len());
        self.load(killed, random)?;
        let begun = Instant::now();
        if let Some(host) = self.ground.hosts.get_mut(killed).filter(|_| self.victim != Victim::Backend) {
            host.start()?;
        }
        if self.victim == Victim::Backend {
            wait_for_recovery(&self.ground)?;
        }
        wait_until_ready(&self.ground)?;
        sum.restarts.push(begun.elapsed());

        let db = self.ground.open()?;
        {
            let mut record = lock(&self.ground.record);
            add_counts(&mut self.counts, &record);
            let failures = std::mem::take(&mut record.failures);
            // A database that is gone for a moment is a reason to fail. A server that turns people away because this
            // machine is busy has told them so: a page says 503 and no code.
            if self.victim != Victim::Backend {
                let busy = |what: &String| what.ends_with(": 503 overloaded") || what.ends_with(": 503 ");
                let failures = failures.into_iter().filter(|what| !busy(what));
                let told = failures.map(|what| format!("round {number}: failed: {what}"));
                sum.problems.extend(told);
            }
        }
        let findings = self.ground.check_database(&db, last)?;
        sum.acknowledged += findings.acknowledged;
        sum.unknown += findings.unknown;
        sum.lost += findings.lost;
        self.ground.reconcile();
        self.operator.reconcile();
        let mut problems = findings.problems;
        problems.extend(self.ground.check_server()?);
        problems.extend(self.ground.check_audit()?);
        if last {
            problems.extend(self.ground.check_events(&db, &self.counts)?);
        }
        sum.problems.extend(problems.into_iter().map(|problem| format!("round {number}: {problem}")));
        self.ground.populate(&db, PEOPLE, NEWCOMERS)
    }

    /// Clients and operator at work until the victim dies under them, after a random number of acknowledgements.
    fn load(&mut self, killed: usize, random: &mut Random) -> Result<(), Failure> {
        let calls = usize::try_from(random.below(MOST_CALLS)).unwrap_or(0);
        let after = Duration::from_micros(u64::from(random.below(WITHIN_MICROS)));
        let over = AtomicBool::new(false);
        let clients = std::mem::take(&mut self.ground.clients);
        let operator = &mut self.operator;
        let ground = &mut self.ground;
        let config = ground.config().unwrap_or_default();
        let binary = ground.hosts.first().map(|host| host.binary.clone()).unwrap_or_default();
        let command = move |arguments: &[String]| {
            let mut command = std::process::Command::new(&binary);
            command.args(arguments).args(["--json", "--config"]).arg(&config);
            command.stdin(std::process::Stdio::null());
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command
        };
        std::thread::scope(|scope| {
            let working = scope.spawn(|| work(clients, &over));
            let operating = scope.spawn(|| operator.work(&over, &command));
            let begun = Instant::now();
            while lock(&ground.record).history.count(End::Acknowledged) <= calls && begun.elapsed() < LATEST {
                std::thread::sleep(Duration::from_micros(500));
            }
            std::thread::sleep(after);
            let killed = match self.victim {
                Victim::Backend => kill_backend(ground, random),
                _ => ground.hosts.get_mut(killed).map_or(Ok(()), crate::host::Host::kill),
            };
            if self.victim == Victim::OneOfTwo {
                // The other one goes on meanwhile.
                std::thread::sleep(begun.elapsed() / 2);
            }
            over.store(true, Ordering::Relaxed);
            let clients = working.join().map_err(|_| Failure::new("a client of the scenario failed"))?;
            operating.join().map_err(|_| Failure::new("the operator of the scenario failed"))?;
            ground.clients = clients?;
            killed
        })
    }
}

/// All clients on this thread until it is over, or until they get no more answers.
pub(crate) fn work(clients: Vec<Client>, over: &AtomicBool) -> Result<Vec<Client>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the clients"))?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let stop = std::rc::Rc::new(std::cell::Cell::new(false));
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| tokio::task::spawn_local(until_gone(client, std::rc::Rc::clone(&stop))))
            .collect();
        while !over.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        stop.set(true);
        let mut back = Vec::new();
        for task in tasks {
            back.push(task.await.map_err(Failure::because("a client of the scenario failed"))??);
        }
        Ok(back)
    })
}

async fn until_gone(mut client: Client, stop: std::rc::Rc<std::cell::Cell<bool>>) -> Result<Client, Failure> {
    while !stop.get() {
        match client.act().await {
            Ok(()) | Err(Stop::Refused | Stop::Failed) => {}
            Err(Stop::Gone) => break,
            Err(Stop::Authenticator(why)) => return Err(Failure::new(why)),
        }
    }
    client.hang_up();
    Ok(client)
}

/// Kills one of the processes that PostgreSQL runs for its clients.
fn kill_backend(ground: &Ground, random: &mut Random) -> Result<(), Failure> {
    let Some(parent) = ground.database.process() else { return Ok(()) };
    let children = crate::process::children(parent);
    let is_backend = |pid: &&u32| {
        let name = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        name.contains(": keyward test_")
    };
    let backends: Vec<u32> = children.iter().filter(is_backend).copied().collect();
    let Some(pid) = backends.get(random.index(backends.len())) else {
        return Err(Failure::new("PostgreSQL has no process for the server"));
    };
    let killed = std::process::Command::new("kill").args(["-KILL", &pid.to_string()]).status();
    killed.map(|_| ()).map_err(Failure::because("cannot kill a process of PostgreSQL"))
}

/// Waits until PostgreSQL takes connections again, and until no server tells what it thought of it before.
fn wait_for_recovery(ground: &Ground) -> Result<(), Failure> {
    let begun = Instant::now();
    while let Err(failure) = ground.open() {
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(failure);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(VERDICT_KEPT.saturating_sub(begun.elapsed()));
    Ok(())
}

/// Waits until every server says that it may be sent requests.
pub(crate) fn wait_until_ready(ground: &Ground) -> Result<(), Failure> {
    let begun = Instant::now();
    for host in &ground.hosts {
        loop {
            match crate::host::fetch(&host.endpoint, "/readyz") {
                Ok((200, _)) => break,
                other if begun.elapsed() > Duration::from_secs(30) => {
                    let last = other
                        .map_or_else(|error| error.to_string(), |(status, body)| format!("{status} {body}"));
                    return Err(
                        host.explain(Failure::new(format!("a server is not ready after 30 s: {last}")))
                    );
                }
                _ => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }
    Ok(())
}
