//! `fengqiao unit`: the register of petition offices and responsible units.

mod show;

use crate::{
    cli::{
        AboutUnitArgs, CloseUnitArgs, Format, ListUnitsArgs, RegisterUnitArgs, ShowUnitArgs, SilentArgs, SucceedUnitArgs,
        UnitChangeArgs, UnitCommand, UpdateUnitArgs,
    },
    client::{Client, Intake},
    json,
    listing::Listing,
    output,
    request::{self, Named, Present, day, id_or_new, repeatable},
};
use fengqiao_proto::intake::v1::{
    CloseUnitRequest, CloseUnitResponse, GetUnitRequest, ListSilentUnitsRequest, ListUnitsRequest, NewUnit,
    NextHigherOrganRequest, RegisterUnitRequest, SucceedUnitRequest, SucceedUnitResponse, Unit, UpdateUnitRequest,
    UpdateUnitResponse,
};
use fengqiao_statute::UnitLevel;
use std::process::ExitCode;

/// Does `fengqiao unit`.
pub async fn run(client: &Client, command: UnitCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    let intake = &mut intake;
    match command {
        UnitCommand::Register(args) => register(intake, args, format).await?,
        UnitCommand::Update(args) => update(intake, args, format).await?,
        UnitCommand::Succeed(args) => succeed(intake, args, format).await?,
        UnitCommand::Close(args) => close(intake, args, format).await?,
        UnitCommand::Show(ShowUnitArgs { code, on }) => {
            let response = intake.get_unit(GetUnitRequest { code, on: day(on) }).await?.into_inner();
            output::print(&match format {
                Format::Json => json::pretty("intake.v1.GetUnitResponse", &response)?,
                _ => show::full(&response.unit.unwrap_or_default()),
            })?;
        }
        UnitCommand::List(args) => list(intake, args, format).await?,
        UnitCommand::Higher(ShowUnitArgs { code, on }) => {
            let response = intake.next_higher_organ(NextHigherOrganRequest { code, on: day(on) }).await?.into_inner();
            output::print(&match format {
                Format::Json => json::pretty("intake.v1.NextHigherOrganResponse", &response)?,
                _ => show::higher(&response),
            })?;
        }
        UnitCommand::Silent(args) => silent(intake, args, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn read(intake: &mut Intake, code: &str) -> anyhow::Result<Unit> {
    let request = GetUnitRequest { code: code.to_owned(), on: String::new() };
    Ok(intake.get_unit(request).await?.into_inner().unit.unwrap_or_default())
}

async fn name(intake: &mut Intake, args: UnitChangeArgs) -> anyhow::Result<Named> {
    request::name(args.seen, Some(args.code.clone()), async || Ok(present(&read(intake, &args.code).await?))).await
}

fn present(unit: &Unit) -> Present {
    let facts = unit.facts.clone().unwrap_or_default();
    Present { id: facts.code.clone(), etag: unit.etag.clone(), title: format!("{} {}", facts.code, facts.name) }
}

async fn register(intake: &mut Intake, args: RegisterUnitArgs, format: Format) -> anyhow::Result<()> {
    let request_id = id_or_new(args.request_id);
    let mut unit = NewUnit {
        code: args.code,
        name: args.name,
        kind: args.kind,
        level: args.level.code().to_owned(),
        division_code: args.at.to_string(),
        ..Default::default()
    };
    put(&mut unit, args.about);
    let request = RegisterUnitRequest { request_id: request_id.clone(), unit: Some(unit), device: None };
    let response = repeatable(intake.register_unit(request).await, &request_id)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.RegisterUnitResponse", &response)?,
        _ => show::full(&response.unit.unwrap_or_default()),
    })?)
}

fn put(unit: &mut NewUnit, about: AboutUnitArgs) {
    let AboutUnitArgs { parent, categories, divisions, founded_on } = about;
    unit.parent = parent.unwrap_or(std::mem::take(&mut unit.parent));
    if let Some(day) = founded_on {
        unit.founded_on = day.to_string();
    }
    if !categories.is_empty() {
        unit.categories = categories;
    }
    if !divisions.is_empty() {
        unit.divisions = divisions.into_iter().map(|code| code.to_string()).collect();
    }
}

/// The contract replaces every field; what was not typed is taken from the unit as it stands.
async fn update(intake: &mut Intake, args: UpdateUnitArgs, format: Format) -> anyhow::Result<()> {
    let before = read(intake, &args.change.code).await?;
    let Named { request_id, id: code, etag, after_request_id } =
        request::name(args.change.seen.clone(), Some(args.change.code.clone()), async || Ok(present(&before))).await?;
    let (again, changed_on) = (request_id.clone(), day(args.on));
    let unit = Some(updated(&before, args));
    let request = UpdateUnitRequest { request_id, code, etag, after_request_id, changed_on, unit, device: None };
    let response: UpdateUnitResponse = repeatable(intake.update_unit(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.UpdateUnitResponse", &response)?,
        _ => show::full(&response.unit.unwrap_or_default()),
    })?)
}

