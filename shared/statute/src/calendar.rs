//! Which days are working days in China: weekends, days off and make-up working days by the yearly State Council notices.
//!
//! Sources: WT 7 (Saturday and Sunday are rest days), HOLREG 2 and 7 (public holidays, make-up days), the notices named in
//! `data/calendar.toml`. A make-up Saturday or Sunday is a working day like any other (D§6.2).

use crate::datafile::{self, DataProblem, Entry};
use fengqiao_model::Day;
use std::{collections::BTreeMap, sync::LazyLock};

static SHIPPED: LazyLock<Calendar> =
    LazyLock::new(|| datafile::shipped("data/calendar.toml", Calendar::from_toml(include_str!("../data/calendar.toml"))));

/// From this day of December on, the next year's notice may still name days (2018-12-29 to 31 stand in the notice of 2019).
const NEW_YEAR_BLOCK: i8 = 25;

/// A range in a calendar file that is longer than this is a mistake, not a holiday.
const LONGEST_BLOCK: i32 = 31;

/// The notice, or the notices, of one year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The year.
    pub year: i16,
    /// Where it was published.
    pub papers: Vec<String>,
    /// Days that it names, and whether they are worked.
    pub days: BTreeMap<Day, bool>,
}

/// Why a notice does not go together with the calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// It names no year.
    #[error("the notice names no year")]
    Empty,
    /// Its version is the calendar's: what was reckoned before it could not be told from what is reckoned by it.
    #[error("the version {0} is that of the calendar in use; a notice has a version of its own")]
    SameVersion(String),
    /// A day that another year's notice names.
    #[error("{day} is named by the notice of {year} already")]
    NamedAlready {
        /// The day.
        day: Day,
        /// The year of the other notice.
        year: i16,
    },
}

/// The working-day calendar of one state of the notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    version: String,
    notices: BTreeMap<i16, Notice>,
    /// Days that any notice names, and whether they are worked.
    named: BTreeMap<Day, bool>,
}

