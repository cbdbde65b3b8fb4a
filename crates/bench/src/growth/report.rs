//! The figures of `bench growth`: what is printed, and its JSON.

use std::fmt::Write as _;

use serde::Serialize;

use super::impact;
use super::site::Costs;
use super::turns::{Turns, Waits};
use super::visitor::Kind;
use crate::histogram::{Histogram, millis, real};
use crate::report::Machine;

/// Ratios of the control outside this and its inverse say that the machine is not quiet enough to judge by.
const NOISE: f64 = 1.15;

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Always `growth`.
    pub(crate) bench: &'static str,
    /// Version of the programs.
    pub(crate) version: &'static str,
    /// Where.
    pub(crate) machine: Machine,
    /// Arrivals a second of each kind.
    pub(crate) rate: f64,
    /// The largest ratio that is good.
    pub(crate) at_most: f64,
    /// Whether no ratio that counts is larger.
    pub(crate) holds: bool,
    /// One for each database.
    pub(crate) databases: Vec<OnDatabase>,
}

/// The figures on one database.
#[derive(Debug, Serialize)]
pub(crate) struct OnDatabase {
    /// `sqlite` or `postgres`.
    pub(crate) database: &'static str,
    /// Sizes in ascending order.
    pub(crate) sizes: Vec<SizeFigures>,
    /// For each size but the first, and each kind: its waits divided by those of the first.
    pub(crate) ratios: Vec<Ratio>,
    /// The second visits to the smallest divided by the first ones: what is noise.
    pub(crate) control: Vec<Ratio>,
}

/// The figures of one size.
#[derive(Debug, Serialize)]
pub(crate) struct SizeFigures {
    /// What it costs besides waiting.
    pub(crate) costs: Costs,
    /// How long people wait, for each kind.
    pub(crate) waits: Vec<Wait>,
}

/// How long people wait for one kind of thing, milliseconds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Wait {
    /// For what.
    pub(crate) kind: &'static str,
    /// How often it was measured.
    pub(crate) count: u64,
    /// Half wait less.
    pub(crate) p50: f64,
    /// 90 in 100 wait less.
    pub(crate) p90: f64,
    /// 99 in 100 wait less.
    pub(crate) p99: f64,
}

/// The waits of one size divided by those of another in the same round ([`Waits::over`]).
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Ratio {
    /// How many people there are in the larger.
    pub(crate) users: u64,
    /// For what they wait.
    pub(crate) kind: &'static str,
    /// Of the medians; counts.
    pub(crate) p50: f64,
    /// Of the 90 in 100; counts.
    pub(crate) p90: f64,
    /// Of the 99 in 100 of all rounds; it is told and does not count, because a dozen samples decide it.
    pub(crate) p99: f64,
}

impl SizeFigures {
    /// From what was measured at one size.
    fn new(costs: Costs, waits: &Waits) -> Self {
        Self { costs, waits: Kind::ALL.map(|kind| Wait::of(kind, waits.of(kind))).to_vec() }
    }
}

impl Wait {
    fn of(kind: Kind, histogram: &Histogram) -> Self {
        let at = |per_mille| millis(histogram.quantile(per_mille));
        Self { kind: kind.name(), count: histogram.count(), p50: at(500), p90: at(900), p99: at(990) }
    }
}

impl Ratio {
    fn of(kind: Kind, users: u64, waits: &Waits, smallest: &Waits) -> Self {
        let [p50, p90] = waits.over(smallest, kind);
        let p99 = |waits: &Waits| waits.of(kind).quantile(990).as_secs_f64();
        Self { users, kind: kind.name(), p50, p90, p99: p99(waits) / p99(smallest) }
    }

    /// The larger of those that count; infinite where there is nothing to divide.
    fn worst(&self) -> f64 {
        let worst = self.p50.max(self.p90);
        if worst.is_finite() && worst > 0.0 { worst } else { f64::INFINITY }
    }
}

