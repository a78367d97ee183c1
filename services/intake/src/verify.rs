//! Off-line check of a book: the chain of its log, and its state rows against the fold of its events.

use crate::{
    app::fold,
    domain::Petition,
    store::{self, StateRow},
};
use fengqiao_store::{Db, Event, StoreError, Tx, log, verify_chain};

/// What a check found: one line per difference, in the order found; empty when all is well.
pub struct Verified {
    /// Events checked.
    pub events: i64,
    /// Petitions checked.
    pub petitions: i64,
    /// Differences, each naming its place.
    pub differences: Vec<String>,
}

/// How many differences are listed; the first is what matters.
const LISTED: usize = 20;
const PAGE: i64 = 2_000;

/// Checks a book in one consistent view of it. Memory stays bounded whatever its size.
pub async fn verify_book(db: &Db) -> Result<Verified, StoreError> {
    let mut tx = db.snapshot().await?;
    let mut verified = Verified { events: 0, petitions: 0, differences: Vec::new() };
    match verify_chain(&mut tx).await {
        Ok(head) => verified.events = head.position,
        Err(broken) => {
            verified.differences.push(format!("position {}: {}", broken.position, broken.what));
            return Ok(verified);
        }
    }
    compare_states(&mut tx, &mut verified).await?;
    Ok(verified)
}

/// Walks histories and state rows side by side, both in the order of ids.
async fn compare_states(tx: &mut Tx, verified: &mut Verified) -> Result<(), StoreError> {
    let mut rows = Rows::default();
    let mut folded: Option<(String, Petition)> = None;
    let mut after = (String::new(), 0);
    loop {
        let events = log::by_aggregate(&mut *tx, after.clone(), PAGE).await?;
        let Some(last) = events.last() else { break };
        after = (last.aggregate_id.clone(), last.version);
        for event in &events {
            folded = Some(match folded.take() {
                Some((id, petition)) if id == event.aggregate_id => (id, step(Some(petition), event, verified)?),
                done => {
                    if let Some((id, petition)) = done {
                        rows.check(tx, &id, &petition, verified).await?;
                    }
                    (event.aggregate_id.clone(), step(None, event, verified)?)
                }
            });
        }
    }
    if let Some((id, petition)) = folded {
        rows.check(tx, &id, &petition, verified).await?;
    }
    while let Some(row) = rows.next(tx).await? {
        note(verified, format!("petition {} stands in the book but not in the log", row.id));
    }
    Ok(())
}

fn step(before: Option<Petition>, event: &Event, verified: &mut Verified) -> Result<Petition, StoreError> {
    let kept = before.clone();
    match (fold(before, event), kept) {
        (Ok(after), _) => Ok(after),
        (Err(error), None) => Err(error),
        (Err(_), Some(before)) => {
            note(verified, format!("position {}: the event does not fit what came before it", event.position));
            Ok(before)
        }
    }
}

fn note(verified: &mut Verified, difference: String) {
    if verified.differences.len() < LISTED {
        verified.differences.push(difference);
    }
}

/// The state rows in the order of their ids, a page at a time.
#[derive(Default)]
struct Rows {
    page: std::collections::VecDeque<StateRow>,
    last: String,
    ended: bool,
}

impl Rows {
    async fn next(&mut self, tx: &mut Tx) -> Result<Option<StateRow>, StoreError> {
        if self.page.is_empty() && !self.ended {
            self.page = store::rows_after(tx, &self.last, PAGE).await?.into();
            self.ended = self.page.is_empty();
            if let Some(row) = self.page.back() {
                self.last.clone_from(&row.id);
            }
        }
        Ok(self.page.pop_front())
    }

    async fn check(&mut self, tx: &mut Tx, id: &str, petition: &Petition, verified: &mut Verified) -> Result<(), StoreError> {
        verified.petitions += 1;
        while let Some(row) = self.next(tx).await? {
            if row.id.as_str() < id {
                note(verified, format!("petition {} stands in the book but not in the log", row.id));
                continue;
            }
            if row.id != id {
                self.page.push_front(row);
                break;
            }
            if row != StateRow::of(id, petition)? {
                note(verified, format!("petition {id} does not stand as its events say"));
            }
            return Ok(());
        }
        note(verified, format!("petition {id} stands in the log but not in the book"));
        Ok(())
    }
}
