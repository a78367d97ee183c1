//! Migrations: the same tables on both engines; too old and too new is refused.

use fengqiao_store::{Db, Engine, KERNEL, Location, Migrations, NO_MIGRATIONS, Policy, SchemaState, StoreError, on};
use fengqiao_testkit::{assert_golden, on_each_engine, schema_summary};
use sqlx::{SqlSafeStr, migrate::Migration, migrate::MigrationType, migrate::Migrator};

on_each_engine! {
    async fn tables_are_the_same(db: Db) {
        let summary = schema_summary(&db).await.join("\n") + "\n";
        // One file for both engines: this is the parity test.
        assert_golden("tests/golden/schema.txt", &summary);
    }

    async fn an_older_schema_needs_leave_to_be_migrated(location: Location) {
        let db = Db::open(&location, "test").await.unwrap();
        assert_eq!(db.schema_state(&NO_MIGRATIONS).await.unwrap(), SchemaState::Empty);
        db.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
        let id = db.log_head().await.unwrap().log_id;
        let service = one_more_table();
        let error = db.migrate(&service, Policy::EmptyOnly).await.unwrap_err();
        assert!(matches!(error, StoreError::SchemaOlder { have: 5, need: 100 }), "{error}");
        assert!(db.require_schema(&service).await.is_err());
        db.migrate(&service, Policy::Always).await.unwrap();
        db.migrate(&service, Policy::EmptyOnly).await.unwrap();
        db.require_schema(&service).await.unwrap();
        let error = db.migrate(&NO_MIGRATIONS, Policy::Always).await.unwrap_err();
        assert!(matches!(error, StoreError::SchemaNewer { have: 100, need: 5 }), "{error}");
        assert_eq!(db.log_head().await.unwrap().log_id, id);
    }

    async fn two_starts_at_once_migrate_once(location: Location) {
        let first = Db::open(&location, "first").await.unwrap();
        // A SQLite file has one owner: there the two are one.
        let second = match first.engine() {
            Engine::Sqlite => first.clone(),
            Engine::Postgres => Db::open(&location, "second").await.unwrap(),
        };
        let policy = Policy::EmptyOnly;
        let (a, b) = tokio::join!(first.migrate(&NO_MIGRATIONS, policy), second.migrate(&NO_MIGRATIONS, policy));
        a.unwrap();
        b.unwrap();
        assert_eq!(first.log_head().await.unwrap(), second.log_head().await.unwrap());
    }
}

on_each_engine! { one_more_table();
    async fn a_service_has_its_tables_beside_the_kernel(db: Db) {
        let count: i64 = on!(read &db, c => sqlx::query_scalar("SELECT COUNT(*) FROM more").fetch_one(c).await).unwrap();
        assert_eq!(count, 0);
        assert_eq!(db.schema_state(&one_more_table()).await.unwrap(), SchemaState::Current);
    }
}

fn one_more_table() -> Migrations {
    let migrator = |sql: &'static str| {
        Migrator::with_migrations(vec![Migration::new(100, "more".into(), MigrationType::Simple, sql.into_sql_str(), false)])
    };
    Migrations {
        sqlite: migrator("CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY) STRICT"),
        postgres: migrator("CREATE TABLE more (id BIGINT NOT NULL PRIMARY KEY)"),
    }
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect::<Vec<_>>();
    assert_eq!(names(&KERNEL.sqlite), names(&KERNEL.postgres));
    assert!(names(&KERNEL.sqlite).iter().all(|(version, _)| (1..100).contains(version)));
}
