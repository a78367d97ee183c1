//! The serving side of the feed: who may follow which log, from where. It knows the protocol's checks; reading the log is
//! `tail.rs`.

use crate::{
    rights::{self, Policy, Rights},
    status,
    tail::{QUEUED, Tail},
};
use fengqiao_model::{ActorId, Caller, Clock, Permission};
use fengqiao_proto::feed::v1::{
    FollowRequest, FollowResponse,
    feed_service_server::{FeedService, FeedServiceServer},
};
use fengqiao_service::{call_id, errors, permitted};
use fengqiao_store::{Db, Head, MasterKey, log};
use futures_util::{Stream, StreamExt, stream};
use std::{collections::BTreeMap, fmt, pin::Pin, sync::Arc};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{Request, Response, Status};
use tracing::Instrument;

/// A request is a few names and a hash.
const LARGEST_REQUEST: usize = 64 * 1024;

/// The largest message either side accepts: a page, and room for one huge event.
pub(crate) const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// A log that is served here.
#[derive(Clone)]
struct Served {
    db: Db,
    /// Opens the data keys that go along with sealed payloads; without it none does.
    master: Option<Arc<MasterKey>>,
}

/// Serves the logs of this process. Clones serve the same logs and count the same streams.
#[derive(Clone)]
pub struct Feed {
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    logs: Arc<BTreeMap<&'static str, Served>>,
    rights: Policy,
    streams: TaskTracker,
}

impl Feed {
    /// Serves no log yet. Open streams end with UNAVAILABLE, reason DRAINING, when `stop` is cancelled.
    pub fn new(clock: Arc<dyn Clock>, stop: CancellationToken) -> Self {
        Self { clock, stop, logs: Arc::default(), rights: rights::shipped, streams: TaskTracker::new() }
    }

    /// Serves the log of this database under a name such as "mediation". Nobody gets a key of it.
    pub fn with_log(self, name: &'static str, db: Db) -> Self {
        self.with(name, Served { db, master: None })
    }

    /// The same for a log whose data keys, wrapped by `master`, go along with what a follower may read sealed.
    pub fn with_sealed_log(self, name: &'static str, db: Db, master: Arc<MasterKey>) -> Self {
        self.with(name, Served { db, master: Some(master) })
    }

    fn with(mut self, name: &'static str, served: Served) -> Self {
        Arc::make_mut(&mut self.logs).insert(name, served);
        self
    }

    /// Decides by the log's name, the caller and the kind of the event what a follower sees; without it the table of `rights.rs`
    /// holds. The caller has the one role under which it follows.
    pub fn with_rights(mut self, policy: fn(&str, &Caller, &str) -> Rights) -> Self {
        self.rights = policy;
        self
    }

    /// The gRPC service. It takes callers from the request's extensions, where the server's identity put them.
    pub fn service(&self) -> FeedServiceServer<Feed> {
        FeedServiceServer::new(self.clone()).max_decoding_message_size(LARGEST_REQUEST).max_encoding_message_size(LARGEST_PAGE)
    }

    /// How many followers are served now.
    pub fn open_streams(&self) -> usize {
        self.streams.len()
    }

    fn log(&self, name: &str) -> Result<(&'static str, &Served), Status> {
        self.logs.get_key_value(name).map(|(name, served)| (*name, served)).ok_or_else(|| status::log_unknown(name))
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("logs", &self.logs.keys()).field("streams", &self.streams.len()).finish_non_exhaustive()
    }
}

#[tonic::async_trait]
impl FeedService for Feed {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        let caller = permitted(&request, Permission::FollowLog)?;
        let call_id = call_id(&request).to_owned();
        let request = request.into_inner();
        check_shape(&request)?;
        let (log, Served { db, master }) = self.log(&request.log)?;
        let head = log::head(db).await.map_err(|e| status::store(&e, &call_id))?;
        check_cursor(log, db, &head, &request, &call_id).await?;
        if self.stop.is_cancelled() {
            return Err(errors::draining());
        }

        let tail = Tail {
            log,
            db: db.clone(),
            master: master.clone(),
            clock: self.clock.clone(),
            policy: self.rights,
            caller: rights::acting(caller, &request.follower),
            call_id: call_id.clone(),
            log_id: head.log_id,
            position: request.position,
            limit: Tail::FIRST_LIMIT,
        };
        let span = tracing::info_span!("feed", log, follower = request.follower, request_id = call_id);
        span.in_scope(|| tracing::debug!(position = request.position, head = head.position, "follower came"));
        let (pages, received) = mpsc::channel(QUEUED);
        self.streams.spawn(tail.run(pages, self.stop.clone()).instrument(span));

        // the pages end at the stop, or where the task died; an error among them ends the stream before this one
        let stop = self.stop.clone();
        let ending = async move { Err(if stop.is_cancelled() { errors::draining() } else { errors::internal(&call_id) }) };
        let stream = ReceiverStream::new(received).take_until(self.stop.clone().cancelled_owned()).chain(stream::once(ending));
        Ok(Response::new(Box::pin(stream)))
    }
}

/// Log id and hash may be missing at position 0 only.
fn check_shape(request: &FollowRequest) -> Result<(), Status> {
    let mut problems = Vec::new();
    if request.follower.parse::<ActorId>().is_err() {
        problems.push(("follower", "must be a name of at most 64 ASCII letters, digits and . _ - @ :"));
    }
    if request.position < 0 {
        problems.push(("position", "must not be negative"));
    }
    if request.position > 0 && request.log_id.is_empty() {
        problems.push(("log_id", "must not be empty unless the position is 0"));
    }
    if request.position > 0 && request.hash.is_empty() {
        problems.push(("hash", "must not be empty unless the position is 0"));
    }
    if problems.is_empty() { Ok(()) } else { Err(errors::invalid(problems)) }
}

/// Same log, not beyond its end, same event at the cursor: otherwise an upstream was rebuilt or lost data.
async fn check_cursor(log: &str, db: &Db, head: &Head, request: &FollowRequest, call_id: &str) -> Result<(), Status> {
    if !request.log_id.is_empty() && request.log_id != head.log_id {
        return Err(status::log_changed(log, &head.log_id));
    }
    if request.position > head.position {
        return Err(status::cursor_ahead(log, request.position, head.position));
    }
    if request.position > 0 {
        let event = log::event_at(db, request.position).await.map_err(|e| status::store(&e, call_id))?;
        if event.is_none_or(|event| event.hash != request.hash) {
            return Err(status::cursor_mismatch(log, request.position));
        }
    }
    Ok(())
}
