//! Facts of the shipped calendar (D§6.3) and what it says of years without a notice.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, Length, Unit, due};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn working_days_of(year: i16) -> u32 {
    let eve = Day::last_of_year(year - 1).unwrap();
    Calendar::shipped().working_days_between(eve, Day::last_of_year(year).unwrap())
}

#[test]
fn working_days_of_a_year() {
    assert_eq!([2024, 2025, 2026].map(working_days_of), [251, 248, 248]);
}

#[test]
fn each_announced_year_has_between_245_and_255_working_days() {
    let calendar = Calendar::shipped();
    assert_eq!(calendar.announced().collect::<Vec<_>>(), (2007..=2026).collect::<Vec<_>>());
    for year in calendar.announced() {
        assert!((245..=255).contains(&working_days_of(year)), "{year}: {}", working_days_of(year));
    }
}

#[test]
fn named_days() {
    let calendar = Calendar::shipped();
    for working in
        ["2024-02-04", "2024-02-09", "2024-09-29", "2025-09-28", "2026-01-04", "2026-09-20", "2007-12-29", "2020-02-03"]
    {
        assert!(calendar.is_working(day(working)), "{working}");
    }
    for off in ["2024-02-10", "2025-01-28", "2026-02-23", "2026-09-25", "2007-12-31", "2018-12-31", "2015-09-03", "2020-01-31"] {
        assert!(!calendar.is_working(day(off)), "{off}");
    }
    // Days that the notice of the next year names.
    assert!(calendar.is_working(day("2011-12-31")) && calendar.is_working(day("2006-12-31")));
}

#[test]
fn partial_holidays_are_working_days() {
    let calendar = Calendar::shipped();
    for partial in ["2024-03-08", "2023-05-04", "2026-06-01", "2025-08-01"] {
        assert!(calendar.is_working(day(partial)), "{partial}");
    }
}

#[test]
fn a_year_without_a_notice_goes_by_the_weekend_rule_and_says_so() {
    let calendar = Calendar::shipped();
    assert!(calendar.is_working(day("2027-10-01")) && !calendar.is_working(day("2027-10-02")));
    for provisional in ["2027-01-01", "2030-06-03", "2006-06-05", "2026-12-31", "2026-12-25"] {
        assert!(calendar.is_provisional(day(provisional)), "{provisional}");
    }
    for settled in ["2026-12-24", "2025-12-31", "2007-01-01", "2026-01-01"] {
        assert!(!calendar.is_provisional(day(settled)), "{settled}");
    }
}

#[test]
fn due_days_are_provisional_only_when_a_notice_may_move_them() {
    let calendar = Calendar::shipped();
    let provisional = |start: &str, clock: &str| due(&calendar, day(start), clock.parse::<Length>().unwrap()).provisional;
    assert!(provisional("2026-11-20", "60 D"), "due in 2027");
    assert!(provisional("2026-12-20", "30 W"), "counted through 2027");
    assert!(provisional("2026-12-11", "15 D"), "the New Year's notice may name 26 December");
    assert!(!provisional("2026-10-20", "60 D"), "due on 19 December");
    assert!(!provisional("2006-12-20", "60 D"), "only the last day matters to a calendar clock, and 2007 is announced");
    assert!(provisional("2006-12-20", "30 W"), "but a working-day clock counts through 2006");
}

#[test]
fn a_new_notice_extends_the_calendar() {
    let text = include_str!("../data/calendar.toml").replace("2026.1", "2027.1")
        + "\n[[year]]\nyear = 2027\npapers = [\"https://example.invalid/notice\"]\n\
           off = [\"2026-12-31/2027-01-03\"]\nwork = [\"2026-12-27\"]\n";
    let calendar = Calendar::from_toml(&text).unwrap();
    assert_eq!(calendar.version(), "2027.1");
    assert!(!calendar.is_working(day("2026-12-31")) && calendar.is_working(day("2026-12-27")));
    assert!(!calendar.is_provisional(day("2026-12-31")) && calendar.is_provisional(day("2027-12-31")));
}

#[test]
fn the_end_of_the_calendar_is_no_trap() {
    let calendar = Calendar::shipped();
    let last = day("9999-12-31");
    assert_eq!(calendar.add_working_days(day("9999-12-01"), 5000), last);
    assert_eq!(calendar.next_working(last), last);
    for unit in [Unit::CalendarDay, Unit::WorkingDay, Unit::Month, Unit::Year] {
        let due = due(&calendar, day("2024-01-31"), Length { amount: u32::MAX, unit });
        assert_eq!((due.kpi, due.legal, due.provisional), (last, last, true), "{unit:?}");
    }
}

#[test]
fn a_notice_joins_the_calendar_or_takes_the_place_of_its_years() {
    let shipped = Calendar::shipped();
    let notice = |version: &str, off: &str| {
        let year = if version == "2026.2" { 2026 } else { 2027 };
        let text = format!(
            "version = \"{version}\"\n[[year]]\nyear = {year}\npapers = [\"https://example.invalid\"]\noff = [\"{off}\"]\n"
        );
        Calendar::from_toml(&text).unwrap()
    };
    let next = shipped.with(&notice("2027.1", "2027-01-01/2027-01-03")).unwrap();
    assert_eq!((next.version(), next.announced().last()), ("2027.1", Some(2027)));
    assert!(!next.is_working(day("2027-01-01")) && !next.is_provisional(day("2026-12-31")));
    assert!(next.is_working(day("2026-02-14")), "the other years stay");
    assert_eq!(Calendar::of_notices("2027.1", next.notices().cloned()).unwrap(), next);
    // Announced again: what it named before is named no more.
    let again = next.with(&notice("2026.2", "2026-01-01")).unwrap();
    assert!(!again.is_working(day("2026-02-14")), "a Saturday");
    assert!(again.is_working(day("2026-10-01")) && !again.is_working(day("2027-01-01")));
    let error = |notice: &Calendar| shipped.with(notice).unwrap_err().to_string();
    assert_eq!(
        error(&notice("2026.1", "2027-01-01")),
        "the version 2026.1 is that of the calendar in use; a notice has a version of its own"
    );
    assert_eq!(error(&Calendar::from_toml("version = \"x\"\n").unwrap()), "the notice names no year");
    let spilling = "version = \"2027.1\"\n[[year]]\nyear = 2026\npapers = [\"p\"]\noff = [\"2026-12-31\"]\n";
    let both = next.with(&Calendar::from_toml(spilling).unwrap());
    assert!(both.is_err(), "same version");
    let clash = "version = \"2027.2\"\n[[year]]\nyear = 2025\npapers = [\"p\"]\noff = [\"2024-12-31\"]\n\n[[year]]\nyear = 2024\npapers = [\"p\"]\noff = [\"2024-12-30\"]\n";
    assert!(next.with(&Calendar::from_toml(clash).unwrap()).is_ok());
    let named = clash.replace("2024-12-31", "2024-10-07");
    assert!(Calendar::from_toml(&named).is_err(), "only the December before");
}
