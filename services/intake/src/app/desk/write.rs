//! Writing what a batch decided: numbers, rows, keys, requests, and the log last.

use super::Desk;
use crate::{
    app::sealing::sealed,
    domain::{ADOPTED, CALENDAR, Event},
    store,
};
use fengqiao_store::{NewEvent, StoreError, Tx, data_key, log, request, series};
use std::collections::{BTreeMap, HashMap};

impl Desk<'_> {
    /// Gives the new petitions their numbers, in order, without gaps: one series per office and recorded year.
    pub(in crate::app) async fn give_numbers(&mut self, tx: &mut Tx) -> Result<HashMap<String, String>, StoreError> {
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
        Ok(numbers)
    }

    /// Writes it all, the log last, and gives the log position that includes it.
    pub(in crate::app) async fn write(mut self, tx: &mut Tx) -> Result<i64, StoreError> {
        if self.pending.is_empty() && self.adopted.is_none() {
            return Ok(log::head(&mut *tx).await?.position);
        }
        let mut events = Vec::with_capacity(self.pending.len());
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
                open: pending.event.encode(),
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
        Ok(log::append(tx, self.now, events).await?.last)
    }
}
