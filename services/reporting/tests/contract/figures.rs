//! Figures: of a life at a desk, of a ledger counted by hand, and what stands behind them.

use crate::{
    ledger::{self, Ledger},
    support::*,
};

on_each_engine! { MIGRATIONS;
    async fn a_life_at_a_desk_is_seen_as_it_was_known(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        desk().feed(&reporting, 2).await;
        let ids = ["registered", "accepted", "closed", "voided", "persons", "handling.kpi.due", "handling.kpi.on_time",
            "handling.kpi.open_overdue", "handling.legal.late"];
        for (as_of, expected) in [
            ("2024-01-02", [1, 0, 0, 0, 3, 0, 0, 0, 0]),
            ("2024-01-31", [2, 1, 0, 0, 6, 0, 0, 0, 0]),
            ("2024-02-20", [1, 1, 0, 1, 3, 0, 0, 0, 0]),
            ("2024-03-10", [1, 1, 0, 1, 3, 1, 0, 1, 0]),
            ("2024-03-15", [1, 1, 0, 1, 3, 0, 0, 0, 0]),
            ("2024-04-09", [1, 1, 0, 1, 3, 1, 0, 1, 0]),
            ("2024-04-12", [1, 1, 1, 1, 3, 1, 1, 0, 0]),
        ] {
            for place in ["", "32", "320831", "320831106", "320831106201"] {
                let report = report(&reporting, 2024, place, as_of).await;
                assert_eq!(ids.map(|id| count_of(&report, &format!("petition.{id}"))), expected, "{as_of} {place}");
                assert!(report.identities.iter().all(|i| i.left == i.right), "{:?}", report.identities);
            }
        }
        let report = report(&reporting, 2024, "", "").await;
        assert_eq!((report.as_of.as_str(), rate(&report.figures, "petition.timely_acceptance_rate")), ("2024-12-01", (1, 1)));
        // Before acceptance nobody was responsible: the figures by unit of that day say so.
        let units = |as_of: &'static str| {
            let reporting = &reporting;
            async move {
                let report = self::report(reporting, 2024, "", as_of).await;
                let by_unit = |f: &&Figure| f.id == "petition.registered" && f.dims.iter().any(|d| d.key == "unit");
                report.figures.iter().filter(by_unit).count()
            }
        };
        assert_eq!((units("2024-01-09").await, units("2024-01-10").await), (0, 1));
        assert_consistent(&db).await;
    }

    async fn timely_acceptance_leaves_repeats_and_litigation_out(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = Log::default();
        let facts = LedgerFacts {
            registered_on: "2024-01-02".to_owned(),
            division_code: "320831".to_owned(),
            matter_class: "appeal".to_owned(),
            first_action_on: "2024-01-03".to_owned(),
            first_action: terms("2024-01-17", "2024-01-17"),
            handling: terms("2024-03-10", "2024-03-11"),
            ..LedgerFacts::default()
        };
        for (id, facts) in [
            ("p1", LedgerFacts { litigation_related: "false".to_owned(), person_count: 9_999, ..facts.clone() }),
            ("p2", LedgerFacts { repeat_of: "p1".to_owned(), ..facts.clone() }),
            ("p3", LedgerFacts { litigation_related: "true".to_owned(), ..facts.clone() }),
            ("p4", LedgerFacts { person_count: 10_000, ..facts.clone() }),
        ] {
            log.push(id, "petition.imported", "2024-06-30", &PetitionImported { facts: Some(facts), ..PetitionImported::default() });
        }
        log.feed(&reporting, 9).await;
        let report = report(&reporting, 2024, "", "").await;
        assert_eq!(rate(&report.figures, "petition.timely_acceptance_rate"), (1, 1));
        assert_eq!(count_of(&report, "petition.handling.kpi.due"), 4, "repeats included");
        assert_consistent(&db).await;
    }

    async fn figures_are_those_of_a_ledger_counted_by_hand(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        let ledger = Ledger::random(400, 11);
        let mut log = Log::default();
        ledger.rows.iter().for_each(|row| log.push(&row.id(), "petition.imported", "2024-06-30", &row.message()));
        log.feed(&reporting, 150).await;
        assert_consistent(&db).await;
        for (year, as_of) in [(2021, "2021-12-31"), (2022, "2022-07-14"), (2022, "2024-06-30"), (2023, "2023-12-31"), (2024, "")] {
            for place in ["", "3208", "320831", "320803", "320831106", "320831106201"] {
                let cut = if as_of.is_empty() { "2024-06-30" } else { as_of };
                let got = report(&reporting, year, place, as_of).await;
                assert_eq!(got.as_of, cut);
                let expected = ledger.figures(year, place, day(cut));
                let got_counts = ledger::counts(&got.figures);
                assert_eq!(got_counts, expected, "{year} {place:?} {cut}");
                assert!(got.identities.iter().all(|i| i.left == i.right), "{:?}", got.identities);
            }
        }
    }

    async fn an_explanation_lists_what_a_figure_counts(db: Db) {
        let reporting = open(&db, &now_is("2024-06-30")).await;
        let mut log = desk();
        let ledger = Ledger::random(150, 3);
        ledger.rows.iter().for_each(|row| log.push(&row.id(), "petition.imported", "2024-06-30", &row.message()));
        log.feed(&reporting, 1000).await;
        for (year, as_of) in [(2024, "2024-02-10"), (2023, "2023-06-30")] {
            let report = report(&reporting, year, "320831", as_of).await;
            let counts: Vec<&Figure> = report.figures.iter().filter(|f| f.count.is_some() && f.id != "body.themes").collect();
            assert!(counts.len() > 60);
            for figure in counts.into_iter().step_by(3) {
                let request = ExplainFigureRequest {
                    indicator: figure.id.clone(),
                    year,
                    division_code: "320831".to_owned(),
                    as_of: as_of.to_owned(),
                    dimension: figure.dims.first().cloned(),
                    page_size: 17,
                    page_token: String::new(),
                };
                let (sum, numbers) = explained(&reporting, &request).await;
                assert_eq!(Some(sum), figure.count, "{figure:?}");
                let mut once = numbers.clone();
                once.dedup();
                assert_eq!(once, numbers);
            }
        }
        // p2 was voided on 20 February: on the 10th it still counted.
        let request = ExplainFigureRequest {
            indicator: "petition.registered".to_owned(),
            year: 2024,
            division_code: "320831106201".to_owned(),
            as_of: "2024-02-10".to_owned(),
            page_size: 100,
            ..ExplainFigureRequest::default()
        };
        assert!(explained(&reporting, &request).await.1.contains(&"N2".to_owned()));
    }
}
