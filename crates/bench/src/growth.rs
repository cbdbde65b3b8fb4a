//! `bench growth`: whether what people wait for stays the same while a deployment grows from a thousand to a million.
//!
//! Each size has a database and a server of its own, all of them run side by side, and a slow open load visits them in
//! turns: what else the machine does touches every size alike. The smallest is visited twice in each turn; the ratio of
//! its second visits to its first ones says how much of the other ratios is noise.

mod fill;
mod ground;
mod impact;
mod manifest;
mod overview;
mod report;
mod seeded;
mod site;
mod turns;
mod visitor;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use crate::failure::Failure;
use crate::growth::ground::Ground;
use crate::growth::report::{OnDatabase, Report};
use crate::growth::site::Site;
use crate::growth::turns::Schedule;
use crate::report::Machine;
use crate::sign_in::Choice;

/// What to measure, and how.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Numbers of people, each with three passkeys; the others are held against the smallest.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000, 1_000_000])]
    users: Vec<u64>,
    /// Seconds of load for each size.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Sign-ins, pages and passes a second, of each so many: few, so that nobody waits for somebody else.
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// The largest ratio of a median, or of the time that 90 in 100 wait at most, to that of the smallest size.
    #[arg(long, default_value_t = 1.3)]
    at_most: f64,
    /// On which database.
    #[arg(long, value_enum, default_value_t = Choice::Sqlite)]
    database: Choice,
    /// A folder on the disk to judge; temporary folders are made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Make the populations in this folder, and leave them there for --reuse.
    #[arg(long, value_name = "DIR", conflicts_with = "reuse")]
    keep: Option<PathBuf>,
    /// Measure on the populations that --keep left in this folder; they grow by what is done in the run.
    #[arg(long, value_name = "DIR")]
    reuse: Option<PathBuf>,
    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let sizes = sizes(&options.users)?;
    if !(options.rate > 0.0 && options.rate <= 1000.0) {
        return Err(Failure::new("--rate must be above 0 and at most 1000"));
    }
    let ground = Ground::new(&options.dir, options.keep.as_deref(), options.reuse.as_deref())?;
    let mut databases = Vec::new();
    for choice in [Choice::Sqlite, Choice::Postgres] {
        if options.database == choice || options.database == Choice::Both {
            databases.push(measure(options, &ground, &sizes, choice)?);
        }
    }
    let report = Report {
        bench: "growth",
        version: env!("CARGO_PKG_VERSION"),
        machine: Machine::here(),
        rate: options.rate,
        at_most: options.at_most,
        holds: databases.iter().all(|database| database.worst() <= options.at_most && database.foresees()),
        databases,
    };
    if options.json {
        let line = serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?;
        println!("{line}");
    } else {
        print!("{}", report.table());
    }
    if report.holds {
        return Ok(());
    }
    if !report.databases.iter().all(OnDatabase::foresees) {
        return Err(Failure::new("what a policy does to 100000 people takes more than 5 seconds"));
    }
    let worst = report.databases.iter().map(OnDatabase::worst).fold(0.0, f64::max);
    let limit = options.at_most;
    Err(Failure::new(format!(
        "people wait {worst:.2} × as long as in the smallest deployment; at most {limit} ×"
    )))
}

/// In ascending order, each once.
fn sizes(wanted: &[u64]) -> Result<Vec<u64>, Failure> {
    let mut sizes = wanted.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    if sizes.len() < 2 || sizes.first().is_none_or(|least| *least == 0) {
        return Err(Failure::new("--users must name at least two sizes, none of them 0"));
    }
    Ok(sizes)
}

fn measure(options: &Options, ground: &Ground, sizes: &[u64], choice: Choice) -> Result<OnDatabase, Failure> {
    let mut sites = Vec::with_capacity(sizes.len());
    for users in sizes {
        sites.push(Site::open(ground, choice, *users)?);
    }
    let schedule =
        Schedule { rate: options.rate, counted: Duration::from_secs(options.seconds.max(1).into()) };
    let turns = turns::take(&schedule, &mut sites)?;
    let costs = sites.iter_mut().map(Site::close).collect::<Result<Vec<_>, _>>()?;
    Ok(OnDatabase::new(name_of(choice), costs, &turns))
}

fn name_of(choice: Choice) -> &'static str {
    match choice {
        Choice::Postgres => "postgres",
        Choice::Sqlite | Choice::Both => "sqlite",
    }
}

/// An absolute path to an existing folder.
fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let failed = format!("cannot use {}", path.display());
    std::fs::create_dir_all(path).map_err(Failure::because(&failed))?;
    std::path::absolute(path).map_err(Failure::because(&failed))
}

#[cfg(test)]
mod tests;
