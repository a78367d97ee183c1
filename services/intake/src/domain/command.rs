//! What may be asked of a petition.

use super::{Explained, Paper, Party, Pressed, Reissue, SealedContent};
use fengqiao_model::{ActorId, Day, DivisionCode, RequestId, Text, Token};
use fengqiao_statute::{Channel, DeliveryMeans, MatterClass, Rating};

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
    pub offline: bool,
    /// Mediation takes it up at the same desk.
    pub mediate_here: Option<Box<Route>>,
    /// Urgent or major (XF 25).
    pub urgent: bool,
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

/// A way to another unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Day of it; today when not given.
    pub on: Option<Day>,
    /// The unit it goes to.
    pub to_unit: Token,
    /// Day of receipt by that unit; the day of the hand-over when not given.
    pub received_on: Option<Day>,
    /// Document number.
    pub document_number: Text,
    /// Explanation.
    pub text: Text,
}

/// A step that ends a petition or one of its stages with a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Day of the paper; today when not given.
    pub on: Option<Day>,
    /// Its number.
    pub document_number: Text,
    /// Its substance.
    pub text: Text,
    /// Its receipt by the petitioner, when that is known.
    pub receipt: Option<Receipt>,
}

/// When and how the petitioner received a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Day of receipt.
    pub on: Day,
    /// Means; `None` when not told.
    pub means: Option<DeliveryMeans>,
}

/// An end for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Day; today when not given.
    pub on: Option<Day>,
    /// Reason code; may be empty where there is only one.
    pub reason: String,
    /// The organ it goes to.
    pub to_unit: Option<Token>,
    /// Document number.
    pub document_number: Text,
    /// Explanation.
    pub text: Text,
}

/// What was entered wrongly, and what is right; what is not given stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correcting {
    pub division: Option<DivisionCode>,
    pub channel: Option<Channel>,
    pub matter_class: Option<MatterClass>,
    pub category: Text,
    pub person_count: Option<u32>,
    pub registered_on: Option<Day>,
    pub accepted_on: Option<Day>,
    pub concluded_on: Option<Day>,
    pub delivered_on: Option<Day>,
    /// Title, narrative, petitioners, and the explanation.
    pub sealed: SealedContent,
    pub reason: String,
    pub approved_by: ActorId,
}

/// A change of an existing petition, or a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Log(Box<NewPetition>),
    Transfer(HandOver),
    Assign { hand_over: HandOver, feedback_due: Day },
    ReportAssignment { on: Option<Day>, document_number: Text, text: Text },
    Object { on: Option<Day>, reason: String, text: Text },
    DecideObjection { on: Option<Day>, upheld: bool, document_number: Text, text: Text },
    Accept { on: Option<Day>, responsible_unit: Option<Token>, document_number: Text },
    Refuse { on: Option<Day>, reason: String, text: Text, document_number: Text },
    Divert(Ending),
    Consult(Ending),
    Answer(Issue),
    Forward(Ending),
    RequestExtension { days: u32, text: Text },
    DecideExtension { granted: bool },
    RecordHearing { from: Day, until: Day, document_number: Text, text: Text },
    IssueOpinion(Issue),
    Settle(Issue),
    RecordDelivery { paper: Paper, receipt: Receipt },
    RequestReview { on: Option<Day>, unit: Option<Token>, text: Text },
    IssueReview(Issue),
    RequestRereview { on: Option<Day>, unit: Option<Token>, text: Text },
    IssueRereview(Issue),
    Rate { on: Option<Day>, office: Option<Rating>, unit: Option<Rating> },
    Reopen { on: Option<Day>, reason: String, text: Text, approved_by: ActorId },
    Correct(Box<Correcting>),
    FlagUrgent { on: Option<Day>, reported_on: Option<Day>, text: Text },
    Withdraw { on: Option<Day>, reason: String, text: Text },
    Supervise(Box<Pressed>),
    ExplainSupervision(Box<Explained>),
    RouteToMediation(Box<Route>),
    Void { reason: String, text: Text, approved_by: ActorId },
    EraseParties { approved_by: ActorId },
    ReissueQueryCode(Box<Reissue>),
}

impl Command {
    /// The unit to which it hands the petition, where it names one. Organs to which an ending leads are none of the book's units.
    pub fn unit(&self) -> Option<&Token> {
        match self {
            Command::Log(new) => new.responsible_unit.as_ref(),
            Command::Transfer(hand_over) | Command::Assign { hand_over, .. } => Some(&hand_over.to_unit),
            Command::Accept { responsible_unit, .. } => responsible_unit.as_ref(),
            Command::RequestReview { unit, .. } | Command::RequestRereview { unit, .. } => unit.as_ref(),
            _ => None,
        }
    }

    /// The call's name as it stands in rejections.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Log(_) => "LogPetition",
            Command::Transfer(_) => "TransferPetition",
            Command::Assign { .. } => "AssignPetition",
            Command::ReportAssignment { .. } => "ReportAssignment",
            Command::Object { .. } => "ObjectToTransfer",
            Command::DecideObjection { .. } => "DecideObjection",
            Command::Accept { .. } => "AcceptPetition",
            Command::Refuse { .. } => "RefusePetition",
            Command::Divert(_) => "DivertPetition",
            Command::Consult(_) => "ConsultOnly",
            Command::Answer(_) => "AnswerPetition",
            Command::Forward(_) => "ForwardAllegation",
            Command::RequestExtension { .. } => "RequestExtension",
            Command::DecideExtension { .. } => "DecideExtension",
            Command::RecordHearing { .. } => "RecordHearing",
            Command::IssueOpinion(_) => "IssueOpinion",
            Command::Settle(_) => "SettlePetition",
            Command::RecordDelivery { .. } => "RecordDelivery",
            Command::RequestReview { .. } => "RequestReview",
            Command::IssueReview(_) => "IssueReviewOpinion",
            Command::RequestRereview { .. } => "RequestReReview",
            Command::IssueRereview(_) => "IssueReReviewOpinion",
            Command::Rate { .. } => "RatePetition",
            Command::Reopen { .. } => "ReopenPetition",
            Command::Correct(_) => "CorrectPetition",
            Command::FlagUrgent { .. } => "FlagUrgent",
            Command::Withdraw { .. } => "WithdrawPetition",
            Command::Supervise(_) => "Supervise",
            Command::ExplainSupervision(_) => "ExplainSupervision",
            Command::RouteToMediation(_) => "RouteToMediation",
            Command::Void { .. } => "VoidPetition",
            Command::EraseParties { .. } => "EraseParties",
            Command::ReissueQueryCode(_) => "ReissueQueryCode",
        }
    }
}
