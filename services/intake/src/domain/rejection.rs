//! Every reason to say no. A rejection is an answer, not a failure: nothing was written.

use super::{Command, State};
use fengqiao_model::{Day, RequestId};
use fengqiao_statute::MatterClass;

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("{field} {problem}")]
    Field { field: &'static str, problem: String },
    #[error("no petition with this id in the caller's divisions")]
    PetitionNotFound,
    #[error("{call} is not possible in state {state}", state = state.name())]
    StateForbids { call: &'static str, state: State },
    #[error("it moved on since it was read: {changes}")]
    EtagStale { etag: String, changes: String },
    #[error("its last change was not made by request {after}")]
    NotAfterRequest { after: RequestId },
    #[error("this request id was used before with other content")]
    RequestReused,
    #[error("a petition with this id exists already")]
    PetitionExists,
    #[error("a petition with this slip exists already")]
    SlipExists,
    #[error("a petition with this external reference exists already")]
    ExternalRefExists,
    #[error("only an accepted appeal has a handling clock (XF 34)")]
    NoHandlingClock,
    #[error("an extension waits for its decision already")]
    ExtensionPending,
    #[error("no extension waits for a decision")]
    NoExtensionPending,
    #[error("the handling clock was extended already")]
    ExtensionUsed,
    #[error("the due day {kpi_due} has passed; an extension is decided before it")]
    ExtensionTooLate { kpi_due: Day },
    #[error("a second person has to agree, not the one who asks")]
    SamePerson,
    #[error("the parties of this petition were erased")]
    PartiesErased,
    #[error("cannot go to mediation: {why}")]
    MediationNotAllowed { why: &'static str },
    #[error("the petition is with mediation already")]
    AlreadyInMediation,
    #[error("{call} is not for a petition of class {class}")]
    WrongClass { call: &'static str, class: MatterClass },
    #[error("the unit has it already, or is the one that objects")]
    SameUnit,
    #[error("the last hand-over was no assignment")]
    NoAssignment,
    #[error("the assignment was reported on already")]
    ReportedAlready,
    #[error("the time to object ended on {due} (XF 23); it stays with that unit")]
    ObjectionTooLate { due: Day },
    #[error("an objection of this unit was decided already")]
    ObjectionUsed,
    #[error("the petition has no such paper: {paper}")]
    NoSuchPaper { paper: &'static str },
    #[error("the receipt of this paper is recorded already: {paper}")]
    DeliveredAlready { paper: &'static str },
    #[error("{reason}: the time to ask for it ended on {due} (XF 35, 36)")]
    OutOfTime { due: Day, reason: &'static str },
    #[error("the petition was rated already")]
    RatedAlready,
    #[error("the time to rate ended on {due}")]
    RatingTooLate { due: Day },
    #[error("the petition is marked as urgent already; what is missing is the day of the report")]
    UrgentAlready,
    #[error("every field stands already as it is to be corrected")]
    NothingToCorrect,
    #[error("no such measure of supervision waits for an explanation")]
    NothingToExplain,
    #[error("the division lies outside the caller's divisions")]
    OutsideDivision,
    #[error("this petition has no query code")]
    NoQueryCode,
    #[error("no petition with this number and query code")]
    StatusNotFound,
    #[error("no unit with the code {code}")]
    UnitNotFound { code: String },
    #[error("a unit with the code {code} is registered already")]
    UnitExists { code: String },
    #[error("the unit {code} is closed{}", heir(successor))]
    UnitClosed { code: String, successor: String },
    #[error("the unit has {open} open items; a successor has to take them over")]
    UnitHasOpenItems { open: u32 },
    #[error("no next higher organ of {code} is registered: neither its parent nor one by level and division")]
    NoHigherOrgan { code: String },
}

fn heir(successor: &str) -> String {
    if successor.is_empty() { String::new() } else { format!("; {successor} took over") }
}

impl Rejection {
    /// A field that is wrong in the light of the state, the day or the law.
    pub fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Rejection::Field { field, problem: problem.into() }
    }

    /// The call that this state does not allow.
    pub fn state(command: &Command, state: State) -> Self {
        Rejection::StateForbids { call: command.name(), state }
    }

    /// Stable name in UPPER_SNAKE, from the list of proto/README.md.
    pub fn reason(&self) -> &'static str {
        match self {
            Rejection::Field { .. } => "INVALID_ARGUMENT",
            Rejection::PetitionNotFound => "PETITION_NOT_FOUND",
            Rejection::StateForbids { .. } => "STATE_FORBIDS",
            Rejection::EtagStale { .. } => "ETAG_STALE",
            Rejection::NotAfterRequest { .. } => "NOT_AFTER_REQUEST",
            Rejection::RequestReused => "REQUEST_ID_REUSED",
            Rejection::PetitionExists => "PETITION_EXISTS",
            Rejection::SlipExists => "SLIP_EXISTS",
            Rejection::ExternalRefExists => "EXTERNAL_REF_EXISTS",
            Rejection::NoHandlingClock => "NO_HANDLING_CLOCK",
            Rejection::ExtensionPending => "EXTENSION_PENDING",
            Rejection::NoExtensionPending => "NO_EXTENSION_PENDING",
            Rejection::ExtensionUsed => "EXTENSION_USED",
            Rejection::ExtensionTooLate { .. } => "EXTENSION_TOO_LATE",
            Rejection::SamePerson => "SAME_PERSON",
            Rejection::PartiesErased => "PARTIES_ERASED",
            Rejection::MediationNotAllowed { .. } => "MEDIATION_NOT_ALLOWED",
            Rejection::AlreadyInMediation => "ALREADY_IN_MEDIATION",
            Rejection::WrongClass { .. } => "WRONG_CLASS",
            Rejection::SameUnit => "SAME_UNIT",
            Rejection::NoAssignment => "NO_ASSIGNMENT",
            Rejection::ReportedAlready => "REPORTED_ALREADY",
            Rejection::ObjectionTooLate { .. } => "OBJECTION_TOO_LATE",
            Rejection::ObjectionUsed => "OBJECTION_USED",
            Rejection::NoSuchPaper { .. } => "NO_SUCH_PAPER",
            Rejection::DeliveredAlready { .. } => "DELIVERED_ALREADY",
            Rejection::OutOfTime { .. } => "OUT_OF_TIME",
            Rejection::RatedAlready => "RATED_ALREADY",
            Rejection::RatingTooLate { .. } => "RATING_TOO_LATE",
            Rejection::UrgentAlready => "URGENT_ALREADY",
            Rejection::NothingToCorrect => "NOTHING_TO_CORRECT",
            Rejection::NothingToExplain => "NOTHING_TO_EXPLAIN",
            Rejection::OutsideDivision => "OUTSIDE_DIVISION",
            Rejection::NoQueryCode => "NO_QUERY_CODE",
            Rejection::StatusNotFound => "STATUS_NOT_FOUND",
            Rejection::UnitNotFound { .. } => "UNIT_NOT_FOUND",
            Rejection::UnitExists { .. } => "UNIT_EXISTS",
            Rejection::UnitClosed { .. } => "UNIT_CLOSED",
            Rejection::UnitHasOpenItems { .. } => "UNIT_HAS_OPEN_ITEMS",
            Rejection::NoHigherOrgan { .. } => "NO_HIGHER_ORGAN",
        }
    }
}

/// One of each, for the golden file that lists them.
pub fn every_rejection() -> Vec<Rejection> {
    let day = Day::new(2024, 9, 29).expect("a day of the calendar");
    let request = RequestId::from_bytes([1; 16]);
    vec![
        Rejection::field("petition.channel", "must be one of online, letter"),
        Rejection::PetitionNotFound,
        Rejection::StateForbids { call: "AcceptPetition", state: State::Withdrawn },
        Rejection::EtagStale { etag: "3".to_owned(), changes: "petition.accepted by clerk-2".to_owned() },
        Rejection::NotAfterRequest { after: request },
        Rejection::RequestReused,
        Rejection::PetitionExists,
        Rejection::SlipExists,
        Rejection::ExternalRefExists,
        Rejection::NoHandlingClock,
        Rejection::ExtensionPending,
        Rejection::NoExtensionPending,
        Rejection::ExtensionUsed,
        Rejection::ExtensionTooLate { kpi_due: day },
        Rejection::SamePerson,
        Rejection::PartiesErased,
        Rejection::MediationNotAllowed { why: "only an appeal does (XF 31)" },
        Rejection::AlreadyInMediation,
        Rejection::WrongClass { call: "AnswerPetition", class: MatterClass::Appeal },
        Rejection::SameUnit,
        Rejection::NoAssignment,
        Rejection::ReportedAlready,
        Rejection::ObjectionTooLate { due: day },
        Rejection::ObjectionUsed,
        Rejection::NoSuchPaper { paper: "extension" },
        Rejection::DeliveredAlready { paper: "opinion" },
        Rejection::OutOfTime { due: day, reason: "petition.R09" },
        Rejection::RatedAlready,
        Rejection::RatingTooLate { due: day },
        Rejection::UrgentAlready,
        Rejection::NothingToCorrect,
        Rejection::NothingToExplain,
        Rejection::OutsideDivision,
        Rejection::NoQueryCode,
        Rejection::StatusNotFound,
        Rejection::UnitNotFound { code: "信访局".to_owned() },
        Rejection::UnitExists { code: "信访局".to_owned() },
        Rejection::UnitClosed { code: "镇信访办".to_owned(), successor: "信访局".to_owned() },
        Rejection::UnitHasOpenItems { open: 3 },
        Rejection::NoHigherOrgan { code: "信访局".to_owned() },
    ]
}
