//! Steps that carry the whole petition, and the units of the register: what is known from which day on, what is taken up again,
//! linked, moved, rated; figures by level.

use crate::support::*;
use fengqiao_proto::intake::v1::{
    PetitionClock, PetitionFacts, PetitionRefused, PetitionRouting, PetitionStepped, UnitChanged, UnitRecord,
};

const UNIT_A: &str = "A";
const UNIT_B: &str = "B";

fn clock(rule: &str, started: &str, kpi: &str, legal: &str, done: &str) -> PetitionClock {
    let terms = ClockTerms {
        rule: rule.to_owned(),
        started_on: started.to_owned(),
        kpi_due: kpi.to_owned(),
        legal_due: legal.to_owned(),
        ..ClockTerms::default()
    };
    PetitionClock { terms: Some(terms), done_on: done.to_owned(), lapsed_on: String::new() }
}

/// An appeal by visit of three persons, registered on 2 January 2024.
fn facts(number: &str) -> PetitionFacts {
    PetitionFacts {
        number: number.to_owned(),
        unit: "office".to_owned(),
        division_code: "320831106201".to_owned(),
        channel: "visit".to_owned(),
        matter_class: "appeal".to_owned(),
        person_count: 3,
        registered_on: "2024-01-02".to_owned(),
        state: "registered".to_owned(),
        clocks: vec![clock("P-01", "2024-01-02", "2024-01-17", "2024-01-17", "")],
        ..PetitionFacts::default()
    }
}

fn register(log: &mut Log, id: &str) -> PetitionFacts {
    let facts = facts(&format!("N{id}"));
    let registered = PetitionRegistered {
        number: facts.number.clone(),
        unit: facts.unit.clone(),
        division_code: facts.division_code.clone(),
        channel: facts.channel.clone(),
        matter_class: facts.matter_class.clone(),
        person_count: facts.person_count,
        registered_on: facts.registered_on.clone(),
        first_action: facts.clocks[0].terms.clone(),
        ..PetitionRegistered::default()
    };
    log.push(id, "petition.registered", &facts.registered_on.clone(), &registered);
    facts
}

fn step(log: &mut Log, id: &str, kind: &str, on: &str, facts: &PetitionFacts) {
    let step = PetitionStepped { on: on.to_owned(), petition: Some(facts.clone()), ..PetitionStepped::default() };
    log.push(id, &format!("petition.{kind}"), on, &step);
}

fn unit(log: &mut Log, code: &str, level: &str, from: &str, known: &str) {
    let unit = UnitRecord { code: code.to_owned(), level: level.to_owned(), ..UnitRecord::default() };
    log.push(
        &format!("unit:{code}"),
        "unit.updated",
        known,
        &UnitChanged { on: from.to_owned(), unit: Some(unit), ..Default::default() },
    );
}

