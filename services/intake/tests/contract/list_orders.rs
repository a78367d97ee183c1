//! Listing: orders, days, changes, totals, masks.

use crate::{
    asks::{self, appeal},
    desk::{Client, Desk, after, caller, clerk, field},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1::{self as pb, PetitionOrder, PetitionState, RepeatFilter};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use prost_types::{FieldMask, Timestamp};

type Ask = pb::ListPetitionsRequest;

fn all() -> Ask {
    Ask::default()
}

async fn page(client: &mut Client, request: Ask) -> pb::ListPetitionsResponse {
    client.list_petitions(request).await.unwrap().into_inner()
}

/// The slips, in the order of the list, read in pages of two.
async fn slips(desk: &Desk, request: Ask) -> String {
    let (mut slips, mut request) = (Vec::new(), Ask { page_size: 2, ..request });
    loop {
        let page = page(&mut desk.clerk(), request.clone()).await;
        slips.extend(page.petitions.into_iter().map(|petition| petition.slip));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return slips.join(" ");
        }
    }
}

fn new(slip: &str) -> pb::NewPetition {
    pb::NewPetition { slip: slip.into(), ..appeal() }
}

on_each_engine! {
    async fn every_order_goes_both_ways(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-02").await;
        let a = desk.log(new("a")).await.petition.unwrap();
        desk.next("2026-03-03");
        let b = desk.log(new("b")).await.petition.unwrap();
        desk.next("2026-03-04");
        let c = desk.log(new("c")).await.petition.unwrap();
        desk.log(new("d")).await;
        let b = after!(desk.clerk(), accept_petition, asks::accept(&b));
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&c));
        desk.next("2026-03-05");
        after!(desk.clerk(), issue_opinion, asks::opinion(&b));
        after!(desk.clerk(), accept_petition, asks::accept(&a));
        for (order, there) in [
            // c and d were registered in one millisecond or not: ids of one day decide
            (PetitionOrder::Concluded, "c b"),
            (PetitionOrder::Due, "d a"),
            (PetitionOrder::Changed, "d c b a"),
        ] {
            let asked = Ask { order: order.into(), ..all() };
            assert_eq!(slips(&desk, asked.clone()).await, there);
            let back: Vec<&str> = there.rsplit(' ').collect();
            assert_eq!(slips(&desk, Ask { descending: true, ..asked }).await, back.join(" "));
        }
        let registered = slips(&desk, all()).await;
        assert!(registered.starts_with("a b "), "{registered}");
        let back: Vec<&str> = registered.rsplit(' ').collect();
        assert_eq!(slips(&desk, Ask { descending: true, ..all() }).await, back.join(" "));

        let concluded = |from: &str, to: &str| Ask { concluded_from: from.into(), concluded_to: to.into(), ..all() };
        assert_eq!(slips(&desk, concluded("2026-03-05", "")).await, "b");
        assert_eq!(slips(&desk, concluded("", "2026-03-04")).await, "c");
        assert_eq!(slips(&desk, concluded("2026-03-04", "2026-03-05")).await, "c b", "in the order of conclusion");
        let other = Ask { order: PetitionOrder::Registered.into(), ..concluded("2026-03-04", "2026-03-05") };
        assert_eq!(slips(&desk, other).await, "b c");
        let accepted = |from: &str, to: &str| Ask { accepted_from: from.into(), accepted_to: to.into(), ..all() };
        assert_eq!(slips(&desk, accepted("2026-03-04", "2026-03-04")).await, "b");
        assert_eq!(slips(&desk, accepted("2026-03-04", "")).await, "a b");
        let due = |from: &str, to: &str| Ask { due_from: from.into(), due_to: to.into(), ..all() };
        assert_eq!(slips(&desk, due("", "2026-04-01")).await, "d");
        assert_eq!(slips(&desk, due("2026-04-01", "")).await, "a");
        assert_eq!(slips(&desk, Ask { overdue_on: "2026-04-01".into(), ..due("", "2026-12-31") }).await, "d");
    }

    async fn units_categories_states_and_repeats(location: Location) {
        let desk = Desk::open(&location).await;
        desk.log(pb::NewPetition { category: "土地".into(), ..new("a") }).await;
        let mut other = desk.by(Caller { unit: "镇信访办".parse().unwrap(), ..clerk("clerk-2") });
        let b = other.log_petition(asks::log(new("b"))).await.unwrap().into_inner().petition.unwrap();
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&b));
        assert_eq!(slips(&desk, Ask { unit: "镇信访办".into(), ..all() }).await, "b");
        assert_eq!(slips(&desk, Ask { category: "土地".into(), ..all() }).await, "a");
        let states = |states: &[PetitionState]| Ask { states: states.iter().map(|s| (*s).into()).collect(), ..all() };
        assert_eq!(slips(&desk, states(&[PetitionState::Withdrawn])).await, "b");
        assert_eq!(slips(&desk, states(&[PetitionState::Withdrawn, PetitionState::Registered])).await.len(), 3);
        let twice = Ask { state: PetitionState::Withdrawn.into(), ..states(&[PetitionState::Withdrawn, PetitionState::Final]) };
        assert_eq!(slips(&desk, twice).await, "b");

        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "repeat_of"];
        let rows: [&[&str]; 2] =
            [&["R1", "2026-03-01", "320831", "appeal", ""], &["R2", "2026-03-01", "320831", "appeal", "R1"]];
        assert_eq!(desk.import(&columns, &rows).await.imported, 2);
        let repeats = page(&mut desk.clerk(), Ask { repeats: RepeatFilter::Only.into(), ..all() }).await.petitions;
        assert_eq!(repeats.iter().map(|p| p.external_ref.as_str()).collect::<Vec<_>>(), ["R2"]);
        assert_eq!(page(&mut desk.clerk(), Ask { repeats: RepeatFilter::Without.into(), ..all() }).await.petitions.len(), 3);
    }

    async fn lamps_of_a_day(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-02").await;
        desk.log(new("waits")).await;
        let handled = desk.log(new("handled")).await.petition.unwrap();
        after!(desk.clerk(), accept_petition, asks::accept(&handled));
        let ended = desk.log(new("ended")).await.petition.unwrap();
        after!(desk.clerk(), withdraw_petition, asks::withdraw(&ended));
        let lamp = |lamp: &str, on: &str| Ask { lamp: lamp.into(), lamp_on: on.into(), ..all() };
        assert_eq!(slips(&desk, lamp("green", "")).await, "waits handled", "in the order of due days");
        assert_eq!(slips(&desk, lamp("yellow", "2026-03-12")).await, "waits");
        assert_eq!(slips(&desk, lamp("red", "2026-03-18")).await, "waits");
        assert_eq!(slips(&desk, lamp("green", "2026-03-18")).await, "handled");
        assert_eq!(slips(&desk, lamp("red", "2026-05-07")).await, "waits handled");
        assert_eq!(slips(&desk, lamp("grey", "")).await, "");
        let counted = page(&mut desk.clerk(), Ask { with_total: true, ..lamp("red", "2026-05-07") }).await;
        assert_eq!((counted.total_size, counted.total_is_capped), (2, false));
        let first = page(&mut desk.clerk(), Ask { page_size: 1, ..lamp("red", "2026-05-07") }).await;
        let wrong = Ask { page_token: first.next_page_token, ..lamp("red", "2026-05-08") };
        assert_eq!(field(desk.clerk().list_petitions(wrong).await).0, "page_token");
    }

    async fn what_changed_since(location: Location) {
        let desk = Desk::open_on(&location, "2026-03-02").await;
        let a = desk.log(new("a")).await.petition.unwrap();
        desk.log(new("b")).await;
        let position = desk.position().await;
        desk.next("2026-03-03");
        desk.log(new("c")).await;
        after!(desk.clerk(), accept_petition, asks::accept(&a));
        assert_eq!(slips(&desk, Ask { changed_after_position: position, ..all() }).await, "c a");
        let since = |day: &str| {
            let begins = day.parse::<fengqiao_model::Day>().unwrap().begins().0;
            Ask { changed_after: Some(Timestamp { seconds: begins / 1_000_000, nanos: 0 }), ..all() }
        };
        assert_eq!(slips(&desk, since("2026-03-03")).await, "c a");
        assert_eq!(slips(&desk, since("2026-03-02")).await, "b c a");
        assert_eq!(slips(&desk, since("2026-03-04")).await, "");
        assert_eq!(slips(&desk, Ask { descending: true, ..since("2026-03-03") }).await, "a c");
        assert_eq!(slips(&desk, Ask { state: PetitionState::Accepted.into(), ..since("2026-03-03") }).await, "a");
        assert_eq!(slips(&desk, Ask { changed_after_position: i64::MAX, ..all() }).await, "");
        // a token belongs to one moment
        let first = page(&mut desk.clerk(), Ask { page_size: 1, ..since("2026-03-02") }).await;
        let wrong = Ask { page_token: first.next_page_token, ..since("2026-03-01") };
        assert_eq!(field(desk.clerk().list_petitions(wrong).await).0, "page_token");
    }

    async fn totals_are_counted_when_asked_for(location: Location) {
        let desk = Desk::open(&location).await;
        for slip in ["a", "b", "c"] {
            desk.log(new(slip)).await;
        }
        let plain = page(&mut desk.clerk(), Ask { page_size: 1, ..all() }).await;
        assert_eq!((plain.total_size, plain.total_is_capped), (0, false));
        for order in [PetitionOrder::Registered, PetitionOrder::Due, PetitionOrder::Changed] {
            let asked = Ask { page_size: 1, with_total: true, order: order.into(), ..all() };
            let counted = page(&mut desk.clerk(), asked).await;
            assert_eq!((counted.petitions.len(), counted.total_size, counted.total_is_capped), (1, 3, false), "{order:?}");
        }
        let none = page(&mut desk.clerk(), Ask { with_total: true, channel: "online".into(), ..all() }).await;
        assert_eq!((none.total_size, none.total_is_capped), (0, false));
        let town = Caller { division: Some("320829".parse().unwrap()), ..clerk("clerk-1") };
        let elsewhere = page(&mut desk.by(town), Ask { with_total: true, division_code: "320831".into(), ..all() }).await;
        assert_eq!((elsewhere.petitions.len(), elsewhere.total_size), (0, 0));
    }

    async fn masks_cut_what_is_read(location: Location) {
        let desk = Desk::open(&location).await;
        let petition = desk.log(new("a")).await.petition.unwrap();
        let mask = |paths: &[&str]| Some(FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() });
        let listed = page(&mut desk.clerk(), Ask { read_mask: mask(&["slip", "first_action.legal_due"]), ..all() }).await.petitions;
        let due = petition.first_action.clone().unwrap().legal_due;
        let clock = fengqiao_proto::common::v1::ClockTerms { legal_due: due, ..Default::default() };
        assert_eq!(listed, [pb::Petition { slip: "a".into(), first_action: Some(clock), ..Default::default() }]);
        let get = |paths: &[&str]| pb::GetPetitionRequest {
            petition_id: petition.id.clone(),
            read_mask: mask(paths),
            ..Default::default()
        };
        let auditor = || desk.by(caller("auditor", &[Role::Auditor]));
        let number = auditor().get_petition(get(&["number"])).await.unwrap().into_inner().petition.unwrap();
        assert_eq!(number, pb::Petition { number: petition.number.clone(), ..Default::default() });
        let names = auditor().get_petition(get(&["parties.name", "title"])).await.unwrap().into_inner().petition.unwrap();
        assert_eq!((names.title.as_str(), names.parties[0].name.as_str(), names.number.as_str()), ("宅基地界址", "王小明", ""));
        let whole = auditor().get_petition(get(&["*"])).await.unwrap().into_inner().petition.unwrap();
        assert_eq!(whole, desk.get(&petition.id).await);
        for wrong in [&["titel"][..], &["number.first"], &[""]] {
            assert_eq!(field(auditor().get_petition(get(wrong)).await).0, "read_mask");
        }
    }
}
