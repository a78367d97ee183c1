//! A unit on paper.

use crate::table::{Align, pairs, table};
use fengqiao_proto::intake::v1::{NextHigherOrganResponse, SilentUnit, Unit, UnitRecord};
use fengqiao_statute::UnitLevel;

/// A level, by its code.
fn level(code: &str) -> String {
    UnitLevel::from_code_or_zh(code).map_or_else(|_| code.to_owned(), |level| level.zh().to_owned())
}

/// A kind, by its code.
fn kind(code: &str) -> String {
    match code {
        "petition_office" => "信访部门",
        "responsible_unit" => "责任单位",
        "joint_conference" => "联席会议",
        other => other,
    }
    .to_owned()
}

/// The unit with everything the answer holds.
pub fn full(unit: &Unit) -> String {
    let f = unit.facts.clone().unwrap_or_default();
    let history: Vec<String> = unit.history.iter().filter(|_| unit.history.len() > 1).map(period).collect();
    pairs(&[
        ("代码", f.code.clone()),
        ("名称", f.name.clone()),
        ("类别", kind(&f.kind)),
        ("层级", level(&f.level)),
        ("上级单位", f.parent.clone()),
        ("所在区划", f.division_code.clone()),
        ("负责类别", f.categories.join("、")),
        ("负责区划", f.divisions.join("、")),
        ("在办信访事项", unit.open_items.to_string()),
        ("成立日", f.founded_on.clone()),
        ("撤销日", f.closed_on.clone()),
        ("承接单位", f.successor.clone()),
        ("移交事项", if f.successor.is_empty() { String::new() } else { unit.handed_over.to_string() }),
        ("沿革", history.join("\n")),
        ("登记", if f.imported { "由信访事项或台账带入，尚未登记".to_owned() } else { String::new() }),
        ("版本 etag", unit.etag.clone()),
    ])
}

fn period(period: &fengqiao_proto::intake::v1::UnitPeriod) -> String {
    let f = period.facts.clone().unwrap_or_default();
    let until = if period.until.is_empty() { "今" } else { &period.until };
    format!("{} 至 {until}：{} {} {}", period.from, f.name, level(&f.level), f.parent).trim_end().to_owned()
}

/// The next higher organ, or who can be meant.
pub fn higher(answer: &NextHigherOrganResponse) -> String {
    match &answer.organ {
        Some(organ) => {
            let f = organ.facts.clone().unwrap_or_default();
            let by = if answer.derived_by == "parent" { "按登记的上级单位" } else { "按层级和区划推定" };
            pairs(&[("上一级机关", format!("{} {}", f.code, f.name)), ("层级", level(&f.level)), ("依据", by.to_owned())])
        }
        None => pairs(&[("上一级机关", "不能推定，请指明".to_owned()), ("可能的单位", answer.candidates.join("、"))]),
    }
}

/// Units, one a line.
pub fn rows(units: &[Unit]) -> String {
    let heads = [
        ("代码", Align::Left),
        ("名称", Align::Left),
        ("类别", Align::Left),
        ("层级", Align::Left),
        ("上级单位", Align::Left),
        ("所在区划", Align::Left),
        ("在办", Align::Right),
        ("撤销日", Align::Left),
    ];
    let rows: Vec<Vec<String>> = units
        .iter()
        .map(|unit| {
            let f = unit.facts.clone().unwrap_or_default();
            let (kind, level) = (kind(&f.kind), level(&f.level));
            vec![f.code, f.name, kind, level, f.parent, f.division_code, unit.open_items.to_string(), f.closed_on]
        })
        .collect();
    table(&heads, &rows)
}

/// Silent units, one a line.
pub fn silent(units: &[SilentUnit]) -> String {
    let heads = [
        ("代码", Align::Left),
        ("名称", Align::Left),
        ("层级", Align::Left),
        ("最后登记日", Align::Left),
        ("天数", Align::Right),
    ];
    let rows: Vec<Vec<String>> = units
        .iter()
        .map(|unit| {
            let UnitRecord { code, name, level: of, .. } = unit.facts.clone().unwrap_or_default();
            let days = if unit.last_day.is_empty() && unit.days == 0 { "—".to_owned() } else { unit.days.to_string() };
            let last = if unit.last_day.is_empty() { "从未".to_owned() } else { unit.last_day.clone() };
            vec![code, name, level(&of), last, days]
        })
        .collect();
    table(&heads, &rows)
}
