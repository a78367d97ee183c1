//! The work on a case: what each step asks, changes and refuses.

use super::book::{Book, conclusion, day, new_body, new_dispute};
use crate::domain::{
    BodyCommand, Booked, Case, CaseState, Command, Correction, NewDispute, Rejection, Side, Work,
    command::{Held, Planned},
    decide_case,
    file::{Difficulty, Direction, Instalment, MissedBy, ReferralKind, RiskKind, SessionState, Tendency, VisitResult},
};
use fengqiao_model::{ActorId, CaseId, Day, Text};
use fengqiao_statute::{AgreementForm, Force, Outcome, SessionMode};

fn actor(id: &str) -> ActorId {
    id.parse().unwrap()
}

fn text(text: &str) -> Text {
    Text::new(text, 1_000).unwrap()
}

impl Book {
    fn work(&mut self, case: CaseId, work: Work) -> Result<(), Rejection> {
        self.act(case, &Command::Work(Box::new(work))).map(drop)
    }

    fn refused(&mut self, case: CaseId, work: Work) -> String {
        let command = Command::Work(Box::new(work));
        match self.decide(case, &command) {
            Ok(_) => panic!("{command:?} has to be refused"),
            Err(Rejection::Field { field, .. }) => field.to_owned(),
            Err(other) => other.reason().to_owned(),
        }
    }

    fn due(&self, case: CaseId) -> (String, String) {
        let clock = self.case(case).handling.clone().unwrap();
        (clock.kpi_due.to_string(), clock.legal_due.to_string())
    }
}

/// A medical dispute at the doctors' committee, accepted on 13 September 2024: 30 working days, appraisal not counted (MED 38).
fn medical() -> (Book, CaseId) {
    let mut book = Book::new();
    book.at("2024-09-13", "doctors");
    book.body("doctors", BodyCommand::Register(Box::new(new_body("doctors", Force::Professional)))).unwrap();
    let new = NewDispute { dispute_type: "T15".to_owned(), take_here: true, ..new_dispute() };
    let case = book.open(&new).unwrap();
    (book, case)
}

fn suspend(cause: &str, from: &str) -> Work {
    Work::SuspendClock {
        cause: cause.to_owned(),
        from: Some(day(from)),
        document_number: text("鉴〔2024〕1号"),
        text: Text::default(),
    }
}

fn resume(cause: &str, until: &str) -> Work {
    Work::ResumeClock { cause: cause.to_owned(), until: Some(day(until)) }
}

fn extend(amount: u32) -> Work {
    Work::ExtendClock {
        amount,
        applicant_agrees: true,
        respondent_agrees: true,
        document_number: Text::default(),
        text: text("需要时间"),
    }
}

#[test]
fn appraisal_is_not_counted_and_extensions_run_from_the_day_without_it() {
    let (mut book, case) = medical();
    assert_eq!(book.due(case).1, "2024-10-31", "D§6.4: 30 W from 13 September 2024");
    book.at("2024-09-23", "doctors");
    book.work(case, suspend("medical_appraisal", "2024-09-18")).unwrap();
    assert_eq!(book.due(case).1, "2024-10-31", "while it lasts nobody knows for how long");
    assert_eq!(book.refused(case, suspend("medical_appraisal", "2024-09-19")), "cause", "it is suspended already");
    assert_eq!(book.refused(case, suspend("testing", "2024-09-19")), "cause", "the law names no testing here");
    assert_eq!(book.refused(case, resume("medical_appraisal", "2024-09-17")), "until_on");
    book.work(case, resume("medical_appraisal", "2024-09-20")).unwrap();
    // 18, 19 and 20 September are three working days.
    assert_eq!(book.due(case).1, "2024-11-05");
    // The same days again for the same cause are not left out twice.
    book.at("2024-09-24", "doctors");
    book.work(case, suspend("medical_appraisal", "2024-09-19")).unwrap();
    book.work(case, resume("medical_appraisal", "2024-09-23")).unwrap();
    assert_eq!(book.due(case).1, "2024-11-06", "only 23 September is new");
    assert_eq!(book.refused(case, resume("medical_appraisal", "2024-09-23")), "cause", "nothing is suspended");
    book.work(case, extend(5)).unwrap();
    assert_eq!(book.due(case).1, "2024-11-13", "five working days more");
    assert_eq!(book.case(case).file.extensions.len(), 1);
    let alone = Work::ExtendClock {
        amount: 5,
        applicant_agrees: true,
        respondent_agrees: false,
        document_number: Text::default(),
        text: text("需要时间"),
    };
    assert_eq!(book.refused(case, alone), "respondent_agrees");
    book.at("2024-11-14", "doctors");
    assert_eq!(book.refused(case, extend(5)), "CLOCK_LAPSED");
}

