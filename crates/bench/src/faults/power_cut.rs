//! `power_cut`: what is left of a SQLite deployment when the power goes.
//!
//! The real server works under load while `strace` writes down what it does to its files. From that, for each moment
//! at which the power may go, a disk is made that holds what was flushed by then and of the rest what chance leaves
//! (`disk`). A server starts on it and is held against what clients had been told at that moment.
//! The control plays the same record to a disk that takes no flush of the log from the writer: what
//! `synchronous=NORMAL` would do. It must lose what was acknowledged.

mod disk;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use self::disk::Disk;
use self::trace::{CALLS, Event, Reader, Traced};
use super::check::{Counts, add_counts};
use super::client::{Client, Record, Shared, lock};
use super::ground::Ground;
use super::history::{Broken, End, History, Key, PRESENT};
use super::kill::work;
use super::look::look;
use super::random::Random;
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::real;
use crate::host::Host;

/// Cuts where nothing is asked for.
const CUTS: u32 = 20;
/// Cuts of one recorded session.
const CUTS_OF_ONE: u32 = 50;
/// Cuts of the control, and how often it is tried: that none of so few lost anything happens once in forty times.
const CONTROLS: u32 = 8;
const CONTROL_TRIES: u32 = 5;
/// A session is recorded until so many calls were acknowledged, or so long.
const CALLS_RECORDED: usize = 160;
const LONGEST: Duration = Duration::from_secs(12);
const CLIENTS: usize = 6;

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    if !setting.database.sqlite() {
        return Ok(Vec::new());
    }
    let strace = Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !strace.is_ok_and(|status| status.success()) {
        return Err(Failure::new("power_cut needs strace"));
    }
    let cuts = setting.rounds.unwrap_or(CUTS);
    let mut random = Random::new(setting.seed);
    let mut sum = Sum::default();
    let mut done = 0;
    while done < cuts && sum.problems.is_empty() {
        let share = CUTS_OF_ONE.min(cuts - done);
        let mut session = Session::record(setting, &mut random)?;
        session.cut_often(&mut sum, share, &mut random)?;
        if done == 0 {
            for _ in 0..CONTROL_TRIES {
                session.control(&mut sum, &mut random)?;
                if sum.control.1 > 0 {
                    break;
                }
            }
        }
        done += share;
    }
    Ok(vec![sum.outcome(cuts)])
}

#[derive(Default)]
struct Sum {
    acknowledged: u64,
    lost: u64,
    torn: u64,
    problems: Vec<String>,
    /// Cuts of the control, and those that lost something.
    control: (u32, u32),
}

impl Sum {
    fn outcome(self, cuts: u32) -> Outcome {
        let Sum { acknowledged, lost, torn, mut problems, control: (tried, failed) } = self;
        let control = if failed > 0 { "control failed as it must" } else { "the control did not fail" };
        if failed == 0 {
            problems.push("control passed: without the writer's flushes nothing was lost either".to_owned());
        }
        let summary = format!(
            "{cuts} rounds, {acknowledged} acknowledged, {lost} lost, {control} ({torn} cuts came amid unflushed writes; \
             without the writer's flushes {failed} of {tried} cuts lost something)"
        );
        let figures = BTreeMap::from([
            ("rounds", f64::from(cuts)),
            ("acknowledged", real(acknowledged)),
            ("lost", real(lost)),
            ("amid_writes", real(torn)),
            ("control_cuts", f64::from(tried)),
            ("control_cuts_that_lost", f64::from(failed)),
        ]);
        Outcome { scenario: "power-cut", database: "sqlite".to_owned(), summary, problems, figures }
    }
}

/// A recorded session.
struct Session {
    ground: Ground,
    /// The files at rest, before.
    base: Disk,
    events: Vec<Traced>,
    /// The first event after the load began.
    begins: usize,
    history: History,
    binary: PathBuf,
    number: u32,
}

impl Session {
    fn record(setting: &Setting, random: &mut Random) -> Result<Self, Failure> {
        let folder = setting.folder()?;
        let node = folder.path().join("node0");
        let mut ground = Ground::new(setting, Database::sqlite(&node), folder, 1)?;
        ground.add_clients(CLIENTS, random);
        let db = ground.open()?;
        ground.populate(&db, 3, 6)?;
        drop(db);
        let log = ground.folder.path().join("trace");
        let host = ground.hosts.first_mut().ok_or_else(|| Failure::new("there is no server"))?;
        host.stop()?;
        let base = Disk::of(&node)?;
        host.binary = traced(&setting.binary, ground.folder.path(), &log)?;
        host.start()?;
        let began = server::context::system_now().micros();
        load(&mut ground)?;
        end_traced(&mut ground)?;
        let text = fs::read_to_string(&log).map_err(Failure::because("the tracer has written nothing"))?;
        let events = Reader::new(&node).read(&text);
        let begins = events.iter().position(|event| event.at > began).unwrap_or(events.len());
        let history = lock(&ground.record).history.clone();
        Ok(Self { ground, base, events, begins, history, binary: setting.binary.clone(), number: 0 })
    }

