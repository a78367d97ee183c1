//! The sentences of the annual report: what the year comes to, each rate with both its numbers. Nothing is reckoned here but the
//! bridge between what bodies count and what the county counts.

use super::super::rate::percent;
use crate::table::thousands;
use fengqiao_proto::reporting::v1::{Figure, GetAnnualReportResponse};
use std::collections::HashMap;

/// The sentences, one for each kind of thing that the report has figures of.
pub(super) fn sentences(report: &GetAnnualReportResponse) -> Vec<String> {
    let totals = report.figures.iter().filter(|figure| figure.dims.is_empty());
    let totals = Totals(totals.map(|figure| (figure.id.as_str(), figure)).collect());
    let place = if matches!(report.division_code.len(), 0 | 6) { "全县" } else { "本辖区" };
    let cut_off = &report.as_of;
    let year = report.year;
    let mut sentences = Vec::new();
    if totals.has("petition.registered") {
        sentences.push(format!(
            "{year} 年（截至 {cut_off}），{place}共登记信访事项 {} 件，受理 {} 件，办结 {} 件；及时受理率 {}，按期办结率（法定）{}。",
            totals.count("petition.registered"),
            totals.count("petition.accepted"),
            totals.count("petition.concluded"),
            totals.rate("petition.timely_acceptance_rate"),
            totals.rate("petition.handling.on_time_rate.legal"),
        ));
    }
    if totals.has("petition.office_acceptance_rate") {
        sentences.push(format!(
            "信访部门及时受理率 {}，责任单位及时受理率 {}，初次信访按期办结率 {}；满意率对信访部门 {}、对责任单位 {}；重复信访率 {}，网信占比 {}。",
            totals.rate("petition.office_acceptance_rate"),
            totals.rate("petition.unit_acceptance_rate"),
            totals.rate("petition.on_time_closing_rate"),
            totals.rate("petition.rating.office.satisfaction_rate"),
            totals.rate("petition.rating.unit.satisfaction_rate"),
            totals.rate("petition.repeat_share"),
            totals.rate("petition.online_share"),
        ));
    }
    if totals.has("dispute.accepted") {
        sentences.push(format!(
            "{year} 年（截至 {cut_off}），{place}共受理矛盾纠纷 {} 件，化解 {} 件，化解率 {}；上年结转 {} 件，再次受理 {} 件，办结 {} 件，结转下年 {} 件。",
            totals.count("dispute.accepted"),
            totals.count("dispute.resolved"),
            totals.rate("dispute.resolution_rate"),
            totals.count("dispute.carried_in"),
            totals.count("dispute.reopened"),
            totals.count("dispute.concluded"),
            totals.count("dispute.carried_out"),
        ));
    }
    if totals.has("case.accepted") {
        sentences.push(format!(
            "各调解组织受理案件 {} 件，结案 {} 件，达成协议 {} 件，调解成功率 {}；受理案件中已达成协议的占 {}。",
            totals.count("case.accepted"),
            totals.count("case.concluded"),
            totals.count("case.agreed"),
            totals.rate("case.success_rate"),
            totals.rate("case.success_of_accepted_rate"),
        ));
    }
    if totals.has("agreement.written") {
        sentences.push(format!(
            "达成书面协议 {} 件、口头协议 {} 件，协议涉及金额 {} 元，已履行 {} 元；协议履行率 {}，按期履行率 {}；申请司法确认 {} 件，法院确认 {} 件。",
            totals.count("agreement.written"),
            totals.count("agreement.oral"),
            yuan(totals.number("agreement.agreed_fen")),
            yuan(totals.number("agreement.paid_fen")),
            totals.rate("agreement.performed_rate"),
            totals.rate("agreement.performed_on_time_rate"),
            totals.count("agreement.confirmation_applied"),
            totals.count("agreement.confirmed"),
        ));
    }
    if totals.has("body.active") {
        sentences.push(format!(
            "期末共有调解组织 {} 个；年内新成立 {} 个，充实调整 {} 个，新培育 {} 个，撤销 {} 个；主题 {} 个。",
            totals.count("body.active"),
            totals.count("body.founded"),
            totals.count("body.adjusted"),
            totals.count("body.fostered"),
            totals.count("body.closed"),
            totals.count("body.themes"),
        ));
    }
    sentences.extend(bridge(&totals, place, report));
    sentences
}

