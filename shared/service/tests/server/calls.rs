//! What a caller sees: who they are, what is refused, and that a bug costs one call and nothing more.

use crate::probe::{check, request, start, start_with, watch};
use fengqiao_service::{Identity, Map, Server, ServerError, ServerSettings, Settings, Tokens, errors::reason};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};
use tonic_types::StatusExt;

fn refusal(status: Status) -> (Code, String) {
    (status.code(), reason(&status).unwrap_or_default())
}

fn said<'a, T>(answer: &'a tonic::Response<T>, key: &str) -> &'a str {
    answer.metadata().get(key).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn development_believes_the_metadata() {
    let server = start().await;
    let channel = server.channel().await;
    let answer = check(&channel, request("")).await.unwrap();
    assert!(said(&answer, "who").starts_with("development None [Clerk, Head,"));

    let mut asked = request("write");
    asked.metadata_mut().insert("x-fengqiao-actor", "li.si".parse().unwrap());
    asked.metadata_mut().insert("x-fengqiao-division", "320831".parse().unwrap());
    asked.metadata_mut().insert("x-fengqiao-roles", "clerk".parse().unwrap());
    asked.metadata_mut().insert("x-request-id", "desk-7".parse().unwrap());
    let answer = check(&channel, asked).await.unwrap();
    assert_eq!(said(&answer, "who"), "li.si Some(\"320831\") [Clerk]");
    assert_eq!(said(&answer, "call"), "desk-7", "the handler knows the id");
    assert_eq!(said(&answer, "x-request-id"), "desk-7", "and the client gets it back");

    let mut asked = request("write");
    asked.metadata_mut().insert("x-fengqiao-roles", "public".parse().unwrap());
    let denied = check(&channel, asked).await.unwrap_err();
    assert_eq!(refusal(denied), (Code::PermissionDenied, "PERMISSION_DENIED".to_owned()));

    let mut asked = request("");
    asked.metadata_mut().insert("x-fengqiao-division", "county".parse().unwrap());
    let malformed = check(&channel, asked).await.unwrap_err();
    assert!(malformed.message().starts_with("x-fengqiao-division is malformed"), "{malformed:?}");
    assert_eq!(refusal(malformed), (Code::Unauthenticated, "UNAUTHENTICATED".to_owned()));
    server.stopped().await;
}

