//! Starting and stopping real processes: SIGTERM with streams open ends with exit code 0 within the grace and loses nothing;
//! wrong settings, a database in use and a schema of another version are refused, each saying what to do.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::intake::v1::{ImportPetitionsRequest, LedgerRow, LogPetitionRequest, LogPetitionsRequest};
use fengqiao_store::on;
use fengqiao_tests::{Desk, on_each_engine, on_engine, petition, request_id};
use rustix::process::Signal;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

/// Far longer than a stop takes that does not wait for the clients to go.
const GRACE: Duration = Duration::from_secs(60);

/// What the server says at the end of a stream that it ends itself.
async fn last_word<T>(mut stream: Streaming<T>) -> Status {
    loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => return Status::ok("ended"),
            Err(status) => return status,
        }
    }
}

fn rows(from: usize) -> ImportPetitionsRequest {
    ImportPetitionsRequest {
        request_id: request_id().to_string(),
        ledger: "台账".to_owned(),
        columns: ["external_ref", "registered_at", "division_code", "matter_class"].map(str::to_owned).to_vec(),
        rows: (from..from + 200)
            .map(|n| LedgerRow {
                line: 2,
                cells: [format!("R{n}"), "2020-03-02".to_owned(), "320831101".to_owned(), "appeal".to_owned()].to_vec(),
            })
            .collect(),
    }
}

on_each_engine! {
    async fn sigterm_ends_open_streams_and_loses_nothing(world: &World) {
        let place = world.place();
        let grace = format!("{}s", GRACE.as_secs());
        let mut server = world.serve_on(place).env("FENGQIAO_GRACE", &grace).start().await;
        // Each stream on a connection of its own, and two sockets that say nothing, or not enough.
        let desk = || Desk::at(&server.url());
        let (to_log, logging) = mpsc::channel(4);
        let (to_import, importing) = mpsc::channel(4);
        let mut logged = desk().intake.log_petitions(ReceiverStream::new(logging)).await.unwrap().into_inner();
        let mut imported = desk().intake.import_petitions(ReceiverStream::new(importing)).await.unwrap().into_inner();
        let mut feed = desk().follow().await;
        let idle = TcpStream::connect(server.address()).await.unwrap();
        let mut slow = TcpStream::connect(server.address()).await.unwrap();
        slow.write_all(b"PRI * HTTP/2.0\r\n").await.unwrap();

        let item = |reference: &str| LogPetitionsRequest {
            item: Some(LogPetitionRequest { request_id: request_id().to_string(), petition: Some(petition("反映路灯不亮", reference)), ..Default::default() }),
        };
        to_log.send(item("流1")).await.unwrap();
        assert!(logged.message().await.unwrap().unwrap().error.is_none());
        to_import.send(rows(0)).await.unwrap();
        assert_eq!(imported.message().await.unwrap().unwrap().imported, 200);
        assert!(!feed.message().await.unwrap().unwrap().log_id.is_empty());
        // Under way when the signal comes: whether they are done is what their answers say.
        to_log.send(item("流2")).await.unwrap();
        to_import.send(rows(200)).await.unwrap();

        let asked = Instant::now();
        server.signal(Signal::TERM);
        let mut counts = [1_usize, 200];
        while let Ok(Some(answer)) = logged.message().await {
            counts[0] += usize::from(answer.logged.is_some());
        }
        while let Ok(Some(answer)) = imported.message().await {
            counts[1] += usize::try_from(answer.imported).unwrap();
        }
        let status = last_word(feed).await;
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        let ended = server.ended().await;
        let took = asked.elapsed();
        assert!(ended.success(), "{ended}\n{}", server.log());
        assert!(took < GRACE, "{took:?}: it waited for clients that never go\n{}", server.log());
        drop((to_log, to_import, idle));

        let again = world.serve().await;
        let mut desk = Desk::at(&again.url());
        let all = desk.all().await;
        let live = all.iter().filter(|petition| petition.external_ref.starts_with('流')).count();
        assert!(live >= counts[0] && all.len() - live >= counts[1], "{live} live and {} imported of {counts:?}", all.len() - live);
        desk.logged(petition("反映路灯不亮", "后来")).await;
        again.stop().await;
        world.verify(place).await.done();
        // What a new client of the old address meets is a refused connection, not a hanging one.
        assert!(slow.read(&mut [0; 64]).await.is_ok_and(|read| read < 64) || slow.write_all(b"x").await.is_err());
    }

    async fn a_schema_of_another_version_is_refused(world: &World) {
        let place = world.place();
        world.serve().await.stop().await;
        // One migration less, as an older binary left it.
        place
            .tamper("intake", async |tx| {
                for sql in ["DROP TABLE petition", "DELETE FROM _sqlx_migrations WHERE version = 100"] {
                    on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
                }
            })
            .await;
        let refused = world.serve_at(place, "127.0.0.1:0").refused(1).await;
        assert!(refused.stderr.contains("older than this binary"), "{refused}");
        let verify = world.verify(place).await.exits(1);
        assert!(verify.said().contains("older than this binary"), "{verify}");
        world.serve_on(place).arg("--migrate").start().await.stop().await;
        world.serve().await.stop().await;
        // One migration more, as a newer binary left it.
        const NEWER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 100";
        place.tamper("reporting", async |tx| on!(tx tx, c => sqlx::query(NEWER).execute(c).await.map(drop)).unwrap()).await;
        for flags in [&[][..], &["--migrate"]] {
            let refused = world.serve_at(place, "127.0.0.1:0").args(flags).refused(1).await;
            assert!(refused.stderr.contains("newer than this binary"), "{refused}");
        }
    }
}

