//! Dispute types as versioned data (D§4.1): which force comes first, which follow, and which routes lie outside the five forces.

use crate::{
    Force,
    datafile::{self, DataProblem, Entry},
};
use fengqiao_model::Day;
use std::sync::LazyLock;

static SHIPPED: LazyLock<DisputeTypes> = LazyLock::new(|| {
    datafile::shipped("data/dispute_types.toml", DisputeTypes::from_toml(include_str!("../data/dispute_types.toml")))
});

/// One type of dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeType {
    /// Code, such as `T02`.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// The force that is asked first.
    pub first: Force,
    /// The forces that follow, in order.
    pub fallbacks: Vec<Force>,
    /// Routes outside the five forces: reconsideration, arbitration, payment_order.
    pub other_routes: Vec<String>,
    /// Petition category in which such matters stand (D§2.7).
    pub category: String,
    /// Where the choice comes from.
    pub source: String,
    /// First day on which it may be used.
    pub valid_from: Day,
    /// Last day; `None` while it may be used.
    pub valid_to: Option<Day>,
}

impl DisputeType {
    /// The forces in the order in which they are asked.
    pub fn forces(&self) -> impl Iterator<Item = Force> + '_ {
        std::iter::once(self.first).chain(self.fallbacks.iter().copied())
    }

    /// Whether it may be used on the day.
    pub fn is_valid(&self, day: Day) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// The list of types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeTypes {
    version: String,
    types: Vec<DisputeType>,
}

impl DisputeTypes {
    /// The list that ships with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a list; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let mut types: Vec<DisputeType> = Vec::new();
            for entry in &file.entries("type") {
                let Some(read) = read_type(entry) else { continue };
                let twice = |other: &DisputeType| {
                    (other.code == read.code || other.zh == read.zh)
                        && (other.is_valid(read.valid_from) || read.is_valid(other.valid_from))
                };
                if types.iter().any(twice) {
                    entry.problem("code", format!("{} or its name is valid twice on the same day", read.code));
                }
                types.push(read);
            }
            Some(Self { version: version?, types })
        })
    }

    /// The version of the list.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The types that may be used on the day, in the order of the list.
    pub fn on(&self, day: Day) -> impl Iterator<Item = &DisputeType> {
        self.types.iter().filter(move |kind| kind.is_valid(day))
    }

    /// The type with this code or Chinese name on the day; spaces around it do not count.
    pub fn find(&self, text: &str, day: Day) -> Option<&DisputeType> {
        let text = text.trim();
        self.on(day).find(|kind| kind.code == text || kind.zh == text)
    }
}

fn read_type(entry: &Entry<'_>) -> Option<DisputeType> {
    let (code, zh, en) = (entry.text("code"), entry.text("zh"), entry.text("en"));
    let first: Option<Force> = entry.parsed("first");
    let mut fallbacks = Vec::new();
    for (text, line) in entry.texts("fallbacks") {
        match text.parse::<Force>() {
            Ok(force) if Some(force) == first || fallbacks.contains(&force) => {
                entry.problem_at(line, "fallbacks", format!("{text} stands twice"));
            }
            Ok(force) => fallbacks.push(force),
            Err(error) => entry.problem_at(line, "fallbacks", error.to_string()),
        }
    }
    let mut other_routes = Vec::new();
    for (text, line) in entry.texts("other_routes") {
        if !matches!(text.as_str(), "reconsideration" | "arbitration" | "payment_order") {
            entry.problem_at(line, "other_routes", format!("{text}: must be reconsideration, arbitration or payment_order"));
        }
        other_routes.push(text);
    }
    let (category, source) = (entry.text("category"), entry.text("source"));
    let valid_from: Option<Day> = entry.parsed("from");
    let valid_to: Option<Day> = entry.maybe_parsed("to");
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        entry.problem("to", format!("{to} is before from, {from}"));
    }
    entry.finish();
    Some(DisputeType {
        code: code?,
        zh: zh?,
        en: en?,
        first: first?,
        fallbacks,
        other_routes,
        category: category?,
        source: source?,
        valid_from: valid_from?,
        valid_to,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_has_the_types_of_the_domain() {
        let list = DisputeTypes::shipped();
        let day: Day = "2026-11-24".parse().unwrap();
        assert_eq!(list.on(day).count(), 23);
        let wages = list.find(" 拖欠农民工工资纠纷 ", day).unwrap();
        assert_eq!((wages.code.as_str(), wages.first), ("T10", Force::Administrative));
        assert_eq!(list.find("T09", day).unwrap().forces().count(), 3);
        assert_eq!(list.find("T98", day), None);
    }

    #[test]
    fn mistakes_are_told_line_by_line() {
        let text = "version = \"x\"\n[[type]]\ncode = \"T01\"\nzh = \"婚姻\"\nen = \"x\"\nfirst = \"peoples\"\n\
                    fallbacks = [\"judicial\", \"judicial\"]\nother_routes = [\"court\"]\ncategory = \"民政\"\nsource = \"x\"\nfrom = \"2000-01-01\"\n";
        let problems = DisputeTypes::from_toml(text).unwrap_err();
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [6, 7, 8]);
    }
}
