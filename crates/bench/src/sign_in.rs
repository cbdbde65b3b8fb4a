//! `bench sign-in`: complete sign-ins over HTTP, on either database.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{millis, real};
use crate::host::{self, Host};
use crate::limits::{self, Limits};
use crate::measure::{self, Loaded, Loads, Subject};
use crate::person::Person;
use crate::population::{self, Deployment};
use crate::process;
use crate::report::{Figures, Machine, Process, Report};
use crate::worker::{Job, People, Worker};

/// Starts whose median is told.
const RESTARTS: usize = 7;
/// How long after its first answer a server is called idle.
const SETTLING: Duration = Duration::from_secs(1);

/// What to measure, and how.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// People who take turns, each with a passkey of their own.
    #[arg(long, default_value_t = 1000)]
    users: usize,
    /// Keep-alive connections.
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Seconds that count, in each loop.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Threads of the load generator.
    #[arg(long, default_value_t = 1)]
    client_threads: usize,
    /// On which database.
    #[arg(long, value_enum, default_value_t = Choice::Sqlite)]
    database: Choice,
    /// Offer so many sign-ins a second in the open loop.
    #[arg(long, value_name = "RATE", conflicts_with = "half_load")]
    open_loop: Option<f64>,
    /// Offer half of what the closed loop reached in the open loop (the default).
    #[arg(long)]
    half_load: bool,
    /// A folder on the disk to judge; temporary folders are made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Drive a running server instead, such as http://localhost:8080.
    #[arg(long, value_name = "URL", requires = "config")]
    target: Option<String>,
    /// The configuration file of the running server: people are added to its database.
    #[arg(long, value_name = "FILE", requires = "target")]
    config: Option<PathBuf>,
    /// The process of the running server, to tell what it costs.
    #[arg(long, value_name = "PID", requires = "target")]
    target_pid: Option<u32>,
    /// Register every passkey as people do: pass, onboarding session, ceremony (slow on purpose: passes are hashed).
    #[arg(long)]
    register_over_http: bool,
    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,
}

/// Databases to measure on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// A SQLite file, synchronous=FULL.
    Sqlite,
    /// A private PostgreSQL server with fsync on.
    Postgres,
    /// One after the other.
    Both,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.users < options.connections || options.connections == 0 {
        return Err(Failure::new(
            "there must be a connection, and at least one of --users for each of --connections",
        ));
    }
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let dir = std::path::absolute(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let limits = limits::measure(&dir, options.connections, options.client_threads)?;
    let runs = match &options.target {
        Some(url) => vec![against(options, &limits, url)?],
        None => {
            let chosen = |choice| options.database == choice || options.database == Choice::Both;
            let sqlite = chosen(Choice::Sqlite).then(|| hosted(options, &limits, &dir, Choice::Sqlite));
            let sqlite = sqlite.transpose()?;
            let postgres = chosen(Choice::Postgres).then(|| hosted(options, &limits, &dir, Choice::Postgres));
            sqlite.into_iter().chain(postgres.transpose()?).collect()
        }
    };
    let machine = Machine::here();
    let report = Report { bench: "sign-in", version: env!("CARGO_PKG_VERSION"), machine, limits, runs };
    if options.json {
        let line = serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?;
        println!("{line}");
    } else {
        print!("{}", report.table());
    }
    Ok(())
}

