//! The load: an open one at a low rate that visits the sizes in turns.

use std::time::{Duration, Instant};

use primitives::entropy;
use testkit::entropy::SeededEntropy;

use super::site::Site;
use super::visitor::Kind;
use crate::failure::Failure;
use crate::histogram::Histogram;
use crate::sign_in::median;

/// How long one visit to one size lasts.
const TURN: Duration = Duration::from_secs(1);
/// At its beginning, processors and caches come back to this size; it does not count.
const SETTLING: Duration = Duration::from_millis(200);
/// Rounds in front that do not count.
const WARM_UP: u32 = 2;

/// What the load is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    /// Arrivals a second of each kind.
    pub(crate) rate: f64,
    /// Load that counts, for each size.
    pub(crate) counted: Duration,
}

/// How long people waited for each kind of thing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits {
    /// In all turns.
    all: [Histogram; 3],
    /// In the turn that is being taken.
    current: [Histogram; 3],
    /// In each turn: the median, and what 90 in 100 do not exceed. Zero where nobody came for it.
    turns: Vec<[[Duration; 2]; 3]>,
}

/// What all turns together showed.
pub(crate) struct Turns {
    /// For each size, in order.
    pub(crate) sizes: Vec<Waits>,
    /// The second visits to the smallest.
    pub(crate) control: Waits,
}

impl Waits {
    /// Those for one kind, of all turns.
    pub(crate) fn of(&self, kind: Kind) -> &Histogram {
        let [sign_in, page, pass] = &self.all;
        pick(kind, sign_in, page, pass)
    }

    /// Those of this size divided by those of another in the same round: the median of the rounds' ratios of their
    /// medians, and of their 90 in 100. What held up the machine for a second or two decides neither.
    pub(crate) fn over(&self, other: &Waits, kind: Kind) -> [f64; 2] {
        [0, 1].map(|which| {
            let at = |turn: &[[Duration; 2]; 3]| {
                let [sign_in, page, pass] = turn;
                let [p50, p90] = pick(kind, sign_in, page, pass);
                if which == 0 { p50.as_secs_f64() } else { p90.as_secs_f64() }
            };
            let pairs = self.turns.iter().map(at).zip(other.turns.iter().map(at));
            let ratios = pairs.filter(|(this, that)| *this > 0.0 && *that > 0.0);
            let ratios: Vec<f64> = ratios.map(|(this, that)| this / that).collect();
            if ratios.is_empty() { f64::NAN } else { median(&ratios) }
        })
    }

    /// Adds one.
    pub(crate) fn record(&mut self, kind: Kind, wait: Duration) {
        let [sign_in, page, pass] = &mut self.current;
        pick(kind, sign_in, page, pass).record(wait);
    }

    /// Ends a turn.
    pub(crate) fn end(&mut self) {
        let turn = std::mem::take(&mut self.current);
        for (all, one) in self.all.iter_mut().zip(&turn) {
            all.merge(one);
        }
        self.turns.push(turn.map(|histogram| [histogram.quantile(500), histogram.quantile(900)]));
    }
}

fn pick<T>(kind: Kind, sign_in: T, page: T, pass: T) -> T {
    match kind {
        Kind::SignIn => sign_in,
        Kind::SecurityInfo => page,
        Kind::IssuePass => pass,
    }
}

/// Visits all sizes, and the first one once more, again and again.
pub(crate) fn take(schedule: &Schedule, sites: &mut [Site]) -> Result<Turns, Failure> {
    let rounds = u32::try_from(schedule.counted.as_secs()).unwrap_or(u32::MAX);
    let mut turns = Turns { sizes: vec![Waits::default(); sites.len()], control: Waits::default() };
    let mut random = Random(SeededEntropy::new(2));
    for round in 0..rounds.saturating_add(WARM_UP) {
        let counts = round >= WARM_UP;
        for (site, waits) in sites.iter_mut().zip(&mut turns.sizes) {
            visit(schedule, site, &mut random, counts.then_some(waits))?;
        }
        if let Some(first) = sites.first_mut() {
            visit(schedule, first, &mut random, counts.then_some(&mut turns.control))?;
        }
    }
    Ok(turns)
}

fn visit(
    schedule: &Schedule,
    site: &mut Site,
    random: &mut Random,
    mut waits: Option<&mut Waits>,
) -> Result<(), Failure> {
    site.visitor.arrive().map_err(|failure| site.explain(failure))?;
    let (before, mut visits) = (site.cpu()?, 0);
    let counting = Instant::now() + SETTLING;
    let end = counting + TURN;
    let mut arrival = Instant::now();
    for kind in Kind::ALL.into_iter().cycle() {
        arrival += random.gap(schedule.rate * 3.0);
        if arrival >= end {
            break;
        }
        // Whoever arrives while the one before is being served comes right after: the client is one person, and its own
        // queue would multiply what is to be compared.
        std::thread::sleep(arrival.saturating_duration_since(Instant::now()));
        let taken = site.visitor.visit(kind).map_err(|failure| site.explain(failure))?;
        if let Some(waits) = waits.as_deref_mut().filter(|_| arrival >= counting) {
            waits.record(kind, taken);
        }
        visits += 1;
    }
    if let Some(waits) = waits {
        waits.end();
        site.count(visits, site.cpu()?.saturating_sub(before));
    }
    Ok(())
}

/// When people arrive.
struct Random(SeededEntropy);

impl Random {
    /// The gap to the next arrival of a Poisson process of that rate.
    fn gap(&mut self, rate: f64) -> Duration {
        let drawn = u32::from_be_bytes(entropy::array(&mut self.0));
        let unit = (f64::from(drawn) + 1.0) / (f64::from(u32::MAX) + 1.0);
        Duration::from_secs_f64(-unit.ln() / rate)
    }
}
