//! The read side: one petition with its history and sealed part; a petition as it was at a version; look-up by query code.

use super::sealing::{query_code, same_code, unsealed};
use crate::{
    domain::{Event, Link, Petition, SealedContent},
    store,
};
use fengqiao_model::{Day, RequestId};
use fengqiao_statute::MatterClass;
use fengqiao_store::{DataKey, Db, Event as Stored, MasterKey, StoreError, data_key, log};
use std::sync::Arc;

/// Reads petitions.
#[derive(Clone)]
pub struct Reading {
    /// The book.
    pub db: Db,
    /// Opens the data keys.
    pub master: Arc<MasterKey>,
}

/// One step of a petition, and what of it was sealed.
pub struct Told {
    /// As stored.
    pub event: Stored,
    /// Its free text.
    pub text: String,
    /// The organ to which an allegation went.
    pub organ: String,
}

/// A petition with everything a reader with the right to it may see.
pub struct Shown {
    /// Its id.
    pub id: String,
    /// As it stands, or stood.
    pub petition: Petition,
    /// Its sealed part; empty when erased.
    pub content: SealedContent,
    /// Its steps, the oldest first.
    pub history: Vec<Told>,
    /// What mediation told about it, the oldest dispute first.
    pub links: Vec<Link>,
}

impl Reading {
    /// One petition as it stands.
    pub async fn show(&self, id: &str) -> Result<Option<Shown>, StoreError> {
        let Some((id, petition)) = store::by_ids(&self.db, &[id.to_owned()]).await?.pop() else { return Ok(None) };
        let key = self.key(&id).await?;
        let mut content = SealedContent::default();
        let mut history = Vec::new();
        for event in log::of_aggregate(&self.db, &id, 0).await? {
            let sealed = match &key {
                Some(key) => unsealed(key, &id, event.version, &event.sealed)?,
                None => SealedContent::default(),
            };
            let (text, organ) = (sealed.text.as_str().to_owned(), sealed.organ.as_str().to_owned());
            content.merge(sealed);
            history.push(Told { event, text, organ });
        }
        let links = store::links_of(&self.db, std::slice::from_ref(&id)).await?;
        Ok(Some(Shown { id, petition, content, history, links }))
    }

    /// A petition as it was at a version, folded from the log, with the query codes it was logged with: how a repeated request
    /// gets its first answer again.
    pub async fn as_of_version(&self, id: &str, version: i64) -> Result<Option<(Petition, Vec<String>)>, StoreError> {
        let mut petition = None;
        for event in log::of_aggregate(&self.db, id, 0).await?.iter().take_while(|event| event.version <= version) {
            petition = Some(fold(petition, event)?);
        }
        let Some(petition) = petition else { return Ok(None) };
        let codes = match (version, self.key(id).await?) {
            (1, Some(key)) => (0..petition.representatives).map(|representative| query_code(&key, representative, 0)).collect(),
            _ => Vec::new(),
        };
        Ok(Some((petition, codes)))
    }

    /// The petition whose number (or slip) and query code these are, and the day on which mediation of it ended. A number that does not exist, a wrong code and an item that
    /// is not to be shown take the same steps and give the same answer.
    pub async fn look_up(&self, number: &str, code: &str) -> Result<Option<(Petition, Option<Day>)>, StoreError> {
        let found = store::by_number(&self.db, number).await?;
        let id = found.as_ref().map_or(String::new(), |(id, _)| id.clone());
        let key = self.key(&id).await?;
        let links = store::links_of(&self.db, std::slice::from_ref(&id)).await?;
        let representatives = found.as_ref().map_or(1, |(_, petition)| petition.representatives);
        let shown = found.filter(|(_, petition)| petition.matter_class != MatterClass::Allegation);
        let real = key.is_some() && shown.is_some();
        let key = key.unwrap_or_else(|| DataKey::from_bytes([0; 32]));
        let mut right = false;
        for representative in 0..representatives.max(1) {
            right |= same_code(code, &query_code(&key, representative, 0));
        }
        Ok(shown.filter(|_| right && real).map(|(_, petition)| {
            let until = mediated_until(&petition, &links);
            (petition, until)
        }))
    }

    async fn key(&self, id: &str) -> Result<Option<DataKey>, StoreError> {
        match data_key::load(&self.db, &[id.to_owned()]).await?.remove(id) {
            Some(wrapped) => DataKey::unwrap(&wrapped, &self.master, id).map(Some),
            None => Ok(None),
        }
    }
}

/// The day on which mediation ended; `None` while any of it goes on or is not answered yet.
fn mediated_until(petition: &Petition, links: &[Link]) -> Option<Day> {
    let last = links.last().filter(|_| links.len() >= petition.mediation_routings as usize)?;
    if links.iter().any(|link| link.ended_on.is_none()) { None } else { last.ended_on }
}

/// One step of the fold that the state rows must equal.
pub fn fold(before: Option<Petition>, stored: &Stored) -> Result<Petition, StoreError> {
    let broken = || StoreError::Inconsistent { table: "event", column: "open", key: stored.position.to_string() };
    let event = Event::decode(&stored.kind, &stored.open).map_err(|_| broken())?;
    let actor = stored.actor.parse().map_err(|_| broken())?;
    let request: Option<RequestId> = stored.request_id.parse().ok();
    Petition::apply(before, &event, &actor, request).ok_or_else(broken)
}
