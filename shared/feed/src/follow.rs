//! The following side of the feed: from a stored cursor to the next one, for as long as the process lives. It knows when to
//! try again and when to stop; it refuses to know what the events do.

use crate::{
    Source,
    backoff::Backoff,
    check::{Broken, New, beginning, check},
    status::{chain, describe, is_final, silent},
};
use fengqiao_model::{Clock, Instant};
use fengqiao_proto::feed::v1::{Event, FollowRequest, FollowResponse, HandedKey};
use fengqiao_store::{Cursor, StoreError};
use std::{convert::Infallible, future::Future, sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tracing::{Instrument, debug, error, info, warn};

/// A server sends something every 5 seconds; one that is silent for this long is asked again.
const SILENCE: Duration = Duration::from_secs(20);

/// Something that follows a log into its own database.
pub trait Follower: Send + Sync + 'static {
    /// Name of the log, such as "intake".
    fn log(&self) -> &'static str;

    /// Name of the follower, such as "reporting": shown by the server, and its caller id.
    fn name(&self) -> &'static str;

    /// The stored cursor; `None` before the first batch.
    fn cursor(&self) -> impl Future<Output = Result<Option<Cursor>, StoreError>> + Send;

    /// One transaction: the effects of the events and the new cursor, conditional on the old position `from` (see
    /// [`fengqiao_store::cursor::advance`]). `events` is never empty, new, contiguous and checked. May be called again with
    /// the same events after an error. `Conflict` means that another replica was faster: the cursor is read again. `keys` are
    /// the data keys of those events whose sealed payload came along, but for keys that were destroyed meanwhile: they must not
    /// be stored unwrapped, nor shown.
    fn apply(
        &self,
        events: &[Event],
        keys: &[HandedKey],
        from: i64,
        to: &Cursor,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl<F: Follower> Follower for Arc<F> {
    fn log(&self) -> &'static str {
        F::log(self)
    }

    fn name(&self) -> &'static str {
        F::name(self)
    }

    fn cursor(&self) -> impl Future<Output = Result<Option<Cursor>, StoreError>> + Send {
        F::cursor(self)
    }

    fn apply(
        &self,
        events: &[Event],
        keys: &[HandedKey],
        from: i64,
        to: &Cursor,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        F::apply(self, events, keys, from, to)
    }
}

/// How far a follower is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowStatus {
    /// The last position applied.
    pub position: i64,
    /// The last known position of the log.
    pub head_position: i64,
    /// By the server's clock: everything committed there before this moment is applied here. `None` until first caught up.
    pub caught_up_at: Option<Instant>,
    /// By the own clock: when the server last sent something.
    pub heard_at: Option<Instant>,
    /// What the follower does.
    pub state: FollowState,
}

/// What a follower does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FollowState {
    /// It reads its cursor, connects, or waits to try again.
    Connecting,
    /// A stream is open.
    Following,
    /// It ended: the log or the rights are not what they were and somebody must look, or the process stops.
    Stopped {
        /// Why: the reason of the protocol or the broken invariant, and a sentence.
        reason: String,
    },
}

impl Default for FollowStatus {
    fn default() -> Self {
        Self { position: 0, head_position: 0, caught_up_at: None, heard_at: None, state: FollowState::Connecting }
    }
}

/// Follows until `stop` is cancelled or following cannot go on; then the state is `Stopped`, and it returns. A batch that is
/// being applied at the stop is finished. Each attempt begins at the stored cursor.
pub async fn follow<F: Follower>(
    source: Source,
    follower: F,
    clock: Arc<dyn Clock>,
    status: watch::Sender<FollowStatus>,
    stop: CancellationToken,
) {
    let span = tracing::info_span!("follow", log = follower.log(), follower = follower.name());
    let following = Following { source, follower, clock, status, stop, backoff: Backoff::new() };
    following.run().instrument(span).await;
}

/// Why a session ended.
enum End {
    /// The process stops.
    Stop,
    /// Going on would be wrong.
    Final(String),
    /// FEED-1 does not hold.
    Broken(Broken),
    /// Another replica applied events.
    Overtaken,
    /// The next attempt may work.
    Again(String),
}

