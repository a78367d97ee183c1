//! The read side: one dispute with its history and sealed part; a dispute or a body as it was at a version.

use super::{request::Changed, sealing::unsealed, similar::SimilarityKey};
use crate::{
    domain::{Body, Decision, Dispute, DisputeEvent, Event, SealedContent},
    store,
};
use fengqiao_model::{CaseId, RequestId};
use fengqiao_store::{DataKey, Db, Event as Stored, MasterKey, StoreError, data_key, log};
use std::sync::Arc;

/// Reads disputes and bodies.
#[derive(Clone)]
pub struct Reading {
    /// The book.
    pub db: Db,
    /// Opens the data keys.
    pub master: Arc<MasterKey>,
    /// Compares parties.
    pub similarity: Arc<SimilarityKey>,
}

/// A dispute with everything a reader with the right to it may see.
pub struct Shown {
    /// Its id.
    pub id: String,
    /// As it stands.
    pub dispute: Dispute,
    /// Its sealed part; empty when erased.
    pub content: SealedContent,
    /// Its events.
    pub history: Vec<Step>,
}

/// One step of a dispute's history.
pub struct Step {
    /// The event as stored.
    pub stored: Stored,
    /// What it says.
    pub event: DisputeEvent,
    /// The free text of the step.
    pub text: String,
}

impl Shown {
    /// The last routing decision about a case.
    pub fn routing(&self, case: CaseId) -> Option<&Decision> {
        // An event that ends one case and opens the next carries the decision about the next.
        let about = |event: &DisputeEvent| match event.cases.as_slice() {
            [only] => only.id == case,
            cases => cases.iter().any(|changed| changed.id == case && changed.ended_on.is_none()),
        };
        self.history.iter().rev().find(|step| step.event.routing.is_some() && about(&step.event))?.event.routing.as_ref()
    }
}

impl Reading {
    /// One dispute as it stands.
    pub async fn show(&self, id: &str) -> Result<Option<Shown>, StoreError> {
        let Some(stored) = store::by_ids(&self.db, &[id.to_owned()]).await?.pop() else { return Ok(None) };
        let key = self.key(id).await?;
        let mut content = SealedContent::default();
        let mut history = Vec::new();
        for event in log::of_aggregate(&self.db, id, 0).await? {
            let sealed = match &key {
                Some(key) => unsealed(key, id, event.version, &event.sealed)?,
                None => SealedContent::default(),
            };
            let text = sealed.text.as_str().to_owned();
            content.merge(sealed);
            let Event::Dispute(decoded) = decode(&event)? else { return Err(broken(&event)) };
            history.push(Step { stored: event, event: *decoded, text });
        }
        Ok(Some(Shown { id: stored.id, dispute: stored.dispute, content, history }))
    }

    /// What is sealed in a dispute, as it stands; nothing when it was erased.
    pub async fn content(&self, id: &str) -> Result<SealedContent, StoreError> {
        let mut content = SealedContent::default();
        let Some(key) = self.key(id).await? else { return Ok(content) };
        for event in log::of_aggregate(&self.db, id, 0).await? {
            content.merge(unsealed(&key, id, event.version, &event.sealed)?);
        }
        Ok(content)
    }

    /// What a request made of a dispute, folded from the log up to its version: how a repeated request gets its first answer again.
    pub async fn dispute_as_of(&self, id: &str, version: i64, request: RequestId) -> Result<Option<Changed>, StoreError> {
        let (mut dispute, mut made) = (None, Vec::new());
        let events = log::of_aggregate(&self.db, id, 0).await?;
        for stored in events.iter().take_while(|stored| stored.version <= version) {
            if stored.request_id == request.to_string()
                && let Event::Dispute(event) = decode(stored)?
            {
                made.push(event);
            }
            dispute = Some(fold_dispute(dispute, stored)?);
        }
        Ok(dispute.map(|dispute| Changed::of(id, dispute, made.iter().map(|event| &**event))))
    }

    /// A body as it was at a version, with the cases it has open now.
    pub async fn body_as_of(&self, aggregate: &str, version: i64) -> Result<Option<store::StoredBody>, StoreError> {
        let mut body = None;
        for stored in log::of_aggregate(&self.db, aggregate, 0).await?.iter().take_while(|stored| stored.version <= version) {
            body = Some(fold_body(body, stored)?);
        }
        let Some(body) = body else { return Ok(None) };
        let now = store::bodies_by_codes(&self.db, &[body.code.to_string()]).await?.pop();
        Ok(now.map(|now| store::StoredBody { body, ..now }))
    }

    async fn key(&self, id: &str) -> Result<Option<DataKey>, StoreError> {
        match data_key::load(&self.db, &[id.to_owned()]).await?.remove(id) {
            Some(wrapped) => DataKey::unwrap(&wrapped, &self.master, id).map(Some),
            None => Ok(None),
        }
    }
}

fn broken(stored: &Stored) -> StoreError {
    StoreError::Inconsistent { table: "event", column: "open", key: stored.position.to_string() }
}

/// What a stored event says.
pub fn decode(stored: &Stored) -> Result<Event, StoreError> {
    Event::decode(&stored.kind, stored.occurred_on, &stored.open).map_err(|_| broken(stored))
}

/// One step of the fold that the rows of a dispute must equal.
pub fn fold_dispute(before: Option<Dispute>, stored: &Stored) -> Result<Dispute, StoreError> {
    let Event::Dispute(event) = decode(stored)? else { return Err(broken(stored)) };
    Dispute::apply(before, &event, stored.request_id.parse().ok()).ok_or_else(|| broken(stored))
}

/// One step of the fold that the row of a body must equal.
pub fn fold_body(before: Option<Body>, stored: &Stored) -> Result<Body, StoreError> {
    let Event::Body { kind, body, .. } = decode(stored)? else { return Err(broken(stored)) };
    Body::apply(before, kind, &body, stored.request_id.parse().ok()).ok_or_else(|| broken(stored))
}
