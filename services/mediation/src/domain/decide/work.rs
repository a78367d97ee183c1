//! The work on a case: which state allows which step, and where each is decided.

mod agreement;
mod archive;
mod care;
mod clock;
mod court;
mod people;
mod session;

pub use session::Booked;

use super::Desk;
use crate::domain::{CaseState, Change, Kind, Rejection, Work, draft::Step, file::CaseFile};
use fengqiao_model::{Day, Text};
use fengqiao_statute::Outcome;

impl Desk<'_> {
    pub(super) fn work(&self, work: &Work) -> Result<Vec<Change>, Rejection> {
        match work {
            Work::Consent { side, consents, on, text } => self.consent(*side, *consents, *on, text),
            Work::AssignMediator { mediator, from, chosen_by_parties, instead_of } => {
                self.assign_mediator(mediator, *from, *chosen_by_parties, instead_of.as_ref())
            }
            Work::RecuseMediator { mediator, on, reason, text } => self.recuse_mediator(mediator, *on, reason, text),
            Work::ScheduleSession(planned) => self.schedule(planned),
            Work::RecordSession(held) => self.record_session(held),
            Work::SuspendClock { cause, from, document_number, text } => self.suspend(cause, *from, document_number, text),
            Work::ResumeClock { cause, until } => self.resume(cause, *until),
            Work::ExtendClock { amount, applicant_agrees, respondent_agrees, document_number, text } => {
                self.extend(*amount, *applicant_agrees, *respondent_agrees, document_number, text)
            }
            Work::JoinBody { body, from } => self.join(body, *from),
            Work::LeaveBody { body, until } => self.leave(body, *until),
            Work::RaiseRisk { kind, persons, on, reported_to_police, text } => {
                self.raise_risk(*kind, *persons, *on, *reported_to_police, text)
            }
            Work::ResolveRisk { risk, averted, on, text } => self.resolve_risk(*risk, *averted, *on, text),
            Work::PlanFollowUp { planned_on, text } => self.plan_follow_up(*planned_on, text),
            Work::FollowUp { visited_on, result, satisfaction, text } => {
                self.follow_up(*visited_on, *result, *satisfaction, text)
            }
            Work::SetGrade { difficulty, risk_level, tendencies } => Ok(self.grade(*difficulty, *risk_level, tendencies)),
            Work::AssignLeader { leader, due_on } => self.assign_leader(leader.as_ref(), *due_on),
            Work::AmendAgreement { on, agreed_fen, performance_due, document_number, text } => {
                self.amend(*on, *agreed_fen, *performance_due, document_number, text)
            }
            Work::AnnulAgreement { on, reason, text, approved_by } => self.annul(*on, reason, text, approved_by),
            Work::PlanPerformance { instalments } => self.plan_performance(instalments),
            Work::RecordInstalment { instalment, paid_fen, on, default_reason, text } => {
                self.record_instalment(*instalment, *paid_fen, *on, default_reason, text)
            }
            Work::ReferToCourt { direction, kind, court, case_number, on } => {
                self.refer_to_court(*direction, *kind, court, case_number, *on)
            }
            Work::ReportToCourt { on, document_number } => self.report_to_court(*on, document_number),
            Work::Archive { on, papers, retention, gap_explained } => self.archive(*on, papers, retention, gap_explained),
        }
    }

    /// Whether the state of the case allows the step.
    pub(super) fn allows_work(&self, work: &Work) -> bool {
        let state = self.case.state;
        let agreed = self.case.outcome.is_some_and(Outcome::has_agreement) && state.is_ended();
        match work {
            Work::Consent { .. } => state.is_pending(),
            Work::AssignMediator { .. }
            | Work::RecuseMediator { .. }
            | Work::ScheduleSession(_)
            | Work::RecordSession(_)
            | Work::SuspendClock { .. }
            | Work::ResumeClock { .. }
            | Work::ExtendClock { .. }
            | Work::JoinBody { .. }
            | Work::LeaveBody { .. } => state == CaseState::Accepted,
            Work::RaiseRisk { .. } | Work::SetGrade { .. } | Work::AssignLeader { .. } => state.is_open(),
            Work::ResolveRisk { .. } => state != CaseState::Void,
            Work::PlanFollowUp { .. } | Work::FollowUp { .. } => state.is_ended(),
            Work::AmendAgreement { .. }
            | Work::AnnulAgreement { .. }
            | Work::PlanPerformance { .. }
            | Work::RecordInstalment { .. } => agreed,
            Work::ReferToCourt { direction, .. } => match direction {
                crate::domain::file::Direction::In => state.is_open(),
                crate::domain::file::Direction::Out => state.is_open() || state == CaseState::Failed,
            },
            Work::ReportToCourt { .. } | Work::Archive { .. } => state.is_ended(),
        }
    }

    /// The events of a step that changes only the file.
    fn filed(&self, kind: Kind, on: Day, text: &Text, change: impl FnOnce(&mut CaseFile)) -> Vec<Change> {
        self.changes(self.step(kind, on, "", text), |case| change(&mut case.file))
    }

    /// The same with a step that has more to say.
    fn filed_with(&self, step: Step, change: impl FnOnce(&mut CaseFile)) -> Vec<Change> {
        self.changes(step, |case| change(&mut case.file))
    }
}
