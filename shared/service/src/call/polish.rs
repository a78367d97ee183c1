//! Errors that tonic makes itself, turned into errors of the contract. It knows the wordings of tonic's own statuses; it
//! leaves every status alone that already carries details, because that one is ours.

use crate::errors;
use http::HeaderMap;
use tonic::{Code, Status};

const DETAILS: &str = "grpc-status-details-bin";

/// tonic answers what cannot be decoded with INTERNAL and what is too long with OUT_OF_RANGE, without a reason. To a caller
/// both say "fix the request"; any other INTERNAL or UNKNOWN without details must not leave the house with its text.
pub(super) fn polish(headers: &mut HeaderMap, id: &str) {
    if headers.contains_key(DETAILS) {
        return;
    }
    let Some(status) = Status::from_header_map(headers).filter(|status| status.code() != Code::Ok) else { return };
    let none: [(&str, &str); 0] = [];
    let message = status.message();
    let invalid = |reason: &str, message: &str| errors::status(Code::InvalidArgument, reason, message, none);
    let polished = match status.code() {
        Code::Internal if message.starts_with("failed to decode Protobuf message") => {
            invalid("MALFORMED_MESSAGE", "the message cannot be decoded")
        }
        Code::OutOfRange | Code::ResourceExhausted if message.contains("message length too large") => {
            invalid("MESSAGE_TOO_LARGE", "the message is longer than this call takes")
        }
        Code::Internal | Code::Unknown | Code::DataLoss => {
            tracing::error!(code = ?status.code(), "a status without details left a handler");
            errors::internal(id)
        }
        Code::Unimplemented => errors::status(Code::Unimplemented, "UNIMPLEMENTED", "no such call on this server", none),
        other => errors::status(other, &snake(&format!("{other:?}")), message, none),
    };
    // a status always fits its headers; if it did not, the old one stays
    let _ = polished.add_header(headers);
}

/// `NotFound` → `NOT_FOUND`.
pub(super) fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_uppercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polished(status: Status) -> Status {
        let mut headers = HeaderMap::new();
        status.add_header(&mut headers).unwrap();
        polish(&mut headers, "r-1");
        Status::from_header_map(&headers).unwrap()
    }

    #[test]
    fn every_error_gets_a_reason() {
        for (status, code, reason) in [
            (Status::internal("failed to decode Protobuf message: x"), Code::InvalidArgument, "MALFORMED_MESSAGE"),
            (Status::out_of_range("Error, decoded message length too large: 9"), Code::InvalidArgument, "MESSAGE_TOO_LARGE"),
            (Status::internal("table petitions has no column 张三"), Code::Internal, "INTERNAL"),
            (Status::unimplemented(""), Code::Unimplemented, "UNIMPLEMENTED"),
            (Status::not_found("x"), Code::NotFound, "NOT_FOUND"),
            (errors::draining(), Code::Unavailable, "DRAINING"),
        ] {
            let status = polished(status);
            assert_eq!((status.code(), errors::reason(&status).as_deref()), (code, Some(reason)));
            assert!(!status.message().contains("张三"));
        }
    }

    #[test]
    fn an_answer_is_left_alone() {
        let mut headers = HeaderMap::new();
        polish(&mut headers, "r-1");
        assert!(headers.is_empty());
    }
}
