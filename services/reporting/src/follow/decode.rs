//! From the messages of `intake/v1/events.proto` to what figures care about. Never fails: what cannot be read is stuck, with
//! a reason.

use crate::{
    app::{Item, Naming, Reading},
    domain::{Change, LedgerRow, Registration},
    store::StuckEvent,
};
use fengqiao_model::Day;
use fengqiao_proto::{
    common::v1::ClockTerms,
    intake::v1::{
        ExtensionDecided, LedgerFacts, OpinionIssued, PetitionAccepted, PetitionImported, PetitionRefused, PetitionRegistered,
        PetitionVoided, PetitionWithdrawn,
    },
};
use prost::Message;

/// The parts of an event that matter here.
pub(super) struct Raw<'a> {
    pub(super) position: i64,
    pub(super) kind: &'a str,
    pub(super) petition: &'a str,
    pub(super) known_on: &'a str,
    /// `None` when it was withheld.
    pub(super) open: Option<&'a [u8]>,
}

type Read<T> = Result<T, &'static str>;

pub(super) fn read(raw: &Raw<'_>) -> Reading {
    match item(raw) {
        Ok(item) => Reading::Item(Box::new(item)),
        Err(reason) => {
            let kind = raw.kind.replace('\0', "?");
            Reading::Stuck(StuckEvent { position: raw.position, kind, reason: reason.to_owned() })
        }
    }
}

fn item(raw: &Raw<'_>) -> Read<Item> {
    let open = raw.open.ok_or("the payload was withheld")?;
    let known = day(raw.known_on)?;
    let (naming, change) = change(raw.kind, open)?;
    let item =
        Item { position: raw.position, kind: raw.kind.to_owned(), petition: raw.petition.to_owned(), naming, known, change };
    check_texts(&item)?;
    Ok(item)
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
        "petition.extension_requested" | "petition.parties_erased" => Change::Nothing,
        _ => return Err("the kind is unknown"),
    };
    Ok((None, change))
}

fn registration(event: PetitionRegistered) -> Read<Registration> {
    Ok(Registration {
        division: event.division_code.parse().map_err(|_| "the division code is malformed")?,
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
    let answers_for_first_action = first_time(&facts);
    Ok(LedgerRow {
        registration: Registration {
            division: facts.division_code.parse().map_err(|_| "the division code is malformed")?,
            class: facts.matter_class,
            channel: facts.channel,
            unit: facts.responsible_unit,
            category: facts.category,
            persons: i64::from(facts.person_count),
            on: day(&facts.registered_on)?,
            first_action: terms(facts.first_action)?.filter(|_| answers_for_first_action),
        },
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

/// Whether timely acceptance counts the row (D§5.2 P1): no repeat, no litigation matter, at most 9,999 persons.
fn first_time(facts: &LedgerFacts) -> bool {
    facts.repeat_of.is_empty() && facts.litigation_related != "true" && facts.person_count <= 9_999
}

fn message<M: Message + Default>(open: &[u8]) -> Read<M> {
    M::decode(open).map_err(|_| "the payload cannot be read")
}

fn day(text: &str) -> Read<Day> {
    text.parse().map_err(|_| "a day is malformed")
}

fn optional(text: &str) -> Read<Option<Day>> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some) }
}

fn terms(terms: Option<ClockTerms>) -> Read<Option<(Day, Day)>> {
    terms.map(|terms| Ok((day(&terms.kpi_due)?, day(&terms.legal_due)?))).transpose()
}

/// Texts that become keys: PostgreSQL takes no NUL, and an event must never stop the follower.
fn check_texts(item: &Item) -> Read<()> {
    let mut texts = vec![item.petition.as_str()];
    if let Some(naming) = &item.naming {
        texts.extend([naming.number.as_str(), &naming.external_ref]);
    }
    match &item.change {
        Change::Registered(r) => texts.extend([r.unit.as_str(), &r.channel]),
        Change::Imported(row) | Change::Advanced(row) => {
            texts.extend([row.registration.unit.as_str(), &row.registration.channel, &row.conclusion]);
        }
        Change::Accepted { unit, .. } => texts.push(unit),
        Change::Refused { conclusion, .. } => texts.push(conclusion),
        _ => {}
    }
    if item.petition.is_empty() {
        return Err("the event names no petition");
    }
    if texts.iter().any(|text| text.contains('\0')) { Err("a text has a NUL character") } else { Ok(()) }
}
