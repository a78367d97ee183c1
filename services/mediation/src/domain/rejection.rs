//! Every reason to say no. A rejection is an answer, not a failure: nothing was written.

use super::{CaseState, Command};
use fengqiao_model::{Day, RequestId};

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("{field} {problem}")]
    Field { field: &'static str, problem: String },
    #[error("no case with this id in the caller's divisions")]
    CaseNotFound,
    #[error("no dispute with this id in the caller's divisions")]
    DisputeNotFound,
    #[error("no body with the code {code}")]
    BodyNotFound { code: String },
    #[error("a body with this code exists already")]
    BodyExists,
    #[error("the body {code} does not work on {day}")]
    BodyClosed { code: String, day: Day },
    #[error("the body has {open} open cases; they are ended or given to other bodies first")]
    BodyHasOpenCases { open: u32 },
    #[error("the body {code} has {open} open cases, as many as it can have")]
    BodyFull { code: String, open: u32 },
    #[error("the body {code} does not take disputes of type {dispute_type}")]
    BodyNotCompetent { code: String, dispute_type: String },
    #[error("{call} is not possible in state {state}", state = state.name())]
    StateForbids { call: &'static str, state: CaseState },
    #[error("it moved on since it was read: {changes}")]
    EtagStale { etag: String, changes: String },
    #[error("its last change was not made by request {after}")]
    NotAfterRequest { after: RequestId },
    #[error("this request id was used before with other content")]
    RequestReused,
    #[error("a dispute with this id exists already")]
    DisputeExists,
    #[error("a case with this id exists already")]
    CaseExists,
    #[error("a case with this external reference exists already")]
    ExternalRefExists,
    #[error("the case is at {body}; only that body or a coordinator may do this")]
    NotThisBody { body: String },
    #[error("both sides have to consent to mediation before a case is taken (PML 17)")]
    ConsentMissing,
    #[error("nobody may mediate this now, by rule {rule} ({source_article})")]
    NotDispatchable { rule: String, source_article: String },
    #[error("there is no agreement in state {state}", state = state.name())]
    NoAgreement { state: CaseState },
    #[error("the agreement was performed in full on {on}")]
    Performed { on: Day },
    #[error("confirmation was to be applied for by {last}, 30 days from the agreement, and that never extends (PML 33)")]
    ConfirmationTooLate { last: Day },
    #[error("the court has not answered the last application yet")]
    ConfirmationPending,
    #[error("the court has no application before it")]
    ConfirmationNotPending,
    #[error("the court answered already, and its answer stands")]
    ConfirmationAnswered,
    #[error("the dispute is still open")]
    DisputeOpen,
    #[error("the dispute is linked already")]
    LinkedAlready,
    #[error("a dispute cannot be linked to itself")]
    LinkToItself,
    #[error("links are one step long: neither may the root be linked itself, nor the linked one have links of its own")]
    LinkChain,
    #[error("the dispute is not linked")]
    NotLinked,
    #[error("a second person has to agree, not the one who asks")]
    SamePerson,
    #[error("the parties of this dispute were erased")]
    PartiesErased,
    #[error("the division lies outside the caller's divisions")]
    OutsideDivision,
    #[error("the case has no clock: the law sets none for its force and type")]
    NoClock,
    #[error("the clock {rule} lapsed on {due}; it is extended before that")]
    ClockLapsed { rule: String, due: Day },
    #[error("{resource} is taken at {at} by another session")]
    CalendarConflict { resource: String, at: String },
    #[error("no court referred this case")]
    NotReferred,
    #[error("the file lacks {missing}; add them, or explain the gap (D§7.2)")]
    FileIncomplete { missing: String },
}

impl Rejection {
    /// A field that is wrong in the light of the state, the day or the law.
    pub fn field(field: &'static str, problem: impl Into<String>) -> Self {
        Rejection::Field { field, problem: problem.into() }
    }

    /// The call that this state does not allow.
    pub fn state(command: &Command, state: CaseState) -> Self {
        Rejection::StateForbids { call: command.name(), state }
    }

    /// Stable name in UPPER_SNAKE, from the list of proto/README.md.
    pub fn reason(&self) -> &'static str {
        match self {
            Rejection::Field { .. } => "INVALID_ARGUMENT",
            Rejection::CaseNotFound => "CASE_NOT_FOUND",
            Rejection::DisputeNotFound => "DISPUTE_NOT_FOUND",
            Rejection::BodyNotFound { .. } => "BODY_NOT_FOUND",
            Rejection::BodyExists => "BODY_EXISTS",
            Rejection::BodyClosed { .. } => "BODY_CLOSED",
            Rejection::BodyHasOpenCases { .. } => "BODY_HAS_OPEN_CASES",
            Rejection::BodyFull { .. } => "BODY_FULL",
            Rejection::BodyNotCompetent { .. } => "BODY_NOT_COMPETENT",
            Rejection::StateForbids { .. } => "STATE_FORBIDS",
            Rejection::EtagStale { .. } => "ETAG_STALE",
            Rejection::NotAfterRequest { .. } => "NOT_AFTER_REQUEST",
            Rejection::RequestReused => "REQUEST_ID_REUSED",
            Rejection::DisputeExists => "DISPUTE_EXISTS",
            Rejection::CaseExists => "CASE_EXISTS",
            Rejection::ExternalRefExists => "EXTERNAL_REF_EXISTS",
            Rejection::NotThisBody { .. } => "NOT_THIS_BODY",
            Rejection::ConsentMissing => "CONSENT_MISSING",
            Rejection::NotDispatchable { .. } => "NOT_DISPATCHABLE",
            Rejection::NoAgreement { .. } => "NO_AGREEMENT",
            Rejection::Performed { .. } => "PERFORMED_ALREADY",
            Rejection::ConfirmationTooLate { .. } => "CONFIRMATION_TOO_LATE",
            Rejection::ConfirmationPending => "CONFIRMATION_PENDING",
            Rejection::ConfirmationNotPending => "CONFIRMATION_NOT_PENDING",
            Rejection::ConfirmationAnswered => "CONFIRMATION_ANSWERED",
            Rejection::DisputeOpen => "DISPUTE_OPEN",
            Rejection::LinkedAlready => "LINKED_ALREADY",
            Rejection::LinkToItself => "LINK_TO_ITSELF",
            Rejection::LinkChain => "LINK_CHAIN",
            Rejection::NotLinked => "NOT_LINKED",
            Rejection::SamePerson => "SAME_PERSON",
            Rejection::PartiesErased => "PARTIES_ERASED",
            Rejection::OutsideDivision => "OUTSIDE_DIVISION",
            Rejection::NoClock => "NO_CLOCK",
            Rejection::ClockLapsed { .. } => "CLOCK_LAPSED",
            Rejection::CalendarConflict { .. } => "CALENDAR_CONFLICT",
            Rejection::NotReferred => "NOT_REFERRED",
            Rejection::FileIncomplete { .. } => "FILE_INCOMPLETE",
        }
    }
}

