//! From a ledger row to a unit, and from a row met again to a verdict: identical, further on, or contradicting.

use super::{
    Directory, NewUnit, Unit, UnitEvent, UnitField, UnitKind, UnitRow,
    decide::{check_children, check_parent},
};
use crate::domain::{Context, RowRefusal};
use fengqiao_model::{Day, DivisionCode};

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitVerdict {
    /// Nothing new.
    Already,
    /// A unit that nobody knew: what happened, to units that the row names first.
    New(Vec<UnitEvent>),
    /// Cells that were empty are filled, or a unit that was only named is known now.
    Advanced(Vec<UnitEvent>),
}

/// What becomes of a row. `columns` are those the file has; others say nothing. `open_items` is how many open items the unit has,
/// those on their way to it included: a row that closes it then has to name a successor, to which they go.
pub fn take_unit_row(
    row: &UnitRow,
    columns: &[UnitField],
    units: &Directory,
    open_items: u32,
    context: &Context<'_>,
) -> Result<UnitVerdict, RowRefusal> {
    let known = units.get(row.code());
    let recorded = known.filter(|unit| !unit.imported);
    let row = match recorded {
        Some(unit) => {
            // Before all else: a contradiction names what is recorded.
            touchable(row, unit.standing.division.as_ref(), context)?;
            &row.beside(&UnitRow::of(unit), columns)?
        }
        None => row,
    };
    if recorded.is_some_and(|unit| row.same_cells(&UnitRow::of(unit))) {
        return Ok(UnitVerdict::Already);
    }
    let new = row.unit();
    touchable(row, new.standing.division.as_ref(), context)?;
    check(row, &new, units, context)?;
    check_end(row, units, open_items)?;
    let mut events = named(row, units, context);
    let before = known.cloned().unwrap_or_else(|| Unit::named(&new.code, context.today));
    let open = Unit { standing: new.standing, founded_on: new.founded_on, imported: false, ..before.clone() };
    match recorded {
        None => {
            let on = row.day(UnitField::FoundedOn).or(row.day(UnitField::ClosedOn)).unwrap_or(context.today);
            events.push(UnitEvent::new(UnitKind::Registered, on, open.clone()));
        }
        // A row fills what was not said: it was so from the beginning of what is known.
        Some(unit) if (&unit.standing, unit.founded_on) != (&open.standing, open.founded_on) => {
            events.push(UnitEvent::new(UnitKind::Updated, unit.since, open.clone()));
        }
        Some(_) => {}
    }
    events.extend(end(row, open, open_items));
    Ok(if known.is_some() { UnitVerdict::Advanced(events) } else { UnitVerdict::New(events) })
}

fn touchable(row: &UnitRow, division: Option<&DivisionCode>, context: &Context<'_>) -> Result<(), RowRefusal> {
    match context.caller.division.as_ref().zip(division) {
        Some((allowed, division)) if !allowed.contains(division) => {
            Err(row.refusal(UnitField::DivisionCode, "lies outside the caller's divisions"))
        }
        _ => Ok(()),
    }
}

/// Parent and successor that nobody knows are registered as imported; their own rows may stand further down.
fn named(row: &UnitRow, units: &Directory, context: &Context<'_>) -> Vec<UnitEvent> {
    let mut codes = vec![row.get(UnitField::Parent), row.get(UnitField::Successor)];
    codes.retain(|code| !code.is_empty() && units.get(code).is_none());
    codes.dedup();
    let import = |code: &str| UnitEvent::new(UnitKind::Imported, context.today, Unit::named(code, context.today));
    codes.into_iter().map(import).collect()
}

fn check(row: &UnitRow, new: &NewUnit, units: &Directory, context: &Context<'_>) -> Result<(), RowRefusal> {
    let parent = &new.standing.parent;
    if *parent == new.code || units.get(parent).is_some() {
        // The parent of one that is closed may be closed as well.
        let closed = row.day(UnitField::ClosedOn).is_some();
        let working = (!closed).then_some(context.today);
        check_parent(&new.code, &new.standing, units, working).map_err(|problem| row.refusal(UnitField::Parent, problem))?;
    }
    check_children(&new.code, &new.standing, units).map_err(|problem| row.refusal(UnitField::Level, problem))
}

fn check_end(row: &UnitRow, units: &Directory, open_items: u32) -> Result<(), RowRefusal> {
    let successor = row.get(UnitField::Successor);
    let refuse = |field, reason: String| Err(row.refusal(field, reason));
    let Some(closed) = row.day(UnitField::ClosedOn) else {
        return if successor.is_empty() {
            Ok(())
        } else {
            refuse(UnitField::ClosedOn, "must not be empty when there is a successor".to_owned())
        };
    };
    if let Some(founded) = row.day(UnitField::FoundedOn).filter(|founded| closed < *founded) {
        return refuse(UnitField::ClosedOn, format!("is {closed}, before founded_on {founded}"));
    }
    if successor == row.code() {
        return refuse(UnitField::Successor, "must be another unit".to_owned());
    }
    if units.heirs_of(row.code()).iter().any(|before| before == successor) {
        return refuse(UnitField::Successor, format!("was itself taken over by {}", row.code()));
    }
    if open_items == 0 || units.get(row.code()).is_some_and(|unit| unit.closed_on.is_some()) {
        return Ok(());
    }
    if successor.is_empty() {
        return refuse(UnitField::Successor, format!("must not be empty: {open_items} open items of the unit go to it"));
    }
    match units.last(successor) {
        Some(heir) if heir.closed_on.is_some() => {
            refuse(UnitField::Successor, format!("is closed: {open_items} open items of the unit cannot go to it"))
        }
        _ => Ok(()),
    }
}

/// The end that a row adds.
fn end(row: &UnitRow, open: Unit, open_items: u32) -> Option<UnitEvent> {
    let closed: Day = row.day(UnitField::ClosedOn).filter(|_| open.closed_on.is_none() || open.successor.is_empty())?;
    let successor = row.get(UnitField::Successor);
    if open.closed_on.is_some() && successor.is_empty() {
        return None;
    }
    let kind = if successor.is_empty() { UnitKind::Closed } else { UnitKind::Succeeded };
    let after = Unit { closed_on: Some(closed), successor: successor.to_owned(), handed_over: open_items, ..open };
    Some(UnitEvent::new(kind, closed, after))
}
