//! The messages of intake: what changed in a petition, or how a petition or a unit stands.

mod whole;

use super::{Raw, Read, check_texts, day, division, message, optional, terms};
use crate::{
    app::{Naming, Told},
    domain::{Change, LedgerRow, Registration},
};
use fengqiao_proto::intake::v1::{
    ExtensionDecided, LedgerFacts, OpinionIssued, PetitionAccepted, PetitionImported, PetitionRefused, PetitionRegistered,
    PetitionVoided, PetitionWithdrawn,
};

pub(super) fn told(raw: &Raw<'_>, open: &[u8]) -> Read<Told> {
    match raw.kind.split_once('.') {
        Some(("petition", _)) => {}
        Some(("unit", _)) => return whole::unit(raw, open),
        // What mediation published, shown beside the petition: mediation's own log says it. Calendars count for nothing: the
        // clocks that one moves are told of petition by petition.
        Some(("mediation" | "calendar", _)) => return Ok(Told::Nothing),
        _ => return Err("the kind is unknown"),
    }
    if raw.aggregate.is_empty() {
        return Err("the event names no petition");
    }
    let (naming, change) = change(raw.kind, open)?;
    if let Some(naming) = &naming {
        check_texts([&naming.number, &naming.external_ref])?;
    }
    match &change {
        Change::Registered(r) => check_texts([&r.unit, &r.channel])?,
        Change::Imported(row) | Change::Advanced(row) => {
            check_texts([&row.registration.unit, &row.registration.channel, &row.conclusion])?;
        }
        Change::Accepted { unit, .. } => check_texts([unit])?,
        Change::Refused { conclusion, .. } => check_texts([conclusion])?,
        Change::Stepped(standing) => check_texts(standing.texts())?,
        _ => {}
    }
    Ok(Told::Petition { id: raw.aggregate.to_owned(), naming, change })
}

fn change(kind: &str, open: &[u8]) -> Read<(Option<Naming>, Change)> {
    let change = match kind {
        "petition.registered" => {
            let event: PetitionRegistered = message(open)?;
            let naming = Naming { number: event.number.clone(), external_ref: event.external_ref.clone() };
            return Ok((Some(naming), Change::Registered(Box::new(registration(event)?))));
        }
        "petition.imported" | "petition.advanced" => {
            let event: PetitionImported = message(open)?;
            let row = Box::new(row(event.facts.ok_or("the payload has no facts")?)?);
            let change = if kind == "petition.imported" { Change::Imported(row) } else { Change::Advanced(row) };
            return Ok((Some(Naming { number: event.number, external_ref: event.external_ref }), change));
        }
        "petition.accepted" => {
            let event: PetitionAccepted = message(open)?;
            let handling = terms(event.handling)?;
            Change::Accepted { on: day(&event.accepted_on)?, unit: event.responsible_unit, handling }
        }
        "petition.refused" => {
            let event: PetitionRefused = message(open)?;
            Change::Refused { on: day(&event.refused_on)?, conclusion: event.conclusion }
        }
        "petition.extension_decided" => {
            let event: ExtensionDecided = message(open)?;
            match terms(event.handling)? {
                Some(handling) if event.granted => Change::Extended { handling },
                _ => Change::Nothing,
            }
        }
        "petition.opinion_issued" => {
            let event: OpinionIssued = message(open)?;
            Change::OpinionIssued { on: day(&event.issued_on)? }
        }
        "petition.withdrawn" => {
            let event: PetitionWithdrawn = message(open)?;
            Change::Withdrawn { on: day(&event.withdrawn_on)? }
        }
        "petition.voided" => {
            let event: PetitionVoided = message(open)?;
            Change::Voided { on: day(&event.voided_on)? }
        }
        "petition.extension_requested" | "petition.routed_to_mediation" | "petition.parties_erased" => Change::Nothing,
        // Every other kind carries the petition as it stands after it.
        _ => return whole::step(open),
    };
    Ok((None, change))
}

fn registration(event: PetitionRegistered) -> Read<Registration> {
    Ok(Registration {
        division: division(&event.division_code)?,
        class: event.matter_class,
        channel: event.channel,
        unit: event.responsible_unit,
        category: event.category,
        persons: i64::from(event.person_count),
        on: day(&event.registered_on)?,
        first_action: terms(event.first_action)?,
    })
}

fn row(facts: LedgerFacts) -> Read<LedgerRow> {
    Ok(LedgerRow {
        registration: Registration {
            division: division(&facts.division_code)?,
            class: facts.matter_class,
            channel: facts.channel,
            unit: facts.responsible_unit,
            category: facts.category,
            persons: i64::from(facts.person_count),
            on: day(&facts.registered_on)?,
            first_action: terms(facts.first_action)?,
        },
        repeat: !facts.repeat_of.is_empty(),
        litigation: facts.litigation_related == "true",
        rating_office: facts.rating_office,
        rating_unit: facts.rating_unit,
        first_action_on: optional(&facts.first_action_on)?,
        accepted_on: optional(&facts.accepted_on)?,
        concluded_on: optional(&facts.concluded_on)?,
        conclusion: facts.conclusion,
        review_requested_on: optional(&facts.review_requested_on)?,
        reviewed_on: optional(&facts.reviewed_on)?,
        rereview_requested_on: optional(&facts.rereview_requested_on)?,
        rereviewed_on: optional(&facts.rereviewed_on)?,
        handling: terms(facts.handling)?,
        review: terms(facts.review)?,
        rereview: terms(facts.rereview)?,
    })
}
