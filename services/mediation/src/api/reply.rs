//! From the domain to messages.

use crate::{
    app::{Alike, Changed, ImportOutcome, Shown, Step},
    domain::{
        Case, CaseState, Dispute, Law, RowRefusal, SealedContent, body_message, case_message, decision_message, dispute_message,
    },
    store::{StoredBody, StuckEvent, stuck_reason},
};
use fengqiao_model::{CaseId, Day, DivisionCode};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::Force;

/// A body with its load.
pub fn body(stored: &StoredBody) -> pb::Body {
    pb::Body {
        facts: Some(body_message(&stored.body)),
        force: force(Some(stored.body.force)),
        etag: stored.body.version.to_string(),
        open_cases: i32::try_from(stored.open).unwrap_or(i32::MAX),
    }
}

/// A case without its sealed part.
pub fn case(id: &str, dispute: &Dispute, case: &Case) -> pb::Case {
    pb::Case {
        facts: Some(case_message(case)),
        state: state(case.state),
        force: force(case.force),
        etag: case.version.to_string(),
        dispute_id: id.to_owned(),
        dispute: Some(dispute_message(dispute)),
        stuck: stuck_reason(case).to_owned(),
        ..pb::Case::default()
    }
}

/// A case of a dispute that was changed, with the routing decision of the change where it is about this case.
pub fn changed_case(changed: &Changed, id: CaseId) -> Option<pb::Case> {
    let found = changed.dispute.case(id)?;
    let decision = changed.routing.as_ref().filter(|_| found.ended_on.is_none());
    Some(pb::Case { routing: decision.map(decision_message), ..case(&changed.id, &changed.dispute, found) })
}

/// The case that a change opened for another body.
pub fn next_case(changed: &Changed, id: CaseId) -> Option<pb::Case> {
    let next = changed.dispute.cases.last().filter(|next| next.from == Some(id))?;
    changed_case(changed, next.id)
}

/// The case that a change opened.
pub fn opened_case(changed: &Changed) -> Option<pb::Case> {
    changed_case(changed, changed.dispute.cases.last()?.id)
}

/// A dispute with its cases, without what is sealed.
pub fn dispute(id: &str, dispute: &Dispute) -> pb::Dispute {
    pb::Dispute {
        id: id.to_owned(),
        etag: dispute.version.to_string(),
        facts: Some(dispute_message(dispute)),
        cases: dispute.cases.iter().map(|known| case(id, dispute, known)).collect(),
        history: Vec::new(),
    }
}

/// A case with its sealed part, its last routing decision and the history of its dispute.
pub fn shown_case(shown: &Shown, id: CaseId) -> Option<pb::Case> {
    let found = shown.dispute.case(id)?;
    let SealedContent { title, narrative, parties, .. } = &shown.content;
    Some(pb::Case {
        routing: shown.routing(id).map(decision_message),
        title: title.as_str().to_owned(),
        narrative: narrative.as_str().to_owned(),
        parties: parties
            .iter()
            .map(|party| pb::Party {
                name: party.name.as_str().to_owned(),
                phone: party.phone.as_str().to_owned(),
                identity_number: party.identity_number.as_str().to_owned(),
                address: party.address.as_str().to_owned(),
                side: party.side.code().to_owned(),
            })
            .collect(),
        history: history(shown),
        ..case(&shown.id, &shown.dispute, found)
    })
}

/// A dispute with its history.
pub fn shown_dispute(shown: &Shown) -> pb::Dispute {
    pb::Dispute { history: history(shown), ..dispute(&shown.id, &shown.dispute) }
}

fn history(shown: &Shown) -> Vec<pb::HistoryEntry> {
    let entry = |step: &Step| pb::HistoryEntry {
        kind: step.stored.kind.clone(),
        occurred_on: step.stored.occurred_on.to_string(),
        recorded_at: Some(prost_types::Timestamp {
            seconds: step.stored.recorded_at.0.div_euclid(1_000_000),
            nanos: i32::try_from(step.stored.recorded_at.0.rem_euclid(1_000_000) * 1000).unwrap_or(0),
        }),
        actor: step.stored.actor.clone(),
        case_numbers: step.event.cases.iter().map(|case| case.number.clone()).collect(),
        position: step.stored.position,
        reason: step.event.reason.clone(),
        text: step.text.clone(),
        hand_over: step
            .event
            .hand_over
            .as_ref()
            .map(|given| pb::HandOver { recipient: given.recipient.clone(), purpose: given.purpose.clone() }),
        version: step.stored.version,
    };
    shown.history.iter().map(entry).collect()
}

