//! A case on its way to a body: dispatched by the rules or by a person, taken, given back, declined, refused.

use super::{Desk, able_body};
use crate::domain::{CaseState, Change, Decision, Disposition, Kind, Loaded, Rejection, route};
use fengqiao_model::{Day, Text, Token};
use fengqiao_statute::Outcome;

impl Desk<'_> {
    pub(super) fn dispatch(&self, body: Option<&Token>, override_reason: &str, text: &Text) -> Result<Vec<Change>, Rejection> {
        let law = self.context.law;
        let proposal = route(&self.inputs(), self.house, &law.routing, &law.types);
        let decided_by = self.context.caller.id.to_string();
        let code = match body {
            Some(code) => code.as_str(),
            None if proposal.disposition == Disposition::NotDispatched => {
                return Ok(self.to_nobody(Decision { decided_by, ..proposal }, text));
            }
            None => proposal.body.as_str(),
        };
        let confirms = proposal.disposition == Disposition::Dispatch && proposal.body == code;
        let loaded = if confirms {
            self.house.find(code).ok_or_else(|| Rejection::BodyNotFound { code: code.to_owned() })?
        } else {
            self.overriding_body(code, override_reason)?
        };
        let decision = Decision {
            disposition: Disposition::Dispatch,
            body: code.to_owned(),
            force: Some(loaded.body.force),
            overridden: !confirms,
            decided_by,
            ..proposal.clone()
        };
        Ok(self.to_body(loaded, decision, if confirms { "" } else { override_reason }, text))
    }

    /// A person sends it elsewhere: with a reason, over the capacity if need be, but not where the law forbids it.
    fn overriding_body(&self, code: &str, override_reason: &str) -> Result<&Loaded, Rejection> {
        let loaded = able_body(self.house, code, &self.dispute.dispute_type, self.context)?;
        if let Some(rule) = self.context.law.routing.forbidding(&self.inputs(), loaded.body.force) {
            return Err(Rejection::NotDispatchable { rule: rule.id.clone(), source_article: rule.source.clone() });
        }
        self.reason("override_reason", override_reason, "override", self.context.today)?;
        Ok(loaded)
    }

    fn to_nobody(&self, decision: Decision, text: &Text) -> Vec<Change> {
        let mut step = self.step(Kind::Dispatched, self.context.today, "", text);
        step.routing = Some(decision);
        self.changes(step, |case| case.not_dispatched = true)
    }

    fn to_body(&self, loaded: &Loaded, decision: Decision, reason: &str, text: &Text) -> Vec<Change> {
        let body = &loaded.body;
        let today = self.context.today;
        let mut step = self.step(Kind::Dispatched, today, reason, text).handing_over(body.code.as_str(), "dispatch");
        step.routing = Some(decision);
        self.changes(step, |case| {
            case.state = CaseState::Dispatched;
            case.force = Some(body.force);
            case.body = body.code.to_string();
            case.body_kind.clone_from(&body.kind);
            case.dispatched_on = Some(today);
            case.not_dispatched = false;
        })
    }

    pub(super) fn take(
        &self,
        on: Option<Day>,
        applicant_consents: bool,
        respondent_consents: bool,
        mediator: &str,
    ) -> Result<Vec<Change>, Rejection> {
        let applicant = self.case.applicant_consents || applicant_consents;
        let respondent = self.case.respondent_consents || respondent_consents;
        if !(applicant && respondent) {
            return Err(Rejection::ConsentMissing);
        }
        let on = self.business_day("accepted_on", on, None)?;
        let handling = self.case.force.and_then(|force| {
            let kind = &self.dispute.dispute_type;
            self.context.law.clocks.start(force, kind, self.case.applied_on, on, self.context)
        });
        Ok(self.changes(self.step(Kind::Taken, on, "", &Text::default()), |case| {
            case.state = CaseState::Accepted;
            case.accepted_on = Some(on);
            case.applicant_consents = true;
            case.respondent_consents = true;
            case.handling = handling;
            if !mediator.is_empty() {
                mediator.clone_into(&mut case.mediator);
            }
        }))
    }

    pub(super) fn give_back(&self, reason: &str, text: &Text) -> Result<Vec<Change>, Rejection> {
        let today = self.context.today;
        self.reason("reason", reason, "return", today)?;
        Ok(self.changes(self.step(Kind::Returned, today, reason, text), |case| {
            let body = std::mem::take(&mut case.body);
            if !case.returned_by.contains(&body) {
                case.returned_by.push(body);
            }
            case.state = CaseState::Returned;
            case.force = None;
            case.body_kind.clear();
            case.dispatched_on = None;
            case.returns += 1;
        }))
    }

    pub(super) fn decline(&self, on: Option<Day>, reason: &str, text: &Text) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("declined_on", on, None)?;
        self.reason("reason", reason, "decline", on)?;
        Ok(self.end_untaken(Kind::Declined, Outcome::Declined, on, reason, text))
    }

    pub(super) fn refuse(&self, on: Option<Day>, reason: &str, text: &Text) -> Result<Vec<Change>, Rejection> {
        let on = self.business_day("refused_on", on, None)?;
        self.reason("reason", reason, "refuse_mediation", on)?;
        Ok(self.end_untaken(Kind::Refused, Outcome::Refused, on, reason, text))
    }

    fn end_untaken(&self, kind: Kind, outcome: Outcome, on: Day, reason: &str, text: &Text) -> Vec<Change> {
        self.changes(self.step(kind, on, reason, text), |case| {
            case.state = CaseState::of(outcome);
            case.ended_on = Some(on);
            case.outcome = Some(outcome);
            reason.clone_into(&mut case.reason);
        })
    }
}
