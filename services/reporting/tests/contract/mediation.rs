//! Cases, disputes, agreements and bodies: what a body counts, what the county counts, and the bridge between them.

use crate::{quarrel::*, support::*};

/// What a report says of ids, in total or by a dimension; 0 where there is no row.
fn counts<const N: usize>(report: &GetAnnualReportResponse, dimension: (&str, &str), ids: [&str; N]) -> [i64; N] {
    let (key, member) = dimension;
    let stands = |f: &&Figure| match f.dims.first() {
        None => key.is_empty(),
        Some(d) => d.key == key && d.member == member,
    };
    let of = |id: &str| report.figures.iter().filter(stands).find(|f| f.id == id).map_or(0, |f| f.count.unwrap());
    ids.map(of)
}

fn assert_identities(report: &GetAnnualReportResponse) {
    assert!(report.identities.iter().all(|i| i.left == i.right), "{:#?}", report.identities);
}

const OF_A_BODY: [&str; 7] =
    ["case.accepted", "case.concluded", "case.agreed", "case.failed", "case.handed_on", "case.received", "agreement.agreed_fen"];

on_each_engine! { MIGRATIONS;
    async fn the_worked_example_gives_its_table(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        worked_example().feed(&reporting, 3).await;
        let year = report(&reporting, 2024, "320831", "").await;
        for (body, expected) in [
            ("Village", [1, 1, 0, 1, 1, 0, 0]),
            ("Township", [1, 1, 0, 1, 1, 1, 0]),
            ("Property", [1, 1, 1, 0, 0, 1, 2_000_000]),
        ] {
            assert_eq!(counts(&year, ("body", body), OF_A_BODY), expected, "{body}");
        }
        let roots = ["dispute.accepted", "dispute.concluded", "dispute.resolved", "dispute.reopened", "dispute.carried_out"];
        assert_eq!(counts(&year, ("", ""), roots), [1, 1, 1, 0, 0]);
        assert_eq!(counts(&year, ("force", "people"), roots), [1, 0, 0, 0, 0]);
        assert_eq!(counts(&year, ("force", "industry"), roots), [0, 1, 1, 0, 0]);
        assert_eq!(counts(&year, ("", ""), OF_A_BODY), [3, 3, 1, 2, 2, 2, 2_000_000]);
        assert_eq!(rate(&year.figures, "case.success_rate"), (1, 3));
        assert_eq!(rate(&year.figures, "dispute.resolution_rate"), (1, 1));
        assert_eq!(rate(&year.figures, "agreement.performed_rate"), (1, 1));
        assert_eq!(rate(&year.figures, "agreement.performed_on_time_rate"), (0, 1));
        let agreements = ["agreement.written", "agreement.oral", "agreement.paid_fen", "agreement.confirmation_applied"];
        assert_eq!(counts(&year, ("body", "Property"), agreements), [1, 0, 2_000_000, 0]);
        assert_eq!(counts(&year, ("", ""), ["body.active", "body.founded"]), [3, 0]);
        assert_eq!(counts(&year, ("body_kind", "committee"), ["body.active", "case.accepted"]), [2, 2]);
        for (as_of, expected) in [
            ("2024-03-02", [0, 0, 0, 0]),
            ("2024-03-28", [1, 0, 1, 0]),
            ("2024-05-05", [2, 0, 1, 1]),
            ("2024-05-30", [3, 1, 0, 0]),
        ] {
            let ids = ["case.accepted", "dispute.concluded", "dispute.carried_out", "case.pending"];
            for place in ["", "320831", "320831106", "320831106201"] {
                let then = report(&reporting, 2024, place, as_of).await;
                assert_identities(&then);
                let pending = if as_of == "2024-03-28" { 1 } else { expected[3] };
                assert_eq!(counts(&then, ("", ""), ids), [expected[0], expected[1], expected[2], pending], "{place} {as_of}");
            }
        }
        let due = report(&reporting, 2024, "", "2024-07-31").await;
        assert_eq!(counts(&due, ("", ""), ["agreement.performance_due", "agreement.unperformed"]), [1, 1]);
        assert_consistent(&db).await;
    }

    /// The petition office and the village log the same quarrel; it is linked on 1 July, and unlinked on 1 September.
    async fn one_quarrel_logged_twice_counts_once_from_the_day_of_linking(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut log = Log::of_mediation();
        let mut office = Quarrel::new("d1", "320831106");
        let mut village = Quarrel::new("d2", "320831106201");
        for (quarrel, on, concluded) in [(&mut office, "2024-03-10", "2024-04-01"), (&mut village, "2024-03-05", "2024-05-01")] {
            quarrel.case(VILLAGE, on);
            quarrel.accept(0, on, "first");
            quarrel.tell(&mut log, "case.taken", on, &[0]);
            quarrel.end(0, concluded, "agreed", false);
            quarrel.milestone("concluded", concluded, 0, true);
            quarrel.tell(&mut log, "case.concluded", concluded, &[0]);
        }
        let before = (office.dispute.clone(), village.dispute.clone());
        // The office's is the root: accepted by the village's case, then joined by its own.
        office.dispute.linked = vec!["d2".to_owned()];
        office.dispute.milestones.clear();
        let of_village = |m: &Milestone| Milestone { case_id: "d2-0".to_owned(), ..m.clone() };
        office.dispute.milestones.extend(before.1.milestones.iter().map(of_village));
        office.cases[0].entry = "joined".to_owned();
        village.dispute.linked_into = "d1".to_owned();
        village.dispute.milestones.clear();
        village.tell(&mut log, "dispute.linked", "2024-07-01", &[]);
        office.tell(&mut log, "dispute.linked", "2024-07-01", &[0]);
        (office.dispute, village.dispute) = before;
        office.cases[0].entry = "first".to_owned();
        village.tell(&mut log, "dispute.unlinked", "2024-09-01", &[]);
        office.tell(&mut log, "dispute.unlinked", "2024-09-01", &[0]);
        log.feed(&reporting, 2).await;
        let ids = ["case.accepted", "case.joined", "dispute.accepted", "dispute.concluded", "dispute.resolved"];
        for (as_of, expected) in [
            ("2024-04-30", [2, 0, 2, 1, 1]),
            ("2024-06-30", [2, 0, 2, 2, 2]),
            ("2024-07-01", [2, 1, 1, 1, 1]),
            ("2024-08-31", [2, 1, 1, 1, 1]),
            ("2024-09-01", [2, 0, 2, 2, 2]),
            ("", [2, 0, 2, 2, 2]),
        ] {
            let report = report(&reporting, 2024, "320831", as_of).await;
            assert_eq!(counts(&report, ("", ""), ids), expected, "{as_of}");
        }
        // Also where only one of the two arose, the cases bridge to the disputes.
        for place in ["", "320831106", "320831106201"] {
            for as_of in ["2024-06-30", "2024-07-01", "2024-09-01"] {
                assert_identities(&report(&reporting, 2024, place, as_of).await);
            }
        }
        assert_consistent(&db).await;
    }

    async fn every_way_of_cutting_the_mediation_log_gives_the_same_bytes(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut dumps = Vec::new();
        for batch in [1, 4, 1000] {
            let mut log = worked_example();
            log.feed(&reporting, batch).await;
            desk().feed(&reporting, batch).await;
            assert_consistent(&db).await;
            dumps.push(dump(&db).await);
            forget_all(&db).await;
        }
        assert!(dumps[0].len() > 100);
        assert!(dumps.windows(2).all(|pair| pair[0] == pair[1]));
    }

    /// An imported body without founding day or place works from the first application on, in its county.
    async fn bodies_are_counted_by_their_days(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut log = Log::of_mediation();
        tell_body(&mut log, "body.imported", "2024-11-01", &body("Ledger", "people", "", "", ""));
        let mut quarrel = Quarrel::new("d1", "320831106201");
        quarrel.case(("Ledger", "people", ""), "2023-02-03");
        quarrel.tell(&mut log, "case.imported", "2023-02-03", &[0]);
        let mut room = body("Room", "industry", "room", "320831106", "2023-05-01");
        room.theme = "property".to_owned();
        tell_body(&mut log, "body.registered", "2023-05-02", &room);
        let mut studio = body("Studio", "industry", "studio", "320831003", "2023-06-01");
        studio.theme = "property".to_owned();
        tell_body(&mut log, "body.registered", "2023-06-02", &studio);
        let adjustment = |on: &str| Adjustment { adjusted_on: on.to_owned(), staff_in: 1, staff_out: 0 };
        room.adjustments = vec![adjustment("2023-08-01"), adjustment("2023-09-01"), adjustment("2024-02-01")];
        tell_body(&mut log, "body.adjusted", "2024-02-01", &room);
        studio.fostered_on = "2024-03-01".to_owned();
        studio.theme = "online shops".to_owned();
        tell_body(&mut log, "body.fostered", "2024-03-01", &studio);
        studio.closed_on = "2024-08-01".to_owned();
        tell_body(&mut log, "body.closed", "2024-08-01", &studio);
        log.feed(&reporting, 100).await;
        let ids = ["body.active", "body.founded", "body.adjusted", "body.fostered", "body.closed", "body.themes"];
        let ask = async |year, place: &'static str, as_of: &'static str| {
            let report = report(&reporting, year, place, as_of).await;
            assert_identities(&report);
            counts(&report, ("", ""), ids)
        };
        assert_eq!(ask(2023, "320831", "2023-04-30").await, [1, 0, 0, 0, 0, 0]);
        assert_eq!(ask(2023, "", "").await, [3, 2, 0, 0, 0, 1]);
        // Told later, but of 2023.
        assert_eq!(ask(2023, "", "2024-02-01").await, [3, 2, 1, 0, 0, 1]);
        assert_eq!(ask(2024, "", "2024-03-01").await, [3, 0, 1, 1, 0, 2]);
        assert_eq!(ask(2024, "", "").await, [2, 0, 1, 1, 1, 1]);
        assert_eq!(ask(2024, "320831003", "").await, [0, 0, 0, 1, 1, 0]);
        let year = report(&reporting, 2024, "", "2024-03-01").await;
        assert_eq!(counts(&year, ("force", "industry"), ["body.active", "body.themes"]), [2, 2]);
        assert_eq!(counts(&year, ("body_kind", "studio"), ["body.active", "body.themes"]), [1, 1]);
        assert_consistent(&db).await;
    }

    async fn an_explanation_names_cases_disputes_and_bodies(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        worked_example().feed(&reporting, 100).await;
        let year = report(&reporting, 2024, "320831", "").await;
        let mut looked_at = 0;
        for figure in year.figures.iter().filter(|f| f.count.is_some_and(|count| count > 0) && f.id != "body.themes") {
            let request = ExplainFigureRequest {
                indicator: figure.id.clone(),
                year: 2024,
                division_code: "320831".to_owned(),
                dimension: figure.dims.first().cloned(),
                page_size: 2,
                ..ExplainFigureRequest::default()
            };
            let (sum, numbers) = explained(&reporting, &request).await;
            assert_eq!(Some(sum), figure.count, "{figure:?}");
            let begins = |letter: &str| numbers.iter().all(|number| number.starts_with(letter));
            assert!(match figure.id.split_once('.').unwrap().0 {
                "dispute" => begins("D"),
                "body" => numbers.iter().all(|code| ["Village", "Township", "Property"].contains(&code.as_str())),
                _ => begins("C"),
            }, "{figure:?}: {numbers:?}");
            looked_at += 1;
        }
        assert!(looked_at > 100, "{looked_at}");
        let mut client = ReportingServiceClient::new(reporting.service());
        let ask = |indicator: &str| ExplainFigureRequest { indicator: indicator.to_owned(), year: 2024, ..Default::default() };
        let page = client.explain_figure(asked(ask("case.agreed"))).await.unwrap().into_inner();
        let item = &page.items[0];
        assert_eq!((item.id.as_str(), item.number.as_str(), item.basis_on.as_str()), ("d1-2", "Cd1-2", "2024-05-30"));
        let page = client.explain_figure(asked(ask("body.active"))).await.unwrap().into_inner();
        assert_eq!(page.items.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["body:Property", "body:Township", "body:Village"]);
        let status = client.explain_figure(asked(ask("body.themes"))).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
    }

    async fn what_mediation_tells_without_a_place_is_noted(db: Db) {
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut log = Log::of_mediation();
        let mut quarrel = Quarrel::new("d1", "320831106201");
        quarrel.case(VILLAGE, "2024-03-03");
        let wrong = |change: fn(&mut Quarrel)| {
            let mut wrong = Quarrel { id: quarrel.id.clone(), dispute: quarrel.dispute.clone(), cases: quarrel.cases.clone() };
            change(&mut wrong);
            wrong
        };
        for quarrel in [
            wrong(|q| q.end(0, "2024-03-04", "failed", false)),
            wrong(|q| q.cases[0].outcome = "agreed".to_owned()),
            wrong(|q| q.cases[0].force = "magic".to_owned()),
            wrong(|q| q.cases[0].agreed_fen = -1),
            wrong(|q| q.dispute.division_code = "county".to_owned()),
            wrong(|q| q.cases[0].body = "a\0b".to_owned()),
        ] {
            quarrel.tell(&mut log, "case.opened", "2024-03-03", &[0]);
        }
        log.push("d1", "case.opened", "2024-03-03", &DisputeChanged::default());
        log.push("body:X", "body.registered", "2024-03-03", &BodyChanged::default());
        log.push("x", "weather.changed", "2024-03-03", &BodyChanged::default());
        quarrel.tell(&mut log, "case.opened", "2024-03-03", &[0]);
        log.feed(&reporting, 100).await;
        let reasons: Vec<String> = stuck(&db, "mediation", 100).await.unwrap().into_iter().map(|s| s.reason).collect();
        assert_eq!(reasons, [
            "a case ended without having been accepted",
            "an outcome and its day do not come together",
            "the force is unknown",
            "an amount is negative",
            "the division code is malformed",
            "a text has a NUL character",
            "the payload has no dispute",
            "the payload has no body",
            "the kind is unknown",
        ]);
        assert_eq!(stuck(&db, "intake", 100).await.unwrap(), []);
        assert_eq!(count_of(&report(&reporting, 2024, "", "").await, "case.applied"), 1);
        assert_consistent(&db).await;
    }

    /// Each log has its own cursor; a report is complete when both have passed the midnight.
    async fn two_logs_are_followed_side_by_side(db: Db) {
        let clock = now_is("2025-01-01");
        let reporting = open(&db, &clock).await;
        let mut client = ReportingServiceClient::new(reporting.service());
        desk().feed(&reporting, 100).await;
        let heard = |position: i64, head_position: i64, now: Instant| FollowStatus {
            position,
            head_position,
            caught_up_at: Some(now),
            heard_at: Some(now),
            state: FollowState::Following,
        };
        reporting.intake_status_sender().send_replace(heard(6, 6, clock.now()));
        let alone = report(&reporting, 2024, "", "").await;
        assert_eq!((alone.complete, alone.lag_seconds, alone.log_positions.len()), (true, 0, 1));
        let mut log = worked_example();
        log.feed(&reporting, 100).await;
        let last = log.events.len() as i64;
        let behind = report(&reporting, 2024, "", "").await;
        assert!(!behind.complete && behind.lag_seconds > 0);
        let positions: Vec<(&str, i64)> = behind.log_positions.iter().map(|p| (p.log.as_str(), p.position)).collect();
        assert_eq!(positions, [("intake", 6), ("mediation", last)]);
        reporting.mediation_status_sender().send_replace(heard(last, last, clock.now()));
        let both = report(&reporting, 2024, "", "").await;
        assert_eq!((both.complete, both.lag_seconds), (true, 0));
        let wait = GetFreshnessRequest { log: "mediation".to_owned(), position: last, wait_ms: 60_000 };
        let fresh = client.get_freshness(asked(wait)).await.unwrap().into_inner();
        let logs: Vec<(&str, i64, &str)> = fresh.logs.iter().map(|l| (l.log.as_str(), l.position, l.status.as_str())).collect();
        assert_eq!(logs, [("intake", 6, "following"), ("mediation", last, "following")]);
        let wrong = GetFreshnessRequest { log: "reporting".to_owned(), position: 1, wait_ms: 1 };
        assert_eq!(client.get_freshness(asked(wrong)).await.unwrap_err().code(), Code::InvalidArgument);
        let counted = [count_of(&both, "petition.registered"), count_of(&both, "case.accepted")];
        assert_eq!(counted, [1, 3]);
    }

    /// The ledger of `../shared`, each row a dispute of its own, as the events of an import tell it.
    async fn a_ledger_of_cases_gives_its_numbers(db: Db) {
        let path = |dir: &std::path::Path| dir.join("shared/ledgers/cases-federal.csv");
        let Some(ledger) = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(path).find(|path| path.is_file()) else {
            println!("not fed: ../shared/ledgers is not beside this checkout");
            return;
        };
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut log = Log::of_mediation();
        tell_body(&mut log, "body.imported", "2025-01-10", &body("labour-centre", "professional", "", "", ""));
        let mut rows = 0;
        for row in std::fs::read_to_string(&ledger).unwrap().lines().skip(1) {
            let cells: Vec<&str> = row.split(',').collect();
            let day = |column: usize| cells[column].get(..10).unwrap_or_default();
            let mut quarrel = Quarrel::new(cells[0], cells[7]);
            quarrel.case((cells[6], cells[5], ""), day(2));
            quarrel.accept(0, day(10), "first");
            if !cells[12].is_empty() {
                quarrel.end(0, day(11), cells[12], false);
                quarrel.milestone("concluded", day(11), 0, cells[12] == "agreed");
            }
            quarrel.cases[0].agreement_form = cells[13].to_owned();
            quarrel.tell(&mut log, "case.imported", day(2), &[0]);
            rows += 1;
        }
        log.feed(&reporting, 1000).await;
        let text = std::fs::read_to_string(ledger.with_extension("expected.json")).unwrap();
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(expected["rows"], rows);
        for (year, figures) in expected["by_year"].as_object().unwrap() {
            for place in ["", "320831"] {
                let report = report(&reporting, year.parse().unwrap(), place, "").await;
                assert_identities(&report);
                for (name, count) in figures.as_object().unwrap() {
                    assert_eq!(Some(count_of(&report, &format!("case.{name}"))), count.as_i64(), "{year} {name}");
                }
                for name in ["accepted", "concluded"] {
                    assert_eq!(count_of(&report, &format!("dispute.{name}")), figures[name].as_i64().unwrap(), "{year} {name}");
                }
                let by_body = counts(&report, ("body", "labour-centre"), ["case.accepted", "agreement.written"]);
                assert_eq!(by_body, ["accepted", "agreed"].map(|name| figures[name].as_i64().unwrap()));
                assert_eq!(count_of(&report, "body.active"), 1);
            }
        }
        assert_consistent(&db).await;
    }

    async fn facts_are_the_fold_of_the_mediation_log(db: Db) {
        // the log stands in the same database here: its tables are the kernel's
        let reporting = open(&db, &now_is("2025-01-15")).await;
        let mut memory = worked_example();
        memory.push("d9", "case.opened", "2024-09-01", &DisputeChanged::default());
        let clock = now_is("2024-09-01");
        let kinds = ["body.registered", "case.opened", "case.taken", "case.concluded", "case.dispatched", "case.performed"];
        for (i, event) in memory.events.iter().enumerate() {
            let mut tx = db.begin().await.unwrap();
            let new = log::NewEvent {
                event_id: format!("e{i}"),
                aggregate_id: event.aggregate_id.clone(),
                version: i as i64 + 1,
                kind: kinds.into_iter().find(|kind| *kind == event.kind).unwrap(),
                occurred_on: day(&event.known_on),
                known_on: Some(day(&event.known_on)),
                actor: "tester".to_owned(),
                request_id: "r".to_owned(),
                open: event.open.clone(),
                sealed: Vec::new(),
            };
            log::append(&mut tx, clock.now(), vec![new]).await.unwrap();
            tx.commit().await.unwrap();
        }
        let head = log::head(&db).await.unwrap();
        let to = Cursor { log_id: head.log_id, position: head.position, hash: head.hash, recorded_at: head.recorded_at };
        desk().feed(&reporting, 100).await;
        reporting.mediation_follower().apply(&memory.events, &[], 0, &to).await.unwrap();
        // What comes from the other log is left alone.
        assert_eq!(verify_facts(&db, None, Some(&db)).await.unwrap(), []);
        let mut tx = db.begin().await.unwrap();
        for sql in [
            "UPDATE fact SET number = 'C' WHERE id = 'case:d1-1'",
            "DELETE FROM fact WHERE id = 'dispute:d1'",
            "UPDATE fact_past SET known_to = '2024-06-01' WHERE id = 'case:d1-2'",
            "UPDATE stuck SET reason = 'none' WHERE log = 'mediation'",
        ] {
            on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
        }
        tx.commit().await.unwrap();
        let found: Vec<String> = verify_facts(&db, None, Some(&db)).await.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(found, [
            "FACT-2 fact_past case:d1-2 0001-01-01: has another value",
            "FACT-2 fact case:d1-1: has another value",
            "FACT-2 fact dispute:d1: is missing",
            "FACT-2 stuck mediation 13: has another value",
        ]);
    }
}
