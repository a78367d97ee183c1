//! `fengqiao rules`: clocks and reason codes in force.

use crate::{
    cli::{Format, RulesArgs},
    client::Client,
    json, output,
    table::{Align, table},
};
use fengqiao_proto::intake::v1::{ListRulesRequest, ListRulesResponse};
use std::process::ExitCode;

/// Does `fengqiao rules`.
pub async fn run(client: &Client, args: RulesArgs, format: Format) -> anyhow::Result<ExitCode> {
    let rules = client.intake()?.list_rules(ListRulesRequest { on: args.on }).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("intake.v1.ListRulesResponse", &rules)?,
        _ => text(&rules),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn text(rules: &ListRulesResponse) -> String {
    let left = |names: [&'static str; 5]| names.map(|name| (name, Align::Left));
    let clocks: Vec<Vec<String>> = rules
        .rules
        .iter()
        .map(|rule| {
            let mark = match rule.mark.as_str() {
                "confirmed" => "已确认",
                "local_model" => "地方样本",
                "to_be_confirmed" => "待确认",
                other => other,
            };
            vec![rule.code.clone(), rule.title_zh.clone(), rule.length.clone(), mark.to_owned(), rule.source.clone()]
        })
        .collect();
    let reasons: Vec<Vec<String>> = rules
        .reasons
        .iter()
        .map(|reason| {
            vec![reason.code.clone(), reason.zh.clone(), reason.en.clone(), reason.transition.clone(), reason.source.clone()]
        })
        .collect();
    format!(
        "规则版本 {}，日历版本 {}（D 日历日，W 工作日，M 月）\n\n{}\n{}",
        rules.rule_book_version,
        rules.calendar_version,
        table(&left(["代码", "期限", "长度", "标注", "依据"]), &clocks),
        table(&left(["代码", "原因", "英文", "用于", "依据"]), &reasons),
    )
}
