//! Follows the logs of intake and mediation into facts and roll. It knows the feed and the messages of the events; it refuses to
//! know what they count for. It never rejects: what cannot be read or placed becomes a stuck event, and the cursor goes on.

mod decode;

use crate::app::{Log, Reading, apply};
use decode::{Raw, read};
use fengqiao_feed::Follower;
use fengqiao_model::Instant;
use fengqiao_proto::feed::v1::{Event, HandedKey};
use fengqiao_store::{Cursor, Db, StoreError, cursor};

/// The follower of one log, to give to [`fengqiao_feed::follow`].
#[derive(Clone, Debug)]
pub struct LogFollower {
    db: Db,
    log: Log,
}

impl LogFollower {
    pub(crate) fn new(db: Db, log: Log) -> Self {
        Self { db, log }
    }
}

impl Follower for LogFollower {
    fn log(&self) -> &'static str {
        self.log.name()
    }

    fn name(&self) -> &'static str {
        "reporting"
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        cursor::load(&self.db, self.log.name()).await
    }

    async fn apply(&self, events: &[Event], _keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        let readings: Vec<Reading> = events.iter().map(|event| read_event(self.log, event)).collect();
        apply(&self.db, self.log, &readings, from, to).await
    }
}

fn read_event(log: Log, event: &Event) -> Reading {
    let raw = Raw {
        position: event.position,
        kind: &event.kind,
        aggregate: &event.aggregate_id,
        occurred_on: &event.occurred_on,
        known_on: &event.known_on,
        recorded: Instant(event.recorded_us),
        open: (!event.open_withheld).then_some(event.open.as_slice()),
    };
    read(log, &raw)
}

/// The same for an event read from the log's own database.
pub(crate) fn read_stored(log: Log, event: &fengqiao_store::Event) -> Reading {
    let raw = Raw {
        position: event.position,
        kind: &event.kind,
        aggregate: &event.aggregate_id,
        occurred_on: &event.occurred_on.to_string(),
        known_on: &event.known_on.to_string(),
        recorded: event.recorded_at,
        open: Some(&event.open),
    };
    read(log, &raw)
}
