//! What belongs to a petition item beside its own fields: requests for more time, ways between units, supervision, hearings, papers, where
//! a row came from, numbers in other systems.

use fengqiao_model::{ActorId, Day};
use serde::{Deserialize, Serialize};

/// A request for more time that waits for its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Calendar days asked for.
    pub days: u32,
    /// Who asked; somebody else decides.
    pub requested_by: ActorId,
}

/// One way between units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// Assigned, with a time limit for the report; else only transferred.
    pub assigned: bool,
    /// The unit it came from.
    pub from_unit: String,
    /// The unit it went to.
    pub to_unit: String,
    /// Day of the routing.
    pub on: Day,
    /// Day of receipt by that unit.
    pub received_on: Day,
    /// Day on which the report is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_due: Option<Day>,
    /// Day on which that unit said it is not competent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected_on: Option<Day>,
    /// Who said it; somebody else decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objected_by: Option<ActorId>,
    /// Whether the objection was upheld; `None` while it waits or none was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upheld: Option<bool>,
    /// Day of the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<Day>,
}

/// One measure of supervision (XF 40).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// Code of the measure.
    pub measure: String,
    /// Day of it.
    pub on: Day,
    /// The unit pressed.
    pub unit: String,
    /// The clock whose lamp turned red, when that pressed it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// Day on which an explanation is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation_due: Option<Day>,
    /// Day of the explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explained_on: Option<Day>,
}

/// One hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hearing {
    /// handling, review or rereview.
    pub stage: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
}

/// A paper that the petitioner received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Code of the paper.
    pub paper: String,
    /// Day of receipt.
    pub on: Day,
    /// Code of the means; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub means: String,
}

/// What only items that came in as rows of a ledger have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerOrigin {
    /// Which sealed cells the row had: title, narrative, petitioner.
    pub sealed_cells: [bool; 3],
    /// The extended KPI due day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_to: Option<Day>,
    /// A step was taken here that no row can tell, so that a row would undo it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overtaken: bool,
}

/// A number in another system, such as an order of the 12345 hotline.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ForeignNumber {
    /// The system.
    pub system: String,
    /// The number there.
    pub number: String,
}
