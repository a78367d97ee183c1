//! What mediation calls by codes, in Chinese: states, routing, steps. A code that is not known here is printed as it is.

use crate::table::thousands;
use fengqiao_model::{Clock as _, Day, SystemClock};
use fengqiao_proto::mediation::v1::{CaseState, Force as WireForce};
use fengqiao_statute::{DisputeTypes, Force, ReasonList};

/// Whose lists are looked at.
pub fn today() -> Day {
    SystemClock.now().day()
}

/// The code and its Chinese name.
pub fn named<E>(code: &str, name: Result<&'static str, E>) -> String {
    name.map_or_else(|_| code.to_owned(), |name| format!("{name} {code}"))
}

/// A force as the contract has it.
pub fn wire_force(force: Force) -> WireForce {
    match force {
        Force::People => WireForce::People,
        Force::Administrative => WireForce::Administrative,
        Force::Judicial => WireForce::Judicial,
        Force::Industry => WireForce::Industry,
        Force::Professional => WireForce::Professional,
    }
}

/// A force of the contract, in Chinese.
pub fn wire_force_zh(force: WireForce) -> &'static str {
    Force::ALL.into_iter().find(|known| wire_force(*known) == force).map_or("", Force::zh)
}

/// A route outside the five forces.
pub fn route(code: &str) -> &str {
    match code {
        "reconsideration" => "行政复议",
        "arbitration" => "仲裁",
        "payment_order" => "支付令",
        other => other,
    }
}

/// A force, by its code.
pub fn force(code: &str) -> String {
    Force::from_code_or_zh(code).map_or_else(|_| code.to_owned(), |force| force.zh().to_owned())
}

/// A dispute type, code and name.
pub fn dispute_type(code: &str) -> String {
    let types = DisputeTypes::shipped();
    types.find(code, today()).map_or_else(|| code.to_owned(), |kind| format!("{} {code}", kind.zh))
}

/// A reason of cases, name and code.
pub fn reason(code: &str) -> String {
    let reasons = ReasonList::shipped_of_cases();
    reasons.find(code, today()).map_or_else(|| code.to_owned(), |reason| format!("{} {code}", reason.zh))
}

/// An amount of fen in yuan; nothing for 0.
pub fn yuan(fen: i64) -> String {
    if fen == 0 { String::new() } else { format!("{}.{:02} 元", thousands(fen / 100), (fen % 100).abs()) }
}

/// Codes in Chinese, between 、.
pub fn all(codes: &[String], zh: fn(&str) -> &str) -> String {
    codes.iter().map(|code| zh(code)).collect::<Vec<_>>().join("、")
}

/// Where a case stands.
pub fn state(state: CaseState) -> &'static str {
    match state {
        CaseState::Unspecified => "",
        CaseState::Applied => "已申请，待派单",
        CaseState::Dispatched => "已派单，待受理",
        CaseState::Returned => "已退回，待派单",
        CaseState::Accepted => "已受理，调解中",
        CaseState::Agreed => "达成协议",
        CaseState::Partial => "部分达成",
        CaseState::SettledPrivately => "自行和解",
        CaseState::Failed => "调解不成",
        CaseState::Withdrawn => "撤回",
        CaseState::Terminated => "终止",
        CaseState::Transferred => "转办",
        CaseState::Refused => "一方拒绝",
        CaseState::Declined => "不予受理",
        CaseState::Void => "作废",
    }
}

/// The same by the name that events and links use, such as "settled_privately".
pub fn state_named(name: &str) -> String {
    let wire = format!("CASE_STATE_{}", name.to_uppercase());
    CaseState::from_str_name(&wire).map_or_else(|| name.to_owned(), |known| state(known).to_owned())
}

/// Why nothing happens to a case.
pub fn stuck(code: &str) -> &str {
    match code {
        "unassigned" => "尚无调解组织",
        "returned_thrice" => "已退回三次，待统筹协调",
        "not_dispatched" => "按规则不派单",
        other => other,
    }
}

/// How a case entered its dispute.
pub fn entry(code: &str) -> &str {
    match code {
        "first" => "首次受理",
        "received" => "接转",
        "reopens" => "再次受理",
        "joined" => "并案",
        other => other,
    }
}

