//! The end: quick when all are willing, within the grace when they are not.

use crate::probe::{check, request, start_with, watch};
use fengqiao_service::Identity;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tonic::Code;

const GRACE: Duration = Duration::from_secs(20);

/// Far below the grace, far above what a busy machine needs.
const SOON: Duration = Duration::from_secs(5);

async fn start(grace: Duration) -> crate::probe::Running {
    start_with(Identity::development(), |settings| settings.grace = grace).await
}

#[tokio::test]
async fn open_streams_and_idle_sockets_do_not_hold_it() {
    let server = start(GRACE).await;
    let channel = server.channel().await;
    let mut stream = watch(&channel, "").await.unwrap();
    stream.message().await.unwrap();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel.clone());
    let mut health = health.watch(request("")).await.unwrap().into_inner();
    health.message().await.unwrap();
    let mut tools = tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient::new(channel.clone());
    let mut tools = tools.server_reflection_info(tokio_stream::pending()).await.unwrap().into_inner();

    let mut says_nothing = TcpStream::connect(server.address).await.unwrap();
    let mut only_preface = TcpStream::connect(server.address).await.unwrap();
    only_preface.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let mut half_a_request = TcpStream::connect(server.address).await.unwrap();
    half_a_request.write_all(b"POST /test.v1.Probe/Check HTTP/1.1\r\nhost: x\r\n").await.unwrap();

    let took = server.stopped().await;
    assert!(took < SOON, "{took:?}");
    assert_eq!(stream.message().await.unwrap_err().code(), Code::Unavailable);
    health.message().await.unwrap();
    assert_eq!(health.message().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(tools.message().await.unwrap_err().code(), Code::Unavailable);
    for socket in [&mut says_nothing, &mut only_preface, &mut half_a_request] {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(SOON, socket.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "no connection outlives its server");
    }
}

#[tokio::test]
async fn with_streams_only_it_is_quick() {
    let server = start(GRACE).await;
    let channel = server.channel().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = watch(&channel, "").await.unwrap();
        stream.message().await.unwrap();
        streams.push(stream);
    }
    let took = server.stopped().await;
    assert!(took < SOON, "{took:?}");
    for mut stream in streams {
        assert_eq!(stream.message().await.unwrap_err().message(), "draining");
    }
}

#[tokio::test]
async fn a_deaf_handler_is_cut_when_the_grace_is_over() {
    let mut server = start(Duration::from_millis(50)).await;
    let channel = server.channel().await;
    let mut stream = watch(&channel, "deaf").await.unwrap();
    stream.message().await.unwrap();
    server.begun.recv().await.unwrap();
    let waiting = tokio::spawn(async move { check(&channel, request("wait")).await });
    server.begun.recv().await.unwrap();
    let dropped = server.dropped.clone();
    let took = server.stopped().await;
    assert!(took < SOON, "{took:?}");
    assert!(dropped.is_cancelled(), "no handler outlives its server");
    stream.message().await.unwrap_err();
    waiting.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn dropping_the_server_cuts_its_connections() {
    let server = start(GRACE).await;
    let channel = server.channel().await;
    let mut stream = watch(&channel, "deaf").await.unwrap();
    stream.message().await.unwrap();
    server.ended.abort();
    stream.message().await.unwrap_err();
    tokio::time::timeout(SOON, server.dropped.cancelled()).await.expect("its handlers are dropped");
}
