//! What a decision may look at besides the state and the command: the caller, the day, the law.

use super::{Booked, CaseState, ClockTable, Dispute, PaperList, RoutingRules};
use fengqiao_model::{Caller, Day, DivisionCode, Permission};
use fengqiao_statute::{Calendar, DisputeTypes, ReasonList, RuleBook};

/// The versioned tables of the law.
#[derive(Clone, Debug)]
pub struct Law {
    /// Clocks.
    pub rules: RuleBook,
    /// Working days.
    pub calendar: Calendar,
    /// Reason codes of cases.
    pub reasons: ReasonList,
    /// Dispute types.
    pub types: DisputeTypes,
    /// Where a case goes.
    pub routing: RoutingRules,
    /// Which clock an accepted case has.
    pub clocks: ClockTable,
    /// What a bound file has to hold.
    pub papers: PaperList,
}

impl Law {
    /// The tables that ship with the product.
    pub fn shipped() -> Self {
        Self {
            rules: RuleBook::shipped(),
            calendar: Calendar::shipped(),
            reasons: ReasonList::shipped_of_cases(),
            types: DisputeTypes::shipped(),
            routing: RoutingRules::shipped(),
            clocks: ClockTable::shipped(),
            papers: PaperList::shipped(),
        }
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
    /// What is booked of the time of mediators and rooms; only where the command looks at it.
    pub booked: &'a [Booked],
}

impl Context<'_> {
    /// Whether the dispute lies in the caller's divisions.
    pub fn may_touch(&self, dispute: &Dispute) -> bool {
        self.may_touch_division(&dispute.division)
    }

    /// Whether the division is one of the caller's, or lies in one.
    pub fn may_touch_division(&self, division: &DivisionCode) -> bool {
        self.caller.division.as_ref().is_none_or(|own| own.contains(division))
    }

    /// Whether the caller works for the body, or coordinates them all.
    pub fn speaks_for(&self, body: &str) -> bool {
        self.caller.unit.as_str() == body || self.caller.may(Permission::DispatchCases)
    }
}

impl CaseState {
    /// Ended in any way but by being voided.
    pub fn is_ended(self) -> bool {
        !self.is_open() && self != CaseState::Void
    }
}