/// One of each, for the golden file that lists them.
pub fn every_rejection() -> Vec<Rejection> {
    let day = Day::new(2024, 9, 29).expect("a day of the calendar");
    let request = RequestId::from_bytes([1; 16]);
    let code = || "T-01".to_owned();
    vec![
        Rejection::field("dispute.source", "must be one of applied, initiative"),
        Rejection::CaseNotFound,
        Rejection::DisputeNotFound,
        Rejection::BodyNotFound { code: code() },
        Rejection::BodyExists,
        Rejection::BodyClosed { code: code(), day },
        Rejection::BodyHasOpenCases { open: 3 },
        Rejection::BodyFull { code: code(), open: 20 },
        Rejection::BodyNotCompetent { code: code(), dispute_type: "T15".to_owned() },
        Rejection::StateForbids { call: "TakeCase", state: CaseState::Withdrawn },
        Rejection::EtagStale { etag: "3".to_owned(), changes: "case.taken by mediator-2".to_owned() },
        Rejection::NotAfterRequest { after: request },
        Rejection::RequestReused,
        Rejection::DisputeExists,
        Rejection::CaseExists,
        Rejection::ExternalRefExists,
        Rejection::NotThisBody { body: code() },
        Rejection::ConsentMissing,
        Rejection::NotDispatchable { rule: "R3.court".to_owned(), source_article: "S:R75 22".to_owned() },
        Rejection::NoAgreement { state: CaseState::Failed },
        Rejection::Performed { on: day },
        Rejection::ConfirmationTooLate { last: day },
        Rejection::ConfirmationPending,
        Rejection::ConfirmationNotPending,
        Rejection::ConfirmationAnswered,
        Rejection::DisputeOpen,
        Rejection::LinkedAlready,
        Rejection::LinkToItself,
        Rejection::LinkChain,
        Rejection::NotLinked,
        Rejection::SamePerson,
        Rejection::PartiesErased,
        Rejection::OutsideDivision,
        Rejection::NoClock,
        Rejection::ClockLapsed { rule: "M-01".to_owned(), due: day },
        Rejection::CalendarConflict { resource: "room:1".to_owned(), at: "2024-09-29T09:00".to_owned() },
        Rejection::NotReferred,
        Rejection::FileIncomplete { missing: "record".to_owned() },
    ]
}
