//! From the domain to messages.

mod history;

use crate::{
    app::{ImportOutcome, Shown},
    domain::{Link, Petition, RowRefusal, State},
};
use fengqiao_model::Day;
use fengqiao_proto::{common::v1 as common, intake::v1 as pb};
use fengqiao_statute::ClockTerms;

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
            })
            .collect(),
        history: shown.history.iter().map(history::entry).collect(),
        mediation: shown.links.iter().map(link).collect(),
        ..petition(&shown.id, &shown.petition)
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

/// What the petitioner may see (D§2.6); of mediation two days and nothing more.
pub fn status(p: &Petition, mediated_until: Option<Day>) -> pb::LookUpStatusResponse {
    pb::LookUpStatusResponse {
        number: p.number.clone(),
        state: state(p.state),
        state_text: p.state.zh().to_owned(),
        registered_on: p.registered_on.to_string(),
        accepted_on: day(p.accepted_on),
        extended_on: day(p.extended_on),
        concluded_on: day(p.concluded_on),
        mediation_from: day(p.routed_on),
        mediation_until: day(mediated_until),
    }
}

/// What became of a batch of rows; `refused` are those that could not even be read.
pub fn imported(outcome: ImportOutcome, refused: Vec<RowRefusal>) -> pb::ImportPetitionsResponse {
    let mut refusals: Vec<_> = outcome.refused.into_iter().chain(refused).collect();
    refusals.sort_by_key(|refusal| refusal.line);
    let rows = outcome.imported + outcome.advanced + outcome.already + i64::try_from(refusals.len()).unwrap_or(i64::MAX);
    pb::ImportPetitionsResponse {
        rows,
        imported: outcome.imported,
        advanced: outcome.advanced,
        already: outcome.already,
        // Nothing is published yet in this version, so no cut-off can have passed.
        late: 0,
        refused: refusals
            .into_iter()
            .map(|r| pb::RowRefusal { line: r.line, column: r.column.to_owned(), reason: r.reason })
            .collect(),
        log_position: outcome.position,
    }
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
