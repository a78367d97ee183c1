//! A server that misbehaves, over TCP: what a follower forgives, and what stops it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use fengqiao_feed::Follower;
use fengqiao_proto::feed::v1::{
    Event, FollowRequest, FollowResponse, HandedKey,
    feed_service_server::{FeedService, FeedServiceServer},
};
use fengqiao_store::{
    Cursor, StoreError,
    envelope::{self, Header},
};
use futures_util::{StreamExt, stream};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use support::*;
use tokio::net::TcpListener;
use tonic::{Code, Request, Response, Status, transport::server::TcpIncoming};

type Answer = Result<FollowResponse, Status>;

/// Answers each call with the next script, and then keeps the stream open.
#[derive(Default)]
struct Scripted {
    scripts: Mutex<VecDeque<Vec<Answer>>>,
    requests: Mutex<Vec<FollowRequest>>,
}

struct Fake(Arc<Scripted>);

#[tonic::async_trait]
impl FeedService for Fake {
    type FollowStream = Messages;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Messages>, Status> {
        let metadata = request.metadata();
        assert_eq!(metadata.get("x-fengqiao-actor").unwrap(), "reporting");
        assert_eq!(metadata.get("x-fengqiao-roles").unwrap(), "follower");
        self.0.requests.lock().unwrap().push(request.into_inner());
        let script = self.0.scripts.lock().unwrap().pop_front().unwrap_or_default();
        let ends = matches!(script.last(), Some(Ok(message)) if message.log_id == "END");
        let messages = stream::iter(script.into_iter().filter(|a| !matches!(a, Ok(m) if m.log_id == "END")));
        Ok(Response::new(if ends { Box::pin(messages) } else { Box::pin(messages.chain(stream::pending())) }))
    }
}

async fn serve(scripts: impl IntoIterator<Item = Vec<Answer>>) -> (SocketAddr, Arc<Scripted>) {
    let scripted = Arc::new(Scripted { scripts: Mutex::new(scripts.into_iter().collect()), ..Default::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder().add_service(FeedServiceServer::new(Fake(scripted.clone())));
    tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
    (address, scripted)
}

/// A follower in memory.
#[derive(Default)]
struct Memory {
    cursor: Mutex<Option<Cursor>>,
    applied: Mutex<Vec<i64>>,
}

impl Follower for Memory {
    fn log(&self) -> &'static str {
        "intake"
    }

    fn name(&self) -> &'static str {
        "reporting"
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        Ok(self.cursor.lock().unwrap().clone())
    }

    async fn apply(&self, events: &[Event], _keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        let mut cursor = self.cursor.lock().unwrap();
        assert_eq!(cursor.as_ref().map_or(0, |c| c.position), from);
        assert_eq!(events.last().unwrap().position, to.position);
        *cursor = Some(to.clone());
        self.applied.lock().unwrap().extend(events.iter().map(|e| e.position));
        Ok(())
    }
}

/// A sound log of this many events.
fn sound(count: i64) -> Vec<Event> {
    let mut hash = envelope::genesis("log-1").to_vec();
    (1..=count)
        .map(|position| {
            let digest = envelope::digest(b"open", b"").to_vec();
            let header = Header {
                position,
                event_id: "e",
                aggregate_id: "a",
                version: position,
                kind: "k",
                recorded_us: 1000 + position,
                occurred_on: "2025-01-02",
                known_on: "2025-01-02",
                actor: "clerk-1",
                request_id: "r",
            };
            hash = envelope::chain(&hash, &header, &digest).to_vec();
            Event {
                position,
                event_id: "e".into(),
                aggregate_id: "a".into(),
                version: position,
                kind: "k".into(),
                recorded_us: 1000 + position,
                occurred_on: "2025-01-02".into(),
                known_on: "2025-01-02".into(),
                actor: "clerk-1".into(),
                request_id: "r".into(),
                open: b"open".to_vec(),
                sealed_hash: envelope::payload_hash(b"").to_vec(),
                digest,
                hash: hash.clone(),
                ..Default::default()
            }
        })
        .collect()
}

fn page(events: impl IntoIterator<Item = Event>) -> Answer {
    let events: Vec<Event> = events.into_iter().collect();
    let head_position = events.iter().map(|e| e.position).max().unwrap_or(0);
    Ok(FollowResponse { events, log_id: "log-1".into(), head_position, as_of_us: 5, keys: Vec::new() })
}

/// The stream ends here instead of staying open.
fn end() -> Answer {
    Ok(FollowResponse { log_id: "END".into(), ..Default::default() })
}