/// Transferred to A on 5 January, accepted on the 10th, settled on 1 March, opened again on 10 April because nobody paid, answered
/// on 20 May, reviewed in June; rated by then.
fn again(log: &mut Log, id: &str) -> PetitionFacts {
    let mut now = register(log, id);
    now.routings = vec![PetitionRouting {
        kind: "transferred".to_owned(),
        from_unit: "office".to_owned(),
        to_unit: UNIT_A.to_owned(),
        on: "2024-01-05".to_owned(),
        ..PetitionRouting::default()
    }];
    now.first_action_on = "2024-01-05".to_owned();
    now.responsible_unit = UNIT_A.to_owned();
    now.clocks[0].done_on = "2024-01-05".to_owned();
    now.clocks.push(clock("P-03", "2024-01-05", "2024-01-20", "2024-01-22", ""));
    step(log, id, "transferred", "2024-01-05", &now);
    now.accepted_on = "2024-01-10".to_owned();
    now.clocks[1].done_on = "2024-01-10".to_owned();
    now.clocks.push(clock("P-06", "2024-01-10", "2024-03-10", "2024-03-11", ""));
    step(log, id, "accepted_anew", "2024-01-10", &now);
    (now.concluded_on, now.conclusion) = ("2024-03-01".to_owned(), "settled".to_owned());
    now.clocks[2].done_on = "2024-03-01".to_owned();
    step(log, id, "settled", "2024-03-01", &now);
    (now.concluded_on, now.conclusion) = Default::default();
    (now.reopened, now.reopened_on) = (1, "2024-04-10".to_owned());
    now.clocks.push(clock("P-06", "2024-04-10", "2024-06-09", "2024-06-11", ""));
    step(log, id, "reopened", "2024-04-10", &now);
    (now.concluded_on, now.conclusion) = ("2024-05-20".to_owned(), "replied".to_owned());
    now.clocks[3].done_on = "2024-05-20".to_owned();
    step(log, id, "replied", "2024-05-20", &now);
    now.review_requested_on = "2024-06-03".to_owned();
    now.clocks.push(clock("P-08", "2024-06-03", "2024-07-03", "2024-07-03", ""));
    step(log, id, "review_requested", "2024-06-03", &now);
    now.reviewed_on = "2024-07-05".to_owned();
    now.clocks[4].done_on = "2024-07-05".to_owned();
    step(log, id, "reviewed", "2024-07-05", &now);
    (now.rating_office, now.rating_unit, now.rated_on) =
        ("basically".to_owned(), "dissatisfied".to_owned(), "2024-07-08".to_owned());
    step(log, id, "rated", "2024-07-08", &now);
    now
}

fn holds(report: &GetAnnualReportResponse) {
    assert!(report.identities.iter().all(|i| i.left == i.right), "{:?}", report.identities);
}

fn of(report: &GetAnnualReportResponse, id: &str, key: &str, member: &str) -> i64 {
    let stands = |f: &&Figure| f.id == id && f.dims.iter().any(|d| d.key == key && d.member == member);
    report.figures.iter().find(stands).map_or(0, |figure| figure.count.unwrap())
}

