//! A body on paper.

use crate::{
    table::{Align, pairs, table},
    words,
};
use fengqiao_proto::mediation::v1::Body;

/// The body with everything the answer holds.
pub fn full(body: &Body) -> String {
    let f = body.facts.clone().unwrap_or_default();
    let adjustments: Vec<String> =
        f.adjustments.iter().map(|a| format!("{} 进 {} 人，出 {} 人", a.adjusted_on, a.staff_in, a.staff_out)).collect();
    let specialities: Vec<String> = f.specialities.iter().map(|code| words::dispute_type(code)).collect();
    pairs(&[
        ("代码", f.code.clone()),
        ("名称", f.name.clone()),
        ("力量", words::force(&f.force)),
        ("类别", f.kind.clone()),
        ("主题", f.theme.clone()),
        ("标签", f.tags.join("、")),
        ("上级组织", f.parent.clone()),
        ("所在区划", f.division_code.clone()),
        ("受理类型", if specialities.is_empty() { "不限".to_owned() } else { specialities.join("、") }),
        ("在办案件", format!("{}{}", body.open_cases, if f.capacity > 0 { format!(" / {}", f.capacity) } else { String::new() })),
        ("成立日", f.founded_on.clone()),
        ("充实调整", adjustments.join("\n")),
        ("新培育", f.fostered_on.clone()),
        ("撤销日", f.closed_on.clone()),
        ("登记", if f.imported { "由台账带入，尚未登记".to_owned() } else { String::new() }),
        ("版本 etag", body.etag.clone()),
    ])
}

/// Bodies, one a line.
pub fn rows(bodies: &[Body]) -> String {
    let heads = [
        ("代码", Align::Left),
        ("名称", Align::Left),
        ("力量", Align::Left),
        ("类别", Align::Left),
        ("所在区划", Align::Left),
        ("在办", Align::Right),
        ("容量", Align::Right),
        ("撤销日", Align::Left),
    ];
    let rows: Vec<Vec<String>> = bodies
        .iter()
        .map(|body| {
            let f = body.facts.clone().unwrap_or_default();
            let capacity = if f.capacity > 0 { f.capacity.to_string() } else { "—".to_owned() };
            vec![
                f.code,
                f.name,
                words::force(&f.force),
                f.kind,
                f.division_code,
                body.open_cases.to_string(),
                capacity,
                f.closed_on,
            ]
        })
        .collect();
    table(&heads, &rows)
}
