//! Verification, off line or live, in one snapshot: the roll is what the facts say (FACT-1), and the facts are the fold of
//! their logs. Both recompute everything with the code that wrote it, part by part, so that memory stays bounded.

use super::{Log, PAGE, Reading, fold::Fold};
use crate::{
    domain::{Amounts, Cell, Fact, Kind, Known, Postings},
    follow::read_stored,
    store::{PastImage, Stored, count_facts, count_roll, facts_after, pasts_between, roll_after, stuck},
};
use fengqiao_store::{Db, StoreError, Tx, cursor, log};
use std::{collections::BTreeMap, fmt};

/// Cells, or facts, that one pass holds in memory.
const PART: i64 = 100_000;

/// More differences than this are not listed: the first ones tell enough.
const MOST: usize = 100;

/// A stored row that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The invariant, such as "FACT-1".
    pub invariant: &'static str,
    /// The table.
    pub table: &'static str,
    /// The row.
    pub key: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: {}", self.invariant, self.table, self.key, self.problem)
    }
}

const MISSING: &str = "is missing";
const SURPLUS: &str = "should not be there";
const DIFFERENT: &str = "has another value";

struct Differences {
    invariant: &'static str,
    found: Vec<Difference>,
}

impl Differences {
    fn add(&mut self, table: &'static str, key: String, problem: &'static str) {
        if self.found.len() < MOST {
            self.found.push(Difference { invariant: self.invariant, table, key, problem });
        }
    }
}

/// FACT-1: compares the roll with the contributions of all facts and past images. At most 100 differences are given.
pub async fn verify(db: &Db) -> Result<Vec<Difference>, StoreError> {
    let mut differences = Differences { invariant: "FACT-1", found: Vec::new() };
    let mut tx = db.snapshot().await?;
    let parts = count_roll(&mut tx).await? / PART + 1;
    for part in 0..parts {
        let (part, parts) = (part.unsigned_abs(), parts.unsigned_abs());
        let expected = expected_roll(&mut tx, Postings::of_part(part, parts)).await?;
        compare_roll(&mut tx, &Postings::of_part(part, parts), expected, &mut differences).await?;
    }
    tx.commit().await?;
    Ok(differences.found)
}

async fn expected_roll(tx: &mut Tx, mut postings: Postings) -> Result<BTreeMap<Cell, Vec<u8>>, StoreError> {
    let mut after = String::new();
    loop {
        let page = facts_after(&mut *tx, &after, PAGE).await?;
        for fact in &page {
            postings.post(&fact.known, 1);
        }
        let Some(last) = page.last() else { break };
        for PastImage { past, .. } in pasts_between(&mut *tx, &after, &last.id).await? {
            postings.post(&Known { fact: past.fact.clone(), from: past.from }, 1);
            postings.post(&Known { fact: past.fact, from: past.to }, -1);
        }
        last.id.clone_into(&mut after);
    }
    let cells = postings.into_cells().into_iter();
    Ok(cells.map(|(cell, pairs)| (cell, Amounts::default().plus(&pairs).pack())).collect())
}

async fn compare_roll(
    tx: &mut Tx,
    part: &Postings,
    mut expected: BTreeMap<Cell, Vec<u8>>,
    differences: &mut Differences,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = roll_after(tx, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.cell.clone());
        for row in page.into_iter().filter(|row| part.takes(&row.cell.slice)) {
            match expected.remove(&row.cell) {
                Some(amounts) if amounts == row.amounts => {}
                Some(_) => differences.add("roll", name(&row.cell), DIFFERENT),
                None => differences.add("roll", name(&row.cell), SURPLUS),
            }
        }
    }
    for cell in expected.keys() {
        differences.add("roll", name(cell), MISSING);
    }
    Ok(())
}

fn name(cell: &Cell) -> String {
    let (kind, bucket) = cell.bucket.stored();
    let slice = &cell.slice;
    format!("{} {} {:?} of {}, {kind} {bucket}", slice.node, slice.sheet.name(), slice.member, cell.basis_year)
}

/// FACT-2: compares facts, past images and stuck events with the fold of the logs up to their cursors. Give the databases of
/// the logs that are at hand; what comes from another log is left alone. At most 100 differences are given.
pub async fn verify_facts(db: &Db, intake: Option<&Db>, mediation: Option<&Db>) -> Result<Vec<Difference>, StoreError> {
    let mut differences = Differences { invariant: "FACT-2", found: Vec::new() };
    let mut tx = db.snapshot().await?;
    for (log, source) in [(Log::Intake, intake), (Log::Mediation, mediation)] {
        if let Some(source) = source {
            verify_log(&mut tx, log, source, &mut differences).await?;
        }
    }
    tx.commit().await?;
    Ok(differences.found)
}

