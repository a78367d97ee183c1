//! Facts to the messages of the contract. The api shows the same facts, so it uses these as well.

use super::file::file_message;
use crate::domain::{Body, Case, Decision, Disposition, Dispute, DisputeEvent, Entry, Event, What};
use fengqiao_model::DisputeId;
use fengqiao_proto::{common::v1 as common, mediation::v1 as pb};
use fengqiao_statute::{AgreementForm, ClockTerms, Confirmation, Force, Outcome, SessionMode};
use prost::Message;

impl Event {
    /// The open payload. The business day is not in it: it stands in the event's header.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Event::Body { body, .. } => pb::BodyChanged { body: Some(body_message(body)) }.encode_to_vec(),
            Event::Dispute(event) => encode_dispute(event),
        }
    }
}

fn encode_dispute(event: &DisputeEvent) -> Vec<u8> {
    pb::DisputeChanged {
        dispute: Some(dispute_message(&event.dispute)),
        cases: event.cases.iter().map(case_message).collect(),
        routing: event.routing.as_ref().map(decision_message),
        reason: event.reason.clone(),
        reason_list_version: event.list_version.clone(),
        approved_by: event.approved_by.as_ref().map(ToString::to_string).unwrap_or_default(),
        other_dispute_id: text(event.other),
        hand_over: event
            .hand_over
            .as_ref()
            .map(|given| pb::HandOver { recipient: given.recipient.clone(), purpose: given.purpose.clone() }),
        document_number: event.document_number.clone(),
    }
    .encode_to_vec()
}

/// A body as the contract has it.
pub fn body_message(body: &Body) -> pb::BodyFacts {
    pb::BodyFacts {
        code: body.code.to_string(),
        name: body.name.clone(),
        force: body.force.code().to_owned(),
        kind: body.kind.clone(),
        theme: body.theme.clone(),
        tags: body.tags.clone(),
        parent: body.parent.clone(),
        division_code: body.division.as_ref().map(ToString::to_string).unwrap_or_default(),
        specialities: body.specialities.clone(),
        capacity: small(body.capacity),
        founded_on: text(body.founded_on),
        adjustments: body
            .adjustments
            .iter()
            .map(|adjustment| pb::Adjustment {
                adjusted_on: adjustment.on.to_string(),
                staff_in: small(adjustment.staff_in),
                staff_out: small(adjustment.staff_out),
            })
            .collect(),
        fostered_on: text(body.fostered_on),
        closed_on: text(body.closed_on),
        imported: body.imported,
    }
}

/// A dispute, without its cases, as the contract has it.
pub fn dispute_message(dispute: &Dispute) -> pb::DisputeFacts {
    pb::DisputeFacts {
        number: dispute.number.clone(),
        division_code: dispute.division.to_string(),
        dispute_type: dispute.dispute_type.clone(),
        dispute_type_list_version: dispute.type_list_version.clone(),
        source: dispute.source.code().to_owned(),
        milestones: dispute
            .milestones
            .iter()
            .map(|milestone| pb::Milestone {
                what: milestone.what.name().to_owned(),
                on: milestone.on.to_string(),
                force: milestone.force.map_or("", Force::code).to_owned(),
                resolved: milestone.resolved,
                case_id: milestone.case.to_string(),
                apart: milestone.apart,
            })
            .collect(),
        linked_into: text(dispute.linked_into),
        linked: dispute.linked.iter().map(DisputeId::to_string).collect(),
        petition_id: text(dispute.petition),
        root_ref: dispute.root_ref.clone(),
        ledger: dispute.ledger.clone(),
        erased: dispute.erased,
    }
}

