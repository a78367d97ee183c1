//! `fengqiao due` and `fengqiao calendar`: what is late on a day; a holiday notice and what it moved.

use crate::{
    cli::{AdoptArgs, CalendarCommand, DueArgs, Format, LampName, MovedArgs},
    client::{Client, Intake},
    json,
    listing::Listing,
    output,
    request::{self, day, repeatable},
    table::{Align, table},
};
use fengqiao_proto::{
    common::v1::ClockTerms,
    intake::v1::{AdoptCalendarRequest, DueClock, ListDueRequest, ListRestatementsRequest, RestatedClock},
};
use std::process::ExitCode;

/// Does `fengqiao due`.
pub async fn run(client: &Client, args: DueArgs, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    let request = ListDueRequest {
        on: day(args.on),
        unit: args.unit,
        level: args.level,
        lamp: args.lamp.map_or("", LampName::code).to_owned(),
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        rule: args.rule,
        page_size: 0,
        page_token: String::new(),
    };
    let listing = Listing { key: "clocks", message: "intake.v1.DueClock", rows: due_rows };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let page = intake.list_due(ListDueRequest { page_size, page_token, ..request.clone() }).await?.into_inner();
            Ok((page.clocks, page.next_page_token))
        })
        .await?;
    Ok(ExitCode::SUCCESS)
}

fn lamp(code: &str) -> &'static str {
    match code {
        "green" => "绿",
        "yellow" => "黄",
        "red" => "红",
        "grey" => "灰",
        _ => "",
    }
}

fn due_rows(clocks: &[DueClock]) -> String {
    let left = |name| (name, Align::Left);
    let heads = [
        left("灯"),
        left("编号"),
        left("责任单位"),
        left("期限"),
        left("考核期"),
        left("法定期"),
        ("剩余天数", Align::Right),
        left(""),
    ];
    let row = |due: &DueClock| {
        let terms = due.clock.clone().unwrap_or_default();
        let remark = match (due.window, terms.provisional) {
            (true, true) => "权利期限、暂定",
            (true, false) => "权利期限",
            (false, true) => "暂定",
            (false, false) => "",
        };
        vec![
            lamp(&due.lamp).to_owned(),
            due.number.clone(),
            due.unit.clone(),
            format!("{} {}", terms.rule, due.title_zh),
            terms.kpi_due,
            terms.legal_due,
            due.days_left.to_string(),
            remark.to_owned(),
        ]
    };
    table(&heads, &clocks.iter().map(row).collect::<Vec<_>>())
}

/// Does `fengqiao calendar`.
pub async fn calendar(client: &Client, command: CalendarCommand, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    match command {
        CalendarCommand::Adopt(args) => adopt(&mut intake, args, format).await?,
        CalendarCommand::Moved(args) => moved(&mut intake, args, format).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn adopt(intake: &mut Intake, args: AdoptArgs, format: Format) -> anyhow::Result<()> {
    let notice = request::text(String::new(), Some(&args.file))?;
    let request_id = request::id_or_new(args.request_id);
    let again = request_id.clone();
    let answer = intake.adopt_calendar(AdoptCalendarRequest { request_id, notice }).await;
    let adopted = repeatable(answer, &again)?.into_inner();
    if format == Format::Json {
        return Ok(output::print(&json::pretty("intake.v1.AdoptCalendarResponse", &adopted)?)?);
    }
    let years: Vec<String> = adopted.years.iter().map(ToString::to_string).collect();
    output::print(&format!(
        "日历 {} → {}（{} 年），{} 个期限重新计算\n\n{}",
        adopted.previous_version,
        adopted.calendar_version,
        years.join("、"),
        adopted.restated,
        moved_rows(&adopted.clocks)
    ))?;
    if adopted.restated > i64::try_from(adopted.clocks.len()).unwrap_or(i64::MAX) {
        output::note("the first of them; `fengqiao calendar moved --limit 0` lists all");
    }
    Ok(())
}

async fn moved(intake: &mut Intake, args: MovedArgs, format: Format) -> anyhow::Result<()> {
    let request = ListRestatementsRequest { calendar_version: args.calendar, page_size: 0, page_token: String::new() };
    let listing = Listing { key: "clocks", message: "intake.v1.RestatedClock", rows: moved_rows };
    listing
        .print(format, args.limit, args.page_token, async |page_size, page_token| {
            let request = ListRestatementsRequest { page_size, page_token, ..request.clone() };
            let page = intake.list_restatements(request).await?.into_inner();
            Ok((page.clocks, page.next_page_token))
        })
        .await
}

fn moved_rows(clocks: &[RestatedClock]) -> String {
    let heads = ["编号", "责任单位", "期限", "原考核期", "考核期", "原法定期", "法定期", ""].map(|name| (name, Align::Left));
    let row = |clock: &RestatedClock| {
        let terms = |terms: &Option<ClockTerms>| terms.clone().unwrap_or_default();
        let (before, after) = (terms(&clock.before), terms(&clock.after));
        let settled = if before.provisional && !after.provisional { "不再暂定" } else { "" };
        vec![
            clock.number.clone(),
            clock.unit.clone(),
            after.rule,
            before.kpi_due,
            after.kpi_due,
            before.legal_due,
            after.legal_due,
            settled.to_owned(),
        ]
    };
    table(&heads, &clocks.iter().map(row).collect::<Vec<_>>())
}
