//! Stories of roots: what the county counts of each, and how each case entered.

use super::book::{Book, conclusion, new_dispute, text};
use crate::domain::{Command, DisputeCommand, NewDispute};
use fengqiao_model::{ActorId, CaseId, Text, Token};
use fengqiao_statute::Outcome;

fn end(book: &mut Book, case: CaseId, outcome: Outcome) {
    book.act(case, &Command::Conclude(Box::new(conclusion(outcome)))).unwrap();
}

fn hand_on(book: &mut Book, case: CaseId, to: Option<&str>) -> CaseId {
    let mut failed = conclusion(Outcome::Failed);
    failed.hand_on = true;
    failed.hand_on_to = to.map(|code| code.parse().unwrap());
    failed.hand_on_reason = "case.speciality".to_owned();
    book.act(case, &Command::Conclude(Box::new(failed))).unwrap()
}

fn transfer(book: &mut Book, case: CaseId, to: Option<&str>) -> CaseId {
    let to_body: Option<Token> = to.map(|code| code.parse().unwrap());
    let reason = "case.wish".to_owned();
    book.act(case, &Command::Transfer { on: None, to_body, reason, text: Text::default() }).unwrap()
}

fn decline(book: &mut Book, case: CaseId) {
    let reason = "case.not_our_scope".to_owned();
    book.act(case, &Command::Decline { on: None, reason, text: Text::default() }).unwrap();
}

fn reopen(book: &mut Book, case: CaseId, to: &str) -> CaseId {
    let command = DisputeCommand::Reopen { on: None, to_body: Some(to.parse().unwrap()), text: text("again") };
    let dispute = book.of_case(case);
    book.dispute(dispute, &command).unwrap()
}

fn void(book: &mut Book, case: CaseId) {
    let approved_by: ActorId = "person-2".parse().unwrap();
    book.act(case, &Command::Void { reason: "case.void_error".to_owned(), text: Text::default(), approved_by }).unwrap();
}

/// What the county counts of the dispute that the case belongs to.
fn counts(book: &Book, case: CaseId) -> Vec<String> {
    book.milestones(book.of_case(case))
}

#[test]
fn one_body_from_beginning_to_end() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    end(book.at("2024-03-20", "village"), case, Outcome::Agreed);
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-03-20 people resolved"]);
}

#[test]
fn failed_or_withdrawn_is_concluded_and_not_resolved() {
    for outcome in [Outcome::Failed, Outcome::Withdrawn, Outcome::Terminated, Outcome::Partial] {
        let mut book = Book::new();
        let case = book.at("2024-03-03", "village").open_here();
        end(&mut book, case, outcome);
        assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-03-03 people"]);
    }
}

#[test]
fn before_acceptance_nothing_counts() {
    let mut book = Book::new();
    let case = book.open(&new_dispute()).unwrap();
    book.dispatch(case, "village");
    decline(&mut book, case);
    assert!(counts(&book, case).is_empty());
    let refused = book.open(&new_dispute()).unwrap();
    let reason = "case.respondent_refuses".to_owned();
    book.act(refused, &Command::RecordRefusal { on: None, reason, text: Text::default() }).unwrap();
    assert!(counts(&book, refused).is_empty());
    assert_eq!(book.entries(), ["-", "-"]);
}

#[test]
fn a_transfer_keeps_the_root_open_until_the_other_body_ends_it() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = transfer(book.at("2024-03-05", "village"), case, Some("court"));
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people"]);
    book.at("2024-03-08", "court").take(next);
    end(book.at("2024-04-01", "court"), next, Outcome::SettledPrivately);
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-04-01 judicial resolved"]);
    assert_eq!(book.entries(), ["first", "received"]);
}

#[test]
fn a_transferred_case_that_comes_back_and_is_dispatched_again_is_still_received() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = transfer(&mut book, case, Some("court"));
    let reason = "case.no_capacity".to_owned();
    book.at("2024-03-04", "court").act(next, &Command::Return { reason, text: Text::default() }).unwrap();
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people"]);
    book.at("2024-03-06", "police").dispatch(next, "police");
    book.take(next);
    assert_eq!(book.entries(), ["first", "received"]);
    end(&mut book, next, Outcome::Agreed);
    assert_eq!(counts(&book, case)[1], "concluded 2024-03-06 administrative resolved");
}

#[test]
fn handed_on_to_a_body_that_declines_the_root_ends_that_day_by_the_last_conclusion() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = hand_on(book.at("2024-03-28", "village"), case, Some("township"));
    decline(book.at("2024-04-02", "township"), next);
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-04-02 people"]);
}

