//! Changes of a petition: each names the version it was decided on. Who says none decides on the present one, which is read
//! first and printed.

use super::{by_id_or_number, party, show};
use crate::{
    cli::{
        AcceptArgs, ChangeArgs, EraseArgs, ExplainMeasureArgs, ExtendCommand, Format, LinkRepeatArgs, OpinionArgs, RefuseArgs,
        RouteArgs, SuperviseArgs, UnlinkRepeatArgs, VoidArgs, WithdrawArgs,
    },
    client::Intake,
    failure::Usage,
    json, output,
    request::{self, Named, Present, day, repeatable},
};
use fengqiao_model::PetitionId;
use fengqiao_proto::intake::v1::{
    AcceptPetitionRequest, DecideExtensionRequest, ErasePartiesRequest, ExplainSupervisionRequest, GetPetitionResponse,
    IssueOpinionRequest, LinkRepeatRequest, Petition, RefusePetitionRequest, RequestExtensionRequest, RouteToMediationRequest,
    SuperviseRequest, UnlinkRepeatRequest, VoidPetitionRequest, WithdrawPetitionRequest,
};

pub(super) async fn name(intake: &mut Intake, args: ChangeArgs) -> anyhow::Result<Named> {
    let id = args.petition.parse::<PetitionId>().ok().map(|id| id.to_string());
    request::name(args.seen, id, async || {
        let petition = intake.get_petition(by_id_or_number(&args.petition)).await?.into_inner().petition.unwrap_or_default();
        let title = format!("{} ({})", petition.number, show::state(petition.state()));
        Ok(Present { id: petition.id, etag: petition.etag, title })
    })
    .await
}

fn print(petition: Option<Petition>, format: Format) -> anyhow::Result<()> {
    let response = GetPetitionResponse { petition };
    Ok(output::print(&match format {
        // Every change answers {"petition": …}, as reading does.
        Format::Json => json::pretty("intake.v1.GetPetitionResponse", &response)?,
        _ => show::full(&response.petition.unwrap_or_default()),
    })?)
}

/// Names the petition, makes the call, prints the petition as it is then.
macro_rules! change {
    ($intake:ident, $format:ident, $change:expr, $call:ident, $request:ident { $($field:ident: $value:expr),* $(,)? } $($device:ident)?) => {{
        let Named { request_id, id: petition_id, etag, after_request_id } = name($intake, $change).await?;
        let again = request_id.clone();
        let request = $request { request_id, petition_id, etag, after_request_id, $($field: $value,)* $($device: None,)? };
        let response = repeatable($intake.$call(request).await, &again)?.into_inner();
        print(response.petition, $format)
    }};
}

pub(super) async fn accept(intake: &mut Intake, args: AcceptArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, accept_petition, AcceptPetitionRequest {
        accepted_on: day(args.on),
        responsible_unit: args.responsible_unit,
        document_number: args.document,
    } device)
}

pub(super) async fn refuse(intake: &mut Intake, args: RefuseArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, refuse_petition, RefusePetitionRequest {
        refused_on: day(args.on),
        reason: args.reason,
        text: args.text,
        document_number: args.document,
    } device)
}

pub(super) async fn extend(intake: &mut Intake, command: ExtendCommand, format: Format) -> anyhow::Result<()> {
    match command {
        ExtendCommand::Request(args) => {
            change!(intake, format, args.change, request_extension, RequestExtensionRequest {
                days: args.days,
                text: args.text,
            } device)
        }
        ExtendCommand::Decide(args) => {
            change!(intake, format, args.change, decide_extension, DecideExtensionRequest {
                granted: args.grant,
            } device)
        }
    }
}

pub(super) async fn opinion(intake: &mut Intake, args: OpinionArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, issue_opinion, IssueOpinionRequest {
        issued_on: day(args.on),
        document_number: args.document,
        text: args.text,
        delivered_on: day(args.delivered_on),
        delivered_by: String::new(),
    } device)
}

pub(super) async fn withdraw(intake: &mut Intake, args: WithdrawArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, withdraw_petition, WithdrawPetitionRequest {
        withdrawn_on: day(args.on),
        reason: args.reason,
        text: args.text,
    } device)
}

pub(super) async fn link_repeat(intake: &mut Intake, args: LinkRepeatArgs, format: Format) -> anyhow::Result<()> {
    let first_petition_id = match args.first.parse::<PetitionId>() {
        Ok(id) => id.to_string(),
        Err(_) => {
            let found = intake.get_petition(by_id_or_number(&args.first)).await?.into_inner().petition;
            found.unwrap_or_default().id
        }
    };
    change!(intake, format, args.change, link_repeat, LinkRepeatRequest {
        first_petition_id: first_petition_id,
        same_person: args.same_person_and_matter,
        same_matter: args.same_person_and_matter,
        text: args.text,
    } device)
}

pub(super) async fn unlink_repeat(intake: &mut Intake, args: UnlinkRepeatArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, unlink_repeat, UnlinkRepeatRequest {
        text: args.text,
    } device)
}

pub(super) async fn route(intake: &mut Intake, args: RouteArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, route_to_mediation, RouteToMediationRequest {
        routed_on: day(args.on),
        dispute_type: args.dispute_type.0,
        flags: args.flags,
        already_at: crate::words::organs(&args.already_at),
        applicant_consents: args.consent.applicant(),
        respondent_consents: args.consent.respondent(),
        respondents: args.respondents.into_iter().map(party).collect(),
        text: args.text,
    } device)
}

pub(super) async fn supervise(intake: &mut Intake, args: SuperviseArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, supervise, SuperviseRequest {
        measure: args.measure,
        unit: args.unit,
        supervised_on: day(args.on),
        explanation_due: day(args.explain_by),
        document_number: args.document,
        text: args.text,
    } device)
}

pub(super) async fn explain(intake: &mut Intake, args: ExplainMeasureArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, explain_supervision, ExplainSupervisionRequest {
        supervision: args.measure,
        explained_on: day(args.on),
        document_number: args.document,
        text: args.text,
    } device)
}

pub(super) async fn void(intake: &mut Intake, args: VoidArgs, format: Format) -> anyhow::Result<()> {
    change!(
        intake,
        format,
        args.change,
        void_petition,
        VoidPetitionRequest { reason: args.reason, text: args.text, approved_by: args.approved_by.to_string() }
    )
}

pub(super) async fn erase(intake: &mut Intake, args: EraseArgs, format: Format) -> anyhow::Result<()> {
    let question = format!("title, narrative and parties of {} will be lost for ever; go on?", args.change.petition);
    if !args.yes && !output::confirmed(&question) {
        return Err(Usage("nothing was erased; an erasure has to be confirmed with yes, or with --yes".to_owned()).into());
    }
    change!(
        intake,
        format,
        args.change,
        erase_parties,
        ErasePartiesRequest { reason: args.reason, approved_by: args.approved_by.to_string() }
    )
}
