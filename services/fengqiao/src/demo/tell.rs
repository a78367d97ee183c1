//! What the demo says: the report (`figures.rs`), one quarrel over three bodies, the petition that rolls, the look-up, a routing decision,
//! what is late and why.

mod figures;

use super::{chinese, desk::Desk, year::Played};
use crate::{cli::Language, words};
use anyhow::Context as _;
use fengqiao_model::Day;
use fengqiao_proto::{mediation::v1 as mediation, reporting::v1::GetAnnualReportResponse};
use fengqiao_statute::{DisputeTypes, Force, Outcome, ReasonList};
use figures::Figures;
use std::{net::SocketAddr, time::Duration};

/// Chinese or English, whichever is spoken.
fn says(zh: bool, chinese: String, english: String) {
    println!("{}", if zh { chinese } else { english });
}

/// Prints the story.
pub async fn story(
    desk: &mut Desk,
    language: Language,
    played: &Played,
    report: &GetAnnualReportResponse,
    before: &GetAnnualReportResponse,
    took: Duration,
) -> anyhow::Result<()> {
    let zh = chinese(language);
    says(
        zh,
        "枫桥演示：以金湖（320831）区划为样本的虚构县，机构、人员、事项、数字均为虚构。".to_owned(),
        "Fengqiao demo: an invented county on the divisions of Jinhu (320831); bodies, people, matters and figures are made up."
            .to_owned(),
    );
    println!();
    figures::disputes(zh, report, before);
    println!();
    figures::petitions(zh, report);
    println!();
    figures::checks(zh, report);
    println!();
    quarrel(desk, zh, played, report).await?;
    println!();
    rolling(desk, zh, played).await?;
    println!();
    window(desk, zh, played).await?;
    println!();
    routing(desk, zh, played).await?;
    println!();
    late(desk, zh).await?;
    println!();
    let (calls, seconds) = (desk.calls(), took.as_secs_f64());
    let rate = calls as f64 / seconds.max(0.001);
    says(
        zh,
        format!("本演示经套接字真实调用 {calls} 次，用时 {seconds:.1} 秒，每秒 {rate:.0} 次，每次写入均已落盘。"),
        format!(
            "{calls} real calls over a socket in {seconds:.1} s, {rate:.0} per second, every write durable before its answer."
        ),
    );
    says(
        zh,
        "接下来：\n  fengqiao demo --serve                         演示数据留在原处，供查询\n  fengqiao serve                                启用自己的案卷\n  fengqiao import cases 台账.csv --wait          导入台账，再用 fengqiao report annual --year 2024 出报告".to_owned(),
        "Next:\n  fengqiao demo --serve                         keep the demo's data up, to be looked at\n  fengqiao serve                                open a case book of your own\n  fengqiao import cases LEDGER.csv --wait        import a ledger, then fengqiao report annual --year 2024".to_owned(),
    );
    Ok(())
}

/// What to type while the demo's server stays up.
pub fn going_on(language: Language, address: SocketAddr, today: Day) {
    if chinese(language) {
        println!("\n演示服务仍在 http://{address} 运行，其时钟停在 {today}。按 Ctrl-C 结束。可在另一窗口试：");
    } else {
        println!(
            "\nThe demo's server stays up on http://{address}; its clock stands at {today}. Ctrl-C ends it. In another window:"
        );
    }
    println!("  fengqiao report annual --year 2024 --division 320831");
    println!("  fengqiao report explain case.handling.legal.late --year 2024");
    println!("  fengqiao case list --stuck");
}

