//! Data files: those that ship are whole, and mistakes in others are told line by line, all at once.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, Conclusion, DataProblem, Mark, ReasonList, RuleBook, Transition};
use std::collections::BTreeSet;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn told(problems: Vec<DataProblem>) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_book_holds_every_row_of_the_table() {
    let book = RuleBook::shipped();
    let codes: BTreeSet<_> = book.rules().iter().map(|rule| rule.code[..4].to_owned()).collect();
    let mut expected = BTreeSet::new();
    for (letter, last) in [('P', 14), ('M', 6), ('J', 13), ('A', 16), ('L', 6), ('R', 9), ('V', 3), ('X', 5)] {
        expected.extend((1..=last).map(|n| format!("{letter}-{n:02}")));
    }
    assert_eq!(codes, expected);
    assert_eq!(book.version(), "2026.1");
    // A confirmed rule does not rest on a recalled source.
    for rule in book.rules() {
        let weak = rule.source.contains("recalled") || rule.source.starts_with("S:");
        assert!(!(weak && rule.mark == Mark::Confirmed), "{}", rule.code);
    }
}

#[test]
fn lengths_and_extensions_of_the_petition_clocks() {
    let book = RuleBook::shipped();
    for (code, on, version, length, extension) in [
        ("P-01", "2005-05-01", "1", "15 D", ""),
        ("P-01", "2026-11-01", "2", "15 D", ""),
        ("P-04", "2024-01-01", "1", "5 W", ""),
        ("P-06", "2022-04-30", "1", "60 D", "30 D"),
        ("P-06", "2022-05-01", "2", "60 D", "30 D"),
        ("P-08", "2023-01-01", "2", "30 D", ""),
        ("P-10", "2010-01-01", "1", "30 D", ""),
        ("M-01", "2024-01-01", "1", "1 M", "no bound"),
        ("M-03", "2024-01-01", "1", "30 W", "no bound"),
        ("A-12", "2024-01-01", "1", "30 W", ""),
        ("R-06", "2024-01-01", "1", "60 D", "30 D"),
    ] {
        let rule = book.rule_on(code, day(on)).unwrap();
        let extended = rule.extension.as_ref().map(|by| by.length.map_or("no bound".to_owned(), |length| length.to_string()));
        let found = (rule.version.as_str(), rule.length.unwrap().to_string(), extended.unwrap_or_default());
        assert_eq!(found, (version, length.to_owned(), extension.to_owned()), "{code} {on}");
    }
    assert_eq!(book.rule_on("P-06", day("2005-04-30")), None);
    assert_eq!(book.rule_on("P-06", day("2022-04-30")).unwrap().mark, Mark::ToBeConfirmed);
    assert!(book.rule_on("P-06", day("2024-01-01")).unwrap().excluded.is_empty());
    assert_eq!(book.rules_on(day("2024-01-01")).filter(|rule| rule.code == "P-06").count(), 1);
}

#[test]
fn the_shipped_reasons() {
    let list = ReasonList::shipped();
    let on = day("2026-01-05");
    for n in 1..=9 {
        assert!(list.find(&format!("petition.R0{n}"), on).is_some(), "{n}");
    }
    let cases = ReasonList::shipped_of_cases();
    for transition in Transition::ALL {
        let known = [&list, &cases].map(|list| list.for_transition(transition.code(), on).len());
        assert!(known.into_iter().filter(|count| *count > 0).count() == 1, "{transition}");
    }
    assert!(cases.find("case.gap_too_large", on).is_some());
    let ends: BTreeSet<_> =
        list.for_transition("refuse", on).iter().map(|reason| (reason.code.clone(), reason.conclusion)).collect();
    for code in ["petition.R04", "petition.R05"] {
        assert!(ends.contains(&(code.to_owned(), Some(Conclusion::NoLongerAccepted))), "{code}");
    }
    assert_eq!(list.find("petition.R01", day("2005-04-30")), None);
    assert_eq!(list.for_transition("refused", on), Vec::<&fengqiao_statute::Reason>::new());
}

#[test]
fn a_bad_rule_book_is_told_line_by_line() {
    let text = r#"version = "1"
[[rule]]
code = "P-06"
version = "1"
from = "2022-05-01"
title_zh = "办理"
title_en = "Handle"
trigger = "accepted"
length = "60 X"
source = "XF 34"
mark = "sure"

[[rule]]
code = "P-06"
version = "2"
from = "2023-02-30"
to = 20
title_zh = "办理"
title_en = ""
trigger = "accepted"
excluded = [
    "lunch",
]
sourze = "XF 34"
mark = "confirmed"
"#;
    assert_eq!(
        told(RuleBook::from_toml(text).unwrap_err()),
        [
            "line 9: length: 60 X: the unit must be D (calendar day), W (working day), M (month) or Y (year), as in 60 D",
            "line 11: mark: sure: must be confirmed, local_model or to_be_confirmed",
            "line 13: length: must be given, as in 60 D, or no_length must say why the law sets none",
            "line 13: source: rule has no source",
            "line 16: from: 2023-02-30: not a day or time of the form 2024-12-31 or 2024-12-31T09:30:00+08:00",
            "line 17: to: must be a text that is not empty",
            "line 19: title_en: must be a text that is not empty",
            "line 22: excluded: lunch is not among the causes of the book",
            "line 24: sourze: rule has no field of this name",
        ]
    );
}

