//! `guesses`: two hundred wrong passes a second at many names, beside people who sign in with passkeys at half load.
//! Those must hardly notice: hashing has a bounded place, and whoever finds it full is told so at once.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::random::Random;
use super::stand::Stand;
use super::storm::{self, Force, Weather};
use super::{Outcome, Setting};
use crate::database::Database;
use crate::failure::Failure;
use crate::histogram::{Histogram, millis, real};
use crate::http::{Body, Connection, Endpoint};
use crate::worker::browser_cookie;

/// Wrong passes a second.
const GUESSES: u32 = 200;
/// Connections that they come from.
const GUESSERS: u32 = 50;
/// Browsers of people with passkeys.
const BROWSERS: usize = 64;
/// How long sign-ins are measured without and with guesses.
const MEASURE: Duration = Duration::from_secs(12);
/// The promises: the slowest hundredth takes at most twice as long (below ten milliseconds nobody can tell), hashing takes
/// at most a quarter of the machine, and an answer to a guess comes within a second, half of it in the queue.
const TWICE: f64 = 2.0;
const UNNOTICED: Duration = Duration::from_millis(10);
const SHARE: f64 = 0.25;
const ANSWERED: Duration = Duration::from_secs(1);

/// The scenario.
pub(crate) fn run(setting: &Setting) -> Result<Vec<Outcome>, Failure> {
    Stand::databases(setting)?.into_iter().map(|database| on(setting, database)).collect()
}

/// What the guesses got.
#[derive(Debug, Default)]
struct Guessed {
    answers: BTreeMap<u16, u64>,
    took: Histogram,
    failures: u64,
}

/// What was measured.
struct Measured {
    rate: f64,
    alone: Weather,
    beside: Weather,
    guessed: Guessed,
    /// Processors that the guesses took.
    taken: f64,
    cores: f64,
}

fn on(setting: &Setting, database: Database) -> Result<Outcome, Failure> {
    let (stand, people) = Stand::new(setting, database, 4 * BROWSERS, "")?;
    let browsers = stand.browsers(people, BROWSERS);
    let (capacity, _, browsers) = stand.capacity(browsers)?;
    let rate = capacity / 2.0;
    let meter = stand.meter()?;
    let (alone, browsers) = storm::blow(browsers, Force::Open(rate), MEASURE, setting.seed)?;
    let usual = stand.used_since(&meter)?;

    let meter = stand.meter()?;
    let (endpoint, seed) = (stand.host.endpoint.clone(), setting.seed);
    let guessing = std::thread::spawn(move || guess(&endpoint, seed));
    let (beside, _) = storm::blow(browsers, Force::Open(rate), MEASURE, setting.seed)?;
    let used = stand.used_since(&meter)?;
    let guessed = guessing.join().map_err(|_| Failure::new("the guessers failed"))??;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let cores = f64::from(u32::try_from(cores).unwrap_or(1));
    let measured = Measured { rate, alone, beside, guessed, taken: (used - usual).max(0.0), cores };
    Ok(measured.outcome(stand.database.name()))
}

/// All guesses of the scenario, each at its time.
fn guess(endpoint: &Endpoint, seed: u64) -> Result<Guessed, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Failure::because("cannot start the guessers"))?;
    let mut random = Random::new(seed);
    let start = Instant::now();
    let mut all = Guessed::default();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let tasks: Vec<_> = (0..GUESSERS)
            .map(|number| tokio::task::spawn_local(guesser(endpoint.clone(), number, random.branch(), start)))
            .collect();
        for task in tasks {
            let part = task.await.map_err(Failure::because("a guesser failed"))?;
            all.took.merge(&part.took);
            all.failures += part.failures;
            for (status, count) in part.answers {
                *all.answers.entry(status).or_default() += count;
            }
        }
        Ok(all)
    })
}

