//! Random walks: tens of thousands of calls by several people on days that go on, on petitions of every class, and what holds after
//! each of them. The numbers of the invariants are those of `proto/petition-invariants.md`. What a walk ever found stands below as a
//! test of its own, in the shortest form that shows it.

use super::scene::{Book, caller, commands, correcting, day, new};
use crate::domain::{Change, Command, Correcting, Event, NewPetition, Petition, Rejection, State, clocks, every_rejection};
use fengqiao_model::{Caller, Day};
use fengqiao_statute::{Conclusion, MatterClass};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use std::collections::BTreeSet;

/// One call of a walk: which command, by whom, how many days later, and how many days its own day lies back.
#[derive(Clone, Copy, Debug)]
struct Move {
    command: usize,
    who: usize,
    later: u8,
    back: u8,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (
        any::<usize>(),
        0..4_usize,
        prop_oneof![6 => 0..4_u8, 2 => 4..40_u8, 1 => 40..120_u8],
        prop_oneof![4 => Just(0_u8), 1 => 1..35_u8],
    );
    prop::collection::vec(one.prop_map(|(command, who, later, back)| Move { command, who, later, back }), 1..60)
}

fn people() -> [Caller; 4] {
    [caller("clerk-1", "office"), caller("head-1", "office"), caller("clerk-2", "bureau"), caller("head-2", "town")]
}

/// The command of a move, with its own day set back where it has one.
fn command(step: Move, today: Day) -> Command {
    let mut all = commands(today);
    // Corrections of every day and of the class, more often than any other call.
    let back = today.plus_days(-i32::from(step.back));
    let days = |field: fn(&mut Correcting, Day)| {
        let mut asked = correcting();
        field(&mut asked, back);
        Command::Correct(Box::new(asked))
    };
    all.extend([
        days(|asked, on| asked.registered_on = Some(on)),
        days(|asked, on| asked.accepted_on = Some(on)),
        days(|asked, on| asked.concluded_on = Some(on)),
        days(|asked, on| asked.delivered_on = Some(on)),
        Command::Correct(Box::new(Correcting { matter_class: Some(MatterClass::Allegation), ..correcting() })),
        Command::Correct(Box::new(Correcting { matter_class: Some(MatterClass::Appeal), ..correcting() })),
    ]);
    let mut command = all.swap_remove(step.command % all.len());
    let given = (step.back > 0).then_some(back);
    match &mut command {
        Command::Transfer(asked) => asked.on = given,
        Command::Assign { hand_over, .. } => hand_over.on = given,
        Command::ReportAssignment { on, .. }
        | Command::Object { on, .. }
        | Command::DecideObjection { on, .. }
        | Command::Accept { on, .. }
        | Command::Refuse { on, .. }
        | Command::RequestReview { on, .. }
        | Command::RequestRereview { on, .. }
        | Command::Rate { on, .. }
        | Command::Reopen { on, .. }
        | Command::FlagUrgent { on, .. }
        | Command::Withdraw { on, .. } => *on = given,
        Command::Divert(asked) | Command::Consult(asked) | Command::Forward(asked) => asked.on = given,
        Command::Answer(asked)
        | Command::IssueOpinion(asked)
        | Command::Settle(asked)
        | Command::IssueReview(asked)
        | Command::IssueRereview(asked) => asked.on = given,
        Command::RecordHearing { from, .. } => *from = back,
        Command::RecordDelivery { receipt, .. } => receipt.on = back,
        Command::RouteToMediation(asked) => asked.on = given,
        _ => {}
    }
    command
}

