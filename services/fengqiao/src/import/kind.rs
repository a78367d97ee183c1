//! What differs between ledgers of petitions, of cases and of units: the columns, the log that is written, the call. Everything else of
//! an import sees only rows, batches and answers.

use super::{Refusal, batch::Batch};
use crate::{
    cli::Ledger,
    client::{Client, Intake, Mediation},
};
use fengqiao_proto::{
    intake::v1::{
        ImportPetitionsRequest, ImportPetitionsResponse, ImportUnitsRequest, ImportUnitsResponse, LedgerRow, UnitLedgerRow,
    },
    mediation::v1::{CaseLedgerRow, ImportCasesRequest, ImportCasesResponse},
};
use fengqiao_statute::{CASE_COLUMNS, LEDGER_COLUMNS, LedgerColumn, UNIT_COLUMNS};
use std::pin::Pin;
use tokio_stream::{Stream, StreamExt as _, wrappers::ReceiverStream};
use tonic::Status;

/// What the server said of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// New items.
    pub imported: i64,
    /// Known items that got a cell filled.
    pub advanced: i64,
    /// Known items, identical.
    pub already: i64,
    /// Of the imported, those known only after the last published cut-off.
    pub late: i64,
    /// Rows not taken.
    pub refused: Vec<Refusal>,
    /// Position of the log that includes the batch.
    pub log_position: i64,
}

/// One answer for each batch, in their order.
pub type Answers = Pin<Box<dyn Stream<Item = Result<Answer, Status>> + Send>>;

impl Ledger {
    /// The columns such a ledger may have.
    pub fn columns(self) -> &'static [LedgerColumn] {
        match self {
            Ledger::Petitions => &LEDGER_COLUMNS,
            Ledger::Cases => &CASE_COLUMNS,
            Ledger::Units => &UNIT_COLUMNS,
        }
    }

    /// The log that such imports write.
    pub fn log(self) -> &'static str {
        match self {
            Ledger::Petitions | Ledger::Units => "intake",
            Ledger::Cases => "mediation",
        }
    }
}

/// The service that takes the rows.
pub enum Taker {
    /// Petitions.
    Intake(Intake),
    /// Units.
    Units(Intake),
    /// Cases.
    Mediation(Mediation),
}

impl Taker {
    /// The one for such a ledger.
    pub fn new(client: &Client, ledger: Ledger) -> anyhow::Result<Self> {
        Ok(match ledger {
            Ledger::Petitions => Self::Intake(client.intake()?),
            Ledger::Units => Self::Units(client.intake()?),
            Ledger::Cases => Self::Mediation(client.mediation()?),
        })
    }

    /// Opens the stream.
    pub async fn import(&mut self, batches: ReceiverStream<Batch>) -> Result<Answers, Status> {
        Ok(match self {
            Self::Intake(intake) => {
                let answers = intake.import_petitions(batches.map(ImportPetitionsRequest::from)).await?.into_inner();
                Box::pin(answers.map(|answer| answer.map(Answer::from)))
            }
            Self::Units(intake) => {
                let answers = intake.import_units(batches.map(ImportUnitsRequest::from)).await?.into_inner();
                Box::pin(answers.map(|answer| answer.map(Answer::from)))
            }
            Self::Mediation(mediation) => {
                let answers = mediation.import_cases(batches.map(ImportCasesRequest::from)).await?.into_inner();
                Box::pin(answers.map(|answer| answer.map(Answer::from)))
            }
        })
    }
}

/// These messages have the same fields, and so have their rows and refusals.
macro_rules! contract {
    ($request:ident, $row:ident, $response:ident) => {
        impl From<Batch> for $request {
            fn from(batch: Batch) -> Self {
                let Batch { request_id, ledger, columns, rows } = batch;
                let rows = rows.into_iter().map(|row| $row { line: row.line, cells: row.cells }).collect();
                Self { request_id, ledger, columns, rows }
            }
        }

        impl From<$response> for Answer {
            fn from(answer: $response) -> Self {
                let $response { rows: _, imported, advanced, already, late, refused, log_position } = answer;
                let refused = refused.into_iter().map(|r| Refusal { line: r.line, column: r.column, reason: r.reason }).collect();
                Self { imported, advanced, already, late, refused, log_position }
            }
        }
    };
}

contract!(ImportPetitionsRequest, LedgerRow, ImportPetitionsResponse);
contract!(ImportCasesRequest, CaseLedgerRow, ImportCasesResponse);

impl From<Batch> for ImportUnitsRequest {
    fn from(batch: Batch) -> Self {
        let Batch { request_id, ledger: _, columns, rows } = batch;
        Self {
            request_id,
            columns,
            rows: rows.into_iter().map(|row| UnitLedgerRow { line: row.line, cells: row.cells }).collect(),
        }
    }
}

impl From<ImportUnitsResponse> for Answer {
    fn from(answer: ImportUnitsResponse) -> Self {
        let ImportUnitsResponse { rows: _, imported, advanced, already, refused, log_position } = answer;
        let refused = refused.into_iter().map(|r| Refusal { line: r.line, column: r.column, reason: r.reason }).collect();
        Self { imported, advanced, already, late: 0, refused, log_position }
    }
}
