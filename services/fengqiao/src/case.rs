//! `fengqiao case`: every call about a case. Reading is here; `open.rs` opens, `change.rs` changes, `work.rs` is the work between, `correct.rs` corrects, `show.rs`
//! and `route.rs` print.

mod change;
mod correct;
mod open;
pub(crate) mod route;
pub(crate) mod show;
mod work;

use crate::{
    cli::{CaseCommand, CaseStateName, Format, ListCasesArgs, WhichCaseArgs},
    client::{Client, Mediation},
    dispute, json,
    listing::Listing,
    output,
    request::day,
    table::{Align, table},
    words,
};
use clap::ValueEnum as _;
use fengqiao_model::CaseId;
use fengqiao_proto::mediation::v1::{
    Case, CaseState, FindSimilarDisputesRequest, Force, GetCaseRequest, ListCasesRequest, ListStuckRequest, ProposeRouteRequest,
};
use std::process::ExitCode;

/// Does `fengqiao case`.
pub async fn run(client: &Client, command: CaseCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut mediation = client.mediation()?;
    let mediation = &mut mediation;
    match command {
        CaseCommand::Open(args) => open::run(mediation, *args, format).await?,
        CaseCommand::Propose(args) => propose(mediation, args, format).await?,
        CaseCommand::Dispatch(args) => change::dispatch(mediation, args, format).await?,
        CaseCommand::Take(args) => change::take(mediation, args, format).await?,
        CaseCommand::Return(args) => change::give_back(mediation, args, format).await?,
        CaseCommand::Decline(args) => change::decline(mediation, args, format).await?,
        CaseCommand::Refuse(args) => change::refuse(mediation, args, format).await?,
        CaseCommand::Transfer(args) => change::transfer(mediation, args, format).await?,
        CaseCommand::Conclude(args) => change::conclude(mediation, *args, format).await?,
        CaseCommand::Perform(args) => change::perform(mediation, args, format).await?,
        CaseCommand::Confirm(args) => change::confirm(mediation, args, format).await?,
        CaseCommand::Work(command) => work::run(mediation, command, format).await?,
        CaseCommand::Correct(args) => correct::run(mediation, *args, format).await?,
        CaseCommand::Void(args) => change::void(mediation, args, format).await?,
        CaseCommand::Show(args) => show_one(mediation, args, format).await?,
        CaseCommand::List(args) => list(mediation, args, format).await?,
        CaseCommand::Similar(args) => similar(mediation, args, format).await?,
        CaseCommand::Unplaced => unplaced(mediation, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Names a case by id, number or reference, as people have it.
fn which(args: &WhichCaseArgs) -> GetCaseRequest {
    if let Some(external_ref) = args.external_ref.clone() {
        return GetCaseRequest { external_ref, ledger: args.ledger.clone(), ..Default::default() };
    }
    let case = args.case.as_deref().unwrap_or_default();
    match case.parse::<CaseId>() {
        Ok(id) => GetCaseRequest { case_id: id.to_string(), ..Default::default() },
        Err(_) => GetCaseRequest { number: case.to_owned(), ..Default::default() },
    }
}

async fn read(mediation: &mut Mediation, args: &WhichCaseArgs) -> anyhow::Result<Case> {
    Ok(mediation.get_case(which(args)).await?.into_inner().case.unwrap_or_default())
}

/// The id of a case, read only when it was not typed.
async fn id_of(mediation: &mut Mediation, args: &WhichCaseArgs) -> anyhow::Result<String> {
    let request = which(args);
    if !request.case_id.is_empty() {
        return Ok(request.case_id);
    }
    Ok(read(mediation, args).await?.facts.unwrap_or_default().case_id)
}

async fn show_one(mediation: &mut Mediation, args: WhichCaseArgs, format: Format) -> anyhow::Result<()> {
    let response = mediation.get_case(which(&args)).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.GetCaseResponse", &response)?,
        _ => show::full(&response.case.unwrap_or_default()),
    })?)
}

async fn propose(mediation: &mut Mediation, args: WhichCaseArgs, format: Format) -> anyhow::Result<()> {
    let case_id = id_of(mediation, &args).await?;
    let response = mediation.propose_route(ProposeRouteRequest { case_id }).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.ProposeRouteResponse", &response)?,
        _ => route::text(&response.decision.unwrap_or_default()),
    })?)
}

async fn similar(mediation: &mut Mediation, args: WhichCaseArgs, format: Format) -> anyhow::Result<()> {
    let dispute_id = read(mediation, &args).await?.dispute_id;
    let request = FindSimilarDisputesRequest { dispute_id, ..Default::default() };
    dispute::print_similar(mediation, request, format).await
}

async fn list(mediation: &mut Mediation, args: ListCasesArgs, format: Format) -> anyhow::Result<()> {
    let request = ListCasesRequest {
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        body: args.body,
        state: state(args.state).into(),
        force: args.force.map_or(Force::Unspecified, words::wire_force).into(),
        dispute_type: args.dispute_type.unwrap_or_default().0,
        source: args.source.map(|source| source.code().to_owned()).unwrap_or_default(),
        applied_from: day(args.from),
        applied_to: day(args.to),
        overdue_on: day(args.overdue_on),
        stuck: args.stuck,
        page_size: 0,
        page_token: String::new(),
    };
    let listing = Listing { key: "cases", message: "mediation.v1.Case", rows: show::rows };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let page = mediation.list_cases(ListCasesRequest { page_size, page_token, ..request.clone() }).await?.into_inner();
            Ok((page.cases, page.next_page_token))
        })
        .await
}

async fn unplaced(mediation: &mut Mediation, format: Format) -> anyhow::Result<()> {
    let answer = mediation.list_stuck(ListStuckRequest {}).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.ListStuckResponse", &answer)?,
        _ => {
            let heads = [("日志", Align::Left), ("位置", Align::Right), ("事件", Align::Left), ("原因", Align::Left)];
            let rows: Vec<Vec<String>> = answer
                .stuck
                .into_iter()
                .map(|event| vec![event.log, event.position.to_string(), event.kind, event.reason])
                .collect();
            table(&heads, &rows)
        }
    })?)
}

/// The names are those of the contract, with hyphens.
fn state(name: Option<CaseStateName>) -> CaseState {
    let typed = name.and_then(|name| name.to_possible_value());
    let wire = typed.map(|value| format!("CASE_STATE_{}", value.get_name().replace('-', "_").to_uppercase()));
    wire.and_then(|wire| CaseState::from_str_name(&wire)).unwrap_or(CaseState::Unspecified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_asked_for() {
        let known: Vec<i32> = CaseStateName::value_variants().iter().map(|name| state(Some(*name)).into()).collect();
        assert_eq!(known, (1..=14).collect::<Vec<_>>());
        assert_eq!(state(None), CaseState::Unspecified);
    }

    #[test]
    fn an_id_is_told_from_a_number_and_a_reference() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let case = |case: &str| WhichCaseArgs { case: Some(case.to_owned()), external_ref: None, ledger: String::new() };
        assert_eq!(which(&case(id)).case_id, id);
        assert_eq!(which(&case("TJ-2024-1")).number, "TJ-2024-1");
        let of_ledger = WhichCaseArgs { case: None, external_ref: Some("F1".to_owned()), ledger: "台账".to_owned() };
        assert_eq!((which(&of_ledger).external_ref.as_str(), which(&of_ledger).ledger.as_str()), ("F1", "台账"));
    }
}
