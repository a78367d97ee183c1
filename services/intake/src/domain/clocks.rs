//! The clocks of a petition: each that was started, in the order of starting. Knows their codes and which step ends which; how days
//! are counted is the statute's.

use super::{Petition, due::Former};
use fengqiao_model::Day;
use fengqiao_statute::ClockTerms;
use serde::{Deserialize, Serialize};

/// Register and route (XF 22).
pub const FIRST_ACTION: &str = "P-01";
/// Notice of an item that an organ received direct (XF 23).
pub const DIRECT_NOTICE: &str = "P-02";
/// Notice of an item that was transferred or assigned (XF 23).
pub const ROUTED_NOTICE: &str = "P-03";
/// Objection of an organ that is not competent (XF 23).
pub const OBJECTION: &str = "P-04";
/// Report on an assignment (XF 22).
pub const ASSIGNMENT: &str = "P-05";
/// Handling opinion (XF 34).
pub const HANDLING: &str = "P-06";
/// Window in which a review may be asked for (XF 35).
pub const REVIEW_WINDOW: &str = "P-07";
/// Review opinion (XF 35).
pub const REVIEW: &str = "P-08";
/// Window in which a re-review may be asked for (XF 36).
pub const REREVIEW_WINDOW: &str = "P-09";
/// Re-review opinion (XF 36).
pub const REREVIEW: &str = "P-10";
/// Staged forwarding, one rule for each level, inside the time of P-01.
pub const STAGED: &str = "P-12";
/// Window in which the petitioner rates.
pub const RATING: &str = "P-13";
/// Report of an urgent or major item (XF 25).
pub const URGENT: &str = "P-14";

/// What an acceptance ends, and a conclusion too: everything that waits for the item to be taken up.
pub const ENDED_BY_ACCEPTANCE: [&str; 5] = [FIRST_ACTION, STAGED, DIRECT_NOTICE, ROUTED_NOTICE, OBJECTION];

/// One clock that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockRun {
    /// Its terms, extension and exclusions included.
    pub terms: ClockTerms,
    /// Day on which what it asks for was done, or on which it lost its point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_on: Option<Day>,
    /// Day on which its lapse was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed_on: Option<Day>,
    /// Terms that it had before, in their order: kept by the fold, not told by events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Former>,
}

impl ClockRun {
    /// A clock that begins to run.
    pub fn started(terms: ClockTerms) -> Self {
        Self { terms, done_on: None, lapsed_on: None, former: Vec::new() }
    }

    /// A clock whose end is known already.
    pub fn ended(terms: ClockTerms, done_on: Option<Day>) -> Self {
        Self { done_on, ..Self::started(terms) }
    }

    /// Whether it runs; what is late is still owed.
    pub fn runs(&self) -> bool {
        self.done_on.is_none()
    }
}

impl Petition {
    /// The clock of a rule that counts: the last one started.
    pub fn clock(&self, rule: &str) -> Option<&ClockRun> {
        self.clocks.iter().rev().find(|clock| clock.terms.rule == rule)
    }

    /// Its terms.
    pub fn terms(&self, rule: &str) -> Option<&ClockTerms> {
        self.clock(rule).map(|clock| &clock.terms)
    }

    /// The clocks that run.
    pub fn running(&self) -> impl Iterator<Item = &ClockRun> {
        self.clocks.iter().filter(|clock| clock.runs())
    }

    /// Starts a clock, where the law has one.
    pub(super) fn start(&mut self, terms: Option<ClockTerms>) {
        self.clocks.extend(terms.map(ClockRun::started));
    }

    /// What these clocks ask for was done; a rule with several lengths (`P-12d`) is named by what they have in common.
    pub(super) fn done(&mut self, rules: &[&str], on: Day) {
        for clock in &mut self.clocks {
            if clock.done_on.is_none() && rules.iter().any(|rule| clock.terms.rule.starts_with(rule)) {
                clock.done_on = Some(on);
            }
        }
    }

    /// All that run have lost their point.
    pub(super) fn all_done(&mut self, on: Day) {
        self.done(&["P-"], on);
    }

    /// The first action of the petition office, if this is it.
    pub(super) fn acted(&mut self, on: Day) {
        self.first_action_on.get_or_insert(on);
        self.done(&[FIRST_ACTION, STAGED], on);
    }

    /// Other terms for the clock that counts: extended, restated, with excluded time.
    pub(super) fn reterm(&mut self, rule: &str, terms: ClockTerms) {
        if let Some(clock) = self.clocks.iter_mut().rev().find(|clock| clock.terms.rule == rule) {
            clock.terms = terms;
        }
    }
}
