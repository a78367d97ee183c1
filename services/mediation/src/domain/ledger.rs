//! From a ledger row to a case, and from a row met again to a verdict: identical, further on, or contradicting.

use super::{Body, CaseField, CaseRow, Change, Context, Group, RowRefusal, SealedContent};
use fengqiao_model::{CaseId, DisputeId, Token};

/// What a row met again says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new.
    Already,
    /// Cells that were empty are filled.
    Advanced(Vec<Change>),
}

/// Registers the body that a row names, when the book does not know it: the change, or none. One body with two forces is refused.
pub fn imported_body(row: &CaseRow, known: Option<&Body>, context: &Context<'_>) -> Result<Option<Change>, RowRefusal> {
    let _ = (known, context);
    Err(RowRefusal { line: row.line, column: "", reason: String::new() })
}

/// The changes that a new row makes. `labelled` is the dispute that carries the row's root_ref in this ledger, and its group; the
/// row becomes a case of it. Without one `dispute` is the id of a new one. `case` is the id of the new case.
pub fn import_row(
    row: &CaseRow,
    ledger: &Token,
    labelled: Option<(DisputeId, &Group)>,
    (dispute, case): (DisputeId, CaseId),
    context: &Context<'_>,
) -> Result<Vec<Change>, RowRefusal> {
    let _ = (ledger, labelled, dispute, case, context);
    Err(RowRefusal { line: row.line, column: "", reason: String::new() })
}

/// Compares a row with the case recorded under its key. `columns` are those the file has; others say nothing. `recorded` is the case
/// with its dispute and group. `recorded_sealed` is what the events `case.imported` and `case.advanced` whose first case this is
/// sealed, folded by [`SealedContent::merge_row`]; `None` when the parties were erased: then the row is already there by its key.
/// `labelled` as for [`import_row`], where the row's root_ref is not that of the recorded dispute.
pub fn compare_row(
    row: &CaseRow,
    columns: &[CaseField],
    recorded: (&Group, DisputeId, CaseId),
    recorded_sealed: Option<&SealedContent>,
    labelled: Option<(DisputeId, &Group)>,
    context: &Context<'_>,
) -> Result<Verdict, RowRefusal> {
    let _ = (columns, recorded, recorded_sealed, labelled, context);
    Err(RowRefusal { line: row.line, column: "", reason: String::new() })
}