impl From<Status> for End {
    fn from(status: Status) -> Self {
        if is_final(&status) { End::Final(describe(&status)) } else { End::Again(describe(&status)) }
    }
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => End::Overtaken,
            error => End::Again(chain(&error)),
        }
    }
}

struct Following<F> {
    source: Source,
    follower: F,
    clock: Arc<dyn Clock>,
    status: watch::Sender<FollowStatus>,
    stop: CancellationToken,
    backoff: Backoff,
}

impl<F: Follower> Following<F> {
    async fn run(mut self) {
        let reason = loop {
            let Err(end) = self.session().await;
            match end {
                End::Stop => break "the process stops".to_owned(),
                End::Final(reason) => {
                    error!(reason, "following stopped");
                    break reason;
                }
                End::Broken(broken) => {
                    error!(invariant = "FEED-1", reason = %broken, "following stopped");
                    break broken.to_string();
                }
                End::Overtaken => info!("another replica applied events, going on from its cursor"),
                // In one process the feed may end a moment before its follower hears of the stop.
                End::Again(_) if self.stop.is_cancelled() => break "the process stops".to_owned(),
                End::Again(error) => warn!(attempt = self.backoff.attempts(), error, "following interrupted, trying again"),
            }
            self.set_state(FollowState::Connecting);
            let wait = self.backoff.next();
            if self.unless_stopped(tokio::time::sleep(wait)).await.is_err() {
                break "the process stops".to_owned();
            }
        };
        self.set_state(FollowState::Stopped { reason });
    }

    /// One stream, from the stored cursor on.
    async fn session(&mut self) -> Result<Infallible, End> {
        let mut cursor = self.unless_stopped(self.follower.cursor()).await??;
        self.status.send_modify(|s| s.position = cursor.as_ref().map_or(0, |c| c.position));
        let request = FollowRequest {
            log: self.follower.log().to_owned(),
            follower: self.follower.name().to_owned(),
            position: cursor.as_ref().map_or(0, |c| c.position),
            log_id: cursor.as_ref().map_or_else(String::new, |c| c.log_id.clone()),
            hash: cursor.as_ref().map_or_else(Vec::new, |c| c.hash.clone()),
        };
        debug!(position = request.position, "following");
        let opened = self.unless_stopped(timeout(SILENCE, self.source.open(request))).await?;
        let mut stream = opened.map_err(|_| silent())??;
        self.set_state(FollowState::Following);
        loop {
            let heard = self.unless_stopped(timeout(SILENCE, stream.message())).await?;
            let Some(message) = heard.map_err(|_| silent())?? else {
                return Err(End::Again("the server ended the stream".to_owned()));
            };
            let from = cursor.take().unwrap_or_else(|| beginning(&message.log_id));
            cursor = Some(self.take(from, message).await?);
            self.backoff.reset();
        }
    }

    /// Applies what is new in a message, and gives the place after it.
    async fn take(&self, from: Cursor, mut message: FollowResponse) -> Result<Cursor, End> {
        let heard_at = self.clock.now();
        self.status.send_modify(|s| {
            s.heard_at = Some(heard_at);
            s.head_position = message.head_position;
        });
        let New { events, keys, to } = check(&from, &mut message).map_err(End::Broken)?;
        if !events.is_empty() {
            self.follower.apply(&events, &keys, from.position, &to).await?;
            debug!(events = events.len(), position = to.position, "batch applied");
        }
        self.status.send_modify(|s| {
            s.position = to.position;
            if to.position == message.head_position {
                s.caught_up_at = Some(Instant(message.as_of_us));
            }
        });
        Ok(to)
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, End> {
        self.stop.run_until_cancelled(work).await.ok_or(End::Stop)
    }

    fn set_state(&self, state: FollowState) {
        self.status.send_if_modified(|s| {
            let changed = s.state != state;
            s.state = state;
            changed
        });
    }
}
