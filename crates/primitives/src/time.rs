//! Points and spans of time as integers of microseconds.

use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time: microseconds since the Unix epoch, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The Unix epoch.
    pub const EPOCH: Timestamp = Timestamp(0);
    /// The last representable point; stands for "never" where a column needs a value.
    pub const MAX: Timestamp = Timestamp(i64::MAX);

    /// From microseconds since the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// From whole seconds since the epoch.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(MICROS_PER_SECOND))
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// Whole milliseconds since the epoch, rounded down.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Days since the epoch; the unit in which sealing subkeys change.
    pub const fn day(self) -> i64 {
        self.secs().div_euclid(86_400)
    }

    /// How long ago `earlier` was; zero if it lies in the future.
    pub fn since(self, earlier: Timestamp) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }

    /// Parses an RFC 3339 date and time with its offset.
    pub fn parse_rfc3339(text: &str) -> Result<Self, TimeRefusal> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimeRefusal::NotRfc3339)?;
        Ok(Self(parsed.as_microsecond()))
    }
}

/// RFC 3339 in UTC with whole seconds, such as `2026-11-22T09:30:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.secs()) {
            Ok(timestamp) => timestamp.fmt(f),
            // Beyond the year 9999 there is no RFC 3339 text.
            Err(_) => f.write_str("never"),
        }
    }
}

impl Add<Span> for Timestamp {
    type Output = Timestamp;
    fn add(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Timestamp;
    fn sub(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }
}

/// A length of time in microseconds, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// From microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros < 0 { 0 } else { micros })
    }
    /// From milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }
    /// From seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self::from_micros(secs.saturating_mul(MICROS_PER_SECOND))
    }
    /// From minutes.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self::from_secs(minutes.saturating_mul(60))
    }
    /// From hours.
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_minutes(hours.saturating_mul(60))
    }
    /// From days of 24 hours.
    pub const fn from_days(days: i64) -> Self {
        Self::from_hours(days.saturating_mul(24))
    }
    /// Microseconds.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Whole seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }
    /// Whole minutes, rounded up: what a person is told to wait.
    pub const fn minutes_up(self) -> i64 {
        self.0.div_euclid(60 * MICROS_PER_SECOND)
            + if self.0.rem_euclid(60 * MICROS_PER_SECOND) > 0 { 1 } else { 0 }
    }
}

/// `90s`, `60m`, `8h` or `30d`; the form that configuration and the command line take.
impl FromStr for Span {
    type Err = TimeRefusal;

    fn from_str(text: &str) -> Result<Self, TimeRefusal> {
        let text = text.trim();
        let unit = text.chars().next_back().ok_or(TimeRefusal::NotASpan)?;
        let number = text.strip_suffix(unit).unwrap_or_default();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TimeRefusal::NotASpan);
        }
        let number: i64 = number.parse().map_err(|_| TimeRefusal::NotASpan)?;
        match unit {
            's' => Ok(Self::from_secs(number)),
            'm' => Ok(Self::from_minutes(number)),
            'h' => Ok(Self::from_hours(number)),
            'd' => Ok(Self::from_days(number)),
            _ => Err(TimeRefusal::NotASpan),
        }
    }
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeRefusal {
    /// Not an RFC 3339 date and time with offset.
    NotRfc3339,
    /// Not a whole number followed by `s`, `m`, `h` or `d`.
    NotASpan,
}

impl fmt::Display for TimeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeRefusal::NotRfc3339 => "not an RFC 3339 date and time such as 2026-11-24T08:00:00+01:00",
            TimeRefusal::NotASpan => "not a length of time such as 90s, 60m, 8h or 30d",
        })
    }
}

impl std::error::Error for TimeRefusal {}

#[cfg(test)]
mod tests;
