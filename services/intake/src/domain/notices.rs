//! Notices of the State Council that an office took over: the fold of `calendar.adopted`, laid over the calendar of the settings.

use super::EventError;
use fengqiao_model::Day;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Calendar, Notice, NoticeError};
use prost::Message;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The aggregate's id, and its only one.
pub const CALENDAR: &str = "calendar";

/// Kind of its events.
pub const ADOPTED: &str = "calendar.adopted";

/// What the notices of one year name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// Where they were published.
    pub papers: Vec<String>,
    /// Days off.
    pub off: Vec<Day>,
    /// Days worked.
    pub work: Vec<Day>,
}

/// All notices that were taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// How many were.
    pub version: i64,
    /// Version of the calendar with them; empty while there are none.
    pub calendar_version: String,
    /// Years, each as announced last.
    pub years: BTreeMap<i16, Year>,
}

/// That a notice was taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// Version of the calendar from then on.
    pub version: String,
    /// Version before.
    pub previous: String,
    /// Business day.
    pub on: Day,
    /// Its years.
    pub years: BTreeMap<i16, Year>,
}

impl Adopted {
    /// The event that follows when this notice is taken over, and the calendar after it.
    pub fn of(calendar: &Calendar, notice: &Calendar, on: Day) -> Result<(Self, Calendar), NoticeError> {
        let next = calendar.with(notice)?;
        let years = notice.notices().map(|notice| {
            let named = |worked: bool| notice.days.iter().filter(|(_, w)| **w == worked).map(|(day, _)| *day).collect();
            (notice.year, Year { papers: notice.papers.clone(), off: named(false), work: named(true) })
        });
        let adopted =
            Self { version: notice.version().to_owned(), previous: calendar.version().to_owned(), on, years: years.collect() };
        Ok((adopted, next))
    }

    /// As it is published.
    pub fn encode(&self) -> Vec<u8> {
        let days = |days: &[Day]| days.iter().map(ToString::to_string).collect();
        let year = |(year, named): (&i16, &Year)| pb::CalendarYear {
            year: i32::from(*year),
            papers: named.papers.clone(),
            off: days(&named.off),
            work: days(&named.work),
        };
        pb::CalendarAdopted {
            version: self.version.clone(),
            previous_version: self.previous.clone(),
            adopted_on: self.on.to_string(),
            years: self.years.iter().map(year).collect(),
        }
        .encode_to_vec()
    }

    /// Reads a stored event.
    pub fn decode(kind: &str, open: &[u8]) -> Result<Self, EventError> {
        if kind != ADOPTED {
            return Err(EventError::Kind(kind.to_owned()));
        }
        let message = pb::CalendarAdopted::decode(open).map_err(|_| EventError::Payload)?;
        let days = |field: &'static str, days: &[String]| {
            days.iter().map(|day| day.parse::<Day>().map_err(|_| EventError::Field(field))).collect::<Result<Vec<Day>, _>>()
        };
        let mut years = BTreeMap::new();
        for year in message.years {
            let number = i16::try_from(year.year).map_err(|_| EventError::Field("years"))?;
            let named = Year { off: days("off", &year.off)?, work: days("work", &year.work)?, papers: year.papers };
            years.insert(number, named);
        }
        let on = message.adopted_on.parse().map_err(|_| EventError::Field("adopted_on"))?;
        Ok(Self { version: message.version, previous: message.previous_version, on, years })
    }
}

impl Notices {
    /// One step of the fold.
    pub fn apply(before: Option<&Self>, adopted: &Adopted) -> Self {
        let mut next = before.cloned().unwrap_or_default();
        next.version += 1;
        next.calendar_version.clone_from(&adopted.version);
        next.years.extend(adopted.years.clone());
        next
    }

    /// The calendar with them, over the one of the settings.
    pub fn over(&self, base: &Calendar) -> Result<Calendar, NoticeError> {
        if self.years.is_empty() {
            return Ok(base.clone());
        }
        let mut all: BTreeMap<i16, Notice> = base.notices().map(|notice| (notice.year, notice.clone())).collect();
        for (year, named) in &self.years {
            let days = named.off.iter().map(|day| (*day, false)).chain(named.work.iter().map(|day| (*day, true)));
            all.insert(*year, Notice { year: *year, papers: named.papers.clone(), days: days.collect() });
        }
        Calendar::of_notices(&self.calendar_version, all.into_values())
    }
}
