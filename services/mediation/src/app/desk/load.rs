//! Loading what a batch touches, in few statements however large it is.

use super::{Desk, Entry, Place};
use crate::{
    app::{
        batch::Book,
        read::decode,
        request::{Request, Work},
        sealing::unsealed,
    },
    domain::{DisputeCommand, Event, House, Loaded},
    store::{self, StoredDispute},
};
use fengqiao_model::{DisputeId, Instant};
use fengqiao_store::{DataKey, StoreError, Tx, data_key, log, request};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What a batch names.
#[derive(Default)]
pub struct Touched {
    pub requests: Vec<String>,
    pub disputes: Vec<String>,
    pub cases: Vec<String>,
    pub ledgers: Vec<String>,
    pub references: Vec<String>,
    pub root_ledgers: Vec<String>,
    pub root_refs: Vec<String>,
    pub petitions: Vec<String>,
    /// References of rows to be compared, also with what is sealed.
    pub compared: bool,
}

impl Touched {
    /// What these requests name.
    pub fn by(batch: &[Request]) -> Self {
        let mut touched = Self::default();
        for Request { asking, work, .. } in batch {
            touched.requests.push(asking.request_id.to_string());
            match work {
                Work::Body { .. } => {}
                Work::Open { dispute, case, new } => {
                    touched.disputes.push(dispute.to_string());
                    touched.cases.push(case.to_string());
                    if let Some(reference) = &new.external_ref {
                        touched.ledgers.push(new.ledger.as_ref().unwrap_or(&asking.caller.unit).to_string());
                        touched.references.push(reference.to_string());
                    }
                }
                Work::Case { id, .. } => touched.cases.push(id.to_string()),
                Work::Dispute { id, command, .. } => {
                    touched.disputes.push(id.to_string());
                    if let DisputeCommand::Link { same_as, .. } = &**command {
                        touched.disputes.push(same_as.to_string());
                    }
                }
                Work::Import { ledger, rows, .. } => {
                    touched.compared = true;
                    for row in rows {
                        touched.ledgers.push(ledger.to_string());
                        touched.references.push(row.external_ref.to_string());
                        if !row.root_ref().is_empty() {
                            touched.root_ledgers.push(ledger.to_string());
                            touched.root_refs.push(row.root_ref().to_owned());
                        }
                    }
                }
            }
        }
        for (ledgers, references) in
            [(&mut touched.ledgers, &mut touched.references), (&mut touched.root_ledgers, &mut touched.root_refs)]
        {
            let pairs: BTreeSet<(String, String)> = ledgers.drain(..).zip(references.drain(..)).collect();
            (*ledgers, *references) = pairs.into_iter().unzip();
        }
        touched
    }
}

impl<'a> Desk<'a> {
    /// Loads what is touched, with the groups it belongs to, and all bodies.
    pub async fn load(book: &'a Book, tx: &mut Tx, touched: &Touched, now: Instant) -> Result<Self, StoreError> {
        let requests = request::find(&mut *tx, &touched.requests).await?;
        let mut disputes: BTreeMap<DisputeId, Entry> = BTreeMap::new();
        add(&mut disputes, store::by_ids(&mut *tx, &touched.disputes).await?)?;
        add(&mut disputes, store::by_case_ids(&mut *tx, &touched.cases).await?)?;
        let referenced = store::by_references(&mut *tx, &touched.ledgers, &touched.references).await?;
        let met_again: Vec<String> = referenced.iter().map(|stored| stored.id.clone()).filter(|_| touched.compared).collect();
        add(&mut disputes, referenced)?;
        add(&mut disputes, store::by_root_refs(&mut *tx, &touched.root_ledgers, &touched.root_refs).await?)?;
        add(&mut disputes, store::by_petitions(&mut *tx, &touched.petitions).await?)?;
        add_groups(&mut disputes, tx).await?;

        let ids: Vec<String> = disputes.keys().map(ToString::to_string).collect();
        let mut keys = HashMap::new();
        for (id, wrapped) in data_key::load(&mut *tx, &ids).await? {
            keys.insert(parse(&id)?, Arc::new(DataKey::unwrap(&wrapped, &book.master, &id)?));
        }
        let mut desk = Self {
            book,
            now,
            days_back: book.days_back,
            disputes,
            cases: HashMap::new(),
            by_reference: HashMap::new(),
            by_root: HashMap::new(),
            house: House { bodies: Vec::new() },
            places: BTreeMap::new(),
            requests,
            new_requests: Vec::new(),
            keys,
            new_keys: BTreeMap::new(),
            destroyed: BTreeSet::new(),
            contents: HashMap::new(),
            hashes: BTreeMap::new(),
            booked: Vec::new(),
            pending: Vec::new(),
        };
        desk.index();
        desk.load_bodies(tx).await?;
        desk.load_contents(tx, met_again).await?;
        Ok(desk)
    }