#[test]
fn transferred_to_a_body_that_declines_the_first_acceptance_ends_it() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = transfer(book.at("2024-03-05", "village"), case, Some("court"));
    decline(book.at("2024-03-09", "court"), next);
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-03-09 people"]);
}

#[test]
fn everything_on_one_day_keeps_its_order() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = hand_on(&mut book, case, Some("township"));
    book.at("2024-03-03", "township").take(next);
    end(&mut book, next, Outcome::Agreed);
    let again = reopen(&mut book, case, "village");
    book.at("2024-03-03", "village").take(again);
    let expected = ["accepted 2024-03-03 people", "concluded 2024-03-03 people resolved", "reopened 2024-03-03 people"];
    assert_eq!(counts(&book, case), expected);
    assert_eq!(book.entries(), ["first", "received", "reopens"]);
}

#[test]
fn taken_up_again_the_next_year_is_a_flow_of_its_own_day() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    end(book.at("2024-03-20", "village"), case, Outcome::Agreed);
    let again = reopen(book.at("2025-02-01", "village"), case, "township");
    assert_eq!(counts(&book, case).len(), 2, "not before somebody takes it");
    book.at("2025-02-03", "township").take(again);
    end(book.at("2025-02-10", "township"), again, Outcome::Failed);
    let expected = [
        "accepted 2024-03-03 people",
        "concluded 2024-03-20 people resolved",
        "reopened 2025-02-03 people",
        "concluded 2025-02-10 people",
    ];
    assert_eq!(counts(&book, case), expected);
    assert_eq!(book.entries(), ["first", "reopens"]);
}

#[test]
fn after_a_hand_on_that_was_declined_it_can_be_taken_up_again() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = hand_on(&mut book, case, Some("township"));
    decline(&mut book, next);
    let again = reopen(book.at("2024-06-01", "village"), case, "court");
    book.at("2024-06-02", "court").take(again);
    assert_eq!(counts(&book, case).last().unwrap(), "reopened 2024-06-02 judicial");
    assert_eq!(book.entries(), ["first", "-", "reopens"]);
}

#[test]
fn two_bodies_at_once_after_linking_conclude_with_the_last() {
    let mut book = Book::new();
    let first = book.at("2024-03-03", "village").open_here();
    let second = book.at("2024-03-10", "police").open_here();
    let (root, other) = (book.of_case(first), book.of_case(second));
    book.dispute(other, &DisputeCommand::Link { same_as: root, text: Text::default() }).unwrap();
    assert_eq!(book.entries(), ["first", "joined"]);
    end(book.at("2024-03-15", "village"), first, Outcome::Failed);
    assert_eq!(counts(&book, first).len(), 1);
    end(book.at("2024-03-18", "police"), second, Outcome::Agreed);
    assert_eq!(counts(&book, first)[1], "concluded 2024-03-18 administrative resolved");
    assert!(counts(&book, second).is_empty(), "a linked one counts nothing itself");
}

#[test]
fn a_voided_case_counts_nowhere() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = hand_on(book.at("2024-03-28", "village"), case, Some("township"));
    book.at("2024-03-29", "township").take(next);
    void(book.at("2024-04-01", "township"), next);
    assert_eq!(counts(&book, case), ["accepted 2024-03-03 people", "concluded 2024-04-01 people"]);
    void(&mut book, case);
    assert!(counts(&book, case).is_empty());
    assert_eq!(book.entries(), ["-", "-"]);
}

#[test]
fn voiding_the_first_makes_the_next_the_first() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let next = transfer(book.at("2024-03-05", "village"), case, Some("court"));
    book.at("2024-03-08", "court").take(next);
    void(&mut book, case);
    assert_eq!(counts(&book, case), ["accepted 2024-03-08 judicial"]);
    assert_eq!(book.entries(), ["-", "first"]);
    assert_eq!(book.case(next).version, 2, "how it entered was restated; that makes nobody's etag stale");
}

#[test]
fn a_correction_moves_the_milestones() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open(&NewDispute { take_here: true, ..new_dispute() }).unwrap();
    end(book.at("2024-03-20", "village"), case, Outcome::Agreed);
    let correction = crate::domain::Correction { ended_on: Some("2024-03-18".parse().unwrap()), ..Default::default() };
    let reason = "case.typing".to_owned();
    book.act(case, &Command::Correct { correction: Box::new(correction), reason, text: Text::default() }).unwrap();
    assert_eq!(counts(&book, case)[1], "concluded 2024-03-18 people resolved");
}
