//! Random walks over everything that can be asked: whatever happens, the identities of design §7 hold, events survive the wire, and
//! the log folds to the state.

use super::book::{Book, case_id, conclusion, day, new_dispute};
use crate::domain::{
    Aggregate, Body, Case, CaseState, Command, Correction, Dispute, DisputeCommand, Entry, Event, Milestone, NewDispute, What,
    milestones,
};
use fengqiao_model::{CaseId, Day, DisputeId, Text, Token};
use fengqiao_statute::{Confirmation, Force, Outcome};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

const BODIES: [&str; 6] = ["village", "township", "police", "court", "property", "labour"];

/// One throw of the dice: what is tried, on which case, with which choice, and how many days pass before.
type Throw = (u8, usize, usize, i32);

fn command(kind: u8, choice: usize, today: Day) -> Command {
    let none = Text::default;
    let body: Option<Token> = BODIES.get(choice % 7).map(|code| code.parse().unwrap());
    match kind {
        0 => Command::Dispatch { body, override_reason: "case.balance".to_owned(), text: none() },
        1 | 2 => Command::Take { on: None, applicant_consents: true, respondent_consents: true, mediator: String::new() },
        3 => Command::Return { reason: "case.recusal".to_owned(), text: none() },
        4 => Command::Decline { on: None, reason: "case.out_of_time".to_owned(), text: none() },
        5 => Command::RecordRefusal { on: None, reason: "case.unreachable".to_owned(), text: none() },
        6 => Command::Transfer { on: None, to_body: body, reason: "case.wish".to_owned(), text: none() },
        7 | 8 => {
            let ends: Vec<Outcome> = Outcome::ALL.into_iter().filter(|end| end.concludes()).collect();
            let mut end = conclusion(ends[choice % ends.len()]);
            end.hand_on = kind == 8 && !end.outcome.resolves();
            if end.hand_on {
                end.hand_on_reason = "case.speciality".to_owned();
                end.hand_on_to = body;
            }
            Command::Conclude(Box::new(end))
        }
        9 => Command::Perform { on: None, paid_fen: 10, in_full: choice.is_multiple_of(2), text: none() },
        10 => Command::ApplyConfirmation { on: None },
        11 => Command::AnswerConfirmation { confirmation: Confirmation::Confirmed, reason: String::new() },
        12 => {
            let back = today.plus_days(-i32::try_from(choice % 40).unwrap());
            let correction = match choice % 3 {
                0 => Correction { accepted_on: Some(back), ..Correction::default() },
                1 => Correction { ended_on: Some(back), ..Correction::default() },
                _ => Correction { applied_on: Some(back), ..Correction::default() },
            };
            Command::Correct { correction: Box::new(correction), reason: "case.typing".to_owned(), text: none() }
        }
        13 if choice.is_multiple_of(4) => {
            Command::Void { reason: "case.void_error".to_owned(), text: none(), approved_by: "person-2".parse().unwrap() }
        }
        _ => command(u8::try_from(choice % 9).unwrap(), choice / 9, today),
    }
}

fn throw(book: &mut Book, (kind, which, choice, days): Throw) {
    book.today = book.today.plus_days(days);
    let cases: Vec<CaseId> = book.disputes.values().flat_map(|dispute| &dispute.cases).map(|case| case.id).collect();
    let disputes: Vec<DisputeId> = book.disputes.keys().copied().collect();
    let text = Text::default;
    match kind {
        14 | 15 if disputes.len() < 6 => {
            book.caller.unit = BODIES[choice % 6].parse().unwrap();
            let _ = book.open(&NewDispute { take_here: kind == 15, ..new_dispute() });
        }
        _ if disputes.is_empty() => {}
        16 => {
            let to_body = BODIES.get(choice % 7).map(|code| code.parse().unwrap());
            let _ = book.dispute(disputes[which % disputes.len()], &DisputeCommand::Reopen { on: None, to_body, text: text() });
        }
        17 => {
            let same_as = disputes[choice % disputes.len()];
            let _ = book.dispute(disputes[which % disputes.len()], &DisputeCommand::Link { same_as, text: text() });
        }
        18 => {
            let _ = book.dispute(disputes[which % disputes.len()], &DisputeCommand::Unlink { text: text() });
        }
        19 => {
            let erase = DisputeCommand::EraseParties { approved_by: "person-2".parse().unwrap() };
            let _ = book.dispute(disputes[which % disputes.len()], &erase);
        }
        _ => {
            let _ = book.act(cases[which % cases.len()], &command(kind, choice, book.today));
        }
    }
}

fn within(day: Option<Day>, from: Day, to: Day) -> bool {
    day.is_some_and(|day| (from..=to).contains(&day))
}

