//! Requests as a client makes them: correct, each with a fresh id, to be spoilt by the tests.

use crate::county::VILLAGE;
use fengqiao_model::{IdSource, Instant, ManualClock, RequestId};
use fengqiao_proto::mediation::v1 as pb;
use std::sync::LazyLock;

/// The ledger of imported rows.
pub const LEDGER: &str = "台账";

/// A new id of version 7.
pub fn id() -> String {
    static CLOCK: LazyLock<ManualClock> = LazyLock::new(|| ManualClock::new(Instant(1_772_400_000_000_000)));
    RequestId::from_bytes(IdSource::default().mint(&*CLOCK)).to_string()
}

/// A party of a side.
pub fn party(name: &str, side: &str) -> pb::Party {
    pb::Party { name: name.to_owned(), side: side.to_owned(), ..Default::default() }
}

/// A quarrel of two neighbours, both willing.
pub fn quarrel() -> pb::NewDispute {
    pb::NewDispute {
        dispute_type: "T02".to_owned(),
        source: "applied".to_owned(),
        division_code: VILLAGE.to_owned(),
        title: "院墙".to_owned(),
        narrative: "两家为院墙争执".to_owned(),
        parties: vec![party("王小明", "applicant"), party("李大山", "respondent")],
        applicant_consents: true,
        respondent_consents: true,
        ..Default::default()
    }
}

/// Logs a dispute.
pub fn open(dispute: pb::NewDispute) -> pb::OpenCaseRequest {
    pb::OpenCaseRequest { request_id: id(), dispute: Some(dispute), ..Default::default() }
}

/// Registers a body.
pub fn register(body: pb::NewBody) -> pb::RegisterBodyRequest {
    pb::RegisterBodyRequest { request_id: id(), body: Some(body), device: None }
}

/// The id of a case.
pub fn case_id(case: &pb::Case) -> String {
    case.facts.as_ref().unwrap().case_id.clone()
}

