//! Browsers: grpc-web over HTTP/1.1, and who may.

use crate::probe::{Running, start};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn exchange(server: &Running, head: &str, body: &[u8]) -> String {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!("{head}\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).to_lowercase()
}

const CALL: &str = "POST /test.v1.Probe/Check HTTP/1.1\r\ncontent-type: application/grpc-web+proto";

#[tokio::test]
async fn a_local_page_may_call() {
    let server = start().await;
    let preflight = "OPTIONS /test.v1.Probe/Check HTTP/1.1\r\norigin: http://localhost:5173\r\n\
                     access-control-request-method: POST\r\n\
                     access-control-request-headers: authorization,content-type,x-grpc-web";
    let answer = exchange(&server, preflight, &[]).await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("access-control-allow-origin: http://localhost:5173"), "{answer}");
    assert!(answer.contains("access-control-allow-headers: authorization,content-type,x-grpc-web"), "{answer}");
    assert!(answer.contains("access-control-allow-methods: post"), "{answer}");

    let answer = exchange(&server, &format!("{CALL}\r\norigin: http://localhost:5173"), &[0; 5]).await;
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    assert!(answer.contains("access-control-expose-headers: grpc-status,grpc-message,grpc-status-details-bin"), "{answer}");
    assert!(answer.contains("grpc-status:0") && answer.contains("who: development"), "{answer}");
    server.stopped().await;
}

#[tokio::test]
async fn a_foreign_page_may_not() {
    let server = start().await;
    let preflight =
        "OPTIONS /test.v1.Probe/Check HTTP/1.1\r\norigin: https://evil.example\r\naccess-control-request-method: POST";
    let answer = exchange(&server, preflight, &[]).await;
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    // a page that got its own name to point here needs no preflight, but its browser still says where it is from
    let answer = exchange(&server, &format!("{CALL}\r\norigin: https://evil.example"), &[0; 5]).await;
    assert!(answer.contains("grpc-status: 7") && !answer.contains("who:"), "{answer}");
    server.stopped().await;
}

#[tokio::test]
async fn what_cannot_be_decoded_is_the_callers_fault() {
    let server = start().await;
    let answer = exchange(&server, CALL, &[0, 0, 0, 0, 2, 0xff, 0xff]).await;
    assert!(answer.contains("grpc-status: 3") && answer.contains("cannot%20be%20decoded"), "{answer}");
    server.stopped().await;
}
