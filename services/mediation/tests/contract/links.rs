//! The same quarrel logged by two desks: linked it counts once, unlinked again twice.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, coordinator, dispute_after, facts, milestones, reason},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

async fn counted(desk: &Desk, id: &str) -> Vec<String> {
    milestones(desk.dispute(id).await.facts.as_ref().unwrap())
}

on_each_engine! {
    async fn linked_it_counts_once_and_unlinked_twice(location: Location) {
        let desk = Desk::open(&location).await;
        let (village, office) = (desk.taken("village").await, desk.taken("court").await);
        let (root, twin) = (village.dispute_id.clone(), office.dispute_id.clone());
        assert_eq!(counted(&desk, &twin).await, ["2026-03-02 accepted judicial"]);

        let linked = dispute_after!(desk.coordinator(), link_dispute, asks::link(&desk.dispute(&twin).await, &root));
        assert_eq!(linked.facts.as_ref().unwrap().linked_into, root);
        assert!(linked.facts.as_ref().unwrap().milestones.is_empty());
        let whole = desk.dispute(&root).await;
        assert_eq!(whole.facts.as_ref().unwrap().linked, std::slice::from_ref(&twin));
        assert_eq!(counted(&desk, &root).await, ["2026-03-02 accepted people"]);
        assert_eq!(facts(&desk.get(&asks::case_id(&office)).await).entry, "joined");
        assert!(desk.differences().await.is_empty());

        desk.next("2026-03-09");
        let current = desk.get(&asks::case_id(&village)).await;
        after!(desk.at("village"), conclude_case, asks::agree(&current));
        assert_eq!(counted(&desk, &root).await, ["2026-03-02 accepted people"], "the other desk still has it");
        let current = desk.get(&asks::case_id(&office)).await;
        after!(desk.at("court"), conclude_case, asks::agree(&current));
        let all = ["2026-03-02 accepted people", "2026-03-09 concluded judicial resolved"];
        assert_eq!(counted(&desk, &root).await, all, "a change of the linked one restates the root");
        assert_eq!(desk.dispute(&root).await.history.last().unwrap().kind, "dispute.restated");
        assert!(desk.differences().await.is_empty());

        dispute_after!(desk.coordinator(), unlink_dispute, asks::unlink(&desk.dispute(&twin).await));
        assert_eq!(counted(&desk, &root).await, ["2026-03-02 accepted people", "2026-03-09 concluded people resolved"]);
        assert_eq!(counted(&desk, &twin).await, ["2026-03-02 accepted judicial", "2026-03-09 concluded judicial resolved"]);
        assert!(desk.differences().await.is_empty());
    }

    async fn links_are_one_step_long(location: Location) {
        let desk = Desk::open(&location).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(desk.opened(quarrel()).await.dispute_id);
        }
        let [a, b, c] = ids.try_into().unwrap();
        let mut coordinator = desk.coordinator();
        let of = async |id: &str| desk.dispute(id).await;
        assert_eq!(reason(coordinator.link_dispute(asks::link(&of(&a).await, &a)).await), "LINK_TO_ITSELF");
        assert_eq!(reason(coordinator.link_dispute(asks::link(&of(&a).await, &asks::id())).await), "DISPUTE_NOT_FOUND");
        coordinator.link_dispute(asks::link(&of(&b).await, &a)).await.unwrap();
        assert_eq!(reason(coordinator.link_dispute(asks::link(&of(&b).await, &c)).await), "LINKED_ALREADY");
        assert_eq!(reason(coordinator.link_dispute(asks::link(&of(&c).await, &b)).await), "LINK_CHAIN");
        assert_eq!(reason(coordinator.link_dispute(asks::link(&of(&a).await, &c)).await), "LINK_CHAIN");
        coordinator.link_dispute(asks::link(&of(&c).await, &a)).await.unwrap();
        assert_eq!(of(&a).await.facts.unwrap().linked, [b.clone(), c.clone()]);
        assert_eq!(reason(coordinator.unlink_dispute(asks::unlink(&of(&a).await)).await), "NOT_LINKED");
        assert!(desk.differences().await.is_empty());
    }

    async fn many_rooms_of_one_quarrel_at_once(location: Location) {
        let desk = Desk::open(&location).await;
        let root = desk.taken("village").await;
        let mut cases = vec![("village", root.clone())];
        for body in ["township", "court", "bureau"] {
            let twin = desk.taken(body).await;
            dispute_after!(desk.coordinator(), link_dispute, asks::link(&desk.dispute(&twin.dispute_id).await, &root.dispute_id));
            cases.push((body, twin));
        }
        let ends = cases.iter().map(|(body, case)| {
            let (mut client, request) = (desk.at(body), asks::agree(case));
            async move { client.conclude_case(request).await.unwrap() }
        });
        futures_util::future::join_all(ends).await;
        assert_eq!(counted(&desk, &root.dispute_id).await.len(), 2);
        assert!(desk.differences().await.is_empty());
    }

    async fn a_dispute_of_another_division_is_not_linked(location: Location) {
        let desk = Desk::open(&location).await;
        let here = desk.opened(quarrel()).await.dispute_id;
        let there = desk.opened(pb::NewDispute { division_code: "320831101".into(), ..quarrel() }).await.dispute_id;
        let town = Caller { division: Some("320831100".parse().unwrap()), ..coordinator("coord-9") };
        let link = asks::link(&desk.dispute(&here).await, &there);
        assert_eq!(reason(desk.by(town.clone()).link_dispute(link).await), "DISPUTE_NOT_FOUND");
        let link = asks::link(&desk.dispute(&there).await, &here);
        assert_eq!(reason(desk.by(town).link_dispute(link).await), "DISPUTE_NOT_FOUND");
    }
}