macro_rules! changes {
    ($of:ident: $kind:ty, $field:ident = $id:expr; $($(#[$doc:meta])* $name:ident: $request:ident { $($part:ident: $value:expr),* };)*) => {$(
        $(#[$doc])*
        pub fn $name($of: &$kind) -> pb::$request {
            pb::$request {
                request_id: id(),
                $field: $id,
                etag: $of.etag.clone(),
                $($part: $value.into(),)*
                ..Default::default()
            }
        }
    )*};
}

changes! {
    case: pb::Case, case_id = case_id(case);
    /// Dispatches it where the rules say.
    dispatch: DispatchCaseRequest {};
    /// Takes it today.
    take: TakeCaseRequest { mediator: "med-7" };
    /// Gives it back.
    give_back: ReturnCaseRequest { reason: "case.no_capacity" };
    /// Does not accept it.
    decline: DeclineCaseRequest { reason: "case.not_our_scope" };
    /// The other side refuses.
    refuse: RecordRefusalRequest { reason: "case.respondent_refuses" };
    /// Gives it to the township.
    transfer: TransferCaseRequest { to_body: "township", reason: "case.higher_level" };
    /// An agreement in writing of 20,000 yuan, due at the end of the month.
    agree: ConcludeCaseRequest {
        outcome: "agreed", agreement_form: "written", agreed_fen: 2_000_000_i64, performance_due: "2026-03-31",
        session_mode: "on_site"
    };
    /// No agreement.
    fail: ConcludeCaseRequest { outcome: "failed", reason: "case.gap_too_large" };
    /// Paid in full today.
    perform: RecordPerformanceRequest { paid_fen: 2_000_000_i64, in_full: true };
    /// Applies to the court today.
    apply: RecordConfirmationRequest { applied_on: "2026-03-02" };
    /// The court confirms.
    confirm: RecordConfirmationRequest { confirmation: "confirmed" };
    /// Voids it, with the agreement of coord-2.
    void: VoidCaseRequest { reason: "case.void_error", approved_by: "coord-2" };
}

changes! {
    case: pb::Case, case_id = case_id(case);
    /// The applicant consents no more.
    consent: RecordConsentRequest { side: "applicant" };
    /// A second mediator.
    assign_mediator: AssignMediatorRequest { mediator: "med-8" };
    /// The mediator has an interest.
    recuse_mediator: RecuseMediatorRequest { mediator: "med-7", reason: "case.recuse_interest" };
    /// An hour in a room, a week from today.
    schedule_session: ScheduleSessionRequest { starts_at: "2026-03-09T09:00", minutes: 60, mode: "on_site", room: "room-1" };
    /// Forty minutes this morning.
    record_session: RecordSessionRequest { held_at: "2026-03-02T09:30", minutes: 40, mode: "on_site" };
    /// Appraisal from today on.
    suspend_clock: SuspendClockRequest { cause: "medical_appraisal", document_number: "鉴〔2026〕1号" };
    /// Appraisal until today.
    resume_clock: ResumeClockRequest { cause: "medical_appraisal" };
    /// Five days more.
    extend_clock: ExtendClockRequest { amount: 5, applicant_agrees: true, respondent_agrees: true, text: "双方同意延长" };
    /// The bureau assists.
    join_body: JoinBodyRequest { body: "bureau" };
    /// The bureau assists no more.
    leave_body: LeaveBodyRequest { body: "bureau" };
    /// Four persons might fight.
    raise_risk: RaiseRiskRequest { kind: "armed_fight", persons: 4 };
    /// They did not.
    resolve_risk: ResolveRiskRequest { risk: 1, averted: true };
    /// A visit today.
    follow_up: RecordFollowUpRequest { visited_on: "2026-03-02", result: "performing", satisfaction: "satisfied" };
    /// Hard, and risky.
    grade: SetGradeRequest { difficulty: "hard", risk_level: "high", may_become_group: true };
    /// A leader, until the end of the month.
    assign_leader: AssignLeaderRequest { leader: "leader-1", due_on: "2026-03-31" };
    /// 15,000 yuan instead.
    amend_agreement: AmendAgreementRequest { agreed_fen: 1_500_000_i64, performance_due: "2026-04-30", text: "改为一万五千元" };
    /// Sham, with the agreement of coord-2.
    annul_agreement: AnnulAgreementRequest { reason: "case.annul_sham", approved_by: "coord-2" };
    /// Two instalments of 10,000 yuan.
    plan_performance: PlanPerformanceRequest { instalments: [part("2026-03-15", 1_000_000), part("2026-03-31", 1_000_000)] };
    /// The first is paid.
    pay_instalment: RecordInstalmentRequest { instalment: 1, paid_fen: 1_000_000_i64 };
    /// From the court, before filing.
    refer_to_court: ReferToCourtRequest { direction: "in", kind: "before_filing", court: "某县人民法院" };
    /// Reported back.
    report_to_court: ReportToCourtRequest { document_number: "函1号" };
    /// A complete file of a written agreement.
    archive: ArchiveCaseRequest {
        papers: ["cover", "index", "application", "rights_notice", "identity", "record", "agreement", "back_cover"].map(str::to_owned),
        retention: "years_30"
    };
}

/// An instalment.
pub fn part(due_on: &str, due_fen: i64) -> pb::Instalment {
    pb::Instalment { due_on: due_on.to_owned(), due_fen, ..Default::default() }
}

changes! {
    dispute: pb::Dispute, dispute_id = dispute.id.clone();
    /// Takes it up again.
    reopen: ReopenDisputeRequest { text: "又起争执" };
    /// Takes a link back.
    unlink: UnlinkDisputeRequest {};
    /// Erases its parties, with the agreement of coord-2.
    erase: ErasePartiesRequest { reason: "request of the person", approved_by: "coord-2" };
}

changes! {
    body: pb::Body, code = body.facts.as_ref().unwrap().code.clone();
    /// Three came, one left.
    adjust: AdjustBodyRequest { staff_in: 3, staff_out: 1 };
    /// Newly fostered today.
    foster: FosterBodyRequest {};
    /// Closes it today.
    close: CloseBodyRequest {};
}

/// Dispatches it to this body, whatever the rules say.
pub fn dispatch_to(case: &pb::Case, body: &str) -> pb::DispatchCaseRequest {
    pb::DispatchCaseRequest { body: body.to_owned(), override_reason: "case.knows_the_matter".to_owned(), ..dispatch(case) }
}

/// Links it into another.
pub fn link(dispute: &pb::Dispute, same_as: &str) -> pb::LinkDisputeRequest {
    pb::LinkDisputeRequest {
        request_id: id(),
        dispute_id: dispute.id.clone(),
        etag: dispute.etag.clone(),
        same_as: same_as.to_owned(),
        ..Default::default()
    }
}

/// Replaces what a body is by the same.
pub fn update(body: &pb::Body) -> pb::UpdateBodyRequest {
    let facts = body.facts.clone().unwrap();
    pb::UpdateBodyRequest {
        request_id: id(),
        code: facts.code.clone(),
        etag: body.etag.clone(),
        body: Some(pb::NewBody {
            code: facts.code,
            name: facts.name,
            force: body.force,
            kind: facts.kind,
            theme: facts.theme,
            tags: facts.tags,
            parent: facts.parent,
            division_code: facts.division_code,
            specialities: facts.specialities,
            capacity: facts.capacity,
            founded_on: facts.founded_on,
        }),
        ..Default::default()
    }
}

/// Corrects one thing of a case.
pub fn correct(case: &pb::Case, field: &str, to: pb::CaseFacts) -> pb::CorrectCaseRequest {
    pb::CorrectCaseRequest {
        request_id: id(),
        case_id: case_id(case),
        etag: case.etag.clone(),
        fields: vec![field.to_owned()],
        to: Some(to),
        reason: "case.typing".to_owned(),
        ..Default::default()
    }
}

/// A batch of rows for the ledger "台账"; the first row stands on line 2.
pub fn rows(columns: &[&str], rows: &[&[&str]]) -> pb::ImportCasesRequest {
    let row =
        |(line, cells): (i64, &&[&str])| pb::CaseLedgerRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() };
    pb::ImportCasesRequest {
        request_id: id(),
        ledger: LEDGER.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        rows: (2..).zip(rows).map(row).collect(),
    }
}
