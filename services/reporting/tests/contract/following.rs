//! Following: batches, stuck events, verification, freshness.

use crate::{ledger::Ledger, support::*};

on_each_engine! { MIGRATIONS;
    async fn every_way_of_cutting_the_log_gives_the_same_bytes(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut dumps = Vec::new();
        for batch in [1, 7, 2000] {
            let mut log = desk();
            let ledger = Ledger::random(60, 5);
            ledger.rows.iter().for_each(|row| log.push(&row.id(), "petition.imported", "2024-06-30", &row.opened().message()));
            ledger.rows.iter().for_each(|row| log.push(&row.id(), "petition.advanced", "2024-06-30", &row.message()));
            log.feed(&reporting, batch).await;
            dumps.push(dump(&db).await);
            forget_all(&db).await;
        }
        assert!(dumps[0].len() > 100);
        assert!(dumps.windows(2).all(|pair| pair[0] == pair[1]));
    }

    async fn what_has_no_place_is_noted_and_passed_over(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = desk();
        let voided = PetitionVoided { voided_on: "2024-02-20".to_owned(), ..PetitionVoided::default() };
        log.push("00", "petition.voided", "2024-02-20", &voided);
        log.push("01", "petition.registered", "2024-02-20", &PetitionRegistered::default());
        log.push("01", "petition.danced\0", "2024-02-20", &PetitionVoided::default());
        log.push("01", "petition.voided", "2024-02-20", &PetitionVoided { voided_on: "soon".to_owned(), ..voided.clone() });
        log.push("01", "dance.danced", "2024-02-20", &PetitionVoided::default());
        let mut withheld = log.events[0].clone();
        withheld.position = 12;
        withheld.open_withheld = true;
        log.events.push(withheld);
        let nul = PetitionAccepted { accepted_on: "2024-02-02".to_owned(), responsible_unit: "a\0b".to_owned(), ..Default::default() };
        log.push("01", "petition.accepted", "2024-02-20", &nul);
        log.feed(&reporting, 100).await;
        let reasons: Vec<String> = stuck(&db, "intake", 100).await.unwrap().into_iter().map(|s| s.reason).collect();
        assert_eq!(reasons, [
            "the petition does not exist",
            "the division code is malformed",
            "the payload has no petition",
            "a day is malformed",
            "the kind is unknown",
            "the payload was withheld",
            "a text has a NUL character",
        ]);
        let mut client = ReportingServiceClient::new(reporting.service());
        let fresh = client.get_freshness(asked(GetFreshnessRequest::default())).await.unwrap().into_inner();
        assert_eq!((fresh.logs[0].position, fresh.logs[0].status.as_str()), (13, "connecting"));
        assert_consistent(&db).await;
    }

    async fn an_edited_roll_is_found(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        desk().feed(&reporting, 100).await;
        let mut tx = db.begin().await.unwrap();
        let cut = "DELETE FROM roll WHERE sheet = 'channel'";
        let more = "INSERT INTO roll (level, node, bucket_kind, bucket, sheet, member, basis_year, amounts) \
                    SELECT level, '320999', bucket_kind, bucket, sheet, member, basis_year, amounts FROM roll \
                    WHERE sheet = 'total' AND level = 6 AND bucket_kind = 'year' AND bucket = 2024";
        let changed = "UPDATE roll SET amounts = (SELECT r.amounts FROM roll AS r WHERE r.level = 12 ORDER BY r.bucket LIMIT 1) \
                       WHERE sheet = 'month' AND level = 9 AND bucket = 202401";
        for sql in [cut, more, changed] {
            on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
        }
        tx.commit().await.unwrap();
        let found: Vec<String> = verify(&db).await.unwrap().iter().map(ToString::to_string).collect();
        for part in ["is missing", "should not be there", "has another value"] {
            assert!(found.iter().any(|d| d.starts_with("FACT-1 roll 320") && d.contains(part)), "{part}: {found:#?}");
        }
    }

    async fn facts_are_the_fold_of_the_log(db: Db) {
        // the log stands in the same database here: its tables are the kernel's
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut memory = desk();
        memory.push("09", "petition.danced", "2024-04-12", &PetitionVoided::default());
        let clock = now_is("2024-04-12");
        for (i, event) in memory.events.iter().enumerate() {
            let mut tx = db.begin().await.unwrap();
            let kinds = ["petition.registered", "petition.accepted", "petition.voided", "petition.extension_decided",
                "petition.opinion_issued", "petition.danced"];
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
        reporting.intake_follower().apply(&memory.events, &[], 0, &to).await.unwrap();
        assert_eq!(verify_facts(&db, Some(&db), None).await.unwrap(), []);
        let mut tx = db.begin().await.unwrap();
        for sql in ["UPDATE fact SET number = 'N7' WHERE id = '01'", "DELETE FROM fact_past WHERE id = '02'", "DELETE FROM stuck"] {
            on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
        }
        tx.commit().await.unwrap();
        let found: Vec<String> = verify_facts(&db, Some(&db), None).await.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(found, [
            "FACT-2 fact 01: has another value",
            "FACT-2 fact_past 02 0001-01-01: is missing",
            "FACT-2 stuck intake 7: is missing",
        ]);
    }

    async fn a_batch_that_came_before_is_refused(db: Db) {
        let reporting = open(&db, &now_is("2024-12-01")).await;
        let mut log = desk();
        log.feed(&reporting, 100).await;
        let before = dump(&db).await;
        let again = reporting.intake_follower().apply(&log.events[2..4], &[], 2, &log.cursor(4)).await;
        assert!(matches!(again, Err(fengqiao_store::StoreError::Conflict)), "{again:?}");
        assert_eq!(dump(&db).await, before);
        assert_eq!(reporting.intake_follower().cursor().await.unwrap().unwrap().position, 6);
    }

    async fn freshness_waits_and_a_report_says_whether_it_is_complete(db: Db) {
        let clock = now_is("2025-01-01");
        let reporting = open(&db, &clock).await;
        let nobody = report(&reporting, 2024, "", "").await;
        assert_eq!((nobody.complete, nobody.lag_seconds, nobody.log_positions.len()), (false, 1, 0));
        reporting.intake_follower();
        let first = report(&reporting, 2024, "", "").await;
        assert_eq!((first.complete, first.lag_seconds, first.log_positions[0].position), (false, 1, 0));
        assert_eq!(first.figures.iter().filter(|f| f.count == Some(0)).count() + 25, first.figures.len());
        let mut log = desk();
        let mut client = ReportingServiceClient::new(reporting.service());
        let wait = |wait_ms| GetFreshnessRequest { log: "intake".to_owned(), position: 6, wait_ms };
        let early = client.get_freshness(asked(wait(10))).await.unwrap().into_inner();
        assert_eq!((early.logs[0].position, early.logs[0].status.as_str()), (0, "connecting"));
        let status = reporting.intake_status_sender();
        let waiting = tokio::spawn(async move { client.get_freshness(asked(wait(60_000))).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        log.feed(&reporting, 100).await;
        let now = clock.now();
        let heard = FollowStatus {
            position: 6,
            head_position: 6,
            caught_up_at: Some(now),
            heard_at: Some(now),
            state: FollowState::Following,
        };
        status.send_replace(heard);
        let fresh = waiting.await.unwrap().unwrap().into_inner();
        assert_eq!((fresh.logs[0].position, fresh.logs[0].lag_seconds, fresh.logs[0].status.as_str()), (6, 0, "following"));
        let done = report(&reporting, 2024, "", "").await;
        assert_eq!((done.complete, done.lag_seconds, done.log_positions[0].position), (true, 0, 6));
        let today = report(&reporting, 2025, "", "").await;
        assert_eq!((today.complete, today.as_of.as_str(), count_of(&today, "petition.carried_in")), (false, "2025-01-01", 0));
        clock.advance_to(Instant(now.0 + 40_000_000));
        assert_eq!(report(&reporting, 2024, "", "").await.lag_seconds, 40);
    }

    async fn both_engines_have_the_same_tables(db: Db) {
        let summary = schema_summary(&db).await.join("\n") + "\n";
        assert_golden("tests/golden/schema.txt", &summary);
    }
}
