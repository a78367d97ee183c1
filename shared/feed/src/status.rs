//! The reasons of the feed protocol, and which answers end a follower. The only file of this crate that names codes.

use fengqiao_service::errors;
use fengqiao_store::StoreError;
use tonic::{Code, Status};

const NO_FACTS: [(&str, &str); 0] = [];

/// NOT_FOUND: no log of this name is served here.
pub(crate) fn log_unknown(log: &str) -> Status {
    errors::status(Code::NotFound, "LOG_UNKNOWN", "no such log is served here", [("log", log)])
}

/// FAILED_PRECONDITION: the log was rebuilt or replaced.
pub(crate) fn log_changed(log: &str, log_id: &str) -> Status {
    let facts = [("log_id", log_id)];
    errors::precondition("LOG_CHANGED", &subject(log), "the log is not the one that was followed", facts)
}

/// FAILED_PRECONDITION: the follower has seen events that this log does not have.
pub(crate) fn cursor_ahead(log: &str, position: i64, head: i64) -> Status {
    let facts = [("position", position.to_string()), ("head", head.to_string())];
    errors::precondition("CURSOR_AHEAD", &subject(log), "the cursor lies beyond the end of the log", facts)
}

/// FAILED_PRECONDITION: at the cursor stands another event than the follower has seen.
pub(crate) fn cursor_mismatch(log: &str, position: i64) -> Status {
    let facts = [("position", position.to_string())];
    errors::precondition("CURSOR_MISMATCH", &subject(log), "the event at the cursor has another hash", facts)
}

/// UNAVAILABLE where waiting may help, INTERNAL otherwise. The error itself goes to the log of this process only.
pub(crate) fn store(error: &StoreError, call_id: &str) -> Status {
    let passing =
        matches!(error, StoreError::Transient(_) | StoreError::Unavailable(_) | StoreError::Unknown(_) | StoreError::Conflict);
    if passing {
        tracing::warn!(request_id = call_id, error = chain(error), "the log cannot be read now");
        return errors::status(Code::Unavailable, "LOG_UNAVAILABLE", "the log cannot be read now", [("request_id", call_id)]);
    }
    tracing::error!(request_id = call_id, error = chain(error), "the log cannot be read");
    errors::internal(call_id)
}

/// UNAVAILABLE, made on the follower's side: nobody answers there.
pub(crate) fn unreachable(error: &tonic::transport::Error) -> Status {
    errors::status(Code::Unavailable, "UNREACHABLE", &chain(error), NO_FACTS)
}

/// UNAVAILABLE, made on the follower's side: the server said nothing, although it sends a head every few seconds.
pub(crate) fn silent() -> Status {
    errors::status(Code::Unavailable, "SILENT", "the server fell silent", NO_FACTS)
}

/// Whether asking again cannot help: somebody must look.
pub(crate) fn is_final(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::FailedPrecondition | Code::InvalidArgument | Code::OutOfRange | Code::PermissionDenied | Code::Unauthenticated
    )
}

/// Reason and message in one line.
pub(crate) fn describe(status: &Status) -> String {
    let reason = errors::reason(status).unwrap_or_else(|| format!("{:?}", status.code()));
    format!("{reason}: {}", status.message())
}

/// An error with its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn subject(log: &str) -> String {
    format!("logs/{log}")
}
