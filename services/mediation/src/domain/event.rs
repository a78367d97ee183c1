//! What happened to a body or a dispute, to and from the messages that `mediation/v1/events.proto` publishes. Every event carries the
//! facts of what it changed as they stand after it, so applying one is taking them over.

mod decode;
mod encode;
mod file;

pub use encode::{body_message, case_message, clock_message, decision_message, dispute_message};

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
    Consented,
    MediatorAssigned,
    MediatorRecused,
    SessionScheduled,
    SessionRecorded,
    ClockSuspended,
    ClockResumed,
    ClockExtended,
    BodyJoined,
    BodyLeft,
    RiskRaised,
    RiskResolved,
    FollowedUp,
    Graded,
    LeaderAssigned,
    AgreementAmended,
    AgreementAnnulled,
    PerformancePlanned,
    InstalmentRecorded,
    ReferredToCourt,
    ReportedToCourt,
    Archived,
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
    /// Number of the document of the step; may be empty.
    pub document_number: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Body { kind: BodyKind, on: Day, body: Box<Body> },
    Dispute(Box<DisputeEvent>),
}

/// A stored event that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// A kind this version does not know.
    #[error("unknown event kind {0}")]
    Kind(String),
    /// Bytes that are not the message of the kind.
    #[error("payload is not the message of its kind")]
    Payload,
    /// A field that cannot be read.
    #[error("field {0} cannot be read")]
    Field(&'static str),
}

impl Event {
    /// Kind as it stands in the log.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Body { kind, .. } => kind.name(),
            Event::Dispute(event) => event.kind.name(),
        }
    }

    /// The business day.
    pub fn occurred_on(&self) -> Day {
        match self {
            Event::Body { on, .. } => *on,
            Event::Dispute(event) => event.on,
        }
    }

    /// The day an import vouches for; `None` for what happens live.
    pub fn vouched_on(&self) -> Option<Day> {
        match self {
            Event::Dispute(event) if matches!(event.kind, Kind::Imported | Kind::Advanced) => Some(event.on),
            Event::Dispute(_) | Event::Body { .. } => None,
        }
    }
}

impl BodyKind {
    /// Every kind with its name in the log.
    pub const ALL: [(BodyKind, &'static str); 6] = [
        (BodyKind::Registered, "body.registered"),
        (BodyKind::Imported, "body.imported"),
        (BodyKind::Updated, "body.updated"),
        (BodyKind::Adjusted, "body.adjusted"),
        (BodyKind::Fostered, "body.fostered"),
        (BodyKind::Closed, "body.closed"),
    ];

    /// Name in the log.
    pub fn name(self) -> &'static str {
        BodyKind::ALL[self as usize].1
    }
}

impl Kind {
    /// Every kind with its name in the log.
    pub const ALL: [(Kind, &'static str); 42] = [
        (Kind::Opened, "case.opened"),
        (Kind::OpenedFromPetition, "case.opened_from_petition"),
        (Kind::Dispatched, "case.dispatched"),
        (Kind::Taken, "case.taken"),
        (Kind::Returned, "case.returned"),
        (Kind::Declined, "case.declined"),
        (Kind::Refused, "case.refused"),
        (Kind::Transferred, "case.transferred"),
        (Kind::Concluded, "case.concluded"),
        (Kind::Performed, "case.performed"),
        (Kind::Confirmed, "case.confirmed"),
        (Kind::Corrected, "case.corrected"),
        (Kind::Voided, "case.voided"),
        (Kind::Imported, "case.imported"),
        (Kind::Advanced, "case.advanced"),
        (Kind::Reopened, "dispute.reopened"),
        (Kind::Linked, "dispute.linked"),
        (Kind::Unlinked, "dispute.unlinked"),
        (Kind::Restated, "dispute.restated"),
        (Kind::PartiesErased, "dispute.parties_erased"),
        (Kind::Consented, "case.consented"),
        (Kind::MediatorAssigned, "case.mediator_assigned"),
        (Kind::MediatorRecused, "case.mediator_recused"),
        (Kind::SessionScheduled, "case.session_scheduled"),
        (Kind::SessionRecorded, "case.session_recorded"),
        (Kind::ClockSuspended, "case.clock_suspended"),
        (Kind::ClockResumed, "case.clock_resumed"),
        (Kind::ClockExtended, "case.clock_extended"),
        (Kind::BodyJoined, "case.body_joined"),
        (Kind::BodyLeft, "case.body_left"),
        (Kind::RiskRaised, "case.risk_raised"),
        (Kind::RiskResolved, "case.risk_resolved"),
        (Kind::FollowedUp, "case.followed_up"),
        (Kind::Graded, "case.graded"),
        (Kind::LeaderAssigned, "case.leader_assigned"),
        (Kind::AgreementAmended, "case.agreement_amended"),
        (Kind::AgreementAnnulled, "case.agreement_annulled"),
        (Kind::PerformancePlanned, "case.performance_planned"),
        (Kind::InstalmentRecorded, "case.instalment_recorded"),
        (Kind::ReferredToCourt, "case.referred_to_court"),
        (Kind::ReportedToCourt, "case.reported_to_court"),
        (Kind::Archived, "case.archived"),
    ];

    /// Name in the log.
    pub fn name(self) -> &'static str {
        Kind::ALL[self as usize].1
    }
}
