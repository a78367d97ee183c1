//! What passing time does to a petition: a window that is over, a due day that has passed, a lamp that turned red. Pure; the sweep asks
//! day by day, and asking again changes nothing.

use super::{Context, Law, Petition, State, Step, StepKind, Supervision, clocks};
use fengqiao_model::Day;
use fengqiao_statute::{ClockTerms, Exclusion, Unit, due, restate_clock, with_exclusions};

/// The next thing to note of a petition at the end of yesterday; ask again with the petition after it until nothing is left.
///
/// A lapse is dated by the day on which it happened, not by the day on which the sweep came: the first day after the due day.
pub fn next_lapse(petition: &Petition, context: &Context<'_>) -> Option<Step> {
    for (at, clock) in petition.clocks.iter().enumerate().filter(|(_, clock)| clock.runs()) {
        let rule = clock.terms.rule.as_str();
        let threshold = context.law.lamps.of(rule);
        let over_on = clock.terms.legal_due.plus_days(1);
        if clock.lapsed_on.is_none() && over_on <= context.today {
            let mut step = Step::of(StepKind::ClockLapsed, over_on, &petition.unit, petition);
            rule.clone_into(&mut step.subject);
            step.until = Some(clock.terms.legal_due);
            step.petition.lapse(at, over_on, threshold.window);
            return Some(step);
        }
        let red_from = threshold.red_from(&clock.terms).filter(|red| *red <= context.today);
        if let Some(on) = red_from.filter(|_| !petition.was_pressed(clock)) {
            let mut step = Step::of(StepKind::Supervised, on, &petition.unit, petition);
            "red".clone_into(&mut step.subject);
            let unit = match petition.owed_by(clock) {
                "" => petition.unit.to_string(),
                unit => unit.to_owned(),
            };
            step.to_unit.clone_from(&unit);
            step.petition.supervisions.push(Supervision {
                measure: "red".to_owned(),
                on,
                unit,
                rule: rule.to_owned(),
                explanation_due: None,
                explained_on: None,
            });
            return Some(step);
        }
    }
    None
}

impl Petition {
    /// A clock's time is over. A right that is over ends its clock; a duty is still owed.
    fn lapse(&mut self, at: usize, on: Day, window: bool) {
        let Some(clock) = self.clocks.get_mut(at) else { return };
        clock.lapsed_on = Some(on);
        if window {
            clock.done_on = Some(on);
        }
        let ends = matches!(
            (clock.terms.rule.as_str(), self.state),
            (clocks::REVIEW_WINDOW, State::OpinionIssued) | (clocks::REREVIEW_WINDOW, State::Reviewed)
        );
        if ends {
            self.state = State::Final;
            self.final_on = Some(on);
        }
    }
}

/// The next running clock that a new calendar moves, or makes certain; ask again with the petition after it until nothing is left.
pub fn next_restatement(petition: &Petition, context: &Context<'_>) -> Option<Step> {
    for (at, clock) in petition.clocks.iter().enumerate().filter(|(_, clock)| clock.runs()) {
        let Some(new) = restated(petition, &clock.terms, context.law) else { continue };
        let old = &clock.terms;
        if (new.kpi_due, new.legal_due, new.provisional) == (old.kpi_due, old.legal_due, old.provisional) {
            continue;
        }
        let mut step = Step::of(StepKind::ClockRestated, context.today, &petition.unit, petition);
        step.subject.clone_from(&old.rule);
        step.until = Some(new.legal_due);
        step.petition.clocks[at].terms = new;
        return Some(step);
    }
    None
}

/// The terms by the calendar in use. A calendar-day clock keeps its unrolled day, extension included; a working-day clock and one with
/// excluded days is counted anew from its start.
fn restated(petition: &Petition, terms: &ClockTerms, law: &Law) -> Option<ClockTerms> {
    let rule = law.rules.rule(&terms.rule, &terms.rule_version)?;
    let suspended = petition.suspended(&terms.rule);
    let anew = |length| {
        let due = due(&law.calendar, terms.started_on, length);
        ClockTerms {
            calendar_version: law.calendar.version().to_owned(),
            kpi_due: due.kpi,
            legal_due: due.legal,
            provisional: due.provisional,
            ..terms.clone()
        }
    };
    match rule.length {
        Some(length) if !suspended.is_empty() => {
            let cause = |(from, to)| Exclusion { cause: "rereview_hearing".to_owned(), from, to };
            let exclusions: Vec<Exclusion> = suspended.into_iter().map(cause).collect();
            with_exclusions(&anew(length), &law.rules, &law.calendar, &exclusions).ok()
        }
        Some(length) if length.unit == Unit::WorkingDay => Some(anew(length)),
        Some(_) => restate_clock(terms, &law.rules, &law.calendar, &law.calendar).ok(),
        None => {
            let legal_due = fengqiao_statute::rolled(&law.calendar, terms.kpi_due);
            let provisional = law.calendar.touches_provisional(terms.kpi_due, legal_due);
            Some(ClockTerms { calendar_version: law.calendar.version().to_owned(), legal_due, provisional, ..terms.clone() })
        }
    }
}
