//! Off-line check of a book: the chain of its log, and every row against the fold of its events.
//!
//! | Invariant | Holds |
//! |---|---|
//! | chain | the log's digests and hashes |
//! | rows | each body, dispute and case row says what the fold of its events says, in every column |
//! | bookings | a planned session takes the slots of its mediators and room, and nothing else does |
//! | load | a body has as many open cases as it says |
//! | DISPUTE-1 | a root's milestones are the function over the cases of its group |
//! | key | what is sealed has a key, what was erased has none |

use crate::{
    app::{fold_body, fold_dispute},
    domain::{Body, Dispute, Group, milestones},
    store::{self, BodyRow, Booking, CaseColumns, DisputeRow, taken},
};
use fengqiao_model::DisputeId;
use fengqiao_store::{Db, Event, StoreError, Tx, data_key, log, verify_chain};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What a check found: one line per difference, in the order found; empty when all is well.
pub struct Verified {
    /// Events checked.
    pub events: i64,
    /// Bodies checked.
    pub bodies: i64,
    /// Disputes checked.
    pub disputes: i64,
    /// Cases checked.
    pub cases: i64,
    /// Differences, each naming its place.
    pub differences: Vec<String>,
}

/// How many differences are listed; the first is what matters.
const LISTED: usize = 20;
const PAGE: i64 = 2_000;

impl Verified {
    fn note(&mut self, difference: String) {
        if self.differences.len() < LISTED {
            self.differences.push(difference);
        }
    }
}

/// Checks a book in one consistent view of it. Memory stays bounded whatever its size.
pub async fn verify_book(db: &Db) -> Result<Verified, StoreError> {
    let mut tx = db.snapshot().await?;
    let mut verified = Verified { events: 0, bodies: 0, disputes: 0, cases: 0, differences: Vec::new() };
    match verify_chain(&mut tx).await {
        Ok(head) => verified.events = head.position,
        Err(broken) => {
            verified.note(format!("position {}: {}", broken.position, broken.what));
            return Ok(verified);
        }
    }
    Walk::default().run(&mut tx, &mut verified).await?;
    Ok(verified)
}

/// One aggregate, folded so far.
enum Folded {
    Body(Body),
    Dispute { id: String, dispute: Dispute, sealed: bool },
}

/// Histories and rows side by side, both in the order of ids.
#[derive(Default)]
struct Walk {
    bodies: Rows<BodyRow>,
    disputes: Rows<DisputeRow>,
    /// Disputes whose cases and keys are checked together, a page at a time.
    waiting: Vec<(String, Dispute, bool)>,
    /// Slots that planned sessions take.
    slots: i64,
    /// Open cases by body.
    loads: HashMap<String, i64>,
    /// Bodies and what their rows say of their load.
    loaded: BTreeMap<String, i64>,
}

impl Walk {
    async fn run(mut self, tx: &mut Tx, verified: &mut Verified) -> Result<(), StoreError> {
        let mut folded: Option<(String, Folded)> = None;
        let mut after = (String::new(), 0);
        loop {
            let events = log::by_aggregate(&mut *tx, after.clone(), PAGE).await?;
            let Some(last) = events.last() else { break };
            after = (last.aggregate_id.clone(), last.version);
            for event in &events {
                let before = match folded.take() {
                    Some((id, before)) if id == event.aggregate_id => Some(before),
                    done => {
                        self.check(tx, done.map(|(_, folded)| folded), verified).await?;
                        None
                    }
                };
                folded = step(before, event, verified).map(|after| (event.aggregate_id.clone(), after));
            }
        }
        self.check(tx, folded.map(|(_, folded)| folded), verified).await?;
        self.check_waiting(tx, verified).await?;
        while let Some(row) = self.bodies.next(tx).await? {
            verified.note(format!("body {} stands in the book but not in the log", row.code));
        }
        while let Some(row) = self.disputes.next(tx).await? {
            verified.note(format!("dispute {} stands in the book but not in the log", row.id));
        }
        let cases = store::count_cases(tx).await?;
        if cases > verified.cases {
            verified.note(format!("{} cases stand in the book but not in the log", cases - verified.cases));
        }
        let slots = store::count_bookings(tx).await?;
        if slots != self.slots {
            verified.note(format!("{slots} slots are booked, the sessions of the log take {}", self.slots));
        }
        for (code, said) in &self.loaded {
            let open = self.loads.get(code).copied().unwrap_or(0);
            if *said != open {
                verified.note(format!("body {code} has {open} open cases, its load says {said}"));
            }
        }
        Ok(())
    }

