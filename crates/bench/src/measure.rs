//! Applies the loads to a server and turns what was met into figures.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::flushes::Tracer;
use crate::histogram::real;
use crate::host;
use crate::http::Endpoint;
use crate::limits::Limits;
use crate::load::{Pace, Run, Tally, drive};
use crate::process;
use crate::report::{Flushes, Phase, Shares};
use crate::worker::Worker;

/// Load before figures count.
const WARM_UP: Duration = Duration::from_secs(1);
/// Load while flushes are counted.
const COUNTING: Duration = Duration::from_secs(2);
/// The counter of durable commits among the server's metrics.
const COMMITS: &str = "keyward_store_commits_total";
/// The counter of attempts that a serialisation failure made necessary.
const RETRIES: &str = "keyward_store_retries_total";

/// A server to be measured.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// Its pages.
    pub(crate) endpoint: Endpoint,
    /// Its metrics, if they are served.
    pub(crate) metrics: Option<Endpoint>,
    /// Its process, if it is on this machine.
    pub(crate) server: Option<u32>,
    /// The parent process of its PostgreSQL server, if it is ours.
    pub(crate) database: Option<u32>,
}

/// How the loads are applied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loads {
    /// Threads of the load generator.
    pub(crate) threads: usize,
    /// Load that counts, in each loop.
    pub(crate) measure: Duration,
    /// Sign-ins offered a second in the open loop; half of the closed loop's where absent.
    pub(crate) offered: Option<f64>,
}

/// What all loads together showed.
pub(crate) struct Loaded {
    pub(crate) closed: Phase,
    pub(crate) open: Phase,
    pub(crate) flushes: Option<Flushes>,
    /// Sign-ins that succeeded in all, those that do not count included.
    pub(crate) sign_ins: u64,
}

/// Closed loop, open loop, and a short closed loop in which flushes are counted (in files under `dir`).
pub(crate) fn apply(
    loads: &Loads,
    subject: &Subject,
    workers: &mut Vec<Worker>,
    dir: &Path,
) -> Result<Loaded, Failure> {
    let run = Run { threads: loads.threads, warm_up: WARM_UP, measure: loads.measure, pace: Pace::Closed };
    let (closed, first) = phase(&run, subject, workers)?;
    let rate = loads.offered.unwrap_or(closed.per_second / 2.0);
    let (open, second) = phase(&Run { pace: Pace::Open(rate), ..run }, subject, workers)?;
    let (flushes, third) =
        count_flushes(&Run { warm_up: Duration::ZERO, measure: COUNTING, ..run }, subject, workers, dir)?;
    Ok(Loaded { closed, open, flushes, sign_ins: first + second + third })
}

/// The closed loop's rate beside the machine's limits.
pub(crate) fn shares(per_second: f64, limits: &Limits) -> Shares {
    Shares {
        verifies: per_second / limits.verifies,
        flushes: per_second / limits.flushes,
        empty_requests: per_second * 3.0 / limits.empty_requests,
    }
}

/// One load, and the number of sign-ins that succeeded in it.
fn phase(run: &Run, subject: &Subject, workers: &mut Vec<Worker>) -> Result<(Phase, u64), Failure> {
    let (tally, before, after) = drive(run, workers, || Usage::now(subject))?;
    tally.all_well("sign-ins")?;
    let counted = tally.total.count();
    if counted == 0 {
        return Err(Failure::new("not one sign-in was completed while measuring; allow more --seconds"));
    }
    Ok((figures(run, &tally, &before, &after), tally.succeeded))
}

fn figures(run: &Run, tally: &Tally, before: &Usage, after: &Usage) -> Phase {
    let Spent { per_second, server_micros, database_micros, client_micros, commits, retries, others } =
        spent(tally.total.count(), before, after);
    let [begin, finish, page] = &tally.steps;
    Phase {
        offered_per_second: match run.pace {
            Pace::Closed => None,
            Pace::Open(rate) => Some(rate),
        },
        per_second,
        begin: begin.quantiles(),
        finish: finish.quantiles(),
        page: page.quantiles(),
        total: tally.total.quantiles(),
        server_cpu_micros: server_micros,
        database_cpu_micros: database_micros,
        client_cpu_micros: client_micros,
        commits,
        retries,
        others,
    }
}

