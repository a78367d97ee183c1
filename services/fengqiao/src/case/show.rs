//! A case on paper: Chinese labels for what the contract calls by codes, amounts in yuan.

use super::route;
use crate::{
    petition::show::clock,
    table::{Align, pairs, plain, table},
    words,
};
use fengqiao_model::Instant;
use fengqiao_proto::mediation::v1::{Case, CaseFacts, DisputeFacts, HistoryEntry, Milestone, Party};
use fengqiao_statute::{AgreementForm, CaseSource, Confirmation, Outcome, SessionMode};

/// The case with everything the answer holds.
pub fn full(case: &Case) -> String {
    let facts = case.facts.clone().unwrap_or_default();
    let dispute = case.dispute.clone().unwrap_or_default();
    let stuck = if case.stuck.is_empty() { String::new() } else { format!("（{}）", words::stuck(&case.stuck)) };
    let mut text = pairs(&[
        ("编号", facts.number.clone()),
        ("状态", format!("{}{stuck}", words::state(case.state()))),
        ("标题", case.title.clone()),
        ("当事人", case.parties.iter().map(party).collect::<Vec<_>>().join("\n")),
        ("当事人数", if facts.party_count > 0 { facts.party_count.to_string() } else { String::new() }),
        ("纠纷类型", words::dispute_type(&dispute.dispute_type)),
        ("来源", words::named(&facts.source, CaseSource::from_code_or_zh(&facts.source).map(CaseSource::zh))),
        ("发生地", dispute.division_code.clone()),
        ("调解力量", words::force(&facts.force)),
        ("调解组织", of(&facts.body, &facts.body_kind)),
        ("调解员", facts.mediator.clone()),
        ("同意调解", consent(&facts)),
        ("当事人选择的组织", facts.chosen_body.clone()),
        ("标记", words::all(&marks(&facts), words::flag)),
        ("已由其他机关处理", words::all(&facts.already_at, words::organ)),
        ("申请日", facts.applied_on.clone()),
        ("派单日", facts.dispatched_on.clone()),
        ("退回", returned(&facts)),
        ("受理日", of(&facts.accepted_on, words::entry(&facts.entry))),
        ("调解期限", clock(facts.handling.as_ref())),
        ("结束日", facts.ended_on.clone()),
        ("调解结果", outcome(&facts)),
        ("原因", words::reason(&facts.reason)),
        ("移交", handed_on(&facts)),
        ("承接自", facts.from_case_id.clone()),
        ("请求金额", words::yuan(facts.claimed_fen)),
        ("协议金额", words::yuan(facts.agreed_fen)),
        ("已履行金额", words::yuan(facts.paid_fen)),
        ("履行期限", facts.performance_due.clone()),
        ("履行完毕日", facts.performed_on.clone()),
        ("司法确认", confirmation(&facts)),
        ("作废日", facts.voided_on.clone()),
        ("外部编号", of(&facts.external_ref, &facts.ledger)),
        ("信访编号", facts.petition_ref.clone()),
        ("版本 etag", case.etag.clone()),
        ("id", facts.case_id.clone()),
        ("内容", case.narrative.clone()),
    ]);
    text.push('\n');
    text.push_str(&root(&dispute, &case.dispute_id));
    if let Some(decision) = &case.routing {
        text.push('\n');
        text.push_str(&route::text(decision));
    }
    if !case.history.is_empty() {
        text.push('\n');
        text.push_str(&history(&case.history));
    }
    text
}

/// The dispute as a whole, without its cases.
pub fn root(dispute: &DisputeFacts, id: &str) -> String {
    let d = dispute;
    pairs(&[
        ("纠纷", d.number.clone()),
        ("纠纷进程", d.milestones.iter().map(milestone).collect::<Vec<_>>().join("\n")),
        ("并入纠纷", d.linked_into.clone()),
        ("已并入本纠纷", d.linked.join("\n")),
        ("信访件", d.petition_id.clone()),
        ("台账纠纷编号", of(&d.root_ref, &d.ledger)),
        ("个人信息", if d.erased { "已销毁，无法恢复".to_owned() } else { String::new() }),
        ("纠纷 id", id.to_owned()),
    ])
}

