//! Disputes through the real binaries: the ledger of real cases, the quarrel over three bodies counted once, real narratives routed, two
//! rooms on one case, a petition that goes to mediation and is erased there too.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::{
    intake::v1::{self as intake, AcceptPetitionRequest, RouteToMediationRequest},
    mediation::v1::{self as pb, Force},
};
use fengqiao_tests::{
    Desk, Engine, Room, SOON, World, dispute, eventually, in_a_world, ledger, named, on_each_engine, petition, request_id,
};
use serde_json::Value;
use std::path::Path;

#[test]
fn federal_cases_on_sqlite() {
    cases_give_their_figures(Engine::Sqlite, None);
}

#[test]
fn federal_cases_on_postgres_in_new_york() {
    cases_give_their_figures(Engine::Postgres, Some("America/New_York"));
}

fn cases_give_their_figures(engine: Engine, zone: Option<&str>) {
    let Some((path, expected)) = ledger::shared("cases-federal.csv") else { return };
    in_a_world(engine, async |world| {
        world.set_zone(zone);
        let server = world.serve().await;
        let first = import_cases(world, &server.url(), &path, "台账").await;
        assert_eq!((&first["rows"], &first["imported"]), (&expected["rows"], &expected["imported"]), "{first}");
        assert_eq!(first["refused"].as_array().unwrap().len() as i64, expected["refused"].as_i64().unwrap(), "{first}");
        for (year, figures) in expected["by_year"].as_object().unwrap() {
            let report = world.report(&server.url(), year.parse().unwrap(), "2022-12-31").await;
            for (key, value) in figures.as_object().unwrap() {
                assert_eq!(report.total(&format!("case.{key}")), value.as_i64().unwrap(), "{year} {key}");
            }
        }
        let again = import_cases(world, &server.url(), &path, "台账").await;
        assert_eq!((&again["imported"], &again["already"]), (&0.into(), &expected["rows"]), "{again}");
        server.stop().await;
        world.verify(world.place()).await.done();
    });
}

async fn import_cases(world: &World, server: &str, path: &Path, name: &str) -> Value {
    let args = ["import", "cases", path.to_str().unwrap(), "--wait", "--ledger", name];
    world.run(server, args).await.done().json()
}

/// A ledger of the quarrel of D§5.7 as three bodies would keep it together.
const QUARREL: &str = "external_ref,root_ref,applied_at,source,dispute_type,force,body,division_code,party_count,accepted_at,concluded_at,\
outcome,agreement_form,amount_yuan,performance_due,performed_at,paid_yuan,handed_on_to\n\
1,Q,2024-03-03,applied,T17,people,村调委会,320831107201,2,2024-03-03,2024-03-28,failed,,,,,,镇调委会\n\
2,Q,2024-03-28,other_body,T17,people,镇调委会,320831107201,2,2024-03-29,2024-04-20,failed,,,,,,物业调委会\n\
3,Q,2024-04-20,other_body,T17,industry,物业调委会,320831107201,2,2024-05-06,2024-05-30,agreed,written,20000,2024-07-31,2024-08-05,20000.00,\n";

