//! What is handed to the writer, and what comes back.

use crate::domain::{
    BodyCommand, CaseField, CaseRow, Command, Decision, Dispute, DisputeCommand, DisputeEvent, Expected, NewDispute, Rejection,
    RowRefusal,
};
use crate::store::StoredBody;
use fengqiao_model::{Caller, CaseId, DisputeId, RequestId, Token};

/// Who asks, and in which request.
#[derive(Clone, Debug)]
pub struct Asking {
    /// Who asks.
    pub caller: Caller,
    /// Id of the request.
    pub request_id: RequestId,
}

/// One request to the writer.
#[derive(Debug)]
pub struct Request {
    /// Who asks, and in which request.
    pub asking: Asking,
    /// Keyed hash of the request's content: the same id with another one is another request.
    pub fingerprint: Vec<u8>,
    /// What is asked.
    pub work: Work,
}

/// What is asked.
pub enum Work {
    /// A command on one body; a new one has no expectation.
    Body { code: Token, expected: Option<Expected>, command: Box<BodyCommand> },
    /// A new dispute with its first case.
    Open { dispute: DisputeId, case: CaseId, new: Box<NewDispute> },
    /// A command on one case.
    Case { id: CaseId, expected: Expected, command: Box<Command> },
    /// A command on a dispute as a whole.
    Dispute { id: DisputeId, expected: Expected, command: Box<DisputeCommand> },
    /// Rows of a ledger.
    Import { ledger: Token, columns: Vec<CaseField>, rows: Vec<CaseRow> },
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Work::Body { code, .. } => write!(f, "a change of body {code}"),
            Work::Open { dispute, .. } => write!(f, "dispute {dispute}"),
            Work::Case { id, .. } => write!(f, "a change of case {id}"),
            Work::Dispute { id, .. } => write!(f, "a change of dispute {id}"),
            Work::Import { rows, .. } => write!(f, "ImportCases of {} rows", rows.len()),
        }
    }
}

/// What comes back.
#[derive(Debug)]
pub enum Reply {
    /// Of everything but an import.
    Change(Result<Outcome, Rejection>),
    /// Of [`Work::Import`].
    Import(Result<ImportOutcome, Rejection>),
}

/// A change that was made.
#[derive(Debug)]
pub enum Outcome {
    /// Of a body, just now.
    Body(Box<StoredBody>),
    /// Of a dispute or a case, just now.
    Dispute(Box<Changed>),
    /// By the same request before; the answer is rebuilt from the log up to this version.
    Before { aggregate: String, version: i64 },
}

/// What a request made of a dispute.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Id of the dispute.
    pub id: String,
    /// As it stands after the request; a case that it opened is the last one.
    pub dispute: Dispute,
    /// The routing decision it made.
    pub routing: Option<Decision>,
}

impl Changed {
    /// From the events of the request on this dispute, in their order, and the dispute after the last of them.
    pub fn of<'e>(id: &str, dispute: Dispute, events: impl Iterator<Item = &'e DisputeEvent>) -> Self {
        let routing = events.filter_map(|event| event.routing.clone()).last();
        Self { id: id.to_owned(), dispute, routing }
    }
}

/// What became of a batch of rows.
#[derive(Debug, Default)]
pub struct ImportOutcome {
    pub imported: i64,
    pub advanced: i64,
    pub already: i64,
    pub refused: Vec<RowRefusal>,
    /// Log position that includes the batch.
    pub position: i64,
}
