//! Wrong cells: each is refused with its line, its column and a reason that helps; the golden file lists them.

use crate::desk::Desk;
use fengqiao_statute::LEDGER_COLUMNS;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};
use std::fmt::Write;

/// A good row: every cell is filled.
const GOOD: [(&str, &str); 25] = [
    ("external_ref", "XF-1"),
    ("registered_at", "2025-03-03"),
    ("division_code", "320831100201"),
    ("channel", "visit"),
    ("matter_class", "appeal"),
    ("category", "土地"),
    ("title", "宅基地"),
    ("narrative", "经过"),
    ("petitioner", "王小明"),
    ("person_count", "3"),
    ("responsible_unit", "国土所"),
    ("accepted_at", "2025-03-05"),
    ("opinion_at", "2025-05-20"),
    ("conclusion", "replied"),
    ("first_action_at", "2025-03-04"),
    ("repeat_of", "XF-0"),
    ("litigation_related", "false"),
    ("extended_to", "2025-06-03"),
    ("delivered_at", "2025-05-23"),
    ("review_requested_at", "2025-06-01"),
    ("review_at", "2025-06-20"),
    ("rereview_requested_at", "2025-07-01"),
    ("rereview_at", "2025-07-25"),
    ("rating_office", "satisfied"),
    ("rating_unit", "basically"),
];

/// What is wrong with a cell of a column, beside what is wrong with the cells of every column of its kind.
const WRONG: [(&str, &str); 26] = [
    ("external_ref", ""),
    ("external_ref", "a\"b"),
    ("external_ref", "a\u{7}b"),
    ("division_code", ""),
    ("division_code", "32083"),
    ("division_code", "012345"),
    ("division_code", "３２０８３１"),
    ("channel", "fax"),
    ("matter_class", ""),
    ("matter_class", "complaint"),
    ("category", "a\u{1}"),
    ("title", "a\u{0}b"),
    ("narrative", "a\u{1b}b"),
    ("petitioner", "王\u{85}明"),
    ("person_count", "0"),
    ("person_count", "-3"),
    ("person_count", "2.5"),
    ("person_count", "三"),
    ("person_count", "1000000"),
    ("responsible_unit", "a\u{7f}"),
    ("conclusion", "done"),
    ("conclusion", ""),
    ("opinion_at", ""),
    ("repeat_of", "a\u{2}b"),
    ("litigation_related", "maybe"),
    ("rating_office", "5"),
];

fn wrong_cells() -> Vec<(&'static str, String)> {
    let mut wrong: Vec<_> = WRONG.iter().map(|(column, cell)| (*column, (*cell).to_owned())).collect();
    for (column, limit) in [
        ("external_ref", 64),
        ("title", 500),
        ("narrative", 50_000),
        ("petitioner", 200),
        ("category", 100),
        ("responsible_unit", 100),
        ("repeat_of", 100),
    ] {
        wrong.push((column, "字".repeat(limit + 1)));
    }
    let days = LEDGER_COLUMNS.iter().map(|column| column.english).filter(|name| name.ends_with("_at") || *name == "extended_to");
    for column in days {
        for cell in ["1899-12-31", "2025-02-29", "2025/03/03", "45000", "2025-03-03T25:00", "2026-03-03", "2026-03-02T16:00:00Z"]
        {
            if column != "extended_to" || !cell.starts_with("2026") {
                wrong.push((column, cell.to_owned()));
            }
        }
    }
    wrong.push(("registered_at", String::new()));
    // An end before its start, each pair; what stands between is moved along where it can.
    for (column, cell) in [
        ("accepted_at", "2025-03-02"),
        ("first_action_at", "2025-03-02"),
        ("opinion_at", "2025-03-04"),
        ("extended_to", "2025-05-03"),
        ("delivered_at", "2025-05-19"),
        ("review_requested_at", "2025-05-19"),
        ("review_at", "2025-05-31"),
        ("rereview_requested_at", "2025-06-19"),
        ("rereview_at", "2025-06-30"),
    ] {
        wrong.push((column, cell.to_owned()));
    }
    wrong
}

fn shortened(cell: &str) -> String {
    let count = cell.chars().count();
    if count > 40 { format!("{} characters", count) } else { format!("{cell:?}") }
}

