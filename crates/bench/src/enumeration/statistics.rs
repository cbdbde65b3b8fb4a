//! The Mann–Whitney U test, and quantiles.

use crate::histogram::real;

/// The value below which the share `at` of the values lies; zero without values.
pub(super) fn quantile(values: &[f64], at: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = size(sorted.len());
    let below = (0_u64..).zip(&sorted).find(|(index, _)| real(*index) + 1.0 >= at * count);
    below.map_or(0.0, |(_, value)| *value)
}

fn size(length: usize) -> f64 {
    real(u64::try_from(length).unwrap_or(u64::MAX))
}

/// The two-sided probability that two samples come from one distribution (Mann and Whitney 1947), by the normal
/// approximation with the correction for ties; good from some twenty values on.
pub(super) fn mann_whitney(first: &[f64], second: &[f64]) -> f64 {
    let (n, m) = (size(first.len()), size(second.len()));
    let mut all: Vec<(f64, bool)> = first.iter().map(|value| (*value, true)).collect();
    all.extend(second.iter().map(|value| (*value, false)));
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    // Equal values share the mean of their ranks.
    let (mut rank_sum, mut ties, mut before) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|left, right| left.0.total_cmp(&right.0).is_eq()) {
        let equal = size(group.len());
        let rank = before + (equal + 1.0) / 2.0;
        rank_sum += rank * size(group.iter().filter(|(_, is_first)| *is_first).count());
        ties += equal.powi(3) - equal;
        before += equal;
    }
    let total = n + m;
    let u = rank_sum - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (u - n * m / 2.0).abs() / variance.sqrt();
    erfc(z / std::f64::consts::SQRT_2).min(1.0)
}

/// The complementary error function for what is not negative (Abramowitz and Stegun 7.1.26, to 1.5e-7).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [0.254_829_592, -0.284_496_736, 1.421_413_741, -1.453_152_027, 1.061_405_429];
    let sum = terms.iter().rev().fold(0.0, |sum, term| (sum + term) * t);
    sum * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_tables() {
        assert!((erfc(0.0) - 1.0).abs() < 1e-6);
        assert!((erfc(1.0) - 0.157_299_2).abs() < 1e-6);
        // Interleaved values differ by chance only.
        let even: Vec<f64> = (0..200).map(|n| f64::from(n * 2)).collect();
        let odd: Vec<f64> = (0..200).map(|n| f64::from(n * 2 + 1)).collect();
        assert!(mann_whitney(&even, &odd) > 0.9);
        // Twenty against twenty without overlap: U = 0, z = 5.41, p = 6.3e-8.
        let low: Vec<f64> = (0..20).map(f64::from).collect();
        let high: Vec<f64> = (20..40).map(f64::from).collect();
        assert!(mann_whitney(&low, &high) < 1e-6);
        assert!((mann_whitney(&[1.0; 30], &[1.0; 30]) - 1.0).abs() < f64::EPSILON, "nothing but ties");
        assert!((quantile(&odd, 0.5) - 199.0).abs() < f64::EPSILON);
    }
}
