//! What one batch touches: loaded once, then decided on in order, so that a later request sees an earlier one.

mod time;
mod unit;
mod write;

pub use unit::KnownUnits;
use unit::Units;

use super::{
    batch::Book,
    request::{ImportOutcome, Outcome, Request, Work},
    sealing::{query_codes, unsealed},
};
use crate::{
    domain::{
        self, Adopted, Command, Context, DeskDispute, Event, Expected, Law, Link, Petition, Rejection, Row, SealedContent,
        Verdict,
    },
    store,
};
use fengqiao_model::{ActorId, CaseId, DisputeId, Instant, RequestId, Token};
use fengqiao_store::{DataKey, RequestRecord, StoreError, Tx, data_key, log, request};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// The most items that move to another unit in one transaction.
const MOVES: i64 = 500;

/// A petition on the desk: as it stands, and the version it was loaded with.
struct Entry {
    prior: i64,
    petition: Petition,
    changed: bool,
}

/// An event that waits to be written.
struct Pending {
    id: String,
    version: i64,
    event: Event,
    sealed: Option<SealedContent>,
    actor: ActorId,
    /// The unit that took the step.
    unit: Token,
    /// Empty for what passing time did: nobody asked for it.
    request_id: Option<RequestId>,
}

/// Everything one batch touches.
pub(super) struct Desk<'a> {
    book: &'a Book,
    law: Arc<Law>,
    now: Instant,
    petitions: BTreeMap<String, Entry>,
    by_reference: HashMap<(String, String), String>,
    slips: HashSet<String>,
    requests: HashMap<String, RequestRecord>,
    new_requests: Vec<RequestRecord>,
    keys: HashMap<String, Arc<DataKey>>,
    new_keys: BTreeMap<String, Arc<DataKey>>,
    destroyed: Vec<String>,
    /// What is sealed, of those petitions whose rows are compared or that are handed to mediation.
    contents: HashMap<String, SealedContent>,
    /// What mediation told, of those that are handed to it.
    links: HashMap<String, Vec<Link>>,
    pending: Vec<Pending>,
    units: Units,
    /// A notice that was taken over.
    adopted: Option<Adoption>,
}

/// A notice that waits to be written.
struct Adoption {
    event: Adopted,
    notices: domain::Notices,
    actor: ActorId,
    request_id: RequestId,
}