/// Flushes for one sign-in, if a tracer works here.
fn count_flushes(
    run: &Run,
    subject: &Subject,
    workers: &mut Vec<Worker>,
    dir: &Path,
) -> Result<(Option<Flushes>, u64), Failure> {
    let Some(parent) = subject.database.or(subject.server) else { return Ok((None, 0)) };
    let mut pids = process::children(parent);
    pids.push(parent);
    let Some(tracer) = Tracer::attach(&pids, dir) else { return Ok((None, 0)) };
    let (tally, (), ()) = drive(run, workers, || Ok(()))?;
    let (tool, calls) = tracer.detach()?;
    tally.all_well("sign-ins")?;
    let flushes =
        Flushes { per_sign_in: real(calls) / real(tally.succeeded.max(1)), counted_by: tool.name() };
    Ok((Some(flushes), tally.succeeded))
}

/// What had been spent at one moment.
pub(crate) struct Usage {
    at: Instant,
    server: Option<Duration>,
    database: Option<Duration>,
    client: Duration,
    machine: Duration,
    counters: Option<Counters>,
}

/// What the server counts itself.
#[derive(Clone, Copy)]
struct Counters {
    commits: f64,
    retries: f64,
}

/// What was spent between two moments, for each of what was done in them.
pub(crate) struct Spent {
    /// How many a second.
    pub(crate) per_second: f64,
    /// Processor time of the server, microseconds.
    pub(crate) server_micros: Option<f64>,
    /// The same of the PostgreSQL server.
    pub(crate) database_micros: Option<f64>,
    /// The same of the load generator.
    pub(crate) client_micros: f64,
    /// Durable commits.
    pub(crate) commits: Option<f64>,
    /// Attempts repeated after a serialisation failure.
    pub(crate) retries: Option<f64>,
    /// Share of the machine that other processes used meanwhile, 0 to 1.
    pub(crate) others: f64,
}

/// Reckons what `counted` of something cost.
pub(crate) fn spent(counted: u64, before: &Usage, after: &Usage) -> Spent {
    let counted = real(counted);
    let elapsed = after.at - before.at;
    let difference = |then: Option<Duration>, now: Option<Duration>| Some(now?.saturating_sub(then?));
    let server = difference(before.server, after.server);
    let database = difference(before.database, after.database);
    let client = after.client.saturating_sub(before.client);
    let known = server.unwrap_or_default() + database.unwrap_or_default() + client;
    let others = after.machine.saturating_sub(before.machine).saturating_sub(known);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let capacity = elapsed.as_secs_f64() * real(u64::try_from(cores).unwrap_or(1));
    let each = |time: Duration| time.as_secs_f64() * 1e6 / counted;
    let counters = after.counters.zip(before.counters);
    Spent {
        per_second: counted / elapsed.as_secs_f64(),
        server_micros: server.map(each),
        database_micros: database.map(each),
        client_micros: each(client),
        commits: counters.map(|(now, then)| (now.commits - then.commits) / counted),
        retries: counters.map(|(now, then)| (now.retries - then.retries) / counted),
        others: others.as_secs_f64() / capacity,
    }
}

impl Usage {
    pub(crate) fn now(subject: &Subject) -> Result<Self, Failure> {
        Ok(Self {
            at: Instant::now(),
            server: subject.server.map(process::cpu).transpose()?,
            database: subject.database.map(process::cpu_of_family).transpose()?,
            client: process::cpu(std::process::id())?,
            machine: process::machine_cpu()?,
            counters: subject.metrics.as_ref().map(counters).transpose()?,
        })
    }
}

/// The server's own counters.
fn counters(metrics: &Endpoint) -> Result<Counters, Failure> {
    let (status, body) =
        host::fetch(metrics, "/metrics").map_err(Failure::because("cannot read the server's metrics"))?;
    if status != 200 {
        return Err(Failure::new(format!("the server's metrics answer {status}")));
    }
    let sum = |name| {
        sum_of(&body, name).ok_or_else(|| Failure::new(format!("the server's metrics have no {name}")))
    };
    Ok(Counters { commits: sum(COMMITS)?, retries: sum(RETRIES)? })
}

/// The sum over all labels of one metric in Prometheus's text format.
fn sum_of(metrics: &str, name: &str) -> Option<f64> {
    let values = metrics.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with([' ', '{']).then(|| rest.rsplit(' ').next()?.parse::<f64>().ok()).flatten()
    });
    values.reduce(|sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_a_metric_over_its_labels_only() {
        let text = "# TYPE commits counter\ncommits{a=\"x y\"} 3\ncommits 4\ncommits_failed 100\n";
        assert_eq!(sum_of(text, "commits"), Some(7.0));
        assert_eq!(sum_of(text, "commit"), None);
    }
}
