//! A dispute as it stands: the root, what the county counts, with its cases. The fold of its events. Holds nothing personal.

use super::Case;
use fengqiao_model::{CaseId, Day, DisputeId, DivisionCode, PetitionId, RequestId};
use fengqiao_statute::{CaseSource, Force};
use serde::{Deserialize, Serialize};

/// What happens to a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Accepted,
    Concluded,
    Reopened,
}

/// One thing that happened to a root: what the county counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What.
    pub what: What,
    /// When.
    pub on: Day,
    /// Force of the case that did it: accepted it, took it up again, or concluded it.
    pub force: Option<Force>,
    /// For a conclusion: agreed, or settled privately.
    pub resolved: bool,
    /// The case that did it.
    pub case: CaseId,
    /// That case stands at another place than the dispute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// How many events made it what it is; the etag.
    pub version: i64,
    /// Number in its series; empty until given.
    pub number: String,
    /// Where it arose.
    pub division: DivisionCode,
    /// Type, by code.
    pub dispute_type: String,
    /// Version of the list of types.
    pub type_list_version: String,
    /// Where it comes from.
    pub source: CaseSource,
    /// What the county counts, in order; empty while it is linked into another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
    /// The dispute it was linked into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_into: Option<DisputeId>,
    /// The disputes linked into this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub linked: Vec<DisputeId>,
    /// The petition it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub petition: Option<PetitionId>,
    /// Label shared by its parts in a ledger.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub root_ref: String,
    /// Ledger of that label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ledger: String,
    /// The key of everything personal was destroyed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// Its cases, in the order of their opening.
    pub cases: Vec<Case>,
    /// The request that made the last change.
    pub last_request: Option<RequestId>,
}

impl Dispute {
    /// The milestones of this root, each saying whether the case that made it stands at another place.
    pub fn placed(&self, mut milestones: Vec<Milestone>) -> Vec<Milestone> {
        for milestone in &mut milestones {
            let place = self.case(milestone.case).and_then(|case| case.own("division_code"));
            milestone.apart = place.is_some_and(|place| place != self.division.as_str());
        }
        milestones
    }

    /// The case with this id.
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }
}