impl<'a> Desk<'a> {
    pub(super) async fn load(
        book: &'a Book,
        law: Arc<Law>,
        tx: &mut Tx,
        batch: &[Request],
        now: Instant,
    ) -> Result<Self, StoreError> {
        let (mut request_ids, mut ids, mut slips) = (Vec::new(), Vec::new(), Vec::new());
        let (mut ledgers, mut references) = (Vec::new(), Vec::new());
        let mut routed: Vec<String> = Vec::new();
        for request in batch {
            match &request.work {
                Work::Petition { id, command, .. } => {
                    request_ids.push(request.request_id.to_string());
                    ids.push(id.to_string());
                    if matches!(**command, Command::RouteToMediation(_)) {
                        routed.push(id.to_string());
                    }
                    if let Command::Log(new) = &**command {
                        if !new.slip.is_empty() {
                            slips.push(new.slip.clone());
                        }
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
        let mut stored = store::by_ids(&mut *tx, &ids).await?;
        let referenced = store::by_references(&mut *tx, &ledgers, &references).await?;
        let slips = store::by_slips(&mut *tx, &slips).await?.into_iter().map(|(_, petition)| petition.slip).collect();
        let met_again: Vec<String> = referenced.iter().map(|(id, _)| id.clone()).collect();
        stored.extend(referenced);

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
            pending: Vec::new(),
            adopted: None,
            units: Units::load(tx, batch).await?,
        })
    }

    fn context<'b>(&'b self, request: &'b Request) -> Context<'b> {
        Context::new(&request.caller, self.now.day(), &self.law, self.book.days_back)
    }

    pub(super) async fn petition(
        &mut self,
        tx: &mut Tx,
        request: &Request,
        id: &str,
        expected: Option<&Expected>,
        command: &Command,
    ) -> Result<Result<Outcome, Rejection>, StoreError> {
        let request_id = request.request_id.to_string();
        if let Some(record) = self.requests.get(&request_id) {
            return Ok(if record.fingerprint == request.fingerprint {
                Ok(Outcome::Before { id: record.aggregate_id.clone(), version: record.version })
            } else {
                Err(Rejection::RequestReused)
            });
        }
        let before = self.petitions.get(id).map(|entry| entry.petition.clone());
        // Before all else: an etag of another division's petition must not tell that it is there, nor who changed it.
        if expected.is_some() && before.as_ref().is_some_and(|petition| !self.context(request).may_touch(petition)) {
            return Ok(Err(Rejection::PetitionNotFound));
        }
        if let Some(rejection) = self.unexpected(tx, id, before.as_ref(), expected).await? {
            return Ok(Err(rejection));
        }
        if let Some(rejection) = self.taken(request, command) {
            return Ok(Err(rejection));
        }
        let links = self.links.get(id).map_or(&[][..], Vec::as_slice);
        let context = self.context(request).with(self.contents.get(id), links).among(self.units.directory());
        let (change, routed) = match domain::decide_at_desk(before.as_ref(), command, &context) {
            Ok(changes) => changes,
            Err(rejection) => return Ok(Err(rejection)),
        };
        if change.sealed.is_some() && before.as_ref().is_some_and(|petition| petition.erased) {
            return Ok(Err(Rejection::PartiesErased));
        }
        let Some(after) = Petition::apply(before, &change.event, &request.caller.id, Some(request.request_id)) else {
            return Err(StoreError::Misuse("a decided event does not apply"));
        };
        if matches!(change.event, Event::PartiesErased { .. }) {
            // What this batch still has to seal is sealed under the key, which then is nowhere.
            self.new_keys.remove(id);
            self.destroyed.push(id.to_owned());
        }
        let coded = match (&change.event, domain::reissued(&change.event)) {
            (Event::Registered(_), _) => 0..after.representatives,
            (_, Some(representative)) => representative..representative + 1,
            _ => 0..0,
        };
        let query_codes = if coded.is_empty() { Vec::new() } else { query_codes(&self.key(id), &after, coded) };
        let mut second = None;
        let first = (after.version, change);
        let (after, dispute) = match routed {
            None => (after, None),
            Some(mut routed) => {
                let dispute = self.open_at_desk(&mut routed.event);
                let Some(after) = Petition::apply(Some(after), &routed.event, &request.caller.id, Some(request.request_id))
                else {
                    return Err(StoreError::Misuse("a decided event does not apply"));
                };
                second = Some((after.version, routed));
                (after, dispute)
            }
        };
        self.note(id, &after);
        if let (Some(content), Some(later)) = (self.contents.get_mut(id), &first.1.sealed) {
            content.merge(later.clone());
        }
        for (version, change) in [Some(first), second].into_iter().flatten() {
            self.units.hear(&change.event, request.caller.unit.as_str(), &request.caller.id, request.request_id);
            self.pending.push(Pending {
                id: id.to_owned(),
                version,
                event: change.event,
                sealed: change.sealed,
                actor: request.caller.id.clone(),
                unit: request.caller.unit.clone(),
                request_id: Some(request.request_id),
            });
        }
        let record = RequestRecord {
            request_id: request_id.clone(),
            fingerprint: request.fingerprint.clone(),
            aggregate_id: id.to_owned(),
            version: after.version,
            recorded_at: self.now,
        };
        self.requests.insert(request_id, record.clone());
        self.new_requests.push(record);
        Ok(Ok(Outcome::Made { id: id.to_owned(), petition: Box::new(after), query_codes, dispute }))
    }

    /// Mints the ids of the dispute that mediation opens for a petition routed at the desk that registers it.
    fn open_at_desk(&self, event: &mut Event) -> Option<DeskDispute> {
        let Event::RoutedToMediation(routed) = event else { return None };
        routed.dispute = Some(DeskDispute {
            dispute: DisputeId::from_bytes(self.book.ids.mint(&self.book.clock)),
            case: CaseId::from_bytes(self.book.ids.mint(&self.book.clock)),
            number: String::new(),
        });
        routed.dispute.clone()
    }

    /// Whether the petition is not the one the caller saw.
    async fn unexpected(
        &self,
        tx: &mut Tx,
        id: &str,
        petition: Option<&Petition>,
        expected: Option<&Expected>,
    ) -> Result<Option<Rejection>, StoreError> {
        let (Some(petition), Some(expected)) = (petition, expected) else { return Ok(None) };
        match expected {
            Expected::Version(version) if *version == petition.version => Ok(None),
            Expected::Version(version) => {
                let mut changes: Vec<String> = log::of_aggregate(&mut *tx, id, *version)
                    .await?
                    .iter()
                    .map(|event| format!("{} by {}", event.kind, event.actor))
                    .collect();
                let now = self.pending.iter().filter(|pending| pending.id == id);
                changes.extend(now.map(|pending| format!("{} by {}", pending.event.kind(), pending.actor)));
                Ok(Some(Rejection::EtagStale { etag: petition.version.to_string(), changes: changes.join(", ") }))
            }
            Expected::After(request) if petition.last_request == Some(*request) => Ok(None),
            Expected::After(request) => Ok(Some(Rejection::NotAfterRequest { after: *request })),
        }
    }

    /// Whether a new petition's slip or reference belongs to another one.
    fn taken(&self, request: &Request, command: &Command) -> Option<Rejection> {
        let Command::Log(new) = command else { return None };
        if self.slips.contains(&new.slip) {
            return Some(Rejection::SlipExists);
        }
        let ledger = new.ledger.as_ref().unwrap_or(&request.caller.unit).to_string();
        let reference = new.external_ref.as_ref()?.to_string();
        self.by_reference.contains_key(&(ledger, reference)).then_some(Rejection::ExternalRefExists)
    }

    /// Whether an import's request id was not used for anything else. The same batch again is let through: its rows are known by
    /// their keys, and say so.
    pub(super) fn first_use(&mut self, request: &Request) -> bool {
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

    pub(super) fn row(
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
            self.contents.entry(id.clone()).or_default().merge(sealed.clone());
        }
        self.by_reference.insert(key, id.clone());
        self.note(&id, &after);
        let (version, actor, unit) = (after.version, request.caller.id.clone(), request.caller.unit.clone());
        self.units.hear(&event, unit.as_str(), &actor, request.request_id);
        self.pending.push(Pending { id, version, event, sealed, actor, unit, request_id: Some(request.request_id) });
        Ok(())
    }

    fn note(&mut self, id: &str, after: &Petition) {
        if !after.slip.is_empty() {
            self.slips.insert(after.slip.clone());
        }
        if !after.external_ref.is_empty() {
            self.by_reference.insert((after.ledger.clone(), after.external_ref.clone()), id.to_owned());
        }
        let before = self.petitions.get(id);
        self.units.shift(before.map(|entry| &entry.petition), after);
        let prior = before.map_or(0, |entry| entry.prior);
        self.petitions.insert(id.to_owned(), Entry { prior, petition: after.clone(), changed: true });
    }

    /// The petition's key, made now if it has none yet.
    fn key(&mut self, id: &str) -> Arc<DataKey> {
        if let Some(key) = self.keys.get(id) {
            return key.clone();
        }
        let key = Arc::new(DataKey::generate());
        self.keys.insert(id.to_owned(), key.clone());
        self.new_keys.insert(id.to_owned(), key.clone());
        key
    }
}
