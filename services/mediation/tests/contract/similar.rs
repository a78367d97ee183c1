//! Disputes that may be one quarrel: who has the same people in it, with type and place as further grounds.

use crate::{
    asks::{self, party, quarrel},
    desk::{Desk, TODAY, coordinator, field, reason},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

fn with(parties: Vec<pb::Party>) -> pb::FindSimilarDisputesRequest {
    pb::FindSimilarDisputesRequest { parties, ..Default::default() }
}

on_each_engine! {
    async fn the_most_alike_comes_first(location: Location) {
        let desk = Desk::open(&location).await;
        let named = desk.opened(pb::NewDispute { dispute_type: "T01".into(), division_code: "320831101".into(), ..quarrel() }).await;
        let phone = pb::Party { phone: "0517-8680 1234".into(), ..party("王 晓明", "applicant") };
        let phoned = desk.opened(pb::NewDispute { parties: vec![phone.clone()], ..quarrel() }).await;
        let papers = pb::Party { identity_number: "32083119700101123x".into(), ..party("老王", "applicant") };
        let known = desk.opened(pb::NewDispute { parties: vec![papers.clone()], dispute_type: "T09".into(), ..quarrel() }).await;
        desk.opened(pb::NewDispute { parties: vec![party("张三丰", "applicant")], ..quarrel() }).await;

        let me = pb::Party {
            phone: "051786801234".into(), identity_number: "32083119700101123X".into(), ..party("王小明", "respondent")
        };
        let opened = asks::open(pb::NewDispute { parties: vec![me.clone()], ..quarrel() });
        let answer = desk.coordinator().open_case(opened).await.unwrap().into_inner();
        let found: Vec<_> = answer.similar.iter().map(|s| (s.dispute_id.as_str(), s.reasons.join(" "))).collect();
        assert_eq!(found, [
            (known.dispute_id.as_str(), "same_identity_number same_place".to_owned()),
            (phoned.dispute_id.as_str(), "same_phone same_type same_place".to_owned()),
            (named.dispute_id.as_str(), "same_name".to_owned()),
        ]);
        assert_eq!(answer.similar[0].applied_on, TODAY);

        let request = pb::FindSimilarDisputesRequest { dispute_id: answer.case.unwrap().dispute_id, ..Default::default() };
        let again = desk.coordinator().find_similar_disputes(request).await.unwrap().into_inner().similar;
        assert_eq!(again, answer.similar, "the dispute itself is left out");
    }

    async fn of_another_division_it_is_only_said_that_it_is_there(location: Location) {
        let desk = Desk::open(&location).await;
        let taken = desk.taken("village").await;
        let town = Caller { division: Some("320831101".parse().unwrap()), ..coordinator("coord-9") };
        let found = desk.by(town.clone()).find_similar_disputes(with(quarrel().parties)).await.unwrap().into_inner().similar;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].dispute_id.as_str(), found[0].elsewhere), (taken.dispute_id.as_str(), true));
        assert!(found[0].body.is_empty() && found[0].applied_on.is_empty());
        let request = pb::FindSimilarDisputesRequest { dispute_id: taken.dispute_id, ..Default::default() };
        assert_eq!(reason(desk.by(town).find_similar_disputes(request).await), "DISPUTE_NOT_FOUND");
        let here = desk.at("village").find_similar_disputes(with(quarrel().parties)).await.unwrap().into_inner().similar;
        assert_eq!((here[0].elsewhere, here[0].body.as_str()), (false, "village"));
    }

    async fn linked_ones_are_not_proposed_again_and_corrections_count(location: Location) {
        let desk = Desk::open(&location).await;
        let (one, two) = (desk.opened(quarrel()).await, desk.opened(quarrel()).await);
        let request = pb::FindSimilarDisputesRequest { dispute_id: two.dispute_id.clone(), ..Default::default() };
        assert_eq!(desk.coordinator().find_similar_disputes(request.clone()).await.unwrap().into_inner().similar.len(), 1);
        let link = asks::link(&desk.dispute(&two.dispute_id).await, &one.dispute_id);
        desk.coordinator().link_dispute(link).await.unwrap();
        assert!(desk.coordinator().find_similar_disputes(request).await.unwrap().into_inner().similar.is_empty());
        let mut correct = asks::correct(&one, "parties", pb::CaseFacts::default());
        correct.parties = vec![party("欧阳娜娜", "applicant")];
        desk.coordinator().correct_case(correct).await.unwrap();
        let old = desk.coordinator().find_similar_disputes(with(quarrel().parties)).await.unwrap().into_inner().similar;
        assert_eq!(old.iter().map(|s| &s.dispute_id).collect::<Vec<_>>(), [&two.dispute_id]);
        let new = with(vec![party("欧阳娜娜", "")]);
        assert_eq!(desk.coordinator().find_similar_disputes(new).await.unwrap().into_inner().similar.len(), 1);
    }

    async fn at_most_twenty_are_given(location: Location) {
        let desk = Desk::open(&location).await;
        for _ in 0..25 {
            desk.opened(quarrel()).await;
        }
        let found = desk.coordinator().find_similar_disputes(with(quarrel().parties)).await.unwrap().into_inner().similar;
        assert_eq!(found.len(), 20);
        assert_eq!(field(desk.coordinator().find_similar_disputes(with(Vec::new())).await).0, "parties");
        let both = pb::FindSimilarDisputesRequest { dispute_id: asks::id(), ..with(quarrel().parties) };
        assert_eq!(field(desk.coordinator().find_similar_disputes(both).await).0, "dispute_id");
        assert_eq!(reason(desk.window().find_similar_disputes(with(quarrel().parties)).await), "PERMISSION_DENIED");
    }
}
