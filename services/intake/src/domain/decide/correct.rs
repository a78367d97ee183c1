//! Correcting what was entered wrongly: with a reason and a second person, both values on the trail, and every clock that the changed
//! day had started reckoned anew.

use super::{Change, Deciding, not_after_today, not_before};
use crate::domain::{Correcting, Correction, Petition, Rejection, SealedContent, State, StepKind, clocks};
use fengqiao_model::Day;
use fengqiao_statute::{Channel, MatterClass, extend_to};

pub(super) fn correct(on: &Deciding<'_>, asked: &Correcting) -> Result<Change, Rejection> {
    on.in_state(|state| state != State::Void)?;
    if asked.approved_by == on.context.caller.id {
        return Err(Rejection::SamePerson);
    }
    let today = on.context.today;
    let reason = on.reason(&asked.reason, "amend", today)?;
    let mut step = on.step(StepKind::Corrected, today);
    on.give_reason(&mut step, reason);
    step.approved_by = Some(asked.approved_by.clone());
    let mut list = Corrections { on, list: Vec::new() };
    let next = &mut step.petition;
    list.place(next, asked)?;
    list.class(next, asked.matter_class)?;
    list.registered(next, asked.registered_on)?;
    list.accepted(next, asked.accepted_on)?;
    list.concluded(next, asked.concluded_on)?;
    list.delivered(next, asked.delivered_on)?;
    list.sealed(&asked.sealed);
    if (next.person_count as usize) < asked.sealed.parties.len() {
        return Err(Rejection::field("person_count", "must not be smaller than the number of parties"));
    }
    if list.list.is_empty() {
        return Err(Rejection::NothingToCorrect);
    }
    step.corrections = list.list;
    let sealed = (!asked.sealed.is_empty()).then(|| asked.sealed.clone());
    Ok(Change { event: crate::domain::Event::Stepped(Box::new(step)), sealed })
}

/// What was corrected so far.
struct Corrections<'a> {
    on: &'a Deciding<'a>,
    list: Vec<Correction>,
}

