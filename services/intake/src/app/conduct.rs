//! What the rules of conduct look at: an item's log as deeds, its clocks, what supervision asked for. Codes, ids and days only.

use crate::domain::{Event, Paper, Petition, StepKind};
use fengqiao_model::Day;
use fengqiao_statute::{ConductFacts, Deed, RunClock, Subject};
use fengqiao_store::{Event as Stored, StoreError};

/// What was recorded of an item. `history` are its events, the oldest first.
pub fn conduct_facts(petition: &Petition, history: &[Stored]) -> Result<ConductFacts, StoreError> {
    let mut deeds = Vec::with_capacity(history.len());
    let mut handler = petition.unit.to_string();
    for stored in history {
        let broken = |_| StoreError::Inconsistent { table: "event", column: "open", key: stored.position.to_string() };
        let event = Event::decode(&stored.kind, &stored.open).map_err(broken)?;
        match &event {
            Event::Accepted { responsible_unit, .. } => handler.clone_from(responsible_unit),
            Event::Stepped(step) if !step.petition.responsible_unit.is_empty() => {
                handler.clone_from(&step.petition.responsible_unit);
            }
            _ => {}
        }
        deeds.push(deed(petition, stored, &event, &handler));
    }
    let explanations = petition.supervisions.iter().filter_map(|s| Some((s.on, s.explanation_due?, s.explained_on)));
    let clocks = petition.clocks.iter();
    Ok(ConductFacts {
        subject: Subject::Petition,
        registered_on: petition.registered_on,
        matter_class: petition.matter_class.code().to_owned(),
        channel: petition.channel.map_or("", |channel| channel.code()).to_owned(),
        representatives: petition.representatives,
        deeds,
        clocks: clocks.map(|clock| RunClock { terms: clock.terms.clone(), ended_on: clock.done_on }).collect(),
        explanations: explanations.collect(),
    })
}

fn deed(petition: &Petition, stored: &Stored, event: &Event, handler: &str) -> Deed {
    // What passing time does was asked by nobody: it is not late because the sweep came later.
    let recorded_on = if stored.request_id.is_empty() { stored.occurred_on } else { stored.recorded_at.day() };
    let mut deed = Deed {
        step: stored.kind.strip_prefix("petition.").unwrap_or(&stored.kind).to_owned(),
        on: stored.occurred_on,
        recorded_on,
        actor: stored.actor.clone(),
        approved_by: String::new(),
        unit: handler.to_owned(),
        document_number: String::new(),
        reason: String::new(),
        received_on: None,
    };
    match event {
        Event::Accepted { document_number, .. } => {
            deed.document_number.clone_from(document_number);
            deed.received_on = received(petition, Paper::Acceptance, deed.on);
        }
        Event::Refused { document_number, reason, .. } => {
            deed.document_number.clone_from(document_number);
            deed.reason.clone_from(reason);
            deed.received_on = received(petition, Paper::Refusal, deed.on);
        }
        Event::OpinionIssued { document_number, delivered_on, .. } => {
            deed.document_number.clone_from(document_number);
            deed.received_on = delivered_on.or_else(|| received(petition, Paper::Opinion, deed.on));
        }
        Event::ExtensionDecided { .. } => deed.received_on = received(petition, Paper::Extension, deed.on),
        Event::Withdrawn { reason, .. } => deed.reason.clone_from(reason),
        Event::Voided { reason, approved_by, .. } => {
            deed.reason.clone_from(reason);
            deed.approved_by = approved_by.to_string();
        }
        Event::PartiesErased { approved_by, .. } => deed.approved_by = approved_by.to_string(),
        Event::Stepped(step) => {
            deed.document_number.clone_from(&step.document_number);
            deed.reason.clone_from(&step.reason);
            deed.approved_by = step.approved_by.as_ref().map(ToString::to_string).unwrap_or_default();
            deed.received_on = step.delivered_on;
            // The organ that decides, where it is known; else the unit that recorded it.
            let organ = match step.kind {
                StepKind::Reviewed => step.petition.review_unit.as_str(),
                StepKind::Rereviewed => step.petition.rereview_unit.as_str(),
                _ => "",
            };
            deed.unit = if organ.is_empty() { step.unit.to_string() } else { organ.to_owned() };
            let paper = match step.kind {
                StepKind::Reviewed => Some(Paper::Review),
                StepKind::Rereviewed => Some(Paper::Rereview),
                _ => None,
            };
            deed.received_on = deed.received_on.or_else(|| received(petition, paper?, deed.on));
        }
        _ => {}
    }
    deed
}

/// When the petitioner received a paper of a day.
fn received(petition: &Petition, paper: Paper, issued: Day) -> Option<Day> {
    petition
        .deliveries
        .iter()
        .find(|delivery| delivery.paper == paper.code() && delivery.on >= issued)
        .map(|delivery| delivery.on)
}