on_engine! {
    Sqlite;

    async fn a_stop_right_after_the_start_and_one_without_any_grace_are_clean(world: &World) {
        // The ready line has hardly been read.
        world.serve().await.stop().await;
        let mut server = world.serve_on(world.place()).env("FENGQIAO_GRACE", "1h").start().await;
        Desk::at(&server.url()).logged(petition("反映路灯不亮", "一")).await;
        server.signal(Signal::INT);
        assert!(server.ended().await.success());
        let server = world.serve_on(world.place()).env("FENGQIAO_GRACE", "0s").start().await;
        assert!(Desk::at(&server.url()).find("一").await.is_some());
        let _feed = Desk::at(&server.url()).follow().await;
        server.stop().await;
        world.verify(world.place()).await.done();
    }

    async fn a_second_process_on_the_same_files_is_refused(world: &World) {
        let server = world.serve().await;
        let data = world.place().data().to_str().unwrap();
        let second = world.serve_at(world.place(), "127.0.0.1:0").refused(1).await;
        assert!(second.stderr.contains("another process has the database") && second.stderr.contains(data), "{second}");
        let service = world.program("intake").env("FENGQIAO_DATA", data).env("FENGQIAO_LISTEN", "127.0.0.1:0").refused(1).await;
        assert!(service.stderr.contains("another process has the database"), "{service}");
        // So is a second one at the same address.
        let other = world.another_place().await;
        let taken = world.serve_at(&other, &server.address().to_string()).refused(1).await;
        assert!(taken.stderr.contains(&server.address().to_string()), "{taken}");
        // Looking is allowed.
        world.verify(world.place()).await.done();
        server.stop().await;
    }

    async fn wrong_settings_are_refused_all_at_once(world: &World) {
        let place = world.place();
        for open in ["0.0.0.0:0", "[::]:0"] {
            let refused = world.serve_at(place, open).refused(2).await;
            assert!(refused.stderr.contains("FENGQIAO_IDENTITY_TOKENS") && refused.stdout.is_empty(), "{refused}");
        }
        let wrong = world.serve_at(place, "0.0.0.0:0").env("FENGQIAO_GRACE", "soon").env("FENGQIAO_CALLS", "0");
        let wrong = wrong.env("FENGQIAO_LISTN", "x").env("FENGQIAO_LOG", "=[").env("FENGQIAO_DATABASE", "mysql://secret@x/y");
        let refused = wrong.refused(2).await;
        for name in ["GRACE", "CALLS", "LISTN", "LOG", "DATABASE", "IDENTITY_TOKENS"] {
            assert!(refused.stderr.contains(&format!("FENGQIAO_{name}:")), "{name} in {refused}");
        }
        assert!(refused.stderr.contains("did you mean FENGQIAO_LISTEN?") && !refused.stderr.contains("secret"), "{refused}");
        assert!(!place.data().exists(), "nothing is made before the settings are right");
        world.serve_at(place, "nowhere").refused(2).await;
        world.serve_at(place, "127.0.0.1:0").args(["--services", "archive"]).refused(2).await;
        let unknown = world.program("intake").env("FENGQIAO_DATA", "/nowhere/x").env("FENGQIAO_WORKERS", "4").refused(2).await;
        assert!(unknown.stderr.contains("FENGQIAO_WORKERS"), "{unknown}");
    }

    async fn flags_go_before_variables_and_these_before_the_file(world: &World) {
        let place = world.place();
        let file = world.file("settings.toml", "listen = \"nowhere\"\ngrace = \"soon\"\ncalls = \"none\"\n");
        let file = file.to_str().unwrap();
        let refused = world.serve_on(place).env("FENGQIAO_GRACE", "1s").args(["--settings", file]).refused(2).await;
        assert!(refused.stderr.contains("FENGQIAO_CALLS:"), "only the file says how many: {refused}");
        assert!(!refused.stderr.contains("LISTEN") && !refused.stderr.contains("GRACE"), "{refused}");
        for program in ["intake", "reporting"] {
            let refused = world.program(program).env("FENGQIAO_SETTINGS", file).refused(2).await;
            assert!(["LISTEN", "GRACE", "CALLS"].iter().all(|name| refused.stderr.contains(name)), "{refused}");
        }
        world.serve_on(place).args(["--settings", "/nowhere/settings.toml"]).refused(2).await;
        assert!(!place.data().exists(), "nothing is made before the settings are right");
    }

    async fn a_foreign_key_is_refused(world: &World) {
        let server = world.serve().await;
        Desk::at(&server.url()).logged(petition("反映路灯不亮", "一")).await;
        server.stop().await;
        let key = world.place().data().join("master.key");
        let own = std::fs::read(&key).unwrap();
        assert_eq!(own.iter().filter(|byte| byte.is_ascii_hexdigit()).count(), 64);
        for (text, said) in [("0".repeat(64), "key"), ("short".to_owned(), "64 hexadecimal digits")] {
            std::fs::write(&key, text).unwrap();
            let refused = world.serve_at(world.place(), "127.0.0.1:0").refused(1).await;
            assert!(refused.stderr.contains(said), "{refused}");
        }
        std::fs::write(&key, own).unwrap();
        let server = world.serve().await;
        assert_eq!(Desk::at(&server.url()).find("一").await.unwrap().title, "反映路灯不亮");
        server.stop().await;
    }
}
