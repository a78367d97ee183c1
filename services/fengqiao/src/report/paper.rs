//! The annual report on paper: sentences, totals of each kind of thing with cohort and cut-off, the check of the identities, then
//! one table per dimension.
//!
//! | File | Knows |
//! |---|---|
//! | `summary.rs` | the sentences, and the bridge between what bodies and what the county count |
//! | `tiers.rs` | 行政三级办理: on time by stage and by level |
//! | `names.rs` | what kinds, dimensions and members are called |

mod names;
mod summary;
mod tiers;

use super::rate::percent;
use crate::table::{Align, plain, table, thousands};
use fengqiao_proto::reporting::v1::{Figure, GetAnnualReportResponse, Indicator};
use names::{FAMILIES, dimension, family, member, one_of, prefix};
use std::{collections::HashMap, fmt::Write as _};

/// Columns of a table by dimension; more would not fit a page.
const MOST_COLUMNS: usize = 6;

/// The report as text, or as Markdown.
pub(super) fn write(report: &GetAnnualReportResponse, definitions: &[Indicator], markdown: bool) -> String {
    let paper = Paper { report, definitions: definitions.iter().map(|d| (d.id.as_str(), d)).collect(), markdown };
    let mut text = String::new();
    paper.head(&mut text);
    paper.summary(&mut text);
    for prefix in paper.families() {
        paper.totals(&mut text, prefix);
        if prefix == "petition" {
            paper.tiers(&mut text);
        }
    }
    paper.identities(&mut text);
    for prefix in paper.families() {
        paper.dimensions(&mut text, prefix);
    }
    text
}

struct Paper<'a> {
    report: &'a GetAnnualReportResponse,
    definitions: HashMap<&'a str, &'a Indicator>,
    markdown: bool,
}

impl<'a> Paper<'a> {
    /// An amount is printed in yuan, and its title says so.
    fn title(&self, id: &str) -> String {
        let title = self.definitions.get(id).map(|d| d.title_zh.as_str()).filter(|title| !title.is_empty()).unwrap_or(id);
        if is_amount(id) { title.replace("（分）", "（元）") } else { title.to_owned() }
    }