#[test]
fn a_correction_keeps_what_was_granted_and_what_is_not_counted() {
    let (mut book, case) = medical();
    book.at("2024-09-23", "doctors");
    book.work(case, suspend("medical_appraisal", "2024-09-18")).unwrap();
    book.work(case, resume("medical_appraisal", "2024-09-20")).unwrap();
    book.work(case, extend(5)).unwrap();
    let (before, mut correct) = (book.due(case), |correction: Correction| {
        let reason = "case.typing".to_owned();
        book.act(case, &Command::Correct { correction: Box::new(correction), reason, text: Text::default() }).unwrap();
        book.due(case)
    });
    assert_eq!(correct(Correction { claimed_fen: Some(200_000), ..Correction::default() }), before, "20,000 meant 2,000");
    assert_eq!(before.1, "2024-11-12", "30 W from 13 September, three not counted, five more");
    let accepted_on = Some(day("2024-09-12"));
    let applied_on = Some(day("2024-09-12"));
    let moved = correct(Correction { accepted_on, applied_on, ..Correction::default() });
    assert_eq!(moved.1, "2024-11-11", "one working day earlier");
}

#[test]
fn a_case_without_a_clock_has_nothing_to_suspend() {
    let mut book = Book::new();
    book.at("2024-03-04", "police");
    let case = book.open_here();
    if book.case(case).handling.is_none() {
        assert_eq!(book.refused(case, suspend("testing", "2024-03-04")), "NO_CLOCK");
        assert_eq!(book.refused(case, extend(5)), "NO_CLOCK");
    }
}

#[test]
fn mediators_come_leave_and_are_recused() {
    let mut book = Book::new();
    book.at("2024-03-04", "village");
    let case = book.open_here();
    let assign = |mediator: &str, instead_of: Option<&str>| Work::AssignMediator {
        mediator: actor(mediator),
        from: None,
        chosen_by_parties: true,
        instead_of: instead_of.map(actor),
    };
    let recuse = |mediator: &str| Work::RecuseMediator {
        mediator: actor(mediator),
        on: None,
        reason: "case.recuse_interest".to_owned(),
        text: Text::default(),
    };
    book.work(case, assign("m-1", None)).unwrap();
    book.work(case, assign("m-2", None)).unwrap();
    assert_eq!(book.case(case).mediator, "m-1", "the first leads");
    assert_eq!(book.refused(case, assign("m-1", None)), "mediator");
    assert_eq!(book.refused(case, assign("m-3", Some("m-9"))), "instead_of");
    book.work(case, recuse("m-1")).unwrap();
    assert_eq!(book.case(case).mediator, "m-2");
    assert_eq!(book.refused(case, assign("m-1", None)), "mediator", "who was recused does not come back");
    book.work(case, assign("m-3", Some("m-2"))).unwrap();
    let present: Vec<String> = book.case(case).file.present().map(|present| present.mediator.to_string()).collect();
    assert_eq!(present, ["m-3"]);
    assert_eq!(book.refused(case, recuse("m-2")), "mediator");
    let unknown = Work::RecuseMediator { mediator: actor("m-3"), on: None, reason: "case.gap".to_owned(), text: Text::default() };
    assert_eq!(book.refused(case, unknown), "reason");
}

fn planned(id: &str, starts_at: &str, room: &str) -> Planned {
    Planned {
        id: id.to_owned(),
        starts_at: starts_at.parse().unwrap(),
        minutes: 60,
        mode: SessionMode::OnSite,
        room: room.to_owned(),
        mediators: vec![actor("m-1")],
        notified_on: None,
        text: Text::default(),
    }
}

fn held(id: &str, planned: bool) -> Held {
    Held {
        id: id.to_owned(),
        planned,
        held_at: None,
        minutes: 45,
        mode: None,
        missed_by: None,
        invited: Vec::new(),
        invited_consented: false,
        recorded: false,
        recording_consented: false,
        text: Text::default(),
    }
}

