//! Requests about the rules of conduct.

use super::{
    Invalid, Reader,
    clocks::{day_told, goes_on, page_size},
};
use crate::store::{Days, Filter};
use fengqiao_model::{Day, DivisionCode, PetitionId, Token};
use fengqiao_proto::intake::v1 as pb;

/// Which petition is held against the book, and on which day.
pub struct Checked {
    /// Its id.
    pub id: Option<PetitionId>,
    /// Else its number.
    pub number: String,
    pub on: Day,
}

/// CheckConduct.
pub fn check_conduct(request: &pb::CheckConductRequest, today: Day) -> Result<Checked, Invalid> {
    let mut reader = Reader::default();
    let on = day_told(&mut reader, &request.on, today);
    let id = if request.petition_id.is_empty() == request.number.is_empty() {
        reader.wrong("petition_id", "exactly one of petition_id and number must be given");
        None
    } else if request.petition_id.is_empty() {
        reader.number("number", &request.number);
        None
    } else {
        reader.required("petition_id", &request.petition_id)
    };
    reader.finish(on.map(|on| Checked { id, number: request.number.clone(), on }))
}

/// Whose items are held against the book.
pub struct Cohort {
    pub on: Day,
    pub from: Day,
    pub to: Day,
    pub filter: Filter,
}

fn cohort(
    reader: &mut Reader,
    on: &str,
    division: &str,
    (from, to): (&str, &str),
    allowed: Option<&DivisionCode>,
    today: Day,
) -> Option<Cohort> {
    let on = day_told(reader, on, today);
    let division: Option<DivisionCode> = reader.optional("division_code", division);
    let (first, last) = (reader.day("registered_from", from), reader.day("registered_to", to));
    let on = on?;
    let last = if to.is_empty() { on } else { last? };
    let year = Day::new(on.year(), 1, 1).unwrap_or(on);
    let first = if from.is_empty() { year.min(last) } else { first? };
    if last < first {
        reader.wrong("registered_to", "must not be before registered_from");
        return None;
    }
    let filter =
        Filter { division, registered: Days { from: Some(first), to: Some(last.min(on)) }, ..Filter::default() }.within(allowed);
    Some(Cohort { on, from: first, to: last, filter })
}

/// ListConductRules.
pub fn conduct_rules(
    request: &pb::ListConductRulesRequest,
    allowed: Option<&DivisionCode>,
    today: Day,
) -> Result<Cohort, Invalid> {
    let mut reader = Reader::default();
    let registered = (request.registered_from.as_str(), request.registered_to.as_str());
    let cohort = cohort(&mut reader, &request.on, &request.division_code, registered, allowed, today);
    reader.finish(cohort)
}

/// A parsed list of breaches.
pub struct Breaches {
    pub rule: String,
    pub cohort: Cohort,
    pub page_size: i64,
    pub bound: String,
    /// Sort key after which to go on.
    pub after: (String, String),
}

/// ListConductBreaches.
pub fn conduct_breaches(
    request: &pb::ListConductBreachesRequest,
    allowed: Option<&DivisionCode>,
    today: Day,
) -> Result<Breaches, Invalid> {
    let mut reader = Reader::default();
    let rule: Option<Token> = reader.required("rule", &request.rule);
    let registered = (request.registered_from.as_str(), request.registered_to.as_str());
    let cohort = cohort(&mut reader, &request.on, &request.division_code, registered, allowed, today);
    let page_size = page_size(&mut reader, request.page_size);
    let filter = cohort.as_ref().map(|cohort| format!("{:?} {}", cohort.filter, cohort.on)).unwrap_or_default();
    let bound = format!("conduct {} {filter}", request.rule);
    let read = |after: &str| {
        let (day, id) = after.split_once('/')?;
        (day.parse::<Day>().is_ok() && id.parse::<PetitionId>().is_ok()).then(|| (day.to_owned(), id.to_owned()))
    };
    let after = goes_on(&mut reader, &request.page_token, &bound, read, Default::default());
    let listing = rule.zip(cohort).zip(after);
    reader.finish(listing.map(|((rule, cohort), after)| Breaches { rule: rule.into(), cohort, page_size, bound, after }))
}
