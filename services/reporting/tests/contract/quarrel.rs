//! Events of mediation, written down by hand: disputes, cases and bodies as they stand after each step.

use crate::support::*;
pub use fengqiao_proto::mediation::v1::{Adjustment, BodyChanged, BodyFacts, CaseFacts, DisputeChanged, DisputeFacts, Milestone};

/// A dispute and its cases, changed step by step; each step becomes an event.
pub struct Quarrel {
    pub id: String,
    pub dispute: DisputeFacts,
    pub cases: Vec<CaseFacts>,
}

impl Quarrel {
    pub fn new(id: &str, division: &str) -> Quarrel {
        let dispute = DisputeFacts {
            number: format!("D{id}"),
            division_code: division.to_owned(),
            dispute_type: "T02".to_owned(),
            source: "applied".to_owned(),
            ..DisputeFacts::default()
        };
        Quarrel { id: id.to_owned(), dispute, cases: Vec::new() }
    }

    /// A new case of it, pending at a body.
    pub fn case(&mut self, (body, force, kind): (&str, &str, &str), applied_on: &str) -> usize {
        let number = self.cases.len();
        self.cases.push(CaseFacts {
            case_id: format!("{}-{number}", self.id),
            number: format!("C{}-{number}", self.id),
            state: "dispatched".to_owned(),
            version: 1,
            force: force.to_owned(),
            body: body.to_owned(),
            body_kind: kind.to_owned(),
            source: if number == 0 { "applied" } else { "other_body" }.to_owned(),
            applied_on: applied_on.to_owned(),
            party_count: 2,
            ..CaseFacts::default()
        });
        number
    }

    pub fn accept(&mut self, case: usize, on: &str, entry: &str) {
        self.cases[case].accepted_on = on.to_owned();
        self.cases[case].entry = entry.to_owned();
        match entry {
            "first" => self.milestone("accepted", on, case, false),
            "reopens" => self.milestone("reopened", on, case, false),
            _ => {}
        }
    }

    pub fn end(&mut self, case: usize, on: &str, outcome: &str, handed_on: bool) {
        let facts = &mut self.cases[case];
        (facts.ended_on, facts.outcome, facts.handed_on) = (on.to_owned(), outcome.to_owned(), handed_on);
    }

    pub fn milestone(&mut self, what: &str, on: &str, case: usize, resolved: bool) {
        let case = &self.cases[case];
        self.dispute.milestones.push(Milestone {
            what: what.to_owned(),
            on: on.to_owned(),
            force: case.force.clone(),
            resolved,
            case_id: case.case_id.clone(),
            apart: false,
        });
    }

    pub fn tell(&self, log: &mut Log, kind: &str, known_on: &str, cases: &[usize]) {
        let cases = cases.iter().map(|case| self.cases[*case].clone()).collect();
        let event = DisputeChanged { dispute: Some(self.dispute.clone()), cases, ..DisputeChanged::default() };
        log.push(&self.id, kind, known_on, &event);
    }
}

pub fn body(code: &str, force: &str, kind: &str, division: &str, founded_on: &str) -> BodyFacts {
    BodyFacts {
        code: code.to_owned(),
        name: code.to_owned(),
        force: force.to_owned(),
        kind: kind.to_owned(),
        division_code: division.to_owned(),
        founded_on: founded_on.to_owned(),
        ..BodyFacts::default()
    }
}

pub fn tell_body(log: &mut Log, kind: &str, known_on: &str, body: &BodyFacts) {
    log.push(&format!("body:{}", body.code), kind, known_on, &BodyChanged { body: Some(body.clone()) });
}

pub const VILLAGE: (&str, &str, &str) = ("Village", "people", "committee");
pub const TOWNSHIP: (&str, &str, &str) = ("Township", "people", "committee");
pub const PROPERTY: (&str, &str, &str) = ("Property", "industry", "professional_committee");

/// D§5.7: one quarrel of two families over three bodies, each step told on its own day.
pub fn worked_example() -> Log {
    let mut log = Log::of_mediation();
    for (code, force, kind) in [VILLAGE, TOWNSHIP, PROPERTY] {
        tell_body(&mut log, "body.registered", "2024-01-02", &body(code, force, kind, "320831106", "2020-01-01"));
    }
    let mut quarrel = Quarrel::new("d1", "320831106201");
    let village = quarrel.case(VILLAGE, "2024-03-03");
    quarrel.tell(&mut log, "case.opened", "2024-03-03", &[village]);
    quarrel.accept(village, "2024-03-03", "first");
    quarrel.tell(&mut log, "case.taken", "2024-03-03", &[village]);
    let township = quarrel.case(TOWNSHIP, "2024-03-28");
    quarrel.end(village, "2024-03-28", "failed", true);
    quarrel.tell(&mut log, "case.concluded", "2024-03-28", &[village, township]);
    quarrel.accept(township, "2024-03-29", "received");
    quarrel.tell(&mut log, "case.taken", "2024-03-29", &[township]);
    // The next body is found later.
    quarrel.end(township, "2024-04-20", "failed", true);
    let property = quarrel.case(("", "", ""), "2024-04-20");
    quarrel.tell(&mut log, "case.concluded", "2024-04-20", &[township, property]);
    let (code, force, kind) = PROPERTY;
    let case = &mut quarrel.cases[property];
    (case.body, case.force, case.body_kind) = (code.to_owned(), force.to_owned(), kind.to_owned());
    quarrel.tell(&mut log, "case.dispatched", "2024-05-06", &[property]);
    quarrel.accept(property, "2024-05-06", "received");
    quarrel.tell(&mut log, "case.taken", "2024-05-06", &[property]);
    quarrel.end(property, "2024-05-30", "agreed", false);
    quarrel.milestone("concluded", "2024-05-30", property, true);
    let case = &mut quarrel.cases[property];
    (case.agreement_form, case.performance_due, case.agreed_fen) = ("written".to_owned(), "2024-07-31".to_owned(), 2_000_000);
    quarrel.tell(&mut log, "case.concluded", "2024-05-30", &[property]);
    let case = &mut quarrel.cases[property];
    (case.performed_on, case.paid_fen) = ("2024-08-05".to_owned(), 2_000_000);
    quarrel.tell(&mut log, "case.performed", "2024-08-05", &[property]);
    log
}
