//! Whoever changes a stored byte behind the services' backs is found: `fengqiao verify` exits 1 and names the first broken
//! position, or the row. An untouched copy is sound, and erasing parties, which is no tampering, leaves it so.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_store::{Tx, on};
use fengqiao_tests::{Answer, Desk, Engine, Place, World, contains, ledger, on_each_engine, on_engine, petition};
use std::path::Path;

/// The event that is changed: one of the imported ones, somewhere in the middle.
const AT: i64 = 23;

/// A book of imported and live petitions, open and closed, and its figures; nobody serves it at the end.
async fn book(world: &World) {
    let server = world.serve().await;
    let file = world.file("made.csv", ledger::made(40, 5));
    world.import(&server.url(), &file, "台账").await.done();
    let mut desk = Desk::at(&server.url());
    for n in 0..12 {
        let (logged, _) = desk.logged(petition("反映道路积水", &format!("活{n}"))).await;
        let change: &[&str] = match n % 4 {
            0 => continue,
            1 => &["refuse", "--reason", "petition.R01", "--text", "不属受理范围"],
            2 => &["withdraw", "--reason", "petition.withdrawn_own_wish", "--text", "本人撤回"],
            _ => &["accept"],
        };
        let args = [&["petition", change[0], &logged.number], &change[1..]].concat();
        world.run(&server.url(), args).await.done();
    }
    let head = world.place().head().await;
    // The rows, the petitions, what became of them, and the units that they named.
    assert_eq!(head, 40 + 12 + 9 + 10);
    world.run(&server.url(), ["report", "annual", "--year", "2019"]).await.done();
    fengqiao_tests::eventually("the figures follow", fengqiao_tests::SOON, async || {
        let at = world.place().followed().await;
        if at == head { Ok(()) } else { Err(at) }
    })
    .await;
    server.stop().await;
}

/// Verifies a copy in which one thing was changed.
async fn after(world: &World, service: &str, change: impl AsyncFnOnce(&mut Tx)) -> Answer {
    let copy = world.copy().await;
    copy.tamper(service, change).await;
    world.verify(&copy).await
}

/// Runs a statement that must change one row.
macro_rules! one_row {
    ($sql:expr $(, $bind:expr)*) => {
        async |tx: &mut Tx| {
            let done = on!(tx tx, c => sqlx::query($sql)$(.bind($bind))*.execute(c).await.map(|done| done.rows_affected()));
            assert_eq!(done.unwrap_or_else(|error| panic!("{}: {error}", $sql)), 1, "{}", $sql);
        }
    };
}

/// Flips one bit in the middle of a cell of bytes.
macro_rules! one_bit {
    ($read:expr, $write:expr) => {
        async |tx: &mut Tx| {
            let mut bytes: Vec<u8> = on!(tx tx, c => sqlx::query_scalar($read).bind(AT).fetch_one(c).await).unwrap();
            assert!(!bytes.is_empty(), "nothing stands there: {}", $read);
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            on!(tx tx, c => sqlx::query($write).bind(bytes).bind(AT).execute(c).await.map(drop)).unwrap();
        }
    };
}

#[track_caller]
fn names(answer: &Answer, what: &str, said: &str) {
    assert!(answer.code == Some(1) && answer.stdout.contains(said), "{what}: must name {said:?}\n{answer}");
}

