//! The rules of conduct: the sample book, each check on both sides of its line, and mistakes with their lines.

#![allow(clippy::unwrap_used)]

use fengqiao_model::Day;
use fengqiao_statute::{Calendar, ConductBook, ConductFacts, Deed, Known, Mark, RuleBook, RunClock, Stage, Subject, start_clock};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn deed(step: &str, on: &str) -> Deed {
    Deed {
        step: step.to_owned(),
        on: day(on),
        recorded_on: day(on),
        actor: "clerk-1".to_owned(),
        approved_by: String::new(),
        unit: "住建局".to_owned(),
        document_number: "1号".to_owned(),
        reason: String::new(),
        received_on: None,
    }
}

fn clock(code: &str, on: &str, ended: Option<&str>) -> RunClock {
    let terms = start_clock(&RuleBook::shipped(), &Calendar::shipped(), code, day(on)).unwrap();
    RunClock { terms, ended_on: ended.map(day) }
}

fn item(deeds: Vec<Deed>, clocks: Vec<RunClock>) -> ConductFacts {
    ConductFacts {
        subject: Subject::Petition,
        registered_on: day("2026-03-02"),
        matter_class: "appeal".to_owned(),
        channel: "visit".to_owned(),
        representatives: 1,
        deeds,
        clocks,
        explanations: Vec::new(),
    }
}

/// `code: kept`, or `code: breach; breach`, of the rules that apply on a day.
fn told(facts: &ConductFacts, on: &str) -> Vec<String> {
    let verdicts = ConductBook::shipped();
    let verdicts = verdicts.verdicts(&Calendar::shipped(), facts, day(on));
    let text = |breaches: Vec<String>| if breaches.is_empty() { "kept".to_owned() } else { breaches.join("; ") };
    verdicts.iter().map(|v| format!("{}: {}", v.rule.code, text(v.breaches.iter().map(ToString::to_string).collect()))).collect()
}

fn of<'t>(told: &'t [String], code: &str) -> Option<&'t str> {
    told.iter().find_map(|line| line.strip_prefix(code)?.strip_prefix(": "))
}

#[test]
fn the_sample_book_has_twenty_one_rules_in_five_stages() {
    let book = ConductBook::shipped();
    assert_eq!(book.rules().len(), 21);
    let per_stage = Stage::ALL.map(|stage| book.rules().iter().filter(|rule| rule.stage == stage).count());
    assert_eq!(per_stage, [3, 6, 6, 3, 3]);
    assert!(book.rules().iter().all(|rule| rule.mark == Mark::LocalModel), "a sample, not the county's own");
    assert_eq!(book.rules_on(Subject::Petition, day("2026-03-02")).count(), 19);
    assert_eq!(book.rules_on(Subject::Petition, day("2022-04-30")).count(), 0);
}

#[test]
fn a_rule_applies_only_when_its_occasion_has_come() {
    let facts = item(vec![deed("registered", "2026-03-02")], vec![clock("P-01", "2026-03-02", None)]);
    assert_eq!(told(&facts, "2026-03-02"), ["C-04: kept", "C-05: kept", "C-19: kept"]);
    assert!(told(&facts, "2026-03-01").is_empty(), "not yet registered");
    assert_eq!(of(&told(&facts, "2026-03-18"), "C-05"), Some("P-01 was due on 2026-03-17 and still runs"));
}

#[test]
fn a_past_day_is_judged_by_what_was_known_of_it() {
    let facts = item(vec![], vec![clock("P-01", "2026-03-02", Some("2026-03-20"))]);
    for (on, said) in [
        ("2026-03-17", "kept"),
        ("2026-03-19", "P-01 was due on 2026-03-17 and still runs"),
        ("2026-03-20", "P-01 was due on 2026-03-17 and ended on 2026-03-20"),
    ] {
        assert_eq!(of(&told(&facts, on), "C-05"), Some(said), "{on}");
    }
}

