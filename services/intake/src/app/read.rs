//! The read side: one petition with its history and sealed part; a petition as it was at a version.

use super::{
    marks::Marker,
    sealing::{query_codes, unsealed},
};
use crate::{
    domain::{DeskDispute, Event, Link, Petition, SealedContent, reissued},
    store,
};
use fengqiao_model::RequestId;
use fengqiao_store::{DataKey, Db, Event as Stored, MasterKey, StoreError, data_key, log};
use std::sync::Arc;

/// Reads petitions.
#[derive(Clone)]
pub struct Reading {
    /// The book.
    pub db: Db,
    /// Opens the data keys.
    pub master: Arc<MasterKey>,
    /// Hashes what petitions are found by.
    pub marker: Arc<Marker>,
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

/// Whose query codes a request gave.
enum Coded {
    None,
    All,
    One(u32),
}

/// A petition as a request left it, and what the request gave besides.
pub struct AsOf {
    /// The petition.
    pub petition: Petition,
    /// The query codes that the request gave.
    pub query_codes: Vec<String>,
    /// The dispute that the request opened at the desk.
    pub dispute: Option<DeskDispute>,
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

    /// A petition as it was at a version, folded from the log, with what the request that led to it gave besides: how a repeated
    /// request gets its first answer again.
    pub async fn as_of_version(&self, id: &str, version: i64) -> Result<Option<AsOf>, StoreError> {
        let mut petition = None;
        let mut events = log::of_aggregate(&self.db, id, 0).await?;
        events.retain(|event| event.version <= version);
        let (mut coded, mut dispute) = (Coded::None, None);
        let request = events.last().map(|event| event.request_id.clone()).unwrap_or_default();
        for event in &events {
            let decoded = decode(event)?;
            if event.request_id == request {
                match (&decoded, reissued(&decoded)) {
                    (Event::Registered(_), _) => coded = Coded::All,
                    (_, Some(representative)) => coded = Coded::One(representative),
                    _ => {}
                }
                if let Event::RoutedToMediation(routed) = &decoded {
                    dispute.clone_from(&routed.dispute);
                }
            }
            petition = Some(apply(petition, &decoded, event)?);
        }
        let Some(petition) = petition else { return Ok(None) };
        let query_codes = match (coded, self.key(id).await?) {
            (Coded::All, Some(key)) => query_codes(&key, &petition, 0..petition.representatives),
            (Coded::One(representative), Some(key)) => query_codes(&key, &petition, representative..representative + 1),
            _ => Vec::new(),
        };
        Ok(Some(AsOf { petition, query_codes, dispute }))
    }

    async fn key(&self, id: &str) -> Result<Option<DataKey>, StoreError> {
        match data_key::load(&self.db, &[id.to_owned()]).await?.remove(id) {
            Some(wrapped) => DataKey::unwrap(&wrapped, &self.master, id).map(Some),
            None => Ok(None),
        }
    }
}

/// One step of the fold that the state rows must equal.
pub fn fold(before: Option<Petition>, stored: &Stored) -> Result<Petition, StoreError> {
    apply(before, &decode(stored)?, stored)
}

fn decode(stored: &Stored) -> Result<Event, StoreError> {
    Event::decode(&stored.kind, &stored.open).map_err(|_| broken(stored))
}

fn apply(before: Option<Petition>, event: &Event, stored: &Stored) -> Result<Petition, StoreError> {
    let actor = stored.actor.parse().map_err(|_| broken(stored))?;
    let request: Option<RequestId> = stored.request_id.parse().ok();
    Petition::apply(before, event, &actor, request).ok_or_else(|| broken(stored))
}

fn broken(stored: &Stored) -> StoreError {
    StoreError::Inconsistent { table: "event", column: "open", key: stored.position.to_string() }
}