on_each_engine! {
    async fn a_changed_event_is_named_by_its_position(world: &World) {
        book(world).await;
        world.verify(&world.copy().await).await.done();
        let position = format!("position {AT}:");
        names(&after(world, "intake", one_bit!("SELECT open FROM event WHERE position = $1", "UPDATE event SET open = $1 WHERE position = $2")).await, "open", &position);
        names(&after(world, "intake", one_bit!("SELECT sealed FROM event WHERE position = $1", "UPDATE event SET sealed = $1 WHERE position = $2")).await, "sealed", &position);
        names(&after(world, "intake", one_bit!("SELECT digest FROM event WHERE position = $1", "UPDATE event SET digest = $1 WHERE position = $2")).await, "digest", &position);
        names(&after(world, "intake", one_bit!("SELECT hash FROM event WHERE position = $1", "UPDATE event SET hash = $1 WHERE position = $2")).await, "hash", &position);
        for sql in [
            "UPDATE event SET event_id = event_id || '0' WHERE position = $1",
            "UPDATE event SET aggregate_id = aggregate_id || '0' WHERE position = $1",
            "UPDATE event SET version = version + 7 WHERE position = $1",
            "UPDATE event SET kind = 'petition.voided' WHERE position = $1",
            "UPDATE event SET recorded_us = recorded_us + 1 WHERE position = $1",
            "UPDATE event SET occurred_on = '2017-01-01' WHERE position = $1",
            "UPDATE event SET known_on = '2017-01-01' WHERE position = $1",
            "UPDATE event SET actor = 'li.si' WHERE position = $1",
            "UPDATE event SET request_id = event_id WHERE position = $1",
            "DELETE FROM event WHERE position = $1",
        ] {
            names(&after(world, "intake", one_row!(sql, AT)).await, sql, &position);
        }
        // At the ends of the log, and its head.
        let last = world.place().head().await;
        names(&after(world, "intake", one_row!("DELETE FROM event WHERE position = $1", last)).await, "last event", &format!("position {last}:"));
        names(&after(world, "intake", one_row!("DELETE FROM event WHERE position = $1", 1_i64)).await, "first event", "position 1:");
        names(&after(world, "intake", one_row!("UPDATE log_head SET position = position - 1")).await, "head back", &format!("position {last}:"));
        names(&after(world, "intake", one_row!("UPDATE log_head SET position = position + 1")).await, "head ahead", &format!("position {}:", last + 1));
        names(&after(world, "intake", one_row!("UPDATE log_head SET recorded_us = recorded_us + 1")).await, "time of the head", &format!("position {last}:"));
        names(&after(world, "intake", one_row!("UPDATE log_head SET log_id = 'another'")).await, "log id", "position 1:");
    }

    async fn a_changed_row_of_the_state_or_the_figures_is_named(world: &World) {
        book(world).await;
        let book = world.place().look("intake").await;
        const OF_EVENT: &str = "SELECT aggregate_id FROM event WHERE position = $1";
        let id: String = on!(read book, c => sqlx::query_scalar(OF_EVENT).bind(AT).fetch_one(c).await).unwrap();
        book.close().await;

        let mut unnoticed = Vec::new();
        for (service, sql) in [
            ("intake", "UPDATE petition SET state = 'void' WHERE id = $1"),
            ("intake", "UPDATE petition SET image = replace(image, 'appeal', 'suggestion') WHERE id = $1"),
            ("intake", "UPDATE petition SET version = version + 1 WHERE id = $1"),
            ("intake", "UPDATE petition SET number = number || '0' WHERE id = $1"),
            ("intake", "UPDATE petition SET external_ref = external_ref || '0' WHERE id = $1"),
            ("intake", "UPDATE petition SET division = '320831' WHERE id = $1"),
            ("intake", "UPDATE petition SET responsible_unit = '别的单位' WHERE id = $1"),
            ("intake", "UPDATE petition SET registered_on = '2017-01-01' WHERE id = $1"),
            ("intake", "UPDATE petition SET open_due = '2017-01-01' WHERE id = $1"),
            ("intake", "DELETE FROM petition WHERE id = $1"),
            ("reporting", "UPDATE fact SET image = replace(image, '2019', '2017') WHERE id = (SELECT min(id) FROM fact WHERE image LIKE '%2019%' AND $1 <> '')"),
            ("reporting", "UPDATE fact SET division = '320831' WHERE id = $1"),
            ("reporting", "UPDATE fact SET number = number || '0' WHERE id = $1"),
            ("reporting", "UPDATE fact SET known_from = '2017-01-01' WHERE id = $1"),
            ("reporting", "DELETE FROM fact WHERE id = $1"),
        ] {
            let answer = after(world, service, one_row!(sql, &id)).await;
            let named = answer.stdout.contains(&id) || sql.contains("min(id)");
            if answer.code != Some(1) || !named {
                unnoticed.push(format!("{sql}\n{answer}"));
            }
        }
        for sql in [
            "UPDATE roll SET member = member || '0' WHERE (level, node, bucket_kind, bucket, sheet, member, basis_year) IN \
                (SELECT level, node, bucket_kind, bucket, sheet, member, basis_year FROM roll WHERE sheet = 'unit' LIMIT 1) AND $1 <> ''",
            "UPDATE roll SET amounts = (SELECT o.amounts FROM roll o WHERE o.amounts <> roll.amounts LIMIT 1) \
                WHERE (level, node, bucket_kind, bucket, sheet, member, basis_year) IN \
                (SELECT level, node, bucket_kind, bucket, sheet, member, basis_year FROM roll LIMIT 1) AND $1 <> ''",
            "DELETE FROM roll WHERE (level, node, bucket_kind, bucket, sheet, member, basis_year) IN \
                (SELECT level, node, bucket_kind, bucket, sheet, member, basis_year FROM roll LIMIT 1) AND $1 <> ''",
        ] {
            let answer = after(world, "reporting", one_row!(sql, &id)).await;
            if answer.code != Some(1) || !answer.stdout.contains("roll 320831") {
                unnoticed.push(format!("{sql}\n{answer}"));
            }
        }
        assert!(unnoticed.is_empty(), "{} changes are not found, or not named:\n{}", unnoticed.len(), unnoticed.join("\n"));
    }

    async fn erasing_parties_is_no_tampering(world: &World) {
        book(world).await;
        let server = world.serve().await;
        let number = Desk::at(&server.url()).find("活3").await.unwrap().number;
        let id = Desk::at(&server.url()).find("活3").await.unwrap().id;
        let year = Desk::at(&server.url()).find("活3").await.unwrap().registered_on[..4].parse().unwrap();
        let today = Desk::at(&server.url()).find("活3").await.unwrap().registered_on;
        let figures = world.report(&server.url(), year, &today).await;
        let book = world.place().look("intake").await;
        const KEY: &str = "SELECT wrapped FROM data_key WHERE aggregate_id = $1";
        let wrapped: Vec<u8> = on!(read book, c => sqlx::query_scalar(KEY).bind(&id).fetch_one(c).await).unwrap();
        book.close().await;

        let erase = ["petition", "erase", &number, "--reason", "依申请", "--approved-by", "li.si", "--yes"];
        world.run(&server.url(), erase).await.done();
        let shown = world.run(&server.url(), ["petition", "show", &number]).await.done().json().to_string();
        assert!(shown.contains("\"erased\":true") && !shown.contains("王小明") && !shown.contains("积水"), "{shown}");
        let head = world.place().head().await;
        fengqiao_tests::eventually("the figures follow", fengqiao_tests::SOON, async || {
            let at = world.place().followed().await;
            if at == head { Ok(()) } else { Err(at) }
        })
        .await;
        assert_eq!(world.report(&server.url(), year, &today).await.figures(), figures.figures());
        server.stop().await;
        world.verify(world.place()).await.done();
        for (name, bytes) in world.place().bytes().await {
            // What PostgreSQL logs ahead of writing is gone with its own backups, by their expiry.
            assert!(name.contains("/pg_wal/") || !contains(&bytes, &wrapped), "the wrapped key still stands in {name}");
        }
    }
}

