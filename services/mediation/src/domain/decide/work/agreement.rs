//! What becomes of an agreement: amended with both sides' consent, annulled by a second person, performed in instalments.

use super::super::{Desk, amount, not_before};
use crate::domain::{CaseState, Change, Kind, Rejection, file::Instalment};
use fengqiao_model::{ActorId, Day, Text};
use fengqiao_statute::{Confirmation, Outcome};

/// More amendments than an agreement ever has.
const AMENDMENTS: usize = 50;

impl Desk<'_> {
    pub(super) fn amend(
        &self,
        on: Option<Day>,
        agreed_fen: i64,
        performance_due: Option<Day>,
        document_number: &Text,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        if let Some(day) = self.case.performed_on {
            return Err(Rejection::Performed { on: day });
        }
        if self.case.confirmation == Some(Confirmation::Confirmed) {
            return Err(Rejection::ConfirmationAnswered);
        }
        let on = self.business_day("amended_on", on, self.case.ended_on)?;
        amount("agreed_fen", agreed_fen)?;
        if agreed_fen < self.case.paid_fen {
            return Err(Rejection::field(
                "agreed_fen",
                format!("must not be less than what was paid ({} fen)", self.case.paid_fen),
            ));
        }
        if let Some(due) = performance_due {
            not_before("performance_due", due, on, "the amendment")?;
        }
        if self.case.file.amended_on.len() >= AMENDMENTS {
            return Err(Rejection::field("amended_on", format!("must not be more than the {AMENDMENTS}th amendment")));
        }
        let number = document_number.as_str().to_owned();
        Ok(self.changes(self.step(Kind::AgreementAmended, on, "", text), |case| {
            case.agreed_fen = agreed_fen;
            case.performance_due = performance_due;
            // What was divided before is divided no more: the sum has changed.
            case.file.instalments.retain(|instalment| instalment.paid_fen > 0);
            case.file.amended_on.push(on);
            if !number.is_empty() {
                case.file.agreement_number = number;
            }
        }))
    }

    pub(super) fn annul(
        &self,
        on: Option<Day>,
        reason: &str,
        text: &Text,
        approved_by: &ActorId,
    ) -> Result<Vec<Change>, Rejection> {
        if *approved_by == self.context.caller.id {
            return Err(Rejection::SamePerson);
        }
        let on = self.business_day("annulled_on", on, self.case.ended_on)?;
        self.reason("reason", reason, "annul", on)?;
        let mut step = self.step(Kind::AgreementAnnulled, on, reason, text);
        step.approved_by = Some(approved_by.clone());
        // The agreement never held: the case ended on its day without one, and the figures of that day are put right.
        Ok(self.changes(step, |case| {
            case.state = CaseState::Terminated;
            case.outcome = Some(Outcome::Terminated);
            case.agreement_form = None;
            case.agreed_fen = 0;
            case.paid_fen = 0;
            case.performance_due = None;
            case.performed_on = None;
            reason.clone_into(&mut case.reason);
            case.file.instalments.clear();
            case.file.annulled_on = Some(on);
        }))
    }

    pub(super) fn plan_performance(&self, instalments: &[Instalment]) -> Result<Vec<Change>, Rejection> {
        if let Some(day) = self.case.performed_on {
            return Err(Rejection::Performed { on: day });
        }
        if self.case.file.instalments.iter().any(|instalment| instalment.paid_fen > 0) || self.case.paid_fen > 0 {
            return Err(Rejection::field("instalments", "must not be planned anew once something was paid; amend the agreement"));
        }
        let agreed = self.case.ended_on.unwrap_or(self.case.applied_on);
        let mut sum = 0_i64;
        let mut last = agreed;
        for instalment in instalments {
            amount("instalments", instalment.due_fen)?;
            if instalment.due_fen == 0 {
                return Err(Rejection::field("instalments", "must each be more than 0 fen"));
            }
            not_before("instalments", instalment.due_on, last, "the one before, or of the agreement")?;
            last = instalment.due_on;
            sum = sum.saturating_add(instalment.due_fen);
        }
        if sum != self.case.agreed_fen {
            return Err(Rejection::field(
                "instalments",
                format!("must add up to the amount agreed, {} fen, and are {sum}", self.case.agreed_fen),
            ));
        }
        let planned: Vec<Instalment> = instalments
            .iter()
            .map(|plan| Instalment { paid_fen: 0, paid_on: None, default_reason: String::new(), ..plan.clone() })
            .collect();
        let today = self.context.today;
        Ok(self.changes(self.step(Kind::PerformancePlanned, today, "", &Text::default()), |case| {
            case.performance_due = Some(last);
            case.file.instalments = planned;
        }))
    }

    pub(super) fn record_instalment(
        &self,
        instalment: usize,
        paid_fen: i64,
        on: Option<Day>,
        default_reason: &str,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let place = instalment.checked_sub(1).unwrap_or(usize::MAX);
        let known = self.case.file.instalments.get(place);
        let known = known.ok_or_else(|| Rejection::field("instalment", "is none of the plan"))?;
        if let Some(day) = known.paid_on {
            return Err(Rejection::field("instalment", format!("was paid in full on {day}")));
        }
        let on = self.business_day("paid_on", on, self.case.ended_on)?;
        amount("paid_fen", paid_fen)?;
        if !(known.paid_fen..=known.due_fen).contains(&paid_fen) {
            let bounds = format!("must be from {} (paid already) to {} fen", known.paid_fen, known.due_fen);
            return Err(Rejection::field("paid_fen", bounds));
        }
        if default_reason.is_empty() {
            if paid_fen == known.paid_fen {
                return Err(Rejection::field("paid_fen", "must be more than before, or a reason of default given"));
            }
        } else {
            self.reason("default_reason", default_reason, "default", on)?;
            if paid_fen == known.due_fen {
                return Err(Rejection::field("default_reason", "must be empty for an instalment paid in full"));
            }
            not_before("paid_on", on, known.due_on, "the instalment: before it nobody is in default")?;
        }
        let more = paid_fen - known.paid_fen;
        Ok(self.changes(self.step(Kind::InstalmentRecorded, on, default_reason, text), |case| {
            case.paid_fen += more;
            if let Some(known) = case.file.instalments.get_mut(place) {
                known.paid_fen = paid_fen;
                known.paid_on = (paid_fen == known.due_fen).then_some(on);
                default_reason.clone_into(&mut known.default_reason);
            }
            if case.file.instalments.iter().all(|known| known.paid_on.is_some()) {
                case.performed_on = Some(on);
            }
        }))
    }
}
