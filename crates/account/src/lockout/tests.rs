//! Ten guesses in a quarter of an hour.

use super::*;
use crate::samples::NOW;

#[test]
fn the_eleventh_guess_waits_for_the_next_window() {
    let mut bucket = None;
    for guess in 1..=GUESSES {
        let Verdict::Counted(counted) = count(bucket, NOW + Span::from_secs(i64::from(guess))) else {
            panic!("guess {guess} was refused");
        };
        assert_eq!(counted.count, guess);
        bucket = Some(counted);
    }
    let until = NOW + Span::from_secs(1) + WINDOW;
    assert_eq!(count(bucket, NOW + Span::from_secs(60)), Verdict::Refused { until });
    assert_eq!(count(bucket, until - Span::from_micros(1)), Verdict::Refused { until });
    assert_eq!(count(bucket, until), Verdict::Counted(Bucket { since: until, count: 1 }));
}