#[tokio::test]
async fn a_handler_knows_where_a_call_comes_from() {
    let asked = || {
        let mut asked = request("");
        asked.metadata_mut().insert("x-forwarded-for", "203.0.113.7".parse().unwrap());
        asked
    };
    let server = start().await;
    let answer = check(&server.channel().await, asked()).await.unwrap();
    assert_eq!(said(&answer, "from"), "127.0.0.1", "nobody is believed by default");
    server.stopped().await;
    let map = Map::from([("F_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let trusting = ServerSettings::read(&mut Settings::new(&map, "F_"), "127.0.0.1:0".parse().unwrap());
    let server = start_with(Identity::development(), |settings| settings.proxies = trusting.proxies).await;
    let answer = check(&server.channel().await, asked()).await.unwrap();
    assert_eq!(said(&answer, "from"), "203.0.113.7");
    server.stopped().await;
}

#[tokio::test]
async fn tokens_are_known_or_not() {
    // the SHA-256 of "test"
    let file = "[[caller]]\ntoken_sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n\
                id = \"li.si\"\nunit = \"信访局\"\ndivision = \"*\"\nroles = [\"clerk\"]\n";
    let server = start_with(Identity::Tokens(Tokens::parse(file).unwrap()), |_| {}).await;
    let channel = server.channel().await;
    for header in [None, Some("Bearer other"), Some("test")] {
        let mut asked = request("");
        asked.metadata_mut().insert("x-fengqiao-actor", "somebody".parse().unwrap());
        if let Some(header) = header {
            asked.metadata_mut().insert("authorization", header.parse().unwrap());
        }
        let unknown = check(&channel, asked).await.unwrap_err();
        assert_eq!(refusal(unknown), (Code::Unauthenticated, "UNAUTHENTICATED".to_owned()));
    }
    let mut asked = request("");
    asked.metadata_mut().insert("authorization", "Bearer test".parse().unwrap());
    asked.metadata_mut().insert("x-fengqiao-actor", "somebody".parse().unwrap());
    let answer = check(&channel, asked).await.unwrap();
    assert_eq!(said(&answer, "who"), "li.si None [Clerk]");
    server.stopped().await;
}

#[tokio::test]
async fn an_open_address_needs_an_identity() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let settings = ServerSettings::new(listener.local_addr().unwrap());
    let server = Server::new(settings, Identity::development(), &[], CancellationToken::new());
    let error = server.run(listener, CancellationToken::new()).await.unwrap_err();
    assert!(matches!(&error, ServerError::Identity(problem) if problem.name == "IDENTITY_TOKENS"), "{error}");
}

#[tokio::test]
async fn a_bug_costs_one_call() {
    let server = start().await;
    let channel = server.channel().await;
    let mut stream = watch(&channel, "").await.unwrap();
    stream.message().await.unwrap();

    let mut asked = request("panic");
    asked.metadata_mut().insert("x-request-id", "r-1".parse().unwrap());
    let status = check(&channel, asked).await.unwrap_err();
    assert_eq!(status.message(), "internal error in request r-1");
    assert_eq!(refusal(status), (Code::Internal, "INTERNAL".to_owned()));
    let status = check(&channel, request("bare")).await.unwrap_err();
    assert!(!status.message().contains("petitions"), "{status:?}");
    assert_eq!(refusal(status), (Code::Internal, "INTERNAL".to_owned()));
    // tonic had the first message ready, but sends only when the stream rests, and this one never did
    let mut broken = watch(&channel, "panic").await.unwrap();
    assert_eq!(refusal(broken.message().await.unwrap_err()), (Code::Internal, "INTERNAL".to_owned()));

    check(&channel, request("")).await.unwrap();
    server.stop.cancel();
    let end = stream.message().await.unwrap_err();
    assert_eq!(refusal(end), (Code::Unavailable, "DRAINING".to_owned()), "the other stream lived on");
    server.stopped().await;
}

#[tokio::test]
async fn one_call_too_many_is_told_to_wait() {
    let mut server = start_with(Identity::development(), |settings| settings.limits.calls = 1).await;
    let channel = server.channel().await;
    let waiting = {
        let channel = channel.clone();
        tokio::spawn(async move { check(&channel, request("wait")).await })
    };
    server.begun.recv().await.unwrap();
    let full = check(&channel, request("")).await.unwrap_err();
    assert!(full.get_details_retry_info().unwrap().retry_delay.is_some());
    assert_eq!(refusal(full), (Code::ResourceExhausted, "TOO_MANY_CALLS".to_owned()));
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel.clone());
    health.check(request("")).await.expect("probes are not counted");

    waiting.abort();
    server.dropped.cancelled().await;
    check(&channel, request("")).await.expect("a call given up by its client makes room");
    server.stopped().await;
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_ended() {
    let server = start_with(Identity::development(), |settings| settings.limits.call_timeout = Duration::from_millis(30)).await;
    let channel = server.channel().await;
    let late = check(&channel, request("wait")).await.unwrap_err();
    assert_eq!(refusal(late), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".to_owned()));
    server.dropped.cancelled().await;
    server.stopped().await;
}

#[tokio::test]
async fn errors_of_tonic_get_a_reason() {
    let server = start().await;
    let channel = server.channel().await;
    let long = check(&channel, request(&"x".repeat(5 * 1024 * 1024))).await.unwrap_err();
    assert_eq!(refusal(long), (Code::InvalidArgument, "MESSAGE_TOO_LARGE".to_owned()));
    let mut stream = watch(&channel, "bare").await.unwrap();
    stream.message().await.unwrap();
    let malformed = stream.message().await.unwrap_err();
    assert_eq!(refusal(malformed), (Code::InvalidArgument, "MALFORMED_MESSAGE".to_owned()), "also at the end of a stream");
    let mut grpc = tonic::client::Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let codec = tonic_prost::ProstCodec::<tonic_health::pb::HealthCheckRequest, tonic_health::pb::HealthCheckResponse>::default();
    let unknown = grpc.unary(request(""), "/test.v1.Nobody/Call".parse().unwrap(), codec).await.unwrap_err();
    assert_eq!(refusal(unknown), (Code::Unimplemented, "UNIMPLEMENTED".to_owned()));
    server.stopped().await;
}