#[test]
fn nobody_is_in_two_sessions_at_once() {
    let mut book = Book::new();
    book.at("2024-03-04", "village");
    let case = book.open_here();
    let dispute = book.of_case(case);
    let first = planned("s-1", "2024-03-11T09:00", "room-1");
    book.work(case, Work::ScheduleSession(Box::new(first.clone()))).unwrap();
    let booked: Vec<Booked> = first
        .wanted(&first.mediators)
        .into_iter()
        .map(|(resource, slot)| Booked { resource, slot, session: "s-1".to_owned() })
        .collect();
    assert_eq!(booked.len(), 24, "twelve slots of five minutes for one mediator and one room");
    let decide = |book: &Book, planned: Planned| {
        let mut context = book.context();
        context.booked = &booked;
        let command = Command::Work(Box::new(Work::ScheduleSession(Box::new(planned))));
        decide_case(&book.group(dispute), dispute, case, case, &command, &book.house(), &context).map(drop)
    };
    let conflict = |answer: Result<(), Rejection>| matches!(answer, Err(Rejection::CalendarConflict { .. }));
    assert!(conflict(decide(&book, planned("s-2", "2024-03-11T09:55", ""))), "the mediator");
    let other = |room: &str, at: &str| Planned { mediators: vec![actor("m-2")], ..planned("s-2", at, room) };
    assert!(conflict(decide(&book, other("room-1", "2024-03-11T08:05"))), "the room");
    assert_eq!(decide(&book, other("room-2", "2024-03-11T09:00")), Ok(()));
    assert_eq!(decide(&book, other("room-1", "2024-03-11T10:00")), Ok(()), "sessions that touch do not overlap");
    assert_eq!(
        decide(&book, planned("s-1", "2024-03-11T09:30", "room-1")),
        Ok(()),
        "a session that moves is not its own conflict"
    );
}

#[test]
fn a_session_is_planned_held_or_missed() {
    let mut book = Book::new();
    book.at("2024-03-04", "village");
    let case = book.open_here();
    assert_eq!(book.refused(case, Work::ScheduleSession(Box::new(planned("s-1", "2024-03-03T09:00", "")))), "starts_at");
    let remote = Planned { mode: SessionMode::Remote, ..planned("s-1", "2024-03-05T09:00", "room-1") };
    assert_eq!(book.refused(case, Work::ScheduleSession(Box::new(remote))), "room");
    book.work(case, Work::ScheduleSession(Box::new(planned("s-1", "2024-03-05T09:00", "room-1")))).unwrap();
    book.work(case, Work::ScheduleSession(Box::new(planned("s-2", "2024-03-09T19:00", "room-1")))).unwrap();
    book.at("2024-03-10", "village");
    assert_eq!(book.refused(case, Work::RecordSession(Box::new(held("s-9", true)))), "session_id");
    let helped = Held { invited: vec![crate::domain::file::Invited::Lawyer], ..held("s-1", true) };
    assert_eq!(book.refused(case, Work::RecordSession(Box::new(helped))), "invited_consented");
    let recorded = Held { recorded: true, ..held("s-1", true) };
    assert_eq!(book.refused(case, Work::RecordSession(Box::new(recorded))), "recording_consented");
    let nothing = Held { minutes: 0, ..held("s-1", true) };
    assert_eq!(book.refused(case, Work::RecordSession(Box::new(nothing))), "minutes");
    book.work(case, Work::RecordSession(Box::new(held("s-1", true)))).unwrap();
    let missed = Held { minutes: 0, missed_by: Some(MissedBy::Respondent), ..held("s-2", true) };
    book.work(case, Work::RecordSession(Box::new(missed))).unwrap();
    let unplanned =
        Held { held_at: Some("2024-03-10T10:00".parse().unwrap()), mode: Some(SessionMode::Remote), ..held("s-3", false) };
    book.work(case, Work::RecordSession(Box::new(unplanned))).unwrap();
    let sessions = book.case(case).file.sessions.clone();
    let states: Vec<_> = sessions.iter().map(|session| (session.state, session.inside_hours)).collect();
    assert_eq!(
        states,
        [(SessionState::Held, true), (SessionState::Missed, false), (SessionState::Held, false)],
        "a Tuesday morning; a Saturday evening; a Sunday"
    );
    assert_eq!(book.case(case).session_mode, Some(SessionMode::Mixed));
    assert_eq!(book.refused(case, Work::RecordSession(Box::new(held("s-1", true)))), "session_id", "it is over");
    assert!(sessions.iter().all(|session| session.takes().is_empty()), "what is over takes nobody's time");
}