fn milestone(milestone: &Milestone) -> String {
    let m = milestone;
    let how = match m.what.as_str() {
        "concluded" if m.resolved => "，已化解",
        "concluded" => "，未化解",
        _ => "",
    };
    format!("{} {}（{}{how}）", m.on, words::milestone(&m.what), words::force(&m.force))
}

fn party(party: &Party) -> String {
    let about: Vec<String> = [&party.name, &party.phone, &party.identity_number, &party.address]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|p| plain(p))
        .collect();
    let side = if party.side.is_empty() { "third" } else { &party.side };
    format!("{} {}", words::side(side), about.join(" / "))
}

/// A text with what explains it in brackets.
fn of(text: &str, about: &str) -> String {
    if text.is_empty() || about.is_empty() { text.to_owned() } else { format!("{}（{}）", plain(text), plain(about)) }
}

fn consent(facts: &CaseFacts) -> String {
    match (facts.applicant_consents, facts.respondent_consents) {
        (true, true) => "双方同意".to_owned(),
        (true, false) => "申请人同意，对方尚未同意".to_owned(),
        (false, true) => "对方同意，申请人尚未同意".to_owned(),
        (false, false) => String::new(),
    }
}

fn marks(facts: &CaseFacts) -> Vec<String> {
    let hard = facts.hard.then(|| "疑难复杂".to_owned());
    hard.into_iter().chain(facts.flags.iter().cloned()).collect()
}

fn returned(facts: &CaseFacts) -> String {
    let times = if facts.returns > 0 { format!("{} 次", facts.returns) } else { String::new() };
    of(&times, &facts.returned_by.join("、"))
}

fn outcome(facts: &CaseFacts) -> String {
    let outcome = Outcome::from_code_or_zh(&facts.outcome).map_or(facts.outcome.as_str(), |known| known.zh());
    let form = AgreementForm::from_code_or_zh(&facts.agreement_form).map_or(facts.agreement_form.as_str(), |known| known.zh());
    let mode = SessionMode::from_code_or_zh(&facts.session_mode).map_or(facts.session_mode.as_str(), |known| known.zh());
    let about: Vec<&str> = [form, mode].into_iter().filter(|part| !part.is_empty()).collect();
    of(outcome, &about.join("，"))
}

fn handed_on(facts: &CaseFacts) -> String {
    match (facts.handed_on, facts.handed_on_to.as_str()) {
        (false, "") => String::new(),
        (true, "") => "已移交，承接组织待定".to_owned(),
        (_, body) => format!("移交至 {}", plain(body)),
    }
}

fn confirmation(facts: &CaseFacts) -> String {
    if facts.confirmation_applied_on.is_empty() && facts.confirmation.is_empty() {
        return String::new();
    }
    let answer = Confirmation::from_code_or_zh(&facts.confirmation).map_or(facts.confirmation.as_str(), |known| known.zh());
    let answer = if answer.is_empty() { "待裁定" } else { answer };
    format!("{answer}（{} 申请）", facts.confirmation_applied_on)
}

/// What happened, oldest first.
pub fn history(history: &[HistoryEntry]) -> String {
    let heads = ["日期", "事项", "案件", "经办", "记录时间", "原因与说明"].map(|head| (head, Align::Left));
    let rows: Vec<Vec<String>> = history
        .iter()
        .map(|entry| {
            let recorded =
                entry.recorded_at.as_ref().map(|at| Instant(at.seconds * 1_000_000).to_china_time()).unwrap_or_default();
            let given = entry.hand_over.as_ref().map(|to| format!("当事人信息交 {}，用于{}", to.recipient, to.purpose));
            let about = [words::reason(&entry.reason), entry.text.clone(), given.unwrap_or_default()];
            let about: Vec<String> = about.into_iter().filter(|part| !part.is_empty()).collect();
            vec![
                entry.occurred_on.clone(),
                entry.kind.clone(),
                entry.case_numbers.join(" "),
                entry.actor.clone(),
                recorded,
                about.join("；"),
            ]
        })
        .collect();
    table(&heads, &rows)
}

