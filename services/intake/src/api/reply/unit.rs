//! Units, from the domain to messages.

use super::counted;
use crate::{
    app::{ImportOutcome, SilentUnit},
    domain::{Period, RowRefusal, Unit, unit_message},
};
use fengqiao_proto::intake::v1 as pb;

/// A unit without its history.
pub fn unit(unit: &Unit, open_items: Option<i64>) -> pb::Unit {
    pb::Unit {
        facts: Some(unit_message(unit)),
        etag: unit.version.to_string(),
        open_items: open_items.unwrap_or(0),
        handed_over: i64::from(unit.handed_over),
        history: Vec::new(),
    }
}

/// A unit with what it was in each period.
pub fn unit_with_history(of: &Unit, open_items: Option<i64>) -> pb::Unit {
    let present = Period { from: of.since, standing: of.standing.clone() };
    let periods: Vec<&Period> = of.past.iter().chain([&present]).collect();
    let period = |(at, period): (usize, &&Period)| {
        let then = Unit { standing: period.standing.clone(), ..of.clone() };
        pb::UnitPeriod {
            from: period.from.to_string(),
            until: periods.get(at + 1).map(|next| next.from.to_string()).unwrap_or_default(),
            facts: Some(unit_message(&then)),
        }
    };
    pb::Unit { history: periods.iter().enumerate().map(period).collect(), ..unit(of, open_items) }
}

/// A unit that logged nothing.
pub fn silent(silent: &SilentUnit) -> pb::SilentUnit {
    pb::SilentUnit { facts: Some(unit_message(&silent.unit)), last_day: super::day(silent.last_day), days: silent.days }
}

/// What became of a batch of rows; `refused` are those that could not even be read.
pub fn imported_units(outcome: ImportOutcome, refused: Vec<RowRefusal>) -> pb::ImportUnitsResponse {
    let (imported, advanced, already, position) = (outcome.imported, outcome.advanced, outcome.already, outcome.position);
    let (rows, refusals) = counted(outcome, refused);
    pb::ImportUnitsResponse {
        rows,
        imported,
        advanced,
        already,
        refused: refusals
            .into_iter()
            .map(|r| pb::UnitRowRefusal { line: r.line, column: r.column.to_owned(), reason: r.reason })
            .collect(),
        log_position: position,
    }
}
