//! Deciding on one request that is not an import.

use super::Desk;
use crate::{
    app::read::decode,
    app::request::{Asking, Changed, Outcome, Request, Work},
    domain::{
        self, Body, BodyCommand, Case, Change, Command, Decision, Dispute, DisputeCommand, Event, Expected, NewDispute, Planned,
        Rejection, SealedContent, Work as Step,
    },
    store::{self, StoredBody, taken},
};
use fengqiao_model::{Caller, CaseId, DisputeId, RequestId, Token};
use fengqiao_store::{RequestRecord, StoreError, Tx, log};

type Decided<T> = Result<Result<T, Rejection>, StoreError>;

/// Gives a rejection back as an answer.
macro_rules! or_reject {
    ($decided:expr) => {
        match $decided {
            Ok(value) => value,
            Err(rejection) => return Ok(Err(rejection)),
        }
    };
}

impl Desk<'_> {
    /// Carries out one request, or says what it did the first time.
    pub(in crate::app) async fn change(&mut self, tx: &mut Tx, request: &Request) -> Decided<Outcome> {
        if let Some(record) = self.requests.get(&request.asking.request_id.to_string()) {
            return Ok(if record.fingerprint == request.fingerprint {
                Ok(Outcome::Before { aggregate: record.aggregate_id.clone(), version: record.version })
            } else {
                Err(Rejection::RequestReused)
            });
        }
        let asking = &request.asking;
        match &request.work {
            Work::Body { code, expected, command } => {
                or_reject!(self.body(tx, asking, code, expected.as_ref(), command).await?);
                let place = &self.places[code.as_str()];
                let loaded = &self.house.bodies[place.at];
                let stored = StoredBody { body: loaded.body.clone(), open: loaded.open.into(), guard: place.guard };
                self.record(request, Body::aggregate(code), stored.body.version);
                Ok(Ok(Outcome::Body(Box::new(stored))))
            }
            Work::Open { dispute, case, new } => {
                or_reject!(self.open(asking, *dispute, *case, new)?);
                Ok(Ok(self.changed(request, *dispute)))
            }
            Work::Case { id, expected, command } => {
                let dispute = or_reject!(self.case(tx, asking, *id, expected, command).await?);
                Ok(Ok(self.changed(request, dispute)))
            }
            Work::Dispute { id, expected, command } => {
                or_reject!(self.whole(tx, asking, *id, expected, command).await?);
                Ok(Ok(self.changed(request, *id)))
            }
            Work::Import { .. } => Err(StoreError::Misuse("an import is not a change")),
        }
    }

    /// Records the request and says what it made.
    fn changed(&mut self, request: &Request, id: DisputeId) -> Outcome {
        let made = self.made(&request.asking, id);
        self.record(request, id.to_string(), made.dispute.version);
        Outcome::Dispute(Box::new(made))
    }

    /// What the request made of a dispute.
    pub(in crate::app) fn made(&self, asking: &Asking, id: DisputeId) -> Changed {
        let text = id.to_string();
        let made = self.pending.iter().filter(|pending| pending.id == text && pending.asking.request_id == asking.request_id);
        let events = made.filter_map(|pending| match &pending.event {
            Event::Dispute(event) => Some(&**event),
            Event::Body { .. } => None,
        });
        Changed::of(&text, self.disputes[&id].dispute.clone(), events)
    }

    fn record(&mut self, request: &Request, aggregate_id: String, version: i64) {
        let record = RequestRecord {
            request_id: request.asking.request_id.to_string(),
            fingerprint: request.fingerprint.clone(),
            aggregate_id,
            version,
            recorded_at: self.now,
        };
        self.requests.insert(record.request_id.clone(), record.clone());
        self.new_requests.push(record);
    }

    /// Whether an import's request id was not used for anything else. The same batch again is let through: its rows are known by
    /// their keys, and say so.
    pub(in crate::app) fn first_use(&mut self, request: &Request) -> bool {
        if let Some(record) = self.requests.get(&request.asking.request_id.to_string()) {
            return record.fingerprint == request.fingerprint;
        }
        self.record(request, String::new(), 0);
        true
    }

    async fn body(
        &mut self,
        tx: &mut Tx,
        asking: &Asking,
        code: &Token,
        expected: Option<&Expected>,
        command: &BodyCommand,
    ) -> Decided<()> {
        let place = self.places.get(code.as_str()).map(|place| place.at);
        let (before, open) = match place.map(|at| &self.house.bodies[at]) {
            Some(loaded) => (Some(loaded.body.clone()), loaded.open),
            None => (None, 0),
        };
        if let (Some(body), Some(expected)) = (&before, expected) {
            let outside =
                |allowed: &fengqiao_model::DivisionCode| body.division.as_ref().is_some_and(|own| !allowed.contains(own));
            if asking.caller.division.as_ref().is_some_and(outside) {
                return Ok(Err(Rejection::OutsideDivision));
            }
            let id = Body::aggregate(code);
            or_reject!(self.expect(tx, &id, expected, body.version, body.last_request, None).await?);
        }
        let change = or_reject!(domain::decide_body(before.as_ref(), code, command, open, &self.context(&asking.caller)));
        self.take(asking, vec![change])?;
        Ok(Ok(()))
    }

    /// Opens a dispute with its first case.
    pub(in crate::app) fn open(&mut self, asking: &Asking, id: DisputeId, case: CaseId, new: &NewDispute) -> Decided<()> {
        if self.disputes.contains_key(&id) {
            return Ok(Err(Rejection::DisputeExists));
        }
        if self.cases.contains_key(&case) {
            return Ok(Err(Rejection::CaseExists));
        }
        if let Some(reference) = &new.external_ref {
            let ledger = new.ledger.as_ref().unwrap_or(&asking.caller.unit).to_string();
            if self.by_reference.contains_key(&(ledger, reference.to_string())) {
                return Ok(Err(Rejection::ExternalRefExists));
            }
        }
        let changes = or_reject!(domain::open(id, case, new, &self.house, &self.context(&asking.caller)));
        self.take(asking, changes)?;
        Ok(Ok(()))
    }

    /// The same for a dispute whose parties were erased before it could be opened here: without anything sealed.
    pub(in crate::app) fn open_erased(&mut self, asking: &Asking, id: DisputeId, case: CaseId, new: &NewDispute) -> Decided<()> {
        let new = NewDispute { sealed: SealedContent::default(), ..new.clone() };
        let mut changes = or_reject!(domain::open(id, case, &new, &self.house, &self.context(&asking.caller)));
        for change in &mut changes {
            change.sealed = None;
            if let Event::Dispute(event) = &mut change.event {
                event.dispute.erased = true;
            }
        }
        self.take(asking, changes)?;
        Ok(Ok(()))
    }

    async fn case(
        &mut self,
        tx: &mut Tx,
        asking: &Asking,
        id: CaseId,
        expected: &Expected,
        command: &Command,
    ) -> Decided<DisputeId> {
        let known = self.cases.get(&id).copied().and_then(|dispute| Some((dispute, self.dispute(dispute)?.case(id)?.clone())));
        // Before all else: an etag of another division's case must not tell that it is there, nor who changed it.
        let Some((dispute, case)) = known.filter(|(dispute, _)| self.may_touch(&asking.caller, *dispute)) else {
            return Ok(Err(Rejection::CaseNotFound));
        };
        let aggregate = dispute.to_string();
        or_reject!(self.expect(tx, &aggregate, expected, case.version, case.last_request, Some(id)).await?);
        let Some(group) = self.group(dispute) else { return Err(StoreError::Misuse("a linked dispute is missing")) };
        if let Command::Work(work) = command
            && let Step::ScheduleSession(planned) = &**work
        {
            self.load_booked(tx, planned, &case).await?;
        }
        let decided = domain::decide_case(&group, dispute, id, self.mint(), command, &self.house, &self.context(&asking.caller));
        self.take(asking, or_reject!(decided.and_then(|changes| self.sealable(changes))))?;
        Ok(Ok(dispute))
    }

    /// What is taken of the time that a session would take: by the book, but for the disputes of this batch as those now stand.
    async fn load_booked(&mut self, tx: &mut Tx, planned: &Planned, case: &Case) -> Result<(), StoreError> {
        let mediators = if planned.mediators.is_empty() { case.mediators() } else { planned.mediators.clone() };
        let wanted = planned.wanted(&mediators);
        let mut found = store::bookings(tx, &wanted).await?;
        found.retain(|booking| booking.dispute_id.parse().is_ok_and(|id: DisputeId| !self.disputes.contains_key(&id)));
        for (id, entry) in &self.disputes {
            let taken = taken(&id.to_string(), &entry.dispute);
            found.extend(
                taken
                    .into_iter()
                    .filter(|booking| wanted.iter().any(|(r, slot)| *r == booking.resource && *slot == booking.slot)),
            );
        }
        self.booked = found.into_iter().map(store::Booking::booked).collect();
        Ok(())
    }

    async fn whole(
        &mut self,
        tx: &mut Tx,
        asking: &Asking,
        id: DisputeId,
        expected: &Expected,
        command: &DisputeCommand,
    ) -> Decided<()> {
        let Some(dispute) = self.dispute(id).filter(|_| self.may_touch(&asking.caller, id)) else {
            return Ok(Err(Rejection::DisputeNotFound));
        };
        let (version, last) = (dispute.version, dispute.last_request);
        or_reject!(self.expect(tx, &id.to_string(), expected, version, last, None).await?);
        self.command(asking, id, command)
    }

    /// Decides on a dispute as a whole, whichever version it has.
    pub(in crate::app) fn command(&mut self, asking: &Asking, id: DisputeId, command: &DisputeCommand) -> Decided<()> {
        let Some(group) = self.group(id) else { return Ok(Err(Rejection::DisputeNotFound)) };
        let other = match command {
            DisputeCommand::Link { same_as, .. } => self.group(*same_as),
            _ => None,
        };
        let decided =
            domain::decide_dispute(&group, other.as_ref(), id, self.mint(), command, &self.house, &self.context(&asking.caller));
        self.take(asking, or_reject!(decided.and_then(|changes| self.sealable(changes))))?;
        Ok(Ok(()))
    }

    /// Nothing can be sealed any more in a dispute whose key was destroyed.
    fn sealable(&self, changes: Vec<Change>) -> Result<Vec<Change>, Rejection> {
        let lost = |change: &Change| change.sealed.is_some() && self.is_erased(&change.target);
        if changes.iter().any(lost) { Err(Rejection::PartiesErased) } else { Ok(changes) }
    }

    /// Where the rules would send a case.
    pub(in crate::app) fn propose(&self, caller: &Caller, id: CaseId) -> Result<Decision, Rejection> {
        let known = self.cases.get(&id).copied().filter(|dispute| self.may_touch(caller, *dispute));
        let group = known.and_then(|dispute| Some((dispute, self.group(dispute)?)));
        let Some((dispute, group)) = group else { return Err(Rejection::CaseNotFound) };
        domain::propose(&group, dispute, id, &self.house, &self.context(caller))
    }

    fn may_touch(&self, caller: &Caller, id: DisputeId) -> bool {
        self.dispute(id).is_some_and(|dispute| self.context(caller).may_touch(dispute))
    }

    /// The id of a case that may be opened.
    pub(super) fn mint(&self) -> CaseId {
        CaseId::from_bytes(self.book.ids.mint(&self.book.clock))
    }

    /// Whether what is to be changed is what the caller saw. `case` narrows what is told to the events that changed it.
    async fn expect(
        &self,
        tx: &mut Tx,
        aggregate: &str,
        expected: &Expected,
        version: i64,
        last: Option<RequestId>,
        case: Option<CaseId>,
    ) -> Decided<()> {
        let seen = match expected {
            Expected::Version(seen) if *seen == version => return Ok(Ok(())),
            Expected::After(request) if last == Some(*request) => return Ok(Ok(())),
            Expected::After(request) => return Ok(Err(Rejection::NotAfterRequest { after: *request })),
            Expected::Version(seen) => *seen,
        };
        let after = |of: i64, event: &Event| match (event, case) {
            (Event::Dispute(event), Some(id)) => event.cases.iter().any(|case| case.id == id && case.version > seen),
            _ => of > seen,
        };
        let mut changes = Vec::new();
        for stored in log::of_aggregate(&mut *tx, aggregate, 0).await? {
            if after(stored.version, &decode(&stored)?) {
                changes.push(format!("{} by {}", stored.kind, stored.actor));
            }
        }
        let now = self.pending.iter().filter(|pending| pending.id == aggregate && after(pending.version, &pending.event));
        changes.extend(now.map(|pending| format!("{} by {}", pending.event.kind(), pending.asking.caller.id)));
        Ok(Err(Rejection::EtagStale { etag: version.to_string(), changes: changes.join(", ") }))
    }

    /// A dispute on the desk.
    pub(in crate::app) fn known(&self, id: DisputeId) -> Option<&Dispute> {
        self.dispute(id)
    }
}
