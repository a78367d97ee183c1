//! A holiday notice for the next year, over the command line: it moves the provisional days of running clocks, lists them, and leaves an
//! already printed figure as it was.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_model::Day;
use fengqiao_proto::intake::v1::AcceptPetitionRequest;
use fengqiao_tests::{Desk, World, on_each_engine, petition, request_id};

/// The figures of a year as printed; how far the logs are is not part of them.
async fn printed(world: &World, server: &str, year: i16, as_of: Day) -> String {
    let args = ["report", "annual", "--year", &year.to_string(), "--as-of", &as_of.to_string()];
    let mut report = world.run(server, args).await.done().json();
    let report = report.as_object_mut().unwrap();
    report.retain(|key, _| key != "lag_seconds" && key != "log_positions");
    serde_json::to_string_pretty(report).unwrap()
}

on_each_engine! {
    async fn a_notice_moves_open_clocks_and_no_printed_figure(world: &World) {
        let server = world.serve().await;
        let mut desk = Desk::at(&server.url());
        let (logged, _) = desk.logged(petition("宅基地界址", "N-1")).await;
        let request = AcceptPetitionRequest {
            request_id: request_id().to_string(),
            petition_id: logged.id,
            etag: logged.etag,
            ..AcceptPetitionRequest::default()
        };
        let accepted = desk.intake.accept_petition(request).await.unwrap().into_inner().petition.unwrap();
        let clock = accepted.handling.unwrap();
        let (today, due): (Day, Day) = (clock.started_on.parse().unwrap(), clock.kpi_due.parse().unwrap());
        let last_year = today.year() - 1;
        let rows = format!(
            "external_ref,registered_at,division_code,matter_class,accepted_at,opinion_at,conclusion\n\
             A-1,{last_year}-03-01,320831,appeal,{last_year}-03-03,{last_year}-04-01,replied\n\
             A-2,{last_year}-11-20,320831,appeal,{last_year}-11-21,,\n"
        );
        let ledger = world.file("rows.csv", rows);
        let import = ["import", "petitions", ledger.to_str().unwrap(), "--ledger", "台账", "--wait"];
        world.run(&server.url(), import).await.done();
        let as_of = Day::last_of_year(last_year).unwrap();
        let before = [
            printed(world, &server.url(), last_year, as_of).await,
            printed(world, &server.url(), today.year(), today.plus_days(-1)).await,
        ];

        // Invented: the due day itself is a day off.
        let year = due.year();
        let notice = format!(
            "version = \"invented\"\n[[year]]\nyear = {year}\npapers = [\"https://example.invalid\"]\noff = [\"{due}\"]\n"
        );
        let notice = world.file("notice.toml", notice);
        let adopted = world.run(&server.url(), ["calendar", "adopt", notice.to_str().unwrap()]).await.done().json();
        let moved: Vec<_> = adopted["clocks"].as_array().unwrap().iter().filter(|clock| clock["number"] == accepted.number.as_str()).collect();
        assert_eq!(moved.len(), 1, "{adopted}");
        let legal = |which: &str| moved[0][which]["legal_due"].as_str().unwrap().parse::<Day>().unwrap();
        assert!(legal("before") >= due && legal("after") > due, "{adopted}");
        let listed = world.run(&server.url(), ["calendar", "moved", "--limit", "0"]).await.done().json();
        assert_eq!(listed["clocks"].as_array().unwrap().len(), adopted["clocks"].as_array().unwrap().len());

        // The figures include the restated clocks now, and those of past days stay.
        world.run(&server.url(), import).await.done();
        let after = [
            printed(world, &server.url(), last_year, as_of).await,
            printed(world, &server.url(), today.year(), today.plus_days(-1)).await,
        ];
        assert_eq!(before, after);
        server.stop().await;
        world.verify(world.place()).await.done();
    }
}
