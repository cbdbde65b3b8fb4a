//! Latencies in logarithmic buckets: any number of samples in constant space, to one part in 128.

use std::time::Duration;

use serde::Serialize;

/// Buckets in each power of two.
const STEPS: u64 = 128;
/// log2 of [`STEPS`].
const STEP_BITS: u32 = 7;

/// Counts durations by nanoseconds. Quantiles are the upper edge of their bucket, so they never flatter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Histogram {
    // Grows to the largest bucket met, so a histogram of milliseconds stays within a few pages.
    buckets: Vec<u64>,
    count: u64,
    max: Duration,
}

/// The figures of one histogram, in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Quantiles {
    /// Number of samples.
    pub(crate) count: u64,
    /// Half were faster.
    pub(crate) p50: f64,
    /// 95 in 100 were faster.
    pub(crate) p95: f64,
    /// 99 in 100 were faster.
    pub(crate) p99: f64,
    /// The slowest one.
    pub(crate) max: f64,
}

impl Histogram {
    /// Adds one sample.
    pub(crate) fn record(&mut self, sample: Duration) {
        let index = bucket_of(nanos(sample));
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, 0);
        }
        if let Some(bucket) = self.buckets.get_mut(index) {
            *bucket += 1;
        }
        self.count += 1;
        self.max = self.max.max(sample);
    }

    /// Adds the samples of another histogram.
    pub(crate) fn merge(&mut self, other: &Histogram) {
        if other.buckets.len() > self.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        for (to, from) in self.buckets.iter_mut().zip(&other.buckets) {
            *to += from;
        }
        self.count += other.count;
        self.max = self.max.max(other.max);
    }

    /// Number of samples.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The duration that `per_mille` of 1000 samples do not exceed; zero without samples.
    pub(crate) fn quantile(&self, per_mille: u64) -> Duration {
        let rank = (self.count * per_mille).div_ceil(1000).max(1);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_nanos(upper_edge(index)).min(self.max);
            }
        }
        self.max
    }

    /// The figures to print.
    pub(crate) fn quantiles(&self) -> Quantiles {
        Quantiles {
            count: self.count,
            p50: millis(self.quantile(500)),
            p95: millis(self.quantile(950)),
            p99: millis(self.quantile(990)),
            max: millis(self.max),
        }
    }
}

/// A duration as milliseconds with fraction.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A count as a real number, for rates and shares.
pub(crate) fn real(count: u64) -> f64 {
    #[expect(
        clippy::as_conversions,
        reason = "std has no other way; exact below 2^53, far above any count here"
    )]
    let real = count as f64;
    real
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn bucket_of(nanos: u64) -> usize {
    let magnitude = u64::BITS - nanos.max(1).leading_zeros() - 1;
    let shift = magnitude.saturating_sub(STEP_BITS);
    // Below 256 ns each value has its own bucket; above, 128 buckets share each power of two.
    let index = u64::from(shift) * STEPS + (nanos >> shift);
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn upper_edge(index: usize) -> u64 {
    let index = u64::try_from(index).unwrap_or(u64::MAX);
    if index < 2 * STEPS {
        return index;
    }
    let shift = index / STEPS - 1;
    let step = index % STEPS + STEPS;
    ((step + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_join_without_gap_or_overlap() {
        for nanos in (0..100_000).chain([u64::from(u32::MAX), 1 << 40, (1 << 40) + 12_345_678]) {
            let index = bucket_of(nanos);
            assert!(nanos <= upper_edge(index), "{nanos} above its bucket {index}");
            assert!(index == 0 || nanos > upper_edge(index - 1), "{nanos} below its bucket {index}");
        }
    }

    #[test]
    fn quantiles_are_within_one_part_in_128() {
        let mut histogram = Histogram::default();
        for micros in 1..=10_000 {
            histogram.record(Duration::from_micros(micros));
        }
        let quantiles = histogram.quantiles();
        assert_eq!(quantiles.count, 10_000);
        for (found, exact) in [(quantiles.p50, 5.0), (quantiles.p95, 9.5), (quantiles.p99, 9.9)] {
            assert!(found >= exact && found <= exact * (1.0 + 1.0 / 128.0), "{found} for {exact}");
        }
        assert!((quantiles.max - 10.0).abs() < 1e-9);
    }

    #[test]
    fn merging_equals_recording_together() {
        let (mut left, mut right, mut both) =
            (Histogram::default(), Histogram::default(), Histogram::default());
        for micros in 0..500 {
            let sample = Duration::from_micros(micros * micros);
            if micros % 3 == 0 { &mut left } else { &mut right }.record(sample);
            both.record(sample);
        }
        left.merge(&right);
        assert_eq!(left.count(), both.count());
        for per_mille in [1, 500, 950, 990, 999, 1000] {
            assert_eq!(left.quantile(per_mille), both.quantile(per_mille));
        }
    }

    #[test]
    fn nothing_recorded_is_zero() {
        assert_eq!(Histogram::default().quantile(990), Duration::ZERO);
    }
}
