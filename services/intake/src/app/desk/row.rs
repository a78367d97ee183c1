//! Rows of ledgers on the desk.

use super::{Desk, Pending};
use crate::{
    app::request::{ImportOutcome, Request},
    domain::{self, Event, Petition, Row, Verdict},
};
use fengqiao_store::{RequestRecord, StoreError};

impl Desk<'_> {
    /// Whether an import's request id was not used for anything else. The same batch again is let through: its rows are known by
    /// their keys, and say so.
    pub(in crate::app) fn first_use(&mut self, request: &Request) -> bool {
        let request_id = request.request_id.to_string();
        if let Some(record) = self.requests.get(&request_id) {
            return record.fingerprint == request.fingerprint;
        }
        let record = RequestRecord {
            request_id: request_id.clone(),
            fingerprint: request.fingerprint.clone(),
            aggregate_id: String::new(),
            version: 0,
            recorded_at: self.now,
        };
        self.requests.insert(request_id, record.clone());
        self.new_requests.push(record);
        true
    }

    pub(in crate::app) fn row(
        &mut self,
        request: &Request,
        ledger: &fengqiao_model::Token,
        columns: &[domain::Field],
        row: &Row,
        outcome: &mut ImportOutcome,
    ) -> Result<(), StoreError> {
        let key = (ledger.to_string(), row.external_ref.to_string());
        let (id, event, sealed) = match self.by_reference.get(&key) {
            Some(id) => {
                let recorded = &self.petitions[id].petition;
                let content = self.contents.get(id).cloned().unwrap_or_default();
                let content = (!recorded.erased).then_some(content);
                match domain::compare(row, columns, recorded, content.as_ref(), &self.context(request)) {
                    Err(refusal) => {
                        outcome.refused.push(refusal);
                        return Ok(());
                    }
                    Ok(Verdict::Already) => {
                        outcome.already += 1;
                        return Ok(());
                    }
                    Ok(Verdict::Advanced { petition, sealed }) => {
                        outcome.advanced += 1;
                        (id.clone(), Event::Advanced(petition), sealed)
                    }
                }
            }
            None => match domain::import(row, ledger, &self.context(request)) {
                Err(refusal) => {
                    outcome.refused.push(refusal);
                    return Ok(());
                }
                Ok((petition, sealed)) => {
                    outcome.imported += 1;
                    let id = fengqiao_model::PetitionId::from_bytes(self.book.ids.mint(&self.book.clock)).to_string();
                    (id, Event::Imported(Box::new(petition)), (!sealed.is_empty()).then_some(sealed))
                }
            },
        };
        let before = self.petitions.get(&id).map(|entry| entry.petition.clone());
        let Some(after) = Petition::apply(before, &event, &request.caller.id, Some(request.request_id)) else {
            return Err(StoreError::Misuse("an imported event does not apply"));
        };
        if let Some(sealed) = &sealed {
            let content = self.contents.entry(id.clone()).or_default();
            content.merge(sealed.clone());
            let content = content.clone();
            self.mark(&id, &after, &content);
        }
        self.by_reference.insert(key, id.clone());
        self.note(&id, &after);
        let (version, actor, unit) = (after.version, request.caller.id.clone(), request.caller.unit.clone());
        self.units.hear(&event, unit.as_str(), &actor, request.request_id);
        self.pending.push(Pending { id, version, event, sealed, actor, unit, request_id: Some(request.request_id) });
        Ok(())
    }
}