/// A case as the contract has it.
pub fn case_message(case: &Case) -> pb::CaseFacts {
    let cells = case.imported_cells.as_deref().unwrap_or_default();
    pb::CaseFacts {
        case_id: case.id.to_string(),
        number: case.number.clone(),
        state: case.state.name().to_owned(),
        version: case.version,
        force: case.force.map_or("", Force::code).to_owned(),
        body: case.body.clone(),
        body_kind: case.body_kind.clone(),
        source: case.source.code().to_owned(),
        applied_on: case.applied_on.to_string(),
        accepted_on: text(case.accepted_on),
        ended_on: text(case.ended_on),
        outcome: case.outcome.map_or("", Outcome::code).to_owned(),
        agreement_form: case.agreement_form.map_or("", AgreementForm::code).to_owned(),
        entry: case.entry.map_or("", Entry::name).to_owned(),
        handed_on: case.handed_on,
        handed_on_to: case.handed_on_to.clone(),
        from_case_id: text(case.from),
        party_count: small(case.party_count),
        hard: case.hard,
        session_mode: case.session_mode.map_or("", SessionMode::code).to_owned(),
        mediator: case.mediator.clone(),
        claimed_fen: case.claimed_fen,
        agreed_fen: case.agreed_fen,
        paid_fen: case.paid_fen,
        performance_due: text(case.performance_due),
        performed_on: text(case.performed_on),
        confirmation_applied_on: text(case.confirmation_applied_on),
        confirmation: case.confirmation.map_or("", Confirmation::code).to_owned(),
        reason: case.reason.clone(),
        returns: small(case.returns),
        handling: case.handling.as_ref().map(clock_message),
        ledger: case.ledger.clone(),
        external_ref: case.external_ref.clone(),
        petition_ref: case.petition_ref.clone(),
        voided_on: text(case.voided_on),
        dispatched_on: text(case.dispatched_on),
        flags: case.flags.clone(),
        already_at: case.already_at.clone(),
        applicant_consents: case.applicant_consents,
        respondent_consents: case.respondent_consents,
        sealed_narrative: cells.iter().any(|cell| cell == "narrative"),
        chosen_body: case.chosen_body.clone(),
        returned_by: case.returned_by.clone(),
        not_dispatched: case.not_dispatched,
        imported: case.imported_cells.is_some(),
        imported_cells: cells.to_vec(),
        division_code: case.own("division_code").unwrap_or_default().to_owned(),
        dispute_type: case.own("dispute_type").unwrap_or_default().to_owned(),
        file: file_message(&case.file),
    }
}

/// A routing decision as the contract has it.
pub fn decision_message(decision: &Decision) -> pb::RoutingDecision {
    pb::RoutingDecision {
        rules_version: decision.rules_version.clone(),
        rule: decision.rule.clone(),
        rule_zh: decision.rule_zh.clone(),
        source: decision.source.clone(),
        disposition: decision.disposition.name().to_owned(),
        body: decision.body.clone(),
        force: decision.force.map_or("", Force::code).to_owned(),
        inputs: decision.inputs.clone(),
        candidates: decision
            .candidates
            .iter()
            .map(|candidate| pb::RoutingCandidate {
                body: candidate.body.clone(),
                force: candidate.force.code().to_owned(),
                distance: small(candidate.distance),
                load: small(candidate.load),
                capacity: small(candidate.capacity),
                grounds: candidate.grounds.clone(),
            })
            .collect(),
        rejected: decision
            .rejected
            .iter()
            .map(|rejected| pb::RoutingRejection { alternative: rejected.alternative.clone(), reason: rejected.reason.clone() })
            .collect(),
        duties: decision.duties.clone(),
        overridden: decision.overridden,
        decided_by: decision.decided_by.clone(),
        decided_on: decision.decided_on.to_string(),
    }
}

/// Clock terms as the contract has them.
pub fn clock_message(terms: &ClockTerms) -> common::ClockTerms {
    common::ClockTerms {
        rule: terms.rule.clone(),
        rule_version: terms.rule_version.clone(),
        calendar_version: terms.calendar_version.clone(),
        started_on: terms.started_on.to_string(),
        kpi_due: terms.kpi_due.to_string(),
        legal_due: terms.legal_due.to_string(),
        provisional: terms.provisional,
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

impl What {
    /// Every milestone.
    pub const ALL: [What; 3] = [What::Accepted, What::Concluded, What::Reopened];

    /// Name in events.
    pub fn name(self) -> &'static str {
        ["accepted", "concluded", "reopened"][self as usize]
    }
}

impl Disposition {
    /// Either.
    pub const ALL: [Disposition; 2] = [Disposition::Dispatch, Disposition::NotDispatched];

    /// Name in events.
    pub fn name(self) -> &'static str {
        ["dispatch", "not_dispatched"][self as usize]
    }
}

impl Entry {
    /// Every way to enter.
    pub const ALL: [Entry; 4] = [Entry::First, Entry::Received, Entry::Reopens, Entry::Joined];

    /// Name in events.
    pub fn name(self) -> &'static str {
        ["first", "received", "reopens", "joined"][self as usize]
    }
}