    fn index(&mut self) {
        for (id, Entry { dispute, .. }) in &self.disputes {
            for case in &dispute.cases {
                self.cases.insert(case.id, *id);
                if !case.external_ref.is_empty() {
                    self.by_reference.insert((case.ledger.clone(), case.external_ref.clone()), (*id, case.id));
                }
            }
            if !dispute.root_ref.is_empty() {
                self.by_root.insert((dispute.ledger.clone(), dispute.root_ref.clone()), *id);
            }
        }
    }

    async fn load_bodies(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        for (at, stored) in store::all_bodies(&mut *tx).await?.into_iter().enumerate() {
            let open = u32::try_from(stored.open).unwrap_or(0);
            let place = Place { at, guard: stored.guard, changed: false, open: Some(open) };
            self.places.insert(stored.body.code.to_string(), place);
            self.house.bodies.push(Loaded { body: stored.body, open });
        }
        Ok(())
    }

    /// Only rows met again are compared with what is sealed.
    async fn load_contents(&mut self, tx: &mut Tx, met_again: Vec<String>) -> Result<(), StoreError> {
        let mut ids = met_again;
        ids.sort();
        ids.dedup();
        for stored in log::of_aggregates(&mut *tx, &ids).await? {
            let id = parse(&stored.aggregate_id)?;
            if let Some(key) = self.keys.get(&id).filter(|_| !stored.sealed.is_empty())
                && let Event::Dispute(event) = decode(&stored)?
            {
                let sealed = unsealed(key, &stored.aggregate_id, stored.version, &stored.sealed)?;
                self.note_row(&event, &sealed);
            }
        }
        Ok(())
    }
}

fn add(disputes: &mut BTreeMap<DisputeId, Entry>, found: Vec<StoredDispute>) -> Result<(), StoreError> {
    for StoredDispute { id, guard, dispute } in found {
        let entry = || Entry { guard, before: Some(dispute.clone()), dispute, written: false };
        disputes.entry(parse(&id)?).or_insert_with(entry);
    }
    Ok(())
}

/// What the disputes are linked into, and what else is linked into that. One level only, so two rounds find all; without links there
/// is no statement.
async fn add_groups(disputes: &mut BTreeMap<DisputeId, Entry>, tx: &mut Tx) -> Result<(), StoreError> {
    for _ in 0..2 {
        let named = disputes.values().flat_map(|entry| entry.dispute.linked.iter().chain(&entry.dispute.linked_into));
        let missing: BTreeSet<String> = named.filter(|id| !disputes.contains_key(*id)).map(ToString::to_string).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = missing.into_iter().collect();
        add(disputes, store::by_ids(&mut *tx, &missing).await?)?;
    }
    Ok(())
}

fn parse(id: &str) -> Result<DisputeId, StoreError> {
    id.parse().map_err(|_| StoreError::Inconsistent { table: "dispute", column: "id", key: id.to_owned() })
}
