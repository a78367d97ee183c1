//! The columns of the petition ledger: English and Chinese header names, and which are mandatory. Source: design §8.

/// One column of the petition ledger.
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

/// The column with this header, English or Chinese; spaces around it and a byte order mark do not count.
pub fn ledger_column(header: &str) -> Option<&'static LedgerColumn> {
    let header = header.trim_start_matches('\u{feff}').trim();
    LEDGER_COLUMNS.iter().find(|column| column.english == header || column.chinese == header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_header_names_one_column() {
        let names: BTreeSet<_> = LEDGER_COLUMNS.iter().flat_map(|column| [column.english, column.chinese]).collect();
        assert_eq!(names.len(), 2 * LEDGER_COLUMNS.len());
        assert_eq!(ledger_column("\u{feff}编号").map(|column| column.english), Some("external_ref"));
        assert_eq!(ledger_column(" extended_to ").map(|column| column.chinese), Some("延期至"));
        assert_eq!(ledger_column("备注"), None);
        let mandatory: Vec<_> = LEDGER_COLUMNS.iter().filter(|column| column.mandatory).map(|column| column.english).collect();
        assert_eq!(mandatory, ["external_ref", "registered_at", "division_code", "matter_class"]);
    }
}
