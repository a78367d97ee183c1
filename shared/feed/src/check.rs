//! FEED-1: a follower gets each event of one log once, in order, without gaps, on an unbroken hash chain. Pure.

use fengqiao_model::Instant;
use fengqiao_proto::feed::v1::{Event, FollowResponse, HandedKey};
use fengqiao_store::{
    Cursor,
    envelope::{self, Header},
};

/// Bytes of a data key.
const KEY_LEN: usize = 32;

/// How a message contradicts what was followed so far.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    #[error("FEED-1 log: the messages come from log {got:?} instead of {expected:?}")]
    Log { expected: String, got: String },
    #[error("FEED-1 gap: position {got} came instead of {expected}")]
    Gap { expected: i64, got: i64 },
    #[error("FEED-1 chain: the event at position {position} does not match its hash, or an earlier one was replaced")]
    Chain { position: i64 },
    #[error("FEED-1 payload: the payload of the event at position {position} does not match its digest")]
    Payload { position: i64 },
    #[error("FEED-1 key: the key handed over at position {position} is not one of the event there")]
    Key { position: i64 },
    #[error("FEED-1 time: the event at position {position} was recorded before the one before it")]
    Time { position: i64 },
    #[error("FEED-1 head: the head {head} lies before position {position}")]
    Head { head: i64, position: i64 },
}

/// The place before the first event of a log.
pub(crate) fn beginning(log_id: &str) -> Cursor {
    Cursor { log_id: log_id.to_owned(), position: 0, hash: envelope::genesis(log_id).to_vec(), recorded_at: Instant(i64::MIN) }
}

/// What a message brings that is new.
pub(crate) struct New {
    /// The events, contiguous.
    pub(crate) events: Vec<Event>,
    /// The keys that came with them.
    pub(crate) keys: Vec<HandedKey>,
    /// The place after them.
    pub(crate) to: Cursor,
}

/// Takes out of a message what is new after `from`.
pub(crate) fn check(from: &Cursor, message: &mut FollowResponse) -> Result<New, Broken> {
    if message.log_id != from.log_id || message.log_id.is_empty() {
        return Err(Broken::Log { expected: from.log_id.clone(), got: message.log_id.clone() });
    }
    let mut to = from.clone();
    let mut events = std::mem::take(&mut message.events);
    let delivered = events.len();
    let mut broken = None;
    events.retain(|event| {
        let new = event.position > to.position && broken.is_none();
        if new {
            broken = advance(&mut to, event).err();
        }
        new
    });
    if let Some(broken) = broken {
        return Err(broken);
    }
    if events.len() < delivered {
        tracing::debug!(position = from.position, duplicates = delivered - events.len(), "events came again");
    }
    if message.head_position < to.position {
        return Err(Broken::Head { head: message.head_position, position: to.position });
    }
    let mut keys = std::mem::take(&mut message.keys);
    keys.retain(|key| key.position > from.position);
    if let Some(key) = keys.iter().find(|key| !belongs(key, &events)) {
        return Err(Broken::Key { position: key.position });
    }
    Ok(New { events, keys, to })
}

/// Whether there is such an event, with something that the key may open.
fn belongs(key: &HandedKey, events: &[Event]) -> bool {
    let event = events.binary_search_by_key(&key.position, |event| event.position).ok().map(|at| &events[at]);
    key.key.len() == KEY_LEN && event.is_some_and(|event| event.aggregate_id == key.aggregate_id && !event.sealed.is_empty())
}

/// Payloads against digest, digest and header against the chain: what was withheld stands in by its hash.
fn advance(cursor: &mut Cursor, event: &Event) -> Result<(), Broken> {
    let position = event.position;
    if position != cursor.position + 1 {
        return Err(Broken::Gap { expected: cursor.position + 1, got: position });
    }
    let open = if event.open_withheld { event.open_hash.clone() } else { envelope::payload_hash(&event.open).to_vec() };
    if !event.sealed.is_empty() && envelope::payload_hash(&event.sealed)[..] != event.sealed_hash[..] {
        return Err(Broken::Payload { position });
    }
    if envelope::digest_of_hashes(&open, &event.sealed_hash)[..] != event.digest[..] {
        return Err(Broken::Payload { position });
    }
    let hash = envelope::chain(&cursor.hash, &header(event), &event.digest);
    if hash[..] != event.hash[..] {
        return Err(Broken::Chain { position });
    }
    if event.recorded_us < cursor.recorded_at.0 {
        return Err(Broken::Time { position });
    }
    cursor.position = position;
    cursor.hash = hash.to_vec();
    cursor.recorded_at = Instant(event.recorded_us);
    Ok(())
}

fn header(event: &Event) -> Header<'_> {
    Header {
        position: event.position,
        event_id: &event.event_id,
        aggregate_id: &event.aggregate_id,
        version: event.version,
        kind: &event.kind,
        recorded_us: event.recorded_us,
        occurred_on: &event.occurred_on,
        known_on: &event.known_on,
        actor: &event.actor,
        request_id: &event.request_id,
    }
}
