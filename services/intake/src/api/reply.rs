//! From the domain to messages.

mod unit;

pub use unit::{imported_units, silent, unit, unit_with_history};
mod history;

use crate::{
    app::{ImportOutcome, Shown},
    domain::{DeskDispute, Link, PartyRole, Petition, RowRefusal, State},
    store::{ClockRow, DayCounts, DueRow},
};
use fengqiao_model::{Day, Instant};
use fengqiao_proto::{common::v1 as common, intake::v1 as pb};
use fengqiao_statute::{ClockTerms, Conclusion, ConductRule, Verdict};
use fengqiao_store::StoreError;

/// A petition without its sealed part.
pub fn petition(id: &str, p: &Petition) -> pb::Petition {
    pb::Petition {
        id: id.to_owned(),
        number: p.number.clone(),
        etag: p.version.to_string(),
        state: state(p.state),
        unit: p.unit.to_string(),
        division_code: p.division.to_string(),
        channel: p.channel.map_or("", |c| c.code()).to_owned(),
        matter_class: p.matter_class.code().to_owned(),
        category: p.category.clone(),
        person_count: i32::try_from(p.person_count).unwrap_or(i32::MAX),
        responsible_unit: p.responsible_unit.clone(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        slip: p.slip.clone(),
        registered_on: p.registered_on.to_string(),
        accepted_on: day(p.accepted_on),
        concluded_on: day(p.concluded_on),
        conclusion: p.conclusion.map_or("", |c| c.code()).to_owned(),
        reason: p.reason.clone(),
        first_action: p.terms("P-01").map(clock),
        handling: p.terms("P-06").map(clock),
        extension_days_requested: p.extension.as_ref().map_or(0, |e| i32::try_from(e.days).unwrap_or(0)),
        offline: p.offline,
        erased: p.erased,
        routed_on: day(p.routed_on),
        facts: Some(crate::domain::facts_message(p)),
        ..pb::Petition::default()
    }
}

/// A dispute that was opened at the desk.
pub fn desk_dispute(dispute: DeskDispute) -> pb::DeskDispute {
    let DeskDispute { dispute, case, number } = dispute;
    pb::DeskDispute { dispute_id: dispute.to_string(), case_id: case.to_string(), number }
}

/// A petition with its sealed part and its history.
pub fn shown(shown: &Shown) -> pb::Petition {
    let text = |text: &fengqiao_model::Text| text.as_str().to_owned();
    pb::Petition {
        title: text(&shown.content.title),
        narrative: text(&shown.content.narrative),
        parties: shown
            .content
            .parties
            .iter()
            .map(|party| pb::Party {
                name: text(&party.name),
                phone: text(&party.phone),
                identity_number: text(&party.identity_number),
                address: text(&party.address),
                identity_kind: party.identity_kind.code().to_owned(),
                role: if party.role == PartyRole::default() { String::new() } else { party.role.code().to_owned() },
            })
            .collect(),
        history: shown.history.iter().map(history::entry).collect(),
        mediation: shown.links.iter().map(link).collect(),
        ..petition(&shown.id, &shown.petition)
    }
}

/// A moment as the contract has it.
pub fn moment(at: Instant) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.0.div_euclid(1_000_000),
        nanos: i32::try_from(at.0.rem_euclid(1_000_000) * 1000).unwrap_or(0),
    }
}

fn link(link: &Link) -> pb::MediationLink {
    pb::MediationLink {
        dispute_id: link.dispute.clone(),
        dispute_number: link.number.clone(),
        state: link.state.clone(),
        body: link.body.clone(),
        opened_on: link.opened_on.to_string(),
        ended_on: day(link.ended_on),
        etag: link.version.to_string(),
    }
}

/// What the petitioner may see (D§2.6): where it stands and the days, never a unit, a reason, a document or a name; of mediation two days
/// and nothing more.
pub fn status(p: &Petition, mediated_until: Option<Day>) -> pb::LookUpStatusResponse {
    let shown = shown_state(p);
    let concluded = |conclusion| day(p.concluded_on.filter(|_| p.conclusion == Some(conclusion)));
    pb::LookUpStatusResponse {
        number: p.number.clone(),
        state: state(shown),
        state_text: shown.zh().to_owned(),
        registered_on: p.registered_on.to_string(),
        accepted_on: day(p.accepted_on),
        extended_on: day(p.extended_on),
        concluded_on: day(p.concluded_on),
        mediation_from: day(p.routed_on),
        mediation_until: day(mediated_until),
        transferred_on: p.routings.iter().map(|way| way.on.to_string()).collect(),
        refused_on: concluded(Conclusion::Refused),
        no_longer_accepted_on: concluded(Conclusion::NoLongerAccepted),
        opinion_on: concluded(Conclusion::Replied),
        reviewed_on: day(p.reviewed_on),
        rereviewed_on: day(p.rereviewed_on),
    }
}

/// That a unit objects is between the offices: to the petitioner it was transferred.
fn shown_state(p: &Petition) -> State {
    match (p.state, p.routings.last()) {
        (State::Objected, Some(way)) if way.assigned => State::Assigned,
        (State::Objected, _) => State::Transferred,
        (state, _) => state,
    }
}

