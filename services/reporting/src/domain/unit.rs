//! The image of one unit: which level it is known to have, from which day on. It counts for nothing by itself; figures by level
//! group the rows of units by it.
//!
//! Nothing is ever taken back in it: what was known on a day is what had been told by then, so that a unit whose level becomes
//! known later moves no figure of an earlier cut-off.

use fengqiao_model::Day;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Which unit has which level: on one day, as far as known on another.
#[derive(Clone, Debug, Default)]
pub struct Levels(HashMap<String, String>);

impl Levels {
    /// The level of a unit, by their codes; `None` where nobody knows it.
    pub fn of(&self, unit: &str) -> Option<&str> {
        self.0.get(unit).map(String::as_str)
    }

    /// Adds a unit.
    pub fn add(&mut self, code: &str, unit: &Unit, day: Day, known_on: Day) {
        if let Some(level) = unit.level_on(day, known_on) {
            self.0.insert(code.to_owned(), level.to_owned());
        }
    }
}

/// A level, as an event told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelTold {
    /// Code of the level.
    #[serde(rename = "l")]
    pub level: String,
    /// The day from which the unit has it.
    #[serde(rename = "f")]
    pub from: Day,
    /// The day since which that is known.
    #[serde(rename = "s")]
    pub since: Day,
}

/// One unit. Stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// What was told, in the order of the log; only what differs from what was told before.
    #[serde(rename = "lv", default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelTold>,
}

impl Unit {
    /// The image after an event that tells its level, empty while nobody knows it.
    pub fn after(old: Option<&Unit>, level: &str, from: Day, since: Day) -> Unit {
        let mut unit = old.cloned().unwrap_or_default();
        if unit.levels.last().map_or("", |last| last.level.as_str()) != level {
            unit.levels.push(LevelTold { level: level.to_owned(), from, since });
        }
        unit
    }

    /// Its level on a day, as far as known on another; what was told first holds for all days before, too, because nobody
    /// knows of another one.
    pub fn level_on(&self, day: Day, known_on: Day) -> Option<&str> {
        let mut level: Option<&LevelTold> = None;
        for told in self.levels.iter().filter(|told| told.since <= known_on) {
            if told.from <= day || level.is_none() {
                level = Some(told);
            }
        }
        level.map(|told| told.level.as_str()).filter(|level| !level.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_level_is_that_of_the_day_as_far_as_known() {
        let named = Unit::after(None, "", day("2019-01-01"), day("2023-01-01"));
        assert_eq!(named, Unit::default());
        let told = Unit::after(Some(&named), "township", day("2023-03-01"), day("2023-03-01"));
        let again = Unit::after(Some(&told), "township", day("2023-05-01"), day("2023-05-01"));
        assert_eq!(again, told);
        let raised = Unit::after(Some(&told), "county", day("2024-07-01"), day("2024-06-01"));
        let on = |on: &str, known: &str| raised.level_on(day(on), day(known)).map(str::to_owned);
        assert_eq!(on("2023-12-31", "2023-02-28"), None);
        // told first: it holds for the days before, too
        assert_eq!(on("2022-12-31", "2023-03-01").as_deref(), Some("township"));
        assert_eq!(on("2024-06-30", "2024-06-30").as_deref(), Some("township"));
        assert_eq!(on("2024-07-01", "2024-05-31").as_deref(), Some("township"));
        assert_eq!(on("2024-07-01", "2024-07-01").as_deref(), Some("county"));
        assert_eq!(on("2024-06-30", "2025-01-01").as_deref(), Some("township"));
    }
}
