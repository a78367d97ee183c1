//! Lists of cases, and the calls that show one.

use crate::{
    asks::{self, quarrel},
    county::VILLAGE,
    desk::{Desk, after, caller, coordinator, facts, field, reason},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::mediation::v1::{self as pb, CaseState, Force};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

/// The last digits of the numbers: cases of one day stand in the order of their ids, which nobody minds.
async fn numbers(desk: &Desk, request: pb::ListCasesRequest) -> Vec<String> {
    let cases = desk.coordinator().list_cases(request).await.unwrap().into_inner().cases;
    let mut numbers: Vec<_> = cases.iter().map(|case| facts(case).number[facts(case).number.len() - 2..].to_owned()).collect();
    numbers.sort();
    numbers
}

on_each_engine! {
    async fn filters_and_pages(location: Location) {
        let desk = Desk::open(&location).await;
        let early = desk.opened(pb::NewDispute { occurred_on: "2026-02-20".into(), dispute_type: "T01".into(), ..quarrel() }).await;
        desk.dispatched("township").await;
        let late = desk.taken("village").await;
        desk.agreed("court").await;
        desk.opened(pb::NewDispute { division_code: "320831101".into(), source: "police".into(), ..quarrel() }).await;
        let all = |request| numbers(&desk, request);
        let any = pb::ListCasesRequest::default;
        assert_eq!(all(any()).await, ["01", "02", "03", "04", "05"]);
        assert_eq!(all(pb::ListCasesRequest { division_code: VILLAGE.into(), ..any() }).await.len(), 4);
        assert_eq!(all(pb::ListCasesRequest { body: "village".into(), ..any() }).await, ["03"]);
        assert_eq!(all(pb::ListCasesRequest { state: CaseState::Agreed.into(), ..any() }).await, ["04"]);
        assert_eq!(all(pb::ListCasesRequest { force: Force::People.into(), ..any() }).await, ["02", "03"]);
        assert_eq!(all(pb::ListCasesRequest { dispute_type: "T01".into(), ..any() }).await, ["01"]);
        assert_eq!(all(pb::ListCasesRequest { source: "police".into(), ..any() }).await, ["05"]);
        assert_eq!(all(pb::ListCasesRequest { applied_to: "2026-02-28".into(), ..any() }).await, ["01"]);
        assert_eq!(all(pb::ListCasesRequest { applied_from: "2026-03-01".into(), ..any() }).await.len(), 4);
        assert_eq!(all(pb::ListCasesRequest { stuck: true, ..any() }).await, ["01", "05"]);
        let due = facts(&late).handling.as_ref().unwrap().legal_due.clone();
        assert!(all(pb::ListCasesRequest { overdue_on: due, ..any() }).await.is_empty(), "on its due day it is not late");
        assert_eq!(all(pb::ListCasesRequest { overdue_on: "2026-06-01".into(), ..any() }).await, ["03"]);

        let page = pb::ListCasesRequest { page_size: 2, ..any() };
        let mut token = String::new();
        let mut pages = Vec::new();
        loop {
            let request = pb::ListCasesRequest { page_token: token.clone(), ..page.clone() };
            let answer = desk.coordinator().list_cases(request).await.unwrap().into_inner();
            pages.push(answer.cases.len());
            token = answer.next_page_token;
            if token.is_empty() {
                break;
            }
            let other = pb::ListCasesRequest { page_token: token.clone(), stuck: true, ..page.clone() };
            assert_eq!(field(desk.coordinator().list_cases(other).await).0, "page_token");
        }
        assert_eq!(pages, [2, 2, 1]);

        let town = Caller { division: Some("320831101".parse().unwrap()), ..coordinator("coord-9") };
        assert_eq!(desk.by(town).list_cases(any()).await.unwrap().into_inner().cases.len(), 1);
        let listed = desk.coordinator().list_cases(any()).await.unwrap().into_inner().cases;
        assert_eq!(listed[0].dispute_id, early.dispute_id);
        assert!(listed.iter().all(|case| case.title.is_empty() && case.parties.is_empty() && case.history.is_empty() && case.routing.is_none()));
    }

    async fn a_case_is_found_by_id_number_or_reference(location: Location) {
        let desk = Desk::open(&location).await;
        let case = desk.opened(pb::NewDispute { ledger: "热线".into(), external_ref: "H-1".into(), ..quarrel() }).await;
        let id = asks::case_id(&case);
        let by = |request: pb::GetCaseRequest| {
            let mut client = desk.at("village");
            async move { client.get_case(request).await.map(|answer| asks::case_id(&answer.into_inner().case.unwrap())) }
        };
        let none = pb::GetCaseRequest::default;
        assert_eq!(by(pb::GetCaseRequest { case_id: id.clone(), ..none() }).await.unwrap(), id);
        assert_eq!(by(pb::GetCaseRequest { number: facts(&case).number.clone(), ..none() }).await.unwrap(), id);
        assert_eq!(by(pb::GetCaseRequest { external_ref: "H-1".into(), ledger: "热线".into(), ..none() }).await.unwrap(), id);
        let request = pb::GetCaseRequest { external_ref: "H-1".into(), ..none() };
        assert_eq!(reason(desk.at("village").get_case(request).await), "CASE_NOT_FOUND", "another ledger");
        assert_eq!(field(desk.at("village").get_case(none()).await).0, "case_id");
        let both = pb::GetCaseRequest { number: "1".into(), case_id: id.clone(), ..none() };
        assert_eq!(field(desk.at("village").get_case(both).await).0, "case_id");
        assert_eq!(reason(desk.at("village").get_case(pb::GetCaseRequest { number: "x".into(), ..none() }).await), "CASE_NOT_FOUND");

        let number = case.dispute.as_ref().unwrap().number.clone();
        let request = pb::GetDisputeRequest { number, ..Default::default() };
        let dispute = desk.at("village").get_dispute(request).await.unwrap().into_inner().dispute.unwrap();
        assert_eq!((dispute.id.as_str(), dispute.cases.len(), dispute.history.len()), (case.dispute_id.as_str(), 1, 1));
        let request = pb::GetDisputeRequest { dispute_id: asks::id(), ..Default::default() };
        assert_eq!(reason(desk.at("village").get_dispute(request).await), "DISPUTE_NOT_FOUND");
        let auditor = caller("aud-1", "审计", Role::Auditor);
        desk.by(auditor.clone()).get_case(pb::GetCaseRequest { case_id: id, ..none() }).await.unwrap();
        assert_eq!(reason(desk.by(auditor).open_case(asks::open(quarrel())).await), "PERMISSION_DENIED");
    }

    async fn the_last_decision_about_each_case_is_shown(location: Location) {
        let desk = Desk::open(&location).await;
        let opened = desk.opened(quarrel()).await;
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&opened));
        let back = after!(desk.at("village"), return_case, asks::give_back(&sent));
        let sent = after!(desk.coordinator(), dispatch_case, asks::dispatch(&back));
        let shown = desk.get(&asks::case_id(&sent)).await.routing.unwrap();
        assert_eq!(shown.body, "township");
        assert!(shown.rejected.iter().any(|r| (r.alternative.as_str(), r.reason.as_str()) == ("village", "returned_before")));
        let override_it = asks::dispatch_to(&desk.opened(quarrel()).await, "court");
        let sent = after!(desk.coordinator(), dispatch_case, override_it);
        let shown = desk.get(&asks::case_id(&sent)).await.routing.unwrap();
        assert_eq!((shown.body.as_str(), shown.overridden), ("court", true));
    }

    async fn the_rules_can_be_read(location: Location) {
        let desk = Desk::open(&location).await;
        let rules = desk.at("village").list_routing_rules(pb::ListRoutingRulesRequest::default()).await.unwrap().into_inner();
        assert!(!rules.rules_version.is_empty() && rules.rules.iter().all(|rule| !rule.source.is_empty()));
        assert_eq!(rules.types.len(), 23);
        let quarrel = rules.types.iter().find(|kind| kind.code == "T02").unwrap();
        assert_eq!(quarrel.forces, [Force::People, Force::Administrative, Force::Judicial].map(i32::from));
        assert!(rules.reasons.iter().any(|reason| reason.code == "case.gap_too_large" && reason.transition == "fail"));
        assert!(rules.flags.iter().any(|flag| flag == "wages"));
        let bad = pb::ListRoutingRulesRequest { on: "x".into() };
        assert_eq!(field(desk.at("village").list_routing_rules(bad).await).0, "on");
        assert!(desk.at("village").list_stuck(pb::ListStuckRequest {}).await.unwrap().into_inner().stuck.is_empty());
    }
}