#[test]
fn consent_is_given_and_taken_back_before_the_start_only() {
    let mut book = Book::new();
    let new = NewDispute { respondent_consents: false, ..new_dispute() };
    let case = book.open(&new).unwrap();
    let consent = |side, consents| Work::Consent { side, consents, on: None, text: Text::default() };
    assert_eq!(book.refused(case, consent(Side::Applicant, true)), "consents", "it is so already");
    book.work(case, consent(Side::Respondent, true)).unwrap();
    book.work(case, consent(Side::Applicant, false)).unwrap();
    assert!(!book.case(case).applicant_consents && book.case(case).respondent_consents);
    book.work(case, consent(Side::Applicant, true)).unwrap();
    let here = book.open_here();
    assert_eq!(book.refused(here, consent(Side::Applicant, false)), "STATE_FORBIDS", "an end of it ends the case");
}

#[test]
fn risks_are_raised_and_must_be_handled() {
    let mut book = Book::new();
    book.at("2024-03-04", "village");
    let case = book.open_here();
    let raise =
        |kind, persons, police| Work::RaiseRisk { kind, persons, on: None, reported_to_police: police, text: Text::default() };
    assert_eq!(book.refused(case, raise(RiskKind::Crime, 4, false)), "reported_to_police");
    assert_eq!(book.refused(case, raise(RiskKind::Suicide, 0, false)), "persons");
    book.work(case, raise(RiskKind::Crime, 4, true)).unwrap();
    let resolve = |risk, averted| Work::ResolveRisk { risk, averted, on: None, text: Text::default() };
    assert_eq!(book.refused(case, resolve(2, true)), "risk");
    book.work(case, resolve(1, true)).unwrap();
    assert_eq!(book.refused(case, resolve(1, true)), "risk", "it was handled");
    let risk = &book.case(case).file.risks[0];
    assert_eq!((risk.averted, risk.persons, risk.resolved_on), (true, 4, Some(day("2024-03-04"))));
}

#[test]
fn grade_and_leader() {
    let mut book = Book::new();
    let case = book.open(&new_dispute()).unwrap();
    let grade =
        Work::SetGrade { difficulty: Some(Difficulty::Major), risk_level: None, tendencies: vec![Tendency::MayBecomeGroup] };
    book.at("2024-03-04", "village");
    let coordinator = book.work(case, grade);
    assert_eq!(coordinator, Ok(()));
    assert!(book.case(case).hard, "what is major is hard in the statistics");
    let leader = |leader: Option<&str>, due: Option<&str>| Work::AssignLeader { leader: leader.map(actor), due_on: due.map(day) };
    assert_eq!(book.refused(case, leader(Some("l-1"), None)), "due_on");
    assert_eq!(book.refused(case, leader(None, None)), "leader");
    assert_eq!(book.refused(case, leader(Some("l-1"), Some("2024-03-03"))), "due_on");
    book.work(case, leader(Some("l-1"), Some("2024-03-31"))).unwrap();
    book.work(case, leader(None, None)).unwrap();
    assert_eq!(book.case(case).file.leader, None);
}

/// A case of the village with a written agreement over 20,000 yuan of 30 May 2024.
fn agreed() -> (Book, CaseId) {
    let mut book = Book::new();
    book.at("2024-05-06", "village");
    let case = book.open_here();
    book.at("2024-05-30", "village");
    let conclusion = crate::domain::Conclusion {
        agreement_form: Some(AgreementForm::Written),
        agreed_fen: 200_0000,
        performance_due: Some(day("2024-07-31")),
        ..conclusion(Outcome::Agreed)
    };
    book.act(case, &Command::Conclude(Box::new(conclusion))).unwrap();
    (book, case)
}

fn part(due_on: &str, due_fen: i64) -> Instalment {
    Instalment { due_on: day(due_on), due_fen, paid_fen: 0, paid_on: None, default_reason: String::new() }
}