#[test]
fn each_check_on_both_sides_of_its_line() {
    let on = "2026-12-31";
    let one = |deeds: Vec<Deed>, code: &str| of(&told(&item(deeds, vec![]), on), code).map(str::to_owned);
    let none = |step: &str| Deed { document_number: String::new(), ..deed(step, "2026-03-05") };

    assert_eq!(one(vec![deed("accepted", "2026-03-05")], "C-07").as_deref(), Some("kept"));
    assert_eq!(one(vec![none("accepted")], "C-07").as_deref(), Some("accepted of 2026-03-05 has no document number"));

    let late = Deed { recorded_on: day("2026-03-09"), ..deed("registered", "2026-03-05") };
    assert_eq!(
        one(vec![late], "C-04").as_deref(),
        Some("recording of registered of 2026-03-05 was due on 2026-03-08 and came on 2026-03-09")
    );

    let asked = deed("extension_requested", "2026-03-05");
    let by = |actor: &str| Deed { actor: actor.to_owned(), ..deed("extension_decided", "2026-03-06") };
    assert_eq!(one(vec![asked.clone(), by("head-1")], "C-11").as_deref(), Some("kept"));
    assert_eq!(
        one(vec![asked.clone(), by("clerk-1")], "C-11").as_deref(),
        Some("extension_decided of 2026-03-06 was not agreed or taken by a second person")
    );
    assert_eq!(one(vec![asked], "C-11"), None);

    let objected = deed("objected", "2026-03-05");
    let decided = |on: &str| deed("objection_decided", on);
    assert_eq!(one(vec![objected.clone(), decided("2026-03-12")], "C-09").as_deref(), Some("kept"));
    assert_eq!(
        one(vec![objected.clone(), decided("2026-03-13")], "C-09").as_deref(),
        Some("objection_decided after objected of 2026-03-05 was due on 2026-03-12 and came on 2026-03-13")
    );
    assert_eq!(
        one(vec![decided("2026-03-04"), objected], "C-09").as_deref(),
        Some("objection_decided after objected of 2026-03-05 was due on 2026-03-12 and has not come")
    );

    let opinion = |received: Option<&str>| Deed { received_on: received.map(day), ..deed("opinion_issued", "2026-03-05") };
    assert_eq!(one(vec![opinion(Some("2026-03-20"))], "C-13").as_deref(), Some("kept"));
    assert_eq!(
        one(vec![opinion(None)], "C-13").as_deref(),
        Some("receipt of the paper of opinion_issued of 2026-03-05 was due on 2026-03-20 and has not come")
    );

    let review = |unit: &str| Deed { unit: unit.to_owned(), ..deed("reviewed", "2026-04-05") };
    assert_eq!(one(vec![opinion(None), review("市住建局")], "C-15").as_deref(), Some("kept"));
    assert_eq!(
        one(vec![opinion(None), review("住建局")], "C-15").as_deref(),
        Some("reviewed of 2026-04-05 was not taken by another unit")
    );

    let voided = |by: &str| Deed { approved_by: by.to_owned(), ..deed("voided", "2026-03-05") };
    assert_eq!(one(vec![voided("head-2")], "C-18").as_deref(), Some("kept"));
    assert!(one(vec![voided("clerk-1")], "C-18").unwrap().ends_with("second person"));
    assert_eq!(one(vec![deed("reopened", "2026-03-05")], "C-21").as_deref(), Some("reopened of 2026-03-05 has no reason"));
}

#[test]
fn supervision_representatives_and_allegations() {
    let mut facts = item(vec![deed("routed_to_mediation", "2026-03-05")], vec![]);
    facts.explanations = vec![(day("2026-03-10"), day("2026-03-17"), Some(day("2026-03-18")))];
    facts.representatives = 6;
    assert_eq!(of(&told(&facts, "2026-03-17"), "C-17"), Some("kept"));
    assert_eq!(of(&told(&facts, "2026-03-18"), "C-17"), Some("explanation was due on 2026-03-17 and came on 2026-03-18"));
    assert_eq!(of(&told(&facts, "2026-03-18"), "C-19"), Some("6 of representatives, at most 5 are allowed"));
    assert_eq!(of(&told(&facts, "2026-03-18"), "C-20"), None, "an appeal may");
    facts.matter_class = "allegation".to_owned();
    assert_eq!(of(&told(&facts, "2026-03-18"), "C-20"), Some("routed_to_mediation of 2026-03-05 must not be"));
}

#[test]
fn a_bad_book_is_told_line_by_line() {
    let text = r#"version = "own"
[[rule]]
code = "X1"
version = "1"
from = "2026-01-01"
stage = "soon"
subject = "petition"
title_zh = "规定"
title_en = "rule"
check = { kind = "clock_kept", clocks = [
    "P-01",
    "P-77",
] }
source = "own"
mark = "local_model"

[[rule]]
code = "C-02"
version = "1"
from = "2026-01-01"
stage = "order"
subject = "petition"
title_zh = "规定"
title_en = "rule"
check = { kind = "documented", step = "performed" }
source = "own"
mark = "local_model"

[[rule]]
code = "C-03"
version = "1"
from = "2026-01-01"
to = "2025-01-01"
stage = "order"
subject = "petition"
title_zh = "规定"
title_en = "rule"
matter_class = "wish"
check = { kind = "received", step = "accepted", within = "15" }
source = "own"
mark = "local_model"

[[rule]]
code = "C-04"
version = "1"
from = "2026-01-01"
stage = "order"
subject = "petition"
title_zh = "规定"
title_en = "rule"
check = { kind = "felt", strength = 3 }
source = "own"
mark = "local_model"
"#;
    let told = |text: &str| {
        let problems = ConductBook::from_toml(text, &Known::shipped()).unwrap_err();
        problems.iter().map(|problem| problem.to_string().chars().take(60).collect()).collect::<Vec<String>>()
    };
    assert_eq!(
        told(text),
        [
            "line 3: code: must be a letter, a hyphen and two digits, as ",
            "line 6: stage: soon: must be prevention, acceptance, handlin",
            "line 12: clocks: P-77 is not a rule of the rule book",
            "line 25: step: performed is not a step of a petition: must b",
            "line 33: to: 2025-01-01 is before from, 2026-01-01",
            "line 38: matter_class: wish: \"wish\" is unknown: must be one ",
            "line 39: within: 15: the unit must be D (calendar day), W (w",
            "line 51: kind: felt is no check: must be one of clock_kept, ",
        ]
    );
    let rule = |version: &str| {
        format!(
            "[[rule]]\ncode = \"C-01\"\nversion = \"{version}\"\nfrom = \"2026-01-01\"\nstage = \"order\"\nsubject = \"petition\"\n\
             title_zh = \"规定\"\ntitle_en = \"rule\"\ncheck = {{ kind = \"explained\" }}\nsource = \"own\"\nmark = \"local_model\"\n"
        )
    };
    let twice = format!("version = \"own\"\n{}{}{}", rule("1"), rule("1"), rule("2"));
    assert_eq!(
        told(&twice),
        [
            "line 15: version: C-01 1 stands in the file already",
            "line 27: from: C-01 2 overlaps version 1",
            "line 27: from: C-01 2 overlaps version 1",
        ]
    );
}
