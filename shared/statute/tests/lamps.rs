//! Lamps: green, yellow, red, grey, on each day of a clock's life; thresholds are data.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, ClockTerms, Lamp, Lamps, Length, RuleBook, extend_clock, start_clock};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn start(code: &str, on: &str) -> ClockTerms {
    start_clock(&RuleBook::shipped(), &Calendar::shipped(), code, day(on)).unwrap()
}

fn lit(terms: &ClockTerms, ended: Option<&str>, suspended: &[(Day, Day)], on: &str) -> Option<Lamp> {
    Lamps::shipped().of(&terms.rule).lamp(&Calendar::shipped(), terms, ended.map(day), suspended, day(on))
}

#[test]
fn a_clock_goes_from_green_to_yellow_to_red() {
    // 60 D from Monday 2 March 2026: due Friday 1 May, legally Wednesday 6 May: 65 days, a third of which is 21.
    let terms = start("P-06", "2026-03-02");
    assert_eq!(terms.legal_due, day("2026-05-06"));
    for (on, lamp) in [
        ("2026-03-01", None),
        ("2026-03-02", Some(Lamp::Green)),
        ("2026-04-14", Some(Lamp::Green)),
        ("2026-04-15", Some(Lamp::Yellow)),
        ("2026-05-06", Some(Lamp::Yellow)),
        ("2026-05-07", Some(Lamp::Red)),
        ("2027-05-07", Some(Lamp::Red)),
    ] {
        assert_eq!(lit(&terms, None, &[], on), lamp, "{on}");
    }
    // Done on 20 April: what was lit before stays, from then on nothing.
    assert_eq!(lit(&terms, Some("2026-04-20"), &[], "2026-04-19"), Some(Lamp::Yellow));
    assert_eq!(lit(&terms, Some("2026-04-20"), &[], "2026-04-20"), None);
}

#[test]
fn three_working_days_come_before_a_third_of_a_short_clock() {
    // 4 D from Thursday 5 March: due Monday 9 March; a third is one day, but Friday and Monday are all the working days left.
    let terms = start("P-12d", "2026-03-05");
    assert_eq!(terms.legal_due, day("2026-03-09"));
    assert_eq!(lit(&terms, None, &[], "2026-03-05"), Some(Lamp::Yellow));
    // 15 D from Monday 2 March: due 17 March; five days are a third.
    let terms = start("P-01", "2026-03-02");
    assert_eq!(
        (lit(&terms, None, &[], "2026-03-11"), lit(&terms, None, &[], "2026-03-12")),
        (Some(Lamp::Green), Some(Lamp::Yellow))
    );
}

#[test]
fn an_extension_gives_green_back_and_excluded_days_are_grey() {
    let terms = start("P-06", "2026-03-02");
    let longer = extend_clock(&terms, &RuleBook::shipped(), &Calendar::shipped(), Length::calendar_days(30)).unwrap();
    assert_eq!(
        (lit(&terms, None, &[], "2026-04-28"), lit(&longer, None, &[], "2026-04-28")),
        (Some(Lamp::Yellow), Some(Lamp::Green))
    );
    let hearing = [(day("2026-03-20"), day("2026-03-24"))];
    let rereview = start("P-10", "2026-03-02");
    assert_eq!(lit(&rereview, None, &hearing, "2026-03-24"), Some(Lamp::Grey));
    assert_eq!(lit(&rereview, None, &hearing, "2026-03-25"), Some(Lamp::Yellow));
}

#[test]
fn a_right_that_is_over_is_not_late() {
    let window = start("P-07", "2026-03-02");
    assert_eq!(lit(&window, None, &[], "2026-04-01"), Some(Lamp::Yellow));
    assert_eq!(lit(&window, None, &[], "2026-04-02"), None);
    let lamps = Lamps::shipped();
    assert_eq!(lamps.of("P-07").red_from(&window), None);
    assert_eq!(lamps.of("P-01").red_from(&start("P-01", "2026-03-02")), Some(day("2026-03-18")));
}

#[test]
fn thresholds_are_data_and_mistakes_have_lines() {
    let text = r#"version = "7"
[[lamp]]
rule = "*"
yellow_left = "1/2"
yellow_working_days = 0
by = "kpi"
source = "office"
mark = "local_model"
"#;
    let lamps = Lamps::from_toml(text).unwrap();
    let terms = start("P-06", "2026-03-02"); // kpi 1 May
    let lit = |on: &str| lamps.of("P-06").lamp(&Calendar::shipped(), &terms, None, &[], day(on));
    assert_eq!(
        (lit("2026-03-31"), lit("2026-04-01"), lit("2026-05-02")),
        (Some(Lamp::Green), Some(Lamp::Yellow), Some(Lamp::Red))
    );

    let wrong = text.replace("1/2", "3/2").replace("\"kpi\"", "\"never\"").replace("= 0", "= -1").replace("\"*\"", "\"P-06\"");
    let told: Vec<_> = Lamps::from_toml(&wrong).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "line 2: lamp: must have one with rule = \"*\", for every clock that is not named",
            "line 4: yellow_left: 3/2: must be a share such as 1/3",
            "line 5: yellow_working_days: must be a whole number",
            "line 6: by: never: must be legal or kpi",
        ]
    );
    let twice = format!("{text}{}", text.trim_start_matches("version = \"7\"\n"));
    assert_eq!(Lamps::from_toml(&twice).unwrap_err()[0].to_string(), "line 10: rule: * stands in the file twice");
}