on_each_engine! {
    async fn the_quarrel_of_three_bodies_is_counted_once(world: &World) {
        let server = world.serve().await;
        let url = server.url();
        let summary = import_cases(world, &url, &world.file("quarrel.csv", QUARREL), "县").await;
        assert_eq!(summary["imported"], 3, "{summary}");
        let report = world.report(&url, 2024, "2024-12-31").await;
        let totals = [
            ("case.accepted", 3), ("case.received", 2), ("case.concluded", 3), ("case.agreed", 1), ("case.failed", 2), ("case.handed_on", 2),
            ("dispute.accepted", 1), ("dispute.concluded", 1), ("dispute.resolved", 1), ("dispute.reopened", 0), ("dispute.carried_out", 0),
            ("agreement.written", 1), ("agreement.agreed_fen", 2_000_000), ("agreement.paid_fen", 2_000_000),
            ("agreement.performance_due", 1), ("agreement.performed", 1), ("agreement.performed_on_time", 0),
        ];
        for (id, expected) in totals {
            assert_eq!(report.total(id), expected, "{id}");
        }
        for body in ["村调委会", "镇调委会", "物业调委会"] {
            assert_eq!(report.of("case.accepted", "body", body), 1, "{body}");
            assert_eq!(report.of("case.concluded", "body", body), 1, "{body}");
        }
        for (body, agreed, failed) in [("村调委会", 0, 1), ("镇调委会", 0, 1), ("物业调委会", 1, 0)] {
            assert_eq!((report.of("case.agreed", "body", body), report.of("case.failed", "body", body)), (agreed, failed), "{body}");
        }
        assert_eq!(report.of("dispute.concluded", "force", "industry"), 1);
        assert_eq!(report.of("dispute.accepted", "force", "people"), 1);
        // Before the property committee took it, the county had one open dispute.
        let april = world.report(&url, 2024, "2024-04-30").await;
        assert_eq!((april.total("dispute.concluded"), april.total("dispute.carried_out"), april.total("case.concluded")), (0, 1, 2));
        server.stop().await;
        world.verify(world.place()).await.done();
    }

    async fn a_row_counts_at_its_own_place_and_the_order_of_rows_does_not_matter(world: &World) {
        let server = world.serve().await;
        let header = "external_ref,root_ref,applied_at,source,dispute_type,force,body,division_code,accepted_at,concluded_at,outcome,handed_on_to\n";
        let village = "1,R,2024-03-01,court,T02,people,村,320831100,2024-03-02,2024-03-10,failed,商会\n";
        let chamber = "2,R,2024-03-10,,T17,industry,商会,320831101,2024-03-11,,,\n";
        let mut reports = Vec::new();
        for (ledger, rows) in [("甲", [village, chamber]), ("乙", [chamber, village])] {
            let place = world.another_place().await;
            let server = world.serve_on(&place).start().await;
            let file = world.file("parts.csv", format!("{header}{}{}", rows[0], rows[1]));
            assert_eq!(import_cases(world, &server.url(), &file, ledger).await["imported"], 2);
            let report = world.report(&server.url(), 2024, "2024-12-31").await;
            for (kind, division) in [("T02", "320831100"), ("T17", "320831101")] {
                assert_eq!(report.of("case.accepted", "type", kind), 1, "{kind}");
                assert_eq!(report.of("case.accepted", "division", division), 1, "{division}");
            }
            // The dispute is of the place, type and source of its first part.
            let of = |key: &str, member: &str| report.of("dispute.accepted", key, member);
            assert_eq!((of("type", "T02"), of("type", "T17"), of("division", "320831100"), of("source", "court")), (1, 0, 1, 1));
            // And the township of the second has the case, though not the dispute; its bridge says so.
            let there = ["report", "annual", "--year", "2024", "--as-of", "2024-12-31", "--division", "320831101"];
            let there = fengqiao_tests::Report(world.run(&server.url(), there).await.done().json());
            assert_eq!((there.total("case.accepted"), there.total("dispute.accepted")), (1, 0));
            server.stop().await;
            world.verify(&place).await.done();
            reports.push(report.0["indicators"].clone());
        }
        assert_eq!(reports[0], reports[1]);
        server.stop().await;
    }

    async fn the_same_quarrel_logged_twice_counts_once_while_it_is_linked(world: &World) {
        let server = world.serve().await;
        let mut room = Room::at(&server.url());
        room.body("VILLAGE", Force::People, "320831107", &[], 0).await;
        // The village logs it, and so does the petition office.
        let village = room.open(request_id(), dispute("T02", "320831107201")).await.unwrap();
        let village = room.dispatch(&village).await.unwrap();
        let village = room.take(&village).await.unwrap();
        let mut desk = Desk::at(&server.url());
        let routed = routed(&mut desk, "王小明").await;
        let office = opened_for(&mut desk, &mut room, &routed).await;
        let office = room.dispatch(&office).await.unwrap();
        let office = room.take(&office).await.unwrap();
        room.agree(&office).await.unwrap();
        let counted = async |world: &World, room: &mut Room| {
            let last = room.case(&named(&village).0).await;
            let other = room.case(&named(&office).0).await;
            let position = last.history.iter().chain(&other.history).map(|step| step.position).max().unwrap();
            wait_for(&server.url(), "mediation", position).await;
            let answer = world.run(&server.url(), ["report", "annual", "--year", &year(&last)]).await.done();
            let report = fengqiao_tests::Report(answer.json());
            (report.total("case.accepted"), report.total("dispute.accepted"), report.total("dispute.concluded"), report.total("case.joined"))
        };
        assert_eq!(counted(world, &mut room).await, (2, 2, 1, 0));

        let link = pb::LinkDisputeRequest {
            request_id: request_id().to_string(),
            dispute_id: office.dispute_id.clone(),
            etag: etag(&mut room, &office.dispute_id).await,
            same_as: village.dispute_id.clone(),
            ..Default::default()
        };
        room.mediation.link_dispute(link).await.unwrap();
        // One quarrel, still open at the village.
        assert_eq!(counted(world, &mut room).await, (2, 1, 0, 1));

        let unlink = pb::UnlinkDisputeRequest {
            request_id: request_id().to_string(),
            dispute_id: office.dispute_id.clone(),
            etag: etag(&mut room, &office.dispute_id).await,
            ..Default::default()
        };
        room.mediation.unlink_dispute(unlink).await.unwrap();
        assert_eq!(counted(world, &mut room).await, (2, 2, 1, 0));
        server.stop().await;
        world.verify(world.place()).await.done();
    }

    async fn of_two_rooms_on_one_case_one_wins_and_the_other_is_told(world: &World) {
        let server = world.serve().await;
        let mut room = Room::at(&server.url());
        room.body("A", Force::People, "320831", &[], 0).await;
        for _ in 0..10 {
            let case = room.open(request_id(), dispute("T02", "320831101")).await.unwrap();
            let case = room.dispatch(&case).await.unwrap();
            let case = room.take(&case).await.unwrap();
            let (mut one, mut other) = (room.clone(), room.clone());
            let (agreed, handed) = futures_util::join!(one.agree(&case), other.hand_on(&case, ""));
            let lost = match (&agreed, &handed) {
                (Ok(_), Err(lost)) => lost,
                (Err(lost), Ok(_)) => lost,
                both => panic!("both won or lost: {both:?}"),
            };
            assert_eq!(lost.code(), tonic::Code::Aborted, "{lost:?}");
            assert!(lost.message().contains("case.concluded by development"), "{lost:?}");
            assert_eq!(room.case(&named(&case).0).await.facts.unwrap().version, 4);
        }
        server.stop().await;
        world.verify(world.place()).await.done();
    }

    async fn parties_erased_at_intake_are_gone_at_mediation_too(world: &World) {
        let server = world.serve().await;
        let mut room = Room::at(&server.url());
        let mut desk = Desk::at(&server.url());
        let petition = routed(&mut desk, "丁零当郎").await;
        let case = opened_for(&mut desk, &mut room, &petition).await;
        let (case_id, _) = named(&case);
        let shown = room.case(&case_id).await;
        let names: Vec<(&str, &str)> = shown.parties.iter().map(|party| (party.name.as_str(), party.side.as_str())).collect();
        assert_eq!(names, [("丁零当郎", "applicant"), ("被反映人", "respondent")], "{shown:?}");
        assert_eq!(shown.dispute.as_ref().unwrap().petition_id, petition.id);

        let request = intake::ErasePartiesRequest {
            request_id: request_id().to_string(),
            petition_id: petition.id.clone(),
            etag: current(&mut desk, &petition.id).await.etag,
            reason: "依申请".to_owned(),
            approved_by: "second.person".to_owned(),
            ..Default::default()
        };
        desk.intake.erase_parties(request).await.unwrap();
        eventually("mediation erases as well", SOON, async || {
            let shown = room.case(&case_id).await;
            if shown.parties.is_empty() && shown.dispute.as_ref().is_some_and(|d| d.erased) { Ok(()) } else { Err(format!("{shown:?}")) }
        })
        .await;
        server.stop().await;
        world.verify(world.place()).await.done();
    }
}

