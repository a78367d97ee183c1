//! From a ledger row to a petition, and from a row met again to a verdict: identical, further on, or contradicting.

use super::{
    Cells, ClockRun, Context, Field, LedgerOrigin, Petition, Row, RowRefusal, SealedContent, State, clocks, row::shown,
    sealed::Party,
};
use fengqiao_model::{Day, Text, Token};
use fengqiao_statute::{Channel, ClockTerms, Conclusion, MatterClass, extend_to, start_clock};

/// What a row met again says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new.
    Already,
    /// Cells that were empty are filled: the petition after it, and what of the new cells is sealed.
    Advanced { petition: Box<Petition>, sealed: Option<SealedContent> },
}

/// The petition that a new row describes, and its sealed part. The number is left empty.
pub fn import(row: &Row, ledger: &Token, context: &Context<'_>) -> Result<(Petition, SealedContent), RowRefusal> {
    let petition = build(row, &row.cells, ledger, context)?;
    if !context.may_touch(&petition) {
        return Err(outside(row));
    }
    Ok((petition, sealed(&row.cells)))
}

/// Compares a row with the petition recorded under its key. `columns` are those the file has; others say nothing. `recorded_sealed`
/// is `None` when the parties were erased: then the row is already there by its key.
pub fn compare(
    row: &Row,
    columns: &[Field],
    recorded: &Petition,
    recorded_sealed: Option<&SealedContent>,
    context: &Context<'_>,
) -> Result<Verdict, RowRefusal> {
    // Before all else: a contradiction names what is recorded.
    if !context.may_touch(recorded) {
        return Err(outside(row));
    }
    let Some(recorded_sealed) = recorded_sealed else { return Ok(Verdict::Already) };
    if recorded.origin.is_none() {
        return Err(refusal(row, Field::ExternalRef, "was logged here as a petition of its own, not imported".to_owned()));
    }
    let before = cells_of(recorded, recorded_sealed);
    let mut after = before.clone();
    let mut newly = Cells::default();
    let mut filled = false;
    for field in columns {
        let (was, is) = (before.get(*field), row.cells.get(*field));
        if was == is {
            continue;
        }
        if !was.is_empty() {
            return Err(refusal(row, *field, format!("recorded {}, the row says {}", shown(was), shown(is))));
        }
        filled = true;
        after.set(*field, is.to_owned());
        if field.is_sealed() {
            newly.set(*field, is.to_owned());
        }
    }
    if !filled {
        return Ok(Verdict::Already);
    }
    if moved_on(recorded) {
        return Err(refusal(row, Field::ExternalRef, "was changed here since it was imported; change it there".to_owned()));
    }
    let ledger: Token = recorded.ledger.parse().map_err(|_| refusal(row, Field::ExternalRef, "has no ledger".to_owned()))?;
    let mut petition = build(row, &after, &ledger, context)?;
    petition.number.clone_from(&recorded.number);
    petition.unit.clone_from(&recorded.unit);
    let newly = sealed(&newly);
    Ok(Verdict::Advanced { petition: Box::new(petition), sealed: (!newly.is_empty()).then_some(newly) })
}

/// Whether something was done with an imported petition here that no row can tell, so that a row would undo it.
fn moved_on(petition: &Petition) -> bool {
    petition.state != standing(petition)
        || petition.origin.as_ref().is_some_and(|origin| origin.overtaken)
        || petition.extension.is_some()
        || petition.extended_on.is_some()
        || !petition.reason.is_empty()
}

fn outside(row: &Row) -> RowRefusal {
    refusal(row, Field::DivisionCode, "lies outside the caller's divisions".to_owned())
}

/// The state that an imported petition's facts lead to.
pub(super) fn standing(petition: &Petition) -> State {
    let extended = petition.origin.as_ref().is_some_and(|origin| origin.extended_to.is_some());
    match petition.conclusion {
        Some(_) if petition.rereviewed_on.is_some() => State::Final,
        Some(_) if petition.rereview_requested_on.is_some() => State::RereviewRequested,
        Some(_) if petition.reviewed_on.is_some() => State::Reviewed,
        Some(_) if petition.review_requested_on.is_some() => State::ReviewRequested,
        Some(conclusion) => State::of(conclusion),
        None if extended && petition.terms(clocks::HANDLING).is_some() => State::Extended,
        None if petition.accepted_on.is_some() => State::Accepted,
        None => State::Registered,
    }
}

