//! Wrong cells: each is refused with its line, its column and a reason that helps; the golden file lists them.

use crate::{desk::Desk, import::whole};
use fengqiao_statute::CASE_COLUMNS;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};
use std::fmt::Write;

/// What is wrong with a cell of a column, beside what is wrong with the cells of every column of its kind.
const WRONG: [(&str, &str); 46] = [
    ("external_ref", ""),
    ("external_ref", "a\"b"),
    ("external_ref", "a\u{7}b"),
    ("root_ref", "a\u{7}b"),
    ("applied_at", ""),
    ("source", "rumour"),
    ("dispute_type", ""),
    ("dispute_type", "T98"),
    ("dispute_type", "离奇纠纷"),
    ("force", ""),
    ("force", "peoples"),
    ("body", "a\u{1}"),
    ("division_code", ""),
    ("division_code", "32083"),
    ("division_code", "012345"),
    ("division_code", "３２０８３１"),
    ("party_count", "0"),
    ("party_count", "-3"),
    ("party_count", "2.5"),
    ("party_count", "三"),
    ("narrative", "a\u{1b}b"),
    ("accepted_at", ""),
    ("concluded_at", ""),
    ("outcome", ""),
    ("outcome", "won"),
    ("agreement_form", "sung"),
    ("amount_yuan", "-1"),
    ("amount_yuan", "1.005"),
    ("amount_yuan", "1,000"),
    ("amount_yuan", "一千"),
    ("amount_yuan", "99999999999999999"),
    ("amount_yuan", "NaN"),
    ("body_kind", "a\0b"),
    ("mediator", "a\u{2}b"),
    ("hard", "maybe"),
    ("session_mode", "by_pigeon"),
    ("claimed_yuan", "1e3"),
    ("performance_due", "2025-03-04"),
    ("paid_yuan", "0.001"),
    ("confirmation_applied_at", ""),
    ("confirmation", "perhaps"),
    ("reason", "a\u{3}"),
    ("handed_on_to", "a\u{4}"),
    ("petition_ref", "a\u{5}"),
    ("performed_at", "2025-03-20"),
    ("confirmation_applied_at", "2025-03-20"),
];

fn wrong_cells() -> Vec<(&'static str, String)> {
    let mut wrong: Vec<_> = WRONG.iter().map(|(column, cell)| (*column, (*cell).to_owned())).collect();
    for (column, longest) in [("external_ref", 64), ("root_ref", 100), ("body", 64), ("narrative", 50_000), ("petition_ref", 100)]
    {
        wrong.push((column, "字".repeat(longest + 1)));
    }
    let days =
        CASE_COLUMNS.iter().map(|column| column.english).filter(|name| name.ends_with("_at") || *name == "performance_due");
    for column in days {
        for cell in ["1899-12-31", "2025-02-29", "2025/03/03", "45000", "2025-03-03T25:00", "2026-03-03", "2026-03-02T16:00:00Z"]
        {
            // Plans may lie ahead.
            if column != "performance_due" || !cell.starts_with("2026") {
                wrong.push((column, cell.to_owned()));
            }
        }
    }
    for (column, cell) in [("accepted_at", "2025-03-02"), ("concluded_at", "2025-03-04")] {
        wrong.push((column, cell.to_owned()));
    }
    wrong
}

fn shortened(cell: &str) -> String {
    let count = cell.chars().count();
    if count > 40 { format!("{count} characters") } else { format!("{cell:?}") }
}

on_each_engine! {
    async fn each_wrong_cell_is_named(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, good) = whole();
        let wrong = wrong_cells();
        let rows: Vec<Vec<String>> = wrong
            .iter()
            .enumerate()
            .map(|(n, (column, cell))| {
                let cells = columns.iter().zip(&good).map(|(name, cell)| match *name {
                    "external_ref" => format!("W-{n}"),
                    "root_ref" => String::new(),
                    _ => (*cell).to_owned(),
                });
                cells.zip(&columns).map(|(good, name)| if name == column { cell.clone() } else { good }).collect()
            })
            .collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let before = desk.position().await;
        let answer = desk.import(&columns, &rows).await;
        let mut lines = String::new();
        for (line, (column, cell)) in (2..).zip(&wrong) {
            let refusal = answer.refused.iter().find(|refusal| refusal.line == line);
            let said = refusal.map_or("taken".to_owned(), |r| format!("{} | {}", r.column, r.reason));
            writeln!(lines, "{column} {} | line {line} | {said}", shortened(cell)).unwrap();
        }
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/row_refusals.txt"), &lines);
        assert!(answer.imported == 0 && desk.position().await == before, "nothing of them is written: {answer:?}");
        assert!(answer.refused.iter().all(|refusal| !refusal.reason.is_empty()));
        let short = desk.import(&columns, &[&good[..5]]).await;
        assert_eq!(short.refused[0].reason, "the row has 5 cells, the header has 28");
        assert_eq!(desk.import(&columns, &[&good]).await.imported, 1);
        assert!(desk.differences().await.is_empty());
    }
}
