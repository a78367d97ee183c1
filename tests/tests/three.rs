//! Intake, mediation and reporting, in one process and in three: the same figures, each follows the others, works while they are
//! down, and catches up.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::mediation::v1::Force;
use fengqiao_tests::{
    Answer, Apart, Desk, Report, Room, SOON, World, dispute, eventually, ledger, on_each_engine, petition, request_id,
};
use serde_json::Value;

/// The figures of both years, without what tells when they were asked for.
async fn figures(world: &World, server: &str) -> Vec<Report> {
    let mut all = Vec::new();
    for year in [2018, 2019] {
        let mut report = world.report(server, year, "2020-12-31").await;
        report.0["lag_seconds"] = 0.into();
        all.push(report);
    }
    all
}

async fn import_all(world: &World, server: &str) {
    let petitions = world.file("petitions.csv", ledger::made(200, 1));
    let cases = world.file("cases.csv", ledger::made_cases(300, 1));
    let summary = world.import(server, &petitions, "台账").await.done().json();
    assert_eq!(summary["imported"], 200, "{summary}");
    let summary = world.import_cases(server, &cases, "台账").await.done().json();
    assert_eq!((&summary["imported"], &summary["refused"]), (&300.into(), &Value::Array(Vec::new())), "{summary}");
    let again = world.import_cases(server, &cases, "台账").await.done().json();
    assert_eq!(again["already"], 300, "{again}");
}

/// `petition show` until mediation tells of it; the number of the dispute's case.
async fn linked(world: &World, server: &str, number: &str) -> Value {
    eventually("mediation tells of the petition", SOON, async || {
        let petition = world.run(server, ["petition", "show", number]).await.done().json();
        petition["petition"]["mediation"].get(0).cloned().ok_or(petition)
    })
    .await
}

async fn routed(world: &World, server: &str, number: &str) -> Answer {
    let args = ["petition", "route", number, "--type", "T02", "--consent", "both", "--respondent", "李建国;1380"];
    world.run(server, args).await.done()
}

on_each_engine! {
    async fn one_process_or_three_give_the_same_figures(world: &World) {
        let one = world.serve().await;
        assert!(one.ready().ends_with("(intake, mediation, reporting)"), "{}", one.ready());
        import_all(world, &one.url()).await;
        let expected = figures(world, &one.url()).await;
        assert!(expected[0].total("case.accepted") > 50 && expected[0].total("petition.registered") > 50, "{:?}", expected[0]);
        assert_eq!(expected[0].0["complete"], true);
        let bridge = ["dispute.accepted", "dispute.reopened", "case.received", "case.joined"];
        let bridge: i64 = bridge.iter().map(|id| expected[0].total(id)).sum();
        assert_eq!(expected[0].total("case.accepted"), bridge);
        one.stop().await;
        world.verify(world.place()).await.done();

        let place = world.another_place().await;
        let apart = world.serve_apart(&place).await;
        import_all(world, &apart.servers()).await;
        assert_eq!(figures(world, &apart.servers()).await, expected);
        apart.stop().await;
        let verified = world.verify(&place).await.done().said();
        assert!(verified.contains("mediation: sound (events "), "{verified}");
    }

    async fn a_petition_goes_to_mediation_and_its_end_comes_back(world: &World) {
        let one = world.serve().await;
        let server = one.url();
        let mut desk = Desk::at(&server);
        Room::at(&server).body("TW-1", Force::People, "320831101", &[], 0).await;
        let (logged, _) = desk.logged(petition("邻居排水", "")).await;
        routed(world, &server, &logged.number).await;
        let link = linked(world, &server, &logged.number).await;
        let shown = world.run(&server, ["dispute", "show", link["dispute_number"].as_str().unwrap()]).await.done().json();
        let case = &shown["dispute"]["cases"][0];
        assert_eq!((&case["facts"]["source"], &shown["dispute"]["facts"]["dispute_type"]), (&"petition".into(), &"T02".into()));
        let number = case["facts"]["number"].as_str().unwrap();
        world.run(&server, ["case", "dispatch", number]).await.done();
        world.run(&server, ["case", "take", number]).await.done();
        world.run(&server, ["case", "conclude", number, "--outcome", "agreed", "--form", "oral", "--performed"]).await.done();
        eventually("the petition shows the end", SOON, async || {
            let link = linked(world, &server, &logged.number).await;
            if link["state"] == "agreed" && link["ended_on"] != "" { Ok(()) } else { Err(link) }
        })
        .await;
        let whole = world.run(&server, ["case", "show", number]).await.done().json();
        assert_eq!(whole["case"]["parties"].as_array().map(Vec::len), Some(2), "{whole}");
        one.stop().await;
        world.verify(world.place()).await.done();
    }

    async fn each_works_while_the_others_are_down_and_catches_up(world: &World) {
        let place = world.place();
        let mut apart = Apart::down();
        apart.intake = Some(apart.launch(world, place, "intake").start().await);
        let mut desk = Desk::at(&apart.url("intake"));
        let (logged, _) = desk.logged(petition("邻居排水", "")).await;
        routed(world, &apart.servers(), &logged.number).await;
        apart.intake.take().unwrap().kill().await;

        // Intake is down: mediation takes cases of its own.
        apart.mediation = Some(apart.launch(world, place, "mediation").start().await);
        let mut room = Room::at(&apart.url("mediation"));
        room.body("TW-1", Force::People, "320831101", &[], 0).await;
        room.open(request_id(), dispute("T02", "320831101")).await.unwrap();
        apart.intake = Some(apart.launch(world, place, "intake").start().await);
        let link = linked(world, &apart.servers(), &logged.number).await;
        assert_eq!(link["state"], "applied", "{link}");

        apart.reporting = Some(apart.launch(world, place, "reporting").start().await);
        let mut desk = Desk::at(&apart.url("reporting"));
        for log in ["intake", "mediation"] {
            let head = place.head_of(log).await;
            eventually("the figures follow", SOON, async || {
                let at = desk.freshness_of(log).await.map_or(0, |fresh| fresh.position);
                if at >= head { Ok(()) } else { Err(at) }
            })
            .await;
        }
        let year = &logged.registered_on[..4];
        let report = world.run(&apart.servers(), ["report", "annual", "--year", year]).await.done().json();
        assert_eq!(Report(report).total("case.applied"), 2);
        apart.stop().await;
        world.verify(place).await.done();
    }
}