/// What follows from an imported petition's facts: which of its clocks are done, where it stands, when it became final.
pub(super) fn settle(petition: &mut Petition, terms: Vec<ClockTerms>) {
    let first = [petition.first_action_on, petition.accepted_on, petition.concluded_on].into_iter().flatten().min();
    petition.clocks = terms
        .into_iter()
        .map(|terms| {
            let done = match terms.rule.as_str() {
                clocks::FIRST_ACTION => first,
                clocks::REVIEW => petition.reviewed_on,
                clocks::REREVIEW => petition.rereviewed_on,
                _ => petition.concluded_on,
            };
            ClockRun::ended(terms, done)
        })
        .collect();
    petition.state = standing(petition);
    petition.final_on = petition.rereviewed_on.filter(|_| petition.state == State::Final);
}

fn refusal(row: &Row, field: Field, reason: String) -> RowRefusal {
    RowRefusal { line: row.line, column: field.name(), reason }
}

fn build(row: &Row, cells: &Cells, ledger: &Token, context: &Context<'_>) -> Result<Petition, RowRefusal> {
    let refuse = |field: Field, reason: String| Err(refusal(row, field, reason));
    let Some(registered_on) = cells.day(Field::RegisteredAt) else {
        return refuse(Field::RegisteredAt, "must not be empty".to_owned());
    };
    check_order(row, cells)?;
    let (concluded_on, conclusion) = (cells.day(Field::OpinionAt), code::<Conclusion>(cells, Field::Conclusion));
    match (concluded_on, conclusion) {
        (Some(_), None) => return refuse(Field::Conclusion, "must not be empty when opinion_at has a day".to_owned()),
        (None, Some(_)) => return refuse(Field::OpinionAt, "must not be empty when there is a conclusion".to_owned()),
        _ => {}
    }
    let Some(matter_class) = code::<MatterClass>(cells, Field::MatterClass) else {
        return refuse(Field::MatterClass, "must not be empty".to_owned());
    };
    let Ok(division) = cells.get(Field::DivisionCode).parse() else {
        return refuse(Field::DivisionCode, "must not be empty".to_owned());
    };
    let clock = |rule: &str, from: Day| start_clock(&context.law.rules, &context.law.calendar, rule, from).ok();
    let accepted_on = cells.day(Field::AcceptedAt);
    let mut handling = accepted_on.and_then(|on| super::decide::handling_clock(matter_class, on, context));
    let extended_to = cells.day(Field::ExtendedTo);
    if let Some((terms, to)) = handling.as_ref().zip(extended_to) {
        handling = Some(extended(terms, to, context).map_err(|reason| refusal(row, Field::ExtendedTo, reason))?);
    }
    let review_requested_on = cells.day(Field::ReviewRequestedAt);
    let rereview_requested_on = cells.day(Field::RereviewRequestedAt);
    let mut petition = Petition {
        channel: code::<Channel>(cells, Field::Channel),
        category: cells.get(Field::Category).to_owned(),
        person_count: cells.get(Field::PersonCount).parse().unwrap_or(0),
        responsible_unit: cells.get(Field::ResponsibleUnit).to_owned(),
        ledger: ledger.to_string(),
        external_ref: row.external_ref.to_string(),
        accepted_on,
        concluded_on,
        conclusion,
        first_action_on: cells.day(Field::FirstActionAt),
        repeat_of: cells.get(Field::RepeatOf).to_owned(),
        litigation_related: cells.get(Field::LitigationRelated).parse().ok(),
        delivered_on: cells.day(Field::DeliveredAt),
        review_requested_on,
        reviewed_on: cells.day(Field::ReviewAt),
        rereview_requested_on,
        rereviewed_on: cells.day(Field::RereviewAt),
        rating_office: cells.get(Field::RatingOffice).to_owned(),
        rating_unit: cells.get(Field::RatingUnit).to_owned(),
        origin: Some(LedgerOrigin {
            sealed_cells: [Field::Title, Field::Narrative, Field::Petitioner].map(|field| !cells.get(field).is_empty()),
            extended_to,
            overtaken: false,
        }),
        ..Petition::registered(context.caller.unit.clone(), division, matter_class, registered_on)
    };
    let terms = [
        clock(clocks::FIRST_ACTION, registered_on),
        handling,
        review_requested_on.and_then(|on| clock(clocks::REVIEW, on)),
        rereview_requested_on.and_then(|on| clock(clocks::REREVIEW, on)),
    ];
    settle(&mut petition, terms.into_iter().flatten().collect());
    Ok(petition)
}

