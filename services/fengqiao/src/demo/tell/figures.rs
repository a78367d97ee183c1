//! The report's sentences: each figure with numerator, denominator, cohort and cut-off, and the identities.

use super::says;
use crate::report::rate::percent;
use fengqiao_proto::reporting::v1::GetAnnualReportResponse;
use fengqiao_statute::Force;

/// The figures of a report by id.
pub(super) struct Figures<'a>(pub(super) &'a GetAnnualReportResponse);

impl Figures<'_> {
    /// A count's total.
    pub(super) fn count(&self, id: &str) -> i64 {
        self.of(id, &[]).0
    }

    fn by(&self, id: &str, key: &str, member: &str) -> i64 {
        self.of(id, &[(key, member)]).0
    }

    fn rate(&self, id: &str) -> (i64, i64) {
        let (_, n, m) = self.of(id, &[]);
        (n, m)
    }

    fn of(&self, id: &str, dims: &[(&str, &str)]) -> (i64, i64, i64) {
        let same = |figure: &&fengqiao_proto::reporting::v1::Figure| {
            figure.id == id
                && figure.dims.len() == dims.len()
                && figure.dims.iter().zip(dims).all(|(dim, (key, member))| dim.key == *key && dim.member == *member)
        };
        let found = self.0.figures.iter().find(same);
        found.map_or((0, 0, 0), |f| (f.count.unwrap_or(0), f.numerator.unwrap_or(0), f.denominator.unwrap_or(0)))
    }
}

/// A rate with what stands above and below the line, whom it is about, and until when.
fn rate(zh: bool, figures: &Figures<'_>, id: &str, titles: (&str, &str), cohorts: (&str, &str)) {
    let (n, m) = figures.rate(id);
    let (title, cohort) = if zh { (titles.0, cohorts.0) } else { (titles.1, cohorts.1) };
    println!("  {title}: {}  = {n} / {m}  ({cohort}; {})", percent(n, m), figures.0.as_of);
}

/// The sentence of disputes, its rates, the forces, the bodies.
pub(super) fn disputes(zh: bool, report: &GetAnnualReportResponse, before: &GetAnnualReportResponse) {
    let (now, last) = (Figures(report), Figures(before));
    let yuan = |fen: i64| format!("{}.{:02}", fen / 1_000_000, fen % 1_000_000 / 10_000);
    says(
        zh,
        format!(
            "【{}年度报告 · 矛盾纠纷】截至 {}，全县受理矛盾纠纷 {} 件（上年 {} 件），办结 {} 件，其中化解 {} 件；协议金额 {} 万元；上年结转 {} 件，结转下年 {} 件。",
            report.year,
            report.as_of,
            now.count("dispute.accepted"),
            last.count("dispute.accepted"),
            now.count("dispute.concluded"),
            now.count("dispute.resolved"),
            yuan(now.count("agreement.agreed_fen")),
            now.count("dispute.carried_in"),
            now.count("dispute.carried_out"),
        ),
        format!(
            "[Annual report {}: disputes] As of {} the county accepted {} disputes ({} the year before), concluded {}, of these resolved {}; {} x 10,000 yuan agreed; {} carried in, {} carried out.",
            report.year,
            report.as_of,
            now.count("dispute.accepted"),
            last.count("dispute.accepted"),
            now.count("dispute.concluded"),
            now.count("dispute.resolved"),
            yuan(now.count("agreement.agreed_fen")),
            now.count("dispute.carried_in"),
            now.count("dispute.carried_out"),
        ),
    );
    let concluded = ("期内办结的纠纷", "disputes concluded in the year");
    rate(zh, &now, "dispute.resolution_rate", ("化解率（按纠纷）", "resolution rate (disputes)"), concluded);
    let parts = ("期内结案的案件", "cases concluded in the year");
    rate(zh, &now, "case.success_rate", ("调解成功率（按案件）", "success rate (cases)"), parts);
    let accepted = ("期内受理的案件", "cases accepted in the year");
    rate(zh, &now, "case.success_of_accepted_rate", ("成功率（按受理）", "success of accepted"), accepted);
    let due = ("履行期限在期内届满的协议", "agreements whose performance was due in the year");
    rate(zh, &now, "agreement.performed_rate", ("协议履行率", "agreements performed"), due);
    rate(zh, &now, "agreement.performed_on_time_rate", ("按期履行率", "performed on time"), due);
    let forces: Vec<String> = Force::ALL
        .iter()
        .map(|force| {
            let name = if zh { force.zh() } else { force.code() };
            format!("{name} {}", now.by("dispute.concluded", "force", force.code()))
        })
        .collect();
    says(zh, format!("  五大调解力量办结：{}。", forces.join("，")), format!("  Concluded by force: {}.", forces.join(", ")));
    says(
        zh,
        format!(
            "  新成立调解组织 {} 个，充实调整 {} 个；年末在册 {} 个，特色主题 {} 种。",
            now.count("body.founded"),
            now.count("body.adjusted"),
            now.count("body.active"),
            now.count("body.themes")
        ),
        format!(
            "  {} bodies founded, {} adjusted; {} active at the year's end, with {} themes.",
            now.count("body.founded"),
            now.count("body.adjusted"),
            now.count("body.active"),
            now.count("body.themes")
        ),
    );
}

