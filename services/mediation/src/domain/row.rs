//! One row of a ledger of cases, cell by cell: read from text, brought to one canonical form, refused with line and column.

mod cell;

pub(super) use cell::{fen, shown, yuan};

use super::Law;
use fengqiao_model::{Day, Token};
use fengqiao_statute::CASE_COLUMNS;

/// The columns of a ledger of cases, in the order of design §8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseField {
    ExternalRef,
    RootRef,
    AppliedAt,
    Source,
    DisputeType,
    Force,
    Body,
    DivisionCode,
    PartyCount,
    Narrative,
    AcceptedAt,
    ConcludedAt,
    Outcome,
    AgreementForm,
    AmountYuan,
    BodyKind,
    Mediator,
    Hard,
    SessionMode,
    ClaimedYuan,
    PerformanceDue,
    PerformedAt,
    PaidYuan,
    ConfirmationAppliedAt,
    Confirmation,
    Reason,
    HandedOnTo,
    PetitionRef,
}

impl CaseField {
    /// Every column, in the order of the list.
    pub const ALL: [CaseField; 28] = [
        CaseField::ExternalRef,
        CaseField::RootRef,
        CaseField::AppliedAt,
        CaseField::Source,
        CaseField::DisputeType,
        CaseField::Force,
        CaseField::Body,
        CaseField::DivisionCode,
        CaseField::PartyCount,
        CaseField::Narrative,
        CaseField::AcceptedAt,
        CaseField::ConcludedAt,
        CaseField::Outcome,
        CaseField::AgreementForm,
        CaseField::AmountYuan,
        CaseField::BodyKind,
        CaseField::Mediator,
        CaseField::Hard,
        CaseField::SessionMode,
        CaseField::ClaimedYuan,
        CaseField::PerformanceDue,
        CaseField::PerformedAt,
        CaseField::PaidYuan,
        CaseField::ConfirmationAppliedAt,
        CaseField::Confirmation,
        CaseField::Reason,
        CaseField::HandedOnTo,
        CaseField::PetitionRef,
    ];

    /// The English name.
    pub fn name(self) -> &'static str {
        CASE_COLUMNS[self as usize].english
    }

    /// The column with this English name.
    pub fn named(name: &str) -> Option<CaseField> {
        CaseField::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Without these there is no row.
    pub fn is_mandatory(self) -> bool {
        CASE_COLUMNS[self as usize].mandatory
    }
}

impl CaseField {
    /// The narrative is personal; a mediator's name and a reason in words may be.
    pub fn is_sealed(self) -> bool {
        matches!(self, CaseField::Narrative | CaseField::Mediator | CaseField::Reason)
    }
}

/// Canonical cell texts by column: days as YYYY-MM-DD, codes in English, counts in digits, amounts in yuan with the decimals they
/// need; an empty cell is empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CaseCells([String; 28]);

impl CaseCells {
    /// The cell of a column.
    pub fn get(&self, field: CaseField) -> &str {
        &self.0[field as usize]
    }

    /// Puts a canonical text into a cell.
    pub fn set(&mut self, field: CaseField, text: String) {
        self.0[field as usize] = text;
    }

    /// The day in a cell that holds days; `None` for an empty one.
    pub fn day(&self, field: CaseField) -> Option<Day> {
        self.get(field).parse().ok()
    }
}

/// One row, its cells canonical.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Line of the file, header being 1.
    pub line: i64,
    /// The reference in the ledger: with the ledger's name the key of the row.
    pub external_ref: Token,
    /// The cells.
    pub cells: CaseCells,
}

/// Why a row was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowRefusal {
    /// Line of the file.
    pub line: i64,
    /// Column at fault; empty for the whole row.
    pub column: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl CaseRow {
    /// Reads the cells of a row, given in the order of `columns`.
    pub fn parse(line: i64, columns: &[CaseField], texts: &[String], today: Day, law: &Law) -> Result<CaseRow, RowRefusal> {
        let refuse = |field: CaseField, reason: String| RowRefusal { line, column: field.name(), reason };
        if texts.len() != columns.len() {
            let reason = format!("the row has {} cells, the header has {}", texts.len(), columns.len());
            let column = columns.get(texts.len()).map_or("", |field| field.name());
            return Err(RowRefusal { line, column, reason });
        }
        // Types come and go: the one of the row is looked up on the day of its application.
        let applied = columns.iter().position(|field| *field == CaseField::AppliedAt);
        let on = applied.and_then(|place| Day::parse_lenient(texts[place].trim()).ok()).unwrap_or(today);
        let mut cells = CaseCells::default();
        for (field, raw) in columns.iter().zip(texts) {
            let text = raw.trim();
            if text.is_empty() {
                if field.is_mandatory() {
                    return Err(refuse(*field, "must not be empty".to_owned()));
                }
                continue;
            }
            let canonical = cell::canonical(*field, raw, on, today, law).map_err(|reason| refuse(*field, reason))?;
            cells.set(*field, canonical);
        }
        if let Some(field) = CaseField::ALL.into_iter().find(|field| field.is_mandatory() && cells.get(*field).is_empty()) {
            return Err(refuse(field, "must not be empty".to_owned()));
        }
        let external_ref =
            cells.get(CaseField::ExternalRef).parse().map_err(|_| refuse(CaseField::ExternalRef, "is unusable".to_owned()))?;
        Ok(CaseRow { line, external_ref, cells })
    }

    /// The label of its dispute in the ledger; empty: a dispute of its own.
    pub fn root_ref(&self) -> &str {
        self.cells.get(CaseField::RootRef)
    }

    /// The code of its body; empty: none.
    pub fn body(&self) -> &str {
        self.cells.get(CaseField::Body)
    }

    pub(super) fn refusal(&self, field: CaseField, reason: impl Into<String>) -> RowRefusal {
        RowRefusal { line: self.line, column: field.name(), reason: reason.into() }
    }
}
