//! The table of states and commands: what is allowed leads where it should, everything else is refused for its own reason.

use super::book::{Book, case_id, changed, conclusion, day, dispute_id, new_dispute, text};
use crate::domain::{
    Case, CaseState, Command, Correction, Dispute, Group, NewDispute, SealedContent, decide_case, every_rejection,
};
use fengqiao_model::{RequestId, Role, Text, Token};
use fengqiao_statute::{AgreementForm, Confirmation, Force, Outcome, start_clock};

fn token(code: &str) -> Option<Token> {
    Some(code.parse().unwrap())
}

/// One of each command, by a coordinator; confirmation twice.
fn commands() -> Vec<Command> {
    let (none, approved_by) = (Text::default(), "person-2".parse().unwrap());
    let correction = Correction { hard: Some(true), ..Correction::default() };
    vec![
        Command::Open(Box::new(new_dispute())),
        Command::Dispatch { body: token("court"), override_reason: "case.balance".to_owned(), text: none.clone() },
        Command::Take { on: None, applicant_consents: true, respondent_consents: true, mediator: "m-1".to_owned() },
        Command::Return { reason: "case.recusal".to_owned(), text: none.clone() },
        Command::Decline { on: None, reason: "case.reserved".to_owned(), text: none.clone() },
        Command::RecordRefusal { on: None, reason: "case.unreachable".to_owned(), text: none.clone() },
        Command::Transfer { on: None, to_body: token("court"), reason: "case.wish".to_owned(), text: none.clone() },
        Command::Conclude(Box::new(conclusion(Outcome::Agreed))),
        Command::Perform { on: None, paid_fen: 100, in_full: true, text: none.clone() },
        Command::ApplyConfirmation { on: None },
        Command::AnswerConfirmation { confirmation: Confirmation::Confirmed, reason: String::new() },
        Command::Correct { correction: Box::new(correction), reason: "case.typing".to_owned(), text: none.clone() },
        Command::Void { reason: "case.void_error".to_owned(), text: none, approved_by },
    ]
}

/// A dispute whose case stands in a state, applied for on 2 March and accepted on the 3rd, as far as the state goes.
fn standing(state: CaseState) -> Dispute {
    let mut book = Book::new();
    let id = book.open(&NewDispute { occurred_on: Some(day("2024-03-02")), ..new_dispute() }).unwrap();
    let mut dispute = book.disputes[&book.of_case(id)].clone();
    let case = &mut dispute.cases[0];
    let outcome = Outcome::ALL.into_iter().find(|outcome| CaseState::of(*outcome) == state);
    let taken =
        outcome.is_some_and(|outcome| outcome.concludes() || outcome == Outcome::Transferred) || state == CaseState::Accepted;
    *case = Case {
        version: 3,
        state,
        outcome,
        ended_on: outcome.map(|_| day("2024-03-05")),
        accepted_on: taken.then(|| day("2024-03-03")),
        agreement_form: outcome.is_some_and(Outcome::has_agreement).then_some(AgreementForm::Written),
        voided_on: (state == CaseState::Void).then(|| day("2024-03-05")),
        ..case.clone()
    };
    if !matches!(state, CaseState::Applied | CaseState::Returned) {
        case.body = "village".to_owned();
        case.force = Some(Force::People);
    }
    dispute
}

/// Where a command leads from a state; `Err` is the reason for which it does not.
fn expected(state: CaseState, command: &Command) -> Result<CaseState, &'static str> {
    use CaseState::*;
    match (command, state) {
        (Command::Open(_), _) => Err("DISPUTE_EXISTS"),
        (Command::Dispatch { .. }, Applied | Returned) => Ok(Dispatched),
        (Command::Take { .. }, Dispatched) => Ok(Accepted),
        (Command::Return { .. }, Dispatched) => Ok(Returned),
        (Command::Decline { .. }, Applied | Dispatched | Returned) => Ok(Declined),
        (Command::RecordRefusal { .. }, Applied | Dispatched | Returned) => Ok(Refused),
        (Command::Transfer { .. }, Accepted) => Ok(Transferred),
        (Command::Conclude(_), Accepted) => Ok(Agreed),
        (Command::Perform { .. } | Command::ApplyConfirmation { .. }, Agreed | Partial) => Ok(state),
        (Command::AnswerConfirmation { .. }, Agreed | Partial) => Err("CONFIRMATION_NOT_PENDING"),
        (
            Command::Perform { .. } | Command::ApplyConfirmation { .. } | Command::AnswerConfirmation { .. },
            SettledPrivately | Failed | Withdrawn | Terminated | Transferred | Refused | Declined,
        ) => Err("NO_AGREEMENT"),
        (Command::Correct { .. }, state) if state != Void => Ok(state),
        (Command::Void { .. }, state) if state != Void => Ok(Void),
        _ => Err("STATE_FORBIDS"),
    }
}