/// An end before its start, by day, is refused. A start that the ledger does not tell is no reason to leave the row out.
fn check_order(row: &Row, cells: &Cells) -> Result<(), RowRefusal> {
    const PAIRS: [(Field, Field); 10] = [
        (Field::AcceptedAt, Field::RegisteredAt),
        (Field::FirstActionAt, Field::RegisteredAt),
        (Field::OpinionAt, Field::RegisteredAt),
        (Field::OpinionAt, Field::AcceptedAt),
        (Field::ExtendedTo, Field::AcceptedAt),
        (Field::DeliveredAt, Field::OpinionAt),
        (Field::ReviewRequestedAt, Field::OpinionAt),
        (Field::ReviewAt, Field::ReviewRequestedAt),
        (Field::RereviewRequestedAt, Field::ReviewAt),
        (Field::RereviewAt, Field::RereviewRequestedAt),
    ];
    for (end, start) in PAIRS {
        if let Some((end_day, start_day)) = cells.day(end).zip(cells.day(start))
            && end_day < start_day
        {
            return Err(refusal(row, end, format!("is {end_day}, before {} {start_day}", start.name())));
        }
    }
    Ok(())
}

/// A day that does not reach the due day extends nothing. Where no clock runs, an extension is kept and counts for nothing.
fn extended(terms: &ClockTerms, to: Day, context: &Context<'_>) -> Result<ClockTerms, String> {
    if to < terms.kpi_due {
        return Err(format!("is {to}, before the due day {} that it extends", terms.kpi_due));
    }
    Ok(extend_to(terms, &context.law.calendar, to))
}

fn sealed(cells: &Cells) -> SealedContent {
    let text = |field: Field| Text::new(cells.get(field), usize::MAX).unwrap_or_default();
    let name = text(Field::Petitioner);
    SealedContent {
        title: text(Field::Title),
        narrative: text(Field::Narrative),
        parties: if name.is_empty() { Vec::new() } else { vec![Party { name, ..Party::default() }] },
        ..SealedContent::default()
    }
}

/// The cells that a recorded petition came from.
fn cells_of(petition: &Petition, sealed: &SealedContent) -> Cells {
    let mut cells = Cells::default();
    let extended_to = petition.origin.as_ref().and_then(|origin| origin.extended_to);
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    cells.set(Field::ExternalRef, petition.external_ref.clone());
    cells.set(Field::RegisteredAt, petition.registered_on.to_string());
    cells.set(Field::DivisionCode, petition.division.to_string());
    cells.set(Field::Channel, petition.channel.map_or("", Channel::code).to_owned());
    cells.set(Field::MatterClass, petition.matter_class.code().to_owned());
    cells.set(Field::Category, petition.category.clone());
    cells.set(Field::Title, sealed.title.as_str().to_owned());
    cells.set(Field::Narrative, sealed.narrative.as_str().to_owned());
    cells.set(Field::Petitioner, sealed.first_name().to_owned());
    cells.set(Field::PersonCount, if petition.person_count == 0 { String::new() } else { petition.person_count.to_string() });
    cells.set(Field::ResponsibleUnit, petition.responsible_unit.clone());
    cells.set(Field::AcceptedAt, day(petition.accepted_on));
    cells.set(Field::OpinionAt, day(petition.concluded_on));
    cells.set(Field::Conclusion, petition.conclusion.map_or("", Conclusion::code).to_owned());
    cells.set(Field::FirstActionAt, day(petition.first_action_on));
    cells.set(Field::RepeatOf, if petition.is_repeat() { String::new() } else { petition.repeat_of.clone() });
    cells.set(Field::LitigationRelated, petition.litigation_related.map(|yes| yes.to_string()).unwrap_or_default());
    cells.set(Field::ExtendedTo, day(extended_to));
    cells.set(Field::DeliveredAt, day(petition.delivered_on));
    cells.set(Field::ReviewRequestedAt, day(petition.review_requested_on));
    cells.set(Field::ReviewAt, day(petition.reviewed_on));
    cells.set(Field::RereviewRequestedAt, day(petition.rereview_requested_on));
    cells.set(Field::RereviewAt, day(petition.rereviewed_on));
    cells.set(Field::RatingOffice, petition.rating_office.clone());
    cells.set(Field::RatingUnit, petition.rating_unit.clone());
    cells
}

trait FromCode: Sized {
    fn from_code(text: &str) -> Option<Self>;
}

macro_rules! from_code {
    ($($kind:ident),*) => {$(
        impl FromCode for $kind {
            fn from_code(text: &str) -> Option<Self> {
                $kind::from_code_or_zh(text).ok()
            }
        }
    )*};
}

from_code!(Channel, MatterClass, Conclusion);

fn code<C: FromCode>(cells: &Cells, field: Field) -> Option<C> {
    C::from_code(cells.get(field))
}
