//! One batch of events in one transaction: facts, past images, roll, stuck events and cursor. About six statements, however
//! many events: facts are read once, postings are added up in memory, each roll row is read and written once.

use super::LOG;
use crate::{
    domain::{Change, Known, Postings, Unplaced, step},
    store::{PastImage, Stored, StuckEvent, facts, merge, save_facts, save_pasts, save_stuck},
};
use fengqiao_model::Day;
use fengqiao_store::{Cursor, Db, StoreError, cursor};
use std::collections::{BTreeMap, BTreeSet};

/// What intake made by following mediation: not of a petition, and counted from mediation's own log.
const MADE_BY_FOLLOWING: &str = "mediation.progressed";

/// What one event says.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its position in the log.
    pub position: i64,
    /// Its kind.
    pub kind: String,
    /// Id of the petition.
    pub petition: String,
    /// What names the petition, where the event says so.
    pub naming: Option<Naming>,
    /// The day since which it is known.
    pub known: Day,
    /// What it changes.
    pub change: Change,
}

/// What names a petition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// Its number.
    pub number: String,
    /// Its reference in its ledger.
    pub external_ref: String,
}

/// An event as read: either it says something, or it is stuck.
#[derive(Clone, Debug)]
pub enum Reading {
    /// It says this.
    Item(Box<Item>),
    /// It cannot be read.
    Stuck(StuckEvent),
}

/// The facts of a batch: the fold of events over what was stored. Used by the live store and by verification alike.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pub(super) facts: BTreeMap<String, Stored>,
    pub(super) changed: BTreeSet<String>,
    pub(super) pasts: Vec<PastImage>,
    pub(super) stuck: Vec<StuckEvent>,
}

impl Fold {
    /// Applies an event; `posted` gets each image that is taken away (-1) or added (1).
    pub(super) fn apply(&mut self, item: &Item, mut posted: impl FnMut(&Known, i64)) {
        if item.kind == MADE_BY_FOLLOWING {
            return;
        }
        let before = self.facts.get(&item.petition);
        let step = match step(before.map(|b| &b.known), &item.change, item.known) {
            Ok(step) => step,
            Err(unplaced) => return self.unplaced(item, unplaced),
        };
        let (number, external_ref) = match (&item.naming, before) {
            (Some(naming), _) => (naming.number.clone(), naming.external_ref.clone()),
            (None, Some(before)) => (before.number.clone(), before.external_ref.clone()),
            (None, None) => Default::default(),
        };
        let now = Stored { id: item.petition.clone(), number, external_ref, known: step.current };
        if before == Some(&now) {
            return;
        }
        if let Some(before) = before {
            posted(&Known { fact: before.known.fact.clone(), from: step.taken_from }, -1);
        }
        posted(&now.known, 1);
        self.pasts.extend(step.past.map(|past| PastImage { id: item.petition.clone(), past }));
        self.changed.insert(item.petition.clone());
        self.facts.insert(item.petition.clone(), now);
    }

    fn unplaced(&mut self, item: &Item, unplaced: Unplaced) {
        self.stuck.push(StuckEvent { position: item.position, kind: item.kind.clone(), reason: unplaced.reason().to_owned() });
    }
}

/// Applies a batch and moves the cursor. Errors: `Conflict` when the cursor does not stand at `from`.
pub async fn apply(db: &Db, readings: &[Reading], from: i64, to: &Cursor) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // First: of two replicas with the same batch, the second stops here.
    cursor::advance(&mut tx, LOG, from, to).await?;
    let ids: BTreeSet<&str> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Item(item) => Some(item.petition.as_str()),
            Reading::Stuck(_) => None,
        })
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut fold = Fold::default();
    fold.facts.extend(facts(&mut tx, &ids).await?.into_iter().map(|fact| (fact.id.clone(), fact)));
    let mut postings = Postings::default();
    for reading in readings {
        match reading {
            Reading::Item(item) => fold.apply(item, |known, sign| postings.post(known, sign)),
            Reading::Stuck(stuck) => fold.stuck.push(stuck.clone()),
        }
    }
    for stuck in &fold.stuck {
        tracing::warn!(position = stuck.position, kind = stuck.kind, reason = stuck.reason, "event has no place in the figures");
    }
    let changed: Vec<&Stored> = fold.changed.iter().filter_map(|id| fold.facts.get(id)).collect();
    save_facts(&mut tx, &changed).await?;
    save_pasts(&mut tx, &fold.pasts).await?;
    save_stuck(&mut tx, &fold.stuck).await?;
    merge(&mut tx, &postings.into_cells()).await?;
    tx.commit().await
}
