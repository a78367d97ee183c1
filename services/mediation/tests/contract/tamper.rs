//! Somebody changes the database behind the service's back: the check names the place.

use crate::{
    asks,
    desk::{Desk, after, dispute_after},
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
    execute(&desk.db, &format!("INSERT INTO kept_{table} SELECT * FROM {table} WHERE {place}")).await;
    execute(&desk.db, &sql(changed)).await;
    let found = desk.differences().await;
    execute(&desk.db, &sql(&format!("(SELECT {column} FROM kept_{table})"))).await;
    execute(&desk.db, &format!("DELETE FROM kept_{table}")).await;
    found
}

/// Takes one row away for the time of a check.
async fn without(desk: &Desk, table: &str, place: &str) -> Vec<String> {
    execute(&desk.db, &format!("INSERT INTO kept_{table} SELECT * FROM {table} WHERE {place}")).await;
    execute(&desk.db, &format!("DELETE FROM {table} WHERE {place}")).await;
    let found = desk.differences().await;
    execute(&desk.db, &format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
    execute(&desk.db, &format!("DELETE FROM kept_{table}")).await;
    found
}

async fn keep(desk: &Desk, table: &str) {
    let mut tx = desk.db.begin().await.unwrap();
    let sql = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE 1 = 0");
    on!(tx tx, c => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

/// A book with a linked quarrel, a case handed on, and one that was erased.
async fn busy(location: &Location) -> (Desk, String) {
    let desk = Desk::open(location).await;
    let taken = desk.taken("village").await;
    let twin = desk.agreed("court").await.dispute_id;
    dispute_after!(desk.coordinator(), link_dispute, asks::link(&desk.dispute(&twin).await, &taken.dispute_id));
    let moved = desk.taken("township").await;
    desk.at("township").transfer_case(asks::transfer(&moved)).await.unwrap_err();
    after!(desk.coordinator(), void_case, asks::void(&moved));
    dispute_after!(desk.coordinator(), erase_parties, asks::erase(&desk.dispute(&moved.dispute_id).await));
    for table in ["event", "dispute", "mediation_case", "body", "body_load", "data_key"] {
        keep(&desk, table).await;
    }
    assert!(desk.differences().await.is_empty());
    (desk, taken.dispute_id)
}

on_each_engine! {
    async fn a_changed_event_is_named_by_its_position(location: Location) {
        let (desk, _) = busy(&location).await;
        for (column, changed) in [
            ("aggregate_id", "'00000000-0000-7000-8000-000000000000'"),
            ("version", "version + 100"),
            ("kind", "'case.taken'"),
            ("occurred_on", "'2026-03-01'"),
            ("actor", "'coord-7'"),
            ("open", "hash"),
            ("sealed", "hash"),
            ("hash", "digest"),
        ] {
            let found = with(&desk, "event", column, "position = 8", changed).await;
            assert_eq!(found.len(), 1, "{column}: {found:?}");
            assert!(found[0].starts_with("position 8:"), "{column}: {found:?}");
        }
        assert!(desk.differences().await.is_empty());
    }

    async fn a_changed_row_is_named_by_what_it_is(location: Location) {
        let (desk, id) = busy(&location).await;
        let case = asks::case_id(&desk.dispute(&id).await.cases[0]);
        for (table, place, name, columns) in [
            ("dispute", format!("id = '{id}'"), format!("dispute {id}"), vec![
                ("version", "version + 1"), ("number", "'X'"), ("ledger", "'L'"), ("root_ref", "'R'"), ("petition", "'P'"),
                ("image", "image || ' '"),
            ]),
            ("mediation_case", format!("id = '{case}'"), format!("case {case}"), vec![
                ("dispute_id", "'D'"), ("number", "'X'"), ("ledger", "'L'"), ("external_ref", "'E'"), ("state", "'void'"),
                ("force", "'court'"), ("body", "'court'"), ("division", "'32'"), ("dispute_type", "'T99'"), ("source", "'court'"),
                ("applied_on", "'2026-03-01'"), ("open_due", "''"), ("stuck", "'unassigned'"),
            ]),
            ("body", "code = 'village'".to_owned(), "body village".to_owned(), vec![
                ("version", "version + 1"), ("force", "'industry'"), ("kind", "'room'"), ("division", "'32'"),
                ("founded_on", "''"), ("closed_on", "'2026-03-01'"), ("image", "image || ' '"),
            ]),
        ] {
            for (column, changed) in columns {
                let found = with(&desk, table, column, &place, changed).await;
                assert_eq!(found, [format!("{name} does not stand as its events say")], "{table}.{column}");
            }
            let found = without(&desk, table, &place).await;
            assert!(found.contains(&format!("{name} stands in the log but not in the book")), "{found:?}");
        }
        let found = with(&desk, "body_load", "open", "code = 'village'", "open + 1").await;
        assert_eq!(found, ["body village has 1 open cases, its load says 2"]);
        assert_eq!(without(&desk, "body_load", "code = 'village'").await, ["body village has 1 open cases, its load says -1"]);
        assert_eq!(without(&desk, "data_key", &format!("aggregate_id = '{id}'")).await, [format!("dispute {id} has something sealed, but no key")]);
        assert!(desk.differences().await.is_empty());

        execute(&desk.db, &format!("INSERT INTO kept_mediation_case SELECT * FROM mediation_case WHERE id = '{case}'")).await;
        execute(&desk.db, "UPDATE kept_mediation_case SET id = 'another', number = 'another'").await;
        execute(&desk.db, "INSERT INTO mediation_case SELECT * FROM kept_mediation_case").await;
        assert_eq!(desk.differences().await, ["1 cases stand in the book but not in the log"]);
    }

    async fn another_master_key_opens_nothing(location: Location) {
        let (desk, _) = busy(&location).await;
        desk.close().await;
        let settings = fengqiao_mediation::BookSettings {
            location: location.clone(),
            master_key: Some(fengqiao_service::Secret::new("0f".repeat(32))),
            master_key_file: "/nowhere/master.key".into(),
            policy: fengqiao_store::Policy::EmptyOnly,
            days_back: 30,
        };
        let clock = std::sync::Arc::new(fengqiao_model::SystemClock);
        let opened = fengqiao_mediation::Mediation::open(&settings, clock, Default::default()).await;
        assert!(matches!(opened.err(), Some(fengqiao_store::StoreError::Key(_))));
    }
}
