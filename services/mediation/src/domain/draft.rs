//! What a decision changes, until it is whole: the case or cases it touches, what follows from them for the root, and the events
//! that say so.

use super::{Aggregate, Case, Change, Decision, Dispute, DisputeEvent, Event, Group, HandOver, Kind, SealedContent, milestones};
use fengqiao_model::{ActorId, CaseId, Day, DisputeId};

/// The step as it will stand in the event.
#[derive(Debug)]
pub(super) struct Step {
    pub kind: Kind,
    pub on: Day,
    pub routing: Option<Decision>,
    pub reason: String,
    pub list_version: String,
    pub approved_by: Option<ActorId>,
    pub other: Option<DisputeId>,
    pub hand_over: Option<HandOver>,
    pub sealed: Option<SealedContent>,
    pub document_number: String,
}

impl Step {
    pub(super) fn new(kind: Kind, on: Day) -> Self {
        Self {
            kind,
            on,
            routing: None,
            reason: String::new(),
            list_version: String::new(),
            approved_by: None,
            other: None,
            hand_over: None,
            sealed: None,
            document_number: String::new(),
        }
    }

    pub(super) fn sealing(self, sealed: Option<SealedContent>) -> Self {
        Self { sealed, ..self }
    }

    pub(super) fn because(self, reason: impl Into<String>, list_version: &str) -> Self {
        Self { reason: reason.into(), list_version: list_version.to_owned(), ..self }
    }

    pub(super) fn handing_over(self, recipient: &str, purpose: &str) -> Self {
        let hand_over =
            (!recipient.is_empty()).then(|| HandOver { recipient: recipient.to_owned(), purpose: purpose.to_owned() });
        Self { hand_over, ..self }
    }
}

/// A change that is being put together.
pub(super) struct Draft {
    before: Vec<(DisputeId, Dispute)>,
    /// The groups as they will be; one, but two when a dispute is unlinked.
    after: Vec<Group>,
    /// The dispute that the step is about.
    dispute: DisputeId,
    /// The cases that it changes, the one that the step is about first.
    touched: Vec<CaseId>,
}

impl Draft {
    /// A step about a dispute of the group.
    pub(super) fn of(group: &Group, dispute: DisputeId) -> Self {
        Self { before: all_of(group), after: vec![group.clone()], dispute, touched: Vec::new() }
    }

    /// The first step of a dispute.
    pub(super) fn opening(dispute: DisputeId, facts: Dispute) -> Self {
        Self { before: Vec::new(), after: vec![Group::of(dispute, facts)], dispute, touched: Vec::new() }
    }

    /// A step after which the disputes of these groups stand in other groups.
    pub(super) fn regrouping(before: &[&Group], after: Vec<Group>, dispute: DisputeId) -> Self {
        Self { before: before.iter().flat_map(|group| all_of(group)).collect(), after, dispute, touched: Vec::new() }
    }

    /// The dispute that the step is about.
    pub(super) fn facts(&mut self) -> Option<&mut Dispute> {
        let dispute = self.dispute;
        self.after.iter_mut().find_map(|group| group.dispute_mut(dispute))
    }

    /// A case of the dispute, to change it: its version counts.
    pub(super) fn case(&mut self, id: CaseId) -> Option<&mut Case> {
        if !self.touched.contains(&id) {
            self.touched.push(id);
            let case = self.facts()?.cases.iter_mut().find(|case| case.id == id)?;
            case.version += 1;
        }
        self.facts()?.cases.iter_mut().find(|case| case.id == id)
    }

    /// A new case of the dispute.
    pub(super) fn add(&mut self, case: Case) {
        self.touched.push(case.id);
        if let Some(facts) = self.facts() {
            facts.cases.push(Case { version: 1, ..case });
        }
    }

    /// The events: that of the step first, then one for every other dispute whose milestones, links or entries moved. `kind` is what
    /// those are called.
    pub(super) fn changes(mut self, step: Step, kind: Kind) -> Vec<Change> {
        for group in &mut self.after {
            settle(group);
        }
        let beside = Step { other: (kind != Kind::Restated).then_some(self.dispute), ..Step::new(kind, step.on) };
        let mut own = Vec::with_capacity(1);
        let mut others = Vec::new();
        for (id, after) in self.after.iter().flat_map(Group::disputes) {
            let cases = self.changed_cases(id, after);
            let facts = bare(after);
            if id == self.dispute {
                own.push(change(id, &step, facts, cases, step.sealed.clone()));
            } else if !cases.is_empty() || self.before(id).map(bare).as_ref() != Some(&facts) {
                others.push(change(id, &beside, facts, cases, None));
            }
        }
        own.append(&mut others);
        own
    }

    fn before(&self, id: DisputeId) -> Option<&Dispute> {
        self.before.iter().find(|(known, _)| *known == id).map(|(_, dispute)| dispute)
    }

    /// The cases that the step changed, then those that now entered the root in another way.
    fn changed_cases(&self, id: DisputeId, after: &Dispute) -> Vec<Case> {
        let touched: &[CaseId] = if id == self.dispute { &self.touched } else { &[] };
        let entered_otherwise = |case: &Case| {
            !touched.contains(&case.id)
                && self.before(id).and_then(|before| before.case(case.id)).is_some_and(|before| before.entry != case.entry)
        };
        let first = touched.iter().filter_map(|id| after.case(*id));
        let then = after.cases.iter().filter(|case| entered_otherwise(case));
        first.chain(then).map(|case| Case { last_request: None, ..case.clone() }).collect()
    }
}

fn all_of(group: &Group) -> Vec<(DisputeId, Dispute)> {
    group.disputes().map(|(id, dispute)| (id, dispute.clone())).collect()
}

/// Reckons anew what the group counts for: at its root, for all its disputes.
fn settle(group: &mut Group) {
    let milestones = {
        let disputes = std::iter::once(&mut group.root).chain(&mut group.linked);
        let mut cases: Vec<&mut Case> = disputes.flat_map(|(_, dispute)| &mut dispute.cases).collect();
        milestones(&mut cases)
    };
    group.root.1.milestones = group.root.1.placed(milestones);
    for (_, dispute) in &mut group.linked {
        dispute.milestones.clear();
    }
}

/// A dispute as an event carries it.
fn bare(dispute: &Dispute) -> Dispute {
    Dispute { version: 0, cases: Vec::new(), last_request: None, ..dispute.clone() }
}

fn change(id: DisputeId, step: &Step, dispute: Dispute, cases: Vec<Case>, sealed: Option<SealedContent>) -> Change {
    let event = DisputeEvent {
        kind: step.kind,
        on: step.on,
        dispute,
        cases,
        routing: step.routing.clone(),
        reason: step.reason.clone(),
        list_version: step.list_version.clone(),
        approved_by: step.approved_by.clone(),
        other: step.other,
        hand_over: step.hand_over.clone(),
        document_number: step.document_number.clone(),
    };
    Change { target: Aggregate::Dispute(id), event: Event::Dispute(Box::new(event)), sealed }
}
