//! Requests that read: which petition, which page, whose status, which day's law.

use super::{Invalid, Reader, foreign_number};
use crate::{
    domain::{ForeignNumber, State},
    store::Filter,
};
use fengqiao_model::{Day, DivisionCode, PageToken, PetitionId, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Channel, MatterClass};

/// Which petition GetPetition means.
pub enum Which {
    Id(PetitionId),
    Number(String),
    Reference { ledger: Option<Token>, external_ref: Token },
    Foreign(ForeignNumber),
}

/// GetPetition.
pub fn which(request: &pb::GetPetitionRequest) -> Result<Which, Invalid> {
    let mut reader = Reader::default();
    let given = [&request.petition_id, &request.number, &request.external_ref];
    if given.iter().filter(|text| !text.is_empty()).count() + usize::from(request.foreign_number.is_some()) != 1 {
        reader.wrong("petition_id", "exactly one of petition_id, number, external_ref and foreign_number must be given");
        return reader.finish(None);
    }
    let which = if let Some(given) = &request.foreign_number {
        foreign_number(&mut reader, "foreign_number", given).map(Which::Foreign)
    } else if !request.petition_id.is_empty() {
        reader.required("petition_id", &request.petition_id).map(Which::Id)
    } else if !request.number.is_empty() {
        reader.number("number", &request.number);
        Some(Which::Number(request.number.clone()))
    } else {
        let ledger = reader.optional("ledger", &request.ledger);
        reader.required("external_ref", &request.external_ref).map(|external_ref| Which::Reference { ledger, external_ref })
    };
    reader.finish(which)
}

/// A parsed list request.
pub struct Listing {
    pub filter: Filter,
    pub page_size: i64,
    /// Canonical text of the filter, to which page tokens are bound.
    pub bound: String,
    /// Sort key after which to go on.
    pub after: (String, String),
}

/// ListPetitions. `allowed` is the caller's division.
pub fn list(request: &pb::ListPetitionsRequest, allowed: Option<&DivisionCode>) -> Result<Listing, Invalid> {
    let mut reader = Reader::default();
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let unit: Option<Token> = reader.optional("responsible_unit", &request.responsible_unit);
    let state = match usize::try_from(request.state) {
        Ok(0) => "",
        Ok(number) if number <= State::ALL.len() => State::ALL[number - 1].name(),
        _ => {
            reader.wrong("state", "must be a petition state");
            ""
        }
    };
    if !request.channel.is_empty() {
        reader.code("channel", &request.channel, Channel::ALL, Channel::code);
    }
    if !request.matter_class.is_empty() {
        reader.code("matter_class", &request.matter_class, MatterClass::ALL, MatterClass::code);
    }
    let from = reader.day("registered_from", &request.registered_from);
    let to = reader.day("registered_to", &request.registered_to);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.wrong("registered_to", "must not be before registered_from");
    }
    let overdue = reader.day("overdue_on", &request.overdue_on);
    let page_size = match request.page_size {
        0 => 100,
        size @ 1..=1000 => i64::from(size),
        _ => {
            reader.wrong("page_size", "must be from 1 to 1000, or 0 for 100");
            1
        }
    };
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let filter = Filter {
        division: division.map(String::from).unwrap_or_default(),
        allowed: allowed.map(ToString::to_string).unwrap_or_default(),
        responsible_unit: unit.map(String::from).unwrap_or_default(),
        state,
        channel: request.channel.clone(),
        matter_class: request.matter_class.clone(),
        registered_from: day(from),
        registered_to: day(to),
        overdue_on: day(overdue),
    };
    let bound = format!("{filter:?}");
    let after = match PageToken::decode(&request.page_token, &bound) {
        Ok(None) => Some((String::new(), String::new())),
        Ok(Some(token)) => token
            .after
            .split_once('/')
            .filter(|(day, id)| day.parse::<Day>().is_ok() && id.parse::<PetitionId>().is_ok())
            .map(|(day, id)| (day.to_owned(), id.to_owned())),
        Err(error) => {
            reader.wrong("page_token", error);
            None
        }
    };
    if after.is_none() && reader.problems.is_empty() {
        reader.wrong("page_token", "must be a page token given by an earlier answer");
    }
    let listing = after.map(|after| Listing { filter, page_size, bound, after });
    reader.finish(listing)
}

/// LookUpStatus: number and code; what has the shape of neither is refused, all else is looked for in the same way.
pub fn look_up(request: &pb::LookUpStatusRequest) -> Result<(String, String), Invalid> {
    let mut reader = Reader::default();
    reader.number("number", &request.number);
    reader.number("query_code", &request.query_code);
    reader.finish(Some((request.number.trim().to_owned(), request.query_code.clone())))
}

/// The day of ListRules.
pub fn rules_day(request: &pb::ListRulesRequest, today: Day) -> Result<Day, Invalid> {
    let mut reader = Reader::default();
    let day = reader.day("on", &request.on).or(request.on.is_empty().then_some(today));
    reader.finish(day)
}