/// How often the look-up was asked.
pub fn look_ups(days: &[(String, DayCounts)]) -> pb::GetLookUpCountsResponse {
    let day = |(day, counts): &(String, DayCounts)| pb::LookUpCount {
        day: day.clone(),
        answered: counts.answered,
        not_found: counts.not_found,
        backed_off: counts.backed_off,
    };
    pb::GetLookUpCountsResponse { days: days.iter().map(day).collect() }
}

/// What became of a batch of rows; `refused` are those that could not even be read.
pub fn imported(outcome: ImportOutcome, refused: Vec<RowRefusal>) -> pb::ImportPetitionsResponse {
    let (imported, advanced, already, position) = (outcome.imported, outcome.advanced, outcome.already, outcome.position);
    let (rows, refusals) = counted(outcome, refused);
    pb::ImportPetitionsResponse {
        rows,
        imported,
        advanced,
        already,
        // Nothing is published yet in this version, so no cut-off can have passed.
        late: 0,
        refused: refusals
            .into_iter()
            .map(|r| pb::RowRefusal { line: r.line, column: r.column.to_owned(), reason: r.reason })
            .collect(),
        log_position: position,
    }
}

/// How many rows there were, and all that were refused, in the order of lines.
fn counted(outcome: ImportOutcome, refused: Vec<RowRefusal>) -> (i64, Vec<RowRefusal>) {
    let taken = outcome.imported + outcome.advanced + outcome.already;
    let mut refusals: Vec<_> = outcome.refused.into_iter().chain(refused).collect();
    refusals.sort_by_key(|refusal| refusal.line);
    (taken + i64::try_from(refusals.len()).unwrap_or(i64::MAX), refusals)
}

fn state(state: State) -> i32 {
    let number = State::ALL.iter().position(|known| *known == state).unwrap_or(0);
    i32::try_from(number + 1).unwrap_or(0)
}

fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn clock(terms: &ClockTerms) -> common::ClockTerms {
    crate::domain::clock_message(terms)
}

/// The rules and reason codes in force on a day.
pub fn rules(law: &crate::domain::Law, on: Day) -> pb::ListRulesResponse {
    pb::ListRulesResponse {
        rule_book_version: law.rules.version().to_owned(),
        calendar_version: law.calendar.version().to_owned(),
        rules: law
            .rules
            .rules_on(on)
            .map(|rule| pb::ClockRule {
                code: rule.code.clone(),
                version: rule.version.clone(),
                title_zh: rule.title_zh.clone(),
                title_en: rule.title_en.clone(),
                length: rule.length.map(|length| length.to_string()).unwrap_or_default(),
                source: rule.source.clone(),
                mark: rule.mark.code().to_owned(),
            })
            .collect(),
        reasons: law
            .reasons
            .on(on)
            .map(|reason| pb::ReasonCode {
                code: reason.code.clone(),
                zh: reason.zh.clone(),
                en: reason.en.clone(),
                transition: reason.transition.code().to_owned(),
                source: reason.source.clone(),
            })
            .collect(),
    }
}

/// A clock before and after a notice.
pub fn restated((row, before): &(DueRow, ClockRow)) -> Result<pb::RestatedClock, StoreError> {
    Ok(pb::RestatedClock {
        petition_id: row.clock.petition_id.clone(),
        number: row.number.clone(),
        unit: row.clock.unit.clone(),
        before: Some(clock(&before.terms()?)),
        after: Some(clock(&row.clock.terms()?)),
    })
}

/// The verdict of one rule of conduct.
pub fn verdict(verdict: &Verdict<'_>) -> pb::ConductVerdict {
    pb::ConductVerdict {
        code: verdict.rule.code.clone(),
        version: verdict.rule.version.clone(),
        stage: verdict.rule.stage.code().to_owned(),
        title_zh: verdict.rule.title_zh.clone(),
        breaches: verdict.breaches.iter().map(ToString::to_string).collect(),
    }
}

/// A rule of conduct with how often it applied and was broken.
pub fn conduct_rule(rule: &ConductRule, (applied, breached): (i64, i64)) -> pb::ConductRule {
    pb::ConductRule {
        code: rule.code.clone(),
        version: rule.version.clone(),
        stage: rule.stage.code().to_owned(),
        stage_zh: rule.stage.zh().to_owned(),
        subject: rule.subject.code().to_owned(),
        title_zh: rule.title_zh.clone(),
        title_en: rule.title_en.clone(),
        source: rule.source.clone(),
        mark: rule.mark.code().to_owned(),
        note: rule.note.clone().unwrap_or_default(),
        applied,
        breached,
    }
}

/// An item that broke a rule of conduct.
pub fn conduct_breach(id: &str, petition: &Petition, broken: &Verdict<'_>) -> pb::ConductBreach {
    pb::ConductBreach {
        petition_id: id.to_owned(),
        number: petition.number.clone(),
        responsible_unit: petition.responsible_unit.clone(),
        breaches: broken.breaches.iter().map(ToString::to_string).collect(),
    }
}
