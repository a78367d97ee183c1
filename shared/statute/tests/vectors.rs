//! The test vectors of D§6.4, each by its name there: event, clock, unrolled day, due day.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, Length, due};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// `unrolled` is empty for working-day clocks, which have one day only.
fn check(event: &str, clock: &str, unrolled: &str, due_day: &str) {
    let length: Length = clock.parse().unwrap();
    let due = due(&Calendar::shipped(), day(event), length);
    let unrolled = if unrolled.is_empty() { due_day } else { unrolled };
    assert_eq!((due.kpi, due.legal), (day(unrolled), day(due_day)), "{event} {clock}");
    assert!(!due.provisional, "{event} {clock}");
}

macro_rules! vectors {
    ($($name:ident: $event:literal $clock:literal $unrolled:literal $due:literal;)*) => {$(
        #[test]
        fn $name() {
            check($event, $clock, $unrolled, $due);
        }
    )*};
}

vectors! {
    rolls_to_a_make_up_working_sunday: "2024-09-13" "15 D" "2024-09-28" "2024-09-29";
    whole_spring_festival_skipped: "2024-01-26" "15 D" "2024-02-10" "2024-02-18";
    national_day_block: "2025-09-22" "15 D" "2025-10-07" "2025-10-09";
    nine_day_spring_festival: "2026-02-06" "15 D" "2026-02-21" "2026-02-24";
    holidays_inside_do_not_extend_calendar_clocks: "2024-09-13" "60 D" "2024-11-12" "2024-11-12";
    qingming_ends_just_before: "2026-02-06" "60 D" "2026-04-07" "2026-04-07";
    make_up_sunday_counts_as_working_day: "2025-09-22" "5 W" "" "2025-09-28";
    the_14th_works_the_15th_to_17th_are_off: "2024-09-13" "7 W" "" "2024-09-25";
    thirty_working_days_of_2024: "2024-09-13" "30 W" "" "2024-10-31";
    forty_five_working_days_of_2024: "2024-09-13" "45 W" "" "2024-11-21";
    the_14th_and_28th_of_february_work: "2026-02-06" "30 W" "" "2026-03-26";
    no_31_february: "2024-01-31" "1 M" "2024-02-29" "2024-02-29";
    no_31_september: "2024-08-31" "1 M" "2024-09-30" "2024-09-30";
    rest_day_rolled_after_a_month: "2026-01-23" "1 M" "2026-02-23" "2026-02-24";
}
