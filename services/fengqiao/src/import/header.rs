//! The names of the columns, English or Chinese.

use csv::ByteRecord;
use fengqiao_statute::{LedgerColumn, ledger_column};

/// The English name of each column of the file, or why the header cannot be used.
pub fn columns(known: &[LedgerColumn], line: u64, header: &ByteRecord) -> Result<Vec<String>, String> {
    let mut columns: Vec<String> = Vec::with_capacity(header.len());
    for (at, cell) in header.iter().enumerate() {
        let number = at + 1;
        let Ok(name) = std::str::from_utf8(cell) else {
            return Err(format!(
                "the header in line {line} is not utf-8, probably it is gbk or gb18030: save the file as csv (utf-8) and import that"
            ));
        };
        let name = name.trim();
        let Some(column) = ledger_column(known, name) else { return Err(unknown(known, line, number, name)) };
        if columns.iter().any(|before| before == column.english) {
            return Err(format!(
                "line {line} names the column {} ({}) twice; leave one of them out",
                column.english, column.chinese
            ));
        }
        columns.push(column.english.to_owned());
    }
    let missing: Vec<_> = known
        .iter()
        .filter(|column| column.mandatory && !columns.iter().any(|named| named == column.english))
        .map(|column| format!("{} ({})", column.english, column.chinese))
        .collect();
    if missing.is_empty() { Ok(columns) } else { Err(format!("the header in line {line} lacks {}", missing.join(", "))) }
}

fn unknown(known: &[LedgerColumn], line: u64, number: usize, name: &str) -> String {
    if name.is_empty() {
        return format!("column {number} has no name in line {line}; name it, or leave the column out");
    }
    if let Some(separator) = [';', '\t', '，', '；', '|'].into_iter().find(|c| name.contains(*c)) {
        return format!(
            "line {line} is not a header with commas: found {separator:?}; save the file as csv with commas between cells"
        );
    }
    let shown: String = name.chars().take(60).collect();
    format!(
        "unknown column {shown:?} (column {number}, line {line}): leave it out, or use one of {}",
        known.iter().map(|column| format!("{} {}", column.english, column.chinese)).collect::<Vec<_>>().join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_statute::{CASE_COLUMNS, LEDGER_COLUMNS};

    fn of(header: &[&str]) -> Result<Vec<String>, String> {
        columns(&LEDGER_COLUMNS, 1, &ByteRecord::from(header.to_vec()))
    }

    #[test]
    fn english_and_chinese_are_the_same() {
        let english = of(&["external_ref", "registered_at", "division_code", "matter_class"]).unwrap();
        assert_eq!(of(&[" 编号 ", "登记时间", "区划代码\u{3000}", "事项类别"]).unwrap(), english);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let good = ["external_ref", "registered_at", "division_code", "matter_class"];
        for (extra, said) in [
            ("备注", "unknown column \"备注\" (column 5, line 1)"),
            ("编号", "names the column external_ref (编号) twice"),
            (" ", "column 5 has no name in line 1"),
            ("a;b", "with commas"),
        ] {
            let error = of(&[good.as_slice(), &[extra]].concat()).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
        let error = of(&["external_ref", "title"]).unwrap_err();
        assert_eq!(
            error,
            "the header in line 1 lacks registered_at (登记时间), division_code (区划代码), matter_class (事项类别)"
        );
        let gbk = ByteRecord::from(vec![&b"\xb1\xe0\xba\xc5"[..]]);
        assert!(columns(&LEDGER_COLUMNS, 1, &gbk).unwrap_err().contains("gbk"));
    }

    #[test]
    fn a_ledger_of_cases_has_columns_of_its_own() {
        let of = |header: &[&str]| columns(&CASE_COLUMNS, 1, &ByteRecord::from(header.to_vec()));
        let english = of(&["external_ref", "applied_at", "dispute_type", "force", "division_code", "outcome"]).unwrap();
        assert_eq!(of(&["编号", "申请时间", "纠纷类型", "调解类别", "区划代码", "调解结果"]).unwrap(), english);
        let error = of(&["编号", "登记时间"]).unwrap_err();
        assert!(error.starts_with("unknown column \"登记时间\"") && error.contains("applied_at 申请时间"), "{error}");
        assert!(of(&["编号"]).unwrap_err().contains("lacks applied_at (申请时间), dispute_type (纠纷类型), force (调解类别)"));
    }
}
