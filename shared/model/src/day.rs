//! Days and instants. Every day is a UTC+08:00 day, whatever the machine's zone; 24:00 belongs to the day it ends.

use jiff::{Span, civil, tz::Offset};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The offset of China Standard Time, hours east of UTC. Daylight saving (1986-1991) is not modelled.
const CHINA: Offset = Offset::constant(8);

/// A civil day in China (UTC+08:00), written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(civil::Date);

/// Why a text is not a day or a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day or time of the form 2024-12-31 or 2024-12-31T09:30:00+08:00")]
pub struct InvalidDay;

impl Day {
    /// The day with these numbers; `None` when the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Year of the Gregorian calendar.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Saturday or Sunday, whatever the State Council made of it.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
    }

    /// This many days later (earlier when negative). Saturates at the ends of the calendar (years -9999 and 9999).
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.moved(Span::new().try_days(days), days))
    }

    /// The corresponding day this many months later, or the last day of that month (Civil Code art 202).
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.moved(Span::new().try_months(months), months))
    }

    /// A span longer than the calendar ends where the calendar ends.
    fn moved(self, span: Result<Span, jiff::Error>, amount: i32) -> civil::Date {
        match span {
            Ok(span) => self.0.saturating_add(span),
            Err(_) if amount < 0 => civil::Date::MIN,
            Err(_) => civil::Date::MAX,
        }
    }

    /// Days from `earlier` to this day; negative when `earlier` is later.
    pub fn days_since(self, earlier: Day) -> i32 {
        earlier.0.until(self.0).map(|span| span.get_days()).unwrap_or(0)
    }

    /// 1 January of the year.
    pub fn first_of_year(year: i16) -> Option<Self> {
        Self::new(year, 1, 1)
    }

    /// 31 December of the year.
    pub fn last_of_year(year: i16) -> Option<Self> {
        Self::new(year, 12, 31)
    }

    /// The instant at which this day begins, 00:00 +08:00.
    pub fn begins(self) -> Instant {
        let seconds = CHINA.to_timestamp(self.0.to_datetime(civil::Time::midnight())).map_or(0, |t| t.as_second());
        Instant(seconds * 1_000_000)
    }

    /// Reads a day, or the day on which a time falls: `2024-12-31`, `2024-12-31T09:30[:00[.5]]` (+08:00 when no zone is
    /// given), `2024-12-31T16:00:00Z`. A space may stand for the `T`.
    pub fn parse_lenient(text: &str) -> Result<Self, InvalidDay> {
        if let Ok(day) = text.parse() {
            return Ok(day);
        }
        Instant::parse(text).map(Instant::day)
    }
}

impl FromStr for Day {
    type Err = InvalidDay;

    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return Err(InvalidDay);
        }
        text.parse::<civil::Date>().map(Self).map_err(|_| InvalidDay)
    }
}

impl TryFrom<String> for Day {
    type Error = InvalidDay;

    fn try_from(text: String) -> Result<Self, InvalidDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A moment, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

impl Instant {
    /// The UTC+08:00 day in which this moment lies.
    pub fn day(self) -> Day {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        Day(CHINA.to_datetime(timestamp).date())
    }

    /// Reads an ISO time; +08:00 is meant when no zone is given. 24:00 is the last moment of the day it ends.
    pub fn parse(text: &str) -> Result<Self, InvalidDay> {
        if let Some(last) = last_moment(text) {
            return Self::parse(&last);
        }
        if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(timestamp.as_microsecond()));
        }
        // A civil time that still carries a zone we could not read must not silently become +08:00.
        let time = text.get(10..).unwrap_or_default();
        if time.contains(['Z', 'z', '+', '[']) || time.contains('-') {
            return Err(InvalidDay);
        }
        let local: civil::DateTime = text.parse().map_err(|_| InvalidDay)?;
        let timestamp = CHINA.to_timestamp(local).map_err(|_| InvalidDay)?;
        Ok(Self(timestamp.as_microsecond()))
    }

    /// Written as ISO time at +08:00, to the second.
    pub fn to_china_time(self) -> String {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        let t = CHINA.to_datetime(timestamp);
        format!("{}T{:02}:{:02}:{:02}+08:00", Day(t.date()), t.hour(), t.minute(), t.second())
    }
}

/// A text whose time of day is 24:00, with the last microsecond of that day in its place.
fn last_moment(text: &str) -> Option<String> {
    let (day, time) = text.split_at_checked("2024-12-31T".len())?;
    let zone = time.strip_prefix("24:00:00").or_else(|| time.strip_prefix("24:00"))?;
    (zone.is_empty() || zone.starts_with(['Z', 'z', '+', '-', '['])).then(|| format!("{day}23:59:59.999999{zone}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_falls_on_its_china_day() {
        for (text, day) in [
            ("2024-12-31", "2024-12-31"),
            ("2024-12-31T23:59:59", "2024-12-31"),
            ("2024-12-31 09:30", "2024-12-31"),
            ("2024-12-31T16:00:00Z", "2025-01-01"),
            ("2024-12-31T15:59:59Z", "2024-12-31"),
            ("2024-12-31T23:30:00-05:00", "2025-01-01"),
            ("2024-12-31T23:30:00+08:00", "2024-12-31"),
            ("2024-12-31T24:00", "2024-12-31"),
            ("2024-12-31 24:00:00", "2024-12-31"),
            ("2024-12-31T24:00:00+08:00", "2024-12-31"),
            ("2024-12-31T24:00Z", "2025-01-01"),
            ("2024-12-31T24:00:00+09:00", "2024-12-31"),
        ] {
            assert_eq!(Day::parse_lenient(text).map(|d| d.to_string()).as_deref(), Ok(day), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2023-02-29",
            "24-01-01",
            "2024-1-1",
            "2024/01/01",
            "2024-01-01T25:00",
            "2024-01-01x",
            "2024-01-01T24:01",
            "2024-01-01T24:00:01",
            "2024-01-01T24:00:00.5",
            "2024-01-01T24:00x",
        ] {
            assert_eq!(Day::parse_lenient(text), Err(InvalidDay), "{text}");
        }
    }

    #[test]
    fn months_end_on_their_last_day() {
        let day = |t: &str| t.parse::<Day>().unwrap();
        assert_eq!(day("2024-01-31").plus_months(1), day("2024-02-29"));
        assert_eq!(day("2024-08-31").plus_months(1), day("2024-09-30"));
        assert_eq!(day("2024-03-01").days_since(day("2024-01-01")), 60);
        assert_eq!(day("2024-03-01").begins().day(), day("2024-03-01"));
        assert_eq!(day("2024-03-01").plus_months(i32::MAX), day("2024-03-01").plus_days(i32::MAX));
        assert!(day("2024-03-01").plus_days(i32::MIN) < day("2024-03-01"));
    }
}