on_each_engine! { MIGRATIONS;
    async fn an_item_taken_up_again_counts_in_each_of_its_rounds(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = Log::default();
        again(&mut log, "01");
        log.feed(&reporting, 3).await;
        let ids = ["registered", "accepted", "closed", "concluded", "reopened", "carried_out", "handling.kpi.due",
            "handling.kpi.on_time", "handling.kpi.open_overdue", "review_requested", "review.kpi.late"];
        for (as_of, expected) in [
            ("2024-01-09", [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
            ("2024-02-29", [1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
            ("2024-03-10", [1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0]),
            ("2024-04-10", [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]),
            ("2024-05-20", [1, 1, 2, 2, 1, 0, 1, 1, 0, 0, 0]),
            ("2024-07-05", [1, 1, 2, 2, 1, 0, 2, 2, 0, 1, 1]),
        ] {
            for place in ["", "320831", "320831106", "320831106201"] {
                let report = report(&reporting, 2024, place, as_of).await;
                assert_eq!(ids.map(|id| count_of(&report, &format!("petition.{id}"))), expected, "{as_of} {place}");
                holds(&report);
            }
        }
        let whole = report(&reporting, 2024, "", "").await;
        let text = "carried_in + registered + reopened = closed + carried_out";
        assert!(whole.identities.iter().any(|i| i.text == text && i.left == 2), "{:?}", whole.identities);
        let closed = |how| of(&whole, "petition.closed", "conclusion", how);
        assert_eq!((closed("settled"), closed("replied")), (1, 1));
        // The transfer is the office's; all else stands under the unit.
        let by_unit = |id: &str, unit| of(&whole, id, "unit", unit);
        assert_eq!((by_unit("petition.transfer.on_time", "office"), by_unit("petition.transfer.on_time", UNIT_A)), (1, 0));
        assert_eq!((by_unit("petition.registered", "office"), by_unit("petition.registered", UNIT_A)), (0, 1));
        let rates = ["office_acceptance_rate", "unit_acceptance_rate", "on_time_closing_rate", "acceptance_notice_rate",
            "transfer_rate", "rating.office.satisfaction_rate", "rating.unit.satisfaction_rate",
            "rating.office.participation_rate", "repeat_share", "online_share"];
        let rates = rates.map(|id| rate(&whole.figures, &format!("petition.{id}")));
        // Nobody was asked for a rating under P-13: no rate.
        assert_eq!(rates, [(1, 1), (1, 1), (2, 2), (1, 1), (1, 1), (1, 1), (0, 1), (0, 0), (0, 1), (0, 1)]);
        for figure in whole.figures.iter().filter(|f| f.count.is_some() && f.id.starts_with("petition.")) {
            let request = ExplainFigureRequest {
                indicator: figure.id.clone(),
                year: 2024,
                dimension: figure.dims.first().cloned(),
                page_size: 10,
                ..ExplainFigureRequest::default()
            };
            assert_eq!(Some(explained(&reporting, &request).await.0), figure.count, "{figure:?}");
        }
        assert_consistent(&db).await;
    }

    async fn a_link_moves_the_first_time_figures_from_its_own_day_on(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = Log::default();
        let mut now = again(&mut log, "01");
        now.repeat_of = "02".to_owned();
        step(&mut log, "01", "repeat_linked", "2024-08-01", &now);
        now.repeat_of.clear();
        step(&mut log, "01", "repeat_unlinked", "2024-09-02", &now);
        (now.litigation_related, now.responsible_unit) = ("true".to_owned(), UNIT_B.to_owned());
        step(&mut log, "01", "corrected", "2024-10-08", &now);
        now.state = "void".to_owned();
        step(&mut log, "01", "voided_anew", "2024-11-01", &now);
        log.feed(&reporting, 100).await;
        for (as_of, expected) in [
            ("2024-07-31", [0, 1, 1, 2, 2, 1, 0, 0]),
            ("2024-08-01", [1, 0, 0, 0, 2, 1, 0, 0]),
            ("2024-09-01", [1, 0, 0, 0, 2, 1, 0, 0]),
            ("2024-09-02", [0, 1, 1, 2, 2, 1, 0, 0]),
            ("2024-10-08", [0, 0, 0, 0, 2, 0, 1, 0]),
            ("2024-11-01", [0, 0, 0, 0, 0, 0, 0, 1]),
        ] {
            let report = report(&reporting, 2024, "", as_of).await;
            let ids = ["repeats", "office_acceptance.due", "timely_acceptance.due", "on_time_closing.due", "handling.kpi.due"];
            let [a, b, c, d, e] = ids.map(|id| count_of(&report, &format!("petition.{id}")));
            let unit = |unit| of(&report, "petition.registered", "unit", unit);
            let got = [a, b, c, d, e, unit(UNIT_A), unit(UNIT_B), count_of(&report, "petition.voided")];
            assert_eq!(got, expected, "{as_of}");
            holds(&report);
        }
        assert_consistent(&db).await;
    }

    async fn a_level_counts_from_the_day_on_which_it_is_known(db: Db) {
        let reporting = open(&db, &now_is("2025-03-01")).await;
        let mut log = Log::default();
        unit(&mut log, UNIT_A, "", "2024-01-02", "2024-01-02");
        unit(&mut log, UNIT_B, "", "2024-01-02", "2024-01-02");
        again(&mut log, "01");
        register(&mut log, "02");
        let mut moved = register(&mut log, "03");
        moved.responsible_unit = UNIT_B.to_owned();
        step(&mut log, "03", "moved", "2024-01-09", &moved);
        unit(&mut log, UNIT_A, "township", "2024-08-01", "2024-08-01");
        unit(&mut log, UNIT_A, "county", "2025-02-01", "2025-02-01");
        log.feed(&reporting, 4).await;
        let levels = |report: &GetAnnualReportResponse| {
            ["township", "county"].map(|level| of(report, "petition.registered", "level", level))
        };
        let line = |report: &GetAnnualReportResponse| {
            report.identities.iter().find(|i| i.text.starts_with("registered = sum over levels")).unwrap().text.clone()
        };
        for (year, as_of, expected, said) in [
            (2024, "2024-07-31", [0, 0], "registered = sum over levels + 2 of units without level + 1 without unit"),
            // As soon as it is known it holds for the whole year, and for the days before as well.
            (2024, "2024-08-01", [1, 0], "registered = sum over levels + 1 of units without level + 1 without unit"),
            // Raised since: the year before keeps the level that the unit had at its end.
            (2024, "2025-03-01", [1, 0], "registered = sum over levels + 1 of units without level + 1 without unit"),
            (2025, "2025-03-01", [0, 0], "registered = sum over levels + 0 of units without level + 0 without unit"),
        ] {
            let report = report(&reporting, year, "320831", as_of).await;
            assert_eq!((levels(&report), line(&report)), (expected, said.to_owned()), "{year} {as_of}");
            holds(&report);
            let asked_for = QueryFiguresRequest {
                year, as_of: as_of.to_owned(), division_code: "320831".to_owned(), dimension: "level".to_owned(), ..Default::default()
            };
            let mut client = ReportingServiceClient::new(reporting.service());
            let by_level = client.query_figures(asked(asked_for)).await.unwrap().into_inner().figures;
            let printed: Vec<Figure> =
                report.figures.iter().filter(|f| f.dims.iter().any(|d| d.key == "level")).cloned().collect();
            assert_eq!(by_level, printed, "{year} {as_of}");
            for figure in printed.iter().filter(|f| f.count.is_some()) {
                let request = ExplainFigureRequest {
                    indicator: figure.id.clone(),
                    year,
                    division_code: "320831".to_owned(),
                    as_of: as_of.to_owned(),
                    dimension: figure.dims.first().cloned(),
                    page_size: 10,
                    ..ExplainFigureRequest::default()
                };
                assert_eq!(Some(explained(&reporting, &request).await.0), figure.count, "{figure:?}");
            }
        }
        // What is carried over stands under the level of the year that is asked for.
        let report = report(&reporting, 2025, "320831106", "2025-03-01").await;
        assert_eq!(of(&report, "petition.carried_in", "level", "county"), 0);
        assert_eq!(of(&report, "petition.carried_in", "unit", UNIT_B), 1);
        assert_consistent(&db).await;
    }

    async fn every_way_of_cutting_a_log_of_steps_gives_the_same_bytes(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut dumps = Vec::new();
        for batch in [1, 5, 1000] {
            let mut log = Log::default();
            let mut now = again(&mut log, "01");
            unit(&mut log, UNIT_A, "township", "2024-08-01", "2024-08-01");
            now.repeat_of = "02".to_owned();
            step(&mut log, "01", "repeat_linked", "2024-08-03", &now);
            // A kind of event that says what changed may come between steps.
            let refused = PetitionRefused { refused_on: "2024-02-01".to_owned(), conclusion: "refused".to_owned(), ..Default::default() };
            register(&mut log, "02");
            log.push("02", "petition.refused", "2024-08-04", &refused);
            log.feed(&reporting, batch).await;
            dumps.push(dump(&db).await);
            forget_all(&db).await;
        }
        assert!(dumps[0].len() > 50);
        assert!(dumps.windows(2).all(|pair| pair[0] == pair[1]));
    }

    async fn a_unit_under_another_name_is_noted_and_passed_over(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = Log::default();
        let named = UnitRecord { code: UNIT_A.to_owned(), level: "county".to_owned(), ..UnitRecord::default() };
        let changed = UnitChanged { on: "2024-01-02".to_owned(), unit: Some(named), ..Default::default() };
        log.push("unit:B", "unit.updated", "2024-01-02", &changed);
        log.push("unit:A", "unit.updated", "2024-01-02", &UnitChanged { on: "soon".to_owned(), ..changed.clone() });
        log.push("unit:A", "unit.updated", "2024-01-02", &UnitChanged { unit: None, ..changed });
        log.push("calendar", "calendar.adopted", "2024-01-02", &UnitChanged::default());
        log.feed(&reporting, 100).await;
        let reasons: Vec<String> = stuck(&db, "intake", 100).await.unwrap().into_iter().map(|s| s.reason).collect();
        assert_eq!(reasons, ["the event names another unit", "a day is malformed", "the payload has no unit"]);
    }
}
