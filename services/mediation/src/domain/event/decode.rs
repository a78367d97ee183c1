//! Messages of the contract to facts; what cannot be read is named by its field.

use super::{BodyKind, DisputeEvent, Event, EventError, HandOver, Kind, file::read_file};
use crate::domain::{
    Adjustment, Body, Candidate, Case, CaseState, Decision, Disposition, Dispute, Entry, Milestone, Rejected, What,
};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_proto::{common::v1 as common, mediation::v1 as pb};
use fengqiao_statute::{AgreementForm, CaseSource, ClockTerms, Confirmation, Force, Outcome, SessionMode};
use prost::Message;
use std::str::FromStr;

impl Event {
    /// Reads a stored event from its header's kind and business day and its open payload.
    pub fn decode(kind: &str, occurred_on: Day, open: &[u8]) -> Result<Self, EventError> {
        if let Some((kind, _)) = BodyKind::ALL.into_iter().find(|(_, name)| *name == kind) {
            let message = pb::BodyChanged::decode(open).map_err(|_| EventError::Payload)?;
            let body = read_body(message.body.ok_or(EventError::Field("body"))?)?;
            return Ok(Event::Body { kind, on: occurred_on, body: Box::new(body) });
        }
        let Some((kind, _)) = Kind::ALL.into_iter().find(|(_, name)| *name == kind) else {
            return Err(EventError::Kind(kind.to_owned()));
        };
        let message = pb::DisputeChanged::decode(open).map_err(|_| EventError::Payload)?;
        Ok(Event::Dispute(Box::new(DisputeEvent {
            kind,
            on: occurred_on,
            dispute: read_dispute(message.dispute.ok_or(EventError::Field("dispute"))?)?,
            cases: message.cases.into_iter().map(read_case).collect::<Result<_, _>>()?,
            routing: message.routing.map(read_decision).transpose()?,
            reason: message.reason,
            list_version: message.reason_list_version,
            approved_by: optional("approved_by", &message.approved_by)?,
            other: optional("other_dispute_id", &message.other_dispute_id)?,
            hand_over: message.hand_over.map(|given| HandOver { recipient: given.recipient, purpose: given.purpose }),
            document_number: message.document_number,
        })))
    }
}

fn read_body(m: pb::BodyFacts) -> Result<Body, EventError> {
    Ok(Body {
        version: 0,
        code: parsed("code", &m.code)?,
        name: m.name,
        force: code("force", &m.force)?.ok_or(EventError::Field("force"))?,
        kind: m.kind,
        theme: m.theme,
        tags: m.tags,
        parent: m.parent,
        division: optional::<DivisionCode>("division_code", &m.division_code)?,
        specialities: m.specialities,
        capacity: small("capacity", m.capacity)?,
        founded_on: optional("founded_on", &m.founded_on)?,
        adjustments: m
            .adjustments
            .into_iter()
            .map(|adjustment| {
                Ok(Adjustment {
                    on: parsed("adjusted_on", &adjustment.adjusted_on)?,
                    staff_in: small("staff_in", adjustment.staff_in)?,
                    staff_out: small("staff_out", adjustment.staff_out)?,
                })
            })
            .collect::<Result<_, _>>()?,
        fostered_on: optional("fostered_on", &m.fostered_on)?,
        closed_on: optional("closed_on", &m.closed_on)?,
        imported: m.imported,
        last_request: None,
    })
}

fn read_dispute(m: pb::DisputeFacts) -> Result<Dispute, EventError> {
    Ok(Dispute {
        version: 0,
        number: m.number,
        division: parsed("division_code", &m.division_code)?,
        dispute_type: m.dispute_type,
        type_list_version: m.dispute_type_list_version,
        source: code("source", &m.source)?.ok_or(EventError::Field("source"))?,
        milestones: m
            .milestones
            .into_iter()
            .map(|milestone| {
                Ok(Milestone {
                    what: named("what", &milestone.what, &What::ALL, What::name)?,
                    on: parsed("on", &milestone.on)?,
                    force: code("force", &milestone.force)?,
                    resolved: milestone.resolved,
                    case: parsed("case_id", &milestone.case_id)?,
                    apart: milestone.apart,
                })
            })
            .collect::<Result<_, _>>()?,
        linked_into: optional("linked_into", &m.linked_into)?,
        linked: m.linked.iter().map(|id| parsed("linked", id)).collect::<Result<_, _>>()?,
        petition: optional("petition_id", &m.petition_id)?,
        root_ref: m.root_ref,
        ledger: m.ledger,
        erased: m.erased,
        cases: Vec::new(),
        last_request: None,
    })
}

