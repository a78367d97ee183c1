//! Requests that change a petition: what all have in common, and those of its main way.

use super::{Asked, Invalid, RESPONDENTS, Reader, parties};
use crate::{
    app::REPRESENTATIVES,
    domain::{Command, IDENTIFIED_BY, Reissue, Route},
};
use fengqiao_model::{ActorId, PetitionId, RequestId, Token};
use fengqiao_proto::intake::v1 as pb;

/// Reads what all changes have in common, then the command.
macro_rules! change {
    ($($(#[$doc:meta])* $name:ident($request:ident: $message:ty, $reader:ident$(, $today:ident)?) -> $command:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name($request: &$message$(, $today: fengqiao_model::Day)?) -> Result<Asked, Invalid> {
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
        document_number: reader.paper_number("document_number", &request.document_number),
    });
    /// RefusePetition.
    refuse(request: pb::RefusePetitionRequest, reader) -> Some(Command::Refuse {
        on: reader.day("refused_on", &request.refused_on),
        reason: reader.required::<Token>("reason", &request.reason).map(String::from).unwrap_or_default(),
        text: reader.text("text", &request.text, 2_000),
        document_number: reader.paper_number("document_number", &request.document_number),
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
    /// WithdrawPetition.
    withdraw(request: pb::WithdrawPetitionRequest, reader) -> Some(Command::Withdraw {
        on: reader.day("withdrawn_on", &request.withdrawn_on),
        reason: reader.required::<Token>("reason", &request.reason).map(String::from).unwrap_or_default(),
        text: reader.text("text", &request.text, 2_000),
    });
    /// RouteToMediation.
    route(request: pb::RouteToMediationRequest, reader, today) -> {
        reader.agreed("applicant_consents", request.applicant_consents);
        reader.agreed("respondent_consents", request.respondent_consents);
        Some(Command::RouteToMediation(Box::new(Route {
            on: reader.day("routed_on", &request.routed_on),
            dispute_type: reader.required_text("dispute_type", &request.dispute_type, 64),
            flags: reader.codes("flags", &request.flags),
            already_at: reader.codes("already_at", &request.already_at),
            respondents: parties(reader, "respondents", &request.respondents, RESPONDENTS, today),
            text: reader.text("text", &request.text, 2_000),
        })))
    };
    /// ReissueQueryCode.
    reissue(request: pb::ReissueQueryCodeRequest, reader) -> {
        let representative = u32::try_from(request.representative).ok().filter(|number| (1..=REPRESENTATIVES).contains(number));
        if representative.is_none() {
            reader.wrong("representative", format!("must be from 1 to {REPRESENTATIVES}"));
        }
        let identified_by = IDENTIFIED_BY.into_iter().find(|known| *known == request.identified_by);
        if identified_by.is_none() {
            reader.wrong("identified_by", format!("must be one of {}", IDENTIFIED_BY.join(", ")));
        }
        let text = reader.text("text", &request.text, 2_000);
        representative.zip(identified_by).map(|(number, identified_by)| {
            Command::ReissueQueryCode(Box::new(Reissue { representative: number - 1, identified_by, text }))
        })
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