/// What must hold of every petition at any time; the number of the invariant that does not.
fn broken(p: &Petition) -> Option<&'static str> {
    let running = |rule: &str| p.running().filter(|run| run.terms.rule == rule).count();
    let (open, appeal) = (p.state.is_open(), p.matter_class == MatterClass::Appeal);
    let reviewing = matches!(p.state, State::ReviewRequested | State::Reviewed | State::RereviewRequested | State::Final);
    let ordered = |days: &[Option<Day>]| {
        let days: Vec<_> = days.iter().flatten().collect();
        days.windows(2).all(|pair| pair[0] <= pair[1])
    };
    let hearings: Vec<_> = p.hearings.iter().filter(|h| h.stage == "rereview").map(|h| (h.from, h.until)).collect();
    let out: i32 = fengqiao_statute::merged(&hearings).iter().map(|(from, to)| to.days_since(*from) + 1).sum();
    let checks = [
        ("I-01", open == p.conclusion.is_none() && open == p.concluded_on.is_none()),
        (
            "I-02",
            match p.conclusion {
                None => open,
                Some(Conclusion::Replied) => p.state == State::OpinionIssued || reviewing,
                Some(conclusion) => p.state == State::of(conclusion),
            },
        ),
        ("I-03", p.state.is_handled() == (open && p.accepted_on.is_some())),
        ("I-04", running(clocks::HANDLING) == usize::from(p.state.is_handled() && appeal)),
        ("I-04", appeal || p.clock(clocks::HANDLING).is_none()),
        (
            "I-05",
            p.clocks.iter().filter(|run| run.terms.rule == clocks::HANDLING).all(|run| {
                let days = run.terms.kpi_due.days_since(run.terms.started_on);
                (days == 60 || days == 90) && run.terms.legal_due >= run.terms.kpi_due
            }),
        ),
        ("I-06", p.clock(clocks::REVIEW).is_none_or(|run| run.terms.kpi_due.days_since(run.terms.started_on) == 30)),
        (
            "I-07",
            p.state != State::RereviewRequested
                || p.clock(clocks::REREVIEW).is_some_and(|run| {
                    let days = run.terms.kpi_due.days_since(run.terms.started_on);
                    (30..=30 + out).contains(&days)
                }),
        ),
        (
            "I-08",
            match p.state {
                State::Registered => running(clocks::FIRST_ACTION) == 1 || running(clocks::DIRECT_NOTICE) == 1,
                State::Transferred | State::Objected => running(clocks::ROUTED_NOTICE) == 1,
                State::Assigned => {
                    let reported = p.routings.last().is_some_and(|way| way.reported_on.is_some());
                    running(clocks::ROUTED_NOTICE) == 1 && running(clocks::ASSIGNMENT) == usize::from(!reported)
                }
                State::ReviewRequested => running(clocks::REVIEW) == 1,
                State::RereviewRequested => running(clocks::REREVIEW) == 1,
                _ => true,
            },
        ),
        ("I-09", !matches!(p.state, State::Withdrawn | State::Void) || p.running().next().is_none()),
        (
            "I-09",
            open || reviewing
                || p.running()
                    .all(|run| matches!(run.terms.rule.as_str(), clocks::ASSIGNMENT | clocks::RATING | clocks::REVIEW_WINDOW)),
        ),
        ("I-10", p.clocks.iter().all(|run| run.done_on.is_none_or(|done| done >= run.terms.started_on))),
        (
            "I-11",
            p.state == State::Void
                || ordered(&[Some(p.registered_on), p.accepted_on, p.concluded_on, p.delivered_on, p.review_requested_on])
                    && ordered(&[p.review_requested_on, p.reviewed_on, p.review_delivered_on, p.rereview_requested_on])
                    && ordered(&[p.rereview_requested_on, p.rereviewed_on, p.final_on]),
        ),
        ("I-11", p.routings.iter().all(|way| p.registered_on <= way.on && way.on <= way.received_on)),
        (
            "I-12",
            p.routings.iter().all(|way| {
                let due =
                    p.clocks.iter().find(|run| run.terms.rule == clocks::OBJECTION && run.terms.started_on == way.received_on);
                way.objected_on.zip(due).is_none_or(|(on, run)| on <= run.terms.legal_due)
            }),
        ),
        (
            "I-13",
            [
                (p.delivered_on, p.review_requested_on, clocks::REVIEW_WINDOW),
                (p.review_delivered_on, p.rereview_requested_on, clocks::REREVIEW_WINDOW),
            ]
            .iter()
            .all(|(received, asked, rule)| match (received, asked) {
                (Some(_), Some(asked)) => p.terms(rule).is_some_and(|terms| *asked <= terms.legal_due),
                _ => true,
            }),
        ),
        (
            "I-14",
            p.matter_class != MatterClass::Allegation
                || (p.representatives == 0 && p.routings.is_empty() && p.mediation_routings == 0 && p.rated_on.is_none()),
        ),
        ("I-15", (p.state == State::Final) == p.final_on.is_some()),
        (
            "I-16",
            p.state != State::Objected || p.routings.last().is_some_and(|way| way.objected_by.is_some() && way.upheld.is_none()),
        ),
        ("I-17", open || p.state == State::Void || p.first_action_on.is_some()),
    ];
    checks.into_iter().find(|(_, holds)| !holds).map(|(number, _)| number)
}