#[test]
fn every_command_in_every_state() {
    let mut book = Book::new();
    book.at("2024-03-10", "village");
    for state in CaseState::ALL {
        let dispute = standing(state);
        let case = dispute.cases[0].clone();
        let group = Group::of(dispute_id(1), dispute.clone());
        for command in commands() {
            let place = format!("{} in {}", command.name(), state.name());
            let decided = decide_case(&group, dispute_id(1), case.id, case_id(2), &command, &book.house(), &book.context());
            match (decided, expected(state, &command)) {
                (Ok(changes), Ok(next)) => {
                    let request = RequestId::from_bytes([7; 16]);
                    let after = Dispute::apply(Some(dispute.clone()), changed(&changes), Some(request)).expect(&place);
                    let case = after.case(case.id).unwrap();
                    assert_eq!((case.state, case.version, case.last_request), (next, 4, Some(request)), "{place}");
                    assert_eq!(case.outcome.is_some(), case.ended_on.is_some(), "{place}");
                    assert_eq!(after.version, dispute.version + 1, "{place}");
                    assert_eq!(after.cases.len(), if next == CaseState::Transferred && state != next { 2 } else { 1 }, "{place}");
                }
                (Err(rejection), Err(reason)) => assert_eq!(rejection.reason(), reason, "{place}"),
                (decided, expected) => panic!("{place}: {decided:?}, expected {expected:?}"),
            }
            let elsewhere = decide_case(&group, dispute_id(1), case_id(9), case_id(2), &command, &book.house(), &book.context());
            let reason = if matches!(command, Command::Open(_)) { "DISPUTE_EXISTS" } else { "CASE_NOT_FOUND" };
            assert_eq!(elsewhere.map(drop).map_err(|no| no.reason()), Err(reason), "{place}");
        }
    }
}

#[test]
fn only_the_body_of_the_case_or_a_coordinator_acts_on_it() {
    let mut book = Book::new();
    book.at("2024-03-10", "court").caller.roles = vec![Role::Mediator];
    for (state, command) in [
        (CaseState::Dispatched, 2),
        (CaseState::Dispatched, 3),
        (CaseState::Dispatched, 4),
        (CaseState::Dispatched, 5),
        (CaseState::Applied, 4),
        (CaseState::Accepted, 6),
        (CaseState::Accepted, 7),
        (CaseState::Agreed, 8),
        (CaseState::Agreed, 9),
    ] {
        let dispute = standing(state);
        let (case, group) = (dispute.cases[0].id, Group::of(dispute_id(1), dispute));
        let command = &commands()[command];
        let decide = |book: &Book| {
            decide_case(&group, dispute_id(1), case, case_id(2), command, &book.house(), &book.context())
                .map_err(|no| no.reason())
        };
        assert_eq!(decide(&book), Err("NOT_THIS_BODY"), "{}", command.name());
        if state != CaseState::Applied {
            let mut own = Book::new();
            own.at("2024-03-10", "village").caller.roles = vec![Role::Mediator];
            assert!(decide(&own).is_ok(), "{}", command.name());
        }
    }
    // A desk that logged it may write down that the other side refuses.
    let dispute = standing(CaseState::Applied);
    let (case, group) = (dispute.cases[0].id, Group::of(dispute_id(1), dispute));
    assert!(decide_case(&group, dispute_id(1), case, case_id(2), &commands()[5], &book.house(), &book.context()).is_ok());
}

