//! What one batch touches: loaded once, then decided on in order, so that a later request sees an earlier one. The writer and the
//! follower of the petition log work on the same desk.

mod change;
mod load;
mod row;
mod write;

pub use load::Touched;

use super::{batch::Book, request::Asking};
use crate::domain::{
    Aggregate, Body, BodyKind, Booked, Case, Change, Context, Dispute, DisputeEvent, Event, Group, House, Kind, Loaded,
    SealedContent,
};
use fengqiao_model::{Caller, CaseId, Day, DisputeId, Instant, PetitionId};
use fengqiao_store::{DataKey, RequestRecord, StoreError};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// A dispute on the desk: as it was loaded, and as it stands.
struct Entry {
    guard: i64,
    before: Option<Dispute>,
    dispute: Dispute,
    /// It has to be written: it changed, or one of its group did.
    written: bool,
}

/// A body's place in the house, and its lock.
struct Place {
    at: usize,
    guard: i64,
    changed: bool,
    /// The load as it was read; `None` for a new body.
    open: Option<u32>,
}

/// An event that waits to be written.
struct Pending {
    id: String,
    version: i64,
    event: Event,
    sealed: Option<SealedContent>,
    asking: Asking,
}

/// Everything one batch touches.
pub struct Desk<'a> {
    book: &'a Book,
    now: Instant,
    days_back: i32,
    disputes: BTreeMap<DisputeId, Entry>,
    cases: HashMap<CaseId, DisputeId>,
    by_reference: HashMap<(String, String), (DisputeId, CaseId)>,
    by_root: HashMap<(String, String), DisputeId>,
    house: House,
    places: BTreeMap<String, Place>,
    requests: HashMap<String, RequestRecord>,
    new_requests: Vec<RequestRecord>,
    keys: HashMap<DisputeId, Arc<DataKey>>,
    new_keys: BTreeMap<DisputeId, Arc<DataKey>>,
    destroyed: BTreeSet<DisputeId>,
    /// What the rows of cases sealed, for rows that are met again.
    contents: HashMap<CaseId, SealedContent>,
    /// Hashes of parties; an empty set forgets.
    hashes: BTreeMap<DisputeId, BTreeSet<String>>,
    /// The slots that a session which is being planned might want.
    booked: Vec<Booked>,
    pending: Vec<Pending>,
}

