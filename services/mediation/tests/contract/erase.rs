//! Erasing the parties: the figures and the history stay, what is personal is gone for everybody.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, dispute_after, reason},
};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{Location, data_key};
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn what_is_personal_is_gone_and_the_rest_stays(location: Location) {
        let desk = Desk::open(&location).await;
        let agree = pb::ConcludeCaseRequest { text: "各让一步".into(), ..asks::agree(&desk.taken("village").await) };
        let agreed = after!(desk.at("village"), conclude_case, agree);
        let before = desk.dispute(&agreed.dispute_id).await;
        let alone = pb::ErasePartiesRequest { approved_by: "coord-1".into(), ..asks::erase(&before) };
        assert_eq!(reason(desk.coordinator().erase_parties(alone).await), "SAME_PERSON");
        assert_eq!(reason(desk.at("village").erase_parties(asks::erase(&before)).await), "PERMISSION_DENIED");
        let erasure = asks::erase(&before);
        let erased = dispute_after!(desk.coordinator(), erase_parties, erasure.clone());
        let facts = pb::DisputeFacts { erased: true, ..before.facts.clone().unwrap() };
        assert_eq!(erased.facts, Some(facts), "every figure stays");

        let shown = desk.get(&asks::case_id(&agreed)).await;
        assert!(shown.title.is_empty() && shown.narrative.is_empty() && shown.parties.is_empty());
        assert!(shown.history.iter().all(|step| step.text.is_empty()));
        assert_eq!(shown.history.last().unwrap().kind, "dispute.parties_erased");
        assert_eq!(shown.facts.unwrap().party_count, 2);
        assert!(data_key::load(&desk.db, std::slice::from_ref(&before.id)).await.unwrap().is_empty());
        let similar = pb::FindSimilarDisputesRequest { parties: quarrel().parties, ..Default::default() };
        let similar = desk.coordinator().find_similar_disputes(similar).await.unwrap().into_inner().similar;
        assert!(similar.is_empty(), "nobody finds it by its parties");

        assert_eq!(dispute_after!(desk.coordinator(), erase_parties, erasure), erased, "the same request gets the same answer");
        assert_eq!(reason(desk.coordinator().erase_parties(asks::erase(&erased)).await), "PARTIES_ERASED");
        assert!(desk.differences().await.is_empty());
    }

    async fn the_case_goes_on_without_texts(location: Location) {
        let desk = Desk::open(&location).await;
        let taken = desk.taken("village").await;
        dispute_after!(desk.coordinator(), erase_parties, asks::erase(&desk.dispute(&taken.dispute_id).await));
        let worded = pb::ConcludeCaseRequest { text: "各让一步".into(), ..asks::agree(&taken) };
        assert_eq!(reason(desk.at("village").conclude_case(worded).await), "PARTIES_ERASED");
        let mut titled = asks::correct(&taken, "title", pb::CaseFacts::default());
        titled.title = "院墙".into();
        assert_eq!(reason(desk.coordinator().correct_case(titled).await), "PARTIES_ERASED");
        let agreed = after!(desk.at("village"), conclude_case, asks::agree(&taken));
        assert!(agreed.dispute.unwrap().erased, "it stays erased");
        assert!(desk.differences().await.is_empty());
    }
}