fn before(day: Option<Day>, from: Day) -> bool {
    day.is_some_and(|day| day < from)
}

/// The identities of a period, from the cases and the milestones.
fn check_identities(cases: &[Case], roots: &[Milestone], from: Day, to: Day) {
    let standing = || cases.iter().filter(|case| case.state != CaseState::Void);
    let count = |wanted: &dyn Fn(&Case) -> bool| standing().filter(|case| wanted(case)).count();
    // Parts: what was open at the bounds of the period, and what happened in it.
    let accepted_by = |case: &Case, day: Day| before(case.accepted_on, day) && !before(case.ended_on, day);
    let carried_in = count(&|case| accepted_by(case, from));
    let carried_out = count(&|case| accepted_by(case, to.plus_days(1)));
    let accepted = count(&|case| within(case.accepted_on, from, to));
    let ended = |wanted: fn(Outcome) -> bool| count(&|case| within(case.ended_on, from, to) && case.outcome.is_some_and(wanted));
    let concluded = ended(Outcome::concludes);
    let transferred = ended(|outcome| outcome == Outcome::Transferred);
    assert_eq!(carried_in + accepted, concluded + transferred + carried_out, "cases");
    let parts = Outcome::ALL.into_iter().filter(|outcome| outcome.concludes());
    let sum: usize = parts.map(|part| count(&|case| within(case.ended_on, from, to) && case.outcome == Some(part))).sum();
    assert_eq!(concluded, sum, "conclusions");
    let pending_at = |case: &Case, day: Day| {
        before(Some(case.applied_on), day)
            && !before(case.accepted_on, day)
            && !(case.accepted_on.is_none() && before(case.ended_on, day))
    };
    let pending_in = count(&|case| pending_at(case, from));
    let pending_out = count(&|case| pending_at(case, to.plus_days(1)));
    let applied = count(&|case| within(Some(case.applied_on), from, to));
    let untaken = ended(|outcome| matches!(outcome, Outcome::Declined | Outcome::Refused));
    assert_eq!(pending_in + applied, accepted + untaken + pending_out, "applications");
    // Roots.
    let happened = |what: What, wanted: &dyn Fn(Day) -> bool| roots.iter().filter(|m| m.what == what && wanted(m.on)).count();
    let open_before = |day: Day| {
        happened(What::Accepted, &|on| on < day) + happened(What::Reopened, &|on| on < day)
            - happened(What::Concluded, &|on| on < day)
    };
    let inside = |on: Day| (from..=to).contains(&on);
    let (first, again, end) =
        (happened(What::Accepted, &inside), happened(What::Reopened, &inside), happened(What::Concluded, &inside));
    assert_eq!(open_before(from) + first + again, end + open_before(to.plus_days(1)), "disputes");
    // The bridge.
    let entered = |entry: Entry| count(&|case| within(case.accepted_on, from, to) && case.entry == Some(entry));
    assert_eq!((first, again), (entered(Entry::First), entered(Entry::Reopens)), "bridge");
    assert_eq!(accepted, first + again + entered(Entry::Received) + entered(Entry::Joined), "bridge");
}

fn check_order(roots: &[Milestone]) {
    for (place, milestone) in roots.iter().enumerate() {
        let expected = match place {
            0 => What::Accepted,
            odd if odd % 2 == 1 => What::Concluded,
            _ => What::Reopened,
        };
        assert_eq!(milestone.what, expected, "{roots:?}");
        assert!(place == 0 || roots[place - 1].on <= milestone.on, "{roots:?}");
    }
}

fn check(book: &Book) {
    let all: Vec<Case> = book.disputes.values().flat_map(|dispute| dispute.cases.clone()).collect();
    for case in &all {
        assert!(case.accepted_on.is_none_or(|accepted| accepted >= case.applied_on), "{case:?}");
        assert!(case.ended_on.is_none_or(|ended| ended >= case.accepted_on.unwrap_or(case.applied_on)), "{case:?}");
        assert_eq!(case.entry.is_some(), case.accepted_on.is_some() && case.state != CaseState::Void, "{case:?}");
        assert_eq!(case.voided_on.is_some(), case.state == CaseState::Void);
    }
    for (id, dispute) in &book.disputes {
        if dispute.linked_into.is_some() {
            assert!(dispute.milestones.is_empty() && dispute.linked.is_empty());
            continue;
        }
        check_order(&dispute.milestones);
        let mut group = book.group(*id);
        let recorded: Vec<_> = group.cases().map(|case| case.entry).collect();
        let mut cases: Vec<&mut Case> =
            std::iter::once(&mut group.root).chain(&mut group.linked).flat_map(|(_, dispute)| &mut dispute.cases).collect();
        assert_eq!(milestones(&mut cases), dispute.milestones, "what is recorded is what follows from the cases");
        assert_eq!(cases.iter().map(|case| case.entry).collect::<Vec<_>>(), recorded);
    }
    let roots: Vec<Milestone> = book.disputes.values().flat_map(|dispute| dispute.milestones.clone()).collect();
    let start = day("2024-03-01");
    for (from, to) in [(0, 0), (0, 20), (5, 9), (10, 60), (0, 2_000)] {
        check_identities(&all, &roots, start.plus_days(from), start.plus_days(to));
    }
}

