//! From what went wrong to the wire: the only file of this service that names status codes.

use crate::domain::Rejection;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_service::errors;
use fengqiao_store::{StoreError, SubmitError};
use std::time::Duration;
use tonic::{Code, Status};

/// Fields at fault: path and problem of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub Vec<(String, String)>);

/// Everything that can stand between a request and its answer.
#[derive(Debug)]
pub enum Failure {
    /// The message is not what the contract asks for.
    Invalid(Invalid),
    /// The rules say no.
    Rejected(Rejection),
    /// The writer could not take it or did not get it through.
    Submit(SubmitError),
    /// Too many look-ups failed from there: wait so long.
    BackOff(Duration),
    /// An item of many that waits for another one.
    HeldBack,
    /// An item of many that the caller may not ask for.
    Denied(Status),
    /// Reading failed.
    Store(StoreError),
    /// A watch cannot go on from its token.
    ResumeOutOfRange,
    /// As many watch as one process serves.
    TooManyWatches,
    /// Something that cannot be.
    Internal(&'static str),
}

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        Failure::Invalid(invalid)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Failure::Rejected(rejection)
    }
}

impl From<SubmitError> for Failure {
    fn from(error: SubmitError) -> Self {
        Failure::Submit(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Store(error)
    }
}

impl Failure {
    /// The failure of a whole call.
    pub fn status(&self, request_id: &str) -> Status {
        match self {
            Failure::Invalid(Invalid(fields)) => errors::invalid(fields.iter().map(|(f, p)| (f.as_str(), p.as_str()))),
            Failure::Rejected(rejection) => rejected(rejection),
            Failure::Submit(SubmitError::Full) => busy(Code::ResourceExhausted, "QUEUE_FULL", "the write queue is full"),
            Failure::Submit(SubmitError::Stopped) => errors::draining(),
            Failure::Submit(SubmitError::Store(error)) => store(error, request_id),
            Failure::BackOff(wait) => back_off(*wait),
            Failure::HeldBack => {
                let none: [(&str, &str); 0] = [];
                errors::precondition("HELD_BACK", "petition", "the item that it follows was not done; nothing of it is", none)
            }
            Failure::Denied(status) => status.clone(),
            Failure::Store(error) => store(error, request_id),
            Failure::ResumeOutOfRange => {
                let (message, none) = ("the resume token is not of this log as it stands: list anew", [("", ""); 0]);
                errors::status(Code::OutOfRange, "RESUME_TOKEN_OUT_OF_RANGE", message, none)
            }
            Failure::TooManyWatches => busy(Code::ResourceExhausted, "TOO_MANY_WATCHES", "too many watches are open"),
            Failure::Internal(what) => {
                tracing::error!(request_id, what, "internal error");
                errors::internal(request_id)
            }
        }
    }

    /// The failure of one item of many.
    pub fn item(&self, request_id: &str) -> pb::ItemError {
        let status = self.status(request_id);
        let fields = match self {
            Failure::Invalid(Invalid(fields)) => fields.clone(),
            Failure::Rejected(Rejection::Field { field, problem }) => vec![((*field).to_owned(), problem.clone())],
            _ => Vec::new(),
        };
        pb::ItemError {
            code: status.code() as i32,
            reason: errors::reason(&status).unwrap_or_default(),
            message: status.message().to_owned(),
            fields: fields.into_iter().map(|(field, problem)| pb::FieldProblem { field, problem }).collect(),
        }
    }
}

fn rejected(rejection: &Rejection) -> Status {
    let reason = rejection.reason();
    let message = rejection.to_string();
    let none: [(&str, &str); 0] = [];
    match rejection {
        Rejection::Field { field, problem } => errors::invalid([(*field, problem.as_str())]),
        Rejection::PetitionNotFound | Rejection::StatusNotFound | Rejection::UnitNotFound { .. } => {
            errors::status(Code::NotFound, reason, &message, none)
        }
        Rejection::EtagStale { etag, changes } => {
            errors::status(Code::Aborted, reason, &message, [("etag", etag.as_str()), ("changes", changes.as_str())])
        }
        Rejection::NotAfterRequest { .. } => errors::status(Code::Aborted, reason, &message, none),
        Rejection::RequestReused
        | Rejection::PetitionExists
        | Rejection::SlipExists
        | Rejection::ExternalRefExists
        | Rejection::UnitExists { .. } => errors::status(Code::AlreadyExists, reason, &message, none),
        Rejection::OutsideDivision => errors::status(Code::PermissionDenied, reason, &message, none),
        Rejection::StateForbids { state, .. } => errors::precondition(reason, "petition", &message, [("state", state.name())]),
        Rejection::UnitClosed { successor, .. } => {
            errors::precondition(reason, "unit", &message, [("successor", successor.as_str())])
        }
        Rejection::UnitHasOpenItems { .. } | Rejection::NoHigherOrgan { .. } => {
            errors::precondition(reason, "unit", &message, none)
        }
        Rejection::NoHandlingClock
        | Rejection::ExtensionPending
        | Rejection::NoExtensionPending
        | Rejection::ExtensionUsed
        | Rejection::ExtensionTooLate { .. }
        | Rejection::SamePerson
        | Rejection::PartiesErased
        | Rejection::MediationNotAllowed { .. }
        | Rejection::AlreadyInMediation
        | Rejection::NoQueryCode
        | Rejection::WrongClass { .. }
        | Rejection::SameUnit
        | Rejection::NoAssignment
        | Rejection::NothingToExplain
        | Rejection::ReportedAlready
        | Rejection::ObjectionTooLate { .. }
        | Rejection::ObjectionUsed
        | Rejection::NoSuchPaper { .. }
        | Rejection::DeliveredAlready { .. }
        | Rejection::OutOfTime { .. }
        | Rejection::RatedAlready
        | Rejection::RatingTooLate { .. }
        | Rejection::UrgentAlready
        | Rejection::NothingToCorrect => errors::precondition(reason, "petition", &message, none),
    }
}

/// The same for a number that exists and for one that does not.
fn back_off(wait: Duration) -> Status {
    let none: [(&str, &str); 0] = [];
    let message = "too many look-ups failed from here; wait before the next";
    errors::with_retry(errors::status(Code::ResourceExhausted, "LOOK_UP_BACK_OFF", message, none), wait)
}

fn store(error: &StoreError, request_id: &str) -> Status {
    let chain = chain(error);
    match error {
        StoreError::Unknown(_) => {
            tracing::error!(request_id, error = chain, "outcome of a commit is unknown");
            busy(Code::Unavailable, "OUTCOME_UNKNOWN", "the outcome is unknown; repeat with the same request id")
        }
        StoreError::Conflict | StoreError::Transient(_) | StoreError::Unavailable(_) => {
            tracing::warn!(request_id, error = chain, "database not available");
            busy(Code::Unavailable, "DATABASE_UNAVAILABLE", "the database is not available; repeat with the same request id")
        }
        _ => {
            tracing::error!(request_id, error = chain, "internal error");
            errors::internal(request_id)
        }
    }
}

/// An error and its causes, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn busy(code: Code, reason: &str, message: &str) -> Status {
    let none: [(&str, &str); 0] = [];
    errors::with_retry(errors::status(code, reason, message, none), Duration::from_millis(500))
}
