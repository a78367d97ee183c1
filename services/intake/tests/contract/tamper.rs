//! Somebody changes the database behind the service's back: the check names the place.

use crate::{
    asks,
    desk::{Desk, after},
};
use fengqiao_store::{Db, Location, on};
use fengqiao_testkit::on_each_engine;
use sqlx::AssertSqlSafe;

async fn execute(db: &Db, sql: &str) {
    let mut tx = db.begin().await.unwrap();
    let changed =
        on!(tx tx, c => sqlx::query(AssertSqlSafe(sql.to_owned())).execute(c).await.map(|done| done.rows_affected())).unwrap();
    assert_eq!(changed, 1, "{sql}");
    tx.commit().await.unwrap();
}

/// Changes one column of one row for the time of a check, and gives what the check found.
async fn with(desk: &Desk, table: &str, column: &str, place: &str, changed: &str) -> Vec<String> {
    let sql = |set: &str| format!("UPDATE {table} SET {column} = {set} WHERE {place}");
    execute(&desk.db, &format!("INSERT INTO kept SELECT * FROM {table} WHERE {place}")).await;
    execute(&desk.db, &sql(changed)).await;
    let found = desk.differences().await;
    execute(&desk.db, &sql(&format!("(SELECT {column} FROM kept)"))).await;
    execute(&desk.db, "DELETE FROM kept").await;
    found
}

async fn keep(desk: &Desk, table: &str) {
    let mut tx = desk.db.begin().await.unwrap();
    let sql = format!("CREATE TABLE kept AS SELECT * FROM {table} WHERE 1 = 0");
    on!(tx tx, c => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

async fn busy(location: &Location) -> Desk {
    let desk = Desk::open(location).await;
    let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.accepted().await));
    after!(desk.head(), decide_extension, asks::grant(&asked));
    let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title"];
    desk.import(&columns, &[&["R", "2026-01-05", "320831", "appeal", "题"]]).await;
    desk.appeal().await;
    assert_eq!((desk.position().await, desk.differences().await.len()), (6, 0));
    desk
}

on_each_engine! {
    async fn a_changed_event_is_named_by_its_position(location: Location) {
        let desk = busy(&location).await;
        keep(&desk, "event").await;
        for (column, changed) in [
            ("event_id", "'00000000-0000-7000-8000-000000000000'"),
            ("aggregate_id", "'00000000-0000-7000-8000-000000000000'"),
            ("version", "version + 100"),
            ("kind", "'petition.refused'"),
            ("recorded_us", "recorded_us - 1"),
            ("occurred_on", "'2026-03-01'"),
            ("known_on", "'2026-03-01'"),
            ("actor", "'clerk-7'"),
            ("request_id", "'00000000-0000-7000-8000-000000000000'"),
            ("open", "hash"),
            ("sealed", "hash"),
            ("digest", "hash"),
            ("hash", "digest"),
        ] {
            let found = with(&desk, "event", column, "position = 3", changed).await;
            assert_eq!(found.len(), 1, "{column}: {found:?}");
            assert!(found[0].starts_with("position 3:"), "{column}: {found:?}");
        }
        assert!(desk.differences().await.is_empty());
        execute(&desk.db, "DELETE FROM event WHERE position = 6").await;
        assert!(desk.differences().await[0].starts_with("position 6:"));
    }

    async fn a_changed_state_is_named_by_its_petition(location: Location) {
        let desk = busy(&location).await;
        keep(&desk, "petition").await;
        let id = desk.imported("R").await.id;
        for (column, changed) in [
            ("version", "version + 1"),
            ("prior", "prior"),
            ("number", "'信访局-2026-000099'"),
            ("slip", "'S'"),
            ("ledger", "'L'"),
            ("external_ref", "'E'"),
            ("state", "'void'"),
            ("division", "'32'"),
            ("channel", "'phone'"),
            ("matter_class", "'allegation'"),
            ("responsible_unit", "'U'"),
            ("registered_on", "'2026-01-04'"),
            ("open_due", "'2027-01-01'"),
            ("image", "image || ' '"),
        ] {
            let found = with(&desk, "petition", column, &format!("id = '{id}'"), changed).await;
            if column == "prior" {
                assert!(found.is_empty(), "the version before the last change says nothing: {found:?}");
                continue;
            }
            assert_eq!(found, [format!("petition {id} does not stand as its events say")], "{column}");
        }
        assert!(desk.differences().await.is_empty());
        execute(&desk.db, &format!("INSERT INTO kept SELECT * FROM petition WHERE id = '{id}'")).await;
        execute(&desk.db, &format!("DELETE FROM petition WHERE id = '{id}'")).await;
        assert_eq!(
            desk.differences().await,
            [format!("petition {id} stands in the log but not in the book"), "1 clocks belong to no petition".to_owned()]
        );
        for other in ["00000000-0000-7000-8000-000000000000", "ffffffff-0000-7000-8000-000000000000"] {
            execute(&desk.db, &format!("UPDATE kept SET id = '{other}'")).await;
            execute(&desk.db, "INSERT INTO petition SELECT * FROM kept").await;
            let found = desk.differences().await;
            assert!(found.contains(&format!("petition {other} stands in the book but not in the log")), "{found:?}");
            assert_eq!(found.len(), 3, "{found:?}");
            execute(&desk.db, &format!("DELETE FROM petition WHERE id = '{other}'")).await;
        }
    }
}
