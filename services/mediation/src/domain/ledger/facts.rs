//! Cells to the facts of a case, and back.

use super::check::check;
use crate::domain::{
    Case, CaseCells, CaseField, CaseRow, CaseState, Context, Dispute, RowRefusal, SealedContent,
    decide::blank,
    row::{fen, yuan},
};
use fengqiao_model::{ActorId, CaseId, Day, Text};
use fengqiao_statute::{CaseSource, Confirmation, Force, Outcome, SessionMode};

/// Cells that a fact's default would hide when they are filled.
const HIDDEN: [CaseField; 7] = [
    CaseField::Source,
    CaseField::PartyCount,
    CaseField::Narrative,
    CaseField::AmountYuan,
    CaseField::Hard,
    CaseField::ClaimedYuan,
    CaseField::PaidYuan,
];
/// Cells that stand with the dispute as well. A row keeps its own type and place always: an earlier row of the same dispute may still
/// come in and say otherwise for the dispute. Its label it keeps where the dispute has another.
const OF_THE_DISPUTE: [CaseField; 3] = [CaseField::RootRef, CaseField::DisputeType, CaseField::DivisionCode];

/// The case that the cells describe, as one of the dispute `facts`.
pub(super) fn case_of(
    row: &CaseRow,
    cells: &CaseCells,
    (facts, ledger, id): (&Dispute, &str, CaseId),
    context: &Context<'_>,
) -> Result<Case, RowRefusal> {
    check(row, cells)?;
    let Some(applied_on) = cells.day(CaseField::AppliedAt) else {
        return Err(row.refusal(CaseField::AppliedAt, "must not be empty"));
    };
    let Ok(force) = cells.get(CaseField::Force).parse::<Force>() else {
        return Err(row.refusal(CaseField::Force, "must not be empty"));
    };
    let text = |field: CaseField| cells.get(field).to_owned();
    let amount = |field: CaseField| fen(cells.get(field)).unwrap_or(0);
    let outcome: Option<Outcome> = cells.get(CaseField::Outcome).parse().ok();
    let accepted_on = cells.day(CaseField::AcceptedAt);
    let state = match outcome {
        Some(outcome) => CaseState::of(outcome),
        None if accepted_on.is_some() => CaseState::Accepted,
        None if cells.get(CaseField::Body).is_empty() => CaseState::Applied,
        None => CaseState::Dispatched,
    };
    let kind = cells.get(CaseField::DisputeType);
    Ok(Case {
        state,
        force: Some(force),
        body: text(CaseField::Body),
        body_kind: text(CaseField::BodyKind),
        source: cells.get(CaseField::Source).parse().unwrap_or(CaseSource::Applied),
        accepted_on,
        ended_on: cells.day(CaseField::ConcludedAt),
        outcome,
        agreement_form: cells.get(CaseField::AgreementForm).parse().ok(),
        handed_on: outcome.is_some_and(Outcome::concludes) && !cells.get(CaseField::HandedOnTo).is_empty(),
        handed_on_to: text(CaseField::HandedOnTo),
        party_count: cells.get(CaseField::PartyCount).parse().unwrap_or(0),
        hard: cells.get(CaseField::Hard) == "true",
        session_mode: cells.get(CaseField::SessionMode).parse::<SessionMode>().ok(),
        mediator: if in_the_open(cells, CaseField::Mediator) { text(CaseField::Mediator) } else { String::new() },
        claimed_fen: amount(CaseField::ClaimedYuan),
        agreed_fen: amount(CaseField::AmountYuan),
        paid_fen: amount(CaseField::PaidYuan),
        performance_due: cells.day(CaseField::PerformanceDue),
        performed_on: cells.day(CaseField::PerformedAt),
        confirmation_applied_on: cells.day(CaseField::ConfirmationAppliedAt),
        confirmation: cells.get(CaseField::Confirmation).parse::<Confirmation>().ok(),
        reason: if in_the_open(cells, CaseField::Reason) { text(CaseField::Reason) } else { String::new() },
        handling: accepted_on.and_then(|on| context.law.clocks.start(force, kind, applied_on, on, context)),
        ledger: ledger.to_owned(),
        external_ref: row.external_ref.to_string(),
        petition_ref: text(CaseField::PetitionRef),
        applicant_consents: accepted_on.is_some(),
        respondent_consents: accepted_on.is_some(),
        imported_cells: Some(noted(cells, facts)),
        ..blank(id, applied_on)
    })
}

/// What has to be noted of the cells, so that they can be told from the case again.
fn noted(cells: &CaseCells, facts: &Dispute) -> Vec<String> {
    let filled = |field: &CaseField| !cells.get(*field).is_empty();
    let sealed = |field: &CaseField| filled(field) && !in_the_open(cells, *field);
    let hidden = HIDDEN.into_iter().filter(filled).map(|field| field.name().to_owned());
    let in_words = [CaseField::Mediator, CaseField::Reason].into_iter().filter(sealed).map(|field| field.name().to_owned());
    let own = OF_THE_DISPUTE
        .into_iter()
        .filter(|field| *field != CaseField::RootRef || of_dispute(facts, *field) != cells.get(*field))
        .map(|field| format!("{}={}", field.name(), cells.get(field)));
    hidden.chain(in_words).chain(own).collect()
}

