//! Intake and reporting as processes of their own on one PostgreSQL database: the same figures as in one process, each works
//! while the other is down and catches up, and two replicas of intake write one book.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_tests::{Desk, Report, SOON, Server, World, eventually, ledger, on_engine, petition, request_id};
use std::{collections::BTreeSet, time::Duration};

fn both(intake: &Server, reporting: &Server) -> String {
    format!("intake={},reporting={}", intake.url(), reporting.url())
}

/// The figures, without what tells when they were asked for.
async fn figures(world: &World, server: &str) -> Vec<Report> {
    let mut all = Vec::new();
    for year in [2018, 2019, 2020] {
        let mut report = world.report(server, year, "2020-12-31").await;
        report.0["lag_seconds"] = 0.into();
        all.push(report);
    }
    all
}

on_engine! {
    Postgres;

    async fn separate_processes_give_the_figures_of_one(world: &World) {
        let file = world.file("made.csv", ledger::made(700, 1));
        let one = world.serve().await;
        assert!(one.ready().ends_with("(intake, mediation, reporting)"), "{}", one.ready());
        world.import(&one.url(), &file, "台账").await.done();
        let expected = figures(world, &one.url()).await;
        assert!(expected[0].total("petition.registered") > 100, "{:?}", expected[0]);
        one.stop().await;

        // The binaries of the services.
        let place = world.another_place().await;
        let intake = world.alone("intake", &place).start().await;
        let reporting = world.alone("reporting", &place).env("FENGQIAO_INTAKE_FEED", intake.url()).start().await;
        let servers = both(&intake, &reporting);
        world.import(&servers, &file, "台账").await.done();
        assert_eq!(figures(world, &servers).await, expected);
        // Neither answers for the other.
        let wrong = format!("intake={},reporting={}", reporting.url(), intake.url());
        assert!(world.run(&wrong, ["freshness"]).await.exits(1).said().contains("UNIMPLEMENTED"));
        reporting.stop().await;
        intake.stop().await;
        world.verify(&place).await.done();

        // The one binary, twice.
        let place = world.another_place().await;
        let intake = world.serve_on(&place).args(["--services", "intake"]).start().await;
        let follows = ["--services", "reporting", "--intake-feed", &intake.url()];
        let reporting = world.serve_on(&place).args(follows).start().await;
        assert!(intake.ready().ends_with("(intake)") && reporting.ready().ends_with("(reporting)"));
        let servers = both(&intake, &reporting);
        world.import(&servers, &file, "台账").await.done();
        assert_eq!(figures(world, &servers).await, expected);
        // A feed that is nowhere is a wrong setting, not a silence.
        let nowhere = world.serve_on(&place).args(["--services", "reporting"]).refused(2).await;
        assert!(nowhere.stderr.contains("FENGQIAO_INTAKE_FEED"), "{nowhere}");
        intake.stop().await;
        reporting.stop().await;
        world.verify(&place).await.done();
    }

    async fn each_works_while_the_other_is_down(world: &World) {
        let place = world.place();
        let file = world.file("made.csv", ledger::made(700, 2));
        let intake = world.alone("intake", place).start().await;
        // Nobody follows: intake takes everything.
        let args = ["import", "petitions", file.to_str().unwrap(), "--ledger", "台账"];
        let summary = world.run(&intake.url(), args).await.done().json();
        assert_eq!(summary["imported"], 700, "{summary}");

        // Reporting comes late and catches up; it listens where it did before, each time.
        let address = intake.address().to_string();
        let reporting = world.alone("reporting", place).env("FENGQIAO_INTAKE_FEED", intake.url()).start().await;
        let mut desk = Desk::at(&reporting.url());
        eventually("reporting catches up", SOON, async || {
            let fresh = desk.freshness().await.unwrap();
            if fresh.position == 709 && fresh.lag_seconds == 0 { Ok(()) } else { Err(format!("{fresh:?}")) }
        })
        .await;
        let last = figures(world, &reporting.url()).await;
        assert_eq!(last[0].total("petition.registered") + last[1].total("petition.registered"), 700);

        // Intake goes: the last figures stand, and how old they are is said.
        intake.stop().await;
        let mut lags = BTreeSet::new();
        eventually("reporting says that it hears nothing", SOON, async || {
            let fresh = desk.freshness().await.unwrap();
            if fresh.status == "connecting" {
                lags.insert(fresh.lag_seconds);
            }
            if lags.len() >= 2 { Ok(()) } else { Err(format!("{fresh:?}, lags {lags:?}")) }
        })
        .await;
        assert!(lags.first() > Some(&0), "the lag of one who hears nothing is not 0: {lags:?}");
        assert_eq!(figures(world, &reporting.url()).await, last);
        let unreachable = world.run(&both_at(&address, &reporting), ["petition", "list"]).await;
        unreachable.exits(69);

        // Intake comes back with more: reporting goes on by itself.
        let intake = world.alone("intake", place).env("FENGQIAO_LISTEN", &address).start().await;
        Desk::at(&intake.url()).logged(petition("反映路灯不亮", "活1")).await;
        eventually("reporting follows again", Duration::from_secs(120), async || {
            let fresh = desk.freshness().await.unwrap();
            if fresh.position == 711 && fresh.status == "following" { Ok(()) } else { Err(format!("{fresh:?}")) }
        })
        .await;
        intake.stop().await;
        reporting.stop().await;
        world.verify(place).await.done();
    }

    async fn two_replicas_write_one_book(world: &World) {
        let place = world.place();
        // Both at once on an empty database: one of them makes the tables and the key.
        let first = world.alone("intake", place).start();
        let second = world.alone("intake", place).start();
        let (first, second) = futures_util::join!(first, second);
        let follows = ["--services", "reporting", "--intake-feed", &first.url()];
        let reporting = world.serve_on(place).args(follows).start().await;

        let file = world.file("made.csv", ledger::made(1500, 3));
        let import = |server: &Server| world.client(&server.url(), ["import", "petitions", file.to_str().unwrap(), "--ledger", "台账"]).spawn();
        let (one, other) = (import(&first), import(&second));
        let desks: Vec<_> = (0..6)
            .map(|desk| {
                let url = if desk % 2 == 0 { first.url() } else { second.url() };
                tokio::spawn(async move {
                    let mut at = Desk::at(&url);
                    for n in 0..40 {
                        let (id, new) = (request_id(), petition("反映路灯不亮", &format!("{desk}-{n}")));
                        at.log(id, new).await.unwrap_or_else(|status| panic!("{desk}-{n}: {status}"));
                    }
                })
            })
            .collect();
        // The same ledger through both at once: each row is imported once, whoever was faster.
        let summaries = [one.await.unwrap().done().json(), other.await.unwrap().done().json()];
        let sum = |key: &str| summaries.iter().map(|summary| summary[key].as_u64().unwrap()).sum::<u64>();
        assert_eq!((sum("imported"), sum("already")), (1500, 1500), "{summaries:?}");
        for desk in desks {
            desk.await.unwrap();
        }

        let all = Desk::at(&second.url()).all().await;
        assert_eq!(all.len(), 1500 + 240);
        let mut series = std::collections::BTreeMap::<String, Vec<u64>>::new();
        for petition in &all {
            let cut = petition.number.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
            let (name, number) = petition.number.split_at(cut);
            series.entry(name.to_owned()).or_default().push(number.parse().unwrap());
        }
        for (name, mut numbers) in series {
            numbers.sort_unstable();
            assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "series {name} has gaps or doubles: {numbers:?}");
        }
        let mut desk = Desk::at(&reporting.url());
        eventually("reporting has everything", SOON, async || {
            let fresh = desk.freshness().await.unwrap();
            if fresh.position == 1750 { Ok(()) } else { Err(format!("{fresh:?}")) }
        })
        .await;
        for server in [reporting, first, second] {
            server.stop().await;
        }
        world.verify(place).await.done();
    }
}

fn both_at(intake: &str, reporting: &Server) -> String {
    format!("intake=http://{intake},reporting={}", reporting.url())
}
