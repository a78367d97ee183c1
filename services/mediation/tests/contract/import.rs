//! Rows of a ledger: new, known, further on; the rows of one quarrel make one dispute; what a row says is what stands in the book.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, after, coordinator, dispute_after, facts, milestones},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1::{self as pb, CaseState};
use fengqiao_statute::CASE_COLUMNS;
use fengqiao_store::{Location, log};
use fengqiao_testkit::on_each_engine;

const SHORT: [&str; 6] = ["external_ref", "root_ref", "applied_at", "dispute_type", "force", "division_code"];
/// With body, acceptance and end.
const LONG: [&str; 10] = [
    "external_ref",
    "root_ref",
    "applied_at",
    "dispute_type",
    "force",
    "division_code",
    "body",
    "accepted_at",
    "concluded_at",
    "outcome",
];

/// Imported, advanced, already, refused.
fn counts(answer: &pb::ImportCasesResponse) -> [i64; 4] {
    let refused = i64::try_from(answer.refused.len()).unwrap();
    assert_eq!(answer.rows, answer.imported + answer.advanced + answer.already + refused);
    assert_eq!(answer.late, 0);
    [answer.imported, answer.advanced, answer.already, refused]
}

/// Every column, and a row that fills each of them.
pub fn whole() -> (Vec<&'static str>, Vec<&'static str>) {
    let cells = [
        ("external_ref", "T-1"),
        ("root_ref", "Q-1"),
        ("applied_at", "2025-03-03 09:30"),
        ("source", "公安移送"),
        ("dispute_type", "邻里纠纷"),
        ("force", "人民调解"),
        ("body", "村调委会"),
        ("division_code", "320831100201"),
        ("party_count", "3"),
        ("narrative", "第一行\n第二行"),
        ("accepted_at", "2025-03-05T10:00:00+08:00"),
        ("concluded_at", "2025-03-20T16:00:00Z"),
        ("outcome", "达成协议"),
        ("agreement_form", "书面"),
        ("amount_yuan", "20000.50"),
        ("body_kind", "committee"),
        ("mediator", "med-7"),
        ("hard", "是"),
        ("session_mode", "现场"),
        ("claimed_yuan", "30000"),
        ("performance_due", "2025-07-31"),
        ("performed_at", "2025-08-05"),
        ("paid_yuan", "20000.5"),
        ("confirmation_applied_at", "2025-04-01"),
        ("confirmation", "确认"),
        ("reason", ""),
        ("handed_on_to", ""),
        ("petition_ref", "XF-1"),
    ];
    assert_eq!(cells.map(|(column, _)| column), CASE_COLUMNS.map(|column| column.english));
    (cells.iter().map(|cell| cell.0).collect(), cells.iter().map(|cell| cell.1).collect())
}

