//! What is due: lamps on the present day and on past ones, in pages, by unit, level, lamp, division and rule.

use crate::{
    asks,
    desk::{Desk, after, field},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

/// Rule, lamp and legal due day of each clock, in the order of the list.
async fn told(desk: &Desk, request: pb::ListDueRequest) -> Vec<String> {
    let answer = desk.clerk().list_due(request).await.unwrap().into_inner();
    let line = |due: &pb::DueClock| {
        let clock = due.clock.clone().unwrap();
        format!("{} {} {} {}", clock.rule, due.lamp, clock.legal_due, due.unit)
    };
    answer.clocks.iter().map(line).collect()
}

fn on(day: &str) -> pb::ListDueRequest {
    pb::ListDueRequest { on: day.to_owned(), ..Default::default() }
}

/// An appeal that waits at the office, and one that the housing bureau handles.
async fn two(desk: &Desk) -> (pb::Petition, pb::Petition) {
    let waiting = desk.appeal().await;
    let handled = desk.appeal().await;
    let accept = pb::AcceptPetitionRequest { responsible_unit: "住建局".into(), ..asks::accept(&handled) };
    (waiting, after!(desk.clerk(), accept_petition, accept))
}

on_each_engine! {
    async fn lamps_change_with_the_days(location: Location) {
        let desk = Desk::open(&location).await; // Monday 2 March 2026
        let (waiting, _) = two(&desk).await;
        let first = ["P-12d green 2026-03-06 信访局", "P-01 green 2026-03-17 信访局", "P-06 green 2026-05-06 住建局"];
        assert_eq!(told(&desk, on("")).await, first);
        desk.next("2026-03-18");
        let red = ["P-12d red 2026-03-06 信访局", "P-01 red 2026-03-17 信访局", "P-06 green 2026-05-06 住建局"];
        assert_eq!(told(&desk, on("")).await, red);
        // Past days as they were, whatever happened since.
        assert_eq!(told(&desk, on("2026-03-02")).await, first);
        assert_eq!(told(&desk, on("2026-03-01")).await, Vec::<String>::new());
        assert_eq!(told(&desk, on("2026-03-12")).await[1], "P-01 yellow 2026-03-17 信访局");
        after!(desk.clerk(), accept_petition, asks::accept(&desk.get(&waiting.id).await));
        assert_eq!(told(&desk, on("2026-03-17")).await[1], "P-01 yellow 2026-03-17 信访局");
        assert_eq!(told(&desk, on("")).await, ["P-06 green 2026-05-06 住建局", "P-06 green 2026-05-18 信访局"]);
        assert!(desk.differences().await.is_empty());
    }

    async fn filters(location: Location) {
        let desk = Desk::open(&location).await;
        two(&desk).await;
        desk.next("2026-03-18");
        let with = |spoil: fn(&mut pb::ListDueRequest)| {
            let mut request = on("");
            spoil(&mut request);
            request
        };
        assert_eq!(told(&desk, with(|r| r.unit = "住建局".into())).await, ["P-06 green 2026-05-06 住建局"]);
        assert_eq!(told(&desk, with(|r| r.rule = "P-01".into())).await, ["P-01 red 2026-03-17 信访局"]);
        assert_eq!(told(&desk, with(|r| r.lamp = "red".into())).await.len(), 2);
        assert_eq!(told(&desk, with(|r| r.lamp = "green".into())).await, ["P-06 green 2026-05-06 住建局"]);
        assert_eq!(told(&desk, with(|r| r.lamp = "yellow".into())).await.len(), 0);
        assert_eq!(told(&desk, with(|r| r.division_code = "320831100".into())).await.len(), 3);
        assert_eq!(told(&desk, with(|r| r.division_code = "320829".into())).await.len(), 0);
        assert_eq!(told(&desk, with(|r| r.level = "county".into())).await.len(), 0, "nobody said of which level the units are");
    }

    async fn an_extension_does_not_change_what_was_lit_before(location: Location) {
        let desk = Desk::open(&location).await;
        let (_, handled) = two(&desk).await;
        desk.next("2026-04-20");
        let of = |day: &str| pb::ListDueRequest { rule: "P-06".into(), ..on(day) };
        assert_eq!(told(&desk, of("")).await, ["P-06 yellow 2026-05-06 住建局"]);
        let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.get(&handled.id).await));
        after!(desk.head(), decide_extension, asks::grant(&asked));
        assert_eq!(told(&desk, of("")).await, ["P-06 green 2026-06-01 住建局"]);
        assert_eq!(told(&desk, of("2026-04-19")).await, ["P-06 yellow 2026-05-06 住建局"]);
        assert!(desk.differences().await.is_empty());
    }

    async fn pages_hold_every_clock_once(location: Location) {
        let desk = Desk::open(&location).await;
        for _ in 0..4 {
            desk.appeal().await;
        }
        desk.next("2026-03-12");
        let (mut token, mut seen) = (String::new(), Vec::new());
        loop {
            let request = pb::ListDueRequest { page_size: 3, page_token: token, ..on("") };
            let page = desk.clerk().list_due(request).await.unwrap().into_inner();
            assert!(page.clocks.len() <= 3);
            seen.extend(page.clocks.into_iter().map(|due| (due.clock.unwrap().legal_due, due.petition_id, due.number)));
            token = page.next_page_token;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(seen.len(), 8);
        assert!(seen.is_sorted());
        let page = desk.clerk().list_due(pb::ListDueRequest { page_size: 1, ..on("") }).await.unwrap().into_inner();
        let other = pb::ListDueRequest { page_token: page.next_page_token, lamp: "red".into(), ..on("") };
        assert_eq!(field(desk.clerk().list_due(other).await).0, "page_token");
        // Of yellow ones a page goes on behind the red ones.
        let yellow = pb::ListDueRequest { page_size: 2, lamp: "yellow".into(), ..on("") };
        let page = desk.clerk().list_due(yellow).await.unwrap().into_inner();
        assert_eq!((page.clocks.len(), page.next_page_token.is_empty()), (2, false));
    }
}