fn updated(before: &Unit, args: UpdateUnitArgs) -> NewUnit {
    let facts = before.facts.clone().unwrap_or_default();
    let mut unit = NewUnit {
        code: facts.code,
        name: args.name.unwrap_or(facts.name),
        kind: args.kind.unwrap_or(facts.kind),
        level: args.level.map_or(facts.level, |level| level.code().to_owned()),
        parent: facts.parent,
        division_code: args.at.map_or(facts.division_code, |code| code.to_string()),
        categories: facts.categories,
        divisions: facts.divisions,
        founded_on: facts.founded_on,
    };
    for field in &args.clear {
        match field.as_str() {
            "parent" => unit.parent.clear(),
            "categories" => unit.categories.clear(),
            "divisions" => unit.divisions.clear(),
            _ => unit.founded_on.clear(),
        }
    }
    put(&mut unit, args.about);
    unit
}

async fn succeed(intake: &mut Intake, args: SucceedUnitArgs, format: Format) -> anyhow::Result<()> {
    let Named { request_id, id: code, etag, after_request_id } = name(intake, args.change).await?;
    let again = request_id.clone();
    let (succeeded_on, successor) = (day(args.on), args.to);
    let request = SucceedUnitRequest { request_id, code, etag, after_request_id, succeeded_on, successor, device: None };
    let response: SucceedUnitResponse = repeatable(intake.succeed_unit(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.SucceedUnitResponse", &response)?,
        _ => show::full(&response.unit.unwrap_or_default()),
    })?)
}

async fn close(intake: &mut Intake, args: CloseUnitArgs, format: Format) -> anyhow::Result<()> {
    let Named { request_id, id: code, etag, after_request_id } = name(intake, args.change).await?;
    let again = request_id.clone();
    let request = CloseUnitRequest { request_id, code, etag, after_request_id, closed_on: day(args.on), device: None };
    let response: CloseUnitResponse = repeatable(intake.close_unit(request).await, &again)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("intake.v1.CloseUnitResponse", &response)?,
        _ => show::full(&response.unit.unwrap_or_default()),
    })?)
}

fn level(level: Option<UnitLevel>) -> String {
    level.map_or("", UnitLevel::code).to_owned()
}

async fn list(intake: &mut Intake, args: ListUnitsArgs, format: Format) -> anyhow::Result<()> {
    let request = ListUnitsRequest {
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        level: level(args.level),
        kind: args.kind,
        on: day(args.on),
        ..Default::default()
    };
    let listing = Listing { key: "units", message: "intake.v1.Unit", rows: show::rows };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let page = intake.list_units(ListUnitsRequest { page_size, page_token, ..request.clone() }).await?.into_inner();
            Ok((page.units, page.next_page_token))
        })
        .await
}

async fn silent(intake: &mut Intake, args: SilentArgs, format: Format) -> anyhow::Result<()> {
    let request = ListSilentUnitsRequest {
        days: args.days,
        as_of: day(args.as_of),
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        level: level(args.level),
        kind: args.kind,
        ..Default::default()
    };
    let listing = Listing { key: "units", message: "intake.v1.SilentUnit", rows: show::silent };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let request = ListSilentUnitsRequest { page_size, page_token, ..request.clone() };
            let page = intake.list_silent_units(request).await?.into_inner();
            Ok((page.units, page.next_page_token))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;
    use fengqiao_proto::intake::v1::UnitRecord;

    #[test]
    fn an_update_keeps_what_was_not_typed() {
        let facts = UnitRecord {
            code: "住建局".to_owned(),
            name: "住房和城乡建设局".to_owned(),
            kind: "responsible_unit".to_owned(),
            level: "county".to_owned(),
            parent: "县政府".to_owned(),
            division_code: "320831".to_owned(),
            categories: vec!["城乡建设".to_owned()],
            ..Default::default()
        };
        let before = Unit { facts: Some(facts), ..Default::default() };
        let line = "fengqiao unit update 住建局 --level 市级 --at 3208 --clear parent --for-division 320831";
        let Command::Unit { command: UnitCommand::Update(args) } = Cli::try_parse_from(line.split(' ')).unwrap().command else {
            panic!("not an update")
        };
        let unit = updated(&before, args);
        assert_eq!((unit.name.as_str(), unit.level.as_str(), unit.parent.as_str()), ("住房和城乡建设局", "city", ""));
        assert_eq!((unit.categories.len(), unit.divisions.len(), unit.division_code.as_str()), (1, 1, "3208"));
    }
}
