//! What the tests of the feed share: events to append, a follower that remembers, a server on a port of its own.
#![allow(dead_code, reason = "each test program uses a part")]

use fengqiao_feed::{Feed, FollowState, FollowStatus, Follower, RemoteSource, Source, follow};
use fengqiao_model::{Caller, Clock, Instant, ManualClock, Role};
use fengqiao_proto::feed::v1::{Event, FollowRequest, FollowResponse, HandedKey, feed_service_server::FeedService};
use fengqiao_service::{Identity, Server, ServerError, ServerSettings};
use fengqiao_store::{Cursor, Db, NewEvent, StoreError, cursor, log};
use fengqiao_testkit::eventually;
use futures_util::{Stream, StreamExt};
use std::{
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Status};

/// Longer than any test needs; a test that waits this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// 2025-01-02 03:04:05 UTC.
pub const NOW: Instant = Instant(1_735_787_045_000_000);

pub fn clock() -> Arc<dyn Clock> {
    Arc::new(ManualClock::new(NOW))
}

/// The plaintext-like bytes of every sealed payload that [`append`] writes.
pub const SEALED: &[u8] = b"nobody outside sees this";

/// Appends `count` events of one aggregate each, with an open payload of `size` bytes and a small sealed one.
pub async fn append(db: &Db, count: usize, size: usize) {
    append_kind(db, "petition.registered", count, &vec![b'o'; size]).await;
}

/// The same with a kind and an open payload.
pub async fn append_kind(db: &Db, kind: &'static str, count: usize, open: &[u8]) {
    let first = log::head(db).await.unwrap().position + 1;
    let events = (first..).take(count).map(|n| NewEvent {
        event_id: format!("01890a5d-ac96-774b-bcce-{n:012x}"),
        aggregate_id: format!("01890a5d-ac96-774b-bccf-{n:012x}"),
        version: 1,
        kind,
        occurred_on: "2025-01-02".parse().unwrap(),
        known_on: None,
        actor: "clerk-1".into(),
        request_id: format!("01890a5d-ac96-774b-bcd0-{n:012x}"),
        open: open.to_vec(),
        sealed: SEALED.to_vec(),
    });
    let events = events.collect();
    let mut tx = db.begin().await.unwrap();
    log::append(&mut tx, NOW, events).await.unwrap();
    tx.commit().await.unwrap();
}

/// A follower that keeps its cursor in a database and the events in memory.
pub struct Recorder {
    db: Db,
    cursor: &'static str,
    name: &'static str,
    pub events: Mutex<Vec<Event>>,
    pub keys: Mutex<Vec<HandedKey>>,
    /// What the next calls of `apply` answer instead of working.
    pub refusals: Mutex<Vec<StoreError>>,
}

impl Recorder {
    /// `cursor` names its row in the database.
    pub fn new(db: &Db, cursor: &'static str) -> Arc<Self> {
        Self::named(db, cursor, "reporting")
    }

    /// The same under another name.
    pub fn named(db: &Db, cursor: &'static str, name: &'static str) -> Arc<Self> {
        let (events, keys, refusals) = Default::default();
        Arc::new(Self { db: db.clone(), cursor, name, events, keys, refusals })
    }

    pub fn positions(&self) -> Vec<i64> {
        self.events.lock().unwrap().iter().map(|e| e.position).collect()
    }

    /// Puts the stored cursor where the test wants it.
    pub async fn place(&self, to: &Cursor) {
        let mut tx = self.db.begin().await.unwrap();
        cursor::advance(&mut tx, self.cursor, 0, to).await.unwrap();
        tx.commit().await.unwrap();
    }
}

impl Follower for Recorder {
    fn log(&self) -> &'static str {
        "intake"
    }

    fn name(&self) -> &'static str {
        self.name
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        cursor::load(&self.db, self.cursor).await
    }

    async fn apply(&self, events: &[Event], keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        if let Some(refusal) = self.refusals.lock().unwrap().pop() {
            return Err(refusal);
        }
        let mut tx = self.db.begin().await?;
        cursor::advance(&mut tx, self.cursor, from, to).await?;
        tx.commit().await?;
        self.events.lock().unwrap().extend_from_slice(events);
        self.keys.lock().unwrap().extend_from_slice(keys);
        Ok(())
    }
}