impl Corrections<'_> {
    fn note(&mut self, field: &str, before: impl ToString, after: impl ToString) {
        self.list.push(Correction { field: field.to_owned(), before: before.to_string(), after: after.to_string() });
    }

    fn place(&mut self, next: &mut Petition, asked: &Correcting) -> Result<(), Rejection> {
        if let Some(division) = asked.division.as_ref().filter(|division| **division != next.division) {
            if self.on.context.caller.division.as_ref().is_some_and(|own| !own.contains(division)) {
                return Err(Rejection::OutsideDivision);
            }
            let on = asked.registered_on.unwrap_or(next.registered_on);
            self.on.context.law.places.check("division_code", division, on)?;
            self.note("division_code", &next.division, division);
            next.division = division.clone();
        }
        if let Some(channel) = asked.channel.filter(|channel| Some(*channel) != next.channel) {
            self.note("channel", next.channel.map_or("", Channel::code), channel.code());
            next.channel = Some(channel);
        }
        let category = asked.category.as_str();
        if !category.is_empty() && category != next.category {
            self.note("category", &next.category, category);
            category.clone_into(&mut next.category);
        }
        if let Some(count) = asked.person_count.filter(|count| *count != next.person_count) {
            self.note("person_count", next.person_count, count);
            next.person_count = count;
        }
        Ok(())
    }

    /// The class decides which way a petition may go, so it is corrected only before it went one.
    fn class(&mut self, next: &mut Petition, class: Option<MatterClass>) -> Result<(), Rejection> {
        let Some(class) = class.filter(|class| *class != next.matter_class) else { return Ok(()) };
        let gone = next.state != State::Registered || !next.routings.is_empty() || next.mediation_routings > 0;
        if gone || next.reopened > 0 {
            return Err(Rejection::field("matter_class", "can be corrected only before the petition goes its way"));
        }
        self.note("matter_class", next.matter_class.code(), class.code());
        // Nobody looks up an allegation; what no longer is one gets the code of its first petitioner.
        next.representatives = match class {
            MatterClass::Allegation => 0,
            _ => next.representatives.max(1),
        };
        next.matter_class = class;
        Ok(())
    }

    fn registered(&mut self, next: &mut Petition, day: Option<Day>) -> Result<(), Rejection> {
        let before = next.registered_on;
        let Some(day) = day.filter(|day| *day != before) else { return Ok(()) };
        let begun = |rule: &str| {
            matches!(rule, clocks::FIRST_ACTION | clocks::DIRECT_NOTICE | clocks::URGENT) || rule.starts_with(clocks::STAGED)
        };
        let later = [next.first_action_on, next.accepted_on, next.concluded_on, next.routings.first().map(|way| way.on)];
        let ended = first_end(next, begun, before);
        self.between("registered_on", day, None, later.into_iter().flatten().chain(ended).min())?;
        self.note("registered_on", before, day);
        next.registered_on = day;
        self.restart(next, begun, before, day);
        Ok(())
    }

    fn accepted(&mut self, next: &mut Petition, day: Option<Day>) -> Result<(), Rejection> {
        let (Some(day), before) = (day, next.accepted_on) else { return Ok(()) };
        let Some(before) = before else {
            return Err(Rejection::field("accepted_on", "the petition was not accepted"));
        };
        if day == before {
            return Ok(());
        }
        if next.reopened > 0 {
            return Err(Rejection::field("accepted_on", "can be corrected only before the petition was opened again"));
        }
        let earliest = next.routings.last().map_or(next.registered_on, |way| way.received_on);
        let later = [next.extended_on, next.concluded_on, next.reopened_on];
        self.between("accepted_on", day, Some(earliest), later.into_iter().flatten().min())?;
        self.note("accepted_on", before, day);
        next.accepted_on = Some(day);
        if next.first_action_on == Some(before) {
            next.first_action_on = Some(day);
        }
        self.restart(next, |rule| rule == clocks::HANDLING, before, day);
        move_ends(next, before, day, ends_with_acceptance);
        Ok(())
    }

    fn concluded(&mut self, next: &mut Petition, day: Option<Day>) -> Result<(), Rejection> {
        let (Some(day), before) = (day, next.concluded_on) else { return Ok(()) };
        let Some(before) = before else {
            return Err(Rejection::field("concluded_on", "the petition is not concluded"));
        };
        if day == before {
            return Ok(());
        }
        let ended = |rule: &str| rule == clocks::HANDLING || ends_with_acceptance(rule);
        let begun = next.clocks.iter().filter(|clock| clock.done_on == Some(before) && ended(&clock.terms.rule));
        let begun = begun.map(|clock| clock.terms.started_on).max();
        let way = next.routings.last().map(|way| way.on);
        let earlier = [Some(next.registered_on), next.accepted_on, next.reopened_on, way, begun];
        let rated = next.rated_on.filter(|rated| *rated >= before);
        let later = [next.delivered_on, next.review_requested_on, rated];
        self.between("concluded_on", day, earlier.into_iter().flatten().max(), later.into_iter().flatten().min())?;
        self.note("concluded_on", before, day);
        next.concluded_on = Some(day);
        if next.first_action_on == Some(before) {
            next.first_action_on = Some(day);
        }
        move_ends(next, before, day, ended);
        if next.delivered_on.is_none() {
            self.restart(next, |rule| rule == clocks::RATING, before, day);
        }
        Ok(())
    }

    fn delivered(&mut self, next: &mut Petition, day: Option<Day>) -> Result<(), Rejection> {
        let (Some(day), before) = (day, next.delivered_on) else { return Ok(()) };
        let Some(before) = before.filter(|_| next.state == State::OpinionIssued) else {
            return Err(Rejection::field("delivered_on", "can be corrected only while the review is open"));
        };
        if day == before {
            return Ok(());
        }
        let begun = |rule: &str| matches!(rule, clocks::REVIEW_WINDOW | clocks::RATING);
        self.between("delivered_on", day, next.concluded_on, first_end(next, begun, before))?;
        self.note("delivered_on", before, day);
        next.delivered_on = Some(day);
        for delivery in &mut next.deliveries {
            if delivery.paper == crate::domain::Paper::Opinion.code() && delivery.on == before {
                delivery.on = day;
            }
        }
        self.restart(next, begun, before, day);
        Ok(())
    }

    /// What is sealed is named only; both values stand in the sealed parts of two events.
    fn sealed(&mut self, sealed: &SealedContent) {
        for (field, given) in [
            ("title", !sealed.title.is_empty()),
            ("narrative", !sealed.narrative.is_empty()),
            ("parties", !sealed.parties.is_empty()),
        ] {
            if given {
                self.note(field, "", "");
            }
        }
    }

    fn between(&self, field: &'static str, day: Day, earliest: Option<Day>, latest: Option<Day>) -> Result<(), Rejection> {
        not_after_today(field, day, self.on.context)?;
        if let Some(earliest) = earliest {
            not_before(field, day, earliest, "the step before it")?;
        }
        match latest {
            Some(latest) if day > latest => {
                Err(Rejection::field(field, format!("must not be after the day of the step that follows it ({latest})")))
            }
            _ => Ok(()),
        }
    }

    /// Reckons the clocks anew that a day had started; what was granted beyond their length stays granted.
    fn restart(&self, next: &mut Petition, begun: impl Fn(&str) -> bool, before: Day, day: Day) {
        for clock in &mut next.clocks {
            let rule = clock.terms.rule.clone();
            if clock.terms.started_on != before || !begun(&rule) {
                continue;
            }
            let granted = self.on.context.start(&rule, before).map_or(0, |was| clock.terms.kpi_due.days_since(was.kpi_due));
            let terms = match self.on.context.start(&rule, day) {
                Some(terms) if granted > 0 => extend_to(&terms, &self.on.context.law.calendar, terms.kpi_due.plus_days(granted)),
                Some(terms) => terms,
                // A clock whose length somebody set keeps its distance: at once stays at once.
                None => {
                    let due = clock.terms.kpi_due.plus_days(day.days_since(before));
                    let moved = extend_to(&clock.terms, &self.on.context.law.calendar, due);
                    fengqiao_statute::ClockTerms { started_on: day, ..moved }
                }
            };
            clock.terms = terms;
        }
    }
}

/// The first end of the clocks that a day had started: they cannot start after it.
fn first_end(petition: &Petition, begun: impl Fn(&str) -> bool, before: Day) -> Option<Day> {
    let moved = petition.clocks.iter().filter(|clock| clock.terms.started_on == before && begun(&clock.terms.rule));
    moved.filter_map(|clock| clock.done_on).min()
}

/// Whether an acceptance ends a clock, and a conclusion too. A report, a rating or a review of the same day is a step of its own: its day
/// does not move.
fn ends_with_acceptance(rule: &str) -> bool {
    clocks::ENDED_BY_ACCEPTANCE.iter().any(|ended| rule.starts_with(ended))
}

/// Moves the ends of clocks that a step had ended on a day.
fn move_ends(next: &mut Petition, before: Day, day: Day, ended: impl Fn(&str) -> bool) {
    for clock in &mut next.clocks {
        if clock.done_on == Some(before) && ended(&clock.terms.rule) {
            clock.done_on = Some(day);
        }
    }
}
