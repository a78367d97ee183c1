//! What the log says about a petition, as far as figures care. It knows words and days; it refuses to know what they make of
//! the image.

use super::Standing;
use fengqiao_model::{Day, DivisionCode};

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
    /// It repeats an earlier item.
    pub repeat: bool,
    /// It is a litigation matter.
    pub litigation: bool,
    /// Rating of the petition office, by code; empty when there is none.
    pub rating_office: String,
    /// Rating of the responsible unit, likewise.
    pub rating_unit: String,
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
    /// A step of any kind: how the petition stands after it.
    Stepped(Box<Standing>),
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
