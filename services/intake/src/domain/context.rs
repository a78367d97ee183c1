//! What a decision may look at besides the state and the command: the caller, the day, the law.

use super::Petition;
use fengqiao_model::{Caller, Day};
use fengqiao_statute::{Calendar, ReasonList, RuleBook};

/// The versioned tables of the law.
#[derive(Clone, Debug)]
pub struct Law {
    /// Clocks.
    pub rules: RuleBook,
    /// Working days.
    pub calendar: Calendar,
    /// Reason codes.
    pub reasons: ReasonList,
}

impl Law {
    /// The tables that ship with the product.
    pub fn shipped() -> Self {
        Self { rules: RuleBook::shipped(), calendar: Calendar::shipped(), reasons: ReasonList::shipped() }
    }
}

/// The surroundings of one decision.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub caller: &'a Caller,
    /// The present UTC+08:00 day.
    pub today: Day,
    /// The law.
    pub law: &'a Law,
    /// How many days back a business day may lie.
    pub days_back: i32,
}

impl Context<'_> {
    /// Whether the petition lies in the caller's divisions.
    pub fn may_touch(&self, petition: &Petition) -> bool {
        self.caller.division.as_ref().is_none_or(|division| division.contains(&petition.division))
    }
}
