//! Time that is not counted: only for the causes that a rule names, and overlapping intervals are never subtracted twice (D§6.5).

use crate::Rule;
use fengqiao_model::Day;

/// An interval that shall not be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Code of the cause, such as `medical_appraisal`.
    pub cause: String,
    /// First day that is not counted.
    pub from: Day,
    /// Last day that is not counted.
    pub to: Day,
}

/// Why an interval must be counted all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExclusionError {
    /// The law names no such cause for this clock; there is no analogy.
    #[error("{rule} does not exclude time for {cause}; {known}")]
    CauseNotNamed {
        /// The rule.
        rule: String,
        /// The cause that was given.
        cause: String,
        /// What the rule does exclude.
        known: String,
    },
    /// An interval ends before it begins.
    #[error("an excluded interval ends on {to}, before it begins on {from}")]
    EndsBeforeStart {
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// The clock's rule is not in the book.
    #[error(transparent)]
    NoRule(#[from] crate::NoRule),
}

/// Checks the exclusions against the rule and gives them as sorted intervals that neither overlap nor touch.
pub(crate) fn allowed(rule: &Rule, exclusions: &[Exclusion]) -> Result<Vec<(Day, Day)>, ExclusionError> {
    for Exclusion { cause, from, to } in exclusions {
        if !rule.excluded.contains(cause) {
            let known = match rule.excluded.as_slice() {
                [] => "it excludes nothing".to_owned(),
                causes => format!("it excludes only {}", causes.join(", ")),
            };
            return Err(ExclusionError::CauseNotNamed { rule: rule.code.clone(), cause: cause.clone(), known });
        }
        if to < from {
            return Err(ExclusionError::EndsBeforeStart { from: *from, to: *to });
        }
    }
    Ok(merged(&exclusions.iter().map(|exclusion| (exclusion.from, exclusion.to)).collect::<Vec<_>>()))
}

/// The same days as sorted intervals that neither overlap nor touch; both ends of an interval belong to it.
pub fn merged(intervals: &[(Day, Day)]) -> Vec<(Day, Day)> {
    let mut sorted: Vec<_> = intervals.iter().copied().filter(|(from, to)| from <= to).collect();
    sorted.sort();
    let mut merged: Vec<(Day, Day)> = Vec::new();
    for (from, to) in sorted {
        match merged.last_mut() {
            Some((_, last)) if from <= last.plus_days(1) => *last = to.max(*last),
            _ => merged.push((from, to)),
        }
    }
    merged
}