    /// Prefixes of the families that have figures, in their order.
    fn families(&self) -> Vec<&'a str> {
        let report: &'a GetAnnualReportResponse = self.report;
        let mut found = distinct(report.figures.iter().map(|figure| prefix(&figure.id)));
        found.sort_by_key(|prefix| FAMILIES.iter().position(|(known, ..)| known == prefix).unwrap_or(FAMILIES.len()));
        found
    }

    fn heading(&self, text: &mut String, level: usize, heading: &str) {
        let _ = if self.markdown { writeln!(text, "{} {heading}\n", "#".repeat(level)) } else { writeln!(text, "{heading}\n") };
    }

    fn item(&self) -> &'static str {
        if self.markdown { "- " } else { "" }
    }

    fn head(&self, text: &mut String) {
        let report = self.report;
        let what =
            if self.families().iter().all(|prefix| *prefix == "petition") { "信访" } else { "信访与矛盾纠纷调解" };
        self.heading(text, 1, &format!("{} 年{what}工作年度报告", report.year));
        let division = if report.division_code.is_empty() { "全部" } else { &report.division_code };
        let complete = if report.complete { "数据完整" } else { "数据尚不完整" };
        let lag = if report.lag_seconds > 0 { format!("，滞后 {} 秒", report.lag_seconds) } else { String::new() };
        let positions: Vec<_> = report.log_positions.iter().map(|p| format!("{} {}", p.log, p.position)).collect();
        let facts = [
            format!("区划: {division}"),
            format!("截止: {}（{complete}{lag}）", report.as_of),
            format!("日志位置: {}；指标口径版本: {}", positions.join("，"), report.definition_version),
        ];
        for fact in facts {
            let _ = writeln!(text, "{}{fact}", self.item());
        }
        text.push('\n');
    }

    fn summary(&self, text: &mut String) {
        let sentences = summary::sentences(self.report);
        if sentences.is_empty() {
            return;
        }
        self.heading(text, 2, "概述");
        for sentence in sentences {
            let _ = writeln!(text, "{}{}", self.item(), plain(&sentence));
        }
        text.push('\n');
    }

    fn totals(&self, text: &mut String, of: &str) {
        let totals = self.report.figures.iter().filter(|figure| figure.dims.is_empty() && prefix(&figure.id) == of);
        self.heading(text, 2, &format!("{}{}: 总计", family(of), one_of(of)));
        if self.markdown {
            text.push_str("| 指标 | 数值 | 分子 / 分母 | 口径与截止 | id |\n|---|---:|---:|---|---|\n");
            for figure in totals {
                let (title, note) = (escaped(&self.title(&figure.id)), escaped(&self.note(figure)));
                let _ = writeln!(text, "| {title} | {} | {} | {note} | `{}` |", value(figure), parts(figure), figure.id);
            }
        } else {
            for figure in totals {
                let parts = parts(figure);
                let parts = if parts.is_empty() { parts } else { format!("（{parts}）") };
                let _ = writeln!(text, "{}: {}{parts}", plain(&self.title(&figure.id)), value(figure));
                let _ = writeln!(text, "    {} · {}", plain(&self.note(figure)), figure.id);
            }
        }
        text.push('\n');
    }

    /// Cohort and cut-off.
    fn note(&self, figure: &Figure) -> String {
        let cohort = self.definitions.get(figure.id.as_str()).map(|d| d.cohort_zh.as_str()).unwrap_or_default();
        let cohort = if cohort.is_empty() { String::new() } else { format!("口径: {cohort}；") };
        format!("{cohort}截止 {}", self.report.as_of)
    }

    fn identities(&self, text: &mut String) {
        if self.report.identities.is_empty() {
            return;
        }
        self.heading(text, 2, "核对");
        for identity in &self.report.identities {
            let (left, right) = (thousands(identity.left), thousands(identity.right));
            let verdict = if identity.left == identity.right {
                format!("{left} = {right} 相符")
            } else {
                format!("{left} ≠ {right} 不符")
            };
            let _ = writeln!(text, "{}{}: {verdict}", self.item(), plain(&identity.text));
        }
        text.push('\n');
    }

    fn dimensions(&self, text: &mut String, of: &str) {
        let with_dimension = self.report.figures.iter().filter_map(|figure| figure.dims.first().map(|dim| (dim, figure)));
        let figures: Vec<_> = with_dimension.filter(|(_, figure)| prefix(&figure.id) == of).collect();
        for key in distinct(figures.iter().map(|(dim, _)| dim.key.as_str())) {
            let of_key = || figures.iter().filter(|(dim, _)| dim.key == key);
            let members = distinct(of_key().map(|(dim, _)| dim.member.as_str()));
            let ids = distinct(of_key().map(|(_, figure)| figure.id.as_str()));
            let cells: HashMap<(&str, &str), &Figure> =
                of_key().map(|(dim, figure)| ((dim.member.as_str(), figure.id.as_str()), *figure)).collect();
            self.heading(text, 2, &format!("{}: 按{}", family(of), dimension(key)));
            for ids in ids.chunks(MOST_COLUMNS) {
                let titles: Vec<String> = ids.iter().map(|id| self.title(id)).collect();
                let mut heads = vec![(dimension(key), Align::Left)];
                heads.extend(titles.iter().map(|title| (title.as_str(), Align::Right)));
                let shown = members.iter().filter(|member| ids.iter().any(|id| cells.contains_key(&(**member, *id))));
                let rows: Vec<Vec<String>> = shown
                    .map(|name| {
                        let cell = |id: &&str| cells.get(&(*name, *id)).map_or_else(String::new, |figure| value(figure));
                        std::iter::once(member(key, name)).chain(ids.iter().map(cell)).collect()
                    })
                    .collect();
                text.push_str(&if self.markdown { markdown_table(&heads, &rows) } else { table(&heads, &rows) });
                text.push('\n');
            }
        }
    }
}

