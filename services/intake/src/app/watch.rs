//! Watching: what the log tells about petitions that somebody may see, page by page. Between two reads it holds nothing of the
//! database, however long the reader takes. Knows one place in one log and one filter; no transport, no clock but the one it is given.

use crate::{
    domain::Petition,
    store::{self, Filter},
};
use fengqiao_model::{Clock, DivisionCode, Instant, ResumeToken};
use fengqiao_statute::MatterClass;
use fengqiao_store::{Db, Head, StoreError, envelope, log, log::Heading};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Events looked at in one read.
const PAGE: i64 = 256;

/// What kinds of events of petitions begin with; all other aggregates have kinds of their own.
const KIND: &str = "petition.";

/// Why a watch cannot go on.
#[derive(Debug)]
pub enum WatchError {
    /// The place is not one of this log: another log, a rebuilt or a shorter one.
    OutOfRange,
    /// Reading failed.
    Store(StoreError),
}

impl From<StoreError> for WatchError {
    fn from(error: StoreError) -> Self {
        WatchError::Store(error)
    }
}

/// Something the watcher is told.
pub struct Seen {
    /// Where to go on after it.
    pub token: ResumeToken,
    /// The event.
    pub event: Heading,
    /// The petition as it stands.
    pub id: String,
    /// As above.
    pub petition: Petition,
    /// Whether it matches; otherwise it is told only that it does not, or no longer.
    pub matches: bool,
}

/// What one read gave.
pub struct Looked {
    /// In the order of the log.
    pub seen: Vec<Seen>,
    /// Everything recorded until then has been looked at.
    pub as_of: Instant,
    /// Whether that was the end of the log.
    pub caught_up: bool,
}

/// A watcher's place in the log.
pub struct Watching {
    db: Db,
    clock: Arc<dyn Clock>,
    filter: Filter,
    /// What the watcher may see.
    allowed: Option<DivisionCode>,
    token: ResumeToken,
}

impl Watching {
    /// Begins behind a token, or at the end of the log.
    pub async fn begin(
        db: Db,
        clock: Arc<dyn Clock>,
        filter: Filter,
        allowed: Option<DivisionCode>,
        from: Option<ResumeToken>,
    ) -> Result<Self, WatchError> {
        let head = log::head(&db).await?;
        let token = match from {
            Some(token) => {
                fits(&token, &head)?;
                let hash = match token.position {
                    0 => Some(envelope::genesis(&head.log_id).to_vec()),
                    position => log::event_at(&db, position).await?.map(|event| event.hash),
                };
                if hash.is_none_or(|hash| hash != token.hash) {
                    return Err(WatchError::OutOfRange);
                }
                token
            }
            None => ResumeToken { log_id: head.log_id, position: head.position, hash: head.hash },
        };
        Ok(Self { db, clock, filter, allowed, token })
    }

    /// Where it is.
    pub fn token(&self) -> &ResumeToken {
        &self.token
    }

    /// Looks at what comes next, at most a page; at the end of the log that is nothing.
    pub async fn look(&mut self) -> Result<Looked, WatchError> {
        // before the head is read: what was committed by then is at or before that head
        let now = self.clock.now();
        let head = log::head(&self.db).await?;
        fits(&self.token, &head)?;
        if self.token.position == head.position {
            return Ok(Looked { seen: Vec::new(), as_of: now, caught_up: true });
        }
        let events = log::headings_after(&self.db, self.token.position, PAGE.min(head.position - self.token.position)).await?;
        let Some(last) = events.last() else { return Err(WatchError::OutOfRange) };
        let reached = ResumeToken { log_id: head.log_id, position: last.position, hash: last.hash.clone() };
        let caught_up = last.position == head.position;
        let as_of = if caught_up { now } else { last.recorded_at };
        let ids: BTreeSet<&String> =
            events.iter().filter(|event| event.kind.starts_with(KIND)).map(|e| &e.aggregate_id).collect();
        let ids: Vec<String> = ids.into_iter().cloned().collect();
        let mut petitions: HashMap<String, Petition> = store::by_ids(&self.db, &ids).await?.into_iter().collect();
        petitions.retain(|_, petition| self.may_see(petition));
        let mut seen = Vec::new();
        for event in events {
            let Some((id, petition)) = petitions.get_key_value(&event.aggregate_id) else { continue };
            let matches = self.filter.holds(petition);
            // what has just come and does not match cannot have been in anybody's list
            if matches || event.version > 1 {
                let token = ResumeToken { position: event.position, hash: event.hash.clone(), ..reached.clone() };
                seen.push(Seen { token, event, id: id.clone(), petition: petition.clone(), matches });
            }
        }
        self.token = reached;
        Ok(Looked { seen, as_of, caught_up })
    }

    /// Allegations are in no watch (D§8.1).
    fn may_see(&self, petition: &Petition) -> bool {
        petition.matter_class != MatterClass::Allegation
            && self.allowed.as_ref().is_none_or(|allowed| allowed.contains(&petition.division))
    }
}

fn fits(token: &ResumeToken, head: &Head) -> Result<(), WatchError> {
    if token.log_id == head.log_id && token.position <= head.position { Ok(()) } else { Err(WatchError::OutOfRange) }
}
