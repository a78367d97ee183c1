//! `fengqiao dispute`: the disputes behind the cases, what the county counts.

use crate::{
    case::show,
    cli::{DisputeChangeArgs, DisputeCommand, EraseDisputeArgs, Format, LinkArgs, ReopenArgs, SimilarArgs, UnlinkArgs},
    client::{Client, Mediation},
    failure::Usage,
    json, output,
    request::{self, Named, Present, day, parties, repeatable},
    table::{Align, pairs, table},
};
use fengqiao_model::DisputeId;
use fengqiao_proto::mediation::v1::{
    Dispute, ErasePartiesRequest, ErasePartiesResponse, FindSimilarDisputesRequest, GetDisputeRequest, LinkDisputeRequest,
    LinkDisputeResponse, ReopenDisputeRequest, SimilarDispute, UnlinkDisputeRequest, UnlinkDisputeResponse,
};
use std::process::ExitCode;

/// Does `fengqiao dispute`.
pub async fn run(client: &Client, command: DisputeCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut mediation = client.mediation()?;
    let mediation = &mut mediation;
    match command {
        DisputeCommand::Show(args) => {
            let response = mediation.get_dispute(which(&args.dispute)).await?.into_inner();
            output::print(&match format {
                Format::Json => json::pretty("mediation.v1.GetDisputeResponse", &response)?,
                _ => full(&response.dispute.unwrap_or_default()),
            })?;
        }
        DisputeCommand::Reopen(args) => reopen(mediation, args, format).await?,
        DisputeCommand::Link(args) => link(mediation, args, format).await?,
        DisputeCommand::Unlink(args) => unlink(mediation, args, format).await?,
        DisputeCommand::Erase(args) => erase(mediation, args, format).await?,
        DisputeCommand::Similar(args) => similar(mediation, args, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Names a dispute by id or number, as people have it.
fn which(dispute: &str) -> GetDisputeRequest {
    match dispute.parse::<DisputeId>() {
        Ok(id) => GetDisputeRequest { dispute_id: id.to_string(), ..Default::default() },
        Err(_) => GetDisputeRequest { number: dispute.to_owned(), ..Default::default() },
    }
}

async fn read(mediation: &mut Mediation, dispute: &str) -> anyhow::Result<Dispute> {
    Ok(mediation.get_dispute(which(dispute)).await?.into_inner().dispute.unwrap_or_default())
}

/// The id of a dispute, read only when it was not typed.
async fn id_of(mediation: &mut Mediation, dispute: &str) -> anyhow::Result<String> {
    let request = which(dispute);
    if request.dispute_id.is_empty() { Ok(read(mediation, dispute).await?.id) } else { Ok(request.dispute_id) }
}

async fn name(mediation: &mut Mediation, args: DisputeChangeArgs) -> anyhow::Result<Named> {
    let id = Some(which(&args.dispute).dispute_id).filter(|id| !id.is_empty());
    request::name(args.seen, id, async || {
        let dispute = read(mediation, &args.dispute).await?;
        Ok(Present { id: dispute.id, etag: dispute.etag, title: dispute.facts.unwrap_or_default().number })
    })
    .await
}

/// Names the dispute, makes the call, prints the dispute as it is then.
macro_rules! change {
    ($mediation:ident, $format:ident, $change:expr, $call:ident, $request:ident -> $response:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let Named { request_id, id: dispute_id, etag, after_request_id } = name($mediation, $change).await?;
        let again = request_id.clone();
        let request = $request { request_id, dispute_id, etag, after_request_id, $($field: $value,)* };
        let response: $response = repeatable($mediation.$call(request).await, &again)?.into_inner();
        Ok(output::print(&match $format {
            Format::Json => json::pretty(concat!("mediation.v1.", stringify!($response)), &response)?,
            _ => full(&response.dispute.unwrap_or_default()),
        })?)
    }};
}

async fn reopen(mediation: &mut Mediation, args: ReopenArgs, format: Format) -> anyhow::Result<()> {
    let Named { request_id, id: dispute_id, etag, after_request_id } = name(mediation, args.change).await?;
    let again = request_id.clone();
    let request = ReopenDisputeRequest {
        request_id,
        dispute_id,
        etag,
        after_request_id,
        reopened_on: day(args.on),
        to_body: args.to,
        text: args.text,
        device: None,
    };
    let response = repeatable(mediation.reopen_dispute(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.ReopenDisputeResponse", &response)?,
        _ => show::full(&response.case.unwrap_or_default()),
    })?)
}

async fn link(mediation: &mut Mediation, args: LinkArgs, format: Format) -> anyhow::Result<()> {
    let same_as = id_of(mediation, &args.same_as).await?;
    change!(mediation, format, args.change, link_dispute, LinkDisputeRequest -> LinkDisputeResponse {
        same_as: same_as,
        text: args.text,
        device: None,
    })
}

async fn unlink(mediation: &mut Mediation, args: UnlinkArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, unlink_dispute, UnlinkDisputeRequest -> UnlinkDisputeResponse {
        text: args.text,
        device: None,
    })
}

