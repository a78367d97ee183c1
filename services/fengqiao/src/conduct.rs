//! The rules of conduct on the command line: one petition against the book, the book with its counts, and who broke a rule.

use crate::{
    cli::{ConductArgs, Format, RulesArgs},
    client::{Client, Intake},
    json,
    listing::Listing,
    output,
    request::day,
    table::{Align, table},
};
use fengqiao_model::PetitionId;
use fengqiao_proto::intake::v1::{
    CheckConductRequest, ConductBreach, ConductVerdict, ListConductBreachesRequest, ListConductRulesRequest,
    ListConductRulesResponse,
};
use std::process::ExitCode;

/// Does `fengqiao petition conduct`.
pub(crate) async fn check(intake: &mut Intake, args: ConductArgs, format: Format) -> anyhow::Result<()> {
    let id = args.petition.parse::<PetitionId>().ok().map(|id| id.to_string());
    let request = CheckConductRequest {
        number: if id.is_some() { String::new() } else { args.petition },
        petition_id: id.unwrap_or_default(),
        on: day(args.on),
    };
    let answer = intake.check_conduct(request).await?.into_inner();
    if format == Format::Json {
        return Ok(output::print(&json::pretty("intake.v1.CheckConductResponse", &answer)?)?);
    }
    let row = |verdict: &ConductVerdict| {
        let kept = if verdict.breaches.is_empty() { "遵守" } else { "违反" };
        vec![verdict.code.clone(), verdict.title_zh.clone(), kept.to_owned(), verdict.breaches.join("; ")]
    };
    let heads = ["代码", "规定", "结果", "说明"].map(|name| (name, Align::Left));
    let rows = table(&heads, &answer.verdicts.iter().map(row).collect::<Vec<_>>());
    Ok(output::print(&format!("{} 截至 {}，规章版本 {}\n\n{rows}", answer.number, answer.on, answer.conduct_book_version))?)
}

/// Does `fengqiao rules --conduct`: the whole book, or with `--breaches` who broke one rule.
pub async fn book(client: &Client, args: RulesArgs, format: Format) -> anyhow::Result<ExitCode> {
    let mut intake = client.intake()?;
    if let Some(rule) = args.breaches {
        let request = ListConductBreachesRequest { rule, on: args.on, ..Default::default() };
        let listing = Listing { key: "items", message: "intake.v1.ConductBreach", rows: breach_rows };
        listing
            .print(format, 0, String::new(), async |page_size, page_token| {
                let request = ListConductBreachesRequest { page_size, page_token, ..request.clone() };
                let page = intake.list_conduct_breaches(request).await?.into_inner();
                Ok((page.items, page.next_page_token))
            })
            .await?;
        return Ok(ExitCode::SUCCESS);
    }
    let answer = intake.list_conduct_rules(ListConductRulesRequest { on: args.on, ..Default::default() }).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("intake.v1.ListConductRulesResponse", &answer)?,
        _ => text(&answer),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn breach_rows(items: &[ConductBreach]) -> String {
    let heads = ["编号", "责任单位", "说明"].map(|name| (name, Align::Left));
    let row = |item: &ConductBreach| vec![item.number.clone(), item.responsible_unit.clone(), item.breaches.join("; ")];
    table(&heads, &items.iter().map(row).collect::<Vec<_>>())
}

fn text(answer: &ListConductRulesResponse) -> String {
    let left = |name| (name, Align::Left);
    let heads =
        [left("阶段"), left("代码"), left("规定"), ("适用", Align::Right), ("违反", Align::Right), left("标注"), left("依据")];
    let rows = answer.rules.iter().map(|rule| {
        // Those about cases are counted by mediation, not here.
        let count = |count: i64| if rule.subject == "petition" { count.to_string() } else { "—".to_owned() };
        let mark = crate::rules::mark(&rule.mark).to_owned();
        vec![
            rule.stage_zh.clone(),
            rule.code.clone(),
            rule.title_zh.clone(),
            count(rule.applied),
            count(rule.breached),
            mark,
            rule.source.clone(),
        ]
    });
    let more = if answer.complete { "" } else { "（只计最早登记的部分）" };
    format!(
        "规章版本 {}（样本），截至 {}，{} 至 {} 登记的 {} 件{more}\n\n{}",
        answer.conduct_book_version,
        answer.on,
        answer.registered_from,
        answer.registered_to,
        answer.items,
        table(&heads, &rows.collect::<Vec<_>>())
    )
}
