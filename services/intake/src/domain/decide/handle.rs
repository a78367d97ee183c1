//! Acceptance, and what happens while a petition is being handled: more time, hearings, the opinion.

use super::{Change, Deciding, not_after_today, not_before, number};
use crate::domain::{Context, Event, Hearing, Rejection, State, StepKind, clocks};
use fengqiao_model::{Day, Text, Token};
use fengqiao_statute::{ClockTerms, Exclusion, Length, MatterClass, extend_clock, with_exclusions};

/// Cause for which the clock of a re-review, and no other, does not count (XF 36).
const REREVIEW_HEARING: &str = "rereview_hearing";

pub(super) fn accept(
    on: &Deciding<'_>,
    day: Option<Day>,
    responsible_unit: Option<&Token>,
    document_number: &Text,
) -> Result<Change, Rejection> {
    on.in_state(State::waits_for_notice)?;
    let day = on.day("accepted_on", day)?;
    let petition = on.petition;
    let unit = match responsible_unit {
        Some(unit) => unit.to_string(),
        None if petition.responsible_unit.is_empty() => on.context.caller.unit.to_string(),
        None => petition.responsible_unit.clone(),
    };
    Ok(Change::open(Event::Accepted {
        on: day,
        responsible_unit: unit,
        document_number: number(document_number),
        handling: handling_clock(petition.matter_class, day, on.context),
    }))
}

/// Clock P-06, which only accepted appeals have (XF 31 item 6, 34).
pub(in crate::domain) fn handling_clock(class: MatterClass, accepted: Day, context: &Context<'_>) -> Option<ClockTerms> {
    match class {
        MatterClass::Appeal => context.start(clocks::HANDLING, accepted),
        MatterClass::Suggestion | MatterClass::Allegation => None,
    }
}

/// The handling clock that runs; only while it is being handled.
pub(super) fn running_clock<'a>(on: &Deciding<'a>) -> Result<&'a ClockTerms, Rejection> {
    on.in_state(State::is_handled)?;
    on.petition.terms(clocks::HANDLING).ok_or(Rejection::NoHandlingClock)
}

pub(super) fn request_extension(on: &Deciding<'_>, days: u32, text: &Text) -> Result<Change, Rejection> {
    let terms = running_clock(on)?;
    if on.petition.state == State::Extended {
        return Err(Rejection::ExtensionUsed);
    }
    if on.petition.extension.is_some() {
        return Err(Rejection::ExtensionPending);
    }
    in_time(terms, on.context)?;
    extended(terms, days, on.context)?;
    Ok(Change::with_text(Event::ExtensionRequested { on: on.context.today, days }, text))
}

pub(super) fn decide_extension(on: &Deciding<'_>, granted: bool) -> Result<Change, Rejection> {
    let terms = running_clock(on)?;
    let extension = on.petition.extension.as_ref().ok_or(Rejection::NoExtensionPending)?;
    if extension.requested_by == on.context.caller.id {
        return Err(Rejection::SamePerson);
    }
    if granted {
        in_time(terms, on.context)?;
    }
    let handling = if granted { Some(extended(terms, extension.days, on.context)?) } else { None };
    Ok(Change::open(Event::ExtensionDecided { on: on.context.today, handling }))
}

fn in_time(terms: &ClockTerms, context: &Context<'_>) -> Result<(), Rejection> {
    if context.today > terms.kpi_due { Err(Rejection::ExtensionTooLate { kpi_due: terms.kpi_due }) } else { Ok(()) }
}

fn extended(terms: &ClockTerms, days: u32, context: &Context<'_>) -> Result<ClockTerms, Rejection> {
    extend_clock(terms, &context.law.rules, &context.law.calendar, Length::calendar_days(days))
        .map_err(|error| Rejection::field("days", error.to_string()))
}

pub(super) fn issue_opinion(
    on: &Deciding<'_>,
    day: Option<Day>,
    document_number: &Text,
    text: &Text,
    delivered_on: Option<Day>,
) -> Result<Change, Rejection> {
    running_clock(on)?;
    let day = on.day("issued_on", day)?;
    if let Some(delivered) = delivered_on {
        not_before("delivered_on", delivered, day, "the opinion")?;
        not_after_today("delivered_on", delivered, on.context)?;
    }
    Ok(Change::with_text(
        Event::OpinionIssued {
            on: day,
            document_number: number(document_number),
            delivered_on,
            window: delivered_on.and_then(|delivered| on.context.start(clocks::REVIEW_WINDOW, delivered)),
        },
        text,
    ))
}

/// A hearing, in whichever stage it is held. The handling and the review clock go on (XF 34, 35 state no exclusion); only that of a
/// re-review does not count it.
pub(super) fn record_hearing(
    on: &Deciding<'_>,
    from: Day,
    until: Day,
    document_number: &Text,
    text: &Text,
) -> Result<Change, Rejection> {
    let petition = on.petition;
    let (stage, since) = match petition.state {
        State::Accepted | State::Extended => ("handling", petition.accepted_on),
        State::ReviewRequested => ("review", petition.review_requested_on),
        State::RereviewRequested => ("rereview", petition.rereview_requested_on),
        _ => return Err(on.forbidden()),
    };
    not_before("from", from, since.unwrap_or(petition.registered_on), "the step it follows")?;
    not_before("until", until, from, "its beginning")?;
    not_after_today("until", until, on.context)?;
    let mut step = on.step(StepKind::Heard, from);
    step.document_number = number(document_number);
    step.subject = stage.to_owned();
    step.until = Some(until);
    step.petition.hearings.push(Hearing { stage: stage.to_owned(), from, until });
    if petition.state == State::RereviewRequested
        && let Some(requested) = petition.rereview_requested_on
        && let Some(terms) = rereview_clock(&step.petition.hearings, requested, on.context)
    {
        step.petition.reterm(clocks::REREVIEW, terms);
    }
    Ok(Change::stepped(step, text))
}

/// Clock P-10 with all hearings of the re-review left out; days that several of them share are left out once.
fn rereview_clock(hearings: &[Hearing], requested: Day, context: &Context<'_>) -> Option<ClockTerms> {
    let terms = context.start(clocks::REREVIEW, requested)?;
    let out: Vec<Exclusion> = hearings
        .iter()
        .filter(|hearing| hearing.stage == "rereview")
        .map(|hearing| Exclusion { cause: REREVIEW_HEARING.to_owned(), from: hearing.from, to: hearing.until })
        .collect();
    with_exclusions(&terms, &context.law.rules, &context.law.calendar, &out).ok()
}
