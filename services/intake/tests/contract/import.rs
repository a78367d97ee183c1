//! Rows of a ledger: new, known, further on; what a row says is what stands in the book.

use crate::{
    asks::{self, appeal},
    desk::{Desk, after, caller, clerk, reason},
};
use fengqiao_model::{Caller, Role};
use fengqiao_proto::intake::v1::{self as pb, PetitionState};
use fengqiao_statute::LEDGER_COLUMNS;
use fengqiao_store::{Location, log};
use fengqiao_testkit::on_each_engine;

const SHORT: [&str; 4] = ["external_ref", "registered_at", "division_code", "matter_class"];

/// Imported, advanced, already, refused.
fn counts(answer: &pb::ImportPetitionsResponse) -> [i64; 4] {
    let refused = i64::try_from(answer.refused.len()).unwrap();
    assert_eq!(answer.rows, answer.imported + answer.advanced + answer.already + refused);
    assert_eq!(answer.late, 0);
    [answer.imported, answer.advanced, answer.already, refused]
}

/// Every column, and a row that fills each of them.
fn whole() -> (Vec<&'static str>, Vec<&'static str>) {
    let cells = [
        ("external_ref", "XF-1"),
        ("registered_at", "2025-03-03 09:30"),
        ("division_code", "320831100201"),
        ("channel", "来访"),
        ("matter_class", "申诉求决"),
        ("category", "土地"),
        ("title", "宅基地"),
        ("narrative", "第一行\n第二行"),
        ("petitioner", "王小明"),
        ("person_count", "3"),
        ("responsible_unit", "国土所"),
        ("accepted_at", "2025-03-05T10:00:00+08:00"),
        ("opinion_at", "2025-05-20T16:00:00Z"),
        ("conclusion", "处理意见"),
        ("first_action_at", "2025-03-04"),
        ("repeat_of", "XF-0"),
        ("litigation_related", "否"),
        ("extended_to", "2025-06-03"),
        ("delivered_at", "2025-05-23"),
        ("review_requested_at", "2025-06-01"),
        ("review_at", "2025-06-20"),
        ("rereview_requested_at", "2025-07-01"),
        ("rereview_at", "2025-07-25"),
        ("rating_office", "满意"),
        ("rating_unit", "基本满意"),
    ];
    assert_eq!(cells.map(|(column, _)| column), LEDGER_COLUMNS.map(|column| column.english));
    (cells.iter().map(|cell| cell.0).collect(), cells.iter().map(|cell| cell.1).collect())
}

/// A petition but for what differs between two that say the same.
fn image(petition: pb::Petition) -> pb::Petition {
    pb::Petition {
        id: String::new(),
        number: String::new(),
        etag: String::new(),
        external_ref: String::new(),
        history: Vec::new(),
        facts: petition.facts.map(|facts| pb::PetitionFacts { number: String::new(), external_ref: String::new(), ..facts }),
        ..petition
    }
}

