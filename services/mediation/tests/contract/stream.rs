//! Batches of rows over one stream: an answer for each, in the order of the file.

use crate::{
    asks,
    desk::{Desk, fault},
};
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::Code;

const COLUMNS: [&str; 5] = ["external_ref", "applied_at", "dispute_type", "force", "division_code"];

on_each_engine! {
    async fn batches_are_answered_in_order(location: Location) {
        let desk = Desk::open(&location).await;
        let batches: Vec<_> = (0..6)
            .map(|n| {
                let references: Vec<String> = (0..50).map(|row| format!("R-{n}-{row}")).collect();
                let rows: Vec<[&str; 5]> = references.iter().map(|r| [r.as_str(), "2026-01-05", "T02", "people", "320831"]).collect();
                asks::rows(&COLUMNS, &rows.iter().map(|row| row.as_slice()).collect::<Vec<_>>())
            })
            .collect();
        let mut answers = desk.coordinator().import_cases(tokio_stream::iter(batches)).await.unwrap().into_inner();
        let mut position = 0;
        for _ in 0..6 {
            let answer = answers.message().await.unwrap().unwrap();
            assert_eq!((answer.rows, answer.imported), (50, 50));
            assert!(answer.log_position >= position, "what is answered is durable");
            position = answer.log_position;
        }
        assert_eq!(answers.message().await.unwrap(), None);
        assert_eq!(desk.imported("R-5-49").await.facts.unwrap().number, "矛调中心-C-2026-000300");
        assert!(desk.differences().await.is_empty());
    }

    async fn a_stream_ends_with_the_server(location: Location) {
        let desk = Desk::open(&location).await;
        let (to, from) = tokio::sync::mpsc::channel(1);
        let stream = tokio_stream::wrappers::ReceiverStream::new(from);
        let mut answers = desk.coordinator().import_cases(stream).await.unwrap().into_inner();
        to.send(asks::rows(&COLUMNS, &[&["R", "2026-01-05", "T02", "people", "320831"]])).await.unwrap();
        assert_eq!(answers.message().await.unwrap().unwrap().imported, 1);
        desk.draining.cancel();
        let end = loop {
            match answers.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the end has to say why"),
                Err(status) => break fault(&status),
            }
        };
        assert_eq!((end.code, end.reason.as_str()), (Code::Unavailable, "DRAINING"));
    }
}