#[test]
fn business_days_have_four_bounds() {
    let mut book = Book::new();
    let case = book.open(&NewDispute { occurred_on: Some(day("2024-03-02")), ..new_dispute() }).unwrap();
    book.dispatch(case, "village");
    let mut take = |on: &str, today: &str| {
        book.today = day(today);
        let command =
            Command::Take { on: Some(day(on)), applicant_consents: false, respondent_consents: false, mediator: String::new() };
        book.decide(case, &command).map(drop).map_err(|no| no.to_string())
    };
    assert_eq!(take("2024-03-02", "2024-03-03"), Ok(()));
    assert_eq!(take("2024-03-02", "2024-04-01"), Ok(()));
    for (on, today, problem) in [
        ("2024-03-02", "2024-04-02", "accepted_on must be at most 30 days back"),
        ("2024-03-04", "2024-03-03", "accepted_on must not be after today (2024-03-03)"),
        ("2024-03-01", "2024-03-03", "accepted_on must not be before the day of the step it follows (2024-03-02)"),
    ] {
        assert_eq!(take(on, today), Err(problem.to_owned()));
    }
}

#[test]
fn a_case_is_taken_with_both_consents_only() {
    let mut book = Book::new();
    let case = book.open(&NewDispute { respondent_consents: false, ..new_dispute() }).unwrap();
    book.dispatch(case, "village");
    let take =
        |respondent_consents| Command::Take { on: None, applicant_consents: false, respondent_consents, mediator: String::new() };
    assert_eq!(book.act(case, &take(false)).unwrap_err().reason(), "CONSENT_MISSING");
    book.act(case, &take(true)).unwrap();
    let here = NewDispute { respondent_consents: false, take_here: true, ..new_dispute() };
    assert_eq!(book.open(&here).unwrap_err().reason(), "CONSENT_MISSING");
}

#[test]
fn the_desk_of_a_body_refuses_what_the_law_keeps_from_it() {
    let mut book = Book::new();
    for (flags, already_at) in [(vec!["violence"], vec![]), (vec![], vec!["court"]), (vec![], vec!["police"])] {
        let own = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect();
        let new = NewDispute { take_here: true, flags: own(flags), already_at: own(already_at), ..new_dispute() };
        assert_eq!(book.open(&new).unwrap_err().reason(), "NOT_DISPATCHABLE");
    }
    let administrative = NewDispute { take_here: true, dispute_type: "T22".to_owned(), ..new_dispute() };
    assert_eq!(book.open(&administrative).unwrap_err().reason(), "NOT_DISPATCHABLE");
    book.caller.unit = "nobody".parse().unwrap();
    let nobody = NewDispute { take_here: true, ..new_dispute() };
    assert_eq!(book.open(&nobody).unwrap_err().reason(), "BODY_NOT_FOUND");
}

#[test]
fn the_clock_is_that_of_force_and_type() {
    let law = &Book::new().law;
    assert!(law.clocks.rules().all(|rule| start_clock(&law.rules, &law.calendar, rule, day("2024-03-04")).is_ok()));
    for (unit, kind, clock) in [
        ("village", "T02", Some(("M-01", "2024-03-04"))),
        ("village", "T15", Some(("M-01", "2024-03-04"))),
        ("court", "T04", Some(("J-01", "2024-03-04"))),
        ("labour", "T15", Some(("M-03", "2024-03-04"))),
        ("labour", "T11", Some(("L-01", "2024-03-02"))),
        ("labour", "T10", Some(("L-01", "2024-03-02"))),
        ("labour", "T19", Some(("M-01", "2024-03-04"))),
        ("property", "T17", Some(("M-01", "2024-03-04"))),
        ("police", "T14", Some(("A-07", "2024-03-04"))),
        ("police", "T16", Some(("A-03", "2024-03-04"))),
        ("police", "T15", Some(("A-12", "2024-03-04"))),
        ("police", "T09", None),
    ] {
        let mut book = Book::new();
        let new = NewDispute { occurred_on: Some(day("2024-03-02")), dispute_type: kind.to_owned(), ..new_dispute() };
        let case = book.open(&new).unwrap();
        book.dispatch(case, unit);
        book.at("2024-03-04", unit).take(case);
        let handling = book.case(case).handling.as_ref().map(|terms| (terms.rule.as_str(), terms.started_on));
        assert_eq!(handling, clock.map(|(rule, on)| (rule, day(on))), "{unit} {kind}");
    }
}

