//! Units beside each other: who works, who is above whom, who took over from whom. It finds; it decides nothing.

use super::{Standing, Unit};
use crate::domain::Rejection;
use fengqiao_model::Day;
use fengqiao_statute::UnitLevel;
use std::collections::BTreeMap;

/// Units by their codes: all of the book where units are decided on, and where petitions are, those that are named.
#[derive(Clone, Debug, Default)]
pub struct Directory(BTreeMap<String, Unit>);

/// The organ that reviews what a unit decided (XF 35, 36).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HigherOrgan {
    /// The unit above it, as registered.
    Parent(String),
    /// By level and division: the only one that can be meant.
    Division(String),
    /// By level and division several can be meant; a person says which.
    Several(Vec<String>),
    /// None is registered.
    Unknown,
}

impl Directory {
    /// Nobody is known.
    pub const EMPTY: &'static Directory = &Directory(BTreeMap::new());

    /// These units.
    pub fn of(units: impl IntoIterator<Item = Unit>) -> Self {
        Self(units.into_iter().map(|unit| (unit.code.clone(), unit)).collect())
    }

    /// The unit as it stands now.
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.0.get(code)
    }

    /// Takes a unit in as it now stands.
    pub fn put(&mut self, unit: Unit) {
        self.0.insert(unit.code.clone(), unit);
    }

    /// All of them, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.0.values()
    }

    /// The level of a unit on a day; `None` when it is not known.
    pub fn level(&self, code: &str, on: Day) -> Option<UnitLevel> {
        self.standing(code, on).and_then(|standing| standing.level)
    }

    fn standing(&self, code: &str, on: Day) -> Option<&Standing> {
        self.get(code)?.standing_on(on)
    }

    /// Whether a petition may be handed to the unit on the day: not to one that is closed. One that nobody knows may be named; it is
    /// registered as imported.
    pub fn may_receive(&self, code: &str, on: Day) -> Result<(), Rejection> {
        match self.get(code) {
            Some(unit) if unit.closed_on.is_some_and(|closed| closed <= on) => {
                let successor = self.last(code).filter(|last| last.code != code).map(|last| last.code.clone());
                Err(Rejection::UnitClosed { code: code.to_owned(), successor: successor.unwrap_or_default() })
            }
            _ => Ok(()),
        }
    }

    /// Who answers now for what a unit was: itself, or the last of those who took over.
    pub fn last(&self, code: &str) -> Option<&Unit> {
        self.chain(code).last()
    }

    /// The unit and those who took over, one after the other. Ends, also in a book that somebody tampered with.
    fn chain(&self, code: &str) -> impl Iterator<Item = &Unit> {
        let next = |unit: &&Unit| self.get(&unit.successor).filter(|_| !unit.successor.is_empty());
        std::iter::successors(self.get(code), next).take(self.0.len())
    }

    /// The unit and all whose open items are to come to it.
    pub fn heirs_of(&self, code: &str) -> Vec<String> {
        let to_it = |unit: &&Unit| self.chain(&unit.code).any(|heir| heir.code == code);
        self.iter().filter(to_it).map(|unit| unit.code.clone()).collect()
    }

    /// The units above one, the nearest first, as they stand now.
    pub fn above(&self, code: &str) -> impl Iterator<Item = &Unit> {
        let parent = |unit: &&Unit| self.get(&unit.standing.parent).filter(|_| !unit.standing.parent.is_empty());
        std::iter::successors(self.get(code), parent).skip(1).take(self.0.len())
    }

    /// The next higher organ of a unit on a day: its parent, or who took over from that; without one, by level and division: the
    /// units of the nearest higher level whose division holds the unit's, those of its own kind first.
    pub fn next_higher(&self, code: &str, on: Day) -> HigherOrgan {
        let Some(standing) = self.standing(code, on) else { return HigherOrgan::Unknown };
        let heir = self.chain(&standing.parent).find(|heir| heir.is_active(on));
        if let Some(parent) = heir.filter(|heir| heir.code != code) {
            return HigherOrgan::Parent(parent.code.clone());
        }
        let (Some(level), Some(division)) = (standing.level, &standing.division) else { return HigherOrgan::Unknown };
        let higher: Vec<(&Unit, &Standing, UnitLevel)> = self
            .iter()
            .filter(|unit| unit.is_active(on))
            .filter_map(|unit| unit.standing_on(on).and_then(|standing| Some((unit, standing, standing.level?))))
            .filter(|(_, other, its)| *its < level && other.division.as_ref().is_some_and(|d| d.contains(division)))
            .collect();
        let Some(nearest) = higher.iter().map(|(.., level)| *level).max() else { return HigherOrgan::Unknown };
        let of_nearest: Vec<_> = higher.into_iter().filter(|(.., level)| *level == nearest).collect();
        let alike: Vec<_> = of_nearest.iter().filter(|(_, other, _)| other.kind == standing.kind).collect();
        let codes: Vec<String> = if alike.is_empty() {
            of_nearest.iter().map(|(unit, ..)| unit.code.clone()).collect()
        } else {
            alike.iter().map(|(unit, ..)| unit.code.clone()).collect()
        };
        match <[String; 1]>::try_from(codes) {
            Ok([only]) => HigherOrgan::Division(only),
            Err(several) => HigherOrgan::Several(several),
        }
    }
}
