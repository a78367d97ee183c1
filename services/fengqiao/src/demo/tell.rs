//! What the demo says: the report's sentences with numerator, denominator and cut-off, the petition that rolls, the look-up.

use super::{chinese, desk::Desk, year::Played};
use crate::{cli::Language, report::rate::percent};
use fengqiao_model::Day;
use fengqiao_proto::reporting::v1::GetAnnualReportResponse;
use std::{net::SocketAddr, time::Duration};

/// Prints the story.
pub async fn story(
    desk: &mut Desk,
    language: Language,
    played: &Played,
    report: &GetAnnualReportResponse,
    took: Duration,
) -> anyhow::Result<()> {
    let zh = chinese(language);
    let says = |zh_text: String, en_text: String| println!("{}", if zh { zh_text } else { en_text });
    says(
        "枫桥演示：以金湖（320831）区划为样本的虚构县，人员、事项、数字均为虚构。".to_owned(),
        "Fengqiao demo: an invented county on the divisions of Jinhu (320831); people, matters and figures are made up."
            .to_owned(),
    );
    println!();
    figures(zh, report);
    println!();
    rolling(desk, zh, played).await?;
    println!();
    window(desk, zh, played).await?;
    println!();
    let rate = desk.calls as f64 / took.as_secs_f64().max(0.001);
    let (calls, seconds) = (desk.calls, took.as_secs_f64());
    says(
        format!("本演示经套接字真实调用 {calls} 次，用时 {seconds:.1} 秒，每秒 {rate:.0} 次，每次写入均已落盘。"),
        format!(
            "{calls} real calls over a socket in {seconds:.1} s, {rate:.0} per second, every write durable before its answer."
        ),
    );
    says(
        "接下来：\n  fengqiao demo --serve                         演示数据留在原处，供查询\n  fengqiao serve                                启用自己的案卷\n  fengqiao import petitions 台账.csv --wait      导入台账，再用 fengqiao report annual --year 2024 出报告".to_owned(),
        "Next:\n  fengqiao demo --serve                         keep the demo's data up, to be looked at\n  fengqiao serve                                open a case book of your own\n  fengqiao import petitions LEDGER.csv --wait    import a ledger, then fengqiao report annual --year 2024".to_owned(),
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
    println!("  fengqiao report explain petition.handling.legal.late --year 2024");
    println!("  fengqiao petition list --state accepted");
}

fn figures(zh: bool, report: &GetAnnualReportResponse) {
    let total = |id: &str| report.figures.iter().find(|figure| figure.id == id && figure.dims.is_empty());
    let count = |id: &str| total(id).and_then(|figure| figure.count).unwrap_or(0);
    let ratio = |id: &str| total(id).map_or((0, 0), |f| (f.numerator.unwrap_or(0), f.denominator.unwrap_or(0)));
    let as_of = &report.as_of;
    if zh {
        println!(
            "【{}年度报告 · 信访】截至 {as_of}，全县登记信访事项 {} 件，受理 {} 件，办结 {} 件；上年结转 {} 件，结转下年 {} 件。",
            report.year,
            count("petition.registered"),
            count("petition.accepted"),
            count("petition.concluded"),
            count("petition.carried_in"),
            count("petition.carried_out")
        );
    } else {
        println!(
            "[Annual report {}: petitions] As of {as_of} the county registered {} items, accepted {}, concluded {}; {} carried in, {} carried out.",
            report.year,
            count("petition.registered"),
            count("petition.accepted"),
            count("petition.concluded"),
            count("petition.carried_in"),
            count("petition.carried_out")
        );
    }
    let rates = [
        (
            "petition.timely_acceptance_rate",
            "信访部门及时受理率",
            "first action within 15 days",
            "登记后 15 日在期内届满",
            "15 days after registration end in the year",
        ),
        (
            "petition.handling.on_time_rate.legal",
            "按期办结率（法定，遇休息日顺延）",
            "handled on time, in law (rolled)",
            "法定期限在期内届满",
            "due in law in the year",
        ),
        (
            "petition.handling.on_time_rate.kpi",
            "按期办结率（考核，不顺延）",
            "handled on time, performance practice (not rolled)",
            "考核期限在期内届满",
            "KPI due in the year",
        ),
    ];
    for (id, title_zh, title_en, cohort_zh, cohort_en) in rates {
        let (n, m) = ratio(id);
        let (title, cohort) = if zh { (title_zh, cohort_zh) } else { (title_en, cohort_en) };
        println!("  {title}: {}  = {n} / {m}  ({cohort}; {as_of})", percent(n, m));
    }
    let (late, overdue) = (count("petition.handling.legal.late"), count("petition.handling.legal.open_overdue"));
    if zh {
        println!(
            "  不是百分之百：逾期办结 {late} 件，逾期未结 {overdue} 件；作废 {} 件另列，不计入上列各数。",
            count("petition.voided")
        );
    } else {
        println!(
            "  Not 100 %: {late} closed late, {overdue} overdue and open; {} voided entries stand apart and count nowhere above.",
            count("petition.voided")
        );
    }
    for identity in &report.identities {
        let mark = if identity.left == identity.right { "✓" } else { "✗" };
        println!("  {mark} {}: {} = {}", identity.text, identity.left, identity.right);
    }
}

async fn rolling(desk: &mut Desk, zh: bool, played: &Played) -> anyhow::Result<()> {
    let petition = desk.petition(&played.rolling).await?;
    let clock = petition.handling.clone().unwrap_or_default();
    if zh {
        println!(
            "【期限】{}：{} 受理，六十日（{}，{}版）至 {} 届满，正逢春节假期；顺延至 {}（星期日，调休上班）。{} 出具处理意见：法定按期，考核口径逾期。",
            petition.number,
            petition.accepted_on,
            clock.rule,
            clock.rule_version,
            clock.kpi_due,
            clock.legal_due,
            petition.concluded_on
        );
    } else {
        println!(
            "[Clock] {}: accepted {}, the 60 days of {} (version {}) end on {}, in the Spring Festival; rolled to {}, a make-up Sunday. Opinion issued {}: on time in law, late by the KPI count.",
            petition.number,
            petition.accepted_on,
            clock.rule,
            clock.rule_version,
            clock.kpi_due,
            clock.legal_due,
            petition.concluded_on
        );
    }
    Ok(())
}

async fn window(desk: &mut Desk, zh: bool, played: &Played) -> anyhow::Result<()> {
    let found = desk.look_up(&played.rolling_number, &played.rolling_code).await?;
    let wrong = desk.look_up(&played.rolling_number, "0000-0000-00000").await;
    let nobody = desk.look_up("JHXF-2024-999999", &played.rolling_code).await;
    let (Err(wrong), Err(nobody)) = (wrong, nobody) else { anyhow::bail!("a wrong code was answered") };
    anyhow::ensure!(wrong.message() == nobody.message() && wrong.details() == nobody.details(), "a wrong code learns something");
    if zh {
        println!(
            "【查询】凭编号和查询码：{}，{}（登记 {}，受理 {}，办结 {}）。",
            found.number, found.state_text, found.registered_on, found.accepted_on, found.concluded_on
        );
        println!("        查询码错误与编号不存在，答复逐字节相同：{}", wrong.message());
    } else {
        println!(
            "[Look-up] With number and query code: {}, {} (registered {}, accepted {}, concluded {}).",
            found.number, found.state_text, found.registered_on, found.accepted_on, found.concluded_on
        );
        println!("          A wrong code and an unknown number get the same answer, byte for byte: {}", wrong.message());
    }
    Ok(())
}