fn read_case(m: pb::CaseFacts) -> Result<Case, EventError> {
    let amount = |field, fen: i64| if fen < 0 { Err(EventError::Field(field)) } else { Ok(fen) };
    Ok(Case {
        id: parsed("case_id", &m.case_id)?,
        version: m.version,
        number: m.number,
        state: CaseState::named(&m.state).ok_or(EventError::Field("state"))?,
        force: code("force", &m.force)?,
        body: m.body,
        body_kind: m.body_kind,
        source: code("source", &m.source)?.ok_or(EventError::Field("source"))?,
        applied_on: parsed("applied_on", &m.applied_on)?,
        dispatched_on: optional("dispatched_on", &m.dispatched_on)?,
        accepted_on: optional("accepted_on", &m.accepted_on)?,
        ended_on: optional("ended_on", &m.ended_on)?,
        outcome: code("outcome", &m.outcome)?,
        agreement_form: code("agreement_form", &m.agreement_form)?,
        entry: if m.entry.is_empty() { None } else { Some(named("entry", &m.entry, &Entry::ALL, Entry::name)?) },
        handed_on: m.handed_on,
        handed_on_to: m.handed_on_to,
        from: optional("from_case_id", &m.from_case_id)?,
        party_count: small("party_count", m.party_count)?,
        hard: m.hard,
        session_mode: code("session_mode", &m.session_mode)?,
        mediator: m.mediator,
        claimed_fen: amount("claimed_fen", m.claimed_fen)?,
        agreed_fen: amount("agreed_fen", m.agreed_fen)?,
        paid_fen: amount("paid_fen", m.paid_fen)?,
        performance_due: optional("performance_due", &m.performance_due)?,
        performed_on: optional("performed_on", &m.performed_on)?,
        confirmation_applied_on: optional("confirmation_applied_on", &m.confirmation_applied_on)?,
        confirmation: code("confirmation", &m.confirmation)?,
        reason: m.reason,
        returns: small("returns", m.returns)?,
        returned_by: m.returned_by,
        file: Box::new(m.file.map(read_file).transpose()?.unwrap_or_default()),
        handling: m.handling.map(read_clock).transpose()?,
        ledger: m.ledger,
        external_ref: m.external_ref,
        petition_ref: m.petition_ref,
        voided_on: optional("voided_on", &m.voided_on)?,
        flags: m.flags,
        already_at: m.already_at,
        applicant_consents: m.applicant_consents,
        respondent_consents: m.respondent_consents,
        chosen_body: m.chosen_body,
        not_dispatched: m.not_dispatched,
        imported_cells: m.imported.then_some(m.imported_cells),
        last_request: None,
    })
}

fn read_decision(m: pb::RoutingDecision) -> Result<Decision, EventError> {
    Ok(Decision {
        rules_version: m.rules_version,
        rule: m.rule,
        rule_zh: m.rule_zh,
        source: m.source,
        disposition: named("disposition", &m.disposition, &Disposition::ALL, Disposition::name)?,
        body: m.body,
        force: code("force", &m.force)?,
        inputs: m.inputs,
        candidates: m
            .candidates
            .into_iter()
            .map(|candidate| {
                Ok(Candidate {
                    body: candidate.body,
                    force: code("force", &candidate.force)?.ok_or(EventError::Field("force"))?,
                    distance: small("distance", candidate.distance)?,
                    load: small("load", candidate.load)?,
                    capacity: small("capacity", candidate.capacity)?,
                    grounds: candidate.grounds,
                })
            })
            .collect::<Result<_, _>>()?,
        rejected: m
            .rejected
            .into_iter()
            .map(|rejected| Rejected { alternative: rejected.alternative, reason: rejected.reason })
            .collect(),
        duties: m.duties,
        overridden: m.overridden,
        decided_by: m.decided_by,
        decided_on: parsed("decided_on", &m.decided_on)?,
    })
}

pub(super) fn read_clock(terms: common::ClockTerms) -> Result<ClockTerms, EventError> {
    Ok(ClockTerms {
        rule: terms.rule,
        rule_version: terms.rule_version,
        calendar_version: terms.calendar_version,
        started_on: parsed("started_on", &terms.started_on)?,
        kpi_due: parsed("kpi_due", &terms.kpi_due)?,
        legal_due: parsed("legal_due", &terms.legal_due)?,
        provisional: terms.provisional,
    })
}

pub(super) fn parsed<T: FromStr>(field: &'static str, text: &str) -> Result<T, EventError> {
    text.parse().map_err(|_| EventError::Field(field))
}

pub(super) fn optional<T: FromStr>(field: &'static str, text: &str) -> Result<Option<T>, EventError> {
    if text.is_empty() { Ok(None) } else { parsed(field, text).map(Some) }
}

fn small(field: &'static str, number: i32) -> Result<u32, EventError> {
    u32::try_from(number).map_err(|_| EventError::Field(field))
}

fn named<T: Copy>(field: &'static str, text: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, EventError> {
    all.iter().copied().find(|value| name(*value) == text).ok_or(EventError::Field(field))
}

trait Coded: Sized {
    fn of(text: &str) -> Option<Self>;
}

macro_rules! coded {
    ($($kind:ident),*) => {$(
        impl Coded for $kind {
            fn of(text: &str) -> Option<Self> {
                $kind::ALL.into_iter().find(|value| value.code() == text)
            }
        }
    )*};
}

coded!(AgreementForm, CaseSource, Confirmation, Force, Outcome, SessionMode);

fn code<C: Coded>(field: &'static str, text: &str) -> Result<Option<C>, EventError> {
    if text.is_empty() { Ok(None) } else { C::of(text).map(Some).ok_or(EventError::Field(field)) }
}