/// Measures a server that is started here, on a fresh database in a temporary folder under `dir`.
fn hosted(options: &Options, limits: &Limits, dir: &Path, choice: Choice) -> Result<Figures, Failure> {
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(dir);
    let folder = folder.map_err(Failure::because("cannot make a folder in --dir"))?;
    let database = match choice {
        Choice::Postgres => Database::postgres(dir)?,
        Choice::Sqlite | Choice::Both => Database::sqlite(folder.path()),
    };
    let mut host = Host::prepare(&host::sibling_binary()?, folder.path(), database.url())?;
    // The first start makes the database and the keys; it is not one of those that are timed.
    host.start()?;
    let deployment =
        Deployment { config: host.config(), binary: host.binary.clone(), endpoint: host.endpoint.clone() };
    let people = if options.register_over_http {
        let people = population::register_over_http(&deployment, options.users)?;
        host.stop()?;
        people
    } else {
        host.stop()?;
        population::insert(&deployment, options.users)?
    };

    let before = database.size()?;
    host.start()?;
    std::thread::sleep(SETTLING);
    let server = host.pid().ok_or_else(|| Failure::new("the server has ended"))?;
    let idle = process::memory(server)?.resident;
    let subject = Subject {
        endpoint: host.endpoint.clone(),
        metrics: Some(host.metrics.clone()),
        server: Some(server),
        database: database.process(),
    };
    let mut workers = workers(options, &subject, people);
    let loaded = measure::apply(&options.loads(), &subject, &mut workers, folder.path());
    let loaded = loaded.map_err(|failure| host.explain(failure))?;
    let peak = process::memory(server)?.peak;
    let (restarts, stops) = restart(&mut host)?;
    let growth = real(database.size()?.saturating_sub(before)) / real(loaded.sign_ins.max(1));
    let process = Process {
        idle_bytes: idle,
        peak_bytes: peak,
        restart_millis: median(&restarts),
        restarts_millis: restarts,
        stop_millis: median(&stops),
        growth_bytes: growth,
    };
    Ok(figures(options, limits, database.name(), loaded, Some(process)))
}

/// Measures a server that runs already.
fn against(options: &Options, limits: &Limits, url: &str) -> Result<Figures, Failure> {
    let (Some(config), endpoint) = (&options.config, host::endpoint_of(url)?) else {
        return Err(Failure::new("--target needs --config, the configuration of that server"));
    };
    let binary = host::sibling_binary()?;
    let deployment = Deployment { config: config.clone(), binary, endpoint: endpoint.clone() };
    let people = if options.register_over_http {
        population::register_over_http(&deployment, options.users)?
    } else {
        population::insert(&deployment, options.users)?
    };
    let metrics = population::metrics_of(&deployment)?;
    let subject = Subject { endpoint, metrics, server: options.target_pid, database: None };
    let dir =
        tempfile::tempdir_in(&options.dir).map_err(Failure::because("cannot make a folder in --dir"))?;
    let loaded =
        measure::apply(&options.loads(), &subject, &mut workers(options, &subject, people), dir.path())?;
    Ok(figures(options, limits, "target", loaded, None))
}

impl Options {
    fn loads(&self) -> Loads {
        let measure = Duration::from_secs(self.seconds.max(1));
        Loads { threads: self.client_threads.max(1), measure, offered: self.open_loop }
    }
}

/// One worker for each connection; the people are dealt out to them.
fn workers(options: &Options, subject: &Subject, people: Vec<Person>) -> Vec<Worker> {
    let mut hands: Vec<Vec<Person>> = (0..options.connections).map(|_| Vec::new()).collect();
    for (index, person) in people.into_iter().enumerate() {
        if let Some(hand) = hands.get_mut(index % options.connections.max(1)) {
            hand.push(person);
        }
    }
    hands
        .into_iter()
        .map(|hand| Worker::new(subject.endpoint.clone(), Job::SignIn(People::new(hand))))
        .collect()
}

fn figures(
    options: &Options,
    limits: &Limits,
    database: &'static str,
    loaded: Loaded,
    process: Option<Process>,
) -> Figures {
    Figures {
        database,
        users: options.users,
        connections: options.connections,
        client_threads: options.client_threads,
        shares: measure::shares(loaded.closed.per_second, limits),
        closed: loaded.closed,
        open: loaded.open,
        flushes: loaded.flushes,
        process,
    }
}

/// Ends and starts the server several times: milliseconds of each start and of each end.
fn restart(host: &mut Host) -> Result<(Vec<f64>, Vec<f64>), Failure> {
    let (mut starts, mut stops) = (Vec::new(), Vec::new());
    for _ in 0..RESTARTS {
        stops.push(millis(host.stop()?));
        starts.push(millis(host.start()?));
    }
    // The last stop leaves the database at rest, so that its size can be told.
    stops.push(millis(host.stop()?));
    Ok((starts, stops))
}

/// The middle one of some values; zero without any.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