    fn cut_often(&mut self, sum: &mut Sum, cuts: u32, random: &mut Random) -> Result<(), Failure> {
        let mut disk = self.base.clone();
        let mut next = 0;
        for moment in self.moments(cuts, random) {
            for traced in self.events.get(next..moment).unwrap_or_default() {
                disk.apply(&traced.event);
            }
            next = moment;
            let at = self.events.get(moment).map_or(i64::MAX, |traced| traced.at);
            let promised = self.history.as_of(at);
            sum.acknowledged += count(&promised);
            sum.torn += u64::from(disk.has_pending());
            let (folder, url) = self.materialise(&disk, random)?;
            let broken = self.judge(&promised, &folder, &url);
            let broken = broken.unwrap_or_else(|failure| (1, vec![failure.to_string()]));
            sum.lost += broken.0;
            sum.problems
                .extend(broken.1.into_iter().map(|what| format!("cut before event {moment}: {what}")));
            if !sum.problems.is_empty() {
                return Ok(());
            }
            // What went well is not needed any more.
            let _ = fs::remove_dir_all(folder);
        }
        Ok(())
    }

    /// The same record on a disk that takes the log's flushes from the checkpointer only.
    fn control(&mut self, sum: &mut Sum, random: &mut Random) -> Result<(), Failure> {
        let mut disk = self.base.clone();
        let mut next = 0;
        let checkpointers = self.checkpointers();
        for moment in self.moments(CONTROLS, random) {
            for traced in self.events.get(next..moment).unwrap_or_default() {
                let flush = matches!(&traced.event, Event::SyncBegins { file, .. } if file.ends_with("-wal"));
                if !flush || checkpointers.contains(&traced.thread) {
                    disk.apply(&traced.event);
                }
            }
            next = moment;
            let at = self.events.get(moment).map_or(i64::MAX, |traced| traced.at);
            let promised = self.history.as_of(at);
            let (folder, url) = self.materialise(&disk, random)?;
            let lost = self.look(&promised, &url).map_or(true, |broken| broken.iter().any(is_loss));
            sum.control.0 += 1;
            sum.control.1 += u32::from(lost);
            let _ = fs::remove_dir_all(folder);
        }
        Ok(())
    }

    /// Random moments after the load began, in order.
    fn moments(&self, count: u32, random: &mut Random) -> Vec<usize> {
        let span = self.events.len().saturating_sub(self.begins);
        let mut moments: Vec<usize> = (0..count).map(|_| self.begins + random.index(span)).collect();
        moments.sort_unstable();
        moments
    }

    /// The threads that copy the log into the database.
    fn checkpointers(&self) -> BTreeSet<u32> {
        let copies =
            |traced: &&Traced| matches!(&traced.event, Event::Write { file, .. } if file.ends_with(".db"));
        let load = self.events.get(self.begins..).unwrap_or_default();
        load.iter().filter(copies).map(|traced| traced.thread).collect()
    }

    /// What the cut leaves, in a folder with a configuration of its own: the folder and the database.
    fn materialise(&mut self, disk: &Disk, random: &mut Random) -> Result<(PathBuf, String), Failure> {
        self.number += 1;
        let folder = self.ground.folder.path().join(format!("cut{}", self.number));
        disk.cut(random, &folder)?;
        // Nobody's memory survives, and the first of these is memory that processes share; the other is not the database's.
        for file in ["keyward.db-shm", "keyward.log"] {
            let _ = fs::remove_file(folder.join(file));
        }
        let url = folder.join("keyward.db").display().to_string();
        Ok((folder, url))
    }

    fn look(&self, promised: &History, url: &str) -> Result<Vec<Broken>, Failure> {
        let db = self.ground.open_at(url)?;
        let keys = promised.keys(true);
        let found = self.ground.runtime.block_on(db.read(move |tx| look(tx, &keys)));
        Ok(promised.check(&found.map_err(Failure::because("cannot look into the database"))?))
    }

