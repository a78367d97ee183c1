//! The calls about the work on a case.

use super::{changes, reader::Reader};
use crate::{
    app,
    domain::{
        Command, Expected, Held, Planned, Side, Work,
        file::{
            Difficulty, Direction, Instalment, Invited, Minute, MissedBy, ReferralKind, RiskKind, RiskLevel, Satisfaction,
            Tendency, VisitResult,
        },
    },
};
use fengqiao_model::{ActorId, CaseId, Token};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::SessionMode;

/// The longest free text of a step, and of a record or an agreement.
const TEXT: usize = 2_000;
const LONG_TEXT: usize = 20_000;
/// The longest number of a document, and name of a court.
const DOCUMENT: usize = 100;
/// The longest that a session may be planned, and may last, in minutes.
const PLANNED: i32 = 720;
const LASTED: i32 = 1_440;
/// The most mediators of a session, helpers, instalments and papers.
const MEDIATORS: usize = 10;
const INVITED: usize = 20;
const INSTALMENTS: usize = 60;
const PAPERS: usize = 40;

fn change(id: CaseId, expected: Expected, work: Box<Work>) -> app::Work {
    app::Work::Case { id, expected, command: Box::new(Command::Work(work)) }
}

changes! {
    case_id: CaseId, change;
    /// RecordConsent.
    consent(request: pb::RecordConsentRequest, reader) -> {
        let side = reader.one_of("side", &request.side, [Side::Applicant, Side::Respondent], Side::code);
        let (on, text) = (reader.day("consented_on", &request.consented_on), reader.text("text", &request.text, TEXT));
        side.map(|side| Work::Consent { side, consents: request.consents, on, text })
    };
    /// AssignMediator.
    assign_mediator(request: pb::AssignMediatorRequest, reader) -> {
        let mediator: Option<ActorId> = reader.required("mediator", &request.mediator);
        let instead_of = reader.optional("instead_of", &request.instead_of);
        let from = reader.day("from_on", &request.from_on);
        mediator.map(|mediator| Work::AssignMediator { mediator, from, chosen_by_parties: request.chosen_by_parties, instead_of })
    };
    /// RecuseMediator.
    recuse_mediator(request: pb::RecuseMediatorRequest, reader) -> {
        let mediator: Option<ActorId> = reader.required("mediator", &request.mediator);
        let (on, reason) = (reader.day("on", &request.on), reader.reason("reason", &request.reason));
        let text = reader.text("text", &request.text, TEXT);
        mediator.map(|mediator| Work::RecuseMediator { mediator, on, reason, text })
    };
    /// ScheduleSession.
    schedule_session(request: pb::ScheduleSessionRequest, reader) -> planned(request, reader);
    /// RecordSession.
    record_session(request: pb::RecordSessionRequest, reader) -> held(request, reader);
    /// SuspendClock.
    suspend_clock(request: pb::SuspendClockRequest, reader) -> Some(Work::SuspendClock {
        cause: reader.reason("cause", &request.cause),
        from: reader.day("from_on", &request.from_on),
        document_number: reader.required_text("document_number", &request.document_number, DOCUMENT),
        text: reader.text("text", &request.text, TEXT),
    });
    /// ResumeClock.
    resume_clock(request: pb::ResumeClockRequest, reader) -> Some(Work::ResumeClock {
        cause: reader.reason("cause", &request.cause),
        until: reader.day("until_on", &request.until_on),
    });
    /// ExtendClock.
    extend_clock(request: pb::ExtendClockRequest, reader) -> Some(Work::ExtendClock {
        amount: at_least_one("amount", request.amount, 3_660, reader),
        applicant_agrees: request.applicant_agrees,
        respondent_agrees: request.respondent_agrees,
        document_number: reader.text("document_number", &request.document_number, DOCUMENT),
        text: reader.required_text("text", &request.text, TEXT),
    });
    /// JoinBody.
    join_body(request: pb::JoinBodyRequest, reader) -> {
        let (body, from) = (reader.required::<Token>("body", &request.body), reader.day("from_on", &request.from_on));
        body.map(|body| Work::JoinBody { body, from })
    };
    /// LeaveBody.
    leave_body(request: pb::LeaveBodyRequest, reader) -> {
        let (body, until) = (reader.required::<Token>("body", &request.body), reader.day("until_on", &request.until_on));
        body.map(|body| Work::LeaveBody { body, until })
    };
    /// RaiseRisk.
    raise_risk(request: pb::RaiseRiskRequest, reader) -> {
        let kind = reader.one_of("kind", &request.kind, RiskKind::ALL, RiskKind::code);
        let persons = at_least_one("persons", request.persons, 9_999, reader);
        let (on, text) = (reader.day("raised_on", &request.raised_on), reader.text("text", &request.text, TEXT));
        kind.map(|kind| Work::RaiseRisk { kind, persons, on, reported_to_police: request.reported_to_police, text })
    };
    /// ResolveRisk.
    resolve_risk(request: pb::ResolveRiskRequest, reader) -> Some(Work::ResolveRisk {
        risk: place("risk", request.risk, reader),
        averted: request.averted,
        on: reader.day("resolved_on", &request.resolved_on),
        text: reader.text("text", &request.text, TEXT),
    });
    /// RecordFollowUp: a plan, or a visit made.
    follow_up(request: pb::RecordFollowUpRequest, reader) -> visit(request, reader);
    /// SetGrade.
    grade(request: pb::SetGradeRequest, reader) -> {
        let difficulty = reader.one_of_or_none("difficulty", &request.difficulty, Difficulty::ALL, Difficulty::code);
        let risk_level = reader.one_of_or_none("risk_level", &request.risk_level, RiskLevel::ALL, RiskLevel::code);
        let flags = [request.may_turn_criminal, request.may_become_group, request.may_disturb_order];
        let tendencies = Tendency::ALL.into_iter().zip(flags).filter(|(_, set)| *set).map(|(tendency, _)| tendency).collect();
        Some(Work::SetGrade { difficulty, risk_level, tendencies })
    };
    /// AssignLeader.
    assign_leader(request: pb::AssignLeaderRequest, reader) -> Some(Work::AssignLeader {
        leader: reader.optional("leader", &request.leader),
        due_on: reader.day("due_on", &request.due_on),
    });
    /// AmendAgreement.
    amend_agreement(request: pb::AmendAgreementRequest, reader) -> Some(Work::AmendAgreement {
        on: reader.day("amended_on", &request.amended_on),
        agreed_fen: reader.amount("agreed_fen", request.agreed_fen),
        performance_due: reader.day("performance_due", &request.performance_due),
        document_number: reader.text("document_number", &request.document_number, DOCUMENT),
        text: reader.required_text("text", &request.text, LONG_TEXT),
    });
    /// AnnulAgreement.
    annul_agreement(request: pb::AnnulAgreementRequest, reader) -> {
        let (on, reason) = (reader.day("annulled_on", &request.annulled_on), reader.reason("reason", &request.reason));
        let text = reader.text("text", &request.text, TEXT);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| Work::AnnulAgreement { on, reason, text, approved_by })
    };
    /// PlanPerformance.
    plan_performance(request: pb::PlanPerformanceRequest, reader) -> {
        let count = request.instalments.len();
        if !(1..=INSTALMENTS).contains(&count) {
            reader.wrong("instalments", format!("must be 1 to {INSTALMENTS}"));
        }
        let instalments = request.instalments.iter().take(INSTALMENTS).enumerate();
        let instalments: Option<Vec<Instalment>> = instalments.map(|(index, plan)| instalment(index, plan, reader)).collect();
        instalments.map(|instalments| Work::PlanPerformance { instalments })
    };
    /// RecordInstalment.
    record_instalment(request: pb::RecordInstalmentRequest, reader) -> Some(Work::RecordInstalment {
        instalment: place("instalment", request.instalment, reader),
        paid_fen: reader.amount("paid_fen", request.paid_fen),
        on: reader.day("paid_on", &request.paid_on),
        default_reason: reader.code_or_none("default_reason", &request.default_reason),
        text: reader.text("text", &request.text, TEXT),
    });
    /// ReferToCourt.
    refer_to_court(request: pb::ReferToCourtRequest, reader) -> {
        let direction = reader.one_of("direction", &request.direction, Direction::ALL, Direction::code);
        let kind = reader.one_of_or_none("kind", &request.kind, ReferralKind::ALL, ReferralKind::code);
        let court = reader.required_text("court", &request.court, DOCUMENT);
        let case_number = reader.text("case_number", &request.case_number, DOCUMENT);
        let on = reader.day("on", &request.on);
        direction.map(|direction| Work::ReferToCourt { direction, kind, court, case_number, on })
    };
    /// ReportToCourt.
    report_to_court(request: pb::ReportToCourtRequest, reader) -> Some(Work::ReportToCourt {
        on: reader.day("reported_on", &request.reported_on),
        document_number: reader.required_text("document_number", &request.document_number, DOCUMENT),
    });
    /// ArchiveCase.
    archive(request: pb::ArchiveCaseRequest, reader) -> Some(Work::Archive {
        on: reader.day("archived_on", &request.archived_on),
        papers: reader.codes("papers", &request.papers, PAPERS),
        retention: reader.reason("retention", &request.retention),
        gap_explained: reader.text("gap_explained", &request.gap_explained, TEXT),
    });
}

