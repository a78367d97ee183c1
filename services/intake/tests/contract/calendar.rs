//! A notice for the next year: it moves the provisional days of running clocks, lists them, and stays after a restart.

use crate::{
    asks,
    desk::{Desk, after, field, reason},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

/// Invented, like every notice for 2027 here.
pub const NOTICE: &str = "version = \"2027.1\"\n[[year]]\nyear = 2027\npapers = [\"https://example.invalid/2027\"]\n\
    off = [\"2027-01-01/2027-01-03\", \"2027-02-05/2027-02-11\"]\nwork = [\"2027-01-09\"]\n";

pub fn adopt() -> pb::AdoptCalendarRequest {
    pb::AdoptCalendarRequest { request_id: asks::id(), notice: NOTICE.to_owned() }
}

/// What was restated, as rule, old and new legal due day, and whether the days may still move.
fn told(clocks: &[pb::RestatedClock]) -> Vec<String> {
    let mut lines: Vec<String> = clocks
        .iter()
        .map(|clock| {
            let (before, after) = (clock.before.clone().unwrap(), clock.after.clone().unwrap());
            format!("{} {} → {} {} → {}", after.rule, before.legal_due, after.legal_due, before.provisional, after.provisional)
        })
        .collect();
    lines.sort();
    lines
}

on_each_engine! {
    async fn a_notice_moves_what_was_provisional(location: Location) {
        let desk = Desk::open_on(&location, "2026-11-02").await;
        // 60 D from 2 November: Friday 1 January 2027. 60 D from 5 November: 4 January, which is not moved but certain from now on.
        let first = desk.accepted().await;
        desk.next("2026-11-05");
        let second = desk.accepted().await;
        let done = after!(desk.clerk(), issue_opinion, asks::opinion(&desk.accepted().await));
        // Due in 2026: nothing to do with the notice.
        let waiting = desk.appeal().await;
        desk.next("2026-11-20");
        let request = adopt();
        let adopted = desk.head().adopt_calendar(request.clone()).await.unwrap().into_inner();
        assert_eq!((adopted.calendar_version.as_str(), adopted.previous_version.as_str()), ("2027.1", "2026.1"));
        assert_eq!((adopted.years.as_slice(), adopted.restated), (&[2027][..], 2));
        let moved = ["P-06 2027-01-01 → 2027-01-04 true → false", "P-06 2027-01-04 → 2027-01-04 true → false"];
        assert_eq!(told(&adopted.clocks), moved);
        let (first, second) = (desk.get(&first.id).await, desk.get(&second.id).await);
        for petition in [&first, &second] {
            assert_eq!(petition.history.last().unwrap().kind, "petition.clock_restated");
        }
        assert_eq!((first.handling.clone().unwrap().kpi_due, first.handling.unwrap().legal_due), ("2027-01-01".into(), "2027-01-04".into()));
        for untouched in [&done, &waiting] {
            assert_ne!(desk.get(&untouched.id).await.history.last().unwrap().kind, "petition.clock_restated");
        }
        // A past day shows what was known of it.
        let on = |day: &str| pb::ListDueRequest { on: day.to_owned(), rule: "P-06".into(), ..Default::default() };
        let due = |day: &'static str| {
            let mut clerk = desk.clerk();
            async move {
                let clocks = clerk.list_due(on(day)).await.unwrap().into_inner().clocks;
                clocks.into_iter().map(|due| due.clock.unwrap().legal_due).collect::<Vec<_>>()
            }
        };
        assert_eq!(due("2026-11-19").await, ["2027-01-01", "2027-01-04"]);
        assert_eq!(due("2026-11-20").await, ["2027-01-04", "2027-01-04"]);
        // The same request gives the same answer and writes nothing; another one of the same version is refused.
        let position = desk.position().await;
        assert_eq!(desk.head().adopt_calendar(request.clone()).await.unwrap().into_inner(), adopted);
        assert_eq!(field(desk.head().adopt_calendar(adopt()).await).0, "notice");
        let other = pb::AdoptCalendarRequest { notice: NOTICE.replace("2027.1", "2027.2"), ..request };
        assert_eq!(reason(desk.head().adopt_calendar(other).await), "REQUEST_ID_REUSED");
        assert_eq!(desk.position().await, position);
        assert!(desk.differences().await.is_empty());
        // A restart has it, and reckons by it: 60 D from 20 November is 19 January 2027.
        desk.close().await;
        let desk = Desk::open_on(&location, "2026-11-20").await;
        let accepted = desk.accepted().await.handling.unwrap();
        assert_eq!((accepted.calendar_version.as_str(), accepted.provisional), ("2027.1", false));
        // Nothing is left to restate; what waits has missed its staged forwarding, which is noted and pressed.
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 2);
        assert_eq!(desk.intake.sweep().await.unwrap().steps, 0);
        let rules = desk.clerk().list_rules(pb::ListRulesRequest::default()).await.unwrap().into_inner();
        assert_eq!(rules.calendar_version, "2027.1");
        let list = pb::ListRestatementsRequest { page_size: 1, ..Default::default() };
        let page = desk.clerk().list_restatements(list.clone()).await.unwrap().into_inner();
        let next = pb::ListRestatementsRequest { page_token: page.next_page_token.clone(), ..list };
        let rest = desk.clerk().list_restatements(next).await.unwrap().into_inner();
        assert_eq!(told(&[page.clocks, rest.clocks].concat()), moved);
        assert!(rest.next_page_token.is_empty());
        assert!(desk.differences().await.is_empty());
    }

    async fn a_later_notice_takes_the_place_of_an_earlier_one(location: Location) {
        let desk = Desk::open_on(&location, "2026-11-02").await;
        desk.accepted().await;
        desk.head().adopt_calendar(adopt()).await.unwrap();
        let again = NOTICE.replace("2027.1", "2027.2").replace("2027-01-01/2027-01-03", "2027-01-01/2027-01-04");
        let request = pb::AdoptCalendarRequest { request_id: asks::id(), notice: again };
        let adopted = desk.head().adopt_calendar(request).await.unwrap().into_inner();
        assert_eq!(told(&adopted.clocks), ["P-06 2027-01-04 → 2027-01-05 false → false"]);
        assert!(desk.differences().await.is_empty());
    }
}
