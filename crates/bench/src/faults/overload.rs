//! `overload`: ten times as many people as can be served. Those who are let in are served as fast as ever, the rest is
//! told at once to come back, and when they have gone everything is as before.

use std::collections::BTreeMap;
use std::time::Duration;

use super::stand::Stand;
use super::storm::{self, Force, Weather};
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{millis, real};
use crate::process;

/// Arrivals for each one that could be served.
const TIMES: f64 = 10.0;
/// How long it lasts.
const STORM: Duration = Duration::from_secs(10);
/// How long it is watched afterwards.
const AFTER: Duration = Duration::from_secs(8);
/// Browsers: so many that nobody waits for one while refusals are fast.
const BROWSERS: usize = 1024;
/// Browsers while the capacity is measured.
const FEW: usize = 48;
/// The control: nobody is refused.
const EVERYBODY: &str = "[limits]\nrequests = 1000000\n";
/// The promises.
const GOODPUT: f64 = 0.8;
const REFUSED_WITHIN: Duration = Duration::from_millis(50);
const ADMITTED_WITHIN: Duration = Duration::from_millis(500);
const MEMORY: u64 = 512 * 1024 * 1024;
const BACK_WITHIN: usize = 5;

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    Stand::databases(setting)?.into_iter().map(|database| on(setting, database)).collect()
}

/// What was measured.
struct Measured {
    capacity: f64,
    usual: Weather,
    storm: Weather,
    after: Weather,
    peak: u64,
    stages: u64,
}

fn on(setting: &Setting, database: Database) -> Result<Outcome, Failure> {
    let name = database.name();
    let measured = Measured::of(setting, database, "")?;
    // Only on SQLite, where it is quickest: what is left out is the same on both.
    let uncontrolled = match name {
        "sqlite" => Some(Measured::of(setting, Database::Sqlite { path: String::new() }, EVERYBODY)?),
        _ => None,
    };
    Ok(measured.outcome(name, uncontrolled.as_ref()))
}

impl Measured {
    fn of(setting: &Setting, database: Database, extra: &str) -> Result<Self, Failure> {
        let (stand, mut people) = Stand::new(setting, database, BROWSERS + FEW, extra)?;
        stand.part_processors()?;
        let few = stand.browsers(people.split_off(BROWSERS), FEW);
        let (capacity, usual, few) = stand.capacity(few)?;
        let many = stand.browsers(people, BROWSERS);
        let (storm, _) = storm::blow(many, Force::Open(TIMES * capacity), STORM, setting.seed)?;
        let (after, _) = storm::blow(few, Force::Open(capacity / 3.0), AFTER, setting.seed)?;
        let peak = process::memory(stand.pid()?)?.peak;
        Stand::join_processors()?;
        let stages = storm.refused_at.iter().skip(1).sum();
        Ok(Self { capacity, usual, storm, after, peak, stages })
    }

    fn goodput(&self) -> f64 {
        real(self.storm.signed.count()) / STORM.as_secs_f64()
    }

    /// Seconds after the storm until nobody is refused any more and people wait no longer than they may.
    fn recovery(&self) -> usize {
        let is_bad = |second: &usize| {
            let slow =
                self.after.seconds.get(*second).is_some_and(|done| done.quantile(990) > ADMITTED_WITHIN);
            slow || self.after.refused_in.get(*second).is_some_and(|refused| *refused > 0)
        };
        (0..self.after.seconds.len()).rfind(is_bad).map_or(0, |second| second + 1)
    }

    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut broken = |is_broken: bool, what: String| {
            if is_broken {
                problems.push(what);
            }
        };
        let (storm, after) = (&self.storm, &self.after);
        let share = self.goodput() / self.capacity;
        broken(
            share < GOODPUT,
            format!("goodput is {:.0} % of the capacity, promised are 80 %", share * 100.0),
        );
        let refused = storm.refused.quantile(990);
        broken(
            refused > REFUSED_WITHIN,
            format!("a refusal takes {:.1} ms, promised are 50", millis(refused)),
        );
        let admitted = storm.signed.quantile(990);
        broken(admitted > ADMITTED_WITHIN, format!("p99 is {:.1} ms, promised are 500", millis(admitted)));
        broken(self.peak > MEMORY, format!("the server took {} MiB, promised are 512", self.peak >> 20));
        broken(self.recovery() > BACK_WITHIN, format!("after {} s it was not as before", self.recovery()));
        broken(!storm.failures.is_empty(), format!("neither served nor refused: {}", storm.failed()));
        broken(!after.failures.is_empty(), format!("failed after the storm: {}", after.failed()));
        problems
    }

    fn outcome(&self, database: &str, uncontrolled: Option<&Self>) -> Outcome {
        let goodput = self.goodput();
        let mut problems = self.problems();
        let control = match uncontrolled.map(|measured| (measured, measured.problems())) {
            None => "control on SQLite".to_owned(),
            Some((_, broken)) if broken.is_empty() => {
                problems
                    .push("control: with everybody let in the promises were kept all the same".to_owned());
                "the control did not fail".to_owned()
            }
            Some((measured, _)) => format!(
                "control failed as it must: with everybody let in p99 is {:.0} ms",
                millis(measured.storm.signed.quantile(990))
            ),
        };
        let (signed, refused) = (&self.storm.signed, &self.storm.refused);
        let usual = millis(self.usual.signed.quantile(990));
        let summary = format!(
            "capacity {:.0} sign-ins/s (p99 {usual:.0} ms), offered {:.0}/s for {} s: goodput {goodput:.0}/s = {:.0} % \
             (promised 80), admitted p50/p99 {:.1}/{:.1} ms (500), {} refused with p50/p99/max {:.1}/{:.1}/{:.1} ms (50), \
             of them {} in the middle of a sign-in, {} browsers behind at the end, memory {} MiB (512), as before after {} s (5); {control}: {}",
            self.capacity,
            TIMES * self.capacity,
            STORM.as_secs(),
            goodput / self.capacity * 100.0,
            millis(signed.quantile(500)),
            millis(signed.quantile(990)),
            self.storm.refusals(),
            millis(refused.quantile(500)),
            millis(refused.quantile(990)),
            millis(refused.quantile(1000)),
            self.stages,
            self.storm.late,
            self.peak >> 20,
            self.recovery(),
            if problems.is_empty() { "kept" } else { "BROKEN" },
        );
        let figures = BTreeMap::from([
            ("capacity_per_second", self.capacity),
            ("offered_per_second", TIMES * self.capacity),
            ("goodput_per_second", goodput),
            ("goodput_share", goodput / self.capacity),
            ("admitted_p50_millis", millis(signed.quantile(500))),
            ("admitted_p99_millis", millis(signed.quantile(990))),
            ("refused", real(self.storm.refusals())),
            ("refused_p50_millis", millis(refused.quantile(500))),
            ("refused_p99_millis", millis(refused.quantile(990))),
            ("peak_bytes", real(self.peak)),
            ("recovery_seconds", real(u64::try_from(self.recovery()).unwrap_or(u64::MAX))),
        ]);
        Outcome { scenario: "overload", database: database.to_owned(), summary, problems, figures }
    }
}
