//! What may be asked of a petition.

use super::{ForeignNumber, Party, SealedContent};
use fengqiao_model::{ActorId, Day, DivisionCode, RequestId, Text, Token};
use fengqiao_statute::{Channel, MatterClass};

/// Which version of a petition a change was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The version the caller saw.
    Version(i64),
    /// The version that this request made: how a phone off line chains its own work.
    After(RequestId),
}

/// A petition as logged at the desk, checked field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPetition {
    /// Slip number printed off line; may be empty.
    pub slip: String,
    /// Business day; today when not given.
    pub occurred_on: Option<Day>,
    pub channel: Channel,
    pub matter_class: MatterClass,
    pub category: Text,
    pub division: DivisionCode,
    pub responsible_unit: Option<Token>,
    pub person_count: u32,
    pub ledger: Option<Token>,
    pub external_ref: Option<Token>,
    /// Numbers in other systems, each once.
    pub foreign_numbers: Vec<ForeignNumber>,
    pub offline: bool,
    pub sealed: SealedContent,
}

/// What is handed to mediation besides what the petition holds; both sides consent, or there is no such thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Day of the routing; today when not given.
    pub on: Option<Day>,
    /// Type of the dispute, by code or Chinese name.
    pub dispute_type: Text,
    /// Flags, as mediation lists them.
    pub flags: Vec<String>,
    /// Organs that have the matter already, as mediation lists them.
    pub already_at: Vec<String>,
    /// The other side.
    pub respondents: Vec<Party>,
    /// Explanation for the mediators.
    pub text: Text,
}

/// A change of an existing petition, or a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Log(Box<NewPetition>),
    Accept { on: Option<Day>, responsible_unit: Option<Token>, document_number: Text },
    Refuse { on: Option<Day>, reason: String, text: Text, document_number: Text },
    RequestExtension { days: u32, text: Text },
    DecideExtension { granted: bool },
    IssueOpinion { on: Option<Day>, document_number: Text, text: Text, delivered_on: Option<Day> },
    Withdraw { on: Option<Day>, reason: String, text: Text },
    RouteToMediation(Box<Route>),
    Void { reason: String, text: Text, approved_by: ActorId },
    EraseParties { approved_by: ActorId },
}

impl Command {
    /// The call's name as it stands in rejections.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Log(_) => "LogPetition",
            Command::Accept { .. } => "AcceptPetition",
            Command::Refuse { .. } => "RefusePetition",
            Command::RequestExtension { .. } => "RequestExtension",
            Command::DecideExtension { .. } => "DecideExtension",
            Command::IssueOpinion { .. } => "IssueOpinion",
            Command::Withdraw { .. } => "WithdrawPetition",
            Command::RouteToMediation(_) => "RouteToMediation",
            Command::Void { .. } => "VoidPetition",
            Command::EraseParties { .. } => "EraseParties",
        }
    }
}