#[test]
fn the_fields_of_a_conclusion_go_with_its_outcome() {
    let mut book = Book::new();
    let case = book.open_here();
    let mut refused = |change: &dyn Fn(&mut crate::domain::Conclusion), outcome: Outcome| {
        let mut end = conclusion(outcome);
        change(&mut end);
        match book.decide(case, &Command::Conclude(Box::new(end))).unwrap_err() {
            crate::domain::Rejection::Field { field, .. } => field,
            other => panic!("{other}"),
        }
    };
    assert_eq!(refused(&|_| {}, Outcome::Transferred), "outcome");
    assert_eq!(refused(&|end| end.agreement_form = None, Outcome::Agreed), "agreement_form");
    assert_eq!(refused(&|end| end.agreement_form = Some(AgreementForm::Oral), Outcome::Failed), "agreement_form");
    assert_eq!(refused(&|end| end.reason = String::new(), Outcome::Failed), "reason");
    assert_eq!(refused(&|end| end.reason = "case.sham".to_owned(), Outcome::Failed), "reason");
    assert_eq!(refused(&|end| end.reason = "case.sham".to_owned(), Outcome::Withdrawn), "reason");
    assert_eq!(refused(&|end| end.agreed_fen = 1, Outcome::SettledPrivately), "agreed_fen");
    assert_eq!(refused(&|end| end.agreed_fen = -1, Outcome::Agreed), "agreed_fen");
    assert_eq!(refused(&|end| end.claimed_fen = i64::MAX, Outcome::Agreed), "claimed_fen");
    assert_eq!(refused(&|end| end.performed = true, Outcome::Withdrawn), "performed");
    assert_eq!(refused(&|end| end.performance_due = Some(day("2024-03-02")), Outcome::Agreed), "performance_due");
    assert_eq!(refused(&|end| end.hand_on = true, Outcome::Agreed), "hand_on");
    assert_eq!(refused(&|end| end.hand_on = true, Outcome::Failed), "hand_on_reason");
    assert_eq!(refused(&|end| end.hand_on_to = token("court"), Outcome::Failed), "hand_on_to");
}

#[test]
fn a_receiving_body_is_known_at_work_competent_and_has_room() {
    let mut book = Book::new();
    let mut themed = super::book::new_body("themed", Force::People);
    themed.specialities = vec!["T01".to_owned()];
    book.body("themed", crate::domain::BodyCommand::Register(Box::new(themed))).unwrap();
    let mut small = super::book::new_body("small", Force::People);
    small.capacity = 1;
    book.body("small", crate::domain::BodyCommand::Register(Box::new(small))).unwrap();
    book.body("property", crate::domain::BodyCommand::Close { on: None }).unwrap();
    let filling = book.open(&new_dispute()).unwrap();
    book.dispatch(filling, "small");
    let case = book.open_here();
    for (code, reason) in [
        ("nobody", "BODY_NOT_FOUND"),
        ("property", "BODY_CLOSED"),
        ("themed", "BODY_NOT_COMPETENT"),
        ("small", "BODY_FULL"),
        ("village", "INVALID_ARGUMENT"),
    ] {
        let command = Command::Transfer { on: None, to_body: token(code), reason: "case.wish".to_owned(), text: Text::default() };
        assert_eq!(book.decide(case, &command).unwrap_err().reason(), reason, "{code}");
    }
    // A person may go over the capacity, and the decision says so.
    let second = book.open(&new_dispute()).unwrap();
    book.dispatch(second, "small");
    assert_eq!(book.house().find("small").unwrap().open, 2);
}

