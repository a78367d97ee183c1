//! Which clock an accepted case has, by force and type: data, read so that each mistake has its line. How long it runs stands in the
//! rule book.

use super::Context;
use fengqiao_model::Day;
use fengqiao_statute::{
    ClockTerms, DataProblem, Force,
    datafile::{self, Entry},
    start_clock,
};
use std::sync::LazyLock;

static SHIPPED: LazyLock<ClockTable> =
    LazyLock::new(|| datafile::shipped("data/clocks.toml", ClockTable::from_toml(include_str!("../../data/clocks.toml"))));

/// The day from which a clock runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Applied,
    Accepted,
}

/// One clock.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CaseClock {
    force: Force,
    /// None: every type.
    types: Vec<String>,
    rule: String,
    start: Start,
}

/// The clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockTable {
    version: String,
    clocks: Vec<CaseClock>,
}

impl ClockTable {
    /// The table that ships with the program.
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Reads a table; every mistake is reported with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<DataProblem>> {
        datafile::read(text, |file| {
            let version = file.text("version");
            let mut clocks: Vec<CaseClock> = Vec::new();
            for entry in &file.entries("clock") {
                let Some(clock) = read_clock(entry) else { continue };
                let shadowed = clocks.iter().any(|earlier| {
                    earlier.force == clock.force
                        && (earlier.types.is_empty() || clock.types.iter().any(|kind| earlier.types.contains(kind)))
                });
                if shadowed {
                    entry.problem("force", format!("an earlier entry for {} has these types already", clock.force));
                }
                clocks.push(clock);
            }
            Some(Self { version: version?, clocks })
        })
    }

    /// Version of the table.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules that its clocks run by.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.clocks.iter().map(|clock| clock.rule.as_str())
    }

    /// The clock of a case of this force and type, applied for and accepted on these days; `None` where the law sets none.
    pub(super) fn start(
        &self,
        force: Force,
        dispute_type: &str,
        applied: Day,
        accepted: Day,
        context: &Context<'_>,
    ) -> Option<ClockTerms> {
        let names_type = |clock: &&CaseClock| clock.types.is_empty() || clock.types.iter().any(|kind| kind == dispute_type);
        let clock = self.clocks.iter().filter(|clock| clock.force == force).find(names_type)?;
        let from = match clock.start {
            Start::Applied => applied,
            Start::Accepted => accepted,
        };
        start_clock(&context.law.rules, &context.law.calendar, &clock.rule, from).ok()
    }
}

fn read_clock(entry: &Entry<'_>) -> Option<CaseClock> {
    let (force, rule, source) = (entry.parsed("force"), entry.text("rule"), entry.text("source"));
    let types = entry.texts("types").into_iter().map(|(code, _)| code).collect();
    let start = match entry.text("from").as_deref() {
        Some("applied") => Some(Start::Applied),
        Some("accepted") => Some(Start::Accepted),
        Some(other) => {
            entry.problem("from", format!("{other}: must be applied or accepted"));
            None
        }
        None => None,
    };
    entry.finish();
    source?;
    Some(CaseClock { force: force?, types, rule: rule?, start: start? })
}
