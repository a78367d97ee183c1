//! Stocks: what is open, or at work, at the beginning and the end of a period. It knows which measures make one up.

use super::{Kind, Measure};

/// A number of things that are open, or at work: what begins less what ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// Petitions registered or taken up again, and not closed.
    Petitions = 0,
    /// Cases applied for and neither accepted nor refused nor declined.
    Pending = 1,
    /// Cases accepted and neither concluded nor transferred.
    Cases = 2,
    /// Disputes accepted or reopened and not concluded.
    Disputes = 3,
    /// Bodies at work.
    Bodies = 4,
}

impl Stock {
    /// Every stock.
    pub const ALL: [Stock; 5] = [Stock::Petitions, Stock::Pending, Stock::Cases, Stock::Disputes, Stock::Bodies];

    /// What it is a number of.
    pub fn kind(self) -> Kind {
        [Kind::Petition, Kind::Case, Kind::Case, Kind::Dispute, Kind::Body][self as usize]
    }

    /// How an amount of the measure changes it: 1, -1 or not at all.
    pub fn sign(self, measure: Measure) -> i64 {
        let (begin, end): (&[Measure], &[Measure]) = match self {
            Stock::Petitions => (&[Measure::REGISTERED, Measure::PETITION_REOPENED], &[Measure::CLOSED]),
            Stock::Pending => (&[Measure::APPLIED], &[Measure::CASE_ACCEPTED, Measure::REFUSED, Measure::DECLINED]),
            Stock::Cases => (&[Measure::CASE_ACCEPTED], &[Measure::CASE_CONCLUDED, Measure::TRANSFERRED]),
            Stock::Disputes => (&[Measure::DISPUTE_ACCEPTED, Measure::REOPENED], &[Measure::DISPUTE_CONCLUDED]),
            Stock::Bodies => (&[Measure::BEGUN], &[Measure::BODY_CLOSED]),
        };
        i64::from(begin.contains(&measure)) - i64::from(end.contains(&measure))
    }
}
