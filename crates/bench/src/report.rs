//! The figures of `bench sign-in`: what is printed, and its JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::histogram::Quantiles;
use crate::limits::Limits;
use crate::process;

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Always `sign-in`.
    pub(crate) bench: &'static str,
    /// Version of the programs.
    pub(crate) version: &'static str,
    /// Processor and number of cores.
    pub(crate) machine: Machine,
    /// What the machine can do at best.
    pub(crate) limits: Limits,
    /// One for each database.
    pub(crate) runs: Vec<Figures>,
}

/// Where the figures were taken.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    /// Name of the processor.
    pub(crate) processor: String,
    /// Cores that the program may use.
    pub(crate) cores: usize,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { processor: process::processor(), cores }
    }
}

/// The figures on one database.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// `sqlite`, `postgres` or `target`.
    pub(crate) database: &'static str,
    /// People who take turns.
    pub(crate) users: usize,
    /// Keep-alive connections.
    pub(crate) connections: usize,
    /// Threads of the load generator.
    pub(crate) client_threads: usize,
    /// As fast as answers come.
    pub(crate) closed: Phase,
    /// At the offered rate, latency counted from the intended start.
    pub(crate) open: Phase,
    /// Sign-ins a second in the closed loop, as shares of the machine's limits.
    pub(crate) shares: Shares,
    /// How often the disk was asked to flush.
    pub(crate) flushes: Option<Flushes>,
    /// Memory and starts; only where the server is ours.
    pub(crate) process: Option<Process>,
}

/// One load and what it cost.
#[derive(Debug, Serialize)]
pub(crate) struct Phase {
    /// Sign-ins a second that were asked for; `None` in the closed loop.
    pub(crate) offered_per_second: Option<f64>,
    /// Sign-ins a second that were completed.
    pub(crate) per_second: f64,
    /// `POST /signin/begin`, milliseconds.
    pub(crate) begin: Quantiles,
    /// `POST /signin/finish`.
    pub(crate) finish: Quantiles,
    /// `GET /me/security`.
    pub(crate) page: Quantiles,
    /// All three and the authenticator's signature between them.
    pub(crate) total: Quantiles,
    /// Processor time of the server for one sign-in, user and system, microseconds.
    pub(crate) server_cpu_micros: Option<f64>,
    /// The same of the PostgreSQL server.
    pub(crate) database_cpu_micros: Option<f64>,
    /// The same of the load generator.
    pub(crate) client_cpu_micros: f64,
    /// Durable commits of the server for one sign-in.
    pub(crate) commits: Option<f64>,
    /// Attempts repeated after a serialisation failure, for one sign-in (PostgreSQL).
    pub(crate) retries: Option<f64>,
    /// Share of the machine that processes other than these used meanwhile, 0 to 1.
    pub(crate) others: f64,
}

/// Sign-ins a second (closed loop), divided by what the machine could do at best.
#[derive(Debug, Serialize)]
pub(crate) struct Shares {
    /// Of ES256 verifications a second on one core.
    pub(crate) verifies: f64,
    /// Of single flushes a second; above 1 commits share flushes.
    pub(crate) flushes: f64,
    /// Three requests each, of empty requests a second.
    pub(crate) empty_requests: f64,
}

/// How often the disk was asked to flush.
#[derive(Debug, Serialize)]
pub(crate) struct Flushes {
    /// For one sign-in, in the closed loop.
    pub(crate) per_sign_in: f64,
    /// Who counted.
    pub(crate) counted_by: &'static str,
}

/// The server's process.
#[derive(Debug, Serialize)]
pub(crate) struct Process {
    /// Resident memory a second after the first answer, bytes.
    pub(crate) idle_bytes: u64,
    /// The most that it ever was, bytes.
    pub(crate) peak_bytes: u64,
    /// From the start of the process to the complete sign-in page on the used database: median, milliseconds.
    pub(crate) restart_millis: f64,
    /// Each of the starts.
    pub(crate) restarts_millis: Vec<f64>,
    /// From SIGTERM to the end, milliseconds: median.
    pub(crate) stop_millis: f64,
    /// Growth of the database for one sign-in, bytes.
    pub(crate) growth_bytes: f64,
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
        writeln!(out, "bench sign-in {} on {cores} cores of {processor}\n", self.version)?;
        write_limits(out, &self.limits)?;
        for figures in &self.runs {
            figures.write(out)?;
        }
        Ok(())
    }
}

