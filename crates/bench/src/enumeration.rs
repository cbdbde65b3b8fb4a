//! `bench enumeration`: whether answers tell a name that exists from one that does not.
//!
//! At every door where somebody who is not signed in names an account, a known and an unknown name knock in turns, in
//! an order that chance decides, so that what else the machine does touches both alike. Nobody is guessed at often
//! enough to be refused unchecked. Compared are status, headers and bytes after masking the name and the request's
//! reference, and the times (Mann–Whitney, and medians). Then guesses are compared, and their cost is measured, that are
//! refused because there were too many.

mod doors;
mod names;
mod people;
mod statistics;

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::database::Database;
use crate::enumeration::doors::{Door, Knocker, Met};
use crate::enumeration::names::Names;
use crate::failure::Failure;
use crate::host::{self, Host};
use crate::population::Deployment;
use crate::sign_in::Choice;

/// Above which chance explains a difference in time.
const CHANCE: f64 = 0.01;
/// How far medians may lie apart, milliseconds.
const APART: f64 = 1.0;
/// What a guess that is refused because there were too many may cost, milliseconds.
const REFUSED: f64 = 50.0;
/// Pairs of guesses beyond the bucket.
const BEYOND: usize = 200;

/// What to compare, and how often.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Pairs of a known and an unknown name at each door.
    #[arg(long, default_value_t = 10_000)]
    pairs: usize,
    /// On which database.
    #[arg(long, value_enum, default_value_t = Choice::Sqlite)]
    database: Choice,
    /// A folder on the disk to judge; temporary folders are made there and removed.
    #[arg(long, default_value = "target")]
    dir: PathBuf,
    /// Exit with 1 if known and unknown names can be told apart.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of tables.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `enumeration`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// On which database.
    database: &'static str,
    /// Pairs at each door.
    pairs: usize,
    /// Above this, chance explains a difference.
    least_p: f64,
    /// Medians may lie so far apart.
    most_apart_millis: f64,
    /// Whether nothing tells known from unknown names, and refusals are cheap.
    met: bool,
    /// Every door.
    doors: Vec<Figures>,
    /// A guess beyond the bucket.
    refused: Refused,
}

/// What one door showed.
#[derive(Debug, Serialize)]
struct Figures {
    /// Its name.
    door: &'static str,
    /// Statuses that names met, each once.
    statuses: Vec<u16>,
    /// Pairs whose answers differ after masking.
    differing: usize,
    /// Where the first of them differs.
    first_difference: Option<String>,
    /// Median for known names, milliseconds.
    known_millis: f64,
    /// Median for unknown names, milliseconds.
    unknown_millis: f64,
    /// The two-sided probability that such times come from one distribution.
    p: f64,
    /// Whether this door tells nothing.
    met: bool,
}

