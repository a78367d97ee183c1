//! Every `Status` is built here: code, reason, message, details. It knows the shape of an error on the wire; it refuses to
//! know any service's reasons (each service's `api/status.rs` does), and it never carries internal text.
//!
//! | Case | Built by |
//! |---|---|
//! | a field is invalid | [`invalid`] |
//! | a rule says no | [`precondition`] |
//! | anything else the caller can act on | [`status`], [`with_retry`] where waiting helps |
//! | a bug, inconsistent data | [`internal`], after the chain was logged |

use std::{collections::HashMap, time::Duration};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt};

/// The domain of every reason.
pub const DOMAIN: &str = "fengqiao";

/// Details travel in a header, and clients give up on large ones (grpc-java at 8 KiB): more violations than this are counted
/// in the metadata entry `omitted` instead of being listed.
const MOST_VIOLATIONS: usize = 25;

/// For the same reason each text is cut at this many characters.
const LONGEST_TEXT: usize = 160;

/// A status with a reason (`UPPER_SNAKE`, from the documented list) and facts; the message is lower case without full stop.
pub fn status<K, V>(code: Code, reason: &str, message: &str, metadata: impl IntoIterator<Item = (K, V)>) -> Status
where
    K: Into<String>,
    V: Into<String>,
{
    Status::with_error_details(code, message, info(reason, metadata))
}

/// INVALID_ARGUMENT: these fields (paths such as `petition.title`) have these problems.
pub fn invalid<F, P>(violations: impl IntoIterator<Item = (F, P)>) -> Status
where
    F: Into<String>,
    P: Into<String>,
{
    let mut violations: Vec<FieldViolation> =
        violations.into_iter().map(|(field, problem)| FieldViolation::new(cut(field), cut(problem))).collect();
    let message = match violations.as_slice() {
        [] => "the request is invalid".to_owned(),
        [only] => format!("{} {}", only.field, only.description),
        [first, rest @ ..] => format!("{} {}, and {} more", first.field, first.description, rest.len()),
    };
    let omitted = violations.len().saturating_sub(MOST_VIOLATIONS);
    violations.truncate(MOST_VIOLATIONS);
    let mut details = info("INVALID_ARGUMENT", (omitted > 0).then(|| ("omitted", omitted.to_string())));
    details.set_bad_request(violations);
    Status::with_error_details(Code::InvalidArgument, message, details)
}

/// FAILED_PRECONDITION: a rule says no; `subject` is what it is about (`petitions/01890a5d-…`).
pub fn precondition<K, V>(reason: &str, subject: &str, message: &str, metadata: impl IntoIterator<Item = (K, V)>) -> Status
where
    K: Into<String>,
    V: Into<String>,
{
    let mut details = info(reason, metadata);
    details.set_precondition_failure(vec![PreconditionViolation::new(reason, subject, cut(message))]);
    Status::with_error_details(Code::FailedPrecondition, message, details)
}

/// The same status, saying that it is worth trying again after this time.
pub fn with_retry(status: Status, after: Duration) -> Status {
    let mut details = status.get_error_details();
    details.set_retry_info(Some(after));
    Status::with_error_details_and_metadata(status.code(), status.message(), details, status.metadata().clone())
}

/// INTERNAL: carries the request id and nothing else; what happened is in the log under that id.
pub fn internal(request_id: &str) -> Status {
    status(Code::Internal, "INTERNAL", &format!("internal error in request {request_id}"), [("request_id", request_id)])
}

/// UNAVAILABLE: the server is stopping; what open streams end with.
pub fn draining() -> Status {
    let none: [(&str, &str); 0] = [];
    with_retry(status(Code::Unavailable, "DRAINING", "draining", none), Duration::from_secs(1))
}

/// The reason of a status, where it has one.
pub fn reason(status: &Status) -> Option<String> {
    status.get_details_error_info().map(|info| info.reason)
}

fn info<K, V>(reason: &str, metadata: impl IntoIterator<Item = (K, V)>) -> ErrorDetails
where
    K: Into<String>,
    V: Into<String>,
{
    let metadata: HashMap<String, String> = metadata.into_iter().map(|(key, value)| (key.into(), cut(value))).collect();
    ErrorDetails::with_error_info(reason, DOMAIN, metadata)
}

fn cut(text: impl Into<String>) -> String {
    let text = text.into();
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_problems_carry_both_details() {
        let status = invalid([("petition.title", "must not be empty"), ("petition.channel", "is unknown")]);
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(status.message(), "petition.title must not be empty, and 1 more");
        assert_eq!(reason(&status).as_deref(), Some("INVALID_ARGUMENT"));
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations.len(), 2);
        assert_eq!(violations[1].field, "petition.channel");
    }

    #[test]
    fn a_thousand_field_problems_still_fit_a_header() {
        let status = invalid((0..1000).map(|row| (format!("rows[{row}].title"), "字".repeat(500))));
        assert!(status.details().len() < 16 * 1024, "{} bytes", status.details().len());
        assert_eq!(status.get_details_error_info().unwrap().metadata["omitted"], "975");
    }

    #[test]
    fn retry_keeps_reason_and_facts() {
        let status = with_retry(status(Code::Aborted, "VERSION_MOVED", "read again", [("version", "7")]), Duration::from_secs(2));
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().domain, DOMAIN);
        assert_eq!(details.error_info().unwrap().metadata["version"], "7");
        assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(2)));
        assert_eq!((status.code(), status.message()), (Code::Aborted, "read again"));
    }

    #[test]
    fn internal_carries_the_request_id_only() {
        let status = internal("r-1");
        assert_eq!((status.code(), status.message()), (Code::Internal, "internal error in request r-1"));
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.metadata, HashMap::from([("request_id".to_owned(), "r-1".to_owned())]));
    }

    #[test]
    fn a_rule_names_its_subject() {
        let status = precondition("ALREADY_CONCLUDED", "petitions/1", "the item is concluded", [("state", "closed")]);
        let failure = status.get_details_precondition_failure().unwrap();
        assert_eq!(
            (failure.violations[0].r#type.as_str(), failure.violations[0].subject.as_str()),
            ("ALREADY_CONCLUDED", "petitions/1")
        );
    }
}