fn at_least_one(field: &str, count: i32, most: i32, reader: &mut Reader) -> u32 {
    if !(1..=most).contains(&count) {
        reader.wrong(field, format!("must be from 1 to {most}"));
    }
    u32::try_from(count).unwrap_or(0)
}

/// A place in a list of the case, from 1; that there is such a one, the rules say.
fn place(field: &str, place: i32, reader: &mut Reader) -> usize {
    usize::try_from(at_least_one(field, place, 10_000, reader)).unwrap_or(0)
}

/// The id of a session: given, or the request's own, which is as good: a repetition means the same session.
fn session_id(given: &str, request_id: &str, reader: &mut Reader) -> Option<String> {
    if given.is_empty() {
        Some(request_id.to_lowercase())
    } else {
        reader.required::<CaseId>("session_id", given).map(|id| id.to_string())
    }
}

fn planned(request: &pb::ScheduleSessionRequest, reader: &mut Reader) -> Option<Work> {
    let id = session_id(&request.session_id, &request.request_id, reader);
    let starts_at: Option<Minute> = reader.required("starts_at", &request.starts_at);
    let mode = reader.one_of("mode", &request.mode, SessionMode::ALL, SessionMode::code);
    if !(5..=PLANNED).contains(&request.minutes) {
        reader.wrong("minutes", format!("must be from 5 to {PLANNED}"));
    }
    let room = reader.code_or_none("room", &request.room);
    let mediators = reader.codes("mediators", &request.mediators, MEDIATORS);
    let mediators: Vec<ActorId> = mediators.iter().filter_map(|id| reader.required("mediators", id)).collect();
    let notified_on = reader.day("notified_on", &request.notified_on);
    let text = reader.text("text", &request.text, TEXT);
    Some(Work::ScheduleSession(Box::new(Planned {
        id: id?,
        starts_at: starts_at?,
        minutes: u32::try_from(request.minutes).ok()?,
        mode: mode?,
        room,
        mediators,
        notified_on,
        text,
    })))
}

