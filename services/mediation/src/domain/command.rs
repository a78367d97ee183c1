//! What may be asked of bodies, disputes and cases.

mod work;

pub use work::{Held, Planned, Work};

use super::SealedContent;
use fengqiao_model::{ActorId, CaseId, Day, DisputeId, DivisionCode, PetitionId, RequestId, Text, Token};
use fengqiao_statute::{AgreementForm, CaseSource, Confirmation, Force, Outcome, SessionMode};

/// Which version a change was made for: of the case, the dispute or the body that the command names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The version the caller saw.
    Version(i64),
    /// The version that this request made: how a phone off line chains its own work.
    After(RequestId),
}

/// What a body is, checked field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBody {
    pub code: Token,
    pub name: String,
    pub force: Force,
    pub kind: String,
    pub theme: String,
    pub tags: Vec<String>,
    pub parent: Option<Token>,
    pub division: DivisionCode,
    pub specialities: Vec<String>,
    pub capacity: u32,
    pub founded_on: Option<Day>,
}

/// A change of a body; its code goes beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyCommand {
    Register(Box<NewBody>),
    Update(Box<NewBody>),
    Adjust { on: Option<Day>, staff_in: u32, staff_out: u32 },
    Foster { on: Option<Day> },
    Close { on: Option<Day> },
}

/// A dispute as logged at a desk, or as routed by the petition office, checked field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDispute {
    pub occurred_on: Option<Day>,
    pub dispute_type: String,
    pub source: CaseSource,
    pub division: DivisionCode,
    pub party_count: u32,
    pub flags: Vec<String>,
    pub already_at: Vec<String>,
    pub applicant_consents: bool,
    pub respondent_consents: bool,
    pub chosen_body: Option<Token>,
    pub hard: bool,
    pub claimed_fen: i64,
    pub ledger: Option<Token>,
    pub external_ref: Option<Token>,
    /// Taken at the caller's own body at once.
    pub take_here: bool,
    /// The petition it comes from, when a follower opens it.
    pub petition: Option<PetitionId>,
    /// Its number, and that of its first case, when the desk that took it down printed one; empty: the next of our series.
    pub number: String,
    pub sealed: SealedContent,
}

/// The fields of a correction: `Some` is what is corrected, and to what. The inner `None` empties a field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    pub dispute_type: Option<String>,
    pub division: Option<DivisionCode>,
    pub source: Option<CaseSource>,
    pub applied_on: Option<Day>,
    pub accepted_on: Option<Day>,
    pub ended_on: Option<Day>,
    pub agreement_form: Option<AgreementForm>,
    pub claimed_fen: Option<i64>,
    pub agreed_fen: Option<i64>,
    pub paid_fen: Option<i64>,
    pub performance_due: Option<Option<Day>>,
    pub performed_on: Option<Option<Day>>,
    pub party_count: Option<u32>,
    pub hard: Option<bool>,
    pub session_mode: Option<Option<SessionMode>>,
    pub mediator: Option<String>,
    /// Title, narrative and parties, where they are corrected.
    pub sealed: SealedContent,
}

/// A conclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    pub on: Option<Day>,
    /// One that concludes.
    pub outcome: Outcome,
    pub agreement_form: Option<AgreementForm>,
    pub reason: String,
    /// 0: as it was.
    pub claimed_fen: i64,
    pub agreed_fen: i64,
    pub performance_due: Option<Day>,
    pub performed: bool,
    pub hand_on: bool,
    pub hand_on_to: Option<Token>,
    pub hand_on_reason: String,
    pub session_mode: Option<SessionMode>,
    pub text: Text,
}

/// A change of one case, or the opening of a dispute with its first case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Open(Box<NewDispute>),
    Dispatch { body: Option<Token>, override_reason: String, text: Text },
    Take { on: Option<Day>, applicant_consents: bool, respondent_consents: bool, mediator: String },
    Return { reason: String, text: Text },
    Decline { on: Option<Day>, reason: String, text: Text },
    RecordRefusal { on: Option<Day>, reason: String, text: Text },
    Transfer { on: Option<Day>, to_body: Option<Token>, reason: String, text: Text },
    Conclude(Box<Conclusion>),
    Perform { on: Option<Day>, paid_fen: i64, in_full: bool, text: Text },
    ApplyConfirmation { on: Option<Day> },
    AnswerConfirmation { confirmation: Confirmation, reason: String },
    Correct { correction: Box<Correction>, reason: String, text: Text },
    Void { reason: String, text: Text, approved_by: ActorId },
    Work(Box<Work>),
}

/// A change of a dispute as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DisputeCommand {
    Reopen {
        on: Option<Day>,
        to_body: Option<Token>,
        text: Text,
    },
    Link {
        same_as: DisputeId,
        text: Text,
    },
    Unlink {
        text: Text,
    },
    /// By a second person here, or by following the petition's erasure.
    EraseParties {
        approved_by: ActorId,
    },
}

/// What a command is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A case of the dispute; for `Open` both are new.
    Case { dispute: DisputeId, case: CaseId },
    /// The dispute as a whole.
    Dispute(DisputeId),
    /// A body.
    Body(Token),
}

impl Command {
    /// The call's name as it stands in rejections.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Open(_) => "OpenCase",
            Command::Dispatch { .. } => "DispatchCase",
            Command::Take { .. } => "TakeCase",
            Command::Return { .. } => "ReturnCase",
            Command::Decline { .. } => "DeclineCase",
            Command::RecordRefusal { .. } => "RecordRefusal",
            Command::Transfer { .. } => "TransferCase",
            Command::Conclude(_) => "ConcludeCase",
            Command::Perform { .. } => "RecordPerformance",
            Command::ApplyConfirmation { .. } | Command::AnswerConfirmation { .. } => "RecordConfirmation",
            Command::Correct { .. } => "CorrectCase",
            Command::Void { .. } => "VoidCase",
            Command::Work(work) => work.name(),
        }
    }
}