#[test]
fn the_narratives_go_where_they_belong() {
    let Some((path, _)) = ledger::shared("cases-federal.csv") else { return };
    let narratives = std::fs::read_to_string(path.with_file_name("disputes-narratives.jsonl")).unwrap();
    in_a_world(Engine::Sqlite, async |world| {
        let server = world.serve().await;
        let mut room = Room::at(&server.url());
        for (force, code) in [
            (Force::People, "PEOPLE"),
            (Force::Administrative, "ADMINISTRATIVE"),
            (Force::Judicial, "JUDICIAL"),
            (Force::Industry, "INDUSTRY"),
            (Force::Professional, "PROFESSIONAL"),
        ] {
            room.body(code, force, "320831", &[], 0).await;
        }
        let mut seen = 0;
        for line in narratives.lines() {
            let told: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
            let flags: Vec<String> =
                told["flags"].as_array().unwrap().iter().map(|flag| flag.as_str().unwrap().to_owned()).collect();
            let new = pb::NewDispute {
                narrative: text("narrative"),
                flags,
                already_at: if text("already_at").is_empty() {
                    Vec::new()
                } else {
                    vec!["police".to_owned(), "procuratorate".to_owned()]
                },
                ..dispute(&text("dispute_type"), "320831001")
            };
            let case = room.open(request_id(), new).await.unwrap();
            let case = room.dispatch(&case).await.unwrap();
            let shown = room.case(&named(&case).0).await;
            let decision = shown.routing.clone().unwrap();
            assert!(
                !decision.rule.is_empty() && !decision.inputs.is_empty() && !decision.rules_version.is_empty(),
                "{decision:?}"
            );
            if text("already_at").is_empty() {
                assert_eq!(shown.facts.as_ref().unwrap().body, text("expected_force").to_uppercase(), "{told}");
                assert!(!decision.rejected.is_empty(), "{decision:?}");
            } else {
                assert_eq!(
                    (shown.facts.as_ref().unwrap().body.as_str(), decision.disposition.as_str()),
                    ("", "not_dispatched"),
                    "{told}"
                );
                assert!(decision.rule.starts_with("R3"), "{decision:?}");
                assert_eq!(shown.stuck, "not_dispatched");
            }
            seen += 1;
        }
        assert_eq!(seen, 46);
        server.stop().await;
        world.verify(world.place()).await.done();
    });
}