async fn guesser(endpoint: Endpoint, number: u32, mut random: Random, start: Instant) -> Guessed {
    let mut guessed = Guessed::default();
    let gap = Duration::from_secs(1) * GUESSERS / GUESSES;
    let mut next = start + gap * number / GUESSERS;
    let mut open: Option<(Connection, String)> = None;
    while next < start + MEASURE {
        tokio::time::sleep_until(next.into()).await;
        // Many names, so that no name's lockout ends the work early; a well-formed pass, so that it is hashed.
        let value = account::temporary_pass::generate(12, &mut primitives::entropy::SystemEntropy);
        let form = format!("identifier=guess-{}%40example.com&pass={}", random.bits(), value.reveal());
        let asked = Instant::now();
        match attempt(&endpoint, open.take(), &form).await {
            Ok((status, kept)) => {
                *guessed.answers.entry(status).or_default() += 1;
                guessed.took.record(asked.elapsed());
                open = Some(kept);
            }
            Err(_) => guessed.failures += 1,
        }
        next += gap;
    }
    guessed
}

async fn attempt(
    endpoint: &Endpoint,
    open: Option<(Connection, String)>,
    form: &str,
) -> Result<(u16, (Connection, String)), String> {
    let (mut connection, cookie) = match open {
        Some(open) => open,
        None => {
            let mut connection = Connection::open(endpoint).await.map_err(|error| error.to_string())?;
            let cookie = browser_cookie(&mut connection).await?;
            (connection, cookie)
        }
    };
    let answer = connection.send("/signin/tap", &cookie, Body::Form(form)).await;
    let status = answer.map_err(|error| error.to_string())?.status;
    Ok((status, (connection, cookie)))
}

impl Measured {
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let (alone, beside) = (self.alone.signed.quantile(990), self.beside.signed.quantile(990));
        if beside > alone.mul_f64(TWICE).max(UNNOTICED) {
            problems.push(format!(
                "p99 rose from {:.1} to {:.1} ms, promised is twice",
                millis(alone),
                millis(beside)
            ));
        }
        if self.taken > SHARE * self.cores {
            problems.push(format!(
                "guesses took {:.2} of {} processors, promised is a quarter",
                self.taken, self.cores
            ));
        }
        let slowest = self.guessed.took.quantile(990);
        if slowest > ANSWERED {
            problems.push(format!("a guess was answered after {:.0} ms, promised are 1000", millis(slowest)));
        }
        let failed = [self.alone.failed(), self.beside.failed()].concat();
        if !failed.is_empty() || self.guessed.failures > 0 {
            problems.push(format!("failed: {failed}, guesses without an answer: {}", self.guessed.failures));
        }
        let refused = self.alone.refusals() + self.beside.refusals();
        if refused > 0 {
            problems.push(format!("{refused} sign-ins were refused at half load"));
        }
        let checked = self.guessed.answers.get(&422).copied().unwrap_or_default();
        let all = real(self.guessed.took.count());
        if checked == 0 || all < 0.9 * f64::from(GUESSES) * MEASURE.as_secs_f64() {
            problems.push(format!("control: {checked} of {all} guesses were checked, so this was no flood"));
        }
        problems
    }

    fn outcome(&self, database: &str) -> Outcome {
        let problems = self.problems();
        let (alone, beside) = (self.alone.signed.quantile(990), self.beside.signed.quantile(990));
        let answers: Vec<String> =
            self.guessed.answers.iter().map(|(status, count)| format!("{status} ×{count}")).collect();
        let summary = format!(
            "{:.0} sign-ins/s beside {GUESSES} wrong passes/s for {} s: p99 {:.1} ms alone, {:.1} ms beside them (at most \
             twice), guesses took {:.2} of {} processors (a quarter), they got {}, answered within {:.0} ms (1000); the \
             control is a test of the pool (hashing::tests::a_flood_runs_one_by_one_for_each_slot): {}",
            self.rate,
            MEASURE.as_secs(),
            millis(alone),
            millis(beside),
            self.taken,
            self.cores,
            answers.join(", "),
            millis(self.guessed.took.quantile(990)),
            if problems.is_empty() { "kept" } else { "BROKEN" },
        );
        let figures = BTreeMap::from([
            ("sign_ins_per_second", self.rate),
            ("alone_p99_millis", millis(alone)),
            ("beside_p99_millis", millis(beside)),
            ("processors_taken", self.taken),
            ("guess_p99_millis", millis(self.guessed.took.quantile(990))),
            ("guesses", real(self.guessed.took.count())),
        ]);
        Outcome { scenario: "guesses", database: database.to_owned(), summary, problems, figures }
    }
}
