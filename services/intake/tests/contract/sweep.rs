//! The daily sweep: windows that are over end the matter, what is late is noted once and pressed, and asking again changes nothing.

use crate::{
    asks,
    desk::{Desk, after},
};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

async fn answered(desk: &Desk) -> (pb::Petition, String) {
    let accepted = desk.accepted().await;
    let request = pb::IssueOpinionRequest { delivered_on: "2026-03-02".into(), ..asks::opinion(&accepted) };
    let request_id = request.request_id.clone();
    (after!(desk.clerk(), issue_opinion, request), request_id)
}

fn kinds(petition: &pb::Petition) -> Vec<&str> {
    petition.history.iter().map(|step| step.kind.as_str()).collect()
}

on_each_engine! {
    async fn a_window_that_passes_unused_makes_the_matter_final(location: Location) {
        let desk = Desk::open(&location).await;
        let (answered, issued_by) = answered(&desk).await;
        // Thirty days from 2 March: 1 April.
        desk.next("2026-04-01");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        desk.next("2026-04-07");
        let steps = desk.intake.sweep().await.unwrap().steps;
        let petition = desk.get(&answered.id).await;
        assert_eq!(steps, 2, "the window for a review (P-07), and that for a rating (P-13): {:?}", petition.facts);
        let facts = petition.facts.clone().unwrap();
        assert_eq!((petition.state(), facts.final_on.as_str()), (PetitionState::Final, "2026-04-02"));
        let lapse = petition.history.last().unwrap();
        assert_eq!((lapse.kind.as_str(), lapse.occurred_on.as_str(), lapse.actor.as_str()), ("petition.clock_lapsed", "2026-04-02", "sweep"));
        let window = facts.clocks.iter().find(|clock| clock.terms.as_ref().unwrap().rule == "P-07").unwrap();
        assert_eq!((window.done_on.as_str(), window.lapsed_on.as_str()), ("2026-04-02", "2026-04-02"));
        // Again, also twice at once: nothing.
        let (one, two) = tokio::join!(desk.intake.sweep(), desk.intake.sweep());
        assert_eq!((one.unwrap().steps, two.unwrap().steps), (0, 0));
        // What passing time did breaks no chain of work off line.
        let chained = pb::SuperviseRequest {
            etag: String::new(),
            after_request_id: issued_by,
            explanation_due: "2026-04-20".into(),
            ..asks::supervise(&petition)
        };
        after!(desk.clerk(), supervise, chained);
        assert!(desk.differences().await.is_empty());
    }

    async fn what_is_late_is_noted_once_and_pressed(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let accept = pb::AcceptPetitionRequest { responsible_unit: "住建局".into(), ..asks::accept(&petition) };
        after!(desk.clerk(), accept_petition, accept);
        desk.next("2026-05-06");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        desk.next("2026-05-07");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 2);
        desk.next("2026-05-08");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        let late = desk.get(&petition.id).await;
        assert_eq!(kinds(&late)[2..], ["petition.clock_lapsed", "petition.supervised"]);
        assert_eq!(late.state(), PetitionState::Accepted, "late is not ended");
        let facts = late.facts.clone().unwrap();
        let red = &facts.supervisions[0];
        assert_eq!(
            (red.measure.as_str(), red.on.as_str(), red.unit.as_str(), red.rule.as_str()),
            ("red", "2026-05-07", "住建局", "P-06")
        );
        // It is still owed: it stays in the list, and can be done.
        let due = desk.clerk().list_due(pb::ListDueRequest::default()).await.unwrap().into_inner().clocks;
        assert_eq!((due.len(), due[0].lamp.as_str(), due[0].days_left), (1, "red", -2));
        after!(desk.clerk(), issue_opinion, asks::opinion(&late));
        desk.next("2026-08-01");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        assert!(desk.differences().await.is_empty());
    }

    async fn an_objection_window_is_closed(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        let transfer = pb::TransferPetitionRequest {
            request_id: asks::id(),
            petition_id: petition.id.clone(),
            etag: petition.etag.clone(),
            to_unit: "住建局".into(),
            ..Default::default()
        };
        after!(desk.clerk(), transfer_petition, transfer);
        // Five working days from Monday 2 March: 9 March.
        desk.next("2026-03-10");
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 1);
        let petition = desk.get(&petition.id).await;
        assert_eq!(petition.state(), PetitionState::Transferred, "it stays with that unit");
        let clocks = petition.facts.unwrap().clocks;
        let lapsed = clocks.iter().filter(|clock| !clock.lapsed_on.is_empty());
        let lapsed: Vec<_> = lapsed.map(|clock| (clock.terms.as_ref().unwrap().rule.as_str(), clock.done_on.as_str())).collect();
        assert_eq!(lapsed, [("P-04", "2026-03-10")]);
        assert!(desk.differences().await.is_empty());
    }

    async fn what_a_ledger_tells_is_left_to_it(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "accepted_at"];
        desk.import(&columns, &[&["T-1", "2025-01-02", "320831", "appeal", "2025-01-03"]]).await;
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        let due = desk.clerk().list_due(pb::ListDueRequest::default()).await.unwrap().into_inner().clocks;
        assert_eq!(due.iter().map(|due| due.lamp.as_str()).collect::<Vec<_>>(), ["red"], "but it is seen to be late");
        assert_eq!(desk.import(&columns, &[&["T-1", "2025-01-02", "320831", "appeal", "2025-01-03"]]).await.already, 1);
    }
}
