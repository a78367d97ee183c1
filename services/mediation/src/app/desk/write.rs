//! Writing what a batch decided: numbers, rows, keys, requests, and the log last.

use super::{Desk, Entry, Place};
use crate::{
    app::{request::Changed, sealing::sealed},
    domain::{Dispute, Event},
    store::{self, CaseColumns, Load, taken},
};
use fengqiao_model::EventId;
use fengqiao_store::{NewEvent, StoreError, Tx, data_key, log, request, series};
use std::collections::{BTreeMap, HashMap, HashSet};

impl Desk<'_> {
    /// Gives new disputes and cases their numbers, in order, without gaps: one series per unit and recorded year.
    pub(in crate::app) async fn give_numbers(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let year = i64::from(self.now.day().year());
        let mut wanted: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
        let mut numbered = HashSet::new();
        for pending in &self.pending {
            let Event::Dispute(event) = &pending.event else { continue };
            let unit = pending.asking.caller.unit.to_string();
            if pending.version == 1 && event.dispute.number.is_empty() {
                wanted.entry(("D", unit.clone())).or_default().push(pending.id.clone());
            }
            // A case may stand in several events of a batch before it has its number.
            for case in event.cases.iter().filter(|case| case.number.is_empty() && numbered.insert(case.id)) {
                wanted.entry(("C", unit.clone())).or_default().push(case.id.to_string());
            }
        }
        let mut numbers: HashMap<String, String> = HashMap::new();
        for ((letter, unit), ids) in wanted {
            let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            let first = series::take(tx, &format!("{letter} {unit}"), year, count).await?;
            for (number, id) in (first..).zip(ids) {
                numbers.insert(id, format!("{unit}-{letter}-{year}-{number:06}"));
            }
        }
        if numbers.is_empty() {
            return Ok(());
        }
        for pending in &mut self.pending {
            if let Event::Dispute(event) = &mut pending.event {
                put(&mut event.dispute.number, numbers.get(&pending.id));
                for case in &mut event.cases {
                    put(&mut case.number, numbers.get(&case.id.to_string()));
                }
            }
        }
        for (id, entry) in self.disputes.iter_mut().filter(|(_, entry)| entry.written) {
            put(&mut entry.dispute.number, numbers.get(&id.to_string()));
            for case in &mut entry.dispute.cases {
                put(&mut case.number, numbers.get(&case.id.to_string()));
            }
        }
        Ok(())
    }

    /// Puts the numbers into what a request made.
    pub(in crate::app) fn number(&self, changed: &mut Changed) {
        let Some(now) = changed.id.parse().ok().and_then(|id| self.known(id)) else { return };
        put(&mut changed.dispute.number, Some(&now.number));
        for case in &mut changed.dispute.cases {
            put(&mut case.number, now.case(case.id).map(|case| &case.number));
        }
    }

    /// Writes it all, the log last, and gives the log position that includes it.
    pub(in crate::app) async fn write(mut self, tx: &mut Tx) -> Result<i64, StoreError> {
        request::insert(tx, &self.sorted_requests()).await?;
        if self.pending.is_empty() {
            return Ok(log::head(&mut *tx).await?.position);
        }
        let events = self.events()?;
        self.write_rows(tx).await?;
        let (ids, wrapped): (Vec<_>, Vec<_>) =
            self.new_keys.iter().map(|(id, key)| (id.to_string(), key.wrap(&self.book.master, &id.to_string()))).unzip();
        data_key::insert(tx, &ids, &wrapped).await?;
        for id in &self.destroyed {
            data_key::destroy(tx, &id.to_string()).await?;
        }
        Ok(log::append(tx, self.now, events).await?.last)
    }

    fn sorted_requests(&mut self) -> Vec<fengqiao_store::RequestRecord> {
        let mut requests = std::mem::take(&mut self.new_requests);
        requests.sort_by(|a, b| a.request_id.cmp(&b.request_id));
        requests
    }

    fn events(&mut self) -> Result<Vec<NewEvent>, StoreError> {
        let mut events = Vec::with_capacity(self.pending.len());
        for pending in std::mem::take(&mut self.pending) {
            let sealed_bytes = match &pending.sealed {
                Some(content) => {
                    let id = pending.id.parse().map_err(|_| StoreError::Misuse("only disputes have a sealed part"))?;
                    sealed(&self.key(id), &pending.id, pending.version, content)
                }
                None => Vec::new(),
            };
            events.push(NewEvent {
                event_id: EventId::from_bytes(self.book.ids.mint(&self.book.clock)).to_string(),
                aggregate_id: pending.id,
                version: pending.version,
                kind: pending.event.kind(),
                occurred_on: pending.event.occurred_on(),
                known_on: pending.event.vouched_on(),
                actor: pending.asking.caller.id.to_string(),
                request_id: pending.asking.request_id.to_string(),
                open: pending.event.encode(),
                sealed: sealed_bytes,
            });
        }
        Ok(events)
    }

    async fn write_rows<'b>(&'b self, tx: &mut Tx) -> Result<(), StoreError> {
        let written: Vec<_> =
            self.disputes.iter().filter(|(_, entry)| entry.written).map(|(id, e)| (id.to_string(), e)).collect();
        let rows: Vec<_> = written.iter().map(|(id, entry)| (id.as_str(), entry.guard, &entry.dispute)).collect();
        store::save_disputes(tx, &rows).await?;
        let mut cases = Vec::new();
        for (id, entry) in &written {
            cases.extend(new_columns(id, entry.before.as_ref(), &entry.dispute));
        }
        cases.sort_by(|a, b| a.id.cmp(&b.id));
        store::save_cases(tx, &cases).await?;
        self.write_similarity(tx).await?;
        self.write_bookings(tx, &written).await?;

        let changed: Vec<_> = self.places.values().filter(|place| place.changed).collect();
        let bodies: Vec<_> = changed.iter().map(|place| &self.house.bodies[place.at].body).collect();
        store::save_bodies(tx, &bodies).await?;
        let load = |(code, place): (&'b String, &Place)| -> Option<Load<'b>> {
            let loaded = &self.house.bodies[place.at];
            let (open, prior) = (i64::from(loaded.open), i64::from(place.open.unwrap_or(0)));
            // Only where there is a limit did anybody decide by the number.
            let exact = loaded.body.capacity > 0;
            let written = place.changed || open != prior;
            written.then_some(Load { code, prior, open, guard: place.guard, changed: place.changed, exact })
        };
        let loads: Vec<_> = self.places.iter().filter_map(load).collect();
        store::save_loads(tx, &loads).await
    }

    /// Where the planned sessions of a dispute moved.
    async fn write_bookings(&self, tx: &mut Tx, written: &[(String, &Entry)]) -> Result<(), StoreError> {
        let (mut moved, mut bookings) = (Vec::new(), Vec::new());
        for (id, entry) in written {
            let now = taken(id, &entry.dispute);
            if entry.before.as_ref().map(|before| taken(id, before)).unwrap_or_default() != now {
                moved.push(id.as_str());
                bookings.extend(now);
            }
        }
        bookings.sort_by(|a, b| (&a.resource, a.slot).cmp(&(&b.resource, b.slot)));
        store::save_bookings(tx, &moved, &bookings).await
    }

    async fn write_similarity(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for (id, hashes) in &self.hashes {
            let id_text = id.to_string();
            if self.disputes.get(id).is_some_and(|entry| entry.before.is_some()) {
                store::forget_similar(tx, &id_text).await?;
            }
            rows.extend(hashes.iter().map(|hash| (hash.clone(), id_text.clone())));
        }
        rows.sort();
        store::save_similar(tx, &rows).await
    }
}

/// The rows of a dispute's cases that say something else than before.
fn new_columns(id: &str, before: Option<&Dispute>, now: &Dispute) -> Vec<CaseColumns> {
    let columns = now.cases.iter().map(|case| {
        let was = before.and_then(|before| Some(CaseColumns::of(id, before, before.case(case.id)?)));
        (was, CaseColumns::of(id, now, case))
    });
    columns.filter(|(was, is)| was.as_ref() != Some(is)).map(|(_, is)| is).collect()
}

/// Fills an empty number.
fn put(number: &mut String, given: Option<&String>) {
    if let Some(given) = given.filter(|_| number.is_empty()) {
        number.clone_from(given);
    }
}
