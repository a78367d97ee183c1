//! Batches of ledger rows.

use super::{Invalid, reader::Reader};
use crate::domain::{CaseField, CaseRow, Law, RowRefusal};
use fengqiao_model::{Day, RequestId, Token};
use fengqiao_proto::mediation::v1 as pb;

/// The most rows in one import message.
const ROWS: usize = 2_000;

/// A batch of ledger rows: its ledger, its columns, and each row as read or refused.
pub struct AskedImport {
    pub request_id: RequestId,
    pub ledger: Option<Token>,
    pub columns: Vec<CaseField>,
    pub rows: Vec<CaseRow>,
    pub refused: Vec<RowRefusal>,
}

/// ImportCases.
pub fn import(request: &pb::ImportCasesRequest, today: Day, law: &Law) -> Result<AskedImport, Invalid> {
    let mut reader = Reader::default();
    let request_id: Option<RequestId> = reader.required("request_id", &request.request_id);
    let ledger = reader.optional("ledger", &request.ledger);
    let mut columns = Vec::new();
    for name in &request.columns {
        match CaseField::named(name) {
            Some(field) if columns.contains(&field) => reader.wrong("columns", format!("{name} stands twice")),
            Some(field) => columns.push(field),
            None => reader.wrong("columns", "has a column that a ledger of cases does not have"),
        }
    }
    for field in CaseField::ALL {
        if field.is_mandatory() && !columns.contains(&field) {
            reader.wrong("columns", format!("{} is missing", field.name()));
        }
    }
    if request.rows.len() > ROWS {
        reader.wrong("rows", format!("must be at most {ROWS}"));
    }
    let request_id = reader.finish(request_id)?;
    let (mut rows, mut refused) = (Vec::with_capacity(request.rows.len()), Vec::new());
    for row in &request.rows {
        match CaseRow::parse(row.line, &columns, &row.cells, today, law) {
            Ok(row) => rows.push(row),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok(AskedImport { request_id, ledger, columns, rows, refused })
}