fn year(case: &pb::Case) -> String {
    case.facts.as_ref().unwrap().accepted_on[..4].to_owned()
}

async fn etag(room: &mut Room, dispute_id: &str) -> String {
    let request = pb::GetDisputeRequest { dispute_id: dispute_id.to_owned(), ..Default::default() };
    room.mediation.get_dispute(request).await.unwrap().into_inner().dispute.unwrap().etag
}

async fn wait_for(server: &str, log: &str, position: i64) {
    let request = fengqiao_proto::reporting::v1::GetFreshnessRequest { log: log.to_owned(), position, wait_ms: 60_000 };
    Desk::at(server).reporting.get_freshness(request).await.unwrap();
}

async fn current(desk: &mut Desk, id: &str) -> intake::Petition {
    let request = intake::GetPetitionRequest { petition_id: id.to_owned(), ..Default::default() };
    desk.intake.get_petition(request).await.unwrap().into_inner().petition.unwrap()
}

/// An accepted appeal of this person, routed to mediation.
async fn routed(desk: &mut Desk, name: &str) -> intake::Petition {
    let mut new = petition("反映邻家排水", "");
    new.parties[0].name = name.to_owned();
    let (logged, _) = desk.logged(new).await;
    let accept = AcceptPetitionRequest {
        request_id: request_id().to_string(),
        petition_id: logged.id.clone(),
        etag: logged.etag,
        ..Default::default()
    };
    let accepted = desk.intake.accept_petition(accept).await.unwrap().into_inner().petition.unwrap();
    let route = RouteToMediationRequest {
        request_id: request_id().to_string(),
        petition_id: logged.id,
        etag: accepted.etag,
        dispute_type: "T02".to_owned(),
        applicant_consents: true,
        respondent_consents: true,
        respondents: vec![intake::Party { name: "被反映人".to_owned(), ..Default::default() }],
        ..Default::default()
    };
    desk.intake.route_to_mediation(route).await.unwrap().into_inner().petition.unwrap()
}

/// The case that mediation opened for it, once it did.
async fn opened_for(desk: &mut Desk, room: &mut Room, petition: &intake::Petition) -> pb::Case {
    let link = eventually("mediation opens a case for the petition", SOON, async || {
        let shown = current(desk, &petition.id).await;
        shown.mediation.first().cloned().ok_or_else(|| format!("{shown:?}"))
    })
    .await;
    let request = pb::GetDisputeRequest { dispute_id: link.dispute_id, ..Default::default() };
    let found = room.mediation.get_dispute(request).await.unwrap().into_inner().dispute.unwrap();
    found.cases.into_iter().next().unwrap()
}
