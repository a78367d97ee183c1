//! A row that contradicts what is recorded, in the ledger or since; and what was done at the desk with an imported item.

use crate::{
    asks,
    desk::{Desk, after},
};
use fengqiao_proto::intake::v1::PetitionState;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;

const COLUMNS: [&str; 9] = [
    "external_ref",
    "registered_at",
    "division_code",
    "matter_class",
    "title",
    "petitioner",
    "accepted_at",
    "opinion_at",
    "conclusion",
];
const ROW: [&str; 9] = ["A", "2026-01-05", "320831", "appeal", "宅基地", "王小明", "2026-01-06", "", ""];

fn with(changes: &[(usize, &'static str)]) -> [&'static str; 9] {
    let mut row = ROW;
    for (i, cell) in changes {
        row[*i] = cell;
    }
    row
}

on_each_engine! {
    async fn a_changed_cell_is_refused_with_both_values(location: Location) {
        let desk = Desk::open(&location).await;
        desk.import(&COLUMNS, &[&ROW]).await;
        for (place, cell, reason) in [
            (1, "2026-01-04", r#"recorded "2026-01-05", the row says "2026-01-04""#),
            (2, "320829", r#"recorded "320831", the row says "320829""#),
            (3, "suggestion", r#"recorded "appeal", the row says "suggestion""#),
            (4, "道路", r#"recorded "宅基地", the row says "道路""#),
            (4, "", r#"recorded "宅基地", the row says """#),
            (5, "王大明", r#"recorded "王小明", the row says "王大明""#),
            (6, "", r#"recorded "2026-01-06", the row says """#),
            (6, "2026-01-07", r#"recorded "2026-01-06", the row says "2026-01-07""#),
        ] {
            let answer = desk.import(&COLUMNS, &[&with(&[(place, cell)])]).await;
            let refusal = &answer.refused[0];
            assert_eq!((refusal.line, refusal.column.as_str(), refusal.reason.as_str()), (2, COLUMNS[place], reason));
        }
        // What it fills beside the contradiction is not taken either.
        let both = with(&[(4, "道路"), (7, "2026-02-02"), (8, "replied")]);
        assert_eq!(desk.import(&COLUMNS, &[&both]).await.refused[0].column, "title");
        assert_eq!((desk.position().await, desk.imported("A").await.state()), (1, PetitionState::Accepted));
    }

    async fn an_advance_obeys_the_rules_of_a_row(location: Location) {
        let desk = Desk::open(&location).await;
        desk.import(&COLUMNS, &[&ROW]).await;
        for (changes, column) in [
            (&[(7, "2026-02-02")][..], "conclusion"),
            (&[(8, "replied")][..], "opinion_at"),
            (&[(7, "2026-01-05"), (8, "replied")][..], "opinion_at"),
        ] {
            assert_eq!(desk.import(&COLUMNS, &[&with(changes)]).await.refused[0].column, column);
        }
        assert_eq!(desk.import(&COLUMNS, &[&with(&[(7, "2026-02-02"), (8, "replied")])]).await.advanced, 1);
        assert_eq!(desk.imported("A").await.state(), PetitionState::OpinionIssued);
    }

    async fn what_was_done_at_the_desk_is_not_undone_by_a_row(location: Location) {
        let desk = Desk::open(&location).await;
        let columns = [&COLUMNS[..], &["category"]].concat();
        let row = |reference: &'static str, category: &'static str| {
            let mut row = ROW.to_vec();
            row[0] = reference;
            row.push(category);
            row
        };
        let references = ["waiting", "extended", "withdrawn", "voided"];
        let rows: Vec<_> = references.iter().map(|reference| row(reference, "")).collect();
        desk.import(&columns, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
        let asked = after!(desk.clerk(), request_extension, asks::extend(&desk.imported("waiting").await));
        let extended = after!(desk.clerk(), request_extension, asks::extend(&desk.imported("extended").await));
        let extended = after!(desk.head(), decide_extension, asks::grant(&extended));
        let withdrawn = after!(desk.clerk(), withdraw_petition, asks::withdraw(&desk.imported("withdrawn").await));
        let voided = after!(desk.head(), void_petition, asks::void(&desk.imported("voided").await));
        let position = desk.position().await;
        for petition in [asked, extended, withdrawn, voided] {
            let reference = references.iter().find(|reference| **reference == petition.external_ref).unwrap();
            let mut filled = row(reference, "土地");
            let (concluded, conclusion) = (petition.concluded_on.clone(), petition.conclusion.clone());
            (filled[7], filled[8]) = (&*concluded.leak(), &*conclusion.leak());
            let answer = desk.import(&columns, &[&filled]).await;
            assert_eq!((answer.advanced, answer.refused.len()), (0, 1), "{reference}");
            assert_eq!(answer.refused[0].column, "external_ref", "{:?}", answer.refused);
            let now = desk.imported(reference).await;
            assert_eq!((&now.etag, &now.reason, now.extension_days_requested, &now.handling),
                (&petition.etag, &petition.reason, petition.extension_days_requested, &petition.handling), "{reference}");
        }
        assert_eq!(desk.position().await, position);
        assert!(desk.differences().await.is_empty());
    }

    async fn an_imported_item_is_handled_like_any_other(location: Location) {
        let desk = Desk::open(&location).await;
        desk.import(&COLUMNS, &[&with(&[(6, "")])]).await;
        let accepted = after!(desk.clerk(), accept_petition, asks::accept(&desk.imported("A").await));
        assert_eq!((accepted.etag.as_str(), accepted.handling.unwrap().kpi_due.as_str()), ("2", "2026-05-01"));
        // The ledger tells the same acceptance afterwards, and fills more.
        let told = with(&[(6, "2026-03-02"), (7, "2026-03-02"), (8, "已答复")]);
        let answer = desk.import(&COLUMNS, &[&told]).await;
        assert_eq!(answer.advanced, 1, "{:?}", answer.refused);
        assert_eq!(desk.imported("A").await.state(), PetitionState::Answered);
        assert!(desk.differences().await.is_empty());
    }
}
