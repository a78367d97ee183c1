//! From what went wrong to the wire: the only file of this service that names status codes.

use crate::domain::Rejection;
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
    /// Reading failed.
    Store(StoreError),
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
            Failure::Store(error) => store(error, request_id),
            Failure::Internal(what) => {
                tracing::error!(request_id, what, "internal error");
                errors::internal(request_id)
            }
        }
    }
}

fn rejected(rejection: &Rejection) -> Status {
    let reason = rejection.reason();
    let message = rejection.to_string();
    let none: [(&str, &str); 0] = [];
    let status = |code| errors::status(code, reason, &message, none);
    match rejection {
        Rejection::Field { field, problem } => errors::invalid([(*field, problem.as_str())]),
        Rejection::CaseNotFound | Rejection::DisputeNotFound | Rejection::BodyNotFound { .. } => status(Code::NotFound),
        Rejection::EtagStale { etag, changes } => {
            errors::status(Code::Aborted, reason, &message, [("etag", etag.as_str()), ("changes", changes.as_str())])
        }
        Rejection::NotAfterRequest { .. } => status(Code::Aborted),
        Rejection::RequestReused
        | Rejection::BodyExists
        | Rejection::DisputeExists
        | Rejection::CaseExists
        | Rejection::ExternalRefExists => status(Code::AlreadyExists),
        Rejection::OutsideDivision | Rejection::NotThisBody { .. } => status(Code::PermissionDenied),
        Rejection::StateForbids { state, .. } | Rejection::NoAgreement { state } => {
            errors::precondition(reason, "case", &message, [("state", state.name())])
        }
        Rejection::BodyClosed { .. }
        | Rejection::BodyHasOpenCases { .. }
        | Rejection::BodyFull { .. }
        | Rejection::BodyNotCompetent { .. } => errors::precondition(reason, "body", &message, none),
        Rejection::DisputeOpen
        | Rejection::LinkedAlready
        | Rejection::LinkToItself
        | Rejection::LinkChain
        | Rejection::NotLinked
        | Rejection::PartiesErased => errors::precondition(reason, "dispute", &message, none),
        Rejection::ConsentMissing
        | Rejection::NotDispatchable { .. }
        | Rejection::Performed { .. }
        | Rejection::ConfirmationTooLate { .. }
        | Rejection::ConfirmationPending
        | Rejection::ConfirmationNotPending
        | Rejection::ConfirmationAnswered
        | Rejection::NoClock
        | Rejection::ClockLapsed { .. }
        | Rejection::CalendarConflict { .. }
        | Rejection::NotReferred
        | Rejection::FileIncomplete { .. }
        | Rejection::SamePerson => errors::precondition(reason, "case", &message, none),
    }
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
fn chain(error: &dyn std::error::Error) -> String {
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
