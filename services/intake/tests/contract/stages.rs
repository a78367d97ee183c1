//! The stages of a petition as a client sees them: on both engines, from the first transfer to the last opinion.

use crate::{
    asks,
    desk::{Desk, after, reason},
};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

/// Due day in law of the last clock of a rule.
fn due(petition: &pb::Petition, rule: &str) -> String {
    let clocks = &petition.facts.as_ref().unwrap().clocks;
    let terms = clocks.iter().rev().filter_map(|clock| clock.terms.as_ref()).find(|terms| terms.rule == rule);
    terms.map(|terms| terms.legal_due.clone()).unwrap_or_default()
}

fn state(petition: &pb::Petition) -> PetitionState {
    petition.state()
}

on_each_engine! {
    async fn from_transfer_to_the_last_opinion(location: Location) {
        let desk = Desk::open(&location).await;
        let transferred = after!(desk.clerk(), transfer_petition, asks::transfer(&desk.appeal().await));
        assert_eq!((state(&transferred), transferred.responsible_unit.as_str()), (PetitionState::Transferred, "镇政府"));
        assert_eq!((due(&transferred, "P-03"), due(&transferred, "P-04")), ("2026-03-17".into(), "2026-03-09".into()));
        desk.next("2026-03-09");
        let objected = after!(desk.clerk(), object_to_transfer, asks::object(&transferred));
        let back = after!(desk.head(), decide_objection, asks::uphold(&objected));
        assert_eq!((state(&back), due(&back, "P-01")), (PetitionState::Registered, "2026-03-24".into()));
        let assigned = after!(desk.clerk(), assign_petition, asks::assign(&back));
        assert_eq!((state(&assigned), due(&assigned, "P-05")), (PetitionState::Assigned, "2026-03-31".into()));
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&assigned));
        let told = pb::RecordDeliveryRequest { paper: "acceptance".into(), delivered_on: "2026-03-09".into(), ..asks::deliver(&accepted) };
        let told = after!(desk.clerk(), record_delivery, told);
        let heard = after!(desk.clerk(), record_hearing, pb::RecordHearingRequest { from: "2026-03-09".into(), ..asks::hear(&told) });
        assert_eq!(heard.handling, accepted.handling, "a hearing does not stop the sixty days");
        let issued = after!(desk.clerk(), issue_opinion, asks::opinion(&heard));
        desk.next("2026-03-12");
        let reported = after!(desk.clerk(), report_assignment, asks::report(&issued));
        let delivery = pb::RecordDeliveryRequest { delivered_on: "2026-03-11".into(), ..asks::deliver(&reported) };
        let received = after!(desk.clerk(), record_delivery, delivery);
        assert_eq!(due(&received, "P-07"), "2026-04-10");
        desk.next("2026-04-10");
        let requested = after!(desk.clerk(), request_review, asks::review(&received));
        assert_eq!((state(&requested), due(&requested, "P-08")), (PetitionState::ReviewRequested, "2026-05-11".into()));
        let opinion = pb::IssueReviewOpinionRequest { delivered_on: "2026-04-10".into(), ..asks::reviewed(&requested) };
        let reviewed = after!(desk.clerk(), issue_review_opinion, opinion);
        let rerequested = after!(desk.clerk(), request_re_review, asks::rereview(&reviewed));
        assert_eq!(due(&rerequested, "P-10"), "2026-05-11");
        desk.next("2026-04-20");
        let hearing = |petition: &pb::Petition, from: &str, until: &str| pb::RecordHearingRequest {
            from: from.into(), until: until.into(), ..asks::hear(petition)
        };
        let heard = after!(desk.clerk(), record_hearing, hearing(&rerequested, "2026-04-13", "2026-04-15"));
        let heard = after!(desk.clerk(), record_hearing, hearing(&heard, "2026-04-14", "2026-04-16"));
        assert_eq!(due(&heard, "P-10"), "2026-05-14", "four days, none twice");
        let last = after!(desk.clerk(), issue_re_review_opinion, asks::rereviewed(&heard));
        assert_eq!((state(&last), last.facts.as_ref().unwrap().final_on.as_str()), (PetitionState::Final, "2026-04-20"));
        let opened = after!(desk.head(), reopen_petition, asks::reopen(&last));
        assert_eq!((state(&opened), opened.concluded_on.as_str()), (PetitionState::Accepted, ""));
        assert_eq!(opened.handling.as_ref().unwrap().started_on, "2026-04-20");
        assert!(desk.differences().await.is_empty());
        let shown = desk.get(&last.id).await;
        assert_eq!(shown.history.len(), 18);
        assert_eq!(shown.facts, opened.facts);
    }

    async fn what_comes_too_late_stays_as_it_is(location: Location) {
        let desk = Desk::open(&location).await;
        let transferred = after!(desk.clerk(), transfer_petition, asks::transfer(&desk.appeal().await));
        let issued = after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await));
        let received = after!(desk.clerk(), record_delivery, asks::deliver(&issued));
        desk.next("2026-03-10");
        assert_eq!(reason(desk.clerk().object_to_transfer(asks::object(&transferred)).await), "OBJECTION_TOO_LATE");
        desk.next("2026-04-02");
        let late = desk.clerk().request_review(asks::review(&received)).await.unwrap_err();
        assert!(late.message().contains("petition.R09"), "{late:?}");
        assert_eq!(reason(Err::<tonic::Response<()>, _>(late)), "OUT_OF_TIME");
        let rating = pb::RatePetitionRequest { rated_on: String::new(), ..asks::rate(&received) };
        assert_eq!(reason(desk.clerk().rate_petition(rating).await), "RATING_TOO_LATE");
    }

    async fn an_allegation_goes_to_an_organ_that_only_readers_learn(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition { matter_class: "allegation".into(), ..asks::appeal() };
        let logged = desk.log(new).await;
        assert!(logged.query_codes.is_empty());
        let forwarded = after!(desk.clerk(), forward_allegation, asks::forward(&logged.petition.unwrap()));
        assert_eq!(state(&forwarded), PetitionState::Forwarded);
        assert!(!format!("{:?}", forwarded.facts).contains("纪委"));
        let events = fengqiao_store::log::of_aggregate(&desk.db, &forwarded.id, 0).await.unwrap();
        assert!(events.iter().all(|event| !String::from_utf8_lossy(&event.open).contains("纪委")));
        let shown = desk.get(&forwarded.id).await;
        assert_eq!(shown.history.last().unwrap().to_unit, "纪委监委");
    }

    async fn a_corrected_day_moves_its_clock_and_leaves_both_values(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        desk.next("2026-03-05");
        let request = pb::CorrectPetitionRequest {
            accepted_on: "2026-03-04".into(), title: "宅基地".into(), category: String::new(), ..asks::correct(&accepted)
        };
        let corrected = after!(desk.head(), correct_petition, request);
        assert_eq!((corrected.accepted_on.as_str(), corrected.handling.as_ref().unwrap().kpi_due.as_str()), ("2026-03-04", "2026-05-03"));
        let shown = desk.get(&accepted.id).await;
        assert_eq!(shown.title, "宅基地");
        let step = shown.history.last().unwrap();
        let both: Vec<_> = step.corrections.iter().map(|c| (c.field.as_str(), c.before.as_str(), c.after.as_str())).collect();
        assert_eq!(both, [("accepted_on", "2026-03-02", "2026-03-04"), ("title", "", "")]);
        assert!(desk.differences().await.is_empty());
    }

    async fn images_of_an_older_shape_are_folded_anew(location: Location) {
        let desk = Desk::open(&location).await;
        let accepted = desk.accepted().await;
        let mut tx = desk.db.begin().await.unwrap();
        for sql in ["DELETE FROM image_shape", "UPDATE petition SET image = '{\"routings\":3}', open_due = ''"] {
            fengqiao_store::on!(tx tx, c => sqlx::query(sql).execute(c).await.map(drop)).unwrap();
        }
        tx.commit().await.unwrap();
        desk.close().await;
        let desk = Desk::open(&location).await;
        assert!(desk.differences().await.is_empty());
        assert_eq!(desk.get(&accepted.id).await.handling, accepted.handling);
    }
}
