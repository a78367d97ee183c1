//! Requests that read: which petition, whose status, which day's law.

use super::{Invalid, Reader};
use fengqiao_model::{Day, PetitionId, Token};
use fengqiao_proto::intake::v1 as pb;

/// Which petition GetPetition means.
pub enum Which {
    Id(PetitionId),
    Number(String),
    Reference { ledger: Option<Token>, external_ref: Token },
}

/// GetPetition.
pub fn which(request: &pb::GetPetitionRequest) -> Result<Which, Invalid> {
    let mut reader = Reader::default();
    let given = [&request.petition_id, &request.number, &request.external_ref];
    if given.iter().filter(|text| !text.is_empty()).count() != 1 {
        reader.wrong("petition_id", "exactly one of petition_id, number and external_ref must be given");
        return reader.finish(None);
    }
    let which = if !request.petition_id.is_empty() {
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
