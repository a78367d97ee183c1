//! What may be done with units.

use super::{Directory, NewUnit, Standing, Unit, UnitCommand, UnitEvent, UnitKind};
use crate::domain::{Context, Rejection};
use fengqiao_model::Day;

/// What the rules answer to a command about a unit; never performs anything. `units` are all of the book. `open_items` is how many
/// open items it has, those that are on their way to it included.
pub fn decide_unit(
    code: &str,
    command: &UnitCommand,
    units: &Directory,
    open_items: u32,
    context: &Context<'_>,
) -> Result<UnitEvent, Rejection> {
    let known = units.get(code);
    if let UnitCommand::Register(new) = command {
        return match known {
            Some(unit) if !unit.imported => Err(Rejection::UnitExists { code: code.to_owned() }),
            known => register(known, new, units, context),
        };
    }
    let unit = known.ok_or_else(|| Rejection::UnitNotFound { code: code.to_owned() })?;
    if !may_touch(&unit.standing, context) {
        return Err(Rejection::OutsideDivision);
    }
    if unit.closed_on.is_some() {
        return Err(Rejection::UnitClosed { code: code.to_owned(), successor: unit.successor.clone() });
    }
    match command {
        UnitCommand::Register(_) => Err(Rejection::UnitExists { code: code.to_owned() }),
        UnitCommand::Update { on, new } => {
            let on = dated("changed_on", *on, Some(unit.since).max(unit.founded_on), context)?;
            check(new, units, context)?;
            check_founding(new.founded_on, unit, context)?;
            let after = Unit { standing: new.standing.clone(), founded_on: new.founded_on, ..unit.clone() };
            Ok(UnitEvent::new(UnitKind::Updated, on, after))
        }
        UnitCommand::Succeed { on, successor } => {
            let on = last_day("succeeded_on", *on, unit, context)?;
            if successor == code {
                return Err(Rejection::field("successor", "must be another unit"));
            }
            let heir = units.get(successor).ok_or_else(|| Rejection::UnitNotFound { code: successor.clone() })?;
            check_heir(heir, on)?;
            let after = Unit { closed_on: Some(on), successor: successor.clone(), handed_over: open_items, ..unit.clone() };
            Ok(UnitEvent::new(UnitKind::Succeeded, on, after))
        }
        UnitCommand::Close { on } => {
            let on = last_day("closed_on", *on, unit, context)?;
            if open_items > 0 {
                return Err(Rejection::UnitHasOpenItems { open: open_items });
            }
            Ok(UnitEvent::new(UnitKind::Closed, on, Unit { closed_on: Some(on), ..unit.clone() }))
        }
    }
}

/// A new unit, or one that so far was only named.
fn register(known: Option<&Unit>, new: &NewUnit, units: &Directory, context: &Context<'_>) -> Result<UnitEvent, Rejection> {
    check(new, units, context)?;
    if let Some(founded) = new.founded_on {
        not_after_today("unit.founded_on", founded, context)?;
    }
    let named = known.cloned().unwrap_or_else(|| Unit::named(&new.code, context.today));
    let on = new.founded_on.unwrap_or(context.today);
    let after = Unit { standing: new.standing.clone(), founded_on: new.founded_on, imported: false, ..named };
    Ok(UnitEvent::new(UnitKind::Registered, on, after))
}

/// Whether a unit may be so, beside the others.
fn check(new: &NewUnit, units: &Directory, context: &Context<'_>) -> Result<(), Rejection> {
    let standing = &new.standing;
    if !may_touch(standing, context) {
        return Err(Rejection::OutsideDivision);
    }
    check_parent(&new.code, standing, units, Some(context.today)).map_err(|problem| Rejection::field("unit.parent", problem))?;
    check_children(&new.code, standing, units).map_err(|problem| Rejection::field("unit.level", problem))
}