async fn verify_log(tx: &mut Tx, log: Log, source: &Db, differences: &mut Differences) -> Result<(), StoreError> {
    let position = match cursor::load(&mut *tx, log.name()).await? {
        Some(cursor) => {
            if log::head(source).await?.log_id != cursor.log_id {
                differences.add("cursor", log.name().to_owned(), "is one of another log");
                return Ok(());
            }
            cursor.position
        }
        None => 0,
    };
    let parts = (count_facts(&mut *tx).await? / PART + 1).unsigned_abs();
    let mut stuck_expected = BTreeMap::new();
    for part in 0..parts {
        let fold = refold(log, source, position, (part, parts)).await?;
        stuck_expected.extend(fold.stuck.iter().map(|s| (s.position, s.clone())));
        compare_facts(tx, log, (part, parts), fold, differences).await?;
    }
    for found in stuck(&mut *tx, log.name(), i64::MAX).await? {
        if stuck_expected.remove(&found.position).as_ref() != Some(&found) {
            differences.add("stuck", format!("{} {}", log.name(), found.position), DIFFERENT);
        }
    }
    for position in stuck_expected.keys() {
        differences.add("stuck", format!("{} {position}", log.name()), MISSING);
    }
    Ok(())
}

async fn refold(log: Log, source: &Db, until: i64, part: (u64, u64)) -> Result<Fold, StoreError> {
    let mut fold = Fold::default();
    let mut position = 0;
    while position < until {
        let events = log::read_after(source, position, PAGE.min(until - position)).await?;
        let Some(last) = events.last() else { break };
        position = last.position;
        for event in &events {
            match (read_stored(log, event), in_part(&event.aggregate_id, part)) {
                (Reading::Item(item), true) => fold.apply(&item, |_, _| {}),
                // Bodies are few, and depend on what happens to all disputes.
                (Reading::Item(item), false) => fold.apply_to_bodies(&item),
                (Reading::Stuck(stuck), true) => fold.stuck.push(stuck),
                (Reading::Stuck(_), false) => {}
            }
        }
    }
    fold.facts.retain(|key, stored| in_part(aggregate(key, &stored.known.fact), part));
    fold.pasts.retain(|past| in_part(aggregate(&past.id, &past.past.fact), part));
    Ok(fold)
}

async fn compare_facts(
    tx: &mut Tx,
    log: Log,
    part: (u64, u64),
    fold: Fold,
    differences: &mut Differences,
) -> Result<(), StoreError> {
    let Fold { mut facts, pasts, .. } = fold;
    let mut pasts: BTreeMap<(String, String), PastImage> =
        pasts.into_iter().map(|p| ((p.id.clone(), p.past.from.to_string()), p)).collect();
    let takes = |key: &str, fact: &Fact| Log::of(fact.kind()) == log && in_part(aggregate(key, fact), part);
    let mut after = String::new();
    loop {
        let page: Vec<Stored> = facts_after(&mut *tx, &after, PAGE).await?;
        let Some(last) = page.last().map(|last| last.id.clone()) else { break };
        for past in pasts_between(&mut *tx, &after, &last).await?.into_iter().filter(|p| takes(&p.id, &p.past.fact)) {
            let key = (past.id.clone(), past.past.from.to_string());
            if pasts.remove(&key).as_ref() != Some(&past) {
                differences.add("fact_past", format!("{} {}", key.0, key.1), DIFFERENT);
            }
        }
        for fact in page.into_iter().filter(|fact| takes(&fact.id, &fact.known.fact)) {
            match facts.remove(&fact.id) {
                Some(expected) if expected == fact => {}
                Some(_) => differences.add("fact", fact.id, DIFFERENT),
                None => differences.add("fact", fact.id, SURPLUS),
            }
        }
        after = last;
    }
    for id in facts.into_keys() {
        differences.add("fact", id, MISSING);
    }
    for (id, from) in pasts.into_keys() {
        differences.add("fact_past", format!("{id} {from}"), MISSING);
    }
    Ok(())
}

/// The aggregate whose events tell of a thing: cases are told of with their dispute, and a body's and a unit's are named as their keys are.
fn aggregate<'a>(key: &'a str, fact: &'a Fact) -> &'a str {
    match fact {
        Fact::Case(case) => &case.dispute,
        Fact::Dispute(_) => key.strip_prefix(Kind::Dispute.prefix()).unwrap_or(key),
        Fact::Petition(_) | Fact::Body(_) | Fact::Unit(_) => key,
    }
}

/// Whether an aggregate belongs to this part of so many: by the last digits of its id, which are random.
fn in_part(id: &str, (part, parts): (u64, u64)) -> bool {
    id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)) % parts
        == part
}
