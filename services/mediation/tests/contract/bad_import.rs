//! Bad input into the import calls: what is wrong with a whole batch. Wrong cells are in `import_cells.rs`.

use crate::{
    asks,
    bad_input::{Spoil, Table},
    desk::Desk,
};
use fengqiao_proto::mediation::v1 as pb;
use tonic::Response;

const COLUMNS: [&str; 5] = ["external_ref", "applied_at", "dispute_type", "force", "division_code"];

const BATCH: &[Spoil<pb::ImportCasesRequest>] = &[
    ("no request id", |b| b.request_id = String::new()),
    ("malformed request id", |b| b.request_id = "1".into()),
    ("over-long ledger", |b| b.ledger = "字".repeat(65)),
    ("control character in ledger", |b| b.ledger = "a\0".into()),
    ("no columns", |b| b.columns.clear()),
    ("unknown column", |b| b.columns.push("colour".into())),
    ("column in Chinese", |b| b.columns.push("纠纷类型".into())),
    ("column twice", |b| b.columns.push("external_ref".into())),
    ("mandatory column missing", |b| b.columns.truncate(4)),
    ("too many rows", |b| b.rows = vec![b.rows[0].clone(); 2_001]),
    ("everything at once", |b| *b = pb::ImportCasesRequest::default()),
];

pub async fn all(table: &mut Table<'_>, desk: &Desk) {
    let good = || asks::rows(&COLUMNS, &[&["BAD-1", "2026-01-05", "T02", "people", "320831"]]);
    let in_one_call = |batch| pb::ImportCaseBatchRequest { batch };
    for (what, spoil) in BATCH {
        let mut batch = good();
        spoil(&mut batch);
        table.note("ImportCaseBatch", what, desk.coordinator().import_case_batch(in_one_call(Some(batch))).await).await;
    }
    table.note("ImportCaseBatch", "no batch", desk.coordinator().import_case_batch(in_one_call(None)).await).await;
    let may_not = desk.window().import_case_batch(in_one_call(Some(good()))).await;
    table.note("ImportCaseBatch", "role that may not", may_not).await;
    for (what, spoil) in BATCH {
        let mut batch = good();
        spoil(&mut batch);
        let mut answers = desk.coordinator().import_cases(tokio_stream::iter(vec![batch])).await.unwrap().into_inner();
        table.note("ImportCases", what, answers.message().await.map(Response::new)).await;
    }
    let may_not = desk.window().import_cases(tokio_stream::iter(vec![good()])).await;
    table.note("ImportCases", "role that may not", may_not.map(|_| Response::new(()))).await;
    let first = good();
    desk.coordinator().import_case_batch(in_one_call(Some(first.clone()))).await.unwrap();
    table.catch_up().await;
    let mut other = first.clone();
    other.rows[0].cells[1] = "2026-01-06".into();
    let reused = desk.coordinator().import_case_batch(in_one_call(Some(other.clone()))).await;
    table.note("ImportCaseBatch", "request id reused with other content", reused).await;
    let mut answers = desk.coordinator().import_cases(tokio_stream::iter(vec![other])).await.unwrap().into_inner();
    table.note("ImportCases", "request id reused with other content", answers.message().await.map(Response::new)).await;
    // The same batch again says of its rows that they are there.
    let again = desk.coordinator().import_case_batch(in_one_call(Some(first))).await.unwrap().into_inner();
    assert_eq!(again.result.map(|result| result.already), Some(1));
}