/// Cases, one a line.
pub fn rows(cases: &[Case]) -> String {
    let heads = ["编号", "申请日", "状态", "类型", "力量", "调解组织", "区划", "调解期限", "外部编号", "停滞"]
        .map(|head| (head, Align::Left));
    let rows: Vec<Vec<String>> = cases
        .iter()
        .map(|case| {
            let (facts, dispute) = (case.facts.clone().unwrap_or_default(), case.dispute.clone().unwrap_or_default());
            vec![
                facts.number,
                facts.applied_on,
                words::state(case.state()).to_owned(),
                words::dispute_type(&dispute.dispute_type),
                words::force(&facts.force),
                facts.body,
                dispute.division_code,
                facts.handling.map(|clock| clock.legal_due).unwrap_or_default(),
                facts.external_ref,
                words::stuck(&case.stuck).to_owned(),
            ]
        })
        .collect();
    table(&heads, &rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::mediation::v1::{CaseState, HandOver};

    #[test]
    fn a_case_reads_in_chinese() {
        let facts = CaseFacts {
            number: "TJ-2024-1".to_owned(),
            force: "people".to_owned(),
            body: "TW-01".to_owned(),
            body_kind: "committee".to_owned(),
            accepted_on: "2024-01-02".to_owned(),
            entry: "first".to_owned(),
            outcome: "agreed".to_owned(),
            agreement_form: "written".to_owned(),
            session_mode: "on_site".to_owned(),
            agreed_fen: 123_400,
            handed_on: true,
            confirmation_applied_on: "2024-02-01".to_owned(),
            hard: true,
            applicant_consents: true,
            ..Default::default()
        };
        let dispute = DisputeFacts {
            dispute_type: "T02".to_owned(),
            milestones: vec![
                Milestone {
                    what: "accepted".to_owned(),
                    on: "2024-01-02".to_owned(),
                    force: "people".to_owned(),
                    ..Default::default()
                },
                Milestone {
                    what: "concluded".to_owned(),
                    on: "2024-01-20".to_owned(),
                    force: "people".to_owned(),
                    resolved: true,
                    ..Default::default()
                },
            ],
            erased: true,
            ..Default::default()
        };
        let case = Case {
            facts: Some(facts),
            dispute: Some(dispute),
            state: CaseState::Agreed.into(),
            parties: vec![Party { name: "王小明".to_owned(), side: "respondent".to_owned(), ..Default::default() }],
            history: vec![HistoryEntry {
                kind: "case.concluded".to_owned(),
                reason: "case.speciality".to_owned(),
                hand_over: Some(HandOver { recipient: "TW-02".to_owned(), purpose: "继续调解".to_owned() }),
                ..Default::default()
            }],
            stuck: "unassigned".to_owned(),
            ..Default::default()
        };
        let text = full(&case);
        for part in [
            "达成协议（尚无调解组织）",
            "达成协议（书面，现场）",
            "邻里纠纷 T02",
            "被申请人 王小明",
            "TW-01（committee）",
            "2024-01-02（首次受理）",
            "1,234.00 元",
            "已移交，承接组织待定",
            "待裁定（2024-02-01 申请）",
            "疑难复杂",
            "申请人同意，对方尚未同意",
            "2024-01-20 办结（人民调解，已化解）",
            "当事人信息交 TW-02，用于继续调解",
            "已销毁，无法恢复",
        ] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(!text.contains("请求金额"), "{text}");
    }
}