/// The sentence of petitions, its rates, and what is late.
pub(super) fn petitions(zh: bool, report: &GetAnnualReportResponse) {
    let figures = Figures(report);
    let count = |id: &str| figures.count(id);
    says(
        zh,
        format!(
            "【{}年度报告 · 信访】截至 {}，全县登记信访事项 {} 件，受理 {} 件，办结 {} 件；上年结转 {} 件，结转下年 {} 件。",
            report.year,
            report.as_of,
            count("petition.registered"),
            count("petition.accepted"),
            count("petition.concluded"),
            count("petition.carried_in"),
            count("petition.carried_out")
        ),
        format!(
            "[Annual report {}: petitions] As of {} the county registered {} items, accepted {}, concluded {}; {} carried in, {} carried out.",
            report.year,
            report.as_of,
            count("petition.registered"),
            count("petition.accepted"),
            count("petition.concluded"),
            count("petition.carried_in"),
            count("petition.carried_out")
        ),
    );
    rate(
        zh,
        &figures,
        "petition.timely_acceptance_rate",
        ("信访部门及时受理率", "first action within 15 days"),
        ("登记后 15 日在期内届满", "15 days after registration end in the year"),
    );
    rate(
        zh,
        &figures,
        "petition.handling.on_time_rate.legal",
        ("按期办结率（法定，遇休息日顺延）", "handled on time, in law (rolled)"),
        ("法定期限在期内届满", "due in law in the year"),
    );
    rate(
        zh,
        &figures,
        "petition.handling.on_time_rate.kpi",
        ("按期办结率（考核，不顺延）", "handled on time, performance practice (not rolled)"),
        ("考核期限在期内届满", "KPI due in the year"),
    );
    says(
        zh,
        format!(
            "  不是百分之百：逾期办结 {} 件，逾期未结 {} 件；作废 {} 件另列，不计入上列各数。",
            count("petition.handling.legal.late"),
            count("petition.handling.legal.open_overdue"),
            count("petition.voided")
        ),
        format!(
            "  Not 100 %: {} closed late, {} overdue and open; {} voided entries stand apart and count nowhere above.",
            count("petition.handling.legal.late"),
            count("petition.handling.legal.open_overdue"),
            count("petition.voided")
        ),
    );
}

/// The identities: all of them hold, and the first of each kind is shown.
pub(super) fn checks(zh: bool, report: &GetAnnualReportResponse) {
    let broken: Vec<_> = report.identities.iter().filter(|identity| identity.left != identity.right).collect();
    let all = report.identities.len();
    says(
        zh,
        format!("【核对】{all} 条恒等式，{} 条不符：", broken.len()),
        format!("[Checks] {all} identities, {} do not hold:", broken.len()),
    );
    let telling = report.identities.iter().filter(|identity| identity.left != 0 && identity.text.contains("carried_in"));
    for identity in telling.chain(broken) {
        let mark = if identity.left == identity.right { "✓" } else { "✗" };
        println!("  {mark} {}: {} = {}", identity.text, identity.left, identity.right);
    }
}
