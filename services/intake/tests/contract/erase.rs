//! Erasing the parties: the figures and the history stay, what is personal is gone for everybody.

use crate::{
    asks::{self, appeal, look_up},
    desk::{Desk, after, reason},
};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::{Location, data_key};
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn what_is_personal_is_gone_and_the_rest_stays(location: Location) {
        let desk = Desk::open(&location).await;
        let request = asks::log(pb::NewPetition { narrative: "经过".into(), person_count: 12, ..appeal() });
        let logged = desk.clerk().log_petition(request.clone()).await.unwrap().into_inner();
        let (petition, code) = (logged.petition.unwrap(), logged.query_codes[0].clone());
        let refusal = pb::RefusePetitionRequest { text: "理由".into(), ..asks::refuse(&petition) };
        let refused = after!(desk.clerk(), refuse_petition, refusal);
        let before = desk.get(&petition.id).await;
        assert_eq!((before.narrative.as_str(), before.history[1].text.as_str()), ("经过", "理由"));

        let alone = pb::ErasePartiesRequest { approved_by: "head-1".into(), ..asks::erase(&refused) };
        assert_eq!(reason(desk.head().erase_parties(alone).await), "SAME_PERSON");
        assert_eq!(reason(desk.clerk().erase_parties(asks::erase(&refused)).await), "PERMISSION_DENIED");
        let erasure = asks::erase(&refused);
        let erased = after!(desk.head(), erase_parties, erasure.clone());
        assert!(erased.erased);
        let facts = refused.facts.clone().map(|facts| pb::PetitionFacts { erased: true, ..facts });
        assert_eq!(erased, pb::Petition { etag: "3".into(), erased: true, facts, ..refused }, "every figure stays");

        let shown = desk.get(&petition.id).await;
        assert!(shown.erased && shown.title.is_empty() && shown.narrative.is_empty() && shown.parties.is_empty());
        let kinds: Vec<_> = shown.history.iter().map(|step| step.kind.as_str()).collect();
        assert_eq!(kinds, ["petition.registered", "petition.refused", "petition.parties_erased"]);
        assert!(shown.history.iter().all(|step| step.text.is_empty()));
        assert_eq!((shown.person_count, shown.number.as_str()), (12, petition.number.as_str()));
        assert!(data_key::load(&desk.db, std::slice::from_ref(&petition.id)).await.unwrap().is_empty());
        assert_eq!(reason(desk.window().look_up_status(look_up(&petition.number, &code)).await), "STATUS_NOT_FOUND");

        assert_eq!(after!(desk.head(), erase_parties, erasure), erased, "the same request gets the same answer");
        assert_eq!(reason(desk.head().erase_parties(asks::erase(&erased)).await), "PARTIES_ERASED");
        let again = desk.clerk().log_petition(request).await.unwrap().into_inner();
        assert_eq!(again.petition.as_ref(), Some(&petition));
        assert!(again.query_codes.is_empty(), "there is no code any more");
        assert!(desk.differences().await.is_empty());
    }

    async fn the_case_goes_on_without_texts(location: Location) {
        let desk = Desk::open(&location).await;
        let erased = after!(desk.head(), erase_parties, asks::erase(&desk.accepted().await));
        assert_eq!(erased.state(), PetitionState::Accepted);
        assert_eq!(reason(desk.clerk().request_extension(asks::extend(&erased)).await), "PARTIES_ERASED");
        let worded = pb::IssueOpinionRequest { text: "支持".into(), ..asks::opinion(&erased) };
        assert_eq!(reason(desk.clerk().issue_opinion(worded).await), "PARTIES_ERASED");
        let done = after!(desk.clerk(), issue_opinion, asks::opinion(&erased));
        assert_eq!((done.state(), done.erased), (PetitionState::OpinionIssued, true));
        let voided = after!(desk.head(), void_petition, asks::void(&done));
        assert!(voided.erased, "it stays erased");
        assert!(desk.differences().await.is_empty());
    }

    async fn logged_and_erased_in_one_batch(location: Location) {
        let desk = Desk::open(&location).await;
        let mine = asks::id();
        let logged = asks::log(pb::NewPetition { id: mine.clone(), ..appeal() });
        let target = pb::Petition { id: mine.clone(), ..Default::default() };
        let erase = pb::ErasePartiesRequest { after_request_id: logged.request_id.clone(), ..asks::erase(&target) };
        let (mut clerk, mut head) = (desk.clerk(), desk.head());
        let (logged, erased) = tokio::join!(clerk.log_petition(logged), head.erase_parties(erase));
        logged.unwrap();
        assert!(erased.unwrap().into_inner().petition.unwrap().erased);
        assert!(desk.get(&mine).await.title.is_empty());
        assert!(data_key::load(&desk.db, &[mine]).await.unwrap().is_empty());
        assert!(desk.differences().await.is_empty());
    }

    async fn an_imported_row_without_anything_personal_can_be_erased_too(location: Location) {
        let desk = Desk::open(&location).await;
        desk.import(&["external_ref", "registered_at", "division_code", "matter_class"], &[&["R", "2026-01-05", "320831", "appeal"]]).await;
        let row = desk.imported("R").await;
        assert!(after!(desk.head(), erase_parties, asks::erase(&row)).erased);
        assert!(desk.differences().await.is_empty());
    }
}
