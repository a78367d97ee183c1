//! From a failure to a status. The only file of this service that names codes.

use crate::{app::Failure, domain::Rejection};
use fengqiao_service::{call_id, errors};
use fengqiao_store::StoreError;
use std::time::Duration;
use tonic::{Code, Request, Status};

/// Turns what went wrong in this call into its status.
pub(super) fn of<T>(request: &Request<T>) -> impl FnOnce(Failure) -> Status + use<T> {
    let id = call_id(request).to_owned();
    move |failure| match failure {
        Failure::Rejected(rejection) => rejected(&rejection),
        Failure::Store(error) => store(&error, &id),
    }
}

fn rejected(rejection: &Rejection) -> Status {
    match rejection {
        Rejection::OutsideDivision => {
            let none: [(&str, &str); 0] = [];
            errors::status(Code::PermissionDenied, rejection.reason(), &rejection.to_string(), none)
        }
        _ => errors::invalid([(rejection.field(), rejection.to_string())]),
    }
}

fn store(error: &StoreError, call_id: &str) -> Status {
    let passing = matches!(error, StoreError::Transient(_) | StoreError::Unavailable(_) | StoreError::Conflict);
    if passing {
        tracing::warn!(request_id = call_id, error = %error, "the figures cannot be read now");
        let status = errors::status(
            Code::Unavailable,
            "DATABASE_UNAVAILABLE",
            "the figures cannot be read now",
            [("request_id", call_id)],
        );
        return errors::with_retry(status, Duration::from_secs(1));
    }
    tracing::error!(request_id = call_id, error = ?error, "the figures cannot be read");
    errors::internal(call_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Sheet;

    #[test]
    fn every_rejection_has_its_status() {
        let sheet = Sheet::Channel;
        let all = [
            Rejection::AsOfInFuture { today: "2024-06-30".parse().unwrap() },
            Rejection::DimensionNotKept { sheet },
            Rejection::DimensionSenseless { indicator: "petition.carried_in".to_owned(), sheet },
            Rejection::NotACount,
            Rejection::NotItems,
            Rejection::OutsideDivision,
        ];
        let line = |rejection: &Rejection| {
            let status = rejected(rejection);
            let reason = errors::reason(&status).unwrap_or_default();
            format!("{:?} {reason}: {}\n", status.code(), status.message())
        };
        let lines: String = all.iter().map(line).collect();
        fengqiao_testkit::assert_golden("tests/golden/errors.txt", &lines);
    }
}
