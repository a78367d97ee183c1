//! Requests about clocks: what is due, supervision, notices.

use super::{Asked, Invalid, Reader, change};
use crate::{
    domain::{Command, Explained, Measure, Pressed},
    store::DueFilter,
};
use fengqiao_model::{Day, DivisionCode, PageToken, PetitionId, RequestId, Token};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::{Calendar, Lamp, UnitLevel};

/// The longest calendar file.
const NOTICE: usize = 100_000;

change! {
    /// Supervise.
    supervise(request: pb::SuperviseRequest, reader) -> {
        let measure = reader.code("measure", &request.measure, Measure::ALL, Measure::code);
        let pressed = Pressed {
            measure: measure.unwrap_or(Measure::Reminder),
            unit: reader.optional("unit", &request.unit),
            on: reader.day("supervised_on", &request.supervised_on),
            explanation_due: reader.day("explanation_due", &request.explanation_due),
            document_number: reader.text("document_number", &request.document_number, 100),
            text: reader.text("text", &request.text, 2_000),
        };
        measure.map(|_| Command::Supervise(Box::new(pressed)))
    };
    /// ExplainSupervision.
    explain_supervision(request: pb::ExplainSupervisionRequest, reader) -> {
        let supervision = u32::try_from(request.supervision).ok();
        if supervision.is_none() {
            reader.wrong("supervision", "must be from 1, or 0 for the oldest that waits");
        }
        let explained = Explained {
            supervision: supervision.unwrap_or(0),
            on: reader.day("explained_on", &request.explained_on),
            document_number: reader.text("document_number", &request.document_number, 100),
            text: reader.required_text("text", &request.text, 2_000),
        };
        supervision.map(|_| Command::ExplainSupervision(Box::new(explained)))
    };
}

/// A day that is told about: today when not given, never ahead.
pub(super) fn day_told(reader: &mut Reader, text: &str, today: Day) -> Option<Day> {
    let day = reader.day("on", text).or(text.is_empty().then_some(today))?;
    if day > today {
        reader.wrong("on", format!("must not be after today, {today}"));
        return None;
    }
    Some(day)
}

/// Rows of a page.
pub(super) fn page_size(reader: &mut Reader, size: i32) -> i64 {
    match size {
        0 => 100,
        size @ 1..=1000 => i64::from(size),
        _ => {
            reader.wrong("page_size", "must be from 1 to 1000, or 0 for 100");
            1
        }
    }
}

/// Where a list goes on: the parts of the key in its token, or nothing to begin with.
pub(super) fn goes_on<K>(reader: &mut Reader, token: &str, bound: &str, read: impl Fn(&str) -> Option<K>, begin: K) -> Option<K> {
    let key = match PageToken::decode(token, bound) {
        Ok(None) => Some(begin),
        Ok(Some(token)) => read(&token.after),
        Err(error) => {
            reader.wrong("page_token", error);
            return None;
        }
    };
    if key.is_none() {
        reader.wrong("page_token", "must be a page token given by an earlier answer");
    }
    key
}

/// A parsed list of clocks.
pub struct DueListing {
    pub on: Day,
    pub filter: DueFilter,
    pub lamp: Option<Lamp>,
    pub page_size: i64,
    pub bound: String,
    pub after: (String, String, i64),
}

/// ListDue. `allowed` is the caller's division.
pub fn due(request: &pb::ListDueRequest, allowed: Option<&DivisionCode>, today: Day) -> Result<DueListing, Invalid> {
    let mut reader = Reader::default();
    let on = day_told(&mut reader, &request.on, today);
    let unit: Option<Token> = reader.optional("unit", &request.unit);
    let division: Option<DivisionCode> = reader.optional("division_code", &request.division_code);
    let rule: Option<Token> = reader.optional("rule", &request.rule);
    if !request.level.is_empty() {
        reader.code("level", &request.level, UnitLevel::ALL, UnitLevel::code);
    }
    let lamp: Option<Lamp> = reader.optional("lamp", &request.lamp);
    let page_size = page_size(&mut reader, request.page_size);
    let text = |token: Option<Token>| token.map(String::from).unwrap_or_default();
    let day = on.map(|day| day.to_string()).unwrap_or_default();
    let filter = DueFilter {
        unit: text(unit),
        level: request.level.clone(),
        rule: text(rule),
        division: division.map(String::from).unwrap_or_default(),
        allowed: allowed.map(ToString::to_string).unwrap_or_default(),
        kpi_before: if lamp == Some(Lamp::Red) { day.clone() } else { String::new() },
        legal_from: if lamp.is_some_and(|lamp| lamp != Lamp::Red) { day.clone() } else { String::new() },
        on: day,
    };
    let bound = format!("{filter:?} {lamp:?}");
    let read = |after: &str| {
        let (due, rest) = after.split_once('/')?;
        let (id, place) = rest.split_once('/')?;
        due.parse::<Day>().ok()?;
        id.parse::<PetitionId>().ok()?;
        Some((due.to_owned(), id.to_owned(), place.parse().ok()?))
    };
    let after = goes_on(&mut reader, &request.page_token, &bound, read, (String::new(), String::new(), -1));
    let listing = on.zip(after).map(|(on, after)| DueListing { on, filter, lamp, page_size, bound, after });
    reader.finish(listing)
}

/// AdoptCalendar: the request's id and the notice.
pub fn adopt(request: &pb::AdoptCalendarRequest) -> Result<(RequestId, Calendar), Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let notice = if request.notice.trim().is_empty() {
        reader.wrong("notice", "must not be empty");
        None
    } else if request.notice.chars().count() > NOTICE {
        reader.wrong("notice", format!("must be at most {NOTICE} characters"));
        None
    } else {
        match Calendar::from_toml(&request.notice) {
            Ok(notice) => Some(notice),
            Err(problems) => {
                for problem in problems.iter().take(20) {
                    reader.wrong("notice", problem);
                }
                None
            }
        }
    };
    reader.finish(request_id.zip(notice))
}

/// A parsed list of restatements.
pub struct Restatements {
    pub version: String,
    pub page_size: i64,
    pub bound: String,
    pub after: (String, i64),
}

/// ListRestatements; `in_use` is the version of the calendar in use.
pub fn restatements(request: &pb::ListRestatementsRequest, in_use: &str, allowed: &str) -> Result<Restatements, Invalid> {
    let mut reader = Reader::default();
    let version: Option<Token> = reader.optional("calendar_version", &request.calendar_version);
    let version = version.map_or_else(|| in_use.to_owned(), String::from);
    let page_size = page_size(&mut reader, request.page_size);
    let bound = format!("restatements {version} {allowed}");
    let read = |after: &str| {
        let (id, place) = after.split_once('/')?;
        id.parse::<PetitionId>().ok()?;
        Some((id.to_owned(), place.parse().ok()?))
    };
    let after = goes_on(&mut reader, &request.page_token, &bound, read, (String::new(), -1));
    reader.finish(after.map(|after| Restatements { version, page_size, bound, after }))
}
