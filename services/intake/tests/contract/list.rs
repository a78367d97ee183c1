//! Listing: filters, pages, tokens.

use crate::{
    asks::{self, appeal},
    desk::{Client, Desk, after, caller, clerk, field, reason},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use prost_types::{FieldMask, Timestamp};

fn all() -> pb::ListPetitionsRequest {
    pb::ListPetitionsRequest::default()
}

fn moment(seconds: i64, nanos: i32) -> Timestamp {
    Timestamp { seconds, nanos }
}

async fn page(client: &mut Client, request: pb::ListPetitionsRequest) -> pb::ListPetitionsResponse {
    client.list_petitions(request).await.unwrap().into_inner()
}

async fn slips(client: &mut Client, request: pb::ListPetitionsRequest) -> String {
    let found = page(client, request).await;
    assert!(found.next_page_token.is_empty());
    // Ids of one millisecond have no order among themselves.
    let mut found: Vec<_> = found.petitions.iter().map(|p| (p.registered_on.as_str(), p.slip.as_str())).collect();
    assert!(found.is_sorted_by_key(|(day, _)| *day));
    found.sort();
    found.iter().map(|(_, slip)| *slip).collect::<Vec<_>>().join(" ")
}

on_each_engine! {
    async fn each_filter_filters(location: Location) {
        let desk = Desk::open_on(&location, "2026-01-05").await;
        let new = |slip: &str, edit: &dyn Fn(&mut pb::NewPetition)| {
            let mut new = pb::NewPetition { slip: slip.into(), ..appeal() };
            edit(&mut new);
            new
        };
        let a = desk.log(new("a", &|_| {})).await.petition.unwrap();
        desk.next("2026-01-06");
        desk.log(new("b", &|n| n.channel = "online".into())).await;
        let c = desk.log(new("c", &|n| n.responsible_unit = "国土所".into())).await.petition.unwrap();
        desk.next("2026-01-07");
        desk.log(new("d", &|n| n.matter_class = "suggestion".into())).await;
        desk.log(new("e", &|n| n.division_code = "320831101".into())).await;
        desk.log(new("f", &|n| n.division_code = "320830".into())).await;
        after!(desk.clerk(), accept_petition, asks::accept(&a));
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&c));

        let mut client = desk.clerk();
        assert_eq!(slips(&mut client, all()).await, "a b c d e f");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { division_code: "320831".into(), ..all() }).await, "a b c d e");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { division_code: "320831100".into(), ..all() }).await, "a b c d");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { division_code: "32".into(), ..all() }).await, "a b c d e f");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { responsible_unit: "国土所".into(), ..all() }).await, "c");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { responsible_unit: "信访局".into(), ..all() }).await, "a");
        let of = |state: PetitionState| pb::ListPetitionsRequest { state: state as i32, ..all() };
        assert_eq!(slips(&mut client, of(PetitionState::Registered)).await, "b d e f");
        assert_eq!(slips(&mut client, of(PetitionState::Accepted)).await, "a");
        assert_eq!(slips(&mut client, of(PetitionState::Withdrawn)).await, "c");
        assert_eq!(slips(&mut client, of(PetitionState::Final)).await, "");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { channel: "online".into(), ..all() }).await, "b");
        assert_eq!(slips(&mut client, pb::ListPetitionsRequest { matter_class: "suggestion".into(), ..all() }).await, "d");
        let days = |from: &str, to: &str| pb::ListPetitionsRequest { registered_from: from.into(), registered_to: to.into(), ..all() };
        assert_eq!(slips(&mut client, days("2026-01-06", "2026-01-06")).await, "b c");
        assert_eq!(slips(&mut client, days("", "2026-01-05")).await, "a");
        assert_eq!(slips(&mut client, days("2026-01-07", "")).await, "d e f");
        let both = pb::ListPetitionsRequest { channel: "visit".into(), ..days("2026-01-06", "2026-01-06") };
        assert_eq!(slips(&mut client, both).await, "c");
        let shown = page(&mut client, all()).await;
        assert!(shown.petitions.iter().all(|p| p.title.is_empty() && p.parties.is_empty() && p.history.is_empty()));
    }

    async fn what_is_late_on_a_day(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-03").await;
        let late = |day: &str| pb::ListPetitionsRequest { overdue_on: day.into(), ..all() };
        let new = |slip: &str| pb::NewPetition { slip: slip.into(), ..appeal() };
        let registered = desk.log(new("registered")).await.petition.unwrap();
        assert_eq!(registered.first_action.unwrap().legal_due, "2026-03-18");
        let accepted = desk.log(new("accepted")).await.petition.unwrap();
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&accepted));
        assert_eq!(accepted.handling.as_ref().unwrap().legal_due, "2026-05-06");
        let mut client = desk.clerk();
        assert_eq!(slips(&mut client, late("2026-03-18")).await, "", "the due day itself is in time");
        assert_eq!(slips(&mut client, late("2026-03-19")).await, "registered");
        assert_eq!(slips(&mut client, late("2026-05-06")).await, "registered");
        assert_eq!(slips(&mut client, late("2026-05-07")).await, "accepted registered");
        after!(desk.clerk(), issue_opinion, asks::opinion(&accepted));
        assert_eq!(slips(&mut client, late("2026-05-07")).await, "registered", "what is concluded is not late");
    }

    async fn pages_cover_everything_once(location: Location) {
        let desk = Desk::open(&location).await;
        for day in ["2026-03-02", "2026-03-03", "2026-03-04"] {
            desk.next(day);
            let items: Vec<_> = (0..5).map(|_| asks::log(appeal())).collect();
            desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap();
        }
        let back = pb::NewPetition { occurred_on: "2026-02-20".into(), ..appeal() };
        let back = desk.log(back).await.petition.unwrap();
        let mut client = desk.clerk();
        let whole = page(&mut client, all()).await.petitions;
        assert_eq!((whole.len(), whole[0].id.as_str()), (16, back.id.as_str()), "in the order of registration days");
        for size in [1, 4, 5, 15, 16, 1000] {
            let (mut seen, mut token, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let request = pb::ListPetitionsRequest { page_size: size, page_token: token, ..all() };
                let mut next = page(&mut client, request).await;
                assert!(next.petitions.len() <= usize::try_from(size).unwrap());
                seen.append(&mut next.petitions);
                pages += 1;
                token = next.next_page_token;
                if token.is_empty() {
                    break;
                }
            }
            assert_eq!(seen, whole);
            assert_eq!(pages, (16 + size - 1) / size, "no empty page at the end");
        }
    }

    async fn a_token_is_bound_to_its_filter_and_caller(location: Location) {
        let desk = Desk::open(&location).await;
        for _ in 0..3 {
            desk.appeal().await;
        }
        let first = pb::ListPetitionsRequest { page_size: 2, ..all() };
        let token = page(&mut desk.clerk(), first.clone()).await.next_page_token;
        assert!(!token.is_empty());
        let with = |edit: &dyn Fn(&mut pb::ListPetitionsRequest)| {
            let mut request = pb::ListPetitionsRequest { page_token: token.clone(), ..first.clone() };
            edit(&mut request);
            request
        };
        assert_eq!(page(&mut desk.clerk(), with(&|_| {})).await.petitions.len(), 1);
        assert_eq!(page(&mut desk.clerk(), with(&|r| r.page_size = 1)).await.petitions.len(), 1, "another size is no other filter");
        for other in [
            with(&|r| r.channel = "online".into()),
            with(&|r| r.division_code = "32".into()),
            with(&|r| r.state = 1),
            with(&|r| r.registered_to = "2026-03-02".into()),
            with(&|r| r.page_token = "nonsense".into()),
            with(&|r| r.page_token = format!("{}00", r.page_token)),
            with(&|r| r.page_token = format!("{}.{}", r.page_token.split('.').next().unwrap(), "2f")),
        ] {
            assert_eq!(field(desk.clerk().list_petitions(other).await).0, "page_token");
        }
        let town = Caller { division: Some("320831100".parse().unwrap()), ..clerk("clerk-1") };
        assert_eq!(field(desk.by(town).list_petitions(with(&|_| {})).await).0, "page_token");
    }

    async fn a_caller_sees_the_own_division_only(location: Location) {
        let desk = Desk::open(&location).await;
        for division in ["320831", "320831100", "320831100201", "320831101", "320830"] {
            desk.log(pb::NewPetition { division_code: division.into(), slip: division.into(), ..appeal() }).await;
        }
        let of = |division: &str| Caller { division: Some(division.parse().unwrap()), ..clerk("clerk-1") };
        let mut town = desk.by(of("320831100"));
        assert_eq!(slips(&mut town, all()).await, "320831100 320831100201");
        let wider = pb::ListPetitionsRequest { division_code: "320831".into(), ..all() };
        assert_eq!(slips(&mut town, wider).await, "320831100 320831100201");
        let other = pb::ListPetitionsRequest { division_code: "320831101".into(), ..all() };
        assert_eq!(slips(&mut town, other).await, "");
        assert_eq!(slips(&mut desk.clerk(), all()).await.split(' ').count(), 5);
        assert_eq!(reason(desk.by(caller("x", &[Role::Public])).list_petitions(all()).await), "PERMISSION_DENIED");
    }

    async fn wrong_filters_are_named(location: Location) {
        let desk = Desk::open(&location).await;
        for (name, request) in [
            ("division_code", pb::ListPetitionsRequest { division_code: "1".into(), ..all() }),
            ("responsible_unit", pb::ListPetitionsRequest { responsible_unit: "a\0".into(), ..all() }),
            ("state", pb::ListPetitionsRequest { state: 99, ..all() }),
            ("state", pb::ListPetitionsRequest { state: -1, ..all() }),
            ("channel", pb::ListPetitionsRequest { channel: "fax".into(), ..all() }),
            ("matter_class", pb::ListPetitionsRequest { matter_class: "申诉".into(), ..all() }),
            ("registered_from", pb::ListPetitionsRequest { registered_from: "1899-12-31".into(), ..all() }),
            ("registered_to", pb::ListPetitionsRequest {
                registered_from: "2026-01-02".into(),
                registered_to: "2026-01-01".into(),
                ..all()
            }),
            ("overdue_on", pb::ListPetitionsRequest { overdue_on: "today".into(), ..all() }),
            ("unit", pb::ListPetitionsRequest { unit: "长".repeat(65), ..all() }),
            ("states[0]", pb::ListPetitionsRequest { states: vec![99], ..all() }),
            ("states", pb::ListPetitionsRequest { states: vec![1; 99], ..all() }),
            ("category", pb::ListPetitionsRequest { category: "长".repeat(101), ..all() }),
            ("category", pb::ListPetitionsRequest { category: "a\0".into(), ..all() }),
            ("accepted_from", pb::ListPetitionsRequest { accepted_from: "2026-02-30".into(), ..all() }),
            ("accepted_to", pb::ListPetitionsRequest {
                accepted_from: "2026-01-02".into(),
                accepted_to: "2026-01-01".into(),
                ..all()
            }),
            ("concluded_to", pb::ListPetitionsRequest { concluded_to: "1899-12-31".into(), ..all() }),
            ("due_from", pb::ListPetitionsRequest { due_from: "soon".into(), ..all() }),
            ("due_to", pb::ListPetitionsRequest { due_from: "2026-01-02".into(), due_to: "2026-01-01".into(), ..all() }),
            ("lamp", pb::ListPetitionsRequest { lamp: "blue".into(), ..all() }),
            ("lamp_on", pb::ListPetitionsRequest { lamp: "red".into(), lamp_on: "2026-13-01".into(), ..all() }),
            ("lamp_on", pb::ListPetitionsRequest { lamp_on: "2026-03-01".into(), ..all() }),
            ("repeats", pb::ListPetitionsRequest { repeats: 7, ..all() }),
            ("changed_after_position", pb::ListPetitionsRequest { changed_after_position: -1, ..all() }),
            ("changed_after", pb::ListPetitionsRequest { changed_after: Some(moment(i64::MAX, 0)), ..all() }),
            ("changed_after", pb::ListPetitionsRequest { changed_after: Some(moment(0, -1)), ..all() }),
            ("changed_after", pb::ListPetitionsRequest {
                changed_after: Some(moment(1, 0)),
                changed_after_position: 1,
                ..all()
            }),
            ("order", pb::ListPetitionsRequest { order: 9, ..all() }),
            ("order", pb::ListPetitionsRequest {
                changed_after_position: 1,
                order: pb::PetitionOrder::Due.into(),
                ..all()
            }),
            ("read_mask", pb::ListPetitionsRequest { read_mask: Some(FieldMask { paths: vec!["".into()] }), ..all() }),
            ("page_token", pb::ListPetitionsRequest { page_token: "nonsense".into(), ..all() }),
            ("page_size", pb::ListPetitionsRequest { page_size: 1001, ..all() }),
            ("page_size", pb::ListPetitionsRequest { page_size: -1, ..all() }),
        ] {
            let answer = desk.clerk().list_petitions(request).await;
            assert!(answer.is_err(), "{name} has to be refused");
            assert_eq!(field(answer).0, name);
        }
    }
}
