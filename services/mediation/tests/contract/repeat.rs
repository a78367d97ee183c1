//! The same request again: the first outcome, whatever happened since.

use crate::{
    asks::{self, quarrel},
    county::bodies,
    desk::{Desk, TODAY, after, coordinator, reason},
};
use fengqiao_proto::{common::v1::Device, mediation::v1 as pb};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn a_repeated_opening_gets_its_first_answer(location: Location) {
        let desk = Desk::open(&location).await;
        let request = asks::open(quarrel());
        let first = desk.coordinator().open_case(request.clone()).await.unwrap().into_inner();
        after!(desk.coordinator(), dispatch_case, asks::dispatch(first.case.as_ref().unwrap()));
        let position = desk.position().await;
        let device = Some(Device { app_version: "2".into(), attempt: 7, ..Default::default() });
        let again = pb::OpenCaseRequest { device, ..request.clone() };
        assert_eq!(desk.coordinator().open_case(again).await.unwrap().into_inner(), first);
        assert_eq!(desk.position().await, position);
        let other = pb::OpenCaseRequest { dispute: Some(pb::NewDispute { hard: true, ..quarrel() }), ..request.clone() };
        assert_eq!(reason(desk.coordinator().open_case(other).await), "REQUEST_ID_REUSED");
        assert_eq!(reason(desk.by(coordinator("coord-2")).open_case(request.clone()).await), "REQUEST_ID_REUSED");
        desk.close().await;
        let desk = Desk::empty(&location, "2026-05-04").await;
        assert_eq!(desk.coordinator().open_case(request).await.unwrap().into_inner(), first, "also after a restart");
    }

    async fn a_repeated_change_gets_its_first_answer_with_what_it_opened(location: Location) {
        let desk = Desk::open(&location).await;
        let opened = desk.opened(quarrel()).await;
        let dispatch = asks::dispatch(&opened);
        let sent = desk.coordinator().dispatch_case(dispatch.clone()).await.unwrap().into_inner();
        assert!(sent.case.as_ref().unwrap().routing.is_some());
        let take = asks::take(sent.case.as_ref().unwrap());
        let taken = desk.at("village").take_case(take.clone()).await.unwrap().into_inner();
        let conclude = pb::ConcludeCaseRequest { hand_on: true, hand_on_reason: "case.wish".into(), ..asks::fail(taken.case.as_ref().unwrap()) };
        let ended = desk.at("village").conclude_case(conclude.clone()).await.unwrap().into_inner();
        let next = ended.next.clone().unwrap();
        after!(desk.coordinator(), dispatch_case, asks::dispatch_to(&next, "township"));
        assert_eq!(desk.coordinator().dispatch_case(dispatch).await.unwrap().into_inner(), sent);
        assert_eq!(desk.at("village").take_case(take).await.unwrap().into_inner(), taken);
        assert_eq!(desk.at("village").conclude_case(conclude).await.unwrap().into_inner(), ended);
        let voided = after!(desk.coordinator(), void_case, asks::void(&desk.get(&asks::case_id(&next)).await));
        let reopen = asks::reopen(&desk.dispute(&voided.dispute_id).await);
        let reopened = desk.coordinator().reopen_dispute(reopen.clone()).await.unwrap().into_inner();
        desk.taken("court").await;
        assert_eq!(desk.coordinator().reopen_dispute(reopen).await.unwrap().into_inner(), reopened);
        assert!(desk.differences().await.is_empty());
    }

    async fn bodies_and_links_as_well(location: Location) {
        let desk = Desk::empty(&location, TODAY).await;
        let request = asks::register(bodies()[0].clone());
        let body = desk.coordinator().register_body(request.clone()).await.unwrap().into_inner();
        let adjusted = desk.coordinator().adjust_body(asks::adjust(body.body.as_ref().unwrap())).await.unwrap().into_inner();
        assert_eq!(adjusted.body.unwrap().etag, "2");
        assert_eq!(desk.coordinator().register_body(request).await.unwrap().into_inner(), body);

        let root = desk.opened(quarrel()).await.dispute_id;
        let other = desk.dispute(&desk.opened(quarrel()).await.dispute_id).await;
        let link = asks::link(&other, &root);
        let linked = desk.coordinator().link_dispute(link.clone()).await.unwrap().into_inner();
        let unlink = asks::unlink(linked.dispute.as_ref().unwrap());
        desk.coordinator().unlink_dispute(unlink).await.unwrap();
        assert_eq!(desk.coordinator().link_dispute(link).await.unwrap().into_inner(), linked);
        assert!(desk.differences().await.is_empty());
    }

    async fn one_request_sent_many_times_at_once_is_one_dispute(location: Location) {
        let desk = Desk::empty(&location, TODAY).await;
        let request = asks::open(quarrel());
        let answers = (0..12).map(|_| {
            let (mut client, request) = (desk.coordinator(), request.clone());
            async move { client.open_case(request).await.unwrap().into_inner().case }
        });
        let answers = futures_util::future::join_all(answers).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(desk.position().await, 1);
    }

    async fn ids_and_references_are_unique_for_ever(location: Location) {
        let desk = Desk::empty(&location, TODAY).await;
        let mine = pb::NewDispute { dispute_id: asks::id(), case_id: asks::id(), external_ref: "E-1".into(), ..quarrel() };
        let case = desk.opened(mine.clone()).await;
        assert_eq!((case.dispute_id.as_str(), asks::case_id(&case)), (mine.dispute_id.as_str(), mine.case_id.clone()));
        let mut coordinator = desk.coordinator();
        assert_eq!(reason(coordinator.open_case(asks::open(mine.clone())).await), "DISPUTE_EXISTS");
        let other = pb::NewDispute { dispute_id: asks::id(), ..mine.clone() };
        assert_eq!(reason(coordinator.open_case(asks::open(other.clone())).await), "CASE_EXISTS");
        let other = pb::NewDispute { case_id: asks::id(), ..other };
        assert_eq!(reason(coordinator.open_case(asks::open(other.clone())).await), "EXTERNAL_REF_EXISTS");
        coordinator.open_case(asks::open(pb::NewDispute { ledger: "另一台账".into(), ..other })).await.unwrap();
        let request = pb::GetCaseRequest { external_ref: "E-1".into(), ..Default::default() };
        assert_eq!(coordinator.get_case(request).await.unwrap().into_inner().case.unwrap().dispute_id, mine.dispute_id);
    }
}
