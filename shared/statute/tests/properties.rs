//! What holds for every day and every length.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{
    Calendar, ClockTerms, Exclusion, Length, RuleBook, Unit, due, merged, rolled, start_clock, with_exclusions,
};
use proptest::prelude::*;
use std::{collections::BTreeSet, sync::LazyLock};

static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::shipped);
static BOOK: LazyLock<RuleBook> = LazyLock::new(RuleBook::shipped);

/// A day from 2005 to 2030: years with and without a notice.
fn any_day() -> impl Strategy<Value = Day> {
    (0..26 * 365).prop_map(|days| Day::new(2005, 5, 1).unwrap().plus_days(days))
}

fn any_length() -> impl Strategy<Value = Length> {
    let unit = prop::sample::select(vec![Unit::CalendarDay, Unit::WorkingDay, Unit::Month, Unit::Year]);
    (1..400_u32, unit).prop_map(|(amount, unit)| Length { amount, unit })
}

fn intervals(near: Day) -> impl Strategy<Value = Vec<(Day, Day)>> {
    prop::collection::vec((-20..120, 0..30), 0..6).prop_map(move |pairs| {
        pairs.into_iter().map(|(from, days)| (near.plus_days(from), near.plus_days(from + days))).collect()
    })
}

fn days(intervals: &[(Day, Day)]) -> BTreeSet<Day> {
    intervals.iter().flat_map(|(from, to)| (0..=to.days_since(*from)).map(|n| from.plus_days(n))).collect()
}

fn clock(code: &str, start: Day) -> ClockTerms {
    start_clock(&BOOK, &CALENDAR, code, start).unwrap()
}

proptest! {
    #[test]
    fn rolled_is_the_first_working_day_on_or_after(day in any_day()) {
        let rolled = rolled(&CALENDAR, day);
        prop_assert!(rolled >= day && CALENDAR.is_working(rolled));
        prop_assert!((0..rolled.days_since(day)).all(|n| !CALENDAR.is_working(day.plus_days(n))));
    }

    #[test]
    fn legal_due_never_lies_before_kpi_due(start in any_day(), length in any_length()) {
        let due = due(&CALENDAR, start, length);
        prop_assert!(due.legal >= due.kpi && due.kpi > start && CALENDAR.is_working(due.legal));
        prop_assert!(length.unit != Unit::WorkingDay || due.legal == due.kpi);
        prop_assert!(!CALENDAR.is_provisional(due.legal) || due.provisional);
    }

    #[test]
    fn the_nth_working_day_is_found_by_counting(start in any_day(), n in 1..120_u32) {
        let end = CALENDAR.add_working_days(start, n);
        let by_hand = (1..=end.days_since(start)).filter(|d| CALENDAR.is_working(start.plus_days(*d))).count();
        prop_assert!(CALENDAR.is_working(end));
        prop_assert_eq!(by_hand, n as usize);
        prop_assert_eq!(CALENDAR.working_days_between(start, end), n);
    }

    #[test]
    fn adding_working_days_is_monotone(start in any_day(), later in 0..40, n in 1..60_u32) {
        let end = CALENDAR.add_working_days(start, n);
        prop_assert!(CALENDAR.add_working_days(start, n + 1) > end);
        prop_assert!(CALENDAR.add_working_days(start.plus_days(later), n) >= end);
    }

    #[test]
    fn touching_a_provisional_day_is_what_it_says(from in any_day(), span in 0..800) {
        let to = from.plus_days(span);
        let by_hand = (0..=span).any(|n| CALENDAR.is_provisional(from.plus_days(n)));
        prop_assert_eq!(CALENDAR.touches_provisional(from, to), by_hand);
    }

    #[test]
    fn merging_keeps_each_day_once(intervals in intervals(Day::new(2024, 3, 1).unwrap())) {
        let merged = merged(&intervals);
        prop_assert_eq!(days(&merged), days(&intervals));
        prop_assert!(merged.windows(2).all(|pair| pair[1].0.days_since(pair[0].1) > 1));
    }

    #[test]
    fn excluded_days_are_given_back_once(start in any_day(), intervals in intervals(Day::new(2024, 3, 1).unwrap())) {
        let start = Day::new(2024, 3, 1).unwrap().plus_days(start.day().into());
        for (code, cause) in [("P-10", "rereview_hearing"), ("M-03", "medical_appraisal")] {
            let plain = start_clock(&BOOK, &CALENDAR, code, start).unwrap();
            let list: Vec<_> =
                intervals.iter().map(|(from, to)| Exclusion { cause: cause.to_owned(), from: *from, to: *to }).collect();
            let moved = with_exclusions(&plain, &BOOK, &CALENDAR, &list).unwrap();
            let out = days(&intervals);
            let counted = |day: &Day| (code == "P-10" || CALENDAR.is_working(*day)) && !out.contains(day);
            let n = (1..=moved.kpi_due.days_since(start)).map(|n| start.plus_days(n)).filter(counted).count();
            prop_assert_eq!(n, 30, "{}", code);
            prop_assert!(counted(&moved.kpi_due) && moved.legal_due >= moved.kpi_due && moved.kpi_due >= plain.kpi_due);
            prop_assert!(CALENDAR.is_working(moved.legal_due) && !out.contains(&moved.legal_due));
        }
    }

    #[test]
    fn a_petition_clock_starts_on_every_day_of_both_regulations(start in any_day()) {
        for code in ["P-01", "P-02", "P-03", "P-06", "P-07", "P-08", "P-09", "P-10"] {
            let terms = clock(code, start);
            let version = if start < Day::new(2022, 5, 1).unwrap() { "1" } else { "2" };
            prop_assert_eq!(&terms.rule_version, version);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,80}") {
        let _ = text.parse::<Length>();
        let _ = RuleBook::from_toml(&text);
        let _ = Calendar::from_toml(&text);
    }
}
