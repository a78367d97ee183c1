//! What one batch touches: loaded once, then decided on in order, so that a later request sees an earlier one.

mod load;
mod row;
mod secret;
mod time;
mod unit;
mod write;

pub use unit::KnownUnits;
use unit::Units;

use super::{
    batch::Book,
    request::{Outcome, Request},
    sealing::query_codes,
};
use crate::{
    domain::{
        self, Adopted, Command, Context, DeskDispute, Event, Expected, ForeignNumber, Law, Link, Petition, Rejection,
        SealedContent, StepKind,
    },
    store::Marks,
};
use fengqiao_model::{ActorId, CaseId, DisputeId, Instant, PetitionId, RequestId, Token};
use fengqiao_store::{DataKey, RequestRecord, StoreError, Tx, log};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

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
    /// Petitions by their numbers in other systems.
    by_foreign: HashMap<ForeignNumber, String>,
    /// Of new petitions the numbers in other systems that are to be noted.
    new_foreign: BTreeMap<ForeignNumber, String>,
    /// Which petitions repeat which: (first, repeat), of the firsts that this batch looks at.
    repeats: BTreeSet<(String, String)>,
    /// Of petitions whose link changed, which one they repeat now; empty: none.
    new_repeats: BTreeMap<String, String>,
    /// Voided ones, whose numbers in other systems are free again.
    freed: Vec<String>,
    /// What those petitions are found by from now on whose texts or persons changed.
    marks: BTreeMap<String, Option<Marks>>,
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
        let (own, original) = (id.parse().ok(), self.first_of(command));
        let has_repeats = self.repeats.iter().any(|(first, _)| first == id);
        let context = self.context(request).with(self.contents.get(id), links).among(self.units.directory());
        let context = context.repeating(own, original, has_repeats);
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
        if matches!(change.event, Event::Voided { .. }) {
            self.freed.push(id.to_owned());
            // It repeats nothing any more that counts.
            self.repeats.retain(|(_, repeat)| repeat != id);
            self.new_repeats.insert(id.to_owned(), String::new());
            self.by_foreign.retain(|_, holder| holder != id);
            self.new_foreign.retain(|_, holder| holder != id);
        }
        if matches!(change.event, Event::PartiesErased { .. }) {
            self.marks.insert(id.to_owned(), None);
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
        if let Event::Stepped(step) = &first.1.event
            && step.kind == StepKind::Corrected
            && let Some(key) = self.keys.get(id).cloned()
        {
            // Class, texts or persons may be others now.
            let mut content = self.sealed_so_far(tx, id, &key).await?;
            content.merge(first.1.sealed.clone().unwrap_or_default());
            self.mark(id, &after, &content);
        }
        if let Event::Stepped(step) = &first.1.event
            && matches!(step.kind, StepKind::RepeatLinked | StepKind::RepeatUnlinked)
        {
            self.repeats.retain(|(_, repeat)| repeat != id);
            self.repeats.extend(after.is_repeat().then(|| (after.repeat_of.clone(), id.to_owned())));
            self.new_repeats.insert(id.to_owned(), after.repeat_of.clone());
        }
        self.note(id, &after);
        if let (Some(content), Some(later)) = (self.contents.get_mut(id), &first.1.sealed) {
            content.merge(later.clone());
        }
        if let (Event::Registered(_), Some(content)) = (&first.1.event, &first.1.sealed) {
            self.mark(id, &after, &content.clone());
            for number in &after.foreign_numbers {
                self.by_foreign.insert(number.clone(), id.to_owned());
                self.new_foreign.insert(number.clone(), id.to_owned());
            }
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

    /// The first petition of the matter that a command names.
    fn first_of(&self, command: &Command) -> Option<(PetitionId, &Petition)> {
        let Command::LinkRepeat { first, .. } = command else { return None };
        let named = &self.petitions.get(&first.to_string())?.petition;
        if !named.is_repeat() {
            return Some((*first, named));
        }
        let id: PetitionId = named.repeat_of.parse().ok()?;
        self.petitions.get(&named.repeat_of).map(|entry| (id, &entry.petition))
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
        if let Some(holder) = new.foreign_numbers.iter().find_map(|number| self.by_foreign.get(number)) {
            let shown = self.petitions.get(holder).map(|entry| &entry.petition);
            let shown = shown.filter(|held| self.context(request).may_be_shown(held));
            return Some(Rejection::ForeignNumberExists { number: shown.map(|held| held.number.clone()).unwrap_or_default() });
        }
        let ledger = new.ledger.as_ref().unwrap_or(&request.caller.unit).to_string();
        let reference = new.external_ref.as_ref()?.to_string();
        self.by_reference.contains_key(&(ledger, reference)).then_some(Rejection::ExternalRefExists)
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
}