/// No unit is above itself, and none is above one of a higher level. `working` is a day on which the parent has to work.
pub(super) fn check_parent(code: &str, standing: &Standing, units: &Directory, working: Option<Day>) -> Result<(), String> {
    if standing.parent.is_empty() {
        return Ok(());
    }
    if standing.parent == code {
        return Err("must be another unit".to_owned());
    }
    let Some(parent) = units.get(&standing.parent) else { return Err("must be a unit of the book".to_owned()) };
    if working.is_some_and(|today| !parent.is_active(today)) {
        return Err("must be a unit that works".to_owned());
    }
    if units.above(&parent.code).any(|above| above.code == code) {
        return Err("must not lie below the unit itself".to_owned());
    }
    match parent.standing.level.zip(standing.level) {
        Some((above, own)) if above > own => Err(format!("must not be of a lower level, is of level {above}")),
        _ => Ok(()),
    }
}

pub(super) fn check_children(code: &str, standing: &Standing, units: &Directory) -> Result<(), String> {
    let Some(own) = standing.level else { return Ok(()) };
    let mut children = units.iter().filter(|child| child.standing.parent == code && child.closed_on.is_none());
    match children.find(|child| child.standing.level.is_some_and(|level| level < own)) {
        Some(child) => Err(format!("must not be lower than that of {}, which lies below it", child.code)),
        None => Ok(()),
    }
}

/// Who takes over has to work on the day, and still.
fn check_heir(heir: &Unit, on: Day) -> Result<(), Rejection> {
    if heir.closed_on.is_some() {
        return Err(Rejection::UnitClosed { code: heir.code.clone(), successor: heir.successor.clone() });
    }
    match heir.founded_on {
        Some(founded) if on < founded => {
            Err(Rejection::field("successor", format!("must be a unit that works on that day; it was founded on {founded}")))
        }
        _ => Ok(()),
    }
}

/// A founding is put right as long as it stays before the first change after it.
fn check_founding(founded: Option<Day>, unit: &Unit, context: &Context<'_>) -> Result<(), Rejection> {
    let Some(founded) = founded else { return Ok(()) };
    not_after_today("unit.founded_on", founded, context)?;
    let changed = unit.past.get(1).map(|period| period.from).or((!unit.past.is_empty()).then_some(unit.since));
    match changed {
        Some(changed) if founded > changed => {
            Err(Rejection::field("unit.founded_on", format!("must not be after the change of the unit on {changed}")))
        }
        _ => Ok(()),
    }
}

/// The last day of a unit; what is known first of a unit whose founding is not says nothing about its days.
fn last_day(field: &'static str, given: Option<Day>, unit: &Unit, context: &Context<'_>) -> Result<Day, Rejection> {
    let open_ended = unit.past.is_empty() && unit.founded_on.is_none();
    dated(field, given, (!open_ended).then_some(unit.since).max(unit.founded_on), context)
}

/// A day in a unit's life: today when not given; it may be long past, because such things are often written down late, but changes
/// are written down in their order.
fn dated(field: &'static str, given: Option<Day>, earliest: Option<Day>, context: &Context<'_>) -> Result<Day, Rejection> {
    let day = given.unwrap_or(context.today);
    not_after_today(field, day, context)?;
    match earliest {
        Some(earliest) if day < earliest => {
            Err(Rejection::field(field, format!("must not be before the founding or the last change of the unit ({earliest})")))
        }
        _ => Ok(day),
    }
}

fn not_after_today(field: &'static str, day: Day, context: &Context<'_>) -> Result<(), Rejection> {
    if day > context.today {
        return Err(Rejection::field(field, format!("must not be after today ({})", context.today)));
    }
    Ok(())
}

fn may_touch(standing: &Standing, context: &Context<'_>) -> bool {
    let limits = context.caller.division.as_ref().zip(standing.division.as_ref());
    limits.is_none_or(|(allowed, division)| allowed.contains(division))
}