impl Desk<'_> {
    fn context<'b>(&'b self, caller: &'b Caller) -> Context<'b> {
        Context { caller, today: self.now.day(), law: &self.book.law, days_back: self.days_back, booked: &self.booked }
    }

    fn dispute(&self, id: DisputeId) -> Option<&Dispute> {
        self.disputes.get(&id).map(|entry| &entry.dispute)
    }

    /// The root of a dispute with all that is linked into it.
    fn group(&self, id: DisputeId) -> Option<Group> {
        let root = self.dispute(id)?.linked_into.unwrap_or(id);
        let of = |id: DisputeId| self.dispute(id).map(|dispute| (id, dispute.clone()));
        let linked = self.dispute(root)?.linked.iter().filter_map(|linked| of(*linked)).collect();
        Some(Group { root: of(root)?, linked })
    }

    /// Takes decided changes over: state, loads, what is found by what, and the events to be written.
    fn take(&mut self, asking: &Asking, changes: Vec<Change>) -> Result<(), StoreError> {
        for change in changes {
            self.take_one(asking, change)?;
        }
        Ok(())
    }

    fn take_one(&mut self, asking: &Asking, change: Change) -> Result<(), StoreError> {
        let Change { target, event, sealed } = change;
        match (target, event) {
            (Aggregate::Body(code), Event::Body { kind, on, body }) => self.take_body(asking, code.as_str(), (kind, on, body)),
            (Aggregate::Dispute(id), Event::Dispute(event)) => self.take_dispute(asking, id, event, sealed),
            _ => Err(StoreError::Misuse("an event of another aggregate was decided")),
        }
    }

    fn take_body(&mut self, asking: &Asking, code: &str, (kind, on, body): (BodyKind, Day, Box<Body>)) -> Result<(), StoreError> {
        let before = self.places.get(code).map(|place| self.house.bodies[place.at].body.clone());
        let Some(after) = Body::apply(before, kind, &body, Some(asking.request_id)) else {
            return Err(StoreError::Misuse("a decided event of a body does not apply"));
        };
        let event = Event::Body { kind, on, body };
        let (id, version) = (Body::aggregate(&after.code), after.version);
        match self.places.get_mut(code) {
            Some(place) => {
                self.house.bodies[place.at].body = after;
                place.changed = true;
            }
            None => {
                let place = Place { at: self.house.bodies.len(), guard: 0, changed: true, open: None };
                self.places.insert(code.to_owned(), place);
                self.house.bodies.push(Loaded { body: after, open: 0 });
            }
        }
        self.pending.push(Pending { id, version, event, sealed: None, asking: asking.clone() });
        Ok(())
    }

    fn take_dispute(
        &mut self,
        asking: &Asking,
        id: DisputeId,
        event: Box<DisputeEvent>,
        sealed: Option<SealedContent>,
    ) -> Result<(), StoreError> {
        let before = self.disputes.get(&id).map(|entry| entry.dispute.clone());
        let Some(after) = Dispute::apply(before.clone(), &event, Some(asking.request_id)) else {
            return Err(StoreError::Misuse("a decided event of a dispute does not apply"));
        };
        self.reckon_loads(before.as_ref(), &after);
        for case in &after.cases {
            self.cases.insert(case.id, id);
            if !case.external_ref.is_empty() {
                self.by_reference.insert((case.ledger.clone(), case.external_ref.clone()), (id, case.id));
            }
        }
        if !after.root_ref.is_empty() {
            self.by_root.insert((after.ledger.clone(), after.root_ref.clone()), id);
        }
        if event.kind == Kind::PartiesErased {
            // What this batch still has to seal is sealed under the key, which then is nowhere.
            self.new_keys.remove(&id);
            self.destroyed.insert(id);
            self.hashes.insert(id, BTreeSet::new());
        }
        if let Some(sealed) = &sealed {
            self.note_row(&event, sealed);
            if !sealed.parties.is_empty() && !after.erased {
                self.hashes.insert(id, self.book.similarity.hashes(&sealed.parties));
            }
        }
        let version = after.version;
        // The lock of the root is the lock of its group.
        if let Some(root) = after.linked_into.or(before.and_then(|before| before.linked_into))
            && let Some(entry) = self.disputes.get_mut(&root)
        {
            entry.written = true;
        }
        let entry =
            self.disputes.entry(id).or_insert_with(|| Entry { guard: 0, before: None, dispute: after.clone(), written: true });
        entry.dispute = after;
        entry.written = true;
        let event = Event::Dispute(event);
        self.pending.push(Pending { id: id.to_string(), version, event, sealed, asking: asking.clone() });
        Ok(())
    }

    /// Keeps what a ledger row sealed, to compare it when the row is met again.
    fn note_row(&mut self, event: &DisputeEvent, sealed: &SealedContent) {
        if matches!(event.kind, Kind::Imported | Kind::Advanced)
            && let Some(case) = event.cases.first()
        {
            self.contents.entry(case.id).or_default().merge_row(sealed.clone());
        }
    }

    fn is_erased(&self, target: &Aggregate) -> bool {
        matches!(target, Aggregate::Dispute(id) if self.dispute(*id).is_some_and(|dispute| dispute.erased))
    }

    /// Each open case weighs on the body that has it.
    fn reckon_loads(&mut self, before: Option<&Dispute>, after: &Dispute) {
        let weighs = |case: &Case| (case.state.is_open() && !case.body.is_empty()).then(|| case.body.clone());
        for case in &after.cases {
            let was = before.and_then(|before| before.case(case.id)).and_then(weighs);
            let is = weighs(case);
            if was == is {
                continue;
            }
            for (body, more) in [(was, false), (is, true)] {
                let Some(place) = body.and_then(|body| self.places.get(&body)) else { continue };
                let open = &mut self.house.bodies[place.at].open;
                *open = if more { *open + 1 } else { open.saturating_sub(1) };
            }
        }
    }

    /// The dispute's key, made now if it has none yet.
    fn key(&mut self, id: DisputeId) -> Arc<DataKey> {
        if let Some(key) = self.keys.get(&id) {
            return key.clone();
        }
        let key = Arc::new(DataKey::generate());
        self.adopt_key(id, key.clone());
        key
    }

    /// Gives a dispute a key that comes from elsewhere.
    pub(in crate::app) fn adopt_key(&mut self, id: DisputeId, key: Arc<DataKey>) {
        self.keys.insert(id, key.clone());
        self.new_keys.insert(id, key);
    }

    /// Forgets a key that was adopted for nothing.
    pub(in crate::app) fn give_key_back(&mut self, id: DisputeId) {
        self.keys.remove(&id);
        self.new_keys.remove(&id);
    }

    /// What happened elsewhere is taken over with its day, however long ago that was.
    pub(in crate::app) fn take_days_as_they_are(&mut self) {
        self.days_back = 200 * 366;
    }

    /// The disputes that came from a petition.
    pub(in crate::app) fn of_petition(&self, petition: PetitionId) -> Vec<DisputeId> {
        self.disputes.iter().filter(|(_, entry)| entry.dispute.petition == Some(petition)).map(|(id, _)| *id).collect()
    }
}
