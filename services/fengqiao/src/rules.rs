//! `fengqiao rules`: clocks and reason codes in force, of petitions and of mediation; the rules of conduct are in `conduct.rs`.

use crate::{
    cli::{Format, RulesArgs},
    client::Client,
    json, output,
    table::{Align, table},
    words::{self, wire_force_zh},
};
use fengqiao_proto::{
    intake::v1::{ListRulesRequest, ListRulesResponse},
    mediation::v1::{ListRoutingRulesRequest, ListRoutingRulesResponse},
};
use std::process::ExitCode;

/// Does `fengqiao rules`.
pub async fn run(client: &Client, args: RulesArgs, format: Format) -> anyhow::Result<ExitCode> {
    if args.conduct {
        return crate::conduct::book(client, args, format).await;
    }
    if args.routing {
        return routing(client, args, format).await;
    }
    let rules = client.intake()?.list_rules(ListRulesRequest { on: args.on }).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("intake.v1.ListRulesResponse", &rules)?,
        _ => text(&rules),
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn routing(client: &Client, args: RulesArgs, format: Format) -> anyhow::Result<ExitCode> {
    let rules = client.mediation()?.list_routing_rules(ListRoutingRulesRequest { on: args.on }).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("mediation.v1.ListRoutingRulesResponse", &rules)?,
        _ => routing_text(&rules),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn routing_text(rules: &ListRoutingRulesResponse) -> String {
    let tests: Vec<Vec<String>> = rules
        .rules
        .iter()
        .map(|rule| vec![rule.id.clone(), rule.zh.clone(), mark(&rule.mark).to_owned(), rule.source.clone()])
        .collect();
    let types: Vec<Vec<String>> = rules
        .types
        .iter()
        .map(|kind| {
            let forces: Vec<String> = kind.forces().map(|force| wire_force_zh(force).to_owned()).collect();
            let routes: Vec<&str> = kind.other_routes.iter().map(|route| words::route(route)).collect();
            vec![kind.code.clone(), kind.zh.clone(), forces.join(" → "), routes.join("、"), kind.source.clone()]
        })
        .collect();
    let reasons: Vec<Vec<String>> = rules
        .reasons
        .iter()
        .map(|reason| vec![reason.code.clone(), reason.zh.clone(), reason.transition.clone(), reason.source.clone()])
        .collect();
    let flags: Vec<Vec<String>> = rules.flags.iter().map(|flag| vec![flag.clone(), words::flag(flag).to_owned()]).collect();
    let left = |heads: &[&'static str]| heads.iter().map(|head| (*head, Align::Left)).collect::<Vec<_>>();
    format!(
        "分流规则版本 {}（按序检验）\n\n{}\n纠纷类型版本 {}\n\n{}\n标记\n\n{}\n原因版本 {}\n\n{}",
        rules.rules_version,
        table(&left(&["代码", "规则", "标注", "依据"]), &tests),
        rules.type_list_version,
        table(&left(&["代码", "类型", "力量次序", "其他途径", "依据"]), &types),
        table(&left(&["代码", "含义"]), &flags),
        rules.reason_list_version,
        table(&left(&["代码", "原因", "用于", "依据"]), &reasons),
    )
}

pub(crate) fn mark(mark: &str) -> &str {
    match mark {
        "confirmed" => "已确认",
        "local_model" => "地方样本",
        "to_be_confirmed" => "待确认",
        other => other,
    }
}

fn text(rules: &ListRulesResponse) -> String {
    let left = |names: [&'static str; 5]| names.map(|name| (name, Align::Left));
    let clocks: Vec<Vec<String>> = rules
        .rules
        .iter()
        .map(|rule| {
            let mark = mark(&rule.mark).to_owned();
            vec![rule.code.clone(), rule.title_zh.clone(), rule.length.clone(), mark, rule.source.clone()]
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
