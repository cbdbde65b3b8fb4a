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

#[test]
fn guesses_counted_by_a_clock_that_was_wrong_lock_nobody_out_until_then() {
    let ahead = Bucket { since: NOW + Span::from_days(3652), count: GUESSES };
    assert_eq!(count(Some(ahead), NOW), Verdict::Counted(Bucket { since: NOW, count: 1 }));
    let skewed = Bucket { since: NOW + SKEW, count: GUESSES };
    assert_eq!(count(Some(skewed), NOW), Verdict::Refused { until: NOW + SKEW + WINDOW });
}
