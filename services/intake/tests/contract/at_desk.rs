//! Reception and mediation at one desk: registered and routed in one transaction, both numbers in the answer.

use crate::{
    asks::{self, appeal, here, party},
    desk::{Desk, after, reason, refused},
};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::{Location, log};
use fengqiao_testkit::on_each_engine;
use prost::Message;

on_each_engine! {
    async fn registered_and_routed_in_one_transaction_with_both_numbers(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition { occurred_on: "2026-02-27".into(), narrative: "排水".into(), parties: vec![party("甲"), party("乙")], ..appeal() };
        let request = here(new);
        let answer = desk.clerk().log_petition(request.clone()).await.unwrap().into_inner();
        let (petition, dispute) = (answer.petition.clone().unwrap(), answer.dispute.clone().unwrap());
        assert_eq!((petition.number.as_str(), dispute.number.as_str()), ("信访局-2026-000001", "信访局-M-2026-000001"));
        assert_eq!((petition.state(), petition.etag.as_str(), petition.routed_on.as_str()), (PetitionState::Registered, "2", "2026-02-27"));
        assert_eq!(answer.query_codes.len(), 2);
        let events = log::of_aggregate(&desk.db, &petition.id, 0).await.unwrap();
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["petition.registered", "petition.routed_to_mediation"]);
        assert_eq!(events[0].recorded_at, events[1].recorded_at, "one transaction");
        let told = pb::PetitionRouted::decode(events[1].open.as_slice()).unwrap();
        assert_eq!((told.dispute_id.as_str(), told.case_id.as_str()), (dispute.dispute_id.as_str(), dispute.case_id.as_str()));
        assert_eq!((told.dispute_number.as_str(), told.number.as_str(), told.party_count), (dispute.number.as_str(), petition.number.as_str(), 3));
        assert_ne!(dispute.dispute_id, dispute.case_id);

        // The same request, also after more happened.
        assert_eq!(desk.clerk().log_petition(request.clone()).await.unwrap().into_inner(), answer);
        let accept = pb::AcceptPetitionRequest { after_request_id: request.request_id.clone(), etag: String::new(), ..asks::accept(&petition) };
        let accepted = after!(desk.clerk(), accept_petition, accept);
        assert_eq!(desk.clerk().log_petition(request.clone()).await.unwrap().into_inner(), answer);
        assert_eq!(reason(desk.clerk().route_to_mediation(asks::route(&accepted)).await), "ALREADY_IN_MEDIATION");
        let other = pb::LogPetitionRequest { mediate_here: None, ..request };
        assert_eq!(reason(desk.clerk().log_petition(other).await), "REQUEST_ID_REUSED");
        let status = crate::desk::look_up_status(&desk, &petition.number, &answer.query_codes[1]).await;
        assert_eq!((status.mediation_from.as_str(), status.mediation_until.as_str()), ("2026-02-27", ""));
        assert!(desk.differences().await.is_empty());
    }

    async fn many_at_once_are_numbered_without_gaps(location: Location) {
        let desk = Desk::open(&location).await;
        let items = (0..6).map(|n| if n % 2 == 0 { here(appeal()) } else { asks::log(appeal()) }).collect();
        let verdicts = desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap().into_inner().results;
        let logged: Vec<_> = verdicts.into_iter().map(|verdict| verdict.logged.unwrap()).collect();
        let numbers: Vec<_> = logged.iter().map(|l| l.dispute.as_ref().map_or("", |dispute| dispute.number.as_str())).collect();
        assert_eq!(numbers, ["信访局-M-2026-000001", "", "信访局-M-2026-000002", "", "信访局-M-2026-000003", ""]);
        assert_eq!(logged[5].petition.as_ref().unwrap().number, "信访局-2026-000006");
        assert!(desk.differences().await.is_empty());
    }

    async fn what_may_not_go_to_mediation_is_not_registered_either(location: Location) {
        let desk = Desk::open(&location).await;
        for class in ["allegation", "suggestion"] {
            let new = pb::NewPetition { matter_class: class.into(), ..appeal() };
            assert_eq!(reason(desk.clerk().log_petition(here(new)).await), "MEDIATION_NOT_ALLOWED", "{class}");
        }
        let with = |change: fn(&mut pb::MediateHere)| {
            let mut request = here(appeal());
            change(request.mediate_here.as_mut().unwrap());
            request
        };
        assert_eq!(reason(desk.clerk().log_petition(with(|here| here.dispute_type = "T22".into())).await), "MEDIATION_NOT_ALLOWED");
        let checked = pb::LogPetitionRequest { validate_only: true, ..with(|here| here.dispute_type = "T22".into()) };
        assert_eq!(reason(desk.clerk().log_petition(checked).await), "MEDIATION_NOT_ALLOWED", "also when it is only checked");
        for (request, field) in [
            (with(|here| here.dispute_type = String::new()), "mediate_here.dispute_type"),
            (with(|here| here.dispute_type = "T".repeat(65)), "mediate_here.dispute_type"),
            (with(|here| here.dispute_type = "T98".into()), "dispute_type"),
            (with(|here| here.applicant_consents = false), "mediate_here.applicant_consents"),
            (with(|here| here.respondent_consents = false), "mediate_here.respondent_consents"),
            (with(|here| here.flags = vec!["暴力".into()]), "mediate_here.flags[0]"),
            (with(|here| here.flags = (0..21).map(|n| format!("flag_{n}")).collect()), "mediate_here.flags"),
            (with(|here| here.already_at = vec!["court\0".into()]), "mediate_here.already_at[0]"),
            (with(|here| here.respondents = vec![party("")]), "mediate_here.respondents[0].name"),
            (with(|here| here.respondents = vec![party("甲"); 51]), "mediate_here.respondents"),
            (with(|here| here.text = "字".repeat(2_001)), "mediate_here.text"),
            (with(|here| here.text = "a\u{8}".into()), "mediate_here.text"),
        ] {
            let fault = refused(desk.clerk().log_petition(request).await);
            assert_eq!(fault.fields.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), [field]);
        }
        assert_eq!(desk.position().await, 0);
        let checked = pb::LogPetitionRequest { validate_only: true, ..here(appeal()) };
        assert!(desk.clerk().log_petition(checked).await.unwrap().into_inner().dispute.is_none());
        assert_eq!(desk.position().await, 0);
        let outside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..crate::desk::clerk("clerk-1") };
        assert_eq!(reason(desk.by(outside).log_petition(here(appeal())).await), "OUTSIDE_DIVISION");
    }
}
