//! How an error is shown, and with which code the process ends: one block on standard error, or one JSON object there.

use crate::{
    cli::{Format, Servers},
    client::unreachable,
};
use serde_json::{Map, Value, json};
use std::{error::Error, fmt, io, process::ExitCode};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// The command line asks for something that cannot be: exit code 2.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Usage {}

/// Exit code of a server that is not reachable (EX_UNAVAILABLE).
pub const UNREACHABLE: u8 = 69;

/// Shows the error and tells the exit code. A reader that closed the pipe is no error.
pub fn show(error: &anyhow::Error, format: Format, servers: &Servers) -> ExitCode {
    if error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe) {
        return ExitCode::SUCCESS;
    }
    let text = match format {
        Format::Json => json!({ "error": object(error, servers) }).to_string(),
        _ => block(error, servers),
    };
    crate::output::note(&text);
    code(error)
}

fn code(error: &anyhow::Error) -> ExitCode {
    match status(error) {
        Some(status) if unreachable(status) => ExitCode::from(UNREACHABLE),
        None if error.chain().any(|cause| cause.is::<Usage>()) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    }
}

fn status(error: &anyhow::Error) -> Option<&Status> {
    error.chain().find_map(|cause| cause.downcast_ref())
}

/// What happened, in one line.
pub fn sentence(error: &anyhow::Error, servers: &Servers) -> String {
    let mut words = Vec::new();
    for cause in error.chain() {
        if let Some(status) = cause.downcast_ref::<Status>() {
            words.push(said(status, servers));
            break;
        }
        words.push(cause.to_string());
    }
    words.join(": ")
}

fn said(status: &Status, servers: &Servers) -> String {
    if !unreachable(status) {
        let message = status.message();
        return if message.is_empty() { format!("the server said {}", name(status.code())) } else { message.to_owned() };
    }
    match deepest(status) {
        Some(cause) => format!("no server answers at {servers} ({cause})"),
        None => format!("the server at {servers} cannot answer now ({})", status.message()),
    }
}

fn deepest(status: &Status) -> Option<String> {
    let mut cause = status.source()?;
    while let Some(next) = cause.source() {
        cause = next;
    }
    Some(cause.to_string())
}

/// The error as it is printed for people.
fn block(error: &anyhow::Error, servers: &Servers) -> String {
    let mut lines = vec![format!("error: {}", sentence(error, servers))];
    if let Some(status) = status(error) {
        let details = status.get_error_details();
        for field in details.bad_request().map(|b| b.field_violations.as_slice()).unwrap_or_default() {
            lines.push(format!("  {}: {}", field.field, field.description));
        }
        if let Some(info) = details.error_info() {
            lines.push(format!("  reason: {} ({})", info.reason, name(status.code())));
            let mut facts: Vec<_> = info.metadata.iter().collect();
            facts.sort();
            lines.extend(facts.into_iter().map(|(key, value)| format!("  {key}: {value}")));
        } else if !unreachable(status) {
            lines.push(format!("  reason: {}", name(status.code())));
        }
        lines.extend(advice(status).map(|advice| format!("  {advice}")));
    }
    lines.join("\n")
}

/// What to do about it, where it can be said.
fn advice(status: &Status) -> Option<&'static str> {
    match status.code() {
        _ if unreachable(status) && status.source().is_some() => {
            Some("start one with `fengqiao serve`, or name where it is with --server")
        }
        Code::Unavailable => Some("try again in a moment"),
        Code::Aborted => Some("someone changed it in between: read it again (show), then decide again"),
        Code::Unauthenticated => Some("name the caller's token with --token-file or FENGQIAO_TOKEN"),
        Code::Unimplemented => Some("the server is older than this client, or runs without this service"),
        _ => None,
    }
}

/// The error for programs.
fn object(error: &anyhow::Error, servers: &Servers) -> Value {
    let mut object = Map::new();
    object.insert("message".to_owned(), sentence(error, servers).into());
    if let Some(status) = status(error) {
        let details = status.get_error_details();
        object.insert("code".to_owned(), name(status.code()).into());
        if let Some(info) = details.error_info() {
            object.insert("reason".to_owned(), info.reason.clone().into());
            object.insert("metadata".to_owned(), json!(info.metadata));
        }
        let fields = details.bad_request().map(|b| b.field_violations.as_slice()).unwrap_or_default();
        let fields: Vec<_> = fields.iter().map(|f| json!({"field": f.field, "problem": f.description})).collect();
        object.insert("fields".to_owned(), fields.into());
    } else if error.chain().any(|cause| cause.is::<Usage>()) {
        object.insert("code".to_owned(), "USAGE".into());
    }
    object.into()
}

/// The name of a status code as the contract writes it.
pub fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_service::errors;

    fn servers() -> Servers {
        "http://127.0.0.1:7310".parse().unwrap()
    }

    #[test]
    fn field_problems_are_listed() {
        let error =
            anyhow::Error::from(errors::invalid([("petition.title", "must not be empty"), ("petition.channel", "is unknown")]));
        let text = block(&error, &servers());
        assert_eq!(
            text,
            "error: petition.title must not be empty, and 1 more\n  petition.title: must not be empty\n  \
             petition.channel: is unknown\n  reason: INVALID_ARGUMENT (INVALID_ARGUMENT)"
        );
        let object = object(&error, &servers());
        assert_eq!(object["fields"][1], json!({"field": "petition.channel", "problem": "is unknown"}));
        assert_eq!((&object["code"], &object["reason"]), (&json!("INVALID_ARGUMENT"), &json!("INVALID_ARGUMENT")));
        assert_eq!(format!("{:?}", code(&error)), format!("{:?}", ExitCode::FAILURE));
    }

    #[test]
    fn exit_codes_tell_the_cases_apart() {
        let of = |error: anyhow::Error| format!("{:?}", code(&error));
        assert_eq!(of(Status::unavailable("draining").into()), format!("{:?}", ExitCode::from(69)));
        assert_eq!(of(anyhow::Error::from(Status::unavailable("x")).context("reading")), format!("{:?}", ExitCode::from(69)));
        assert_eq!(of(Usage("no".to_owned()).into()), format!("{:?}", ExitCode::from(2)));
        assert_eq!(of(anyhow::anyhow!("different")), format!("{:?}", ExitCode::FAILURE));
    }

    #[tokio::test]
    async fn a_refused_connection_names_the_address() {
        let channel = tonic::transport::Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
        let mut client = fengqiao_proto::reporting::v1::reporting_service_client::ReportingServiceClient::new(channel);
        let status = client.get_freshness(fengqiao_proto::reporting::v1::GetFreshnessRequest::default()).await.unwrap_err();
        let text = block(&status.into(), &servers());
        assert!(text.starts_with("error: no server answers at http://127.0.0.1:7310 (") && text.contains("refused"), "{text}");
        assert!(text.contains("fengqiao serve"), "{text}");
    }
}
