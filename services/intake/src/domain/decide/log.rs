//! Logging a petition at the desk: it gets its clocks, and how many may ask about it.

use super::{Change, not_after_today};
use crate::domain::{Context, Event, NewPetition, PartyRole, Petition, Rejection, clocks};
use fengqiao_statute::{MatterClass, start_until};

/// At most this many representatives hold a query code (XF 20).
pub const REPRESENTATIVES: usize = 5;

pub(super) fn log(new: &NewPetition, context: &Context<'_>) -> Result<Change, Rejection> {
    if context.caller.division.as_ref().is_some_and(|division| !division.contains(&new.division)) {
        return Err(Rejection::OutsideDivision);
    }
    let on = new.occurred_on.unwrap_or(context.today);
    not_after_today("petition.occurred_on", on, context)?;
    if context.today.days_since(on) > context.days_back {
        return Err(Rejection::field("petition.occurred_on", format!("must be at most {} days back", context.days_back)));
    }
    if let Some(unit) = &new.responsible_unit {
        context.units.may_receive(unit.as_str(), on)?;
    }
    context.law.places.check("petition.division_code", &new.division, on)?;
    // The channel of an allegation must never tell that it exists, so it gets no code (XF 30).
    let named = new.sealed.parties.iter().filter(|party| party.role == PartyRole::Representative).count();
    let representatives = match new.matter_class {
        MatterClass::Allegation => 0,
        _ if named > 0 => named,
        _ => new.sealed.parties.len().clamp(1, REPRESENTATIVES),
    };
    let mut petition = Petition {
        slip: new.slip.clone(),
        channel: Some(new.channel),
        category: new.category.as_str().to_owned(),
        person_count: new.person_count,
        responsible_unit: new.responsible_unit.as_ref().map(ToString::to_string).unwrap_or_default(),
        ledger: match (&new.external_ref, &new.ledger) {
            (None, _) => String::new(),
            (Some(_), Some(ledger)) => ledger.to_string(),
            (Some(_), None) => context.caller.unit.to_string(),
        },
        external_ref: new.external_ref.as_ref().map(ToString::to_string).unwrap_or_default(),
        foreign_numbers: new.foreign_numbers.clone(),
        offline: new.offline,
        representatives: u32::try_from(representatives).unwrap_or(0),
        ..Petition::registered(context.caller.unit.clone(), new.division.clone(), new.matter_class, on)
    };
    petition.start(context.start(clocks::FIRST_ACTION, on));
    if new.responsible_unit.as_ref() == Some(&context.caller.unit) {
        // The organ that has to handle it received it itself: the notice is owed from this day (XF 23).
        petition.start(context.start(clocks::DIRECT_NOTICE, on));
    } else if let Some(rule) = context.staged_rule {
        petition.start(context.start(rule, on));
    }
    if new.urgent {
        petition.start(start_until(&context.law.rules, &context.law.calendar, clocks::URGENT, on, on).ok());
    }
    Ok(Change { event: Event::Registered(Box::new(petition)), sealed: Some(new.sealed.clone()) })
}
