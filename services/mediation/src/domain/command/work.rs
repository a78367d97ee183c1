//! What may be asked about the work on a case, between its acceptance and its bound file.

use crate::domain::{
    Side,
    file::{
        Difficulty, Direction, Instalment, Invited, Minute, MissedBy, ReferralKind, RiskKind, RiskLevel, Satisfaction, Tendency,
        VisitResult,
    },
};
use fengqiao_model::{ActorId, Day, Text, Token};
use fengqiao_statute::SessionMode;

/// A session that is planned or moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Minted at the edge, so that deciding needs no chance.
    pub id: String,
    pub starts_at: Minute,
    pub minutes: u32,
    pub mode: SessionMode,
    pub room: String,
    /// None: those of the case.
    pub mediators: Vec<ActorId>,
    pub notified_on: Option<Day>,
    pub text: Text,
}

/// A session as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The planned one, or a fresh id.
    pub id: String,
    /// It was planned under that id.
    pub planned: bool,
    pub held_at: Option<Minute>,
    pub minutes: u32,
    pub mode: Option<SessionMode>,
    pub missed_by: Option<MissedBy>,
    pub invited: Vec<Invited>,
    pub invited_consented: bool,
    pub recorded: bool,
    pub recording_consented: bool,
    pub text: Text,
}

/// A step of the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    Consent { side: Side, consents: bool, on: Option<Day>, text: Text },
    AssignMediator { mediator: ActorId, from: Option<Day>, chosen_by_parties: bool, instead_of: Option<ActorId> },
    RecuseMediator { mediator: ActorId, on: Option<Day>, reason: String, text: Text },
    ScheduleSession(Box<Planned>),
    RecordSession(Box<Held>),
    SuspendClock { cause: String, from: Option<Day>, document_number: Text, text: Text },
    ResumeClock { cause: String, until: Option<Day> },
    ExtendClock { amount: u32, applicant_agrees: bool, respondent_agrees: bool, document_number: Text, text: Text },
    JoinBody { body: Token, from: Option<Day> },
    LeaveBody { body: Token, until: Option<Day> },
    RaiseRisk { kind: RiskKind, persons: u32, on: Option<Day>, reported_to_police: bool, text: Text },
    ResolveRisk { risk: usize, averted: bool, on: Option<Day>, text: Text },
    PlanFollowUp { planned_on: Day, text: Text },
    FollowUp { visited_on: Day, result: VisitResult, satisfaction: Option<Satisfaction>, text: Text },
    SetGrade { difficulty: Option<Difficulty>, risk_level: Option<RiskLevel>, tendencies: Vec<Tendency> },
    AssignLeader { leader: Option<ActorId>, due_on: Option<Day> },
    AmendAgreement { on: Option<Day>, agreed_fen: i64, performance_due: Option<Day>, document_number: Text, text: Text },
    AnnulAgreement { on: Option<Day>, reason: String, text: Text, approved_by: ActorId },
    PlanPerformance { instalments: Vec<Instalment> },
    RecordInstalment { instalment: usize, paid_fen: i64, on: Option<Day>, default_reason: String, text: Text },
    ReferToCourt { direction: Direction, kind: Option<ReferralKind>, court: Text, case_number: Text, on: Option<Day> },
    ReportToCourt { on: Option<Day>, document_number: Text },
    Archive { on: Option<Day>, papers: Vec<String>, retention: String, gap_explained: Text },
}

impl Work {
    /// Whether the permission of the call says who may, whichever body has the case.
    pub fn is_anybodys(&self) -> bool {
        matches!(
            self,
            Work::JoinBody { .. }
                | Work::LeaveBody { .. }
                | Work::AssignLeader { .. }
                | Work::AnnulAgreement { .. }
                | Work::RaiseRisk { .. }
        )
    }

    /// The call's name as it stands in rejections.
    pub fn name(&self) -> &'static str {
        match self {
            Work::Consent { .. } => "RecordConsent",
            Work::AssignMediator { .. } => "AssignMediator",
            Work::RecuseMediator { .. } => "RecuseMediator",
            Work::ScheduleSession(_) => "ScheduleSession",
            Work::RecordSession(_) => "RecordSession",
            Work::SuspendClock { .. } => "SuspendClock",
            Work::ResumeClock { .. } => "ResumeClock",
            Work::ExtendClock { .. } => "ExtendClock",
            Work::JoinBody { .. } => "JoinBody",
            Work::LeaveBody { .. } => "LeaveBody",
            Work::RaiseRisk { .. } => "RaiseRisk",
            Work::ResolveRisk { .. } => "ResolveRisk",
            Work::PlanFollowUp { .. } | Work::FollowUp { .. } => "RecordFollowUp",
            Work::SetGrade { .. } => "SetGrade",
            Work::AssignLeader { .. } => "AssignLeader",
            Work::AmendAgreement { .. } => "AmendAgreement",
            Work::AnnulAgreement { .. } => "AnnulAgreement",
            Work::PlanPerformance { .. } => "PlanPerformance",
            Work::RecordInstalment { .. } => "RecordInstalment",
            Work::ReferToCourt { .. } => "ReferToCourt",
            Work::ReportToCourt { .. } => "ReportToCourt",
            Work::Archive { .. } => "ArchiveCase",
        }
    }
}
