//! One size: its population in a database of its own, the server on it, and what became of both.

use std::sync::Arc;
use std::time::Duration;

use primitives::entropy::SystemEntropy;
use primitives::keys::KeyRing;
use primitives::slow_hash::{self, Cost};
use serde::Serialize;
use server::config::Config;
use service::{Context, Settings};
use store::Db;
use webauthn::RelyingParty;

use super::fill;
use super::ground::{Ground, Plot};
use super::impact;
use super::manifest::Manifest;
use super::overview::{self, Overview};
use super::seeded::Population;
use super::visitor::Visitor;
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{millis, real};
use crate::host::{self, Host};
use crate::population::{self, Deployment};
use crate::process;
use crate::sign_in::{Choice, median};

/// Starts whose median is told, and runs of the command line.
const TIMES: usize = 5;
/// How long after its first answer a server is called idle.
const SETTLING: Duration = Duration::from_secs(1);

/// A deployment of one size, running.
pub(crate) struct Site {
    /// Who visits it.
    pub(crate) visitor: Visitor,
    host: Host,
    // Its server, if it has one, ends with it.
    database: Database,
    before: Before,
    spent: Duration,
    visits: u64,
    // Last, so that it goes after those who have files in it.
    _plot: Plot,
}

/// What was measured before the load.
#[derive(Clone, Debug)]
struct Before {
    users: u64,
    database_bytes: u64,
    starts_millis: Vec<f64>,
    idle_bytes: u64,
    impact_millis: f64,
    overview: Overview,
}

/// What a size costs besides waiting.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Costs {
    /// People, each with three passkeys and a spent pass.
    pub(crate) users: u64,
    /// The database at rest before the load, bytes.
    pub(crate) database_bytes: u64,
    /// From the start of the process to the complete sign-in page, median, milliseconds.
    pub(crate) start_millis: f64,
    /// Resident memory of the server a second after its first answer, bytes.
    pub(crate) idle_bytes: u64,
    /// The same after the load.
    pub(crate) after_bytes: u64,
    /// Processor time of the server and of its PostgreSQL for one of whatever people came for, microseconds; that of
    /// issuing passes on SQLite is not in it, because it is spent elsewhere.
    pub(crate) cpu_micros: f64,
    /// `keyward pass issue` as a process of its own, its hash and its start included, median, milliseconds.
    pub(crate) command_millis: f64,
    /// What a change of policy would do to everybody, milliseconds.
    pub(crate) impact_millis: f64,
    /// The console's overview, median, milliseconds.
    pub(crate) overview_millis: f64,
    /// Counting everybody for it, in the background, milliseconds of work.
    pub(crate) counting_millis: f64,
}

impl Site {
    /// Makes it, or opens what was kept, and starts the server.
    pub(crate) fn open(ground: &Ground, choice: Choice, users: u64) -> Result<Self, Failure> {
        let name = if choice == Choice::Postgres { "postgres" } else { "sqlite" };
        let plot = ground.plot(name, users)?;
        let database = ground.database(choice, &plot)?;
        let mut host = Host::prepare(&host::sibling_binary()?, &plot.path, database.url())?;
        if !plot.peopled {
            // The first start makes the database and the keys; it is not one of those that are timed.
            host.start()?;
            host.stop()?;
        }
        let config = population::load(&deployment(&host))?;
        let manifest = match plot.peopled {
            true => Manifest::load(&plot.path)?,
            false => Manifest { users, born: server::context::system_now() },
        };
        let keys = store::key_file::load(&config.key_file);
        let keys = Arc::new(keys.map_err(Failure::because("cannot read the keys"))?);
        let population = Arc::new(people(&config, &keys, manifest));
        if !plot.peopled {
            populate(&config, &keys, &population, &format!("{users} people on {name}"))?;
            database.settle()?;
            manifest.save(&plot.path)?;
        }
        let database_bytes = database.size()?;
        database.warm()?;
        let (starts_millis, idle_bytes) = starts(&mut host)?;
        let service = service(&config, &keys, &host)?;
        let impact_millis = impact::measure(&service, users)?;
        let overview = overview::measure(&service, users)?;
        let visitor = Visitor::new(host.endpoint.clone(), population, service)?;
        let before = Before { users, database_bytes, starts_millis, idle_bytes, impact_millis, overview };
        Ok(Self { visitor, host, database, before, spent: Duration::ZERO, visits: 0, _plot: plot })
    }

