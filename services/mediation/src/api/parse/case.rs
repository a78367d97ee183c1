//! The calls that change a case.

use super::{changes, reader::Reader};
use crate::{
    app::Work,
    domain::{Command, Conclusion, Expected},
};
use fengqiao_model::{ActorId, CaseId};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::{AgreementForm, Confirmation, Outcome, SessionMode};

/// The longest free text of a step.
const TEXT: usize = 2_000;

/// A change of a case.
fn change(id: CaseId, expected: Expected, command: Box<Command>) -> Work {
    Work::Case { id, expected, command }
}

changes! {
    case_id: CaseId, change;
    /// DispatchCase.
    dispatch(request: pb::DispatchCaseRequest, reader) -> {
        let body = reader.optional("body", &request.body);
        let override_reason = reader.code_or_none("override_reason", &request.override_reason);
        Some(Command::Dispatch { body, override_reason, text: reader.text("text", &request.text, TEXT) })
    };
    /// TakeCase.
    take(request: pb::TakeCaseRequest, reader) -> Some(Command::Take {
        on: reader.day("accepted_on", &request.accepted_on),
        applicant_consents: request.applicant_consents,
        respondent_consents: request.respondent_consents,
        mediator: reader.optional::<ActorId>("mediator", &request.mediator).map(String::from).unwrap_or_default(),
    });
    /// ReturnCase.
    return_case(request: pb::ReturnCaseRequest, reader) -> Some(Command::Return {
        reason: reader.reason("reason", &request.reason),
        text: reader.text("text", &request.text, TEXT),
    });
    /// DeclineCase.
    decline(request: pb::DeclineCaseRequest, reader) -> Some(Command::Decline {
        on: reader.day("declined_on", &request.declined_on),
        reason: reader.reason("reason", &request.reason),
        text: reader.text("text", &request.text, TEXT),
    });
    /// RecordRefusal.
    refuse(request: pb::RecordRefusalRequest, reader) -> Some(Command::RecordRefusal {
        on: reader.day("refused_on", &request.refused_on),
        reason: reader.reason("reason", &request.reason),
        text: reader.text("text", &request.text, TEXT),
    });
    /// TransferCase.
    transfer(request: pb::TransferCaseRequest, reader) -> Some(Command::Transfer {
        on: reader.day("transferred_on", &request.transferred_on),
        to_body: reader.optional("to_body", &request.to_body),
        reason: reader.reason("reason", &request.reason),
        text: reader.text("text", &request.text, TEXT),
    });
    /// ConcludeCase.
    conclude(request: pb::ConcludeCaseRequest, reader) ->
        conclusion(request, reader).map(|conclusion| Command::Conclude(Box::new(conclusion)));
    /// RecordPerformance.
    perform(request: pb::RecordPerformanceRequest, reader) -> Some(Command::Perform {
        on: reader.day("performed_on", &request.performed_on),
        paid_fen: reader.amount("paid_fen", request.paid_fen),
        in_full: request.in_full,
        text: reader.text("text", &request.text, TEXT),
    });
    /// RecordConfirmation: the application, or the answer.
    confirm(request: pb::RecordConfirmationRequest, reader) -> {
        let on = reader.day("applied_on", &request.applied_on);
        let answer = reader.one_of_or_none("confirmation", &request.confirmation, Confirmation::ALL, Confirmation::code);
        let reason = reader.code_or_none("reason", &request.reason);
        match (request.applied_on.is_empty(), request.confirmation.is_empty()) {
            (false, false) => {
                reader.wrong("confirmation", "must be empty when applied_on is given: the answer is a change of its own");
                None
            }
            (false, true) => {
                if !reason.is_empty() {
                    reader.wrong("reason", "must be empty for an application");
                }
                Some(Command::ApplyConfirmation { on })
            }
            (true, false) => answer.map(|confirmation| Command::AnswerConfirmation { confirmation, reason }),
            (true, true) => {
                reader.wrong("applied_on", "must be given for an application, or confirmation for an answer");
                None
            }
        }
    };
    /// VoidCase.
    void(request: pb::VoidCaseRequest, reader) -> {
        let reason = reader.reason("reason", &request.reason);
        let text = reader.text("text", &request.text, TEXT);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| Command::Void { reason, text, approved_by })
    };
}

/// How a case ends: what belongs together and what excludes another stands in the rules, not here.
fn conclusion(request: &pb::ConcludeCaseRequest, reader: &mut Reader) -> Option<Conclusion> {
    const CONCLUDING: [Outcome; 6] =
        [Outcome::Agreed, Outcome::Partial, Outcome::SettledPrivately, Outcome::Failed, Outcome::Withdrawn, Outcome::Terminated];
    let on = reader.day("concluded_on", &request.concluded_on);
    let outcome = reader.one_of("outcome", &request.outcome, CONCLUDING, Outcome::code);
    let agreement_form =
        reader.one_of_or_none("agreement_form", &request.agreement_form, AgreementForm::ALL, AgreementForm::code);
    let reason = reader.code_or_none("reason", &request.reason);
    let claimed_fen = reader.amount("claimed_fen", request.claimed_fen);
    let agreed_fen = reader.amount("agreed_fen", request.agreed_fen);
    let performance_due = reader.day("performance_due", &request.performance_due);
    let hand_on_to = reader.optional("hand_on_to", &request.hand_on_to);
    let hand_on_reason = reader.code_or_none("hand_on_reason", &request.hand_on_reason);
    if !request.hand_on {
        for (field, text) in [("hand_on_to", &request.hand_on_to), ("hand_on_reason", &request.hand_on_reason)] {
            if !text.is_empty() {
                reader.wrong(field, "must be empty when the case is not handed on");
            }
        }
    }
    let session_mode = reader.one_of_or_none("session_mode", &request.session_mode, SessionMode::ALL, SessionMode::code);
    let text = reader.text("text", &request.text, 20_000);
    Some(Conclusion {
        on,
        outcome: outcome?,
        agreement_form,
        reason,
        claimed_fen,
        agreed_fen,
        performance_due,
        performed: request.performed,
        hand_on: request.hand_on,
        hand_on_to,
        hand_on_reason,
        session_mode,
        text,
    })
}

/// ProposeRoute.
pub fn proposed(request: &pb::ProposeRouteRequest) -> Result<CaseId, super::Invalid> {
    let mut reader = Reader::default();
    let id = reader.required("case_id", &request.case_id);
    reader.finish(id)
}
