//! From a ledger row to a case, and from a row met again to a verdict: identical, further on, or contradicting.

mod check;
mod facts;

use super::{
    Body, BodyKind, Case, CaseCells, CaseField, CaseRow, Change, Context, Dispute, Event, Group, Kind, RowRefusal, SealedContent,
    decide::linked,
    draft::{Draft, Step},
    group::Aggregate,
    row::shown,
};
use facts::{case_of, cells_of, sealed_of, sealed_text};
use fengqiao_model::{CaseId, Day, DisputeId, DivisionCode, Text, Token};
use fengqiao_statute::CaseSource;

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
    if row.body().is_empty() {
        return Ok(None);
    }
    let Ok(force) = row.cells.get(CaseField::Force).parse() else {
        return Err(row.refusal(CaseField::Force, "must not be empty"));
    };
    if let Some(known) = known {
        if known.force != force {
            let reason = format!("the body {} is of force {}, the row says {force}", shown(row.body()), known.force);
            return Err(row.refusal(CaseField::Force, reason));
        }
        return Ok(None);
    }
    let Ok(code) = row.body().parse::<Token>() else { return Err(row.refusal(CaseField::Body, "is unusable")) };
    let body = Body {
        version: 0,
        code: code.clone(),
        name: code.to_string(),
        force,
        kind: row.cells.get(CaseField::BodyKind).to_owned(),
        theme: String::new(),
        tags: Vec::new(),
        parent: String::new(),
        division: None,
        specialities: Vec::new(),
        capacity: 0,
        founded_on: None,
        adjustments: Vec::new(),
        fostered_on: None,
        closed_on: None,
        imported: true,
        last_request: None,
    };
    let event = Event::Body { kind: BodyKind::Imported, on: context.today, body: Box::new(body) };
    Ok(Some(Change { target: Aggregate::Body(code), event, sealed: None }))
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
    let division =
        row.cells.get(CaseField::DivisionCode).parse().map_err(|_| row.refusal(CaseField::DivisionCode, "must not be empty"))?;
    if !context.may_touch_division(&division) {
        return Err(outside(row));
    }
    let known = labelled.and_then(|(id, group)| group.dispute(id).map(|facts| (id, group, facts)));
    if known.is_some_and(|(_, group, _)| group.is_full()) {
        return Err(full(row));
    }
    let fresh;
    let facts = match known {
        Some((_, _, facts)) => facts,
        None => {
            fresh = new_dispute(row, ledger, division, context);
            &fresh
        }
    };
    let new = case_of(row, &row.cells, (facts, ledger.as_str(), case), context)?;
    let on = new.applied_on;
    let erased = facts.erased;
    let mut draft = match known {
        Some((id, group, _)) => Draft::of(group, id),
        None => Draft::opening(dispute, Dispute { source: new.source, ..facts.clone() }),
    };
    draft.add(new);
    first_row_tells(known.map(|(_, _, facts)| facts), draft.facts());
    // Where the key is gone, nothing personal comes in any more.
    let sealed = sealed_of(&row.cells).filter(|_| !erased);
    Ok(draft.changes(Step::new(Kind::Imported, on).sealing(sealed), Kind::Restated))
}

fn new_dispute(row: &CaseRow, ledger: &Token, division: DivisionCode, context: &Context<'_>) -> Dispute {
    Dispute {
        version: 0,
        number: String::new(),
        division,
        dispute_type: row.cells.get(CaseField::DisputeType).to_owned(),
        type_list_version: context.law.types.version().to_owned(),
        source: CaseSource::Applied,
        milestones: Vec::new(),
        linked_into: None,
        linked: Vec::new(),
        petition: None,
        root_ref: row.root_ref().to_owned(),
        ledger: ledger.to_string(),
        erased: false,
        cases: Vec::new(),
        last_request: None,
    }
}

/// Compares a row with the case recorded under its key. `columns` are those the file has; others say nothing. `recorded` is the case
/// with its dispute and group. `recorded_sealed` is what the events `case.imported` and `case.advanced` whose first case this is
/// sealed, folded by [`SealedContent::merge_row`]; `None` when the parties were erased: then the row is already there by its key.
/// `labelled` as for [`import_row`].
pub fn compare_row(
    row: &CaseRow,
    columns: &[CaseField],
    (group, dispute, case): (&Group, DisputeId, CaseId),
    recorded_sealed: Option<&SealedContent>,
    labelled: Option<(DisputeId, &Group)>,
    context: &Context<'_>,
) -> Result<Verdict, RowRefusal> {
    let known = group.dispute(dispute).and_then(|facts| facts.case(case).map(|recorded| (facts, recorded)));
    let Some((facts, recorded)) = known else { return Err(row.refusal(CaseField::ExternalRef, "is not in the book")) };
    // Before all else: a contradiction names what is recorded.
    if !context.may_touch(facts) {
        return Err(outside(row));
    }
    let Some(recorded_sealed) = recorded_sealed else { return Ok(Verdict::Already) };
    if recorded.imported_cells.is_none() {
        return Err(row.refusal(CaseField::ExternalRef, "was logged here as a case of its own, not imported"));
    }
    let before = cells_of(facts, recorded, recorded_sealed);
    let (after, filled) = overlaid(row, columns, &before)?;
    if filled.is_empty() {
        return Ok(Verdict::Already);
    }
    let key = (facts, recorded.ledger.as_str(), case);
    let as_imported = case_of(row, &before, key, context).map(|built| kept(built, recorded));
    if as_imported.ok().as_ref() != Some(recorded) {
        return Err(row.refusal(CaseField::ExternalRef, "was changed here since it was imported; change it there"));
    }
    let built = case_of(row, &after, key, context)?;
    let handling = built.handling.clone();
    let mut next = Case { handling, ..kept(built, recorded) };
    let on = known_on(&next, &after, &filled);
    let step = Step::new(Kind::Advanced, on).sealing(newly_sealed(&after, &filled));
    let labels = filled.contains(&CaseField::RootRef);
    let joined = labels.then_some(labelled).flatten().filter(|(_, other)| other.root.0 != group.root.0);
    let mut beside = Kind::Restated;
    let (mut draft, step) = match joined {
        Some((_, other)) => {
            if facts.linked_into.is_some() || !facts.linked.is_empty() {
                return Err(row.refusal(CaseField::RootRef, "cannot be filled: the dispute is linked with others here"));
            }
            if group.cases().count() + other.cases().count() > Group::MOST_CASES {
                return Err(full(row));
            }
            beside = Kind::Linked;
            (linked(group, other, dispute, facts), Step { other: Some(other.root.0), ..step })
        }
        None => (Draft::of(group, dispute), step),
    };
    if labels && labelled.is_none() {
        if let Some(facts) = draft.facts() {
            row.root_ref().clone_into(&mut facts.root_ref);
        }
        // The label stands with the dispute; the row needs none of its own.
        if let Some(cells) = &mut next.imported_cells {
            cells.retain(|cell| !cell.starts_with("root_ref="));
        }
    }
    if let Some(changed) = draft.case(case) {
        *changed = Case { version: changed.version, ..next };
    }
    first_row_tells(Some(facts), draft.facts());
    Ok(Verdict::Advanced(draft.changes(step, beside)))
}

