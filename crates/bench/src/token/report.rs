//! The figures of `bench token`: what is printed, and its JSON.

use std::fmt::Write as _;

use serde::Serialize;

use crate::histogram::{Histogram, Quantiles, real};
use crate::limits::Limits;
use crate::measure::Spent;
use crate::report::Machine;

/// A whole run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Always `token`.
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

/// The figures on one database.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// `sqlite` or `postgres`.
    pub(crate) database: &'static str,
    /// People who are signed in.
    pub(crate) users: usize,
    /// Keep-alive connections.
    pub(crate) connections: usize,
    /// Threads of the load generator.
    pub(crate) client_threads: usize,
    /// One for each kind of request.
    pub(crate) rows: Vec<Row>,
    /// The most memory that the server ever had, bytes.
    pub(crate) peak_bytes: u64,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// `GET /authorize` of somebody who is signed in: a code.
    Authorize,
    /// A code for tokens.
    Exchange,
    /// A refresh token for tokens.
    Refresh,
    /// `GET /oauth/userinfo`.
    Userinfo,
    /// `POST /oauth/introspect`.
    Introspect,
    /// A token of the client's own.
    ClientCredentials,
    /// `GET /oauth/jwks`.
    KeySet,
}

impl Kind {
    /// As the table has it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Authorize => "authorize (signed in)",
            Kind::Exchange => "code exchange",
            Kind::Refresh => "refresh",
            Kind::Userinfo => "userinfo",
            Kind::Introspect => "introspection",
            Kind::ClientCredentials => "client_credentials",
            Kind::KeySet => "JWKS",
        }
    }

    /// What one makes with ES256: an ID token and an access token, or one of them.
    fn signatures(self) -> Option<u32> {
        match self {
            Kind::Exchange | Kind::Refresh => Some(2),
            Kind::ClientCredentials => Some(1),
            Kind::Authorize | Kind::Userinfo | Kind::Introspect | Kind::KeySet => None,
        }
    }

    /// Whether each changes the database.
    fn writes(self) -> bool {
        matches!(self, Kind::Exchange | Kind::Refresh)
    }

    /// How many a second there should be on two cores with SQLite.
    fn aim(self) -> Option<f64> {
        match self {
            Kind::Exchange => Some(3_000.0),
            Kind::Userinfo => Some(10_000.0),
            Kind::KeySet => Some(60_000.0),
            Kind::Authorize | Kind::Refresh | Kind::Introspect | Kind::ClientCredentials => None,
        }
    }
}

/// One kind of request.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    kind: Kind,
    /// Closed loop.
    per_second: f64,
    aim: Option<f64>,
    /// Closed loop, milliseconds.
    closed: Quantiles,
    /// Open loop at half that rate, from the intended start.
    open: Quantiles,
    server_cpu_micros: Option<f64>,
    database_cpu_micros: Option<f64>,
    client_cpu_micros: f64,
    commits: Option<f64>,
    retries: Option<f64>,
    /// Of empty requests a second.
    of_empty_requests: f64,
    /// Signatures a second, of what one core could make.
    of_signatures: Option<f64>,
    /// Changes a second, of single flushes; above 1 commits share flushes.
    of_flushes: Option<f64>,
    others: f64,
}

impl Row {
    pub(crate) fn new(
        kind: Kind,
        spent: &Spent,
        (closed, open): (&Histogram, &Histogram),
        limits: &Limits,
    ) -> Self {
        let per_second = spent.per_second;
        Self {
            kind,
            per_second,
            aim: kind.aim(),
            closed: closed.quantiles(),
            open: open.quantiles(),
            server_cpu_micros: spent.server_micros,
            database_cpu_micros: spent.database_micros,
            client_cpu_micros: spent.client_micros,
            commits: spent.commits,
            retries: spent.retries,
            of_empty_requests: per_second / limits.empty_requests,
            of_signatures: kind.signatures().map(|each| per_second * f64::from(each) / limits.signs),
            of_flushes: kind.writes().then_some(per_second / limits.flushes),
            others: spent.others,
        }
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let known = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.digits$}"))
        };
        let (closed, open) = (&self.closed, &self.open);
        writeln!(
            out,
            "  {:<22} {:>8.0} {:>7} | {:>7.2} {:>7.2} | {:>7.2} {:>7.2} {:>7.2} | {:>6} {:>6} {:>6.0} | {:>7} {:>6} | {:>6.3} {:>6} {:>6} | {:>3.0} %",
            self.kind.name(),
            self.per_second,
            known(self.aim, 0),
            closed.p50,
            closed.p99,
            open.p50,
            open.p99,
            open.max,
            known(self.server_cpu_micros, 0),
            known(self.database_cpu_micros, 0),
            self.client_cpu_micros,
            known(self.commits, 3),
            known(self.retries, 2),
            self.of_empty_requests,
            known(self.of_signatures, 3),
            known(self.of_flushes, 3),
            self.others * 100.0
        )
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
        writeln!(out, "bench token {} on {cores} cores of {processor}\n", self.version)?;
        crate::report::write_limits(out, &self.limits)?;
        for Figures { database, users, connections, client_threads, rows, peak_bytes } in &self.runs {
            writeln!(
                out,
                "\n{database}: {users} people, {connections} connections, {client_threads} client thread(s)"
            )?;
            writeln!(
                out,
                "  {:<22} {:>8} {:>7} | {:>15} | {:>23} | {:>20} | {:>14} | {:>20} | others",
                "",
                "a second",
                "aim",
                "closed p50 p99",
                "half load p50 p99 max",
                "CPU µs srv db client",
                "commits retry",
                "÷ empty signs flushes"
            )?;
            for row in rows {
                row.write(out)?;
            }
            writeln!(out, "  memory, peak {:.1} MiB", real(*peak_bytes) / (1024.0 * 1024.0))?;
        }
        Ok(())
    }
}
