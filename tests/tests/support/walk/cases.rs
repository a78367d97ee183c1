//! What happens to a case.

use super::{Walker, answered, change, id};
use fengqiao_model::Clock;
use fengqiao_proto::mediation::v1 as pb;

impl Walker {
    /// Changes a case: mostly as it may come next, sometimes anyhow.
    pub(super) async fn change_case(&mut self) {
        let Some(case_id) = self.one_of(|w| &w.cases) else { return };
        let read = pb::GetCaseRequest { case_id: case_id.clone(), ..Default::default() };
        let client = self.mediation.clone();
        let Ok(found) = answered(async || client.clone().get_case(read.clone()).await).await else { return };
        let case = found.case.unwrap();
        let (request_id, etag) = (id(), case.etag.clone());
        // Mostly what may come next; sometimes anything.
        let state = pb::CaseState::try_from(case.state).unwrap_or_default();
        let next = match state {
            pb::CaseState::Applied | pb::CaseState::Returned => self.dice.below(4),
            pb::CaseState::Dispatched => 3 + self.dice.below(5),
            pb::CaseState::Accepted => 8 + self.dice.below(8),
            _ => 16 + self.dice.below(8),
        };
        let what = if self.dice.below(12) == 0 { self.dice.below(24) } else { next };
        match what {
            0..=2 => {
                let body = if self.dice.below(3) == 0 { self.body() } else { String::new() };
                let override_reason = if body.is_empty() { "" } else { "case.balance" }.to_owned();
                let request = pb::DispatchCaseRequest { request_id, case_id, etag, body, override_reason, ..Default::default() };
                let _ = change!(self, mediation.dispatch_case, "dispatch", request);
            }
            3 => {
                let reason = "case.not_our_scope".to_owned();
                let request = pb::DeclineCaseRequest { request_id, case_id, etag, reason, ..Default::default() };
                let _ = change!(self, mediation.decline_case, "decline", request);
            }
            4..=5 => {
                let accepted_on = if self.dice.below(3) == 0 { self.day(6) } else { String::new() };
                let request = pb::TakeCaseRequest {
                    request_id,
                    case_id,
                    etag,
                    accepted_on,
                    applicant_consents: true,
                    respondent_consents: self.dice.below(2) == 0,
                    ..Default::default()
                };
                let _ = change!(self, mediation.take_case, "take", request);
            }
            6 => {
                let reason = "case.no_capacity".to_owned();
                let request = pb::ReturnCaseRequest { request_id, case_id, etag, reason, ..Default::default() };
                let _ = change!(self, mediation.return_case, "return", request);
            }
            7 => {
                let reason = "case.respondent_refuses".to_owned();
                let request = pb::RecordRefusalRequest { request_id, case_id, etag, reason, ..Default::default() };
                let _ = change!(self, mediation.record_refusal, "refusal", request);
            }
            8 => {
                let to_body = if self.dice.below(2) == 0 { self.body() } else { String::new() };
                let reason = "case.speciality".to_owned();
                let request = pb::TransferCaseRequest { request_id, case_id, etag, to_body, reason, ..Default::default() };
                if let Ok(answer) = change!(self, mediation.transfer_case, "transfer", request) {
                    self.know(answer.next);
                }
            }
            9..=14 => {
                let request = self.conclusion(request_id, case_id, etag);
                if let Ok(answer) = change!(self, mediation.conclude_case, "conclude", request) {
                    self.know(answer.next);
                }
            }
            15 | 16 => {
                let request = pb::CorrectCaseRequest {
                    request_id,
                    case_id,
                    etag,
                    fields: vec!["accepted_on".to_owned(), "party_count".to_owned()],
                    to: Some(pb::CaseFacts { accepted_on: self.day(15), party_count: 3, ..Default::default() }),
                    reason: "case.typing".to_owned(),
                    ..Default::default()
                };
                let _ = change!(self, mediation.correct_case, "correct", request);
            }
            17..=20 => {
                let (paid_fen, in_full) = (i64::try_from(self.dice.below(5)).unwrap() * 100, self.dice.below(2) == 0);
                let request = pb::RecordPerformanceRequest { request_id, case_id, etag, paid_fen, in_full, ..Default::default() };
                let _ = change!(self, mediation.record_performance, "perform", request);
            }
            21 => {
                let request =
                    pb::RecordConfirmationRequest { request_id, case_id, etag, applied_on: self.day(2), ..Default::default() };
                let _ = change!(self, mediation.record_confirmation, "confirmation", request);
            }
            22 => {
                let request = pb::CorrectCaseRequest {
                    request_id,
                    case_id,
                    etag,
                    fields: vec!["agreed_fen".to_owned(), "dispute_type".to_owned()],
                    to: Some(pb::CaseFacts { agreed_fen: 2_000, ..Default::default() }),
                    dispute_type: "T04".to_owned(),
                    reason: "case.typing".to_owned(),
                    ..Default::default()
                };
                let _ = change!(self, mediation.correct_case, "correct", request);
            }
            _ => {
                let (reason, approved_by) = ("case.void_error".to_owned(), "second".to_owned());
                let request = pb::VoidCaseRequest { request_id, case_id, etag, reason, approved_by, ..Default::default() };
                let _ = change!(self, mediation.void_case, "void case", request);
            }
        }
    }

    fn conclusion(&mut self, request_id: String, case_id: String, etag: String) -> pb::ConcludeCaseRequest {
        let request = pb::ConcludeCaseRequest { request_id, case_id, etag, ..Default::default() };
        let concluded_on = if self.dice.below(3) == 0 { self.day(4) } else { String::new() };
        let (outcome, agreement_form, reason) = match self.dice.below(10) {
            0..=2 => ("agreed", "oral", ""),
            3..=4 => ("agreed", "written", ""),
            5 => ("partial", "written", ""),
            6 => ("settled_privately", "", ""),
            7 => ("withdrawn", "", ""),
            8 => ("terminated", "", "case.suit_filed"),
            _ => ("failed", "", "case.gap_too_large"),
        };
        let hand_on = outcome == "failed" || self.dice.below(9) == 0;
        let written = agreement_form == "written";
        pb::ConcludeCaseRequest {
            concluded_on,
            outcome: outcome.to_owned(),
            agreement_form: agreement_form.to_owned(),
            reason: reason.to_owned(),
            agreed_fen: if written { 20_000 } else { 0 },
            performance_due: if written { self.clock.now().day().plus_days(10).to_string() } else { String::new() },
            hand_on,
            hand_on_to: if hand_on && self.dice.below(2) == 0 { self.body() } else { String::new() },
            hand_on_reason: if hand_on { "case.higher_level" } else { "" }.to_owned(),
            ..request
        }
    }
}