/// How what bodies count and what the county counts hang together.
fn bridge(totals: &Totals<'_>, place: &str, report: &GetAnnualReportResponse) -> Option<String> {
    let parts = ["dispute.accepted", "dispute.reopened", "case.received", "case.joined"];
    if !totals.has("case.accepted") || !parts.iter().all(|id| totals.has(id)) {
        return None;
    }
    let [all, accepted, reopened, received, joined] =
        ["case.accepted", parts[0], parts[1], parts[2], parts[3]].map(|id| totals.number(id));
    // A quarrel linked with one of another place counts there once; the server's own check says whether that is all.
    let elsewhere = all - (accepted + reopened + received + joined);
    let checked = report.identities.iter().find(|identity| identity.text.starts_with("bridge:"));
    let holds = checked.map_or(elsewhere == 0, |identity| identity.left == identity.right);
    let elsewhere =
        if elsewhere != 0 && holds { format!(" + 与他处纠纷并案 {}", thousands(elsewhere)) } else { String::new() };
    Some(format!(
        "衔接: 各组织受理合计 {} = {place}受理 {} + 再次受理 {} + 接转 {} + 并案 {}{elsewhere}（{}）",
        thousands(all),
        thousands(accepted),
        thousands(reopened),
        thousands(received),
        thousands(joined),
        if holds { "相符" } else { "不符" },
    ))
}

/// Fen as yuan with two decimals.
pub(super) fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    let whole = i64::try_from(fen / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", thousands(whole), fen % 100)
}

struct Totals<'a>(HashMap<&'a str, &'a Figure>);

impl Totals<'_> {
    fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    fn number(&self, id: &str) -> i64 {
        self.0.get(id).and_then(|figure| figure.count).unwrap_or(0)
    }

    /// A count; "—" where there is none.
    fn count(&self, id: &str) -> String {
        self.0.get(id).and_then(|figure| figure.count).map_or_else(|| "—".to_owned(), thousands)
    }

    /// A rate with both its numbers.
    fn rate(&self, id: &str) -> String {
        match self.0.get(id).map(|figure| (figure.numerator, figure.denominator)) {
            Some((Some(numerator), Some(denominator))) => {
                format!("{}（{} / {}）", percent(numerator, denominator), thousands(numerator), thousands(denominator))
            }
            _ => "—".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::reporting::v1::Identity;

    fn report(case_accepted: i64) -> GetAnnualReportResponse {
        let count = |id: &str, count| Figure { id: id.to_owned(), count: Some(count), ..Default::default() };
        let rate = |id: &str, n, m| Figure { id: id.to_owned(), numerator: Some(n), denominator: Some(m), ..Default::default() };
        GetAnnualReportResponse {
            year: 2024,
            as_of: "2024-12-31".to_owned(),
            figures: vec![
                count("dispute.accepted", 1000),
                count("dispute.resolved", 989),
                rate("dispute.resolution_rate", 99_999, 100_000),
                count("dispute.reopened", 1),
                count("case.accepted", case_accepted),
                count("case.received", 2),
                count("case.joined", 3),
                count("agreement.written", 4),
                count("agreement.agreed_fen", 123_456_789),
                rate("agreement.performed_rate", 0, 0),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn the_sentence_of_disputes_names_both_numbers_and_rounds_nothing_up() {
        let sentences = sentences(&report(1006));
        assert!(
            sentences[0].starts_with(
                "2024 年（截至 2024-12-31），全县共受理矛盾纠纷 1,000 件，化解 989 件，化解率 99.99%（99,999 / 100,000）"
            ),
            "{}",
            sentences[0]
        );
        assert!(sentences[2].contains("1,234,567.89 元") && sentences[2].contains("协议履行率 —（0 / 0）"), "{}", sentences[2]);
        let bridge = sentences.last().unwrap();
        assert_eq!(bridge, "衔接: 各组织受理合计 1,006 = 全县受理 1,000 + 再次受理 1 + 接转 2 + 并案 3（相符）");
    }

    #[test]
    fn a_bridge_that_does_not_hold_says_so() {
        let bridge = |report: &GetAnnualReportResponse| sentences(report).pop().unwrap();
        assert!(bridge(&report(1007)).ends_with("并案 3（不符）"));
        let mut place = report(1007);
        place.division_code = "320831101".to_owned();
        let text = "bridge: case.accepted = … + 1 linked elsewhere".to_owned();
        place.identities = vec![Identity { text, left: 1007, right: 1007 }];
        assert!(
            bridge(&place).ends_with("本辖区受理 1,000 + 再次受理 1 + 接转 2 + 并案 3 + 与他处纠纷并案 1（相符）"),
            "{}",
            bridge(&place)
        );
    }
}
