//! A book in memory: decides, applies, and keeps what a store would keep. Every change goes over the wire on its way.

use crate::domain::{
    Aggregate, Body, BodyCommand, Case, Change, Command, Context, Dispute, DisputeCommand, DisputeEvent, Event, Group, House,
    Law, Loaded, NewBody, NewDispute, Rejection, SealedContent, decide_body, decide_case, decide_dispute, open,
};
use fengqiao_model::{Caller, CaseId, Day, DisputeId, RequestId, Role, Text};
use fengqiao_statute::{AgreementForm, CaseSource, Force, Outcome};
use std::collections::BTreeMap;

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn text(text: &str) -> Text {
    Text::new(text, 1_000).unwrap()
}

pub fn case_id(number: u16) -> CaseId {
    CaseId::from_bytes(bytes(number))
}

pub fn dispute_id(number: u16) -> DisputeId {
    DisputeId::from_bytes(bytes(number))
}

fn bytes(number: u16) -> [u8; 16] {
    let mut bytes = [1; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    bytes
}

pub fn caller(unit: &str, roles: &[Role]) -> Caller {
    Caller { id: "person-1".parse().unwrap(), unit: unit.parse().unwrap(), division: None, roles: roles.to_vec() }
}

pub fn new_body(code: &str, force: Force) -> NewBody {
    NewBody {
        code: code.parse().unwrap(),
        name: code.to_owned(),
        force,
        kind: "committee".to_owned(),
        theme: String::new(),
        tags: Vec::new(),
        parent: None,
        division: "320831".parse().unwrap(),
        specialities: Vec::new(),
        capacity: 0,
        founded_on: None,
    }
}

pub fn new_dispute() -> NewDispute {
    NewDispute {
        occurred_on: None,
        dispute_type: "T02".to_owned(),
        source: CaseSource::Applied,
        division: "320831100".parse().unwrap(),
        party_count: 2,
        flags: Vec::new(),
        already_at: Vec::new(),
        applicant_consents: true,
        respondent_consents: true,
        chosen_body: None,
        hard: false,
        claimed_fen: 0,
        ledger: None,
        external_ref: None,
        take_here: false,
        petition: None,
        number: String::new(),
        sealed: SealedContent { title: text("墙"), ..SealedContent::default() },
    }
}

/// A conclusion that says only what it has to.
pub fn conclusion(outcome: Outcome) -> crate::domain::Conclusion {
    crate::domain::Conclusion {
        on: None,
        outcome,
        agreement_form: outcome.has_agreement().then_some(AgreementForm::Written),
        reason: match outcome {
            Outcome::Failed => "case.party_ends".to_owned(),
            Outcome::Terminated => "case.sham".to_owned(),
            _ => String::new(),
        },
        claimed_fen: 0,
        agreed_fen: if outcome.has_agreement() { 2_000_000 } else { 0 },
        performance_due: None,
        performed: false,
        hand_on: false,
        hand_on_to: None,
        hand_on_reason: String::new(),
        session_mode: None,
        text: Text::default(),
    }
}

pub struct Book {
    pub law: Law,
    pub today: Day,
    pub caller: Caller,
    pub disputes: BTreeMap<DisputeId, Dispute>,
    pub bodies: BTreeMap<String, Body>,
    pub log: Vec<(Aggregate, Event)>,
    ids: u16,
}

impl Book {
    /// A county with one body for each force, and three of them people's.
    pub fn new() -> Self {
        let mut book = Self {
            law: Law::shipped(),
            today: day("2024-03-03"),
            caller: caller("village", &[Role::Coordinator]),
            disputes: BTreeMap::new(),
            bodies: BTreeMap::new(),
            log: Vec::new(),
            ids: 100,
        };
        for (code, force) in [
            ("village", Force::People),
            ("township", Force::People),
            ("police", Force::Administrative),
            ("court", Force::Judicial),
            ("property", Force::Industry),
            ("labour", Force::Professional),
        ] {
            book.body(code, BodyCommand::Register(Box::new(new_body(code, force)))).unwrap();
        }
        book
    }

    pub fn context(&self) -> Context<'_> {
        Context { caller: &self.caller, today: self.today, law: &self.law, days_back: 30, booked: &[] }
    }

    pub fn at(&mut self, on: &str, unit: &str) -> &mut Self {
        self.today = day(on);
        self.caller.unit = unit.parse().unwrap();
        self
    }

    pub fn fresh(&mut self) -> u16 {
        self.ids += 1;
        self.ids
    }

    pub fn house(&self) -> House {
        let open = |code: &str| {
            let cases = self.disputes.values().flat_map(|dispute| &dispute.cases);
            u32::try_from(cases.filter(|case| case.body == code && case.state.is_open()).count()).unwrap()
        };
        House { bodies: self.bodies.values().map(|body| Loaded { body: body.clone(), open: open(body.code.as_str()) }).collect() }
    }

    pub fn group(&self, id: DisputeId) -> Group {
        let root = self.disputes[&id].linked_into.unwrap_or(id);
        let linked = self.disputes[&root].linked.iter().map(|id| (*id, self.disputes[id].clone())).collect();
        Group { root: (root, self.disputes[&root].clone()), linked }
    }

    pub fn case(&self, id: CaseId) -> &Case {
        self.disputes.values().find_map(|dispute| dispute.case(id)).unwrap()
    }

    pub fn of_case(&self, id: CaseId) -> DisputeId {
        *self.disputes.iter().find(|(_, dispute)| dispute.case(id).is_some()).unwrap().0
    }

    /// Applies changes, each after a journey over the wire.
    pub fn apply(&mut self, changes: &[Change]) {
        let request = RequestId::from_bytes(bytes(self.fresh()));
        for change in changes {
            let open = change.event.encode();
            let event = Event::decode(change.event.kind(), change.event.occurred_on(), &open).unwrap();
            assert_eq!(event, change.event, "an event survives the wire");
            match (&change.target, &event) {
                (Aggregate::Body(code), Event::Body { kind, body, .. }) => {
                    let before = self.bodies.remove(code.as_str());
                    self.bodies.insert(code.to_string(), Body::apply(before, *kind, body, Some(request)).expect("applies"));
                }
                (Aggregate::Dispute(id), Event::Dispute(event)) => {
                    let before = self.disputes.remove(id);
                    let version = before.as_ref().map_or(0, |before| before.version);
                    let after = Dispute::apply(before, event, Some(request)).expect("applies");
                    assert_eq!(after.version, version + 1);
                    self.disputes.insert(*id, after);
                }
                (target, event) => panic!("{target:?} and {event:?} do not go together"),
            }
            self.log.push((change.target.clone(), event));
        }
    }

    pub fn body(&mut self, code: &str, command: BodyCommand) -> Result<(), Rejection> {
        let open = self.house().find(code).map_or(0, |loaded| loaded.open);
        let change = decide_body(self.bodies.get(code), &code.parse().unwrap(), &command, open, &self.context())?;
        self.apply(&[change]);
        Ok(())
    }

    /// Opens a dispute and gives the id of its first case.
    pub fn open(&mut self, new: &NewDispute) -> Result<CaseId, Rejection> {
        let number = self.fresh();
        let changes = open(dispute_id(number), case_id(number), new, &self.house(), &self.context())?;
        self.apply(&changes);
        Ok(case_id(number))
    }

    /// Opens a dispute that the caller's body takes at once.
    pub fn open_here(&mut self) -> CaseId {
        self.open(&NewDispute { take_here: true, ..new_dispute() }).unwrap()
    }

    /// Carries a command out; gives the id of the case that it opened, if it did.
    pub fn decide(&mut self, case: CaseId, command: &Command) -> Result<Vec<Change>, Rejection> {
        let (dispute, next) = (self.of_case(case), case_id(self.fresh()));
        decide_case(&self.group(dispute), dispute, case, next, command, &self.house(), &self.context())
    }

    pub fn act(&mut self, case: CaseId, command: &Command) -> Result<CaseId, Rejection> {
        let changes = self.decide(case, command)?;
        self.apply(&changes);
        Ok(last_case(&changes))
    }

    pub fn take(&mut self, case: CaseId) {
        let take = Command::Take { on: None, applicant_consents: true, respondent_consents: true, mediator: String::new() };
        self.act(case, &take).unwrap();
    }

    pub fn dispatch(&mut self, case: CaseId, body: &str) {
        let body = Some(body.parse().unwrap());
        let reason = "case.balance".to_owned();
        self.act(case, &Command::Dispatch { body, override_reason: reason, text: Text::default() }).unwrap();
    }

    pub fn dispute(&mut self, id: DisputeId, command: &DisputeCommand) -> Result<CaseId, Rejection> {
        let next = case_id(self.fresh());
        let other = match command {
            DisputeCommand::Link { same_as, .. } if self.disputes.contains_key(same_as) => Some(self.group(*same_as)),
            _ => None,
        };
        let (group, house) = (self.group(id), self.house());
        let changes = decide_dispute(&group, other.as_ref(), id, next, command, &house, &self.context())?;
        self.apply(&changes);
        Ok(next)
    }

    /// What the county counts of the dispute: "accepted 2024-03-03 people", one line each.
    pub fn milestones(&self, id: DisputeId) -> Vec<String> {
        let shown = |milestone: &crate::domain::Milestone| {
            let force = milestone.force.map_or("-", |force| force.code());
            let resolved = if milestone.resolved { " resolved" } else { "" };
            format!("{} {} {force}{resolved}", milestone.what.name(), milestone.on)
        };
        self.disputes[&id].milestones.iter().map(shown).collect()
    }

    pub fn entries(&self) -> Vec<&'static str> {
        let cases = self.disputes.values().flat_map(|dispute| &dispute.cases);
        cases.map(|case| case.entry.map_or("-", |entry| entry.name())).collect()
    }
}

/// The id of the last case of the first event: the new one of a transfer or hand-on.
pub fn last_case(changes: &[Change]) -> CaseId {
    changed(changes).cases.last().unwrap().id
}

/// The first event, of a dispute.
pub fn changed(changes: &[Change]) -> &DisputeEvent {
    match &changes[0].event {
        Event::Dispute(event) => event,
        Event::Body { .. } => panic!("a body's event"),
    }
}
