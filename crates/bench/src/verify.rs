//! `bench verify`: one authentication, from the client's JSON to what it proves, against the bare signature check.
//!
//! Both are timed in turns in one run on the same signatures, so that what else the machine does touches both. The
//! ceremony's state is opened already and the credential's row is read: this is what [`webauthn`] costs by itself.

mod bare;
mod case;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use clap::Args;
use fido::response::AuthenticationResponse;
use primitives::cose::{Algorithm, PublicKey};
use serde::Serialize;
use webauthn::authentication;

use crate::failure::Failure;
use crate::histogram::real;
use crate::verify::case::{Bench, Case};

/// What a whole verification may cost of a bare one.
const AIM: f64 = 1.15;
/// Assertions of one algorithm; each round goes through all of them.
const CASES: usize = 32;

/// What to measure.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Rounds through 32 assertions of each algorithm.
    #[arg(long, default_value_t = 300)]
    rounds: usize,
    /// Exit with 1 if ES256 misses its aim.
    #[arg(long)]
    strict: bool,
    /// One line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// A whole run.
#[derive(Debug, Serialize)]
struct Report {
    /// Always `verify`.
    bench: &'static str,
    /// Version of the programs.
    version: &'static str,
    /// What ES256 may cost at most.
    aim: f64,
    /// Whether it does not cost more.
    met: bool,
    /// ES256 first; the others are information.
    algorithms: Vec<Figures>,
}

/// The figures of one algorithm: medians over all samples.
#[derive(Debug, Serialize)]
struct Figures {
    /// Its name.
    algorithm: String,
    /// aws-lc's check by itself, from the raw key, microseconds.
    bare_micros: f64,
    /// The whole ceremony, microseconds.
    whole_micros: f64,
    /// Of these, reading the client's JSON.
    json_micros: f64,
    /// Of these, reading the stored COSE key.
    key_micros: f64,
    /// Median of the ratios of the whole to the bare, each of the same assertion at the same time.
    ratio: f64,
    /// The quartiles of these ratios: half of them lie between.
    quartiles: [f64; 2],
}

/// How long each way took for one assertion.
#[derive(Clone, Copy, Debug)]
struct Sample {
    bare: Duration,
    whole: Duration,
    json: Duration,
    key: Duration,
}

/// The whole subcommand.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut algorithms = Vec::new();
    for algorithm in Algorithm::ALL {
        // Those that aws-lc checks under another number too are the same work.
        if let Some(bench) = Bench::of(algorithm, CASES)? {
            algorithms.push(measure(&bench, options.rounds.max(1))?);
        }
    }
    let met = algorithms.first().is_some_and(|figures| figures.ratio <= AIM);
    let report = Report { bench: "verify", version: env!("CARGO_PKG_VERSION"), aim: AIM, met, algorithms };
    if options.json {
        let line = serde_json::to_string(&report).map_err(Failure::because("cannot write the JSON"))?;
        println!("{line}");
    } else {
        print!("{}", report.table());
    }
    match report.algorithms.first() {
        Some(first) if options.strict && !report.met => Err(Failure::new(format!(
            "one {} authentication costs {:.3} × the bare verification; at most {AIM} × was to be reached",
            first.algorithm, first.ratio
        ))),
        _ => Ok(()),
    }
}

fn measure(bench: &Bench, rounds: usize) -> Result<Figures, Failure> {
    bench.check()?;
    let mut samples = Vec::with_capacity(rounds.saturating_mul(CASES));
    // A tenth more in front, which does not count: caches and the processor's clock settle.
    for round in 0..rounds + rounds.div_ceil(10) {
        for case in &bench.cases {
            let sample = sample(bench, case, round % 2 == 0);
            if round >= rounds.div_ceil(10) {
                samples.push(sample);
            }
        }
    }
    Ok(figures(format!("{:?}", bench.algorithm), &samples))
}

/// Both ways close together, so that both meet the same processor, and a neighbour who interrupts one spoils one sample
/// of many; who goes first changes, because the first finds colder caches.
fn sample(bench: &Bench, case: &Case, bare_first: bool) -> Sample {
    let bare = || timed(|| bench.bare.verify(black_box(&case.message), &case.signature));
    let whole = || timed(|| whole(bench, case));
    let (bare, whole) = if bare_first {
        let bare = bare();
        (bare, whole())
    } else {
        let whole = whole();
        (bare(), whole)
    };
    let json = timed(|| AuthenticationResponse::parse(black_box(&case.json)).is_ok());
    let key = timed(|| PublicKey::parse_registered(black_box(&case.stored.public_key)).is_ok());
    Sample { bare, whole, json, key }
}

fn timed(work: impl FnOnce() -> bool) -> Duration {
    let begun = Instant::now();
    black_box(work());
    begun.elapsed()
}

/// What the server does with an answer between opening its state and asking the writer.
fn whole(bench: &Bench, case: &Case) -> bool {
    AuthenticationResponse::parse(black_box(&case.json)).is_ok_and(|response| {
        let party = &bench.relying_party;
        authentication::finish(party, &case.state, &response, Some(&case.stored), bench.now).is_ok()
    })
}

fn figures(algorithm: String, samples: &[Sample]) -> Figures {
    let micros = |of: fn(&Sample) -> Duration| {
        quantile(samples.iter().map(|sample| of(sample).as_secs_f64() * 1e6), 0.5)
    };
    let ratio = |at| {
        quantile(samples.iter().map(|sample| sample.whole.as_secs_f64() / sample.bare.as_secs_f64()), at)
    };
    Figures {
        algorithm,
        bare_micros: micros(|sample| sample.bare),
        whole_micros: micros(|sample| sample.whole),
        json_micros: micros(|sample| sample.json),
        key_micros: micros(|sample| sample.key),
        ratio: ratio(0.5),
        quartiles: [ratio(0.25), ratio(0.75)],
    }
}

/// The value below which the share `at` of the values lies; zero without values.
fn quantile(values: impl Iterator<Item = f64>, at: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let count = real(u64::try_from(sorted.len()).unwrap_or(u64::MAX));
    let below = (0_u64..).zip(&sorted).find(|(index, _)| real(*index) + 1.0 >= at * count);
    below.map_or(0.0, |(_, value)| *value)
}

impl Report {
    fn table(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "bench verify {}: one authentication against the bare check\n", self.version)?;
        writeln!(out, "  µs                  bare    whole     JSON      key    ratio   quartiles")?;
        for figures in &self.algorithms {
            let Figures { algorithm, bare_micros, whole_micros, json_micros, key_micros, .. } = figures;
            let [low, high] = figures.quartiles;
            writeln!(
                out,
                "  {algorithm:<13} {bare_micros:>10.1} {whole_micros:>8.1} {json_micros:>8.1} {key_micros:>8.1} \
                 {:>8.3}   {low:.3} to {high:.3}",
                figures.ratio
            )?;
        }
        let verdict = if self.met { "met" } else { "missed" };
        writeln!(out, "\n  ES256: at most {} × the bare check: {verdict}", self.aim)
    }
}

#[cfg(test)]
mod tests;