#[test]
fn a_correction_keeps_the_order_of_days_and_what_did_not_happen() {
    let mut book = Book::new();
    let case = book.at("2024-03-03", "village").open_here();
    let correct = |correction: Correction| Command::Correct {
        correction: Box::new(correction),
        reason: "case.typing".to_owned(),
        text: Text::default(),
    };
    let no = |book: &mut Book, correction: Correction| book.act(case, &correct(correction)).unwrap_err().reason();
    assert_eq!(no(&mut book, Correction::default()), "INVALID_ARGUMENT");
    assert_eq!(no(&mut book, Correction { ended_on: Some(day("2024-03-03")), ..Default::default() }), "INVALID_ARGUMENT");
    assert_eq!(no(&mut book, Correction { applied_on: Some(day("2024-03-04")), ..Default::default() }), "INVALID_ARGUMENT");
    assert_eq!(no(&mut book, Correction { dispute_type: Some("T98".to_owned()), ..Default::default() }), "INVALID_ARGUMENT");
    assert_eq!(no(&mut book, Correction { agreed_fen: Some(1), ..Default::default() }), "NO_AGREEMENT");
    book.caller.division = Some("320831".parse().unwrap());
    assert_eq!(no(&mut book, Correction { division: Some("320830".parse().unwrap()), ..Default::default() }), "OUTSIDE_DIVISION");
    let correction = Correction {
        accepted_on: Some(day("2024-03-03")),
        applied_on: Some(day("2023-01-05")),
        dispute_type: Some("T06".to_owned()),
        party_count: Some(5),
        ..Default::default()
    };
    book.act(case, &correct(correction)).unwrap();
    let dispute = &book.disputes[&book.of_case(case)];
    assert_eq!(
        (dispute.dispute_type.as_str(), book.case(case).applied_on, book.case(case).party_count),
        ("T06", day("2023-01-05"), 5)
    );
    let sealed = SealedContent { title: text("新标题"), ..Default::default() };
    let id = book.of_case(case);
    book.dispute(id, &crate::domain::DisputeCommand::EraseParties { approved_by: "person-2".parse().unwrap() }).unwrap();
    assert_eq!(no(&mut book, Correction { sealed, ..Default::default() }), "PARTIES_ERASED");
}

#[test]
fn a_case_that_goes_on_keeps_what_was_found_out() {
    let mut book = Book::new();
    let case = book.open(&NewDispute { hard: true, claimed_fen: 5, take_here: true, ..new_dispute() }).unwrap();
    let transfer = Command::Transfer { on: None, to_body: token("court"), reason: "case.wish".to_owned(), text: Text::default() };
    let changes = book.decide(case, &transfer).unwrap();
    let given = changed(&changes).hand_over.clone().unwrap();
    assert_eq!((given.recipient.as_str(), given.purpose.as_str()), ("court", "transfer"));
    let next = book.act(case, &transfer).unwrap();
    let next = book.case(next);
    assert_eq!((next.state, next.body.as_str(), next.force), (CaseState::Dispatched, "court", Some(Force::Judicial)));
    assert_eq!((next.hard, next.claimed_fen, next.party_count, next.from, next.version), (true, 5, 2, Some(case), 1));
    assert!(next.applicant_consents && next.respondent_consents && next.agreed_fen == 0);
    assert_eq!(next.source.code(), "other_body");
}

#[test]
fn what_is_personal_goes_into_the_sealed_part_only() {
    let mut book = Book::new();
    let canary = SealedContent { title: text("CANARY"), narrative: text("CANARY"), ..Default::default() };
    let case = book.open(&NewDispute { sealed: canary, take_here: true, ..new_dispute() }).unwrap();
    let mut end = conclusion(Outcome::Agreed);
    end.text = text("CANARY");
    let changes = book.decide(case, &Command::Conclude(Box::new(end))).unwrap();
    assert_eq!(changes[0].sealed.as_ref().unwrap().text.as_str(), "CANARY");
    book.apply(&changes);
    let opens: Vec<Vec<u8>> = book.log.iter().map(|(_, event)| event.encode()).collect();
    assert!(opens.iter().all(|open| !open.windows(6).any(|window| window == b"CANARY")));
    assert!(!format!("{changes:?}").contains("CANARY"), "nor is it ever traced");
}

#[test]
fn every_reason_to_say_no_has_its_name_and_begins_in_lower_case() {
    let all = every_rejection();
    let names: std::collections::BTreeSet<_> = all.iter().map(|no| no.reason()).collect();
    assert_eq!(names.len(), all.len(), "one of each");
    for no in all {
        assert!(no.reason().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{}", no.reason());
        let says = no.to_string();
        assert!(says.starts_with("TakeCase") || says.starts_with(char::is_lowercase), "{says}");
    }
}
