//! What a batch needs, read before it is decided on: petitions, requests, keys, what is sealed of some.

use super::{Desk, Entry};
use crate::{
    app::{
        batch::Book,
        desk::unit::Units,
        request::{Request, Work},
        sealing::unsealed,
    },
    domain::{Command, Law, Link, SealedContent},
    store,
};
use fengqiao_model::Instant;
use fengqiao_store::{DataKey, StoreError, Tx, data_key, log, request};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The most items that move to another unit in one transaction.
const MOVES: i64 = 500;

impl<'a> Desk<'a> {
    pub(in crate::app) async fn load(
        book: &'a Book,
        law: Arc<Law>,
        tx: &mut Tx,
        batch: &[Request],
        now: Instant,
    ) -> Result<Self, StoreError> {
        let (mut request_ids, mut ids, mut slips) = (Vec::new(), Vec::new(), Vec::new());
        let (mut ledgers, mut references, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        let mut routed: Vec<String> = Vec::new();
        let mut firsts: Vec<String> = Vec::new();
        for request in batch {
            match &request.work {
                Work::Petition { id, command, .. } => {
                    request_ids.push(request.request_id.to_string());
                    ids.push(id.to_string());
                    if matches!(**command, Command::RouteToMediation(_)) {
                        routed.push(id.to_string());
                    }
                    match &**command {
                        Command::LinkRepeat { first, .. } => {
                            firsts.extend([first.to_string(), id.to_string()]);
                        }
                        Command::Void { .. } => firsts.push(id.to_string()),
                        _ => {}
                    }
                    if let Command::Log(new) = &**command {
                        if !new.slip.is_empty() {
                            slips.push(new.slip.clone());
                        }
                        foreign.extend(new.foreign_numbers.iter().cloned());
                        if let Some(reference) = &new.external_ref {
                            ledgers.push(new.ledger.as_ref().unwrap_or(&request.caller.unit).to_string());
                            references.push(reference.to_string());
                        }
                    }
                }
                Work::Adopt { .. } => request_ids.push(request.request_id.to_string()),
                Work::Sweep { ids: some } | Work::Restate { ids: some } => ids.extend(some.iter().cloned()),
                Work::Import { ledger, rows, .. } => {
                    request_ids.push(request.request_id.to_string());
                    ledgers.extend(rows.iter().map(|_| ledger.to_string()));
                    references.extend(rows.iter().map(|row| row.external_ref.to_string()));
                }
                Work::MoveItems { code } => ids.extend(store::open_item_ids(tx, code, MOVES).await?),
                Work::Unit { .. } | Work::UnitRows { .. } => request_ids.push(request.request_id.to_string()),
            }
        }
        let requests = request::find(&mut *tx, &request_ids).await?;
        ids.extend(firsts.iter().cloned());
        let mut stored = store::by_ids(&mut *tx, &ids).await?;
        // Who names a repeat means the first one of its matter.
        let of_named = stored.iter().filter(|(id, petition)| firsts.contains(id) && petition.is_repeat());
        let of_named: Vec<String> = of_named.map(|(_, petition)| petition.repeat_of.clone()).collect();
        stored.extend(store::by_ids(&mut *tx, &of_named).await?);
        let repeats = store::repeats_of(&mut *tx, &firsts).await?.into_iter().collect();
        let referenced = store::by_references(&mut *tx, &ledgers, &references).await?;
        let slips = store::by_slips(&mut *tx, &slips).await?.into_iter().map(|(_, petition)| petition.slip).collect();
        let met_again: Vec<String> = referenced.iter().map(|(id, _)| id.clone()).collect();
        stored.extend(referenced);

        let mut by_foreign = HashMap::new();
        for (number, stored_one) in store::by_foreign_numbers(&mut *tx, &foreign).await? {
            by_foreign.insert(number, stored_one.0.clone());
            stored.push(stored_one);
        }

        let touched: Vec<String> = stored.iter().map(|(id, _)| id.clone()).collect();
        let mut keys = HashMap::new();
        for (id, wrapped) in data_key::load(&mut *tx, &touched).await? {
            keys.insert(id.clone(), Arc::new(DataKey::unwrap(&wrapped, &book.master, &id)?));
        }
        let mut links: HashMap<String, Vec<Link>> = HashMap::new();
        for link in store::links_of(&mut *tx, &routed).await? {
            links.entry(link.petition.clone()).or_default().push(link);
        }
        // Only rows met again are compared with what is sealed, and only what goes to mediation is handed on.
        let mut contents: HashMap<String, SealedContent> =
            routed.iter().map(|id| (id.clone(), SealedContent::default())).collect();
        let unsealing: BTreeSet<String> = met_again.into_iter().chain(routed).filter(|id| keys.contains_key(id)).collect();
        let unsealing: Vec<String> = unsealing.into_iter().collect();
        for event in log::of_aggregates(&mut *tx, &unsealing).await? {
            if let Some(key) = keys.get(&event.aggregate_id).filter(|_| !event.sealed.is_empty()) {
                let later = unsealed(key, &event.aggregate_id, event.version, &event.sealed)?;
                contents.entry(event.aggregate_id).or_default().merge(later);
            }
        }
        let mut by_reference = HashMap::new();
        let mut petitions = BTreeMap::new();
        for (id, petition) in stored {
            if !petition.external_ref.is_empty() {
                by_reference.insert((petition.ledger.clone(), petition.external_ref.clone()), id.clone());
            }
            petitions.insert(id, Entry { prior: petition.version, petition, changed: false });
        }
        Ok(Self {
            book,
            law,
            now,
            petitions,
            by_reference,
            slips,
            requests,
            new_requests: Vec::new(),
            keys,
            new_keys: BTreeMap::new(),
            destroyed: Vec::new(),
            contents,
            links,
            by_foreign,
            new_foreign: BTreeMap::new(),
            repeats,
            new_repeats: BTreeMap::new(),
            freed: Vec::new(),
            marks: BTreeMap::new(),
            pending: Vec::new(),
            adopted: None,
            units: Units::load(tx, batch).await?,
        })
    }
}
