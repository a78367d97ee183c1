//! What a decision may look at besides the state and the command: the caller, the day, the law.

use super::{Directory, Link, Petition, Places, SealedContent};
use fengqiao_model::{Caller, Day};
use fengqiao_statute::{Calendar, ClockTerms, ConductBook, DisputeTypes, Lamps, ReasonList, RuleBook, UnitLevel, start_clock};

/// The versioned tables of the law.
#[derive(Clone, Debug)]
pub struct Law {
    /// Clocks.
    pub rules: RuleBook,
    /// Working days.
    pub calendar: Calendar,
    /// Reason codes.
    pub reasons: ReasonList,
    /// Types of disputes, for what goes to mediation.
    pub dispute_types: DisputeTypes,
    /// When lamps change.
    pub lamps: Lamps,
    /// Rules of conduct.
    pub conduct: ConductBook,
    /// Divisions.
    pub places: Places,
}

impl Law {
    /// The tables that ship with the product.
    pub fn shipped() -> Self {
        Self {
            rules: RuleBook::shipped(),
            calendar: Calendar::shipped(),
            reasons: ReasonList::shipped(),
            dispute_types: DisputeTypes::shipped(),
            lamps: Lamps::shipped(),
            conduct: ConductBook::shipped(),
            places: Places::default(),
        }
    }
}

/// Staged forwarding at the county level, which is where a unit stands of which no more is known.
const COUNTY: &str = "P-12d";

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
    /// Rule of staged forwarding for the level of the caller's unit; `None` where that level has none.
    pub staged_rule: Option<&'static str>,
    /// What is sealed so far, folded; only where the command hands it on.
    pub content: Option<&'a SealedContent>,
    /// What mediation told about the petition; only where the command looks at it.
    pub links: &'a [Link],
    /// The units that the command names, those that are known; all of the book where a unit is decided on.
    pub units: &'a Directory,
}

impl<'a> Context<'a> {
    /// The surroundings of a decision that looks neither at what is sealed nor at mediation.
    pub fn new(caller: &'a Caller, today: Day, law: &'a Law, days_back: i32) -> Self {
        Self { caller, today, law, days_back, staged_rule: Some(COUNTY), content: None, links: &[], units: Directory::EMPTY }
    }

    /// The same with what routing to mediation looks at.
    pub fn with(self, content: Option<&'a SealedContent>, links: &'a [Link]) -> Self {
        Self { content, links, ..self }
    }

    /// The same with the units that the command names, and the caller's own where its level counts.
    pub fn among(self, units: &'a Directory) -> Self {
        let staged_rule = match units.level(self.caller.unit.as_str(), self.today) {
            None => self.staged_rule,
            Some(UnitLevel::Province) => Some("P-12b"),
            Some(UnitLevel::City) => Some("P-12c"),
            Some(UnitLevel::County) => Some(COUNTY),
            Some(UnitLevel::Township | UnitLevel::Village) => None,
        };
        Self { units, staged_rule, ..self }
    }

    /// The clock of a rule, started by its trigger event on a day; `None` where the law has none.
    pub fn start(&self, rule: &str, on: Day) -> Option<ClockTerms> {
        start_clock(&self.law.rules, &self.law.calendar, rule, on).ok()
    }

    /// Whether the petition lies in the caller's divisions.
    pub fn may_touch(&self, petition: &Petition) -> bool {
        self.caller.division.as_ref().is_none_or(|division| division.contains(&petition.division))
    }
}
