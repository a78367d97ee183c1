//! A routing decision in readable lines: the rule, what it looked at, who could take the case, and who was passed over and why.

use crate::{
    table::{Align, pairs, plain, table},
    words,
};
use fengqiao_proto::mediation::v1::RoutingDecision;

/// The decision on paper.
pub fn text(decision: &RoutingDecision) -> String {
    let d = decision;
    let force = words::force(&d.force);
    let outcome = match d.disposition.as_str() {
        "dispatch" if d.body.is_empty() => "派单".to_owned(),
        "dispatch" => format!("派往 {}（{force}）", plain(&d.body)),
        "not_dispatched" => "不派单".to_owned(),
        other => other.to_owned(),
    };
    let by = match (d.overridden, d.decided_by.is_empty()) {
        (true, _) => format!("{} 改派（未取首位候选），{}", d.decided_by, d.decided_on),
        (false, false) => format!("{} 确认，{}", d.decided_by, d.decided_on),
        (false, true) => String::new(),
    };
    let mut text = pairs(&[
        ("派单结论", outcome),
        ("所依规则", format!("{}: {}", d.rule, d.rule_zh)),
        ("依据", d.source.clone()),
        ("规则版本", d.rules_version.clone()),
        ("决定", by),
        ("另须办理", words::all(&d.duties, words::duty)),
        ("判断要素", d.inputs.join("\n")),
    ]);
    if !d.candidates.is_empty() {
        let heads = [
            ("候选组织", Align::Left),
            ("力量", Align::Left),
            ("层距", Align::Right),
            ("在办", Align::Right),
            ("容量", Align::Right),
            ("排序理由", Align::Left),
        ];
        let rows: Vec<Vec<String>> = d
            .candidates
            .iter()
            .map(|c| {
                vec![
                    c.body.clone(),
                    words::force(&c.force),
                    c.distance.to_string(),
                    c.load.to_string(),
                    if c.capacity == 0 { "—".to_owned() } else { c.capacity.to_string() },
                    words::all(&c.grounds, words::ground),
                ]
            })
            .collect();
        text.push('\n');
        text.push_str(&table(&heads, &rows));
    }
    if !d.rejected.is_empty() {
        let rows: Vec<Vec<String>> =
            d.rejected.iter().map(|r| vec![words::force(&r.alternative), words::rejection(&r.reason).to_owned()]).collect();
        text.push('\n');
        text.push_str(&table(&[("未选", Align::Left), ("原因", Align::Left)], &rows));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::mediation::v1::{RoutingCandidate, RoutingRejection};

    #[test]
    fn a_decision_names_its_rule_and_what_was_passed_over() {
        let decision = RoutingDecision {
            rules_version: "2024-1".to_owned(),
            rule: "R5.first_force".to_owned(),
            rule_zh: "按类型首选力量派单".to_owned(),
            source: "D§4.1".to_owned(),
            disposition: "dispatch".to_owned(),
            body: "TW-01".to_owned(),
            force: "people".to_owned(),
            inputs: vec!["type=T02".to_owned(), "consent=both".to_owned()],
            candidates: vec![RoutingCandidate {
                body: "TW-01".to_owned(),
                force: "people".to_owned(),
                distance: 1,
                load: 3,
                grounds: vec!["first_force".to_owned(), "speciality".to_owned()],
                ..Default::default()
            }],
            rejected: vec![
                RoutingRejection { alternative: "judicial".to_owned(), reason: "other_force".to_owned() },
                RoutingRejection { alternative: "TW-02".to_owned(), reason: "full".to_owned() },
            ],
            overridden: true,
            decided_by: "li.si".to_owned(),
            decided_on: "2024-01-02".to_owned(),
            ..Default::default()
        };
        let text = text(&decision);
        for part in [
            "派往 TW-01（人民调解）",
            "R5.first_force: 按类型首选力量派单",
            "li.si 改派（未取首位候选），2024-01-02",
            "type=T02\n",
            "首选力量、专长相符",
            "司法调解  非本类力量",
            "TW-02     在办已满",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
