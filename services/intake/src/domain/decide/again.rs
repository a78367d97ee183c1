//! What comes back to a petition: opened again, rated, found to be urgent.

use super::{Change, Deciding, handling_clock, not_after_today, not_before};
use crate::domain::{Rejection, State, StepKind, clocks};
use fengqiao_model::{ActorId, Day, Text};
use fengqiao_statute::{MatterClass, Rating, start_until};

/// An agreement that is not performed.
const NOT_PERFORMED: &str = "petition.reopened_not_performed";

/// Opens a closed item again. What was being handled goes back into handling, with a time of its own; what never was goes back to the
/// beginning. An opinion whose review is still open is not opened again: it is reviewed.
pub(super) fn reopen(
    on: &Deciding<'_>,
    day: Option<Day>,
    reason: &str,
    text: &Text,
    approved_by: &ActorId,
) -> Result<Change, Rejection> {
    use State::*;
    on.in_state(|state| {
        matches!(
            state,
            NotAccepted | NoLongerAccepted | Diverted | ConsultOnly | Settled | Answered | Forwarded | Withdrawn | Final
        )
    })?;
    if *approved_by == on.context.caller.id {
        return Err(Rejection::SamePerson);
    }
    let day = on.day("reopened_on", day)?;
    let known = on.reason(reason, "reopen", day)?;
    if known.code == NOT_PERFORMED && on.petition.state != Settled {
        return Err(Rejection::field("reason", format!("{NOT_PERFORMED} is only for what was settled by an agreement")));
    }
    let mut step = on.step(StepKind::Reopened, day);
    on.give_reason(&mut step, known);
    step.approved_by = Some(approved_by.clone());
    let next = &mut step.petition;
    next.all_done(day);
    next.state = if next.accepted_on.is_some() { Accepted } else { Registered };
    next.reopened += 1;
    next.reopened_on = Some(day);
    (next.concluded_on, next.conclusion, next.final_on) = (None, None, None);
    (next.delivered_on, next.review_requested_on, next.reviewed_on) = (None, None, None);
    (next.review_delivered_on, next.rereview_requested_on, next.rereviewed_on) = (None, None, None);
    (next.extended_on, next.extension) = (None, None);
    for text in [&mut next.reason, &mut next.review_unit, &mut next.rereview_unit] {
        text.clear();
    }
    let terms = match next.state {
        Accepted => handling_clock(next.matter_class, day, on.context),
        _ => on.context.start(clocks::FIRST_ACTION, day),
    };
    next.start(terms);
    Ok(Change::stepped(step, text))
}

/// The petitioner rates the office and the unit, once, while the window is open. An allegation is not rated: nobody may learn of it.
pub(super) fn rate(
    on: &Deciding<'_>,
    day: Option<Day>,
    office: Option<Rating>,
    unit: Option<Rating>,
) -> Result<Change, Rejection> {
    on.in_state(|state| !state.is_open() && !matches!(state, State::Void | State::Withdrawn | State::Forwarded))?;
    on.of_class(|class| class != MatterClass::Allegation)?;
    let petition = on.petition;
    if petition.rated_on.is_some_and(|rated| petition.reopened_on.is_none_or(|again| rated >= again)) {
        return Err(Rejection::RatedAlready);
    }
    let window = petition.clock(clocks::RATING).filter(|window| window.runs());
    // Not before the end, nor before the receipt that opened the window.
    let begun = window.map(|window| window.terms.started_on);
    let earliest = petition.concluded_on.max(begun).unwrap_or(petition.registered_on);
    let day = super::business_day("rated_on", day, earliest, on.context)?;
    if let Some(window) = window.filter(|window| day > window.terms.legal_due) {
        return Err(Rejection::RatingTooLate { due: window.terms.legal_due });
    }
    let code = |rating: Option<Rating>| rating.map_or("", Rating::code).to_owned();
    let mut step = on.step(StepKind::Rated, day);
    step.petition.rated_on = Some(day);
    step.petition.rating_office = code(office);
    step.petition.rating_unit = code(unit);
    step.petition.done(&[clocks::RATING], day);
    Ok(Change::stepped(step, &Text::default()))
}

/// An item is found to be urgent or major, or what was found is reported to the government and one level up: at once (XF 25).
pub(super) fn flag_urgent(
    on: &Deciding<'_>,
    day: Option<Day>,
    reported_on: Option<Day>,
    text: &Text,
) -> Result<Change, Rejection> {
    on.in_state(State::is_open)?;
    let running = on.petition.clock(clocks::URGENT).filter(|clock| clock.runs());
    if running.is_some() && reported_on.is_none() {
        return Err(Rejection::UrgentAlready);
    }
    let day = match running {
        Some(clock) => clock.terms.started_on,
        None => super::business_day("found_on", day, on.petition.registered_on, on.context)?,
    };
    let mut step = on.step(StepKind::FlaggedUrgent, reported_on.unwrap_or(day));
    step.until = reported_on;
    if running.is_none() {
        let law = on.context.law;
        step.petition.start(start_until(&law.rules, &law.calendar, clocks::URGENT, day, day).ok());
    }
    if let Some(reported) = reported_on {
        not_before("reported_on", reported, day, "the finding")?;
        not_after_today("reported_on", reported, on.context)?;
        step.petition.done(&[clocks::URGENT], reported);
    }
    Ok(Change::stepped(step, text))
}
