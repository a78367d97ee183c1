//! The messages that hold a whole petition: as it was logged, and as a ledger's row has it.

use super::{EventError, clock, day_text, optional, parsed, read_clock, read_code, some_clock};
use crate::domain::{ClockRun, ForeignNumber, LedgerOrigin, Petition, clocks, ledger};
use fengqiao_model::{DivisionCode, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, Conclusion};

pub(super) fn registered(p: &Petition) -> pb::PetitionRegistered {
    pb::PetitionRegistered {
        number: p.number.clone(),
        slip: p.slip.clone(),
        unit: p.unit.to_string(),
        division_code: p.division.to_string(),
        channel: p.channel.map_or("", Channel::code).to_owned(),
        matter_class: p.matter_class.code().to_owned(),
        category: p.category.clone(),
        person_count: i32::try_from(p.person_count).unwrap_or(i32::MAX),
        responsible_unit: p.responsible_unit.clone(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        registered_on: p.registered_on.to_string(),
        offline: p.offline,
        first_action: p.terms(clocks::FIRST_ACTION).map(clock),
        further_clocks: p
            .clocks
            .iter()
            .map(|run| &run.terms)
            .filter(|terms| terms.rule != clocks::FIRST_ACTION)
            .map(clock)
            .collect(),
        representatives: i32::try_from(p.representatives).unwrap_or(0),
        foreign_numbers: p.foreign_numbers.iter().map(foreign_number).collect(),
    }
}

/// A number in another system, as published.
pub(crate) fn foreign_number(given: &ForeignNumber) -> pb::ForeignNumber {
    pb::ForeignNumber { system: given.system.clone(), number: given.number.clone() }
}

pub(super) fn read_foreign_number(given: pb::ForeignNumber) -> ForeignNumber {
    ForeignNumber { system: given.system, number: given.number }
}

pub(super) fn imported(p: &Petition) -> pb::PetitionImported {
    let origin = p.origin.clone().unwrap_or_default();
    let terms = |rule: &str| p.terms(rule).map(clock);
    pb::PetitionImported {
        number: p.number.clone(),
        unit: p.unit.to_string(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        sealed_cells: origin.sealed_cells.to_vec(),
        facts: Some(pb::LedgerFacts {
            registered_on: p.registered_on.to_string(),
            division_code: p.division.to_string(),
            channel: p.channel.map_or("", Channel::code).to_owned(),
            matter_class: p.matter_class.code().to_owned(),
            category: p.category.clone(),
            person_count: i32::try_from(p.person_count).unwrap_or(i32::MAX),
            responsible_unit: p.responsible_unit.clone(),
            accepted_on: day_text(p.accepted_on),
            concluded_on: day_text(p.concluded_on),
            conclusion: p.conclusion.map_or("", Conclusion::code).to_owned(),
            first_action_on: day_text(p.first_action_on),
            repeat_of: p.repeat_of.clone(),
            litigation_related: p.litigation_related.map(|yes| yes.to_string()).unwrap_or_default(),
            extended_to: day_text(origin.extended_to),
            delivered_on: day_text(p.delivered_on),
            review_requested_on: day_text(p.review_requested_on),
            reviewed_on: day_text(p.reviewed_on),
            rereview_requested_on: day_text(p.rereview_requested_on),
            rereviewed_on: day_text(p.rereviewed_on),
            rating_office: p.rating_office.clone(),
            rating_unit: p.rating_unit.clone(),
            first_action: terms(clocks::FIRST_ACTION),
            handling: terms(clocks::HANDLING),
            review: terms(clocks::REVIEW),
            rereview: terms(clocks::REREVIEW),
        }),
    }
}

pub(super) fn read_registered(m: pb::PetitionRegistered) -> Result<Petition, EventError> {
    let matter_class = read_code("matter_class", &m.matter_class)?.ok_or(EventError::Field("matter_class"))?;
    let first = read_clock(m.first_action)?;
    let further = m.further_clocks.into_iter().map(some_clock).collect::<Result<Vec<_>, _>>()?;
    Ok(Petition {
        number: m.number,
        slip: m.slip,
        channel: read_code("channel", &m.channel)?,
        category: m.category,
        person_count: u32::try_from(m.person_count).map_err(|_| EventError::Field("person_count"))?,
        responsible_unit: m.responsible_unit,
        ledger: m.ledger,
        external_ref: m.external_ref,
        foreign_numbers: m.foreign_numbers.into_iter().map(read_foreign_number).collect(),
        offline: m.offline,
        representatives: u32::try_from(m.representatives).map_err(|_| EventError::Field("representatives"))?,
        clocks: first.into_iter().chain(further).map(ClockRun::started).collect(),
        ..Petition::registered(
            parsed("unit", &m.unit)?,
            parsed("division_code", &m.division_code)?,
            matter_class,
            parsed("registered_on", &m.registered_on)?,
        )
    })
}

pub(super) fn read_imported(m: pb::PetitionImported) -> Result<Petition, EventError> {
    let f = m.facts.ok_or(EventError::Field("facts"))?;
    let mut sealed_cells = [false; 3];
    for (to, from) in sealed_cells.iter_mut().zip(m.sealed_cells) {
        *to = from;
    }
    let matter_class = read_code("matter_class", &f.matter_class)?.ok_or(EventError::Field("matter_class"))?;
    let mut petition = Petition {
        number: m.number,
        channel: read_code("channel", &f.channel)?,
        category: f.category,
        person_count: u32::try_from(f.person_count).map_err(|_| EventError::Field("person_count"))?,
        responsible_unit: f.responsible_unit,
        ledger: m.ledger,
        external_ref: m.external_ref,
        accepted_on: optional("accepted_on", &f.accepted_on)?,
        concluded_on: optional("concluded_on", &f.concluded_on)?,
        conclusion: read_code("conclusion", &f.conclusion)?,
        first_action_on: optional("first_action_on", &f.first_action_on)?,
        repeat_of: f.repeat_of,
        litigation_related: match f.litigation_related.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| EventError::Field("litigation_related"))?),
        },
        delivered_on: optional("delivered_on", &f.delivered_on)?,
        review_requested_on: optional("review_requested_on", &f.review_requested_on)?,
        reviewed_on: optional("reviewed_on", &f.reviewed_on)?,
        rereview_requested_on: optional("rereview_requested_on", &f.rereview_requested_on)?,
        rereviewed_on: optional("rereviewed_on", &f.rereviewed_on)?,
        rating_office: f.rating_office,
        rating_unit: f.rating_unit,
        origin: Some(LedgerOrigin { sealed_cells, extended_to: optional("extended_to", &f.extended_to)?, overtaken: false }),
        ..Petition::registered(
            parsed::<Token>("unit", &m.unit)?,
            parsed::<DivisionCode>("division_code", &f.division_code)?,
            matter_class,
            parsed("registered_on", &f.registered_on)?,
        )
    };
    let terms = [f.first_action, f.handling, f.review, f.rereview];
    let mut read = Vec::with_capacity(terms.len());
    for terms in terms {
        read.extend(read_clock(terms)?);
    }
    ledger::settle(&mut petition, read);
    Ok(petition)
}
