//! Which petitions stand behind a count. It knows one image at a time, and is the second way to every count: adding up what
//! it gives for all images must give the figure.

use super::{Contribution, Formula, Indicator, Known, Measure, Sheet};
use fengqiao_model::Day;

/// Which count is to be explained.
#[derive(Clone, Debug)]
pub struct Question {
    /// A count.
    pub indicator: &'static Indicator,
    /// The period.
    pub year: i64,
    /// The cut-off.
    pub as_of: Day,
    /// The dimension; [`Sheet::Total`] for none.
    pub sheet: Sheet,
    /// Its member.
    pub member: String,
}

/// What one petition adds to the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The day that puts it into the period.
    pub basis: Day,
    /// The day from which it counts.
    pub counted_from: Day,
    /// What it adds.
    pub amount: i64,
}

/// What the image known on the cut-off day adds; `None` for nothing.
pub fn explain(known: &Known, question: &Question) -> Option<Explained> {
    let mut amount = 0;
    let mut first: Option<Contribution> = None;
    for contribution in known.contributions() {
        if contribution.stamp > question.as_of || !known.fact.is_member(question.sheet, &question.member, &contribution) {
            continue;
        }
        let sign = question.sign(&contribution);
        amount += sign * contribution.amount;
        if sign > 0 && contribution.amount > 0 {
            first.get_or_insert(contribution);
        }
    }
    let first = first.filter(|_| amount != 0)?;
    Some(Explained { basis: first.basis, counted_from: first.stamp, amount })
}

impl Question {
    /// With which sign a contribution takes part.
    fn sign(&self, contribution: &Contribution) -> i64 {
        let year = i64::from(contribution.basis.year());
        let stock = match contribution.measure {
            Measure::REGISTERED => 1,
            Measure::CLOSED => -1,
            _ => 0,
        };
        match self.indicator.formula {
            Formula::Count(measure) => i64::from(measure == contribution.measure && year == self.year),
            Formula::CarriedIn if year < self.year => stock,
            Formula::CarriedOut if year <= self.year => stock,
            Formula::CarriedIn | Formula::CarriedOut | Formula::Rate { .. } => 0,
        }
    }
}
