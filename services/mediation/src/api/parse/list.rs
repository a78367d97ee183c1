//! Pages, filters, and which case or dispute is meant.

use super::{Invalid, reader::Reader};
use crate::{
    domain::CaseState,
    store::{BodyFilter, CaseFilter},
};
use fengqiao_model::{CaseId, Day, DisputeId, DivisionCode, PageToken, Token};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::CaseSource;

/// A parsed list request.
pub struct Listing<F, K> {
    pub filter: F,
    pub page_size: i64,
    /// Canonical text of the filter, to which page tokens are bound.
    pub bound: String,
    /// Sort key after which to go on.
    pub after: K,
}

/// ListCases. `allowed` is the caller's division.
pub fn cases(
    request: &pb::ListCasesRequest,
    allowed: Option<&DivisionCode>,
) -> Result<Listing<CaseFilter, (String, String)>, Invalid> {
    let mut reader = Reader::default();
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let body: Option<Token> = reader.optional("body", &request.body);
    let state = match usize::try_from(request.state) {
        Ok(0) => "",
        Ok(number) if number <= CaseState::ALL.len() => CaseState::ALL[number - 1].name(),
        _ => {
            reader.wrong("state", "must be a state of a case");
            ""
        }
    };
    let force = reader.force("force", request.force);
    let dispute_type = reader.code_or_none("dispute_type", &request.dispute_type);
    let source = reader.one_of_or_none("source", &request.source, CaseSource::ALL, CaseSource::code);
    let from = reader.day("applied_from", &request.applied_from);
    let to = reader.day("applied_to", &request.applied_to);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.wrong("applied_to", "must not be before applied_from");
    }
    let overdue = reader.day("overdue_on", &request.overdue_on);
    let page_size = reader.page_size(request.page_size);
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let filter = CaseFilter {
        division: division.map(String::from).unwrap_or_default(),
        allowed: allowed.map(ToString::to_string).unwrap_or_default(),
        body: body.map(String::from).unwrap_or_default(),
        state,
        force: force.map_or("", |force| force.code()),
        dispute_type,
        source: source.map_or("", |source| source.code()).to_owned(),
        applied_from: day(from),
        applied_to: day(to),
        overdue_on: day(overdue),
        stuck: request.stuck,
    };
    let bound = format!("{filter:?}");
    let key = |after: &str| {
        let (day, id) = after.split_once('/')?;
        (day.parse::<Day>().is_ok() && id.parse::<CaseId>().is_ok()).then(|| (day.to_owned(), id.to_owned()))
    };
    let after = place(&mut reader, &request.page_token, &bound, key);
    let listing = after.map(|after| Listing { filter, page_size, bound, after });
    reader.finish(listing)
}

/// ListBodies.
pub fn bodies(request: &pb::ListBodiesRequest) -> Result<Listing<BodyFilter, String>, Invalid> {
    let mut reader = Reader::default();
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let force = reader.force("force", request.force);
    let kind = reader.code_or_none("kind", &request.kind);
    let tag = reader.code_or_none("tag", &request.tag);
    let active_on = reader.day("active_on", &request.active_on);
    let page_size = reader.page_size(request.page_size);
    let filter = BodyFilter {
        division: division.map(String::from).unwrap_or_default(),
        force: force.map_or("", |force| force.code()),
        kind,
        tag,
        active_on: active_on.map(|day| day.to_string()).unwrap_or_default(),
    };
    let bound = format!("{filter:?}");
    let after = place(&mut reader, &request.page_token, &bound, |after| after.parse::<Token>().ok().map(String::from));
    let listing = after.map(|after| Listing { filter, page_size, bound, after });
    reader.finish(listing)
}

/// Where a page token says to go on; the beginning for an empty one.
fn place<K: Default>(reader: &mut Reader, token: &str, bound: &str, key: impl FnOnce(&str) -> Option<K>) -> Option<K> {
    let after = match PageToken::decode(token, bound) {
        Ok(None) => return Some(K::default()),
        Ok(Some(token)) => key(&token.after).ok_or_else(|| "must be a page token given by an earlier answer".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    after.map_err(|problem| reader.wrong("page_token", problem)).ok()
}

/// Which case GetCase means.
pub enum WhichCase {
    Id(CaseId),
    Number(String),
    Reference { ledger: Option<Token>, external_ref: Token },
}

/// GetCase.
pub fn which_case(request: &pb::GetCaseRequest) -> Result<WhichCase, Invalid> {
    let mut reader = Reader::default();
    let given = [&request.case_id, &request.number, &request.external_ref];
    if given.iter().filter(|text| !text.is_empty()).count() != 1 {
        reader.wrong("case_id", "exactly one of case_id, number and external_ref must be given");
        return reader.finish(None);
    }
    let which = if !request.case_id.is_empty() {
        reader.required("case_id", &request.case_id).map(WhichCase::Id)
    } else if !request.number.is_empty() {
        reader.number("number", &request.number);
        Some(WhichCase::Number(request.number.clone()))
    } else {
        let ledger = reader.optional("ledger", &request.ledger);
        reader.required("external_ref", &request.external_ref).map(|external_ref| WhichCase::Reference { ledger, external_ref })
    };
    reader.finish(which)
}

/// Which dispute GetDispute means.
pub enum WhichDispute {
    Id(DisputeId),
    Number(String),
}

/// GetDispute.
pub fn which_dispute(request: &pb::GetDisputeRequest) -> Result<WhichDispute, Invalid> {
    let mut reader = Reader::default();
    let which = match (request.dispute_id.is_empty(), request.number.is_empty()) {
        (false, true) => reader.required("dispute_id", &request.dispute_id).map(WhichDispute::Id),
        (true, false) => {
            reader.number("number", &request.number);
            Some(WhichDispute::Number(request.number.clone()))
        }
        _ => {
            reader.wrong("dispute_id", "exactly one of dispute_id and number must be given");
            None
        }
    };
    reader.finish(which)
}

/// The day of ListRoutingRules.
pub fn rules_day(request: &pb::ListRoutingRulesRequest, today: Day) -> Result<Day, Invalid> {
    let mut reader = Reader::default();
    let day = reader.day("on", &request.on).or(request.on.is_empty().then_some(today));
    reader.finish(day)
}
