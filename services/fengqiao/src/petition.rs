//! `fengqiao petition`: every call about a petition. Reading is here; `log.rs` logs, `change.rs` changes, `show.rs` prints.

mod change;
mod log;
mod show;

use crate::{
    cli::{Format, ListArgs, LookupArgs, PetitionCommand, StateName, WhichArgs},
    client::{Client, Intake},
    json, output,
    table::pairs,
};
use fengqiao_model::PetitionId;
use fengqiao_proto::intake::v1::{
    GetPetitionRequest, ListPetitionsRequest, ListPetitionsResponse, LookUpStatusRequest, Petition, PetitionState,
};
use std::process::ExitCode;

/// Most rows of one page.
const LARGEST_PAGE: usize = 1000;

/// Does `fengqiao petition`.
pub async fn run(client: &Client, command: PetitionCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    match command {
        PetitionCommand::Log(args) => return log::run(&mut intake, *args, format).await,
        PetitionCommand::Show(args) => show_one(&mut intake, args, format, show::full).await?,
        PetitionCommand::History(args) => {
            show_one(&mut intake, args, format, |petition| show::history(&petition.history)).await?
        }
        PetitionCommand::List(args) => list(&mut intake, args, format).await?,
        PetitionCommand::Lookup(args) => look_up(&mut intake, args, format).await?,
        PetitionCommand::Accept(args) => change::accept(&mut intake, args, format).await?,
        PetitionCommand::Refuse(args) => change::refuse(&mut intake, args, format).await?,
        PetitionCommand::Extend { command } => change::extend(&mut intake, command, format).await?,
        PetitionCommand::Opinion(args) => change::opinion(&mut intake, args, format).await?,
        PetitionCommand::Withdraw(args) => change::withdraw(&mut intake, args, format).await?,
        PetitionCommand::Void(args) => change::void(&mut intake, args, format).await?,
        PetitionCommand::Erase(args) => change::erase(&mut intake, args, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Names a petition by id or number, as people have it.
fn by_id_or_number(petition: &str) -> GetPetitionRequest {
    match petition.parse::<PetitionId>() {
        Ok(id) => GetPetitionRequest { petition_id: id.to_string(), ..Default::default() },
        Err(_) => GetPetitionRequest { number: petition.to_owned(), ..Default::default() },
    }
}

async fn show_one(intake: &mut Intake, args: WhichArgs, format: Format, text: fn(&Petition) -> String) -> anyhow::Result<()> {
    let request = match args {
        WhichArgs { external_ref: Some(external_ref), ledger, .. } => {
            GetPetitionRequest { external_ref, ledger, ..Default::default() }
        }
        WhichArgs { petition, .. } => by_id_or_number(petition.as_deref().unwrap_or_default()),
    };
    let response = intake.get_petition(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.GetPetitionResponse", &response)?,
        _ => text(&response.petition.unwrap_or_default()),
    })?)
}

async fn list(intake: &mut Intake, args: ListArgs, format: Format) -> anyhow::Result<()> {
    let day = |day: Option<fengqiao_model::Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut request = ListPetitionsRequest {
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        responsible_unit: args.unit,
        state: state(args.state).into(),
        channel: args.channel,
        matter_class: args.matter_class,
        registered_from: day(args.from),
        registered_to: day(args.to),
        overdue_on: day(args.overdue_on),
        page_size: 0,
        page_token: args.page_token,
    };
    let mut printed = 0;
    let mut opened = false;
    loop {
        let left = if args.limit == 0 { LARGEST_PAGE } else { (args.limit - printed).min(LARGEST_PAGE) };
        request.page_size = i32::try_from(left)?;
        let page = intake.list_petitions(request.clone()).await?.into_inner();
        match format {
            Format::Json => {
                // Nothing is printed before the first answer, so that a refusal leaves no half JSON.
                if !opened {
                    output::print("{\"petitions\": [")?;
                }
                json_rows(&page, printed)?;
            }
            // Widths differ from page to page; a page is a thousand rows.
            _ if !opened || !page.petitions.is_empty() => output::print(&show::rows(&page.petitions))?,
            _ => {}
        }
        opened = true;
        printed += page.petitions.len();
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() || (args.limit > 0 && printed >= args.limit) {
            break;
        }
    }
    let token = request.page_token;
    match format {
        Format::Json => output::print(&format!("], \"next_page_token\": {}}}", serde_json::to_string(&token)?))?,
        _ if token.is_empty() => output::note(&format!("{printed} petitions")),
        _ => output::note(&format!("{printed} petitions, and there are more: --limit 0 shows all, --page-token {token} goes on")),
    }
    Ok(())
}

fn json_rows(page: &ListPetitionsResponse, printed: usize) -> anyhow::Result<()> {
    let mut text = String::new();
    for (at, petition) in page.petitions.iter().enumerate() {
        text.push_str(if printed + at == 0 { " " } else { "," });
        text.push_str(&json::line("intake.v1.Petition", petition)?);
        text.push('\n');
    }
    if !text.is_empty() {
        output::print(&text)?;
    }
    Ok(())
}

async fn look_up(intake: &mut Intake, args: LookupArgs, format: Format) -> anyhow::Result<()> {
    let request = LookUpStatusRequest { number: args.number, query_code: args.code };
    let status = intake.look_up_status(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.LookUpStatusResponse", &status)?,
        _ => pairs(&[
            ("编号", status.number.clone()),
            (
                "状态",
                if status.state_text.is_empty() { show::state(status.state()).to_owned() } else { status.state_text.clone() },
            ),
            ("登记日", status.registered_on),
            ("受理日", status.accepted_on),
            ("延期决定日", status.extended_on),
            ("办结日", status.concluded_on),
        ]),
    })?)
}

fn state(name: Option<StateName>) -> PetitionState {
    match name {
        None => PetitionState::Unspecified,
        Some(StateName::Registered) => PetitionState::Registered,
        Some(StateName::Accepted) => PetitionState::Accepted,
        Some(StateName::Extended) => PetitionState::Extended,
        Some(StateName::NotAccepted) => PetitionState::NotAccepted,
        Some(StateName::NoLongerAccepted) => PetitionState::NoLongerAccepted,
        Some(StateName::Diverted) => PetitionState::Diverted,
        Some(StateName::ConsultOnly) => PetitionState::ConsultOnly,
        Some(StateName::OpinionIssued) => PetitionState::OpinionIssued,
        Some(StateName::Settled) => PetitionState::Settled,
        Some(StateName::Answered) => PetitionState::Answered,
        Some(StateName::Forwarded) => PetitionState::Forwarded,
        Some(StateName::Withdrawn) => PetitionState::Withdrawn,
        Some(StateName::Void) => PetitionState::Void,
        Some(StateName::ReviewRequested) => PetitionState::ReviewRequested,
        Some(StateName::Reviewed) => PetitionState::Reviewed,
        Some(StateName::RereviewRequested) => PetitionState::RereviewRequested,
        Some(StateName::Final) => PetitionState::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn every_state_can_be_asked_for() {
        for name in StateName::value_variants() {
            let typed = name.to_possible_value().unwrap().get_name().to_owned();
            let expected = format!("PETITION_STATE_{}", typed.replace('-', "_").to_uppercase());
            assert_eq!(state(Some(*name)).as_str_name(), expected);
        }
        assert_eq!(StateName::value_variants().len(), 17);
    }

    #[test]
    fn an_id_is_told_from_a_number() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(by_id_or_number(id).petition_id, id);
        assert_eq!(by_id_or_number("XF-2024-1").number, "XF-2024-1");
    }
}
