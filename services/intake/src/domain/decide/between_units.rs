//! The way of a petition between units: transferred or assigned, objected to, decided, reported on (XF 22, 23).

use super::{Change, Deciding, not_after_today, not_before, number};
use crate::domain::{HandOver, Rejection, Routing, State, StepKind, clocks};
use fengqiao_model::{Day, Text};
use fengqiao_statute::{MatterClass, start_until};

/// Transfers it, or assigns it when the day of the report is given. An allegation goes no such way: it is forwarded (XF 30).
pub(super) fn hand_over(on: &Deciding<'_>, asked: &HandOver, feedback_due: Option<Day>) -> Result<Change, Rejection> {
    on.in_state(State::waits_for_notice)?;
    on.of_class(|class| class != MatterClass::Allegation)?;
    let (petition, context) = (on.petition, on.context);
    let assigned = feedback_due.is_some();
    let day = on.day(if assigned { "assigned_on" } else { "transferred_on" }, asked.on)?;
    let received_on = asked.received_on.unwrap_or(day);
    not_before("received_on", received_on, day, "the hand-over")?;
    not_after_today("received_on", received_on, context)?;
    let from_unit = match (petition.state, petition.responsible_unit.as_str()) {
        (State::Registered, _) | (_, "") => context.caller.unit.to_string(),
        (_, holder) => holder.to_owned(),
    };
    let to_unit = asked.to_unit.to_string();
    if petition.state != State::Registered && petition.responsible_unit == to_unit && !assigned {
        return Err(Rejection::SameUnit);
    }
    let mut step = on.step(if assigned { StepKind::Assigned } else { StepKind::Transferred }, day);
    step.document_number = number(&asked.document_number);
    step.to_unit.clone_from(&to_unit);
    step.until = feedback_due;
    let next = &mut step.petition;
    next.acted(day);
    // Whoever had it before owes neither notice nor report any more.
    next.done(&[clocks::DIRECT_NOTICE, clocks::ROUTED_NOTICE, clocks::OBJECTION, clocks::ASSIGNMENT], day);
    next.start(context.start(clocks::ROUTED_NOTICE, received_on));
    next.start(context.start(clocks::OBJECTION, received_on));
    if let Some(due) = feedback_due {
        not_before("feedback_due", due, received_on, "its receipt")?;
        next.start(start_until(&context.law.rules, &context.law.calendar, clocks::ASSIGNMENT, received_on, due).ok());
    }
    next.state = if assigned { State::Assigned } else { State::Transferred };
    next.responsible_unit.clone_from(&to_unit);
    next.routings.push(Routing {
        assigned,
        from_unit,
        to_unit,
        on: day,
        received_on,
        feedback_due,
        objected_on: None,
        objected_by: None,
        upheld: None,
        reported_on: None,
    });
    Ok(Change::stepped(step, &asked.text))
}

/// The closing report on an assignment, also after the petition was concluded.
pub(super) fn report(on: &Deciding<'_>, day: Option<Day>, document_number: &Text, text: &Text) -> Result<Change, Rejection> {
    on.in_state(|state| !matches!(state, State::Registered | State::Objected | State::Withdrawn | State::Void))?;
    let way = on.petition.routings.last().filter(|way| way.assigned).ok_or(Rejection::NoAssignment)?;
    if way.reported_on.is_some() {
        return Err(Rejection::ReportedAlready);
    }
    let day = super::business_day("reported_on", day, way.received_on, on.context)?;
    let mut step = on.step(StepKind::AssignmentReported, day);
    step.document_number = number(document_number);
    step.to_unit.clone_from(&way.from_unit);
    step.petition.done(&[clocks::ASSIGNMENT], day);
    if let Some(way) = step.petition.routings.last_mut() {
        way.reported_on = Some(day);
    }
    Ok(Change::stepped(step, text))
}

/// The unit says it is not competent: within five working days of receipt, with reasons; later it stays where it is.
pub(super) fn object(on: &Deciding<'_>, day: Option<Day>, reason: &str, text: &Text) -> Result<Change, Rejection> {
    on.in_state(|state| matches!(state, State::Transferred | State::Assigned))?;
    let Some(way) = on.petition.routings.last() else { return Err(on.forbidden()) };
    if way.upheld.is_some() {
        return Err(Rejection::ObjectionUsed);
    }
    let day = super::business_day("objected_on", day, way.received_on, on.context)?;
    if let Some(terms) = on.petition.terms(clocks::OBJECTION)
        && day > terms.legal_due
    {
        return Err(Rejection::ObjectionTooLate { due: terms.legal_due });
    }
    let known = on.reason(reason, "object", day)?;
    let mut step = on.step(StepKind::Objected, day);
    on.give_reason(&mut step, known);
    step.petition.state = State::Objected;
    step.petition.done(&[clocks::OBJECTION], day);
    if let Some(way) = step.petition.routings.last_mut() {
        way.objected_on = Some(day);
        way.objected_by = Some(on.context.caller.id.clone());
    }
    Ok(Change::stepped(step, text))
}

/// Upheld, the material is handed back and the item is registered again, with a new time for its way (P-01); overruled, it stays, and
/// the time for the notice has run on.
pub(super) fn decide_objection(
    on: &Deciding<'_>,
    day: Option<Day>,
    upheld: bool,
    document_number: &Text,
    text: &Text,
) -> Result<Change, Rejection> {
    on.in_state(|state| state == State::Objected)?;
    let Some(way) = on.petition.routings.last() else { return Err(on.forbidden()) };
    if way.objected_by.as_ref() == Some(&on.context.caller.id) {
        return Err(Rejection::SamePerson);
    }
    if on.context.caller.unit.as_str() == way.to_unit {
        return Err(Rejection::SameUnit);
    }
    let day = on.day("decided_on", day)?;
    let mut step = on.step(StepKind::ObjectionDecided, day);
    step.document_number = number(document_number);
    step.subject = if upheld { "upheld" } else { "overruled" }.to_owned();
    let next = &mut step.petition;
    next.state = match (upheld, way.assigned) {
        (true, _) => State::Registered,
        (false, true) => State::Assigned,
        (false, false) => State::Transferred,
    };
    if upheld {
        step.to_unit.clone_from(&way.from_unit);
        next.responsible_unit.clone_from(&way.from_unit);
        next.done(&[clocks::ROUTED_NOTICE, clocks::ASSIGNMENT], day);
        next.start(on.context.start(clocks::FIRST_ACTION, day));
    } else {
        step.to_unit.clone_from(&way.to_unit);
    }
    if let Some(way) = next.routings.last_mut() {
        way.upheld = Some(upheld);
    }
    Ok(Change::stepped(step, text))
}
