//! Requests that change a petition: what all have in common, and those of its main way.

use super::{Asked, Invalid, RESPONDENTS, Reader, parties};
use crate::domain::{Command, Route};
use fengqiao_model::{ActorId, PetitionId, RequestId, Token};
use fengqiao_proto::intake::v1 as pb;

/// Reads what all changes have in common, then the command.
macro_rules! change {
    ($($(#[$doc:meta])* $name:ident($request:ident: $message:ty, $reader:ident) -> $command:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name($request: &$message) -> Result<Asked, Invalid> {
            let mut reader = Reader::default();
            let request_id: Option<RequestId> = reader.required("request_id", &$request.request_id);
            let id: Option<PetitionId> = reader.required("petition_id", &$request.petition_id);
            let expected = reader.expected(&$request.etag, &$request.after_request_id);
            let $reader = &mut reader;
            let command: Option<Command> = $command;
            let asked = request_id.zip(command).map(|(request_id, command)| Asked { request_id, id, expected, command });
            reader.finish(asked)
        }
    )*};
}

pub(super) use change;

change! {
    /// AcceptPetition.
    accept(request: pb::AcceptPetitionRequest, reader) -> Some(Command::Accept {
        on: reader.day("accepted_on", &request.accepted_on),
        responsible_unit: reader.optional("responsible_unit", &request.responsible_unit),
        document_number: reader.text("document_number", &request.document_number, 100),
    });
    /// RefusePetition.
    refuse(request: pb::RefusePetitionRequest, reader) -> Some(Command::Refuse {
        on: reader.day("refused_on", &request.refused_on),
        reason: reader.required::<Token>("reason", &request.reason).map(String::from).unwrap_or_default(),
        text: reader.text("text", &request.text, 2_000),
        document_number: reader.text("document_number", &request.document_number, 100),
    });
    /// RequestExtension.
    request_extension(request: pb::RequestExtensionRequest, reader) -> {
        let days = u32::try_from(request.days).ok().filter(|days| (1..=30).contains(days));
        if days.is_none() {
            reader.wrong("days", "must be from 1 to 30");
        }
        let text = reader.required_text("text", &request.text, 2_000);
        days.map(|days| Command::RequestExtension { days, text })
    };
    /// DecideExtension.
    decide_extension(request: pb::DecideExtensionRequest, _reader) -> Some(Command::DecideExtension { granted: request.granted });
    /// IssueOpinion.
    issue_opinion(request: pb::IssueOpinionRequest, reader) -> Some(Command::IssueOpinion {
        on: reader.day("issued_on", &request.issued_on),
        document_number: reader.required_text("document_number", &request.document_number, 100),
        text: reader.text("text", &request.text, 20_000),
        delivered_on: reader.day("delivered_on", &request.delivered_on),
    });
    /// WithdrawPetition.
    withdraw(request: pb::WithdrawPetitionRequest, reader) -> Some(Command::Withdraw {
        on: reader.day("withdrawn_on", &request.withdrawn_on),
        reason: reader.required::<Token>("reason", &request.reason).map(String::from).unwrap_or_default(),
        text: reader.text("text", &request.text, 2_000),
    });
    /// RouteToMediation.
    route(request: pb::RouteToMediationRequest, reader) -> {
        reader.agreed("applicant_consents", request.applicant_consents);
        reader.agreed("respondent_consents", request.respondent_consents);
        Some(Command::RouteToMediation(Box::new(Route {
            on: reader.day("routed_on", &request.routed_on),
            dispute_type: reader.required_text("dispute_type", &request.dispute_type, 64),
            flags: reader.codes("flags", &request.flags),
            already_at: reader.codes("already_at", &request.already_at),
            respondents: parties(reader, "respondents", &request.respondents, RESPONDENTS),
            text: reader.text("text", &request.text, 2_000),
        })))
    };
    /// VoidPetition.
    void(request: pb::VoidPetitionRequest, reader) -> {
        let reason = reader.required::<Token>("reason", &request.reason).map(String::from).unwrap_or_default();
        let text = reader.text("text", &request.text, 2_000);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| Command::Void { reason, text, approved_by })
    };
    /// EraseParties.
    erase(request: pb::ErasePartiesRequest, reader) -> {
        reader.required_text("reason", &request.reason, 200);
        let approved_by: Option<ActorId> = reader.required("approved_by", &request.approved_by);
        approved_by.map(|approved_by| Command::EraseParties { approved_by })
    };
}