#[test]
fn instalments_add_up_and_are_paid_one_by_one() {
    let (mut book, case) = agreed();
    let plan = |parts: &[Instalment]| Work::PlanPerformance { instalments: parts.to_vec() };
    assert_eq!(book.refused(case, plan(&[part("2024-06-30", 1_000_000)])), "instalments", "not the whole");
    assert_eq!(
        book.refused(case, plan(&[part("2024-07-30", 1_500_000), part("2024-06-30", 500_000)])),
        "instalments",
        "not in order"
    );
    book.work(case, plan(&[part("2024-06-30", 1_500_000), part("2024-07-30", 500_000)])).unwrap();
    assert_eq!(book.case(case).performance_due, Some(day("2024-07-30")));
    let pay = |instalment, paid_fen, reason: &str| Work::RecordInstalment {
        instalment,
        paid_fen,
        on: None,
        default_reason: reason.to_owned(),
        text: Text::default(),
    };
    assert_eq!(book.refused(case, pay(1, 500_000, "case.cannot_pay")), "paid_on", "before the day nobody is in default");
    book.at("2024-06-20", "village");
    book.work(case, pay(1, 500_000, "")).unwrap();
    assert_eq!(book.refused(case, pay(1, 400_000, "")), "paid_fen", "what was paid was paid");
    assert_eq!(book.refused(case, plan(&[part("2024-06-30", 200_0000)])), "instalments");
    book.at("2024-07-05", "village");
    let reason = book.law.reasons.for_transition("default", day("2024-07-05"))[0].code.clone();
    book.work(case, pay(1, 500_000, &reason)).unwrap();
    assert_eq!(book.case(case).file.instalments[0].default_reason, reason);
    book.work(case, pay(1, 1_500_000, "")).unwrap();
    assert_eq!(book.case(case).performed_on, None);
    book.at("2024-07-20", "village");
    book.work(case, pay(2, 500_000, "")).unwrap();
    let paid: &Case = book.case(case);
    assert_eq!((paid.paid_fen, paid.performed_on), (200_0000, Some(day("2024-07-20"))));
    assert_eq!(book.refused(case, pay(2, 500_000, "")), "instalment");
    assert_eq!(book.refused(case, pay(3, 1, "")), "instalment");
}

#[test]
fn an_agreement_is_amended_by_both_and_annulled_by_two() {
    let (mut book, case) = agreed();
    book.at("2024-06-10", "village");
    let amend = |fen, due: &str| Work::AmendAgreement {
        on: None,
        agreed_fen: fen,
        performance_due: Some(day(due)),
        document_number: text("（2024）金黎民调字第12号"),
        text: text("改为一万五千元"),
    };
    assert_eq!(book.refused(case, amend(1_500_000, "2024-06-09")), "performance_due");
    book.work(case, amend(1_500_000, "2024-08-31")).unwrap();
    let amended = book.case(case);
    assert_eq!((amended.agreed_fen, amended.performance_due), (1_500_000, Some(day("2024-08-31"))));
    assert_eq!(amended.file.agreement_number, "（2024）金黎民调字第12号");
    let annul = |by: &str| Work::AnnulAgreement {
        on: None,
        reason: "case.annul_sham".to_owned(),
        text: Text::default(),
        approved_by: actor(by),
    };
    let own = book.caller.id.to_string();
    assert_eq!(book.refused(case, annul(&own)), "SAME_PERSON");
    book.work(case, annul("second")).unwrap();
    let annulled = book.case(case);
    assert_eq!((annulled.state, annulled.outcome, annulled.agreed_fen), (CaseState::Terminated, Some(Outcome::Terminated), 0));
    let dispute = book.of_case(case);
    assert_eq!(book.milestones(dispute), ["accepted 2024-05-06 people", "concluded 2024-05-30 people"], "no longer resolved");
    assert_eq!(book.refused(case, amend(1, "2024-08-31")), "STATE_FORBIDS");
}

