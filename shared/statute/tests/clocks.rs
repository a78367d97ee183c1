//! Running clocks: start, extend, exclude, restate, and how they stand on a day.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{
    Calendar, Clock, ClockTerms, Exclusion, ExclusionError, ExtensionError, Length, NoRule, RuleBook, Standing, extend_clock,
    extend_to, restate_clock, start_clock, with_exclusions,
};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn start(code: &str, on: &str) -> ClockTerms {
    start_clock(&RuleBook::shipped(), &Calendar::shipped(), code, day(on)).unwrap()
}

fn extend(terms: &ClockTerms, days: u32) -> Result<ClockTerms, ExtensionError> {
    extend_clock(terms, &RuleBook::shipped(), &Calendar::shipped(), Length::calendar_days(days))
}

fn exclude(terms: &ClockTerms, cause: &str, intervals: &[(&str, &str)]) -> Result<ClockTerms, ExclusionError> {
    let one = |(from, to): &(&str, &str)| Exclusion { cause: cause.to_owned(), from: day(from), to: day(to) };
    let list: Vec<_> = intervals.iter().map(one).collect();
    with_exclusions(terms, &RuleBook::shipped(), &Calendar::shipped(), &list)
}

fn dues(terms: &ClockTerms) -> (String, String) {
    (terms.kpi_due.to_string(), terms.legal_due.to_string())
}

fn pair(kpi: &str, legal: &str) -> (String, String) {
    (kpi.to_owned(), legal.to_owned())
}

#[test]
fn a_clock_keeps_the_version_of_its_trigger_day() {
    let old = start("P-06", "2022-04-30");
    assert_eq!((old.rule_version.as_str(), old.calendar_version.as_str()), ("1", "2026.1"));
    assert_eq!(start("P-06", "2022-05-01").rule_version, "2");
    assert_eq!(extend(&old, 30).unwrap().rule_version, "1");
    let book = RuleBook::shipped();
    let none = start_clock(&book, &Calendar::shipped(), "P-06", day("2005-04-30")).unwrap_err();
    assert_eq!(none.to_string(), "the rule book has no rule P-06 in force on 2005-04-30");
    let none = start_clock(&book, &Calendar::shipped(), "P-05", day("2024-01-01")).unwrap_err();
    assert_eq!(none.to_string(), "rule P-05 sets no length: set by the assigner");
}

#[test]
fn an_extension_runs_from_the_unrolled_day_then_rolls() {
    // 60 D from 2024-08-06: unrolled Saturday 5 October, inside National Day; legal 8 October.
    let terms = start("P-06", "2024-08-06");
    assert_eq!(dues(&terms), pair("2024-10-05", "2024-10-08"));
    assert_eq!(dues(&extend(&terms, 30).unwrap()), pair("2024-11-04", "2024-11-04"));
    assert_eq!(dues(&extend(&terms, 14).unwrap()), pair("2024-10-19", "2024-10-21"));
}

#[test]
fn extensions_have_the_bound_of_their_rule() {
    let terms = start("P-06", "2024-08-06");
    assert_eq!(extend(&terms, 31).unwrap_err().to_string(), "P-06 can be extended by at most 30 D in all");
    assert_eq!(extend(&terms, 9999).unwrap_err().to_string(), "P-06 can be extended by at most 30 D in all");
    for beyond_reason in [0, 10_000, u32::MAX] {
        let error = extend(&terms, beyond_reason).unwrap_err().to_string();
        assert_eq!(error, "an extension of P-06 must be from 1 D to 9999 D");
    }
    let once = extend(&terms, 20).unwrap();
    assert!(extend(&once, 10).is_ok() && extend(&once, 11).is_err());
    assert!(matches!(extend(&start("A-13", "2024-08-06"), 30), Err(ExtensionError::NotInUnit { unit: 'W', .. })));
    assert_eq!(extend(&start("P-08", "2024-08-06"), 1).unwrap_err().to_string(), "P-08 cannot be extended (XF 35)");
    assert!(matches!(extend(&start("J-01", "2024-08-06"), 500), Ok(terms) if terms.kpi_due == day("2026-01-18")));
}

#[test]
fn a_ledger_gives_the_extended_day_itself() {
    let terms = extend_to(&start("P-06", "2024-08-06"), &Calendar::shipped(), day("2024-11-02"));
    assert_eq!(dues(&terms), pair("2024-11-02", "2024-11-04"));
    assert_eq!(terms.started_on, day("2024-08-06"));
}

#[test]
fn excluded_time_is_given_back_and_overlaps_count_once() {
    // 30 D from 2024-03-01: 31 March. A hearing from 11 to 15 March gives five days back; told twice, still five.
    let terms = start("P-10", "2024-03-01");
    assert_eq!(dues(&terms), pair("2024-03-31", "2024-04-01"));
    assert_eq!(
        dues(&exclude(&terms, "rereview_hearing", &[("2024-03-11", "2024-03-15")]).unwrap()),
        pair("2024-04-05", "2024-04-07")
    );
    let twice = [("2024-03-11", "2024-03-13"), ("2024-03-11", "2024-03-15"), ("2024-03-14", "2024-03-15")];
    assert_eq!(dues(&exclude(&terms, "rereview_hearing", &twice).unwrap()), pair("2024-04-05", "2024-04-07"));
    // Time before the start and after the end changes nothing.
    let outside = [("2024-01-01", "2024-03-01"), ("2024-05-01", "2024-05-31")];
    assert_eq!(exclude(&terms, "rereview_hearing", &outside).unwrap(), terms);
    // A working-day clock gives back working days only: 15 to 17 September are off.
    let medical = start("M-03", "2024-09-13");
    assert_eq!(medical.kpi_due, day("2024-10-31"));
    assert_eq!(exclude(&medical, "medical_appraisal", &[("2024-09-15", "2024-09-18")]).unwrap().kpi_due, day("2024-11-01"));
}

