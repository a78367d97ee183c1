//! The image of one petition as the log tells it, nothing personal in it. It knows what each event changes; it refuses to
//! know what that counts for.

use super::{Dated, Due, Members};
use fengqiao_model::{Day, DivisionCode};
use serde::{Deserialize, Serialize};

/// One petition. Stored as JSON; short names, because there is one for each petition of the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Petition {
    /// Where the matter arose.
    #[serde(rename = "div")]
    pub division: DivisionCode,
    /// Class of matter, by code.
    #[serde(rename = "cls")]
    pub class: String,
    /// Channel, by code; empty when a ledger does not say.
    #[serde(rename = "ch", default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// The responsible unit; empty when there is none yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Content category.
    #[serde(rename = "cat", default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Number of petitioners; 0 when a ledger does not say.
    #[serde(rename = "n")]
    pub persons: i64,
    /// Registration.
    #[serde(rename = "reg")]
    pub registered: Dated,
    /// First action of the petition office.
    #[serde(rename = "act", default, skip_serializing_if = "Option::is_none")]
    pub first_action: Option<Dated>,
    /// Acceptance.
    #[serde(rename = "acc", default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Dated>,
    /// Conclusion of any kind but void.
    #[serde(rename = "end", default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Dated>,
    /// Code of that conclusion; empty while open.
    #[serde(rename = "how", default, skip_serializing_if = "String::is_empty")]
    pub conclusion: String,
    /// The entry was an error: it counts as voided and nowhere else.
    #[serde(rename = "void", default, skip_serializing_if = "Option::is_none")]
    pub voided: Option<Dated>,
    /// Review was asked for.
    #[serde(rename = "rvq", default, skip_serializing_if = "Option::is_none")]
    pub review_requested: Option<Dated>,
    /// Review opinion.
    #[serde(rename = "rv", default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Dated>,
    /// Re-review was asked for.
    #[serde(rename = "rrq", default, skip_serializing_if = "Option::is_none")]
    pub rereview_requested: Option<Dated>,
    /// Re-review opinion.
    #[serde(rename = "rr", default, skip_serializing_if = "Option::is_none")]
    pub rereviewed: Option<Dated>,
    /// Clock P-01: first action.
    #[serde(rename = "p01", default, skip_serializing_if = "Option::is_none")]
    pub first_action_due: Option<Due>,
    /// Clock P-06: handling opinion.
    #[serde(rename = "p06", default, skip_serializing_if = "Option::is_none")]
    pub handling_due: Option<Due>,
    /// Clock P-08: review.
    #[serde(rename = "p08", default, skip_serializing_if = "Option::is_none")]
    pub review_due: Option<Due>,
    /// Clock P-10: re-review.
    #[serde(rename = "p10", default, skip_serializing_if = "Option::is_none")]
    pub rereview_due: Option<Due>,
}

/// A live registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Where the matter arose.
    pub division: DivisionCode,
    /// Class of matter.
    pub class: String,
    /// Channel.
    pub channel: String,
    /// Responsible unit; may be empty.
    pub unit: String,
    /// Content category.
    pub category: String,
    /// Number of petitioners.
    pub persons: i64,
    /// Day of registration.
    pub on: Day,
    /// Clock P-01: (KPI due, legal due).
    pub first_action: Option<(Day, Day)>,
}

/// A whole ledger row: every day is known on its own day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its parts that are not days after registration.
    pub registration: Registration,
    /// First action as the ledger has it.
    pub first_action_on: Option<Day>,
    /// Acceptance.
    pub accepted_on: Option<Day>,
    /// Conclusion of any kind.
    pub concluded_on: Option<Day>,
    /// Code of the conclusion; empty while open.
    pub conclusion: String,
    /// Review was asked for.
    pub review_requested_on: Option<Day>,
    /// Review opinion.
    pub reviewed_on: Option<Day>,
    /// Re-review was asked for.
    pub rereview_requested_on: Option<Day>,
    /// Re-review opinion.
    pub rereviewed_on: Option<Day>,
    /// Clock P-06: (KPI due, legal due).
    pub handling: Option<(Day, Day)>,
    /// Clock P-08.
    pub review: Option<(Day, Day)>,
    /// Clock P-10.
    pub rereview: Option<(Day, Day)>,
}

/// What an event of the log says about a petition, as far as figures care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Logged at a desk or by a client.
    Registered(Box<Registration>),
    /// Accepted; an empty unit leaves the unit as it is.
    Accepted { on: Day, unit: String, handling: Option<(Day, Day)> },
    /// Not accepted, or no longer.
    Refused { on: Day, conclusion: String },
    /// More time was granted: clock P-06 as it now runs.
    Extended { handling: (Day, Day) },
    /// The handling opinion: closes as `replied`.
    OpinionIssued { on: Day },
    /// Closes as `withdrawn`.
    Withdrawn { on: Day },
    /// An error or duplicate.
    Voided { on: Day },
    /// A ledger row met for the first time.
    Imported(Box<LedgerRow>),
    /// A ledger row with cells filled since; the whole row again.
    Advanced(Box<LedgerRow>),
    /// Nothing that figures care about.
    Nothing,
}