async fn erase(mediation: &mut Mediation, args: EraseDisputeArgs, format: Format) -> anyhow::Result<()> {
    let question = format!("title, narrative and parties of {} will be lost for ever; go on?", args.change.dispute);
    if !args.yes && !output::confirmed(&question) {
        return Err(Usage("nothing was erased; an erasure has to be confirmed with yes, or with --yes".to_owned()).into());
    }
    change!(mediation, format, args.change, erase_parties, ErasePartiesRequest -> ErasePartiesResponse {
        reason: args.reason,
        approved_by: args.approved_by.to_string(),
    })
}

async fn similar(mediation: &mut Mediation, args: SimilarArgs, format: Format) -> anyhow::Result<()> {
    let request = match args.dispute {
        Some(dispute) => FindSimilarDisputesRequest { dispute_id: id_of(mediation, &dispute).await?, ..Default::default() },
        None => FindSimilarDisputesRequest {
            dispute_id: String::new(),
            division_code: args.at.map(|code| code.to_string()).unwrap_or_default(),
            dispute_type: args.dispute_type.unwrap_or_default().0,
            parties: parties(Vec::new(), Vec::new(), args.parties),
        },
    };
    print_similar(mediation, request, format).await
}

/// Asks, and prints the candidates.
pub(crate) async fn print_similar(
    mediation: &mut Mediation,
    request: FindSimilarDisputesRequest,
    format: Format,
) -> anyhow::Result<()> {
    let answer = mediation.find_similar_disputes(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.FindSimilarDisputesResponse", &answer)?,
        _ => similar_rows(&answer.similar),
    })?)
}

/// Candidates for the same quarrel, one a line.
pub(crate) fn similar_rows(similar: &[SimilarDispute]) -> String {
    let heads = ["纠纷", "相似之处", "调解组织", "申请日", "id"].map(|head| (head, Align::Left));
    let rows: Vec<Vec<String>> = similar
        .iter()
        .map(|dispute| {
            let reasons: Vec<&str> = dispute.reasons.iter().map(|reason| alike(reason)).collect();
            let body =
                if dispute.elsewhere { "（在其他区划，请向当地查询）".to_owned() } else { dispute.body.clone() };
            vec![dispute.number.clone(), reasons.join("、"), body, dispute.applied_on.clone(), dispute.dispute_id.clone()]
        })
        .collect();
    table(&heads, &rows)
}

fn alike(reason: &str) -> &str {
    match reason {
        "same_identity_number" => "证件号相同",
        "same_phone" => "电话相同",
        "same_name" => "姓名相同",
        "same_type" => "类型相同",
        "same_place" => "发生地相同",
        other => other,
    }
}

/// The dispute with its cases and history.
fn full(dispute: &Dispute) -> String {
    let facts = dispute.facts.clone().unwrap_or_default();
    let mut text = show::root(&facts, &dispute.id);
    text.push_str(&pairs(&[("版本 etag", dispute.etag.clone())]));
    if !dispute.cases.is_empty() {
        text.push('\n');
        text.push_str(&show::rows(&dispute.cases));
    }
    if !dispute.history.is_empty() {
        text.push('\n');
        text.push_str(&show::history(&dispute.history));
    }
    text
}
