//! What may be done with bodies.

use super::{not_after_today, not_before};
use crate::domain::{Adjustment, Aggregate, Body, BodyCommand, BodyKind, Change, Context, Event, NewBody, Rejection};
use fengqiao_model::{Day, Token};

/// What the rules answer to a command about a body; never performs anything. `open_cases` is how many cases it has open.
pub fn decide_body(
    state: Option<&Body>,
    code: &Token,
    command: &BodyCommand,
    open_cases: u32,
    context: &Context<'_>,
) -> Result<Change, Rejection> {
    if let BodyCommand::Register(new) = command {
        return match state {
            Some(known) if !known.imported => Err(Rejection::BodyExists),
            known => register(known, code, new, context),
        };
    }
    let body = state.ok_or_else(|| Rejection::BodyNotFound { code: code.to_string() })?;
    if body.division.as_ref().is_some_and(|division| !context.may_touch_division(division)) {
        return Err(Rejection::OutsideDivision);
    }
    if body.closed_on.is_some() {
        return Err(Rejection::BodyClosed { code: code.to_string(), day: context.today });
    }
    let founded = body.founded_on;
    match command {
        BodyCommand::Register(_) => Err(Rejection::BodyExists),
        BodyCommand::Update(new) => {
            if new.force != body.force {
                return Err(Rejection::field("body.force", format!("cannot change; it is {}", body.force)));
            }
            let after = Body { imported: body.imported, ..made_of(new, body, context)? };
            Ok(change(BodyKind::Updated, context.today, after))
        }
        BodyCommand::Adjust { on, staff_in, staff_out } => {
            let on = dated("adjusted_on", *on, founded, context)?;
            if *staff_in == 0 && *staff_out == 0 {
                return Err(Rejection::field("staff_in", "must be at least 1 when staff_out is 0"));
            }
            let mut after = body.clone();
            let later = after.adjustments.partition_point(|known| known.on <= on);
            after.adjustments.insert(later, Adjustment { on, staff_in: *staff_in, staff_out: *staff_out });
            Ok(change(BodyKind::Adjusted, on, after))
        }
        BodyCommand::Foster { on } => {
            let on = dated("fostered_on", *on, founded, context)?;
            if let Some(before) = body.fostered_on {
                return Err(Rejection::field("fostered_on", format!("was recorded already: {before}")));
            }
            Ok(change(BodyKind::Fostered, on, Body { fostered_on: Some(on), ..body.clone() }))
        }
        BodyCommand::Close { on } => {
            let on = dated("closed_on", *on, founded, context)?;
            if open_cases > 0 {
                return Err(Rejection::BodyHasOpenCases { open: open_cases });
            }
            Ok(change(BodyKind::Closed, on, Body { closed_on: Some(on), ..body.clone() }))
        }
    }
}

/// A new body, or one that so far only a ledger named; the cases of that one have its force, so it stays.
fn register(known: Option<&Body>, code: &Token, new: &NewBody, context: &Context<'_>) -> Result<Change, Rejection> {
    let before = match known {
        Some(imported) if imported.force != new.force => {
            let problem = format!("must be {}, as in the ledger that named the body", imported.force);
            return Err(Rejection::field("body.force", problem));
        }
        Some(imported) => imported.clone(),
        None => Body {
            version: 0,
            code: code.clone(),
            name: String::new(),
            force: new.force,
            kind: String::new(),
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
            imported: false,
            last_request: None,
        },
    };
    Ok(change(BodyKind::Registered, context.today, made_of(new, &before, context)?))
}

/// The body with what was given; its history stays.
fn made_of(new: &NewBody, before: &Body, context: &Context<'_>) -> Result<Body, Rejection> {
    if new.code != before.code {
        return Err(Rejection::field("body.code", format!("must be {}", before.code)));
    }
    if !context.may_touch_division(&new.division) {
        return Err(Rejection::OutsideDivision);
    }
    if new.parent.as_ref() == Some(&new.code) {
        return Err(Rejection::field("body.parent", "must be another body"));
    }
    if let Some(unknown) =
        new.specialities.iter().find(|code| !context.law.types.on(context.today).any(|kind| kind.code == **code))
    {
        return Err(Rejection::field("body.specialities", format!("must be dispute types of the list, {unknown} is not")));
    }
    if let Some(founded) = new.founded_on {
        not_after_today("body.founded_on", founded, context)?;
        let first = before.adjustments.first().map(|adjustment| adjustment.on).into_iter().chain(before.fostered_on).min();
        if let Some(first) = first.filter(|first| *first < founded) {
            return Err(Rejection::field(
                "body.founded_on",
                format!("must not be after what was recorded of the body on {first}"),
            ));
        }
    }
    Ok(Body {
        name: new.name.clone(),
        kind: new.kind.clone(),
        theme: new.theme.clone(),
        tags: new.tags.clone(),
        parent: new.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        division: Some(new.division.clone()),
        specialities: new.specialities.clone(),
        capacity: new.capacity,
        founded_on: new.founded_on,
        imported: false,
        ..before.clone()
    })
}

/// A day in a body's life: today when not given; it may be long past, because such things are often written down late.
fn dated(field: &'static str, given: Option<Day>, founded: Option<Day>, context: &Context<'_>) -> Result<Day, Rejection> {
    let day = given.unwrap_or(context.today);
    not_after_today(field, day, context)?;
    if let Some(founded) = founded {
        not_before(field, day, founded, "founding")?;
    }
    Ok(day)
}

fn change(kind: BodyKind, on: Day, after: Body) -> Change {
    let body = Body { version: 0, last_request: None, ..after };
    Change { target: Aggregate::Body(body.code.clone()), event: Event::Body { kind, on, body: Box::new(body) }, sealed: None }
}