on_each_engine! {
    async fn a_row_becomes_a_petition(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, cells) = whole();
        let answer = desk.import(&columns, &[&cells]).await;
        assert_eq!((counts(&answer), answer.log_position), ([1, 0, 0, 0], 2), "before it, the unit that it names");
        let p = desk.imported("XF-1").await;
        assert_eq!((p.number.as_str(), p.unit.as_str(), p.ledger.as_str()), ("信访局-2026-000001", "信访局", "台账"));
        assert_eq!((p.channel.as_str(), p.matter_class.as_str(), p.category.as_str()), ("visit", "appeal", "土地"));
        assert_eq!((p.registered_on.as_str(), p.accepted_on.as_str(), p.concluded_on.as_str()), ("2025-03-03", "2025-03-05", "2025-05-21"));
        assert_eq!((p.conclusion.as_str(), p.state(), p.person_count), ("replied", PetitionState::Final, 3));
        assert_eq!((p.title.as_str(), p.narrative.as_str(), p.parties[0].name.as_str()), ("宅基地", "第一行\n第二行", "王小明"));
        let clock = p.handling.unwrap();
        assert_eq!((clock.started_on.as_str(), clock.kpi_due.as_str()), ("2025-03-05", "2025-06-03"), "extended as the ledger says");
        let event = log::event_at(&desk.db, 2).await.unwrap().unwrap();
        assert_eq!((event.kind.as_str(), event.known_on.to_string().as_str()), ("petition.imported", "2025-03-03"));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_row_met_again_is_already_there(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, cells) = whole();
        desk.import(&columns, &[&cells]).await;
        assert_eq!(counts(&desk.import(&columns, &[&cells, &cells]).await), [0, 0, 2, 0]);
        // The same facts written otherwise: other zone, other hour, code for name, spaces.
        let mut otherwise = cells.clone();
        otherwise[1] = "2025-03-03";
        otherwise[3] = " visit ";
        otherwise[4] = "appeal";
        otherwise[7] = "第一行\r\n第二行";
        otherwise[11] = "2025-03-04T18:00:00-08:00";
        otherwise[12] = "2025-05-21 23:59:59";
        otherwise[16] = "false";
        assert_eq!(counts(&desk.import(&columns, &[&otherwise]).await), [0, 0, 1, 0]);
        assert_eq!(desk.position().await, 2);
    }

    async fn columns_a_file_does_not_have_say_nothing(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, cells) = whole();
        desk.import(&columns, &[&cells]).await;
        assert_eq!(counts(&desk.import(&SHORT, &[&["XF-1", "2025-03-03", "320831100201", "appeal"]]).await), [0, 0, 1, 0]);
        let swapped = ["matter_class", "title", "division_code", "external_ref", "registered_at"];
        assert_eq!(counts(&desk.import(&swapped, &[&["appeal", "宅基地", "320831100201", "XF-1", "2025-03-03"]]).await), [0, 0, 1, 0]);
    }

    async fn filled_cells_advance_a_row_to_what_a_fresh_import_gives(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, full) = whole();
        // A cell at a time, in an order that never ends before it begins; a conclusion comes with its day.
        let mut row = full.clone();
        for (i, cell) in row.iter_mut().enumerate() {
            if !SHORT.contains(&columns[i]) {
                *cell = "";
            }
        }
        desk.import(&columns, &[&row]).await;
        assert_eq!(desk.imported("XF-1").await.state(), PetitionState::Registered);
        let mut steps = 1;
        for (i, column) in columns.iter().enumerate() {
            if SHORT.contains(column) || *column == "conclusion" {
                continue;
            }
            row[i] = full[i];
            if *column == "opinion_at" {
                row[i + 1] = full[i + 1];
            }
            assert_eq!(counts(&desk.import(&columns, &[&row]).await), [0, 1, 0, 0], "{column}");
            steps += 1;
            assert_eq!(counts(&desk.import(&columns, &[&row]).await), [0, 0, 1, 0], "{column}");
        }
        let advanced = desk.imported("XF-1").await;
        assert_eq!((advanced.etag.parse::<usize>().unwrap(), advanced.history.len()), (steps, steps));
        assert_eq!(advanced.number, "信访局-2026-000001");
        let mut other = full.clone();
        other[0] = "XF-2";
        desk.import(&columns, &[&other]).await;
        let fresh = desk.imported("XF-2").await;
        assert_eq!(image(advanced), image(fresh));
        assert_eq!(counts(&desk.import(&columns, &[&full, &other]).await), [0, 0, 2, 0]);
        assert!(desk.differences().await.is_empty());
    }

    async fn within_one_batch_rows_follow_each_other(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title", "accepted_at"];
        let row = |reference, title, accepted| [reference, "2026-01-05", "320831", "appeal", title, accepted];
        let rows = [row("A", "", ""), row("A", "题", ""), row("A", "题", "2026-01-06"), row("A", "另一题", "2026-01-06"), row("B", "", "")];
        let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
        let answer = desk.import(&columns, &rows).await;
        assert_eq!(counts(&answer), [2, 2, 0, 1]);
        assert_eq!((answer.refused[0].line, answer.refused[0].column.as_str()), (5, "title"));
        let a = desk.imported("A").await;
        assert_eq!((a.etag.as_str(), a.title.as_str(), a.state()), ("3", "题", PetitionState::Accepted));
        assert_eq!([a.number, desk.imported("B").await.number], ["信访局-2026-000001", "信访局-2026-000002"]);
        assert_eq!(answer.log_position, 4);
        assert!(desk.differences().await.is_empty());
    }

    async fn two_ledgers_are_two_books(location: Location) {
        let desk = Desk::open(&location).await;
        let row = [["A", "2026-01-05", "320831", "appeal"]];
        let rows: Vec<&[&str]> = row.iter().map(|row| row.as_slice()).collect();
        let mut client = desk.clerk();
        for (ledger, imported) in [("甲", 1), ("乙", 1), ("甲", 0), ("", 1), ("信访局", 0)] {
            let batch = pb::ImportPetitionsRequest { ledger: ledger.into(), ..asks::rows(&SHORT, &rows) };
            let request = pb::ImportPetitionBatchRequest { batch: Some(batch) };
            let answer = client.import_petition_batch(request).await.unwrap().into_inner().result.unwrap();
            assert_eq!((answer.imported, answer.already), (imported, 1 - imported), "{ledger}");
        }
        // What was logged at the desk under that reference is another matter.
        desk.log(pb::NewPetition { ledger: "甲".into(), external_ref: "B".into(), ..appeal() }).await;
        let batch = pb::ImportPetitionsRequest { ledger: "甲".into(), ..asks::rows(&SHORT, &[&["B", "2026-01-05", "320831", "appeal"]]) };
        let request = pb::ImportPetitionBatchRequest { batch: Some(batch) };
        let answer = client.import_petition_batch(request).await.unwrap().into_inner().result.unwrap();
        assert_eq!((answer.refused.len(), answer.refused[0].column.as_str()), (1, "external_ref"));
        let taken = pb::NewPetition { ledger: "甲".into(), external_ref: "A".into(), ..appeal() };
        assert_eq!(reason(client.log_petition(asks::log(taken)).await), "EXTERNAL_REF_EXISTS");
    }

    async fn a_row_whose_person_was_erased_is_already_there(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, cells) = whole();
        desk.import(&columns, &[&cells]).await;
        after!(desk.head(), erase_parties, asks::erase(&desk.imported("XF-1").await));
        let mut changed = cells.clone();
        changed[6] = "另一题";
        changed[9] = "4";
        assert_eq!(counts(&desk.import(&columns, &[&cells, &changed]).await), [0, 0, 2, 0]);
        let shown = desk.imported("XF-1").await;
        assert!(shown.erased && shown.title.is_empty());
        assert_eq!((shown.person_count, desk.position().await), (3, 3));
    }

    async fn a_stream_of_batches_is_answered_in_order(location: Location) {
        let desk = Desk::open(&location).await;
        let batches: Vec<_> = (0..9)
            .map(|batch| {
                let cells: Vec<[String; 4]> = (0..100)
                    .map(|row| [format!("{}", batch * 90 + row), "2026-01-05".into(), "320831".into(), "appeal".into()])
                    .collect();
                let cells: Vec<Vec<&str>> = cells.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
                asks::rows(&SHORT, &cells.iter().map(Vec::as_slice).collect::<Vec<_>>())
            })
            .collect();
        let mut answers = desk.clerk().import_petitions(tokio_stream::iter(batches)).await.unwrap().into_inner();
        let mut seen = Vec::new();
        while let Some(answer) = answers.message().await.unwrap() {
            seen.push((answer.imported, answer.already));
        }
        let mut expected = vec![(90, 10); 9];
        expected[0] = (100, 0);
        assert_eq!(seen, expected);
        let page = desk.clerk().list_petitions(pb::ListPetitionsRequest { page_size: 1000, ..Default::default() }).await.unwrap();
        let mut numbers: Vec<_> = page.into_inner().petitions.into_iter().map(|p| (p.number, p.external_ref)).collect();
        numbers.sort();
        let expected: Vec<_> = (0..820).map(|n| (format!("信访局-2026-{:06}", n + 1), n.to_string())).collect();
        assert_eq!(numbers, expected, "numbers in the order of the file");
    }

    async fn a_caller_imports_into_the_own_division_only(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = ["external_ref", "registered_at", "division_code", "matter_class", "petitioner"];
        desk.import(&columns, &[&["A", "2026-01-05", "320829", "appeal", "王小明"]]).await;
        let mut client = desk.by(Caller { division: Some("320831".parse().unwrap()), ..clerk("clerk-2") });
        let rows: [&[&str]; 3] = [
            &["A", "2026-01-05", "320829", "appeal", "李四"],
            &["A", "2026-01-05", "320831", "appeal", "李四"],
            &["B", "2026-01-05", "320829", "appeal", "李四"],
        ];
        let request = pb::ImportPetitionBatchRequest { batch: Some(asks::rows(&columns, &rows)) };
        let answer = client.import_petition_batch(request).await.unwrap().into_inner().result.unwrap();
        assert_eq!(counts(&answer), [0, 0, 0, 3]);
        for refusal in answer.refused {
            assert!(!refusal.reason.contains("王小明"), "another division's petitioner is nobody's business: {}", refusal.reason);
            assert_eq!((refusal.column.as_str(), refusal.reason.as_str()), ("division_code", "lies outside the caller's divisions"));
        }
        let request = pb::ImportPetitionBatchRequest { batch: Some(asks::rows(&columns, &rows)) };
        let mut reporter = desk.by(caller("x", &[Role::Reporter]));
        assert_eq!(reason(reporter.import_petition_batch(request).await), "PERMISSION_DENIED");
    }
}