fn rule(version: &str, from: &str, rest: &str) -> String {
    format!(
        "[[rule]]\ncode = \"P-06\"\nversion = \"{version}\"\nfrom = \"{from}\"\n{rest}\ntitle_zh = \"办理\"\n\
         title_en = \"Handle\"\ntrigger = \"accepted\"\nsource = \"XF 34\"\nmark = \"confirmed\"\n"
    )
}

#[test]
fn versions_of_a_rule_neither_repeat_nor_overlap() {
    let book = |rules: [String; 2]| RuleBook::from_toml(&format!("version = \"1\"\n{}{}", rules[0], rules[1])).map_err(told);
    let sixty = "length = \"60 D\"";
    let closed = "length = \"60 D\"\nto = \"2022-04-30\"";

    assert!(book([rule("1", "2005-05-01", closed), rule("2", "2022-05-01", sixty)]).is_ok());
    assert_eq!(
        book([rule("1", "2005-05-01", sixty), rule("2", "2022-05-01", sixty)]).unwrap_err(),
        ["line 15: from: P-06 2 overlaps version 1 of line 2"]
    );
    assert_eq!(
        book([rule("1", "2005-05-01", closed), rule("1", "2022-05-01", sixty)]).unwrap_err(),
        ["line 15: version: P-06 1 stands in the file already, at line 2"]
    );
    // A later book entry may be the earlier law.
    assert_eq!(
        book([rule("2", "2022-05-01", sixty), rule("1", "2005-05-01", "length = \"60 D\"\nto = \"2022-05-01\"")]).unwrap_err(),
        ["line 15: from: P-06 1 overlaps version 2 of line 2"]
    );
}

#[test]
fn lengths_that_are_none() {
    let problem =
        |rest: &str| told(RuleBook::from_toml(&format!("version = \"1\"\n{}", rule("1", "2022-05-01", rest))).unwrap_err());
    let amount = "the amount must be a whole number from 1 to 9999, as in 60 D";
    for length in ["-5 D", "0 D", "10000 D", "1.5 M", "D"] {
        assert_eq!(problem(&format!("length = \"{length}\"")), [format!("line 6: length: {length}: {amount}")]);
    }
    assert_eq!(problem("length = 60"), ["line 6: length: must be a text that is not empty"]);
    assert_eq!(problem("length = \"1 D\"\nno_length = \"at once\""), ["line 7: no_length: must not be given beside a length"]);
    assert_eq!(
        problem("length = \"5 W\"\nextension = { length = \"5 D\", decided_by_zh = \"负责人\", decided_by_en = \"head\" }"),
        ["line 7: length: 5 D: an extension has the unit of the length it extends, 5 W"]
    );
}

#[test]
fn what_is_not_toml_has_a_line_too() {
    let problems = RuleBook::from_toml("version = \"1\"\n[[rule]\n").unwrap_err();
    assert_eq!((problems.len(), problems[0].line, problems[0].field.as_str()), (1, 2, "file"));
    assert_eq!(told(RuleBook::from_toml("").unwrap_err()), ["line 1: version: file has no version"]);
    let told = told(Calendar::from_toml("[[year]]\nyear = 2027\n").unwrap_err());
    assert_eq!(told, ["line 1: version: file has no version", "line 1: papers: must name the notice or notices of the year"]);
}

#[test]
fn a_bad_calendar_is_told_line_by_line() {
    let text = r#"version = "1"
[[year]]
year = 2027
papers = []
off = ["2027-01-01", "2027-01-01/2027-01-02", "2028-01-01", "2027-02-10/2027-02-01"]
work = ["2027-01-04", "2027-13-01"]
[[year]]
year = 2027
papers = ["https://example.invalid"]
"#;
    assert_eq!(
        told(Calendar::from_toml(text).unwrap_err()),
        [
            "line 4: papers: must name the notice or notices of the year",
            "line 5: off: 2027-01-01 is named twice",
            "line 5: off: 2028-01-01 is neither in 2027 nor in the December before it",
            "line 5: off: 2027-02-10/2027-02-01: must be a day such as 2024-01-01 or days such as 2024-02-10/2024-02-17",
            "line 6: work: 2027-01-04 is not a Saturday or Sunday",
            "line 6: work: 2027-13-01: must be a day such as 2024-01-01 or days such as 2024-02-10/2024-02-17",
            "line 8: year: 2027 stands in the file twice",
        ]
    );
}

#[test]
fn a_bad_reason_list_is_told_line_by_line() {
    let text = r#"version = "1"
[[reason]]
code = "R01"
zh = "理由"
en = "Reason"
transition = "refuses"
conclusion = "lost"
source = "XF 22"
from = "2022-05-01"
"#;
    let problems = told(ReasonList::from_toml(text).unwrap_err());
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert_eq!(problems[0], "line 3: code: must begin with petition.");
    assert!(problems[1].starts_with("line 6: transition: refuses: must be one of refuse, divert"), "{problems:?}");
    assert!(problems[2].starts_with("line 7: conclusion: lost: \"lost\" is unknown"), "{problems:?}");
}
