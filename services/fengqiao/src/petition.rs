//! `fengqiao petition`: every call about a petition. Reading is here; `list.rs` lists and watches, `log.rs` logs, `change.rs` changes, `show.rs` prints.

mod change;
mod code;
mod list;
mod log;
mod repeats;
pub(crate) mod show;
mod work;

use crate::{
    cli::{Format, LookupArgs, Person, PetitionCommand, WhichArgs},
    client::{Client, Intake},
    json, output,
    table::pairs,
};
use fengqiao_model::PetitionId;
use fengqiao_proto::intake::v1::{GetPetitionRequest, LookUpStatusRequest, Party, Petition};
use std::process::ExitCode;

/// Does `fengqiao petition`.
pub async fn run(client: &Client, command: PetitionCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    match command {
        PetitionCommand::Log(args) => return log::run(&mut intake, *args, format).await,
        PetitionCommand::Show(args) => show_one(&mut intake, args, format, show::full).await?,
        PetitionCommand::History(args) => {
            show_one(&mut intake, args, format, |petition| show::history(&petition.history)).await?
        }
        PetitionCommand::List(args) => list::list(&mut intake, *args, format).await?,
        PetitionCommand::Watch(args) => list::watch(&mut intake, *args, format).await?,
        PetitionCommand::Lookup(args) => look_up(&mut intake, args, format).await?,
        PetitionCommand::Code(args) => code::reissue(&mut intake, args, format).await?,
        PetitionCommand::Lookups(args) => code::counts(&mut intake, args, format).await?,
        PetitionCommand::Submit(args) => return work::run(&mut intake, &args.file, format).await,
        PetitionCommand::Similar(args) => repeats::similar(&mut intake, *args, format).await?,
        PetitionCommand::LinkRepeat(args) => change::link_repeat(&mut intake, args, format).await?,
        PetitionCommand::UnlinkRepeat(args) => change::unlink_repeat(&mut intake, args, format).await?,
        PetitionCommand::Search(args) => repeats::search(&mut intake, args, format).await?,
        PetitionCommand::Accept(args) => change::accept(&mut intake, args, format).await?,
        PetitionCommand::Refuse(args) => change::refuse(&mut intake, args, format).await?,
        PetitionCommand::Extend { command } => change::extend(&mut intake, command, format).await?,
        PetitionCommand::Opinion(args) => change::opinion(&mut intake, args, format).await?,
        PetitionCommand::Withdraw(args) => change::withdraw(&mut intake, args, format).await?,
        PetitionCommand::Route(args) => change::route(&mut intake, args, format).await?,
        PetitionCommand::Supervise(args) => change::supervise(&mut intake, args, format).await?,
        PetitionCommand::Explain(args) => change::explain(&mut intake, args, format).await?,
        PetitionCommand::Conduct(args) => crate::conduct::check(&mut intake, args, format).await?,
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

/// A person as the contract of petitions has it.
fn party(person: Person) -> Party {
    let Person { name, phone, identity_kind, identity_number, address } = person;
    Party { name, phone, identity_number, address, identity_kind, ..Default::default() }
}

async fn show_one(intake: &mut Intake, args: WhichArgs, format: Format, text: fn(&Petition) -> String) -> anyhow::Result<()> {
    let request = match args {
        WhichArgs { external_ref: Some(external_ref), ledger, .. } => {
            GetPetitionRequest { external_ref, ledger, ..Default::default() }
        }
        WhichArgs { foreign: Some(foreign), .. } => {
            GetPetitionRequest { foreign_number: Some(repeats::foreign(foreign)), ..Default::default() }
        }
        WhichArgs { petition, .. } => by_id_or_number(petition.as_deref().unwrap_or_default()),
    };
    let response = intake.get_petition(request).await?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.GetPetitionResponse", &response)?,
        _ => text(&response.petition.unwrap_or_default()),
    })?)
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
            ("转送日", status.transferred_on.join("、")),
            ("受理日", status.accepted_on),
            ("不予受理日", status.refused_on),
            ("不再受理日", status.no_longer_accepted_on),
            ("延期决定日", status.extended_on),
            ("处理意见日", status.opinion_on),
            ("复查意见日", status.reviewed_on),
            ("复核意见日", status.rereviewed_on),
            ("办结日", status.concluded_on),
            ("转入调解日", status.mediation_from),
            ("调解结束日", status.mediation_until),
        ]),
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_told_from_a_number() {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(by_id_or_number(id).petition_id, id);
        assert_eq!(by_id_or_number("XF-2024-1").number, "XF-2024-1");
    }
}