fn markdown_table(heads: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(heads.iter().map(|(head, _)| escaped(head)).collect());
    text += &line(heads.iter().map(|(_, align)| if *align == Align::Left { "---" } else { "---:" }.to_owned()).collect());
    for row in rows {
        text += &line(row.iter().map(|cell| escaped(cell)).collect());
    }
    text
}

/// Whether the figure is an amount of fen.
fn is_amount(id: &str) -> bool {
    id.ends_with("_fen")
}

fn value(figure: &Figure) -> String {
    match (figure.count, figure.numerator, figure.denominator) {
        (Some(fen), ..) if is_amount(&figure.id) => summary::yuan(fen),
        (Some(count), ..) => thousands(count),
        (None, Some(numerator), Some(denominator)) => percent(numerator, denominator),
        _ => "—".to_owned(),
    }
}

fn parts(figure: &Figure) -> String {
    match (figure.numerator, figure.denominator) {
        (Some(numerator), Some(denominator)) => format!("{} / {}", thousands(numerator), thousands(denominator)),
        _ => String::new(),
    }
}

fn escaped(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;")
}

/// Each text once, in the order of appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::annual::tests::{count, report};
    use fengqiao_proto::reporting::v1::Dimension;

    fn definitions() -> Vec<Indicator> {
        let of = |id: &str, zh: &str, cohort: &str| Indicator {
            id: id.to_owned(),
            title_zh: zh.to_owned(),
            cohort_zh: cohort.to_owned(),
            ..Default::default()
        };
        vec![
            of("petition.registered", "登记件数", "登记日在期内"),
            of("petition.handling.on_time_rate.legal", "按期办结率（法定）", "P-06 法定期限届满日在期内"),
            of("dispute.accepted", "受理纠纷数", "首次受理日在期内"),
            of("agreement.agreed_fen", "协议涉及金额（分）", "结案日在期内"),
        ]
    }

    fn rate_by(id: &str, numerator: i64, denominator: i64, level: &str) -> Figure {
        let dim = Dimension { key: "level".to_owned(), member: level.to_owned() };
        let dims = if level.is_empty() { Vec::new() } else { vec![dim] };
        Figure { id: id.to_owned(), dims, count: None, numerator: Some(numerator), denominator: Some(denominator) }
    }

    #[test]
    fn the_table_is_the_accepted_one() {
        let mut report = report();
        report.figures.push(count("petition.registered", 3, Some(("channel", "letter"))));
        report.figures.push(count("petition.closed", 2, Some(("unit", "a|b"))));
        fengqiao_testkit::assert_golden("tests/golden/annual.txt", &write(&report, &definitions(), false));
        for (id, number) in [("agreement.agreed_fen", 120_050), ("dispute.accepted", 2), ("case.accepted", 3)] {
            report.figures.push(count(id, number, None));
        }
        for id in ["handling.legal.due", "handling.legal.on_time", "review.legal.due"] {
            report.figures.push(count(&format!("petition.{id}"), 7, None));
        }
        for (stage, level) in
            [("handling", ""), ("review", ""), ("rereview", ""), ("handling", "village"), ("handling", "county")]
        {
            let id = format!("petition.{stage}.on_time_rate.legal");
            report.figures.retain(|figure| figure.id != id || !figure.dims.is_empty() || !level.is_empty());
            report.figures.push(rate_by(&id, 6, 7, level));
        }
        report.figures.push(count("case.accepted", 3, Some(("force", "people"))));
        report.figures.push(count("case.accepted", 3, Some(("type", "T02"))));
        report.identities[0].right = 6;
        report.complete = false;
        report.lag_seconds = 9;
        fengqiao_testkit::assert_golden("tests/golden/annual.md", &write(&report, &definitions(), true));
    }
}
