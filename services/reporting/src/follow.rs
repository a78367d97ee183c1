//! Follows the intake log into facts and roll. It knows the feed and the messages of the intake's events; it refuses to know
//! what they count for. It never rejects: what cannot be read or placed becomes a stuck event, and the cursor goes on.

mod decode;

use crate::app::{LOG, Reading, apply};
use decode::{Raw, read};
use fengqiao_feed::Follower;
use fengqiao_proto::feed::v1::{Event, HandedKey};
use fengqiao_store::{Cursor, Db, StoreError, cursor};

/// The follower to give to [`fengqiao_feed::follow`].
#[derive(Clone, Debug)]
pub struct IntakeFollower {
    db: Db,
}

impl IntakeFollower {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }
}

impl Follower for IntakeFollower {
    fn log(&self) -> &'static str {
        LOG
    }

    fn name(&self) -> &'static str {
        "reporting"
    }

    async fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        cursor::load(&self.db, LOG).await
    }

    async fn apply(&self, events: &[Event], _keys: &[HandedKey], from: i64, to: &Cursor) -> Result<(), StoreError> {
        let readings: Vec<Reading> = events.iter().map(read_event).collect();
        apply(&self.db, &readings, from, to).await
    }
}

fn read_event(event: &Event) -> Reading {
    read(&Raw {
        position: event.position,
        kind: &event.kind,
        petition: &event.aggregate_id,
        known_on: &event.known_on,
        open: (!event.open_withheld).then_some(event.open.as_slice()),
    })
}

/// The same for an event read from the log's own database.
pub(crate) fn read_stored(event: &fengqiao_store::Event) -> Reading {
    read(&Raw {
        position: event.position,
        kind: &event.kind,
        petition: &event.aggregate_id,
        known_on: &event.known_on.to_string(),
        open: Some(&event.open),
    })
}