    async fn check(&mut self, tx: &mut Tx, folded: Option<Folded>, verified: &mut Verified) -> Result<(), StoreError> {
        match folded {
            None => Ok(()),
            Some(Folded::Body(body)) => self.check_body(tx, &body, verified).await,
            Some(Folded::Dispute { id, dispute, sealed }) => {
                self.check_dispute(tx, &id, &dispute, verified).await?;
                self.waiting.push((id, dispute, sealed));
                if self.waiting.len() >= 500 { self.check_waiting(tx, verified).await } else { Ok(()) }
            }
        }
    }

    async fn check_body(&mut self, tx: &mut Tx, body: &Body, verified: &mut Verified) -> Result<(), StoreError> {
        verified.bodies += 1;
        let code = body.code.as_str();
        while let Some(row) = self.bodies.next(tx).await? {
            if row.code.as_str() < code {
                verified.note(format!("body {} stands in the book but not in the log", row.code));
                continue;
            }
            if row.code != code {
                self.bodies.back(row);
                break;
            }
            self.loaded.insert(code.to_owned(), row.open);
            if row != BodyRow::of(body, row.open)? {
                verified.note(format!("body {code} does not stand as its events say"));
            }
            return Ok(());
        }
        verified.note(format!("body {code} stands in the log but not in the book"));
        Ok(())
    }

    async fn check_dispute(
        &mut self,
        tx: &mut Tx,
        id: &str,
        dispute: &Dispute,
        verified: &mut Verified,
    ) -> Result<(), StoreError> {
        verified.disputes += 1;
        for case in dispute.cases.iter().filter(|case| case.state.is_open() && !case.body.is_empty()) {
            *self.loads.entry(case.body.clone()).or_default() += 1;
        }
        while let Some(row) = self.disputes.next(tx).await? {
            if row.id.as_str() < id {
                verified.note(format!("dispute {} stands in the book but not in the log", row.id));
                continue;
            }
            if row.id != id {
                self.disputes.back(row);
                break;
            }
            if row != DisputeRow::of(id, dispute)? {
                verified.note(format!("dispute {id} does not stand as its events say"));
            }
            return Ok(());
        }
        verified.note(format!("dispute {id} stands in the log but not in the book"));
        Ok(())
    }

    /// The case rows, keys and milestones of some disputes.
    async fn check_waiting(&mut self, tx: &mut Tx, verified: &mut Verified) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut self.waiting);
        let expected: Vec<CaseColumns> = waiting
            .iter()
            .flat_map(|(id, dispute, _)| dispute.cases.iter().map(move |case| CaseColumns::of(id, dispute, case)))
            .collect();
        let ids: Vec<String> = expected.iter().map(|row| row.id.clone()).collect();
        let rows: HashMap<String, CaseColumns> =
            store::case_columns(&mut *tx, &ids).await?.into_iter().map(|row| (row.id.clone(), row)).collect();
        verified.cases += i64::try_from(expected.len()).unwrap_or(i64::MAX);
        for row in &expected {
            match rows.get(&row.id) {
                Some(found) if found == row => {}
                Some(_) => verified.note(format!("case {} does not stand as its events say", row.id)),
                None => verified.note(format!("case {} stands in the log but not in the book", row.id)),
            }
        }
        let ids: Vec<String> = waiting.iter().map(|(id, _, _)| id.clone()).collect();
        self.check_bookings(tx, &ids, &waiting, verified).await?;
        let keys = data_key::load(&mut *tx, &ids).await?;
        for (id, dispute, sealed) in waiting {
            match (keys.contains_key(&id), dispute.erased) {
                (true, true) => verified.note(format!("dispute {id} was erased, but its key is there")),
                (false, false) if sealed => verified.note(format!("dispute {id} has something sealed, but no key")),
                _ => {}
            }
            self.check_milestones(tx, &id, dispute, verified).await?;
        }
        Ok(())
    }

    /// What the planned sessions of some disputes take.
    async fn check_bookings(
        &mut self,
        tx: &mut Tx,
        ids: &[String],
        waiting: &[(String, Dispute, bool)],
        verified: &mut Verified,
    ) -> Result<(), StoreError> {
        let order = |a: &Booking, b: &Booking| (&a.resource, a.slot).cmp(&(&b.resource, b.slot));
        let mut expected: Vec<Booking> = waiting.iter().flat_map(|(id, dispute, _)| taken(id, dispute)).collect();
        let mut found = store::bookings_of(tx, ids).await?;
        expected.sort_by(order);
        found.sort_by(order);
        self.slots += i64::try_from(expected.len()).unwrap_or(i64::MAX);
        if found != expected {
            let other =
                expected.iter().zip(&found).find(|(a, b)| a != b).map_or(expected.first().or(found.first()), |(a, _)| Some(a));
            let dispute = other.map_or("", |booking| &booking.dispute_id);
            verified.note(format!("the sessions of dispute {dispute} are not booked as its events say"));
        }
        Ok(())
    }

    /// DISPUTE-1.
    async fn check_milestones(
        &mut self,
        tx: &mut Tx,
        id: &str,
        dispute: Dispute,
        verified: &mut Verified,
    ) -> Result<(), StoreError> {
        if dispute.linked_into.is_some() {
            if !dispute.milestones.is_empty() {
                verified.note(format!("DISPUTE-1: dispute {id} is linked into another, but has milestones of its own"));
            }
            return Ok(());
        }
        let Ok(root) = id.parse::<DisputeId>() else {
            verified.note(format!("dispute {id} has no id of a dispute"));
            return Ok(());
        };
        let mut group = Group::of(root, dispute);
        let linked: Vec<String> = group.root.1.linked.iter().map(ToString::to_string).collect();
        for stored in store::by_ids(&mut *tx, &linked).await? {
            if let Ok(id) = stored.id.parse() {
                group.linked.push((id, stored.dispute));
            }
        }
        let mut again = group.clone();
        // In the order in which the root names them: ties are settled by it.
        let place = |id: &DisputeId| group.root.1.linked.iter().position(|linked| linked == id);
        again.linked.sort_by_key(|(id, _)| place(id));
        group.linked.sort_by_key(|(id, _)| again.linked.iter().position(|(linked, _)| linked == id));
        let mut cases: Vec<_> =
            std::iter::once(&mut again.root).chain(&mut again.linked).flat_map(|(_, dispute)| &mut dispute.cases).collect();
        let reckoned = group.root.1.placed(milestones(&mut cases));
        if reckoned != group.root.1.milestones {
            verified.note(format!("DISPUTE-1: the milestones of dispute {id} are not those of its cases"));
        }
        if again != group {
            verified.note(format!("DISPUTE-1: a case of dispute {id} entered it otherwise than it says"));
        }
        Ok(())
    }
}