impl Calendar {
    /// The calendar that ships with the program: the notices for 2007 to 2026 (HOLCN).
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a calendar file; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let mut calendar = Calendar { version: String::new(), notices: BTreeMap::new(), named: BTreeMap::new() };
            for entry in file.entries("year") {
                calendar.read_year(&entry);
                entry.finish();
            }
            Some(Calendar { version: version?, ..calendar })
        })
    }

    fn read_year(&mut self, entry: &Entry<'_>) {
        let Some(year) = entry.number::<i16>("year") else { return };
        if self.notices.contains_key(&year) {
            entry.problem("year", format!("{year} stands in the file twice"));
        }
        let papers: Vec<String> = entry.texts("papers").into_iter().map(|(paper, _)| paper).collect();
        if papers.is_empty() {
            entry.problem("papers", "must name the notice or notices of the year");
        }
        self.notices.insert(year, Notice { year, papers, days: BTreeMap::new() });
        for (field, worked) in [("off", false), ("work", true)] {
            for (text, line) in entry.texts(field) {
                match days_of(&text) {
                    Ok(days) => days.into_iter().for_each(|day| self.name(entry, line, field, year, day, worked)),
                    Err(problem) => entry.problem_at(line, field, problem),
                }
            }
        }
    }

    fn name(&mut self, entry: &Entry<'_>, line: usize, field: &str, year: i16, day: Day, worked: bool) {
        let near = day.year() == year || (day.year() == year - 1 && day.month() == 12);
        if !near {
            entry.problem_at(line, field, format!("{day} is neither in {year} nor in the December before it"));
        }
        if worked && !day.is_weekend() {
            entry.problem_at(line, field, format!("{day} is not a Saturday or Sunday"));
        }
        if self.named.insert(day, worked).is_some() {
            entry.problem_at(line, field, format!("{day} is named twice"));
        }
        if let Some(notice) = self.notices.get_mut(&year) {
            notice.days.insert(day, worked);
        }
    }

    /// The calendar after a notice: its years are added, or take the place of what was announced for them before.
    pub fn with(&self, notice: &Calendar) -> Result<Calendar, NoticeError> {
        if notice.notices.is_empty() {
            return Err(NoticeError::Empty);
        }
        if notice.version == self.version {
            return Err(NoticeError::SameVersion(notice.version.clone()));
        }
        let mut notices = self.notices.clone();
        notices.extend(notice.notices.clone());
        Self::of_notices(&notice.version, notices.into_values())
    }

    /// The calendar of these notices.
    pub fn of_notices(version: &str, notices: impl IntoIterator<Item = Notice>) -> Result<Calendar, NoticeError> {
        let mut calendar = Calendar { version: version.to_owned(), notices: BTreeMap::new(), named: BTreeMap::new() };
        for notice in notices {
            for (day, worked) in &notice.days {
                if calendar.named.insert(*day, *worked).is_some() {
                    let other = calendar.notices.values().find(|other| other.days.contains_key(day));
                    return Err(NoticeError::NamedAlready { day: *day, year: other.map_or(notice.year, |other| other.year) });
                }
            }
            calendar.notices.insert(notice.year, notice);
        }
        Ok(calendar)
    }

    /// The notices, by year.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// The version of the data, such as `2026.1`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years whose notice is loaded.
    pub fn announced(&self) -> impl Iterator<Item = i16> + '_ {
        self.notices.keys().copied()
    }

    /// Whether the day is a working day. A year without a notice goes by the weekend rule.
    pub fn is_working(&self, day: Day) -> bool {
        self.named.get(&day).copied().unwrap_or_else(|| !day.is_weekend())
    }

    /// Whether the answer for this day may still change: its year has no notice, or it stands in the last week of a year whose
    /// next year has none, because a notice may name days of the December before.
    pub fn is_provisional(&self, day: Day) -> bool {
        let spills = day.month() == 12 && day.day() >= NEW_YEAR_BLOCK && !self.notices.contains_key(&(day.year() + 1));
        !self.notices.contains_key(&day.year()) || spills
    }

    /// Whether a day from `from` to `to`, both included, is provisional.
    pub fn touches_provisional(&self, from: Day, to: Day) -> bool {
        // The last day asked about in each year decides: the year's end is its only part that may differ.
        (from.year()..=to.year()).any(|year| self.is_provisional(Day::last_of_year(year).map_or(to, |last| last.min(to))))
    }

    /// The first working day on or after the day (CC 203: "the day after the rest days end").
    pub fn next_working(&self, day: Day) -> Day {
        let mut day = day;
        while !self.is_working(day) && day.plus_days(1) > day {
            day = day.plus_days(1);
        }
        day
    }

    /// The nth working day after `start`; the start day is not counted (CC 201), make-up Saturdays and Sundays are.
    pub fn add_working_days(&self, start: Day, n: u32) -> Day {
        let mut day = start;
        for _ in 0..n {
            let next = self.next_working(day.plus_days(1));
            if next == day {
                break; // the end of the calendar
            }
            day = next;
        }
        day
    }

    /// Working days after `from` up to and including `to`; 0 when `to` is not later.
    pub fn working_days_between(&self, from: Day, to: Day) -> u32 {
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = day.plus_days(1);
            count += u32::from(self.is_working(day));
        }
        count
    }
}

/// One day `2024-01-01` or every day of `2024-02-10/2024-02-17`.
fn days_of(text: &str) -> Result<Vec<Day>, String> {
    let wrong = || format!("{text}: must be a day such as 2024-01-01 or days such as 2024-02-10/2024-02-17");
    let (from, to) = text.split_once('/').unwrap_or((text, text));
    let from: Day = from.parse().map_err(|_| wrong())?;
    let to: Day = to.parse().map_err(|_| wrong())?;
    match to.days_since(from) {
        length @ 0..LONGEST_BLOCK => Ok((0..=length).map(|days| from.plus_days(days)).collect()),
        _ => Err(wrong()),
    }
}
