//! Correcting what was entered wrongly: the same checks as when it was entered, but for how long ago it was.

use super::{Desk, amount, not_after_today, not_before};
use crate::domain::{Case, Change, Correction, Dispute, Kind, Rejection, SealedContent};
use fengqiao_model::{Day, Text};
use fengqiao_statute::Outcome;

impl Desk<'_> {
    pub(super) fn correct(&self, correction: &Correction, reason: &str, text: &Text) -> Result<Vec<Change>, Rejection> {
        let today = self.context.today;
        if *correction == Correction::default() {
            return Err(Rejection::field("fields", "must name what is corrected"));
        }
        if self.dispute.erased && !correction.sealed.is_empty() {
            return Err(Rejection::PartiesErased);
        }
        self.reason("reason", reason, "correct", today)?;
        let facts = self.corrected_dispute(correction)?;
        let case = self.corrected_case(correction, &facts)?;
        self.check_days(&case)?;
        let mut draft = self.draft();
        if let Some(before) = draft.facts() {
            before.dispute_type = facts.dispute_type;
            before.type_list_version = facts.type_list_version;
            before.division = facts.division;
            before.source = facts.source;
        }
        if let Some(before) = draft.case(self.case.id) {
            *before = Case { version: before.version, ..case };
        }
        let sealed = SealedContent { text: text.clone(), ..correction.sealed.clone() };
        let step = self.step(Kind::Corrected, today, reason, text).sealing((!sealed.is_empty()).then_some(sealed));
        Ok(draft.changes(step, Kind::Restated))
    }

    fn corrected_dispute(&self, correction: &Correction) -> Result<Dispute, Rejection> {
        let law = self.context.law;
        let mut facts = Dispute { cases: Vec::new(), ..self.dispute.clone() };
        if let Some(code) = &correction.dispute_type {
            if !law.types.on(self.case.applied_on).any(|kind| kind.code == *code) {
                return Err(Rejection::field("dispute_type", "must be a dispute type of the list, such as T02"));
            }
            facts.dispute_type.clone_from(code);
            law.types.version().clone_into(&mut facts.type_list_version);
        }
        if let Some(division) = &correction.division {
            if !self.context.may_touch_division(division) {
                return Err(Rejection::OutsideDivision);
            }
            facts.division = division.clone();
        }
        // The dispute comes from where its first case comes from.
        let is_first = self.dispute.cases.first().is_some_and(|first| first.id == self.case.id);
        if let Some(source) = correction.source.filter(|_| is_first) {
            facts.source = source;
        }
        Ok(facts)
    }

    fn corrected_case(&self, correction: &Correction, facts: &Dispute) -> Result<Case, Rejection> {
        let mut case = self.case.clone();
        let to = correction;
        case.source = to.source.unwrap_or(case.source);
        case.applied_on = to.applied_on.unwrap_or(case.applied_on);
        existing("accepted_on", to.accepted_on, &mut case.accepted_on)?;
        existing("ended_on", to.ended_on, &mut case.ended_on)?;
        self.correct_agreement(to, &mut case)?;
        if let Some(fen) = to.claimed_fen {
            amount("claimed_fen", fen)?;
            case.claimed_fen = fen;
        }
        match to.party_count {
            Some(0) => return Err(Rejection::field("party_count", "must be at least 1")),
            Some(count) => case.party_count = count,
            None => {}
        }
        case.hard = to.hard.unwrap_or(case.hard);
        case.session_mode = to.session_mode.unwrap_or(case.session_mode);
        if let Some(mediator) = &to.mediator {
            case.mediator.clone_from(mediator);
        }
        self.correct_clock(&mut case, facts)?;
        Ok(case)
    }

    fn correct_agreement(&self, to: &Correction, case: &mut Case) -> Result<(), Rejection> {
        let touched = to.agreement_form.is_some()
            || to.agreed_fen.is_some()
            || to.paid_fen.is_some()
            || to.performance_due.is_some()
            || to.performed_on.is_some();
        if touched && !case.outcome.is_some_and(Outcome::has_agreement) {
            return Err(Rejection::NoAgreement { state: case.state });
        }
        case.agreement_form = to.agreement_form.or(case.agreement_form);
        if let Some(fen) = to.agreed_fen {
            amount("agreed_fen", fen)?;
            case.agreed_fen = fen;
        }
        if let Some(fen) = to.paid_fen {
            amount("paid_fen", fen)?;
            case.paid_fen = fen;
        }
        case.performance_due = to.performance_due.unwrap_or(case.performance_due);
        case.performed_on = to.performed_on.unwrap_or(case.performed_on);
        Ok(())
    }

    /// Every day after the one it follows, no fact after today; plans may lie ahead.
    fn check_days(&self, case: &Case) -> Result<(), Rejection> {
        let days: [(&'static str, Option<Day>, &str, Option<Day>); 6] = [
            ("applied_on", Some(case.applied_on), "", None),
            ("accepted_on", case.accepted_on, "application", Some(case.applied_on)),
            ("ended_on", case.ended_on, "application", Some(case.applied_on)),
            ("ended_on", case.ended_on, "acceptance", case.accepted_on),
            ("performance_due", case.performance_due, "the agreement", case.ended_on),
            ("performed_on", case.performed_on, "the agreement", case.ended_on),
        ];
        for (field, day, what, earliest) in days {
            let Some(day) = day else { continue };
            if let Some(earliest) = earliest {
                not_before(field, day, earliest, what)?;
            }
            if field != "performance_due" {
                not_after_today(field, day, self.context)?;
            }
        }
        if let (Some(ended), Some(applied)) = (case.ended_on, case.confirmation_applied_on)
            && applied < ended
        {
            let problem = format!("must not be after the day on which confirmation was applied for ({applied})");
            return Err(Rejection::field("ended_on", problem));
        }
        Ok(())
    }
}

/// A day that can be corrected only where there is one: what did not happen is not corrected into having happened.
fn existing(field: &'static str, to: Option<Day>, day: &mut Option<Day>) -> Result<(), Rejection> {
    if to.is_some() && day.is_none() {
        return Err(Rejection::field(field, "is empty; a correction does not make a step that was not taken"));
    }
    *day = to.or(*day);
    Ok(())
}
