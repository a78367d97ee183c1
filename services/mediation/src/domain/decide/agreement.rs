//! What follows an agreement: performance, and judicial confirmation (PML 31, 33; D§3.3).

use super::{Desk, amount};
use crate::domain::{Case, Change, Kind, Rejection};
use fengqiao_model::{Day, Text};
use fengqiao_statute::{Confirmation, Outcome, start_clock};

impl Desk<'_> {
    fn agreement(&self) -> Result<Day, Rejection> {
        let agreed = self.case.outcome.is_some_and(Outcome::has_agreement);
        self.case.ended_on.filter(|_| agreed).ok_or(Rejection::NoAgreement { state: self.case.state })
    }

    pub(super) fn perform(&self, on: Option<Day>, paid_fen: i64, in_full: bool, text: &Text) -> Result<Vec<Change>, Rejection> {
        let agreed = self.agreement()?;
        if let Some(on) = self.case.performed_on {
            return Err(Rejection::Performed { on });
        }
        let on = self.business_day("performed_on", on, Some(agreed))?;
        amount("paid_fen", paid_fen)?;
        if paid_fen == 0 && !in_full {
            return Err(Rejection::field("paid_fen", "must be more than 0 unless performed in full"));
        }
        let paid = self.case.paid_fen.saturating_add(paid_fen);
        amount("paid_fen", paid)?;
        Ok(self.changes(self.step(Kind::Performed, on, "", text), |case: &mut Case| {
            case.paid_fen = paid;
            case.performed_on = in_full.then_some(on);
        }))
    }

    pub(super) fn apply_confirmation(&self, on: Option<Day>) -> Result<Vec<Change>, Rejection> {
        let agreed = self.agreement()?;
        match (self.case.confirmation_applied_on, self.case.confirmation) {
            (Some(_), None) => return Err(Rejection::ConfirmationPending),
            // The wrong court, or not for any: only the first can be mended, within the same 30 days.
            (_, None | Some(Confirmation::NotAccepted)) => {}
            (_, Some(Confirmation::Confirmed | Confirmation::Rejected)) => return Err(Rejection::ConfirmationAnswered),
        }
        let on = self.business_day("applied_on", on, Some(agreed))?;
        let window = start_clock(&self.context.law.rules, &self.context.law.calendar, "J-09", agreed);
        if let Some(last) = window.ok().map(|terms| terms.legal_due).filter(|last| on > *last) {
            return Err(Rejection::ConfirmationTooLate { last });
        }
        Ok(self.changes(self.step(Kind::Confirmed, on, "", &Text::default()), |case| {
            case.confirmation_applied_on = Some(on);
            case.confirmation = None;
        }))
    }

    pub(super) fn answer_confirmation(&self, confirmation: Confirmation, reason: &str) -> Result<Vec<Change>, Rejection> {
        self.agreement()?;
        if self.case.confirmation_applied_on.is_none() || self.case.confirmation.is_some() {
            return Err(Rejection::ConfirmationNotPending);
        }
        let today = self.context.today;
        if confirmation == Confirmation::Confirmed {
            if !reason.is_empty() {
                return Err(Rejection::field("reason", "must be empty when confirmed"));
            }
        } else {
            self.reason("reason", reason, "confirmation", today)?;
        }
        Ok(self.changes(self.step(Kind::Confirmed, today, reason, &Text::default()), |case| {
            case.confirmation = Some(confirmation);
        }))
    }
}
