//! The same quarrel logged twice: linked it counts once, unlinked again twice; and what links refuse.

use super::book::{Book, conclusion, dispute_id};
use crate::domain::{Command, DisputeCommand, Event, Kind};
use fengqiao_model::{DisputeId, Text};
use fengqiao_statute::Outcome;

fn link(same_as: DisputeId) -> DisputeCommand {
    DisputeCommand::Link { same_as, text: Text::default() }
}

fn unlink() -> DisputeCommand {
    DisputeCommand::Unlink { text: Text::default() }
}

fn reason(book: &mut Book, id: DisputeId, command: &DisputeCommand) -> &'static str {
    book.dispute(id, command).unwrap_err().reason()
}

#[test]
fn linked_counts_once_and_unlinked_twice() {
    let mut book = Book::new();
    let office = book.at("2024-03-03", "police").open_here();
    let village = book.at("2024-03-05", "village").open_here();
    let (root, other) = (book.of_case(office), book.of_case(village));
    for (case, unit) in [(office, "police"), (village, "village")] {
        book.at("2024-03-20", unit).act(case, &Command::Conclude(Box::new(conclusion(Outcome::Agreed)))).unwrap();
    }
    let apart = (book.milestones(root), book.milestones(other));
    assert_eq!((apart.0.len(), apart.1.len()), (2, 2));
    book.dispute(other, &link(root)).unwrap();
    assert_eq!(book.milestones(root), ["accepted 2024-03-03 administrative", "concluded 2024-03-20 people resolved"]);
    assert!(book.milestones(other).is_empty());
    assert_eq!(book.entries(), ["first", "joined"]);
    assert_eq!((book.disputes[&root].linked.clone(), book.disputes[&other].linked_into), (vec![other], Some(root)));
    book.dispute(other, &unlink()).unwrap();
    assert_eq!((book.milestones(root), book.milestones(other)), apart);
    assert_eq!(book.entries(), ["first", "first"]);
    assert_eq!((book.disputes[&root].linked.clone(), book.disputes[&other].linked_into), (vec![], None));
}

#[test]
fn both_sides_of_a_link_have_their_event() {
    let mut book = Book::new();
    let (a, b) = (book.open_here(), book.open_here());
    let (root, other) = (book.of_case(a), book.of_case(b));
    book.dispute(other, &link(root)).unwrap();
    let last: Vec<_> = book.log.iter().rev().take(2).map(|(target, event)| (target.id(), event)).collect();
    for ((target, event), (id, named)) in last.iter().rev().zip([(other, root), (root, other)]) {
        let Event::Dispute(event) = event else { panic!("a body's event") };
        assert_eq!((target.as_str(), event.kind, event.other), (id.to_string().as_str(), Kind::Linked, Some(named)));
    }
}

#[test]
fn a_change_of_a_linked_dispute_restates_the_root_only_when_it_matters() {
    let mut book = Book::new();
    let (a, b) = (book.at("2024-03-03", "village").open_here(), book.at("2024-03-04", "police").open_here());
    let (root, other) = (book.of_case(a), book.of_case(b));
    book.dispute(other, &link(root)).unwrap();
    let kinds = |book: &Book, from: usize| -> Vec<&str> { book.log[from..].iter().map(|(_, event)| event.kind()).collect() };
    let before = book.log.len();
    book.act(b, &Command::Conclude(Box::new(conclusion(Outcome::Failed)))).unwrap();
    assert_eq!(kinds(&book, before), ["case.concluded"], "the root is still open");
    book.at("2024-03-09", "village").act(a, &Command::Conclude(Box::new(conclusion(Outcome::Agreed)))).unwrap();
    assert_eq!(kinds(&book, before), ["case.concluded", "case.concluded"], "the root's own event carries its milestones");
    let reopen = DisputeCommand::Reopen { on: None, to_body: Some("police".parse().unwrap()), text: Text::default() };
    let again = book.dispute(other, &reopen).unwrap();
    book.at("2024-03-12", "police").take(again);
    assert_eq!(kinds(&book, before)[2..], ["dispute.reopened", "case.taken", "dispute.restated"]);
    assert_eq!(book.milestones(root)[2], "reopened 2024-03-12 administrative");
}

#[test]
fn links_are_one_step_long() {
    let mut book = Book::new();
    let ids: Vec<_> = (0..3)
        .map(|_| {
            let case = book.open_here();
            book.of_case(case)
        })
        .collect();
    let (a, b, c) = (ids[0], ids[1], ids[2]);
    assert_eq!(reason(&mut book, a, &link(a)), "LINK_TO_ITSELF");
    assert_eq!(reason(&mut book, a, &link(dispute_id(99))), "DISPUTE_NOT_FOUND");
    assert_eq!(reason(&mut book, a, &unlink()), "NOT_LINKED");
    book.dispute(b, &link(a)).unwrap();
    assert_eq!(reason(&mut book, b, &link(c)), "LINKED_ALREADY");
    assert_eq!(reason(&mut book, a, &link(c)), "LINK_CHAIN");
    assert_eq!(reason(&mut book, c, &link(b)), "LINK_CHAIN");
    book.dispute(c, &link(a)).unwrap();
    assert_eq!(book.disputes[&a].linked, [b, c]);
    book.dispute(b, &unlink()).unwrap();
    assert_eq!(book.disputes[&a].linked, [c]);
}

#[test]
fn a_dispute_is_reopened_only_when_nothing_of_it_is_open() {
    let mut book = Book::new();
    let case = book.open_here();
    let id = book.of_case(case);
    let reopen = DisputeCommand::Reopen { on: None, to_body: None, text: Text::default() };
    assert_eq!(reason(&mut book, id, &reopen), "DISPUTE_OPEN");
    let approved_by: fengqiao_model::ActorId = "person-2".parse().unwrap();
    let void = Command::Void { reason: "case.void_error".to_owned(), text: Text::default(), approved_by };
    book.act(case, &void).unwrap();
    assert_eq!(reason(&mut book, id, &reopen), "STATE_FORBIDS");
}

#[test]
fn parties_are_erased_once_and_by_two() {
    let mut book = Book::new();
    let case = book.open_here();
    let id = book.of_case(case);
    let erase = |by: &str| DisputeCommand::EraseParties { approved_by: by.parse().unwrap() };
    assert_eq!(reason(&mut book, id, &erase("person-1")), "SAME_PERSON");
    book.dispute(id, &erase("person-2")).unwrap();
    assert!(book.disputes[&id].erased);
    assert_eq!(reason(&mut book, id, &erase("person-2")), "PARTIES_ERASED");
    // It goes on all the same.
    book.act(case, &Command::Conclude(Box::new(conclusion(Outcome::Agreed)))).unwrap();
    assert!(book.disputes[&id].erased);
}

#[test]
fn what_lies_outside_the_callers_divisions_is_not_found() {
    let mut book = Book::new();
    let (a, b) = (book.open_here(), book.open_here());
    let (a, b) = (book.of_case(a), book.of_case(b));
    book.disputes.get_mut(&a).unwrap().division = "320830100".parse().unwrap();
    book.caller.division = Some("320831".parse().unwrap());
    assert_eq!(reason(&mut book, a, &unlink()), "DISPUTE_NOT_FOUND");
    assert_eq!(reason(&mut book, b, &link(a)), "DISPUTE_NOT_FOUND");
}