/// What must hold between a petition before and after a call.
fn broken_by(
    before: Option<&Petition>,
    after: &Petition,
    change: &Change,
    command: &Command,
    by: &Caller,
) -> Option<&'static str> {
    let before = before?;
    let approved = match command {
        Command::Void { approved_by, .. } | Command::EraseParties { approved_by } => Some(approved_by),
        Command::Reopen { approved_by, .. } => Some(approved_by),
        Command::Correct(asked) => Some(&asked.approved_by),
        _ => None,
    };
    let second = approved.is_none_or(|second| *second != by.id)
        && (!matches!(command, Command::DecideExtension { .. })
            || before.extension.as_ref().is_some_and(|asked| asked.requested_by != by.id))
        && (!matches!(command, Command::DecideObjection { .. })
            || before
                .routings
                .last()
                .is_some_and(|way| way.objected_by.as_ref() != Some(&by.id) && way.to_unit != by.unit.to_string()));
    let handling = |p: &Petition| p.terms(clocks::HANDLING).cloned();
    let moves_handling = matches!(
        command,
        Command::Accept { .. } | Command::DecideExtension { granted: true } | Command::Reopen { .. } | Command::Correct(_)
    );
    let checks = [
        ("I-18", after.version == before.version + 1),
        ("I-19", (&after.number, &after.unit, &after.slip) == (&before.number, &before.unit, &before.slip)),
        ("I-20", before.state != State::Void || matches!(change.event, Event::PartiesErased { .. })),
        ("I-21", second),
        ("I-22", moves_handling || handling(before) == handling(after)),
        ("I-23", !before.erased || after.erased),
        ("I-24", after.clocks.len() >= before.clocks.len() && after.routings.len() >= before.routings.len()),
    ];
    checks.into_iter().find(|(_, holds)| !holds).map(|(number, _)| number)
}

/// Walks, and gives how many calls were made and how many of them changed something.
fn walk(law: &crate::domain::Law, class: MatterClass, urgent: bool, steps: &[Move]) -> Result<(usize, usize), String> {
    let people = people();
    let documented: BTreeSet<_> = every_rejection().iter().map(Rejection::reason).collect();
    let mut today = day("2025-11-03");
    let mut book = Book::open(law);
    let log = Command::Log(Box::new(NewPetition { urgent, ..new(class) }));
    book.ask(&log, &people[0], today).map_err(|no| no.to_string())?;
    let mut changed = 0;
    for (place, step) in steps.iter().enumerate() {
        today = today.plus_days(i32::from(step.later));
        let (command, by) = (command(*step, today), &people[step.who % people.len()]);
        let before = book.petition.clone();
        let place = |what: &str| format!("{what} after call {place}, {} by {} on {today}", command.name(), by.id);
        match book.ask(&command, by, today) {
            Err(no) if !documented.contains(no.reason()) => return Err(place("I-25")),
            Err(_) if book.petition != before => return Err(place("I-18")),
            Err(_) => {}
            Ok(change) => {
                changed += 1;
                let after = book.petition.as_ref().expect("it was logged");
                let wrong = broken(after).or_else(|| broken_by(before.as_ref(), after, &change, &command, by));
                if let Some(number) = wrong {
                    return Err(place(number) + &format!(": {after:?}"));
                }
            }
        }
    }
    let folded = book.opens.iter().try_fold(None, |before, (kind, open, actor)| {
        let event = Event::decode(kind, open).map_err(|error| format!("I-26: {error}"))?;
        Petition::apply(before, &event, actor, None).map(Some).ok_or("I-26: an event does not apply".to_owned())
    })?;
    if folded != book.petition {
        return Err("I-26: the fold of the published events is another petition".to_owned());
    }
    if book.opens.iter().any(|(_, open, _)| open.windows(6).any(|window| window == b"CANARY")) {
        return Err("I-27: something sealed stands in the open".to_owned());
    }
    Ok((steps.len(), changed))
}

