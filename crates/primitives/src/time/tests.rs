use super::*;

#[test]
fn rfc3339_round_trips_in_utc() {
    let at = Timestamp::parse_rfc3339("2026-11-24T08:00:00+01:00").unwrap();
    assert_eq!(at.to_string(), "2026-11-24T07:00:00Z");
    assert_eq!(Timestamp::parse_rfc3339("2026-11-24T08:00:00"), Err(TimeRefusal::NotRfc3339));
    assert_eq!(Timestamp::parse_rfc3339(""), Err(TimeRefusal::NotRfc3339));
    assert_eq!(Timestamp::MAX.to_string(), "never");
}

#[test]
fn spans_parse_with_their_unit_only() {
    assert_eq!("60m".parse(), Ok(Span::from_minutes(60)));
    assert_eq!("30d".parse(), Ok(Span::from_days(30)));
    for nonsense in ["", "m", "60", "-5m", "1.5h", "5 m", "5w", "99999999999999999999d", "٥m"] {
        assert_eq!(nonsense.parse::<Span>(), Err(TimeRefusal::NotASpan), "{nonsense:?}");
    }
}

#[test]
fn arithmetic_saturates_instead_of_wrapping() {
    assert_eq!(Timestamp::MAX + Span::from_days(1), Timestamp::MAX);
    assert_eq!(Timestamp::from_secs(1).since(Timestamp::from_secs(5)), Span::ZERO);
    assert_eq!(Span::from_secs(61).minutes_up(), 2);
    assert_eq!(Timestamp::from_micros(-1).day(), -1);
}