/// A follower at work.
pub struct Running {
    pub status: watch::Receiver<FollowStatus>,
    pub stop: CancellationToken,
    task: JoinHandle<()>,
}

pub fn start<F: Follower>(source: Source, follower: F) -> Running {
    let (sender, status) = watch::channel(FollowStatus::default());
    let stop = CancellationToken::new();
    let task = tokio::spawn(follow(source, follower, clock(), sender, stop.clone()));
    Running { status, stop, task }
}

impl Running {
    /// Waits until the status is so.
    pub async fn until(&mut self, what: &str, mut is: impl FnMut(&FollowStatus) -> bool) -> FollowStatus {
        let found = match timeout(PATIENCE, self.status.wait_for(|s| is(s))).await {
            Ok(status) => Some(status.expect("the follower still runs").clone()),
            Err(_) => None,
        };
        found.unwrap_or_else(|| panic!("{what}: last status {:?}", self.status.borrow()))
    }

    /// Waits until this position is applied.
    pub async fn at(&mut self, position: i64) -> FollowStatus {
        self.until(&format!("position {position}"), |s| s.position == position).await
    }

    /// Waits for the end that the follower came to by itself, and gives the reason.
    pub async fn stopped(mut self) -> String {
        let status = self.until("stopped", |s| matches!(s.state, FollowState::Stopped { .. })).await;
        timeout(PATIENCE, self.task).await.expect("it returns").unwrap();
        match status.state {
            FollowState::Stopped { reason } => reason,
            state => panic!("{state:?}"),
        }
    }

    pub async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task).await.expect("it returns when it is told to stop").unwrap();
    }
}

/// A feed on a port, behind the server every process has.
pub struct Served {
    pub address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServerError>>,
}

impl Served {
    /// Port 0 for any.
    pub async fn start(db: &Db, port: u16) -> Self {
        Self::start_with(port, |feed| feed.with_log("intake", db.clone())).await
    }

    /// The logs that `serve` adds.
    pub async fn start_with(port: u16, serve: impl FnOnce(Feed) -> Feed) -> Self {
        // a port that was free a moment ago may have been taken by another test
        let bind = async || TcpListener::bind(("127.0.0.1", port)).await;
        let listener = eventually("the port is free", PATIENCE, bind).await;
        let address = listener.local_addr().unwrap();
        let (stop, draining) = (CancellationToken::new(), CancellationToken::new());
        let feed = serve(Feed::new(clock(), draining.clone()));
        let server = Server::new(ServerSettings::new(address), Identity::development(), fengqiao_proto::DESCRIPTOR, draining);
        let task = tokio::spawn(server.with(feed.service()).run(listener, stop.clone()));
        Self { address, stop, task }
    }

    pub fn source(&self) -> Source {
        remote(self.address)
    }

    pub async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task).await.expect("the server stops").unwrap().unwrap();
    }
}

pub fn remote(address: SocketAddr) -> Source {
    Source::Remote(RemoteSource::new(&format!("http://{address}")).unwrap())
}

pub type Messages = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

/// Calls the service as a caller with these roles, without any transport.
pub async fn ask(feed: &Feed, request: FollowRequest, roles: &[Role]) -> Result<Messages, Status> {
    let caller =
        Caller { id: "reporting".parse().unwrap(), unit: "office".parse().unwrap(), division: None, roles: roles.to_vec() };
    let mut request = Request::new(request);
    request.extensions_mut().insert(caller);
    feed.follow(request).await.map(tonic::Response::into_inner)
}

/// Follow from the beginning.
pub fn beginning() -> FollowRequest {
    FollowRequest { log: "intake".into(), follower: "reporting".into(), ..Default::default() }
}

pub async fn next(messages: &mut Messages) -> Result<FollowResponse, Status> {
    timeout(PATIENCE, messages.next()).await.expect("a message comes").expect("the stream goes on")
}