/// Candidates for one quarrel; of another division's it is only said that they are there.
pub fn similar(found: &[Alike], allowed: Option<&DivisionCode>) -> Vec<pb::SimilarDispute> {
    let candidate = |alike: &Alike| {
        let elsewhere = !allowed.is_none_or(|division| division.contains(&alike.dispute.division));
        let shown = pb::SimilarDispute {
            dispute_id: alike.id.clone(),
            number: alike.dispute.number.clone(),
            reasons: alike.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            elsewhere,
            ..pb::SimilarDispute::default()
        };
        if elsewhere {
            return shown;
        }
        let last = alike.dispute.cases.iter().rev().find(|case| !case.body.is_empty());
        let first = alike.dispute.cases.iter().map(|case| case.applied_on).min();
        pb::SimilarDispute { body: last.map(|case| case.body.clone()).unwrap_or_default(), applied_on: day(first), ..shown }
    };
    found.iter().map(candidate).collect()
}

/// What became of a batch of rows; `refused` are those that could not even be read.
pub fn imported(outcome: ImportOutcome, refused: Vec<RowRefusal>) -> pb::ImportCasesResponse {
    let mut refusals: Vec<_> = outcome.refused.into_iter().chain(refused).collect();
    refusals.sort_by_key(|refusal| refusal.line);
    let rows = outcome.imported + outcome.advanced + outcome.already + i64::try_from(refusals.len()).unwrap_or(i64::MAX);
    pb::ImportCasesResponse {
        rows,
        imported: outcome.imported,
        advanced: outcome.advanced,
        already: outcome.already,
        // Nothing is published yet in this version, so no cut-off can have passed.
        late: 0,
        refused: refusals
            .into_iter()
            .map(|r| pb::CaseRowRefusal { line: r.line, column: r.column.to_owned(), reason: r.reason })
            .collect(),
        log_position: outcome.position,
    }
}

/// Events of another log that could not be placed.
pub fn stuck(events: Vec<StuckEvent>) -> pb::ListStuckResponse {
    let event =
        |event: StuckEvent| pb::StuckEvent { log: event.log, position: event.position, kind: event.kind, reason: event.reason };
    pb::ListStuckResponse { stuck: events.into_iter().map(event).collect() }
}

/// The routing rules, dispute types and reason codes in force on a day.
pub fn rules(law: &Law, on: Day) -> pb::ListRoutingRulesResponse {
    pb::ListRoutingRulesResponse {
        rules_version: law.routing.version().to_owned(),
        rules: law
            .routing
            .rules()
            .iter()
            .map(|rule| pb::RoutingRule {
                id: rule.id.clone(),
                zh: rule.zh.clone(),
                en: rule.en.clone(),
                source: rule.source.clone(),
                mark: rule.mark.clone(),
            })
            .collect(),
        type_list_version: law.types.version().to_owned(),
        types: law
            .types
            .on(on)
            .map(|kind| pb::DisputeType {
                code: kind.code.clone(),
                zh: kind.zh.clone(),
                en: kind.en.clone(),
                forces: kind.forces().map(|known| force(Some(known))).collect(),
                other_routes: kind.other_routes.clone(),
                source: kind.source.clone(),
            })
            .collect(),
        reason_list_version: law.reasons.version().to_owned(),
        reasons: law
            .reasons
            .on(on)
            .map(|reason| pb::CaseReason {
                code: reason.code.clone(),
                zh: reason.zh.clone(),
                en: reason.en.clone(),
                transition: reason.transition.code().to_owned(),
                source: reason.source.clone(),
            })
            .collect(),
        flags: law.routing.flags().map(str::to_owned).collect(),
    }
}

/// The contract's number of a force.
fn force(force: Option<Force>) -> i32 {
    let place = |force: Force| super::parse::FORCES.iter().position(|known| *known == force);
    force.and_then(place).and_then(|place| i32::try_from(place + 1).ok()).unwrap_or(0)
}

/// The contract's number of a state.
fn state(state: CaseState) -> i32 {
    let place = CaseState::ALL.iter().position(|known| *known == state).unwrap_or(0);
    i32::try_from(place + 1).unwrap_or(0)
}

fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
