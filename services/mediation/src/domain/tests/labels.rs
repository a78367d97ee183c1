//! Rows that share a label are cases of one dispute.

use super::rows::Ledger;
use crate::domain::{DisputeCommand, Group, Kind};
use fengqiao_model::Text;

const GROUP: &str =
    "external_ref,root_ref,applied_at,dispute_type,force,body,division_code,accepted_at,concluded_at,outcome,handed_on_to";

#[test]
fn rows_of_one_label_are_cases_of_one_dispute_which_keeps_what_the_first_says() {
    let mut ledger = Ledger::new(GROUP);
    assert_eq!(ledger.take("1,Q,2024-03-01,T02,people,village,320831100,2024-03-03,2024-03-28,failed,township"), "imported");
    let other = "2,Q,2024-03-28,T06,people,township,320831,2024-03-29,2024-04-20,agreed,";
    assert_eq!(ledger.take(other), "imported");
    assert_eq!(ledger.cases["1"].0, ledger.cases["2"].0);
    let dispute = &ledger.book.disputes[&ledger.cases["1"].0];
    assert_eq!((dispute.dispute_type.as_str(), dispute.division.as_str()), ("T02", "320831100"));
    assert_eq!(ledger.take(other), "already", "the row keeps its own");
    assert_eq!(ledger.take(&other.replace("T06", "T02")), "dispute_type: recorded \"T06\", the row says \"T02\"");
    assert_eq!(ledger.milestones("1"), ["accepted 2024-03-03 people", "concluded 2024-04-20 people resolved"]);
    assert_eq!(ledger.book.entries(), ["first", "received"]);
}

#[test]
fn without_handed_on_to_a_gap_reopens_and_an_overlap_joins() {
    let mut gap = Ledger::new(GROUP);
    gap.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,");
    gap.take("2,Q,2024-03-28,T02,people,township,320831,2024-03-29,2024-04-20,agreed,");
    let expected = [
        "accepted 2024-03-03 people",
        "concluded 2024-03-28 people",
        "reopened 2024-03-29 people",
        "concluded 2024-04-20 people resolved",
    ];
    assert_eq!(gap.milestones("1"), expected);
    let mut overlap = Ledger::new(GROUP);
    overlap.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,");
    overlap.take("2,Q,2024-03-20,T02,people,township,320831,2024-03-28,2024-04-20,agreed,");
    assert_eq!(overlap.milestones("1"), ["accepted 2024-03-03 people", "concluded 2024-04-20 people resolved"]);
    assert_eq!(overlap.book.entries(), ["first", "joined"]);
}

#[test]
fn a_ledger_hand_on_waits_for_its_row_and_ends_when_that_was_declined() {
    let mut ledger = Ledger::new(GROUP);
    ledger.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,court-7");
    assert_eq!(ledger.milestones("1").len(), 1, "carried out");
    ledger.take("2,Q,2024-03-29,T02,judicial,court-7,320831,,,,");
    assert_eq!(ledger.milestones("1").len(), 1, "not taken yet");
    assert_eq!(ledger.take("2,Q,2024-03-29,T02,judicial,court-7,320831,,2024-04-02,declined,"), "advanced");
    assert_eq!(ledger.milestones("1")[1..], ["concluded 2024-04-02 people"]);
}

#[test]
fn the_same_day_of_application_does_not_confuse_a_chain() {
    let mut ledger = Ledger::new(GROUP);
    ledger.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,centre");
    ledger.take("2,Q,2024-03-01,T02,people,township,320831,2024-03-29,2024-04-20,transferred,centre");
    ledger.take("3,Q,2024-03-01,T02,industry,property,320831,2024-05-06,2024-05-30,agreed,");
    assert_eq!(ledger.milestones("1"), ["accepted 2024-03-03 people", "concluded 2024-05-30 industry resolved"]);
    assert_eq!(ledger.book.entries(), ["first", "received", "received"]);
}

#[test]
fn a_label_that_is_filled_later_puts_disputes_together() {
    let mut ledger = Ledger::new(GROUP);
    let first = |label: &str| format!("1,{label},2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,agreed,");
    let second = |label: &str| format!("2,{label},2024-03-02,T02,people,township,320831,2024-03-05,2024-03-29,agreed,");
    assert_eq!((ledger.take(&first("")), ledger.take(&second(""))), ("imported".to_owned(), "imported".to_owned()));
    assert_eq!((ledger.milestones("1").len(), ledger.milestones("2").len()), (2, 2));
    assert_eq!((ledger.take(&first("Q")), ledger.take(&second("Q"))), ("advanced".to_owned(), "advanced".to_owned()));
    assert_eq!(ledger.milestones("1"), ["accepted 2024-03-03 people", "concluded 2024-03-29 people resolved"]);
    assert!(ledger.milestones("2").is_empty());
    assert_eq!((ledger.take(&first("Q")), ledger.take(&second("Q"))), ("already".to_owned(), "already".to_owned()));
    assert_eq!(ledger.take(&second("P")), "root_ref: recorded \"Q\", the row says \"P\"");
    let linked = ledger.book.log.iter().filter(|(_, event)| event.kind() == Kind::Linked.name()).count();
    assert_eq!(linked, 1, "the root's; the row's own event says it was advanced");
}

#[test]
fn a_label_that_everything_has_is_a_mistake() {
    let mut ledger = Ledger::new(GROUP);
    let row = |number: usize| format!("{number},Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,");
    for number in 0..Group::MOST_CASES {
        assert_eq!(ledger.take(&row(number)), "imported");
    }
    assert_eq!(ledger.take(&row(200)), "root_ref: names a dispute of 200 cases, the most there can be");
    assert_eq!(ledger.take(&row(7)), "already");
}

#[test]
fn taken_up_again_after_a_declined_hand_on_the_old_days_stay() {
    let mut ledger = Ledger::new(GROUP);
    ledger.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,court-7");
    ledger.take("2,Q,2024-03-29,T02,judicial,court-7,320831,,2024-04-02,declined,");
    let (dispute, _) = ledger.cases["1"];
    let reopen = |to: Option<&str>| DisputeCommand::Reopen {
        on: None,
        to_body: to.map(|code| code.parse().unwrap()),
        text: Text::default(),
    };
    let again = ledger.book.dispute(dispute, &reopen(Some("township"))).unwrap();
    ledger.book.take(again);
    let expected = ["accepted 2024-03-03 people", "concluded 2024-04-02 people", "reopened 2025-01-15 people"];
    assert_eq!(ledger.milestones("1"), expected);
    // Where the row that goes on never came, a case that is opened here goes on instead.
    let mut waiting = Ledger::new(GROUP);
    waiting.take("1,Q,2024-03-01,T02,people,village,320831,2024-03-03,2024-03-28,failed,court-7");
    let (dispute, _) = waiting.cases["1"];
    let next = waiting.book.dispute(dispute, &reopen(Some("township"))).unwrap();
    waiting.book.take(next);
    assert_eq!(waiting.milestones("1"), ["accepted 2024-03-03 people"]);
    assert_eq!(waiting.book.entries(), ["first", "received"]);
}