pub(crate) fn write_limits(out: &mut String, limits: &Limits) -> std::fmt::Result {
    writeln!(out, "The machine's limits")?;
    writeln!(out, "  ES256 verifications/s, one core    {:>9.0}", limits.verifies)?;
    writeln!(out, "    with the key parsed each time    {:>9.0}", limits.verifies_with_key)?;
    writeln!(out, "  ES256 signatures/s, one core       {:>9.0}", limits.signs)?;
    writeln!(out, "  4 kB writes with fdatasync/s       {:>9.0}", limits.flushes)?;
    let micros = limits.empty_request_micros;
    writeln!(
        out,
        "  empty requests/s, same client      {:>9.0}   at {micros:.0} µs of server CPU",
        limits.empty_requests
    )?;
    writeln!(out, "  one Argon2id hash                  {:>9.1} ms", limits.argon2id_millis)
}

impl Figures {
    fn write(&self, out: &mut String) -> std::fmt::Result {
        let Figures { database, users, connections, client_threads, .. } = self;
        writeln!(
            out,
            "\n{database}: {users} people, {connections} connections, {client_threads} client thread(s)"
        )?;
        self.closed.write(out, "closed loop")?;
        self.open.write(out, "open loop")?;
        let Shares { verifies, flushes, empty_requests } = self.shares;
        writeln!(out, "  sign-ins/s ÷ the machine's limit")?;
        writeln!(out, "    verifications/s of one core      {verifies:>9.3}")?;
        writeln!(out, "    fdatasyncs/s                     {flushes:>9.3}")?;
        writeln!(out, "    empty requests/s (3 each)        {empty_requests:>9.3}")?;
        if let Some(Flushes { per_sign_in, counted_by }) = &self.flushes {
            writeln!(
                out,
                "  flushes of the disk/sign-in        {per_sign_in:>9.3}   counted by {counted_by}"
            )?;
        }
        let Some(process) = &self.process else { return Ok(()) };
        let (idle, peak) = (mebibytes(process.idle_bytes), mebibytes(process.peak_bytes));
        writeln!(out, "  memory idle / peak                 {idle:>9.1} / {peak:.1} MiB")?;
        let each: Vec<String> = process.restarts_millis.iter().map(|millis| format!("{millis:.0}")).collect();
        let each = each.join(" ");
        writeln!(out, "  restart to first answer, median    {:>9.1} ms   ({each})", process.restart_millis)?;
        writeln!(out, "  graceful stop, median              {:>9.1} ms", process.stop_millis)?;
        writeln!(out, "  growth of the database/sign-in     {:>9.0} bytes", process.growth_bytes)
    }
}

impl Phase {
    fn write(&self, out: &mut String, name: &str) -> std::fmt::Result {
        write!(out, "  {name}: {:.0} sign-ins/s", self.per_second)?;
        if let Some(offered) = self.offered_per_second {
            write!(out, " of {offered:.0}/s offered, latency from the intended start")?;
        }
        writeln!(out, " (other processes used {:.0} % of the machine)", self.others * 100.0)?;
        write!(out, "    CPU/sign-in:")?;
        if let Some(micros) = self.server_cpu_micros {
            write!(out, " server {micros:.0} µs,")?;
        }
        if let Some(micros) = self.database_cpu_micros {
            write!(out, " database {micros:.0} µs,")?;
        }
        write!(out, " load generator {:.0} µs", self.client_cpu_micros)?;
        if let (Some(commits), Some(retries)) = (self.commits, self.retries) {
            write!(out, "; commits/sign-in: {commits:.2}, retries: {retries:.2}")?;
        }
        writeln!(out)?;
        writeln!(out, "    ms                        p50      p95      p99      max")?;
        for (name, quantiles) in [
            ("POST /signin/begin", self.begin),
            ("POST /signin/finish", self.finish),
            ("GET  /me/security", self.page),
            ("whole sign-in", self.total),
        ] {
            let Quantiles { p50, p95, p99, max, .. } = quantiles;
            writeln!(out, "    {name:<20} {p50:>8.2} {p95:>8.2} {p99:>8.2} {max:>8.2}")?;
        }
        Ok(())
    }
}

fn mebibytes(bytes: u64) -> f64 {
    crate::histogram::real(bytes) / (1024.0 * 1024.0)
}
