//! A petition on paper: Chinese labels for what the contract calls by codes.

use crate::{
    table::{Align, pairs, plain, table},
    words::{named, state_named},
};
use fengqiao_model::Instant;
use fengqiao_proto::{
    common::v1::ClockTerms,
    intake::v1::{HistoryEntry, MediationLink, Petition, PetitionState},
};
use fengqiao_statute::{Channel, Conclusion, MatterClass};

/// The petition with everything the answer holds.
pub fn full(petition: &Petition) -> String {
    let p = petition;
    let offline = if p.offline { "（离线登记）" } else { "" };
    let extension = if p.extension_days_requested > 0 {
        format!("申请延期 {} 天，待决定", p.extension_days_requested)
    } else {
        String::new()
    };
    let mut text = pairs(&[
        ("编号", p.number.clone()),
        ("状态", format!("{}{offline}", state(p.state()))),
        ("标题", p.title.clone()),
        (
            "信访人",
            p.parties
                .iter()
                .map(|party| {
                    let given = joined([&party.name, &party.phone, &party.identity_kind, &party.identity_number, &party.address]);
                    format!("{given}{}", role(&party.role))
                })
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        ("人数", if p.person_count > 0 { p.person_count.to_string() } else { String::new() }),
        ("信访形式", named(&p.channel, Channel::from_code_or_zh(&p.channel).map(Channel::zh))),
        ("事项类别", named(&p.matter_class, MatterClass::from_code_or_zh(&p.matter_class).map(MatterClass::zh))),
        ("内容分类", p.category.clone()),
        ("区划", p.division_code.clone()),
        ("登记单位", p.unit.clone()),
        ("责任单位", p.responsible_unit.clone()),
        ("外部编号", joined([&p.ledger, &p.external_ref])),
        (
            "其他系统编号",
            p.facts
                .iter()
                .flat_map(|facts| &facts.foreign_numbers)
                .map(|given| joined([&given.system, &given.number]))
                .collect::<Vec<_>>()
                .join("\n"),
        ),
        ("回执号", p.slip.clone()),
        ("重复信访", p.facts.as_ref().map(|facts| facts.repeat_of.clone()).unwrap_or_default()),
        ("登记日", p.registered_on.clone()),
        ("受理日", p.accepted_on.clone()),
        ("首次办理期限", clock(p.first_action.as_ref())),
        ("办理期限", clock(p.handling.as_ref())),
        ("延期", extension),
        ("办结日", p.concluded_on.clone()),
        ("办理结果", named(&p.conclusion, Conclusion::from_code_or_zh(&p.conclusion).map(Conclusion::zh))),
        ("原因", p.reason.clone()),
        ("转入调解日", p.routed_on.clone()),
        ("调解", p.mediation.iter().map(mediation).collect::<Vec<_>>().join("\n")),
        ("个人信息", if p.erased { "已销毁，无法恢复".to_owned() } else { String::new() }),
        ("版本 etag", p.etag.clone()),
        ("id", p.id.clone()),
        ("内容", p.narrative.clone()),
    ]);
    if !p.history.is_empty() {
        text.push('\n');
        text.push_str(&history(&p.history));
    }
    text
}

/// What happened, oldest first.
pub fn history(history: &[HistoryEntry]) -> String {
    let heads =
        [("日期", Align::Left), ("事项", Align::Left), ("经办", Align::Left), ("记录时间", Align::Left), ("说明", Align::Left)];
    let rows: Vec<Vec<String>> = history
        .iter()
        .map(|entry| {
            let recorded =
                entry.recorded_at.as_ref().map(|at| Instant(at.seconds * 1_000_000).to_china_time()).unwrap_or_default();
            vec![entry.occurred_on.clone(), entry.kind.clone(), entry.actor.clone(), recorded, entry.text.clone()]
        })
        .collect();
    table(&heads, &rows)
}

/// Petitions, one a line.
pub fn rows(petitions: &[Petition]) -> String {
    let heads = [
        ("编号", Align::Left),
        ("登记日", Align::Left),
        ("状态", Align::Left),
        ("类别", Align::Left),
        ("责任单位", Align::Left),
        ("区划", Align::Left),
        ("办理期限", Align::Left),
        ("外部编号", Align::Left),
    ];
    let rows: Vec<Vec<String>> = petitions
        .iter()
        .map(|p| {
            vec![
                p.number.clone(),
                p.registered_on.clone(),
                state(p.state()).to_owned(),
                MatterClass::from_code_or_zh(&p.matter_class).map_or(p.matter_class.clone(), |class| class.zh().to_owned()),
                p.responsible_unit.clone(),
                p.division_code.clone(),
                p.handling.as_ref().map(|clock| clock.legal_due.clone()).unwrap_or_default(),
                p.external_ref.clone(),
            ]
        })
        .collect();
    table(&heads, &rows)
}

/// What the law calls a state.
pub fn state(state: PetitionState) -> &'static str {
    match state {
        PetitionState::Unspecified => "",
        PetitionState::Registered => "已登记",
        PetitionState::Accepted => "已受理，办理中",
        PetitionState::Extended => "已延期，办理中",
        PetitionState::NotAccepted => "不予受理",
        PetitionState::NoLongerAccepted => "不再受理",
        PetitionState::Diverted => "导入法定途径",
        PetitionState::ConsultOnly => "咨询",
        PetitionState::OpinionIssued => "已出具处理意见",
        PetitionState::Settled => "调解办结",
        PetitionState::Answered => "已答复",
        PetitionState::Forwarded => "已转送",
        PetitionState::Withdrawn => "撤回",
        PetitionState::Void => "作废",
        PetitionState::ReviewRequested => "复查申请",
        PetitionState::Reviewed => "已复查",
        PetitionState::RereviewRequested => "复核申请",
        PetitionState::Final => "终结",
        PetitionState::Transferred => "已转送办理单位",
        PetitionState::Assigned => "已交办",
        PetitionState::Objected => "提出异议",
    }
}