fn step(before: Option<Folded>, event: &Event, verified: &mut Verified) -> Option<Folded> {
    let body = event.aggregate_id.starts_with("body:");
    let misfit = format!("position {}: the event does not fit what came before it", event.position);
    let (kept, after) = match before {
        None if body => (None, fold_body(None, event).map(Folded::Body)),
        None => (None, dispute_step(None, false, event)),
        Some(Folded::Body(body)) => (Some(Folded::Body(body.clone())), fold_body(Some(body), event).map(Folded::Body)),
        Some(Folded::Dispute { id, dispute, sealed }) => {
            let after = dispute_step(Some(dispute.clone()), sealed, event);
            (Some(Folded::Dispute { id, dispute, sealed }), after)
        }
    };
    after.map_err(|_| verified.note(misfit)).ok().or(kept)
}

fn dispute_step(before: Option<Dispute>, sealed: bool, event: &Event) -> Result<Folded, StoreError> {
    let dispute = fold_dispute(before, event)?;
    Ok(Folded::Dispute { id: event.aggregate_id.clone(), dispute, sealed: sealed || !event.sealed.is_empty() })
}

/// Rows in the order of their keys, a page at a time.
struct Rows<R> {
    page: VecDeque<R>,
    last: String,
    ended: bool,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { page: VecDeque::new(), last: String::new(), ended: false }
    }
}

impl<R: Keyed> Rows<R> {
    async fn next(&mut self, tx: &mut Tx) -> Result<Option<R>, StoreError> {
        if self.page.is_empty() && !self.ended {
            self.page = R::after(tx, &self.last).await?.into();
            self.ended = self.page.is_empty();
            if let Some(row) = self.page.back() {
                row.key().clone_into(&mut self.last);
            }
        }
        Ok(self.page.pop_front())
    }

    fn back(&mut self, row: R) {
        self.page.push_front(row);
    }
}

/// A row that is read in the order of its key.
trait Keyed: Sized {
    fn key(&self) -> &str;
    async fn after(tx: &mut Tx, key: &str) -> Result<Vec<Self>, StoreError>;
}

impl Keyed for BodyRow {
    fn key(&self) -> &str {
        &self.code
    }

    async fn after(tx: &mut Tx, key: &str) -> Result<Vec<Self>, StoreError> {
        store::body_rows_after(tx, key, PAGE).await
    }
}

impl Keyed for DisputeRow {
    fn key(&self) -> &str {
        &self.id
    }

    async fn after(tx: &mut Tx, key: &str) -> Result<Vec<Self>, StoreError> {
        store::dispute_rows_after(tx, key, PAGE).await
    }
}
