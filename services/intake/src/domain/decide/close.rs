//! The ends of a petition that are not a handling opinion, and what destroys what is personal in it.

use super::{Change, Deciding, number};
use crate::domain::{Ending, Event, Issue, Rejection, SealedContent, State, StepKind, clocks};
use fengqiao_model::{ActorId, Day, Text};
use fengqiao_statute::{Conclusion, MatterClass};

pub(super) fn refuse(
    on: &Deciding<'_>,
    day: Option<Day>,
    reason: &str,
    text: &Text,
    document_number: &Text,
) -> Result<Change, Rejection> {
    on.in_state(State::waits_for_notice)?;
    let day = on.day("refused_on", day)?;
    let code = on.reason(reason, "refuse", day)?;
    let conclusion = match code.conclusion {
        Some(conclusion @ (Conclusion::Refused | Conclusion::NoLongerAccepted)) => conclusion,
        _ => Conclusion::Refused,
    };
    Ok(Change::with_text(
        Event::Refused {
            on: day,
            reason: code.code.clone(),
            list_version: on.list_version(),
            conclusion,
            document_number: number(document_number),
        },
        text,
    ))
}

/// Leads an appeal to the procedure that the law has for it (XF 31 items 1 to 5).
pub(super) fn divert(on: &Deciding<'_>, asked: &Ending) -> Result<Change, Rejection> {
    on.in_state(State::waits_for_notice)?;
    on.of_class(|class| class == MatterClass::Appeal)?;
    end(on, asked, StepKind::Diverted, ("diverted_on", "divert"), Conclusion::Diverted)
}

/// Only advice was wanted.
pub(super) fn consult(on: &Deciding<'_>, asked: &Ending) -> Result<Change, Rejection> {
    on.in_state(|state| state == State::Registered)?;
    on.of_class(|class| class != MatterClass::Allegation)?;
    end(on, asked, StepKind::Consulted, ("consulted_on", "consult"), Conclusion::ConsultOnly)
}

/// Answers a suggestion (XF 29).
pub(super) fn answer(on: &Deciding<'_>, issue: &Issue) -> Result<Change, Rejection> {
    on.in_state(|state| state.waits_for_notice() || state.is_handled())?;
    on.of_class(|class| class == MatterClass::Suggestion)?;
    let day = on.day("answered_on", issue.on)?;
    let reason = on.reason("petition.answered", "answer", day)?;
    let mut step = on.step(StepKind::Answered, day);
    step.document_number = number(&issue.document_number);
    on.give_reason(&mut step, reason);
    on.received(&mut step, issue.receipt)?;
    step.petition.acted(day);
    step.petition.conclude(Conclusion::Answered, day, &reason.code);
    on.rating_begins(&mut step.petition, day);
    Ok(Change::stepped(step, &issue.text))
}

/// Forwards an allegation to the organ that has the power (XF 30). Which organ that is stands in the sealed part only: together with
/// the place and the day it could lead to the accused.
pub(super) fn forward(on: &Deciding<'_>, asked: &Ending) -> Result<Change, Rejection> {
    on.in_state(|state| state.waits_for_notice() || state.is_handled())?;
    on.of_class(|class| class == MatterClass::Allegation)?;
    let open = Ending { to_unit: None, ..asked.clone() };
    let change = end(on, &open, StepKind::Forwarded, ("forwarded_on", "forward"), Conclusion::Forwarded)?;
    let organ = asked.to_unit.as_ref().and_then(|organ| Text::new(organ.as_str(), usize::MAX).ok()).unwrap_or_default();
    let sealed = SealedContent { organ, ..change.sealed.unwrap_or_default() };
    Ok(Change { sealed: (!sealed.is_empty()).then_some(sealed), event: change.event })
}

/// Settled by mediation or between the parties, with a written agreement, inside the handling.
pub(super) fn settle(on: &Deciding<'_>, issue: &Issue) -> Result<Change, Rejection> {
    super::handle::running_clock(on)?;
    let day = on.day("settled_on", issue.on)?;
    let mut step = on.step(StepKind::Settled, day);
    step.document_number = number(&issue.document_number);
    on.received(&mut step, issue.receipt)?;
    step.petition.conclude(Conclusion::Settled, day, "");
    on.rating_begins(&mut step.petition, day);
    Ok(Change::stepped(step, &issue.text))
}

fn end(
    on: &Deciding<'_>,
    asked: &Ending,
    kind: StepKind,
    (field, transition): (&'static str, &str),
    conclusion: Conclusion,
) -> Result<Change, Rejection> {
    let day = on.day(field, asked.on)?;
    let reason = on.reason(&asked.reason, transition, day)?;
    let mut step = on.step(kind, day);
    step.document_number = number(&asked.document_number);
    step.to_unit = asked.to_unit.as_ref().map(ToString::to_string).unwrap_or_default();
    on.give_reason(&mut step, reason);
    step.petition.acted(day);
    step.petition.conclude(conclusion, day, &reason.code);
    Ok(Change::stepped(step, &asked.text))
}

pub(super) fn withdraw(on: &Deciding<'_>, day: Option<Day>, reason: &str, text: &Text) -> Result<Change, Rejection> {
    on.in_state(State::is_open)?;
    let day = on.day("withdrawn_on", day)?;
    let code = on.reason(reason, "withdraw", day)?;
    Ok(Change::with_text(Event::Withdrawn { on: day, reason: code.code.clone(), list_version: on.list_version() }, text))
}

pub(super) fn void(on: &Deciding<'_>, reason: &str, text: &Text, approved_by: &ActorId) -> Result<Change, Rejection> {
    on.in_state(|state| state != State::Void)?;
    if *approved_by == on.context.caller.id {
        return Err(Rejection::SamePerson);
    }
    if on.context.has_repeats {
        return Err(Rejection::LinkChain);
    }
    let code = on.reason(reason, "void", on.context.today)?;
    Ok(Change::with_text(
        Event::Voided {
            on: on.context.today,
            reason: code.code.clone(),
            list_version: on.list_version(),
            approved_by: approved_by.clone(),
        },
        text,
    ))
}

pub(super) fn erase(on: &Deciding<'_>, approved_by: &ActorId) -> Result<Change, Rejection> {
    if on.petition.erased {
        return Err(Rejection::PartiesErased);
    }
    if *approved_by == on.context.caller.id {
        return Err(Rejection::SamePerson);
    }
    Ok(Change::open(Event::PartiesErased { on: on.context.today, approved_by: approved_by.clone() }))
}

impl Deciding<'_> {
    /// The window in which the petitioner rates, from a day on.
    pub(super) fn rating_begins(&self, petition: &mut crate::domain::Petition, from: Day) {
        petition.start(self.context.start(clocks::RATING, from));
    }
}
