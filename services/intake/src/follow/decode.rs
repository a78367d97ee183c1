//! From the messages of `mediation/v1/events.proto` to what a petition shows. Never fails: what cannot be read is stuck, with a
//! reason; what says nothing of a petition is left out.

use super::FOLLOWS;
use crate::{
    app::{Dispute, Said, ToldCase},
    store::StuckEvent,
};
use fengqiao_model::{CaseId, Day, DisputeId, EventId, Instant, PetitionId, derived_id};
use fengqiao_proto::{
    feed::v1::Event,
    mediation::v1::{CaseFacts, DisputeChanged, Milestone},
};
use prost::Message;

type Read<T> = Result<T, &'static str>;

/// What an event of mediation says about a petition.
pub(super) fn read(event: &Event, log_id: &str) -> Option<Said> {
    dispute(event, log_id).map(|dispute| dispute.map(|dispute| Said::Dispute(Box::new(dispute)))).unwrap_or_else(|reason| {
        let kind = event.kind.replace('\0', "?");
        Some(Said::Stuck(StuckEvent { position: event.position, kind, reason: reason.to_owned() }))
    })
}

fn dispute(event: &Event, log_id: &str) -> Read<Option<Dispute>> {
    let effect = FOLLOWS.iter().find(|(kind, _)| *kind == event.kind).ok_or("the kind is unknown")?;
    if effect.1.is_empty() {
        return Ok(None);
    }
    if event.open_withheld {
        return Err("the payload was withheld");
    }
    let changed = DisputeChanged::decode(event.open.as_slice()).map_err(|_| "the payload cannot be read")?;
    let facts = changed.dispute.ok_or("the payload has no dispute")?;
    if facts.petition_id.is_empty() {
        return Ok(None);
    }
    let petition: PetitionId = facts.petition_id.parse().map_err(|_| "the petition's id is malformed")?;
    let dispute: DisputeId = event.aggregate_id.parse().map_err(|_| "the dispute's id is malformed")?;
    let id = derived_id(Instant(event.recorded_us), log_id, event.position, "mediation.progressed");
    Ok(Some(Dispute {
        position: event.position,
        kind: event.kind.clone(),
        event_id: EventId::from_bytes(id).to_string(),
        request_id: plain(&event.request_id)?,
        occurred_on: day(&event.occurred_on)?,
        petition,
        dispute,
        number: plain(&facts.number)?,
        concluded: concluded(&facts.milestones)?,
        cases: changed.cases.iter().map(case).collect::<Read<_>>()?,
    }))
}

/// What the county counts last: `None` while it counts nothing, the day of the conclusion unless it was taken up again.
fn concluded(milestones: &[Milestone]) -> Read<Option<Option<Day>>> {
    milestones.last().map(|last| if last.what == "concluded" { day(&last.on).map(Some) } else { Ok(None) }).transpose()
}

fn case(facts: &CaseFacts) -> Read<ToldCase> {
    let ended = if facts.ended_on.is_empty() { &facts.voided_on } else { &facts.ended_on };
    Ok(ToldCase {
        id: facts.case_id.parse::<CaseId>().map_err(|_| "a case's id is malformed")?.to_string(),
        state: plain(&facts.state)?,
        body: plain(&facts.body)?,
        applied_on: day(&facts.applied_on)?,
        ended_on: if ended.is_empty() { None } else { Some(day(ended)?) },
    })
}

fn day(text: &str) -> Read<Day> {
    text.parse().map_err(|_| "a day is malformed")
}

/// PostgreSQL takes no NUL, and an event must never stop the follower.
fn plain(text: &str) -> Read<String> {
    if text.contains('\0') { Err("a text has a NUL character") } else { Ok(text.to_owned()) }
}
