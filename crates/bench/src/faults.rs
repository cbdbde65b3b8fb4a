//! `bench faults`: breaks what a deployment stands on, and holds afterwards what it promised against what it kept.
//!
//! Every scenario has a control: a damage that the same check must report. A control that passes fails the run,
//! because then the check sees nothing.

mod check;
mod client;
mod clock;
mod control;
mod deeds;
mod disk_full;
mod ground;
mod guesses;
mod history;
mod kill;
mod look;
mod operator;
mod outage;
mod overload;
mod postgres_lost;
mod power_cut;
mod random;
mod slow_clients;
mod stand;
mod storm;
mod town;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::failure::Failure;

/// What to break, and how often.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// What to break; everything if nothing is named.
    #[arg(value_enum)]
    scenarios: Vec<Scenario>,
    /// Rounds of each scenario on each database, instead of the scenario's own number.
    #[arg(long)]
    rounds: Option<u32>,
    /// On which database, where the scenario knows both.
    #[arg(long, value_enum, default_value_t = Choice::Both)]
    database: Choice,
    /// Every random choice follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A folder on the disk to use; temporary folders are made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// One line of JSON for each scenario and database instead of sentences.
    #[arg(long)]
    json: bool,
}

/// Databases to break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// A SQLite file.
    Sqlite,
    /// A private PostgreSQL server with fsync on.
    Postgres,
    /// One after the other.
    Both,
}

impl Choice {
    /// Whether SQLite is wanted.
    pub(crate) fn sqlite(self) -> bool {
        self != Self::Postgres
    }

    /// Whether PostgreSQL is wanted.
    pub(crate) fn postgres(self) -> bool {
        self != Self::Sqlite
    }
}

/// What can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Scenario {
    /// SIGKILL under load.
    Kill,
    /// The disk is full or fails, on SQLite, and comes back.
    DiskFull,
    /// The power goes, on SQLite: what was not flushed is lost or torn.
    PowerCut,
    /// Ten times as many people as can be served.
    Overload,
    /// PostgreSQL away and back.
    PostgresLost,
    /// Wrong passes beside people who sign in.
    Guesses,
    /// Connections that say nothing, or too slowly, or too much.
    SlowClients,
    /// The clock set ahead and back.
    Clock,
}

impl Scenario {
    /// Breaks it; one outcome for each database.
    fn run(self, setting: &Setting) -> Result<Vec<Outcome>, Failure> {
        match self {
            Scenario::Kill => kill::run(setting),
            Scenario::DiskFull => disk_full::run(setting),
            Scenario::PowerCut => power_cut::run(setting),
            Scenario::Overload => overload::run(setting),
            Scenario::PostgresLost => postgres_lost::run(setting),
            Scenario::Guesses => guesses::run(setting),
            Scenario::SlowClients => slow_clients::run(setting),
            Scenario::Clock => clock::run(setting),
        }
    }
}

/// What a scenario is given.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The number of rounds that was asked for; `None`: the scenario's own.
    pub(crate) rounds: Option<u32>,
    /// Which databases.
    pub(crate) database: Choice,
    /// What random choices follow from.
    pub(crate) seed: u64,
    /// An absolute path on the disk to use.
    pub(crate) dir: PathBuf,
    /// The program under test.
    pub(crate) binary: PathBuf,
}

impl Setting {
    /// A folder of its own, removed with the value.
    pub(crate) fn folder(&self) -> Result<tempfile::TempDir, Failure> {
        let folder = tempfile::Builder::new().prefix("faults-").tempdir_in(&self.dir);
        folder.map_err(Failure::because("cannot make a folder in --dir"))
    }
}

/// What came of a scenario on one database.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    /// The scenario's name on the command line.
    pub(crate) scenario: &'static str,
    /// The database's name, with what makes this run different from others on it.
    pub(crate) database: String,
    /// One line for people: what was done, and the figures that were promised.
    pub(crate) summary: String,
    /// Each broken promise, a control that passed among them; empty: all is well.
    pub(crate) problems: Vec<String>,
    /// The figures by name.
    pub(crate) figures: BTreeMap<&'static str, f64>,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let setting = Setting {
        rounds: options.rounds,
        database: options.database,
        seed: options.seed,
        dir: std::path::absolute(&options.dir).map_err(Failure::because("cannot use --dir"))?,
        binary: crate::host::sibling_binary()?,
    };
    let scenarios: &[Scenario] =
        if options.scenarios.is_empty() { Scenario::value_variants() } else { &options.scenarios };
    let mut broken = 0;
    for scenario in scenarios {
        let outcomes = scenario.run(&setting)?;
        for outcome in &outcomes {
            broken += outcome.problems.len();
            tell(outcome, options.json)?;
        }
        if !options.json {
            tell_sum(&outcomes);
        }
    }
    if broken > 0 {
        return Err(Failure::new(format!("{broken} promises were broken (seed {})", options.seed)));
    }
    Ok(())
}

fn tell(outcome: &Outcome, json: bool) -> Result<(), Failure> {
    if json {
        let line = serde_json::to_string(outcome).map_err(Failure::because("cannot write the JSON"))?;
        println!("{line}");
        return Ok(());
    }
    for problem in &outcome.problems {
        println!("{} {}: BROKEN: {problem}", outcome.scenario, outcome.database);
    }
    println!("{} {}: {}", outcome.scenario, outcome.database, outcome.summary);
    Ok(())
}

/// One line for a scenario of several parts that all count acknowledgements.
fn tell_sum(outcomes: &[Outcome]) {
    let sum = |name| outcomes.iter().map(|outcome| outcome.figures.get(name).copied()).sum::<Option<f64>>();
    let (Some(rounds), Some(acknowledged), Some(lost)) = (sum("rounds"), sum("acknowledged"), sum("lost"))
    else {
        return;
    };
    if let [first, _, ..] = outcomes {
        let well = outcomes.iter().all(|outcome| outcome.problems.is_empty());
        let end = if well { "control failed as it must" } else { "BROKEN, see above" };
        println!("{}: {rounds} rounds, {acknowledged} acknowledged, {lost} lost, {end}", first.scenario);
    }
}
