//! The log: without gaps, in commit order, and tampering shows.

use crate::{NOW, event};
use fengqiao_model::Instant;
use fengqiao_store::{Appended, Db, Engine, Location, NO_MIGRATIONS, Policy, StoreError, log, on, verify_chain};
use fengqiao_testkit::on_each_engine;

async fn append(db: &Db, now: Instant, events: Vec<fengqiao_store::NewEvent>) -> Appended {
    let mut tx = db.begin().await.unwrap();
    let appended = log::append(&mut tx, now, events).await.unwrap();
    tx.commit().await.unwrap();
    appended
}

on_each_engine! {
    async fn a_rollback_gives_its_positions_back(db: Db) {
        append(&db, NOW, vec![event("a", 1), event("a", 2)]).await;
        let mut tx = db.begin().await.unwrap();
        let lost = log::append(&mut tx, NOW, vec![event("a", 3)]).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(*db.positions().borrow(), 2);
        let kept = append(&db, NOW, vec![event("b", 1)]).await;
        assert_eq!((lost.first, kept.first), (3, 3));
        assert_eq!(*db.positions().borrow(), 3);
        assert_eq!(verify_chain(&mut db.snapshot().await.unwrap()).await.unwrap().position, 3);
    }

    async fn events_come_back_as_they_went_in(db: Db) {
        let mut late = event("b", 1);
        late.known_on = Some("2024-11-05".parse().unwrap());
        append(&db, NOW, vec![event("a", 1), late, event("a", 2)]).await;
        let all = log::read_after(&db, 0, 10).await.unwrap();
        assert_eq!(all.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(all[0].open, b"open 1");
        assert_eq!(all[2].sealed, b"sealed");
        assert_eq!(all[0].known_on.to_string(), "2025-01-01");
        assert_eq!(all[1].known_on.to_string(), "2024-11-05");
        assert_eq!(all[1].occurred_on.to_string(), "2024-12-31");
        assert_eq!(all[1].recorded_at, NOW);
        assert_eq!(log::read_after(&db, 1, 1).await.unwrap(), all[1..2]);
        assert_eq!(log::event_at(&db, 2).await.unwrap().as_ref(), Some(&all[1]));
        assert_eq!(log::event_at(&db, 4).await.unwrap(), None);
        assert_eq!(log::at_positions(&db, &[3, 1, 9, 3]).await.unwrap(), [all[0].clone(), all[2].clone()]);
        assert_eq!(log::of_aggregate(&db, "a", 1).await.unwrap(), all[2..]);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(log::of_aggregate(&mut tx, "a", 0).await.unwrap().len(), 2);
        let some = log::of_aggregates(&mut tx, &["b".to_owned(), "a".to_owned(), "b".to_owned()]).await.unwrap();
        assert_eq!(some.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 3, 2]);
        let first = log::by_aggregate(&mut tx, (String::new(), 0), 2).await.unwrap();
        assert_eq!(first.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 3]);
        let rest = log::by_aggregate(&mut tx, ("a".to_owned(), 2), 2).await.unwrap();
        assert_eq!(rest.iter().map(|e| e.position).collect::<Vec<_>>(), [2]);
    }

    async fn time_never_runs_back(db: Db) {
        let first = append(&db, NOW, vec![event("a", 1)]).await;
        let second = append(&db, Instant(NOW.0 - 5), vec![event("a", 2)]).await;
        let third = append(&db, Instant(NOW.0 + 5), vec![event("a", 3)]).await;
        assert_eq!([first.recorded_at.0, second.recorded_at.0, third.recorded_at.0], [NOW.0, NOW.0, NOW.0 + 5]);
        let none = append(&db, NOW, Vec::new()).await;
        assert_eq!((none.first, none.last), (4, 3));
    }

    async fn a_version_exists_once(db: Db) {
        append(&db, NOW, vec![event("a", 1)]).await;
        let mut tx = db.begin().await.unwrap();
        let error = log::append(&mut tx, NOW, vec![event("a", 1)]).await.unwrap_err();
        assert!(error.is_unique_violation() && error.is_certainly_aborted() && !error.is_transient(), "{error}");
    }

    async fn two_writers_leave_no_gap(location: Location) {
        let first = Db::open(&location, "first").await.unwrap();
        first.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
        let second = match first.engine() {
            Engine::Sqlite => first.clone(),
            Engine::Postgres => Db::open(&location, "second").await.unwrap(),
        };
        let tasks: Vec<_> = [(first.clone(), "a"), (second.clone(), "b")]
            .into_iter()
            .map(|(db, name)| {
                tokio::spawn(async move {
                    for version in 0..40 {
                        let versions = [2 * version + 1, 2 * version + 2];
                        append(&db, NOW, versions.map(|v| event(name, v)).to_vec()).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let head = verify_chain(&mut first.snapshot().await.unwrap()).await.unwrap();
        assert_eq!(head.position, 160);
        let told = [&first, &second].map(|db| *db.positions().borrow());
        assert_eq!(told.into_iter().max(), Some(160));
        second.close().await;
        first.close().await;
    }

    async fn tampering_is_found_at_its_position(db: Db) {
        append(&db, NOW, (1..=6).map(|v| event("a", v)).collect()).await;
        const TAMPERINGS: [(&str, i64); 20] = [
            ("UPDATE event SET position = 70 WHERE position = 4", 4),
            ("UPDATE event SET event_id = 'x' WHERE position = 4", 4),
            ("UPDATE event SET aggregate_id = 'x' WHERE position = 4", 4),
            ("UPDATE event SET version = 70 WHERE position = 4", 4),
            ("UPDATE event SET kind = 'x' WHERE position = 4", 4),
            ("UPDATE event SET recorded_us = recorded_us + 1 WHERE position = 4", 4),
            ("UPDATE event SET occurred_on = '2024-12-30' WHERE position = 4", 4),
            ("UPDATE event SET occurred_on = 'x' WHERE position = 4", 4),
            ("UPDATE event SET known_on = '2024-12-30' WHERE position = 4", 4),
            ("UPDATE event SET actor = 'x' WHERE position = 4", 4),
            ("UPDATE event SET request_id = 'x' WHERE position = 4", 4),
            ("UPDATE event SET open = sealed WHERE position = 4", 4),
            ("UPDATE event SET sealed = open WHERE position = 4", 4),
            ("UPDATE event SET digest = hash WHERE position = 4", 4),
            ("UPDATE event SET hash = digest WHERE position = 4", 4),
            ("DELETE FROM event WHERE position = 4", 4),
            ("DELETE FROM event WHERE position = 6", 6),
            ("UPDATE log_head SET position = 5", 6),
            ("UPDATE log_head SET hash = log_head.hash || log_head.hash", 6),
            ("UPDATE log_head SET log_id = 'x'", 1),
        ];
        for (tampering, position) in TAMPERINGS {
            let mut tx = db.begin().await.unwrap();
            verify_chain(&mut tx).await.unwrap();
            // SQLite gives the text type to the concatenation of two blobs; its STRICT table wants the blob back.
            let tampering = match db.engine() {
                Engine::Sqlite if tampering.contains("||") => "UPDATE log_head SET hash = zeroblob(32)",
                _ => tampering,
            };
            let changed = on!(tx &mut tx, c => sqlx::query(tampering).execute(c).await.map(|d| d.rows_affected())).unwrap();
            assert_eq!(changed, 1);
            let broken = verify_chain(&mut tx).await.unwrap_err();
            assert_eq!(broken.position, position, "{tampering}: {broken}");
            tx.rollback().await.unwrap();
        }
    }

    async fn what_cannot_be_read_is_broken(db: Db) {
        append(&db, NOW, vec![event("a", 1)]).await;
        let mut tx = db.begin().await.unwrap();
        on!(tx &mut tx, c => sqlx::query("ALTER TABLE event RENAME COLUMN open TO opened").execute(c).await.map(drop)).unwrap();
        let broken = verify_chain(&mut tx).await.unwrap_err();
        assert_eq!(broken.position, 1);
        assert!(broken.what.starts_with("cannot be read"), "{broken}");
    }

    async fn a_connection_lost_before_the_answer_to_commit_leaves_the_outcome_open(db: Db) {
        // A file has no connection to lose.
        if db.engine() == Engine::Postgres {
            const PID: &str = "SELECT CAST(pg_backend_pid() AS BIGINT)";
            const KILL: &str = "SELECT pg_terminate_backend(CAST($1 AS INT), 5000)";
            let mut tx = db.begin().await.unwrap();
            log::append(&mut tx, NOW, vec![event("a", 1)]).await.unwrap();
            let pid: i64 = on!(tx &mut tx, c => sqlx::query_scalar(PID).fetch_one(c).await).unwrap();
            on!(read &db, c => sqlx::query(KILL).bind(pid).execute(c).await.map(drop)).unwrap();
            let error = tx.commit().await.unwrap_err();
            assert!(matches!(error, StoreError::Unknown(_)) && !error.is_certainly_aborted(), "{error:?}");
            assert_eq!(*db.positions().borrow(), 0);
            append(&db, NOW, vec![event("a", 1)]).await;
        }
    }
}
