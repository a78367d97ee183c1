//! Which items stand behind a count. It knows one image at a time, and is the second way to every count: adding up what
//! it gives for all images must give the figure.

use super::{Contribution, Formula, Indicator, Known, Levels, Members, Sheet, Stock};
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
    /// Which unit has which level, where the dimension is that.
    pub levels: Levels,
}

/// What one item adds to the count.
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
    let members = known.fact.members()?;
    let mut amount = 0_i64;
    let mut first: Option<Contribution> = None;
    for contribution in known.contributions() {
        if contribution.stamp > question.as_of || !question.holds(&members, &contribution) {
            continue;
        }
        let sign = question.sign(&contribution);
        amount = amount.wrapping_add(sign.wrapping_mul(contribution.amount));
        if sign > 0 && contribution.amount > 0 {
            first.get_or_insert(contribution);
        }
    }
    let first = first.filter(|_| amount != 0)?;
    Some(Explained { basis: first.basis, counted_from: first.stamp, amount })
}

impl Question {
    fn holds(&self, members: &Members<'_>, contribution: &Contribution) -> bool {
        match self.sheet {
            Sheet::Level => self.levels.of(members.unit_of(contribution)) == Some(self.member.as_str()),
            sheet => members.has(sheet, &self.member, contribution),
        }
    }

    /// With which sign a contribution takes part.
    fn sign(&self, contribution: &Contribution) -> i64 {
        let year = i64::from(contribution.basis.year());
        match self.indicator.formula {
            Formula::Count(measure) => i64::from(measure == contribution.measure && year == self.year),
            Formula::CarriedIn(stock) if year < self.year => stock.sign(contribution.measure),
            Formula::CarriedOut(stock) if year <= self.year => stock.sign(contribution.measure),
            Formula::CarriedIn(_) | Formula::CarriedOut(_) | Formula::Themes | Formula::Rate { .. } => 0,
        }
    }
}

/// Whether a body is at work at the end of the year, as far as known on the cut-off day.
pub fn works(known: &Known, year: i64, as_of: Day) -> bool {
    let counted = known.contributions().filter(|c| c.stamp <= as_of && i64::from(c.basis.year()) <= year);
    counted.map(|c| Stock::Bodies.sign(c.measure) * c.amount).sum::<i64>() > 0
}