    /// How much was lost, and everything that is not as promised, after a server has started on it.
    fn judge(&mut self, promised: &History, folder: &Path, url: &str) -> Result<(u64, Vec<String>), Failure> {
        let mut host = self.host(folder, url)?;
        host.start()?;
        let broken = self.look(promised, url)?;
        let lost = u64::try_from(broken.iter().filter(|broken| is_loss(broken)).count()).unwrap_or(u64::MAX);
        let mut problems: Vec<String> = broken.iter().map(Broken::to_string).collect();
        let mut counts = Counts::new();
        add_counts(&mut counts, &Record { history: promised.clone(), ..Record::default() });
        let db = self.ground.open_at(url)?;
        problems.extend(self.ground.check_events(&db, &counts)?);
        problems.extend(self.sign_in(&host, promised));
        let verified = Command::new(&self.binary)
            .args(["audit", "verify", "--config"])
            .arg(host.config())
            .stdin(Stdio::null())
            .output()
            .map_err(Failure::because("cannot run keyward"))?;
        if !verified.status.success() {
            let words = String::from_utf8_lossy(&verified.stderr).trim().to_owned();
            problems.push(format!("keyward audit verify: {words}"));
        }
        host.kill()?;
        Ok((lost, problems))
    }

    /// A server on what is left, at the address that the recorded one had.
    fn host(&self, folder: &Path, url: &str) -> Result<Host, Failure> {
        let original = self.ground.hosts.first().ok_or_else(|| Failure::new("there is no server"))?;
        let mut host = Host::prepare(&self.binary, folder, url)?;
        let text = fs::read_to_string(original.config());
        let text = text.map_err(Failure::because("cannot read a configuration"))?;
        let text = text.replace(&original.dir.display().to_string(), &folder.display().to_string());
        fs::write(host.config(), text).map_err(Failure::because("cannot write a configuration"))?;
        host.endpoint = original.endpoint.clone();
        host.metrics = original.metrics.clone();
        Ok(host)
    }

    /// Somebody with a passkey that is promised signs in.
    fn sign_in(&mut self, host: &Host, promised: &History) -> Option<String> {
        let record = Shared::default();
        let mut visitor = Client::new(host.endpoint.clone(), Random::new(1), Arc::clone(&record));
        let touched: BTreeSet<Key> = promised.keys(false);
        let untouched = |credential: &str| {
            let key = Key::Passkey(credential.to_owned());
            promised.settled(&key) == Some(PRESENT) && !touched.contains(&key)
        };
        let mut people = self.ground.clients.iter_mut().flat_map(|client| &mut client.people);
        let person = people.find(|person| person.keys.iter().all(|held| untouched(&held.credential)))?;
        let signed_in = self.ground.runtime.block_on(visitor.sign_in(person));
        let refusals = lock(&record).refusals.join(", ");
        signed_in.err().map(|stop| format!("nobody can sign in: {stop:?} {refusals}"))
    }
}

fn is_loss(broken: &Broken) -> bool {
    matches!(broken, Broken::Impossible { acknowledged: true, .. })
}

fn count(history: &History) -> u64 {
    u64::try_from(history.count(End::Acknowledged)).unwrap_or(u64::MAX)
}

/// A program that runs `binary` under the tracer.
fn traced(binary: &Path, folder: &Path, log: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join("traced.sh");
    let script = format!(
        "#!/bin/sh\nexec strace -f -ttt -y -xx -s 200000 -e signal=none -e {CALLS} -o '{}' '{}' \"$@\"\n",
        log.display(),
        binary.display()
    );
    let made =
        fs::write(&path, script).and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)));
    made.map_err(Failure::because("cannot write the tracer's script"))?;
    Ok(path)
}

/// Clients at work until enough was acknowledged.
fn load(ground: &mut Ground) -> Result<(), Failure> {
    let over = AtomicBool::new(false);
    let clients = std::mem::take(&mut ground.clients);
    let clients = std::thread::scope(|scope| {
        let working = scope.spawn(|| work(clients, &over));
        let begun = Instant::now();
        while lock(&ground.record).history.count(End::Acknowledged) < CALLS_RECORDED
            && begun.elapsed() < LONGEST
        {
            std::thread::sleep(Duration::from_millis(5));
        }
        over.store(true, Ordering::Relaxed);
        working.join().map_err(|_| Failure::new("a client of the scenario failed"))
    })?;
    ground.clients = clients?;
    Ok(())
}

/// Kills the traced server; the tracer ends by itself when it has written everything.
fn end_traced(ground: &mut Ground) -> Result<(), Failure> {
    let host = ground.hosts.first_mut().ok_or_else(|| Failure::new("there is no server"))?;
    for server in host.pid().map(crate::process::children).unwrap_or_default() {
        let killed = Command::new("kill").args(["-KILL", &server.to_string()]).status();
        killed.map_err(Failure::because("cannot kill the traced server"))?;
    }
    host.await_end()
}
