//! Windows of time as people type them: boxes for date and time, and a number with its unit.

use primitives::time::{Span, Timestamp};

/// Furthest zones from UTC, in minutes.
const ZONES: std::ops::RangeInclusive<i64> = -14 * 60..=14 * 60;

/// How far behind now a start may lie: whoever typed it took a moment.
const SLACK: Span = Span::from_minutes(5);

/// Reads a box for date and time; `zone` is how many minutes east of UTC whoever typed it is, and empty without a script,
/// where the hint says UTC.
pub(crate) fn moment(at: &str, zone: &str) -> Result<Timestamp, &'static str> {
    let minutes = if zone.is_empty() { Ok(0) } else { zone.parse::<i64>().map_err(|_| "time_form") }?;
    // `2026-11-24T15:40`, with seconds where the box shows them.
    let long = at.len() == "2026-11-24T15:40:00".len();
    if !ZONES.contains(&minutes) || !(long || at.len() == "2026-11-24T15:40".len()) {
        return Err("time_form");
    }
    let text = if long { format!("{at}Z") } else { format!("{at}:00Z") };
    let utc = Timestamp::parse_rfc3339(&text).map_err(|_| "time_form")?;
    // Lengths of time are never negative.
    let away = Span::from_minutes(minutes.abs());
    Ok(if minutes < 0 { utc + away } else { utc - away })
}

/// From when a pass shall work: now, or what was typed, which lies in the future.
pub(crate) fn starts(
    from: &str,
    (at, zone): (&str, &str),
    now: Timestamp,
) -> Result<Option<Timestamp>, &'static str> {
    if from != "later" {
        return Ok(None);
    }
    let at = moment(at, zone)?;
    if at < now - SLACK { Err("start_in_the_past") } else { Ok(Some(at.max(now))) }
}

/// How long: a number of minutes, hours or days, 30 days at most.
pub(crate) fn lifetime(amount: &str, unit: &str) -> Result<Span, &'static str> {
    let amount: i64 = amount.trim().parse().map_err(|_| "lifetime_too_short")?;
    let each = match unit {
        "hours" => 60,
        "days" => 24 * 60,
        _ => 1,
    };
    match amount.checked_mul(each) {
        Some(minutes) if minutes < 1 => Err("lifetime_too_short"),
        Some(minutes) if minutes <= 30 * 24 * 60 => Ok(Span::from_minutes(minutes)),
        _ => Err("lifetime_too_long"),
    }
}

/// A length of time as a number and its unit, the largest that needs no fraction.
pub(crate) fn amount_of(span: Span) -> (String, &'static str) {
    let minutes = span.minutes_up();
    match (minutes % (24 * 60), minutes % 60) {
        (0, _) => ((minutes / (24 * 60)).to_string(), "days"),
        (_, 0) if minutes > 60 => ((minutes / 60).to_string(), "hours"),
        _ => (minutes.to_string(), "minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_zone_of_whoever_typed_it() {
        let utc = Timestamp::parse_rfc3339("2026-11-24T14:40:00Z").unwrap();
        assert_eq!(moment("2026-11-24T14:40", ""), Ok(utc));
        assert_eq!(moment("2026-11-24T15:40", "60"), Ok(utc));
        assert_eq!(moment("2026-11-24T09:40:00", "-300"), Ok(utc));
        for (at, zone) in
            [("", ""), ("2026-13-24T14:40", ""), ("2026-11-24T14:40", "841"), ("2026-11-24T14:40", "x")]
        {
            assert_eq!(moment(at, zone), Err("time_form"), "{at} {zone}");
        }
    }

    #[test]
    fn a_start_lies_ahead() {
        let now = Timestamp::parse_rfc3339("2026-11-24T14:40:00Z").unwrap();
        assert_eq!(starts("now", ("", ""), now), Ok(None));
        assert_eq!(starts("later", ("2026-11-24T14:38", ""), now), Ok(Some(now)));
        assert_eq!(starts("later", ("2026-11-24T14:30", ""), now), Err("start_in_the_past"));
    }

    #[test]
    fn a_length_is_a_number_and_a_unit() {
        assert_eq!(lifetime(" 8 ", "hours"), Ok(Span::from_hours(8)));
        for (amount, unit) in [("0", "minutes"), ("-1", "days"), ("", "minutes"), ("1e3", "minutes")] {
            assert_eq!(lifetime(amount, unit), Err("lifetime_too_short"));
        }
        for (amount, unit) in [("31", "days"), ("9223372036854775807", "days")] {
            assert_eq!(lifetime(amount, unit), Err("lifetime_too_long"));
        }
        assert_eq!(amount_of(Span::from_minutes(60)), ("60".to_owned(), "minutes"));
        assert_eq!(amount_of(Span::from_hours(8)), ("8".to_owned(), "hours"));
        assert_eq!(amount_of(Span::from_days(3)), ("3".to_owned(), "days"));
    }
}
