//! `bench token`: what applications ask of the provider, one kind of request after the other, on either database.
//!
//! Each kind lives on what the one before has brought: sessions give codes, codes give tokens, tokens are what userinfo,
//! introspection and refresh are about.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use self::errand::{Errand, Yield};
use self::report::{Figures, Kind, Report, Row};
use crate::database::Database;
use crate::failure::Failure;
use crate::host::{self, Host};
use crate::limits::{self, Limits};
use crate::load::{Pace, Run, drive};
use crate::measure::{Subject, Usage, spent};
use crate::population::Deployment;
use crate::process;
use crate::report::Machine;
use crate::sign_in::Choice;
use crate::worker::{Job, Worker};

pub(crate) mod errand;
mod report;
mod setup;

/// Load before figures count.
const WARM_UP: Duration = Duration::from_secs(1);

/// What to measure, and how.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// People who are signed in.
    #[arg(long, default_value_t = 200)]
    users: usize,
    /// Keep-alive connections.
    #[arg(long, default_value_t = 48)]
    connections: usize,
    /// Seconds that count, in each loop.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Threads of the load generator.
    #[arg(long, default_value_t = 1)]
    client_threads: usize,
    /// On which database.
    #[arg(long, value_enum, default_value_t = Choice::Sqlite)]
    database: Choice,
    /// A folder on the disk to judge; temporary folders are made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,
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
    let chosen = |choice| options.database == choice || options.database == Choice::Both;
    let sqlite =
        chosen(Choice::Sqlite).then(|| hosted(options, &limits, &dir, Choice::Sqlite)).transpose()?;
    let postgres =
        chosen(Choice::Postgres).then(|| hosted(options, &limits, &dir, Choice::Postgres)).transpose()?;
    let report = Report {
        bench: "token",
        version: env!("CARGO_PKG_VERSION"),
        machine: Machine::here(),
        limits,
        runs: sqlite.into_iter().chain(postgres).collect(),
    };
    if options.json {
        println!("{}", serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?);
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
    host.start()?;
    host.stop()?;
    let deployment =
        Deployment { config: host.config(), binary: host.binary.clone(), endpoint: host.endpoint.clone() };
    let people = crate::population::insert(&deployment, options.users)?;
    let client = setup::client(&deployment)?;
    host.start()?;
    let server = host.pid().ok_or_else(|| Failure::new("the server has ended"))?;
    let subject = Subject {
        endpoint: host.endpoint.clone(),
        metrics: Some(host.metrics.clone()),
        server: Some(server),
        database: database.process(),
    };
    let sessions = setup::sessions(&subject.endpoint, people)?;
    let bench = Bench { options, limits, subject };
    let rows = bench.all(&client, sessions).map_err(|failure| host.explain(failure))?;
    let peak_bytes = process::memory(server)?.peak;
    host.stop()?;
    Ok(Figures {
        database: database.name(),
        users: options.users,
        connections: options.connections,
        client_threads: options.client_threads,
        rows,
        peak_bytes,
    })
}

struct Bench<'o> {
    options: &'o Options,
    limits: &'o Limits,
    subject: Subject,
}

impl Bench<'_> {
    fn all(&self, client: &setup::Client, sessions: Vec<String>) -> Result<Vec<Row>, Failure> {
        let (connections, mut rows) = (self.options.connections, Vec::new());
        let deal = |yields: Vec<Yield>| errand::deal(yields, connections);

        let asking = errand::hands(sessions, connections).map(|mine| Errand::authorize(client, mine));
        let (row, codes) = self.measure(Kind::Authorize, asking)?;
        rows.push(row);
        let exchanging = deal(codes).map(|codes| Errand::exchange(client, codes));
        let (row, tokens) = self.measure(Kind::Exchange, exchanging)?;
        rows.push(row);
        let tokens: Vec<Yield> = deal(tokens).collect();
        let reading = tokens.iter().map(|mine| Errand::userinfo(mine.access.clone()));
        rows.push(self.measure(Kind::Userinfo, reading)?.0);
        let asking = tokens.iter().map(|mine| Errand::introspect(client, mine.access.clone()));
        rows.push(self.measure(Kind::Introspect, asking)?.0);
        let refreshing = tokens.into_iter().map(|mine| Errand::refresh(client, mine.refresh));
        rows.push(self.measure(Kind::Refresh, refreshing)?.0);
        let own = (0..connections).map(|_| Errand::client_credentials(client));
        rows.push(self.measure(Kind::ClientCredentials, own)?.0);
        rows.push(self.measure(Kind::KeySet, (0..connections).map(|_| Errand::key_set()))?.0);
        Ok(rows)
    }

    /// Closed loop, then open loop at half of what that reached; and what the workers have gathered in both.
    fn measure(
        &self,
        kind: Kind,
        errands: impl Iterator<Item = Errand>,
    ) -> Result<(Row, Vec<Yield>), Failure> {
        let worker = |errand| Worker::new(self.subject.endpoint.clone(), Job::Errand(errand));
        let mut workers: Vec<Worker> = errands.map(worker).collect();
        let measure = Duration::from_secs(self.options.seconds.max(1));
        let threads = self.options.client_threads.max(1);
        let run = Run { threads, warm_up: WARM_UP, measure, pace: Pace::Closed };
        let (closed, before, after) = drive(&run, &mut workers, || Usage::now(&self.subject))?;
        closed.all_well(kind.name())?;
        if closed.total.count() == 0 {
            return Err(Failure::new(format!(
                "not one answer came for {}; allow more --seconds",
                kind.name()
            )));
        }
        let spent = spent(closed.total.count(), &before, &after);
        let offered = spent.per_second / 2.0;
        let (open, (), ()) = drive(&Run { pace: Pace::Open(offered), ..run }, &mut workers, || Ok(()))?;
        open.all_well(kind.name())?;
        let row = Row::new(kind, &spent, (&closed.total, &open.total), self.limits);
        let gathered = workers.into_iter().filter_map(|worker| match worker.into_job() {
            Job::Errand(errand) => Some(errand.into_yield()),
            Job::Fetch(_) | Job::SignIn(_) => None,
        });
        Ok((row, gathered.collect()))
    }
}
