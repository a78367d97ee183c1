//! The end of an accepted case: concluded, perhaps handed on, or transferred without an end; and voided, when it was never one.

use super::{Desk, amount, full, not_before, open::blank, receiving_body};
use crate::domain::{Case, CaseState, Change, Conclusion, Kind, Loaded, Rejection};
use fengqiao_model::{ActorId, Day, Text, Token};
use fengqiao_statute::{CaseSource, Outcome};

impl Desk<'_> {
    pub(super) fn transfer(
        &self,
        on: Option<Day>,
        to_body: Option<&Token>,
        reason: &str,
        text: &Text,
    ) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("transferred_on", on, self.case.accepted_on)?;
        self.reason("reason", reason, "hand_on", on)?;
        let receiver = self.receiver("to_body", to_body)?;
        let recipient = to_body.map(Token::as_str).unwrap_or_default();
        let mut draft = self.draft();
        if let Some(case) = draft.case(self.case.id) {
            case.state = CaseState::Transferred;
            case.outcome = Some(Outcome::Transferred);
            case.ended_on = Some(on);
            recipient.clone_into(&mut case.handed_on_to);
            reason.clone_into(&mut case.reason);
        }
        draft.add(self.successor(on, receiver));
        Ok(draft.changes(self.step(Kind::Transferred, on, reason, text).handing_over(recipient, "transfer"), Kind::Restated))
    }

    pub(super) fn conclude(&self, conclusion: &Conclusion) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("concluded_on", conclusion.on, self.case.accepted_on)?;
        let reason = self.check(conclusion, on)?;
        let receiver = if conclusion.hand_on { self.receiver("hand_on_to", conclusion.hand_on_to.as_ref())? } else { None };
        let recipient = conclusion.hand_on_to.as_ref().map(Token::as_str).unwrap_or_default();
        let mut draft = self.draft();
        if let Some(case) = draft.case(self.case.id) {
            case.state = CaseState::of(conclusion.outcome);
            case.outcome = Some(conclusion.outcome);
            case.ended_on = Some(on);
            case.agreement_form = conclusion.agreement_form;
            conclusion.reason.clone_into(&mut case.reason);
            if conclusion.claimed_fen > 0 {
                case.claimed_fen = conclusion.claimed_fen;
            }
            case.agreed_fen = conclusion.agreed_fen;
            case.performance_due = conclusion.performance_due;
            case.session_mode = conclusion.session_mode.or(case.session_mode);
            case.handed_on = conclusion.hand_on;
            recipient.clone_into(&mut case.handed_on_to);
            if conclusion.performed {
                case.paid_fen = conclusion.agreed_fen;
                case.performed_on = Some(on);
            }
        }
        if conclusion.hand_on {
            draft.add(self.successor(on, receiver));
        }
        let step = self.step(Kind::Concluded, on, reason, &conclusion.text).handing_over(recipient, "hand_on");
        Ok(draft.changes(step, Kind::Restated))
    }

    /// The fields of a conclusion in the light of its outcome; gives the reason code of the step. Of one that is handed on this is
    /// why it goes on: why it ended stands in the case.
    fn check<'c>(&self, conclusion: &'c Conclusion, on: Day) -> Result<&'c str, Rejection> {
        let outcome = conclusion.outcome;
        let must_be_empty = |field: &'static str, filled: bool, what: &str| {
            if filled { Err(Rejection::field(field, format!("must be empty {what}"))) } else { Ok(()) }
        };
        if !outcome.concludes() {
            let ends: Vec<_> = Outcome::ALL.into_iter().filter(|end| end.concludes()).map(Outcome::code).collect();
            return Err(Rejection::field("outcome", format!("must be one of {}", ends.join(", "))));
        }
        match outcome {
            Outcome::Failed => self.reason("reason", &conclusion.reason, "fail", on)?,
            Outcome::Terminated => self.reason("reason", &conclusion.reason, "terminate", on)?,
            _ => must_be_empty("reason", !conclusion.reason.is_empty(), "unless the outcome is failed or terminated")?,
        }
        amount("claimed_fen", conclusion.claimed_fen)?;
        amount("agreed_fen", conclusion.agreed_fen)?;
        if outcome.has_agreement() {
            if conclusion.agreement_form.is_none() {
                return Err(Rejection::field("agreement_form", "must be oral or written for an agreement"));
            }
            if let Some(due) = conclusion.performance_due {
                not_before("performance_due", due, on, "the agreement")?;
            }
        } else {
            let without = "without an agreement";
            must_be_empty("agreement_form", conclusion.agreement_form.is_some(), without)?;
            must_be_empty("agreed_fen", conclusion.agreed_fen != 0, without)?;
            must_be_empty("performance_due", conclusion.performance_due.is_some(), without)?;
            must_be_empty("performed", conclusion.performed, without)?;
        }
        if conclusion.hand_on {
            if outcome.resolves() {
                return Err(Rejection::field("hand_on", "must be false when the whole dispute is settled"));
            }
            self.reason("hand_on_reason", &conclusion.hand_on_reason, "hand_on", on)?;
            return Ok(&conclusion.hand_on_reason);
        }
        must_be_empty("hand_on_to", conclusion.hand_on_to.is_some(), "unless handed on")?;
        must_be_empty("hand_on_reason", !conclusion.hand_on_reason.is_empty(), "unless handed on")?;
        Ok(&conclusion.reason)
    }

    /// The body that goes on, when it is known already.
    fn receiver(&self, field: &'static str, body: Option<&Token>) -> Result<Option<&Loaded>, Rejection> {
        if self.group.is_full() {
            return Err(full("case_id"));
        }
        let Some(code) = body else { return Ok(None) };
        if code.as_str() == self.case.body {
            return Err(Rejection::field(field, "must be another body"));
        }
        receiving_body(self.house, code.as_str(), &self.dispute.dispute_type, &self.inputs(), self.context).map(Some)
    }

    /// The case that goes on: what was found out stays true, what belonged to the old body does not.
    fn successor(&self, on: Day, receiver: Option<&Loaded>) -> Case {
        let old = self.case;
        let body = receiver.map(|loaded| &loaded.body);
        Case {
            state: if body.is_some() { CaseState::Dispatched } else { CaseState::Applied },
            force: body.map(|body| body.force),
            body: body.map(|body| body.code.to_string()).unwrap_or_default(),
            body_kind: body.map(|body| body.kind.clone()).unwrap_or_default(),
            dispatched_on: body.map(|_| on),
            source: CaseSource::OtherBody,
            from: Some(old.id),
            party_count: old.party_count,
            hard: old.hard,
            claimed_fen: old.claimed_fen,
            flags: old.flags.clone(),
            already_at: old.already_at.clone(),
            applicant_consents: old.applicant_consents,
            respondent_consents: old.respondent_consents,
            ..blank(self.next, on)
        }
    }

    pub(super) fn void(&self, reason: &str, text: &Text, approved_by: &ActorId) -> Result<Vec<Change>, Rejection> {
        if *approved_by == self.context.caller.id {
            return Err(Rejection::SamePerson);
        }
        let today = self.context.today;
        self.reason("reason", reason, "void_case", today)?;
        let mut step = self.step(Kind::Voided, today, reason, text);
        step.approved_by = Some(approved_by.clone());
        Ok(self.changes(step, |case| {
            case.state = CaseState::Void;
            case.voided_on = Some(today);
        }))
    }
}
