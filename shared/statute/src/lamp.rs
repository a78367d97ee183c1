//! Lamps: how urgent a running clock is on a day (D§9.3). A pure function of the clock's terms, its end and the day, so that the lamp
//! that was lit on any past day is found again from the facts. The thresholds are data.

use crate::{
    Calendar, ClockTerms, Mark,
    datafile::{self, DataProblem, Entry},
};
use fengqiao_model::Day;
use std::{fmt, str::FromStr, sync::LazyLock};

static SHIPPED: LazyLock<Lamps> =
    LazyLock::new(|| datafile::shipped("data/lamps.toml", Lamps::from_toml(include_str!("../data/lamps.toml"))));

/// The colour of a running clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lamp {
    /// Time enough.
    Green,
    /// Little time is left.
    Yellow,
    /// The due day has passed.
    Red,
    /// The law does not count this day.
    Grey,
}

impl Lamp {
    /// Every lamp.
    pub const ALL: [Lamp; 4] = [Lamp::Green, Lamp::Yellow, Lamp::Red, Lamp::Grey];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Lamp::Green => "green",
            Lamp::Yellow => "yellow",
            Lamp::Red => "red",
            Lamp::Grey => "grey",
        }
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Lamp::Green => "绿灯",
            Lamp::Yellow => "黄灯",
            Lamp::Red => "红灯",
            Lamp::Grey => "灰灯",
        }
    }
}

impl fmt::Display for Lamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Lamp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        Lamp::ALL.into_iter().find(|lamp| lamp.code() == text).ok_or("must be green, yellow, red or grey")
    }
}

/// Which of its two due days a clock is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DueBy {
    /// The day in law, rolled.
    Legal,
    /// The day of the performance practice, not rolled.
    Kpi,
}

impl DueBy {
    /// The due day of these terms.
    pub fn of(self, terms: &ClockTerms) -> Day {
        match self {
            DueBy::Legal => terms.legal_due,
            DueBy::Kpi => terms.kpi_due,
        }
    }
}

impl FromStr for DueBy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "legal" => Ok(DueBy::Legal),
            "kpi" => Ok(DueBy::Kpi),
            _ => Err("must be legal or kpi"),
        }
    }
}

/// A share of a whole, such as 1/3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    part: i32,
    whole: i32,
}

impl FromStr for Share {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let share =
            text.split_once('/').and_then(|(part, whole)| Some(Share { part: part.parse().ok()?, whole: whole.parse().ok()? }));
        share
            .filter(|share| (0..=share.whole).contains(&share.part) && (1..=100).contains(&share.whole))
            .ok_or("must be a share such as 1/3")
    }
}

/// When the lamp of one clock changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Code of the rule; `*` for all that are not named.
    pub rule: String,
    yellow_left: Share,
    yellow_working_days: u32,
    /// By which due day it turns red.
    pub by: DueBy,
    /// The time is a right, not a duty: when it is over nothing is late.
    pub window: bool,
    /// Where it comes from.
    pub source: String,
    /// How sure it is.
    pub mark: Mark,
}

impl Threshold {
    /// The lamp at the end of a day; `None` on the day of the trigger and before it, from the day on which the clock ended, and after
    /// the end of a window. `suspended` are the days that the law does not count, both ends included.
    pub fn lamp(
        &self,
        calendar: &Calendar,
        terms: &ClockTerms,
        ended_on: Option<Day>,
        suspended: &[(Day, Day)],
        day: Day,
    ) -> Option<Lamp> {
        if day < terms.started_on || ended_on.is_some_and(|ended| ended <= day) {
            return None;
        }
        let due = self.by.of(terms);
        if day > due {
            return (!self.window).then_some(Lamp::Red);
        }
        if suspended.iter().any(|(from, to)| (*from..=*to).contains(&day)) {
            return Some(Lamp::Grey);
        }
        let (left, whole) = (due.days_since(day), due.days_since(terms.started_on));
        let a_share = left.saturating_mul(self.yellow_left.whole) <= whole.saturating_mul(self.yellow_left.part);
        let yellow = a_share || calendar.working_days_between(day, due) <= self.yellow_working_days;
        Some(if yellow { Lamp::Yellow } else { Lamp::Green })
    }

    /// The first day on which the lamp is red if nothing ends the clock; none for a window.
    pub fn red_from(&self, terms: &ClockTerms) -> Option<Day> {
        (!self.window).then(|| self.by.of(terms).plus_days(1))
    }
}

/// The thresholds of every clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamps {
    version: String,
    other: Threshold,
    named: Vec<Threshold>,
}

impl Lamps {
    /// The thresholds that ship with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a file of thresholds; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let mut other = None;
            let mut named: Vec<Threshold> = Vec::new();
            for entry in file.entries("lamp") {
                let Some(read) = read_threshold(&entry) else { continue };
                let known = named.iter().chain(&other).any(|threshold| threshold.rule == read.rule);
                match read.rule.as_str() {
                    _ if known => entry.problem("rule", format!("{} stands in the file twice", read.rule)),
                    "*" => other = Some(read),
                    _ => named.push(read),
                }
            }
            if other.is_none() {
                file.problem("lamp", "must have one with rule = \"*\", for every clock that is not named");
            }
            Some(Self { version: version?, other: other?, named })
        })
    }

    /// The version of the thresholds.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The thresholds of a clock.
    pub fn of(&self, rule: &str) -> &Threshold {
        self.named.iter().find(|threshold| threshold.rule == rule).unwrap_or(&self.other)
    }
}

fn read_threshold(entry: &Entry<'_>) -> Option<Threshold> {
    let rule = entry.text("rule");
    let yellow_left: Option<Share> = entry.parsed("yellow_left");
    let yellow_working_days: Option<u32> = entry.number("yellow_working_days");
    let (by, window) = (entry.parsed::<DueBy>("by"), entry.yes("window"));
    let (source, mark) = (entry.text("source"), entry.parsed::<Mark>("mark"));
    entry.finish();
    Some(Threshold {
        rule: rule?,
        yellow_left: yellow_left?,
        yellow_working_days: yellow_working_days?,
        by: by?,
        window,
        source: source?,
        mark: mark?,
    })
}
