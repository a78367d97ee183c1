//! Opening a dispute with its first case, at a desk or from a petition.

use super::{able_body, amount, business_day, not_after_today};
use crate::domain::{
    Case, CaseState, Change, Context, Dispute, House, Inputs, Kind, NewDispute, Rejection,
    draft::{Draft, Step},
};
use fengqiao_model::{CaseId, Day, DisputeId};
use fengqiao_statute::CaseSource;

/// Opens a dispute with its first case. Numbers are left empty: they are given when everything else is certain.
pub fn open(
    dispute: DisputeId,
    case: CaseId,
    new: &NewDispute,
    house: &House,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    if !context.may_touch_division(&new.division) {
        return Err(Rejection::OutsideDivision);
    }
    let on = opened_on(new, context)?;
    check(new, on, house, context)?;
    let ledger = match (&new.external_ref, &new.ledger) {
        (None, _) => String::new(),
        (Some(_), Some(ledger)) => ledger.to_string(),
        (Some(_), None) => context.caller.unit.to_string(),
    };
    let mut first = Case {
        number: new.number.clone(),
        source: new.source,
        party_count: new.party_count,
        hard: new.hard,
        claimed_fen: new.claimed_fen,
        ledger,
        external_ref: new.external_ref.as_ref().map(ToString::to_string).unwrap_or_default(),
        flags: new.flags.clone(),
        already_at: new.already_at.clone(),
        applicant_consents: new.applicant_consents,
        respondent_consents: new.respondent_consents,
        chosen_body: new.chosen_body.as_ref().map(ToString::to_string).unwrap_or_default(),
        ..blank(case, on)
    };
    if new.take_here {
        take_here(&mut first, new, on, house, context)?;
    }
    let facts = Dispute {
        version: 0,
        number: new.number.clone(),
        division: new.division.clone(),
        dispute_type: new.dispute_type.clone(),
        type_list_version: context.law.types.version().to_owned(),
        source: new.source,
        milestones: Vec::new(),
        linked_into: None,
        linked: Vec::new(),
        petition: new.petition,
        root_ref: String::new(),
        ledger: String::new(),
        erased: false,
        cases: Vec::new(),
        last_request: None,
    };
    let kind = if new.petition.is_some() { Kind::OpenedFromPetition } else { Kind::Opened };
    let mut draft = Draft::opening(dispute, facts);
    draft.add(first);
    let sealed = (!new.sealed.is_empty()).then(|| new.sealed.clone());
    Ok(draft.changes(Step::new(kind, on).sealing(sealed), Kind::Restated))
}

/// A case of which nothing is known but its id and its day.
pub(in crate::domain) fn blank(id: CaseId, applied_on: Day) -> Case {
    Case {
        id,
        version: 0,
        number: String::new(),
        state: CaseState::Applied,
        force: None,
        body: String::new(),
        body_kind: String::new(),
        source: CaseSource::Applied,
        applied_on,
        dispatched_on: None,
        accepted_on: None,
        ended_on: None,
        outcome: None,
        agreement_form: None,
        entry: None,
        handed_on: false,
        handed_on_to: String::new(),
        from: None,
        party_count: 0,
        hard: false,
        session_mode: None,
        mediator: String::new(),
        claimed_fen: 0,
        agreed_fen: 0,
        paid_fen: 0,
        performance_due: None,
        performed_on: None,
        confirmation_applied_on: None,
        confirmation: None,
        reason: String::new(),
        returns: 0,
        returned_by: Vec::new(),
        handling: None,
        ledger: String::new(),
        external_ref: String::new(),
        petition_ref: String::new(),
        voided_on: None,
        flags: Vec::new(),
        already_at: Vec::new(),
        applicant_consents: false,
        respondent_consents: false,
        chosen_body: String::new(),
        not_dispatched: false,
        imported_cells: None,
        file: Box::default(),
        last_request: None,
    }
}

/// What is routed by following was decided elsewhere, however long ago: only the future is refused.
fn opened_on(new: &NewDispute, context: &Context<'_>) -> Result<Day, Rejection> {
    const FIELD: &str = "dispute.occurred_on";
    if new.petition.is_some() {
        let on = new.occurred_on.unwrap_or(context.today);
        not_after_today(FIELD, on, context)?;
        return Ok(on);
    }
    business_day(FIELD, new.occurred_on, None, context)
}

fn check(new: &NewDispute, on: Day, house: &House, context: &Context<'_>) -> Result<(), Rejection> {
    let law = context.law;
    if !law.types.on(on).any(|kind| kind.code == new.dispute_type) {
        return Err(Rejection::field("dispute.dispute_type", "must be a dispute type of the list, such as T02"));
    }
    if let Some(unknown) = new.flags.iter().find(|flag| !law.routing.flags().any(|known| known == flag.as_str())) {
        let known: Vec<_> = law.routing.flags().collect();
        return Err(Rejection::field("dispute.flags", format!("must be among {}, {unknown} is not", known.join(", "))));
    }
    if let Some(unknown) = new.already_at.iter().find(|organ| !law.routing.organs().any(|known| known == organ.as_str())) {
        let known: Vec<_> = law.routing.organs().collect();
        return Err(Rejection::field("dispute.already_at", format!("must be among {}, {unknown} is not", known.join(", "))));
    }
    amount("dispute.claimed_fen", new.claimed_fen)?;
    match &new.chosen_body {
        Some(code) if house.find(code.as_str()).is_none() => Err(Rejection::BodyNotFound { code: code.to_string() }),
        _ => Ok(()),
    }
}

/// The caller's body takes what came to its own desk. It knows whether it has room; but what the law keeps from it, it refuses.
fn take_here(case: &mut Case, new: &NewDispute, on: Day, house: &House, context: &Context<'_>) -> Result<(), Rejection> {
    let body = &able_body(house, context.caller.unit.as_str(), &new.dispute_type, context)?.body;
    let inputs = Inputs {
        dispute_type: new.dispute_type.clone(),
        division: new.division.clone(),
        flags: new.flags.clone(),
        already_at: new.already_at.clone(),
        applicant_consents: new.applicant_consents,
        respondent_consents: new.respondent_consents,
        chosen_body: case.chosen_body.clone(),
        tried: Vec::new(),
        excluded_bodies: Vec::new(),
        day: context.today,
    };
    if let Some(rule) = context.law.routing.refusing(&inputs, body.force) {
        return Err(Rejection::NotDispatchable { rule: rule.id.clone(), source_article: rule.source.clone() });
    }
    if !(new.applicant_consents && new.respondent_consents) {
        return Err(Rejection::ConsentMissing);
    }
    case.state = CaseState::Accepted;
    case.force = Some(body.force);
    case.body = body.code.to_string();
    case.body_kind.clone_from(&body.kind);
    case.dispatched_on = Some(on);
    case.accepted_on = Some(on);
    case.handling = context.law.clocks.start(body.force, &new.dispute_type, on, on, context);
    Ok(())
}