/// The log again from its first event: the states as they are, but for who asked last.
fn check_fold(book: &Book) {
    let (mut disputes, mut bodies): (BTreeMap<DisputeId, Dispute>, BTreeMap<Token, Body>) = (BTreeMap::new(), BTreeMap::new());
    for (target, event) in &book.log {
        match (target, event) {
            (Aggregate::Dispute(id), Event::Dispute(event)) => {
                let before = disputes.remove(id);
                disputes.insert(*id, Dispute::apply(before, event, None).unwrap());
            }
            (Aggregate::Body(code), Event::Body { kind, body, .. }) => {
                let before = bodies.remove(code);
                bodies.insert(code.clone(), Body::apply(before, *kind, body, None).unwrap());
            }
            (target, event) => panic!("{target:?} {event:?}"),
        }
    }
    let nameless = |dispute: &Dispute| {
        let cases = dispute.cases.iter().map(|case| Case { last_request: None, ..case.clone() }).collect();
        Dispute { cases, last_request: None, ..dispute.clone() }
    };
    let live: BTreeMap<_, _> = book.disputes.iter().map(|(id, dispute)| (*id, nameless(dispute))).collect();
    assert_eq!(disputes, live);
    let live = book.bodies.values().map(|body| (body.code.clone(), Body { last_request: None, ..body.clone() }));
    assert_eq!(bodies, live.collect());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked(throws in vec((0..20_u8, 0..40_usize, 0..120_usize, 0..6_i32), 1..120)) {
        let mut book = Book::new();
        for one in throws {
            throw(&mut book, one);
        }
        check(&book);
        check_fold(&book);
    }

    #[test]
    fn whatever_a_ledger_says(rows in vec(row(), 1..7)) {
        let mut cases: Vec<Case> = rows.into_iter().enumerate().map(|(place, row)| imported(place, row)).collect();
        let mut all: Vec<&mut Case> = cases.iter_mut().collect();
        let found = milestones(&mut all);
        check_order(&found);
        let start = day("2024-01-01");
        for (from, to) in [(0, 3), (2, 6), (0, 100)] {
            check_identities(&cases, &found, start.plus_days(from), start.plus_days(to));
        }
    }
}

/// Days from the start to application, acceptance and end; the end, if any; the body, and the one it goes on to.
type LedgerRow = (i32, Option<i32>, i32, Option<usize>, usize, usize);

fn row() -> impl Strategy<Value = LedgerRow> {
    (0..4_i32, proptest::option::of(0..4_i32), 0..4_i32, proptest::option::of(0..9_usize), 0..6_usize, 0..12_usize)
}

fn imported(place: usize, (applied, accepted, ended, end, body, next): LedgerRow) -> Case {
    let applied_on = day("2024-01-01").plus_days(applied);
    let mut outcome = end.map(|end| Outcome::ALL[end]);
    let mut accepted_on = accepted.map(|days| applied_on.plus_days(days));
    match outcome {
        Some(Outcome::Refused | Outcome::Declined) => accepted_on = None,
        Some(_) if accepted_on.is_none() => outcome = None,
        _ => {}
    }
    let handed_on_to = if outcome.is_some() { BODIES.get(next).copied().unwrap_or_default() } else { "" };
    let blank = crate::domain::decide::blank(case_id(u16::try_from(place).unwrap() + 1), applied_on);
    Case {
        version: 1,
        state: match outcome {
            Some(outcome) => CaseState::of(outcome),
            None if accepted_on.is_some() => CaseState::Accepted,
            None => CaseState::Dispatched,
        },
        force: Some(Force::People),
        body: BODIES[body].to_owned(),
        accepted_on,
        ended_on: outcome.map(|_| accepted_on.unwrap_or(applied_on).plus_days(ended)),
        outcome,
        handed_on: outcome.is_some_and(Outcome::concludes) && !handed_on_to.is_empty(),
        handed_on_to: handed_on_to.to_owned(),
        imported_cells: Some(Vec::new()),
        ..blank
    }
}
