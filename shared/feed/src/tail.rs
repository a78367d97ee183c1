//! Reading a log page by page, and waiting for more at its end. It knows one log and one follower; between two reads it
//! holds nothing of the database, however long the follower takes. A data key is opened for the page that hands it over.

use crate::{
    rights::{Policy, Rights, wire},
    status,
};
use fengqiao_model::{Caller, Clock};
use fengqiao_proto::feed::v1::{FollowResponse, HandedKey};
use fengqiao_store::{DataKey, Db, Event, MasterKey, StoreError, data_key, log};
use prost::Message;
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use tonic::Status;

/// Pages that may wait for a follower; with one more in the hand of the task, that bounds what a slow one costs.
pub(crate) const QUEUED: usize = 2;

/// How often writers of other processes are looked for.
const POLL: Duration = Duration::from_millis(200);

/// A follower hears something at least this often.
const HEARTBEAT: Duration = Duration::from_secs(5);

/// The most events of a page.
const PAGE_EVENTS: i64 = 2000;

/// About how many bytes a page has.
const PAGE_BYTES: usize = 1024 * 1024;

/// The header and the hashes of an event, about.
const ENVELOPE_BYTES: usize = 400;

/// A follower's place in a log.
pub(crate) struct Tail {
    pub(crate) log: &'static str,
    pub(crate) db: Db,
    /// Opens data keys, where this log hands any over.
    pub(crate) master: Option<Arc<MasterKey>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: Policy,
    /// Who follows, with the one role under which it does.
    pub(crate) caller: Caller,
    pub(crate) call_id: String,
    pub(crate) log_id: String,
    /// The last position handed over.
    pub(crate) position: i64,
    /// Events to read at once: adapted to their size, so that a query does not fetch far more than a page.
    pub(crate) limit: i64,
}

impl Tail {
    /// The limit of the first page, before anything is known about the events.
    pub(crate) const FIRST_LIMIT: i64 = 256;

    /// Sends pages until the follower goes, the log cannot be read (told as the last item) or `stop` is cancelled: a send
    /// that is stuck ends as well.
    pub(crate) async fn run(mut self, pages: mpsc::Sender<Result<FollowResponse, Status>>, stop: CancellationToken) {
        let followed = async {
            let Err(failure) = self.send_pages(&pages).await else { return };
            // the receiver may be gone, and then nobody needs to know
            let _ = pages.send(Err(failure)).await;
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = pages.closed() => {}
            () = followed => {}
        }
        tracing::debug!("follower left");
    }

    async fn send_pages(&mut self, pages: &mpsc::Sender<Result<FollowResponse, Status>>) -> Result<(), Status> {
        let mut positions = self.db.positions();
        let mut heard: Option<Instant> = None;
        loop {
            let page = self.next_page().await?;
            let caught_up = self.position == page.head_position;
            // a page that ends at the head says so itself; an empty one is sent at first and as a heartbeat
            if !page.events.is_empty() || heard.is_none_or(|at| at.elapsed() >= HEARTBEAT) {
                if pages.send(Ok(page)).await.is_err() {
                    return Ok(());
                }
                heard = Some(Instant::now());
            }
            if caught_up {
                let position = self.position;
                tokio::select! {
                    _ = positions.wait_for(|committed| *committed > position) => {}
                    () = sleep(POLL) => {}
                }
            }
        }
    }

    /// What stands after the place, at most a page; empty at the end of the log.
    async fn next_page(&mut self) -> Result<FollowResponse, Status> {
        // before the head is read: what was committed by then is at or before that head
        let as_of = self.clock.now();
        let head = log::head(&self.db).await.map_err(|e| self.failed(&e))?;
        if head.log_id != self.log_id {
            return Err(status::log_changed(self.log, &head.log_id));
        }
        let wanted = (head.position - self.position).min(self.limit);
        if wanted < 0 {
            return Err(status::cursor_ahead(self.log, self.position, head.position));
        }
        let mut page = FollowResponse {
            events: Vec::new(),
            log_id: head.log_id,
            head_position: head.position,
            as_of_us: as_of.0,
            keys: Vec::new(),
        };
        if wanted > 0 {
            let events = log::read_after(&self.db, self.position, wanted).await.map_err(|e| self.failed(&e))?;
            if events.is_empty() {
                let (position, head) = (self.position, head.position);
                tracing::error!(invariant = "FEED-1", position, head, "events before the head are missing");
                return Err(fengqiao_service::errors::internal(&self.call_id));
            }
            self.limit = fitting(&events);
            let mut bytes = 0;
            let mut unsealing = Vec::new();
            for event in events {
                let rights = (self.policy)(self.log, &self.caller, &event.kind);
                let event = wire(event, rights);
                bytes += event.encoded_len();
                if bytes > PAGE_BYTES && !page.events.is_empty() {
                    break;
                }
                self.position = event.position;
                if rights == Rights::Sealed && !event.sealed.is_empty() {
                    unsealing.push((event.position, event.aggregate_id.clone()));
                }
                page.events.push(event);
            }
            page.keys = self.keys(unsealing).await.map_err(|e| self.failed(&e))?;
        }
        Ok(page)
    }

    /// The keys of these events' aggregates. One that was destroyed meanwhile is left out: the follower then learns of the erasure
    /// by its event.
    async fn keys(&self, of: Vec<(i64, String)>) -> Result<Vec<HandedKey>, StoreError> {
        let Some(master) = self.master.as_ref().filter(|_| !of.is_empty()) else { return Ok(Vec::new()) };
        let ids: BTreeSet<String> = of.iter().map(|(_, id)| id.clone()).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let wrapped = data_key::load(&self.db, &ids).await?;
        let mut keys = Vec::with_capacity(of.len());
        for (position, aggregate_id) in of {
            if let Some(wrapped) = wrapped.get(&aggregate_id) {
                let key = DataKey::unwrap(wrapped, master, &aggregate_id)?;
                keys.push(HandedKey { position, aggregate_id, key: key.expose().to_vec() });
            }
        }
        tracing::debug!(keys = keys.len(), "keys handed over");
        Ok(keys)
    }

    fn failed(&self, error: &StoreError) -> Status {
        status::store(error, &self.call_id)
    }
}

/// How many events of about this size make a page.
fn fitting(events: &[Event]) -> i64 {
    let bytes: usize = events.iter().map(|e| ENVELOPE_BYTES + e.open.len() + e.sealed.len()).sum();
    let average = bytes.div_ceil(events.len().max(1)).max(1);
    i64::try_from(PAGE_BYTES / average).unwrap_or(PAGE_EVENTS).clamp(1, PAGE_EVENTS)
}
