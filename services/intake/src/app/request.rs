//! What is handed to the writer, and what comes back.

use crate::domain::{
    Command, DeskDispute, Expected, Field, Petition, Rejection, Row, RowRefusal, Unit, UnitCommand, UnitField, UnitRow,
};
use fengqiao_model::{Caller, PetitionId, RequestId, Token};
use fengqiao_statute::Calendar;

/// One request to the writer.
#[derive(Debug)]
pub struct Request {
    /// Who asks.
    pub caller: Caller,
    /// Id of the request.
    pub request_id: RequestId,
    /// Keyed hash of the request's content: the same id with another one is another request.
    pub fingerprint: Vec<u8>,
    /// What is asked.
    pub work: Work,
}

/// What is asked.
pub enum Work {
    /// A command on one petition; a new one has no expectation.
    Petition { id: PetitionId, expected: Option<Expected>, command: Box<Command> },
    /// A notice of the State Council.
    Adopt { notice: Calendar },
    /// Petitions on which a clock may have lapsed.
    Sweep { ids: Vec<String> },
    /// Petitions with a clock that another calendar may move.
    Restate { ids: Vec<String> },
    /// Rows of a ledger.
    Import { ledger: Token, columns: Vec<Field>, rows: Vec<Row> },
    /// A command on one unit; a new one has no expectation.
    Unit { code: String, expected: Option<Expected>, command: Box<UnitCommand> },
    /// A unit was taken over: move the next of its open items.
    MoveItems { code: String },
    /// Rows of a ledger of units.
    UnitRows { columns: Vec<UnitField>, rows: Vec<UnitRow> },
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Work::Petition { id, command, .. } => write!(f, "{} {id}", command.name()),
            Work::Adopt { notice } => write!(f, "AdoptCalendar {}", notice.version()),
            Work::Sweep { ids } => write!(f, "a sweep over {} petitions", ids.len()),
            Work::Restate { ids } => write!(f, "restating the clocks of {} petitions", ids.len()),
            Work::Import { rows, .. } => write!(f, "ImportPetitions of {} rows", rows.len()),
            Work::Unit { code, command, .. } => write!(f, "{} {code}", command.name()),
            Work::MoveItems { code } => write!(f, "the items of {code} move"),
            Work::UnitRows { rows, .. } => write!(f, "ImportUnits of {} rows", rows.len()),
        }
    }
}

/// What comes back.
#[derive(Debug)]
pub enum Reply {
    /// Of [`Work::Petition`].
    Petition(Result<Outcome, Rejection>),
    /// Of [`Work::Adopt`]: the version of the notices that this request made.
    Adopt(Result<i64, Rejection>),
    /// Of [`Work::Sweep`] and [`Work::Restate`]: how many steps were recorded.
    Swept(u64),
    /// Of [`Work::Import`] and [`Work::UnitRows`].
    Import(Result<ImportOutcome, Rejection>),
    /// Of [`Work::Unit`].
    Unit(Result<UnitOutcome, Rejection>),
    /// Of [`Work::MoveItems`]: how many did.
    Moved(i64),
}

/// A change that was made.
#[derive(Debug)]
pub enum Outcome {
    /// Just now.
    Made { id: String, petition: Box<Petition>, query_codes: Vec<String>, dispute: Option<DeskDispute> },
    /// By the same request before; the answer is rebuilt from the log up to this version.
    Before { id: String, version: i64 },
}

/// A change of a unit that was made.
#[derive(Debug)]
pub enum UnitOutcome {
    /// Just now.
    Made(Box<Unit>),
    /// By the same request before; the answer is rebuilt from the log up to this version of this aggregate.
    Before { id: String, version: i64 },
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