#[test]
fn a_referral_has_the_clock_of_its_kind_and_is_reported_back() {
    let mut book = Book::new();
    book.at("2024-09-13", "court");
    let case = book.open_here();
    let refer = |direction, kind| Work::ReferToCourt {
        direction,
        kind,
        court: text("某县人民法院"),
        case_number: text("（2024）苏0831诉前调12号"),
        on: None,
    };
    assert_eq!(book.refused(case, refer(Direction::In, None)), "kind");
    assert_eq!(book.refused(case, refer(Direction::Out, Some(ReferralKind::BeforeFiling))), "kind");
    book.work(case, refer(Direction::In, Some(ReferralKind::AfterFilingOrdinary))).unwrap();
    assert_eq!(book.case(case).handling.as_ref().unwrap().rule, "J-02");
    assert_eq!(book.due(case), ("2024-09-28".to_owned(), "2024-09-29".to_owned()), "D§6.4: 15 D from 13 September 2024");
    assert_eq!(book.refused(case, refer(Direction::Out, None)), "direction");
    let report = || Work::ReportToCourt { on: None, document_number: text("函1号") };
    assert_eq!(book.refused(case, report()), "STATE_FORBIDS");
    book.at("2024-09-20", "court");
    book.act(case, &Command::Conclude(Box::new(conclusion(Outcome::Withdrawn)))).unwrap();
    book.work(case, report()).unwrap();
    assert_eq!(book.case(case).file.court.as_ref().unwrap().reported_on, Some(day("2024-09-20")));
    assert_eq!(book.refused(case, report()), "reported_on");
}

#[test]
fn a_file_is_complete_or_its_gap_is_explained() {
    let (mut book, case) = agreed();
    let archive = |papers: &[&str], gap: &str| Work::Archive {
        on: None,
        papers: papers.iter().map(|paper| (*paper).to_owned()).collect(),
        retention: "years_30".to_owned(),
        gap_explained: text(gap),
    };
    let whole = ["cover", "index", "acceptance_register", "rights_notice", "identity", "record", "agreement", "back_cover"];
    assert_eq!(book.refused(case, archive(&["cover", "diary"], "")), "papers");
    match book.decide(case, &Command::Work(Box::new(archive(&whole[..6], "")))) {
        Err(Rejection::FileIncomplete { missing }) => assert_eq!(missing, "agreement, back_cover"),
        other => panic!("{other:?}"),
    }
    book.work(case, archive(&whole[..7], "封底遗失，已补说明")).unwrap();
    assert_eq!(book.case(case).file.archived.as_ref().unwrap().missing, ["back_cover"]);
    book.work(case, archive(&whole, "")).unwrap();
    assert_eq!(book.refused(case, archive(&whole, "")), "archived_on");
}

#[test]
fn a_visit_fulfils_the_oldest_plan() {
    let (mut book, case) = agreed();
    let plan = |on: &str| Work::PlanFollowUp { planned_on: day(on), text: Text::default() };
    let visit = |on: &str| Work::FollowUp {
        visited_on: day(on),
        result: VisitResult::Performing,
        satisfaction: None,
        text: Text::default(),
    };
    assert_eq!(book.refused(case, plan("2024-05-29")), "planned_on");
    book.work(case, plan("2024-08-30")).unwrap();
    book.at("2024-09-02", "village");
    book.work(case, visit("2024-09-01")).unwrap();
    book.work(case, visit("2024-09-02")).unwrap();
    let visits: Vec<(Option<Day>, Option<Day>)> =
        book.case(case).file.follow_ups.iter().map(|visit| (visit.planned_on, visit.visited_on)).collect();
    assert_eq!(visits, [(Some(day("2024-08-30")), Some(day("2024-09-01"))), (None, Some(day("2024-09-02")))]);
}

#[test]
fn who_assists_does_not_have_the_case() {
    let mut book = Book::new();
    book.at("2024-03-04", "village");
    let case = book.open_here();
    let join = |body: &str| Work::JoinBody { body: body.parse().unwrap(), from: None };
    assert_eq!(book.refused(case, join("village")), "body");
    assert_eq!(book.refused(case, join("nobody")), "BODY_NOT_FOUND");
    book.work(case, join("police")).unwrap();
    assert_eq!(book.refused(case, join("police")), "body");
    let loads: Vec<u32> = ["village", "police"].map(|body| book.house().find(body).unwrap().open).to_vec();
    assert_eq!(loads, [1, 0], "the lead is counted");
    book.work(case, Work::LeaveBody { body: "police".parse().unwrap(), until: None }).unwrap();
    assert_eq!(book.refused(case, Work::LeaveBody { body: "police".parse().unwrap(), until: None }), "body");
}