impl Change {
    /// Whether a ledger vouches for the days, so that nothing is known later than its own day.
    pub fn vouched(&self) -> bool {
        matches!(self, Change::Imported(_) | Change::Advanced(_))
    }
}

/// Why an event has no place in the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unplaced {
    /// It begins a petition that is there already.
    Exists,
    /// It changes a petition that is not there.
    Missing,
}

impl Unplaced {
    /// The reason as it stands in the list of stuck events.
    pub fn reason(self) -> &'static str {
        match self {
            Unplaced::Exists => "the petition exists already",
            Unplaced::Missing => "the petition does not exist",
        }
    }
}

/// The conclusion under which a ledger row is void.
const VOID: &str = "void";

impl Petition {
    /// What it stands under.
    pub fn members(&self) -> Members<'_> {
        Members { unit: &self.unit, channel: &self.channel, conclusion: &self.conclusion, ..Members::at(&self.division) }
    }

    /// The image after an event known since `known`.
    pub fn after(before: Option<&Petition>, change: &Change, known: Day) -> Result<Petition, Unplaced> {
        let fact = match (before, change) {
            (None, Change::Registered(new)) => Petition::registered(new, known),
            (None, Change::Imported(row)) => Petition::of_row(row),
            (None, _) => return Err(Unplaced::Missing),
            (Some(_), Change::Registered(_) | Change::Imported(_)) => return Err(Unplaced::Exists),
            // A voided entry stays void, on the day it had.
            (Some(old), Change::Advanced(row)) => match old.voided {
                voided @ Some(_) => Petition { voided, ..Petition::of_row(row) },
                None => Petition::of_row(row),
            },
            (Some(old), change) => old.clone().changed(change, known),
        };
        Ok(fact)
    }

    fn registered(new: &Registration, known: Day) -> Petition {
        Petition {
            division: new.division.clone(),
            class: new.class.clone(),
            channel: new.channel.clone(),
            unit: new.unit.clone(),
            category: new.category.clone(),
            persons: new.persons,
            registered: Dated(new.on, known),
            first_action: None,
            accepted: None,
            closed: None,
            conclusion: String::new(),
            voided: None,
            review_requested: None,
            reviewed: None,
            rereview_requested: None,
            rereviewed: None,
            first_action_due: due(new.first_action, known),
            handling_due: None,
            review_due: None,
            rereview_due: None,
        }
    }

    fn of_row(row: &LedgerRow) -> Petition {
        let registered = row.registration.on;
        let own = |day: Option<Day>| day.map(Dated::own);
        let void = row.conclusion == VOID;
        Petition {
            // The petition office acted at the latest when the item was accepted or concluded (D§5.2: the earliest counts).
            first_action: own([row.first_action_on, row.accepted_on, row.concluded_on].into_iter().flatten().min()),
            accepted: own(row.accepted_on),
            closed: if void { None } else { own(row.concluded_on) },
            conclusion: if void { String::new() } else { row.conclusion.clone() },
            voided: void.then(|| Dated::own(registered)),
            review_requested: own(row.review_requested_on),
            reviewed: own(row.reviewed_on),
            rereview_requested: own(row.rereview_requested_on),
            rereviewed: own(row.rereviewed_on),
            handling_due: due(row.handling, registered),
            review_due: due(row.review, registered),
            rereview_due: due(row.rereview, registered),
            ..Petition::registered(&row.registration, registered)
        }
    }

    fn changed(mut self, change: &Change, known: Day) -> Petition {
        match change {
            Change::Accepted { on, unit, handling } => {
                self.accepted = Some(Dated(*on, known));
                self.first_action.get_or_insert(Dated(*on, known));
                if !unit.is_empty() {
                    self.unit.clone_from(unit);
                }
                self.handling_due = due(*handling, known);
            }
            Change::Refused { on, conclusion } => {
                self.first_action.get_or_insert(Dated(*on, known));
                self.close(*on, known, conclusion);
            }
            Change::Extended { handling } => self.handling_due = due(Some(*handling), known),
            Change::OpinionIssued { on } => self.close(*on, known, "replied"),
            Change::Withdrawn { on } => {
                // As in a ledger's row: what ended before any other action ended the office's duty to act.
                self.first_action.get_or_insert(Dated(*on, known));
                self.close(*on, known, "withdrawn");
            }
            Change::Voided { on } => self.voided = Some(Dated(*on, known)),
            Change::Registered(_) | Change::Imported(_) | Change::Advanced(_) | Change::Nothing => {}
        }
        self
    }

    fn close(&mut self, on: Day, known: Day, conclusion: &str) {
        self.closed = Some(Dated(on, known));
        conclusion.clone_into(&mut self.conclusion);
    }
}

fn due(days: Option<(Day, Day)>, since: Day) -> Option<Due> {
    days.map(|(kpi, legal)| Due { kpi, legal, since })
}