    /// Adds to a failure what the server logged.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        self.host.explain(failure)
    }

    /// Counts visits that have taken so much of [`Site::cpu`].
    pub(crate) fn count(&mut self, visits: u64, spent: Duration) {
        self.visits += visits;
        self.spent += spent;
    }

    /// Processor time that server and database have spent until now.
    pub(crate) fn cpu(&self) -> Result<Duration, Failure> {
        let server = self.host.pid().ok_or_else(|| Failure::new("the server has ended"))?;
        let database = self.database.process().map(process::cpu_of_family).transpose()?;
        Ok(process::cpu(server)? + database.unwrap_or_default())
    }

    /// Looks at the server after the load, and ends it.
    pub(crate) fn close(&mut self) -> Result<Costs, Failure> {
        let server = self.host.pid().ok_or_else(|| Failure::new("the server has ended"))?;
        let after_bytes = process::memory(server)?.resident;
        let command_millis = self.commands()?;
        self.host.stop()?;
        let Before { users, database_bytes, starts_millis, idle_bytes, impact_millis, overview } =
            self.before.clone();
        let start_millis = median(&starts_millis);
        let cpu_micros = self.spent.as_secs_f64() * 1e6 / real(self.visits.max(1));
        Ok(Costs {
            users,
            database_bytes,
            start_millis,
            idle_bytes,
            after_bytes,
            cpu_micros,
            command_millis,
            impact_millis,
            overview_millis: overview.shown,
            counting_millis: overview.counted,
        })
    }

    /// The command that issues passes, from the outside.
    fn commands(&self) -> Result<f64, Failure> {
        let mut taken = Vec::with_capacity(TIMES);
        for turn in 0..TIMES {
            let number = u64::try_from(turn).unwrap_or(0) * self.before.users.div_euclid(7);
            let login = Population::login(number % self.before.users);
            let arguments = ["pass", "issue", &login, "--once", "--reason", "bench"];
            let begun = std::time::Instant::now();
            population::command(&deployment(&self.host), &arguments)?;
            taken.push(millis(begun.elapsed()));
        }
        Ok(median(&taken))
    }
}

fn deployment(host: &Host) -> Deployment {
    Deployment { config: host.config(), binary: host.binary.clone(), endpoint: host.endpoint.clone() }
}

fn rp_id(config: &Config) -> String {
    config.rp_id_for(&config.origin_at(config.listen))
}

fn people(config: &Config, keys: &KeyRing, manifest: Manifest) -> Population {
    // One for everybody: what it would be verified against is nobody's pass, and a million take hours.
    let hash = slow_hash::hash(keys, Cost::STANDARD, "nobody's pass", &mut SystemEntropy);
    Population::new(manifest, rp_id(config), hash)
}

fn populate(
    config: &Config,
    keys: &Arc<KeyRing>,
    population: &Arc<Population>,
    what: &str,
) -> Result<(), Failure> {
    let db = open(config, keys)?;
    fill::fill(&db, population, what)
}

fn open(config: &Config, keys: &Arc<KeyRing>) -> Result<Db, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    let db = runtime.block_on(Db::open(&config.database, Arc::clone(keys)));
    db.map_err(Failure::because("cannot open the database"))
}

/// Starts the server several times; milliseconds of each start, and the memory of the last one, which stays.
fn starts(host: &mut Host) -> Result<(Vec<f64>, u64), Failure> {
    let mut taken = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        host.stop()?;
        taken.push(millis(host.start()?));
    }
    std::thread::sleep(SETTLING);
    let server = host.pid().ok_or_else(|| Failure::new("the server has ended"))?;
    Ok((taken, process::memory(server)?.resident))
}

/// What `keyward pass issue` opens, with a hash that takes no time: the hash is the same whoever the pass is for, and
/// its 17 ms would hide what grows.
fn service(config: &Config, keys: &Arc<KeyRing>, host: &Host) -> Result<Context, Failure> {
    let db = open(config, keys)?;
    let relying_party = RelyingParty::new(rp_id(config), "bench", [host.endpoint.origin()]);
    let relying_party =
        relying_party.map_err(|refusal| Failure::new(format!("no relying party: {refusal}")))?;
    let settings = Settings { cost: Cost::CHEAP_FOR_TESTS, ..Settings::standard(1) };
    Ok(Context::new(db, Arc::clone(keys), relying_party, settings, 1))
}
