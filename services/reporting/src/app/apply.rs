//! One batch of events in one transaction: facts, past images, roll, stuck events and cursor. Some few statements, however
//! many events: facts are read once (those that an event touches without naming them apart), postings are added up in memory,
//! each roll row is read and written once.

use super::{
    Log,
    fold::{Fold, Item, Reading},
};
use crate::{
    domain::Postings,
    store::{Stored, facts, merge, save_facts, save_pasts, save_stuck},
};
use fengqiao_store::{Cursor, Db, StoreError, Tx, cursor, log};
use std::collections::BTreeSet;

/// Applies a batch and moves the cursor. Errors: `Conflict` when the cursor does not stand at `from`.
pub async fn apply(db: &Db, of: Log, readings: &[Reading], from: i64, to: &Cursor) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    // The followers of both logs, of all replicas, add to the same cells: one after the other.
    log::hold(&mut tx).await?;
    // Of two replicas with the same batch, the second stops here.
    cursor::advance(&mut tx, of.name(), from, to).await?;
    let mut fold = touched(&mut tx, readings).await?;
    let mut postings = Postings::default();
    for reading in readings {
        match reading {
            Reading::Item(item) => fold.apply(item, |known, sign| postings.post(known, sign)),
            Reading::Stuck(stuck) => fold.stuck.push(stuck.clone()),
        }
    }
    for stuck in &fold.stuck {
        let (log, position, kind, reason) = (stuck.log, stuck.position, &stuck.kind, &stuck.reason);
        tracing::warn!(log, position, kind, reason, "event has no place in the figures");
    }
    let changed: Vec<&Stored> = fold.changed.iter().filter_map(|key| fold.facts.get(key)).collect();
    save_facts(&mut tx, &changed).await?;
    save_pasts(&mut tx, &fold.pasts).await?;
    save_stuck(&mut tx, &fold.stuck).await?;
    merge(&mut tx, &postings.into_cells()).await?;
    tx.commit().await
}

/// What is stored of all that the events touch.
async fn touched(tx: &mut Tx, readings: &[Reading]) -> Result<Fold, StoreError> {
    let items = || {
        readings.iter().filter_map(|reading| match reading {
            Reading::Item(item) => Some(item.as_ref()),
            Reading::Stuck(_) => None,
        })
    };
    let mut fold = Fold::default();
    load(tx, &mut fold, items().flat_map(|item: &Item| item.told.keys()).collect()).await?;
    let more: BTreeSet<String> = items().flat_map(|item| fold.also_touched(&item.told)).collect();
    load(tx, &mut fold, more).await?;
    Ok(fold)
}

async fn load(tx: &mut Tx, fold: &mut Fold, keys: BTreeSet<String>) -> Result<(), StoreError> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !fold.facts.contains_key(*key)).collect();
    if !keys.is_empty() {
        let found = facts(tx, &keys).await?;
        fold.facts.extend(found.into_iter().map(|fact| (fact.id.clone(), fact)));
    }
    Ok(())
}
