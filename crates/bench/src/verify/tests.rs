use super::*;

#[test]
fn a_quantile_is_one_of_the_values() {
    let values = || [5.0, 1.0, 4.0, 2.0, 3.0].into_iter();
    let found: Vec<f64> = [0.0, 0.4, 0.5, 0.8, 1.0].map(|at| quantile(values(), at)).to_vec();
    assert_eq!(found, [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(quantile([7.0].into_iter(), 0.9), 7.0);
    assert_eq!(quantile(std::iter::empty(), 0.5), 0.0);
}

#[test]
fn every_algorithm_is_verified_and_a_foreign_signature_is_not() {
    for algorithm in Algorithm::ALL {
        let Some(bench) = Bench::of(algorithm, 2).unwrap() else { continue };
        bench.check().unwrap_or_else(|failure| panic!("{algorithm:?}: {failure}"));
    }
}

#[test]
fn a_wrong_key_is_noticed_before_anything_is_timed() {
    let mut bench = Bench::of(Algorithm::Es256, 2).unwrap().unwrap();
    bench.bare = Bench::of(Algorithm::Es256, 1).unwrap().unwrap().bare;
    assert!(bench.check().is_err());
}

#[test]
fn the_ratio_is_the_median_of_the_samples() {
    let sample = |whole| Sample {
        bare: Duration::from_micros(10),
        whole: Duration::from_micros(whole),
        json: Duration::from_micros(1),
        key: Duration::from_micros(2),
    };
    let figures = figures("Es256".to_owned(), &[sample(11), sample(9999), sample(10)]);
    assert!((figures.ratio - 1.1).abs() < 1e-9, "{}", figures.ratio);
    assert!((figures.bare_micros - 10.0).abs() < 1e-9 && (figures.key_micros - 2.0).abs() < 1e-9);
}
