//! Writing what a batch decided: numbers, rows, keys, requests, and the log last.

use super::Desk;
use crate::{
    app::sealing::sealed,
    domain::{ADOPTED, CALENDAR, DeskDispute, Event},
    store,
};
use fengqiao_model::DisputeId;
use fengqiao_store::{NewEvent, StoreError, Tx, data_key, log, request, series};
use std::collections::{BTreeMap, HashMap};

/// The numbers that a batch gave.
pub(in crate::app) struct Numbers {
    /// Of new petitions, by id.
    pub petitions: HashMap<String, String>,
    /// Of disputes opened at the desk.
    pub disputes: HashMap<DisputeId, String>,
}

impl Desk<'_> {
    /// Gives the new petitions their numbers, in order, without gaps: one series per office and recorded year; and the disputes that are
    /// opened at the desk theirs, from a series of the same kind that mediation takes none from.
    pub(in crate::app) async fn give_numbers(&mut self, tx: &mut Tx) -> Result<Numbers, StoreError> {
        let year = i64::from(self.now.day().year());
        let mut new: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pending in &self.pending {
            if let Event::Registered(petition) | Event::Imported(petition) = &pending.event {
                new.entry(petition.unit.to_string()).or_default().push(pending.id.clone());
            }
        }
        let mut numbers = HashMap::new();
        for (unit, ids) in new {
            let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let first = series::take(tx, &format!("petition {unit}"), year, count).await?;
            for (number, id) in (first..).zip(ids) {
                numbers.insert(id, format!("{unit}-{year}-{number:06}"));
            }
        }
        for pending in &mut self.pending {
            let Some(number) = numbers.get(&pending.id) else { continue };
            match &mut pending.event {
                Event::Registered(petition) | Event::Imported(petition) | Event::Advanced(petition) => {
                    petition.number.clone_from(number);
                }
                // What follows in the same batch was decided before there was a number.
                Event::Stepped(step) => step.petition.number.clone_from(number),
                Event::RoutedToMediation(routed) => routed.number.clone_from(number),
                _ => {}
            }
        }
        for (id, number) in &numbers {
            if let Some(entry) = self.petitions.get_mut(id) {
                entry.petition.number.clone_from(number);
            }
        }
        let disputes = self.give_dispute_numbers(tx).await?;
        Ok(Numbers { petitions: numbers, disputes })
    }

    async fn give_dispute_numbers(&mut self, tx: &mut Tx) -> Result<HashMap<DisputeId, String>, StoreError> {
        let year = i64::from(self.now.day().year());
        let mut new: BTreeMap<String, Vec<&mut DeskDispute>> = BTreeMap::new();
        for pending in &mut self.pending {
            if let Event::RoutedToMediation(routed) = &mut pending.event
                && let Some(dispute) = &mut routed.dispute
            {
                new.entry(routed.unit.to_string()).or_default().push(dispute);
            }
        }
        let mut numbers = HashMap::new();
        for (unit, disputes) in new {
            let count = i64::try_from(disputes.len()).unwrap_or(i64::MAX);
            let first = series::take(tx, &format!("mediation {unit}"), year, count).await?;
            for (number, dispute) in (first..).zip(disputes) {
                dispute.number = format!("{unit}-M-{year}-{number:06}");
                numbers.insert(dispute.dispute, dispute.number.clone());
            }
        }
        Ok(numbers)
    }

    /// Writes it all, the log last, and gives the log position that includes it.
    pub(in crate::app) async fn write(mut self, tx: &mut Tx) -> Result<i64, StoreError> {
        if self.pending.is_empty() && self.units.is_idle() && self.adopted.is_none() {
            return Ok(log::head(&mut *tx).await?.position);
        }
        // What names a unit stands behind it.
        self.units.register_named(tx, self.book, self.now.day()).await?;
        let mut events = self.units.write(tx, self.book).await?;
        for pending in std::mem::take(&mut self.pending) {
            let sealed_bytes = match &pending.sealed {
                Some(content) => sealed(&self.key(&pending.id), &pending.id, pending.version, content),
                None => Vec::new(),
            };
            events.push(NewEvent {
                event_id: fengqiao_model::EventId::from_bytes(self.book.ids.mint(&self.book.clock)).to_string(),
                aggregate_id: pending.id,
                version: pending.version,
                kind: pending.event.kind(),
                occurred_on: pending.event.occurred_on(),
                known_on: pending.event.vouched_on(),
                actor: pending.actor.to_string(),
                request_id: pending.request_id.map(|id| id.to_string()).unwrap_or_default(),
                open: pending.event.encode(pending.unit.as_str()),
                sealed: sealed_bytes,
            });
        }
        if let Some(adoption) = self.adopted.take() {
            store::save_notices(tx, &adoption.notices).await?;
            events.push(NewEvent {
                event_id: fengqiao_model::EventId::from_bytes(self.book.ids.mint(&self.book.clock)).to_string(),
                aggregate_id: CALENDAR.to_owned(),
                version: adoption.notices.version,
                kind: ADOPTED,
                occurred_on: adoption.event.on,
                known_on: None,
                actor: adoption.actor.to_string(),
                request_id: adoption.request_id.to_string(),
                open: adoption.event.encode(),
                sealed: Vec::new(),
            });
        }
        let changed = self.petitions.iter().filter(|(_, entry)| entry.changed);
        let rows: Vec<_> = changed.map(|(id, entry)| (id.clone(), entry.prior, &entry.petition)).collect();
        store::save(tx, &rows).await?;
        let (ids, wrapped): (Vec<_>, Vec<_>) =
            self.new_keys.iter().map(|(id, key)| (id.clone(), key.wrap(&self.book.master, id))).unzip();
        data_key::insert(tx, &ids, &wrapped).await?;
        for id in &self.destroyed {
            data_key::destroy(tx, id).await?;
        }
        self.new_requests.sort_by(|a, b| a.request_id.cmp(&b.request_id));
        request::insert(tx, &self.new_requests).await?;
        let last = log::append(tx, self.now, events).await?.last;
        self.units.confirm(tx).await?;
        Ok(last)
    }
}
