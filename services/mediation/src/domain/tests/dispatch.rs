//! A person confirms a proposal, or overrides it.

use super::book::{Book, new_body, new_dispute};
use crate::domain::{BodyCommand, Command, Decision, Disposition, NewBody, NewDispute, propose};
use fengqiao_model::Text;
use fengqiao_statute::Force;

/// The county's book with a case that is at no body.
fn waiting(new: &NewDispute) -> (Book, fengqiao_model::CaseId) {
    let mut book = Book::new();
    let case = book.open(new).unwrap();
    (book, case)
}

fn dispatch(body: Option<&str>, reason: &str) -> Command {
    Command::Dispatch { body: body.map(|code| code.parse().unwrap()), override_reason: reason.to_owned(), text: Text::default() }
}

fn last_decision(book: &Book) -> Decision {
    let event = book.log.iter().rev().find_map(|(_, event)| match event {
        crate::domain::Event::Dispute(event) => event.routing.clone(),
        crate::domain::Event::Body { .. } => None,
    });
    event.unwrap()
}

#[test]
fn a_person_confirms_or_overrides_with_a_reason() {
    let (mut book, case) = waiting(&new_dispute());
    let id = book.of_case(case);
    let proposal = propose(&book.group(id), id, case, &book.house(), &book.context()).unwrap();
    assert_eq!((proposal.body.as_str(), proposal.decided_by.as_str()), ("township", ""));
    assert_eq!(book.act(case, &dispatch(Some("court"), "")).unwrap_err().reason(), "INVALID_ARGUMENT");
    assert_eq!(book.act(case, &dispatch(Some("nobody"), "case.balance")).unwrap_err().reason(), "BODY_NOT_FOUND");
    let mut other = Book::new();
    let second = other.open(&new_dispute()).unwrap();
    other.act(second, &dispatch(Some("court"), "case.balance")).unwrap();
    let overridden = last_decision(&other);
    assert!(overridden.overridden && overridden.decided_by == "person-1" && overridden.force == Some(Force::Judicial));
    book.act(case, &dispatch(None, "")).unwrap();
    let confirmed = last_decision(&book);
    assert!(!confirmed.overridden && confirmed.body == "township" && confirmed.candidates == proposal.candidates);
}

#[test]
fn what_goes_to_nobody_is_recorded_and_overridden_only_where_the_law_allows() {
    let own = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    for (flags, already, kind, body, overriding) in [
        (own(&["violence"]), own(&[]), "T02", "village", Some("NOT_DISPATCHABLE")),
        (own(&["reserved"]), own(&[]), "T02", "village", Some("NOT_DISPATCHABLE")),
        (own(&[]), own(&["court"]), "T02", "village", Some("NOT_DISPATCHABLE")),
        (own(&[]), own(&["health_bureau"]), "T15", "labour", Some("NOT_DISPATCHABLE")),
        (own(&[]), own(&["police"]), "T02", "village", None),
        (own(&[]), own(&[]), "T22", "village", Some("NOT_DISPATCHABLE")),
        (own(&[]), own(&[]), "T22", "court", None),
    ] {
        let new = NewDispute { flags, already_at: already, dispute_type: kind.to_owned(), ..new_dispute() };
        let (mut book, case) = waiting(&new);
        if kind != "T22" {
            book.act(case, &dispatch(None, "")).unwrap();
            let standing = book.case(case);
            assert!(standing.not_dispatched && standing.state.name() == "applied" && standing.body.is_empty());
            assert_eq!(last_decision(&book).disposition, Disposition::NotDispatched);
        }
        let refused = book.act(case, &dispatch(Some(body), "case.knows_the_matter")).map_err(|no| no.reason());
        assert_eq!(refused.err(), overriding, "{kind} {body}");
        assert_eq!(book.case(case).not_dispatched, overriding.is_some() && kind != "T22");
    }
}

#[test]
fn who_returned_it_or_failed_is_not_proposed_again() {
    let (mut book, case) = waiting(&new_dispute());
    book.dispatch(case, "township");
    for round in 1..=3 {
        book.act(case, &Command::Return { reason: "case.no_capacity".to_owned(), text: Text::default() }).unwrap();
        assert_eq!(book.case(case).returns, round);
        book.act(case, &dispatch(None, "")).unwrap();
    }
    assert_eq!(book.case(case).returned_by, ["township", "village", "police"]);
    assert_eq!(book.case(case).body, "court");
    let mut book = Book::new();
    let first = book.open_here();
    let mut failed = super::book::conclusion(fengqiao_statute::Outcome::Failed);
    failed.hand_on = true;
    failed.hand_on_reason = "case.speciality".to_owned();
    let next = book.act(first, &Command::Conclude(Box::new(failed))).unwrap();
    book.act(next, &dispatch(None, "")).unwrap();
    assert_eq!((last_decision(&book).rule.as_str(), book.case(next).body.as_str()), ("R6", "police"));
}

#[test]
fn a_new_body_is_a_candidate_the_day_it_is_registered() {
    let (mut book, case) = waiting(&new_dispute());
    let near = NewBody { division: "320831100".parse().unwrap(), ..new_body("near", Force::People) };
    book.body("near", BodyCommand::Register(Box::new(near))).unwrap();
    book.act(case, &dispatch(None, "")).unwrap();
    assert_eq!(book.case(case).body, "near");
}
