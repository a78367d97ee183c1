//! Many petitions over one stream or in one call: a verdict for each, in order.

use crate::{
    asks::{self, appeal},
    desk::{Desk, field},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::on_each_engine;
use tonic::Code;

/// Good and bad items in turn, among them a repetition and a reference that is taken.
fn items() -> Vec<pb::LogPetitionRequest> {
    let referenced = pb::NewPetition { external_ref: "E-1".into(), ..appeal() };
    let first = asks::log(referenced.clone());
    vec![
        first.clone(),
        asks::log(pb::NewPetition { channel: "fax".into(), person_count: -1, ..appeal() }),
        asks::log(appeal()),
        first,
        asks::log(referenced),
        pb::LogPetitionRequest { request_id: String::new(), ..asks::log(appeal()) },
        asks::log(pb::NewPetition { occurred_on: "2026-03-03".into(), ..appeal() }),
        pb::LogPetitionRequest { petition: None, ..asks::log(appeal()) },
        asks::log(appeal()),
    ]
}

fn check(items: &[pb::LogPetitionRequest], verdicts: &[pb::LogPetitionsResponse]) {
    assert_eq!(verdicts.len(), items.len());
    for (item, verdict) in items.iter().zip(verdicts) {
        assert_eq!(item.request_id, verdict.request_id);
        assert!(verdict.logged.is_some() != verdict.error.is_some());
    }
    let number = |i: usize| verdicts[i].logged.as_ref().unwrap().petition.as_ref().unwrap().number.clone();
    assert_eq!([number(0), number(2), number(8)], ["信访局-2026-000001", "信访局-2026-000002", "信访局-2026-000003"]);
    assert_eq!(verdicts[3].logged, verdicts[0].logged, "the same item again");
    let error = |i: usize| verdicts[i].error.clone().unwrap();
    let fields = |i: usize| error(i).fields.into_iter().map(|f| f.field).collect::<Vec<_>>();
    assert_eq!(fields(1), ["petition.channel", "petition.person_count"]);
    assert_eq!((error(1).code, error(1).reason.as_str()), (Code::InvalidArgument as i32, "INVALID_ARGUMENT"));
    assert_eq!((error(4).code, error(4).reason.as_str()), (Code::AlreadyExists as i32, "EXTERNAL_REF_EXISTS"));
    assert_eq!(fields(5), ["request_id"]);
    assert_eq!(fields(6), ["petition.occurred_on"]);
    assert_eq!(fields(7), ["petition"]);
}

on_each_engine! {
    async fn a_stream_answers_each_item_in_order(location: Location) {
        let desk = Desk::open(&location).await;
        let items = items();
        let messages: Vec<_> = items.iter().map(|item| pb::LogPetitionsRequest { item: Some(item.clone()) }).collect();
        let mut answers = desk.clerk().log_petitions(tokio_stream::iter(messages)).await.unwrap().into_inner();
        let mut verdicts = Vec::new();
        while let Some(verdict) = answers.message().await.unwrap() {
            verdicts.push(verdict);
        }
        check(&items, &verdicts);
        assert_eq!(desk.position().await, 3);

        let many: Vec<_> = (0..600).map(|_| pb::LogPetitionsRequest { item: Some(asks::log(appeal())) }).collect();
        let mut answers = desk.clerk().log_petitions(tokio_stream::iter(many)).await.unwrap().into_inner();
        for n in 4..604 {
            let logged = answers.message().await.unwrap().unwrap().logged.unwrap();
            assert_eq!(logged.petition.unwrap().number, format!("信访局-2026-{n:06}"), "numbered in the order of the items");
        }
    }

    async fn a_batch_is_the_stream_in_one_call(location: Location) {
        let desk = Desk::open(&location).await;
        let items = items();
        let request = pb::LogPetitionBatchRequest { items: items.clone() };
        let first = desk.clerk().log_petition_batch(request.clone()).await.unwrap().into_inner().results;
        check(&items, &first);
        let again = desk.clerk().log_petition_batch(request).await.unwrap().into_inner().results;
        assert_eq!(again, first, "a whole batch may be repeated");
        assert_eq!(desk.position().await, 3);
        for items in [Vec::new(), vec![asks::log(appeal()); 501]] {
            assert_eq!(field(desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await).0, "items");
        }
        let items: Vec<_> = (0..500).map(|_| asks::log(appeal())).collect();
        let full = desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap().into_inner().results;
        let numbers: Vec<_> = full.into_iter().map(|verdict| verdict.logged.unwrap().petition.unwrap().number).collect();
        assert_eq!(numbers, (4..504).map(|n| format!("信访局-2026-{n:06}")).collect::<Vec<_>>(), "numbered in the order of the items");
    }

    async fn a_message_without_an_item_spoils_nothing(location: Location) {
        let desk = Desk::open(&location).await;
        let good = || pb::LogPetitionsRequest { item: Some(asks::log(appeal())) };
        let messages = vec![good(), pb::LogPetitionsRequest { item: None }, good()];
        let mut answers = desk.clerk().log_petitions(tokio_stream::iter(messages)).await.unwrap().into_inner();
        let mut outcomes = Vec::new();
        while let Some(verdict) = answers.message().await.unwrap() {
            outcomes.push(verdict.logged.is_some());
        }
        assert_eq!(outcomes, [true, false, true]);
    }

    async fn each_item_is_answered_before_the_next_is_sent(location: Location) {
        let desk = Desk::open(&location).await;
        let (to, from) = tokio::sync::mpsc::channel(1);
        let stream = tokio_stream::wrappers::ReceiverStream::new(from);
        let mut answers = desk.clerk().log_petitions(stream).await.unwrap().into_inner();
        for n in 1..=3 {
            to.send(pb::LogPetitionsRequest { item: Some(asks::log(appeal())) }).await.unwrap();
            assert!(answers.message().await.unwrap().unwrap().logged.is_some());
            assert_eq!(desk.position().await, n, "durable when it is answered");
        }
        desk.draining.cancel();
        let end = loop {
            match answers.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("the end has to say why"),
                Err(status) => break crate::desk::fault(&status),
            }
        };
        assert_eq!((end.code, end.reason.as_str()), (Code::Unavailable, "DRAINING"));
    }
}
