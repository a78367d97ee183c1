//! Opening: one owner per file, readers who only look, and what is said when it cannot be.

use crate::{NOW, event};
use fengqiao_store::{Db, Engine, Location, NO_MIGRATIONS, Policy, StoreError, log, on, verify_chain};
use fengqiao_testkit::on_each_engine;
use std::os::unix::fs::PermissionsExt;

async fn migrated(location: &Location) -> Db {
    let db = Db::open(location, "test").await.unwrap();
    db.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
    db
}

async fn append_one(db: &Db, version: i64) {
    let mut tx = db.begin().await.unwrap();
    log::append(&mut tx, NOW, vec![event("a", version)]).await.unwrap();
    tx.commit().await.unwrap();
}

on_each_engine! {
    async fn a_sqlite_file_has_one_owner_and_a_server_has_many(location: Location) {
        let db = migrated(&location).await;
        let second = Db::open(&location, "test").await;
        match db.engine() {
            Engine::Sqlite => assert!(matches!(second.unwrap_err(), StoreError::Locked { .. })),
            Engine::Postgres => second.unwrap().close().await,
        }
        db.close().await;
        Db::open(&location, "test").await.unwrap().close().await;
    }

    async fn what_was_committed_is_there_after_a_restart(location: Location) {
        let db = migrated(&location).await;
        append_one(&db, 1).await;
        let head = db.log_head().await.unwrap();
        db.checkpoint().await.unwrap();
        db.close().await;
        let db = migrated(&location).await;
        assert_eq!(db.log_head().await.unwrap(), head);
        assert_eq!(*db.positions().borrow(), 1);
        db.close().await;
    }

    async fn a_reader_sees_a_live_and_a_stopped_database_and_cannot_write(location: Location) {
        let db = migrated(&location).await;
        append_one(&db, 1).await;
        let reader = Db::open_read_only(&location).await.unwrap();
        reader.require_schema(&NO_MIGRATIONS).await.unwrap();
        assert_eq!(verify_chain(&mut reader.snapshot().await.unwrap()).await.unwrap().position, 1);
        append_one(&db, 2).await;
        assert_eq!(verify_chain(&mut reader.snapshot().await.unwrap()).await.unwrap().position, 2);
        const WRITE: &str = "UPDATE log_head SET position = 7";
        assert!(on!(read &reader, c => sqlx::query(WRITE).execute(c).await.map(drop)).is_err());
        reader.close().await;
        db.close().await;

        let before = files(&location);
        let reader = Db::open_read_only(&location).await.unwrap();
        assert_eq!(verify_chain(&mut reader.snapshot().await.unwrap()).await.unwrap().position, 2);
        reader.close().await;
        assert_eq!(files(&location).first(), before.first(), "the database file is untouched");
        Db::open(&location, "test").await.unwrap().close().await;
    }

    async fn what_is_not_there_cannot_be_read(location: Location) {
        let error = Db::open_read_only(&location).await.unwrap_err();
        assert!(matches!(error, StoreError::Location(_)), "{error}");
        assert!(files(&location).is_empty());
    }

    async fn a_snapshot_does_not_change_while_it_lasts(location: Location) {
        let db = migrated(&location).await;
        append_one(&db, 1).await;
        let mut snapshot = db.snapshot().await.unwrap();
        assert_eq!(log::head(&mut snapshot).await.unwrap().position, 1);
        append_one(&db, 2).await;
        assert_eq!(log::head(&mut snapshot).await.unwrap().position, 1);
        assert_eq!(log::read_after(&mut snapshot, 0, 10).await.unwrap().len(), 1);
        snapshot.rollback().await.unwrap();
        assert_eq!(log::head(&db).await.unwrap().position, 2);
        db.close().await;
    }
}

/// The files of a SQLite database with their contents.
fn files(location: &Location) -> Vec<(String, Vec<u8>)> {
    let Location::Sqlite(path) = location else { return Vec::new() };
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn a_sqlite_database_is_readable_by_its_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data/intake.db");
    let db = migrated(&Location::Sqlite(path.clone())).await;
    append_one(&db, 1).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    db.close().await;
}

#[tokio::test]
async fn a_sqlite_database_of_a_killed_process_can_be_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("live.db");
    let db = migrated(&Location::Sqlite(path.clone())).await;
    append_one(&db, 1).await;
    // What a kill leaves behind: the file and its write-ahead log, without the shared memory that belongs to it.
    let copy = directory.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(directory.path().join("live.db-wal"), directory.path().join("copy.db-wal")).unwrap();
    let reader = Db::open_read_only(&Location::Sqlite(copy)).await.unwrap();
    assert_eq!(verify_chain(&mut reader.snapshot().await.unwrap()).await.unwrap().position, 1);
    reader.close().await;
    db.close().await;
}

#[test]
fn a_location_never_shows_its_password() {
    let location =
        Location::Postgres { url: "postgres://me:secret-word@db.example/intake".to_owned(), schema: "intake".to_owned() };
    assert_eq!(format!("{location:?}"), "postgres db.example:5432 intake schema intake");
}

#[tokio::test]
async fn a_malformed_location_is_refused() {
    for (url, schema) in [("postgres://h/d", "Robert'); --"), ("postgres://h/d", ""), ("nonsense", "intake")] {
        let location = Location::Postgres { url: url.to_owned(), schema: schema.to_owned() };
        assert!(matches!(Db::open(&location, "test").await, Err(StoreError::Location(_))), "{url} {schema}");
    }
}