#[test]
fn nothing_is_excluded_by_analogy() {
    for cause in ["rereview_hearing", "medical_appraisal", "mediation"] {
        let error = exclude(&start("P-06", "2024-03-01"), cause, &[("2024-03-11", "2024-03-15")]).unwrap_err();
        assert_eq!(error.to_string(), format!("P-06 does not exclude time for {cause}; it excludes nothing"));
    }
    let error = exclude(&start("M-03", "2024-03-01"), "testing", &[("2024-03-11", "2024-03-15")]).unwrap_err();
    assert_eq!(error.to_string(), "M-03 does not exclude time for testing; it excludes only medical_appraisal");
    let error = exclude(&start("P-10", "2024-03-01"), "rereview_hearing", &[("2024-03-11", "2024-03-10")]).unwrap_err();
    assert!(matches!(error, ExclusionError::EndsBeforeStart { .. }));
}

#[test]
fn a_new_notice_restates_what_it_moves() {
    let (book, old) = (RuleBook::shipped(), Calendar::shipped());
    let new = Calendar::from_toml(
        &(include_str!("../data/calendar.toml").replace("2026.1", "2027.1")
            + "\n[[year]]\nyear = 2027\npapers = [\"https://example.invalid\"]\noff = [\"2027-01-01/2027-01-03\"]\n\
               work = [\"2027-01-09\"]\n"),
    )
    .unwrap();
    // 60 D from 2026-11-02: 1 January 2027, a Friday; the weekend rule takes it for a working day.
    let terms = start("P-06", "2026-11-02");
    assert_eq!((dues(&terms), terms.provisional), (pair("2027-01-01", "2027-01-01"), true));
    let restated = restate_clock(&terms, &book, &old, &new).unwrap();
    assert_eq!((dues(&restated), restated.provisional), (pair("2027-01-01", "2027-01-04"), false));
    assert_eq!(restated.calendar_version, "2027.1");
    // A working-day clock: New Year's Day falls out; in ten days the make-up Saturday makes up for it, in five it does not.
    let complaint = start_clock(&book, &old, "A-14a", day("2026-12-28")).unwrap();
    assert_eq!(complaint.kpi_due, day("2027-01-11"));
    assert_eq!(restate_clock(&complaint, &book, &old, &new).unwrap().kpi_due, day("2027-01-11"));
    let objection = start_clock(&book, &old, "P-04", day("2026-12-28")).unwrap();
    assert_eq!(objection.kpi_due, day("2027-01-04"));
    assert_eq!(restate_clock(&objection, &book, &old, &new).unwrap().kpi_due, day("2027-01-05"));
    let unknown = ClockTerms { rule_version: "9".to_owned(), ..terms };
    assert!(matches!(restate_clock(&unknown, &book, &old, &new), Err(NoRule::NoVersion { .. })));
}

#[test]
fn the_due_day_itself_is_in_time() {
    let terms = start("P-06", "2024-08-06"); // kpi 10-05, legal 10-08
    let clock = |ended: Option<&str>| Clock { terms: terms.clone(), ended_on: ended.map(day) };
    for (ended, as_of, kpi, legal) in [
        (None, "2024-10-05", Standing::Running, Standing::Running),
        (None, "2024-10-06", Standing::Overdue, Standing::Running),
        (None, "2024-10-09", Standing::Overdue, Standing::Overdue),
        (Some("2024-10-05"), "2024-12-31", Standing::OnTime, Standing::OnTime),
        (Some("2024-10-08"), "2024-12-31", Standing::Late, Standing::OnTime),
        (Some("2024-10-09"), "2024-12-31", Standing::Late, Standing::Late),
        // As of a day before the end the clock still ran.
        (Some("2024-10-09"), "2024-10-07", Standing::Overdue, Standing::Running),
    ] {
        let clock = clock(ended);
        assert_eq!((clock.kpi_standing(day(as_of)), clock.legal_standing(day(as_of))), (kpi, legal), "{ended:?} {as_of}");
    }
}

#[test]
fn terms_travel_as_json() {
    let terms = start("P-06", "2024-08-06");
    let json = serde_json::to_string(&terms).unwrap();
    assert_eq!(
        json,
        r#"{"rule":"P-06","rule_version":"2","calendar_version":"2026.1","started_on":"2024-08-06","kpi_due":"2024-10-05","legal_due":"2024-10-08","provisional":false}"#
    );
    assert_eq!(serde_json::from_str::<ClockTerms>(&json).unwrap(), terms);
}