/// What happened to a dispute.
pub fn milestone(code: &str) -> &str {
    match code {
        "accepted" => "受理",
        "concluded" => "办结",
        "reopened" => "再次受理",
        other => other,
    }
}

/// The side of a party.
pub fn side(code: &str) -> &str {
    match code {
        "applicant" => "申请人",
        "respondent" => "被申请人",
        "third" => "其他当事人",
        other => other,
    }
}

/// A flag of a dispute.
pub fn flag(code: &str) -> &str {
    match code {
        "violence" => "涉暴力",
        "emergency" => "紧急",
        "reserved" => "依法不得调解",
        "civil_side" => "征地拆迁的民事部分",
        "group" => "群体性",
        "online" => "希望在线调解",
        "already_elsewhere" => "已由其他机关处理",
        "wages" => "拖欠工资",
        "personal_studio_wanted" => "希望个人调解工作室调解",
        other => other,
    }
}

/// An organ that has the matter already.
pub fn organ(code: &str) -> &str {
    match code {
        "police" => "公安机关",
        "procuratorate" => "检察院",
        "court" => "法院",
        "arbitration" => "仲裁机构",
        "reconsideration" => "行政复议机关",
        "health_bureau" => "卫生健康部门",
        "market_bureau" => "市场监管部门",
        "petition_office" => "信访部门",
        "other" => "其他",
        other => other,
    }
}

/// The organs that somebody typed: each text may name several, between commas or "or", as a file on paper has them.
pub fn organs(texts: &[String]) -> Vec<String> {
    let parts = texts.iter().flat_map(|text| text.split(" or ")).flat_map(|text| text.split([',', '，', '、', '/']));
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Why a candidate ranks where it does.
pub fn ground(code: &str) -> &str {
    match code {
        "chosen_by_parties" => "当事人选择",
        "speciality" => "专长相符",
        "first_force" => "首选力量",
        "generalist" => "不限类型",
        "same_place" => "就地",
        "near" => "就近",
        "holds_the_place" => "辖区覆盖发生地",
        "personal_studio" => "个人调解工作室",
        "fallback_1" => "次选力量一",
        "fallback_2" => "次选力量二",
        "fallback_3" => "次选力量三",
        "fallback_4" => "次选力量四",
        other => other,
    }
}

/// Why a body or force was not considered further.
pub fn rejection(code: &str) -> &str {
    match code {
        "other_force" => "非本类力量",
        "not_competent" => "不受理此类纠纷",
        "full" => "在办已满",
        "closed" => "已撤销",
        "outside" => "不在管辖范围",
        "excluded" => "依法排除",
        "returned_before" => "曾退回",
        "no_body" => "无此类调解组织",
        other => other,
    }
}

/// What else has to be done.
pub fn duty(code: &str) -> &str {
    match code {
        "report_to_police" => "报告公安机关",
        "calm_first" => "先稳控，防激化",
        "tell_competent_organ" => "告知有权机关",
        "tell_reconsideration" => "告知行政复议途径",
        "tell_applicant" => "告知申请人理由",
        "ask_which_organ" => "查明已受理的机关",
        "ask_consent" => "征求双方意见",
        "labour_inspection_now" => "立即通知劳动监察",
        "legal_aid" => "通知法律援助",
        "tell_court" => "书面告知仲裁、诉讼等途径",
        "ask_coordinator" => "交统筹员处理",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names_and_unknown_ones_stay() {
        assert_eq!(yuan(123_456_705), "1,234,567.05 元");
        assert_eq!(yuan(0), "");
        assert_eq!(state_named("settled_privately"), "自行和解");
        assert_eq!(state_named("strange"), "strange");
        assert_eq!(dispute_type("T02"), "邻里纠纷 T02");
        assert_eq!(dispute_type("T98"), "T98");
        assert_eq!(organs(&["police or procuratorate".to_owned(), "court、other".to_owned()]).len(), 4);
        assert_eq!(force("people"), "人民调解");
        assert!(reason("case.gap_too_large").ends_with(" case.gap_too_large"));
        assert_eq!(all(&["violence".to_owned(), "x".to_owned()], flag), "涉暴力、x");
    }
}