fn held(request: &pb::RecordSessionRequest, reader: &mut Reader) -> Option<Work> {
    let id = session_id(&request.session_id, &request.request_id, reader);
    let held_at = reader.optional("held_at", &request.held_at);
    let minutes = reader.count("minutes", request.minutes, LASTED);
    let mode = reader.one_of_or_none("mode", &request.mode, SessionMode::ALL, SessionMode::code);
    let missed_by = reader.one_of_or_none("missed_by", &request.missed_by, MissedBy::ALL, MissedBy::code);
    let invited: Vec<Invited> = reader
        .codes("invited", &request.invited, INVITED)
        .iter()
        .filter_map(|kind| reader.one_of("invited", kind, Invited::ALL, Invited::code))
        .collect();
    let text = reader.text("minutes_text", &request.minutes_text, LONG_TEXT);
    Some(Work::RecordSession(Box::new(Held {
        id: id?,
        planned: !request.session_id.is_empty(),
        held_at,
        minutes,
        mode,
        missed_by,
        invited,
        invited_consented: request.invited_consented,
        recorded: request.recorded,
        recording_consented: request.recording_consented,
        text,
    })))
}

fn visit(request: &pb::RecordFollowUpRequest, reader: &mut Reader) -> Option<Work> {
    let planned_on = reader.day("planned_on", &request.planned_on);
    let visited_on = reader.day("visited_on", &request.visited_on);
    let result = reader.one_of_or_none("result", &request.result, VisitResult::ALL, VisitResult::code);
    let satisfaction = reader.one_of_or_none("satisfaction", &request.satisfaction, Satisfaction::ALL, Satisfaction::code);
    let text = reader.text("text", &request.text, TEXT);
    match (request.planned_on.is_empty(), request.visited_on.is_empty()) {
        (true, true) | (false, false) => {
            reader.wrong("visited_on", "exactly one of planned_on and visited_on must be given");
            None
        }
        (false, true) => {
            if result.is_some() || satisfaction.is_some() {
                reader.wrong("result", "must be empty for a plan, and satisfaction too");
            }
            planned_on.map(|planned_on| Work::PlanFollowUp { planned_on, text })
        }
        (true, false) => {
            if request.result.is_empty() {
                reader.wrong("result", "must be given for a visit made");
            }
            Some(Work::FollowUp { visited_on: visited_on?, result: result?, satisfaction, text })
        }
    }
}

fn instalment(index: usize, plan: &pb::Instalment, reader: &mut Reader) -> Option<Instalment> {
    let due_on = reader.required(&format!("instalments[{index}].due_on"), &plan.due_on);
    let due_fen = reader.amount(&format!("instalments[{index}].due_fen"), plan.due_fen);
    if plan.paid_fen != 0 || !plan.paid_on.is_empty() || !plan.default_reason.is_empty() {
        reader.wrong(&format!("instalments[{index}]"), "must have due_on and due_fen only: the rest is output");
    }
    Some(Instalment { due_on: due_on?, due_fen, paid_fen: 0, paid_on: None, default_reason: String::new() })
}