fn of_dispute(facts: &Dispute, field: CaseField) -> &str {
    match field {
        CaseField::RootRef => &facts.root_ref,
        CaseField::DisputeType => &facts.dispute_type,
        CaseField::DivisionCode => facts.division.as_str(),
        _ => "",
    }
}

/// A mediator's id and a reason code stand in the open; a name and a reason in words are sealed.
fn in_the_open(cells: &CaseCells, field: CaseField) -> bool {
    let text = cells.get(field);
    match field {
        CaseField::Mediator => text.parse::<ActorId>().is_ok(),
        CaseField::Reason => text.starts_with("case.") && text.parse::<ActorId>().is_ok(),
        _ => true,
    }
}

/// What of a row is sealed.
pub(super) fn sealed_of(cells: &CaseCells) -> Option<SealedContent> {
    let sealed = SealedContent {
        narrative: Text::new(cells.get(CaseField::Narrative), usize::MAX).unwrap_or_default(),
        text: sealed_text(cells),
        ..SealedContent::default()
    };
    (!sealed.is_empty()).then_some(sealed)
}

const MEDIATOR: &str = "调解员：";
const REASON: &str = "原因：";

/// The mediator's name and the reason in words, one after the other.
pub(super) fn sealed_text(cells: &CaseCells) -> Text {
    let of = |field: CaseField| Some(cells.get(field)).filter(|text| !text.is_empty() && !in_the_open(cells, field));
    let mediator = of(CaseField::Mediator).map(|name| format!("{MEDIATOR}{name}"));
    let reason = of(CaseField::Reason).map(|words| format!("{REASON}{words}"));
    let lines: Vec<String> = mediator.into_iter().chain(reason).collect();
    Text::new(&lines.join("\n"), usize::MAX).unwrap_or_default()
}

/// The cells that a recorded case came from.
pub(super) fn cells_of(facts: &Dispute, case: &Case, sealed: &SealedContent) -> CaseCells {
    let noted = case.imported_cells.as_deref().unwrap_or_default();
    let was_filled = |field: CaseField| noted.iter().any(|cell| cell == field.name());
    let own = |field: CaseField| {
        let name = |cell: &String| cell.strip_prefix(field.name()).and_then(|rest| rest.strip_prefix('=')).map(str::to_owned);
        noted.iter().find_map(name).unwrap_or_else(|| of_dispute(facts, field).to_owned())
    };
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let shown_if = |field: CaseField, hides: bool, text: String| {
        if hides && !was_filled(field) { String::new() } else { text }
    };
    let (mediator, reason) = in_words(sealed.text.as_str());
    let mut cells = CaseCells::default();
    for field in CaseField::ALL {
        let text = match field {
            CaseField::ExternalRef => case.external_ref.clone(),
            CaseField::RootRef | CaseField::DisputeType | CaseField::DivisionCode => own(field),
            CaseField::AppliedAt => case.applied_on.to_string(),
            CaseField::Source => shown_if(field, case.source == CaseSource::Applied, case.source.code().to_owned()),
            CaseField::Force => case.force.map_or("", Force::code).to_owned(),
            CaseField::Body => case.body.clone(),
            CaseField::PartyCount => shown_if(field, case.party_count == 0, case.party_count.to_string()),
            CaseField::Narrative => sealed.narrative.as_str().to_owned(),
            CaseField::AcceptedAt => day(case.accepted_on),
            CaseField::ConcludedAt => day(case.ended_on),
            CaseField::Outcome => case.outcome.map_or("", Outcome::code).to_owned(),
            CaseField::AgreementForm => case.agreement_form.map(|form| form.code().to_owned()).unwrap_or_default(),
            CaseField::AmountYuan => shown_if(field, case.agreed_fen == 0, yuan(case.agreed_fen)),
            CaseField::BodyKind => case.body_kind.clone(),
            CaseField::Mediator if was_filled(field) => mediator.to_owned(),
            CaseField::Mediator => case.mediator.clone(),
            CaseField::Hard => shown_if(field, !case.hard, case.hard.to_string()),
            CaseField::SessionMode => case.session_mode.map_or("", SessionMode::code).to_owned(),
            CaseField::ClaimedYuan => shown_if(field, case.claimed_fen == 0, yuan(case.claimed_fen)),
            CaseField::PerformanceDue => day(case.performance_due),
            CaseField::PerformedAt => day(case.performed_on),
            CaseField::PaidYuan => shown_if(field, case.paid_fen == 0, yuan(case.paid_fen)),
            CaseField::ConfirmationAppliedAt => day(case.confirmation_applied_on),
            CaseField::Confirmation => case.confirmation.map_or("", Confirmation::code).to_owned(),
            CaseField::Reason if was_filled(field) => reason.to_owned(),
            CaseField::Reason => case.reason.clone(),
            CaseField::HandedOnTo => case.handed_on_to.clone(),
            CaseField::PetitionRef => case.petition_ref.clone(),
        };
        cells.set(field, text);
    }
    cells
}

/// The mediator's name and the reason in words from what was sealed of a row.
fn in_words(text: &str) -> (&str, &str) {
    match text.strip_prefix(MEDIATOR) {
        Some(rest) => match rest.split_once('\n') {
            Some((mediator, reason)) => (mediator, reason.strip_prefix(REASON).unwrap_or_default()),
            None => (rest, ""),
        },
        None => ("", text.strip_prefix(REASON).unwrap_or_default()),
    }
}