/// What somebody is, where it is not a petitioner.
fn role(role: &str) -> String {
    match role {
        "" | "petitioner" => String::new(),
        "co_signer" => "（联名人）".to_owned(),
        "representative" => "（代表）".to_owned(),
        "agent" => "（代理人）".to_owned(),
        "guardian" => "（监护人）".to_owned(),
        other => format!("（{}）", plain(other)),
    }
}

/// What mediation tells about it.
fn mediation(link: &MediationLink) -> String {
    let ended = if link.ended_on.is_empty() { String::new() } else { format!("，{} 结束", link.ended_on) };
    let body = if link.body.is_empty() { String::new() } else { format!("，{}", plain(&link.body)) };
    format!("{}: {}{body}（{} 立案{ended}）", link.dispute_number, state_named(&link.state), link.opened_on)
}

/// A running clock.
pub fn clock(clock: Option<&ClockTerms>) -> String {
    clock.map_or_else(String::new, |clock| {
        let may_move = if clock.provisional { "，日历未公布，可能变动" } else { "" };
        format!("{}（法定；考核 {}；{} 自 {}{may_move}）", clock.legal_due, clock.kpi_due, clock.rule, clock.started_on)
    })
}

fn joined<const N: usize>(parts: [&String; N]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(|part| plain(part)).collect::<Vec<_>>().join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::intake::v1::Party;

    #[test]
    fn a_petition_reads_in_chinese() {
        let petition = Petition {
            number: "XF-2024-1".to_owned(),
            state: PetitionState::Accepted.into(),
            channel: "visit".to_owned(),
            matter_class: "appeal".to_owned(),
            conclusion: "foreign".to_owned(),
            parties: vec![Party { name: "王小明".to_owned(), phone: "1".to_owned(), ..Default::default() }],
            handling: Some(ClockTerms {
                rule: "P-06".to_owned(),
                started_on: "2024-01-02".to_owned(),
                kpi_due: "2024-03-02".to_owned(),
                legal_due: "2024-03-04".to_owned(),
                ..Default::default()
            }),
            mediation: vec![MediationLink {
                dispute_number: "JF-2024-1".to_owned(),
                state: "accepted".to_owned(),
                body: "TW-01".to_owned(),
                opened_on: "2024-01-03".to_owned(),
                ..Default::default()
            }],
            history: vec![HistoryEntry { kind: "petition.registered".to_owned(), ..Default::default() }],
            ..Default::default()
        };
        let text = full(&petition);
        for line in [
            "已受理，办理中",
            "走访 visit",
            "2024-03-04（法定；考核 2024-03-02；P-06 自 2024-01-02）",
            "王小明 / 1",
            "JF-2024-1: 已受理，调解中，TW-01（2024-01-03 立案）",
            "petition.registered",
        ] {
            let line = if line == "走访 visit" { format!("{} visit", Channel::Visit.zh()) } else { line.to_owned() };
            assert!(text.contains(&line), "{line} in\n{text}");
        }
        assert!(text.contains("foreign") && !text.contains("责任单位"), "{text}");
    }
}
