//! Changes of a petition: each names the version it was decided on. Who says none decides on the present one, which is read
//! first and printed.

use super::{by_id_or_number, show};
use crate::{
    cli::{AcceptArgs, ChangeArgs, EraseArgs, ExtendCommand, Format, OpinionArgs, RefuseArgs, VoidArgs, WithdrawArgs},
    client::{Intake, unreachable},
    failure::Usage,
    json, output,
};
use anyhow::Context as _;
use fengqiao_model::{Day, IdSource, PetitionId, RequestId, SystemClock};
use fengqiao_proto::intake::v1::{
    AcceptPetitionRequest, DecideExtensionRequest, ErasePartiesRequest, GetPetitionResponse, IssueOpinionRequest, Petition,
    RefusePetitionRequest, RequestExtensionRequest, VoidPetitionRequest, WithdrawPetitionRequest,
};
use tonic::Status;

/// What every change says.
struct Named {
    request_id: String,
    petition_id: String,
    etag: String,
    after_request_id: String,
}

/// A new request id.
pub(super) fn mint() -> String {
    RequestId::from_bytes(IdSource::default().mint(&SystemClock)).to_string()
}

/// Says how a request whose answer was lost can be repeated without doing it twice.
pub(super) fn repeatable<T>(answer: Result<T, Status>, request_id: &str) -> anyhow::Result<T> {
    match answer {
        Err(status) if unreachable(&status) => Err(status)
            .with_context(|| format!("it is not known whether it was done; repeat the command with --request-id {request_id}")),
        answer => Ok(answer?),
    }
}

async fn name(intake: &mut Intake, args: ChangeArgs) -> anyhow::Result<Named> {
    let request_id = args.request_id.map_or_else(mint, |id| id.to_string());
    let after_request_id = args.after_request.map(|id| id.to_string()).unwrap_or_default();
    let said = args.etag.is_some() || !after_request_id.is_empty();
    let id = args.petition.parse::<PetitionId>().map(|id| id.to_string());
    let (petition_id, etag) = match id {
        Ok(id) if said => (id, args.etag.unwrap_or_default()),
        _ => {
            let petition = intake.get_petition(by_id_or_number(&args.petition)).await?.into_inner().petition.unwrap_or_default();
            if !said {
                let state = show::state(petition.state());
                output::note(&format!("changing {} ({state}), version {}", petition.number, petition.etag));
            }
            let etag = if said { args.etag.unwrap_or_default() } else { petition.etag };
            (petition.id, etag)
        }
    };
    Ok(Named { request_id, petition_id, etag, after_request_id })
}

fn day(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
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
        let Named { request_id, petition_id, etag, after_request_id } = name($intake, $change).await?;
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
    } device)
}

pub(super) async fn withdraw(intake: &mut Intake, args: WithdrawArgs, format: Format) -> anyhow::Result<()> {
    change!(intake, format, args.change, withdraw_petition, WithdrawPetitionRequest {
        withdrawn_on: day(args.on),
        reason: args.reason,
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
