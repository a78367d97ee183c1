//! The annual report on paper: totals with cohort and cut-off, the check of the identities, then one table per dimension.

use super::rate::percent;
use crate::table::{Align, plain, table, thousands};
use fengqiao_proto::reporting::v1::{Figure, GetAnnualReportResponse, Indicator};
use fengqiao_statute::{Channel, Conclusion};
use std::{collections::HashMap, fmt::Write as _};

/// Columns of a table by dimension; more would not fit a page.
const MOST_COLUMNS: usize = 6;

/// The report as text, or as Markdown.
pub(super) fn write(report: &GetAnnualReportResponse, definitions: &[Indicator], markdown: bool) -> String {
    let paper = Paper { report, definitions: definitions.iter().map(|d| (d.id.as_str(), d)).collect(), markdown };
    let mut text = String::new();
    paper.head(&mut text);
    paper.totals(&mut text);
    paper.identities(&mut text);
    paper.dimensions(&mut text);
    text
}

struct Paper<'a> {
    report: &'a GetAnnualReportResponse,
    definitions: HashMap<&'a str, &'a Indicator>,
    markdown: bool,
}

impl Paper<'_> {
    fn title<'b>(&'b self, id: &'b str) -> &'b str {
        self.definitions.get(id).map(|d| d.title_zh.as_str()).filter(|title| !title.is_empty()).unwrap_or(id)
    }

    fn heading(&self, text: &mut String, level: usize, heading: &str) {
        let _ = if self.markdown { writeln!(text, "{} {heading}\n", "#".repeat(level)) } else { writeln!(text, "{heading}\n") };
    }

    fn head(&self, text: &mut String) {
        let report = self.report;
        self.heading(text, 1, &format!("{} 年信访工作年度报告", report.year));
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
            let _ = writeln!(text, "{}{fact}", if self.markdown { "- " } else { "" });
        }
        text.push('\n');
    }

    fn totals(&self, text: &mut String) {
        self.heading(text, 2, "总计");
        let totals = self.report.figures.iter().filter(|figure| figure.dims.is_empty());
        if self.markdown {
            text.push_str("| 指标 | 数值 | 分子 / 分母 | 口径与截止 | id |\n|---|---:|---:|---|---|\n");
            for figure in totals {
                let (title, note) = (escaped(self.title(&figure.id)), escaped(&self.note(figure)));
                let _ = writeln!(text, "| {title} | {} | {} | {note} | `{}` |", value(figure), parts(figure), figure.id);
            }
        } else {
            for figure in totals {
                let parts = parts(figure);
                let parts = if parts.is_empty() { parts } else { format!("（{parts}）") };
                let _ = writeln!(text, "{}: {}{parts}", plain(self.title(&figure.id)), value(figure));
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
            let _ = writeln!(text, "{}{}: {verdict}", if self.markdown { "- " } else { "" }, plain(&identity.text));
        }
        text.push('\n');
    }

    fn dimensions(&self, text: &mut String) {
        let figures = || self.report.figures.iter().filter_map(|figure| figure.dims.first().map(|dim| (dim, figure)));
        let keys = distinct(figures().map(|(dim, _)| dim.key.as_str()));
        for key in keys {
            let of_key = || figures().filter(|(dim, _)| dim.key == key);
            let members = distinct(of_key().map(|(dim, _)| dim.member.as_str()));
            let ids = distinct(of_key().map(|(_, figure)| figure.id.as_str()));
            let cells: HashMap<(&str, &str), &Figure> =
                of_key().map(|(dim, figure)| ((dim.member.as_str(), figure.id.as_str()), figure)).collect();
            self.heading(text, 2, &format!("按{}", dimension(key)));
            for ids in ids.chunks(MOST_COLUMNS) {
                let mut heads = vec![(dimension(key), Align::Left)];
                heads.extend(ids.iter().map(|id| (self.title(id), Align::Right)));
                let rows: Vec<Vec<String>> = members
                    .iter()
                    .map(|member| {
                        let cell = |id: &&str| cells.get(&(*member, *id)).map_or_else(String::new, |figure| value(figure));
                        std::iter::once(named(key, member)).chain(ids.iter().map(cell)).collect()
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

fn value(figure: &Figure) -> String {
    match (figure.count, figure.numerator, figure.denominator) {
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

fn dimension(key: &str) -> &str {
    match key {
        "unit" => "单位",
        "channel" => "信访形式",
        "conclusion" => "办理结果",
        "division" => "区划",
        "month" => "月份",
        "level" => "层级",
        "type" => "类型",
        "force" => "调解力量",
        "body" => "调解组织",
        "body_kind" => "组织类别",
        "source" => "来源",
        other => other,
    }
}

fn named(key: &str, member: &str) -> String {
    let name = match key {
        "channel" => Channel::from_code_or_zh(member).ok().map(Channel::zh),
        "conclusion" => Conclusion::from_code_or_zh(member).ok().map(Conclusion::zh),
        _ => None,
    };
    name.unwrap_or(member).to_owned()
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
        ]
    }

    #[test]
    fn the_table_is_the_accepted_one() {
        let mut report = report();
        report.figures.push(count("petition.registered", 3, Some(("channel", "letter"))));
        report.figures.push(count("petition.closed", 2, Some(("unit", "a|b"))));
        fengqiao_testkit::assert_golden("tests/golden/annual.txt", &write(&report, &definitions(), false));
        report.identities[0].right = 6;
        report.complete = false;
        report.lag_seconds = 9;
        fengqiao_testkit::assert_golden("tests/golden/annual.md", &write(&report, &definitions(), true));
    }
}
