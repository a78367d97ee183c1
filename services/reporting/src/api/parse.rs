//! From messages to what the domain understands, collecting all field violations.

use super::dimension;
use crate::{
    app::Log,
    domain::{INDICATORS, Indicator, Sheet, indicator},
};
use fengqiao_model::{Day, DivisionCode, PageToken};
use fengqiao_proto::reporting::v1::{ExplainFigureRequest, GetAnnualReportRequest, GetFreshnessRequest, QueryFiguresRequest};
use fengqiao_service::errors;
use tonic::Status;

/// Years that can be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9999;

/// The longest wait, milliseconds.
const LONGEST_WAIT: i32 = 60_000;

/// Field path and problem.
#[derive(Default)]
struct Problems(Vec<(String, String)>);

impl Problems {
    fn add(&mut self, field: &str, problem: impl Into<String>) {
        self.0.push((field.to_owned(), problem.into()));
    }

    fn finish(self) -> Result<(), Status> {
        if self.0.is_empty() { Ok(()) } else { Err(errors::invalid(self.0)) }
    }

    fn year(&mut self, year: i32) -> i16 {
        match i16::try_from(year) {
            Ok(number) if YEARS.contains(&year) => number,
            _ => {
                self.add("year", format!("must be {} to {}", YEARS.start(), YEARS.end()));
                *YEARS.start() as i16
            }
        }
    }

    fn division(&mut self, text: &str) -> Option<DivisionCode> {
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|error: fengqiao_model::InvalidCode| self.add("division_code", error.to_string())).ok()
    }

    fn day(&mut self, field: &str, text: &str) -> Option<Day> {
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|_| self.add(field, "must be a day of the form 2024-12-31")).ok()
    }

    fn sheet(&mut self, field: &str, key: &str) -> Sheet {
        dimension(key).unwrap_or_else(|| {
            let keys: Vec<&str> = Sheet::ALL.into_iter().skip(1).map(Sheet::name).collect();
            self.add(field, format!("must be one of {}", keys.join(", ")));
            Sheet::Total
        })
    }

    fn indicator(&mut self, field: &str, id: &str) -> Option<&'static Indicator> {
        let found = indicator(id);
        if found.is_none() {
            self.add(field, "is not an indicator: see ListIndicators");
        }
        found
    }
}

pub(super) struct Annual {
    pub(super) year: i16,
    pub(super) division: Option<DivisionCode>,
    pub(super) as_of: Option<Day>,
}

pub(super) fn annual(request: &GetAnnualReportRequest) -> Result<Annual, Status> {
    let mut problems = Problems::default();
    let asked = Annual {
        year: problems.year(request.year),
        division: problems.division(&request.division_code),
        as_of: problems.day("as_of", &request.as_of),
    };
    problems.finish().map(|()| asked)
}

pub(super) struct Query {
    pub(super) year: i16,
    pub(super) division: Option<DivisionCode>,
    pub(super) as_of: Option<Day>,
    /// Empty for all.
    pub(super) indicators: Vec<&'static Indicator>,
    pub(super) sheet: Sheet,
}

pub(super) fn query(request: &QueryFiguresRequest) -> Result<Query, Status> {
    let mut problems = Problems::default();
    if request.indicators.len() > INDICATORS.len() {
        problems.add("indicators", format!("must be at most {}", INDICATORS.len()));
        return Err(errors::invalid(problems.0));
    }
    let ids = request.indicators.iter().enumerate();
    let asked = Query {
        year: problems.year(request.year),
        division: problems.division(&request.division_code),
        as_of: problems.day("as_of", &request.as_of),
        indicators: ids.filter_map(|(i, id)| problems.indicator(&format!("indicators[{i}]"), id)).collect(),
        sheet: problems.sheet("dimension", &request.dimension),
    };
    problems.finish().map(|()| asked)
}

pub(super) struct Explain {
    pub(super) indicator: &'static Indicator,
    pub(super) year: i16,
    pub(super) division: Option<DivisionCode>,
    pub(super) as_of: Option<Day>,
    pub(super) sheet: Sheet,
    pub(super) member: String,
    pub(super) page_size: usize,
    /// Id to go on after; empty at first.
    pub(super) after: String,
    /// What page tokens are bound to.
    pub(super) filter: String,
}

pub(super) fn explain(request: &ExplainFigureRequest) -> Result<Explain, Status> {
    let mut problems = Problems::default();
    let found = problems.indicator("indicator", &request.indicator);
    let year = problems.year(request.year);
    let division = problems.division(&request.division_code);
    let mut as_of = problems.day("as_of", &request.as_of);
    let (key, member) = request.dimension.as_ref().map_or(("", ""), |d| (d.key.as_str(), d.member.as_str()));
    let sheet = problems.sheet("dimension.key", key);
    if (sheet == Sheet::Total) != member.is_empty() {
        problems.add("dimension.member", "must be given with a key, and only then");
    }
    let page_size = match request.page_size {
        0 => 100,
        size @ 1..=1000 => size.unsigned_abs() as usize,
        _ => {
            problems.add("page_size", "must be 0 to 1000");
            1
        }
    };
    let filter = format!("{}|{year}|{}|{}|{key}|{member}", request.indicator, request.division_code, request.as_of);
    let mut after = String::new();
    match PageToken::decode(&request.page_token, &filter) {
        Ok(None) => {}
        Ok(Some(token)) => match token.after.split_once(' ').map(|(day, id)| (day.parse(), id)) {
            Some((Ok(day), id)) => {
                as_of = Some(day);
                id.clone_into(&mut after);
            }
            _ => problems.add("page_token", "must be a page token given by an earlier answer"),
        },
        Err(error) => problems.add("page_token", error.to_string()),
    }
    problems.finish()?;
    let indicator = found.ok_or_else(|| errors::invalid([("indicator", "is required")]))?;
    Ok(Explain { indicator, year, division, as_of, sheet, member: member.to_owned(), page_size, after, filter })
}

/// (log, position, milliseconds) to wait for, if any.
pub(super) fn freshness(request: &GetFreshnessRequest) -> Result<Option<(Log, i64, u64)>, Status> {
    let mut problems = Problems::default();
    let log = Log::named(&request.log);
    if log.is_none() && !request.log.is_empty() {
        problems.add("log", format!("must be {} or empty", Log::ALL.map(Log::name).join(", ")));
    }
    if request.position < 0 {
        problems.add("position", "must not be negative");
    }
    if !(0..=LONGEST_WAIT).contains(&request.wait_ms) {
        problems.add("wait_ms", format!("must be 0 to {LONGEST_WAIT}"));
    }
    problems.finish()?;
    Ok(log.map(|log| (log, request.position, u64::from(request.wait_ms.unsigned_abs()))))
}
