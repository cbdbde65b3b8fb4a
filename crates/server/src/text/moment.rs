//! Points in time as people read them.

use jiff::tz::TimeZone;
use primitives::time::Timestamp;

use super::{Text, escape};

/// How much of a point in time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Date and time.
    DateTime,
    /// The date alone.
    Date,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::DateTime => "date-time",
            Style::Date => "date",
        }
    }
}

/// In UTC, and saying so: without the script nobody knows the reader's zone.
pub(super) fn plain(text: Text, at: Timestamp, style: Style) -> String {
    let Ok(instant) = jiff::Timestamp::from_microsecond(at.micros()) else {
        return at.to_string();
    };
    let civil = instant.to_zoned(TimeZone::UTC);
    let month = text.say(month_key(civil.month())).to_string();
    let date =
        text.say("date").with("day", civil.day()).with("month", month).with("year", civil.year()).to_string();
    match style {
        Style::Date => date,
        Style::DateTime => text
            .say("date-time")
            .with("date", date)
            .with("time", format!("{:02}:{:02}", civil.hour(), civil.minute()))
            .to_string(),
    }
}

/// A `<time>` element, which `time.js` rewrites in the reader's zone.
pub(super) fn element(text: Text, at: Timestamp, style: Style) -> String {
    format!(
        "<time datetime=\"{at}\" data-style=\"{}\">{}</time>",
        style.code(),
        escape(&plain(text, at, style))
    )
}

fn month_key(month: i8) -> &'static str {
    match month {
        1 => "month-1",
        2 => "month-2",
        3 => "month-3",
        4 => "month-4",
        5 => "month-5",
        6 => "month-6",
        7 => "month-7",
        8 => "month-8",
        9 => "month-9",
        10 => "month-10",
        11 => "month-11",
        _ => "month-12",
    }
}
