//! The columns of the ledgers of petitions, of cases and of units: English and Chinese header names, and which are mandatory.
//! Source: design §8.

/// One column of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerColumn {
    /// English header name.
    pub english: &'static str,
    /// Chinese header name.
    pub chinese: &'static str,
    /// Whether every row must fill it.
    pub mandatory: bool,
}

const fn must(english: &'static str, chinese: &'static str) -> LedgerColumn {
    LedgerColumn { english, chinese, mandatory: true }
}

const fn may(english: &'static str, chinese: &'static str) -> LedgerColumn {
    LedgerColumn { english, chinese, mandatory: false }
}

/// The columns, in the order in which a ledger is written (design §8; the Chinese names of the last eleven are ours).
pub const LEDGER_COLUMNS: [LedgerColumn; 25] = [
    must("external_ref", "编号"),
    must("registered_at", "登记时间"),
    must("division_code", "区划代码"),
    may("channel", "信访形式"),
    must("matter_class", "事项类别"),
    may("category", "内容分类"),
    may("title", "标题"),
    may("narrative", "内容"),
    may("petitioner", "信访人"),
    may("person_count", "人数"),
    may("responsible_unit", "责任单位"),
    may("accepted_at", "受理时间"),
    may("opinion_at", "办结时间"),
    may("conclusion", "办理结果"),
    may("first_action_at", "首次办理时间"),
    may("repeat_of", "重复件编号"),
    may("litigation_related", "涉法涉诉"),
    may("extended_to", "延期至"),
    may("delivered_at", "送达时间"),
    may("review_requested_at", "复查申请时间"),
    may("review_at", "复查时间"),
    may("rereview_requested_at", "复核申请时间"),
    may("rereview_at", "复核时间"),
    may("rating_office", "信访部门评价"),
    may("rating_unit", "责任单位评价"),
];

/// The columns of a ledger of cases (design §8; the Chinese names of the last thirteen are ours).
pub const CASE_COLUMNS: [LedgerColumn; 28] = [
    must("external_ref", "编号"),
    may("root_ref", "纠纷编号"),
    must("applied_at", "申请时间"),
    may("source", "案件来源"),
    must("dispute_type", "纠纷类型"),
    must("force", "调解类别"),
    may("body", "调解组织"),
    must("division_code", "区划代码"),
    may("party_count", "当事人数"),
    may("narrative", "纠纷简述"),
    may("accepted_at", "受理时间"),
    may("concluded_at", "结案时间"),
    may("outcome", "调解结果"),
    may("agreement_form", "协议形式"),
    may("amount_yuan", "协议金额"),
    may("body_kind", "组织类型"),
    may("mediator", "调解员"),
    may("hard", "疑难复杂"),
    may("session_mode", "调解方式"),
    may("claimed_yuan", "请求金额"),
    may("performance_due", "履行期限"),
    may("performed_at", "履行时间"),
    may("paid_yuan", "履行金额"),
    may("confirmation_applied_at", "申请司法确认时间"),
    may("confirmation", "司法确认"),
    may("reason", "原因"),
    may("handed_on_to", "移交组织"),
    may("petition_ref", "信访编号"),
];

/// The columns of a ledger of units; its key is the code. Content categories and divisions stand in one cell, parted by 、 or ;.
pub const UNIT_COLUMNS: [LedgerColumn; 10] = [
    must("code", "编号"),
    must("name", "名称"),
    may("kind", "类型"),
    must("level", "层级"),
    may("parent", "上级"),
    must("division_code", "区划代码"),
    may("competence", "负责事项"),
    may("founded_on", "成立日期"),
    may("closed_on", "撤销日期"),
    may("successor", "承接单位"),
];

/// The column of `columns` with this header, English or Chinese; spaces around it and a byte order mark do not count.
pub fn ledger_column<'c>(columns: &'c [LedgerColumn], header: &str) -> Option<&'c LedgerColumn> {
    let header = header.trim_start_matches('\u{feff}').trim();
    columns.iter().find(|column| column.english == header || column.chinese == header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_header_names_one_column() {
        for columns in [&LEDGER_COLUMNS[..], &CASE_COLUMNS[..], &UNIT_COLUMNS[..]] {
            let names: BTreeSet<_> = columns.iter().flat_map(|column| [column.english, column.chinese]).collect();
            assert_eq!(names.len(), 2 * columns.len());
        }
        let find = |header| ledger_column(&LEDGER_COLUMNS, header);
        assert_eq!(find("\u{feff}编号").map(|column| column.english), Some("external_ref"));
        assert_eq!(find(" extended_to ").map(|column| column.chinese), Some("延期至"));
        assert_eq!(find("备注"), None);
        let mandatory = |columns: &'static [LedgerColumn]| -> Vec<_> {
            columns.iter().filter(|column| column.mandatory).map(|column| column.english).collect()
        };
        assert_eq!(mandatory(&LEDGER_COLUMNS), ["external_ref", "registered_at", "division_code", "matter_class"]);
        assert_eq!(mandatory(&CASE_COLUMNS), ["external_ref", "applied_at", "dispute_type", "force", "division_code"]);
    }
}
