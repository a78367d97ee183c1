//! Two rooms at once: one wins, the other is told what changed. A phone off line chains its own work.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, fault, reason},
};
use fengqiao_proto::mediation::v1::{self as pb, CaseState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::Code;

on_each_engine! {
    async fn of_two_rooms_one_wins_and_the_other_is_told(location: Location) {
        let desk = Desk::open(&location).await;
        let case = desk.opened(quarrel()).await;
        let attempts = ["village", "township"].map(|body| {
            let (mut client, request) = (desk.coordinator(), asks::dispatch_to(&case, body));
            async move { client.dispatch_case(request).await }
        });
        let answers = futures_util::future::join_all(attempts).await;
        let lost: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).map(fault).collect();
        assert_eq!(lost.len(), 1);
        assert_eq!((lost[0].code, lost[0].reason.as_str()), (Code::Aborted, "ETAG_STALE"));
        assert!(lost[0].message.contains("case.dispatched by coord-1"), "{lost:?}");
        assert_eq!(desk.get(&asks::case_id(&case)).await.state(), CaseState::Dispatched);
        let open = desk.body("village").await.open_cases + desk.body("township").await.open_cases;
        assert_eq!(open, 1);
        assert!(desk.differences().await.is_empty());
    }

    async fn two_cases_of_a_dispute_have_etags_of_their_own(location: Location) {
        let desk = Desk::open(&location).await;
        let taken = desk.taken("village").await;
        let on = pb::ConcludeCaseRequest { hand_on: true, hand_on_to: "township".into(), hand_on_reason: "case.wish".into(), outcome: "partial".into(), ..asks::agree(&taken) };
        let ended = desk.at("village").conclude_case(on).await.unwrap().into_inner();
        let (first, next) = (ended.case.unwrap(), ended.next.unwrap());
        after!(desk.at("township"), take_case, asks::take(&next));
        after!(desk.at("village"), record_performance, asks::perform(&first));
        let stale = asks::give_back(&next);
        let status = desk.at("township").return_case(stale).await.unwrap_err();
        assert!(status.message().contains("case.taken by med-township"), "{status:?}");
        assert!(!status.message().contains("performed"), "what happened to other cases is not told: {status:?}");
        assert!(desk.differences().await.is_empty());
    }

    async fn a_phone_off_line_chains_its_own_work(location: Location) {
        let desk = Desk::open(&location).await;
        let mut village = desk.at("village");
        let open = asks::open(pb::NewDispute { dispute_id: asks::id(), case_id: asks::id(), take_here: true, ..quarrel() });
        let case_id = open.dispute.as_ref().unwrap().case_id.clone();
        let conclude = pb::ConcludeCaseRequest {
            case_id: case_id.clone(),
            etag: String::new(),
            after_request_id: open.request_id.clone(),
            ..asks::agree(&pb::Case { facts: Some(pb::CaseFacts::default()), ..Default::default() })
        };
        let perform = pb::RecordPerformanceRequest {
            case_id: case_id.clone(),
            etag: String::new(),
            after_request_id: conclude.request_id.clone(),
            ..asks::perform(&pb::Case { facts: Some(pb::CaseFacts::default()), ..Default::default() })
        };
        village.open_case(open).await.unwrap();
        assert_eq!(reason(village.record_performance(perform.clone()).await), "NOT_AFTER_REQUEST");
        village.conclude_case(conclude.clone()).await.unwrap();
        village.record_performance(perform).await.unwrap();
        let late = pb::ConcludeCaseRequest { request_id: asks::id(), ..conclude };
        assert_eq!(reason(village.conclude_case(late).await), "NOT_AFTER_REQUEST");
        assert!(desk.differences().await.is_empty());
    }

    async fn many_rooms_at_once_leave_a_book_that_verifies(location: Location) {
        let desk = Desk::open(&location).await;
        let lives = (0..24).map(|n| {
            let desk = &desk;
            async move {
                let body = ["village", "township", "court"][n % 3];
                let taken = desk.taken(body).await;
                match n % 4 {
                    0 => drop(after!(desk.at(body), conclude_case, asks::agree(&taken))),
                    1 => drop(desk.at(body).transfer_case(pb::TransferCaseRequest { to_body: "bureau".into(), ..asks::transfer(&taken) }).await.unwrap()),
                    2 => drop(after!(desk.coordinator(), void_case, asks::void(&taken))),
                    _ => {}
                }
            }
        });
        futures_util::future::join_all(lives).await;
        assert_eq!(desk.body("bureau").await.open_cases, 6);
        assert!(desk.differences().await.is_empty());
        let listed = desk.coordinator().list_cases(pb::ListCasesRequest::default()).await.unwrap().into_inner().cases;
        let mut numbers: Vec<_> = listed.iter().map(|case| case.facts.as_ref().unwrap().number.clone()).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 30);
    }
}