async fn quarrel(desk: &mut Desk, zh: bool, played: &Played, report: &GetAnnualReportResponse) -> anyhow::Result<()> {
    let dispute = desk.dispute(&played.quarrel).await?;
    says(
        zh,
        format!("【一件纠纷，三个组织】{}：三本台账各记一件（受理 3、成功 1，33%），全县只算一件：", facts(&dispute).number),
        format!(
            "[One quarrel, three bodies] {}: three ledgers would say three cases (3 accepted, 1 success, 33 %); the county counts one:",
            facts(&dispute).number
        ),
    );
    for case in &dispute.cases {
        let case = case.facts.clone().unwrap_or_default();
        let outcome = Outcome::from_code_or_zh(&case.outcome).map_or("", |o| if zh { o.zh() } else { o.code() });
        let on = if case.handed_on { if zh { "，移交" } else { ", handed on" } } else { "" };
        says(
            zh,
            format!("  {}（{}）：{} 受理，{} {outcome}{on}", case.number, case.body, case.accepted_on, case.ended_on),
            format!("  {} ({}): accepted {}, {} {outcome}{on}", case.number, case.body, case.accepted_on, case.ended_on),
        );
    }
    let steps: Vec<String> = facts(&dispute).milestones.iter().map(|m| format!("{} {}", m.on, milestone(zh, &m.what))).collect();
    says(zh, format!("  全县：{}。", steps.join("，")), format!("  The county: {}.", steps.join(", ")));
    let figures = Figures(report);
    let count = |id: &str| figures.count(id);
    says(
        zh,
        format!(
            "  全年衔接：各组织受理合计 {} = 全县受理 {} + 再次受理 {} + 转办移交接收 {} + 并行或合并 {}。",
            count("case.accepted"),
            count("dispute.accepted"),
            count("dispute.reopened"),
            count("case.received"),
            count("case.joined")
        ),
        format!(
            "  The year's bridge: accepted by bodies {} = by the county {} + reopened {} + received {} + joined {}.",
            count("case.accepted"),
            count("dispute.accepted"),
            count("dispute.reopened"),
            count("case.received"),
            count("case.joined")
        ),
    );
    Ok(())
}

fn facts(dispute: &mediation::Dispute) -> mediation::DisputeFacts {
    dispute.facts.clone().unwrap_or_default()
}

fn milestone(zh: bool, what: &str) -> String {
    match (zh, what) {
        (true, "accepted") => "受理".to_owned(),
        (true, "concluded") => "办结".to_owned(),
        (true, "reopened") => "再次受理".to_owned(),
        _ => what.to_owned(),
    }
}

async fn rolling(desk: &mut Desk, zh: bool, played: &Played) -> anyhow::Result<()> {
    let petition = desk.petition(&played.rolling).await?;
    let clock = petition.handling.clone().unwrap_or_default();
    says(
        zh,
        format!(
            "【期限】{}：{} 受理，六十日（{}，{}版）至 {} 届满，正逢春节假期；顺延至 {}（星期日，调休上班）。{} 出具处理意见：法定按期，考核口径逾期。",
            petition.number,
            petition.accepted_on,
            clock.rule,
            clock.rule_version,
            clock.kpi_due,
            clock.legal_due,
            petition.concluded_on
        ),
        format!(
            "[Clock] {}: accepted {}, the 60 days of {} (version {}) end on {}, in the Spring Festival; rolled to {}, a make-up Sunday. Opinion issued {}: on time in law, late by the KPI count.",
            petition.number,
            petition.accepted_on,
            clock.rule,
            clock.rule_version,
            clock.kpi_due,
            clock.legal_due,
            petition.concluded_on
        ),
    );
    Ok(())
}

async fn window(desk: &mut Desk, zh: bool, played: &Played) -> anyhow::Result<()> {
    let (_, number, code) = &played.routed;
    let found = desk.look_up(number, code).await?;
    let wrong = desk.look_up(number, "0000-0000-00000").await;
    let nobody = desk.look_up("JHXF-2024-999999", code).await;
    let (Err(wrong), Err(nobody)) = (wrong, nobody) else { anyhow::bail!("a wrong code was answered") };
    anyhow::ensure!(wrong.message() == nobody.message() && wrong.details() == nobody.details(), "a wrong code learns something");
    says(
        zh,
        format!(
            "【查询】凭编号和查询码：{}，{}（登记 {}，受理 {}，移送调解 {}，调解结束 {}，办结 {}）。",
            found.number,
            found.state_text,
            found.registered_on,
            found.accepted_on,
            found.mediation_from,
            found.mediation_until,
            found.concluded_on
        ),
        format!(
            "[Look-up] With number and query code: {}, {} (registered {}, accepted {}, to mediation {}, mediation ended {}, concluded {}).",
            found.number,
            found.state_text,
            found.registered_on,
            found.accepted_on,
            found.mediation_from,
            found.mediation_until,
            found.concluded_on
        ),
    );
    says(
        zh,
        format!("        查询码错误与编号不存在，答复逐字节相同：{}", wrong.message()),
        format!("          A wrong code and an unknown number get the same answer, byte for byte: {}", wrong.message()),
    );
    Ok(())
}