/// Place, type and source of a ledger's dispute are those of its earliest row, in whatever order the rows come. What was changed here
/// since stays.
fn first_row_tells(before: Option<&Dispute>, after: Option<&mut Dispute>) {
    fn earliest(dispute: &Dispute) -> Option<&Case> {
        dispute.cases.iter().min_by_key(|case| (case.applied_on, &case.ledger, &case.external_ref))
    }
    fn tells(case: &Case) -> Option<(DivisionCode, String, CaseSource)> {
        let division = case.own("division_code")?.parse().ok()?;
        Some((division, case.own("dispute_type")?.to_owned(), case.source))
    }
    let Some(after) = after else { return };
    let as_told = before.is_none_or(|before| {
        let told = earliest(before).and_then(tells);
        told.is_some_and(|told| told == (before.division.clone(), before.dispute_type.clone(), before.source))
    });
    if let Some((division, dispute_type, source)) = earliest(after).and_then(tells).filter(|_| as_told) {
        (after.division, after.dispute_type, after.source) = (division, dispute_type, source);
    }
}

/// The recorded cells with those of the row that were empty, and which those are; a changed cell is refused with both values.
fn overlaid(row: &CaseRow, columns: &[CaseField], before: &CaseCells) -> Result<(CaseCells, Vec<CaseField>), RowRefusal> {
    let mut after = before.clone();
    let mut filled = Vec::new();
    for field in columns {
        let (was, is) = (before.get(*field), row.cells.get(*field));
        if was == is {
            continue;
        }
        if !was.is_empty() {
            return Err(row.refusal(*field, format!("recorded {}, the row says {}", shown(was), shown(is))));
        }
        filled.push(*field);
        after.set(*field, is.to_owned());
    }
    Ok((after, filled))
}

/// A case built from cells, with what no cell can tell as it is recorded.
fn kept(built: Case, recorded: &Case) -> Case {
    let before = recorded.clone();
    Case {
        version: before.version,
        number: before.number,
        dispatched_on: before.dispatched_on,
        entry: before.entry,
        from: before.from,
        returns: before.returns,
        returned_by: before.returned_by,
        handling: before.handling,
        flags: before.flags,
        already_at: before.already_at,
        applicant_consents: before.applicant_consents,
        respondent_consents: before.respondent_consents,
        chosen_body: before.chosen_body,
        not_dispatched: before.not_dispatched,
        last_request: before.last_request,
        ..built
    }
}

/// The day that the row vouches for: of the earliest fact that it newly tells, or of the latest that it told before.
fn known_on(case: &Case, after: &CaseCells, filled: &[CaseField]) -> Day {
    const FACTS: [CaseField; 4] =
        [CaseField::AcceptedAt, CaseField::ConcludedAt, CaseField::PerformedAt, CaseField::ConfirmationAppliedAt];
    let newly = FACTS.into_iter().filter(|field| filled.contains(field)).filter_map(|field| after.day(field)).min();
    newly.or_else(|| FACTS.into_iter().filter_map(|field| after.day(field)).max()).unwrap_or(case.applied_on)
}

fn newly_sealed(after: &CaseCells, filled: &[CaseField]) -> Option<SealedContent> {
    let mut sealed = SealedContent::default();
    if filled.contains(&CaseField::Narrative) {
        sealed.narrative = Text::new(after.get(CaseField::Narrative), usize::MAX).unwrap_or_default();
    }
    if filled.contains(&CaseField::Mediator) || filled.contains(&CaseField::Reason) {
        sealed.text = sealed_text(after);
    }
    (!sealed.is_empty()).then_some(sealed)
}

fn outside(row: &CaseRow) -> RowRefusal {
    row.refusal(CaseField::DivisionCode, "lies outside the caller's divisions")
}

fn full(row: &CaseRow) -> RowRefusal {
    row.refusal(CaseField::RootRef, format!("names a dispute of {} cases, the most there can be", Group::MOST_CASES))
}
