//! Bulk statements and the small tables of the kernel.

use crate::NOW;
use fengqiao_model::Instant;
use fengqiao_store::{
    Column, Cursor, DataKey, Db, Location, MasterKey, NO_MIGRATIONS, Policy, RequestRecord, StoreError, cursor, data_key, insert,
    log, lookup, on, request, seal, series,
};
use fengqiao_testkit::on_each_engine;
use std::collections::HashSet;

fn names(range: std::ops::Range<i64>) -> Vec<String> {
    range.map(|i| format!("name-{i:05}")).collect()
}

on_each_engine! {
    async fn many_rows_go_in_and_come_out_whatever_their_number(db: Db) {
        const INTO: &str = "series (name, year, last)";
        const UPSERT: &str = "ON CONFLICT (name, year) DO UPDATE SET last = excluded.last WHERE series.last = excluded.last - 1";
        const JOIN: &str = "SELECT series.name, series.last FROM keys JOIN series ON series.name = keys.n AND series.year = keys.y";
        for count in [0, 1, 7, 8, 65, 511, 1500] {
            let (names, years) = (names(0..count), vec![2000 + count; count as usize]);
            let mut tx = db.begin().await.unwrap();
            for (last, saved) in [(1, count), (2, count), (2, 0)] {
                let last = vec![last; names.len()];
                let columns = [Column::Text(&names), Column::I64(&years), Column::I64(&last)];
                assert_eq!(insert(&mut tx, INTO, &columns, UPSERT).await.unwrap(), saved as u64, "{count}");
            }
            let keys = [("n", Column::Text(&names)), ("y", Column::I64(&years))];
            let found: Vec<(String, i64)> = lookup(&mut tx, &keys, JOIN).await.unwrap();
            assert_eq!(found.iter().map(|f| &f.0).collect::<HashSet<_>>().len(), count as usize);
            assert!(found.iter().all(|f| f.1 == 2));
            tx.commit().await.unwrap();
            let found: Vec<(String, i64)> = lookup(&db, &keys, JOIN).await.unwrap();
            assert_eq!(found.len(), count as usize);
        }
    }

    async fn columns_of_unequal_length_are_refused(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let columns = [Column::Str(&["a", "b"]), Column::I64(&[1, 2]), Column::I64(&[1])];
        let error = insert(&mut tx, "series (name, year, last)", &columns, "").await.unwrap_err();
        assert!(matches!(error, StoreError::Misuse(_)), "{error}");
    }

    async fn texts_sort_by_code_point(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let columns = [Column::Str(&["b", "B", "a", "调", "é", "_"]), Column::I64(&[1; 6]), Column::I64(&[1; 6])];
        insert(&mut tx, "series (name, year, last)", &columns, "").await.unwrap();
        const SQL: &str = "SELECT name FROM series ORDER BY name";
        let sorted: Vec<String> = on!(tx &mut tx, c => sqlx::query_scalar(SQL).fetch_all(c).await).unwrap();
        assert_eq!(sorted, ["B", "_", "a", "b", "é", "调"]);
    }

    async fn numbers_of_a_series_have_no_gap_whoever_takes_them(db: Db) {
        let takers: Vec<_> = (0..4)
            .map(|taker| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    for round in 0..20 {
                        let mut tx = db.begin().await.unwrap();
                        let first = series::take(&mut tx, "XF", 2025, 2).await.unwrap();
                        if (round + taker) % 3 == 0 {
                            tx.rollback().await.unwrap();
                        } else {
                            tx.commit().await.unwrap();
                            taken.extend([first, first + 1]);
                        }
                    }
                    taken
                })
            })
            .collect();
        let mut all = Vec::new();
        for taker in takers {
            all.extend(taker.await.unwrap());
        }
        all.sort_unstable();
        assert_eq!(all, (1..=all.len() as i64).collect::<Vec<_>>());
        let mut tx = db.begin().await.unwrap();
        assert_eq!(series::take(&mut tx, "XF", 2026, 1).await.unwrap(), 1);
        assert!(series::take(&mut tx, "XF", 2026, 0).await.is_err());
    }

    async fn a_request_is_found_until_it_is_purged(db: Db) {
        let record = |id: &str, at: i64| RequestRecord {
            request_id: id.to_owned(),
            fingerprint: vec![1, 2],
            aggregate_id: "a".to_owned(),
            version: 3,
            recorded_at: Instant(at),
        };
        let ids = ["old", "new", "none"].map(str::to_owned);
        let mut tx = db.begin().await.unwrap();
        request::insert(&mut tx, &[record("old", 5), record("new", 9)]).await.unwrap();
        request::insert(&mut tx, &[]).await.unwrap();
        assert_eq!(request::find(&mut tx, &ids).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(request::insert(&mut tx, &[record("new", 9)]).await.unwrap_err().is_unique_violation());
        tx.rollback().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(request::purge(&mut tx, Instant(9)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let found = request::find(&db, &ids).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [("new".to_owned(), record("new", 9))]);
    }

    async fn a_cursor_moves_from_where_it_stands_only(db: Db) {
        let at = |position: i64| Cursor { log_id: "l".to_owned(), position, hash: vec![position as u8], recorded_at: NOW };
        assert_eq!(cursor::load(&db, "intake").await.unwrap(), None);
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(cursor::advance(&mut tx, "intake", 3, &at(5)).await, Err(StoreError::Conflict)));
        cursor::advance(&mut tx, "intake", 0, &at(5)).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(cursor::advance(&mut tx, "intake", 0, &at(6)).await, Err(StoreError::Conflict)));
        assert!(matches!(cursor::advance(&mut tx, "intake", 4, &at(6)).await, Err(StoreError::Conflict)));
        let other_log = Cursor { log_id: "m".to_owned(), ..at(6) };
        assert!(matches!(cursor::advance(&mut tx, "intake", 5, &other_log).await, Err(StoreError::Conflict)));
        cursor::advance(&mut tx, "intake", 5, &at(6)).await.unwrap();
        assert_eq!(cursor::load(&mut tx, "intake").await.unwrap(), Some(at(6)));
        tx.commit().await.unwrap();
        assert_eq!(cursor::load(&db, "mediation").await.unwrap(), None);
    }

    async fn a_destroyed_key_opens_nothing_and_leaves_no_trace(location: Location) {
        let db = Db::open(&location, "test").await.unwrap();
        db.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
        let master = MasterKey::from_hex(&"a5".repeat(32)).unwrap();
        // Enough keys for several pages, so that destroying some makes SQLite join pages.
        let ids = names(0..600);
        let wrapped: Vec<Vec<u8>> = ids.iter().map(|id| DataKey::generate().wrap(&master, id)).collect();
        let mut tx = db.begin().await.unwrap();
        data_key::insert(&mut tx, &ids, &wrapped).await.unwrap();
        let mut events = vec![crate::event(&ids[0], 1)];
        let key = DataKey::unwrap(&wrapped[0], &master, &ids[0]).unwrap();
        events[0].sealed = seal::seal(&key, &ids[0], 1, "张三".as_bytes());
        log::append(&mut tx, NOW, events).await.unwrap();
        tx.commit().await.unwrap();

        let stored = data_key::load(&db, &ids).await.unwrap();
        assert_eq!(stored.len(), 600);
        let key = DataKey::unwrap(&stored[&ids[0]], &master, &ids[0]).unwrap();
        let sealed = log::event_at(&db, 1).await.unwrap().unwrap().sealed;
        assert_eq!(seal::open_sealed(&key, &ids[0], 1, &sealed).unwrap(), "张三".as_bytes());

        // All over the table, so that half-empty pages are joined and keys move.
        let order: Vec<usize> = (0..500).map(|i| i * 77 % 600).collect();
        for (nth, destroyed) in order.iter().enumerate() {
            let mut tx = db.begin().await.unwrap();
            assert!(data_key::destroy(&mut tx, &ids[*destroyed]).await.unwrap());
            assert!(!data_key::destroy(&mut tx, &ids[*destroyed]).await.unwrap());
            tx.commit().await.unwrap();
            if nth % 100 == 99 {
                db.scrub_keys().await.unwrap();
                let bytes = raw_bytes(&location);
                for gone in &order[..=nth] {
                    // Eight bytes of the middle: enough to be no accident.
                    let there = bytes.windows(8).any(|w| w == &wrapped[*gone][24..32]);
                    assert!(!there, "key {gone} is still in the files after {nth} were destroyed");
                }
            }
        }
        assert_eq!(data_key::load(&db, &ids).await.unwrap().len(), 100);
        db.close().await;
    }
}

/// All bytes of a SQLite database's files; nothing for a server, whose files are its own.
fn raw_bytes(location: &Location) -> Vec<u8> {
    let Location::Sqlite(path) = location else { return Vec::new() };
    let directory = std::fs::read_dir(path.parent().unwrap()).unwrap();
    directory.flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}