impl OnDatabase {
    /// From what was measured at each size, smallest first, and in the second visits to the smallest.
    pub(crate) fn new(database: &'static str, costs: Vec<Costs>, turns: &Turns) -> Self {
        let least = costs.first().map_or(0, |costs| costs.users);
        let smallest = turns.sizes.first().cloned().unwrap_or_default();
        let over = |users, waits| Kind::ALL.map(|kind| Ratio::of(kind, users, waits, &smallest));
        let larger = costs.iter().zip(&turns.sizes).skip(1);
        let ratios = larger.flat_map(|(costs, waits)| over(costs.users, waits)).collect();
        let control = over(least, &turns.control).to_vec();
        let sizes = costs.into_iter().zip(&turns.sizes);
        let sizes = sizes.map(|(costs, waits)| SizeFigures::new(costs, waits)).collect();
        Self { database, sizes, ratios, control }
    }

    /// The largest ratio that counts.
    pub(crate) fn worst(&self) -> f64 {
        self.ratios.iter().map(Ratio::worst).fold(0.0, f64::max)
    }

    /// Whether what a policy does is answered in time.
    pub(crate) fn foresees(&self) -> bool {
        self.sizes.iter().all(|size| impact::holds(size.costs.users, size.costs.impact_millis))
    }

    /// Whether the control says that the machine was too busy to judge by.
    fn is_noisy(&self) -> bool {
        self.control
            .iter()
            .flat_map(|ratio| [ratio.p50, ratio.p90])
            .any(|ratio| !(1.0 / NOISE..=NOISE).contains(&ratio))
    }
}

impl Report {
    /// The tables for a person.
    pub(crate) fn table(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let Machine { processor, cores } = &self.machine;
        let rate = self.rate;
        writeln!(out, "bench growth {} on {cores} cores of {processor}", self.version)?;
        writeln!(out, "open load, {rate} a second of each kind, sizes in turns; milliseconds")?;
        for database in &self.databases {
            database.write(out, self.at_most)?;
        }
        Ok(())
    }
}

impl OnDatabase {
    fn write(&self, out: &mut String, at_most: f64) -> std::fmt::Result {
        writeln!(out, "\n{}", self.database)?;
        writeln!(
            out,
            "     people  for                  p50      p90      p99    count     ÷ p50    ÷ p90    ÷ p99"
        )?;
        for size in &self.sizes {
            for wait in &size.waits {
                let users = size.costs.users;
                let Wait { kind, count, p50, p90, p99 } = wait;
                write!(out, "  {users:>9}  {kind:<16} {p50:>8.2} {p90:>8.2} {p99:>8.2} {count:>8}")?;
                write_ratio(
                    out,
                    self.ratios.iter().find(|ratio| ratio.users == users && ratio.kind == *kind),
                )?;
            }
        }
        for ratio in &self.control {
            write!(out, "  {:>9}  {:<16} {:>35}", "again", ratio.kind, "")?;
            write_ratio(out, Some(ratio))?;
        }
        let (worst, holds) = (self.worst(), if self.worst() <= at_most { "holds" } else { "MISSED" });
        writeln!(out, "  largest ratio of p50 and p90: {worst:.2}, at most {at_most}: {holds}")?;
        if self.is_noisy() {
            writeln!(
                out,
                "  the smallest against itself (again) is not near 1: this machine is too busy to judge by"
            )?;
        }
        writeln!(
            out,
            "     people   database  MB/1,000     start   memory idle / after  CPU/visit   keyward pass issue   impact of a policy   overview / counting"
        )?;
        self.sizes.iter().try_for_each(|size| size.costs.write(out))
    }
}

fn write_ratio(out: &mut String, ratio: Option<&Ratio>) -> std::fmt::Result {
    match ratio {
        None => writeln!(out),
        Some(Ratio { p50, p90, p99, .. }) => writeln!(out, "  {p50:>8.2} {p90:>8.2} {p99:>8.2}"),
    }
}

impl Costs {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let mebi = |bytes: u64| real(bytes) / (1024.0 * 1024.0);
        let Costs {
            users,
            start_millis,
            cpu_micros,
            command_millis,
            impact_millis,
            overview_millis,
            counting_millis,
            ..
        } = self;
        let size = real(self.database_bytes) / 1e6;
        let each = size * 1000.0 / real(*users);
        let (idle, after) = (mebi(self.idle_bytes), mebi(self.after_bytes));
        writeln!(
            out,
            "  {users:>9} {size:>7.1} MB {each:>9.2} {start_millis:>6.0} ms {idle:>7.1} / {after:.1} MiB \
             {cpu_micros:>9.0} µs {command_millis:>15.0} ms {impact_millis:>17.0} ms \
             {overview_millis:>7.1} / {counting_millis:.0} ms"
        )
    }
}
