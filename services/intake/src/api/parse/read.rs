//! Requests that read: which petition, whose status, which day's law.

use super::{Invalid, Reader, foreign_number};
use crate::domain::ForeignNumber;
use fengqiao_model::{Day, PetitionId, Token};
use fengqiao_proto::intake::v1 as pb;

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

/// The days of GetLookUpCounts.
pub fn look_up_days(request: &pb::GetLookUpCountsRequest, today: Day) -> Result<(Day, Day), Invalid> {
    const MOST: i32 = 366;
    let mut reader = Reader::default();
    if request.from.is_empty() {
        reader.wrong("from", "must not be empty");
    }
    let from = reader.day("from", &request.from);
    let to = if request.to.is_empty() { Some(today) } else { reader.day("to", &request.to) };
    let days = from.zip(to);
    if let Some((from, to)) = days {
        if to < from {
            reader.wrong("to", "must not be before from");
        } else if to.days_since(from) > MOST {
            reader.wrong("to", format!("must be at most {MOST} days after from"));
        }
    }
    reader.finish(days)
}