#[tokio::test]
async fn what_was_applied_already_is_ignored() {
    let e = sound(5);
    let script = vec![
        page(e[..3].to_vec()),
        page(e[..3].to_vec()),
        page(e[1..4].to_vec()),
        page([e[3].clone(), e[4].clone(), e[4].clone()]),
    ];
    let (address, _) = serve([script]).await;
    let memory = Arc::new(Memory::default());
    let mut running = start(remote(address), memory.clone());
    running.at(5).await;
    running.stop().await;
    assert_eq!(*memory.applied.lock().unwrap(), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_contradiction_stops_the_follower() {
    let e = sound(5);
    let other_log = Ok(FollowResponse { log_id: "log-2".into(), head_position: 9, ..Default::default() });
    let nameless = Ok(FollowResponse { head_position: 9, ..Default::default() });
    let behind = Ok(FollowResponse { log_id: "log-1".into(), head_position: 1, ..Default::default() });
    // a sealed payload that came along, and a key
    let sealed = |of_event: &[u8], key: Option<HandedKey>| {
        let mut answer = page([Event { sealed: of_event.to_vec(), ..e[2].clone() }]).unwrap();
        answer.keys.extend(key);
        Ok(answer)
    };
    let key = |position: i64| HandedKey { position, aggregate_id: "a".into(), key: vec![7; 32] };
    let changed = |change: fn(&mut Event)| {
        let mut event = e[2].clone();
        change(&mut event);
        page([event])
    };
    let backwards = {
        let mut event = e[2].clone();
        event.recorded_us = 1;
        let header = Header {
            position: 3,
            event_id: "e",
            aggregate_id: "a",
            version: 3,
            kind: "k",
            recorded_us: 1,
            occurred_on: "2025-01-02",
            known_on: "2025-01-02",
            actor: "clerk-1",
            request_id: "r",
        };
        event.hash = envelope::chain(&e[1].hash, &header, &event.digest).to_vec();
        page([event])
    };
    for (what, answer, reason) in [
        ("gap between pages", page([e[3].clone()]), "FEED-1 gap: position 4 came instead of 3"),
        ("gap in a page", page([e[2].clone(), e[4].clone()]), "FEED-1 gap: position 5 came instead of 4"),
        ("hash", changed(|e| e.hash[0] ^= 1), "FEED-1 chain"),
        ("digest", changed(|e| e.digest[0] ^= 1), "FEED-1 payload"),
        ("open payload", changed(|e| e.open[0] ^= 1), "FEED-1 payload"),
        ("hash of what is sealed", changed(|e| e.sealed_hash[0] ^= 1), "FEED-1 payload"),
        ("sealed payload", sealed(b"another", None), "FEED-1 payload"),
        ("key of what did not come", sealed(b"", Some(key(3))), "FEED-1 key"),
        ("key of no event", sealed(b"", Some(key(9))), "FEED-1 key"),
        ("header", changed(|e| e.actor = "clerk-2".into()), "FEED-1 chain"),
        ("no hash", changed(|e| e.hash.clear()), "FEED-1 chain"),
        ("time", backwards, "FEED-1 time"),
        ("other log", other_log, "FEED-1 log"),
        ("nameless log", nameless, "FEED-1 log"),
        ("head behind", behind, "FEED-1 head"),
    ] {
        let (address, scripted) = serve([vec![page(e[..2].to_vec()), answer, page(e[2..].to_vec())]]).await;
        let memory = Arc::new(Memory::default());
        let stopped = start(remote(address), memory.clone()).stopped().await;
        assert!(stopped.starts_with(reason), "{what}: {stopped}");
        assert_eq!(*memory.applied.lock().unwrap(), [1, 2], "{what}: nothing of the page is applied, nor after it");
        assert_eq!(scripted.requests.lock().unwrap().len(), 1, "{what}: it does not ask again");
    }
}

#[tokio::test]
async fn the_first_event_must_belong_to_the_log() {
    let mut answer = page(sound(1)).unwrap();
    answer.log_id = "log-2".into();
    let (address, _) = serve([vec![Ok(answer)]]).await;
    let stopped = start(remote(address), Memory::default()).stopped().await;
    assert!(stopped.starts_with("FEED-1 chain"), "{stopped}");
}

#[tokio::test]
async fn answers_that_waiting_cannot_change_stop_the_follower() {
    for code in [Code::FailedPrecondition, Code::InvalidArgument, Code::OutOfRange, Code::PermissionDenied, Code::Unauthenticated]
    {
        let (address, scripted) = serve([vec![Err(Status::new(code, "no"))]]).await;
        let stopped = start(remote(address), Memory::default()).stopped().await;
        assert_eq!(stopped, format!("{code:?}: no"));
        assert_eq!(scripted.requests.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn after_anything_else_it_asks_again_from_its_cursor() {
    let e = sound(3);
    let passing = [Code::Unavailable, Code::Internal, Code::Unknown, Code::NotFound, Code::ResourceExhausted];
    let mut scripts: Vec<Vec<Answer>> = passing.map(|code| vec![Err(Status::new(code, "later"))]).into();
    scripts.push(vec![page(e[..2].to_vec()), end()]);
    scripts.push(vec![page(e[2..].to_vec())]);
    let (address, scripted) = serve(scripts).await;
    let memory = Arc::new(Memory::default());
    let mut running = start(remote(address), memory.clone());
    running.at(3).await;
    running.stop().await;
    assert_eq!(*memory.applied.lock().unwrap(), [1, 2, 3]);
    let requests = scripted.requests.lock().unwrap();
    assert_eq!(requests.len(), 7);
    assert_eq!(requests[5], beginning());
    let expected = FollowRequest { position: 2, log_id: "log-1".into(), hash: e[1].hash.clone(), ..beginning() };
    assert_eq!(requests[6], expected);
}

#[tokio::test]
async fn stops_at_once_where_nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // the socket accepts and never speaks
    let running = start(remote(address), Memory::default());
    let (_socket, _) = listener.accept().await.unwrap();
    running.stop().await;
}
