//! What happened to a body or a dispute, to and from the messages that `mediation/v1/events.proto` publishes. Every event carries the
//! facts of what it changed as they stand after it, so applying one is taking them over.

use super::{Body, Case, Decision, Dispute};
use fengqiao_model::{ActorId, Day, DisputeId};

/// What happened to a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    Registered,
    Imported,
    Updated,
    Adjusted,
    Fostered,
    Closed,
}

/// What happened to a dispute or one of its cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Opened,
    OpenedFromPetition,
    Dispatched,
    Taken,
    Returned,
    Declined,
    Refused,
    Transferred,
    Concluded,
    Performed,
    Confirmed,
    Corrected,
    Voided,
    Imported,
    Advanced,
    Reopened,
    Linked,
    Unlinked,
    /// A linked dispute changed, and with it what this root counts for.
    Restated,
    PartiesErased,
}

/// That data of the parties was given to another handler (NDR 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Code of a body, or name of a service.
    pub recipient: String,
    pub purpose: String,
}

/// One event of a dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeEvent {
    pub kind: Kind,
    /// The business day.
    pub on: Day,
    /// The root as it stands after it; its `cases` are left empty here, `version` and `last_request` are not carried.
    pub dispute: Dispute,
    /// The cases it changed or opened, as they stand after it.
    pub cases: Vec<Case>,
    pub routing: Option<Decision>,
    /// Reason code of the step; may be empty.
    pub reason: String,
    pub list_version: String,
    /// The second person who agreed.
    pub approved_by: Option<ActorId>,
    /// For linking.
    pub other: Option<DisputeId>,
    pub hand_over: Option<HandOver>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Body { kind: BodyKind, on: Day, body: Box<Body> },
    Dispute(Box<DisputeEvent>),
}
