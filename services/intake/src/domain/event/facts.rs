//! The open image of a petition as the contract has it, and back: everything but its version and its last request, which are the
//! envelope's.

use super::{EventError, clock, day_text, optional, parsed, read_clock, read_code};
use crate::domain::{ClockRun, Delivery, Extension, ForeignNumber, Hearing, LedgerOrigin, Petition, Routing, State, Supervision};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, Conclusion};
use std::str::FromStr;

const TRANSFERRED: &str = "transferred";
const ASSIGNED: &str = "assigned";
const UPHELD: &str = "upheld";
const OVERRULED: &str = "overruled";

pub(super) fn encode(p: &Petition) -> pb::PetitionFacts {
    pb::PetitionFacts {
        number: p.number.clone(),
        slip: p.slip.clone(),
        unit: p.unit.to_string(),
        division_code: p.division.to_string(),
        channel: p.channel.map_or("", Channel::code).to_owned(),
        matter_class: p.matter_class.code().to_owned(),
        category: p.category.clone(),
        person_count: int(p.person_count),
        responsible_unit: p.responsible_unit.clone(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        registered_on: p.registered_on.to_string(),
        offline: p.offline,
        representatives: int(p.representatives),
        state: p.state.name().to_owned(),
        accepted_on: day_text(p.accepted_on),
        concluded_on: day_text(p.concluded_on),
        conclusion: p.conclusion.map_or("", Conclusion::code).to_owned(),
        reason: p.reason.clone(),
        first_action_on: day_text(p.first_action_on),
        extended_on: day_text(p.extended_on),
        delivered_on: day_text(p.delivered_on),
        review_requested_on: day_text(p.review_requested_on),
        reviewed_on: day_text(p.reviewed_on),
        review_delivered_on: day_text(p.review_delivered_on),
        rereview_requested_on: day_text(p.rereview_requested_on),
        rereviewed_on: day_text(p.rereviewed_on),
        final_on: day_text(p.final_on),
        repeat_of: p.repeat_of.clone(),
        litigation_related: p.litigation_related.map(|yes| yes.to_string()).unwrap_or_default(),
        rating_office: p.rating_office.clone(),
        rating_unit: p.rating_unit.clone(),
        rated_on: day_text(p.rated_on),
        clocks: p.clocks.iter().map(clock_run).collect(),
        routings: p.routings.iter().map(routing).collect(),
        extension_days_requested: p.extension.as_ref().map_or(0, |asked| int(asked.days)),
        extension_requested_by: p.extension.as_ref().map(|asked| asked.requested_by.to_string()).unwrap_or_default(),
        routed_on: day_text(p.routed_on),
        mediation_routings: int(p.mediation_routings),
        erased: p.erased,
        reopened: int(p.reopened),
        reopened_on: day_text(p.reopened_on),
        code_generations: p.code_generations.iter().map(|generation| int(*generation)).collect(),
        supervisions: p.supervisions.iter().map(supervision).collect(),
        hearings: p.hearings.iter().map(hearing).collect(),
        foreign_numbers: p
            .foreign_numbers
            .iter()
            .map(|n| pb::ForeignNumber { system: n.system.clone(), number: n.number.clone() })
            .collect(),
        review_unit: p.review_unit.clone(),
        rereview_unit: p.rereview_unit.clone(),
        sealed_cells: p.origin.as_ref().map(|origin| origin.sealed_cells.to_vec()).unwrap_or_default(),
        extended_to: day_text(p.origin.as_ref().and_then(|origin| origin.extended_to)),
        overtaken: p.origin.as_ref().is_some_and(|origin| origin.overtaken),
        deliveries: p
            .deliveries
            .iter()
            .map(|d| pb::PetitionDelivery { paper: d.paper.clone(), on: d.on.to_string(), means: d.means.clone() })
            .collect(),
    }
}

pub(super) fn decode(m: pb::PetitionFacts) -> Result<Petition, EventError> {
    let unit = parsed("unit", &m.unit)?;
    let division = parsed("division_code", &m.division_code)?;
    let matter_class = read_code("matter_class", &m.matter_class)?.ok_or(EventError::Field("matter_class"))?;
    Ok(Petition {
        number: m.number,
        slip: m.slip,
        channel: read_code("channel", &m.channel)?,
        category: m.category,
        person_count: count("person_count", m.person_count)?,
        responsible_unit: m.responsible_unit,
        ledger: m.ledger,
        external_ref: m.external_ref,
        offline: m.offline,
        representatives: count("representatives", m.representatives)?,
        code_generations: m
            .code_generations
            .into_iter()
            .map(|generation| count("code_generations", generation))
            .collect::<Result<_, _>>()?,
        state: State::named(&m.state).ok_or(EventError::Field("state"))?,
        first_action_on: optional("first_action_on", &m.first_action_on)?,
        accepted_on: optional("accepted_on", &m.accepted_on)?,
        concluded_on: optional("concluded_on", &m.concluded_on)?,
        conclusion: read_code("conclusion", &m.conclusion)?,
        reason: m.reason,
        delivered_on: optional("delivered_on", &m.delivered_on)?,
        review_requested_on: optional("review_requested_on", &m.review_requested_on)?,
        review_unit: m.review_unit,
        reviewed_on: optional("reviewed_on", &m.reviewed_on)?,
        review_delivered_on: optional("review_delivered_on", &m.review_delivered_on)?,
        rereview_requested_on: optional("rereview_requested_on", &m.rereview_requested_on)?,
        rereview_unit: m.rereview_unit,
        rereviewed_on: optional("rereviewed_on", &m.rereviewed_on)?,
        final_on: optional("final_on", &m.final_on)?,
        repeat_of: m.repeat_of,
        litigation_related: maybe("litigation_related", &m.litigation_related)?,
        rating_office: m.rating_office,
        rating_unit: m.rating_unit,
        rated_on: optional("rated_on", &m.rated_on)?,
        clocks: m.clocks.into_iter().map(read_clock_run).collect::<Result<_, _>>()?,
        routings: m.routings.into_iter().map(read_routing).collect::<Result<_, _>>()?,
        supervisions: m.supervisions.into_iter().map(read_supervision).collect::<Result<_, _>>()?,
        hearings: m.hearings.into_iter().map(read_hearing).collect::<Result<_, _>>()?,
        deliveries: m.deliveries.into_iter().map(read_delivery).collect::<Result<_, _>>()?,
        foreign_numbers: m.foreign_numbers.into_iter().map(|n| ForeignNumber { system: n.system, number: n.number }).collect(),
        extension: match m.extension_requested_by.as_str() {
            "" => None,
            actor => Some(Extension {
                days: count("extension_days_requested", m.extension_days_requested)?,
                requested_by: parsed("extension_requested_by", actor)?,
            }),
        },
        extended_on: optional("extended_on", &m.extended_on)?,
        reopened: count("reopened", m.reopened)?,
        reopened_on: optional("reopened_on", &m.reopened_on)?,
        routed_on: optional("routed_on", &m.routed_on)?,
        mediation_routings: count("mediation_routings", m.mediation_routings)?,
        erased: m.erased,
        origin: match m.sealed_cells.as_slice() {
            [title, narrative, petitioner] => Some(LedgerOrigin {
                sealed_cells: [*title, *narrative, *petitioner],
                extended_to: optional("extended_to", &m.extended_to)?,
                overtaken: m.overtaken,
            }),
            _ => None,
        },
        ..Petition::registered(unit, division, matter_class, parsed("registered_on", &m.registered_on)?)
    })
}

pub(super) fn maybe<T: FromStr>(field: &'static str, text: &str) -> Result<Option<T>, EventError> {
    if text.is_empty() { Ok(None) } else { parsed(field, text).map(Some) }
}

fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn count(field: &'static str, number: i32) -> Result<u32, EventError> {
    u32::try_from(number).map_err(|_| EventError::Field(field))
}

fn clock_run(run: &ClockRun) -> pb::PetitionClock {
    pb::PetitionClock { terms: Some(clock(&run.terms)), done_on: day_text(run.done_on), lapsed_on: day_text(run.lapsed_on) }
}

fn read_clock_run(m: pb::PetitionClock) -> Result<ClockRun, EventError> {
    Ok(ClockRun {
        terms: read_clock(m.terms)?.ok_or(EventError::Field("clocks"))?,
        done_on: optional("done_on", &m.done_on)?,
        lapsed_on: optional("lapsed_on", &m.lapsed_on)?,
        former: Vec::new(),
    })
}

fn routing(way: &Routing) -> pb::PetitionRouting {
    pb::PetitionRouting {
        kind: if way.assigned { ASSIGNED } else { TRANSFERRED }.to_owned(),
        from_unit: way.from_unit.clone(),
        to_unit: way.to_unit.clone(),
        on: way.on.to_string(),
        received_on: way.received_on.to_string(),
        feedback_due: day_text(way.feedback_due),
        objected_on: day_text(way.objected_on),
        objection: way.upheld.map_or("", |upheld| if upheld { UPHELD } else { OVERRULED }).to_owned(),
        reported_on: day_text(way.reported_on),
        objected_by: way.objected_by.as_ref().map(ToString::to_string).unwrap_or_default(),
    }
}

fn read_routing(m: pb::PetitionRouting) -> Result<Routing, EventError> {
    Ok(Routing {
        assigned: match m.kind.as_str() {
            ASSIGNED => true,
            TRANSFERRED => false,
            _ => return Err(EventError::Field("routings")),
        },
        from_unit: m.from_unit,
        to_unit: m.to_unit,
        on: parsed("on", &m.on)?,
        received_on: parsed("received_on", &m.received_on)?,
        feedback_due: optional("feedback_due", &m.feedback_due)?,
        objected_on: optional("objected_on", &m.objected_on)?,
        objected_by: maybe("objected_by", &m.objected_by)?,
        upheld: match m.objection.as_str() {
            "" => None,
            UPHELD => Some(true),
            OVERRULED => Some(false),
            _ => return Err(EventError::Field("objection")),
        },
        reported_on: optional("reported_on", &m.reported_on)?,
    })
}

fn supervision(s: &Supervision) -> pb::PetitionSupervision {
    pb::PetitionSupervision {
        measure: s.measure.clone(),
        on: s.on.to_string(),
        unit: s.unit.clone(),
        rule: s.rule.clone(),
        explanation_due: day_text(s.explanation_due),
        explained_on: day_text(s.explained_on),
    }
}

fn read_supervision(m: pb::PetitionSupervision) -> Result<Supervision, EventError> {
    Ok(Supervision {
        measure: m.measure,
        on: parsed("on", &m.on)?,
        unit: m.unit,
        rule: m.rule,
        explanation_due: optional("explanation_due", &m.explanation_due)?,
        explained_on: optional("explained_on", &m.explained_on)?,
    })
}

fn hearing(h: &Hearing) -> pb::PetitionHearing {
    pb::PetitionHearing { stage: h.stage.clone(), from: h.from.to_string(), until: h.until.to_string() }
}

fn read_hearing(m: pb::PetitionHearing) -> Result<Hearing, EventError> {
    Ok(Hearing { stage: m.stage, from: parsed("from", &m.from)?, until: parsed("until", &m.until)? })
}

fn read_delivery(m: pb::PetitionDelivery) -> Result<Delivery, EventError> {
    Ok(Delivery { paper: m.paper, on: parsed("on", &m.on)?, means: m.means })
}
