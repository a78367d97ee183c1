//! Units that end: their open items go to who takes over, each once, whatever breaks it off and whoever else is at work.

use crate::{
    asks::{self, appeal, id},
    desk::{Desk, after, reason, refused},
    units::{bureau, close, listed, logged_for, many_items, succeed, update},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Engine, Location};
use fengqiao_testkit::on_each_engine;
use tokio_util::sync::CancellationToken;

on_each_engine! {
    async fn open_items_move_to_the_successor_and_history_stays(location: Location) {
        let desk = Desk::open(&location).await;
        let unit = desk.register(bureau("规划局")).await;
        desk.register(bureau("资规局")).await;
        let mut clerk = desk.clerk();
        let waiting = logged_for(&mut clerk, "规划局").await;
        let accepted = logged_for(&mut clerk, "规划局").await;
        let accepted = after!(clerk, accept_petition, asks::accept(&accepted));
        let concluded = logged_for(&mut clerk, "规划局").await;
        let concluded = after!(clerk, accept_petition, asks::accept(&concluded));
        after!(clerk, issue_opinion, asks::opinion(&concluded));
        assert_eq!(reason(desk.head().close_unit(close(&unit)).await), "UNIT_HAS_OPEN_ITEMS");
        let position = desk.position().await;
        let request = succeed(&unit, "资规局");
        let ended = desk.head().succeed_unit(request.clone()).await.unwrap().into_inner().unit.unwrap();
        assert_eq!((ended.handed_over, ended.facts.as_ref().unwrap().successor.as_str()), (2, "资规局"));
        let events = desk.events_after(position).await;
        assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), [
            "unit.succeeded", "petition.moved", "petition.moved",
        ]);
        assert!(events.iter().all(|event| event.request_id == request.request_id && event.actor == "head-1"));
        for before in [&waiting, &accepted] {
            let moved = desk.get(&before.id).await;
            assert_eq!((moved.responsible_unit.as_str(), moved.state()), ("资规局", before.state()));
            assert_eq!(moved.handling, before.handling, "its clock goes on");
        }
        assert_eq!(desk.get(&concluded.id).await.responsible_unit, "规划局");
        assert_eq!((desk.unit("规划局").await.open_items, desk.unit("资规局").await.open_items), (0, 2));
        let answer = desk.head().succeed_unit(request).await.unwrap().into_inner().unit.unwrap();
        assert_eq!((answer, desk.position().await), (ended, position + 3), "again: the same, and nothing more");

        let named = pb::NewPetition { responsible_unit: "规划局".into(), ..appeal() };
        let fault = refused(clerk.log_petition(asks::log(named)).await);
        assert_eq!((fault.reason.as_str(), fault.message.contains("资规局")), ("UNIT_CLOSED", true), "{fault:?}");
        let other = desk.appeal().await;
        let accept = pb::AcceptPetitionRequest { responsible_unit: "规划局".into(), ..asks::accept(&other) };
        assert_eq!(reason(clerk.accept_petition(accept).await), "UNIT_CLOSED");
        let transfer = pb::TransferPetitionRequest {
            request_id: id(),
            petition_id: other.id.clone(),
            etag: other.etag.clone(),
            to_unit: "规划局".into(),
            ..Default::default()
        };
        assert_eq!(reason(clerk.transfer_petition(transfer.clone()).await), "UNIT_CLOSED");
        let transfer = pb::TransferPetitionRequest { to_unit: "镇政府".into(), ..transfer };
        clerk.transfer_petition(transfer).await.unwrap();
        assert!(desk.unit("镇政府").await.facts.unwrap().imported);
        // A ledger tells what was; it may name one that is closed.
        many_items(&desk, "规划局", 1).await;
        assert!(desk.differences().await.is_empty());
    }

    async fn a_succession_that_was_broken_off_goes_on_at_the_next_start(location: Location) {
        const ITEMS: usize = 1_200;
        let desk = Desk::open(&location).await;
        many_items(&desk, "旧局", ITEMS).await;
        desk.register(bureau("新局")).await;
        let unit = desk.unit("旧局").await;
        assert_eq!(unit.open_items, i64::try_from(ITEMS).unwrap());
        let position = desk.position().await;
        let mut head = desk.head();
        let mut committed = desk.db.positions();
        // Broken off as soon as the first of them have moved: the caller is gone, and so is the process.
        tokio::select! {
            biased;
            seen = committed.wait_for(|last| *last > position + 1) => drop(seen.unwrap()),
            answer = head.succeed_unit(succeed(&unit, "新局")) => drop(answer.unwrap()),
        }
        desk.close().await;
        let desk = Desk::open(&location).await;
        let stop = CancellationToken::new();
        stop.cancel();
        let Desk { intake, .. } = desk;
        intake.keep(None, stop).await.unwrap();

        let desk = Desk::open(&location).await;
        let mut moved: Vec<String> = desk
            .events_after(position)
            .await
            .into_iter()
            .filter(|event| event.kind == "petition.moved")
            .map(|event| event.aggregate_id)
            .collect();
        moved.sort();
        assert_eq!(moved.len(), ITEMS);
        moved.dedup();
        assert_eq!(moved.len(), ITEMS, "each once");
        assert_eq!((desk.unit("旧局").await.open_items, desk.unit("新局").await.open_items), (0, 1_200));
        assert_eq!(desk.items_of("旧局").await.len(), 0);
        assert!(desk.differences().await.is_empty());
    }

    async fn two_replicas_name_the_same_units_at_once(location: Location) {
        let one = Desk::open(&location).await;
        if one.db.engine() == Engine::Sqlite {
            return; // one process owns the file
        }
        let two = Desk::open(&location).await;
        let logs = (0..60).map(|n| {
            let desk = if n % 2 == 0 { &one } else { &two };
            async move { logged_for(&mut desk.clerk(), &format!("局{}", n / 6)).await }
        });
        futures_util::future::join_all(logs).await;
        assert_eq!(listed(&one, pb::ListUnitsRequest::default()).await.len(), 10, "each once");
        // Two parents at once: not both, or each would be above the other.
        let parents = [("局1", "局2", &one), ("局2", "局1", &two)].map(|(code, parent, desk)| async move {
            let unit = desk.unit(code).await;
            desk.head().update_unit(update(&unit, pb::NewUnit { parent: parent.into(), ..bureau(code) })).await.is_ok()
        });
        assert_eq!(futures_util::future::join_all(parents).await.iter().filter(|ok| **ok).count(), 1);
        // One closes a unit while the other hands it petitions: nothing is left behind.
        one.register(bureau("新局")).await;
        let unit = one.unit("局0").await;
        let logs = (0..40).map(|_| async {
            let petition = pb::NewPetition { responsible_unit: "局0".into(), ..appeal() };
            two.clerk().log_petition(asks::log(petition)).await.is_ok()
        });
        let ends = async { one.head().succeed_unit(succeed(&unit, "新局")).await.unwrap().into_inner().unit.unwrap() };
        let (ended, logged) = futures_util::future::join(ends, futures_util::future::join_all(logs)).await;
        let logged = i64::try_from(logged.into_iter().filter(|ok| *ok).count()).unwrap();
        assert_eq!((one.unit("局0").await.open_items, one.unit("新局").await.open_items), (0, 6 + logged));
        assert_eq!(ended.handed_over, 6 + logged);
        assert!(one.differences().await.is_empty());
        two.close().await;
    }
}