async fn routing(desk: &mut Desk, zh: bool, played: &Played) -> anyhow::Result<()> {
    let case = desk.case(&played.shown_case).await?;
    let decision = case.routing.clone().context("the case has no routing decision")?;
    let dispute = case.dispute.clone().unwrap_or_default();
    let types = DisputeTypes::shipped();
    let day: Day = decision.decided_on.parse()?;
    let kind = types.find(&dispute.dispute_type, day).map_or("", |kind| if zh { kind.zh.as_str() } else { kind.en.as_str() });
    says(
        zh,
        format!(
            "【派单】{}，{kind}（{}）：{}（{}）→ {}",
            played.shown_case, dispute.dispute_type, decision.rule_zh, decision.rule, decision.body
        ),
        format!(
            "[Routing] {}, {kind} ({}): rule {} -> {}",
            played.shown_case, dispute.dispute_type, decision.rule, decision.body
        ),
    );
    println!("  {} {}", if zh { "依据：" } else { "Inputs:" }, decision.inputs.join("; "));
    let named = |codes: &[String], zh_name: fn(&str) -> &str| if zh { words::all(codes, zh_name) } else { codes.join(", ") };
    if !decision.duties.is_empty() {
        println!("  {} {}", if zh { "同时：" } else { "At once:" }, named(&decision.duties, words::duty));
    }
    for (rank, candidate) in decision.candidates.iter().take(3).enumerate() {
        let grounds = named(&candidate.grounds, words::ground);
        says(
            zh,
            format!("  候选 {}：{}（在办 {}/{}；{grounds}）", rank + 1, candidate.body, candidate.load, candidate.capacity),
            format!("  candidate {}: {} (load {}/{}; {grounds})", rank + 1, candidate.body, candidate.load, candidate.capacity),
        );
    }
    let rejected = decision.rejected.iter().map(|r| match Force::from_code_or_zh(&r.alternative) {
        Ok(force) if zh => format!("{}（{}）", force.zh(), words::rejection(&r.reason)),
        _ if zh => format!("{}（{}）", r.alternative, words::rejection(&r.reason)),
        _ => format!("{} {}", r.alternative, r.reason),
    });
    let rejected: Vec<String> = rejected.collect();
    println!("  {} {}", if zh { "未采用：" } else { "Rejected:" }, rejected.join(if zh { "，" } else { "; " }));
    Ok(())
}

/// Something late, by its number, with the reason that stands in the file.
async fn late(desk: &mut Desk, zh: bool) -> anyhow::Result<()> {
    if let Some(item) = desk.explained("petition.handling.legal.late", super::YEAR).await? {
        let petition = desk.petition(&item.id).await?;
        let due = petition.handling.clone().unwrap_or_default().legal_due;
        let why = petition.history.iter().rev().map(|step| step.text.as_str()).find(|text| !text.is_empty()).unwrap_or("");
        says(
            zh,
            format!("【逾期】信访 {}：法定期限 {due}，{} 才出具处理意见；原因：{why}。", petition.number, petition.concluded_on),
            format!(
                "[Late] petition {}: due in law {due}, opinion issued {}; reason on file: {why}.",
                petition.number, petition.concluded_on
            ),
        );
    }
    if let Some(item) = desk.explained("case.handling.legal.late", super::YEAR).await? {
        let case = desk.case(&item.number).await?.facts.unwrap_or_default();
        let clock = case.handling.clone().unwrap_or_default();
        let reasons = ReasonList::shipped_of_cases();
        let reason = reasons.reasons().iter().find(|reason| reason.code == case.reason);
        let outcome = Outcome::from_code_or_zh(&case.outcome).map_or("", |o| if zh { o.zh() } else { o.code() });
        let why = reason.map_or("", |reason| if zh { reason.zh.as_str() } else { reason.en.as_str() });
        let why = if why.is_empty() {
            String::new()
        } else if zh {
            format!("；原因：{why}")
        } else {
            format!("; reason: {why}")
        };
        says(
            zh,
            format!("        案件 {}：{} 期限 {}，{} {outcome}{why}。", case.number, clock.rule, clock.legal_due, case.ended_on),
            format!(
                "       case {}: {} due {}, ended {} ({outcome}){why}.",
                case.number, clock.rule, clock.legal_due, case.ended_on
            ),
        );
    }
    Ok(())
}