on_engine! {
    Sqlite;

    async fn a_byte_changed_in_the_file_is_found(world: &World) {
        book(world).await;
        let book = world.place().look("intake").await;
        const CELLS: [(&str, &str); 4] = [
            ("open", "SELECT open FROM event WHERE position = $1"),
            ("sealed", "SELECT sealed FROM event WHERE position = $1"),
            ("digest", "SELECT digest FROM event WHERE position = $1"),
            ("hash", "SELECT hash FROM event WHERE position = $1"),
        ];
        let mut cells = Vec::new();
        for (name, sql) in CELLS {
            let cell: Vec<u8> = on!(read book, c => sqlx::query_scalar(sql).bind(AT).fetch_one(c).await).unwrap();
            cells.push((name, cell));
        }
        book.close().await;
        for (name, cell) in cells {
            let copy: Place = world.copy().await;
            flip(&copy.data().join("intake.db"), &cell);
            names(&world.verify(&copy).await, name, &format!("position {AT}:"));
        }
        // A file that is no longer a database is not sound either, and says which.
        let copy = world.copy().await;
        std::fs::write(copy.data().join("intake.db"), vec![7; 8192]).unwrap();
        let answer = world.verify(&copy).await.exits(1);
        assert!(answer.said().contains("intake"), "{answer}");
        assert_eq!(copy.engine(), Engine::Sqlite);
        // Nothing is no book.
        world.verify(&world.another_place().await).await.exits(1);
    }
}

/// Changes one byte of the only place in a file where these bytes stand.
fn flip(file: &Path, cell: &[u8]) {
    let mut bytes = std::fs::read(file).unwrap();
    let places: Vec<usize> =
        bytes.windows(cell.len()).enumerate().filter(|(_, window)| *window == cell).map(|(at, _)| at).collect();
    let [at] = places.as_slice() else { panic!("stands in {} places of {}", places.len(), file.display()) };
    bytes[at + cell.len() / 2] ^= 0x20;
    std::fs::write(file, bytes).unwrap();
}