on_each_engine! {
    async fn a_row_becomes_a_case_with_its_dispute_and_its_body(location: Location) {
        let desk = Desk::open(&location).await;
        let before = desk.position().await;
        let (columns, cells) = whole();
        let answer = desk.import(&columns, &[&cells]).await;
        assert_eq!((counts(&answer), answer.log_position), ([1, 0, 0, 0], before + 2), "{answer:?}");
        let case = desk.imported("T-1").await;
        let f = facts(&case);
        assert_eq!((f.number.as_str(), f.ledger.as_str(), f.body.as_str()), ("矛调中心-C-2026-000001", "台账", "村调委会"));
        assert_eq!((f.source.as_str(), f.force.as_str(), f.party_count, f.hard), ("police", "people", 3, true));
        assert_eq!((f.accepted_on.as_str(), f.ended_on.as_str(), f.performed_on.as_str()), ("2025-03-05", "2025-03-21", "2025-08-05"));
        assert_eq!((f.claimed_fen, f.agreed_fen, f.paid_fen), (3_000_000, 2_000_050, 2_000_050));
        assert_eq!((f.confirmation.as_str(), f.petition_ref.as_str(), case.state()), ("confirmed", "XF-1", CaseState::Agreed));
        assert_eq!(case.narrative, "第一行\n第二行");
        let dispute = case.dispute.as_ref().unwrap();
        assert_eq!((dispute.root_ref.as_str(), dispute.number.as_str()), ("Q-1", "矛调中心-D-2026-000001"));
        assert_eq!(milestones(dispute), ["2025-03-05 accepted people", "2025-03-21 concluded people resolved"]);
        let body = desk.body("村调委会").await;
        assert!(body.facts.as_ref().unwrap().imported && body.open_cases == 0);
        let event = log::event_at(&desk.db, before + 2).await.unwrap().unwrap();
        assert_eq!((event.kind.as_str(), event.known_on.to_string().as_str()), ("case.imported", "2025-03-03"));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_row_met_again_is_already_there(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, cells) = whole();
        desk.import(&columns, &[&cells]).await;
        let position = desk.position().await;
        assert_eq!(counts(&desk.import(&columns, &[&cells, &cells]).await), [0, 0, 2, 0]);
        let mut otherwise = cells.clone();
        (otherwise[2], otherwise[4], otherwise[5], otherwise[12], otherwise[14]) = ("2025-03-03", "T02", "people", "agreed", "20000.5");
        assert_eq!(counts(&desk.import(&columns, &[&otherwise]).await), [0, 0, 1, 0]);
        assert_eq!(counts(&desk.import(&SHORT, &[&["T-1", "Q-1", "2025-03-03", "T02", "people", "320831100201"]]).await), [0, 0, 1, 0]);
        assert_eq!(desk.position().await, position);
        let mut changed = cells.clone();
        changed[9] = "另一种说法";
        changed[14] = "1";
        let answer = desk.import(&columns, &[&changed]).await;
        assert_eq!(counts(&answer), [0, 0, 0, 1]);
        assert!(answer.refused[0].column == "narrative" && answer.refused[0].reason.contains("另一种说法"), "{answer:?}");
        assert_eq!(desk.position().await, position);
    }

    async fn filled_cells_advance_a_row_to_what_a_fresh_import_gives(location: Location) {
        let desk = Desk::open(&location).await;
        let (columns, full) = whole();
        let together: [&[&str]; 2] = [&["concluded_at", "outcome", "agreement_form"], &["confirmation_applied_at", "confirmation"]];
        let mut row: Vec<&str> = columns.iter().zip(&full).map(|(c, cell)| if SHORT.contains(c) { *cell } else { "" }).collect();
        desk.import(&columns, &[&row]).await;
        assert_ne!(desk.imported("T-1").await.state(), CaseState::Agreed);
        let order = ["accepted_at", "body", "concluded_at", "amount_yuan", "performance_due", "performed_at", "paid_yuan"];
        let rest = columns.iter().filter(|column| !order.contains(column));
        for column in order.iter().chain(rest) {
            let set = together.iter().find(|set| set.contains(column)).copied().unwrap_or(std::slice::from_ref(column));
            let mut filled = false;
            for (i, name) in columns.iter().enumerate() {
                if set.contains(name) && row[i] != full[i] {
                    row[i] = full[i];
                    filled = true;
                }
            }
            if filled {
                let answer = desk.import(&columns, &[&row]).await;
                assert_eq!(counts(&answer), [0, 1, 0, 0], "{column}: {answer:?}");
                assert_eq!(counts(&desk.import(&columns, &[&row]).await), [0, 0, 1, 0], "{column}");
            }
        }
        let advanced = desk.imported("T-1").await;
        let mut other = full.clone();
        (other[0], other[1]) = ("T-2", "Q-2");
        desk.import(&columns, &[&other]).await;
        let fresh = desk.imported("T-2").await;
        let image = |case: pb::Case| {
            pb::CaseFacts {
                case_id: String::new(),
                number: String::new(),
                external_ref: String::new(),
                version: 0,
                dispatched_on: String::new(),
                // A row that is further on says nothing of consent.
                applicant_consents: true,
                respondent_consents: true,
                ..facts(&case).clone()
            }
        };
        assert_eq!(image(advanced), image(fresh));
        assert!(desk.differences().await.is_empty());
    }

    /// D§5.7 from a ledger.
    async fn the_rows_of_one_quarrel_make_one_dispute(location: Location) {
        let desk = Desk::open(&location).await;
        let mut columns = LONG.to_vec();
        columns.push("handed_on_to");
        let village = ["V-1", "Q", "2024-03-03", "T02", "people", "320831100201", "村", "2024-03-03", "2024-03-28", "failed", "镇"];
        let township = ["Z-1", "Q", "2024-03-28", "T02", "people", "320831100201", "镇", "2024-03-29", "2024-04-20", "failed", "物业"];
        let property = ["P-1", "Q", "2024-04-20", "T02", "industry", "320831100201", "物业", "2024-05-06", "2024-05-30", "agreed", ""];
        let alone = ["V-2", "", "2024-03-03", "T02", "people", "320831100201", "村", "2024-03-03", "2024-03-28", "failed", ""];
        let mut agreed = columns.clone();
        agreed.push("agreement_form");
        let rows: Vec<Vec<&str>> = [village, township, property, alone]
            .iter()
            .map(|row| row.iter().copied().chain([if row[9] == "agreed" { "written" } else { "" }]).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        // Two in one batch, the third in another.
        assert_eq!(counts(&desk.import(&agreed, &rows[..2]).await), [2, 0, 0, 0]);
        assert_eq!(counts(&desk.import(&agreed, &rows[2..]).await), [2, 0, 0, 0]);
        let case = desk.imported("P-1").await;
        let dispute = desk.dispute(&case.dispute_id).await;
        assert_eq!(dispute.cases.len(), 3);
        assert_eq!(dispute.cases.iter().map(|case| facts(case).entry.as_str()).collect::<Vec<_>>(), ["first", "received", "received"]);
        let expected = ["2024-03-03 accepted people", "2024-05-30 concluded industry resolved"];
        assert_eq!(milestones(dispute.facts.as_ref().unwrap()), expected);
        assert_ne!(desk.imported("V-2").await.dispute_id, case.dispute_id);
        assert!(desk.differences().await.is_empty());
    }

    async fn one_body_has_one_force(location: Location) {
        let desk = Desk::open(&location).await;
        let row = |reference, force, body| [reference, "", "2024-03-03", "T02", force, "320831", body, "", "", ""];
        let rows = [row("A", "people", "新的"), row("B", "industry", "新的"), row("C", "people", "新的"), row("D", "people", "court")];
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 10]>::as_slice).collect();
        let answer = desk.import(&LONG, &rows).await;
        assert_eq!(counts(&answer), [2, 0, 0, 2], "{answer:?}");
        let refused: Vec<_> = answer.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
        assert_eq!(refused, [(3, "force"), (5, "force")]);
        assert_eq!(counts(&desk.import(&LONG, &rows).await), [0, 0, 2, 2], "also later");
        assert_eq!(desk.body("新的").await.open_cases, 2);
        assert!(desk.differences().await.is_empty());

        let mut body = crate::county::bodies()[0].clone();
        body.code = "新的".into();
        let known = desk.coordinator().register_body(asks::register(body)).await.unwrap().into_inner().body.unwrap();
        assert_eq!((known.etag.as_str(), known.facts.unwrap().imported, known.open_cases), ("2", false, 2));
        assert!(desk.differences().await.is_empty());
    }

    async fn a_label_filled_later_joins_the_quarrel(location: Location) {
        let desk = Desk::open(&location).await;
        let row = |reference, root| [reference, root, "2024-03-03", "T02", "people", "320831", "村", "2024-03-04", "", ""];
        desk.import(&LONG, &[&row("A", ""), &row("B", "Q")]).await;
        assert_eq!(counts(&desk.import(&LONG, &[&row("A", "Q")]).await), [0, 1, 0, 0]);
        let (a, b) = (desk.imported("A").await, desk.imported("B").await);
        assert_eq!(a.dispute.as_ref().unwrap().linked_into, b.dispute_id);
        desk.import(&LONG, &[&row("C", "")]).await;
        assert_eq!(counts(&desk.import(&LONG, &[&row("C", "Q2")]).await), [0, 1, 0, 0]);
        desk.import(&LONG, &[&row("D", "Q2")]).await;
        assert_eq!(desk.imported("D").await.dispute_id, desk.imported("C").await.dispute_id);
        assert_eq!(counts(&desk.import(&LONG, &[&row("A", "Q"), &row("B", "Q"), &row("C", "Q2"), &row("D", "Q2")]).await), [0, 0, 4, 0]);
        assert!(desk.differences().await.is_empty());
    }

    async fn an_erased_row_stays_erased(location: Location) {
        let desk = Desk::open(&location).await;
        let mut columns = SHORT.to_vec();
        columns.push("narrative");
        let row = |reference, text| [reference, "Q", "2024-03-03", "T02", "people", "320831", text];
        desk.import(&columns, &[&row("A", "经过")]).await;
        let dispute = desk.dispute(&desk.imported("A").await.dispute_id).await;
        dispute_after!(desk.coordinator(), erase_parties, asks::erase(&dispute));
        assert_eq!(counts(&desk.import(&columns, &[&row("A", "别的")]).await), [0, 0, 1, 0], "by its key");
        assert_eq!(counts(&desk.import(&columns, &[&row("B", "又来")]).await), [1, 0, 0, 0]);
        let later = desk.imported("B").await;
        assert!(later.dispute.unwrap().erased && later.narrative.is_empty());
        assert_eq!(counts(&desk.import(&columns, &[&row("B", "又来")]).await), [0, 0, 1, 0]);
        assert!(desk.differences().await.is_empty());
    }

    async fn what_is_outside_or_logged_here_is_refused(location: Location) {
        let desk = Desk::open(&location).await;
        desk.opened(pb::NewDispute { ledger: asks::LEDGER.into(), external_ref: "H".into(), ..quarrel() }).await;
        let town = Caller { division: Some("320831100".parse().unwrap()), ..coordinator("coord-9") };
        let rows: [&[&str]; 2] = [&["H", "", "2024-03-03", "T02", "people", "320831100"], &["O", "", "2024-03-03", "T02", "people", "320831101"]];
        let request = pb::ImportCaseBatchRequest { batch: Some(asks::rows(&SHORT, &rows)) };
        let answer = desk.by(town).import_case_batch(request).await.unwrap().into_inner().result.unwrap();
        let refused: Vec<_> = answer.refused.iter().map(|r| (r.line, r.column.as_str())).collect();
        assert_eq!(refused, [(2, "external_ref"), (3, "division_code")]);
        let open = desk.import(&LONG, &[&["X", "", "2026-02-03", "T02", "people", "320831", "village", "2026-02-04", "", ""]]).await;
        assert_eq!(counts(&open), [1, 0, 0, 0]);
        let case = desk.imported("X").await;
        assert_eq!((case.state(), desk.body("village").await.open_cases), (CaseState::Accepted, 1));
        after!(desk.at("village"), conclude_case, asks::agree(&case));
        assert!(desk.differences().await.is_empty());
    }
}