/// What a guess costs that is refused because there were too many.
#[derive(Debug, Serialize)]
struct Refused {
    /// Known against unknown names.
    compared: Figures,
    /// The slowest of 99 in 100, milliseconds.
    p99_millis: f64,
    /// What one may cost.
    most_millis: f64,
    /// Whether the slowest of 99 in 100 costs no more, and nothing tells the names apart.
    met: bool,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.pairs < 20 {
        return Err(Failure::new("fewer than 20 pairs tell nothing"));
    }
    if options.pairs > names::MOST {
        return Err(Failure::new(format!("at most {} pairs: names share guesses", names::MOST)));
    }
    std::fs::create_dir_all(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let dir = std::path::absolute(&options.dir).map_err(Failure::because("cannot use --dir"))?;
    let mut met = true;
    for postgres in [false, true] {
        let wanted = match options.database {
            Choice::Sqlite => !postgres,
            Choice::Postgres => postgres,
            Choice::Both => true,
        };
        if wanted {
            let report = measure(options, &dir, postgres)?;
            met &= report.met;
            if options.json {
                let line =
                    serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?;
                println!("{line}");
            } else {
                print!("{}", report.table());
            }
        }
    }
    match met {
        false if options.strict => Err(Failure::new("known and unknown names can be told apart")),
        _ => Ok(()),
    }
}

fn measure(options: &Options, dir: &std::path::Path, postgres: bool) -> Result<Report, Failure> {
    let folder = tempfile::tempdir_in(dir).map_err(Failure::because("cannot use --dir"))?;
    let database = match postgres {
        false => Database::sqlite(folder.path()),
        true => Database::postgres(dir)?,
    };
    let mut host = Host::prepare(&host::sibling_binary()?, folder.path(), database.url())?;
    people::allow_everything(&host)?;
    // The server makes key file and schema; people are added while it runs.
    host.start()?;
    let deployment =
        Deployment { config: host.config(), binary: host.binary.clone(), endpoint: host.endpoint.clone() };
    let names = people::add(&deployment, options.pairs)?;
    let compared = compare(&host, &names);
    let (doors, refused) = compared.map_err(|failure| host.explain(failure))?;
    host.stop()?;
    Ok(Report {
        bench: "enumeration",
        version: env!("CARGO_PKG_VERSION"),
        database: database.name(),
        pairs: options.pairs,
        least_p: CHANCE,
        most_apart_millis: APART,
        met: refused.met && doors.iter().all(|door| door.met),
        doors,
        refused,
    })
}

fn compare(host: &Host, names: &Names) -> Result<(Vec<Figures>, Refused), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start a runtime"))?;
    runtime.block_on(async {
        let mut knocker = Knocker::new(&host.endpoint, names).await?;
        let mut doors = Vec::new();
        for door in Door::ALL {
            let met = knocker.knock_in_turns(door).await?;
            doors.push(figures(door.name(), &met));
        }
        let met = knocker.guess_beyond(BEYOND).await?;
        let (compared, times) = (figures("too many", &met), [met.known, met.unknown].concat());
        let p99 = statistics::quantile(&times, 0.99);
        let refused =
            Refused { p99_millis: p99, most_millis: REFUSED, met: p99 <= REFUSED && compared.met, compared };
        Ok((doors, refused))
    })
}

fn figures(door: &'static str, met: &Met) -> Figures {
    let known = statistics::quantile(&met.known, 0.5);
    let unknown = statistics::quantile(&met.unknown, 0.5);
    let p = statistics::mann_whitney(&met.known, &met.unknown);
    Figures {
        door,
        statuses: met.statuses.iter().copied().collect(),
        differing: met.differing,
        first_difference: met.first_difference.clone(),
        known_millis: known,
        unknown_millis: unknown,
        p,
        met: met.differing == 0 && (p > CHANCE || (known - unknown).abs() < APART),
    }
}

impl Report {
    fn table(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let Report { version, database, pairs, .. } = self;
        writeln!(out, "bench enumeration {version}: {pairs} pairs of names at each door, {database}\n")?;
        writeln!(out, "  door        status   known ms  unknown ms   apart ms        p   differing")?;
        for figures in self.doors.iter().chain([&self.refused.compared]) {
            let Figures { door, statuses, differing, known_millis, unknown_millis, p, met, .. } = figures;
            let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
            let apart = (known_millis - unknown_millis).abs();
            let verdict = if *met { "" } else { "   told apart" };
            writeln!(
                out,
                "  {door:<10} {:>8} {known_millis:>10.3} {unknown_millis:>11.3} {apart:>10.3} {p:>8.4} \
                 {differing:>11}{verdict}",
                statuses.join(" ")
            )?;
        }
        for Figures { door, first_difference, .. } in self.doors.iter().chain([&self.refused.compared]) {
            if let Some(difference) = first_difference {
                writeln!(out, "\n  {door} differs: {difference}")?;
            }
        }
        let Refused { p99_millis, most_millis, .. } = self.refused;
        writeln!(out, "\n  a guess too many: 99 % within {p99_millis:.3} ms (at most {most_millis} ms)")?;
        let verdict = if self.met { "nothing tells them apart" } else { "missed" };
        writeln!(
            out,
            "  aim: same answers, and p > {} or medians less than {} ms apart: {verdict}",
            self.least_p, self.most_apart_millis
        )
    }
}
