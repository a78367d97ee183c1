//! Reads one clock a line and prints its rule's version, kpi and legal due day and whether they may still move, for a foreign
//! implementation to compare (`tests/clients/clock_oracle.py`).
//!
//! `P-06 2024-08-06 +14 +10`: extended twice. `P-10 2024-03-01 2024-03-11/2024-03-13 2024-03-12/2024-03-15`: hearings, in any order.
//! `P-05 2024-08-06 =2024-09-01`: the day the assigner set. What the law refuses is printed as `refused`, a rule without a length or
//! not in force as `none`.

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, ClockTerms, Exclusion, Length, RuleBook, extend_clock, rolled, start_clock, with_exclusions};
use std::{
    error::Error,
    io::{BufRead, BufWriter, Write, stdin, stdout},
};

fn main() -> Result<(), Box<dyn Error>> {
    let (book, calendar) = (RuleBook::shipped(), Calendar::shipped());
    let mut out = BufWriter::new(stdout().lock());
    for (number, line) in stdin().lock().lines().enumerate() {
        let line = line?;
        let answer = answer(&book, &calendar, &line).map_err(|error| format!("line {}: {error}", number + 1))?;
        writeln!(out, "{answer}")?;
    }
    out.flush()?;
    Ok(())
}

fn answer(book: &RuleBook, calendar: &Calendar, line: &str) -> Result<String, Box<dyn Error>> {
    let mut words = line.split_whitespace();
    let (code, day) = words.next().zip(words.next()).ok_or("must be a rule and a day")?;
    let day: Day = day.parse()?;
    let Some(rule) = book.rule_on(code, day) else { return Ok("none".to_owned()) };
    let rest: Vec<&str> = words.collect();
    if let Some(set) = rest.first().and_then(|word| word.strip_prefix('=')) {
        let set: Day = set.parse()?;
        let legal = rolled(calendar, set);
        return Ok(format!("{} {set} {legal} {}", rule.version, calendar.touches_provisional(set, legal)));
    }
    let Ok(mut terms) = start_clock(book, calendar, code, day) else { return Ok("none".to_owned()) };
    for days in rest.iter().filter_map(|word| word.strip_prefix('+')) {
        match extend_clock(&terms, book, calendar, Length::calendar_days(days.parse()?)) {
            Ok(extended) => terms = extended,
            Err(_) => return Ok("refused".to_owned()),
        }
    }
    let mut hearings = Vec::new();
    for (from, to) in rest.iter().filter_map(|word| word.split_once('/')) {
        hearings.push(Exclusion { cause: "rereview_hearing".to_owned(), from: from.parse()?, to: to.parse()? });
    }
    if !hearings.is_empty() {
        match with_exclusions(&terms, book, calendar, &hearings) {
            Ok(longer) => terms = longer,
            Err(_) => return Ok("refused".to_owned()),
        }
    }
    let ClockTerms { rule_version, kpi_due, legal_due, provisional, .. } = terms;
    Ok(format!("{rule_version} {kpi_due} {legal_due} {provisional}"))
}
