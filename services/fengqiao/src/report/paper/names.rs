//! What families of indicators, dimensions and their members are called on paper.

use crate::words;
use fengqiao_statute::{CaseSource, Channel, Conclusion, DisputeTypes};

/// The indicators of one kind of thing, in the order of the report: prefix of their ids, title, and what
/// is one of them.
pub(super) const FAMILIES: [(&str, &str, &str); 5] = [
    ("petition", "信访事项", ""),
    ("dispute", "矛盾纠纷", "一起纠纷计一件"),
    ("case", "调解案件", "每个组织各计一件"),
    ("agreement", "调解协议", ""),
    ("body", "调解组织", ""),
];

/// Title of the family, by its prefix; those that are not known come last, under their prefix.
pub(super) fn family(prefix: &str) -> &str {
    FAMILIES.iter().find(|(known, ..)| *known == prefix).map_or(prefix, |(_, title, _)| title)
}

/// What is one of them, in brackets; nothing where that is plain.
pub(super) fn one_of(prefix: &str) -> String {
    let remark = FAMILIES.iter().find(|(known, ..)| *known == prefix).map_or("", |(.., remark)| remark);
    if remark.is_empty() { String::new() } else { format!("（{remark}）") }
}

/// The prefix of an indicator's id.
pub(super) fn prefix(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// A dimension.
pub(super) fn dimension(key: &str) -> &str {
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

/// A member of a dimension.
pub(super) fn member(key: &str, member: &str) -> String {
    match key {
        "channel" => Channel::from_code_or_zh(member).map_or_else(|_| member.to_owned(), |known| known.zh().to_owned()),
        "conclusion" => Conclusion::from_code_or_zh(member).map_or_else(|_| member.to_owned(), |known| known.zh().to_owned()),
        "source" => CaseSource::from_code_or_zh(member).map_or_else(|_| member.to_owned(), |known| known.zh().to_owned()),
        "force" => words::force(member),
        "level" => level(member).to_owned(),
        "type" => DisputeTypes::shipped()
            .find(member, words::today())
            .map_or_else(|| member.to_owned(), |kind| format!("{member} {}", kind.zh)),
        _ => member.to_owned(),
    }
}

/// A level of units.
fn level(code: &str) -> &str {
    match code {
        "national" => "国家级",
        "province" => "省级",
        "city" => "市级",
        "county" => "县级",
        "township" => "乡级",
        "village" => "村级",
        other => other,
    }
}
