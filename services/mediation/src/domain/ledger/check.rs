//! Whether the cells of a row go together (design §8 "Rows").

use crate::domain::{CaseCells, CaseField, CaseRow, RowRefusal, row::fen};
use fengqiao_statute::Outcome;

/// An end before its start, by day, is refused; so is an end without the start that it is about.
const PAIRS: [(CaseField, CaseField, bool); 6] = [
    (CaseField::AcceptedAt, CaseField::AppliedAt, false),
    (CaseField::ConcludedAt, CaseField::AppliedAt, false),
    (CaseField::ConcludedAt, CaseField::AcceptedAt, false),
    (CaseField::PerformanceDue, CaseField::ConcludedAt, true),
    (CaseField::PerformedAt, CaseField::ConcludedAt, true),
    (CaseField::ConfirmationAppliedAt, CaseField::ConcludedAt, true),
];

pub(super) fn check(row: &CaseRow, cells: &CaseCells) -> Result<(), RowRefusal> {
    let filled = |field: CaseField| !cells.get(field).is_empty();
    for (end, start, needed) in PAIRS {
        let Some(end_day) = cells.day(end) else { continue };
        match cells.day(start) {
            Some(start_day) if end_day < start_day => {
                return Err(row.refusal(end, format!("is {end_day}, before {} {start_day}", start.name())));
            }
            None if needed => return Err(row.refusal(end, format!("has a day, but {} is empty", start.name()))),
            _ => {}
        }
    }
    match (filled(CaseField::ConcludedAt), filled(CaseField::Outcome)) {
        (true, false) => return Err(row.refusal(CaseField::Outcome, "must not be empty when concluded_at has a day")),
        (false, true) => return Err(row.refusal(CaseField::ConcludedAt, "must not be empty when there is an outcome")),
        _ => {}
    }
    check_outcome(row, cells, cells.get(CaseField::Outcome).parse().ok())?;
    if filled(CaseField::Confirmation) && !filled(CaseField::ConfirmationAppliedAt) {
        return Err(row.refusal(CaseField::ConfirmationAppliedAt, "must not be empty when there is a confirmation"));
    }
    Ok(())
}

/// What goes with which outcome. Amounts are taken as they come: ledgers write the sum in dispute where nothing was agreed, and no
/// figure of agreements counts it. But money of a case that nobody took, and payment where nothing was agreed, mean nothing.
fn check_outcome(row: &CaseRow, cells: &CaseCells, outcome: Option<Outcome>) -> Result<(), RowRefusal> {
    let filled = |field: CaseField| !cells.get(field).is_empty();
    let never_taken = matches!(outcome, Some(Outcome::Refused | Outcome::Declined));
    match outcome {
        Some(outcome) if !never_taken && !filled(CaseField::AcceptedAt) => {
            return Err(row.refusal(CaseField::AcceptedAt, format!("must not be empty when the outcome is {outcome}")));
        }
        Some(outcome) if never_taken && filled(CaseField::AcceptedAt) => {
            let reason = format!("must be empty when the outcome is {outcome}: such a case was not accepted");
            return Err(row.refusal(CaseField::AcceptedAt, reason));
        }
        None if filled(CaseField::HandedOnTo) => {
            return Err(row.refusal(CaseField::HandedOnTo, "must be empty while there is no outcome"));
        }
        _ => {}
    }
    let agreed = outcome.is_some_and(Outcome::has_agreement);
    let settled = agreed || outcome == Some(Outcome::SettledPrivately);
    let money = |field: CaseField| fen(cells.get(field)).is_some_and(|fen| fen > 0);
    let wrong = [
        (CaseField::AgreementForm, !agreed && filled(CaseField::AgreementForm), "an agreement"),
        (CaseField::AmountYuan, never_taken && money(CaseField::AmountYuan), "an accepted case"),
        (CaseField::PerformanceDue, !settled && filled(CaseField::PerformanceDue), "an agreement"),
        (CaseField::PerformedAt, !settled && filled(CaseField::PerformedAt), "an agreement"),
        (CaseField::PaidYuan, !settled && money(CaseField::PaidYuan), "an agreement"),
        (CaseField::ConfirmationAppliedAt, !agreed && filled(CaseField::ConfirmationAppliedAt), "an agreement"),
        (CaseField::Confirmation, !agreed && filled(CaseField::Confirmation), "an agreement"),
    ];
    match wrong.into_iter().find(|(_, wrong, _)| *wrong) {
        Some((field, _, what)) => Err(row.refusal(field, format!("must be empty without {what}"))),
        None => Ok(()),
    }
}
