//! A step in the life of a petition that is published as the petition as it stands after it. One list of kinds: whoever adds a call
//! that changes a petition adds a line here.

use super::Petition;
use fengqiao_model::{ActorId, Day, Token};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What kind of step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum StepKind {
            $($(#[$doc])* $kind,)*
        }

        impl StepKind {
            /// Every kind.
            pub const ALL: [StepKind; [$($name),*].len()] = [$(StepKind::$kind),*];

            /// Kind as it stands in the log.
            pub fn name(self) -> &'static str {
                match self {
                    $(StepKind::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// Transferred to a unit.
    Transferred = "petition.transferred",
    /// Assigned to a unit with a time limit.
    Assigned = "petition.assigned",
    /// Gone to the unit that took over the one that had it; a step of the house, not of the unit.
    Moved = "petition.moved",
    /// The assigned unit reported.
    AssignmentReported = "petition.assignment_reported",
    /// The unit says it is not competent.
    Objected = "petition.objected",
    /// That was decided.
    ObjectionDecided = "petition.objection_decided",
    /// Led to a statutory procedure.
    Diverted = "petition.diverted",
    /// Only advice was wanted.
    Consulted = "petition.consulted",
    /// A suggestion was answered.
    Answered = "petition.answered",
    /// An allegation was forwarded.
    Forwarded = "petition.forwarded",
    /// A hearing was held.
    Heard = "petition.heard",
    /// The petitioner received a paper.
    Delivered = "petition.delivered",
    /// A review was asked for.
    ReviewRequested = "petition.review_requested",
    /// The review opinion was issued.
    Reviewed = "petition.reviewed",
    /// A re-review was asked for.
    RereviewRequested = "petition.rereview_requested",
    /// The re-review opinion was issued.
    Rereviewed = "petition.rereviewed",
    /// Settled by agreement.
    Settled = "petition.settled",
    /// Opened again.
    Reopened = "petition.reopened",
    /// Fields were corrected.
    Corrected = "petition.corrected",
    /// The petitioner rated.
    Rated = "petition.rated",
    /// Found to be urgent or major, or reported as such.
    FlaggedUrgent = "petition.flagged_urgent",
    /// The time of a clock is over: noted once, by the sweep.
    ClockLapsed = "petition.clock_lapsed",
    /// A clock was reckoned anew by another calendar.
    ClockRestated = "petition.clock_restated",
    /// A unit was pressed, by a person or by a lamp that turned red.
    Supervised = "petition.supervised",
    /// The explanation that a measure of supervision asked for.
    SupervisionExplained = "petition.supervision_explained",
    /// A representative got a new query code.
    CodeReissued = "petition.code_reissued",
}

impl StepKind {
    /// The kind with this name.
    pub fn named(name: &str) -> Option<StepKind> {
        StepKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it changes what a ledger's row tells, so that a later row of the same item may no longer overwrite it.
    pub fn overtakes_row(self) -> bool {
        let beside = [
            StepKind::FlaggedUrgent,
            StepKind::CodeReissued,
            StepKind::ClockLapsed,
            StepKind::ClockRestated,
            StepKind::Supervised,
            StepKind::SupervisionExplained,
        ];
        !beside.contains(&self)
    }
}

/// A field that was corrected, both values as text; empty for what is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Name of the field in the contract.
    pub field: String,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// A step, and the petition after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What kind of step.
    pub kind: StepKind,
    /// Business day.
    pub on: Day,
    /// The unit that took it.
    pub unit: Token,
    /// Document number of its paper; may be empty.
    pub document_number: String,
    /// Day of receipt of that paper by the petitioner.
    pub delivered_on: Option<Day>,
    /// Means of delivery, by code; may be empty.
    pub delivered_by: String,
    /// Reason code; may be empty.
    pub reason: String,
    /// Version of the reason list; empty without a reason.
    pub list_version: String,
    /// The second person who agreed.
    pub approved_by: Option<ActorId>,
    /// The unit it goes to; may be empty.
    pub to_unit: String,
    /// What it is about, in one code; may be empty.
    pub subject: String,
    /// Second day, where it has one.
    pub until: Option<Day>,
    /// Fields that were corrected.
    pub corrections: Vec<Correction>,
    /// The petition after it; its version and last request are those before it.
    pub petition: Petition,
}

impl Step {
    /// A step of this kind that leaves the petition as it is so far.
    pub fn of(kind: StepKind, on: Day, unit: &Token, petition: &Petition) -> Self {
        Self {
            kind,
            on,
            unit: unit.clone(),
            document_number: String::new(),
            delivered_on: None,
            delivered_by: String::new(),
            reason: String::new(),
            list_version: String::new(),
            approved_by: None,
            to_unit: String::new(),
            subject: String::new(),
            until: None,
            corrections: Vec::new(),
            petition: petition.clone(),
        }
    }
}