#[test]
fn tens_of_thousands_of_calls_break_no_invariant() {
    let law = crate::domain::Law::shipped();
    let (made, changed) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    // `PROPTEST_CASES` takes more of them, as many as one has time for.
    let usual = Config::default();
    let config = Config { cases: 6 * usual.cases, failure_persistence: None, max_shrink_iters: 20_000, ..usual };
    let walks = (prop::sample::select(&MatterClass::ALL[..]), any::<bool>(), moves());
    TestRunner::new(config)
        .run(&walks, |(class, urgent, steps)| {
            let (calls, changes) = walk(&law, class, urgent, &steps).map_err(TestCaseError::fail)?;
            made.set(made.get() + calls);
            changed.set(changed.get() + changes);
            Ok(())
        })
        .unwrap();
    println!("{} calls, {} of them changed something", made.get(), changed.get());
    assert!(made.get() > 30_000 && changed.get() > 3_000, "the walks were walks: {} {}", made.get(), changed.get());
}

/// A walk by name: each call in the form that its number among [`commands`] and the corrections gives.
fn found(class: MatterClass, steps: &[(&str, u8, u8)]) {
    let names: Vec<_> = (0..)
        .map_while(|place| {
            let step = Move { command: place, who: 0, later: 0, back: 0 };
            (place < commands(day("2025-11-03")).len() + 6).then(|| command(step, day("2025-11-03")))
        })
        .collect();
    let law = crate::domain::Law::shipped();
    let steps: Vec<Move> = steps
        .iter()
        .map(|(wanted, later, back)| {
            let (name, field) = wanted.split_once('.').unwrap_or((wanted, ""));
            let fits = |known: &Command| {
                known.name() == name && (field.is_empty() || format!("{known:?}").contains(&format!("{field}: Some")))
            };
            let place = names.iter().position(fits).expect(wanted);
            // What was asked for is decided by somebody else.
            Move { command: place, who: usize::from(name.starts_with("Decide")), later: *later, back: *back }
        })
        .collect();
    walk(&law, class, false, &steps).unwrap();
}

#[test]
fn found_the_terms_before_a_corrected_acceptance_were_lost_by_the_fold() {
    let granted = [("AcceptPetition", 0, 0), ("RequestExtension", 0, 0), ("DecideExtension", 1, 0)];
    found(MatterClass::Appeal, &[granted.as_slice(), &[("CorrectPetition.accepted_on", 0, 0)]].concat());
}

#[test]
fn found_an_urgent_item_was_reported_before_its_corrected_registration() {
    found(MatterClass::Suggestion, &[("FlagUrgent.reported_on", 0, 0), ("CorrectPetition.registered_on", 1, 0)]);
}

#[test]
fn found_a_rating_lay_before_the_corrected_conclusion() {
    found(MatterClass::Suggestion, &[("AnswerPetition", 0, 0), ("RatePetition", 1, 0), ("CorrectPetition.concluded_on", 1, 0)]);
}

#[test]
fn found_a_refusal_lay_before_the_clock_that_it_ended() {
    found(MatterClass::Appeal, &[("FlagUrgent", 5, 0), ("RefusePetition", 5, 7)]);
}

#[test]
fn found_an_acceptance_was_corrected_behind_the_end_of_an_earlier_life() {
    found(MatterClass::Appeal, &[("AcceptPetition", 0, 0), ("SettlePetition", 0, 0), ("CorrectPetition.accepted_on", 8, 3)]);
}

#[test]
fn found_a_report_moved_with_the_corrected_acceptance_of_its_day() {
    found(
        MatterClass::Suggestion,
        &[("AcceptPetition", 3, 0), ("FlagUrgent.reported_on", 0, 0), ("CorrectPetition.accepted_on", 1, 2)],
    );
}

#[test]
fn found_a_rating_lay_before_the_receipt_that_opened_its_window() {
    found(MatterClass::Appeal, &[("AcceptPetition", 0, 0), ("IssueOpinion.receipt", 3, 3), ("RatePetition", 0, 1)]);
}

#[test]
fn found_a_void_petition_stayed_final() {
    found(
        MatterClass::Appeal,
        &[
            ("AcceptPetition", 0, 0),
            ("IssueOpinion", 0, 0),
            ("RequestReview", 0, 0),
            ("IssueReviewOpinion", 0, 0),
            ("RequestReReview", 0, 0),
            ("IssueReReviewOpinion", 0, 0),
            ("VoidPetition", 0, 0),
        ],
    );
}

#[test]
fn every_invariant_stands_in_the_contract() {
    let page = include_str!("../../../../../proto/petition-invariants.md");
    let here = include_str!("walk.rs");
    for number in 1..=27 {
        let id = format!("I-{number:02}");
        assert!(page.contains(&format!("| {id} |")) && here.contains(&format!("\"{id}")), "{id}");
    }
}
