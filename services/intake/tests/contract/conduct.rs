//! The rules of conduct over petitions: one item, the totals, and who broke a rule.

use crate::{
    asks,
    desk::{Desk, after, reason},
};
use fengqiao_model::Caller;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

async fn check(desk: &Desk, id: &str, on: &str) -> Vec<String> {
    let request = pb::CheckConductRequest { petition_id: id.to_owned(), on: on.to_owned(), ..Default::default() };
    let answer = desk.clerk().check_conduct(request).await.unwrap().into_inner();
    let line = |verdict: &pb::ConductVerdict| {
        let kept = if verdict.breaches.is_empty() { "kept".to_owned() } else { verdict.breaches.join("; ") };
        format!("{} {kept}", verdict.code)
    };
    answer.verdicts.iter().map(line).collect()
}

on_each_engine! {
    async fn each_item_has_its_verdicts_on_each_day(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.appeal().await;
        assert_eq!(check(&desk, &petition.id, "").await, ["C-04 kept", "C-05 kept", "C-19 kept"]);
        desk.next("2026-03-18");
        let late = "C-05 P-01 was due on 2026-03-17 and still runs";
        assert!(check(&desk, &petition.id, "").await.contains(&late.to_owned()));
        after!(desk.clerk(), accept_petition, asks::accept(&petition));
        let told = check(&desk, &petition.id, "").await;
        assert!(told.contains(&"C-05 P-01 was due on 2026-03-17 and ended on 2026-03-18".to_owned()), "{told:?}");
        assert!(told.contains(&"C-07 accepted of 2026-03-18 has no document number".to_owned()), "{told:?}");
        assert!(told.contains(&"C-10 kept".to_owned()), "{told:?}");
        assert_eq!(check(&desk, &petition.id, "2026-03-02").await, ["C-04 kept", "C-05 kept", "C-19 kept"]);
        let by_number = pb::CheckConductRequest { number: petition.number, ..Default::default() };
        assert_eq!(desk.clerk().check_conduct(by_number).await.unwrap().into_inner().petition_id, petition.id);
        let outside = Caller { division: Some("320829".parse().unwrap()), ..crate::desk::clerk("clerk-9") };
        let request = pb::CheckConductRequest { petition_id: petition.id, ..Default::default() };
        assert_eq!(reason(desk.by(outside).check_conduct(request).await), "PETITION_NOT_FOUND");
    }

    async fn the_book_says_how_often_it_was_kept(location: Location) {
        let desk = Desk::open(&location).await;
        let mut numbers = Vec::new();
        for document in ["1号", "", "", ""] {
            let petition = desk.appeal().await;
            let accept = pb::AcceptPetitionRequest { document_number: document.into(), ..asks::accept(&petition) };
            numbers.push(after!(desk.clerk(), accept_petition, accept).number);
        }
        desk.appeal().await;
        let book = desk.clerk().list_conduct_rules(pb::ListConductRulesRequest::default()).await.unwrap().into_inner();
        assert_eq!((book.rules.len(), book.items, book.complete), (21, 5, true));
        assert_eq!((book.registered_from.as_str(), book.registered_to.as_str()), ("2026-01-01", "2026-03-02"));
        let of = |code: &str| book.rules.iter().find(|rule| rule.code == code).map(|rule| (rule.applied, rule.breached));
        assert_eq!((of("C-07"), of("C-04"), of("C-10"), of("C-01")), (Some((4, 3)), Some((5, 0)), Some((4, 0)), Some((0, 0))));
        let elsewhere = pb::ListConductRulesRequest { division_code: "320829".into(), ..Default::default() };
        assert_eq!(desk.clerk().list_conduct_rules(elsewhere).await.unwrap().into_inner().items, 0);

        let (mut token, mut broken) = (String::new(), Vec::new());
        loop {
            let request =
                pb::ListConductBreachesRequest { rule: "C-07".into(), page_size: 2, page_token: token, ..Default::default() };
            let page = desk.clerk().list_conduct_breaches(request).await.unwrap().into_inner();
            broken.extend(page.items.into_iter().map(|item| item.number));
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        broken.sort();
        assert_eq!(broken, numbers[1..]);
    }
}