on_each_engine! {
    async fn each_wrong_cell_is_named(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = GOOD.map(|(column, _)| column);
        let wrong = wrong_cells();
        let rows: Vec<Vec<&str>> = wrong
            .iter()
            .map(|(column, cell)| GOOD.iter().map(|(name, good)| if name == column { cell.as_str() } else { good }).collect())
            .collect();
        let answer = desk.import(&columns, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
        assert_eq!((answer.rows, answer.imported), (i64::try_from(wrong.len()).unwrap(), 0));
        let mut listed = String::new();
        for ((column, cell), refusal) in wrong.iter().zip(&answer.refused) {
            writeln!(listed, "{column} {} | line {} | {} | {}", shortened(cell), refusal.line, refusal.column, refusal.reason).unwrap();
        }
        assert_eq!(answer.refused.iter().map(|refusal| refusal.line).collect::<Vec<_>>(), (2..).take(wrong.len()).collect::<Vec<_>>());
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/row_refusals.txt"), &listed);
        assert_eq!(desk.position().await, 0);
        assert_eq!(desk.import(&columns, &[&GOOD.map(|(_, cell)| cell)]).await.imported, 1);
    }

    async fn rows_of_another_width_are_refused_and_the_others_taken(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class"];
        let answer = desk.import(&columns, &[
            &["A", "2026-01-05", "320831"],
            &["B", "2026-01-05", "320831", "appeal", "more"],
            &["C", "2026-01-05", "320831", "appeal"],
            &[],
        ]).await;
        assert_eq!((answer.rows, answer.imported), (4, 1));
        let refused: Vec<_> = answer.refused.iter().map(|r| (r.line, r.column.as_str(), r.reason.as_str())).collect();
        assert_eq!(refused, [
            (2, "matter_class", "the row has 3 cells, the header has 4"),
            (3, "", "the row has 5 cells, the header has 4"),
            (5, "external_ref", "the row has 0 cells, the header has 4"),
        ]);
    }

    async fn an_extension_reaches_the_due_day_and_starts_no_clock(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "accepted_at", "extended_to"];
        let row = |reference, class, accepted, extended| [reference, "2026-01-05", "320831", class, accepted, extended];
        for row in [row("A", "appeal", "2026-01-06", "2026-03-06"), row("A", "suggestion", "2026-01-06", "2026-01-05")] {
            assert_eq!(desk.import(&columns, &[&row]).await.refused[0].column, "extended_to", "{row:?}");
        }
        let ahead = row("A", "appeal", "2026-01-06", "2026-04-30");
        let (unaccepted, suggestion) = (row("B", "appeal", "", "2026-04-30"), row("C", "suggestion", "2026-01-06", "2026-04-30"));
        assert_eq!(desk.import(&columns, &[&ahead, &unaccepted, &suggestion]).await.imported, 3, "a plan may lie ahead");
        let clock = desk.imported("A").await.handling.unwrap();
        assert_eq!((clock.kpi_due.as_str(), clock.started_on.as_str()), ("2026-04-30", "2026-01-06"));
        for (reference, state) in [("A", "EXTENDED"), ("B", "REGISTERED"), ("C", "ACCEPTED")] {
            let petition = desk.imported(reference).await;
            assert_eq!(petition.state().as_str_name(), format!("PETITION_STATE_{state}"));
            assert_eq!(petition.handling.is_some(), reference == "A");
        }
        let later = row("B", "appeal", "2026-01-06", "2026-04-30");
        assert_eq!(desk.import(&columns, &[&later]).await.advanced, 1);
        assert_eq!(desk.imported("B").await.handling, Some(clock));
    }

    async fn an_end_is_not_before_its_start_and_its_start_may_be_missing(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = [
            "external_ref", "registered_at", "division_code", "matter_class", "opinion_at", "conclusion", "delivered_at",
            "review_requested_at", "review_at", "rereview_requested_at", "rereview_at",
        ];
        let head = |reference| [reference, "2026-01-05", "320831", "appeal"];
        let early = [head("A").as_slice(), &["2026-01-04", "refused", "", "", "", "", ""]].concat();
        assert_eq!(desk.import(&columns, &[&early]).await.refused[0].column, "opinion_at");
        let same_day = [head("A").as_slice(), &["2026-01-05", "refused", "", "2026-01-05", "", "", ""]].concat();
        assert_eq!(desk.import(&columns, &[&same_day]).await.imported, 1, "concluded at the desk, never accepted");
        for (reference, at) in [("B", 6), ("C", 7), ("D", 8), ("E", 9), ("F", 10)] {
            let mut alone = [head(reference).as_slice(), &[""; 7]].concat();
            alone[at] = "2026-01-10";
            assert_eq!(desk.import(&columns, &[&alone]).await.refused, [], "only four columns are mandatory");
        }
    }

    async fn every_value_is_known_in_chinese(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "channel", "matter_class", "opinion_at", "conclusion", "rating_office"];
        let channels = ["网上", "来信", "来访", "来电", "12345热线", "上级转送", "站点", "其他"];
        let conclusions = ["处理意见", "调解办结", "不予受理", "不再受理", "导入法定途径", "已答复", "已转送", "咨询", "撤回", "作废"];
        let classes = ["建议意见", "检举控告", "申诉求决"];
        let ratings = ["满意", "基本满意", "不满意"];
        let references: Vec<String> = (0..10).map(|i| format!("R{i}")).collect();
        let rows: Vec<[&str; 8]> = (0..10)
            .map(|i| [&references[i], "2026-01-05", "32", channels[i % 8], classes[i % 3], "2026-01-06", conclusions[i], ratings[i % 3]])
            .collect();
        let answer = desk.import(&columns, &rows.iter().map(|row| row.as_slice()).collect::<Vec<_>>()).await;
        assert_eq!(answer.imported, 10, "{:?}", answer.refused);
        let codes = ["replied", "settled", "refused", "no_longer_accepted", "diverted", "answered", "forwarded", "consult_only", "withdrawn", "void"];
        for (reference, code) in references.iter().zip(codes) {
            assert_eq!(desk.imported(reference).await.conclusion, code);
        }
        assert_eq!(desk.imported("R4").await.channel, "hotline");
    }

    async fn a_day_is_a_china_day(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class"];
        for (reference, time, day) in [
            ("A", "2025-12-31T16:00:00Z", "2026-01-01"),
            ("B", "2025-12-31T15:59:59Z", "2025-12-31"),
            ("C", "2026-01-01T00:30:00+09:00", "2025-12-31"),
            ("D", "2026-01-01 23:59", "2026-01-01"),
            ("E", "2025-12-31T24:00", "2025-12-31"),
        ] {
            desk.import(&columns, &[&[reference, time, "320831", "appeal"]]).await;
            assert_eq!(desk.imported(reference).await.registered_on, day, "{time}");
        }
    }
}
