//! The messages of mediation: how a body, or a dispute with some of its cases, stands after the event.

use super::{Raw, Read, check_texts, day, division, message, optional, terms};
use crate::{
    app::Told,
    domain::{BodyTold, CaseTold, DisputeTold, Entry, MilestoneTold, What},
};
use fengqiao_model::Day;
use fengqiao_proto::mediation::v1::{BodyChanged, BodyFacts, CaseFacts, DisputeChanged, DisputeFacts, Milestone};
use fengqiao_statute::{AgreementForm, Force, Outcome};

const BODY_KINDS: [&str; 7] =
    ["body.registered", "body.imported", "body.updated", "body.adjusted", "body.fostered", "body.closed", "body.reopened"];

pub(super) fn told(raw: &Raw<'_>, open: &[u8]) -> Read<Told> {
    if BODY_KINDS.contains(&raw.kind) {
        let event: BodyChanged = message(open)?;
        let body = Box::new(body(event.body.ok_or("the payload has no body")?)?);
        return Ok(Told::Body { body, imported: raw.kind == "body.imported" });
    }
    // Whatever happened, the event tells how things stand now.
    if !raw.kind.starts_with("dispute.") && !raw.kind.starts_with("case.") {
        return Err("the kind is unknown");
    }
    if raw.aggregate.is_empty() {
        return Err("the event names no dispute");
    }
    let event: DisputeChanged = message(open)?;
    Ok(Told::Dispute {
        dispute: Box::new(dispute(raw.aggregate, event.dispute.ok_or("the payload has no dispute")?)?),
        cases: event.cases.into_iter().map(case).collect::<Read<Vec<_>>>()?,
        imported: matches!(raw.kind, "case.imported" | "case.advanced"),
    })
}

fn body(facts: BodyFacts) -> Read<BodyTold> {
    if facts.code.is_empty() {
        return Err("the event names no body");
    }
    check_texts([&facts.code, &facts.kind, &facts.theme])?;
    Ok(BodyTold {
        force: force(&facts.force)?.ok_or("the force is unknown")?,
        division: if facts.division_code.is_empty() { None } else { Some(division(&facts.division_code)?) },
        founded_on: optional(&facts.founded_on)?,
        adjusted_on: facts.adjustments.iter().map(|adjustment| day(&adjustment.adjusted_on)).collect::<Read<Vec<Day>>>()?,
        fostered_on: optional(&facts.fostered_on)?,
        closed_on: optional(&facts.closed_on)?,
        code: facts.code,
        kind: facts.kind,
        theme: facts.theme,
    })
}

fn dispute(id: &str, facts: DisputeFacts) -> Read<DisputeTold> {
    check_texts([&facts.number, &facts.root_ref, &facts.dispute_type, &facts.source])?;
    Ok(DisputeTold {
        id: id.to_owned(),
        division: division(&facts.division_code)?,
        linked: !facts.linked_into.is_empty(),
        has_linked: !facts.linked.is_empty(),
        milestones: facts.milestones.into_iter().map(milestone).collect::<Read<Vec<_>>>()?,
        number: facts.number,
        root_ref: facts.root_ref,
        dispute_type: facts.dispute_type,
        source: facts.source,
    })
}

fn milestone(facts: Milestone) -> Read<MilestoneTold> {
    Ok(MilestoneTold {
        what: What::named(&facts.what).ok_or("a milestone is unknown")?,
        on: day(&facts.on)?,
        force: force(&facts.force)?,
        resolved: facts.resolved,
        case: facts.case_id,
        apart: facts.apart,
    })
}

fn case(facts: CaseFacts) -> Read<CaseTold> {
    if facts.case_id.is_empty() {
        return Err("a case has no id");
    }
    check_texts([
        &facts.case_id,
        &facts.number,
        &facts.external_ref,
        &facts.body,
        &facts.body_kind,
        &facts.source,
        &facts.dispute_type,
    ])?;
    let accepted_on = optional(&facts.accepted_on)?;
    let (ended_on, outcome) = end(&facts)?;
    let voided_on = optional(&facts.voided_on)?;
    let needs_acceptance = outcome.is_some_and(|outcome| !matches!(outcome, Outcome::Refused | Outcome::Declined));
    if needs_acceptance && accepted_on.is_none() && voided_on.is_none() {
        return Err("a case ended without having been accepted");
    }
    if [facts.claimed_fen, facts.agreed_fen, facts.paid_fen].iter().any(|fen| *fen < 0) || facts.party_count < 0 {
        return Err("an amount is negative");
    }
    let own = match facts.division_code.as_str() {
        "" => None,
        code => Some((division(code)?, facts.dispute_type.clone())),
    };
    Ok(CaseTold {
        own,
        force: force(&facts.force)?,
        applied_on: day(&facts.applied_on)?,
        accepted_on,
        ended_on,
        outcome,
        form: known(&facts.agreement_form, AgreementForm::ALL, AgreementForm::code, "the form of agreement is unknown")?,
        entry: match facts.entry.as_str() {
            "" => None,
            name => Some(Entry::named(name).ok_or("the entry is unknown")?),
        },
        handed_on: facts.handed_on,
        parties: i64::from(facts.party_count),
        hard: facts.hard,
        claimed_fen: facts.claimed_fen,
        agreed_fen: facts.agreed_fen,
        paid_fen: facts.paid_fen,
        performance_due: optional(&facts.performance_due)?,
        performed_on: optional(&facts.performed_on)?,
        confirmation_applied_on: optional(&facts.confirmation_applied_on)?,
        confirmed: facts.confirmation == "confirmed",
        handling: terms(facts.handling)?,
        voided_on,
        id: facts.case_id,
        number: facts.number,
        external_ref: facts.external_ref,
        body: facts.body,
        body_kind: facts.body_kind,
        source: facts.source,
    })
}

fn end(facts: &CaseFacts) -> Read<(Option<Day>, Option<Outcome>)> {
    let outcome = known(&facts.outcome, Outcome::ALL, Outcome::code, "the outcome is unknown")?;
    let ended_on = optional(&facts.ended_on)?;
    match (ended_on, outcome) {
        (Some(_), Some(_)) | (None, None) => Ok((ended_on, outcome)),
        // A voided case counts as nothing else.
        _ if !facts.voided_on.is_empty() => Ok((None, None)),
        _ => Err("an outcome and its day do not come together"),
    }
}

fn force(code: &str) -> Read<Option<Force>> {
    known(code, Force::ALL, Force::code, "the force is unknown")
}

/// A value of a closed list by its code; empty is none.
fn known<T: Copy>(
    code: &str,
    all: impl IntoIterator<Item = T>,
    code_of: fn(T) -> &'static str,
    unknown: &'static str,
) -> Read<Option<T>> {
    if code.is_empty() {
        return Ok(None);
    }
    all.into_iter().find(|value| code_of(*value) == code).map(Some).ok_or(unknown)
}
