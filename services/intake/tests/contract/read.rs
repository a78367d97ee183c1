//! Reading one petition, and the rules.

use crate::{
    asks::{self, appeal},
    desk::{Desk, caller, clerk, field, reason, refused},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

on_each_engine! {
    async fn a_petition_is_found_by_id_number_slip_and_reference(location: Location) {
        let desk = Desk::open(&location).await;
        let new = pb::NewPetition { slip: "S-1".into(), ledger: "热线".into(), external_ref: "12345-7".into(), ..appeal() };
        let petition = desk.log(new).await.petition.unwrap();
        let get = pb::GetPetitionRequest::default;
        let ways = [
            pb::GetPetitionRequest { petition_id: petition.id.clone(), ..get() },
            pb::GetPetitionRequest { petition_id: petition.id.to_uppercase(), ..get() },
            pb::GetPetitionRequest { number: petition.number.clone(), ..get() },
            pb::GetPetitionRequest { number: "S-1".into(), ..get() },
            pb::GetPetitionRequest { external_ref: "12345-7".into(), ledger: "热线".into(), ..get() },
        ];
        let shown = desk.get(&petition.id).await;
        assert_eq!((shown.title.as_str(), shown.history.len()), ("宅基地界址", 1));
        for way in ways {
            assert_eq!(desk.clerk().get_petition(way).await.unwrap().into_inner().petition.as_ref(), Some(&shown));
        }
        let elsewhere = [
            pb::GetPetitionRequest { petition_id: asks::id(), ..get() },
            pb::GetPetitionRequest { number: "信访局-2026-000002".into(), ..get() },
            pb::GetPetitionRequest { external_ref: "12345-7".into(), ..get() },
        ];
        for way in elsewhere {
            assert_eq!(reason(desk.clerk().get_petition(way).await), "PETITION_NOT_FOUND");
        }
        let both = pb::GetPetitionRequest { petition_id: petition.id.clone(), number: petition.number.clone(), ..get() };
        assert_eq!(field(desk.clerk().get_petition(both).await).0, "petition_id");
        assert_eq!(field(desk.clerk().get_petition(get()).await).0, "petition_id");
        let bad = pb::GetPetitionRequest { number: "a\0b".into(), ..get() };
        assert_eq!(field(desk.clerk().get_petition(bad).await).0, "number");
    }

    async fn the_number_of_an_office_with_a_long_name_is_found(location: Location) {
        let desk = Desk::open(&location).await;
        let unit = "局".repeat(64);
        let mut client = desk.by(Caller { unit: unit.parse().unwrap(), ..clerk("clerk-1") });
        let logged = client.log_petition(asks::log(appeal())).await.unwrap().into_inner();
        let number = logged.petition.unwrap().number;
        assert_eq!(number, format!("{unit}-2026-000001"));
        client.get_petition(pb::GetPetitionRequest { number: number.clone(), ..Default::default() }).await.unwrap();
        desk.window().look_up_status(asks::look_up(&number, &logged.query_codes[0])).await.unwrap();
    }

    async fn only_readers_of_the_division_read(location: Location) {
        let desk = Desk::open(&location).await;
        let id = desk.appeal().await.id;
        let get = |id: &str| pb::GetPetitionRequest { petition_id: id.into(), ..Default::default() };
        for role in [Role::Reporter, Role::Follower, Role::Public] {
            assert_eq!(reason(desk.by(caller("x", &[role])).get_petition(get(&id)).await), "PERMISSION_DENIED");
        }
        desk.by(caller("x", &[Role::Auditor])).get_petition(get(&id)).await.unwrap();
        let of = |division: &str| Caller { division: Some(division.parse().unwrap()), ..clerk("clerk-1") };
        desk.by(of("320831100")).get_petition(get(&id)).await.unwrap();
        let hidden = refused(desk.by(of("320831101")).get_petition(get(&id)).await);
        assert_eq!(hidden, refused(desk.by(of("320831101")).get_petition(get(&asks::id())).await));
    }

    async fn the_rules_in_force_on_a_day(location: Location) {
        let desk = Desk::open(&location).await;
        let on = |day: &str| pb::ListRulesRequest { on: day.into() };
        let today = desk.window().list_rules(on("")).await.unwrap().into_inner();
        let handling = today.rules.iter().find(|rule| rule.code == "P-06").unwrap();
        assert_eq!((handling.length.as_str(), handling.mark.as_str()), ("60 D", "confirmed"));
        assert!(!handling.title_zh.is_empty() && !handling.source.is_empty());
        assert!(today.reasons.iter().any(|reason| reason.code == "petition.R01" && reason.transition == "refuse"));
        let before = desk.window().list_rules(on("2022-04-30")).await.unwrap().into_inner();
        let old = before.rules.iter().find(|rule| rule.code == "P-06").unwrap();
        assert_ne!(old.version, handling.version);
        for bad in ["1899-12-31", "2026-02-30", "yesterday"] {
            assert_eq!(field(desk.window().list_rules(on(bad)).await).0, "on");
        }
    }
}
